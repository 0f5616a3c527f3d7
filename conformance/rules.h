/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_CONFORMANCE_RULES_H
#define JIG_CONFORMANCE_RULES_H
/*
 * Every rule a finding can name: where it is written, what it asks for, why it exists, and an
 * example of right and wrong. One row per rule id, whether a constraint, the schema, a reader or
 * the package breaks it. Static and shared by all threads.
 */
#include <stdbool.h>
#include <stddef.h>

#include "conformance/language.h"

struct rule_words {
    const char *says; /* what the rule asks for, one sentence */
    const char *why;  /* why it exists */
};

struct rule {
    const char *id;
    const char *clause; /* document and place */
    struct rule_words words[LANGUAGE_COUNT];
    unsigned versions; /* the examples are judged by these (mask of enum meta_version); 0: any */
    const char *as;    /* class of the examples that do not say it themselves, or NULL */
    /* Documents, with ' for ", or a description in words where no small document can show it. */
    const char *right;
    const char *wrong;
};

/* The row of a rule id, or NULL. */
const struct rule *rule_find(const char *id);

/* All rows, one after the other; NULL behind the last one. */
const struct rule *rule_at(size_t position);

/* True when an example is a document that can be judged. */
bool rule_example_is_document(const char *example);

#endif
