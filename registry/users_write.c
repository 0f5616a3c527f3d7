/* SPDX-License-Identifier: Apache-2.0 */
/* Changing users: each change with its entry in the history. */
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "aas/path.h"
#include "registry/document_record.h"
#include "registry/event.h"
#include "registry/registry_inside.h"
#include "registry/users_inside.h"

enum { ARENA_BYTES = 64 * 1024 * 1024, ID_BYTES = 16 + USERS_NAME, SUMMARY_BYTES = 4096 };

/* ------------------------------------------------------------------ what can be */

enum err_code users_check_name(const char *name, const char *what, struct err *err)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    size_t len = strlen(name);
    if (len > 0 && len <= USERS_NAME && strspn(name, letters) == len && name[0] != '-' &&
        name[0] != '.') {
        return ERR_OK;
    }
    err_set(err, ERR_BAD_INPUT, "\"%.100s\" is no name for a %s", name, what);
    err_rule(err, NULL,
        "Use at most 64 of the letters a to z and A to Z, digits, dots, hyphens and underscores; "
        "begin "
        "with a letter or digit.");
    return ERR_BAD_INPUT;
}

static enum err_code check_password(const char *name, const char *password, struct err *err)
{
    size_t len = strlen(password);
    if (!aas_utf8_valid(password, len, NULL)) {
        return err_set(err, ERR_BAD_INPUT, "the password is no text in UTF-8");
    }
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)password[i] < 0x20 || password[i] == 0x7f) {
            return err_set(err, ERR_BAD_INPUT, "the password has control characters");
        }
    }
    if (aas_utf8_length(password, len) < USERS_PASSWORD_LEAST || len > USERS_PASSWORD_MOST) {
        return err_set(err, ERR_BAD_INPUT,
            "a password has at least %d characters and at most %d bytes", USERS_PASSWORD_LEAST,
            USERS_PASSWORD_MOST);
    }
    return strcmp(name, password) != 0
               ? ERR_OK
               : err_set(err, ERR_BAD_INPUT, "the password must not be the name");
}

static enum err_code hash_password(
    const char *password, char hash[crypto_pwhash_STRBYTES], struct err *err)
{
    if (crypto_pwhash_str_alg(hash, password, strlen(password), USERS_HASH_PASSES, USERS_HASH_BYTES,
            crypto_pwhash_ALG_ARGON2ID13) != 0) {
        return err_set(err, ERR_NO_MEMORY, "not enough memory to work on a password");
    }
    return ERR_OK;
}

void users_make_password(char password[USERS_ONE_TIME])
{
    static const char letters[] = "abcdefghjkmnpqrstuvwxyz23456789";
    size_t at = 0;
    for (unsigned i = 0; i < 20; i++) {
        if (i > 0 && i % 5 == 0) {
            password[at++] = '-';
        }
        password[at++] = letters[randombytes_uniform(sizeof letters - 1)];
    }
    password[at] = '\0';
}

/* ------------------------------------------------------------------ history */

enum err_code users_event(struct store_txn *txn, const char *kind, const char *name,
    const char *operation, const char *summary, bool ended, const struct registry_author *author,
    struct err *err)
{
    char id[ID_BYTES];
    int len = snprintf(id, sizeof id, "%s/%s", kind, name);
    const struct event event = {.kind = REGISTRY_ACCOUNT,
        .id = id,
        .id_len = (size_t)len,
        .operation = operation,
        .summary = summary,
        .ended = ended,
        .time_ms = write_now_ms()};
    return event_put(txn, &event, author, err);
}

/* ------------------------------------------------------------------ changes */

/* What a change does to a user; what is not named stays. */
struct change {
    const char *name;
    const char *operation; /* in the history */
    const struct registry_author *author;
    bool is_new;
    bool only_first;  /* add, when there is no user yet */
    const char *hash; /* NULL: stays */
    bool one_time;    /* with a hash */
    bool sets_disabled;
    bool disabled;
    const struct access_grant *grants; /* NULL: stay */
    size_t grant_count;
};

static bool administers(const struct user *user)
{
    for (size_t i = 0; i < user->grant_count && !user->disabled; i++) {
        if (user->grants[i].role == ROLE_ADMINISTRATOR &&
            user->grants[i].limit == ACCESS_UNLIMITED) {
            return true;
        }
    }
    return false;
}

/* Somebody must be left who can give roles. */
enum err_code users_check_administrator(struct store_txn *txn, struct arena *arena,
    const struct user *before, const struct user *after, struct err *err)
{
    struct user *users = NULL;
    size_t count = 0;
    if (!administers(before) || administers(after)) {
        return ERR_OK;
    }
    enum err_code code = users_list(txn, arena, "", USERS_MOST, &users, &count, err);
    for (size_t i = 0; code == ERR_OK && i < count; i++) {
        if (administers(&users[i]) && strcmp(users[i].name, after->name) != 0) {
            return ERR_OK;
        }
    }
    if (code == ERR_OK) {
        code = err_set(err, ERR_EXISTS, "%s is the last administrator", after->name);
        err_rule(err, NULL, "Make somebody else an administrator first.");
    }
    return code;
}

/* Whoever had the name and was removed has left a history under it. */
static bool is_taken(struct store_txn *txn, const char *name)
{
    struct id_place place;
    char id[ID_BYTES];
    int len = snprintf(id, sizeof id, "user/%s", name);
    return id_find(txn, REGISTRY_ACCOUNT, id, (size_t)len, &place, NULL) == ERR_OK && place.known;
}

static enum err_code check_new(
    struct store_txn *txn, struct arena *arena, const struct change *change, struct err *err)
{
    struct user other;
    if (change->only_first && users_any(txn)) {
        return ERR_EXISTS;
    }
    enum err_code code = users_find(txn, arena, change->name, &other, NULL);
    if (code == ERR_OK) {
        return err_set(
            err, ERR_EXISTS, "there is a user with the name \"%s\" already", change->name);
    }
    if (code == ERR_NOT_FOUND && is_taken(txn, change->name)) {
        err_set(err, ERR_EXISTS, "there was a user with the name \"%s\"", change->name);
        err_rule(err, NULL,
            "Choose another name: what stands in the history under this one was done by somebody "
            "else.");
        return ERR_EXISTS;
    }
    if (code == ERR_NOT_FOUND && users_count(txn, KEY_USER) >= USERS_MOST) {
        return err_set(err, ERR_TOO_LARGE, "there are %d users already", USERS_MOST);
    }
    return code == ERR_NOT_FOUND ? ERR_OK : err_set(err, code, "the accounts cannot be read");
}

/* One line for the history. */
static void summarise(const struct change *change, const struct user *user, struct buf *summary)
{
    if (change->grants != NULL) {
        buf_add_text(summary, "roles: ");
        users_grants_write(summary, user->grants, user->grant_count);
        buf_add_text(summary, change->sets_disabled && user->disabled ? "; disabled" : "");
    }
    if (change->hash != NULL && user->one_time) {
        buf_add_text(summary, change->grants != NULL ? "; one-time password" : "one-time password");
    }
}

static enum err_code apply_in(
    struct store_txn *txn, struct arena *arena, const struct change *change, struct err *err)
{
    struct user before = {.name = change->name, .created_ms = write_now_ms()};
    enum err_code code = change->is_new ? check_new(txn, arena, change, err)
                                        : users_find(txn, arena, change->name, &before, err);
    if (code != ERR_OK) {
        return code;
    }
    struct user after = before;
    after.changed_ms = write_now_ms();
    after.hash = change->hash != NULL ? change->hash : before.hash;
    after.one_time = change->hash != NULL ? change->one_time : before.one_time;
    after.disabled = change->sets_disabled ? change->disabled : before.disabled;
    after.grants = change->grants != NULL ? change->grants : before.grants;
    after.grant_count = change->grants != NULL ? change->grant_count : before.grant_count;
    struct buf summary;
    buf_init(&summary, SUMMARY_BYTES);
    summarise(change, &after, &summary);
    code = users_check_administrator(txn, arena, &before, &after, err);
    if (code == ERR_OK) {
        code = user_put(txn, &after);
    }
    if (code == ERR_OK) {
        code = users_event(txn, "user", change->name, change->operation, buf_text(&summary), false,
            change->author, err);
    }
    buf_finish(&summary);
    return code;
}

static enum err_code apply(struct store_txn *txn, void *context, struct err *err)
{
    struct arena arena;
    arena_init(&arena, ARENA_BYTES);
    enum err_code code = apply_in(txn, &arena, context, err);
    arena_finish(&arena);
    return code;
}

static enum err_code carry_out(struct registry *registry, struct change *change, struct err *err)
{
    enum err_code code = users_check_name(change->name, "user", err);
    if (code == ERR_OK && change->grants != NULL && change->grant_count == 0) {
        code = err_set(err, ERR_BAD_INPUT, "a user has at least one role");
    }
    if (code == ERR_OK && change->grants != NULL) {
        code = users_check_grants(change->grants, change->grant_count, err);
    }
    return code == ERR_OK ? store_write(registry_store(registry), apply, change, err) : code;
}

/* The same with a password, whose hash is made before the transaction begins. */
static enum err_code carry_out_with(
    struct registry *registry, const struct change *change, const char *password, struct err *err)
{
    char hash[crypto_pwhash_STRBYTES];
    struct change whole = *change;
    enum err_code code = users_check_name(change->name, "user", err);
    if (code == ERR_OK) {
        code = check_password(change->name, password, err);
    }
    if (code == ERR_OK) {
        code = hash_password(password, hash, err);
    }
    whole.hash = hash;
    return code == ERR_OK ? carry_out(registry, &whole, err) : code;
}

static const struct access_grant no_grants[1];

enum err_code users_add(struct registry *registry, const struct user_new *user,
    const struct registry_author *author, struct err *err)
{
    struct change change = {.name = user->name,
        .operation = "add",
        .author = author,
        .is_new = true,
        .one_time = user->one_time,
        .grants = user->grants != NULL ? user->grants : no_grants,
        .grant_count = user->grant_count};
    return carry_out_with(registry, &change, user->password, err);
}

enum err_code users_add_first(
    struct registry *registry, char password[USERS_ONE_TIME], bool *made, struct err *err)
{
    static const struct access_grant all[] = {
        {.role = ROLE_ADMINISTRATOR, .limit = ACCESS_UNLIMITED, .value = ""}};
    const struct registry_author author = {.name = "Jig", .message = "first start"};
    struct change change = {.name = USERS_FIRST,
        .operation = "add",
        .author = &author,
        .is_new = true,
        .only_first = true,
        .one_time = true,
        .grants = all,
        .grant_count = 1};
    struct store_txn txn;
    *made = false;
    enum err_code code = store_read(registry_store(registry), &txn, err);
    if (code != ERR_OK) {
        return code;
    }
    bool any = users_any(&txn);
    store_end(&txn);
    if (any) { /* found out again in the transaction: another process may be as fast */
        return ERR_OK;
    }
    users_make_password(password);
    code = carry_out_with(registry, &change, password, err);
    *made = code == ERR_OK;
    return code == ERR_EXISTS ? ERR_OK : code;
}

enum err_code users_set_password(struct registry *registry, const char *name, const char *password,
    bool one_time, const struct registry_author *author, struct err *err)
{
    struct change change = {
        .name = name, .operation = "password", .author = author, .one_time = one_time};
    return carry_out_with(registry, &change, password, err);
}

enum err_code users_edit(struct registry *registry, const char *name, const struct user_edit *edit,
    const struct registry_author *author, struct err *err)
{
    bool disabled = edit->disabled != NULL && *edit->disabled;
    struct change change = {.name = name,
        .operation = edit->grants != NULL ? "grants"
                     : disabled           ? "disable"
                                          : "enable",
        .author = author,
        .sets_disabled = edit->disabled != NULL,
        .disabled = disabled,
        .grants = edit->grants,
        .grant_count = edit->grant_count};
    return carry_out(registry, &change, err);
}

enum err_code users_set_disabled(struct registry *registry, const char *name, bool disabled,
    const struct registry_author *author, struct err *err)
{
    const struct user_edit edit = {.disabled = &disabled};
    return users_edit(registry, name, &edit, author, err);
}

enum err_code users_set_grants(struct registry *registry, const char *name,
    const struct access_grant *grants, size_t count, const struct registry_author *author,
    struct err *err)
{
    const struct user_edit edit = {
        .grants = grants != NULL ? grants : no_grants, .grant_count = count};
    return users_edit(registry, name, &edit, author, err);
}

/* ------------------------------------------------------------------ refusals */

struct refusal {
    const struct access_principal *principal;
    const char *what;
};

static enum err_code put_refusal(struct store_txn *txn, void *context, struct err *err)
{
    const struct refusal *refusal = context;
    const struct access_principal *principal = refusal->principal;
    const struct registry_author author = {.name = principal->name};
    bool token = principal->token != NULL;
    return users_event(txn, token ? "token" : "user", token ? principal->token : principal->name,
        "refused", refusal->what, false, &author, err);
}

enum err_code users_note_refusal(struct registry *registry,
    const struct access_principal *principal, const char *what, struct err *err)
{
    struct refusal refusal = {principal, what};
    return store_write(registry_store(registry), put_refusal, &refusal, err);
}
