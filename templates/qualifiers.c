/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/qualifiers.h"

#include <string.h>
#include <strings.h>

/* ------------------------------------------------------------------ recognising */

struct type_row {
    const char *type; /* without the prefix SMT/ */
    enum qualifier_use use;
    bool prefix; /* types that begin with it count, too */
};

static const struct type_row types[] = {
    {"Cardinality", QUALIFIER_CARDINALITY, false},
    {"Multiplicity", QUALIFIER_CARDINALITY, false},
    {"EitherOr", QUALIFIER_EITHER_OR, false},
    {"AllowedRange", QUALIFIER_ALLOWED_RANGE, false},
    {"AllowedValue", QUALIFIER_ALLOWED_VALUE, false},
    {"AllowedIdShort", QUALIFIER_ALLOWED_ID_SHORT, false},
    {"RequiredLang", QUALIFIER_REQUIRED_LANG, false},
    {"AccessMode", QUALIFIER_ACCESS_MODE, false},
    {"InitialValue", QUALIFIER_INITIAL_VALUE, false},
    {"DefaultValue", QUALIFIER_DEFAULT_VALUE, false},
    {"ExampleValue", QUALIFIER_EXAMPLE_VALUE, true},
    {"FormTitle", QUALIFIER_FORM_HINT, false},
    {"FormInfo", QUALIFIER_FORM_HINT, false},
    {"FormUrl", QUALIFIER_FORM_HINT, false},
    {"FormChoices", QUALIFIER_FORM_HINT, false},
    {"PresetIdShort", QUALIFIER_FORM_HINT, false},
    {"Edit", QUALIFIER_FORM_HINT, true},
};

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

void qualifier_trim(const char **text, size_t *len)
{
    while (*len > 0 && is_space((*text)[0])) {
        (*text)++;
        (*len)--;
    }
    while (*len > 0 && is_space((*text)[*len - 1])) {
        (*len)--;
    }
}

enum qualifier_use qualifier_use(const struct aas_node *qualifier)
{
    const char *type = aas_text(qualifier, PROP_type);
    if (type == NULL) {
        return QUALIFIER_OTHER;
    }
    size_t len = strlen(type);
    qualifier_trim(&type, &len);
    while (len >= 4 && strncasecmp(type, "SMT/", 4) == 0) {
        type += 4;
        len -= 4;
    }
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        size_t own = strlen(types[i].type);
        if (len >= own && strncasecmp(type, types[i].type, own) == 0 &&
            (len == own || types[i].prefix)) {
            return types[i].use;
        }
    }
    return QUALIFIER_OTHER;
}

bool qualifier_is_for_template(const struct aas_node *qualifier)
{
    const char *kind = aas_text(qualifier, PROP_kind);
    return (kind != NULL && strcmp(kind, "TemplateQualifier") == 0) ||
           qualifier_use(qualifier) != QUALIFIER_OTHER;
}

const struct aas_node *qualifier_find(const struct aas_node *element, enum qualifier_use use)
{
    size_t count = 0;
    struct aas_node **qualifiers = aas_list(element, PROP_qualifiers, &count);
    for (size_t i = 0; i < count; i++) {
        if (qualifier_use(qualifiers[i]) == use) {
            return qualifiers[i];
        }
    }
    return NULL;
}

/* ------------------------------------------------------------------ cardinality */

bool cardinality_read(const char *text, size_t len, struct cardinality *cardinality)
{
    static const struct {
        const char *text;
        struct cardinality means;
    } rows[] = {{"One", {1, 1}}, {"ZeroToOne", {0, 1}}, {"ZeroToMany", {0, QUALIFIER_MANY}},
        {"OneToMany", {1, QUALIFIER_MANY}}};
    qualifier_trim(&text, &len);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (len == strlen(rows[i].text) && strncasecmp(text, rows[i].text, len) == 0) {
            *cardinality = rows[i].means;
            return true;
        }
    }
    return false;
}

static bool is_list_item(const struct aas_node *element)
{
    const struct aas_node *parent = element->parent;
    return parent != NULL && parent->cls->props[element->parent_slot].flags & META_INDEXED;
}

struct cardinality qualifier_cardinality(const struct aas_node *element)
{
    struct cardinality result = {1, 1};
    const struct aas_node *qualifier = qualifier_find(element, QUALIFIER_CARDINALITY);
    const char *text = qualifier != NULL ? aas_text(qualifier, PROP_value) : NULL;
    if (text != NULL && cardinality_read(text, strlen(text), &result)) {
        return result;
    }
    if (is_list_item(element)) {
        return (struct cardinality){0, QUALIFIER_MANY};
    }
    return (struct cardinality){1, 1};
}

/* ------------------------------------------------------------------ languages */

static bool next_language(const char **at, const char **tag, size_t *len)
{
    *at += strspn(*at, " \t\r\n,;|");
    *tag = *at;
    *len = strcspn(*at, " \t\r\n,;|");
    *at += *len;
    return *len > 0;
}

bool required_languages_within(const char *inner, const char *outer)
{
    const char *tag;
    size_t len;
    while (next_language(&inner, &tag, &len)) {
        const char *at = outer;
        const char *other;
        size_t other_len;
        bool found = false;
        while (!found && next_language(&at, &other, &other_len)) {
            found = len == other_len && strncasecmp(tag, other, len) == 0;
        }
        if (!found) {
            return false;
        }
    }
    return true;
}
