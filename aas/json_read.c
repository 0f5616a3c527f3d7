/* SPDX-License-Identifier: Apache-2.0 */
/* From parsed JSON to the element tree, along the rows of the metamodel table. */
#include <stdio.h>
#include <string.h>

#include "aas/json.h"
#include "aas/meta_text.h"

struct reader {
    struct arena *arena;
    const struct aas_sink *sink;
    struct err *err;
    bool unreadable;
    bool full;
};

static const char *const kind_words[] = {
    "null", "a boolean", "a boolean", "a number", "a string", "an array", "an object"};

/* The functions that put words together are kept out of their callers' frames: reading recurses,
 * and a worker thread has 100 kB of stack. */
#define APART __attribute__((noinline))

static APART void report(struct reader *r, const struct aas_problem *problem)
{
    if (problem->severity == AAS_UNREADABLE && !r->unreadable) {
        r->unreadable = true;
        char pointer[256] = "";
        if (problem->node != NULL) {
            aas_print_pointer(problem->node, problem->slot, pointer, sizeof pointer);
        }
        err_set(r->err, ERR_UNREADABLE, "%s", problem->text);
        err_rule(r->err, problem->rule, problem->remedy);
        err_place(r->err, pointer, problem->line, problem->column);
    }
    if (r->sink != NULL) {
        r->sink->add(r->sink->context, problem);
    }
}

static APART void complain(struct reader *r, enum aas_severity severity, const char *rule,
    const struct aas_node *node, int slot, const struct json *at, const char *text,
    const char *remedy)
{
    struct aas_problem problem = {.severity = severity,
        .rule = rule,
        .node = node,
        .slot = slot,
        .line = at->line,
        .column = at->column,
        .text = text,
        .remedy = remedy};
    report(r, &problem);
}

/* ------------------------------------------------------------------ classes */

static void list_fitting(const struct meta_class *type, char *to, size_t size)
{
    size_t used = 0;
    for (int id = 0; id < CLASS_COUNT && used < size; id++) {
        const struct meta_class *cls = meta_class((enum meta_class_id)id);
        if (!(cls->is & META_IS_ABSTRACT) && meta_class_fits(cls, type)) {
            int len = snprintf(to + used, size - used, "%s%s", used > 0 ? ", " : "", cls->name);
            used += len < 0 ? 0 : (size_t)len;
        }
    }
}

static APART void complain_model_type(struct reader *r, const struct aas_node *parent, int slot,
    const struct json *at, const struct meta_class *type, const struct json *model_type)
{
    char text[200];
    char remedy[500] = "modelType must be one of: ";
    if (model_type == NULL) {
        snprintf(text, sizeof text, "modelType is missing");
    } else if (model_type->kind != JSON_STRING) {
        snprintf(text, sizeof text, "modelType is %s", kind_words[model_type->kind]);
    } else {
        snprintf(text, sizeof text, "\"%.60s\" is not a modelType that can stand here",
            model_type->text);
    }
    size_t used = strlen(remedy);
    list_fitting(type, remedy + used, sizeof remedy - used);
    complain(r, AAS_UNREADABLE, "JSON-modelType", parent, slot,
        model_type != NULL ? model_type : at, text, remedy);
}

/* The class an object is of, or NULL after a complaint. */
static const struct meta_class *class_of(struct reader *r, const struct json *object,
    const struct meta_class *type, const struct aas_node *parent, int slot)
{
    if (!(type->is & (META_IS_ABSTRACT | META_HAS_MODEL_TYPE))) {
        return type;
    }
    const struct json *model_type = json_member(object, "modelType");
    const struct meta_class *cls = NULL;
    if (model_type != NULL && model_type->kind == JSON_STRING) {
        cls = meta_class_by_name(model_type->text, model_type->len);
    }
    if (cls == NULL || !meta_class_fits(cls, type)) {
        complain_model_type(r, parent, slot, object, type, model_type);
        return NULL;
    }
    return cls;
}

/* ------------------------------------------------------------------ attributes */

static struct aas_node *read_object(struct reader *r, const struct json *object,
    const struct meta_class *type, struct aas_node *parent, int slot, size_t index);

static const char *remedy_for(const struct meta_prop *prop)
{
    switch (prop->kind) {
    case META_BOOL:
        return "Write true or false, without quotes.";
    case META_NODE:
        return "Write one object in curly brackets.";
    case META_LIST:
        return "Write an array of objects in square brackets.";
    default:
        return "Write the value as a string in double quotes.";
    }
}

static APART void complain_type(
    struct reader *r, const struct aas_node *node, int slot, const struct json *value)
{
    const struct meta_prop *prop = &node->cls->props[slot];
    static const char *const wanted[] = {
        "a string", "a string", "a boolean", "an object", "an array of objects"};
    char text[200];
    snprintf(text, sizeof text, "%s must be %s and is %s", prop->name, wanted[prop->kind],
        kind_words[value->kind]);
    complain(r, AAS_UNREADABLE, value->kind == JSON_NULL ? "JSON-null" : "JSON-type", node, slot,
        value, text,
        value->kind == JSON_NULL ? "Leave the attribute out instead of writing null."
                                 : remedy_for(prop));
}

static APART void complain_item(
    struct reader *r, const struct aas_node *node, int slot, const struct json *item, size_t index)
{
    bool bare = (node->cls->props[slot].cls->is & META_IS_BARE) != 0;
    char text[160];
    snprintf(text, sizeof text, "item %u of %s must be %s and is %s", (unsigned)index,
        node->cls->props[slot].name, kind_words[bare ? JSON_STRING : JSON_OBJECT],
        kind_words[item->kind]);
    complain(r, AAS_UNREADABLE, item->kind == JSON_NULL ? "JSON-null" : "JSON-type", node, slot,
        item, text,
        bare ? "Write the item as a string in double quotes or remove it."
             : "Write an object in curly brackets or remove the item.");
}

static APART void complain_unknown(
    struct reader *r, const struct aas_node *node, const struct json *member)
{
    char text[200];
    snprintf(
        text, sizeof text, "\"%.80s\" is not an attribute of %s", member->name, node->cls->name);
    complain(r, AAS_UNREADABLE, "JSON-unknown-attribute", node, -1, member, text,
        "Remove it, or correct its spelling (upper and lower case matter).");
}

static void read_text(const struct json *value, struct aas_slot *to)
{
    to->state = AAS_TEXT;
    if (value->kind == JSON_STRING) {
        to->u.text = value->text;
        to->len = value->len;
    } else {
        to->u.text = value->kind == JSON_TRUE ? "true" : "false";
        to->len = value->kind == JSON_TRUE ? 4 : 5;
    }
}

/* An item of a class that is written as its only text. */
static struct aas_node *read_bare(
    struct reader *r, const struct json *item, struct aas_node *parent, int slot, size_t index)
{
    struct aas_node *node = aas_node_new(r->arena, parent->cls->props[slot].cls);
    if (node == NULL) {
        r->full = true;
        return NULL;
    }
    node->parent = parent;
    node->parent_slot = (uint32_t)slot;
    node->index = (uint32_t)index;
    node->line = item->line;
    node->column = item->column;
    node->slots[0].line = item->line;
    node->slots[0].column = item->column;
    read_text(item, &node->slots[0]);
    return node;
}

static void read_list(struct reader *r, const struct json *array, struct aas_node *node, int slot)
{
    bool bare = (node->cls->props[slot].cls->is & META_IS_BARE) != 0;
    struct aas_slot *to = &node->slots[slot];
    struct aas_node **nodes = arena_alloc(r->arena, (array->count + (size_t)1) * sizeof *nodes);
    if (nodes == NULL) {
        r->full = true;
        return;
    }
    size_t index = 0;
    for (const struct json *item = array->first; item != NULL; item = item->next) {
        if (item->kind != (bare ? JSON_STRING : JSON_OBJECT)) {
            complain_item(r, node, slot, item, index);
            continue;
        }
        struct aas_node *child =
            bare ? read_bare(r, item, node, slot, index)
                 : read_object(r, item, node->cls->props[slot].cls, node, slot, index);
        if (child != NULL) {
            nodes[index++] = child;
        }
    }
    to->state = AAS_NODES;
    to->u.nodes = nodes;
    to->len = (uint32_t)index;
}

static bool kind_fits(const struct meta_prop *prop, const struct json *value)
{
    switch (prop->kind) {
    case META_BOOL:
        return value->kind == JSON_TRUE || value->kind == JSON_FALSE;
    case META_NODE:
        return value->kind == JSON_OBJECT;
    case META_LIST:
        return value->kind == JSON_ARRAY;
    default:
        return value->kind == JSON_STRING;
    }
}

static void read_attribute(
    struct reader *r, const struct json *value, struct aas_node *node, int slot)
{
    const struct meta_prop *prop = &node->cls->props[slot];
    struct aas_slot *to = &node->slots[slot];
    to->line = value->line;
    to->column = value->column;
    if (!kind_fits(prop, value)) {
        complain_type(r, node, slot, value);
    } else if (prop->kind == META_LIST) {
        read_list(r, value, node, slot);
    } else if (prop->kind == META_NODE) {
        struct aas_node *child = read_object(r, value, prop->cls, node, slot, 0);
        if (child != NULL) {
            to->state = AAS_NODE;
            to->u.node = child;
            to->len = 1;
        }
    } else {
        read_text(value, to);
    }
}

/* The slot that a member fills, or -1. */
static int slot_of(const struct meta_class *cls, const struct json *member)
{
    if (member->known == 0) {
        return meta_slot_by_name(cls, member->name, member->name_len);
    }
    return member->known == JSON_MODEL_TYPE
               ? -1
               : meta_slot(cls, (enum meta_prop_id)(member->known - 1));
}

static void read_member(struct reader *r, const struct json *member, struct aas_node *node)
{
    int slot = slot_of(node->cls, member);
    if (slot >= 0) {
        read_attribute(r, member, node, slot);
        return;
    }
    if ((node->cls->is & META_HAS_MODEL_TYPE) && strcmp(member->name, "modelType") == 0) {
        return;
    }
    complain_unknown(r, node, member);
}

static struct aas_node *read_object(struct reader *r, const struct json *object,
    const struct meta_class *type, struct aas_node *parent, int slot, size_t index)
{
    const struct meta_class *cls = class_of(r, object, type, parent, slot);
    if (cls == NULL) {
        return NULL;
    }
    struct aas_node *node = aas_node_new(r->arena, cls);
    if (node == NULL) {
        r->full = true;
        return NULL;
    }
    node->parent = parent;
    node->parent_slot = (uint32_t)(slot < 0 ? 0 : slot);
    node->index = (uint32_t)index;
    node->line = object->line;
    node->column = object->column;
    for (const struct json *member = object->first; member != NULL && !r->full;
         member = member->next) {
        read_member(r, member, node);
    }
    return node;
}

/* ------------------------------------------------------------------ the root */

/* True when every member is an attribute of `cls` and every attribute it requires is there. */
static bool could_be(const struct meta_class *cls, const struct json *object)
{
    for (const struct json *member = object->first; member != NULL; member = member->next) {
        if (slot_of(cls, member) < 0) {
            return false;
        }
    }
    for (size_t i = 0; i < cls->prop_count; i++) {
        if (meta_required(&cls->props[i], META_V31) &&
            json_member(object, cls->props[i].name) == NULL) {
            return false;
        }
    }
    return true;
}

static bool has_any_attribute(const struct meta_class *cls, const struct json *object)
{
    for (size_t i = 0; i < cls->prop_count; i++) {
        if (json_member(object, cls->props[i].name) != NULL) {
            return true;
        }
    }
    return false;
}

/* modelType says it; else one of the lists of an Environment does; else the first class whose
 * attributes and required attributes are these. */
static const struct meta_class *recognise(const struct json *object)
{
    const struct json *model_type = json_member(object, "modelType");
    if (model_type != NULL) {
        const struct meta_class *said = model_type->kind == JSON_STRING
                                            ? meta_class_by_name(model_type->text, model_type->len)
                                            : NULL;
        return said != NULL && (said->is & META_IS_API) ? NULL : said;
    }
    const struct meta_class *environment = meta_class(CLASS_Environment);
    if (object->count == 0 || has_any_attribute(environment, object)) {
        return environment;
    }
    const struct meta_class *payload = meta_class(CLASS_EventPayload);
    if (json_member(object, "observableReference") != NULL ||
        (json_member(object, "source") != NULL && json_member(object, "timeStamp") != NULL)) {
        return payload;
    }
    for (int id = 0; id < CLASS_COUNT; id++) {
        const struct meta_class *cls = meta_class((enum meta_class_id)id);
        if (!(cls->is & (META_IS_ABSTRACT | META_HAS_MODEL_TYPE | META_IS_API)) &&
            could_be(cls, object)) {
            return cls;
        }
    }
    return NULL;
}

static void complain_root(struct reader *r, const struct json *value)
{
    if (value->kind != JSON_OBJECT) {
        char text[120];
        snprintf(
            text, sizeof text, "the document must be an object and is %s", kind_words[value->kind]);
        complain(r, AAS_UNREADABLE, "JSON-root", NULL, -1, value, text,
            "Send an Environment, a shell, a submodel, a submodel element or a concept "
            "description.");
        return;
    }
    complain(r, AAS_UNREADABLE, "JSON-root", NULL, -1, value,
        "what this document is cannot be told from it",
        "Add modelType, or the lists of an Environment (assetAdministrationShells, submodels, "
        "conceptDescriptions).");
}

static void complain_syntax(struct reader *r, const struct err *parse)
{
    struct aas_problem problem = {.severity = AAS_UNREADABLE,
        .rule = parse->rule,
        .slot = -1,
        .line = parse->line,
        .column = parse->column,
        .text = parse->text,
        .remedy = parse->remedy[0] != '\0' ? parse->remedy : NULL};
    report(r, &problem);
}

static enum err_code read_root(struct reader *r, const struct json *value,
    const struct meta_class *type, struct aas_node **root)
{
    struct aas_node *node = read_object(r, value, type, NULL, -1, 0);
    if (r->full) {
        return err_set(r->err, ERR_TOO_LARGE, "the document needs more memory than allowed");
    }
    if (node != NULL) {
        *root = node;
    }
    return r->unreadable ? ERR_UNREADABLE : ERR_OK;
}

enum err_code aas_json_read(struct arena *arena, const char *bytes, size_t len,
    const struct meta_class *as, const struct aas_sink *sink, struct aas_node **root,
    struct err *err)
{
    struct reader r = {.arena = arena, .sink = sink, .err = err};
    struct json *value = NULL;
    struct err parse = {.code = ERR_OK};
    struct json_place deep;
    enum err_code code = json_read_environment(arena, bytes, len, &value, &deep, &parse);
    if (code != ERR_OK) {
        complain_syntax(&r, &parse);
        if (err != NULL) {
            *err = parse;
        }
        return code;
    }
    const struct meta_class *type = as;
    if (value->kind == JSON_OBJECT && type == NULL) {
        type = recognise(value);
    }
    if (value->kind != JSON_OBJECT || type == NULL) {
        complain_root(&r, value);
        return ERR_UNREADABLE;
    }
    if (deep.line > 0 && type->id != CLASS_Environment) {
        err_set(&parse, ERR_UNREADABLE, "the document is nested deeper than %d levels",
            AAS_JSON_MAX_DEPTH);
        err_rule(&parse, "JSON-depth", "Flatten the document.");
        err_place(&parse, NULL, deep.line, deep.column);
        complain_syntax(&r, &parse);
        return ERR_UNREADABLE;
    }
    return read_root(&r, value, type, root);
}

enum err_code aas_json_read_value(struct arena *arena, const struct json *value,
    const struct meta_class *as, const struct aas_sink *sink, struct aas_node **root,
    struct err *err)
{
    struct reader r = {.arena = arena, .sink = sink, .err = err};
    if (value->kind != JSON_OBJECT) {
        char text[120];
        snprintf(
            text, sizeof text, "%s must be an object and is %s", as->name, kind_words[value->kind]);
        complain(&r, AAS_UNREADABLE, "JSON-type", NULL, -1, value, text,
            "Write one object in curly brackets.");
        return ERR_UNREADABLE;
    }
    return read_root(&r, value, as, root);
}
