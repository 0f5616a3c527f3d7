/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_CLI_ACCOUNT_H
#define JIG_API_CLI_ACCOUNT_H
/* What the commands user and token share. */
#include "api/cli.h"
#include "registry/users.h"

enum { CLI_PASSWORD = USERS_PASSWORD_MOST + 3 }; /* a line with one too many, its end and NUL */

/* Reads a password: twice from a terminal, without showing it, else the first line of standard
 * input. ERR_BAD_INPUT with a sentence. */
ERR_MUST_USE enum err_code cli_password(
    const char *name, char password[CLI_PASSWORD], struct err *err);

/* What --role says, all of them. */
ERR_MUST_USE enum err_code cli_roles(
    const struct cli_values *values, struct users_grants *grants, struct err *err);

/* A day of Unix time in milliseconds, as "2026-03-01". */
enum { CLI_DAY = 16 };
void cli_day(int64_t time_ms, char text[CLI_DAY]);

/* One command below `user` or `token`. */
struct cli_action {
    const char *name;
    bool takes_name; /* of an account, as its second word */
    bool makes;      /* makes the store when there is none */
    enum err_code (*run)(struct registry *registry, const struct cli_values *values,
        const struct registry_author *author, struct err *err);
};
/* Finds the action that the first word names, opens the store and runs it; the exit code. */
int cli_account(const char *command, const struct cli_values *values,
    const struct cli_action *actions, size_t count);

#endif
