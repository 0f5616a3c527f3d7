/* SPDX-License-Identifier: Apache-2.0 */
/* References: which keys may begin, follow and end them, and what they have to point at. */
#include <string.h>

#include "conformance/constraint_checks.h"
#include "conformance/quote.h"

/* Groups of key types (IDTA-01001, "Referencing"). What is in no other group is a kind of element.
 */
enum key_group {
    KEY_AAS_IDENTIFIABLE = 1, /* AasIdentifiables */
    KEY_GENERIC_GLOBAL = 2,   /* GenericGloballyIdentifiables */
    KEY_GENERIC_FRAGMENT = 4, /* GenericFragmentKeys */
    KEY_ELEMENT = 8,          /* AasReferableNonIdentifiables */
    KEY_REFERABLE = 16,       /* of any kind: neither first nor following key */
    KEY_UNKNOWN = 32,         /* no key type at all: the schema complains */
};

struct key_type {
    const char *name;
    size_t len;
    enum key_group group;
};

#define TYPE(name) name, sizeof name - 1
static const struct key_type other_types[] = {
    {TYPE("GlobalReference"), KEY_GENERIC_GLOBAL},
    {TYPE("Submodel"), KEY_AAS_IDENTIFIABLE},
    {TYPE("ConceptDescription"), KEY_AAS_IDENTIFIABLE},
    {TYPE("AssetAdministrationShell"), KEY_AAS_IDENTIFIABLE},
    {TYPE("Identifiable"), KEY_AAS_IDENTIFIABLE},
    {TYPE("FragmentReference"), KEY_GENERIC_FRAGMENT},
    {TYPE("Referable"), KEY_REFERABLE},
};

static enum key_group group_of(const struct aas_node *key)
{
    const struct aas_slot *type = aas_slot(key, PROP_type);
    if (type == NULL || type->state != AAS_TEXT) {
        return KEY_UNKNOWN;
    }
    for (size_t i = 0; i < sizeof other_types / sizeof *other_types; i++) {
        if (other_types[i].len == type->len &&
            plain_equal(other_types[i].name, type->u.text, type->len)) {
            return other_types[i].group;
        }
    }
    return meta_enum_has(&meta_enum_key_types, type->u.text, type->len, META_V_ANY) ? KEY_ELEMENT
                                                                                    : KEY_UNKNOWN;
}

static const char *type_of(const struct aas_node *key)
{
    const char *type = aas_text(key, PROP_type);
    return type == NULL ? "" : type;
}

static bool is_model(const struct aas_node *reference)
{
    return constraint_text_is(reference, PROP_type, "ModelReference");
}

static bool is_external(const struct aas_node *reference)
{
    return constraint_text_is(reference, PROP_type, "ExternalReference");
}

static void tell_key(const struct aas_node *key, const struct constraint *row,
    struct report *report, const char *which)
{
    BREACH(row, report, key, meta_slot(key->cls, PROP_type), "the %s key has the type %s", which,
        type_of(key));
}

static bool may_begin(enum key_group group)
{
    return (group & (KEY_AAS_IDENTIFIABLE | KEY_GENERIC_GLOBAL | KEY_UNKNOWN)) != 0;
}

CONSTRAINT_CHECK(check_first_key)
{
    size_t count = 0;
    struct aas_node **keys = aas_list(node, PROP_keys, &count);
    if (count > 0 && !may_begin(group_of(keys[0]))) {
        tell_key(keys[0], row, report, "first");
    }
}

/* A first key that begins no reference at all has been told about by AASd-121. */
CONSTRAINT_CHECK(check_external_first_key)
{
    size_t count = 0;
    struct aas_node **keys = aas_list(node, PROP_keys, &count);
    if (count > 0 && is_external(node) && group_of(keys[0]) == KEY_AAS_IDENTIFIABLE) {
        tell_key(keys[0], row, report, "first");
    }
}

CONSTRAINT_CHECK(check_model_first_key)
{
    size_t count = 0;
    struct aas_node **keys = aas_list(node, PROP_keys, &count);
    if (count > 0 && is_model(node) && group_of(keys[0]) == KEY_GENERIC_GLOBAL) {
        tell_key(keys[0], row, report, "first");
    }
}

/* With one key only, the rule about the first key says it. */
CONSTRAINT_CHECK(check_external_last_key)
{
    size_t count = 0;
    struct aas_node **keys = aas_list(node, PROP_keys, &count);
    if (count > 1 && is_external(node) &&
        !(group_of(keys[count - 1]) & (KEY_GENERIC_GLOBAL | KEY_GENERIC_FRAGMENT | KEY_UNKNOWN))) {
        tell_key(keys[count - 1], row, report, "last");
    }
}

CONSTRAINT_CHECK(check_fragment_keys)
{
    size_t count = 0;
    struct aas_node **keys = aas_list(node, PROP_keys, &count);
    for (size_t i = 1; i < count && is_model(node); i++) {
        if (!(group_of(keys[i]) & (KEY_ELEMENT | KEY_GENERIC_FRAGMENT | KEY_UNKNOWN))) {
            tell_key(keys[i], row, report, "following");
        }
    }
}

CONSTRAINT_CHECK(check_generic_fragment)
{
    size_t count = 0;
    struct aas_node **keys = aas_list(node, PROP_keys, &count);
    for (size_t i = 1; i + 1 < count && is_model(node); i++) {
        if (group_of(keys[i]) == KEY_GENERIC_FRAGMENT) {
            BREACH(row, report, keys[i], meta_slot(keys[i]->cls, PROP_type),
                "keys follow the key of type %s", type_of(keys[i]));
        }
    }
}

CONSTRAINT_CHECK(check_fragment_after_file)
{
    size_t count = 0;
    struct aas_node **keys = aas_list(node, PROP_keys, &count);
    for (size_t i = 1; i < count && is_model(node); i++) {
        if (group_of(keys[i]) == KEY_GENERIC_FRAGMENT &&
            strcmp(type_of(keys[i - 1]), "File") != 0 &&
            strcmp(type_of(keys[i - 1]), "Blob") != 0) {
            BREACH(row, report, keys[i], meta_slot(keys[i]->cls, PROP_type),
                "a key of type %s follows a key of type %s", type_of(keys[i]),
                type_of(keys[i - 1]));
        }
    }
}

/* An integer in its one form: idShort paths know no leading zeros either (IDTA-01002). */
static bool is_index(const char *text)
{
    size_t digits = strspn(text, "0123456789");
    return digits > 0 && text[digits] == '\0' && (text[0] != '0' || digits == 1);
}

CONSTRAINT_CHECK(check_list_index)
{
    size_t count = 0;
    struct aas_node **keys = aas_list(node, PROP_keys, &count);
    for (size_t i = 1; i < count && is_model(node); i++) {
        const char *value = aas_text(keys[i], PROP_value);
        if (value != NULL && strcmp(type_of(keys[i - 1]), "SubmodelElementList") == 0 &&
            !is_index(value)) {
            BREACH(row, report, keys[i], meta_slot(keys[i]->cls, PROP_value),
                "the key after a list has the value '%s', which is no position",
                quote_make(value, strlen(value)).text);
        }
    }
}

CONSTRAINT_CHECK(check_subject)
{
    const struct aas_node *subject = aas_child(node, PROP_externalSubjectId);
    if (subject != NULL && is_model(subject)) {
        BREACH(row, report, subject, meta_slot(subject->cls, PROP_type),
            "externalSubjectId is a model reference");
    }
}

/* ------------------------------------------------------------------ targets */

/* Attributes whose references the metamodel types: ModelReference<...>. */
struct target {
    enum meta_class_id cls;
    enum meta_prop_id prop;
    const char *type; /* of the last key; NULL: anything in the model */
};

static const struct target targets[] = {
    {CLASS_AssetAdministrationShell, PROP_derivedFrom, "AssetAdministrationShell"},
    {CLASS_AssetAdministrationShell, PROP_submodels, "Submodel"},
    {CLASS_BasicEventElement, PROP_observed, NULL},
    {CLASS_BasicEventElement, PROP_messageBroker, NULL},
    {CLASS_EventPayload, PROP_source, NULL},
    {CLASS_EventPayload, PROP_observableReference, NULL},
};

static void check_target(const struct aas_node *reference, const struct target *target,
    const struct constraint *row, struct report *report)
{
    const char *name = meta_prop_name(target->prop);
    size_t count = 0;
    struct aas_node **keys = aas_list(reference, PROP_keys, &count);
    if (is_external(reference)) {
        BREACH(row, report, reference, meta_slot(reference->cls, PROP_type),
            "%s is an external reference", name);
    } else if (count > 0 && target->type != NULL &&
               strcmp(type_of(keys[count - 1]), target->type) != 0 &&
               group_of(keys[count - 1]) != KEY_UNKNOWN) {
        BREACH(row, report, keys[count - 1], meta_slot(keys[count - 1]->cls, PROP_type),
            "%s refers to a %s instead of a %s", name, type_of(keys[count - 1]), target->type);
    }
}

CONSTRAINT_CHECK(check_reference_kinds)
{
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        const struct aas_slot *slot =
            targets[i].cls == node->cls->id ? aas_slot(node, targets[i].prop) : NULL;
        if (slot != NULL && slot->state == AAS_NODE) {
            check_target(slot->u.node, &targets[i], row, report);
        }
        for (size_t n = 0; slot != NULL && slot->state == AAS_NODES && n < slot->len; n++) {
            check_target(slot->u.nodes[n], &targets[i], row, report);
        }
    }
}
