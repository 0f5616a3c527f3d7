/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_BENCH_DATA_H
#define JIG_REGISTRY_BENCH_DATA_H
/*
 * Templates and submodels that are made up, for measuring: machines, processes and quality in
 * English, Korean and German, some words frequent and many rare, as in a plant. A seed and a number
 * always give the same bytes, so that any part of a set can be made on its own and by any thread.
 * What is made is valid; the ids begin with https://bench.example/.
 */
#include "aas/buf.h"
#include "registry/registry.h"

enum { BENCH_VERSIONS = 4 /* of a family */, BENCH_SUBMODELS = 500 /* of one environment */ };

enum bench_language { BENCH_EN, BENCH_KO, BENCH_DE, BENCH_LANGUAGES };

/* Appends an environment (JSON) with one template and a concept description. Numbers from 0;
 * BENCH_VERSIONS after each other are the versions of one family. */
void bench_data_template(struct buf *to, uint64_t seed, uint64_t number);

/* Appends an environment with the submodels from `first` on, made for some of `templates` (> 0)
 * templates of the same seed: few are used often and many seldom. */
void bench_data_submodels(
    struct buf *to, uint64_t seed, uint64_t first, size_t count, uint64_t templates);

/* The id of a submodel. */
void bench_data_submodel_id(struct buf *to, uint64_t seed, uint64_t number);

/* Appends what somebody might look for in such a set: so many words in one language, the turn
 * decides which; or two that stand beside each other in texts. */
void bench_data_words(
    struct buf *to, uint64_t seed, uint64_t turn, enum bench_language language, unsigned words);
void bench_data_phrase(struct buf *to, uint64_t seed, uint64_t turn, enum bench_language language);

/* Imports so many templates and then submodels, in several threads; `submodels` are made for the
 * templates, at least for the first one. The first failure ends it. `told` (NULL allowed) hears now
 * and then, from one thread at a time, how many files of how many are stored. */
struct bench_fill {
    uint64_t seed;
    uint64_t templates;
    uint64_t submodels;
    void (*told)(size_t done, size_t total);
};
ERR_MUST_USE enum err_code bench_data_fill(
    struct registry *registry, const struct bench_fill *asked, struct err *err);

/* How many files such a set is, and one of them (templates first), with its name. */
size_t bench_data_files(const struct bench_fill *asked);
void bench_data_file(
    struct buf *to, char *name, size_t name_size, const struct bench_fill *asked, size_t at);

#endif
