/* SPDX-License-Identifier: Apache-2.0 */
#include "api/parameters.h"

#include <inttypes.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "aas/json.h"
#include "aas/path.h"
#include "api/guard.h"
#include "api/routes.h"

enum {
    MAX_REFERENCE = 16000,
    MAX_SEMANTIC_ID = 3072,
    CURSOR_DIGITS = 16,
    PLACE_DIGITS = 8,
    LIMIT_DIGITS = 9
};

static enum err_code full(struct err *err)
{
    return err_set(err, ERR_TOO_LARGE, "the request needs more memory than one request may have");
}

static enum err_code decode(
    struct api_request *request, const char *text, size_t len, struct api_text *to, struct err *err)
{
    char *decoded = arena_alloc(&request->arena, len + 1);
    if (decoded == NULL) {
        return full(err);
    }
    to->text = decoded;
    return guard_unescape(text, len, true, decoded, &to->len, err);
}

static enum err_code add_pair(
    struct api_request *request, const char *pair, size_t len, struct err *err)
{
    if (request->parameter_count == API_MAX_PARAMETERS) {
        return err_set(
            err, ERR_BAD_INPUT, "there are more than %d query parameters", API_MAX_PARAMETERS);
    }
    struct api_parameter *parameter = &request->parameters[request->parameter_count++];
    const char *equals = memchr(pair, '=', len);
    size_t name = equals == NULL ? len : (size_t)(equals - pair);
    enum err_code code = decode(request, pair, name, &parameter->name, err);
    if (code == ERR_OK) {
        const char *value = equals == NULL ? "" : equals + 1;
        code = decode(request, value, equals == NULL ? 0 : len - name - 1, &parameter->value, err);
    }
    return code;
}

enum err_code parameters_read(struct api_request *request, struct err *err)
{
    request->parameter_count = 0;
    if (request->query == NULL || request->query[0] == '\0') {
        return ERR_OK;
    }
    request->parameters =
        arena_alloc(&request->arena, API_MAX_PARAMETERS * sizeof *request->parameters);
    if (request->parameters == NULL) {
        return full(err);
    }
    const char *at = request->query;
    enum err_code code = ERR_OK;
    while (code == ERR_OK && *at != '\0') {
        size_t len = strcspn(at, "&");
        if (len > 0) {
            code = add_pair(request, at, len, err);
        }
        at += len + (at[len] == '&' ? 1 : 0);
    }
    return code;
}

enum err_code parameter_text(
    const struct api_request *request, const char *name, const char **text, struct err *err)
{
    const struct api_parameter *found = NULL;
    for (size_t i = 0; i < request->parameter_count; i++) {
        const struct api_parameter *parameter = &request->parameters[i];
        if (strcmp(parameter->name.text, name) != 0) {
            continue;
        }
        if (found != NULL) {
            return err_set(err, ERR_BAD_INPUT, "the parameter %s occurs twice", name);
        }
        found = parameter;
    }
    *text = found == NULL || found->value.len == 0 ? NULL : found->value.text;
    return ERR_OK;
}

enum err_code parameter_bool(
    const struct api_request *request, const char *name, bool *value, struct err *err)
{
    const char *text;
    enum err_code code = parameter_text(request, name, &text, err);
    if (code != ERR_OK || text == NULL) {
        return code;
    }
    if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0) {
        return err_set(err, ERR_BAD_INPUT, "%s must be true or false, not \"%.40s\"", name, text);
    }
    *value = text[0] == 't';
    return ERR_OK;
}

enum err_code parameter_limit(
    const struct api_request *request, size_t normal, size_t *limit, struct err *err)
{
    const char *text;
    enum err_code code = parameter_text(request, "limit", &text, err);
    if (code != ERR_OK) {
        return code;
    }
    /* Some clients send the word that their language has for an absent value. */
    if (text == NULL || strcmp(text, "undefined") == 0) {
        *limit = normal;
        return ERR_OK;
    }
    size_t digits = strspn(text, "0123456789");
    unsigned long value = digits > 0 && text[digits] == '\0' ? strtoul(text, NULL, 10) : 0;
    if (value == 0) {
        return err_set(
            err, ERR_BAD_INPUT, "limit must be a whole number of at least 1, not \"%.40s\"", text);
    }
    *limit = digits > LIMIT_DIGITS || value > API_MAX_LIMIT ? API_MAX_LIMIT : value;
    return ERR_OK;
}

/* Days, hours and so on of a text that the pattern fits; false for what no calendar has. */
bool parameter_moment(const char *text, int64_t *time_ms)
{
    struct tm utc = {0};
    struct tm check;
    int used = 0;
    int hours = 0;
    int minutes = 0;
    long millis = 0;
    if (sscanf(text, "%4d-%2d-%2d%n", &utc.tm_year, &utc.tm_mon, &utc.tm_mday, &used) != 3 ||
        used != 10) {
        return false;
    }
    const char *at = text + used;
    if (*at == 'T') {
        if (sscanf(at, "T%2d:%2d:%2d%n", &utc.tm_hour, &utc.tm_min, &utc.tm_sec, &used) != 3 ||
            used != 9) {
            return false;
        }
        at += used;
        if (*at == '.') {
            size_t digits = strspn(at + 1, "0123456789");
            long unit = 100;
            for (size_t i = 1; i <= digits; i++, unit /= 10) {
                millis += unit * (at[i] - '0');
            }
            at += digits > 0 ? digits + 1 : 0;
        }
        if (sscanf(at, "%*1[+-]%2d:%2d%n", &hours, &minutes, &used) == 2 && used == 6) {
            int sign = *at == '-' ? -1 : 1;
            hours *= sign;
            minutes *= sign;
            at += used;
        } else if (*at++ != 'Z') {
            return false;
        }
    }
    utc.tm_year -= 1900;
    utc.tm_mon -= 1;
    check = utc;
    time_t seconds = timegm(&check);
    bool same = check.tm_mday == utc.tm_mday && check.tm_hour == utc.tm_hour &&
                check.tm_min == utc.tm_min && check.tm_mon == utc.tm_mon;
    *time_ms = ((int64_t)seconds - hours * 3600 - minutes * 60) * 1000 + millis;
    return *at == '\0' && same;
}

enum err_code parameter_time(
    const struct api_request *request, const char *name, int64_t *time_ms, struct err *err)
{
    const char *text = NULL;
    enum err_code code = parameter_text(request, name, &text, err);
    if (code != ERR_OK || text == NULL || parameter_moment(text, time_ms)) {
        return code;
    }
    err_set(err, ERR_BAD_INPUT, "`%s` is no moment: \"%.60s\"", name, text);
    err_rule(err, NULL,
        "Write it with its time zone, for example 2026-03-01T08:00:00Z or "
        "2026-03-01T17:00:00+09:00 (with %2B for the plus).");
    return ERR_BAD_INPUT;
}

static enum err_code refuse_cursor(const char *text, struct err *err)
{
    return err_set(err, ERR_BAD_INPUT,
        "\"%.40s\" is no cursor of this server; send one that a page gave out", text);
}

/* What page_end encodes: c1f */
static bool is_number(const char *text)
{
    size_t digits = text[0] == 'c' ? strspn(text + 1, "0123456789abcdef") : 0;
    return digits > 0 && digits <= CURSOR_DIGITS && text[1 + digits] == '\0';
}

/* What page_end_place encodes: p1f.U3BlZWQ */
static bool is_place(const char *text)
{
    size_t digits = text[0] == 'p' ? strspn(text + 1, "0123456789abcdef") : 0;
    return digits > 0 && digits <= PLACE_DIGITS && text[1 + digits] == '.';
}

/* The cursor in a text, which a page gives out as base64url; some clients encode it once more, some
 * decode it before. NULL when there is none. */
static const char *given_cursor(
    struct api_request *request, const char *text, bool (*is_cursor)(const char *text))
{
    for (int times = 0; !is_cursor(text); times++) {
        char *decoded = NULL;
        size_t len = 0;
        if (times == 2 ||
            parameter_decode(request, text, strlen(text), &decoded, &len, NULL) != ERR_OK) {
            return NULL;
        }
        text = decoded;
    }
    return text;
}

enum err_code parameter_cursor(struct api_request *request, uint64_t *after, struct err *err)
{
    const char *text;
    enum err_code code = parameter_text(request, "cursor", &text, err);
    if (code != ERR_OK) {
        return code;
    }
    if (text == NULL || strcmp(text, "undefined") == 0) {
        *after = 0;
        return ERR_OK;
    }
    const char *cursor = given_cursor(request, text, is_number);
    if (cursor == NULL) {
        return refuse_cursor(text, err);
    }
    *after = strtoull(cursor + 1, NULL, 16);
    return ERR_OK;
}

enum err_code parameter_place(struct api_request *request, struct api_place *place, struct err *err)
{
    const char *text;
    char *last = NULL;
    *place = (struct api_place){0};
    enum err_code code = parameter_text(request, "cursor", &text, err);
    if (code != ERR_OK || text == NULL || strcmp(text, "undefined") == 0) {
        return code;
    }
    const char *cursor = given_cursor(request, text, is_place);
    const char *name = cursor == NULL ? NULL : strchr(cursor, '.') + 1;
    if (name == NULL || aas_base64url_decode(&request->arena, name, strlen(name), &last,
                            &place->last.len, NULL) != ERR_OK) {
        return refuse_cursor(text, err);
    }
    place->last.text = last;
    place->position = strtoull(cursor + 1, NULL, 16);
    return ERR_OK;
}

/* Picks one of two words; `*second` keeps its value when the parameter is absent. */
static enum err_code choose(const struct api_request *request, const char *name, const char *first,
    const char *second, bool *is_second, struct err *err)
{
    const char *text;
    enum err_code code = parameter_text(request, name, &text, err);
    if (code != ERR_OK || text == NULL) {
        return code;
    }
    if (strcmp(text, first) != 0 && strcmp(text, second) != 0) {
        return err_set(
            err, ERR_BAD_INPUT, "%s must be %s or %s, not \"%.40s\"", name, first, second, text);
    }
    *is_second = strcmp(text, second) == 0;
    return ERR_OK;
}

enum err_code parameter_modifiers(
    const struct api_request *request, struct api_modifiers *modifiers, struct err *err)
{
    *modifiers = (struct api_modifiers){0};
    if (request->parameter_count == 0) {
        return ERR_OK;
    }
    enum err_code code = choose(request, "level", "deep", "core", &modifiers->core, err);
    if (code != ERR_OK) {
        return code;
    }
    return choose(
        request, "extent", "withoutBlobValue", "withBlobValue", &modifiers->with_blob, err);
}

enum api_form parameter_form(const struct api_request *request)
{
    static const struct {
        const char *segment;
        enum api_form form;
    } forms[] = {{"/$metadata", FORM_METADATA}, {"/$value", FORM_VALUE},
        {"/$reference", FORM_REFERENCE}, {"/$path", FORM_PATH}};
    const char *last = strrchr(request->route->pattern, '/');
    for (size_t i = 0; last != NULL && i < sizeof forms / sizeof *forms; i++) {
        if (strcmp(last, forms[i].segment) == 0) {
            return forms[i].form;
        }
    }
    return FORM_NORMAL;
}

/* Whether a parameter is there at all. */
static bool given(const struct api_request *request, const char *name)
{
    const char *text = NULL;
    return parameter_text(request, name, &text, NULL) == ERR_OK && text != NULL;
}

static bool is_list_of_elements(const struct api_request *request)
{
    return strstr(request->route->pattern, "/submodel-elements/$") != NULL;
}

enum err_code parameter_form_modifiers(const struct api_request *request, enum api_form form,
    struct api_modifiers *modifiers, struct err *err)
{
    enum err_code code = parameter_modifiers(request, modifiers, err);
    if (code != ERR_OK || form == FORM_NORMAL || form == FORM_VALUE) {
        return code;
    }
    bool extent = given(request, "extent");
    if (form == FORM_METADATA && (extent || (given(request, "level") && !modifiers->core))) {
        return err_set(err, ERR_BAD_INPUT, "$metadata takes neither level=deep nor extent");
    }
    if (extent && (form == FORM_REFERENCE || !is_list_of_elements(request))) {
        return err_set(err, ERR_BAD_INPUT, "%s does not take extent",
            form == FORM_REFERENCE ? "$reference" : "$path");
    }
    return ERR_OK;
}

enum err_code parameter_level_only(
    const struct api_request *request, const char *what, struct err *err)
{
    const char *extent;
    bool core;
    enum err_code code = choose(request, "level", "deep", "core", &core, err);
    if (code == ERR_OK) {
        code = parameter_text(request, "extent", &extent, err);
    }
    if (code == ERR_OK && extent != NULL) {
        code = err_set(err, ERR_BAD_INPUT, "%s does not take extent", what);
    }
    return code;
}

enum err_code parameter_decode(struct api_request *request, const char *text, size_t len,
    char **decoded, size_t *decoded_len, struct err *err)
{
    char *plain = arena_copy(&request->arena, text, len);
    if (plain == NULL) {
        return full(err);
    }
    size_t bare = len;
    while (bare > 0 && plain[bare - 1] == '=') {
        bare--;
    }
    len = len % 4 == 0 && len - bare <= 2 ? bare : len; /* other padding is refused below */
    for (size_t i = 0; i < len; i++) {
        /* a plus in a query has become a space */
        plain[i] = plain[i] == '+' || plain[i] == ' ' ? '-' : plain[i] == '/' ? '_' : plain[i];
    }
    return aas_base64url_decode(&request->arena, plain, len, decoded, decoded_len, err);
}

static enum err_code first_key(struct api_request *request, const char *name, const char *json,
    size_t len, const char **value, struct err *err)
{
    struct json *reference;
    enum err_code code = json_read(&request->arena, json, len, &reference, err);
    if (code != ERR_OK) {
        return code;
    }
    const struct json *keys =
        reference->kind == JSON_OBJECT ? json_member(reference, "keys") : NULL;
    const struct json *key = keys != NULL && keys->kind == JSON_ARRAY ? keys->first : NULL;
    const struct json *text =
        key != NULL && key->kind == JSON_OBJECT ? json_member(key, "value") : NULL;
    if (text == NULL || text->kind != JSON_STRING) {
        return err_set(err, ERR_BAD_INPUT,
            "%s must be a base64url-encoded Reference with at least one key", name);
    }
    *value = text->text;
    return ERR_OK;
}

enum err_code parameter_reference(
    struct api_request *request, const char *name, const char **value, struct err *err)
{
    const char *text;
    enum err_code code = parameter_text(request, name, &text, err);
    *value = NULL;
    if (code != ERR_OK || text == NULL) {
        return code;
    }
    /* AASa-002 limits the encoded text of semanticId. */
    size_t most = strcmp(name, "semanticId") == 0 ? MAX_SEMANTIC_ID : MAX_REFERENCE;
    if (strlen(text) > most) {
        return err_set(err, ERR_BAD_INPUT, "%s is longer than %zu characters", name, most);
    }
    char *decoded;
    size_t len;
    code = aas_base64url_decode(&request->arena, text, strlen(text), &decoded, &len, err);
    if (code != ERR_OK) {
        return err_set(err, ERR_BAD_INPUT, "%s is not base64url without padding", name);
    }
    if (decoded[strspn(decoded, " \t\r\n")] == '{') {
        return first_key(request, name, decoded, len, value, err);
    }
    *value = decoded;
    return ERR_OK;
}

/* As base64url: some clients decode a cursor and encode it again before they send it back. */
static void add_cursor(struct buf *buf, const char *text)
{
    buf_add_text(buf, "\"cursor\":\"");
    aas_base64url_write(buf, text, strlen(text));
    buf_add_char(buf, '"');
}

void page_end(struct buf *buf, uint64_t next)
{
    buf_add_text(buf, "],\"paging_metadata\":{");
    if (next != 0) {
        char text[CURSOR_DIGITS + 2];
        snprintf(text, sizeof text, "c%" PRIx64, next);
        add_cursor(buf, text);
    }
    buf_add_text(buf, "}}");
}

void page_end_place(
    struct api_request *request, struct buf *buf, char bracket, const struct api_place *next)
{
    const char *last = next == NULL
                           ? NULL
                           : aas_base64url_encode(&request->arena, next->last.text, next->last.len);
    buf_add_char(buf, bracket);
    buf_add_text(buf, ",\"paging_metadata\":{");
    const char *text = last == NULL
                           ? NULL
                           : arena_printf(&request->arena, "p%" PRIx64 ".%s", next->position, last);
    if (text != NULL) {
        add_cursor(buf, text);
    }
    buf_add_text(buf, "}}");
}
