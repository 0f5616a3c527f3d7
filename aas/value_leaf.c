/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "aas/literal.h"
#include "aas/meta_text.h"
#include "aas/path.h"
#include "aas/value_parts.h"

enum { SHOWN = 80 }; /* bytes of a value inside a message */

/* ------------------------------------------------------------------ texts */

/* The characters of XML 1.0, as far as UTF-8 without surrogates can miss them (AASd-130). */
static bool has_foreign_character(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        bool control = c < 0x20 && c != '\t' && c != '\n' && c != '\r';
        bool nonchar = c == 0xEF && i + 2 < len && (unsigned char)text[i + 1] == 0xBF &&
                       (unsigned char)text[i + 2] >= 0xBE;
        if (control || nonchar) {
            return true;
        }
    }
    return false;
}

enum err_code value_check_characters(struct value_applying *ap, const struct aas_node *node,
    const struct json *value, const char *text, size_t len)
{
    if (!has_foreign_character(text, len)) {
        return ERR_OK;
    }
    err_set(ap->err, ERR_BAD_INPUT, "the text holds a character that XML 1.0 does not know");
    return value_refuse(ap, node, value, "AASd-130", "Remove control characters from the text.");
}

static enum err_code check_literal(struct value_applying *ap, const struct aas_node *node,
    const struct json *value, const char *type, const char *text, size_t len)
{
    const char *reason = NULL;
    if (type == NULL || aas_literal_valid(type, text, len, &reason)) {
        return ERR_OK;
    }
    char remedy[160];
    err_set(ap->err, ERR_BAD_INPUT, "\"%.*s\" is no value of type %s%s%s",
        aas_utf8_cut(text, len, SHOWN), text, type, reason == NULL ? "" : ": ",
        reason == NULL ? "" : reason);
    snprintf(remedy, sizeof remedy, "Send a value that is written as %s asks for.", type);
    return value_refuse(ap, node, value, "value-type", remedy);
}

/* The text of a scalar: strings, numbers in their spelling, true and false. NULL for others. */
static const char *scalar_text(const struct json *value, size_t *len)
{
    switch ((enum json_kind)value->kind) {
    case JSON_TRUE:
        *len = 4;
        return "true";
    case JSON_FALSE:
        *len = 5;
        return "false";
    case JSON_NUMBER:
    case JSON_STRING:
        *len = value->len;
        return value->text;
    default:
        return NULL;
    }
}

enum err_code value_apply_literal(struct value_applying *ap, struct aas_node *node,
    enum meta_prop_id id, const struct json *value)
{
    size_t len = 0;
    const char *text = scalar_text(value, &len);
    if (text == NULL) {
        return value_wrong_kind(ap, node, value, "a string, a number, true or false");
    }
    enum err_code code = value_check_characters(ap, node, value, text, len);
    if (code == ERR_OK) {
        code = check_literal(ap, node, value, aas_text(node, PROP_valueType), text, len);
    }
    return code == ERR_OK ? value_change_text(ap, node, id, text, len) : code;
}

enum err_code value_apply_text(struct value_applying *ap, struct aas_node *node,
    const struct meta_prop *prop, const struct json *value)
{
    if (value->kind != JSON_STRING) {
        err_set(ap->err, ERR_BAD_INPUT, "\"%s\" cannot be %s", prop->name, value_kind_name(value));
        return value_refuse(ap, node, value, "value-structure", "Send a string.");
    }
    enum err_code code = value_check_characters(ap, node, value, value->text, value->len);
    if (code == ERR_OK && prop->text == &meta_text_base64) {
        code = check_literal(ap, node, value, "xs:base64Binary", value->text, value->len);
    }
    bool known = prop->kind != META_ENUM ||
                 meta_enum_has(prop->enumeration, value->text, value->len, META_V_ANY);
    if (code == ERR_OK && !known) {
        err_set(ap->err, ERR_BAD_INPUT, "\"%.*s\" is no %s",
            aas_utf8_cut(value->text, value->len, SHOWN), value->text, prop->enumeration->name);
        return value_refuse(ap, node, value, "value-type", "Use a value of this enumeration.");
    }
    return code == ERR_OK ? value_change_text(ap, node, prop->id, value->text, value->len) : code;
}

/* ------------------------------------------------------------------ several languages */

static struct aas_node *lang_string(
    struct value_applying *ap, const char *language, size_t language_len, const struct json *text)
{
    struct aas_node *node = aas_node_new(ap->arena, meta_class(CLASS_LangStringTextType));
    bool done = node != NULL &&
                aas_set_text(ap->arena, node, PROP_language, language, language_len) == ERR_OK &&
                aas_set_text(ap->arena, node, PROP_text, text->text, text->len) == ERR_OK;
    return done ? node : NULL;
}

struct languages {
    struct aas_node **list;
    size_t count;
};

static enum err_code add_language(struct value_applying *ap, const struct aas_node *node,
    struct languages *to, const char *language, size_t len, const struct json *text)
{
    if (text->kind != JSON_STRING) {
        err_set(
            ap->err, ERR_BAD_INPUT, "the text of a language cannot be %s", value_kind_name(text));
        return value_refuse(ap, node, text, "value-structure", "Send a string for each language.");
    }
    if (len == 0) {
        err_set(ap->err, ERR_BAD_INPUT, "a text stands without its language");
        return value_refuse(
            ap, node, text, "value-structure", "Name the language, such as \"en\".");
    }
    enum err_code code = value_check_characters(ap, node, text, language, len);
    if (code == ERR_OK) {
        code = value_check_characters(ap, node, text, text->text, text->len);
    }
    if (code != ERR_OK) {
        return code;
    }
    to->list[to->count] = lang_string(ap, language, len, text);
    return to->list[to->count++] == NULL ? value_no_room(ap) : ERR_OK;
}

/* {"en":"…","de":"…"}, or the normal form {"language":"en","text":"…"}. */
static enum err_code add_languages(struct value_applying *ap, const struct aas_node *node,
    struct languages *to, const struct json *object)
{
    const struct json *language = json_member(object, "language");
    const struct json *text = json_member(object, "text");
    if (object->count == 2 && text != NULL && language != NULL && language->kind == JSON_STRING) {
        return add_language(ap, node, to, language->text, language->len, text);
    }
    enum err_code code = ERR_OK;
    for (const struct json *at = object->first; code == ERR_OK && at != NULL; at = at->next) {
        code = add_language(ap, node, to, at->name, at->name_len, at);
    }
    return code;
}

enum err_code value_apply_languages(
    struct value_applying *ap, struct aas_node *node, const struct json *value)
{
    static const char wanted[] = "an array such as [{\"en\":\"speed\"},{\"ko\":\"...\"}]";
    if (value->kind != JSON_ARRAY && value->kind != JSON_OBJECT) {
        return value_wrong_kind(ap, node, value, wanted);
    }
    size_t most = value->count;
    for (const struct json *at = value->first; value->kind == JSON_ARRAY && at != NULL;
         at = at->next) {
        if (at->kind != JSON_OBJECT) {
            return value_wrong_kind(ap, node, at, wanted);
        }
        most += at->count;
    }
    struct languages to = {arena_alloc(ap->arena, (most + 1) * sizeof(struct aas_node *)), 0};
    if (to.list == NULL) {
        return value_no_room(ap);
    }
    enum err_code code = ERR_OK;
    if (value->kind == JSON_OBJECT) {
        code = add_languages(ap, node, &to, value);
    } else {
        for (const struct json *at = value->first; code == ERR_OK && at != NULL; at = at->next) {
            code = add_languages(ap, node, &to, at);
        }
    }
    return code == ERR_OK ? value_change_list(ap, node, PROP_value, to.list, to.count) : code;
}
