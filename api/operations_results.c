/* SPDX-License-Identifier: Apache-2.0 */
/* What an operation's target is sent, and what comes back. */
#include <string.h>
#include <time.h>

#include "aas/value.h"
#include "api/operations_variables.h"
#include "api/support.h"

/* ------------------------------------------------------------------ what is sent and comes back */

static const enum meta_prop_id sent_lists[] = {PROP_inputVariables, PROP_inoutputVariables};

void operations_write_sent(struct buf *buf, const struct aas_node *sent)
{
    bool any = false;
    buf_add_char(buf, '[');
    for (size_t i = 0; i < sizeof sent_lists / sizeof *sent_lists; i++) {
        variables_write(buf, sent, sent_lists[i], &any);
    }
    buf_add_char(buf, ']');
}

static void add_values(struct buf *buf, const struct aas_node *operation, enum meta_prop_id id)
{
    size_t count;
    bool any = false;
    struct aas_node **variables = aas_list(operation, id, &count);
    for (size_t i = 0; i < count; i++) {
        const char *name = variable_name(variables[i]);
        struct buf value;
        buf_init(&value, buf->ceiling);
        if (aas_value_write(&value, variable_element(variables[i]), 0, NULL) == ERR_OK &&
            strcmp(buf_text(&value), "null") != 0) {
            if (any) {
                buf_add_char(buf, ',');
            }
            any = true;
            buf_add_json_string(buf, name, strlen(name));
            buf_add_char(buf, ':');
            buf_add(buf, value.bytes, value.len);
        }
        buf_finish(&value);
    }
}

static void begin_result(struct buf *buf, enum job_state state)
{
    buf_clear(buf);
    buf_printf(buf, "{\"executionState\":\"%s\",\"success\":%s", job_state_text(state),
        state == JOB_COMPLETED ? "true" : "false");
}

static void write_results(struct job *job, const struct aas_node *result)
{
    static const struct variable_list given[] = {
        {PROP_inoutputVariables, "inoutputArguments"}, {PROP_outputVariables, "outputArguments"}};
    begin_result(&job->full, JOB_COMPLETED);
    begin_result(&job->value, JOB_COMPLETED);
    for (size_t i = 0; i < sizeof given / sizeof *given; i++) {
        bool any = false;
        buf_printf(&job->full, ",\"%s\":[", given[i].name);
        variables_write(&job->full, result, given[i].id, &any);
        buf_add_char(&job->full, ']');
        buf_printf(&job->value, ",\"%s\":{", given[i].name);
        add_values(&job->value, result, given[i].id);
        buf_add_char(&job->value, '}');
    }
    buf_add_text(&job->full, ",\"messages\":[]}");
    buf_add_text(&job->value, ",\"messages\":[]}");
}

static void write_failure(
    struct buf *buf, const struct job *job, enum job_state state, const char *sentence)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    begin_result(buf, state);
    buf_add_text(buf, ",\"messages\":[{");
    support_member(buf, true, "messageType", "Error");
    support_member(buf, false, "code", job_state_text(state));
    support_member(buf, false, "text", sentence);
    support_member(buf, false, "correlationId", job->request_id);
    buf_add_text(buf, ",\"timestamp\":");
    support_time(buf, (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000);
    buf_add_text(buf, "}]}");
}

void operations_write_failure(struct job *job, enum job_state state, const char *sentence)
{
    job_must_tell(job);
    write_failure(&job->full, job, state, sentence);
    write_failure(&job->value, job, state, sentence);
}

/* Sorts what came back into outputs and in-outputs. */
static enum err_code sort_answer(
    struct job *job, const struct aas_node *answer, struct aas_node *result, struct err *err)
{
    size_t count;
    struct aas_node **variables = aas_list(answer, PROP_outputVariables, &count);
    for (size_t i = 0; i < count; i++) {
        const char *name = variable_name(variables[i]);
        enum meta_prop_id list = PROP_outputVariables;
        const struct aas_node *declared = variable_find(job->operation, list, name);
        if (declared == NULL) {
            list = PROP_inoutputVariables;
            declared = variable_find(job->operation, list, name);
        }
        if (declared == NULL || variable_find(result, list, name) != NULL) {
            return err_set(err, ERR_BAD_INPUT,
                declared == NULL ? "it has \"%.128s\", which the operation does not declare"
                                 : "it has \"%.128s\" more than once",
                name);
        }
        enum err_code code = variable_check(declared, variables[i], err);
        size_t at = 0;
        aas_list(result, list, &at);
        struct aas_node *copy = code == ERR_OK ? aas_copy(&job->arena, variables[i]) : NULL;
        if (copy == NULL) {
            return code != ERR_OK ? code : support_full(err);
        }
        code = aas_list_insert(&job->arena, result, list, at, copy);
        if (code != ERR_OK) {
            return code;
        }
    }
    return ERR_OK;
}

/* Outputs must be there; an in-output that did not come back is as it was sent. */
static enum err_code complete(struct job *job, struct aas_node *result, struct err *err)
{
    size_t count;
    struct aas_node **declared = aas_list(job->operation, PROP_outputVariables, &count);
    for (size_t i = 0; i < count; i++) {
        const char *name = variable_name(declared[i]);
        if (variable_find(result, PROP_outputVariables, name) == NULL &&
            !variable_is_optional(declared[i])) {
            return err_set(err, ERR_BAD_INPUT, "the output \"%.128s\" is missing", name);
        }
    }
    declared = aas_list(job->sent, PROP_inoutputVariables, &count);
    for (size_t i = 0; i < count; i++) {
        if (variable_find(result, PROP_inoutputVariables, variable_name(declared[i])) == NULL) {
            enum err_code code = variables_append(&job->arena, result, PROP_inoutputVariables,
                aas_copy(&job->arena, declared[i]), err);
            if (code != ERR_OK) {
                return code;
            }
        }
    }
    return ERR_OK;
}

static enum err_code read_answer(struct job *job, const char *bytes, size_t len,
    struct report *report, struct aas_node **answer, struct err *err)
{
    static const struct variable_list outputs = {PROP_outputVariables, "outputArguments"};
    struct json *array = NULL;
    enum err_code code = json_read(&job->arena, bytes, len, &array, err);
    if (code != ERR_OK) {
        return code;
    }
    if (array->kind != JSON_ARRAY) {
        return err_set(err, ERR_BAD_INPUT, "it is no JSON array of operation variables");
    }
    const struct json *arrays[] = {array};
    code =
        variables_read(&job->arena, report, job->operation, &outputs, arrays, 1, len, answer, err);
    if (code != ERR_OK && report->count > 0) {
        const struct finding *first = &report->findings[0];
        code = err_set(
            err, code, "%s%s%s", first->path, first->path[0] != '\0' ? ": " : "", first->text);
    }
    return code;
}

enum err_code operations_take_answer(
    struct job *job, const char *bytes, size_t len, struct err *err)
{
    struct report report;
    struct aas_node *answer = NULL;
    struct aas_node *result = NULL;
    enum err_code code = variables_begin(&job->arena, job->operation, &result, err);
    report_init(&report);
    if (code == ERR_OK && len > 0) {
        code = read_answer(job, bytes, len, &report, &answer, err);
    }
    if (code == ERR_OK && answer != NULL) {
        code = sort_answer(job, answer, result, err);
    }
    if (code == ERR_OK) {
        code = complete(job, result, err);
    }
    if (code == ERR_OK) {
        write_results(job, result);
        if (buf_failed(&job->full) || buf_failed(&job->value)) {
            code = support_full(err);
        }
    }
    report_finish(&report);
    return code;
}
