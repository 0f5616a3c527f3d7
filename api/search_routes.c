/* SPDX-License-Identifier: Apache-2.0 */
/* Looking for things: by words and facets, while typing, by a semantic id that they use. */
#include <stdlib.h>
#include <string.h>

#include "api/context.h"
#include "api/handlers.h"
#include "api/hits.h"
#include "api/reply.h"
#include "api/support.h"
#include "templates/identity.h"

enum { DEFAULT_HITS = 20, DEFAULT_SUGGESTIONS = 10, LANGUAGE_LONGEST = 16 };

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

/* ------------------------------------------------------------------ words and facets */

/* The first language of an Accept-Language header, NULL without one. */
static const char *first_language(struct api_request *request)
{
    const char *header = api_request_header(request, "Accept-Language");
    size_t len = header == NULL ? 0 : strcspn(header, ",; ");
    bool said = len > 1 && len <= LANGUAGE_LONGEST && header[0] != '*';
    return said ? arena_copy(&request->arena, header, len) : NULL;
}

static enum err_code read_sort(
    const struct api_request *request, enum registry_sort *sort, struct err *err)
{
    const char *text = NULL;
    enum err_code code = parameter_text(request, "sort", &text, err);
    if (code != ERR_OK || text == NULL || hits_read_sort(text, sort)) {
        return code;
    }
    return err_set(
        err, ERR_BAD_INPUT, "sort is relevance, name, date or uses, not \"%.100s\"", text);
}

static enum err_code read_query(
    struct api_request *request, struct registry_query *query, struct err *err)
{
    uint64_t after;
    enum err_code code = parameter_text(request, "q", &query->words, err);
    for (unsigned i = 0; i < FACET_COUNT && code == ERR_OK; i++) {
        code = parameter_text(
            request, registry_facet_name((enum registry_facet)i), &query->facets[i], err);
    }
    if (code == ERR_OK) {
        code = parameter_bool(request, "newest", &query->newest_only, err);
    }
    if (code == ERR_OK) {
        code = parameter_bool(request, "facets", &query->with_facets, err);
    }
    if (code == ERR_OK) {
        code = read_sort(request, &query->sort, err);
    }
    if (code == ERR_OK) {
        code = parameter_limit(request, DEFAULT_HITS, &query->limit, err);
    }
    if (code == ERR_OK) {
        code = parameter_cursor(request, &after, err);
        query->offset = (size_t)after;
    }
    query->language = first_language(request);
    return code;
}

static enum err_code answer_search(struct api_request *request, struct api_response *response,
    bool templates_only, struct err *err)
{
    struct registry_query query = {.templates_only = templates_only, .with_facets = true};
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
    if (code == ERR_OK && query.sort == REGISTRY_BY_RELEVANCE) {
        code = order_hits(&request->arena, &result, err);
    }
    if (code == ERR_OK) {
        struct buf *buf = &response->body;
        reply_ok(response, "application/json");
        hits_write_head(buf, &result, query.with_facets);
        buf_add_text(buf, ",\"result\":[");
        for (size_t i = 0; i < result.count; i++) {
            buf_add_text(buf, i > 0 ? "," : "");
            hits_write(buf, &request->arena, &result, &result.hits[i]);
        }
        size_t end = query.offset + result.count;
        page_end(buf, result.count > 0 && (end < result.total || result.more) ? end : 0);
    }
    registry_view_end(&view);
    return code;
}

enum err_code handle_search(
    struct api_request *request, struct api_response *response, struct err *err)
{
    return answer_search(request, response, false, err);
}

enum err_code handle_templates_search(
    struct api_request *request, struct api_response *response, struct err *err)
{
    return answer_search(request, response, true, err);
}

/* ------------------------------------------------------------------ while typing */

enum err_code handle_suggestions(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct registry_query query = {.limit = 0};
    struct registry_view view;
    struct registry_suggestion *list = NULL;
    size_t count = 0;
    enum err_code code = accept_json(request, err);
    if (code == ERR_OK) {
        code = read_query(request, &query, err);
    }
    if (code == ERR_OK) {
        code = parameter_limit(request, DEFAULT_SUGGESTIONS, &query.limit, err);
    }
    if (code == ERR_OK) {
        code = registry_view_begin(request->context->registry, &view, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    query.with_facets = false;
    query.offset = 0;
    code = registry_suggest(&view, &request->arena, &query, &list, &count, err);
    registry_view_end(&view);
    if (code == ERR_OK) {
        reply_ok(response, "application/json");
        buf_add_text(&response->body, PAGE_BEGIN);
        for (size_t i = 0; i < count; i++) {
            bool first = true;
            buf_add_text(&response->body, i > 0 ? ",{" : "{");
            hits_member(&response->body, &first, "title", list[i].title);
            buf_add_text(&response->body, list[i].title_is_ours ? ",\"overlay\":true}" : "}");
        }
        page_end(&response->body, 0);
    }
    return code;
}

/* ------------------------------------------------------------------ who uses a semantic id */

static enum err_code read_id(
    struct api_request *request, const char **id, bool *any_version, struct err *err)
{
    const char *encoded = NULL;
    const char *mode = NULL;
    enum err_code code = parameter_text(request, "id", id, err);
    if (code == ERR_OK) {
        code = parameter_reference(request, "semanticId", &encoded, err);
    }
    if (code == ERR_OK) {
        code = parameter_text(request, "mode", &mode, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    if ((*id == NULL) == (encoded == NULL)) {
        err_set(err, ERR_BAD_INPUT, "exactly one of id and semanticId must say what to look for");
        err_rule(err, NULL, "Give id percent-encoded as it is, or semanticId as base64url.");
        return ERR_BAD_INPUT;
    }
    *any_version = mode != NULL && strcmp(mode, "ignore-version") == 0;
    if (mode != NULL && !*any_version && strcmp(mode, "exact") != 0) {
        return err_set(
            err, ERR_BAD_INPUT, "mode is exact or ignore-version here, not \"%.100s\"", mode);
    }
    *id = *id == NULL ? encoded : *id;
    return ERR_OK;
}

enum err_code handle_semantic_id_lookup(
    struct api_request *request, struct api_response *response, struct err *err)
{
    const char *id = NULL;
    bool any_version = false;
    size_t limit = 0;
    uint64_t after = 0;
    struct registry_view view;
    struct registry_users users;
    enum err_code code = accept_json(request, err);
    if (code == ERR_OK) {
        code = read_id(request, &id, &any_version, err);
    }
    if (code == ERR_OK) {
        code = parameter_limit(request, DEFAULT_HITS, &limit, err);
    }
    if (code == ERR_OK) {
        code = parameter_cursor(request, &after, err);
    }
    if (code == ERR_OK) {
        code = registry_view_begin(request->context->registry, &view, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    code = registry_uses(&view, &request->arena, id, any_version, after, limit, &users, err);
    registry_view_end(&view);
    if (code == ERR_OK) {
        reply_ok(response, "application/json");
        buf_add_text(&response->body, PAGE_BEGIN);
        for (size_t i = 0; i < users.count; i++) {
            buf_add_text(&response->body, i > 0 ? "," : "");
            hits_write_user(&response->body, &users.users[i]);
        }
        page_end(&response->body, users.next);
    }
    return code;
}
