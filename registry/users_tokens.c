/* SPDX-License-Identifier: Apache-2.0 */
/* Making and revoking tokens. */
#include <sodium.h>
#include <time.h>
#include <string.h>

#include "registry/registry_inside.h"
#include "registry/users_inside.h"

enum { ARENA_BYTES = 1024 * 1024, SUMMARY_BYTES = 4096, SECRET_BYTES = 32 };

#define DAY_MS ((int64_t)24 * 60 * 60 * 1000)

struct making {
    const struct token_new *wanted;
    struct token token;
    const struct registry_author *author;
};

enum err_code tokens_may(
    struct store_txn *txn, const struct registry_author *author, const char *user, struct err *err)
{
    const struct access_object object = {.cls = ACCESS_SERVER, .user = user};
    return access_decide(
        author == NULL ? NULL : author->principal, RIGHT_TOKENS, &object, txn, err);
}

/* What everybody may make for himself takes no room from the others. */
static enum err_code check_number(
    struct store_txn *txn, const struct making *making, struct err *err)
{
    bool any = tokens_may(txn, making->author, NULL, NULL) == ERR_OK;
    if (any || tokens_of(txn, making->wanted->user) < TOKENS_OF_ONE) {
        return ERR_OK;
    }
    err_set(err, ERR_TOO_LARGE, "%s has %d tokens already", making->wanted->user, TOKENS_OF_ONE);
    err_rule(err, NULL, "Revoke those that are not needed, or ask an administrator.");
    return ERR_TOO_LARGE;
}

static enum err_code check_room(
    struct store_txn *txn, struct arena *arena, const struct making *making, struct err *err)
{
    struct token other;
    struct user user;
    const struct token_new *wanted = making->wanted;
    enum err_code code = tokens_may(txn, making->author, wanted->user, err);
    if (code == ERR_OK) {
        code = users_find(txn, arena, wanted->user, &user, err);
    }
    if (code == ERR_OK) {
        code = check_number(txn, making, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    code = tokens_find(txn, arena, wanted->name, &other, NULL);
    if (code == ERR_OK) {
        err_set(err, ERR_EXISTS, "there is a token with the name \"%s\" already", wanted->name);
        err_rule(err, NULL, "Revoke that one, or choose another name.");
        return ERR_EXISTS;
    }
    if (code == ERR_NOT_FOUND && users_count(txn, KEY_TOKEN) >= TOKENS_MOST) {
        return err_set(err, ERR_TOO_LARGE, "there are %d tokens already", TOKENS_MOST);
    }
    return code == ERR_NOT_FOUND ? ERR_OK : err_set(err, code, "the accounts cannot be read");
}

/* One line for the history: whose it is, until when, with which roles. */
static void summarise(const struct token *token, struct buf *summary)
{
    char day[16];
    struct tm utc;
    time_t seconds = (time_t)(token->expires_ms / 1000);
    gmtime_r(&seconds, &utc);
    strftime(day, sizeof day, "%Y-%m-%d", &utc);
    buf_printf(summary, "of %s until %s", token->user, day);
    if (token->grant_count > 0) {
        buf_add_text(summary, "; roles: ");
        users_grants_write(summary, token->grants, token->grant_count);
    }
}

static enum err_code make_in(
    struct store_txn *txn, struct arena *arena, struct making *making, struct err *err)
{
    struct store_key key;
    struct buf summary;
    const struct token *token = &making->token;
    enum err_code code = check_room(txn, arena, making, err);
    if (code != ERR_OK) {
        return code;
    }
    buf_init(&summary, SUMMARY_BYTES);
    summarise(token, &summary);
    key_secret(&key, token->hash);
    code = token_put(txn, token);
    if (code == ERR_OK) {
        code = store_put(txn, STORE_USERS, key.bytes, key.len, token->name, strlen(token->name));
    }
    if (code == ERR_OK) {
        code = users_event(
            txn, "token", token->name, "add", buf_text(&summary), false, making->author, err);
    }
    buf_finish(&summary);
    return code;
}

static enum err_code make(struct store_txn *txn, void *context, struct err *err)
{
    struct arena arena;
    arena_init(&arena, ARENA_BYTES);
    enum err_code code = make_in(txn, &arena, context, err);
    arena_finish(&arena);
    return code;
}

static enum err_code check(const struct token_new *wanted, const struct registry_author *author,
    int64_t now_ms, struct err *err)
{
    if (author != NULL && author->principal != NULL && author->principal->token != NULL) {
        err_set(err, ERR_FORBIDDEN, "a token makes no tokens");
        err_rule(err, NULL, "Send the name and password of a user.");
        return ERR_FORBIDDEN;
    }
    enum err_code code = users_check_name(wanted->name, "token", err);
    if (code == ERR_OK) {
        code = users_check_grants(wanted->grants, wanted->grant_count, err);
    }
    if (code == ERR_OK &&
        (wanted->expires_ms <= now_ms || wanted->expires_ms > now_ms + TOKENS_DAYS_MOST * DAY_MS)) {
        return err_set(err, ERR_BAD_INPUT,
            "a token expires in the future, at most %d days from now", TOKENS_DAYS_MOST);
    }
    return code;
}

enum err_code tokens_add(struct registry *registry, const struct token_new *token,
    const struct registry_author *author, char secret[TOKENS_SECRET], struct err *err)
{
    unsigned char random[SECRET_BYTES];
    char made[TOKENS_SECRET] = TOKENS_PREFIX;
    size_t prefix = strlen(TOKENS_PREFIX);
    int64_t now_ms = write_now_ms();
    enum err_code code = check(token, author, now_ms, err);
    if (code != ERR_OK) {
        return code;
    }
    randombytes_buf(random, sizeof random);
    sodium_bin2base64(made + prefix, sizeof made - prefix, random, sizeof random,
        sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    struct making making = {.wanted = token,
        .author = author,
        .token = {.name = token->name,
            .user = token->user,
            .grants = token->grants,
            .grant_count = token->grant_count,
            .created_ms = now_ms,
            .expires_ms = token->expires_ms}};
    token_hash(made, making.token.hash);
    code = store_write(registry_store(registry), make, &making, err);
    if (code == ERR_OK) {
        memcpy(secret, made, sizeof made);
    }
    sodium_memzero(random, sizeof random);
    sodium_memzero(made, sizeof made);
    return code;
}

/* ------------------------------------------------------------------ revoking */

struct revoking {
    const char *name;
    const struct registry_author *author;
};

enum err_code token_remove(struct store_txn *txn, const struct token *token, const char *summary,
    const struct registry_author *author, struct err *err)
{
    struct store_key key;
    key_account(&key, KEY_TOKEN, token->name);
    enum err_code code = store_delete(txn, STORE_USERS, key.bytes, key.len);
    if (code == ERR_OK) {
        key_secret(&key, token->hash);
        code = store_delete(txn, STORE_USERS, key.bytes, key.len);
    }
    if (code != ERR_OK) {
        return err_set(err, ERR_STORE, "the token cannot be removed");
    }
    return users_event(txn, "token", token->name, "revoke", summary, true, author, err);
}

static enum err_code revoke_in(
    struct store_txn *txn, struct arena *arena, const struct revoking *revoking, struct err *err)
{
    struct token token;
    enum err_code code = tokens_find(txn, arena, revoking->name, &token, err);
    if (code == ERR_OK) {
        code = tokens_may(txn, revoking->author, token.user, err);
    }
    return code == ERR_OK ? token_remove(txn, &token, NULL, revoking->author, err) : code;
}

static enum err_code revoke(struct store_txn *txn, void *context, struct err *err)
{
    struct arena arena;
    arena_init(&arena, ARENA_BYTES);
    enum err_code code = revoke_in(txn, &arena, context, err);
    arena_finish(&arena);
    return code;
}

enum err_code tokens_revoke(struct registry *registry, const char *name,
    const struct registry_author *author, struct err *err)
{
    struct revoking revoking = {name, author};
    return store_write(registry_store(registry), revoke, &revoking, err);
}
