/* SPDX-License-Identifier: Apache-2.0 */
/* Guard, router and parameters over any request: the input is a request as text ("METHOD target",
 * then header lines), cut into the pieces the HTTP library would give. What the router accepts must
 * lie inside its ceilings, and what it refuses must have a sentence. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "api/accept.h"
#include "api/context.h"
#include "api/dispatch.h"
#include "api/parameters.h"
#include "api/precondition.h"
#include "api/reply.h"
#include "api/routes.h"
#include "api/support.h"

enum { FUZZ_MEMORY = 4 << 20, FUZZ_BODY = 1 << 20 };

static char *cut(char **at, const char *separators)
{
    char *start = *at;
    size_t len = strcspn(start, separators);
    *at = start + len + (start[len] != '\0' ? 1 : 0);
    start[len] = '\0';
    return start;
}

static size_t read_headers(char *at, struct api_header *headers)
{
    size_t count = 0;
    while (*at != '\0' && count < API_MAX_HEADERS) {
        char *line = cut(&at, "\n");
        char *name = cut(&line, ":");
        headers[count++] = (struct api_header){name, line + strspn(line, " ")};
    }
    return count;
}

static void check_parameters(struct api_request *request)
{
    struct err err;
    struct api_modifiers modifiers;
    size_t limit = 1;
    uint64_t after;
    const char *value;
    if (parameter_limit(request, API_DEFAULT_LIMIT, &limit, &err) == ERR_OK &&
        (limit < 1 || limit > API_MAX_LIMIT)) {
        abort();
    }
    if (parameter_cursor(request, &after, &err) != ERR_OK && err.text[0] == '\0') {
        abort();
    }
    if (parameter_modifiers(request, &modifiers, &err) != ERR_OK && err.text[0] == '\0') {
        abort();
    }
    if (parameter_reference(request, "semanticId", &value, &err) != ERR_OK && err.text[0] == '\0') {
        abort();
    }
    if (precondition_tags(request, "If-Match", true, NULL).current) {
        abort();
    }
    (void)accept_body_media(request);
    if (accept_json(request, &err) != ERR_OK && err.text[0] == '\0') {
        abort();
    }
}

static void check_identifiers(struct api_request *request)
{
    struct err err;
    struct api_text id;
    for (size_t i = 0; i < request->capture_count; i++) {
        if (support_identifier(request, i, &id, &err) == ERR_OK &&
            (id.len == 0 || id.text[id.len] != '\0' || strlen(id.text) != id.len)) {
            abort();
        }
    }
}

static void check_answer(struct api_request *request, const struct err *err)
{
    struct api_response response;
    struct buf buf;
    const char *bytes;
    size_t len;
    buf_init(&buf, FUZZ_MEMORY);
    api_response_init(&response, buf);
    if (err != NULL) {
        dispatch_refuse(request, &response, err);
    } else if (request->route == NULL) {
        dispatch_run(request, &response);
    }
    if (reply_bytes(request, &response, true, &bytes, &len) == ERR_OK &&
        memcmp(bytes, "HTTP/1.1 ", 9) != 0) {
        abort();
    }
    buf_finish(&response.body);
}

static void run(struct api_request *request)
{
    struct guard_body body;
    struct err err = {0};
    dispatch_identify(request);
    enum err_code code = guard_check(request, &body, &err);
    if (code == ERR_OK) {
        code = dispatch_prepare(request, &body, &err);
    }
    if (code != ERR_OK) {
        if (err.code != code || err.text[0] == '\0') {
            abort();
        }
        check_answer(request, &err);
        return;
    }
    if (request->capture_count > API_MAX_CAPTURES || (body.chunked && body.length != 0)) {
        abort();
    }
    check_parameters(request);
    check_identifiers(request);
    check_answer(request, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct api_context context = {.max_body = FUZZ_BODY, .boot = 1, .open = true};
    struct api_request request;
    struct api_header headers[API_MAX_HEADERS];
    char *text = malloc(size + 1);
    if (text == NULL || memchr(data, 0, size) != NULL) {
        free(text);
        return 0;
    }
    memcpy(text, data, size);
    text[size] = '\0';
    char *at = text;
    api_request_init(&request, &context, FUZZ_MEMORY);
    char *line = cut(&at, "\n");
    request.method = api_method_of(cut(&line, " "));
    char *target = cut(&line, " ");
    request.http_1_0 = strcmp(line, "HTTP/1.0") == 0;
    request.path = cut(&target, "?");
    request.query = *target != '\0' ? target : NULL;
    api_request_take_headers(&request, headers, read_headers(at, headers));
    run(&request);
    api_request_finish(&request);
    free(text);
    return 0;
}
