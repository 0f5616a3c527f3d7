/* SPDX-License-Identifier: Apache-2.0 */
/* What people write into a search field: words, "phrases", -without, begin*, field:word. */
#include <string.h>

#include "aas/path.h"
#include "registry/search_query.h"

enum { PHRASE_CEILING = 64 * 1024, MAX_TOKENS = SEARCH_MAX_TERMS };

enum err_code query_fail(
    struct query *query, enum err_code code, const char *sentence, const char *remedy)
{
    if (query->failed == ERR_OK) {
        query->failed = err_set(query->err, code, "%s", sentence);
        err_rule(query->err, NULL, remedy);
    }
    return query->failed;
}

static void too_many(struct query *query)
{
    (void)!query_fail(query, ERR_BAD_INPUT, "the search has more than 64 terms",
        "Search for fewer words at once.");
}
_Static_assert(SEARCH_MAX_TERMS == 64, "the sentence says so");

void query_seek(struct query *query, int how, const char *text, size_t len)
{
    const char *copy = arena_copy(query->arena, text, len);
    if (copy != NULL && query->sought_count < SEARCH_MAX_SOUGHT) {
        struct registry_sought *sought = &query->sought[query->sought_count++];
        sought->text = copy;
        sought->len = len;
        sought->how = (unsigned)how;
    }
}

/* Makes room for what a clause is made of. */
static bool open_clause(struct query *query, struct query_clause *clause)
{
    size_t room = SEARCH_MAX_TERMS + SEARCH_MAX_PHRASES;
    if (clause->sources == NULL) {
        clause->sources = arena_alloc(query->arena, room * sizeof *clause->sources);
        clause->checks = arena_alloc(query->arena, SEARCH_MAX_CHECKS * sizeof *clause->checks);
    }
    return clause->sources != NULL && clause->checks != NULL;
}

struct query_source *query_add_source(struct query *query, struct query_clause *clause,
    const char *term, size_t len, uint8_t fields, bool scored)
{
    for (size_t i = 0; i < clause->source_count; i++) {
        struct query_source *known = &clause->sources[i];
        if (known->len == len && known->fields == fields && known->all == NULL &&
            known->phrases == NULL && memcmp(known->term, term, len) == 0) {
            return known;
        }
    }
    const char *copy = arena_copy(query->arena, term, len);
    if (copy == NULL || !open_clause(query, clause) || query->term_count == SEARCH_MAX_TERMS) {
        too_many(query);
        return NULL;
    }
    query->term_count++;
    struct query_source *source = &clause->sources[clause->source_count++];
    *source = (struct query_source){.term = copy, .len = len, .fields = fields, .scored = scored};
    return source;
}

struct query_source *query_add_phrase(
    struct query *query, struct query_clause *clause, const unsigned char *units, size_t count)
{
    struct phrases *phrases = arena_alloc(query->arena, sizeof *phrases);
    if (phrases == NULL || clause->phrase_count == SEARCH_MAX_PHRASES ||
        !open_clause(query, clause)) {
        return NULL;
    }
    phrases->hash = phrases_hash(units, count);
    clause->phrase_count++;
    struct query_source *source = &clause->sources[clause->source_count++];
    *source = (struct query_source){.term = "", .fields = SEARCH_IN_ANY, .phrases = phrases};
    return source;
}

static struct query_check *add_check(struct query *query, struct query_clause *clause)
{
    if (clause->checks == NULL || clause->check_count == SEARCH_MAX_CHECKS) {
        too_many(query);
        return NULL;
    }
    struct query_check *check = &clause->checks[clause->check_count++];
    *check = (struct query_check){.run = NULL};
    return check;
}

/* ------------------------------------------------------------------ one word or phrase */

/* What is asked for between two blanks. */
struct piece {
    const char *text;
    size_t len;
    uint8_t fields;
    bool without;
    bool phrase;
    bool beginning;
};

struct token {
    const char *term;
    size_t len;
};

struct tokens {
    struct arena *arena;
    struct token list[MAX_TOKENS];
    size_t count;
    bool full;
};

static void take_token(void *context, const char *term, size_t len)
{
    struct tokens *tokens = context;
    const char *copy = arena_copy(tokens->arena, term, len);
    if (copy == NULL || tokens->count == MAX_TOKENS) {
        tokens->full = true;
        return;
    }
    tokens->list[tokens->count++] = (struct token){copy, len};
}

/* Runs of more than a pair of syllables have to stand there as a whole. */
static void add_runs(struct query *query, struct query_clause *clause, const struct piece *piece)
{
    struct buf runs;
    buf_init(&runs, PHRASE_CEILING);
    search_text_syllables(piece->text, piece->len, &runs);
    if (buf_failed(&runs)) {
        too_many(query);
    }
    for (size_t at = 0; at < runs.len && query->failed == ERR_OK;) {
        const char *run = runs.bytes + at;
        const char *end = memchr(run, ' ', runs.len - at);
        size_t len = end == NULL ? runs.len - at : (size_t)(end - run);
        at += len + 1;
        if (!piece->without) {
            query_seek(query, SOUGHT_SYLLABLES, run, len);
        }
        if (aas_utf8_length(run, len) < SEARCH_PHRASE) {
            continue;
        }
        struct query_check *check = add_check(query, clause);
        if (check != NULL) {
            check->run = arena_copy(query->arena, run, len);
            check->len = len;
            check->fields = piece->fields;
            query->failed = check->run == NULL ? ERR_NO_MEMORY : query->failed;
        }
    }
    buf_finish(&runs);
}

/* Documents are found by parts of a phrase. The whole of a short one says as much as looking for
 * its units, unless it has to stand in some attributes only. */
static void add_parts(
    struct query *query, struct query_clause *clause, struct query_check *check, size_t count)
{
    size_t len = count < PHRASES_MOST ? count : PHRASES_MOST;
    size_t last = count - len;
    size_t parts = last + 1 < SEARCH_PHRASE_PARTS ? last + 1 : SEARCH_PHRASE_PARTS;
    for (size_t i = 0; i < parts; i++) {
        size_t at = parts == 1 ? 0 : i * last / (parts - 1); /* evenly, the ends in any case */
        const struct query_source *source =
            query_add_phrase(query, clause, check->units + at * SEARCH_UNIT, len);
        if (source != NULL && len == count && check->fields == SEARCH_IN_ANY) {
            check->proof = source->phrases;
        }
    }
}

static void add_units(struct query *query, struct query_clause *clause, const struct piece *piece,
    const struct tokens *tokens)
{
    struct query_check *check = add_check(query, clause);
    unsigned char *units = arena_alloc(query->arena, tokens->count * SEARCH_UNIT);
    if (check == NULL || units == NULL) {
        too_many(query);
        return;
    }
    for (size_t i = 0; i < tokens->count; i++) {
        search_stream_unit(tokens->list[i].term, tokens->list[i].len, units + i * SEARCH_UNIT);
    }
    check->units = units;
    check->len = tokens->count * SEARCH_UNIT;
    check->fields = piece->fields;
    add_parts(query, clause, check, tokens->count);
}

/* Syllables and beyond stand for themselves: a pair is found inside of words anyway. */
static bool may_go_on(const struct token *word)
{
    return word->len > 0 && (unsigned char)word->term[0] < 0xE0;
}

static void add_beginning(struct query *query, struct query_clause *clause,
    const struct piece *piece, const struct token *term, const struct token *word)
{
    struct query_source *source =
        query_add_source(query, clause, word->term, word->len, piece->fields, true);
    if (source == NULL || source->all != NULL ||
        !source_unite_beginning(query, source, word->term, word->len)) {
        return;
    }
    if (term->len < word->len || memcmp(term->term, word->term, word->len) != 0) {
        (void)source_unite_term(query, source, term->term, term->len); /* "machine*": machin */
    }
    if (!piece->without) {
        query_seek(query, SOUGHT_BEGINNING, word->term, word->len);
    }
}

static void add_text(struct query *query, struct query_clause *clause, const struct piece *piece)
{
    struct tokens *terms = arena_alloc(query->arena, 2 * sizeof *terms);
    if (terms == NULL) {
        too_many(query);
        return;
    }
    struct tokens *words = terms + 1;
    terms->arena = words->arena = query->arena;
    const struct search_sink to_terms = {.term = take_token, .context = terms};
    const struct search_sink to_words = {.term = take_token, .context = words};
    search_text_query(piece->text, piece->len, &to_terms);
    search_text_words(piece->text, piece->len, &to_words);
    if (terms->full || words->full) {
        too_many(query);
    }
    for (size_t i = 0; i < terms->count && i < words->count && query->failed == ERR_OK; i++) {
        const struct token *term = &terms->list[i];
        const struct token *word = &words->list[i];
        if (piece->beginning && i + 1 == terms->count && may_go_on(word)) {
            add_beginning(query, clause, piece, term, word);
            continue;
        }
        struct query_source *source =
            query_add_source(query, clause, term->term, term->len, piece->fields, true);
        if (source != NULL && may_go_on(word)) {
            source->word = word->term;
        }
        if (!piece->without && may_go_on(word)) {
            query_seek(query, SOUGHT_WORD, term->term, term->len);
        }
    }
    if (terms->count > 0 && query->failed == ERR_OK) {
        add_runs(query, clause, piece);
    }
    if (piece->phrase && terms->count > 1 && query->failed == ERR_OK) {
        add_units(query, clause, piece, terms);
    }
}

static void add_id(struct query *query, struct query_clause *clause, const struct piece *piece)
{
    char term[SEARCH_TERM_MAX];
    size_t len = search_text_id(piece->text, piece->len, term);
    struct query_source *source = query_add_source(query, clause, term, len, piece->fields, true);
    if (source != NULL && piece->beginning) {
        (void)source_unite_beginning(query, source, term, len);
    }
}

static void add_piece(struct query *query, const struct piece *piece)
{
    struct query_clause *clause = &query->with;
    query->words = true;
    if (piece->without) {
        if (query->without_count == SEARCH_MAX_WITHOUT) {
            too_many(query);
            return;
        }
        clause = &query->without[query->without_count];
    }
    if (!piece->phrase && search_text_is_id(piece->text, piece->len)) {
        add_id(query, clause, piece);
    } else {
        add_text(query, clause, piece);
    }
    query->without_count += piece->without && clause->source_count > 0;
}

/* ------------------------------------------------------------------ taking apart */

static const struct {
    const char *name;
    uint8_t fields;
} fields[] = {{"name:", SEARCH_IN_NAME}, {"description:", SEARCH_IN_DESCRIPTION},
    {"idShort:", SEARCH_IN_ID_SHORT}, {"semanticId:", SEARCH_IN_SEMANTIC_ID}};

static size_t read_field(const char *text, uint8_t *field)
{
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        size_t len = strlen(fields[i].name);
        if (strncasecmp(text, fields[i].name, len) == 0 && text[len] != '\0' &&
            strchr(" \t\r\n", text[len]) == NULL) {
            *field = fields[i].fields;
            return len;
        }
    }
    return 0;
}

static const char *read_piece(const char *at, struct piece *piece)
{
    static const char blanks[] = " \t\r\n";
    *piece = (struct piece){.fields = SEARCH_IN_ANY};
    if (*at == '-' && at[1] != '\0' && strchr(blanks, at[1]) == NULL) {
        piece->without = true;
        at++;
    }
    at += read_field(at, &piece->fields);
    if (*at == '"') {
        piece->phrase = true;
        piece->text = ++at;
        piece->len = strcspn(at, "\"");
        at += piece->len;
        return *at == '"' ? at + 1 : at;
    }
    piece->text = at;
    piece->len = strcspn(at, blanks);
    at += piece->len;
    while (piece->len > 1 && piece->text[piece->len - 1] == '*') {
        piece->beginning = true;
        piece->len--;
    }
    return at;
}

enum err_code query_read_words(struct query *query, const char *words)
{
    words += strspn(words, " \t\r\n");
    while (*words != '\0' && query->failed == ERR_OK) {
        struct piece piece;
        words = read_piece(words, &piece);
        add_piece(query, &piece);
        words += strspn(words, " \t\r\n");
    }
    return query->failed;
}

void query_add_facet(struct query *query, unsigned facet, const char *value)
{
    char term[SEARCH_TERM_MAX];
    struct store_cursor cursor;
    size_t len = search_facet_term(facet, value, term);
    struct query_source *source =
        query_add_source(query, &query->with, term, len, SEARCH_IN_ANY, false);
    if (source == NULL || postings_frequency(query->txn, term, len) > 0 ||
        store_cursor_open(query->txn, STORE_TERMS, &cursor) != ERR_OK) {
        return;
    }
    for (bool more = store_cursor_seek(&cursor, term, 2);
         more && cursor.key.len >= 2 && memcmp(cursor.key.bytes, term, 2) == 0;
         more = store_cursor_next(&cursor)) {
        const char *other = cursor.key.bytes;
        if (cursor.key.len == len && strncasecmp(other, term, len) == 0) {
            (void)source_unite_term(query, source, other, len);
        }
    }
    store_cursor_close(&cursor);
}
