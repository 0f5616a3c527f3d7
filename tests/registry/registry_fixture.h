/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_TESTS_REGISTRY_FIXTURE_H
#define JIG_TESTS_REGISTRY_FIXTURE_H
/*
 * What the tests of documents, histories and kills share: a registry in a scratch folder and small
 * documents made from text. Everything asserts on its own.
 */
#include "registry/registry.h"

extern char *fixture_dir; /* made by fixture_start, removed by fixture_stop */

void fixture_start(void);
void fixture_stop(void);

/* Opens the registry of the fixture, without the shipped library. */
struct registry *fixture_open(void);

/* Reads one identifiable from JSON. */
struct aas_node *fixture_tree(struct arena *arena, const char *json);

/* One write; `json` NULL deletes. */
enum err_code fixture_write(struct registry *registry, enum registry_operation operation,
    const char *id, const char *json, struct err *err);

/* A submodel of the shape the tests use: Speed (Property), Tech (collection with Torque), Axes
 * (list of two properties). */
enum { FIXTURE_JSON = 4096 };
void fixture_submodel(char json[FIXTURE_JSON], const char *id, const char *id_short, int speed);

/* Writes it, and sets its Speed alone, logged as a value. */
void fixture_put(struct registry *registry, const char *id, int speed);
void fixture_set(struct registry *registry, const char *id, int speed);

/* A moment that parts what was before from what comes; Unix time in ms. */
int64_t fixture_moment(void);

/* For registry_edit: adds one to Speed, so that lost updates would show in the sum. */
enum err_code fixture_add_one(
    struct arena *arena, struct aas_node *identifiable, void *context, struct err *err);

/* The content of a submodel after a revision, malloc'd; NULL with the reason when there is none. */
char *fixture_content(
    struct registry *registry, const char *id, uint64_t revision, struct err *err);

/* A search that must succeed; the hits are in the arena. */
void fixture_search(struct registry *registry, struct arena *arena,
    const struct registry_query *query, struct registry_result *result);

/* Nothing in the store disagrees with anything else. */
void fixture_verify(struct registry *registry);

#endif
