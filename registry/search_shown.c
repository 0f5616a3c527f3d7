/* SPDX-License-Identifier: Apache-2.0 */
/* How hits are shown: titles in a language, words that were looked for, suggestions. */
#include <string.h>

#include "registry/curated.h"
#include "registry/search_query.h"

enum { SUGGESTED_NORMALLY = 10, SUGGESTED_MOST = 50, HITS_PER_SUGGESTION = 5, FIRST_PIECES = 16 };

/* ------------------------------------------------------------------ titles */

static bool same_language(const char *tag, const char *asked)
{
    size_t len = strcspn(asked, "-_");
    return len > 0 && strncasecmp(tag, asked, len) == 0 && (tag[len] == '\0' || tag[len] == '-');
}

/* The name that the thing itself has in a language; NULL when it has none. */
static const char *own_name(const struct search_record *record, const char *language)
{
    const char *names = record->names.bytes;
    for (size_t at = 0; at < record->names.len;) {
        const char *tag = names + at;
        const char *name = tag + strlen(tag) + 1;
        if (name >= names + record->names.len) {
            return NULL;
        }
        if (same_language(tag, language)) {
            return name;
        }
        at = (size_t)(name - names) + strlen(name) + 1;
    }
    return NULL;
}

/* What is said beside the content; false when there is nothing. */
static bool given_names(struct store_txn *txn, struct arena *arena,
    const struct search_record *record, const struct registry_hit *hit, struct curated_row *row)
{
    if (hit->is_template) {
        return curated_family(txn, arena, hit->family, row, NULL) == ERR_OK && row->name_count > 0;
    }
    const unsigned char *key = record->key.bytes;
    return record->key.len == 10 && key[0] == 'd' &&
           curated_model(txn, arena, (enum registry_kind)key[1], key_number_at(record->key, 2), row,
               NULL) == ERR_OK &&
           row->name_count > 0;
}

/* In each language the thing's own name comes before one that was given to it; a name in English
 * comes before what the thing is called otherwise. */
void query_choose_title(struct store_txn *txn, struct arena *arena,
    const struct search_record *record, const char *language, struct registry_hit *hit)
{
    static const char fallback[] = "en";
    const char *const languages[] = {language != NULL ? language : fallback, fallback};
    const char *own = own_name(record, languages[0]);
    struct curated_row row;
    if (own != NULL) {
        hit->title = language != NULL ? arena_copy(arena, own, strlen(own)) : hit->title;
        return;
    }
    if (!given_names(txn, arena, record, hit, &row)) {
        return;
    }
    for (size_t i = 0; i < 2; i++) {
        if (i > 0 && own_name(record, languages[i]) != NULL) {
            return; /* it is shown already */
        }
        const char *given = curated_row_name(&row, languages[i]);
        if (given != NULL) {
            hit->title = given;
            hit->title_is_ours = true;
            return;
        }
    }
}

/* ------------------------------------------------------------------ highlights */

struct marking {
    struct arena *arena;
    const struct registry_result *result;
    struct registry_piece *pieces;
    size_t count;
    size_t room;
    bool hit; /* of the word being looked at */
    bool full;
};

static void add_piece(struct marking *to, const char *text, size_t len, bool sought)
{
    struct registry_piece *last = to->count > 0 ? &to->pieces[to->count - 1] : NULL;
    if (len == 0 || (last != NULL && last->sought == sought)) {
        if (len > 0) {
            last->len += len;
        }
        return;
    }
    if (to->count == to->room) {
        size_t room = to->room == 0 ? FIRST_PIECES : 2 * to->room;
        struct registry_piece *pieces = arena_alloc(to->arena, room * sizeof *pieces);
        if (pieces == NULL) {
            to->full = true;
            return;
        }
        if (to->count > 0) {
            memcpy(pieces, to->pieces, to->count * sizeof *pieces);
        }
        to->pieces = pieces;
        to->room = room;
    }
    to->pieces[to->count++] = (struct registry_piece){text, len, sought};
}

static void compare_term(void *context, const char *term, size_t len)
{
    struct marking *to = context;
    for (size_t i = 0; i < to->result->sought_count && !to->hit; i++) {
        const struct registry_sought *sought = &to->result->sought[i];
        bool fits = sought->how == SOUGHT_WORD ? sought->len == len : sought->len <= len;
        to->hit =
            sought->how != SOUGHT_SYLLABLES && fits && memcmp(sought->text, term, sought->len) == 0;
    }
}

/* The syllables that come first in a word, NULL when none of those looked for is in it. */
static const char *find_syllables(
    const struct marking *to, const char *word, size_t len, size_t *found_len)
{
    const char *first = NULL;
    for (size_t i = 0; i < to->result->sought_count; i++) {
        const struct registry_sought *sought = &to->result->sought[i];
        const char *at =
            sought->how == SOUGHT_SYLLABLES ? memmem(word, len, sought->text, sought->len) : NULL;
        if (at != NULL && (first == NULL || at < first)) {
            first = at;
            *found_len = sought->len;
        }
    }
    return first;
}

static void mark_word(struct marking *to, const char *word, size_t len)
{
    size_t found_len = 0;
    const char *found = find_syllables(to, word, len, &found_len);
    if (found != NULL) {
        add_piece(to, word, (size_t)(found - word), false);
        add_piece(to, found, found_len, true);
        size_t behind = (size_t)(found - word) + found_len;
        if (behind < len) {
            mark_word(to, word + behind, len - behind);
        }
        return;
    }
    const struct search_sink sink = {.term = compare_term, .context = to};
    to->hit = false;
    search_text_index(word, len, &sink);
    if (!to->hit) {
        search_text_words(word, len, &sink);
    }
    add_piece(to, word, len, to->hit);
}

static bool is_of_word(char c)
{
    unsigned char byte = (unsigned char)c;
    return byte >= 0x80 || (byte >= '0' && byte <= '9') ||
           ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z');
}

struct registry_piece *registry_highlight(
    struct arena *arena, const struct registry_result *result, const char *text, size_t *count)
{
    struct marking to = {.arena = arena, .result = result};
    size_t len = strlen(text);
    to.pieces = arena_alloc(arena, FIRST_PIECES * sizeof *to.pieces);
    to.room = to.pieces == NULL ? 0 : FIRST_PIECES;
    for (size_t at = 0; at < len && !to.full;) {
        size_t start = at;
        while (at < len && !is_of_word(text[at])) {
            at++;
        }
        add_piece(&to, text + start, at - start, false);
        start = at;
        while (at < len && is_of_word(text[at])) {
            at++;
        }
        if (at > start) {
            mark_word(&to, text + start, at - start);
        }
    }
    *count = to.full ? 0 : to.count;
    return to.full ? NULL : to.pieces;
}

/* ------------------------------------------------------------------ suggestions */

static bool is_new(const struct registry_suggestion *list, size_t count, const char *title)
{
    for (size_t i = 0; i < count; i++) {
        if (strcasecmp(list[i].title, title) == 0) {
            return false;
        }
    }
    return true;
}

static bool has_sought(struct arena *arena, const struct registry_result *result, const char *title)
{
    size_t count = 0;
    const struct registry_piece *pieces = registry_highlight(arena, result, title, &count);
    for (size_t i = 0; i < count; i++) {
        if (pieces[i].sought) {
            return true;
        }
    }
    return false;
}

/* Adds the titles that have something of what was typed, or those that have not: whoever types sees
 * his own letters first. */
static void suggest(struct arena *arena, const struct registry_result *result, bool with,
    size_t most, struct registry_suggestion *list, size_t *count)
{
    for (size_t i = 0; i < result->count && *count < most; i++) {
        const struct registry_hit *hit = &result->hits[i];
        if (is_new(list, *count, hit->title) && has_sought(arena, result, hit->title) == with) {
            list[(*count)++] = (struct registry_suggestion){hit->title, hit->title_is_ours};
        }
    }
}

enum err_code registry_suggest(struct registry_view *view, struct arena *arena,
    const struct registry_query *query, struct registry_suggestion **list, size_t *count,
    struct err *err)
{
    struct registry_result result;
    struct registry_query asked = *query;
    size_t most = query->limit == 0 ? SUGGESTED_NORMALLY : query->limit;
    const char *words = query->words == NULL ? "" : query->words;
    most = most > SUGGESTED_MOST ? SUGGESTED_MOST : most;
    size_t len = strlen(words);
    char *going_on = arena_alloc(arena, len + 2);
    struct registry_suggestion *made = arena_alloc(arena, most * sizeof *made);
    if (going_on == NULL || made == NULL) {
        return err_set(err, ERR_TOO_LARGE, "too little memory for suggestions");
    }
    memcpy(going_on, words, len);
    if (len > 0 && is_of_word(words[len - 1])) {
        going_on[len] = '*';
    }
    *count = 0;
    *list = made;
    if (len == 0) {
        return ERR_OK;
    }
    asked.words = going_on;
    asked.newest_only = true;
    asked.loose = true;
    asked.limit = most * HITS_PER_SUGGESTION;
    enum err_code code = registry_search(view, arena, &asked, &result, err);
    if (code == ERR_OK) {
        suggest(arena, &result, true, most, made, count);
        suggest(arena, &result, false, most, made, count);
    }
    return code;
}
