/* SPDX-License-Identifier: Apache-2.0 */
#include "api/cli_account.h"

#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "registry/secret.h"

/* ------------------------------------------------------------------ passwords */

enum { INTERRUPT = 3 }; /* what Ctrl-C types when it raises no signal */

/* One line without its end; false at the end of the input. */
static bool read_line(char line[CLI_PASSWORD])
{
    if (fgets(line, CLI_PASSWORD, stdin) == NULL) {
        return false;
    }
    line[strcspn(line, "\r\n")] = '\0';
    return strchr(line, INTERRUPT) == NULL;
}

/* Asks on a terminal that shows nothing and raises no signals meanwhile, so that it is as before
 * in every case. */
static bool ask(const char *prompt, const char *name, char line[CLI_PASSWORD])
{
    struct termios before;
    struct termios silent;
    if (tcgetattr(STDIN_FILENO, &before) != 0) {
        return false;
    }
    silent = before;
    silent.c_lflag &= ~(tcflag_t)(ECHO | ISIG);
    fprintf(stderr, prompt, name);
    fflush(stderr);
    if (tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) != 0) {
        return false;
    }
    bool read = read_line(line);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    fputc('\n', stderr);
    return read;
}

enum err_code cli_password(const char *name, char password[CLI_PASSWORD], struct err *err)
{
    char again[CLI_PASSWORD];
    bool terminal = isatty(STDIN_FILENO) == 1;
    if (terminal ? !ask("New password of %s: ", name, password) : !read_line(password)) {
        return err_set(err, ERR_BAD_INPUT, "there is no password to read");
    }
    if (!terminal) {
        return ERR_OK;
    }
    bool same = ask("The same again: ", name, again) && strcmp(password, again) == 0;
    secret_wipe(again, sizeof again);
    return same ? ERR_OK : err_set(err, ERR_BAD_INPUT, "the two passwords are not the same");
}

/* ------------------------------------------------------------------ roles and days */

enum err_code cli_roles(
    const struct cli_values *values, struct users_grants *grants, struct err *err)
{
    enum err_code code = ERR_OK;
    grants->count = 0;
    for (size_t i = 0; code == ERR_OK && i < values->roles.count; i++) {
        const char *text = values->roles.items[i];
        code = users_grants_add(grants, text, strlen(text), err);
    }
    return code;
}

void cli_day(int64_t time_ms, char text[CLI_DAY])
{
    time_t seconds = (time_t)(time_ms / 1000);
    struct tm utc;
    gmtime_r(&seconds, &utc);
    strftime(text, CLI_DAY, "%Y-%m-%d", &utc);
}

/* ------------------------------------------------------------------ actions */

static const struct cli_action *find(
    const struct cli_values *values, const struct cli_action *actions, size_t count)
{
    const char *word = values->word_count > 0 ? values->words[0] : "";
    for (size_t i = 0; i < count; i++) {
        if (strcmp(word, actions[i].name) == 0 &&
            values->word_count == (actions[i].takes_name ? 2U : 1U)) {
            return &actions[i];
        }
    }
    return NULL;
}

static int complain(const char *command, const struct cli_action *actions, size_t count)
{
    fprintf(stderr, "jig %s: what is to be done? One of", command);
    for (size_t i = 0; i < count; i++) {
        fprintf(stderr, "%s %s%s", i > 0 ? "," : "", actions[i].name,
            actions[i].takes_name ? " NAME" : "");
    }
    fprintf(stderr, "; see jig %s --help\n", command);
    return CLI_USAGE;
}

int cli_account(const char *command, const struct cli_values *values,
    const struct cli_action *actions, size_t count)
{
    const struct cli_action *action = find(values, actions, count);
    struct registry *registry = NULL;
    struct err err = {.code = ERR_OK};
    if (action == NULL) {
        return complain(command, actions, count);
    }
    const struct registry_options options = {
        .store = {.dir = values->store, .must_exist = !action->makes}, .without_library = true};
    const struct registry_author author = {
        .name = values->author != NULL ? values->author : cli_login_name(),
        .message = values->message};
    enum err_code code = registry_open(&options, &registry, &err);
    if (code == ERR_OK) {
        code = action->run(registry, values, &author, &err);
    }
    registry_close(registry);
    return code == ERR_OK ? CLI_OK : cli_fail(command, &err);
}
