/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Korean nouns behind each other are written with and without a blank. When nothing has such a run
 * as it was asked for, it is looked for in two parts; the parts that most things have are taken.
 */
#include <string.h>

#include "registry/search_query.h"

enum { SYLLABLE_BYTES = 3, LEAST_PART = 2 /* syllables */, MOST_TRIED = 16 };

/* One way to part a run of the words asked for. */
struct split {
    const char *run;
    size_t len;
    size_t at; /* bytes of the first part */
};

/* U+AC00 to U+D7A3, and what else begins with these bytes; the words are UTF-8. */
static bool is_hangul(const char *at)
{
    unsigned char first = (unsigned char)*at;
    return first >= 0xEA && first <= 0xED;
}

/* The next run that may be parted, from `at` on; what must not occur, or
 * somewhere, stays as it is. */
static bool next_run(const char *words, const char **at, size_t *len)
{
    const char *run = *at + *len;
    for (*len = 0; *run != '\0'; run += *len > 0 ? *len : 1) {
        *len = 0;
        while (is_hangul(run + *len)) {
            *len += SYLLABLE_BYTES;
        }
        const char *word = run;
        while (word > words && strchr(" \t\r\n", word[-1]) == NULL) {
            word--;
        }
        if (*len >= 2 * LEAST_PART * SYLLABLE_BYTES && *word != '-' &&
            memchr(word, ':', (size_t)(run - word)) == NULL) {
            *at = run;
            return true;
        }
    }
    return false;
}

static char *parted(struct arena *arena, const char *words, const struct split *split)
{
    size_t before = (size_t)(split->run - words) + split->at;
    return arena_printf(arena, "%.*s %s", (int)before, words, words + before);
}

/* The split by which most is found; `most` stays 0 when nothing is. */
static enum err_code find_split(struct registry_view *view, struct arena *arena,
    const struct registry_query *asked, struct split *best, size_t *most, struct err *err)
{
    struct split split = {.run = asked->words, .len = 0};
    struct registry_query one = *asked;
    size_t tried = 0;
    one.with_facets = false;
    one.offset = 0;
    one.limit = 1;
    while (next_run(asked->words, &split.run, &split.len)) {
        size_t end = split.len - LEAST_PART * SYLLABLE_BYTES;
        for (split.at = LEAST_PART * SYLLABLE_BYTES; split.at <= end && tried < MOST_TRIED;
             split.at += SYLLABLE_BYTES, tried++) {
            struct registry_result result;
            one.words = parted(arena, asked->words, &split);
            enum err_code code = one.words == NULL ? err_set(err, ERR_TOO_LARGE, "too many words")
                                                   : query_search(view, arena, &one, &result, err);
            if (code != ERR_OK) {
                return code;
            }
            if (result.total > *most) {
                *most = result.total;
                *best = split;
            }
        }
    }
    return ERR_OK;
}

static bool tell(struct arena *arena, const struct split *split, struct registry_result *result)
{
    struct registry_correction *correction = arena_alloc(arena, sizeof *correction);
    const char **instead = arena_alloc(arena, sizeof *instead);
    char *word = arena_copy(arena, split->run, split->len);
    char *parts = word == NULL
                      ? NULL
                      : arena_printf(arena, "%.*s %s", (int)split->at, word, word + split->at);
    if (correction == NULL || instead == NULL || parts == NULL) {
        return false;
    }
    instead[0] = parts;
    *correction =
        (struct registry_correction){.word = word, .instead = instead, .instead_count = 1};
    result->corrections = correction;
    result->correction_count = 1;
    return true;
}

enum err_code query_search_parts(struct registry_view *view, struct arena *arena,
    const struct registry_query *asked, struct registry_result *result, struct err *err)
{
    struct split split = {.run = NULL};
    struct registry_query again = *asked;
    size_t most = 0;
    if (asked->words == NULL || strchr(asked->words, '"') != NULL) {
        return ERR_OK;
    }
    enum err_code code = find_split(view, arena, asked, &split, &most, err);
    if (code != ERR_OK || most == 0) {
        return code;
    }
    again.words = parted(arena, asked->words, &split);
    if (again.words != NULL) {
        code = query_search(view, arena, &again, result, err);
    }
    if (again.words == NULL || (code == ERR_OK && !tell(arena, &split, result))) {
        return err_set(err, ERR_TOO_LARGE, "the query is too large");
    }
    return code;
}
