/* SPDX-License-Identifier: Apache-2.0 */
/* Proposals of changes to templates: made by those who may not change them, decided by those who
 * may. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "aas/json.h"
#include "api/context.h"
#include "api/fields.h"
#include "api/handlers.h"
#include "api/proposals.h"
#include "api/reply.h"
#include "api/routes.h"
#include "api/support.h"
#include "api/template_life.h"

/* ------------------------------------------------------------------ answers */

static void add_text(struct buf *buf, const char *name, const char *text)
{
    if (text[0] != '\0') {
        support_member(buf, false, name, text);
    }
}

static void add_proposal(struct buf *buf, const struct proposal *proposal)
{
    buf_printf(buf, "{\"proposal\":%" PRIu64, proposal->number);
    support_member(buf, false, "state", proposal_state_text(proposal->state));
    support_member(buf, false, "family", proposal->family);
    support_member(buf, false, "version", proposal->label);
    add_text(buf, "author", proposal->author);
    add_text(buf, "message", proposal->message);
    buf_add_text(buf, ",\"created\":");
    support_time(buf, proposal->created_ms);
    add_text(buf, "decider", proposal->decider);
    add_text(buf, "reason", proposal->reason);
    add_text(buf, "became", proposal->became);
    if (proposal->decided_ms > 0) {
        buf_add_text(buf, ",\"decided\":");
        support_time(buf, proposal->decided_ms);
    }
    buf_printf(buf, ",\"errors\":%u}", proposal->errors);
}

static void answer(struct api_response *response, const struct proposal *proposal)
{
    reply_ok(response, "application/json");
    add_proposal(&response->body, proposal);
}

/* ------------------------------------------------------------------ reading */

enum err_code proposals_number(const struct api_request *request, uint64_t *number, struct err *err)
{
    const char *text = request->captures[0].text;
    size_t digits = strspn(text, "0123456789");
    *number = digits <= 18 && text[digits] == '\0' ? strtoull(text, NULL, 10) : 0;
    return *number > 0 ? ERR_OK
                       : err_set(err, ERR_BAD_INPUT,
                             "\"%.40s\" is no number of a proposal; they begin at 1", text);
}

static enum err_code read_filter(
    struct api_request *request, struct proposal_filter *filter, struct err *err)
{
    const char *state = NULL;
    *filter = (struct proposal_filter){.family = NULL};
    enum err_code code = parameter_text(request, "family", &filter->family, err);
    code = code == ERR_OK ? parameter_text(request, "author", &filter->author, err) : code;
    code = code == ERR_OK ? parameter_text(request, "state", &state, err) : code;
    filter->by_state = state != NULL;
    if (code == ERR_OK && state != NULL && !proposal_state_read(state, &filter->state)) {
        code = err_set(err, ERR_BAD_INPUT,
            "state is open, accepted, refused or taken back, not \"%.60s\"", state);
    }
    if (code == ERR_OK) {
        code = parameter_limit(request, API_DEFAULT_LIMIT, &filter->limit, err);
    }
    return code == ERR_OK ? parameter_cursor(request, &filter->before, err) : code;
}

enum err_code handle_proposals_list(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct proposal_filter filter;
    struct registry_view view;
    struct proposal *list = NULL;
    size_t count = 0;
    uint64_t next = 0;
    enum err_code code = accept_json(request, err);
    code = code == ERR_OK ? read_filter(request, &filter, err) : code;
    if (code == ERR_OK) {
        code = registry_view_begin(request->context->registry, &view, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    code = proposal_list(&view, &request->arena, &filter, &list, &count, &next, err);
    registry_view_end(&view);
    if (code == ERR_OK) {
        reply_ok(response, "application/json");
        buf_add_text(&response->body, PAGE_BEGIN);
        for (size_t i = 0; i < count; i++) {
            buf_add_text(&response->body, i > 0 ? "," : "");
            add_proposal(&response->body, &list[i]);
        }
        page_end(&response->body, next);
    }
    return code;
}

enum err_code handle_proposal_get(
    struct api_request *request, struct api_response *response, struct err *err)
{
    uint64_t number;
    struct registry_view view;
    struct proposal proposal;
    enum err_code code = accept_json(request, err);
    code = code == ERR_OK ? proposals_number(request, &number, err) : code;
    if (code == ERR_OK) {
        code = registry_view_begin(request->context->registry, &view, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    code = proposal_get(&view, &request->arena, number, &proposal, NULL, NULL, err);
    registry_view_end(&view);
    if (code == ERR_OK) {
        answer(response, &proposal);
    }
    return code;
}

enum err_code handle_proposal_content(
    struct api_request *request, struct api_response *response, struct err *err)
{
    uint64_t number;
    struct registry_view view;
    struct proposal proposal;
    const char *json = NULL;
    size_t len = 0;
    enum err_code code = accept_json(request, err);
    code = code == ERR_OK ? proposals_number(request, &number, err) : code;
    if (code == ERR_OK) {
        code = registry_view_begin(request->context->registry, &view, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    code = proposal_get(&view, &request->arena, number, &proposal, &json, &len, err);
    registry_view_end(&view);
    if (code == ERR_OK && !reply_etag(request, response, proposal.content, "")) {
        reply_ok(response, "application/json");
        buf_add(&response->body, json, len);
    }
    return code;
}

/* ------------------------------------------------------------------ making */

enum err_code handle_proposal_make(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct aas_node *root = NULL;
    struct proposal proposal;
    struct registry_author author = support_author(request);
    const char *message = NULL;
    enum err_code code = parameter_text(request, "message", &message, err);
    code = code == ERR_OK ? template_life_body(request, &root, err) : code;
    author.message = message != NULL ? message : author.message;
    if (code == ERR_OK) {
        report_clear(&request->report);
        code = proposal_make(request->context->registry, &request->arena, request->captures[0].text,
            request->captures[1].text, root, &author, &request->report, &proposal, err);
    }
    if (code == ERR_OK) {
        answer(response, &proposal);
        response->status = 201;
        support_location(request, response, "/proposals/%" PRIu64, proposal.number);
    }
    return code;
}

/* ------------------------------------------------------------------ deciding */

enum decision { ACCEPT, REFUSE, TAKE_BACK };

static enum err_code decide(struct api_request *request, struct api_response *response,
    enum decision decision, struct err *err)
{
    uint64_t number;
    const char *message = NULL;
    const char *version = NULL;
    enum field_flag even_so = FLAG_ABSENT;
    const struct field fields[] = {{"message", FIELD_TEXT, false, &message},
        {"version", FIELD_TEXT, false, &version}, {"evenSo", FIELD_FLAG, false, &even_so}};
    struct proposal proposal;
    struct registry *registry = request->context->registry;
    struct registry_author author = support_author(request);
    enum err_code code = proposals_number(request, &number, err);
    if (code == ERR_OK) {
        code = fields_read_if_any(request, fields, sizeof fields / sizeof *fields, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    author.message = message != NULL ? message : author.message;
    switch (decision) {
    case ACCEPT:
        code = proposal_accept(registry, &request->arena, number, version, even_so == FLAG_TRUE,
            &author, &request->report, &proposal, err);
        break;
    case REFUSE:
        code = proposal_refuse(registry, &request->arena, number, &author, &proposal, err);
        break;
    case TAKE_BACK:
        code = proposal_take_back(registry, &request->arena, number, &author, &proposal, err);
        break;
    }
    if (code == ERR_OK) {
        answer(response, &proposal);
    }
    return code;
}

enum err_code handle_proposal_accept(
    struct api_request *request, struct api_response *response, struct err *err)
{
    return decide(request, response, ACCEPT, err);
}

enum err_code handle_proposal_refuse(
    struct api_request *request, struct api_response *response, struct err *err)
{
    return decide(request, response, REFUSE, err);
}

enum err_code handle_proposal_take_back(
    struct api_request *request, struct api_response *response, struct err *err)
{
    return decide(request, response, TAKE_BACK, err);
}
