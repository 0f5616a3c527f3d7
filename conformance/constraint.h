/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_CONFORMANCE_CONSTRAINT_H
#define JIG_CONFORMANCE_CONSTRAINT_H
/*
 * Constraints of the metamodel that the schema cannot say, one row each: id, versions it belongs
 * to, the classes it looks at, the function that checks one node, and its texts. The walk visits
 * every node once and asks the rows of its class.
 */
#include <stddef.h>

#include "aas/tree.h"
#include "conformance/report.h"

struct constraint {
    const char *id;         /* "AASd-117" */
    unsigned versions;      /* mask of enum meta_version */
    unsigned is;            /* mask of enum meta_is it looks at; 0: see cls */
    enum meta_class_id cls; /* used when `is` is 0; CLASS_COUNT: every class */
    /* Asked once per class: false when the class has nothing the row could look at; NULL: never. */
    bool (*concerns)(const struct meta_class *cls);
    /* When this attribute has fewer items (a text: bytes) there is nothing to find; PROP_COUNT: no
     * attribute decides that. */
    enum meta_prop_id needs;
    unsigned char least;
    enum aas_severity severity;
    void (*check)(const struct aas_node *node, const struct constraint *row, struct report *report);
    const char *says;   /* what the rule asks for, one sentence */
    const char *remedy; /* what to do, one sentence */
};

/* All rows, for the walk, the documentation and the tests. */
const struct constraint *constraint_rows(size_t *count);

/* Checks a whole tree against every row of `version`. */
void constraint_walk(const struct aas_node *root, enum meta_version version, struct report *report);

#endif
