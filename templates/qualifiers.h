/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_TEMPLATES_QUALIFIERS_H
#define JIG_TEMPLATES_QUALIFIERS_H
/*
 * What the qualifiers of a template mean (IDTA-01003-b and what published templates really write).
 *
 * A qualifier is recognised by its type first, in any spelling seen; kind and semantic id are often
 * missing. Nothing here allocates but the functions that take an arena; all of it is free to share
 * between threads.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "aas/arena.h"
#include "aas/tree.h"

enum qualifier_use {
    QUALIFIER_OTHER,
    QUALIFIER_CARDINALITY,
    QUALIFIER_EITHER_OR,
    QUALIFIER_ALLOWED_RANGE,
    QUALIFIER_ALLOWED_VALUE,
    QUALIFIER_ALLOWED_ID_SHORT,
    QUALIFIER_REQUIRED_LANG,
    QUALIFIER_ACCESS_MODE,
    QUALIFIER_INITIAL_VALUE,
    QUALIFIER_DEFAULT_VALUE,
    QUALIFIER_EXAMPLE_VALUE,
    QUALIFIER_FORM_HINT, /* FormTitle, FormInfo, FormChoices, PresetIdShort, Edit… */
};

/* What a qualifier is for, by its type. */
enum qualifier_use qualifier_use(const struct aas_node *qualifier);

/* True when a qualifier belongs to the template and not to what is made from it: by kind or by
 * type. */
bool qualifier_is_for_template(const struct aas_node *qualifier);

/* Leaves out white space at both ends. */
void qualifier_trim(const char **text, size_t *len);

/* The first qualifier of a use among those of an element or submodel, or NULL. */
const struct aas_node *qualifier_find(const struct aas_node *element, enum qualifier_use use);

/* ------------------------------------------------------------------ cardinality */

#define QUALIFIER_MANY UINT32_MAX

struct cardinality {
    uint32_t least;
    uint32_t most; /* QUALIFIER_MANY: any number */
};

/* Reads "ZeroToOne", "One", "ZeroToMany", "OneToMany" in any case, with white space around. False
 * for anything else ("Three", "Recursive"). */
bool cardinality_read(const char *text, size_t len, struct cardinality *cardinality);

/* How often an element must and may stand in its parent. One without such a qualifier, or with one
 * that cannot be read; but any number for an item of a list, whose prototype then says nothing
 * about the length. */
struct cardinality qualifier_cardinality(const struct aas_node *element);

/* ------------------------------------------------------------------ allowed ranges and values */

struct value_interval {
    const char *low; /* number or other literal, not NUL-terminated; NULL: open ("*") */
    size_t low_len;
    const char *high; /* NULL: open */
    size_t high_len;
    bool low_excluded; /* "(" */
    bool high_excluded;
};

enum { QUALIFIER_MAX_INTERVALS = 16 };

struct value_range {
    struct value_interval intervals[QUALIFIER_MAX_INTERVALS]; /* as written */
    size_t count;
};

/* Reads "[0,100]|(200,*]" (also with ";" inside). False when it is no such text or has too many
 * intervals. The intervals point into `text`. */
bool value_range_read(const char *text, size_t len, struct value_range *range);

/* True when every value inside `inner` is inside `outer`; false also when that cannot be told. */
bool value_range_within(const struct value_range *inner, const struct value_range *outer);

/* Is every value that `inner` (text of SMT/AllowedValue) allows also allowed by `outer`? Lists are
 * compared by member. Of regular expressions that differ it cannot be told and the answer is false:
 * matching them is left to whoever has a ceiling for the work. */
bool allowed_value_within(struct arena *arena, const char *inner, const char *outer);

/* The members of a list of allowed values ("True;False", "good | bad", or one plain word) in the
 * arena, trimmed; NULL with *count 0 when `text` is a regular expression (POSIX ERE, anchored) or
 * the arena is full. */
char **allowed_value_list(struct arena *arena, const char *text, size_t *count);

/* ------------------------------------------------------------------ languages */

/* Is every language that `inner` (text of SMT/RequiredLang: "en", "en, de") asks for also asked for
 * by `outer`? In any case. */
bool required_languages_within(const char *inner, const char *outer);

#endif
