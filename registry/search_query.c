/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/families.h"
#include "registry/search_query.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "aas/path.h"

enum {
    DEFAULT_LIMIT = 20,
};

const char *registry_facet_name(enum registry_facet facet)
{
    static const char *const names[] = {
#define FACET_NAME(symbol, name) [symbol] = name,
        REGISTRY_FACETS(FACET_NAME)
#undef FACET_NAME
    };
    return (unsigned)facet < FACET_COUNT ? names[facet] : "";
}

static enum err_code read_query(
    struct query *query, const struct registry_query *asked, struct err *err)
{
    const char *words = asked->words == NULL ? "" : asked->words;
    size_t bad = 0;
    if (!aas_utf8_valid(words, strlen(words), &bad)) {
        return err_set(err, ERR_BAD_INPUT, "the words are not UTF-8 at byte %zu", bad);
    }
    enum err_code code = query_read_words(query, words);
    if (code != ERR_OK ||
        (query->words && query->with.source_count == 0 && query->without_count == 0)) {
        return code; /* only signs: nothing is found */
    }
    for (unsigned i = 0; i < FACET_COUNT; i++) {
        if (asked->facets[i] != NULL && asked->facets[i][0] != '\0') {
            query_add_facet(query, i, asked->facets[i]);
        }
    }
    if (asked->templates_only) {
        query_add_facet(query, FACET_KIND, "template");
    }
    if (asked->newest_only) {
        query_add_facet(query, SEARCH_NEWEST, "1");
    }
    return query->failed;
}

/* ------------------------------------------------------------------ hits */

static const char *text_in(struct arena *arena, const char *text)
{
    return arena_copy(arena, text, strlen(text));
}

/* "v", family, NUL, label */
static void read_version_key(
    struct arena *arena, const struct search_record *record, struct registry_hit *hit)
{
    const char *family = (const char *)record->key.bytes + 1;
    size_t len = record->key.len - 1;
    size_t family_len = strnlen(family, len);
    hit->is_template = true;
    hit->family = arena_copy(arena, family, family_len);
    hit->label =
        family_len < len ? arena_copy(arena, family + family_len + 1, len - family_len - 1) : "";
}

/* "d", kind, number */
static enum err_code read_document_key(struct registry_view *view, struct arena *arena,
    const struct search_record *record, struct registry_hit *hit, struct err *err)
{
    uint64_t number = key_number_at(record->key, 2);
    const struct registry_filter filter = {.after = number - 1, .limit = 1};
    struct registry_page page = {.count = 0};
    hit->kind = (enum registry_kind)((const unsigned char *)record->key.bytes)[1];
    enum err_code code = registry_list(view, arena, hit->kind, &filter, &page, err);
    if (code == ERR_OK && (page.count == 0 || page.documents[0].number != number)) {
        return err_set(err, ERR_STORE, "the search index knows a document that is not there");
    }
    if (code == ERR_OK) {
        hit->id = arena_copy(arena, page.documents[0].id, page.documents[0].id_len);
    }
    return code;
}

static void read_successor(
    struct registry_view *view, struct arena *arena, struct registry_hit *hit)
{
    struct version_record version;
    if (hit->family != NULL && hit->label != NULL && hit->state != NULL &&
        strcmp(hit->state, template_state_text(TEMPLATE_DEPRECATED)) == 0 &&
        version_find(&view->txn, hit->family, hit->label, &version) == ERR_OK) {
        hit->successor = text_in(arena, version.version.successor);
    }
}

static enum err_code read_hit(struct registry_view *view, struct arena *arena, uint64_t document,
    const char *language, struct registry_hit *hit, struct err *err)
{
    struct store_key key;
    struct store_bytes value;
    struct search_record record;
    key_search_number(&key, document);
    enum err_code code = store_get(&view->txn, STORE_SEARCHED, key.bytes, key.len, &value);
    if (code != ERR_OK || !search_record_read(value, document, &record) || record.key.len < 2) {
        return err_set(err, ERR_STORE, "the search index is damaged");
    }
    *hit = (struct registry_hit){.family = "", .label = "", .id = "", .state = "", .successor = ""};
    hit->uses = search_count_of(&view->txn, &record);
    hit->title = text_in(arena, record.title);
    hit->description = text_in(arena, record.description);
    struct search_facet facet;
    for (size_t at = 0; search_record_facet(&record, &at, &facet);) {
        if (facet.facet == FACET_STATE) {
            hit->state = text_in(arena, facet.value);
        }
    }
    if (*(const char *)record.key.bytes == 'v') {
        read_version_key(arena, &record, hit);
        read_successor(view, arena, hit);
    } else {
        code = read_document_key(view, arena, &record, hit, err);
    }
    query_choose_title(&view->txn, arena, &record, language, hit);
    bool full = hit->title == NULL || hit->description == NULL || hit->state == NULL ||
                hit->family == NULL || hit->label == NULL || hit->id == NULL ||
                hit->successor == NULL;
    return code == ERR_OK && full ? err_set(err, ERR_TOO_LARGE, "too many hits are asked for")
                                  : code;
}

enum err_code query_read_hit(struct registry_view *view, struct arena *arena, uint64_t document,
    struct registry_hit *hit, struct err *err)
{
    return read_hit(view, arena, document, NULL, hit, err);
}

enum err_code registry_version_hit(struct registry_view *view, struct arena *arena,
    const char *family, const char *label, const char *language, struct registry_hit *hit,
    struct err *err)
{
    struct store_key searched;
    struct store_key key;
    struct store_bytes value;
    key_version_searched(&searched, family, label);
    key_search_thing(&key, searched.bytes, searched.len);
    enum err_code code = store_get(&view->txn, STORE_SEARCHED, key.bytes, key.len, &value);
    if (code != ERR_OK || value.len != 8) {
        return err_set(err, code == ERR_OK ? ERR_STORE : code,
            "version %.100s of the template family %.200s is not searched", label, family);
    }
    return read_hit(view, arena, value_u64(value.bytes), language, hit, err);
}

static enum err_code read_hits(struct registry_view *view, const struct query *query, size_t offset,
    const char *language, struct registry_result *result, struct err *err)
{
    size_t count = query->best_count > offset ? query->best_count - offset : 0;
    result->hits = arena_alloc(query->arena, (count + 1) * sizeof *result->hits);
    if (result->hits == NULL) {
        return err_set(err, ERR_TOO_LARGE, "too many hits are asked for");
    }
    for (size_t i = 0; i < count; i++) {
        const struct ranked *ranked = &query->best[offset + i];
        enum err_code code =
            read_hit(view, query->arena, ranked->document, language, &result->hits[i], err);
        if (code != ERR_OK) {
            return code;
        }
        result->hits[i].score = ranked->score;
    }
    result->count = count;
    return ERR_OK;
}

/* ------------------------------------------------------------------ searching */

/* A bit for every search document there may be. */
static enum err_code make_found(struct query *query, struct err *err)
{
    uint64_t last = store_last_number(query->txn, SEARCH_COUNTER);
    query->found = arena_alloc(query->arena, (size_t)(last / 8 + 1));
    return query->found == NULL ? err_set(err, ERR_TOO_LARGE, "there is too much to be counted")
                                : ERR_OK;
}

static struct query *make_query(
    struct registry_view *view, struct arena *arena, const struct registry_query *asked)
{
    struct query *query = arena_alloc(arena, sizeof *query);
    if (query == NULL) {
        return NULL;
    }
    query->arena = arena;
    query->txn = &view->txn;
    query->sort = asked->sort;
    query->loose = asked->loose;
    query->numbers = store_last_number(query->txn, SEARCH_COUNTER) + 1;
    query->sought = arena_alloc(arena, SEARCH_MAX_SOUGHT * sizeof *query->sought);
    query->without = arena_alloc(arena, SEARCH_MAX_WITHOUT * sizeof *query->without);
    return query->sought == NULL || query->without == NULL ? NULL : query;
}

enum err_code query_search(struct registry_view *view, struct arena *arena,
    const struct registry_query *asked, struct registry_result *result, struct err *err)
{
    struct registry_result made = {.count = 0};
    size_t limit = asked->limit == 0 ? DEFAULT_LIMIT : asked->limit;
    if (asked->offset > SEARCH_MAX_WINDOW || limit > SEARCH_MAX_WINDOW - asked->offset) {
        return err_set(
            err, ERR_BAD_INPUT, "a search gives the first %d hits at most", (int)SEARCH_MAX_WINDOW);
    }
    struct query *query = make_query(view, arena, asked);
    if (query == NULL) {
        return err_set(err, ERR_TOO_LARGE, "too little memory for a search");
    }
    query->err = err;
    query->offset = asked->offset;
    query->window = asked->offset + limit;
    enum err_code code = read_query(query, asked, err);
    if (code == ERR_OK && asked->with_facets) {
        code = make_found(query, err);
    }
    if (code == ERR_OK) {
        code = query_match(query, err);
    }
    if (code == ERR_OK && query->total == 0 && query_correct(query)) {
        query->window = asked->offset + limit;
        code = query_match(query, err);
    }
    if (code == ERR_OK) {
        code = read_hits(view, query, asked->offset, asked->language, &made, err);
    }
    if (code == ERR_OK && asked->with_facets) {
        code = query_count_facets(query, &made, asked->language, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    made.total = (size_t)query->total;
    made.more = query->more;
    made.sought = query->sought;
    made.sought_count = query->sought_count;
    made.corrections = query->corrections;
    made.correction_count = made.total > 0 ? query->correction_count : 0;
    *result = made;
    return ERR_OK;
}

static bool is_state(const char *text)
{
    for (int state = TEMPLATE_DRAFT; state <= TEMPLATE_WITHDRAWN; state++) {
        if (strcasecmp(text, template_state_text((enum template_state)state)) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_kind(const char *text)
{
    static const char *const kinds[] = {"shell", "submodel", "concept description", "template"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcasecmp(text, kinds[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* Kinds and states are few and known; what nothing can have is a slip of the pen. */
static enum err_code check_facets(const struct registry_query *asked, struct err *err)
{
    const char *kind = asked->facets[FACET_KIND];
    const char *state = asked->facets[FACET_STATE];
    if (kind != NULL && !is_kind(kind)) {
        err_set(err, ERR_BAD_INPUT, "there is no kind \"%.100s\"", kind);
        err_rule(err, NULL, "Kinds are shell, submodel, concept description and template.");
        return ERR_BAD_INPUT;
    }
    if (state != NULL && !is_state(state)) {
        err_set(err, ERR_BAD_INPUT, "there is no state \"%.100s\"", state);
        err_rule(err, NULL, "States are draft, in review, published, deprecated and withdrawn.");
        return ERR_BAD_INPUT;
    }
    return ERR_OK;
}

enum err_code registry_search(struct registry_view *view, struct arena *arena,
    const struct registry_query *asked, struct registry_result *result, struct err *err)
{
    struct registry_result made = {.count = 0};
    enum err_code code = check_facets(asked, err);
    if (code == ERR_OK) {
        code = query_search(view, arena, asked, &made, err);
    }
    if (code == ERR_OK && made.total == 0) {
        code = query_search_parts(view, arena, asked, &made, err);
    }
    if (code == ERR_OK) {
        *result = made;
    }
    return code;
}
