/* SPDX-License-Identifier: Apache-2.0 */
/* jig user, jig token and the first start of jig serve: the real program and real files. */
#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "api/cli.h"
#include "tests/api/accounts.h"
#include "tests/api/command.h"

TestSuite(cli_accounts, .init = command_prepare, .fini = command_clean_up, .timeout = 60);

#define NEW_USER "user add anna --store s --role integrator --role modeller:family=idta-02006"

/* ------------------------------------------------------------------ a server of its own */

struct process {
    pid_t pid;
    uint16_t port;
    char printed[4096];
};

/* Reads what the server prints until it has said where it is. */
static void read_start(struct process *process, int fd)
{
    size_t len = 0;
    ssize_t got = 1;
    while (strstr(process->printed, "/health\n") == NULL && got > 0 &&
           len < sizeof process->printed - 1) {
        got = read(fd, process->printed + len, sizeof process->printed - 1 - len);
        len += got > 0 ? (size_t)got : 0;
        process->printed[len] = '\0';
    }
    const char *at = strstr(process->printed, "http://127.0.0.1:");
    cr_assert_not_null(at, "the server did not start: %s", process->printed);
    process->port = (uint16_t)atoi(at + strlen("http://127.0.0.1:"));
}

/* jig serve with more arguments, in the scratch folder; its log goes to the file "log" there. */
static void serve(struct process *process, const char *arguments)
{
    int ends[2];
    char *command = NULL;
    *process = (struct process){.pid = 0};
    cr_assert_geq(asprintf(&command,
                      "cd '%s' && exec '%s' serve --store s --without-library --listen 127.0.0.1:0 "
                      "--threads 4 %s 2>log </dev/null",
                      command_dir, JIG_BINARY, arguments),
        0);
    cr_assert_eq(pipe(ends), 0);
    process->pid = fork();
    cr_assert_geq(process->pid, 0);
    if (process->pid == 0) {
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        close(ends[1]);
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    read_start(process, ends[0]);
    close(ends[0]);
    free(command);
}

static void stop(const struct process *process)
{
    int status = 0;
    kill(process->pid, SIGTERM);
    cr_assert_eq(waitpid(process->pid, &status, 0), process->pid);
}

static int status_of(const struct process *process, const char *target, const char *headers)
{
    return client_status(process->port, "GET", target, headers, NULL);
}

/* The one-time password that a start has printed; "" when it has not. */
static const char *one_time(const char *printed)
{
    static char password[100];
    static const char line[] = "one-time password: ";
    const char *at = strstr(printed, line);
    snprintf(password, sizeof password, "%s", at != NULL ? at + sizeof line - 1 : "");
    password[strcspn(password, "\r\n")] = '\0';
    return password;
}

/* ------------------------------------------------------------------ tests */

Test(cli_accounts, a_user_is_added_with_a_password_from_standard_input_and_listed)
{
    char by[160];
    command_file("pw", "long enough pw\n");
    command_expect(NEW_USER " <pw", 0, "");
    command_expect(NEW_USER " <pw", 1, "already");
    command_expect(
        "user list --store s", 0, "anna  enabled  integrator,modeller:family=idta-02006  changed ");
    command_expect("user list --store s --format json", 0,
        "[{\"name\":\"anna\",\"disabled\":false,\"oneTimePassword\":false,\"roles\":["
        "\"integrator\",\"modeller:family=idta-02006\"]}]");
    command_expect("history --store s user/anna", 0, "add: roles: integrator,modeller");
    snprintf(by, sizeof by, "add: roles: integrator,modeller:family=idta-02006  by %.80s",
        cli_login_name());
    command_expect("history --store s user/anna", 0, by);
    command_expect("verify-store --store s", 0, "0 problems");
}

Test(cli_accounts, a_user_is_removed_and_the_name_is_not_given_again)
{
    command_file("pw", "long enough pw\n");
    command_expect(NEW_USER " <pw", 0, "");
    command_expect("token add line --store s --user anna", 0, "jig_");
    command_expect("user remove anna --store s --author chief --message \"has left\"", 0, "");
    command_expect("user remove anna --store s", 1, "no user with the name");
    command_expect("user list --store s --format json", 0, "[]");
    command_expect("token list --store s --format json", 0, "[]");
    command_expect(NEW_USER " <pw", 1, "there was a user with the name \"anna\"");
    command_expect("history --store s user/anna", 0, "remove");
    command_expect("verify-store --store s", 0, "0 problems");
}

Test(cli_accounts, what_cannot_be_is_said_in_a_sentence)
{
    command_file("pw", "long enough pw\n");
    command_file("short", "short\n");
    command_expect("user", 2, "what is to be done?");
    command_expect("user add", 2, "what is to be done?");
    command_expect("user king anna", 2, "what is to be done?");
    command_expect("user list --store nowhere", 1, "jig user: ");
    command_expect("user add anna --store s <pw", 1, "at least one role");
    command_expect("user add anna --store s --role king <pw", 1, "there is no role \"king\"");
    command_expect(NEW_USER " <short", 1, "at least 10 characters");
    command_expect(NEW_USER, 1, "there is no password to read");
    command_expect("user disable anna --store s", 1, "no user with the name");
    command_expect("token add t --store s", 1, "belongs to a user");
    command_expect("token add t --user anna --store s", 1, "no user with the name");
    command_expect("user add a b --store s", 2, "what is to be done?");
}

Test(cli_accounts, roles_and_being_disabled_are_changed_and_the_last_administrator_stays)
{
    command_file("pw", "long enough pw\n");
    command_expect("user add chief --store s --role administrator <pw", 0, "");
    command_expect(NEW_USER " <pw", 0, "");
    command_expect("user disable chief --store s", 1, "chief is the last administrator");
    command_expect("user roles chief --role reader --store s", 1, "last administrator");
    command_expect("user roles anna --role reviewer:category=press --store s", 0, "");
    command_expect("user disable anna --store s", 0, "");
    command_expect("user list --store s", 0, "anna  disabled  reviewer:category=press");
    command_expect("user enable anna --store s", 0, "");
    command_expect("user list --store s", 0, "anna  enabled  reviewer:category=press");
}

Test(cli_accounts, a_token_is_printed_once_listed_and_revoked)
{
    command_file("pw", "long enough pw\n");
    command_expect(NEW_USER " <pw", 0, "");
    command_expect("token add mes --user anna --role reader --expires 30d --store s", 0, "jig_");
    cr_expect_eq(strlen(command_output), 48, "the secret and nothing else: %s", command_output);
    command_expect("token list --store s", 0, "mes  of anna  reader  expires ");
    cr_expect_null(strstr(command_output, "jig_"));
    command_expect("token add mes --user anna --store s", 1, "already");
    command_expect(
        "token add x --user anna --expires 2040-13-01 --store s", 1, "no end of a token");
    command_expect("token add x --user anna --expires tomorrow --store s", 1, "no end of a token");
    command_expect("token add x --user anna --expires 2001-01-01 --store s", 1, "in the future");
    command_expect("token revoke mes --store s", 0, "");
    command_expect("token revoke mes --store s", 1, "no token with the name");
    command_expect("history --store s token/mes", 0, "revoke");
    command_expect("verify-store --store s", 0, "0 problems");
}

Test(cli_accounts, a_password_typed_on_a_terminal_is_not_shown)
{
    command_file("type", "#!/bin/sh\n"
                         "( sleep 1; echo 'long enough pw'; sleep 1; echo 'long enough pw' ) | "
                         "script -qec \"$1 user add anna --store s --role reader\" /dev/null\n");
    char *command = NULL;
    cr_assert_geq(
        asprintf(&command, "cd '%s' && sh ./type '%s' >out 2>&1", command_dir, JIG_BINARY), 0);
    if (system("command -v script >/dev/null 2>&1 && script -qec true /dev/null >/dev/null 2>&1") !=
        0) {
        cr_skip_test("there is no program script, or no terminal");
    }
    cr_expect_eq(system(command), 0);
    free(command);
    command_expect("user list --store s", 0, "anna  enabled  reader");
    cr_expect_eq(command_run("--version; cat out"), 0);
    cr_expect_not_null(strstr(command_output, "New password of anna: "), "%s", command_output);
    cr_expect_not_null(strstr(command_output, "The same again: "), "%s", command_output);
    cr_expect_null(strstr(command_output, "long enough pw"), "%s", command_output);
}

Test(cli_accounts, the_first_start_prints_a_one_time_password_once)
{
    struct process process;
    char first[200];
    serve(&process, "");
    cr_assert_eq(strlen(one_time(process.printed)), 23, "%s", process.printed);
    snprintf(first, sizeof first, "%s", account_basic("administrator", one_time(process.printed)));
    cr_expect_eq(status_of(&process, "/submodels", first), 403);
    cr_expect_eq(status_of(&process, "/submodels", ""), 200, "the loopback may read");
    cr_expect_eq(client_status(process.port, "POST", "/submodels", "", "{}"), 401);
    command_file("pw", "my own password\n");
    command_expect("user password administrator --store s <pw", 0, "");
    cr_expect_eq(status_of(&process, "/users", first), 401, "seen by the running server");
    cr_expect_eq(
        status_of(&process, "/users", account_basic("administrator", "my own password")), 200);
    stop(&process);
    serve(&process, "");
    cr_expect_str_eq(one_time(process.printed), "");
    stop(&process);
    command_expect("verify-store --store s", 0, "0 problems");
}

Test(cli_accounts, an_open_server_makes_nobody_and_stays_on_this_machine)
{
    struct process process;
    serve(&process, "--open");
    cr_expect_str_eq(one_time(process.printed), "");
    cr_expect_eq(client_status(process.port, "POST", "/submodels", "",
                     "{\"modelType\":\"Submodel\",\"id\":\"urn:a\"}"),
        201);
    stop(&process);
    command_expect("serve --open --listen 0.0.0.0:0 --store s", 1, "listens on the loopback only");
    command_expect("serve --no-admin --listen 0.0.0.0:0 --store s", 1, "without users");
    command_expect("serve --anonymous king --listen 127.0.0.1:0 --store s", 1, "no role \"king\"");
}

Test(cli_accounts, what_the_command_line_changes_holds_for_the_next_request)
{
    struct process process;
    char anna[200];
    char token[200];
    command_file("pw", "long enough pw\n");
    command_file("new", "another good one\n");
    command_expect("user add chief --store s --role administrator <pw", 0, "");
    command_expect(NEW_USER " <pw", 0, "");
    command_expect("token add t --user anna --store s", 0, "jig_");
    command_output[strcspn(command_output, "\n")] = '\0';
    snprintf(token, sizeof token, "Authorization: Bearer %.100s\r\n", command_output);
    snprintf(anna, sizeof anna, "%s", account_basic("anna", "long enough pw"));
    serve(&process, "--anonymous none --access-log");
    cr_expect_eq(status_of(&process, "/submodels", anna), 200);
    cr_expect_eq(status_of(&process, "/submodels", token), 200);
    command_expect("user disable anna --store s", 0, "");
    cr_expect_eq(status_of(&process, "/submodels", anna), 401);
    cr_expect_eq(status_of(&process, "/submodels", token), 401);
    command_expect("user enable anna --store s", 0, "");
    command_expect("user password anna --store s <new", 0, "");
    cr_expect_eq(status_of(&process, "/submodels", anna), 401);
    cr_expect_eq(status_of(&process, "/submodels", account_basic("anna", "another good one")), 200);
    cr_expect_eq(status_of(&process, "/submodels", token), 200);
    command_expect("token revoke t --store s", 0, "");
    cr_expect_eq(status_of(&process, "/submodels", token), 401);
    stop(&process);
    command_run("--version; cat log");
    cr_expect_not_null(strstr(command_output, "GET /submodels 200"), "%s", command_output);
    cr_expect_null(strstr(command_output, "long enough pw"));
    cr_expect_null(strstr(command_output, "jig_"));
    cr_expect_null(strstr(command_output, strstr(anna, "Basic ") + 6));
    command_expect("verify-store --store s", 0, "0 problems");
}
