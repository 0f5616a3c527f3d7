/* SPDX-License-Identifier: Apache-2.0 */
/* jig search: keyword and facet search on the command line. */
#include <string.h>

#include "api/cli.h"
#include "api/hits.h"
#include "registry/registry.h"

enum { MOST_HITS = 10000, SEARCH_ARENA_ROOM = 256 * 1024 * 1024 };

struct search_options {
    struct registry_query query;
    enum cli_format format;
    const char *semantic_id;
    bool any_version;
};

static void write_json(struct buf *out, struct arena *arena, const struct registry_result *result)
{
    hits_write_head(out, result, result->facets != NULL);
    buf_add_text(out, ",\"result\":[");
    for (size_t i = 0; i < result->count; i++) {
        buf_add_text(out, i > 0 ? "," : "");
        hits_write(out, arena, result, &result->hits[i]);
    }
    buf_add_text(out, "]}\n");
}

static void write_corrections(struct buf *out, const struct registry_result *result)
{
    for (size_t i = 0; i < result->correction_count; i++) {
        const struct registry_correction *correction = &result->corrections[i];
        buf_printf(out, "Nothing has \"%s\"; found instead:", correction->word);
        for (size_t k = 0; k < correction->instead_count; k++) {
            buf_printf(out, " %s", correction->instead[k]);
        }
        buf_add_char(out, '\n');
    }
}

static void write_text(struct buf *out, const struct registry_result *result)
{
    write_corrections(out, result);
    for (size_t i = 0; i < result->count; i++) {
        const struct registry_hit *hit = &result->hits[i];
        if (hit->is_template) {
            buf_printf(out, "%s@%s  %s%s  [%s]\n", hit->family, hit->label, hit->title,
                hits_mark(hit), hit->state);
        } else {
            buf_printf(
                out, "%s  %s%s  [%s]\n", hit->id, hit->title, hits_mark(hit), hits_kind(hit));
        }
        if (hit->description != NULL && hit->description[0] != '\0') {
            buf_printf(out, "    %s\n", hit->description);
        }
    }
    buf_printf(
        out, "%zu of %s%zu hits\n", result->count, result->more ? "more than " : "", result->total);
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

/* ------------------------------------------------------------------ who uses a semantic id */

static void write_users_text(struct buf *out, const struct registry_users *users)
{
    for (size_t i = 0; i < users->count; i++) {
        const struct registry_user *user = &users->users[i];
        const struct registry_hit *hit = &user->hit;
        if (hit->is_template) {
            buf_printf(out, "%s@%s", hit->family, hit->label);
        } else {
            buf_add_text(out, hit->id);
        }
        buf_printf(out, "  %s%s  [%s]\n", hit->title, hits_mark(hit), hits_kind(hit));
        for (size_t k = 0; k < user->use_count; k++) {
            const struct registry_use *use = &user->uses[k];
            bool inside = use->inside[0] != '\0';
            buf_printf(out, "    %s of %s %s  %s\n", use->role, use->model_type,
                inside ? use->inside : use->path, use->id);
        }
        if (user->use_total > user->use_count) {
            buf_printf(out, "    and %zu more\n", user->use_total - user->use_count);
        }
    }
}

/* Pages until there is nothing more or the limit is reached. */
static enum err_code look_up(struct registry_view *view, struct arena *arena,
    const struct search_options *asked, struct buf *out, struct err *err)
{
    struct registry_users users = {.count = 0};
    size_t left = asked->query.limit;
    bool json = asked->format == CLI_JSON;
    size_t given = 0;
    enum err_code code = ERR_OK;
    buf_add_text(out, json ? "{\"result\":[" : "");
    do {
        code = registry_uses(
            view, arena, asked->semantic_id, asked->any_version, users.next, left, &users, err);
        if (code != ERR_OK) {
            return code;
        }
        for (size_t i = 0; json && i < users.count; i++) {
            buf_add_text(out, given + i > 0 ? "," : "");
            hits_write_user(out, &users.users[i]);
        }
        if (!json) {
            write_users_text(out, &users);
        }
        given += users.count;
        left -= users.count;
    } while (users.next > 0 && left > 0);
    if (json) {
        buf_add_text(out, "]}\n");
    } else {
        buf_printf(
            out, "%zu things use it%s\n", given, users.next > 0 ? ", and there are more" : "");
    }
    return ERR_OK;
}

/* ------------------------------------------------------------------ the command */

static enum err_code answer(struct registry_view *view, struct arena *arena,
    const struct search_options *asked, struct buf *out, struct err *err)
{
    struct registry_result result = {.count = 0};
    if (asked->semantic_id != NULL) {
        return look_up(view, arena, asked, out, err);
    }
    enum err_code code = registry_search(view, arena, &asked->query, &result, err);
    if (code == ERR_OK && asked->format == CLI_JSON) {
        write_json(out, arena, &result);
    } else if (code == ERR_OK) {
        write_text(out, &result);
    }
    return code;
}

static enum err_code search(
    const struct cli_values *values, const struct search_options *asked, struct err *err)
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
    struct buf out;
    arena_init(&arena, SEARCH_ARENA_ROOM);
    buf_init(&out, CLI_OUTPUT_ROOM);
    code = registry_view_begin(registry, &view, err);
    if (code == ERR_OK) {
        code = answer(&view, &arena, asked, &out, err);
        registry_view_end(&view);
    }
    if (code == ERR_OK) {
        fwrite(out.bytes, 1, out.len, stdout);
    }
    buf_finish(&out);
    arena_finish(&arena);
    registry_close(registry);
    return code;
}

static bool read_mode(const char *mode, bool *any_version)
{
    *any_version = mode != NULL && strcmp(mode, "ignore-version") == 0;
    if (mode != NULL && !*any_version && strcmp(mode, "exact") != 0) {
        fprintf(stderr, "jig search: --mode is exact or ignore-version, not \"%s\"\n", mode);
        return false;
    }
    return true;
}

int cli_search(const struct cli_values *values)
{
    static const enum cli_format formats[] = {CLI_TEXT, CLI_JSON};
    struct search_options asked = {.semantic_id = values->semantic_id};
    uint64_t limit = 20;
    if (!cli_format(values, formats, 2, CLI_TEXT, &asked.format) ||
        !read_mode(values->mode, &asked.any_version) ||
        (values->limit != NULL && !cli_number("--limit", values->limit, 1, MOST_HITS, &limit))) {
        return CLI_USAGE;
    }
    enum registry_sort sort = REGISTRY_BY_RELEVANCE;
    if (values->sort != NULL && !hits_read_sort(values->sort, &sort)) {
        fprintf(stderr, "jig search: --sort is relevance, name, date or uses, not \"%s\"\n",
            values->sort);
        return CLI_USAGE;
    }
    struct buf words;
    buf_init(&words, 64 * 1024);
    for (size_t i = 0; i < values->word_count; i++) {
        buf_printf(&words, "%s%s", i > 0 ? " " : "", values->words[i]);
    }
    asked.query = (struct registry_query){.words = buf_text(&words),
        .facets = {[FACET_FAMILY] = values->family,
            [FACET_STATE] = values->state,
            [FACET_KIND] = values->kind,
            [FACET_LANGUAGE] = values->language,
            [FACET_PUBLISHER] = values->publisher,
            [FACET_STRUCTURE] = values->structure,
            [FACET_CATEGORY] = values->category,
            [FACET_EQUIPMENT] = values->equipment,
            [FACET_PROCESS] = values->process,
            [FACET_PHASE] = values->phase,
            [FACET_DICTIONARY] = values->dictionary},
        .limit = (size_t)limit,
        .sort = sort,
        .language = values->titles,
        .with_facets = values->facets};
    struct err err = {.code = ERR_OK};
    enum err_code code = search(values, &asked, &err);
    buf_finish(&words);
    return code == ERR_OK ? CLI_OK : cli_fail("search", &err);
}
