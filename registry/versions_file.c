/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/versions_file.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "aas/json.h"

#define FAMILIES_ROOM ((size_t)64 << 20)

/* The members that are texts, and those that are numbers. */
static const struct {
    const char *name;
    size_t offset;
} texts[] = {{"family", offsetof(struct registry_version, family)},
    {"version", offsetof(struct registry_version, label)},
    {"publisher", offsetof(struct registry_version, publisher)},
    {"author", offsetof(struct registry_version, author)},
    {"base", offsetof(struct registry_version, base)},
    {"successor", offsetof(struct registry_version, successor)},
    {"overruled", offsetof(struct registry_version, overruled)}};
static const struct {
    const char *name;
    size_t offset;
} times[] = {{"created", offsetof(struct registry_version, created_ms)},
    {"changed", offsetof(struct registry_version, changed_ms)},
    {"published", offsetof(struct registry_version, published_ms)}};
enum { TEXTS = sizeof texts / sizeof *texts, TIMES = sizeof times / sizeof *times };

/* ------------------------------------------------------------------ writing */

static void write_version(struct buf *buf, const struct registry_version *version)
{
    const char *const bytes = (const char *)version;
    buf_add_text(buf, "{\"state\":");
    const char *state = template_state_text(version->state);
    buf_add_json_string(buf, state, strlen(state));
    for (size_t i = 0; i < TEXTS; i++) {
        const char *text = NULL;
        memcpy(&text, bytes + texts[i].offset, sizeof text);
        if (text[0] != '\0') {
            buf_printf(buf, ",\"%s\":", texts[i].name);
            buf_add_json_string(buf, text, strlen(text));
        }
    }
    for (size_t i = 0; i < TIMES; i++) {
        int64_t time = 0;
        memcpy(&time, bytes + times[i].offset, sizeof time);
        buf_printf(buf, ",\"%s\":%" PRId64, times[i].name, time);
    }
    buf_printf(buf, ",\"seen\":%" PRIu32 "}", version->seen);
}

enum err_code versions_file_write(struct registry_view *view, struct buf *buf, struct err *err)
{
    enum { PAGE = 1000 };
    struct arena arena;
    struct registry_family *families = NULL;
    const char *after = NULL;
    size_t count = PAGE;
    bool first = true;
    enum err_code code = ERR_OK;
    arena_init(&arena, FAMILIES_ROOM);
    buf_add_text(buf, "{\"versions\":[");
    while (code == ERR_OK && count == PAGE) {
        code = registry_families(view, &arena, after, PAGE, &families, &count, err);
        for (size_t i = 0; code == ERR_OK && i < count; i++) {
            struct registry_family family;
            struct registry_version *versions = NULL;
            size_t n = 0;
            code = registry_family(view, &arena, families[i].family, &family, &versions, &n, err);
            for (; code == ERR_OK && n > 0; n--) {
                buf_add_text(buf, first ? "\n" : ",\n");
                write_version(buf, &versions[n - 1]);
                first = false;
            }
        }
        after = code == ERR_OK && count > 0 ? families[count - 1].family : after;
    }
    buf_add_text(buf, "\n]}\n");
    arena_finish(&arena);
    return code;
}

/* ------------------------------------------------------------------ reading */

static enum err_code refuse(const struct json *at, struct err *err)
{
    err_set(err, ERR_BAD_INPUT, "what it says of \"%.60s\" cannot be", at->name);
    err_place(err, NULL, at->line, at->column);
    return ERR_BAD_INPUT;
}

static bool read_state(const struct json *member, enum template_state *state)
{
    for (unsigned i = TEMPLATE_DRAFT; i <= TEMPLATE_WITHDRAWN; i++) {
        if (member->kind == JSON_STRING &&
            strcmp(member->text, template_state_text((enum template_state)i)) == 0) {
            *state = (enum template_state)i;
            return true;
        }
    }
    return false;
}

static bool read_number(const struct json *member, int64_t *number)
{
    char *end = NULL;
    if (member->kind != JSON_NUMBER) {
        return false;
    }
    *number = strtoll(member->text, &end, 10);
    return *end == '\0' && *number >= 0;
}

static bool read_member(const struct json *member, struct registry_version *version)
{
    char *const bytes = (char *)version;
    int64_t number = 0;
    if (strcmp(member->name, "state") == 0) {
        return read_state(member, &version->state);
    }
    if (strcmp(member->name, "seen") == 0) {
        bool fits = read_number(member, &number) && number <= UINT32_MAX;
        version->seen = fits ? (uint32_t)number : 0;
        return fits;
    }
    for (size_t i = 0; i < TEXTS; i++) {
        if (strcmp(member->name, texts[i].name) == 0 && member->kind == JSON_STRING) {
            memcpy(bytes + texts[i].offset, &member->text, sizeof member->text);
            return true;
        }
    }
    for (size_t i = 0; i < TIMES; i++) {
        if (strcmp(member->name, times[i].name) == 0 && read_number(member, &number)) {
            memcpy(bytes + times[i].offset, &number, sizeof number);
            return true;
        }
    }
    return false;
}

static enum err_code read_version(
    const struct json *object, struct registry_version *version, struct err *err)
{
    *version = (struct registry_version){.family = "",
        .label = "",
        .title = "",
        .publisher = "",
        .submodel_id = "",
        .semantic_id = "",
        .source = "",
        .base = "",
        .author = "",
        .successor = "",
        .overruled = ""};
    const struct json *at = object->kind == JSON_OBJECT ? object->first : NULL;
    bool stated = at != NULL && json_member(object, "state") != NULL;
    for (; at != NULL; at = at->next) {
        if (!read_member(at, version)) {
            return refuse(at, err);
        }
    }
    bool named = version->family[0] != '\0' && version->label[0] != '\0';
    return named && stated ? ERR_OK
                           : err_set(err, ERR_BAD_INPUT,
                                 "line %u: a version has a family, a number and a state",
                                 (unsigned)object->line);
}

enum err_code versions_file_read(struct arena *arena, const char *bytes, size_t len,
    struct registry_version **versions, size_t *count, struct err *err)
{
    struct json *root = NULL;
    enum err_code code = json_read(arena, bytes, len, &root, err);
    if (code != ERR_OK) {
        return code;
    }
    const struct json *list = root->kind == JSON_OBJECT ? json_member(root, "versions") : NULL;
    if (list == NULL || list->kind != JSON_ARRAY) {
        return err_set(err, ERR_BAD_INPUT, "the file has no list of versions");
    }
    struct registry_version *read = arena_alloc(arena, (list->count + 1) * sizeof *read);
    size_t n = 0;
    if (read == NULL) {
        return err_set(err, ERR_TOO_LARGE, "the list of versions is too large");
    }
    for (const struct json *at = list->first; at != NULL && code == ERR_OK; at = at->next) {
        code = read_version(at, &read[n++], err);
    }
    if (code == ERR_OK) {
        *versions = read;
        *count = n;
    }
    return code;
}
