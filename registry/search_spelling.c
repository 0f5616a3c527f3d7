/* SPDX-License-Identifier: Apache-2.0 */
/* Words that are nowhere: those that are one letter more, less or other, or two exchanged, away. */
#include <string.h>

#include "registry/search_query.h"

enum {
    SHORTEST = 5, /* letters of a word that may be misspelled */
    LONGEST = 40,
    MOST_INSTEAD = 8, /* words tried in place of one */
};

struct correcting {
    struct query *query;
    struct query_source *source;
    struct registry_correction *correction;
};

static void keep_stem(void *context, const char *term, size_t len)
{
    struct buf *to = context;
    buf_clear(to);
    buf_add(to, term, len);
}

/* Takes a word when something is found by it. */
static void try_word(struct correcting *to, const char *word, size_t len, struct buf *stem)
{
    struct query *query = to->query;
    struct registry_correction *correction = to->correction;
    const struct search_sink sink = {.term = keep_stem, .context = stem};
    search_text_query(word, len, &sink);
    if (stem->len == 0 || correction->instead_count == MOST_INSTEAD ||
        postings_frequency(query->txn, stem->bytes, stem->len) == 0) {
        return;
    }
    const char *copy = arena_copy(query->arena, word, len);
    for (size_t i = 0; copy != NULL && i < correction->instead_count; i++) {
        if (strcmp(correction->instead[i], copy) == 0) {
            return;
        }
    }
    if (copy != NULL && source_unite_term(query, to->source, stem->bytes, stem->len)) {
        correction->instead[correction->instead_count++] = copy;
        query_seek(query, SOUGHT_WORD, stem->bytes, stem->len);
    }
}

static void try_neighbours(struct correcting *to, const char *word, size_t len, struct buf *stem)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
    char other[LONGEST + 2];
    for (size_t i = 0; i + 1 < len; i++) { /* exchanged */
        memcpy(other, word, len);
        other[i] = word[i + 1];
        other[i + 1] = word[i];
        try_word(to, other, len, stem);
    }
    for (size_t i = 0; i < len; i++) { /* one too many */
        memcpy(other, word, i);
        memcpy(other + i, word + i + 1, len - i - 1);
        try_word(to, other, len - 1, stem);
    }
    for (const char *letter = letters; *letter != '\0'; letter++) {
        for (size_t i = 0; i < len; i++) {
            memcpy(other, word, len);
            other[i] = *letter;
            try_word(to, other, len, stem);
        }
        for (size_t i = 0; i <= len; i++) { /* one missing */
            memcpy(other, word, i);
            other[i] = *letter;
            memcpy(other + i + 1, word + i, len - i);
            try_word(to, other, len + 1, stem);
        }
    }
}

static bool may_be_misspelled(const char *word, size_t len)
{
    size_t letters = 0;
    for (size_t i = 0; i < len; i++) {
        letters += word[i] >= 'a' && word[i] <= 'z';
    }
    return letters == len && len >= SHORTEST && len <= LONGEST;
}

static bool correct(struct query *query, struct query_source *source)
{
    struct registry_correction *correction = &query->corrections[query->correction_count];
    struct correcting to = {.query = query, .source = source, .correction = correction};
    size_t len = source->word == NULL ? 0 : strlen(source->word);
    if (!may_be_misspelled(source->word, len)) {
        return false;
    }
    correction->word = source->word;
    correction->instead = arena_alloc(query->arena, MOST_INSTEAD * sizeof *correction->instead);
    if (correction->instead == NULL) {
        return false;
    }
    struct buf stem;
    buf_init(&stem, SEARCH_TERM_MAX + 1);
    try_neighbours(&to, source->word, len, &stem);
    buf_finish(&stem);
    query->correction_count += correction->instead_count > 0;
    return correction->instead_count > 0;
}

bool query_correct(struct query *query)
{
    bool corrected = false;
    query->corrections =
        arena_alloc(query->arena, (SEARCH_MAX_TERMS + 1) * sizeof *query->corrections);
    for (size_t i = 0; query->corrections != NULL && i < query->with.source_count; i++) {
        struct query_source *source = &query->with.sources[i];
        if (source->frequency > 0) {
            continue;
        }
        if (!source->scored || source->all != NULL || !correct(query, source)) {
            return false;
        }
        corrected = true;
    }
    return corrected && query->failed == ERR_OK;
}
