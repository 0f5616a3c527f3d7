/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Arguments and answers of operations. The first byte says what the rest is: `r` a request with
 * elements, `v` one with values, `a` the answer of a target. What is taken is written as JSON that
 * is taken again and written the same; what is refused has a sentence.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "aas/json.h"
#include "api/operations.h"
#include "conformance/judge.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FUZZ_MEMORY = 32 << 20 };

#define VARIABLE(kind, name, more)                                                                 \
    "{\"value\":{\"modelType\":\"" kind "\",\"idShort\":\"" name "\"" more "}}"
#define INT ",\"valueType\":\"xs:int\""

/* clang-format off */
static const char declared[] =
    "{\"modelType\":\"Operation\",\"idShort\":\"Op\",\"inputVariables\":["
    VARIABLE("Property", "Aa", INT) ","
    VARIABLE("Property", "Bb", INT ",\"value\":\"1\"") ","
    VARIABLE("Range", "Rr", INT ",\"min\":\"1\"") ","
    VARIABLE("MultiLanguageProperty", "Mm", ",\"value\":[{\"language\":\"en\",\"text\":\"a\"}]")
    "],\"inoutputVariables\":["
    VARIABLE("SubmodelElementCollection", "Cc", ",\"value\":[{\"modelType\":\"Property\","
             "\"idShort\":\"Xx\",\"valueType\":\"xs:double\",\"value\":\"1.5\"}]")
    "],\"outputVariables\":[" VARIABLE("Property", "Ss", INT) "]}";
/* clang-format on */

static void demand(bool holds)
{
    if (!holds) {
        abort();
    }
}

static struct aas_node *operation_in(struct arena *arena)
{
    struct aas_node *node = NULL;
    enum err_code code =
        aas_json_read(arena, declared, sizeof declared - 1, NULL, NULL, &node, NULL);
    demand(code == ERR_OK);
    return node;
}

static enum err_code read_request(struct api_request *request, const char *body, size_t len,
    bool value, struct aas_node **sent, struct err *err)
{
    int64_t timeout_ms = -1;
    api_request_init(request, NULL, FUZZ_MEMORY);
    request->body = body;
    request->body_len = len;
    enum err_code code =
        operations_read(request, operation_in(&request->arena), value, sent, &timeout_ms, err);
    demand(code != ERR_OK || (timeout_ms >= 0 && timeout_ms <= OPERATIONS_MAX_MS));
    demand(code == ERR_OK || err->text[0] != '\0');
    return code;
}

/* What was taken, as a request of its own: in-outputs come after inputs. */
static void repeat(const struct aas_node *sent)
{
    static const char *const names[] = {"inputArguments", "inoutputArguments"};
    static const enum meta_prop_id lists[] = {PROP_inputVariables, PROP_inoutputVariables};
    struct buf body;
    struct buf first;
    struct buf second;
    struct api_request again;
    struct aas_node *node = NULL;
    struct err err = {0};
    buf_init(&body, FUZZ_MEMORY);
    buf_init(&first, FUZZ_MEMORY);
    buf_init(&second, FUZZ_MEMORY);
    for (size_t i = 0; i < 2; i++) {
        size_t count;
        struct aas_node **variables = aas_list(sent, lists[i], &count);
        buf_printf(&body, "%c\"%s\":[", i == 0 ? '{' : ',', names[i]);
        for (size_t n = 0; n < count; n++) {
            buf_add_text(&body, n > 0 ? "," : "");
            aas_json_write(&body, variables[n], 0, NULL);
        }
        buf_add_char(&body, ']');
    }
    buf_add_char(&body, '}');
    operations_write_sent(&first, sent);
    enum err_code code = read_request(&again, body.bytes, body.len, false, &node, &err);
    demand(code == ERR_OK);
    operations_write_sent(&second, node);
    demand(first.len == second.len && memcmp(first.bytes, second.bytes, first.len) == 0);
    api_request_finish(&again);
    buf_finish(&body);
    buf_finish(&first);
    buf_finish(&second);
}

static void check_result(struct buf *result)
{
    struct arena arena;
    struct json *json = NULL;
    arena_init(&arena, FUZZ_MEMORY);
    enum err_code code = json_read(&arena, result->bytes, result->len, &json, NULL);
    demand(code == ERR_OK);
    demand(strcmp(json_member(json, "executionState")->text, "Completed") == 0);
    arena_finish(&arena);
}

static void take_answer(const char *bytes, size_t len)
{
    struct err err = {0};
    struct job *job = job_new(NULL);
    demand(job != NULL);
    job->operation = job->sent = operation_in(&job->arena);
    if (operations_take_answer(job, bytes, len, &err) == ERR_OK) {
        check_result(&job->full);
        check_result(&job->value);
    } else {
        demand(err.text[0] != '\0');
    }
    job_free(job);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool started;
    struct api_request request;
    struct aas_node *sent = NULL;
    struct err err = {0};
    if (!started) {
        enum err_code code = judge_start(&err);
        demand(code == ERR_OK);
        started = true;
    }
    if (size == 0) {
        return 0;
    }
    const char *text = (const char *)data + 1;
    if (data[0] == 'a') {
        take_answer(text, size - 1);
        return 0;
    }
    if (read_request(&request, text, size - 1, data[0] == 'v', &sent, &err) == ERR_OK) {
        repeat(sent);
    }
    api_request_finish(&request);
    return 0;
}
