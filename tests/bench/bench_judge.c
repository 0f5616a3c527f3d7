/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Judging against reading alone, over the files named on the command line: documents and megabytes
 * per second of processor time of each, the best of the rounds.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "aas/json.h"
#include "aas/xml.h"
#include "conformance/judge.h"
#include "tests/support/corpus.h"

enum { ROUNDS = 5, ROOM = 1024 * 1024 * 1024 };

struct document {
    char *bytes;
    size_t len;
};

enum work { READ, JUDGE_WITHOUT_SCHEMA, JUDGE };

static double cpu_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static bool read_only(struct arena *arena, const struct document *document)
{
    struct aas_node *root = NULL;
    if (document->bytes[0] != '<') {
        return aas_json_read(arena, document->bytes, document->len, NULL, NULL, &root, NULL) ==
               ERR_OK;
    }
    struct aas_xml xml = {.doc = NULL};
    bool done =
        aas_xml_read(arena, document->bytes, document->len, NULL, NULL, &xml, NULL) == ERR_OK;
    aas_xml_finish(&xml);
    return done;
}

/* True when the document could be read, or is valid when it was judged. */
static bool work_on(const struct document *document, enum work work)
{
    struct arena arena;
    struct report report;
    struct judge_result result;
    bool good = false;
    arena_init(&arena, ROOM);
    if (work == READ) {
        good = read_only(&arena, document);
    } else {
        struct judge_input input = {.bytes = document->bytes,
            .len = document->len,
            .without_schema = work == JUDGE_WITHOUT_SCHEMA};
        report_init(&report);
        good = judge_document(&arena, &input, &report, &result, NULL) == ERR_OK &&
               result.verdict == REPORT_VALID;
        report_finish(&report);
    }
    arena_finish(&arena);
    return good;
}

static void measure(
    const char *name, enum work work, const struct document *documents, size_t count, double mb)
{
    double best = 1e9;
    size_t good = 0;
    for (int round = 0; round < ROUNDS; round++) {
        double start = cpu_seconds();
        good = 0;
        for (size_t i = 0; i < count; i++) {
            good += work_on(&documents[i], work);
        }
        double took = cpu_seconds() - start;
        best = took < best ? took : best;
    }
    printf("%-22s %9.0f documents/s %8.1f MB/s, %zu of %zu fine\n", name, (double)count / best,
        mb / best, good, count);
}

int main(int argc, char **argv)
{
    size_t count = 0;
    double mb = 0;
    struct document *documents = calloc((size_t)argc, sizeof *documents);
    if (documents == NULL || judge_start(NULL) != ERR_OK) {
        return 1;
    }
    for (int i = 1; i < argc; i++) {
        documents[count].bytes = file_read(argv[i], &documents[count].len);
        if (documents[count].bytes != NULL) {
            mb += (double)documents[count++].len / 1e6;
        }
    }
    measure("read", READ, documents, count, mb);
    measure("judge without schema", JUDGE_WITHOUT_SCHEMA, documents, count, mb);
    measure("judge", JUDGE, documents, count, mb);
    for (size_t i = 0; i < count; i++) {
        free(documents[i].bytes);
    }
    free(documents);
    judge_stop();
    return 0;
}
