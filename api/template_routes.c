/* SPDX-License-Identifier: Apache-2.0 */
/* Template families and their versions: search, one family, one version as a whole environment. */
#include "api/handlers.h"

#include <stdlib.h>
#include <string.h>

#include "aas/xml.h"
#include "api/context.h"
#include "api/reply.h"
#include "api/support.h"
#include "templates/identity.h"

enum { DEFAULT_HITS = 20 };

static void add_text(struct buf *buf, const char *name, const char *text)
{
    if (text != NULL && text[0] != '\0') {
        support_member(buf, false, name, text);
    }
}

static void add_hit(struct buf *buf, const struct registry_hit *hit)
{
    buf_printf(buf, "{\"score\":%.4f", hit->score);
    if (hit->is_template) {
        add_text(buf, "family", hit->family);
        add_text(buf, "version", hit->label);
    } else {
        support_member(buf, false, "modelType", registry_class(hit->kind)->name);
        add_text(buf, "id", hit->id);
    }
    add_text(buf, "title", hit->title);
    add_text(buf, "description", hit->description);
    add_text(buf, "state", hit->state);
    buf_add_char(buf, '}');
}

/* ------------------------------------------------------------------ order of equal hits */

/* Scores that read the same in the answer. */
static bool same_score(const struct registry_hit *a, const struct registry_hit *b)
{
    return a->score - b->score < 0.00005;
}

static int compare_place(const void *left, const void *right)
{
    const struct registry_hit *const *a = left;
    const struct registry_hit *const *b = right;
    int order = strcmp((*a)->family, (*b)->family);
    return order != 0 ? order : (*a > *b) - (*a < *b);
}

static int compare_version(const void *left, const void *right)
{
    const struct registry_hit *a = left;
    const struct registry_hit *b = right;
    int order = strcmp(a->family, b->family);
    return order != 0 ? order : template_label_compare(b->label, a->label);
}

/* Versions of one family with the same score are told newest first; the places that the family has
 * among the others stay. `places` and `sorted` have room for all of them. */
static void order_run(struct registry_hit *hits, size_t count, struct registry_hit **places,
    struct registry_hit *sorted)
{
    memcpy(sorted, hits, count * sizeof *sorted);
    for (size_t i = 0; i < count; i++) {
        places[i] = &hits[i];
    }
    qsort(places, count, sizeof *places, compare_place);
    qsort(sorted, count, sizeof *sorted, compare_version);
    for (size_t i = 0; i < count; i++) {
        *places[i] = sorted[i];
    }
}

static enum err_code order_hits(
    struct arena *arena, struct registry_result *result, struct err *err)
{
    struct registry_hit **places = arena_alloc(arena, (result->count + 1) * sizeof *places);
    struct registry_hit *sorted = arena_alloc(arena, (result->count + 1) * sizeof *sorted);
    if (places == NULL || sorted == NULL) {
        return support_full(err);
    }
    for (size_t from = 0, to; from < result->count; from = to) {
        struct registry_hit *run = &result->hits[from];
        for (to = from + 1; to < result->count && same_score(run, &result->hits[to]); to++) {
        }
        if (to - from > 1) {
            order_run(run, to - from, places, sorted);
        }
    }
    return ERR_OK;
}

/* ------------------------------------------------------------------ search */

static void add_facets(struct buf *buf, const struct registry_result *result)
{
    buf_add_text(buf, ",\"facets\":{");
    bool any = false;
    for (unsigned facet = 0; facet < FACET_COUNT; facet++) {
        bool first = true;
        for (size_t i = 0; i < result->facet_count; i++) {
            const struct registry_facet_count *count = &result->facets[i];
            if ((unsigned)count->facet != facet) {
                continue;
            }
            if (first) {
                buf_printf(buf, "%s\"%s\":[", any ? "," : "", registry_facet_name(count->facet));
            }
            buf_printf(buf, "%s{", first ? "" : ",");
            support_member(buf, true, "value", count->value);
            buf_printf(buf, ",\"count\":%zu}", count->count);
            any = true;
            first = false;
        }
        if (!first) {
            buf_add_char(buf, ']');
        }
    }
    buf_add_char(buf, '}');
}

static enum err_code read_query(
    struct api_request *request, struct registry_query *query, struct err *err)
{
    uint64_t after;
    *query = (struct registry_query){.templates_only = true, .with_facets = true};
    enum err_code code = parameter_text(request, "q", &query->words, err);
    for (unsigned i = 0; i < FACET_COUNT && code == ERR_OK; i++) {
        code = parameter_text(
            request, registry_facet_name((enum registry_facet)i), &query->facets[i], err);
    }
    if (code == ERR_OK) {
        code = parameter_bool(request, "newest", &query->newest_only, err);
    }
    if (code == ERR_OK) {
        code = parameter_limit(request, DEFAULT_HITS, &query->limit, err);
    }
    if (code == ERR_OK) {
        code = parameter_cursor(request, &after, err);
        query->offset = (size_t)after;
    }
    return code;
}

enum err_code handle_templates_search(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct registry_query query;
    struct registry_view view;
    struct registry_result result;
    enum err_code code = accept_json(request, err);
    if (code == ERR_OK) {
        code = read_query(request, &query, err);
    }
    if (code == ERR_OK) {
        code = registry_view_begin(request->context->registry, &view, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    code = registry_search(&view, &request->arena, &query, &result, err);
    if (code == ERR_OK) {
        code = order_hits(&request->arena, &result, err);
    }
    if (code == ERR_OK) {
        struct buf *buf = &response->body;
        reply_ok(response, "application/json");
        buf_printf(buf, "{\"total\":%zu", result.total);
        add_facets(buf, &result);
        buf_add_text(buf, ",\"result\":[");
        for (size_t i = 0; i < result.count; i++) {
            if (i > 0) {
                buf_add_char(buf, ',');
            }
            add_hit(buf, &result.hits[i]);
        }
        size_t end = query.offset + result.count;
        page_end(buf, result.count > 0 && end < result.total ? end : 0);
    }
    registry_view_end(&view);
    return code;
}

static void add_version(struct buf *buf, const struct registry_version *version)
{
    buf_add_char(buf, '{');
    support_member(buf, true, "version", version->label);
    support_member(buf, false, "state", template_state_text(version->state));
    add_text(buf, "title", version->title);
    add_text(buf, "publisher", version->publisher);
    add_text(buf, "submodelId", version->submodel_id);
    add_text(buf, "semanticId", version->semantic_id);
    add_text(buf, "source", version->source);
    buf_add_text(buf, ",\"created\":");
    support_time(buf, version->created_ms);
    buf_printf(buf, ",\"errors\":%u,\"warnings\":%u}", version->errors, version->warnings);
}

enum err_code handle_template_family(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct registry_view view;
    struct registry_family family;
    struct registry_version *versions;
    size_t count;
    enum err_code code = accept_json(request, err);
    if (code == ERR_OK) {
        code = registry_view_begin(request->context->registry, &view, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    code = registry_family(
        &view, &request->arena, request->captures[0].text, &family, &versions, &count, err);
    if (code == ERR_OK) {
        struct buf *buf = &response->body;
        reply_ok(response, "application/json");
        buf_add_char(buf, '{');
        support_member(buf, true, "family", family.family);
        add_text(buf, "title", family.title);
        add_text(buf, "latest", family.latest);
        buf_add_text(buf, ",\"versions\":[");
        for (size_t i = 0; i < count; i++) {
            if (i > 0) {
                buf_add_char(buf, ',');
            }
            add_version(buf, &versions[i]);
        }
        buf_add_text(buf, "]}");
    }
    registry_view_end(&view);
    return code;
}

static enum err_code send_version(struct api_request *request, struct api_response *response,
    const struct registry_version *version, const char *json, size_t len, enum api_media media,
    struct err *err)
{
    if (reply_etag(request, response, version->content, media == API_MEDIA_XML ? "-xml" : "")) {
        return ERR_OK;
    }
    if (media == API_MEDIA_JSON) {
        reply_ok(response, "application/json");
        buf_add(&response->body, json, len);
        return ERR_OK;
    }
    struct aas_node *root;
    enum err_code code =
        support_tree(request, json, len, meta_class(CLASS_Environment), &root, err);
    if (code == ERR_OK) {
        reply_ok(response, "application/xml");
        aas_xml_write(&response->body, root, META_V31, false);
    }
    return code;
}

enum err_code handle_template_version(
    struct api_request *request, struct api_response *response, struct err *err)
{
    enum api_media media;
    struct registry_view view;
    struct registry_version version;
    const char *json;
    size_t len;
    const char *label = request->captures[1].text;
    enum err_code code = accept_json_or_xml(request, &media, err);
    if (code == ERR_OK) {
        code = registry_view_begin(request->context->registry, &view, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    code = registry_version(&view, &request->arena, request->captures[0].text,
        strcmp(label, "latest") == 0 ? NULL : label, &version, &json, &len, err);
    if (code == ERR_OK) {
        code = send_version(request, response, &version, json, len, media, err);
    }
    registry_view_end(&view);
    return code;
}
