/* SPDX-License-Identifier: Apache-2.0 */
/* Reading users and tokens, and checking passwords. */
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "registry/users_inside.h"

/* ------------------------------------------------------------------ passwords */

bool users_check(const char *hash, const char *password)
{
    return crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
}

static char no_hash[crypto_pwhash_STRBYTES];

static void make_no_hash(void)
{
    unsigned char random[48];
    char salt[32];
    char sum[64];
    randombytes_buf(random, sizeof random);
    sodium_bin2base64(salt, sizeof salt, random, 16, sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
    sodium_bin2base64(sum, sizeof sum, random + 16, 32, sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
    snprintf(no_hash, sizeof no_hash, "$argon2id$v=19$m=%zu,t=%d,p=1$%s$%s",
        USERS_HASH_BYTES / 1024, USERS_HASH_PASSES, salt, sum);
}

const char *users_no_hash(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make_no_hash);
    return no_hash;
}

void token_hash(const char *secret, unsigned char hash[KEY_SECRET_BYTES])
{
    crypto_generichash(
        hash, KEY_SECRET_BYTES, (const unsigned char *)secret, strlen(secret), NULL, 0);
}

/* ------------------------------------------------------------------ one of them */

static enum err_code find(struct store_txn *txn, enum key_account kind, const char *name,
    struct store_bytes *value, struct err *err)
{
    struct store_key key;
    key_account(&key, kind, name);
    enum err_code code =
        key.cut ? ERR_NOT_FOUND : store_get(txn, STORE_USERS, key.bytes, key.len, value);
    if (code == ERR_NOT_FOUND) {
        return err_set(err, code, "there is no %s with the name \"%.100s\"",
            kind == KEY_USER ? "user" : "token", name);
    }
    return code == ERR_OK ? ERR_OK : err_set(err, code, "the accounts cannot be read");
}

enum err_code users_find(struct store_txn *txn, struct arena *arena, const char *name,
    struct user *user, struct err *err)
{
    struct store_bytes value;
    enum err_code code = find(txn, KEY_USER, name, &value, err);
    return code == ERR_OK ? user_read(arena, name, strlen(name), value, user, err) : code;
}

enum err_code tokens_find(struct store_txn *txn, struct arena *arena, const char *name,
    struct token *token, struct err *err)
{
    struct store_bytes value;
    enum err_code code = find(txn, KEY_TOKEN, name, &value, err);
    return code == ERR_OK ? token_read(arena, name, strlen(name), value, token, err) : code;
}

enum err_code tokens_find_secret(struct store_txn *txn, struct arena *arena, const char *secret,
    struct token *token, struct err *err)
{
    struct store_key key;
    struct store_bytes value;
    unsigned char hash[KEY_SECRET_BYTES];
    token_hash(secret, hash);
    key_secret(&key, hash);
    enum err_code code = store_get(txn, STORE_USERS, key.bytes, key.len, &value);
    if (code != ERR_OK) {
        return code;
    }
    const char *name = arena_copy(arena, value.bytes, value.len);
    if (name == NULL) {
        return ERR_NO_MEMORY;
    }
    code = tokens_find(txn, arena, name, token, err);
    if (code == ERR_OK && sodium_memcmp(hash, token->hash, sizeof hash) != 0) {
        return ERR_NOT_FOUND;
    }
    return code;
}

/* ------------------------------------------------------------------ all of them */

/* Runs through the rows of a kind behind a name; false from `each` ends it. */
typedef enum err_code (*account_each)(const char *name, size_t len, struct store_bytes value,
    void *context, bool *enough, struct err *err);

static enum err_code walk(struct store_txn *txn, enum key_account kind, const char *after,
    account_each each, void *context, struct err *err)
{
    struct store_key prefix;
    struct store_key key;
    struct store_cursor cursor;
    enum err_code code = store_cursor_open(txn, STORE_USERS, &cursor);
    if (code != ERR_OK) {
        return err_set(err, code, "the accounts cannot be read");
    }
    bool enough = false;
    key_account(&prefix, kind, "");
    key_account(&key, kind, after);
    key_add_byte(&key, 0); /* names have no such byte */
    bool found = !key.cut && store_cursor_seek(&cursor, key.bytes, key.len);
    while (code == ERR_OK && !enough && found && key_starts_with(cursor.key, &prefix)) {
        code = each((const char *)cursor.key.bytes + 1, cursor.key.len - 1, cursor.value, context,
            &enough, err);
        found = store_cursor_next(&cursor);
    }
    store_cursor_close(&cursor);
    return code == ERR_OK && txn->failed != ERR_OK
               ? err_set(err, txn->failed, "the accounts cannot be read")
               : code;
}

static enum err_code count_one(const char *name, size_t len, struct store_bytes value,
    void *context, bool *enough, struct err *err)
{
    size_t *count = context;
    (void)name;
    (void)len;
    (void)value;
    (void)enough;
    (void)err;
    (*count)++;
    return ERR_OK;
}

size_t users_count(struct store_txn *txn, enum key_account kind)
{
    size_t count = 0;
    return walk(txn, kind, "", count_one, &count, NULL) == ERR_OK ? count : 0;
}

static enum err_code note_one(const char *name, size_t len, struct store_bytes value, void *context,
    bool *enough, struct err *err)
{
    bool *any = context;
    (void)name;
    (void)len;
    (void)value;
    (void)err;
    *any = *enough = true;
    return ERR_OK;
}

bool users_any(struct store_txn *txn)
{
    bool any = false;
    return walk(txn, KEY_USER, "", note_one, &any, NULL) == ERR_OK && any;
}

struct of_one {
    const char *user;
    size_t count;
};

static enum err_code count_of(const char *name, size_t len, struct store_bytes value, void *context,
    bool *enough, struct err *err)
{
    struct of_one *of_one = context;
    (void)name;
    (void)len;
    (void)enough;
    (void)err;
    of_one->count += token_is_of(value, of_one->user);
    return ERR_OK;
}

size_t tokens_of(struct store_txn *txn, const char *user)
{
    struct of_one of_one = {.user = user};
    return walk(txn, KEY_TOKEN, "", count_of, &of_one, NULL) == ERR_OK ? of_one.count : 0;
}

struct listing {
    struct arena *arena;
    const char *user; /* whose tokens, NULL: all */
    void *list;
    size_t count;
    size_t limit;
    size_t room;
};

/* The place for one more, of `size` bytes; NULL when the arena is full. */
static void *one_more(struct listing *listing, size_t size)
{
    if (listing->count == listing->room) {
        size_t room = listing->room == 0 ? 32 : 2 * listing->room;
        char *list = arena_alloc(listing->arena, room * size);
        if (list == NULL) {
            return NULL;
        }
        if (listing->count > 0) {
            memcpy(list, listing->list, listing->count * size);
        }
        listing->list = list;
        listing->room = room;
    }
    return (char *)listing->list + size * listing->count++;
}

static enum err_code list_user(const char *name, size_t len, struct store_bytes value,
    void *context, bool *enough, struct err *err)
{
    struct listing *listing = context;
    struct user *user = one_more(listing, sizeof *user);
    *enough = listing->count >= listing->limit;
    return user == NULL ? err_set(err, ERR_TOO_LARGE, "there are too many users for one answer")
                        : user_read(listing->arena, name, len, value, user, err);
}

static enum err_code list_token(const char *name, size_t len, struct store_bytes value,
    void *context, bool *enough, struct err *err)
{
    struct listing *listing = context;
    if (listing->user != NULL && !token_is_of(value, listing->user)) {
        return ERR_OK;
    }
    struct token *token = one_more(listing, sizeof *token);
    *enough = listing->count >= listing->limit;
    return token == NULL ? err_set(err, ERR_TOO_LARGE, "there are too many tokens for one answer")
                         : token_read(listing->arena, name, len, value, token, err);
}

enum err_code users_list(struct store_txn *txn, struct arena *arena, const char *after,
    size_t limit, struct user **users, size_t *count, struct err *err)
{
    struct listing listing = {.arena = arena, .limit = limit};
    enum err_code code = walk(txn, KEY_USER, after, list_user, &listing, err);
    if (code == ERR_OK) {
        *users = listing.list;
        *count = listing.count;
    }
    return code;
}

enum err_code tokens_list(struct store_txn *txn, struct arena *arena, const char *user,
    const char *after, size_t limit, struct token **tokens, size_t *count, struct err *err)
{
    struct listing listing = {.arena = arena, .user = user, .limit = limit};
    enum err_code code = walk(txn, KEY_TOKEN, after, list_token, &listing, err);
    if (code == ERR_OK) {
        *tokens = listing.list;
        *count = listing.count;
    }
    return code;
}
