/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/rules.h"

#include <string.h>

#include "conformance/rules_parts.h"

static const struct rule_part *const parts[] = {&rules_model, &rules_reference, &rules_concept,
    &rules_schema, &rules_format, &rules_package, &rules_life};

enum { PART_COUNT = sizeof parts / sizeof *parts };

const struct rule *rule_at(size_t position)
{
    for (size_t i = 0; i < PART_COUNT; i++) {
        if (position < parts[i]->count) {
            return &parts[i]->rows[position];
        }
        position -= parts[i]->count;
    }
    return NULL;
}

const struct rule *rule_find(const char *id)
{
    for (size_t i = 0; i < PART_COUNT; i++) {
        for (size_t n = 0; n < parts[i]->count; n++) {
            if (strcmp(parts[i]->rows[n].id, id) == 0) {
                return &parts[i]->rows[n];
            }
        }
    }
    return NULL;
}

bool rule_example_is_document(const char *example)
{
    return example[0] == '{' || example[0] == '<';
}
