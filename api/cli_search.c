/* SPDX-License-Identifier: Apache-2.0 */
/* jig search: keyword and facet search on the command line. */
#include <string.h>

#include "api/cli.h"
#include "registry/registry.h"

enum { MOST_HITS = 10000, SEARCH_ARENA_ROOM = 256 * 1024 * 1024 };

static const char *kind_text(const struct registry_hit *hit)
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
    }
    return "";
}

static void member(struct buf *out, const char *name, const char *text)
{
    if (text != NULL && text[0] != '\0') {
        buf_printf(out, ",\"%s\":", name);
        buf_add_json_string(out, text, strlen(text));
    }
}

static void write_json(struct buf *out, const struct registry_result *result)
{
    buf_printf(out, "{\"total\":%zu,\"result\":[", result->total);
    for (size_t i = 0; i < result->count; i++) {
        const struct registry_hit *hit = &result->hits[i];
        buf_printf(out, "%s{\"kind\":\"%s\"", i > 0 ? "," : "", kind_text(hit));
        member(out, "family", hit->family);
        member(out, "version", hit->label);
        member(out, "id", hit->id);
        member(out, "title", hit->title);
        member(out, "description", hit->description);
        member(out, "state", hit->state);
        buf_printf(out, ",\"score\":%.3f}", hit->score);
    }
    buf_add_text(out, "],\"facets\":[");
    for (size_t i = 0; i < result->facet_count; i++) {
        const struct registry_facet_count *row = &result->facets[i];
        buf_printf(out, "%s{\"facet\":\"%s\"", i > 0 ? "," : "", registry_facet_name(row->facet));
        buf_add_text(out, ",\"value\":");
        buf_add_json_string(out, row->value, strlen(row->value));
        buf_printf(out, ",\"count\":%zu}", row->count);
    }
    buf_add_text(out, "]}\n");
}

static void write_text(struct buf *out, const struct registry_result *result)
{
    for (size_t i = 0; i < result->count; i++) {
        const struct registry_hit *hit = &result->hits[i];
        if (hit->is_template) {
            buf_printf(out, "%s@%s  %s  [%s]\n", hit->family, hit->label, hit->title, hit->state);
        } else {
            buf_printf(out, "%s  %s  [%s]\n", hit->id, hit->title, kind_text(hit));
        }
        if (hit->description != NULL && hit->description[0] != '\0') {
            buf_printf(out, "    %s\n", hit->description);
        }
    }
    buf_printf(out, "%zu of %zu hits\n", result->count, result->total);
    for (size_t i = 0; i < result->facet_count; i++) {
        const struct registry_facet_count *row = &result->facets[i];
        bool first = i == 0 || result->facets[i - 1].facet != row->facet;
        if (first) {
            buf_printf(out, "\n%s: ", registry_facet_name(row->facet));
        }
        buf_printf(out, "%s%s (%zu)", first ? "" : ", ", row->value, row->count);
    }
    if (result->facet_count > 0) {
        buf_add_char(out, '\n');
    }
}

static enum err_code search(const struct cli_values *values, const struct registry_query *query,
    enum cli_format format, struct err *err)
{
    struct registry *registry = NULL;
    const struct registry_options options = {
        .store = {.dir = values->store, .must_exist = true}, .without_library = true};
    enum err_code code = registry_open(&options, &registry, err);
    if (code != ERR_OK) {
        return code;
    }
    struct arena arena;
    struct registry_view view;
    struct registry_result result = {.count = 0};
    struct buf out;
    arena_init(&arena, SEARCH_ARENA_ROOM);
    buf_init(&out, CLI_OUTPUT_ROOM);
    code = registry_view_begin(registry, &view, err);
    if (code == ERR_OK) {
        code = registry_search(&view, &arena, query, &result, err);
        if (code == ERR_OK) {
            (format == CLI_JSON ? write_json : write_text)(&out, &result);
        }
        registry_view_end(&view);
    }
    fwrite(out.bytes, 1, out.len, stdout);
    buf_finish(&out);
    arena_finish(&arena);
    registry_close(registry);
    return code;
}

int cli_search(const struct cli_values *values)
{
    static const enum cli_format formats[] = {CLI_TEXT, CLI_JSON};
    enum cli_format format = CLI_TEXT;
    uint64_t limit = 20;
    if (!cli_format(values, formats, 2, CLI_TEXT, &format) ||
        (values->limit != NULL && !cli_number("--limit", values->limit, 1, MOST_HITS, &limit))) {
        return CLI_USAGE;
    }
    struct buf words;
    buf_init(&words, 64 * 1024);
    for (size_t i = 0; i < values->word_count; i++) {
        buf_printf(&words, "%s%s", i > 0 ? " " : "", values->words[i]);
    }
    const struct registry_query query = {.words = buf_text(&words),
        .facets = {[FACET_FAMILY] = values->family,
            [FACET_STATE] = values->state,
            [FACET_KIND] = values->kind,
            [FACET_LANGUAGE] = values->language,
            [FACET_PUBLISHER] = values->publisher,
            [FACET_STRUCTURE] = values->structure},
        .limit = (size_t)limit,
        .with_facets = values->facets};
    struct err err = {.code = ERR_OK};
    enum err_code code = search(values, &query, format, &err);
    buf_finish(&words);
    return code == ERR_OK ? CLI_OK : cli_fail("search", &err);
}
