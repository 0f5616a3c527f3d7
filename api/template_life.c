/* SPDX-License-Identifier: Apache-2.0 */
/* The life of template versions: drafts, steps from one state to the next, what is missing. */
#include "api/handlers.h"

#include <string.h>

#include "aas/json.h"
#include "api/base_url.h"
#include "api/context.h"
#include "api/fields.h"
#include "api/cut.h"
#include "api/precondition.h"
#include "api/reply.h"
#include "api/routes.h"
#include "api/support.h"
#include "api/template_life.h"
#include "conformance/language.h"
#include "registry/access.h"

enum { WORDS = 5 };

/* ------------------------------------------------------------------ bodies */

/* The members of a small JSON object that a request may have; each is a text. */
struct words {
    const char *message;
    const char *successor;
    const char *overrule;
    const char *from;
    const char *version;
    const char *submodel_id;
    const char *onto;
};

static const struct {
    const char *name;
    size_t offset;
} known[] = {{"message", offsetof(struct words, message)},
    {"successor", offsetof(struct words, successor)},
    {"overrule", offsetof(struct words, overrule)}, {"from", offsetof(struct words, from)},
    {"version", offsetof(struct words, version)},
    {"submodelId", offsetof(struct words, submodel_id)}, {"onto", offsetof(struct words, onto)}};

/* Those that an address takes, as bits in the order of `known`. */
enum {
    TAKES_MESSAGE = 1,
    TAKES_SUCCESSOR = 1 << 1,
    TAKES_OVERRULE = 1 << 2,
    TAKES_DRAFT = 1 << 3 | 1 << 4 | 1 << 5,
    TAKES_ONTO = 1 << 6,
};

enum { KNOWN = sizeof known / sizeof *known };

static size_t list_fields(unsigned taken, struct words *words, struct field fields[KNOWN])
{
    size_t count = 0;
    *words = (struct words){.message = NULL};
    for (size_t i = 0; i < KNOWN; i++) {
        if ((taken >> i & 1) != 0) {
            fields[count++] =
                (struct field){known[i].name, FIELD_TEXT, false, (char *)words + known[i].offset};
        }
    }
    return count;
}

/* A body that may be left out. */
static enum err_code read_wish(
    struct api_request *request, unsigned taken, struct words *words, struct err *err)
{
    struct field fields[KNOWN];
    size_t count = list_fields(taken, words, fields);
    return fields_read_if_any(request, fields, count, err);
}

/* Who does it; what the body says counts before the header field. */
static struct registry_author author_of(
    const struct api_request *request, const struct words *words)
{
    struct registry_author author = support_author(request);
    if (words != NULL && words->message != NULL) {
        author.message = words->message;
    }
    return author;
}

/* A template as it comes: an environment or a submodel, told apart by what it says. */
enum err_code template_life_body(
    struct api_request *request, struct aas_node **root, struct err *err)
{
    static const char submodel[] = "\"Submodel\"";
    struct json *object = NULL;
    enum meta_class_id cls = CLASS_Environment;
    if (accept_body_media(request) == API_MEDIA_JSON && request->body_len > 0) {
        enum err_code code = json_read_environment(
            &request->arena, request->body, request->body_len, &object, NULL, err);
        if (code != ERR_OK) {
            return code;
        }
        const struct json *type =
            object->kind == JSON_OBJECT ? json_member(object, "modelType") : NULL;
        cls = type != NULL ? CLASS_Submodel : cls;
    } else if (memmem(request->body, request->body_len < 512 ? request->body_len : 512, "<submodel",
                   sizeof submodel - 2) != NULL &&
               memmem(request->body, request->body_len < 512 ? request->body_len : 512,
                   "<environment", 12) == NULL) {
        cls = CLASS_Submodel;
    }
    return support_body(request, meta_class(cls), root, err);
}

/* ------------------------------------------------------------------ answers */

static void add_text(struct buf *buf, const char *name, const char *text)
{
    if (text != NULL && text[0] != '\0') {
        support_member(buf, false, name, text);
    }
}

static void add_time(struct buf *buf, const char *name, int64_t time_ms)
{
    if (time_ms > 0) {
        buf_printf(buf, ",\"%s\":", name);
        support_time(buf, time_ms);
    }
}

void template_life_write(struct buf *buf, const struct registry_version *version)
{
    buf_add_char(buf, '{');
    support_member(buf, true, "version", version->label);
    support_member(buf, false, "state", template_state_text(version->state));
    add_text(buf, "title", version->title);
    add_text(buf, "publisher", version->publisher);
    add_text(buf, "submodelId", version->submodel_id);
    add_text(buf, "semanticId", version->semantic_id);
    add_text(buf, "source", version->source);
    add_text(buf, "base", version->base);
    add_text(buf, "author", version->author);
    add_text(buf, "successor", version->successor);
    add_text(buf, "overruled", version->overruled);
    add_time(buf, "created", version->created_ms);
    add_time(buf, "changed", version->changed_ms);
    add_time(buf, "published", version->published_ms);
    buf_printf(buf, ",\"errors\":%u,\"warnings\":%u}", version->errors, version->warnings);
}

void template_life_warn(struct api_request *request, struct api_response *response,
    const struct registry_version *version)
{
    if (version->state < TEMPLATE_DEPRECATED) {
        return;
    }
    const char *since =
        arena_printf(&request->arena, "@%lld", (long long)(version->changed_ms / 1000));
    if (since != NULL) {
        api_response_field(response, "Deprecation", since);
    }
    if (version->successor[0] == '\0') {
        return;
    }
    /* The versions have one address, also for who has asked the service for templates. */
    static const char service[] = "/templates-api";
    size_t prefix = strlen(request->prefix);
    size_t tail = sizeof service - 1;
    bool below = prefix >= tail && strcmp(request->prefix + prefix - tail, service) == 0;
    const char *at = strchr(version->successor, '@');
    const char *link = arena_printf(&request->arena,
        "<%s%.*s/templates/%.*s/versions/%s>; rel=\"successor-version\"", base_path(request),
        (int)(below ? prefix - tail : prefix), request->prefix,
        (int)(at != NULL ? (size_t)(at - version->successor) : strlen(version->family)),
        at != NULL ? version->successor : version->family,
        at != NULL ? at + 1 : version->successor);
    if (link != NULL) {
        api_response_field(response, "Link", link);
    }
}

void template_life_warn_reader(struct api_request *request, struct api_response *response,
    struct registry_view *view, const struct registry_document *document)
{
    struct registry_version version;
    if (document->kind == REGISTRY_SUBMODEL && cut_is_template(document) &&
        lifecycle_outdated(view, &request->arena, document->id, document->id_len, &version)) {
        template_life_warn(request, response, &version);
    }
}

static void answer(struct api_request *request, struct api_response *response,
    const struct registry_version *version)
{
    struct buf *buf = &response->body;
    enum language language = language_by_header(api_request_header(request, "Accept-Language"));
    reply_ok(response, "application/json");
    (void)reply_etag(request, response, version->content, "");
    response->status = 200;
    buf_add_char(buf, '{');
    support_member(buf, true, "family", version->family);
    buf_add_text(buf, ",\"version\":");
    template_life_write(buf, version);
    buf_add_text(buf, ",\"findings\":");
    report_write_findings_in(buf, &request->report, language);
    buf_add_char(buf, '}');
}

static void answer_created(struct api_request *request, struct api_response *response,
    const struct registry_version *version)
{
    answer(request, response, version);
    response->status = 201;
    support_location(
        request, response, "/templates/%s/versions/%s", version->family, version->label);
}

/* ------------------------------------------------------------------ preconditions */

/* The content that If-Match names must be the version's; `if_match` points to it then. */
static enum err_code read_match(
    struct api_request *request, const unsigned char **if_match, struct err *err)
{
    struct registry_view view;
    struct registry_version version;
    *if_match = NULL;
    if (api_request_header(request, "If-Match") == NULL) {
        return ERR_OK;
    }
    enum err_code code = registry_view_begin(request->context->registry, &view, err);
    if (code != ERR_OK) {
        return code;
    }
    code = registry_version(&view, &request->arena, request->captures[0].text,
        request->captures[1].text, &version, NULL, NULL, err);
    registry_view_end(&view);
    if (code != ERR_OK) {
        return code;
    }
    const struct precondition_tags tags =
        precondition_tags(request, "If-Match", false, version.content);
    if (!tags.any && !tags.current) {
        return err_set(err, ERR_PRECONDITION, "%s", err_default_text(ERR_PRECONDITION));
    }
    *if_match = (const unsigned char *)arena_copy(
        &request->arena, (const char *)version.content, STORE_HASH_BYTES);
    return *if_match != NULL ? ERR_OK : support_full(err);
}

/* ------------------------------------------------------------------ drafts */

static enum err_code create(struct api_request *request, struct api_response *response,
    const struct lifecycle_draft *draft, const struct words *words, struct err *err)
{
    struct registry_version version;
    struct registry_author author = author_of(request, words);
    enum err_code code = lifecycle_draft_create(request->context->registry, &request->arena, draft,
        &author, &request->report, &version, err);
    if (code == ERR_OK) {
        answer_created(request, response, &version);
    }
    return code;
}

/* POST /templates: the first draft of a family, or of a version by what the template says. */
enum err_code handle_template_create(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct lifecycle_draft draft = {.family = NULL};
    enum err_code code = parameter_text(request, "family", &draft.family, err);
    if (code == ERR_OK) {
        code = parameter_text(request, "version", &draft.label, err);
    }
    if (code == ERR_OK) {
        code = template_life_body(request, &draft.environment, err);
    }
    return code == ERR_OK ? create(request, response, &draft, NULL, err) : code;
}

/* POST /templates/{family}/versions: a draft from a version of the family, or from a body. */
enum err_code handle_template_version_create(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct words words = {.message = NULL};
    struct json *object = NULL;
    struct lifecycle_draft draft = {.family = request->captures[0].text};
    bool wish = false;
    if (accept_body_media(request) == API_MEDIA_JSON && request->body_len > 0) {
        enum err_code read = json_read_environment(
            &request->arena, request->body, request->body_len, &object, NULL, err);
        if (read != ERR_OK) {
            return read;
        }
        wish = object->kind == JSON_OBJECT && json_member(object, "from") != NULL;
    }
    enum err_code code = parameter_text(request, "version", &draft.label, err);
    if (code == ERR_OK && wish) {
        struct field fields[KNOWN];
        size_t count = list_fields(TAKES_MESSAGE | TAKES_DRAFT, &words, fields);
        code = fields_take(request, object, fields, count, err);
        draft.from = words.from;
        draft.label = words.version != NULL ? words.version : draft.label;
        draft.submodel_id = words.submodel_id;
    } else if (code == ERR_OK) {
        code = template_life_body(request, &draft.environment, err);
    }
    return code == ERR_OK ? create(request, response, &draft, &words, err) : code;
}

enum err_code handle_template_version_put(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct aas_node *root = NULL;
    struct registry_version version;
    const unsigned char *if_match = NULL;
    struct registry_author author = author_of(request, NULL);
    enum err_code code = read_match(request, &if_match, err);
    if (code == ERR_OK) {
        code = template_life_body(request, &root, err);
    }
    if (code == ERR_OK) {
        report_clear(&request->report); /* it is judged as a whole */
        code = lifecycle_draft_replace(request->context->registry, &request->arena,
            request->captures[0].text, request->captures[1].text, root, if_match, &author,
            &request->report, &version, err);
    }
    if (code == ERR_OK) {
        answer(request, response, &version);
    }
    return code;
}

enum err_code handle_template_version_delete(
    struct api_request *request, struct api_response *response, struct err *err)
{
    const unsigned char *if_match = NULL;
    struct registry_author author = author_of(request, NULL);
    enum err_code code = read_match(request, &if_match, err);
    if (code == ERR_OK) {
        code = lifecycle_draft_discard(request->context->registry, request->captures[0].text,
            request->captures[1].text, if_match, &author, err);
    }
    if (code == ERR_OK) {
        reply_no_content(response);
    }
    return code;
}

enum err_code handle_template_rebase(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct words words;
    struct registry_version version;
    enum err_code code = read_wish(request, TAKES_MESSAGE | TAKES_ONTO, &words, err);
    if (code != ERR_OK) {
        return code;
    }
    struct registry_author author = author_of(request, &words);
    code = lifecycle_draft_rebase(request->context->registry, &request->arena,
        request->captures[0].text, request->captures[1].text, words.onto, &author, &version, err);
    if (code == ERR_OK) {
        answer(request, response, &version);
    }
    return code;
}

/* ------------------------------------------------------------------ steps */

/* Where everybody may do everything nobody can be told from another. */
static struct lifecycle_policy policy_of(const struct api_request *request)
{
    struct lifecycle_policy policy = request->context->policy;
    const struct access_principal *principal = support_author(request).principal;
    bool nameless = principal != NULL && principal->unrestricted && !request->context->policy_said;
    policy.approvals = nameless ? 0 : policy.approvals;
    return policy;
}

static enum err_code step(struct api_request *request, struct api_response *response,
    enum lifecycle_step what, unsigned taken, struct err *err)
{
    struct words words;
    struct registry_version version;
    const unsigned char *if_match = NULL;
    enum err_code code = read_wish(request, taken, &words, err);
    if (code == ERR_OK) {
        code = read_match(request, &if_match, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    struct registry_author author = author_of(request, &words);
    const struct lifecycle_request wish = {.family = request->captures[0].text,
        .label = request->captures[1].text,
        .step = what,
        .successor = words.successor,
        .overrule = words.overrule,
        .if_match = if_match,
        .policy = policy_of(request)};
    code = lifecycle_step(request->context->registry, &request->arena, &wish, &author,
        &request->report, &version, err);
    if (code == ERR_OK) {
        answer(request, response, &version);
    }
    return code;
}

#define STEP_HANDLER(name, what, taken)                                                            \
    enum err_code handle_template_##name(                                                          \
        struct api_request *request, struct api_response *response, struct err *err)               \
    {                                                                                              \
        return step(request, response, what, taken, err);                                          \
    }
STEP_HANDLER(submit, STEP_SUBMIT, TAKES_MESSAGE)
STEP_HANDLER(recall, STEP_RECALL, TAKES_MESSAGE)
STEP_HANDLER(approve, STEP_APPROVE, TAKES_MESSAGE)
STEP_HANDLER(reject, STEP_REJECT, TAKES_MESSAGE)
STEP_HANDLER(publish, STEP_PUBLISH, TAKES_MESSAGE | TAKES_OVERRULE)
STEP_HANDLER(deprecate, STEP_DEPRECATE, TAKES_MESSAGE | TAKES_SUCCESSOR)
STEP_HANDLER(withdraw, STEP_WITHDRAW, TAKES_MESSAGE)

/* ------------------------------------------------------------------ what is missing */

static enum err_code add_approvals(struct api_request *request, struct buf *buf, struct err *err)
{
    struct registry_view view;
    struct lifecycle_approval *approvals = NULL;
    size_t count = 0;
    enum err_code code = registry_view_begin(request->context->registry, &view, err);
    if (code != ERR_OK) {
        return code;
    }
    code = lifecycle_approvals(&view, &request->arena, request->captures[0].text,
        request->captures[1].text, &approvals, &count, err);
    registry_view_end(&view);
    buf_add_text(buf, ",\"approvals\":[");
    for (size_t i = 0; code == ERR_OK && i < count; i++) {
        buf_add_text(buf, i > 0 ? ",{" : "{");
        support_member(buf, true, "name", approvals[i].name);
        add_text(buf, "message", approvals[i].message);
        add_time(buf, "time", approvals[i].time_ms);
        buf_add_char(buf, '}');
    }
    buf_add_char(buf, ']');
    return code;
}

enum err_code handle_template_gate(
    struct api_request *request, struct api_response *response, struct err *err)
{
    enum language language = language_by_header(api_request_header(request, "Accept-Language"));
    const struct lifecycle_request wish = {.family = request->captures[0].text,
        .label = request->captures[1].text,
        .step = STEP_PUBLISH,
        .policy = policy_of(request)};
    enum err_code code = accept_json(request, err);
    if (code == ERR_OK) {
        code = lifecycle_gate(
            request->context->registry, &request->arena, &wish, &request->report, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    struct buf *buf = &response->body;
    reply_ok(response, "application/json");
    buf_printf(buf, "{\"ready\":%s,\"needed\":%u", request->report.errors == 0 ? "true" : "false",
        wish.policy.approvals);
    code = add_approvals(request, buf, err);
    buf_add_text(buf, ",\"findings\":");
    report_write_findings_in(buf, &request->report, language);
    buf_add_char(buf, '}');
    return code;
}

enum err_code handle_template_restore(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct registry_version version;
    struct registry_author author = author_of(request, NULL);
    const struct api_text *text = &request->captures[2];
    size_t digits = strspn(text->text, "0123456789");
    if (digits != text->len || digits == 0 || digits > 18) {
        return err_set(
            err, ERR_BAD_INPUT, "\"%.40s\" is no revision number; they begin at 1", text->text);
    }
    uint64_t revision = 0;
    for (size_t i = 0; i < digits; i++) {
        revision = revision * 10 + (uint64_t)(text->text[i] - '0');
    }
    enum err_code code = lifecycle_draft_restore(request->context->registry, &request->arena,
        request->captures[0].text, request->captures[1].text, revision, &author, &request->report,
        &version, err);
    if (code == ERR_NOT_FOUND) { /* discarded, perhaps */
        code = lifecycle_draft_revive(request->context->registry, &request->arena,
            request->captures[0].text, request->captures[1].text, revision, &author,
            &request->report, &version, err);
    }
    if (code == ERR_OK) {
        answer(request, response, &version);
    }
    return code;
}
