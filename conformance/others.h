/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_CONFORMANCE_OTHERS_H
#define JIG_CONFORMANCE_OTHERS_H
/*
 * Rules about two objects at once: a value and what its valueId stands for (AASd-006, AASd-007,
 * AASd-012, AASc-3a-003). The other object is looked for in the documents at hand, then where the
 * caller says. What is not found, or only a person can tell, is counted and told as one info per
 * rule; it never makes a document invalid.
 */
#include <stddef.h>

#include "aas/err.h"
#include "aas/tree.h"
#include "conformance/report.h"

/* Finds concept descriptions beyond the document, e.g. in the store. */
struct judge_lookup {
    /* The concept description with this id, or NULL; it must live until the judgement ends. */
    const struct aas_node *(*concept)(void *context, const char *id, size_t len);
    void *context;
};

/* One rule; for the walk, the documentation and the tests. */
struct other_rule {
    const char *id;
    enum meta_class_id cls; /* that has valueId */
    bool needs_value;       /* looks at objects that have a value only */
    /* What is wrong when the concept description is known, and what to do; NULL: a person tells. */
    bool (*holds)(const struct aas_node *node, const struct aas_node *concept);
    const char *wrong;
    const char *remedy;
    const char *note; /* what is told about those that are not checked */
    const char *note_remedy;
};

const struct other_rule *other_rules(size_t *count);

/* The trees of one document; a package can have several. */
struct others_trees {
    const struct aas_node *const *roots;
    size_t count;
};

/* Judges one of the trees, looking into all of them; `lookup` may be NULL. With `notes`, tells what
 * was not checked. ERR_NO_MEMORY. */
ERR_MUST_USE enum err_code others_judge(const struct aas_node *root,
    const struct others_trees *trees, const struct judge_lookup *lookup, bool notes,
    struct report *report);

#endif
