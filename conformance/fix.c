/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/fix.h"

#include <string.h>
#include <strings.h>

#include "aas/meta_text.h"
#include "conformance/quote.h"

struct fix {
    struct arena *arena;
    enum meta_version version;
    struct report *changes;
    enum err_code code;
};

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* ------------------------------------------------------------------ spaces */

/* Texts by which something is found or told apart: spaces around them are never meant. */
static bool is_token(const struct meta_prop *prop)
{
    static const struct meta_text *const tokens[] = {&meta_text_identifier, &meta_text_id_short,
        &meta_text_name, &meta_text_version, &meta_text_content_type, &meta_text_language};
    for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++) {
        if (prop->kind == META_TEXT && prop->text == tokens[i]) {
            return true;
        }
    }
    return prop->kind == META_ENUM;
}

static void trim(struct fix *fix, struct aas_node *node, int i)
{
    const struct meta_prop *prop = &node->cls->props[i];
    struct aas_slot *slot = &node->slots[i];
    const char *text = slot->u.text;
    size_t begin = 0;
    size_t end = slot->len;
    while (begin < end && is_space(text[begin])) {
        begin++;
    }
    while (end > begin && is_space(text[end - 1])) {
        end--;
    }
    if (end - begin == slot->len || begin == end) {
        return;
    }
    const char *rule =
        prop->kind == META_TEXT && prop->text->rule != NULL ? prop->text->rule : "schema-pattern";
    struct quote quote = quote_make(text, slot->len);
    const char *kept = arena_copy(fix->arena, text + begin, end - begin);
    if (kept == NULL) {
        fix->code = ERR_TOO_LARGE;
        return;
    }
    report_add(fix->changes, AAS_INFO, rule, node, i, NULL, "spaces around %s '%s' removed",
        prop->name, quote.text);
    slot->u.text = kept;
    slot->len = (uint32_t)(end - begin);
}

/* ------------------------------------------------------------------ what is empty */

static bool may_go(const struct fix *fix, const struct meta_prop *prop)
{
    return !meta_required(prop, fix->version);
}

static void drop_empty_text(struct fix *fix, struct aas_node *node, int i)
{
    const struct meta_prop *prop = &node->cls->props[i];
    bool must_have_text = prop->kind != META_TEXT || prop->text->min_len > 0;
    if (node->slots[i].len == 0 && must_have_text && may_go(fix, prop)) {
        report_add(
            fix->changes, AAS_INFO, "schema-length", node, i, NULL, "empty %s removed", prop->name);
        aas_clear(node, prop->id);
    }
}

static bool says_nothing(const struct aas_node *node)
{
    const char *text = node->cls->is & META_IS_LANG_STRING ? aas_text(node, PROP_text) : NULL;
    return text != NULL && text[0] == '\0';
}

/* A root that says nothing any more would not be recognised: its last list stays. */
static bool is_all(const struct aas_node *node, int i)
{
    for (size_t n = 0; node->parent == NULL && n < node->cls->prop_count; n++) {
        if ((int)n != i && node->slots[n].state != AAS_ABSENT) {
            return false;
        }
    }
    return node->parent == NULL;
}

/* Language strings without text go, and lists that are empty then. */
static void drop_empty_items(struct fix *fix, struct aas_node *node, int i)
{
    const struct meta_prop *prop = &node->cls->props[i];
    struct aas_slot *slot = &node->slots[i];
    size_t filled = 0;
    for (uint32_t n = 0; n < slot->len; n++) {
        filled += !says_nothing(slot->u.nodes[n]);
    }
    if (filled == slot->len && slot->len > 0) {
        return;
    }
    if (filled == 0 && (!may_go(fix, prop) || is_all(node, i))) {
        return; /* a required list cannot go, and an item with a text would have to be invented */
    }
    for (uint32_t n = slot->len; n > 0; n--) {
        if (says_nothing(slot->u.nodes[n - 1])) {
            report_add(fix->changes, AAS_INFO, "schema-length", slot->u.nodes[n - 1], -1, NULL,
                "item of %s without text removed", prop->name);
            aas_list_remove(node, prop->id, n - 1);
        }
    }
    if (slot->state == AAS_NODES && slot->len == 0) {
        report_add(fix->changes, AAS_INFO, "schema-empty-list", node, i, NULL,
            "empty list %s removed", prop->name);
        aas_clear(node, prop->id);
    }
}

/* ------------------------------------------------------------------ template qualifiers */

/* Types that only templates use (SMT concept qualifiers and their older spellings). */
static bool is_template_type(const char *type)
{
    static const char *const types[] = {"SMT/Cardinality", "Cardinality", "Multiplicity",
        "SMT/EitherOr", "SMT/InitialValue", "SMT/DefaultValue", "SMT/ExampleValue", "ExampleValue",
        "SMT/AllowedRange", "SMT/AllowedValue", "SMT/AllowedIdShort", "AllowedIdShort",
        "SMT/RequiredLang", "SMT/AccessMode"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (strcasecmp(type, types[i]) == 0) {
            return true;
        }
    }
    return false;
}

static bool in_template(const struct aas_node *node)
{
    while (node != NULL && node->cls->id != CLASS_Submodel) {
        node = node->parent;
    }
    const char *kind = node == NULL ? NULL : aas_text(node, PROP_kind);
    return kind != NULL && strcmp(kind, "Template") == 0;
}

static void name_kind(struct fix *fix, struct aas_node *node)
{
    static const char kind[] = "TemplateQualifier";
    const char *type = aas_text(node, PROP_type);
    if (type == NULL || aas_text(node, PROP_kind) != NULL || !is_template_type(type) ||
        !in_template(node)) {
        return;
    }
    report_add(fix->changes, AAS_INFO, "AASd-119", node, meta_slot(node->cls, PROP_kind), NULL,
        "kind TemplateQualifier added to the qualifier '%s'", quote_make(type, strlen(type)).text);
    enum err_code code = aas_set_text(fix->arena, node, PROP_kind, kind, sizeof kind - 1);
    fix->code = code != ERR_OK ? code : fix->code;
}

/* ------------------------------------------------------------------ items of lists */

static void drop_id_short(struct fix *fix, struct aas_node *node)
{
    bool item = node->parent != NULL &&
                (node->parent->cls->props[node->parent_slot].flags & META_INDEXED) != 0;
    const char *id_short = item ? aas_text(node, PROP_idShort) : NULL;
    if (fix->version == META_V30 && id_short != NULL) {
        report_add(fix->changes, AAS_INFO, "AASd-120", node, meta_slot(node->cls, PROP_idShort),
            NULL, "idShort '%s' of a list item removed",
            quote_make(id_short, strlen(id_short)).text);
        aas_clear(node, PROP_idShort);
    }
}

/* ------------------------------------------------------------------ the walk */

static void fix_node(struct fix *fix, struct aas_node *node);

/* What is below comes first, so that a list can be empty because of it. Depth is bounded by the
 * readers. */
static void fix_slot(struct fix *fix, struct aas_node *node, int i)
{
    struct aas_slot *slot = &node->slots[i];
    switch (slot->state) {
    case AAS_TEXT:
        if (is_token(&node->cls->props[i])) {
            trim(fix, node, i);
        }
        drop_empty_text(fix, node, i);
        break;
    case AAS_NODE:
        fix_node(fix, slot->u.node);
        break;
    case AAS_NODES:
        for (uint32_t n = 0; n < slot->len; n++) {
            fix_node(fix, slot->u.nodes[n]);
        }
        drop_empty_items(fix, node, i);
        break;
    case AAS_ABSENT:
        break;
    }
}

static void fix_node(struct fix *fix, struct aas_node *node)
{
    for (size_t i = 0; i < node->cls->prop_count; i++) {
        fix_slot(fix, node, (int)i);
    }
    if (node->cls->id == CLASS_Qualifier) {
        name_kind(fix, node);
    }
    drop_id_short(fix, node);
}

enum err_code fix_tree(
    struct arena *arena, struct aas_node *root, enum meta_version version, struct report *changes)
{
    struct fix fix = {arena, version, changes, ERR_OK};
    fix_node(&fix, root);
    return fix.code;
}
