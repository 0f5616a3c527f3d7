/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/facets.h"

#include <libxml/xmlregexp.h>
#include <stdio.h>
#include <string.h>

#include "aas/literal.h"
#include "aas/meta_text.h"
#include "conformance/quote.h"

/* ------------------------------------------------------------------ patterns */

enum { PATTERN_CEILING = 16, VERSIONS = 2 };

/* One compiled pattern per text type and version; what it allows, in words. */
struct pattern {
    const struct meta_text *text;
    xmlRegexpPtr compiled[VERSIONS]; /* NULL: no pattern in that version */
};

static struct pattern patterns[PATTERN_CEILING];
static size_t pattern_count;

struct pattern_words {
    const struct meta_text *text;
    const char *allowed[VERSIONS];
};

static const char language_words[] = "Write a BCP 47 language tag such as en, de, ko or en-US.";
static const char version_words[] = "Write a whole number of at most four digits without leading "
                                    "zeros.";
static const char media_type_words[] = "Write a media type such as application/pdf.";
static const char time_words[] =
    "Write date and time in UTC with Z at the end, such as 2024-01-31T12:00:00Z.";
static const char duration_words[] = "Write a duration such as PT10S or P1DT12H.";

static const struct pattern_words words[] = {
    {&meta_text_id_short,
        {"Use letters, digits and underscores only and begin with a letter.",
            "Use at least two letters, digits, underscores or hyphens, begin with a letter and do "
            "not end with a hyphen."}},
    {&meta_text_language, {language_words, language_words}},
    {&meta_text_version, {version_words, version_words}},
    {&meta_text_content_type, {media_type_words, media_type_words}},
    {&meta_text_path, {NULL, "Write a URI or a path and percent-encode spaces and other special "
                             "characters."}},
    {&meta_text_date_time_utc, {time_words, time_words}},
    {&meta_text_duration, {duration_words, duration_words}},
};

static size_t version_index(enum meta_version version)
{
    return version == META_V30 ? 0 : 1;
}

static const char *pattern_remedy(const struct meta_text *text, enum meta_version version)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (words[i].text == text) {
            return words[i].allowed[version_index(version)];
        }
    }
    return NULL;
}

static const struct pattern *pattern_of(const struct meta_text *text)
{
    for (size_t i = 0; i < pattern_count; i++) {
        if (patterns[i].text == text) {
            return &patterns[i];
        }
    }
    return NULL;
}

static bool compile(const struct meta_text *text)
{
    static const enum meta_version versions[VERSIONS] = {META_V30, META_V31};
    if ((text->pattern_30 == NULL && text->pattern_31 == NULL) || pattern_of(text) != NULL) {
        return true;
    }
    if (pattern_count == PATTERN_CEILING) {
        return false;
    }
    struct pattern *pattern = &patterns[pattern_count++];
    pattern->text = text;
    for (size_t v = 0; v < VERSIONS; v++) {
        const char *source = meta_text_pattern(text, versions[v]);
        if (source == NULL) {
            continue;
        }
        pattern->compiled[v] = xmlRegexpCompile((const xmlChar *)source);
        if (pattern->compiled[v] == NULL) {
            return false;
        }
        /* Fills what libxml2 would else fill lazily, with several threads at it. */
        (void)xmlRegexpIsDeterminist(pattern->compiled[v]);
    }
    return true;
}

enum err_code facets_start(struct err *err)
{
    for (int id = 0; id < CLASS_COUNT; id++) {
        const struct meta_class *cls = meta_class((enum meta_class_id)id);
        for (size_t i = 0; i < cls->prop_count; i++) {
            const struct meta_text *text = cls->props[i].text;
            if (text != NULL && !compile(text)) {
                return err_set(err, ERR_INTERNAL, "the pattern of %s does not compile", text->name);
            }
        }
    }
    return ERR_OK;
}

void facets_stop(void)
{
    for (size_t i = 0; i < pattern_count; i++) {
        for (size_t v = 0; v < VERSIONS; v++) {
            xmlRegFreeRegexp(patterns[i].compiled[v]);
        }
        patterns[i] = (struct pattern){.text = NULL};
    }
    pattern_count = 0;
}

/* ------------------------------------------------------------------ one attribute */

struct walk {
    enum meta_version version;
    enum facets_scope scope;
    struct report *report;
    const struct facets_listener *listener;
};

static void tell_listener(const struct walk *walk, const struct aas_node *node, int slot)
{
    if (walk->listener != NULL) {
        walk->listener->found(walk->listener->context, node, slot);
    }
}

/* Characters that a text may have; 0: any number. */
static uint32_t max_length(const struct meta_text *text, enum meta_version version)
{
    if (text->max_not_in_xsd) {
        return 0;
    }
    bool open = text->max_len_31 == 0 && text->pattern_31 != NULL;
    return open ? FACETS_PATTERN_CEILING : meta_text_max(text, version);
}

static bool is_beyond_ceiling(const struct meta_text *text, const struct aas_slot *slot)
{
    return slot->len > FACETS_PATTERN_CEILING && text->max_len_31 == 0 && text->pattern_31 != NULL;
}

static void check_length(const struct walk *walk, const struct aas_node *node, int i)
{
    const struct meta_prop *prop = &node->cls->props[i];
    const struct aas_slot *slot = &node->slots[i];
    uint32_t max = max_length(prop->text, walk->version);
    if (slot->len == 0) {
        tell_listener(walk, node, i);
        report_add(walk->report, AAS_ERROR, "schema-length", node, i,
            "Write a text or leave the attribute out.", "%s is empty", prop->name);
        return;
    }
    size_t characters = quote_characters(slot->u.text, slot->len);
    if (max == 0 || (characters <= max && !is_beyond_ceiling(prop->text, slot))) {
        return;
    }
    char remedy[64];
    snprintf(remedy, sizeof remedy, "Use at most %u characters.", (unsigned)max);
    tell_listener(walk, node, i);
    report_add(walk->report, AAS_ERROR, "schema-length", node, i, remedy,
        "%s '%s' has %zu characters", prop->name, quote_make(slot->u.text, slot->len).text,
        characters);
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* What nearly all names and languages are, told without the pattern: letters, digits and
 * underscores behind a letter; two or three letters. */
static bool is_ordinary(const struct meta_text *text, const struct aas_slot *slot)
{
    const char *at = slot->u.text;
    bool name = text == &meta_text_id_short && slot->len >= 2;
    bool language = text == &meta_text_language && (slot->len == 2 || slot->len == 3);
    bool fits = (name || language) && is_letter(at[0]);
    for (uint32_t i = 1; fits && i < slot->len; i++) {
        bool other = (at[i] >= '0' && at[i] <= '9') || at[i] == '_';
        fits = is_letter(at[i]) || (name && other);
    }
    return fits;
}

static void check_pattern(const struct walk *walk, const struct aas_node *node, int i)
{
    const struct meta_prop *prop = &node->cls->props[i];
    const struct aas_slot *slot = &node->slots[i];
    if (meta_text_pattern(prop->text, walk->version) == NULL || is_ordinary(prop->text, slot)) {
        return;
    }
    const struct pattern *pattern = pattern_of(prop->text);
    xmlRegexpPtr compiled =
        pattern == NULL ? NULL : pattern->compiled[version_index(walk->version)];
    if (compiled == NULL || xmlRegexpExec(compiled, (const xmlChar *)slot->u.text) == 1) {
        return;
    }
    tell_listener(walk, node, i);
    report_add(walk->report, AAS_ERROR,
        prop->text->rule != NULL ? prop->text->rule : "schema-pattern", node, i,
        pattern_remedy(prop->text, walk->version), "%s '%s' is not written as it must be",
        prop->name, quote_make(slot->u.text, slot->len).text);
}

bool facets_base64_fits(const struct aas_node *node, int i, struct report *report)
{
    const struct aas_slot *slot = &node->slots[i];
    const char *reason = NULL;
    if (slot->state != AAS_TEXT ||
        aas_literal_valid("xs:base64Binary", slot->u.text, slot->len, &reason)) {
        return true;
    }
    report_add(report, AAS_ERROR, "schema-type", node, i,
        "Write the content as base64 (RFC 4648, section 4).", "%s is no base64: %s",
        node->cls->props[i].name, reason);
    return false;
}

static void check_text(const struct walk *walk, const struct aas_node *node, int i)
{
    const struct meta_text *text = node->cls->props[i].text;
    const struct aas_slot *slot = &node->slots[i];
    uint32_t max = max_length(text, walk->version);
    if (slot->len < text->min_len || (max > 0 && slot->len > max)) {
        check_length(walk, node, i);
    }
    if (slot->len >= text->min_len && !is_beyond_ceiling(text, slot)) {
        check_pattern(walk, node, i);
    }
    if (text == &meta_text_base64 && !facets_base64_fits(node, i, walk->report)) {
        tell_listener(walk, node, i);
    }
}

static void list_values(const struct meta_enum *e, enum meta_version version, char *to, size_t size)
{
    size_t used = (size_t)snprintf(to, size, "Use one of: ");
    const char *separator = "";
    for (size_t i = 0; i < e->count && used < size; i++) {
        if (e->values[i].versions & version) {
            used += (size_t)snprintf(to + used, size - used, "%s%s", separator, e->values[i].text);
            separator = ", ";
        }
    }
}

static void check_enum(const struct walk *walk, const struct aas_node *node, int i)
{
    const struct meta_prop *prop = &node->cls->props[i];
    const struct aas_slot *slot = &node->slots[i];
    if (meta_enum_has(prop->enumeration, slot->u.text, slot->len, walk->version)) {
        return;
    }
    char remedy[768];
    list_values(prop->enumeration, walk->version, remedy, sizeof remedy);
    tell_listener(walk, node, i);
    report_add(walk->report, AAS_ERROR, "schema-enumeration", node, i, remedy,
        "%s '%s' is not a value of %s", prop->name, quote_make(slot->u.text, slot->len).text,
        prop->enumeration->name);
}

static void check_bool(const struct walk *walk, const struct aas_node *node, int i)
{
    const struct aas_slot *slot = &node->slots[i];
    if (aas_literal_valid("xs:boolean", slot->u.text, slot->len, NULL)) {
        return;
    }
    tell_listener(walk, node, i);
    report_add(walk->report, AAS_ERROR, "schema-type", node, i, "Write true or false.",
        "%s '%s' is not true or false", node->cls->props[i].name,
        quote_make(slot->u.text, slot->len).text);
}

static void check_absent(const struct walk *walk, const struct aas_node *node, int i)
{
    const struct meta_prop *prop = &node->cls->props[i];
    if (walk->scope == FACETS_PRESENT) {
        return;
    }
    char remedy[96];
    snprintf(remedy, sizeof remedy, "Add the attribute %s.", prop->name);
    tell_listener(walk, node, -1);
    report_add(walk->report, AAS_ERROR, "schema-required", node, -1, remedy, "%s has no %s",
        node->cls->name, prop->name);
}

static void check_list(const struct walk *walk, const struct aas_node *node, int i)
{
    if (node->slots[i].len > 0 || walk->scope == FACETS_PRESENT ||
        (node->cls->props[i].flags & META_MAY_BE_EMPTY)) {
        return;
    }
    tell_listener(walk, node, i);
    report_add(walk->report, AAS_ERROR, "schema-empty-list", node, i,
        "Lists must have at least one item or be left out.", "%s is an empty list",
        node->cls->props[i].name);
}

/* Readers see to it that only what fits stands somewhere; edits of a tree may not. */
static void check_fit(const struct walk *walk, const struct aas_node *node, int i)
{
    const struct meta_prop *prop = &node->cls->props[i];
    const struct aas_slot *slot = &node->slots[i];
    for (uint32_t n = 0; n < slot->len; n++) {
        const struct aas_node *child = slot->state == AAS_NODE ? slot->u.node : slot->u.nodes[n];
        if (meta_class_fits(child->cls, prop->cls)) {
            continue;
        }
        char remedy[96];
        snprintf(remedy, sizeof remedy, "Use a %s here.", prop->cls->name);
        tell_listener(walk, child, -1);
        report_add(walk->report, AAS_ERROR, "schema-unexpected", child, -1, remedy,
            "%s cannot stand in %s of %s", child->cls->name, prop->name, node->cls->name);
    }
}

/* ------------------------------------------------------------------ the walk */

static enum err_code find_beyond(const struct aas_node *node, void *context)
{
    (void)context;
    for (size_t i = 0; i < node->cls->prop_count; i++) {
        const struct aas_slot *slot = &node->slots[i];
        if (slot->state == AAS_TEXT && slot->len > FACETS_PATTERN_CEILING &&
            node->cls->props[i].kind == META_TEXT &&
            is_beyond_ceiling(node->cls->props[i].text, slot)) {
            return ERR_TOO_LARGE;
        }
    }
    return ERR_OK;
}

bool facets_beyond_ceiling(const struct aas_node *root)
{
    return aas_walk(root, find_beyond, NULL) != ERR_OK;
}

static void check_slot(const struct walk *walk, const struct aas_node *node, int i)
{
    switch (node->slots[i].state) {
    case AAS_ABSENT:
        break;
    case AAS_TEXT:
        switch (node->cls->props[i].kind) {
        case META_TEXT:
            check_text(walk, node, i);
            break;
        case META_ENUM:
            check_enum(walk, node, i);
            break;
        case META_BOOL:
            check_bool(walk, node, i);
            break;
        case META_NODE:
        case META_LIST:
            break;
        }
        break;
    case AAS_NODES:
        check_list(walk, node, i);
        check_fit(walk, node, i);
        break;
    case AAS_NODE:
        check_fit(walk, node, i);
        break;
    }
}

static enum err_code check_node(const struct aas_node *node, void *context)
{
    const struct walk *walk = context;
    const struct meta_class *cls = node->cls;
    for (size_t i = 0; i < cls->prop_count; i++) {
        if (node->slots[i].state != AAS_ABSENT) {
            check_slot(walk, node, (int)i);
        } else if (meta_required(&cls->props[i], walk->version)) {
            check_absent(walk, node, (int)i);
        }
    }
    return ERR_OK;
}

void facets_walk(const struct aas_node *root, enum meta_version version, enum facets_scope scope,
    struct report *report, const struct facets_listener *listener)
{
    struct walk walk = {version, scope, report, listener};
    (void)!aas_walk(root, check_node, &walk);
}
