/* SPDX-License-Identifier: Apache-2.0 */
/* jig verify-store: do all parts of a store agree? */
#include <stdio.h>

#include "api/cli.h"
#include "registry/verify.h"

static void say(void *context, const char *text)
{
    (void)context;
    printf("%s\n", text);
}

int cli_verify_store(const struct cli_values *values)
{
    struct registry *registry = NULL;
    struct registry_verification found = {.documents = 0};
    struct err err = {.code = ERR_OK};
    const struct registry_options options = {
        .store = {.dir = values->store, .must_exist = true}, .without_library = true};
    if (registry_open(&options, &registry, &err) != ERR_OK) {
        return cli_fail("verify-store", &err);
    }
    enum err_code code = registry_verify(registry, say, NULL, &found, &err);
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
    return found.problems > 0 ? CLI_FINDINGS : CLI_OK;
}
