/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_CONCEPT_LOOKUP_H
#define JIG_REGISTRY_CONCEPT_LOOKUP_H
/*
 * The concept descriptions of the store as a place to look during a judgement
 * (conformance/others.h). A view of the store is open from the first question to the end. Each
 * concept description is read once, however often it is asked for, and what the rules compare of it
 * (its id and its values) stays in the caller's arena. One thread at a time.
 */
#include "conformance/others.h"
#include "registry/registry.h"

struct concept_known;

struct concept_lookup {
    struct registry *registry;
    struct arena *arena;
    struct registry_view view;
    bool open;
    struct concept_known *known; /* malloc'd; by hash of the id */
    size_t known_count;
    size_t known_room; /* a power of two, or 0 */
};

/* Ready to be asked; takes nothing from the store yet. concept_lookup_end in every case. */
struct judge_lookup concept_lookup_begin(
    struct concept_lookup *lookup, struct registry *registry, struct arena *arena);
void concept_lookup_end(struct concept_lookup *lookup);

#endif
