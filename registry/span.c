/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/span.h"

#include <string.h>

#include "aas/json.h"

struct span_walk span_inside(struct span container)
{
    struct span_walk walk = {NULL, NULL};
    if (container.at != NULL && container.len >= 2 &&
        (container.at[0] == '{' || container.at[0] == '[')) {
        walk.at = container.at + 1;
        walk.end = container.at + container.len - 1;
    }
    return walk;
}

/* Behind the string that begins at `at`; NULL when it has no end. */
static const char *behind_string(const char *at, const char *end)
{
    for (at++; at < end && *at != '"'; at++) {
        if (*at == '\\') {
            at++;
        }
    }
    return at < end ? at + 1 : NULL;
}

/* Behind the value that begins at `at`. Brackets are only counted: what is stored is well-formed.
 */
static const char *behind_value(const char *at, const char *end)
{
    size_t depth = 0;
    while (at != NULL && at < end) {
        switch (*at) {
        case '"':
            at = behind_string(at, end);
            break;
        case '{':
        case '[':
            depth++;
            at++;
            break;
        case '}':
        case ']':
            depth -= depth > 0;
            at++;
            break;
        default:
            at++;
            break;
        }
        if (depth == 0 && (at == NULL || at == end || *at == ',' || *at == ':')) {
            return at;
        }
    }
    return at;
}

bool span_item(struct span_walk *walk, struct span *value)
{
    if (walk->at == NULL || walk->at >= walk->end) {
        return false;
    }
    const char *behind = behind_value(walk->at, walk->end);
    if (behind == NULL) {
        walk->at = walk->end;
        return false;
    }
    *value = (struct span){walk->at, (size_t)(behind - walk->at)};
    walk->at = behind < walk->end ? behind + 1 : behind;
    return true;
}

bool span_member(struct span_walk *walk, struct span *name, struct span *value)
{
    struct span quoted;
    bool is_member = span_item(walk, &quoted) && quoted.len >= 2 && quoted.at[0] == '"' &&
                     walk->at[-1] == ':' && span_item(walk, value);
    if (is_member) {
        *name = (struct span){quoted.at + 1, quoted.len - 2};
    }
    return is_member;
}

struct span span_find(struct span object, const char *name)
{
    struct span found;
    struct span value;
    size_t len = strlen(name);
    struct span_walk walk = span_inside(object);
    while (span_member(&walk, &found, &value)) {
        if (span_is(found, name, len)) {
            return value;
        }
    }
    return (struct span){NULL, 0};
}

bool span_is(struct span span, const char *text, size_t len)
{
    return span.at != NULL && span.len == len && memcmp(span.at, text, len) == 0;
}

bool span_text(struct arena *arena, struct span string, const char **text, size_t *len)
{
    struct json *json = NULL;
    if (string.at == NULL || string.len < 2 || string.at[0] != '"') {
        return false;
    }
    if (memchr(string.at, '\\', string.len) == NULL) {
        *text = string.at + 1;
        *len = string.len - 2;
        return true;
    }
    if (json_read(arena, string.at, string.len, &json, NULL) != ERR_OK ||
        json->kind != JSON_STRING) {
        return false;
    }
    *text = json->text;
    *len = json->len;
    return true;
}
