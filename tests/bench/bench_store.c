/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store beside the disk it lies on, every figure as a ratio within one run:
 *   64 writers in groups ÷ the same with one commit per write, of plain values and of documents;
 *   one durable write ÷ one fdatasync;
 *   reading documents and elements per second;
 *   setting one value in a 500 kB submodel ÷ in a 5 kB one.
 * Usage: bench_store [folder], default /tmp.
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "aas/json.h"
#include "registry/registry.h"
#include "tests/support/corpus.h"

enum { WRITERS = 64, SAMPLES = 300, ROUNDS = 5, VALUE_BYTES = 1024 };
#define ROUND_SECONDS 1.0

static double now_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void must(enum err_code code, const struct err *err, const char *what)
{
    if (code != ERR_OK) {
        fprintf(stderr, "%s: %s\n", what, err->text);
        exit(1);
    }
}

static int by_size(const void *a, const void *b)
{
    const double *x = a;
    const double *y = b;
    return (*x > *y) - (*x < *y);
}

static double median(double *values, size_t count)
{
    qsort(values, count, sizeof *values, by_size);
    return values[count / 2];
}

/* A submodel of about `bytes` bytes with properties P0, P1, ... */
static struct aas_node *make_submodel(struct arena *arena, const char *id, size_t bytes, int value)
{
    struct buf buf;
    struct err err = {0};
    struct aas_node *tree = NULL;
    buf_init(&buf, SIZE_MAX);
    buf_printf(&buf,
        "{\"modelType\":\"Submodel\",\"idShort\":\"Bench\",\"id\":\"%s\",\"submodelElements\":[",
        id);
    for (int i = 0; i == 0 || buf.len + 200 < bytes; i++) {
        buf_printf(&buf,
            "%s{\"modelType\":\"Property\",\"idShort\":\"P%d\",\"semanticId\":{\"type\":"
            "\"ExternalReference\",\"keys\":[{\"type\":\"GlobalReference\",\"value\":"
            "\"0173-1#02-AAA%03d#001\"}]},\"valueType\":\"xs:int\",\"value\":\"%d\"}",
            i == 0 ? "" : ",", i, i % 1000, value + i);
    }
    buf_add_text(&buf, "]}");
    must(aas_json_read(arena, buf.bytes, buf.len, NULL, NULL, &tree, &err), &err, "document");
    buf_finish(&buf);
    return tree;
}

static struct registry *open_registry(const char *dir, bool no_group)
{
    struct registry_options options = {
        .store = {.dir = dir, .no_group = no_group}, .without_library = true};
    struct registry *registry = NULL;
    struct err err = {0};
    must(registry_open(&options, &registry, &err), &err, "open");
    return registry;
}

static void put_submodel(struct registry *registry, const char *id, size_t bytes, int value)
{
    struct arena arena;
    struct err err = {0};
    enum registry_outcome outcome;
    arena_init(&arena, SIZE_MAX);
    struct registry_change change = {.operation = REGISTRY_UPSERT,
        .kind = REGISTRY_SUBMODEL,
        .tree = make_submodel(&arena, id, bytes, value)};
    must(registry_write(registry, &change, NULL, NULL, &outcome, &err), &err, "write");
    arena_finish(&arena);
}

/* ------------------------------------------------------------------ many writers */

struct writer {
    pthread_t thread;
    struct registry *registry;
    int number;
    bool plain;
    double until;
    size_t written;
};

static enum err_code put_value(struct store_txn *txn, void *context, struct err *err)
{
    (void)err;
    char value[VALUE_BYTES];
    memset(value, 'v', sizeof value);
    return store_put(txn, STORE_BLOBS, context, strlen(context), value, sizeof value);
}

static void *write_until(void *context)
{
    struct writer *writer = context;
    while (now_seconds() < writer->until) {
        char id[64];
        struct err err = {0};
        snprintf(id, sizeof id, "urn:bench:%d:%zu", writer->number, writer->written % 50);
        if (writer->plain) {
            must(store_write(registry_store(writer->registry), put_value, id, &err), &err, "put");
        } else {
            put_submodel(writer->registry, id, 2000, (int)writer->written);
        }
        writer->written++;
    }
    return NULL;
}

/* Acknowledged writes per second. */
static double write_rate(const char *top, bool no_group, bool plain)
{
    static struct writer writers[WRITERS];
    char dir[512];
    size_t written = 0;
    snprintf(dir, sizeof dir, "%s/%s", top, no_group ? "single" : "group");
    struct registry *registry = open_registry(dir, no_group);
    double start = now_seconds();
    for (int i = 0; i < WRITERS; i++) {
        writers[i] = (struct writer){
            .registry = registry, .number = i, .plain = plain, .until = start + ROUND_SECONDS};
        pthread_create(&writers[i].thread, NULL, write_until, &writers[i]);
    }
    for (int i = 0; i < WRITERS; i++) {
        pthread_join(writers[i].thread, NULL);
        written += writers[i].written;
    }
    double rate = (double)written / (now_seconds() - start);
    registry_close(registry);
    return rate;
}

static void bench_writers(const char *top, bool plain)
{
    double grouped[ROUNDS];
    double single[ROUNDS];
    double ratios[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
        grouped[i] = write_rate(top, false, plain);
        single[i] = write_rate(top, true, plain);
        ratios[i] = grouped[i] / single[i];
    }
    printf("64 writers of %-18s %8.0f/s in groups, %8.0f/s one by one, ratio %5.1f\n",
        plain ? "1 kB values" : "2 kB submodels", median(grouped, ROUNDS), median(single, ROUNDS),
        median(ratios, ROUNDS));
}

/* ------------------------------------------------------------------ one writer */

static double time_fdatasync(int file, int round)
{
    char page[4096];
    memset(page, 'p', sizeof page);
    double start = now_seconds();
    if (pwrite(file, page, sizeof page, (off_t)(round % 64) * 4096) < 0 || fdatasync(file) != 0) {
        fprintf(stderr, "the folder cannot be written\n");
        exit(1);
    }
    return now_seconds() - start;
}

static double time_write(struct registry *registry, size_t bytes, int round)
{
    struct arena arena;
    enum registry_outcome outcome;
    struct err err = {0};
    arena_init(&arena, SIZE_MAX);
    struct registry_change change = {.operation = REGISTRY_UPSERT,
        .kind = REGISTRY_SUBMODEL,
        .tree = make_submodel(&arena, "urn:bench:one", bytes, round)};
    double start = now_seconds();
    must(registry_write(registry, &change, NULL, NULL, &outcome, &err), &err, "write");
    double taken = now_seconds() - start;
    arena_finish(&arena);
    return taken;
}

/* The disk can be ten times slower a second later: one sync and one write in turns. */
static void bench_latency(struct registry *registry, const char *top)
{
    static const size_t sizes[] = {2000, 10000, 100000};
    static double syncs[SAMPLES];
    static double writes[SAMPLES];
    char path[512];
    snprintf(path, sizeof path, "%s/sync", top);
    int file = open(path, O_RDWR | O_CREAT, 0600);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        for (int round = 0; round < SAMPLES; round++) {
            syncs[round] = time_fdatasync(file, round);
            writes[round] = time_write(registry, sizes[i], round);
        }
        double sync = median(syncs, SAMPLES);
        double write = median(writes, SAMPLES);
        printf("one write of %6zu bytes %7.3f ms, fdatasync %6.3f ms, ratio %5.1f\n", sizes[i],
            write * 1e3, sync * 1e3, write / sync);
    }
    close(file);
}

/* ------------------------------------------------------------------ reading */

static double read_rate(struct registry *registry, const char *id, const char *path)
{
    struct err err = {0};
    size_t reads = 0;
    double start = now_seconds();
    double passed = 0;
    while (passed < 0.5) {
        for (int i = 0; i < 1000; i++, reads++) {
            struct registry_view view;
            struct registry_document document;
            const char *json = NULL;
            size_t len = 0;
            must(registry_view_begin(registry, &view, &err), &err, "view");
            must(registry_get(&view, REGISTRY_SUBMODEL, id, strlen(id), &document, &err), &err,
                "get");
            if (path != NULL) {
                must(registry_element(&document, path, strlen(path), &json, &len, NULL, &err), &err,
                    "element");
            }
            registry_view_end(&view);
        }
        passed = now_seconds() - start;
    }
    return (double)reads / passed;
}

static void bench_reading(struct registry *registry)
{
    put_submodel(registry, "urn:bench:small", 5000, 0);
    put_submodel(registry, "urn:bench:large", 500000, 0);
    printf("reading per second: 5 kB %.0f, its last element %.0f; 500 kB %.0f, element 2000 %.0f\n",
        read_rate(registry, "urn:bench:small", NULL), read_rate(registry, "urn:bench:small", "P20"),
        read_rate(registry, "urn:bench:large", NULL),
        read_rate(registry, "urn:bench:large", "P2000"));
}

/* ------------------------------------------------------------------ setting a value */

static enum err_code set_value(
    struct arena *arena, struct aas_node *element, void *context, struct err *err)
{
    (void)err;
    return aas_set_text(arena, element, PROP_value, context, strlen(context));
}

static double time_edit(struct registry *registry, const char *id, const char *path)
{
    static double seconds[SAMPLES];
    for (int i = 0; i < SAMPLES; i++) {
        char value[16];
        struct err err = {0};
        snprintf(value, sizeof value, "%d", 100000 + i);
        double start = now_seconds();
        must(registry_edit_value(registry, REGISTRY_SUBMODEL, id, strlen(id), path, strlen(path),
                 NULL, set_value, value, NULL, NULL, &err),
            &err, "edit");
        seconds[i] = now_seconds() - start;
    }
    return median(seconds, SAMPLES);
}

static void bench_values(struct registry *registry)
{
    double small = time_edit(registry, "urn:bench:small", "P10");
    double large = time_edit(registry, "urn:bench:large", "P1000");
    printf("setting a value: %.3f ms in 5 kB, %.3f ms in 500 kB, rate ratio %.2f\n", small * 1e3,
        large * 1e3, small / large);
}

int main(int count, char **arguments)
{
    char dir[256];
    snprintf(dir, sizeof dir, "%s/jig-bench-XXXXXX", count > 1 ? arguments[1] : "/tmp");
    if (mkdtemp(dir) == NULL) {
        fprintf(stderr, "no folder can be made in %s\n", count > 1 ? arguments[1] : "/tmp");
        return 1;
    }
    bench_writers(dir, true);
    bench_writers(dir, false);
    struct registry *registry = open_registry(dir, false);
    bench_latency(registry, dir);
    bench_reading(registry);
    bench_values(registry);
    registry_close(registry);
    scratch_remove(strdup(dir));
    return 0;
}
