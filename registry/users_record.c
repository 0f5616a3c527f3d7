/* SPDX-License-Identifier: Apache-2.0 */
/* Users and tokens as they stand in the store. */
#include <string.h>

#include "registry/users_inside.h"

enum { RECORD_BYTES = 64 * 1024 };

/* ------------------------------------------------------------------ grants */

enum err_code users_grants_add(
    struct users_grants *grants, const char *text, size_t len, struct err *err)
{
    const char *end = text + len;
    while (text < end) {
        const char *comma = memchr(text, ',', (size_t)(end - text));
        size_t one = (size_t)((comma == NULL ? end : comma) - text);
        if (grants->count == ACCESS_GRANTS) {
            return err_set(err, ERR_TOO_LARGE, "an account has at most %d roles", ACCESS_GRANTS);
        }
        enum err_code code = access_grant_read(
            text, one, &grants->list[grants->count], grants->values[grants->count], err);
        if (code != ERR_OK) {
            return code;
        }
        grants->count++;
        text += one + (comma == NULL ? 0 : 1);
    }
    return ERR_OK;
}

void users_grants_write(struct buf *buf, const struct access_grant *grants, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        buf_add_text(buf, i == 0 ? "" : ",");
        access_grant_write(buf, &grants[i]);
    }
}

enum err_code users_check_grants(const struct access_grant *grants, size_t count, struct err *err)
{
    struct users_grants read = {.count = 0};
    struct buf text;
    buf_init(&text, RECORD_BYTES);
    users_grants_write(&text, grants, count);
    enum err_code code = users_grants_add(&read, buf_text(&text), text.len, err);
    buf_finish(&text);
    if (code == ERR_OK && read.count != count) {
        return err_set(err, ERR_BAD_INPUT, "the roles cannot be kept as they are");
    }
    return code;
}

/* ------------------------------------------------------------------ reading */

/* What is left of a record. */
struct rest {
    const char *at;
    size_t len;
};

static enum err_code damaged(const char *name, size_t len, struct err *err)
{
    return err_set(err, ERR_STORE, "the account '%.*s' is damaged", (int)len, name);
}

/* The next text, in the arena; NULL when there is none or no room. */
static const char *next_text(struct arena *arena, struct rest *rest)
{
    const char *end = rest->len == 0 ? NULL : memchr(rest->at, '\0', rest->len);
    if (end == NULL) {
        return NULL;
    }
    size_t len = (size_t)(end - rest->at);
    const char *text = arena_copy(arena, rest->at, len);
    rest->at += len + 1;
    rest->len -= len + 1;
    return text;
}

static bool next_grants(
    struct arena *arena, struct rest *rest, const struct access_grant **list, size_t *count)
{
    const char *text = next_text(arena, rest);
    struct users_grants *grants = text == NULL ? NULL : arena_alloc(arena, sizeof *grants);
    if (grants == NULL || users_grants_add(grants, text, strlen(text), NULL) != ERR_OK) {
        return false;
    }
    *list = grants->list;
    *count = grants->count;
    return true;
}

static bool begin(struct store_bytes value, struct rest *rest, size_t head)
{
    const unsigned char *bytes = value.bytes;
    if (value.len < head || bytes[0] != USERS_LAYOUT) {
        return false;
    }
    *rest = (struct rest){(const char *)bytes + head, value.len - head};
    return true;
}

enum err_code user_read(struct arena *arena, const char *name, size_t name_len,
    struct store_bytes value, struct user *user, struct err *err)
{
    struct rest rest;
    const unsigned char *bytes = value.bytes;
    if (!begin(value, &rest, USERS_HEAD)) {
        return damaged(name, name_len, err);
    }
    struct user read = {.name = arena_copy(arena, name, name_len),
        .disabled = (bytes[1] & USERS_DISABLED) != 0,
        .one_time = (bytes[1] & USERS_IS_ONE_TIME) != 0,
        .created_ms = (int64_t)value_u64(bytes + 2),
        .changed_ms = (int64_t)value_u64(bytes + 10)};
    read.hash = next_text(arena, &rest);
    if (read.name == NULL || read.hash == NULL ||
        !next_grants(arena, &rest, &read.grants, &read.grant_count)) {
        return damaged(name, name_len, err);
    }
    *user = read;
    return ERR_OK;
}

enum err_code token_read(struct arena *arena, const char *name, size_t name_len,
    struct store_bytes value, struct token *token, struct err *err)
{
    struct rest rest;
    const unsigned char *bytes = value.bytes;
    if (!begin(value, &rest, USERS_HEAD + KEY_SECRET_BYTES)) {
        return damaged(name, name_len, err);
    }
    struct token read = {.name = arena_copy(arena, name, name_len),
        .created_ms = (int64_t)value_u64(bytes + 2),
        .expires_ms = (int64_t)value_u64(bytes + 10)};
    memcpy(read.hash, bytes + USERS_HEAD, sizeof read.hash);
    read.user = next_text(arena, &rest);
    if (read.name == NULL || read.user == NULL ||
        !next_grants(arena, &rest, &read.grants, &read.grant_count)) {
        return damaged(name, name_len, err);
    }
    *token = read;
    return ERR_OK;
}

bool token_is_of(struct store_bytes value, const char *user)
{
    struct rest rest;
    size_t len = strlen(user);
    return begin(value, &rest, USERS_HEAD + KEY_SECRET_BYTES) && rest.len > len &&
           memcmp(rest.at, user, len + 1) == 0;
}

/* ------------------------------------------------------------------ writing */

static void add_head(struct buf *buf, unsigned flags, int64_t first_ms, int64_t second_ms)
{
    unsigned char head[USERS_HEAD] = {USERS_LAYOUT, (unsigned char)flags};
    value_set_u64(head + 2, (uint64_t)first_ms);
    value_set_u64(head + 10, (uint64_t)second_ms);
    buf_add(buf, head, sizeof head);
}

static enum err_code put(struct store_txn *txn, enum key_account kind, const char *name,
    struct buf *record, const struct access_grant *grants, size_t count)
{
    struct store_key key;
    key_account(&key, kind, name);
    users_grants_write(record, grants, count);
    buf_add_char(record, '\0');
    enum err_code code = buf_failed(record) ? ERR_NO_MEMORY
                                            : store_put(txn, STORE_USERS, key.bytes, key.len,
                                                  record->bytes, record->len);
    buf_finish(record);
    return code;
}

enum err_code user_put(struct store_txn *txn, const struct user *user)
{
    struct buf record;
    unsigned flags = user->disabled ? USERS_DISABLED : 0;
    buf_init(&record, RECORD_BYTES);
    add_head(&record, flags | (user->one_time ? (unsigned)USERS_IS_ONE_TIME : 0), user->created_ms,
        user->changed_ms);
    buf_add(&record, user->hash, strlen(user->hash) + 1);
    return put(txn, KEY_USER, user->name, &record, user->grants, user->grant_count);
}

enum err_code token_put(struct store_txn *txn, const struct token *token)
{
    struct buf record;
    buf_init(&record, RECORD_BYTES);
    add_head(&record, 0, token->created_ms, token->expires_ms);
    buf_add(&record, token->hash, sizeof token->hash);
    buf_add(&record, token->user, strlen(token->user) + 1);
    return put(txn, KEY_TOKEN, token->name, &record, token->grants, token->grant_count);
}
