/* SPDX-License-Identifier: Apache-2.0 */
/* What a client sends to an operation: the time it gives and the arguments. */
#include <string.h>

#include "aas/value.h"
#include "api/operations_variables.h"
#include "api/support.h"

/* ------------------------------------------------------------------ duration */

/* One number with its unit; false when there is none. */
static bool read_part(const char **at, double *number, char *unit)
{
    const char *p = *at;
    double value = 0;
    double scale = 1;
    bool any = false;
    for (; *p >= '0' && *p <= '9'; p++) {
        value = value * 10 + (*p - '0');
        any = true;
    }
    if (*p == '.') {
        any = false;
        for (p++; *p >= '0' && *p <= '9'; p++) {
            scale /= 10;
            value += (*p - '0') * scale;
            any = true;
        }
    }
    *unit = *p;
    *number = value;
    bool whole = memchr(*at, '.', (size_t)(p - *at)) == NULL;
    *at = *p != '\0' ? p + 1 : p;
    return any && *unit != '\0' && (whole || *unit == 'S');
}

/* Units in the order of `units`, each at most once, at least one. */
static bool read_parts(const char **at, const char *units, const double *seconds, double *total)
{
    bool any = false;
    size_t from = 0;
    while (**at != '\0' && **at != 'T') {
        double number;
        char unit;
        if (!read_part(at, &number, &unit)) {
            return false;
        }
        const char *place = strchr(units + from, unit);
        if (place == NULL) {
            return false;
        }
        from = (size_t)(place - units) + 1;
        *total += number * seconds[place - units];
        any = true;
    }
    return any;
}

bool operations_duration(const char *text, int64_t *ms)
{
    static const double days[] = {365 * 86400.0, 30 * 86400.0, 86400.0};
    static const double times[] = {3600.0, 60.0, 1.0};
    double total = 0;
    if (*text++ != 'P') {
        return false;
    }
    bool any = *text != 'T' && read_parts(&text, "YMD", days, &total);
    if (*text == 'T') {
        text++;
        any = read_parts(&text, "HMS", times, &total);
    }
    if (!any || *text != '\0') {
        return false;
    }
    *ms = total * 1000 < OPERATIONS_MAX_MS ? (int64_t)(total * 1000) : (int64_t)OPERATIONS_MAX_MS;
    return true;
}

/* ------------------------------------------------------------------ what a client sends */

static const struct variable_list lists[] = {
    {PROP_inputVariables, "inputArguments"}, {PROP_inoutputVariables, "inoutputArguments"}};
enum { LISTS = sizeof lists / sizeof *lists };

static bool has_value(const struct aas_node *element)
{
    struct buf value;
    buf_init(&value, DELEGATE_MAX_ANSWER);
    bool has = aas_value_write(&value, element, 0, NULL) == ERR_OK && !buf_failed(&value) &&
               strcmp(buf_text(&value), "null") != 0 && strcmp(buf_text(&value), "{}") != 0 &&
               strcmp(buf_text(&value), "[]") != 0;
    buf_finish(&value);
    return has;
}

static enum err_code missing(const struct aas_node *variable, const char *list, struct err *err)
{
    enum err_code code = err_set(err, ERR_BAD_INPUT, "the argument \"%.128s\" is missing in %s",
        variable_name(variable), list);
    err_rule(err, NULL, "The operation declares it without a value of its own.");
    return code;
}

/* What stands for an argument that was not given: the declaration, nothing, or an error. */
static enum err_code stand_in(struct arena *arena, const struct aas_node *declared,
    const char *list, struct aas_node **variable, struct err *err)
{
    const struct aas_node *element = variable_element(declared);
    *variable = NULL;
    if (element != NULL && has_value(element)) {
        *variable = aas_copy(arena, declared);
        return *variable != NULL ? ERR_OK : support_full(err);
    }
    return variable_is_optional(declared) ? ERR_OK : missing(declared, list, err);
}

/* Every given one is declared, once. */
static enum err_code check_given(const struct aas_node *operation, const struct aas_node *given,
    const struct variable_list *list, struct err *err)
{
    size_t count;
    struct aas_node **variables = aas_list(given, list->id, &count);
    for (size_t i = 0; i < count; i++) {
        const char *name = variable_name(variables[i]);
        const struct aas_node *declared = variable_find(operation, list->id, name);
        if (declared == NULL) {
            return err_set(err, ERR_BAD_INPUT,
                "%s has \"%.128s\", which the operation does not declare", list->name, name);
        }
        if (variable_find(given, list->id, name) != variables[i]) {
            return err_set(
                err, ERR_BAD_INPUT, "%s has \"%.128s\" more than once", list->name, name);
        }
        enum err_code code = variable_check(declared, variables[i], err);
        if (code != ERR_OK) {
            return code;
        }
    }
    return ERR_OK;
}

/* Those of one list in declared order. */
static enum err_code arrange(struct arena *arena, const struct aas_node *operation,
    const struct aas_node *given, const struct variable_list *list, struct aas_node *sent,
    struct err *err)
{
    size_t count;
    struct aas_node **declared = aas_list(operation, list->id, &count);
    for (size_t i = 0; i < count; i++) {
        struct aas_node *variable = variable_find(given, list->id, variable_name(declared[i]));
        enum err_code code =
            variable == NULL ? stand_in(arena, declared[i], list->name, &variable, err) : ERR_OK;
        if (code == ERR_OK && variable != NULL) {
            code = variables_append(arena, sent, list->id, variable, err);
        }
        if (code != ERR_OK) {
            return code;
        }
    }
    return ERR_OK;
}

/* The reader saw the arguments under the names of variables, on one line. */
static void name_places(struct report *report)
{
    for (size_t i = 0; i < report->count; i++) {
        struct finding *finding = &report->findings[i];
        finding->line = finding->column = 0;
        for (size_t n = 0; n < LISTS; n++) {
            const char *name = meta_prop_name(lists[n].id);
            size_t len = strlen(name);
            if (finding->pointer[0] == '/' && strncmp(finding->pointer + 1, name, len) == 0) {
                const char *pointer = arena_printf(
                    &report->arena, "/%s%s", lists[n].name, finding->pointer + 1 + len);
                finding->pointer = pointer != NULL ? pointer : "";
            }
        }
    }
}

static enum err_code read_elements(struct api_request *request, const struct aas_node *operation,
    const struct json *const given[LISTS], struct aas_node *sent, struct err *err)
{
    struct aas_node *read = NULL;
    enum err_code code = variables_read(&request->arena, &request->report, operation, lists, given,
        LISTS, request->body_len, &read, err);
    name_places(&request->report);
    if (code != ERR_OK) {
        err_place(err, NULL, 0, 0);
        return code;
    }
    for (size_t i = 0; code == ERR_OK && i < LISTS; i++) {
        code = check_given(operation, read, &lists[i], err);
        if (code == ERR_OK) {
            code = arrange(&request->arena, operation, read, &lists[i], sent, err);
        }
    }
    return code;
}

/* The declared element with the given value. */
static enum err_code read_value(struct arena *arena, const struct aas_node *declared,
    const struct json *value, struct aas_node **variable, struct err *err)
{
    *variable = aas_copy(arena, declared);
    if (*variable == NULL) {
        return support_full(err);
    }
    return aas_value_apply(arena, aas_child(*variable, PROP_value), value, err);
}

static enum err_code read_values(struct arena *arena, const struct aas_node *operation,
    const struct variable_list *list, const struct json *given, struct aas_node *sent,
    struct err *err)
{
    size_t count;
    struct aas_node **declared = aas_list(operation, list->id, &count);
    for (const struct json *m = given != NULL ? given->first : NULL; m != NULL; m = m->next) {
        if (variable_find(operation, list->id, m->name) == NULL) {
            return err_set(err, ERR_BAD_INPUT,
                "%s has \"%.128s\", which the operation does not declare", list->name, m->name);
        }
    }
    for (size_t i = 0; i < count; i++) {
        struct aas_node *variable;
        const struct json *value =
            given != NULL ? json_member(given, variable_name(declared[i])) : NULL;
        enum err_code code = value != NULL
                                 ? read_value(arena, declared[i], value, &variable, err)
                                 : stand_in(arena, declared[i], list->name, &variable, err);
        if (code == ERR_OK && variable != NULL) {
            code = variables_append(arena, sent, list->id, variable, err);
        }
        if (code != ERR_OK) {
            return code;
        }
    }
    return ERR_OK;
}

static enum err_code read_timeout(const struct json *body, int64_t *timeout_ms, struct err *err)
{
    const struct json *text = json_member(body, "clientTimeoutDuration");
    *timeout_ms = OPERATIONS_DEFAULT_MS;
    if (text == NULL) {
        return ERR_OK;
    }
    if (text->kind != JSON_STRING || !operations_duration(text->text, timeout_ms)) {
        enum err_code code =
            err_set(err, ERR_BAD_INPUT, "clientTimeoutDuration is no duration of ISO 8601");
        err_rule(err, NULL, "Write ten seconds as PT10S, two minutes as PT2M.");
        return code;
    }
    return ERR_OK;
}

/* A misspelt name would be an argument that nobody sees. */
static enum err_code check_members(const struct json *body, struct err *err)
{
    for (const struct json *m = body->first; m != NULL; m = m->next) {
        bool known = strcmp(m->name, "clientTimeoutDuration") == 0;
        for (size_t i = 0; i < LISTS; i++) {
            known = known || strcmp(m->name, lists[i].name) == 0;
        }
        if (!known) {
            enum err_code code =
                err_set(err, ERR_BAD_INPUT, "an invocation has no \"%.128s\"", m->name);
            err_rule(err, NULL,
                "Send inputArguments, inoutputArguments and clientTimeoutDuration only.");
            return code;
        }
    }
    return ERR_OK;
}

static enum err_code read_lists(
    const struct json *body, bool value_only, const struct json *given[LISTS], struct err *err)
{
    for (size_t i = 0; i < LISTS; i++) {
        const struct json *list = json_member(body, lists[i].name);
        if (list != NULL && list->kind != (value_only ? JSON_OBJECT : JSON_ARRAY)) {
            return err_set(err, ERR_BAD_INPUT, "%s must be %s", lists[i].name,
                value_only ? "an object of values by idShort" : "an array of operation variables");
        }
        given[i] = list;
    }
    return ERR_OK;
}

enum err_code operations_read(struct api_request *request, const struct aas_node *operation,
    bool value_only, struct aas_node **sent, int64_t *timeout_ms, struct err *err)
{
    static const struct json nothing = {.kind = JSON_OBJECT};
    const struct json *given[LISTS];
    const struct json *body = &nothing;
    struct json *read = NULL;
    enum err_code code = variables_begin(&request->arena, operation, sent, err);
    if (code == ERR_OK && request->body_len > 0) {
        code = json_read(&request->arena, request->body, request->body_len, &read, err);
        body = read;
    }
    if (code == ERR_OK && body->kind != JSON_OBJECT) {
        code = err_set(err, ERR_BAD_INPUT,
            "the body must be an object with inputArguments and inoutputArguments");
    }
    if (code == ERR_OK) {
        code = check_members(body, err);
    }
    if (code == ERR_OK) {
        code = read_timeout(body, timeout_ms, err);
    }
    if (code == ERR_OK) {
        code = read_lists(body, value_only, given, err);
    }
    if (code == ERR_OK && !value_only) {
        return read_elements(request, operation, given, *sent, err);
    }
    for (size_t i = 0; code == ERR_OK && i < LISTS; i++) {
        code = read_values(&request->arena, operation, &lists[i], given[i], *sent, err);
    }
    /* a value alone does not say everything: language tags, media types, patterns */
    return code == ERR_OK ? variables_judge(*sent, &request->report, err) : code;
}
