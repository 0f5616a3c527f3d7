/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keyword search over many templates: how fast they are indexed, how long queries take (p50, p99)
 * by number of words, with facets, filters, phrases, beginnings, on late pages, as suggestions, and
 * how much faster than looking through all texts.
 * Usage: bench_search [documents] [folder], default 100000 /tmp.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "registry/registry.h"
#include "registry/search_record.h"
#include "tests/support/corpus.h"

enum {
    VOCABULARY = 20000,
    SYLLABLES = 300, /* of which Korean words are made */
    WORDS = 60,      /* of one document */
    GROUP = 100,     /* documents per commit */
    QUERIES = 2000,
    SCANS = 9,
    WORD_ROOM = 24,
};

static uint64_t state = 88172645463325252u;

static unsigned next_random(unsigned below)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (unsigned)(state % below);
}

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void must(enum err_code code, const struct err *err)
{
    if (code != ERR_OK) {
        fprintf(stderr, "%s: %s\n", err_symbol(code), err->text);
        exit(1);
    }
}

/* Few words are frequent and many are rare. Every tenth one is Korean. */
static void make_word(char word[WORD_ROOM])
{
    double u = (next_random(1000000) + 1) / 1000001.0;
    unsigned rank = (unsigned)(pow(VOCABULARY, u)) - 1;
    if (rank % 10 != 3) {
        snprintf(word, WORD_ROOM, "word%c%c%c%c", 'a' + rank % 26, 'a' + rank / 26 % 26,
            'a' + rank / 676 % 26, 'a' + rank % 7);
        return;
    }
    size_t len = 0;
    for (unsigned i = 0; i < 4; i++) {
        unsigned code = 0xAC00 + (rank * (i + 7) * 31) % SYLLABLES;
        word[len++] = (char)(0xE0 | code >> 12);
        word[len++] = (char)(0x80 | (code >> 6 & 0x3F));
        word[len++] = (char)(0x80 | (code & 0x3F));
    }
    word[len] = '\0';
}

static const struct aas_node *make_submodel(struct arena *arena, unsigned number)
{
    struct aas_node *submodel = aas_node_new(arena, meta_class(CLASS_Submodel));
    struct aas_node *text = aas_node_new(arena, meta_class(CLASS_LangStringTextType));
    char id[64];
    char name[WORD_ROOM];
    struct buf words;
    buf_init(&words, 1 << 20);
    for (unsigned i = 0; i < WORDS; i++) {
        make_word(name);
        buf_printf(&words, "%s ", name);
    }
    snprintf(id, sizeof id, "https://a.example/smt/%u", number);
    const char *language = number % 3 == 0 ? "ko" : "en";
    (void)!aas_set_text(arena, submodel, PROP_id, id, strlen(id));
    (void)!aas_set_text(arena, submodel, PROP_idShort, name, strlen(name));
    (void)!aas_set_text(arena, text, PROP_text, words.bytes, words.len);
    (void)!aas_set_text(arena, text, PROP_language, language, 2);
    (void)!aas_set_list(arena, submodel, PROP_description, &text, 1);
    buf_finish(&words);
    return submodel;
}

struct group {
    struct search_entry entries[GROUP];
    unsigned first;
};

static enum err_code change_put(struct store_txn *txn, void *context, struct err *err)
{
    const struct group *group = context;
    enum err_code code = ERR_OK;
    for (unsigned i = 0; i < GROUP && code == ERR_OK; i++) {
        char key[64];
        int len = snprintf(key, sizeof key, "vfamily-%u", (group->first + i) / 4);
        key[len] = '\0';
        len += 1 + snprintf(key + len + 1, 16, "%u.0", (group->first + i) % 4);
        code = search_put(txn, key, (size_t)len, &group->entries[i], err);
    }
    return code;
}

static void fill(struct store *store, unsigned documents)
{
    struct group group;
    struct err err;
    double prepared = 0;
    double start = now_ms();
    for (group.first = 0; group.first < documents; group.first += GROUP) {
        struct arena arena;
        arena_init(&arena, SIZE_MAX);
        struct aas_node *environment = aas_node_new(&arena, meta_class(CLASS_Environment));
        double before = now_ms();
        for (unsigned i = 0; i < GROUP; i++) {
            char family[32];
            snprintf(family, sizeof family, "family-%u", (group.first + i) / 4);
            static const char *const machines[] = {"press", "robot", "furnace", "machine-tool"};
            static const char *const phases[] = {"engineering", "production", "operation"};
            const struct search_facet extra[] = {{FACET_FAMILY, family},
                {FACET_STATE, i % 5 ? "published" : "draft"}, {FACET_PUBLISHER, "IDTA"},
                {FACET_EQUIPMENT, machines[i % 4]}, {FACET_EQUIPMENT, "machine"},
                {FACET_PROCESS, i % 3 ? "machining" : "welding"}, {FACET_PHASE, phases[i % 3]},
                {FACET_CATEGORY, i % 2 ? "equipment" : "quality"},
                {FACET_DICTIONARY, i % 7 ? "ECLASS" : "IEC CDD"},
                {SEARCH_NEWEST, i % 4 == 3 ? "1" : ""}};
            must(search_prepare(&arena, make_submodel(&arena, group.first + i), environment, extra,
                     sizeof extra / sizeof *extra, &group.entries[i], &err),
                &err);
        }
        prepared += now_ms() - before;
        must(store_write(store, change_put, &group, &err), &err);
        arena_finish(&arena);
    }
    double total = now_ms() - start;
    printf("indexing %u documents: %.1f s, %.0f/s; in the transaction %.0f/s\n", documents,
        total / 1e3, documents / total * 1e3, documents / (total - prepared) * 1e3);
}

static int by_size(const void *a, const void *b)
{
    const double *left = a;
    const double *right = b;
    return (*left > *right) - (*left < *right);
}

struct measured {
    const char *what;
    unsigned terms;     /* 0: one to three in turn */
    const char *form;   /* of each word, for printf */
    const char *behind; /* the last word */
    bool facets;
    bool filtered;
    bool suggested;
    size_t offset;
};

static void make_words(const struct measured *row, unsigned turn, char *words)
{
    unsigned terms = row->terms == 0 ? turn % 3 + 1 : row->terms;
    words[0] = '\0';
    strcat(words, row->form[0] == '"' ? "\"" : "");
    for (unsigned k = 0; k < terms; k++) {
        char word[WORD_ROOM];
        make_word(word);
        strcat(strcat(words, k > 0 ? " " : ""), row->form[0] == '-' && k > 0 ? "-" : "");
        strcat(words, word);
    }
    if (row->behind != NULL && words[strlen(words) - 1] > 0) { /* begins like many others */
        words[strlen(words) - 2] = '\0';
        strcat(words, row->behind);
    }
    strcat(words, row->form[0] == '"' ? "\"" : "");
}

static size_t run_once(struct registry *registry, const struct measured *row, const char *words)
{
    struct arena arena;
    struct registry_view view;
    struct registry_result result = {.total = 0};
    struct registry_suggestion *list = NULL;
    size_t count = 0;
    struct err err;
    struct registry_query query = {
        .words = words, .with_facets = row->facets, .offset = row->offset};
    query.facets[FACET_EQUIPMENT] = row->filtered ? "Press" : NULL;
    query.facets[FACET_LANGUAGE] = row->filtered ? "ko" : NULL;
    arena_init(&arena, SIZE_MAX);
    must(registry_view_begin(registry, &view, &err), &err);
    must(row->suggested ? registry_suggest(&view, &arena, &query, &list, &count, &err)
                        : registry_search(&view, &arena, &query, &result, &err),
        &err);
    registry_view_end(&view);
    arena_finish(&arena);
    return row->suggested ? count : result.total;
}

static double measure(struct registry *registry, const struct measured *row)
{
    static double times[QUERIES];
    size_t found = 0;
    for (unsigned i = 0; i < QUERIES; i++) {
        char words[8 * WORD_ROOM];
        make_words(row, i, words);
        double start = now_ms();
        found += run_once(registry, row, words);
        times[i] = now_ms() - start;
    }
    qsort(times, QUERIES, sizeof *times, by_size);
    printf("%s: p50 %.3f ms, p99 %.2f ms, worst %.2f ms, %.0f hits on average\n", row->what,
        times[QUERIES / 2], times[QUERIES * 99 / 100], times[QUERIES - 1], (double)found / QUERIES);
    return times[QUERIES / 2];
}

static const struct measured rows[] = {
    {.what = "1-3 words", .form = ""},
    {.what = "1 word", .form = "", .terms = 1},
    {.what = "2 words", .form = "", .terms = 2},
    {.what = "3 words", .form = "", .terms = 3},
    {.what = "1-3 words with facets", .form = "", .facets = true},
    {.what = "1-3 words with filters", .form = "", .filtered = true},
    {.what = "1-3 words with filters and facets", .form = "", .filtered = true, .facets = true},
    {.what = "phrases of 2 words", .form = "\"", .terms = 2},
    {.what = "1 word without another", .form = "-", .terms = 2},
    {.what = "1 word, page at 10,000", .form = "", .terms = 1, .offset = 10000},
    {.what = "beginnings", .form = "", .terms = 1, .behind = "*"},
    {.what = "suggestions", .form = "", .terms = 1, .behind = "", .suggested = true},
};

/* What a search without an index would do: look for a word in every record. */
static double scan(struct store *store)
{
    double times[SCANS];
    for (unsigned i = 0; i < SCANS; i++) {
        struct store_txn txn;
        struct store_cursor cursor;
        struct err err;
        size_t found = 0;
        double start = now_ms();
        must(store_read(store, &txn, &err), &err);
        must(store_cursor_open(&txn, STORE_SEARCHED, &cursor), &err);
        for (bool more = store_cursor_seek(&cursor, "n", 1); more;
             more = store_cursor_next(&cursor)) {
            found += memmem(cursor.value.bytes, cursor.value.len, "wordab", 6) != NULL;
        }
        store_cursor_close(&cursor);
        store_end(&txn);
        times[i] = now_ms() - start;
        if (found == 0) {
            printf("the scan finds nothing\n");
        }
    }
    qsort(times, SCANS, sizeof *times, by_size);
    return times[SCANS / 2];
}

int main(int argc, char **argv)
{
    unsigned documents = argc > 1 ? (unsigned)atoi(argv[1]) : 100000;
    char *dir = scratch_new();
    const struct registry_options options = {
        .store = {.dir = argc > 2 ? argv[2] : dir}, .without_library = true};
    struct registry *registry = NULL;
    struct store_stats stats;
    struct err err;
    must(registry_open(&options, &registry, &err), &err);
    fill(registry_store(registry), documents - documents % GROUP);
    store_statistics(registry_store(registry), &stats);
    printf("store: %.0f MB\n", (double)stats.map_used_bytes / 1e6);
    double p50 = measure(registry, &rows[0]);
    for (size_t i = 1; i < sizeof rows / sizeof *rows; i++) {
        measure(registry, &rows[i]);
    }
    double scanned = scan(registry_store(registry));
    printf("scan: %.1f ms, %.0f times p50\n", scanned, scanned / p50);
    registry_close(registry);
    scratch_remove(dir);
    return 0;
}
