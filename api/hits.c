/* SPDX-License-Identifier: Apache-2.0 */
#include "api/hits.h"

#include <inttypes.h>
#include <string.h>

#include "templates/overlay.h"

bool hits_read_sort(const char *text, enum registry_sort *sort)
{
    static const char *const names[] = {"relevance", "name", "date", "uses"};
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(names[i], text) == 0) {
            *sort = (enum registry_sort)i;
            return true;
        }
    }
    return false;
}

const char *hits_kind(const struct registry_hit *hit)
{
    if (hit->is_template) {
        return "template";
    }
    switch (hit->kind) {
    case REGISTRY_SHELL:
        return "shell";
    case REGISTRY_SUBMODEL:
        return "submodel";
    case REGISTRY_CONCEPT_DESCRIPTION:
        return "concept description";
    default:
        return "";
    }
}

const char *hits_mark(const struct registry_hit *hit)
{
    return hit->title_is_ours ? " (given)" : "";
}

void hits_member(struct buf *buf, bool *first, const char *name, const char *text)
{
    if (text != NULL && text[0] != '\0') {
        buf_printf(buf, "%s\"%s\":", *first ? "" : ",", name);
        buf_add_json_string(buf, text, strlen(text));
        *first = false;
    }
}

static void write_use(struct buf *buf, const struct registry_use *use)
{
    bool first = true;
    buf_add_char(buf, '{');
    hits_member(buf, &first, "role", use->role);
    hits_member(buf, &first, "idShortPath", use->path);
    hits_member(buf, &first, "modelType", use->model_type);
    hits_member(buf, &first, "conceptDescription", use->inside);
    hits_member(buf, &first, "value", use->id);
    buf_add_char(buf, '}');
}

void hits_write_user(struct buf *buf, const struct registry_user *user)
{
    bool first = true;
    buf_add_char(buf, '{');
    hits_member(buf, &first, "kind", hits_kind(&user->hit));
    hits_member(buf, &first, "family", user->hit.family);
    hits_member(buf, &first, "version", user->hit.label);
    hits_member(buf, &first, "id", user->hit.id);
    hits_member(buf, &first, "title", user->hit.title);
    buf_add_text(buf, user->hit.title_is_ours ? ",\"titleFromOverlay\":true" : "");
    hits_member(buf, &first, "state", user->hit.state);
    buf_printf(buf, ",\"total\":%zu,\"uses\":[", user->use_total);
    for (size_t i = 0; i < user->use_count; i++) {
        buf_add_text(buf, i > 0 ? "," : "");
        write_use(buf, &user->uses[i]);
    }
    buf_add_text(buf, "]}");
}

/* ------------------------------------------------------------------ found by words */

static void write_corrections(struct buf *buf, const struct registry_result *result)
{
    buf_add_text(buf, ",\"corrections\":[");
    for (size_t i = 0; i < result->correction_count; i++) {
        const struct registry_correction *correction = &result->corrections[i];
        bool first = true;
        buf_add_text(buf, i > 0 ? ",{" : "{");
        hits_member(buf, &first, "word", correction->word);
        buf_add_text(buf, ",\"instead\":[");
        for (size_t k = 0; k < correction->instead_count; k++) {
            buf_add_text(buf, k > 0 ? "," : "");
            buf_add_json_string(buf, correction->instead[k], strlen(correction->instead[k]));
        }
        buf_add_text(buf, "]}");
    }
    buf_add_char(buf, ']');
}

static void write_facets(struct buf *buf, const struct registry_result *result)
{
    buf_add_text(buf, ",\"facets\":{");
    bool any = false;
    for (unsigned facet = 0; facet < FACET_COUNT; facet++) {
        bool first = true;
        for (size_t i = 0; i < result->facet_count; i++) {
            const struct registry_facet_count *row = &result->facets[i];
            bool first_member = true;
            if ((unsigned)row->facet != facet) {
                continue;
            }
            if (first) {
                buf_printf(buf, "%s\"%s\":[", any ? "," : "", registry_facet_name(row->facet));
            }
            buf_add_text(buf, first ? "{" : ",{");
            hits_member(buf, &first_member, "value", row->value);
            hits_member(buf, &first_member, "name", row->name);
            buf_printf(buf, ",\"count\":%zu}", row->count);
            any = true;
            first = false;
        }
        buf_add_text(buf, first ? "" : "]");
    }
    buf_add_char(buf, '}');
}

void hits_write_head(struct buf *buf, const struct registry_result *result, bool facets)
{
    buf_printf(buf, "{\"total\":%zu", result->total);
    buf_add_text(buf, result->more ? ",\"totalIsLowerBound\":true" : "");
    if (result->correction_count > 0) {
        write_corrections(buf, result);
    }
    if (facets) {
        write_facets(buf, result);
    }
}

static void write_pieces(struct buf *buf, struct arena *arena, const struct registry_result *result,
    bool *first, const char *name, const char *text)
{
    size_t count = 0;
    bool any = false;
    const struct registry_piece *pieces = registry_highlight(arena, result, text, &count);
    for (size_t i = 0; i < count; i++) {
        any |= pieces[i].sought;
    }
    if (!any) {
        return;
    }
    buf_printf(buf, "%s\"%s\":[", *first ? ",\"highlights\":{" : ",", name);
    for (size_t i = 0; i < count; i++) {
        buf_add_text(buf, i > 0 ? ",{\"text\":" : "{\"text\":");
        buf_add_json_string(buf, pieces[i].text, pieces[i].len);
        buf_add_text(buf, pieces[i].sought ? ",\"match\":true}" : "}");
    }
    buf_add_char(buf, ']');
    *first = false;
}

void hits_write(struct buf *buf, struct arena *arena, const struct registry_result *result,
    const struct registry_hit *hit)
{
    bool first = false;
    bool none = true;
    buf_printf(buf, "{\"score\":%.4f", hit->score);
    hits_member(buf, &first, "kind", hits_kind(hit));
    hits_member(buf, &first, "family", hit->family);
    hits_member(buf, &first, "version", hit->label);
    if (!hit->is_template) {
        hits_member(buf, &first, "modelType", registry_class(hit->kind)->name);
    }
    hits_member(buf, &first, "id", hit->id);
    hits_member(buf, &first, "title", hit->title);
    buf_add_text(buf, hit->title_is_ours ? ",\"titleFromOverlay\":true" : "");
    hits_member(buf, &first, "description", hit->description);
    hits_member(buf, &first, "state", hit->state);
    hits_member(buf, &first, "successor", hit->successor);
    if (hit->uses > 0) {
        buf_printf(buf, ",\"uses\":%" PRIu64, hit->uses);
    }
    write_pieces(buf, arena, result, &none, "title", hit->title);
    write_pieces(buf, arena, result, &none, "description", hit->description);
    buf_add_text(buf, none ? "}" : "}}");
}
