/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Comparing two documents against reading them: processor time of reading both, of comparing and of
 * writing the result with rows, the best of the rounds, and their ratios. Files on the command
 * line, old and new in turn; without any, the two pairs of published templates with most elements.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "aas/json.h"
#include "conformance/compare.h"
#include "tests/support/corpus.h"

enum { ROUNDS = 15, ROOM = 1024 * 1024 * 1024 };

#define PURCHASE "corpus/templates/Purchase Order/1/0/IDTA-02050_Template_PurchaseOrder"
#define INTERFACES "corpus/templates/Asset Interfaces Description/1/"
static const char *const usual[] = {PURCHASE ".json", PURCHASE "_forAASMetamodelV3.1.json",
    INTERFACES "0/1/IDTA 02017-1-0-1_Template_Asset Interfaces Description.json",
    INTERFACES "1/IDTA 02017-1-1_Template_Asset Interfaces Description.json"};

static double cpu_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

struct times {
    double read;
    double compare;
    double write;
};

static void least(double *best, double took)
{
    *best = took < *best ? took : *best;
}

static bool run_once(char *const bytes[2], const size_t len[2], struct times *best,
    struct comparison *comparison, size_t *written)
{
    struct arena arena;
    struct aas_node *tree[2] = {NULL, NULL};
    struct buf buf;
    struct compare_input input = {.name = {"old", "new"}};
    const char *const names[2] = {NULL, NULL};
    const struct compare_output output = {.mode = COMPARE_EXACT, .rows = true};
    arena_init(&arena, ROOM);
    buf_init(&buf, ROOM);
    double start = cpu_seconds();
    bool fine = aas_json_read(&arena, bytes[0], len[0], NULL, NULL, &tree[0], NULL) == ERR_OK &&
                aas_json_read(&arena, bytes[1], len[1], NULL, NULL, &tree[1], NULL) == ERR_OK;
    double read = cpu_seconds();
    const struct aas_node *const root[2] = {tree[0], tree[1]};
    fine = fine && compare_pick(root, names, &input, NULL) == ERR_OK &&
           compare_run(&arena, &input, comparison, NULL) == ERR_OK;
    double compared = cpu_seconds();
    if (fine) {
        compare_write_json(&buf, comparison, &output);
    }
    least(&best->read, read - start);
    least(&best->compare, compared - read);
    least(&best->write, cpu_seconds() - compared);
    *written = buf.len;
    buf_finish(&buf);
    arena_finish(&arena);
    return fine;
}

static bool measure(const char *old, const char *new)
{
    struct times best = {1e9, 1e9, 1e9};
    struct comparison comparison = {.finding_count = 0};
    size_t len[2] = {0, 0};
    size_t written = 0;
    char *bytes[2] = {file_read(old, &len[0]), file_read(new, &len[1])};
    bool fine = bytes[0] != NULL && bytes[1] != NULL;
    for (int round = 0; fine && round < ROUNDS; round++) {
        fine = run_once(bytes, len, &best, &comparison, &written);
    }
    if (fine) {
        printf("%s\n  %zu + %zu bytes, %u + %u elements, %zu findings, %zu bytes written\n", new,
            len[0], len[1], comparison.side[0].count, comparison.side[1].count,
            comparison.finding_count, written);
        printf("  read %.2f ms, compare %.2f ms (%.2f of reading), write %.2f ms (%.2f)\n",
            best.read * 1e3, best.compare * 1e3, best.compare / best.read, best.write * 1e3,
            best.write / best.read);
    } else {
        fprintf(stderr, "%s and %s cannot be compared\n", old, new);
    }
    free(bytes[0]);
    free(bytes[1]);
    return fine;
}

int main(int argc, char **argv)
{
    bool fine = true;
    for (int i = 1; i + 1 < argc; i += 2) {
        fine = measure(argv[i], argv[i + 1]) && fine;
    }
    for (size_t i = 0; argc < 3 && i < sizeof usual / sizeof *usual; i += 2) {
        char *old = corpus_path(usual[i]);
        char *new = corpus_path(usual[i + 1]);
        fine = measure(old, new) && fine;
        free(old);
        free(new);
    }
    return fine ? 0 : 1;
}
