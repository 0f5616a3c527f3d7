/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_CONFORMANCE_COMPARE_PARTS_H
#define JIG_CONFORMANCE_COMPARE_PARTS_H
/*
 * The steps of a comparison, each in its file: names and semantic ids become numbers
 * (compare_names.c), elements become pairs (compare_match.c), pairs and single elements become
 * findings (compare_rules.c, compare_attributes.c, compare_qualifiers.c, compare_concepts.c),
 * findings become a verdict (compare_verdict.c).
 */
#include "conformance/compare.h"
#include "templates/qualifiers.h"

/* Numbers for texts: equal texts have equal numbers, 0 is "none". */
struct name_entry {
    const char *text;
    uint64_t hash;
    uint32_t len;
    uint32_t number;
};

struct names {
    struct arena *arena;
    struct name_entry *entries; /* open addressing, room is a power of two */
    size_t room;
    size_t count;
    char *scratch; /* for one text while it is made */
    size_t scratch_room;
    bool full; /* the arena was */
};

/* What an element is matched by. */
struct element_key {
    uint32_t exact;      /* semantic id: type and keys */
    uint32_t value;      /* values of the keys */
    uint32_t plain;      /* values without version numbers */
    uint32_t name;       /* idShort */
    uint32_t stem;       /* idShort without counter */
    uint16_t slot;       /* attribute of the parent that holds it, by property id */
    uint16_t cls;        /* enum meta_class_id */
    bool item;           /* of a list */
    uint32_t supplement; /* first of its supplemental ids in `supplements`, by value */
    uint32_t supplement_count;
};

struct compare_work {
    struct arena *arena;
    struct comparison *out;
    const struct compare_input *input;
    struct names names;
    struct element_key *keys[2];
    uint32_t *supplements[2];
    bool *adrift[2]; /* in a part that was moved: what differs there breaks nothing more */
    bool full;
};

enum { OLD, NEW };

/* Fills keys and supplements of one side. */
void names_fill(struct compare_work *work, int side);

/* The number of a text. */
uint32_t names_number(struct names *names, const char *text, size_t len);

/* Appends to `to` (room for len + 1 bytes) an id without the version numbers in it; the length. */
size_t names_without_version(const char *text, size_t len, char *to);

/* Bytes of an idShort in front of its counter: "Name__00__", "Name{00}", "Name01". */
size_t names_stem(const char *text, size_t len);

/* Sorting numbers and finding one. */
void numbers_sort(uint32_t *numbers, size_t count);
bool numbers_have(const uint32_t *sorted, size_t count, uint32_t number);

/* Modes in which the semantic ids of a pair mean the same. Neither having one is the same, too. */
unsigned names_linked(const struct compare_work *work, uint32_t from, uint32_t to);

/* The numbers of a reference (NULL: all 0). */
struct reference_numbers {
    uint32_t exact;
    uint32_t value;
    uint32_t plain;
};
struct reference_numbers names_reference(struct names *names, const struct aas_node *reference);

/* The semantic id of an element; an item of a list without one has that of the list's items
 * (IDTA-01001, SubmodelElementList/semanticIdListElement). NULL: none. */
const struct aas_node *names_semantic_id(const struct aas_node *element);

/* Finds the pairs. */
void match_elements(struct compare_work *work);

/* Where a finding belongs. */
struct finding_place {
    uint32_t from;
    uint32_t to;
    const char *concept;
};

/* Adds one finding with the effects of its reason; without any inside a part that was moved.
 * `attribute` and values must outlive the comparison. */
void finding_add(struct compare_work *work, enum compare_reason reason,
    const struct finding_place *place, const char *attribute, const char *old_value,
    const char *new_value);
/* The same, counting only in some of the matching modes. */
void finding_add_in(struct compare_work *work, unsigned modes, enum compare_reason reason,
    const struct finding_place *place, const char *attribute, const char *old_value,
    const char *new_value);

/* What a reason does. */
bool reason_backward(enum compare_reason reason);
bool reason_forward(enum compare_reason reason);

/* Findings of all pairs and single elements. */
void rules_apply(struct compare_work *work);

/* Findings about the attributes of one pair; semanticId, idShort and qualifiers apart. */
void attributes_compare(struct compare_work *work, const struct finding_place *place);

/* About the embedded data specifications of two objects, one after the other. */
void attributes_of_specs(struct compare_work *work, const struct finding_place *place,
    const struct aas_node *a, const struct aas_node *b);

/* About one attribute that holds texts in several languages, of two objects (either NULL). */
void attributes_of_texts(struct compare_work *work, const struct finding_place *place,
    enum meta_prop_id id, enum compare_reason reason, const struct aas_node *a,
    const struct aas_node *b);

/* The value of an attribute as text, NULL when it is absent. */
const char *attribute_text(struct compare_work *work, const struct aas_node *node, int slot);
/* A reference as text: its keys. */
const char *attribute_reference(struct compare_work *work, const struct aas_node *reference);

void qualifiers_compare(struct compare_work *work, const struct finding_place *place);

/* Concept descriptions that the pairs refer to. */
void concepts_compare(struct compare_work *work);

/* Verdicts, levels and counts. */
void verdict_fill(struct comparison *out);

#endif
