/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_CONFORMANCE_COMPARE_H
#define JIG_CONFORMANCE_COMPARE_H
/*
 * Comparison of two submodels: two versions of a template, two revisions, two files.
 *
 * Elements are matched by meaning and never by line: semantic id and model type, then idShort
 * without counter, then idShort alone (which is a warning). Every difference becomes a finding with
 * a rule (C01 to C16), the place on both sides, old and new value, a reason in three languages, and
 * what it does to compatibility:
 *   backward: what followed the old version also follows the new one;
 *   forward: what follows the new version also follows the old one.
 * Which elements are a pair does not depend on the matching mode: any mode may link them. The modes
 * say for which pairs the meaning counts as kept, and so have a verdict each.
 * A submodel that is no template is taken as one: what it has is mandatory.
 * Cost: n log n in the number of elements. Everything lives in the caller's arena and points into
 * the two trees, which must stay. Threads: comparisons are independent of each other.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "aas/arena.h"
#include "aas/buf.h"
#include "aas/err.h"
#include "aas/problem.h"
#include "aas/tree.h"
#include "conformance/language.h"

/* How semantic ids are compared (IDTA-01001, "Matching strategies for semantic identifiers"). */
enum compare_mode {
    COMPARE_EXACT,          /* same type of reference, same keys */
    COMPARE_VALUE,          /* same values of the keys */
    COMPARE_IGNORE_VERSION, /* same values but for version numbers in them */
    COMPARE_SUPPLEMENTAL,   /* same values, or one's value is a supplemental id of the other */
    COMPARE_MODE_COUNT
};
enum { COMPARE_ALL_MODES = (1 << COMPARE_MODE_COUNT) - 1 };

/* "exact", "value", "ignore-version", "supplemental"; false for other texts. */
const char *compare_mode_text(enum compare_mode mode);
bool compare_mode_read(const char *text, enum compare_mode *mode);

/* What made two elements a pair. */
enum compare_how {
    COMPARE_UNMATCHED,
    COMPARE_BY_SEMANTIC_ID, /* and model type; where siblings share it, also by idShort or place */
    COMPARE_BY_NAME,        /* idShort alone although semantic ids differ: a warning */
    COMPARE_BY_PLACE,       /* neither has a semantic id: idShort or, in lists, position */
};
const char *compare_how_text(enum compare_how how); /* "semanticId", "idShort", "place" */

#define COMPARE_NONE UINT32_MAX

/* An element of one side, in document order, parents first; element 0 is the submodel. */
struct compare_element {
    const struct aas_node *node;
    uint32_t parent;        /* COMPARE_NONE for the submodel */
    uint32_t end;           /* one behind the last element below */
    uint32_t match;         /* on the other side, COMPARE_NONE: removed or added */
    uint32_t findings;      /* position of its first finding, on the old side unless added */
    uint32_t finding_count; /* how many follow */
    uint32_t change;        /* number of its entry in the list of changes, COMPARE_NONE when same */
    enum compare_how how;
    bool moved;   /* its match has another parent */
    bool renamed; /* its match has another idShort */
    bool changed; /* it differs from its match in other attributes */
};

struct compare_side {
    struct compare_element *elements;
    uint32_t count;
    const char *name; /* of the file or version, "" when there is none */
};

/* symbol, rule */
/* clang-format off */
#define COMPARE_REASONS(X)                                                                         \
    X(REASON_SUBMODEL_SEMANTIC_ID, 1) X(REASON_OPTIONAL_ADDED, 2) X(REASON_OPTIONAL_ARRIVED, 2)    \
    X(REASON_MANDATORY_ADDED, 3) X(REASON_MANDATORY_ARRIVED, 3) X(REASON_OPTIONAL_REMOVED, 4)      \
    X(REASON_OPTIONAL_LEFT, 4) X(REASON_MANDATORY_REMOVED, 5) X(REASON_MANDATORY_LEFT, 5)          \
    X(REASON_CARDINALITY_TIGHTENED, 6) X(REASON_CARDINALITY_LOOSENED, 7)                           \
    X(REASON_SEMANTIC_ID_CHANGED, 8) X(REASON_SEMANTIC_ID_ADDED, 8)                                \
    X(REASON_SEMANTIC_ID_REMOVED, 8) X(REASON_RENAMED, 9) X(REASON_SUBMODEL_RENAMED, 9)            \
    X(REASON_MODEL_TYPE, 10) X(REASON_VALUE_TYPE, 11) X(REASON_LIST_TYPE, 12)                      \
    X(REASON_ENTITY_TYPE, 12) X(REASON_RANGE_NARROWED, 13) X(REASON_RANGE_WIDENED, 13)             \
    X(REASON_VALUES_NARROWED, 13) X(REASON_VALUES_WIDENED, 13) X(REASON_LANGUAGE_ADDED, 14)        \
    X(REASON_LANGUAGE_REMOVED, 14) X(REASON_CHOICE_ADDED, 14) X(REASON_CHOICE_REMOVED, 14)         \
    X(REASON_ALTERNATIVE_ADDED, 14) X(REASON_ALTERNATIVE_REMOVED, 14)                              \
    X(REASON_CONTENT_TYPE, 15) X(REASON_ORDER_RELEVANT, 15) X(REASON_SUPPLEMENTAL_REMOVED, 15)     \
    X(REASON_UNIT, 15) X(REASON_VALUE_LIST, 15) X(REASON_QUALIFIER, 15) X(REASON_BEHAVIOUR, 15)    \
    X(REASON_KIND, 15) X(REASON_TEXT, 16) X(REASON_VALUE, 16) X(REASON_FORM_HINT, 16)              \
    X(REASON_ORDER, 16) X(REASON_SUPPLEMENTAL_ADDED, 16) X(REASON_SPELLING, 16)                    \
    X(REASON_ADMINISTRATION, 16) X(REASON_CONCEPT, 16)
/* clang-format on */

enum compare_reason {
#define COMPARE_REASON_SYMBOL(symbol, rule) symbol,
    COMPARE_REASONS(COMPARE_REASON_SYMBOL)
#undef COMPARE_REASON_SYMBOL
        REASON_COUNT
};

enum { COMPARE_RULES = 16 };

/* 1 to 16; "C01"; what the rule is about; why this does what it does. */
unsigned compare_reason_rule(enum compare_reason reason);
const char *compare_rule_id(unsigned rule);
const char *compare_rule_title(unsigned rule, enum language language);
const char *compare_reason_text(enum compare_reason reason, enum language language);

struct compare_finding {
    enum compare_reason reason;
    unsigned modes;        /* mask 1 << enum compare_mode: modes in which it is a finding */
    bool backward;         /* backward compatibility survives it */
    bool forward;          /* forward compatibility survives it */
    uint32_t from;         /* element of the old side, COMPARE_NONE when added */
    uint32_t to;           /* element of the new side, COMPARE_NONE when removed */
    const char *concept;   /* id of the concept description it is in, NULL: of the element itself */
    const char *attribute; /* "valueType", "description@en", "SMT/Cardinality"; "" for the whole */
    const char *old_value; /* NULL when there was none */
    const char *new_value;
};

/* AAS_ERROR: breaks backward compatibility; AAS_WARNING: forward only, or wants a look (C09, C15);
 * AAS_INFO: harmless. */
enum aas_severity compare_finding_severity(const struct compare_finding *finding);

enum compare_verdict { COMPARE_FULL, COMPARE_BACKWARD, COMPARE_FORWARD, COMPARE_BREAKING };
const char *compare_verdict_text(enum compare_verdict verdict); /* "full", "backward", ... */
const char *compare_verdict_word(enum compare_verdict verdict, enum language language);

/* What part of the version number has to grow. */
enum compare_level { LEVEL_NONE, LEVEL_BUGFIX, LEVEL_REVISION, LEVEL_VERSION };
const char *compare_level_text(enum compare_level level); /* "none", "bug-fix", ... */
const char *compare_level_word(enum compare_level level, enum language language);

struct compare_number {
    unsigned version;
    unsigned revision;
    unsigned bugfix;
    bool known;
};

/* Elements by what came of them. A pair can be renamed, moved and changed at once. The submodels
 * themselves are a pair, too. */
struct compare_counts {
    uint32_t matched; /* pairs */
    uint32_t renamed;
    uint32_t moved;
    uint32_t added;   /* those below an added one included */
    uint32_t removed; /* those below a removed one included */
    uint32_t changed;
};

struct compare_input {
    const struct aas_node *submodel[2];    /* old, new */
    const struct aas_node *environment[2]; /* where their concept descriptions are, NULL: nowhere */
    struct compare_number number[2];       /* what the versions call themselves */
    const char *name[2];                   /* for people: file or version; NULL: none */
};

struct comparison {
    struct compare_side side[2];      /* old, new */
    struct compare_finding *findings; /* by place in the old document, then in the new one */
    size_t finding_count;
    size_t finding_room;
    struct compare_counts counts;
    enum compare_verdict verdict[COMPARE_MODE_COUNT];
    enum compare_level level[COMPARE_MODE_COUNT]; /* what must grow */
    struct compare_number number[2];
    uint32_t change_count; /* elements that differ or have no pair: old ones, then added ones */
    char *scratch;         /* COMPARE_PATH_ROOM bytes for writing: one writer at a time */
};

enum { COMPARE_PATH_ROOM = 16 * 1024 };

/* Compares. ERR_TOO_LARGE when the arena is full. */
ERR_MUST_USE enum err_code compare_run(struct arena *arena, const struct compare_input *input,
    struct comparison *comparison, struct err *err);

/* True when nothing differs at all. */
bool compare_equal(const struct comparison *comparison);

/* The least number the new version may have by what was found; known is false when the old one's
 * is not known. */
struct compare_number compare_next(const struct comparison *comparison, enum compare_mode mode);

/* What really grew between the two numbers; LEVEL_NONE when one is not known or nothing grew. */
enum compare_level compare_declared(const struct comparison *comparison);

/* ------------------------------------------------------------------ which submodels */

/* Picks the pair to compare out of two documents (Environment or Submodel each). Templates go
 * before other submodels; names (id or idShort, NULL: none) choose where there are several. Fills
 * submodel and environment of `input`. ERR_NOT_FOUND without one, ERR_BAD_INPUT with a list of what
 * there is when several are left. */
ERR_MUST_USE enum err_code compare_pick(const struct aas_node *const root[2],
    const char *const name[2], struct compare_input *input, struct err *err);

/* The number in a label such as "3.0.1+aas-3.1" or, without (NULL), that of the administration of a
 * submodel. */
struct compare_number compare_number_of(const char *label, const struct aas_node *submodel);

/* ------------------------------------------------------------------ output */

struct compare_output {
    enum compare_mode mode;
    enum language language;
    bool colour;
    bool rows; /* JSON: also the rows of both trees side by side */
};

/* Appends one JSON object; its shape is described in compare_write.c. */
void compare_write_json(
    struct buf *buf, const struct comparison *comparison, const struct compare_output *output);

/* Appends lines for people. */
void compare_write_text(
    struct buf *buf, const struct comparison *comparison, const struct compare_output *output);

#endif
