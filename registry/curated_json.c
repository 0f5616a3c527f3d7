/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/curated_json.h"

#include <string.h>

/* ------------------------------------------------------------------ writing */

static void add_text(struct buf *buf, const char *text)
{
    buf_add_json_string(buf, text, strlen(text));
}

static void add_member(struct buf *buf, const char *before, const char *name, const char *text)
{
    buf_add_text(buf, before);
    add_text(buf, name);
    buf_add_char(buf, ':');
    add_text(buf, text);
}

static void add_names(struct buf *buf, const struct curated_name *names, size_t count)
{
    buf_add_text(buf, ",\"names\":{");
    for (size_t i = 0; i < count; i++) {
        add_member(buf, i > 0 ? "," : "", names[i].language, names[i].text);
    }
    buf_add_char(buf, '}');
}

void curated_json_node(struct buf *buf, const struct curated_node *node)
{
    add_member(buf, "{", "facet", curated_tree_name(node->tree));
    add_member(buf, ",", "value", node->value);
    if (node->parent[0] != '\0') {
        add_member(buf, ",", "parent", node->parent);
    }
    add_names(buf, node->names, node->name_count);
    buf_add_char(buf, '}');
}

void curated_json_row(struct buf *buf, const struct curated_row *row)
{
    for (unsigned tree = 0; tree < OVERLAY_TREES; tree++) {
        buf_printf(
            buf, "%s\"%s\":[", tree == 0 ? "" : ",", curated_tree_name((enum overlay_tree)tree));
        for (size_t i = 0; i < row->tag_count[tree]; i++) {
            buf_add_text(buf, i > 0 ? "," : "");
            add_text(buf, row->tags[tree][i]);
        }
        buf_add_char(buf, ']');
    }
    add_names(buf, row->names, row->name_count);
    add_member(buf, ",", "words", row->words == NULL ? "" : row->words);
}

/* ------------------------------------------------------------------ reading */

static enum err_code full(struct err *err)
{
    return err_set(err, ERR_TOO_LARGE, "there is more of it than memory allows");
}

enum err_code curated_json_refuse(const struct json *at, const char *wanted, struct err *err)
{
    err_set(err, ERR_BAD_INPUT, "%s%.60s%s%s", at->name != NULL ? "\"" : "",
        at->name != NULL ? at->name : "the body", at->name != NULL ? "\" " : " ", wanted);
    err_place(err, at->name, at->line, at->column);
    return ERR_BAD_INPUT;
}

static enum err_code read_names(struct arena *arena, const struct json *object,
    const struct curated_name **names, size_t *count, struct err *err)
{
    if (object->kind != JSON_OBJECT || object->count > CURATED_NAMES_MOST) {
        return curated_json_refuse(object, "must be an object with a name for each language", err);
    }
    struct curated_name *list = arena_alloc(arena, (object->count + 1) * sizeof *list);
    size_t n = 0;
    if (list == NULL) {
        return full(err);
    }
    for (const struct json *at = object->first; at != NULL; at = at->next) {
        if (at->kind != JSON_STRING) {
            return curated_json_refuse(at, "must be a text", err);
        }
        list[n++] = (struct curated_name){at->name, at->text};
    }
    *names = list;
    *count = n;
    return ERR_OK;
}

static enum err_code read_tags(struct arena *arena, const struct json *array,
    struct curated_row *row, enum overlay_tree tree, struct err *err)
{
    if (array->kind != JSON_ARRAY || array->count > CURATED_TAGS_MOST) {
        return curated_json_refuse(array, "must be an array of at most 32 values", err);
    }
    const char **tags = arena_alloc(arena, (array->count + 1) * sizeof *tags);
    size_t count = 0;
    if (tags == NULL) {
        return full(err);
    }
    for (const struct json *at = array->first; at != NULL; at = at->next) {
        if (at->kind != JSON_STRING) {
            return curated_json_refuse(array, "must be an array of texts", err);
        }
        bool twice = false;
        for (size_t i = 0; i < count; i++) {
            twice |= strcmp(tags[i], at->text) == 0;
        }
        if (!twice) {
            tags[count++] = at->text;
        }
    }
    row->tags[tree] = tags;
    row->tag_count[tree] = count;
    return ERR_OK;
}

enum err_code curated_json_take_node(
    struct arena *arena, const struct json *member, struct curated_node *node, struct err *err)
{
    if (strcmp(member->name, "names") == 0) {
        return read_names(arena, member, &node->names, &node->name_count, err);
    }
    if (strcmp(member->name, "parent") == 0 && member->kind == JSON_STRING) {
        node->parent = member->text;
        return ERR_OK;
    }
    return curated_json_refuse(member, "is not known here, or no text", err);
}

enum err_code curated_json_take_row(
    struct arena *arena, const struct json *member, struct curated_row *row, struct err *err)
{
    enum overlay_tree tree;
    if (curated_tree_read(member->name, &tree)) {
        return read_tags(arena, member, row, tree, err);
    }
    if (strcmp(member->name, "names") == 0) {
        return read_names(arena, member, &row->names, &row->name_count, err);
    }
    if (strcmp(member->name, "words") == 0 && member->kind == JSON_STRING) {
        row->words = member->text;
        return ERR_OK;
    }
    return curated_json_refuse(member, "is not known here, or no text", err);
}
