/* SPDX-License-Identifier: Apache-2.0 */
/* POST /conformance: the report of jig check about a file, which is not stored. */
#include <string.h>

#include "api/context.h"
#include "api/body_file.h"
#include "api/check_names.h"
#include "api/cli_check.h"
#include "api/handlers.h"
#include "api/reply.h"
#include "api/support.h"
#include "registry/concept_lookup.h"

/* The name a file without one has in the report. */
#define UNNAMED "document"

/* JUnit comes last: it has no media type of its own to be asked for by Accept. */
static const struct {
    const char *name;
    enum cli_format format;
    const char *media;
} formats[] = {
    {"json", CLI_JSON, "application/json"},
    {"text", CLI_TEXT, "text/plain; charset=utf-8"},
    {"sarif", CLI_SARIF, "application/sarif+json"},
    {"junit", CLI_JUNIT, "application/xml"},
};

enum { FORMAT_COUNT = sizeof formats / sizeof *formats };

/* What a client can ask for. */
struct wish {
    struct check_settings settings;
    const char *media; /* of the answer */
};

/* ------------------------------------------------------------------ parameters */

static int format_by_name(const char *name)
{
    for (int i = 0; i < FORMAT_COUNT; i++) {
        if (strcmp(formats[i].name, name) == 0) {
            return i;
        }
    }
    return -1;
}

/* By name, else by Accept. */
static enum err_code read_format(
    const struct api_request *request, struct wish *wish, struct err *err)
{
    static const char *const offered[] = {
        "application/json", "text/plain", "application/sarif+json"};
    const char *accept = api_request_header(request, "Accept");
    const char *name = NULL;
    enum err_code code = parameter_text(request, "format", &name, err);
    if (code != ERR_OK) {
        return code;
    }
    int chosen = name != NULL ? format_by_name(name) : accept_choose(accept, offered, 3);
    if (chosen < 0 && name != NULL) {
        return err_set(
            err, ERR_BAD_INPUT, "format is json, text, junit or sarif, not \"%.100s\"", name);
    }
    if (chosen < 0) {
        return err_set(err, ERR_NOT_ACCEPTABLE,
            "the request accepts only \"%.200s\"; this address gives application/json, text/plain "
            "and application/sarif+json, and with format=junit application/xml",
            accept);
    }
    wish->settings.format = formats[chosen].format;
    wish->media = formats[chosen].media;
    return ERR_OK;
}

static enum err_code read_language(
    const struct api_request *request, enum language *language, struct err *err)
{
    const char *tag = NULL;
    enum err_code code = parameter_text(request, "language", &tag, err);
    *language = language_by_header(api_request_header(request, "Accept-Language"));
    if (code == ERR_OK && tag != NULL && !language_by_tag(tag, strlen(tag), language)) {
        code = err_set(err, ERR_BAD_INPUT, "language is en, ko or de, not \"%.100s\"", tag);
    }
    return code;
}

static enum err_code read_metamodel(
    const struct api_request *request, unsigned *versions, struct err *err)
{
    const char *text = NULL;
    enum err_code code = parameter_text(request, "metamodel", &text, err);
    if (code == ERR_OK && !check_versions(text == NULL ? "any" : text, versions)) {
        code = err_set(err, ERR_BAD_INPUT, "metamodel is 3.0, 3.1 or any, not \"%.100s\"", text);
    }
    return code;
}

static enum err_code read_class(
    struct api_request *request, const struct meta_class **as, struct err *err)
{
    const char *name = NULL;
    enum err_code code = parameter_text(request, "as", &name, err);
    if (code != ERR_OK || name == NULL) {
        return code;
    }
    *as = check_class(name);
    if (*as == NULL) {
        struct buf suggestion;
        buf_init(&suggestion, sizeof err->text);
        check_suggest_class(&suggestion, name);
        code = err_set(err, ERR_BAD_INPUT, "the metamodel has no class \"%.100s\"%s", name,
            buf_text(&suggestion));
        buf_finish(&suggestion);
    }
    return code;
}

static enum err_code read_wish(struct api_request *request, struct wish *wish, struct err *err)
{
    struct check_settings *settings = &wish->settings;
    enum err_code code = read_format(request, wish, err);
    if (code == ERR_OK) {
        code = read_language(request, &settings->language, err);
    }
    if (code == ERR_OK) {
        code = read_metamodel(request, &settings->versions, err);
    }
    if (code == ERR_OK) {
        code = read_class(request, &settings->as, err);
    }
    return code == ERR_OK ? parameter_bool(request, "strict", &settings->fail_on_warnings, err)
                          : code;
}

/* ------------------------------------------------------------------ the report */

/* What is a list or a frame for jig check holds this one file; the JSON form is its object alone.
 */
static void write_report(
    struct buf *out, const struct check_settings *settings, const struct check_file *file)
{
    const struct check_total total = {.files = 1};
    bool framed = settings->format != CLI_JSON;
    if (framed) {
        check_write_begin(out, settings);
    }
    check_write_file(out, settings, file);
    if (framed) {
        check_write_end(out, settings, &total);
    }
}

enum err_code handle_conformance(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct wish wish = {.media = NULL};
    struct body_file body;
    struct judge_result result = {.format = JUDGE_AUTO};
    enum err_code code = read_wish(request, &wish, err);
    if (code == ERR_OK) {
        code = body_file_read(request, &body, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    body.name = body.name != NULL ? body.name : UNNAMED;
    struct concept_lookup concepts;
    const struct judge_lookup lookup =
        concept_lookup_begin(&concepts, request->context->registry, &request->arena);
    const struct judge_input input = {.bytes = body.bytes,
        .len = body.len,
        .format = body.format,
        .as = wish.settings.as,
        .versions = wish.settings.versions,
        .lookup = &lookup};
    code = judge_document(&request->arena, &input, &request->report, &result, err);
    concept_lookup_end(&concepts);
    if (code != ERR_OK && code != ERR_UNREADABLE) { /* that it cannot be read is a verdict, too */
        return code;
    }
    char *name = arena_copy(&request->arena, body.name, strlen(body.name));
    if (name == NULL) {
        return support_full(err);
    }
    cli_printable(name);
    const struct check_file file = {.path = name,
        .name = name,
        .bytes = body.bytes,
        .len = body.len,
        .report = &request->report,
        .result = &result,
        .verdict = report_verdict(&request->report)};
    reply_ok(response, wish.media);
    api_response_field(response, "Content-Language", language_tag(wish.settings.language));
    api_response_field(response, "Vary", "Accept, Accept-Language");
    write_report(&response->body, &wish.settings, &file);
    return ERR_OK;
}
