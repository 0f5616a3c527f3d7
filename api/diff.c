/* SPDX-License-Identifier: Apache-2.0 */
/* Comparing two versions of a template family, or two revisions of a submodel. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "api/context.h"
#include "api/handlers.h"
#include "api/proposals.h"
#include "api/reply.h"
#include "api/routes.h"
#include "api/support.h"
#include "conformance/compare.h"

/* Memory of both trees and their comparison, per byte of JSON and at least. */
enum { MEMORY_PER_BYTE = 64, MEMORY_LEAST = 4 * 1024 * 1024 };

/* One side as it is stored. */
struct side {
    const char *json;
    size_t len;
    const char *name;             /* for people */
    const char *pick;             /* id of the submodel in it, NULL: the only one */
    const struct meta_class *as;  /* what the JSON is */
    struct compare_number number; /* what the version calls itself; not known: ask the submodel */
};

struct wish {
    const char *from;
    const char *to; /* NULL: the newest */
    struct compare_output output;
    bool text;
};

/* ------------------------------------------------------------------ parameters */

static enum err_code read_mode(
    const struct api_request *request, struct compare_output *output, struct err *err)
{
    const char *mode = NULL;
    enum err_code code = parameter_text(request, "mode", &mode, err);
    if (code == ERR_OK && mode != NULL && !compare_mode_read(mode, &output->mode)) {
        code = err_set(err, ERR_BAD_INPUT,
            "mode is exact, value, ignore-version or supplemental, not \"%.100s\"", mode);
    }
    return code;
}

static enum err_code read_language(
    const struct api_request *request, struct compare_output *output, struct err *err)
{
    const char *tag = NULL;
    enum err_code code = parameter_text(request, "language", &tag, err);
    output->language = language_by_header(api_request_header(request, "Accept-Language"));
    if (code == ERR_OK && tag != NULL && !language_by_tag(tag, strlen(tag), &output->language)) {
        code = err_set(err, ERR_BAD_INPUT, "language is en, ko or de, not \"%.100s\"", tag);
    }
    return code;
}

static enum err_code read_media(const struct api_request *request, bool *text, struct err *err)
{
    static const char *const offered[] = {"application/json", "text/plain"};
    const char *accept = api_request_header(request, "Accept");
    int chosen = accept_choose(accept, offered, 2);
    *text = chosen == 1;
    return chosen >= 0
               ? ERR_OK
               : err_set(err, ERR_NOT_ACCEPTABLE,
                     "the request accepts only \"%.200s\"; this address gives application/json "
                     "and text/plain",
                     accept);
}

/* How it is to be told. */
static enum err_code read_output(
    const struct api_request *request, struct wish *wish, struct err *err)
{
    *wish = (struct wish){.output = {.mode = COMPARE_EXACT}};
    enum err_code code = read_media(request, &wish->text, err);
    if (code == ERR_OK) {
        code = read_mode(request, &wish->output, err);
    }
    if (code == ERR_OK) {
        code = read_language(request, &wish->output, err);
    }
    if (code == ERR_OK) {
        code = parameter_bool(request, "rows", &wish->output.rows, err);
    }
    return code;
}

static enum err_code read_wish(
    const struct api_request *request, const char *what, struct wish *wish, struct err *err)
{
    enum err_code code = read_output(request, wish, err);
    if (code == ERR_OK) {
        code = parameter_text(request, "from", &wish->from, err);
    }
    if (code == ERR_OK) {
        code = parameter_text(request, "to", &wish->to, err);
    }
    if (code == ERR_OK && wish->from == NULL) {
        code = err_set(err, ERR_BAD_INPUT, "the parameter from is missing");
        err_rule(err, NULL, what);
    }
    return code;
}

/* ------------------------------------------------------------------ comparing */

static enum err_code read_sides(struct api_request *request, struct side side[2],
    const struct aas_node *root[2], struct err *err)
{
    size_t len = side[0].len + side[1].len;
    size_t needed = MEMORY_LEAST + MEMORY_PER_BYTE * len;
    enum err_code code = share_expect(&request->share, SHARE_TREE * len, err);
    if (request->arena.ceiling < needed) {
        request->arena.ceiling = needed;
    }
    for (int i = 0; code == ERR_OK && i < 2; i++) {
        struct aas_node *tree = NULL;
        code = support_tree(request, side[i].json, side[i].len, side[i].as, &tree, err);
        root[i] = tree;
    }
    return code;
}

static enum err_code compare(struct api_request *request, struct api_response *response,
    struct side side[2], const struct wish *wish, struct err *err)
{
    const struct aas_node *root[2] = {NULL, NULL};
    const char *const pick[2] = {side[0].pick, side[1].pick};
    struct compare_input input = {.name = {side[0].name, side[1].name}};
    struct comparison comparison;
    enum err_code code = read_sides(request, side, root, err);
    if (code == ERR_OK) {
        code = compare_pick(root, pick, &input, err);
    }
    for (int i = 0; code == ERR_OK && i < 2; i++) {
        input.number[i] =
            side[i].number.known ? side[i].number : compare_number_of(NULL, input.submodel[i]);
    }
    if (code == ERR_OK) {
        code = compare_run(&request->arena, &input, &comparison, err);
    }
    if (code == ERR_OK) {
        reply_ok(response, wish->text ? "text/plain; charset=utf-8" : "application/json");
        api_response_field(response, "Vary", "Accept, Accept-Language");
        (wish->text ? compare_write_text : compare_write_json)(
            &response->body, &comparison, &wish->output);
    }
    return code;
}

/* ------------------------------------------------------------------ versions */

static enum err_code find_version(struct api_request *request, struct registry_view *view,
    const char *label, struct side *side, struct err *err)
{
    struct registry_version version;
    bool newest = label == NULL || strcmp(label, "latest") == 0;
    enum err_code code = registry_version(view, &request->arena, request->captures[0].text,
        newest ? NULL : label, &version, &side->json, &side->len, err);
    if (code == ERR_OK) {
        side->name = version.label;
        side->pick = version.submodel_id[0] != '\0' ? version.submodel_id : NULL;
        side->as = meta_class(CLASS_Environment);
        side->number = compare_number_of(version.label, NULL);
    }
    return code;
}

enum err_code handle_template_diff(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct wish wish;
    struct registry_view view;
    struct side side[2] = {{.json = NULL}, {.json = NULL}};
    enum err_code code =
        read_wish(request, "Name the old version, as in from=1.0&to=1.1.", &wish, err);
    if (code == ERR_OK) {
        code = registry_view_begin(request->context->registry, &view, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    code = find_version(request, &view, wish.from, &side[0], err);
    if (code == ERR_OK) {
        code = find_version(request, &view, wish.to, &side[1], err);
    }
    if (code == ERR_OK) {
        code = compare(request, response, side, &wish, err);
    }
    registry_view_end(&view);
    return code;
}

/* ------------------------------------------------------------------ proposals */

/* The version as it is now against what is proposed. */
enum err_code handle_proposal_diff(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct wish wish = {.from = ""};
    uint64_t number = 0;
    struct proposal proposal;
    struct registry_version version;
    struct registry_view view;
    struct side side[2] = {{.json = NULL}, {.name = "proposal"}};
    enum err_code code = proposals_number(request, &number, err);
    code = code == ERR_OK ? read_output(request, &wish, err) : code;
    if (code == ERR_OK) {
        code = registry_view_begin(request->context->registry, &view, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    code =
        proposal_get(&view, &request->arena, number, &proposal, &side[1].json, &side[1].len, err);
    if (code == ERR_OK) {
        code = registry_version(&view, &request->arena, proposal.family, proposal.label, &version,
            &side[0].json, &side[0].len, err);
    }
    if (code == ERR_OK) {
        side[0].name = version.label;
        side[0].number = compare_number_of(version.label, NULL);
        side[1].number = side[0].number;
        for (int i = 0; i < 2; i++) {
            side[i].pick = version.submodel_id;
            side[i].as = meta_class(CLASS_Environment);
        }
        code = compare(request, response, side, &wish, err);
    }
    registry_view_end(&view);
    return code;
}

/* ------------------------------------------------------------------ revisions */

static enum err_code read_revision(
    const char *name, const char *text, uint64_t *revision, struct err *err)
{
    size_t digits = strspn(text, "0123456789");
    *revision = digits <= 18 && text[digits] == '\0' ? strtoull(text, NULL, 10) : 0;
    return *revision > 0 ? ERR_OK
                         : err_set(err, ERR_BAD_INPUT,
                               "%s=%.40s is no revision number; they begin at 1", name, text);
}

static enum err_code find_revision(struct api_request *request, struct registry_view *view,
    const struct api_text *id, uint64_t revision, struct side *side, struct err *err)
{
    enum err_code code = registry_revision_content(view, &request->arena, REGISTRY_SUBMODEL,
        id->text, id->len, revision, &side->json, &side->len, err);
    if (code == ERR_OK) {
        side->as = meta_class(CLASS_Submodel);
        side->name = arena_printf(&request->arena, "%" PRIu64, revision);
        code = side->name == NULL ? support_full(err) : ERR_OK;
    }
    return code;
}

/* The number of the revision that `to` names, or of the newest one. */
static enum err_code newest_revision(struct api_request *request, struct registry_view *view,
    const char *to, uint64_t *revision, struct err *err)
{
    struct registry_document document;
    if (to != NULL) {
        return read_revision("to", to, revision, err);
    }
    enum err_code code = support_document(request, view, &document, err);
    if (code == ERR_OK) {
        *revision = document.revision;
    }
    return code;
}

enum err_code handle_submodel_diff(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct wish wish;
    struct registry_view view;
    struct api_text id;
    struct side side[2] = {{.json = NULL}, {.json = NULL}};
    uint64_t from = 0;
    uint64_t to = 0;
    enum err_code code =
        read_wish(request, "Name the old revision, as in from=1&to=2.", &wish, err);
    if (code == ERR_OK) {
        code = support_identifier(request, 0, &id, err);
    }
    if (code == ERR_OK) {
        code = read_revision("from", wish.from, &from, err);
    }
    if (code == ERR_OK) {
        code = registry_view_begin(request->context->registry, &view, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    code = newest_revision(request, &view, wish.to, &to, err);
    if (code == ERR_OK) {
        code = find_revision(request, &view, &id, from, &side[0], err);
    }
    if (code == ERR_OK) {
        code = find_revision(request, &view, &id, to, &side[1], err);
    }
    if (code == ERR_OK) {
        code = compare(request, response, side, &wish, err);
    }
    registry_view_end(&view);
    return code;
}
