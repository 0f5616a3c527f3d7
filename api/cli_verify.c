/* SPDX-License-Identifier: Apache-2.0 */
/* jig verify-store: do all parts of a store agree? */
#include <stdio.h>

#include <stdlib.h>
#include <string.h>

#include "api/cli.h"
#include "registry/changes.h"
#include "registry/verify.h"

static void say(void *context, const char *text)
{
    (void)context;
    printf("%s\n", text);
}

/* Compares the log with a place and a chain hash that were noted down before: "1234:0f3a…". */
static enum err_code expect(
    struct registry *registry, const char *noted, bool *same, struct err *err)
{
    char *end = NULL;
    char hex[2 * STORE_HASH_BYTES + 1];
    unsigned char chain[STORE_HASH_BYTES];
    struct registry_view view;
    uint64_t sequence = strtoull(noted, &end, 10);
    if (end == noted || *end != ':' || strlen(end + 1) != sizeof hex - 1) {
        err_set(err, ERR_BAD_INPUT, "--expect is \"%.80s\"", noted);
        err_rule(err, NULL, "Write the two as this command has printed them: NUMBER:HASH.");
        return ERR_BAD_INPUT;
    }
    enum err_code code = registry_view_begin(registry, &view, err);
    if (code != ERR_OK) {
        return code;
    }
    code = registry_log_chain(&view, sequence, chain, err);
    registry_view_end(&view);
    cli_hex(chain, hex);
    *same = code == ERR_OK && strcmp(hex, end + 1) == 0;
    return code == ERR_NOT_FOUND ? ERR_OK : code;
}

int cli_verify_store(const struct cli_values *values)
{
    struct registry *registry = NULL;
    struct registry_verification found = {.documents = 0};
    struct err err = {.code = ERR_OK};
    char chain[2 * STORE_HASH_BYTES + 1];
    const struct registry_options options = {
        .store = {.dir = values->store, .must_exist = true}, .without_library = true};
    if (registry_open(&options, &registry, &err) != ERR_OK) {
        return cli_fail("verify-store", &err);
    }
    enum err_code code = registry_verify(registry, say, NULL, &found, &err);
    bool same = true;
    if (code == ERR_OK && values->expect != NULL) {
        code = expect(registry, values->expect, &same, &err);
    }
    registry_close(registry);
    if (code != ERR_OK) {
        return cli_fail("verify-store", &err);
    }
    printf("%llu documents, %llu revisions, %llu template versions, %llu registrations, "
           "%llu contents, %llu files: %llu problems, %llu warnings\n",
        (unsigned long long)found.documents, (unsigned long long)found.revisions,
        (unsigned long long)found.versions, (unsigned long long)found.registered,
        (unsigned long long)found.contents, (unsigned long long)found.blobs,
        (unsigned long long)found.problems, (unsigned long long)found.warnings);
    if (found.pruned > 0) {
        printf("%llu revisions were pruned, as the log says\n", (unsigned long long)found.pruned);
    }
    cli_hex(found.chain, chain);
    printf("log: %llu:%s\n", (unsigned long long)found.logged, chain);
    if (!same) {
        printf(
            "log: it is not what it was at %.80s: something was altered or lost\n", values->expect);
    }
    return found.problems > 0 || !same ? CLI_FINDINGS : CLI_OK;
}
