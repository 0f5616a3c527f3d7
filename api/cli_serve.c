/* SPDX-License-Identifier: Apache-2.0 */
/* jig serve: the registry over HTTP until a signal ends it. */
#include <arpa/inet.h>
#include <malloc.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "api/base_url.h"
#include "api/cli.h"
#include "api/retention.h"
#include "api/server.h"
#include "registry/access.h"
#include "registry/registry.h"
#include "registry/users.h"

enum {
    HOST_ROOM = 64,
    MOST_THREADS = 4096,
    MOST_FILE_MIB = 16384,
    MOST_BODY_MIB = 1024,
    LEAST_MEMORY_MIB = 16,
    MOST_MEMORY_MIB = 1024 * 1024
};

struct address {
    char host[HOST_ROOM];
    uint16_t port;
};

/* HOST:PORT, PORT or HOST; the host is an IPv4 address or localhost. */
static bool parse_address(const char *text, struct address *address)
{
    const char *colon = strrchr(text, ':');
    const char *port = colon != NULL ? colon + 1 : "8080";
    size_t len = colon != NULL ? (size_t)(colon - text) : strlen(text);
    uint64_t number = 0;
    struct in_addr ignored;
    if (len >= sizeof address->host) {
        len = sizeof address->host - 1;
    }
    memcpy(address->host, text, len);
    address->host[len] = '\0';
    if (len == 0 || strcmp(address->host, "localhost") == 0) {
        strcpy(address->host, "127.0.0.1");
    }
    if (inet_pton(AF_INET, address->host, &ignored) != 1) {
        fprintf(stderr,
            "jig serve: --listen needs an IPv4 address or localhost before the port, not \"%s\"\n",
            address->host);
        return false;
    }
    if (!cli_number("the port of --listen", port, 0, UINT16_MAX, &number)) {
        return false;
    }
    address->port = (uint16_t)number;
    return true;
}

/* What publishing asks for, when the operator says so. */
static bool parse_policy(const struct cli_values *values, struct api_server_options *options,
    struct lifecycle_policy *policy)
{
    uint64_t approvals = 1;
    if (values->approvals != NULL &&
        !cli_number("--approvals", values->approvals, 0, LIFECYCLE_MAX_APPROVALS, &approvals)) {
        return false;
    }
    policy->approvals = (unsigned)approvals;
    policy->languages = values->names != NULL ? values->names : LIFECYCLE_LANGUAGES;
    if (strcmp(policy->languages, "none") == 0) {
        policy->languages = "";
    }
    options->policy = values->approvals != NULL || values->names != NULL ? policy : NULL;
    return true;
}

static bool parse_options(const struct cli_values *values, struct api_server_options *options,
    struct lifecycle_policy *policy)
{
    uint64_t threads = 0;
    uint64_t max_body = 0;
    uint64_t max_file = 0;
    uint64_t max_memory = 0;
    if (values->threads != NULL &&
        !cli_number("--threads", values->threads, 1, MOST_THREADS, &threads)) {
        return false;
    }
    if (values->max_body != NULL &&
        !cli_number("--max-body", values->max_body, 1, MOST_BODY_MIB, &max_body)) {
        return false;
    }
    options->threads = (unsigned)threads;
    if (values->max_file != NULL &&
        !cli_number("--max-file", values->max_file, 1, MOST_FILE_MIB, &max_file)) {
        return false;
    }
    if (values->max_memory != NULL && !cli_number("--max-memory", values->max_memory,
                                          LEAST_MEMORY_MIB, MOST_MEMORY_MIB, &max_memory)) {
        return false;
    }
    options->memory_bytes = (size_t)max_memory * 1024 * 1024;
    options->max_body = (size_t)max_body * 1024 * 1024;
    options->max_file = (size_t)max_file * 1024 * 1024;
    options->cors_origins = values->allow_origin;
    if (values->allow_origin != NULL && strcmp(values->allow_origin, "none") == 0) {
        options->cors_origins = "";
    }
    if (values->external_url != NULL && !base_url_fits(values->external_url)) {
        fprintf(stderr,
            "jig serve: --external-url needs an address such as https://host/path, not \"%s\"\n",
            values->external_url);
        return false;
    }
    options->external_url = values->external_url;
    options->trust_proxy = values->trust_proxy;
    options->host_names = values->host_names;
    options->shell_id = values->shell_id;
    options->submodel_id = values->submodel_id;
    options->delegate = values->delegate;
    options->open = values->open;
    options->anonymous = values->anonymous;
    options->access_log = values->access_log;
    return parse_policy(values, options, policy);
}

static void tell_where(const struct address *address, uint16_t port, const char *store)
{
    const char *host = strcmp(address->host, "0.0.0.0") == 0 ? "127.0.0.1" : address->host;
    printf("Jig " JIG_VERSION " serves http://%s:%u/ from the store in %s\n", host, port, store);
    printf("  templates    http://%s:%u/templates\n", host, port);
    printf("  submodels    http://%s:%u/submodels\n", host, port);
    printf("  health       http://%s:%u/health\n", host, port);
    fflush(stdout);
    if (strncmp(address->host, "127.", 4) != 0) {
        fputs("jig serve: passwords and tokens can be read on their way to this address; put a "
              "reverse proxy with TLS in front of it\n",
            stderr);
    }
}

static void wait_for_signal(const sigset_t *signals)
{
    int number = 0;
    while (sigwait(signals, &number) != 0) {
    }
    printf("Jig stops.\n");
    fflush(stdout);
}

/* A store without users gets one who can make others. */
static enum err_code make_administrator(
    const struct cli_values *values, struct registry *registry, struct err *err)
{
    char password[USERS_ONE_TIME];
    bool made = false;
    if (values->open || values->no_admin) {
        return ERR_OK;
    }
    enum err_code code = users_add_first(registry, password, &made, err);
    if (code == ERR_OK && made) {
        printf(USERS_FIRST
            "'s one-time password: %s\n"
            "  It is shown this once and must be changed before anything else is allowed:\n"
            "  jig user password " USERS_FIRST " --store %s\n",
            password, values->store);
        fflush(stdout);
    }
    return code;
}

static enum err_code serve(const struct cli_values *values, const struct address *address,
    struct api_server_options *options, const struct retention_rules *rules,
    const sigset_t *signals, struct err *err)
{
    const struct registry_options registry = {.store = {.dir = values->store},
        .without_library = values->without_library,
        .search_values = values->search_values,
        .keep_files = values->keep_files};
    struct api_server *server = NULL;
    struct retention *retention = NULL;
    enum err_code code = registry_open(&registry, &options->registry, err);
    if (code != ERR_OK) {
        return code;
    }
    code = make_administrator(values, options->registry, err);
    if (code == ERR_OK) {
        code = api_server_start(options, &server, err);
    }
    if (code == ERR_OK) {
        code = retention_start(options->registry, rules, &retention, err);
    }
    if (code == ERR_OK) {
        tell_where(address, api_server_port(server), values->store);
        wait_for_signal(signals);
    }
    retention_stop(retention);
    api_server_stop(server);
    registry_close(options->registry);
    return code;
}

/* The C library keeps what was freed for the thread groups that used it, by default eight for each
 * processor: after many large requests far more than all of them may use at once. Of each, what one
 * usual request needs stays: to give it back and take it again costs as much as reading it. */
static void keep_little(void)
{
#ifdef __GLIBC__
    enum { KEPT_BYTES = 4 << 20, LARGE_BYTES = 1 << 20 };
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    mallopt(M_ARENA_MAX, processors > 2 ? (int)processors : 2);
    mallopt(M_TRIM_THRESHOLD, KEPT_BYTES);
    mallopt(M_MMAP_THRESHOLD, LARGE_BYTES);
#endif
}

int cli_serve(const struct cli_values *values)
{
    struct address address = {.port = 0};
    struct api_server_options options = {.host = address.host};
    struct lifecycle_policy policy;
    struct err err = {.code = ERR_OK};
    struct retention_rules rules = {.said = values->keep_values};
    int64_t files_ms = 0;
    sigset_t signals;
    if (values->word_count > 0) {
        fprintf(stderr, "jig serve: \"%s\" is no option; see jig serve --help\n", values->words[0]);
        return CLI_USAGE;
    }
    keep_little();
    if (!parse_address(values->listen, &address) || !parse_options(values, &options, &policy)) {
        return CLI_USAGE;
    }
    if (!cli_age("serve", "--keep-values", values->keep_values, &rules.values_ms) ||
        !cli_age_or_none("serve", "--keep-files", values->keep_files, &files_ms)) {
        return CLI_USAGE;
    }
    options.port = address.port;
    /* Blocked before any thread is started, so that only sigwait takes them. */
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    signal(SIGPIPE, SIG_IGN);
    enum err_code code = serve(values, &address, &options, &rules, &signals, &err);
    return code == ERR_OK ? CLI_OK : cli_fail("serve", &err);
}
