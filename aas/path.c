/* SPDX-License-Identifier: Apache-2.0 */
#include "aas/path.h"

#include <stdio.h>
#include <string.h>

enum { ZEROS_SHOWN = 16 }; /* digits of a wrong index that a message repeats */

/* ------------------------------------------------------------------ parsing */

struct path_scan {
    const char *text;
    size_t len;
    size_t at;
    struct err *err;
};

static enum err_code refuse(struct path_scan *scan, const char *what, const char *remedy)
{
    err_set(scan->err, ERR_BAD_INPUT, "idShort path \"%.*s\": %s at position %zu",
        aas_utf8_cut(scan->text, scan->len, 200), scan->text, what, scan->at + 1);
    err_rule(scan->err, "idShortPath", remedy);
    return ERR_BAD_INPUT;
}

/* AASd-002 allows letters, digits, "_" and "-". Published templates also hold names with spaces,
 * braces or letters of other scripts; their elements must stay reachable. */
static bool is_id_short_byte(char c)
{
    unsigned char u = (unsigned char)c;
    unsigned char letter = u | 0x20;
    return u >= 0x80 || (u >= '0' && u <= '9') || (letter >= 'a' && letter <= 'z') ||
           (u != '\0' && strchr("_- {}", c) != NULL);
}

static enum err_code parse_id_short(struct path_scan *scan, struct aas_step *step)
{
    size_t start = scan->at;
    while (scan->at < scan->len && is_id_short_byte(scan->text[scan->at])) {
        scan->at++;
    }
    bool ended = scan->at == scan->len || strchr(".[", scan->text[scan->at]) != NULL;
    if (!ended || (scan->at < scan->len && scan->text[scan->at] == '\0')) {
        return refuse(scan, "a character that no idShort has",
            "Write names of letters, digits, \"_\" and \"-\", joined by \".\", and list "
            "positions as [0].");
    }
    if (scan->at == start) {
        return refuse(scan, "an idShort is expected", "Write a name on both sides of each \".\".");
    }
    *step = (struct aas_step){
        .id_short = scan->text + start, .len = (uint32_t)(scan->at - start), .index = 0};
    return ERR_OK;
}

/* The remedy names the index that was meant. */
static enum err_code refuse_zeros(struct path_scan *scan, size_t start, uint64_t index)
{
    char remedy[64];
    size_t digits = scan->at - start;
    snprintf(remedy, sizeof remedy, "Write [%u] instead of [%.*s%s].", (unsigned)index,
        digits > ZEROS_SHOWN ? ZEROS_SHOWN : (int)digits, scan->text + start,
        digits > ZEROS_SHOWN ? "..." : "");
    scan->at = start;
    return refuse(scan, "an index with a leading zero", remedy);
}

static enum err_code parse_index(struct path_scan *scan, struct aas_step *step)
{
    scan->at++; /* the opening bracket */
    size_t start = scan->at;
    uint64_t index = 0;
    while (scan->at < scan->len && scan->text[scan->at] >= '0' && scan->text[scan->at] <= '9') {
        index = index * 10 + (uint64_t)(scan->text[scan->at] - '0');
        if (index > INT32_MAX) {
            return refuse(scan, "an index beyond 2147483647", "Use the position in the list.");
        }
        scan->at++;
    }
    if (scan->at == start) {
        return refuse(scan, "a number is expected", "Write list positions as [0], [1], ...");
    }
    if (scan->text[start] == '0' && scan->at - start > 1) {
        return refuse_zeros(scan, start, index);
    }
    if (scan->at == scan->len || scan->text[scan->at] != ']') {
        return refuse(scan, "\"]\" is expected", "Close the index with a bracket.");
    }
    scan->at++;
    *step = (struct aas_step){.id_short = NULL, .len = 0, .index = (uint32_t)index};
    return ERR_OK;
}

static enum err_code parse_step(struct path_scan *scan, struct aas_step *step)
{
    char c = scan->text[scan->at];
    if (c == '[') {
        return parse_index(scan, step);
    }
    if (scan->at > 0) {
        if (c != '.') {
            return refuse(scan, "\".\" or \"[\" is expected",
                "Join names by \".\" and list positions by \"[\".");
        }
        scan->at++;
    }
    return parse_id_short(scan, step);
}

enum err_code aas_path_parse(const char *text, size_t len, struct aas_path *path, struct err *err)
{
    struct path_scan scan = {.text = text, .len = len, .err = err};
    if (len == 0) {
        return refuse(&scan, "the path is empty", "Name an element, for example Nameplate.Phone.");
    }
    if (!aas_utf8_valid(text, len, &scan.at)) {
        /* The text is left out: these bytes must not reach an answer. */
        err_set(err, ERR_BAD_INPUT, "the idShort path is not UTF-8 at position %zu", scan.at + 1);
        err_rule(err, "idShortPath", "Encode the path as UTF-8 and then as percent escapes.");
        return ERR_BAD_INPUT;
    }
    scan.at = 0;
    if (len > AAS_PATH_MAX_BYTES) {
        return refuse(&scan, "the path is longer than 8192 bytes", "Use a shorter path.");
    }
    size_t count = 0;
    while (scan.at < len) {
        if (count == AAS_PATH_MAX_STEPS) {
            return refuse(&scan, "more than 64 steps", "Use a shorter path.");
        }
        enum err_code code = parse_step(&scan, &path->steps[count]);
        if (code != ERR_OK) {
            return code;
        }
        count++;
    }
    path->count = count;
    return ERR_OK;
}

/* ------------------------------------------------------------------ finding */

static bool is_indexed(const struct aas_node *node)
{
    int slot = meta_children_slot(node->cls);
    return slot >= 0 && (node->cls->props[slot].flags & META_INDEXED);
}

static struct aas_node *child_at(const struct aas_node *node, const struct aas_step *step)
{
    size_t count = 0;
    struct aas_node **children = aas_children(node, &count);
    if ((step->id_short == NULL) != is_indexed(node)) {
        return NULL;
    }
    if (step->id_short == NULL) {
        return step->index < count ? children[step->index] : NULL;
    }
    int slot = -1;
    const struct meta_class *cls = NULL;
    for (size_t i = 0; i < count; i++) {
        if (children[i]->cls != cls) { /* neighbours are mostly of one class */
            cls = children[i]->cls;
            slot = meta_slot(cls, PROP_idShort);
        }
        const struct aas_slot *name = &children[i]->slots[slot];
        if (name->state == AAS_TEXT && name->len == step->len &&
            memcmp(name->u.text, step->id_short, step->len) == 0) {
            return children[i];
        }
    }
    return NULL;
}

static enum err_code not_found(
    const struct aas_node *at, const struct aas_step *step, struct err *err)
{
    char where[256];
    aas_print_path(at, where, sizeof where);
    const char *in = where[0] == '\0' ? at->cls->name : where;
    if (step->id_short == NULL) {
        size_t count = 0;
        aas_children(at, &count);
        err_set(err, ERR_NOT_FOUND, "%s has no element at index %u", in, step->index);
        err_rule(err, "idShortPath",
            !is_indexed(at) ? "Only lists are addressed by index; use the idShort of the element."
            : count == 0    ? "The list is empty."
                            : "Use an index below the number of elements.");
    } else {
        err_set(err, ERR_NOT_FOUND, "%s has no element \"%.*s\"", in,
            aas_utf8_cut(step->id_short, step->len, 128), step->id_short);
        err_rule(err, "idShortPath",
            is_indexed(at) ? "Elements of a list are addressed by index, for example [0]."
                           : "Check the spelling; upper and lower case count.");
    }
    err_place(err, where, 0, 0);
    return ERR_NOT_FOUND;
}

enum err_code aas_path_resolve(const struct aas_node *from, const struct aas_path *path,
    struct aas_node **found, struct err *err)
{
    const struct aas_node *at = from;
    struct aas_node *next = NULL;
    for (size_t i = 0; i < path->count; i++) {
        next = child_at(at, &path->steps[i]);
        if (next == NULL) {
            return not_found(at, &path->steps[i], err);
        }
        at = next;
    }
    if (next == NULL) {
        return err_set(err, ERR_NOT_FOUND, "the path names no element");
    }
    *found = next;
    return ERR_OK;
}
