/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Judging against parsing alone, over the official corpora: megabytes and documents per second with
 * and without the XSD, as parts of what libxml2 and cJSON need for parsing alone in the same run,
 * on one thread and on two; and the peak memory per byte of input.
 *
 * Rates are of processor time, the best of the rounds, so that what else runs here counts little;
 * only two threads against one are measured by the clock on the wall.
 */
#include <cjson/cJSON.h>
#include <libxml/parser.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "aas/aasx.h"
#include "aas/json.h"
#include "aas/xml.h"
#include "conformance/judge.h"
#include "tests/support/corpus.h"

enum { ROUNDS = 7, ROOM = 1024 * 1024 * 1024, MAX_DOCUMENTS = 8192 };
enum { LARGEST = 10, LARGE = 100 * 1024 /* bytes */ };

struct document {
    char *bytes;
    size_t len;
};

struct corpus {
    const char *name;
    struct document *documents;
    size_t count;
    double mb;
    bool xml;
};

enum schema { SCHEMA_USUAL, SCHEMA_ALWAYS, SCHEMA_NEVER };

enum work { PARSE, READ, JUDGE_WITHOUT_SCHEMA, JUDGE_WITH_SCHEMA, WORKS };

/* ------------------------------------------------------------------ documents */

static void keep(struct corpus *corpus, const char *bytes, size_t len)
{
    struct document *document = &corpus->documents[corpus->count];
    if (corpus->count == MAX_DOCUMENTS) {
        return;
    }
    document->bytes = malloc(len + 1);
    if (document->bytes != NULL) {
        memcpy(document->bytes, bytes, len);
        document->bytes[len] = '\0';
        document->len = len;
        corpus->mb += (double)len / 1e6;
        corpus->count++;
    }
}

static void keep_file(const char *path, void *context)
{
    size_t len = 0;
    char *bytes = file_read(path, &len);
    size_t bom = len > 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0; /* cJSON knows none */
    if (bytes != NULL) {
        keep(context, bytes + bom, len - bom);
    }
    free(bytes);
}

static void keep_parts(const char *path, void *context)
{
    struct arena arena;
    struct aasx package;
    size_t len = 0;
    char *bytes = file_read(path, &len);
    arena_init(&arena, ROOM);
    if (bytes != NULL && aasx_open(&arena, bytes, len, NULL, NULL, &package, NULL) == ERR_OK) {
        for (size_t i = 0; i < package.count; i++) {
            if (package.parts[i].kind == AASX_SPEC_XML) {
                keep(context, package.parts[i].bytes, (size_t)package.parts[i].size);
            }
        }
    }
    arena_finish(&arena);
    free(bytes);
}

static void gather(struct corpus *corpus, const char *name, const char *const *folders,
    const char *ending, void (*each)(const char *, void *))
{
    corpus->name = name;
    corpus->documents = calloc(MAX_DOCUMENTS, sizeof *corpus->documents);
    for (; corpus->documents != NULL && *folders != NULL; folders++) {
        char *dir = corpus_path(*folders);
        files_each(dir, ending, each, corpus);
        free(dir);
    }
}

/* ------------------------------------------------------------------ work */

static bool parse_only(const struct corpus *corpus, const struct document *document)
{
    if (corpus->xml) {
        xmlDoc *doc = xmlReadMemory(document->bytes, (int)document->len, NULL, NULL,
            XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
        xmlFreeDoc(doc);
        return doc != NULL;
    }
    cJSON *json = cJSON_ParseWithLength(document->bytes, document->len);
    cJSON_Delete(json);
    return json != NULL;
}

static bool read_only(
    const struct corpus *corpus, const struct document *document, struct arena *arena)
{
    struct aas_node *root = NULL;
    if (!corpus->xml) {
        return aas_json_read(arena, document->bytes, document->len, NULL, NULL, &root, NULL) ==
               ERR_OK;
    }
    struct aas_xml xml = {.doc = NULL};
    bool done =
        aas_xml_read(arena, document->bytes, document->len, NULL, NULL, &xml, NULL) == ERR_OK;
    aas_xml_finish(&xml);
    return done;
}

static bool judge(const struct document *document, enum schema schema, struct arena *arena)
{
    struct report report;
    struct judge_result result;
    const struct judge_input input = {.bytes = document->bytes,
        .len = document->len,
        .without_schema = schema == SCHEMA_NEVER,
        .schema_for_json = schema == SCHEMA_ALWAYS};
    report_init(&report);
    bool good = judge_document(arena, &input, &report, &result, NULL) == ERR_OK &&
                result.verdict == REPORT_VALID;
    report_finish(&report);
    return good;
}

static bool work_on(const struct corpus *corpus, const struct document *document, enum work work)
{
    struct arena arena;
    bool good = false;
    if (work == PARSE) {
        return parse_only(corpus, document);
    }
    arena_init(&arena, ROOM);
    if (work == READ) {
        good = read_only(corpus, document, &arena);
    } else {
        good = judge(document, work == JUDGE_WITH_SCHEMA ? SCHEMA_ALWAYS : SCHEMA_NEVER, &arena);
    }
    arena_finish(&arena);
    return good;
}

/* ------------------------------------------------------------------ rates */

static double seconds(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double measure(const struct corpus *corpus, enum work work, size_t *good)
{
    double best = 1e9;
    for (int round = 0; round < ROUNDS; round++) {
        double start = seconds(CLOCK_PROCESS_CPUTIME_ID);
        *good = 0;
        for (size_t i = 0; i < corpus->count; i++) {
            *good += work_on(corpus, &corpus->documents[i], work);
        }
        double took = seconds(CLOCK_PROCESS_CPUTIME_ID) - start;
        best = took < best ? took : best;
    }
    return best;
}

static void rates(const struct corpus *corpus)
{
    static const char *const names[2][WORKS] = {
        {"cJSON parse", "read", "judge without XSD", "judge with XSD"},
        {"libxml2 parse", "read", "judge without XSD", "judge with XSD"}};
    double parse = 0;
    printf("%s: %zu documents, %.1f MB\n", corpus->name, corpus->count, corpus->mb);
    for (int work = PARSE; work < WORKS; work++) {
        size_t good = 0;
        double took = measure(corpus, (enum work)work, &good);
        parse = work == PARSE ? took : parse;
        printf("  %-18s %8.1f MB/s %9.0f documents/s  %.2f of parse, %zu fine\n",
            names[corpus->xml][work], corpus->mb / took, (double)corpus->count / took, parse / took,
            good);
    }
}

/* ------------------------------------------------------------------ threads */

struct share {
    const struct corpus *corpus;
    size_t first;
    size_t step;
};

static void *judge_share(void *context)
{
    const struct share *share = context;
    for (size_t i = share->first; i < share->corpus->count; i += share->step) {
        struct arena arena;
        arena_init(&arena, ROOM);
        (void)judge(&share->corpus->documents[i], SCHEMA_USUAL, &arena);
        arena_finish(&arena);
    }
    return NULL;
}

struct took {
    double wall;
    double cpu;
};

static void by_threads(const struct corpus *corpus, size_t threads, struct took *best)
{
    pthread_t other;
    struct share shares[2] = {{corpus, 0, threads}, {corpus, 1, threads}};
    double wall = seconds(CLOCK_MONOTONIC);
    double cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    bool more = threads == 2 && pthread_create(&other, NULL, judge_share, &shares[1]) == 0;
    judge_share(&shares[0]);
    if (more) {
        pthread_join(other, NULL);
    }
    wall = seconds(CLOCK_MONOTONIC) - wall;
    cpu = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    best->wall = wall < best->wall ? wall : best->wall;
    best->cpu = cpu < best->cpu ? cpu : best->cpu;
}

/* By turns, so that both meet the same neighbours on this machine; by processor time, two threads
 * that do not hinder each other need no more than one. */
static void threads(const struct corpus *corpus)
{
    struct took one = {1e9, 1e9};
    struct took two = {1e9, 1e9};
    for (int round = 0; round < 2 * ROUNDS; round++) {
        by_threads(corpus, 1, &one);
        by_threads(corpus, 2, &two);
    }
    printf("  %-18s %8.1f MB/s %9.0f documents/s  %.2f times one thread, %.2f by processor time\n",
        "two threads", corpus->mb / two.wall, (double)corpus->count / two.wall, one.wall / two.wall,
        2 * one.cpu / two.cpu);
}

/* ------------------------------------------------------------------ memory */

static long peak_kb(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

/* The growth of a child's peak while it judges one document. */
static double peak_of(const struct document *document, enum schema schema)
{
    int ends[2];
    double grown = 0;
    if (pipe(ends) != 0) {
        return 0;
    }
    pid_t child = fork();
    if (child == 0) {
        struct arena arena;
        long before = peak_kb();
        arena_init(&arena, ROOM);
        (void)judge(document, schema, &arena);
        grown = (double)(peak_kb() - before) * 1024;
        _exit(write(ends[1], &grown, sizeof grown) == sizeof grown ? 0 : 1);
    }
    if (child < 0 || read(ends[0], &grown, sizeof grown) != sizeof grown) {
        grown = 0;
    }
    (void)waitpid(child, NULL, 0);
    close(ends[0]);
    close(ends[1]);
    return grown;
}

static int by_size(const void *a, const void *b)
{
    const struct document *x = a;
    const struct document *y = b;
    return (x->len < y->len) - (x->len > y->len);
}

/* Of the largest documents: pages and allocator blocks hide what small ones need. */
static void memory(struct corpus *corpus)
{
    static const char *const names[] = {
        [SCHEMA_NEVER] = "without XSD", [SCHEMA_ALWAYS] = "with XSD"};
    static const enum schema schemas[] = {SCHEMA_NEVER, SCHEMA_ALWAYS};
    qsort(corpus->documents, corpus->count, sizeof *corpus->documents, by_size);
    if (corpus->count < LARGEST || corpus->documents[LARGEST - 1].len < LARGE) {
        return;
    }
    for (size_t s = 0; s < 2; s++) {
        double worst = 0;
        for (size_t i = 0; i < corpus->count && i < LARGEST; i++) {
            const struct document *document = &corpus->documents[i];
            double ratio = peak_of(document, schemas[s]) / (double)document->len;
            worst = ratio > worst ? ratio : worst;
        }
        printf("  peak memory %-12s %5.1f bytes per byte of input (worst of the %d largest)\n",
            names[schemas[s]], worst, LARGEST);
    }
}

/* ------------------------------------------------------------------ all */

int main(void)
{
    static const char *const small_json[] = {
        "corpus/metamodel-3.0/Json", "corpus/metamodel-3.1/json", NULL};
    static const char *const small_xml[] = {
        "corpus/metamodel-3.0/Xml", "corpus/metamodel-3.1/xml", NULL};
    static const char *const templates[] = {"corpus/templates", NULL};
    static struct corpus all[4] = {{.xml = false}, {.xml = false}, {.xml = true}, {.xml = true}};
    if (!corpus_exists() || judge_start(NULL) != ERR_OK) {
        fputs("the folder with the official corpora is missing\n", stderr);
        return 1;
    }
    gather(&all[0], "JSON, examples of the metamodel", small_json, ".json", keep_file);
    gather(&all[1], "JSON, published templates", templates, ".json", keep_file);
    gather(&all[2], "XML, examples of the metamodel", small_xml, ".xml", keep_file);
    gather(&all[3], "XML, published templates (parts of AASX)", templates, ".aasx", keep_parts);
    for (size_t i = 0; i < 4; i++) {
        rates(&all[i]);
        threads(&all[i]);
        memory(&all[i]);
        for (size_t n = 0; n < all[i].count; n++) {
            free(all[i].documents[n].bytes);
        }
        free(all[i].documents);
    }
    judge_stop();
    return 0;
}
