/* SPDX-License-Identifier: Apache-2.0 */
#include "api/fields.h"

#include <string.h>

#include "api/accept.h"

static const struct field *find(const struct field *fields, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(fields[i].name, name) == 0) {
            return &fields[i];
        }
    }
    return NULL;
}

static bool all_texts(const struct json *list)
{
    for (const struct json *item = list->first; item != NULL; item = item->next) {
        if (item->kind != JSON_STRING) {
            return false;
        }
    }
    return true;
}

/* False when the value is of another kind. */
static bool take(const struct field *field, const struct json *value)
{
    bool flag = value->kind == JSON_TRUE || value->kind == JSON_FALSE;
    if (field->kind == FIELD_TEXT && value->kind == JSON_STRING &&
        strlen(value->text) == value->len) {
        *(const char **)field->to = value->text;
        return true;
    }
    if (field->kind == FIELD_FLAG && flag) {
        *(enum field_flag *)field->to = value->kind == JSON_TRUE ? FLAG_TRUE : FLAG_FALSE;
        return true;
    }
    if (field->kind == FIELD_TEXTS && value->kind == JSON_ARRAY && all_texts(value)) {
        *(const struct json **)field->to = value;
        return true;
    }
    return false;
}

/* Whoever guessed a name is told all there are. */
static const char *name_them(struct arena *arena, const struct field *fields, size_t count)
{
    const char *text = "Known are: ";
    for (size_t i = 0; i < count && text != NULL; i++) {
        text = arena_printf(arena, "%s%s%s", text, fields[i].name, i + 1 < count ? ", " : ".");
    }
    return text;
}

/* What a value of each kind is, and what to do about another one. */
static const struct {
    const char *name;
    const char *remedy;
} kinds[] = {[FIELD_TEXT] = {"a string", "Send a string."},
    [FIELD_FLAG] = {"true or false", "Send true or false."},
    [FIELD_TEXTS] = {"an array of strings", "Send an array of strings."}};

static enum err_code take_member(struct arena *arena, const struct field *fields, size_t count,
    const struct json *member, struct err *err)
{
    const struct field *field = find(fields, count, member->name);
    if (field != NULL && take(field, member)) {
        return ERR_OK;
    }
    if (field == NULL) {
        err_set(err, ERR_BAD_INPUT, "there is no member \"%.100s\" here", member->name);
        err_rule(err, NULL, name_them(arena, fields, count));
    } else {
        err_set(err, ERR_BAD_INPUT, "\"%s\" must be %s", field->name, kinds[field->kind].name);
        err_rule(err, NULL, kinds[field->kind].remedy);
    }
    err_place(err, member->name, member->line, member->column);
    return ERR_BAD_INPUT;
}

enum err_code fields_take(struct api_request *request, const struct json *body,
    const struct field *fields, size_t count, struct err *err)
{
    enum err_code code = ERR_OK;
    if (body->kind != JSON_OBJECT) {
        return err_set(err, ERR_BAD_INPUT, "the body must be a JSON object");
    }
    for (const struct json *at = body->first; code == ERR_OK && at != NULL; at = at->next) {
        code = take_member(&request->arena, fields, count, at, err);
    }
    for (size_t i = 0; code == ERR_OK && i < count; i++) {
        if (fields[i].required && json_member(body, fields[i].name) == NULL) {
            code = err_set(err, ERR_BAD_INPUT, "\"%s\" is missing", fields[i].name);
            err_rule(err, NULL, kinds[fields[i].kind].remedy);
        }
    }
    return code;
}

enum err_code fields_read(
    struct api_request *request, const struct field *fields, size_t count, struct err *err)
{
    struct json *body = NULL;
    if (accept_body_media(request) != API_MEDIA_JSON) {
        return err_set(err, ERR_MEDIA_TYPE, "the body must be application/json");
    }
    enum err_code code = json_read(&request->arena, request->body, request->body_len, &body, err);
    return code == ERR_OK ? fields_take(request, body, fields, count, err) : code;
}

enum err_code fields_read_if_any(
    struct api_request *request, const struct field *fields, size_t count, struct err *err)
{
    return request->body_len == 0 ? ERR_OK : fields_read(request, fields, count, err);
}
