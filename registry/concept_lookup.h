/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_CONCEPT_LOOKUP_H
#define JIG_REGISTRY_CONCEPT_LOOKUP_H
/*
 * The concept descriptions of the store as a place to look during a judgement
 * (conformance/others.h). A view of the store is open from the first question to the end; what is
 * found is read into the caller's arena. One thread at a time.
 */
#include "conformance/others.h"
#include "registry/registry.h"

struct concept_lookup {
    struct registry *registry;
    struct arena *arena;
    struct registry_view view;
    bool open;
};

/* Ready to be asked; takes nothing from the store yet. */
struct judge_lookup concept_lookup_begin(
    struct concept_lookup *lookup, struct registry *registry, struct arena *arena);
void concept_lookup_end(struct concept_lookup *lookup);

#endif
