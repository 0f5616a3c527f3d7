/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_CONFORMANCE_RULES_PARTS_H
#define JIG_CONFORMANCE_RULES_PARTS_H
/* The parts of the table of rules; internal to conformance/rules*.c. */
#include "aas/meta.h"
#include "conformance/rules.h"

/* id, clause, versions and class of the examples, right, wrong; says and why in each language */
#define RULE(id_, clause_, versions_, as_, right_, wrong_, en, en_why, ko, ko_why, de, de_why)     \
    {                                                                                              \
        .id = id_, .clause = clause_, .versions = versions_, .as = as_, .right = right_,           \
        .wrong = wrong_, .words = {                                                                \
            [LANGUAGE_EN] = {en, en_why},                                                          \
            [LANGUAGE_KO] = {ko, ko_why},                                                          \
            [LANGUAGE_DE] = {de, de_why}                                                           \
        }                                                                                          \
    }

struct rule_part {
    const struct rule *rows;
    size_t count;
};

extern const struct rule_part rules_model;     /* AASd about objects */
extern const struct rule_part rules_reference; /* AASd about references and lists */
extern const struct rule_part rules_concept;   /* AASc-3a */
extern const struct rule_part rules_schema;    /* schema and values */
extern const struct rule_part rules_format;    /* JSON, XML */
extern const struct rule_part rules_package;   /* AASX, files, import */
extern const struct rule_part rules_life;      /* states of template versions, publication */

#endif
