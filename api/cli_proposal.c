/* SPDX-License-Identifier: Apache-2.0 */
/* jig proposal: proposals of changes to templates, on the command line. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "api/cli.h"
#include "conformance/judge.h"
#include "registry/proposals.h"

/* One call of the command. */
struct call {
    const struct cli_values *values;
    struct registry *registry;
    struct registry_author author;
    struct arena arena;
    struct report report;
};

static void print(const struct proposal *proposal)
{
    printf("%" PRIu64 "  %s  %s@%s", proposal->number, proposal_state_text(proposal->state),
        proposal->family, proposal->label);
    if (proposal->became[0] != '\0' && strcmp(proposal->became, proposal->label) != 0) {
        printf(" -> %s", proposal->became);
    }
    if (proposal->author[0] != '\0') {
        printf("  by %s", proposal->author);
    }
    if (proposal->message[0] != '\0') {
        printf("  (%s)", proposal->message);
    }
    if (proposal->decider[0] != '\0') {
        printf("  decided by %s", proposal->decider);
    }
    if (proposal->reason[0] != '\0') {
        printf("  (%s)", proposal->reason);
    }
    putchar('\n');
}

static enum err_code list(struct call *call, struct err *err)
{
    enum { PAGE = 1000 };
    struct proposal_filter filter = {.family = call->values->family, .author = NULL, .limit = PAGE};
    struct registry_view view;
    enum err_code code = ERR_OK;
    filter.by_state = call->values->state != NULL;
    if (filter.by_state && !proposal_state_read(call->values->state, &filter.state)) {
        return err_set(err, ERR_BAD_INPUT, "--state is open, accepted, refused or taken back");
    }
    do {
        struct proposal *proposals = NULL;
        size_t count = 0;
        code = registry_view_begin(call->registry, &view, err);
        if (code != ERR_OK) {
            return code;
        }
        code = proposal_list(&view, &call->arena, &filter, &proposals, &count, &filter.before, err);
        registry_view_end(&view);
        for (size_t i = 0; i < count && code == ERR_OK; i++) {
            print(&proposals[i]);
        }
    } while (code == ERR_OK && filter.before != 0);
    return code;
}

static enum err_code make(struct call *call, const char *name, const char *path,
    struct proposal *proposal, struct err *err)
{
    const char *at = strchr(name, '@');
    char *bytes = NULL;
    size_t len = 0;
    struct judge_result result = {.root = NULL};
    if (at == NULL) {
        return err_set(err, ERR_BAD_INPUT, "name the version as FAMILY@VERSION");
    }
    const char *family = arena_copy(&call->arena, name, (size_t)(at - name));
    enum err_code code = cli_file_read(path, &bytes, &len, err);
    if (code == ERR_OK) {
        const struct judge_input input = {.bytes = bytes, .len = len, .without_schema = true};
        code = judge_document(&call->arena, &input, &call->report, &result, err);
    }
    if (code == ERR_OK && family != NULL) {
        report_clear(&call->report);
        code = proposal_make(call->registry, &call->arena, family, at + 1, result.root,
            &call->author, &call->report, proposal, err);
    }
    free(bytes);
    return code;
}

static enum err_code decide(struct call *call, const char *what, const char *number_text,
    struct proposal *proposal, struct err *err)
{
    uint64_t number = 0;
    const struct cli_values *values = call->values;
    if (!cli_number("the number of a proposal", number_text, 1, INT64_MAX, &number)) {
        return err_set(err, ERR_BAD_INPUT, "which proposal is not known");
    }
    if (strcmp(what, "accept") == 0) {
        return proposal_accept(call->registry, &call->arena, number, values->version,
            values->replace, &call->author, &call->report, proposal, err);
    }
    if (strcmp(what, "refuse") == 0) {
        return proposal_refuse(call->registry, &call->arena, number, &call->author, proposal, err);
    }
    return proposal_take_back(call->registry, &call->arena, number, &call->author, proposal, err);
}

static bool is_decision(const char *what)
{
    return strcmp(what, "accept") == 0 || strcmp(what, "refuse") == 0 ||
           strcmp(what, "take-back") == 0;
}

int cli_proposal(const struct cli_values *values)
{
    struct err err = {.code = ERR_OK};
    struct proposal proposal;
    const char *what = values->word_count > 0 ? values->words[0] : "list";
    bool listing = strcmp(what, "list") == 0 && values->word_count <= 1;
    bool making = strcmp(what, "make") == 0 && values->word_count == 3;
    bool deciding = is_decision(what) && values->word_count == 2;
    if (!listing && !making && !deciding) {
        fputs("jig proposal: say list, make FAMILY@VERSION FILE, accept N, refuse N or take-back "
              "N\n",
            stderr);
        return CLI_USAGE;
    }
    struct call call = {.values = values,
        .author = {.name = values->author != NULL ? values->author : cli_login_name(),
            .message = values->message}};
    const struct registry_options options = {
        .store = {.dir = values->store, .must_exist = true}, .without_library = true};
    arena_init(&call.arena, CLI_ARENA_ROOM);
    report_init(&call.report);
    enum err_code code = registry_open(&options, &call.registry, &err);
    if (code == ERR_OK && listing) {
        code = list(&call, &err);
    } else if (code == ERR_OK) {
        code = making ? make(&call, values->words[1], values->words[2], &proposal, &err)
                      : decide(&call, what, values->words[1], &proposal, &err);
        if (code == ERR_OK) {
            print(&proposal);
        }
    }
    registry_close(call.registry);
    report_finish(&call.report);
    arena_finish(&call.arena);
    return code == ERR_OK ? CLI_OK : cli_fail("proposal", &err);
}
