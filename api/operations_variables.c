/* SPDX-License-Identifier: Apache-2.0 */
#include "api/operations_variables.h"

#include <string.h>

#include "api/support.h"
#include "conformance/judge.h"

/* ------------------------------------------------------------------ declared and given */

const struct aas_node *variable_element(const struct aas_node *variable)
{
    return aas_child(variable, PROP_value);
}

const char *variable_name(const struct aas_node *variable)
{
    const struct aas_node *element = variable_element(variable);
    const char *id_short = element != NULL ? aas_text(element, PROP_idShort) : NULL;
    return id_short != NULL ? id_short : "";
}

struct aas_node *variable_find(
    const struct aas_node *operation, enum meta_prop_id list, const char *name)
{
    size_t count;
    struct aas_node **variables = aas_list(operation, list, &count);
    for (size_t i = 0; i < count; i++) {
        /* what was imported with findings can lack its element */
        if (variable_element(variables[i]) != NULL &&
            strcmp(variable_name(variables[i]), name) == 0) {
            return variables[i];
        }
    }
    return NULL;
}

enum err_code variable_check(
    const struct aas_node *declared, const struct aas_node *given, struct err *err)
{
    static const enum meta_prop_id types[] = {
        PROP_valueType, PROP_typeValueListElement, PROP_valueTypeListElement};
    const char *name = variable_name(declared);
    const struct aas_node *wanted = variable_element(declared);
    const struct aas_node *got = variable_element(given);
    enum err_code code = ERR_OK;
    if (wanted->cls != got->cls) {
        code = err_set(err, ERR_BAD_INPUT, "the variable \"%.128s\" is declared as %s, not as %s",
            name, wanted->cls->name, got->cls->name);
    }
    for (size_t i = 0; code == ERR_OK && i < sizeof types / sizeof *types; i++) {
        const char *should = aas_text(wanted, types[i]);
        const char *is = aas_text(got, types[i]);
        if (should != NULL && (is == NULL || strcmp(should, is) != 0)) {
            code = err_set(err, ERR_BAD_INPUT,
                "the %s of the variable \"%.128s\" is declared as %s, not as %.100s",
                meta_prop_name(types[i]), name, should, is != NULL ? is : "nothing");
        }
    }
    if (code != ERR_OK) {
        err_rule(err, NULL, "Send it as the operation declares it.");
    }
    return code;
}

bool variable_is_optional(const struct aas_node *variable)
{
    static const char *const names[] = {"SMT/Cardinality", "Cardinality", "Multiplicity"};
    const struct aas_node *element = variable_element(variable);
    size_t count;
    if (element == NULL) {
        return true;
    }
    struct aas_node **qualifiers = aas_list(element, PROP_qualifiers, &count);
    for (size_t i = 0; i < count; i++) {
        const char *type = aas_text(qualifiers[i], PROP_type);
        const char *value = aas_text(qualifiers[i], PROP_value);
        for (size_t n = 0; type != NULL && value != NULL && n < 3; n++) {
            if (strcmp(type, names[n]) == 0 && strncmp(value, "ZeroTo", 6) == 0) {
                return true;
            }
        }
    }
    return false;
}

enum err_code variables_begin(
    struct arena *arena, const struct aas_node *like, struct aas_node **made, struct err *err)
{
    const char *id_short = aas_text(like, PROP_idShort);
    *made = aas_node_new(arena, like->cls);
    if (*made == NULL) {
        return support_full(err);
    }
    return id_short == NULL ? ERR_OK
                            : aas_set_text(arena, *made, PROP_idShort, id_short, strlen(id_short));
}

enum err_code variables_append(struct arena *arena, struct aas_node *operation,
    enum meta_prop_id list, struct aas_node *variable, struct err *err)
{
    size_t at;
    if (variable == NULL) {
        return support_full(err);
    }
    aas_list(operation, list, &at);
    enum err_code code = aas_list_insert(arena, operation, list, at, variable);
    return code == ERR_OK ? ERR_OK : support_full(err);
}

/* ------------------------------------------------------------------ JSON out of JSON */

/* What is written again can be longer: control characters are written as \u0000. */
enum { WRITTEN_FACTOR = 6, WRITTEN_MORE = 4096 };

/* Arguments stand inside a document that is none of the metamodel: they are written out again, for
 * the reader of the metamodel. Depth is bounded by the reader of the JSON. */
static void write_json(struct buf *buf, const struct json *json)
{
    static const char *const words[] = {"null", "true", "false"};
    if (json->name != NULL) {
        buf_add_json_string(buf, json->name, json->name_len);
        buf_add_char(buf, ':');
    }
    if (json->kind == JSON_STRING) {
        buf_add_json_string(buf, json->text, json->len);
    } else if (json->kind == JSON_NUMBER) {
        buf_add_text(buf, json->text);
    } else if (json->kind == JSON_ARRAY || json->kind == JSON_OBJECT) {
        buf_add_char(buf, json->kind == JSON_ARRAY ? '[' : '{');
        for (const struct json *item = json->first; item != NULL; item = item->next) {
            if (item != json->first) {
                buf_add_char(buf, ',');
            }
            write_json(buf, item);
        }
        buf_add_char(buf, json->kind == JSON_ARRAY ? ']' : '}');
    } else {
        buf_add_text(buf, words[json->kind]);
    }
}

static void add_variables(struct buf *buf, const char *name, const struct json *array)
{
    if (array != NULL && array->count > 0) {
        buf_printf(buf, ",\"%s\":[", name);
        for (const struct json *item = array->first; item != NULL; item = item->next) {
            if (item != array->first) {
                buf_add_char(buf, ',');
            }
            write_json(buf, item);
        }
        buf_add_char(buf, ']');
    }
}

static void write_operation(struct buf *json, const struct aas_node *like,
    const struct variable_list *lists, const struct json *const *arrays, size_t count)
{
    const char *id_short = aas_text(like, PROP_idShort);
    id_short = id_short != NULL ? id_short : like->cls->name;
    buf_printf(json, "{\"modelType\":\"%s\",\"idShort\":", like->cls->name);
    buf_add_json_string(json, id_short, strlen(id_short));
    for (size_t i = 0; i < count; i++) {
        add_variables(json, meta_prop_name(lists[i].id), arrays[i]);
    }
    buf_add_char(json, '}');
}

enum err_code variables_judge(
    const struct aas_node *operation, struct report *report, struct err *err)
{
    enum err_code code = judge_tree(operation, META_V_ANY, true, report, NULL, err);
    if (code == ERR_OK && report_verdict(report) != REPORT_VALID) {
        code = err_set(err, ERR_INVALID, "%s", err_default_text(ERR_INVALID));
    }
    return code;
}

enum err_code variables_read(struct arena *arena, struct report *report,
    const struct aas_node *like, const struct variable_list *lists,
    const struct json *const *arrays, size_t count, size_t bytes, struct aas_node **read,
    struct err *err)
{
    struct buf json;
    struct aas_sink sink = report_sink(report);
    buf_init(&json, WRITTEN_FACTOR * bytes + WRITTEN_MORE);
    write_operation(&json, like, lists, arrays, count);
    enum err_code code =
        buf_failed(&json) ? support_full(err)
                          : aas_json_read(arena, json.bytes, json.len, like->cls, &sink, read, err);
    buf_finish(&json);
    return code == ERR_OK ? variables_judge(*read, report, err) : code;
}

void variables_write(
    struct buf *buf, const struct aas_node *operation, enum meta_prop_id list, bool *any)
{
    size_t count;
    struct aas_node **variables = aas_list(operation, list, &count);
    for (size_t i = 0; i < count; i++) {
        if (*any) {
            buf_add_char(buf, ',');
        }
        *any = true;
        aas_json_write(buf, variables[i], 0, NULL);
    }
}
