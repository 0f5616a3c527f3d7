/* SPDX-License-Identifier: Apache-2.0 */
/* jig template: drafts of templates and the steps of their life, on the command line. */
#include <stdlib.h>
#include <string.h>

#include "api/cli.h"
#include "api/hits.h"
#include "registry/lifecycle.h"

#define FAMILY_ROOM ((size_t)256 << 20) /* for what is shown of one */

/* One call of the command. */
struct call {
    const struct cli_values *values;
    struct registry *registry;
    struct registry_author author;
    struct lifecycle_policy policy;
    struct arena arena;
    struct report report;
    const char *family;
    const char *label;
};

typedef enum err_code (*call_fn)(struct call *call, struct err *err);

static void print_version(const struct registry_version *version)
{
    printf("%s@%s  %s", version->family, version->label, template_state_text(version->state));
    if (version->successor[0] != '\0') {
        printf(", use %s instead", version->successor);
    }
    printf("  %s  (%u errors, %u warnings)\n", version->title, version->errors, version->warnings);
}

static void print_findings(const struct call *call)
{
    struct buf out;
    enum language language = LANGUAGE_EN;
    (void)cli_language("template", call->values, &language);
    buf_init(&out, CLI_OUTPUT_ROOM);
    report_write_text(&out, &call->report, language, false);
    if (!buf_failed(&out)) {
        fwrite(out.bytes, 1, out.len, stdout);
    }
    buf_finish(&out);
}

/* ------------------------------------------------------------------ what can be done */

static enum err_code show(struct call *call, struct err *err)
{
    struct registry_view view;
    struct registry_family family;
    struct registry_version *versions = NULL;
    size_t count = 0;
    enum err_code code = registry_view_begin(call->registry, &view, err);
    if (code != ERR_OK) {
        return code;
    }
    code = registry_family(&view, &call->arena, call->family, &family, &versions, &count, err);
    if (code == ERR_OK && call->label != NULL) { /* it is one of them */
        struct registry_version version;
        code = registry_version(
            &view, &call->arena, call->family, call->label, &version, NULL, NULL, err);
    }
    for (size_t i = 0; i < count && code == ERR_OK; i++) {
        struct lifecycle_approval *approvals = NULL;
        size_t approved = 0;
        if (call->label != NULL && strcmp(call->label, versions[i].label) != 0) {
            continue;
        }
        print_version(&versions[i]);
        code = lifecycle_approvals(
            &view, &call->arena, call->family, versions[i].label, &approvals, &approved, err);
        for (size_t k = 0; k < approved && code == ERR_OK; k++) {
            printf("    approved by %s%s%s\n", approvals[k].name,
                approvals[k].message[0] != '\0' ? ": " : "", approvals[k].message);
        }
    }
    registry_view_end(&view);
    return code;
}

/* The newest version of a family, published ones first. */
static enum err_code print_family(struct call *call, struct registry_view *view, const char *family,
    struct arena *arena, struct err *err)
{
    struct registry_family known;
    struct registry_version *versions = NULL;
    struct registry_hit hit;
    size_t count = 0;
    enum err_code code = registry_family(view, arena, family, &known, &versions, &count, err);
    if (code != ERR_OK || count == 0) {
        return code;
    }
    const char *label = known.latest[0] != '\0' ? known.latest : versions[0].label;
    code = registry_version_hit(view, arena, family, label, call->values->titles, &hit, err);
    if (code == ERR_OK) {
        printf("%s@%s  %s%s  [%s]  %zu version%s\n", family, label, hit.title, hits_mark(&hit),
            hit.state, count, count == 1 ? "" : "s");
    }
    return code;
}

static enum err_code list(struct call *call, struct err *err)
{
    enum { PAGE = 1000 };
    struct registry_view view;
    struct registry_family *families = NULL;
    const char *after = NULL;
    size_t count = PAGE;
    enum err_code code = registry_view_begin(call->registry, &view, err);
    if (code != ERR_OK) {
        return code;
    }
    while (code == ERR_OK && count == PAGE) {
        code = registry_families(&view, &call->arena, after, PAGE, &families, &count, err);
        for (size_t i = 0; code == ERR_OK && i < count; i++) {
            struct arena arena;
            arena_init(&arena, FAMILY_ROOM);
            code = print_family(call, &view, families[i].family, &arena, err);
            arena_finish(&arena);
        }
        after = code == ERR_OK && count > 0 ? families[count - 1].family : after;
    }
    registry_view_end(&view);
    return code;
}

static enum err_code draft(struct call *call, struct err *err)
{
    struct registry_version version;
    const struct lifecycle_draft wish = {.family = call->family,
        .from = call->label,
        .label = call->values->version,
        .submodel_id = call->values->submodel_id};
    enum err_code code = lifecycle_draft_create(
        call->registry, &call->arena, &wish, &call->author, &call->report, &version, err);
    if (code == ERR_OK) {
        print_version(&version);
    }
    return code;
}

static enum err_code discard(struct call *call, struct err *err)
{
    enum err_code code = lifecycle_draft_discard(
        call->registry, call->family, call->label, NULL, &call->author, err);
    if (code == ERR_OK) {
        printf("%s@%s  discarded\n", call->family, call->label);
    }
    return code;
}

static enum err_code rebase(struct call *call, struct err *err)
{
    struct registry_version version;
    enum err_code code = lifecycle_draft_rebase(call->registry, &call->arena, call->family,
        call->label, call->values->version, &call->author, &version, err);
    if (code == ERR_OK) {
        printf("%s@%s  follows %s\n", call->family, call->label,
            version.base[0] == '\0' ? "no version" : version.base);
    }
    return code;
}

static struct lifecycle_request request_of(const struct call *call, enum lifecycle_step step)
{
    return (struct lifecycle_request){.family = call->family,
        .label = call->label,
        .step = step,
        .successor = call->values->successor,
        .overrule = call->values->overrule,
        .policy = call->policy};
}

static enum err_code gate(struct call *call, struct err *err)
{
    const struct lifecycle_request request = request_of(call, STEP_PUBLISH);
    enum err_code code = lifecycle_gate(call->registry, &call->arena, &request, &call->report, err);
    if (code == ERR_OK && call->report.errors == 0) {
        printf("%s@%s  nothing is missing to publish it\n", call->family, call->label);
    } else if (code == ERR_OK) {
        print_findings(call);
        code = err_set(err, ERR_STATE, "%zu thing%s missing to publish it", call->report.errors,
            call->report.errors == 1 ? " is" : "s are");
    }
    return code;
}

static enum err_code take_step(struct call *call, enum lifecycle_step step, struct err *err)
{
    struct registry_version version;
    const struct lifecycle_request request = request_of(call, step);
    enum err_code code = lifecycle_step(
        call->registry, &call->arena, &request, &call->author, &call->report, &version, err);
    if (code == ERR_OK) {
        print_version(&version);
    } else if (code == ERR_STATE && call->report.errors > 0) {
        print_findings(call);
    }
    return code;
}

static const struct {
    const char *name;
    call_fn run;
    bool needs_version;
} actions[] = {{"list", list, false}, {"show", show, false}, {"draft", draft, true},
    {"discard", discard, true}, {"rebase", rebase, true}, {"gate", gate, true}};

/* ------------------------------------------------------------------ calling */

/* FAMILY@VERSION; false after a complaint. */
static bool take_name(struct call *call, const char *name, bool needs_version)
{
    const char *at = strchr(name, '@');
    call->family = arena_copy(&call->arena, name, at != NULL ? (size_t)(at - name) : strlen(name));
    call->label = at != NULL ? at + 1 : NULL;
    if (call->family == NULL || (needs_version && (at == NULL || at[1] == '\0'))) {
        fprintf(stderr, "jig template: name a version as FAMILY@VERSION, not \"%s\"\n", name);
        return false;
    }
    return true;
}

static bool take_policy(struct call *call)
{
    uint64_t approvals = 1;
    if (call->values->approvals != NULL && !cli_number("--approvals", call->values->approvals, 0,
                                               LIFECYCLE_MAX_APPROVALS, &approvals)) {
        return false;
    }
    call->policy = (struct lifecycle_policy){.approvals = (unsigned)approvals,
        .languages = call->values->names != NULL ? call->values->names : LIFECYCLE_LANGUAGES};
    if (strcmp(call->policy.languages, "none") == 0) {
        call->policy.languages = "";
    }
    return true;
}

static int run(struct call *call, const char *what, const char *name)
{
    struct err err = {.code = ERR_OK};
    enum lifecycle_step step = STEP_COUNT;
    call_fn action = NULL;
    bool needs_version = true;
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
        if (strcmp(actions[i].name, what) == 0) {
            action = actions[i].run;
            needs_version = actions[i].needs_version;
        }
    }
    if (action == NULL && !lifecycle_step_read(what, &step)) {
        fprintf(stderr, "jig template: there is no \"%s\"; see jig template --help\n", what);
        return CLI_USAGE;
    }
    if (!take_name(call, name, needs_version) || !take_policy(call)) {
        return CLI_USAGE;
    }
    const struct registry_options options = {
        .store = {.dir = call->values->store, .must_exist = true}, .without_library = true};
    enum err_code code = registry_open(&options, &call->registry, &err);
    if (code == ERR_OK) {
        code = action != NULL ? action(call, &err) : take_step(call, step, &err);
    }
    registry_close(call->registry);
    return code == ERR_OK ? CLI_OK : cli_fail("template", &err);
}

int cli_template(const struct cli_values *values)
{
    struct call call = {.values = values,
        .author = {.name = values->author != NULL ? values->author : cli_login_name(),
            .message = values->message}};
    bool listing = values->word_count == 1 && strcmp(values->words[0], "list") == 0;
    if (!listing && (values->word_count != 2 || strcmp(values->words[0], "list") == 0)) {
        fputs("jig template: name what to do and a version, as in jig template submit "
              "FAMILY@VERSION\n",
            stderr);
        return CLI_USAGE;
    }
    arena_init(&call.arena, CLI_ARENA_ROOM);
    report_init(&call.report);
    int exit_code = run(&call, values->words[0], listing ? "" : values->words[1]);
    report_finish(&call.report);
    arena_finish(&call.arena);
    return exit_code;
}
