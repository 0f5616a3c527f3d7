/* SPDX-License-Identifier: Apache-2.0 */
/* jig token: access for programs, without a password. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "api/accounts.h"
#include "api/cli_account.h"
#include "registry/secret.h"

enum { LIST_BYTES = 64 * 1024 * 1024, TEXT_BYTES = 4096, DEFAULT_DAYS = 90 };

#define DAY_MS ((int64_t)24 * 60 * 60 * 1000)

/* ------------------------------------------------------------------ list */

static void write_text(const struct token *token)
{
    char day[CLI_DAY];
    struct buf roles;
    buf_init(&roles, TEXT_BYTES);
    users_grants_write(&roles, token->grants, token->grant_count);
    cli_day(token->expires_ms, day);
    bool over = token->expires_ms <= (int64_t)time(NULL) * 1000;
    printf("%s  of %s  %s  %s %s\n", token->name, token->user,
        token->grant_count > 0 ? buf_text(&roles) : "all roles of the user",
        over ? "expired" : "expires", day);
    buf_finish(&roles);
}

static void write_json(struct buf *out, const struct token *token)
{
    char day[CLI_DAY];
    cli_day(token->expires_ms, day);
    buf_add_text(out, "{\"name\":");
    buf_add_json_string(out, token->name, strlen(token->name));
    buf_add_text(out, ",\"user\":");
    buf_add_json_string(out, token->user, strlen(token->user));
    buf_printf(out, ",\"expires\":\"%s\"", day);
    accounts_write_grants(out, token->grants, token->grant_count);
    buf_add_char(out, '}');
}

static void write_list(const struct token *tokens, size_t count, enum cli_format format)
{
    struct buf out;
    buf_init(&out, CLI_OUTPUT_ROOM);
    for (size_t i = 0; i < count; i++) {
        if (format == CLI_TEXT) {
            write_text(&tokens[i]);
        } else {
            buf_add_text(&out, i > 0 ? "," : "");
            write_json(&out, &tokens[i]);
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
    struct token *tokens = NULL;
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
    code = tokens_list(&view.txn, &arena, NULL, "", TOKENS_MOST, &tokens, &count, err);
    registry_view_end(&view);
    if (code == ERR_OK) {
        write_list(tokens, count, format);
    }
    arena_finish(&arena);
    return code;
}

/* ------------------------------------------------------------------ changes */

/* "90d" or "2027-03-31"; 90 days when nothing is said. */
static enum err_code read_end(const char *text, int64_t *time_ms, struct err *err)
{
    struct tm day = {.tm_isdst = 0};
    char *end = NULL;
    int64_t now_ms = (int64_t)time(NULL) * 1000;
    if (text == NULL) {
        *time_ms = now_ms + DEFAULT_DAYS * DAY_MS;
        return ERR_OK;
    }
    long days = strtol(text, &end, 10);
    if (strcmp(end, "d") == 0 && days > 0 && days <= TOKENS_DAYS_MOST) {
        *time_ms = now_ms + days * DAY_MS;
        return ERR_OK;
    }
    end = strptime(text, "%Y-%m-%d", &day);
    if (end == NULL || *end != '\0') {
        err_set(err, ERR_BAD_INPUT, "\"%.80s\" is no end of a token", text);
        err_rule(err, NULL, "Write a number of days, such as 90d, or a day, such as 2027-03-31.");
        return ERR_BAD_INPUT;
    }
    *time_ms = (int64_t)timegm(&day) * 1000;
    return ERR_OK;
}

static enum err_code add(struct registry *registry, const struct cli_values *values,
    const struct registry_author *author, struct err *err)
{
    struct users_grants grants;
    char secret[TOKENS_SECRET];
    struct token_new token = {.name = values->words[1], .user = values->user};
    enum err_code code = cli_roles(values, &grants, err);
    if (code == ERR_OK && values->user == NULL) {
        code = err_set(err, ERR_BAD_INPUT, "a token belongs to a user (--user)");
    }
    if (code == ERR_OK) {
        code = read_end(values->expires, &token.expires_ms, err);
    }
    token.grants = grants.list;
    token.grant_count = grants.count;
    if (code == ERR_OK) {
        code = tokens_add(registry, &token, author, secret, err);
    }
    if (code == ERR_OK) {
        printf("%s\n", secret);
        secret_wipe(secret, sizeof secret);
    }
    return code;
}

static enum err_code revoke(struct registry *registry, const struct cli_values *values,
    const struct registry_author *author, struct err *err)
{
    return tokens_revoke(registry, values->words[1], author, err);
}

int cli_token(const struct cli_values *values)
{
    static const struct cli_action actions[] = {
        {"add", true, false, add},
        {"list", false, false, list},
        {"revoke", true, false, revoke},
    };
    return cli_account("token", values, actions, sizeof actions / sizeof *actions);
}
