/* SPDX-License-Identifier: Apache-2.0 */
/* Objects that stand in values as they stand everywhere: References and specific asset ids. */
#include <stdio.h>
#include <string.h>

#include "aas/path.h"
#include "aas/value_parts.h"

/* Bytes of one such object: far more than a Reference of 2,048-character keys needs. */
enum { MAX_NORMAL = 16 * 1024 * 1024 };
/* Specific asset ids that are looked through for the one with a name. */
enum { FEW_IDS = 256 };

static void print(struct buf *buf, const struct json *value)
{
    static const char *const words[] = {"null", "true", "false"};
    switch ((enum json_kind)value->kind) {
    case JSON_NULL:
    case JSON_TRUE:
    case JSON_FALSE:
        buf_add_text(buf, words[value->kind]);
        return;
    case JSON_NUMBER:
        buf_add(buf, value->text, value->len);
        return;
    case JSON_STRING:
        buf_add_json_string(buf, value->text, value->len);
        return;
    default:
        break;
    }
    bool object = value->kind == JSON_OBJECT;
    buf_add_char(buf, object ? '{' : '[');
    for (const struct json *at = value->first; at != NULL; at = at->next) {
        buf_add(buf, ",", at != value->first);
        if (object) {
            buf_add_json_string(buf, at->name, at->name_len);
            buf_add_char(buf, ':');
        }
        print(buf, at);
    }
    buf_add_char(buf, object ? '}' : ']');
}

/* ------------------------------------------------------------------ completeness */

struct gap {
    const struct aas_node *node;
    const struct meta_prop *prop;
};

/* What the reader lets pass for a report to find: missing attributes, unknown enumeration values.
 */
static enum err_code find_gap(const struct aas_node *node, void *context)
{
    struct gap *gap = context;
    for (size_t i = 0; i < node->cls->prop_count; i++) {
        const struct meta_prop *prop = &node->cls->props[i];
        const struct aas_slot *slot = &node->slots[i];
        bool empty = slot->state == AAS_ABSENT || slot->len == 0;
        bool unknown = slot->state == AAS_TEXT && prop->kind == META_ENUM &&
                       !meta_enum_has(prop->enumeration, slot->u.text, slot->len, META_V_ANY);
        if ((meta_required(prop, META_V31) && empty) || unknown) {
            *gap = (struct gap){node, prop};
            return ERR_BAD_INPUT;
        }
    }
    return ERR_OK;
}

static enum err_code check_complete(struct value_applying *ap, const struct aas_node *owner,
    const struct aas_node *object, const struct json *value)
{
    struct gap gap = {NULL, NULL};
    if (aas_walk(object, find_gap, &gap) == ERR_OK) {
        return ERR_OK;
    }
    err_set(ap->err, ERR_BAD_INPUT, "\"%s\" of this %s is missing, empty or unknown",
        gap.prop->name, gap.node->cls->name);
    return value_refuse(ap, owner, value, "value-structure",
        "Send the whole object, for example "
        "{\"type\":\"ExternalReference\",\"keys\":[{\"type\":\"GlobalReference\",\"value\":\"...\"}"
        "]}.");
}

/* ------------------------------------------------------------------ reading */

static enum err_code check_strings(
    struct value_applying *ap, const struct aas_node *owner, const struct json *value)
{
    enum err_code code = value->kind == JSON_STRING
                             ? value_check_characters(ap, owner, value, value->text, value->len)
                             : ERR_OK;
    bool deeper = value->kind == JSON_ARRAY || value->kind == JSON_OBJECT;
    for (const struct json *at = deeper ? value->first : NULL; code == ERR_OK && at != NULL;
         at = at->next) {
        code = check_strings(ap, owner, at);
    }
    return code;
}

static enum err_code read_object(struct value_applying *ap, const struct aas_node *owner,
    const struct meta_class *cls, const struct json *value, struct aas_node **object)
{
    if (value->kind != JSON_OBJECT) {
        char wanted[64];
        snprintf(wanted, sizeof wanted, "a %s as an object", cls->name);
        return value_wrong_kind(ap, owner, value, wanted);
    }
    enum err_code code = check_strings(ap, owner, value);
    if (code != ERR_OK) {
        return code;
    }
    struct err why = {.code = ERR_OK};
    struct buf buf;
    buf_init(&buf, MAX_NORMAL);
    print(&buf, value);
    code = buf_failed(&buf) ? ERR_TOO_LARGE
                            : aas_json_read(ap->arena, buf.bytes, buf.len, cls, NULL, object, &why);
    buf_finish(&buf);
    if (code == ERR_TOO_LARGE) {
        return value_no_room(ap);
    }
    if (code != ERR_OK) {
        err_set(ap->err, ERR_BAD_INPUT, "this is no %s: %s", cls->name, why.text);
        return value_refuse(ap, owner, value, "value-structure", why.remedy);
    }
    return check_complete(ap, owner, *object, value);
}

enum err_code value_apply_normal(struct value_applying *ap, struct aas_node *node,
    const struct meta_prop *prop, const struct json *value)
{
    struct aas_node *object = NULL;
    enum err_code code = read_object(ap, node, prop->cls, value, &object);
    return code == ERR_OK ? value_change_node(ap, node, prop->id, object) : code;
}

/* {"serialNumber":"4711"}: the value-only form of a specific asset id. */
static bool is_short_asset_id(const struct meta_prop *prop, const struct json *value)
{
    return prop->id == PROP_specificAssetIds && value->kind == JSON_OBJECT && value->count == 1 &&
           value->first->kind == JSON_STRING;
}

/* What the value-only form does not show (who gave the name, its meaning) stays with the name. */
static struct aas_node *asset_id_named(
    struct value_applying *ap, const struct aas_node *node, const char *name)
{
    size_t count;
    struct aas_node **ids = aas_list(node, PROP_specificAssetIds, &count);
    for (size_t i = 0; i < count && i < FEW_IDS; i++) {
        const char *other = aas_text(ids[i], PROP_name);
        if (other != NULL && strcmp(other, name) == 0) {
            return aas_copy(ap->arena, ids[i]);
        }
    }
    return aas_node_new(ap->arena, meta_class(CLASS_SpecificAssetId));
}

static enum err_code read_short_asset_id(struct value_applying *ap, const struct aas_node *node,
    const struct json *value, struct aas_node **object)
{
    const struct json *pair = value->first;
    enum err_code code = value_check_characters(ap, node, pair, pair->name, pair->name_len);
    if (code == ERR_OK) {
        code = value_check_characters(ap, node, pair, pair->text, pair->len);
    }
    if (code != ERR_OK) {
        return code;
    }
    struct aas_node *id = asset_id_named(ap, node, pair->name);
    if (id == NULL ||
        aas_set_text(ap->arena, id, PROP_name, pair->name, pair->name_len) != ERR_OK ||
        aas_set_text(ap->arena, id, PROP_value, pair->text, pair->len) != ERR_OK) {
        return value_no_room(ap);
    }
    *object = id;
    return check_complete(ap, node, id, value);
}

enum err_code value_apply_normals(struct value_applying *ap, struct aas_node *node,
    const struct meta_prop *prop, const struct json *value)
{
    if (value->kind != JSON_ARRAY) {
        return value_wrong_kind(ap, node, value, "an array of objects");
    }
    struct aas_node **list =
        arena_alloc(ap->arena, (value->count + (size_t)1) * sizeof(struct aas_node *));
    if (list == NULL) {
        return value_no_room(ap);
    }
    enum err_code code = ERR_OK;
    size_t count = 0;
    for (const struct json *at = value->first; code == ERR_OK && at != NULL; at = at->next) {
        code = is_short_asset_id(prop, at) ? read_short_asset_id(ap, node, at, &list[count])
                                           : read_object(ap, node, prop->cls, at, &list[count]);
        count++;
    }
    return code == ERR_OK ? value_change_list(ap, node, prop->id, list, count) : code;
}
