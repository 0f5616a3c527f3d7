/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keyword search over many templates: how fast they are indexed, how long queries take (p50, p99)
 * by number of words, with facets, filters, phrases, beginnings, on late pages, as suggestions, and
 * how much faster than looking through all texts.
 * Usage: bench_search [documents] [folder] [row], default 100000 and one that is removed; a folder
 * that was filled before is measured as it is, and a row by the beginning of its name.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "aas/json.h"
#include "registry/bench_data.h"
#include "registry/search_record.h"
#include "tests/support/corpus.h"

enum {
    GROUP = 100, /* documents per commit */
    QUERIES = 2000,
    SCANS = 9,
    WORDS_ROOM = 1000,
    SEED = 7,
};

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
        unsigned number = group->first + i;
        int len = snprintf(key, sizeof key, "vfamily-%u", number / BENCH_VERSIONS);
        key[len] = '\0';
        len += 1 + snprintf(key + len + 1, 16, "%u.0", number % BENCH_VERSIONS + 1);
        code = search_put(txn, key, (size_t)len, &group->entries[i], err);
    }
    return code;
}

/* What a template has that nobody but the registry says. */
static void prepare(struct arena *arena, unsigned number, const struct aas_node *environment,
    struct search_entry *entry)
{
    static const char *const machines[] = {"press", "robot", "furnace", "machine-tool"};
    static const char *const phases[] = {"engineering", "production", "operation"};
    char family[32];
    size_t count = 0;
    struct err err;
    struct aas_node **submodels = aas_list(environment, PROP_submodels, &count);
    snprintf(family, sizeof family, "family-%u", number / BENCH_VERSIONS);
    const struct search_facet extra[] = {{FACET_FAMILY, family},
        {FACET_STATE, number % 5 ? "published" : "draft"}, {FACET_PUBLISHER, "IDTA"},
        {FACET_EQUIPMENT, machines[number % 4]}, {FACET_EQUIPMENT, "machine"},
        {FACET_PROCESS, number % 3 ? "machining" : "welding"}, {FACET_PHASE, phases[number % 3]},
        {FACET_CATEGORY, number % 2 ? "equipment" : "quality"},
        {FACET_DICTIONARY, number % 7 ? "ECLASS" : "IEC CDD"},
        {SEARCH_NEWEST, number % BENCH_VERSIONS == BENCH_VERSIONS - 1 ? "1" : ""}};
    must(search_prepare(
             arena, submodels[0], environment, extra, sizeof extra / sizeof *extra, entry, &err),
        &err);
}

/* Reading what is made is not counted. */
static struct aas_node *make_template(struct arena *arena, unsigned number)
{
    struct buf json;
    struct err err;
    struct aas_node *root = NULL;
    buf_init(&json, 1 << 20);
    bench_data_template(&json, SEED, number);
    must(aas_json_read(
             arena, json.bytes, json.len, meta_class(CLASS_Environment), NULL, &root, &err),
        &err);
    buf_finish(&json);
    return root;
}

static void fill(struct store *store, unsigned documents)
{
    static struct group group;
    struct err err;
    double prepared = 0;
    double stored = 0;
    for (group.first = 0; group.first < documents; group.first += GROUP) {
        struct arena arena;
        struct aas_node *made[GROUP];
        arena_init(&arena, SIZE_MAX);
        for (unsigned i = 0; i < GROUP; i++) {
            made[i] = make_template(&arena, group.first + i);
        }
        double before = now_ms();
        for (unsigned i = 0; i < GROUP; i++) {
            prepare(&arena, group.first + i, made[i], &group.entries[i]);
        }
        double between = now_ms();
        must(store_write(store, change_put, &group, &err), &err);
        prepared += between - before;
        stored += now_ms() - between;
        arena_finish(&arena);
    }
    printf("indexing %u documents: %.1f s, %.0f/s; in the transaction %.0f/s\n", documents,
        (prepared + stored) / 1e3, documents / (prepared + stored) * 1e3, documents / stored * 1e3);
}

/* A folder that is named may hold the store of an earlier run. */
static bool is_filled(struct store *store)
{
    struct store_txn txn;
    struct search_totals totals;
    struct err err;
    must(store_read(store, &txn, &err), &err);
    search_totals_read(&txn, &totals);
    store_end(&txn);
    return totals.count > 0;
}

static int by_size(const void *a, const void *b)
{
    const double *left = a;
    const double *right = b;
    return (*left > *right) - (*left < *right);
}

enum asked_for { WORDS, PHRASE, BEGINNING, WITHOUT, MISSPELLED, NOTHING };

struct measured {
    const char *what;
    unsigned terms; /* 0: one to three in turn */
    enum asked_for form;
    bool facets;
    bool filtered;
    bool suggested;
    size_t offset;
    enum registry_sort sort;
};

/* Takes the last character away, unless it is the only one. */
static void cut_end(struct buf *words)
{
    size_t len = words->len - 1;
    while (len > 0 && ((unsigned char)words->bytes[len] & 0xC0) == 0x80) {
        len--;
    }
    words->len = len > 0 ? len : words->len;
}

static const char *make_words(const struct measured *row, unsigned turn, struct buf *words)
{
    enum bench_language language = (enum bench_language)(turn % BENCH_LANGUAGES);
    unsigned terms = row->terms == 0 ? turn / BENCH_LANGUAGES % 3 + 1 : row->terms;
    buf_clear(words);
    if (row->form == PHRASE) {
        buf_add_char(words, '"');
        bench_data_phrase(words, SEED, turn, language);
        buf_add_char(words, '"');
    } else if (row->form != NOTHING) {
        bench_data_words(words, SEED, turn, language, terms);
    }
    if (row->form == WITHOUT) {
        buf_add_text(words, " -");
        bench_data_words(words, SEED, turn + QUERIES, language, 1);
    } else if (row->form == BEGINNING) {
        cut_end(words);
        buf_add_char(words, '*');
    } else if (row->form == MISSPELLED) {
        char *last = words->bytes + words->len - 1;
        *last = *last == 'x' ? 'y' : *last > 0 ? 'x' : *last;
    }
    if (row->suggested) {
        cut_end(words);
    }
    return buf_text(words);
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
        .words = words, .with_facets = row->facets, .offset = row->offset, .sort = row->sort};
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
    struct buf words;
    buf_init(&words, WORDS_ROOM);
    for (unsigned i = 0; i < QUERIES; i++) {
        const char *asked = make_words(row, i, &words);
        double start = now_ms();
        found += run_once(registry, row, asked);
        times[i] = now_ms() - start;
        if (getenv("BENCH_SLOW") != NULL && times[i] > atof(getenv("BENCH_SLOW"))) {
            printf("    %.2f ms: %s\n", times[i], asked);
        }
    }
    buf_finish(&words);
    qsort(times, QUERIES, sizeof *times, by_size);
    printf("%s: p50 %.3f ms, p99 %.2f ms, worst %.2f ms, %.0f hits on average\n", row->what,
        times[QUERIES / 2], times[QUERIES * 99 / 100], times[QUERIES - 1], (double)found / QUERIES);
    return times[QUERIES / 2];
}

static const struct measured rows[] = {
    {.what = "1-3 words"},
    {.what = "1 word", .terms = 1},
    {.what = "2 words", .terms = 2},
    {.what = "3 words", .terms = 3},
    {.what = "1-3 words with facets", .facets = true},
    {.what = "1-3 words with filters", .filtered = true},
    {.what = "1-3 words with filters and facets", .filtered = true, .facets = true},
    {.what = "phrases", .form = PHRASE},
    {.what = "phrases with facets", .form = PHRASE, .facets = true},
    {.what = "1 word without another", .form = WITHOUT, .terms = 1},
    {.what = "1 word, misspelled", .form = MISSPELLED, .terms = 1},
    {.what = "1 word, page at 10,000", .terms = 1, .offset = 10000},
    {.what = "1 word by name", .terms = 1, .sort = REGISTRY_BY_NAME},
    {.what = "1 word by date, page at 10,000",
        .terms = 1,
        .offset = 10000,
        .sort = REGISTRY_BY_DATE},
    {.what = "beginnings", .form = BEGINNING, .terms = 1},
    {.what = "suggestions", .form = WORDS, .terms = 1, .suggested = true},
    {.what = "everything with facets", .form = NOTHING, .facets = true},
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
            found += memmem(cursor.value.bytes, cursor.value.len, "spindle", 7) != NULL;
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
    if (!is_filled(registry_store(registry))) {
        fill(registry_store(registry), documents - documents % GROUP);
    }
    store_statistics(registry_store(registry), &stats);
    printf("store: %.0f MB\n", (double)stats.map_used_bytes / 1e6);
    setvbuf(stdout, NULL, _IOLBF, 0);
    double p50 = measure(registry, &rows[0]);
    for (size_t i = 1; i < sizeof rows / sizeof *rows; i++) {
        if (argc <= 3 || strncmp(rows[i].what, argv[3], strlen(argv[3])) == 0) {
            measure(registry, &rows[i]);
        }
    }
    double scanned = scan(registry_store(registry));
    printf("scan: %.1f ms, %.0f times p50\n", scanned, scanned / p50);
    registry_close(registry);
    scratch_remove(dir);
    return 0;
}
