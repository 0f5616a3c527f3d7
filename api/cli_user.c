/* SPDX-License-Identifier: Apache-2.0 */
/* jig user: who may use a server, and how. */
#include <stdio.h>
#include <string.h>

#include "api/accounts.h"
#include "api/cli_account.h"
#include "registry/secret.h"

enum { LIST_BYTES = 64 * 1024 * 1024, TEXT_BYTES = 4096 };

/* ------------------------------------------------------------------ list */

static void write_text(const struct user *user)
{
    char day[CLI_DAY];
    struct buf roles;
    buf_init(&roles, TEXT_BYTES);
    users_grants_write(&roles, user->grants, user->grant_count);
    cli_day(user->changed_ms, day);
    printf("%s  %s  %s  changed %s\n", user->name,
        user->disabled   ? "disabled"
        : user->one_time ? "one-time password"
                         : "enabled",
        buf_text(&roles), day);
    buf_finish(&roles);
}

static void write_json(struct buf *out, const struct user *user)
{
    buf_add_text(out, "{\"name\":");
    buf_add_json_string(out, user->name, strlen(user->name));
    buf_printf(out, ",\"disabled\":%s,\"oneTimePassword\":%s", user->disabled ? "true" : "false",
        user->one_time ? "true" : "false");
    accounts_write_grants(out, user->grants, user->grant_count);
    buf_add_char(out, '}');
}

static void write_list(const struct user *users, size_t count, enum cli_format format)
{
    struct buf out;
    buf_init(&out, CLI_OUTPUT_ROOM);
    for (size_t i = 0; i < count; i++) {
        if (format == CLI_TEXT) {
            write_text(&users[i]);
        } else {
            buf_add_text(&out, i > 0 ? "," : "");
            write_json(&out, &users[i]);
        }
    }
    if (format == CLI_JSON) {
        printf("[%s]\n", buf_text(&out));
    }
    buf_finish(&out);
}

static enum err_code list(struct registry *registry, const struct cli_values *values,
    const struct registry_author *author, struct err *err)
{
    static const enum cli_format allowed[] = {CLI_TEXT, CLI_JSON};
    enum cli_format format;
    struct registry_view view;
    struct arena arena;
    struct user *users = NULL;
    size_t count = 0;
    (void)author;
    if (!cli_format(values, allowed, 2, CLI_TEXT, &format)) {
        return err_set(err, ERR_BAD_INPUT, "there is no such form");
    }
    enum err_code code = registry_view_begin(registry, &view, err);
    if (code != ERR_OK) {
        return code;
    }
    arena_init(&arena, LIST_BYTES);
    code = users_list(&view.txn, &arena, "", USERS_MOST, &users, &count, err);
    registry_view_end(&view);
    if (code == ERR_OK) {
        write_list(users, count, format);
    }
    arena_finish(&arena);
    return code;
}

/* ------------------------------------------------------------------ changes */

static enum err_code get_password(
    const struct cli_values *values, char password[CLI_PASSWORD], struct err *err)
{
    if (!values->one_time) {
        return cli_password(values->words[1], password, err);
    }
    users_make_password(password);
    return ERR_OK;
}

static void tell_password(const struct cli_values *values, const char *password)
{
    if (values->one_time) {
        printf("%s's one-time password: %s\n", values->words[1], password);
    }
}

static enum err_code add(struct registry *registry, const struct cli_values *values,
    const struct registry_author *author, struct err *err)
{
    struct users_grants grants;
    char password[CLI_PASSWORD] = "";
    enum err_code code = cli_roles(values, &grants, err);
    if (code == ERR_OK && grants.count == 0) {
        code = err_set(err, ERR_BAD_INPUT, "a user has at least one role (--role)");
    }
    if (code == ERR_OK) {
        code = get_password(values, password, err);
    }
    const struct user_new user = {.name = values->words[1],
        .password = password,
        .grants = grants.list,
        .grant_count = grants.count,
        .one_time = values->one_time};
    if (code == ERR_OK) {
        code = users_add(registry, &user, author, err);
    }
    if (code == ERR_OK) {
        tell_password(values, password);
    }
    secret_wipe(password, sizeof password);
    return code;
}

static enum err_code set_password(struct registry *registry, const struct cli_values *values,
    const struct registry_author *author, struct err *err)
{
    char password[CLI_PASSWORD] = "";
    enum err_code code = get_password(values, password, err);
    if (code == ERR_OK) {
        code =
            users_set_password(registry, values->words[1], password, values->one_time, author, err);
    }
    if (code == ERR_OK) {
        tell_password(values, password);
    }
    secret_wipe(password, sizeof password);
    return code;
}

static enum err_code set_roles(struct registry *registry, const struct cli_values *values,
    const struct registry_author *author, struct err *err)
{
    struct users_grants grants;
    enum err_code code = cli_roles(values, &grants, err);
    return code == ERR_OK ? users_set_grants(
                                registry, values->words[1], grants.list, grants.count, author, err)
                          : code;
}

static enum err_code disable(struct registry *registry, const struct cli_values *values,
    const struct registry_author *author, struct err *err)
{
    return users_set_disabled(registry, values->words[1], true, author, err);
}

static enum err_code enable(struct registry *registry, const struct cli_values *values,
    const struct registry_author *author, struct err *err)
{
    return users_set_disabled(registry, values->words[1], false, author, err);
}

static enum err_code remove_user(struct registry *registry, const struct cli_values *values,
    const struct registry_author *author, struct err *err)
{
    return users_remove(registry, values->words[1], author, err);
}

int cli_user(const struct cli_values *values)
{
    static const struct cli_action actions[] = {
        {"add", true, true, add},
        {"list", false, false, list},
        {"roles", true, false, set_roles},
        {"password", true, false, set_password},
        {"disable", true, false, disable},
        {"enable", true, false, enable},
        {"remove", true, false, remove_user},
    };
    return cli_account("user", values, actions, sizeof actions / sizeof *actions);
}
