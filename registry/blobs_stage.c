/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Blobs on their way in. Contents come in transactions of a few megabytes each, so that a file of
 * any size is neither in memory as a whole nor keeps other writers waiting for long.
 */
#include <errno.h>
#include <signal.h>
#include <sodium.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "registry/blobs_inside.h"
#include "registry/families.h"
#include "registry/family_record.h"
#include "registry/spool.h"

enum {
    STAGE_BYTES = 8 << 20, /* in one transaction */
    STAGE_ENTRIES = 1000,  /* … and blobs */
    HOLD_BYTES = 8,
    HOLD_MS_MAX = 24 * 3600 * 1000, /* of a process that cannot be asked */
};

static const char counted_key[] = "blobs/counted";

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ------------------------------------------------------------------ holds */

static void key_holds(struct store_key *key, const unsigned char hash[STORE_HASH_BYTES])
{
    key_start(key);
    key_add_byte(key, FILES_HOLD);
    key_add(key, hash, STORE_HASH_BYTES);
}

static void key_hold(struct store_key *key, const struct blob_hold *hold)
{
    key_holds(key, hold->hash);
    key_add_number(key, hold->number);
    key_add_number(key, (uint64_t)getpid());
}

static enum err_code put_hold(struct store_txn *txn, const struct blob_hold *hold)
{
    struct store_key key;
    unsigned char value[HOLD_BYTES];
    key_hold(&key, hold);
    value_set_u64(value, (uint64_t)now_ms());
    return store_put(txn, STORE_FILES, key.bytes, key.len, value, sizeof value);
}

bool blob_is_held(struct store_txn *txn, const unsigned char hash[STORE_HASH_BYTES])
{
    struct store_cursor cursor;
    struct store_key prefix;
    if (store_cursor_open(txn, STORE_FILES, &cursor) != ERR_OK) {
        return true;
    }
    key_holds(&prefix, hash);
    bool held = store_cursor_seek(&cursor, prefix.bytes, prefix.len) &&
                key_starts_with(cursor.key, &prefix);
    store_cursor_close(&cursor);
    return held;
}

enum err_code blob_let_go(struct store_txn *txn, const struct blob_hold *hold)
{
    struct store_key key;
    if (!hold->held) {
        return ERR_OK;
    }
    key_hold(&key, hold);
    enum err_code code = store_delete(txn, STORE_FILES, key.bytes, key.len);
    if (code != ERR_OK && code != ERR_NOT_FOUND) {
        return code;
    }
    return blob_free_unused(txn, hold->hash);
}

/* ------------------------------------------------------------------ coming in */

/* Where in the contents a transaction begins and has ended. */
struct staging {
    struct blob_content *contents;
    size_t count;
    size_t entry;
    uint64_t chunk;
    size_t end_entry;
    uint64_t end_chunk;
};

/* The first transaction that meets a content holds it; *there: nothing else is to be done. */
static enum err_code begin_content(
    struct store_txn *txn, const struct blob_content *content, bool *there)
{
    struct blob_head head;
    bool known = blob_head_find(txn, content->hold.hash, &head);
    enum err_code code = put_hold(txn, &content->hold);
    *there = known && head.complete;
    if (code == ERR_OK && !known) {
        head = (struct blob_head){.size = content->len};
        code = blob_head_put(txn, content->hold.hash, &head);
    }
    return code;
}

static enum err_code put_chunk(
    struct store_txn *txn, const struct blob_content *content, uint64_t chunk, size_t *len)
{
    struct store_key key;
    size_t offset = (size_t)chunk * BLOB_CHUNK_BYTES;
    *len = content->len - offset < BLOB_CHUNK_BYTES ? content->len - offset : BLOB_CHUNK_BYTES;
    key_blob_chunk(&key, content->hold.hash, chunk);
    return store_put(txn, STORE_BLOBS, key.bytes, key.len, content->bytes + offset, *len);
}

static enum err_code complete(struct store_txn *txn, const struct blob_content *content)
{
    struct blob_head head;
    if (!blob_head_find(txn, content->hold.hash, &head)) {
        return txn->failed != ERR_OK ? txn->failed : ERR_STORE;
    }
    head.complete = true;
    return blob_head_put(txn, content->hold.hash, &head);
}

/* One transaction's share. What was begun by an earlier one goes on at its chunk. */
static enum err_code stage_some(struct store_txn *txn, void *context, struct err *err)
{
    struct staging *s = context;
    size_t entry = s->entry;
    uint64_t chunk = s->chunk;
    size_t bytes = 0;
    enum err_code code = ERR_OK;
    while (code == ERR_OK && entry < s->count && bytes < STAGE_BYTES &&
           entry - s->entry < STAGE_ENTRIES) {
        const struct blob_content *content = &s->contents[entry];
        bool there = false;
        size_t len = 0;
        code = chunk == 0 ? begin_content(txn, content, &there) : ERR_OK;
        if (code == ERR_OK && !there) {
            code = put_chunk(txn, content, chunk++, &len);
            bytes += len;
            there = chunk == blob_chunks(content->len);
            code = code == ERR_OK && there ? complete(txn, content) : code;
        }
        if (there) {
            entry++;
            chunk = 0;
        }
    }
    s->end_entry = entry;
    s->end_chunk = chunk;
    return code == ERR_OK ? ERR_OK : err_set(err, code, "the file cannot be stored");
}

enum err_code blob_stage(
    struct store *store, struct blob_content *contents, size_t count, struct err *err)
{
    struct staging s = {.contents = contents, .count = count};
    enum err_code code = ERR_OK;
    for (size_t i = 0; i < count; i++) {
        struct blob_hold *hold = &contents[i].hold;
        *hold = (struct blob_hold){.size = contents[i].len, .held = true};
        store_hash(contents[i].bytes, contents[i].len, hold->hash);
        randombytes_buf(&hold->number, sizeof hold->number);
    }
    while (code == ERR_OK && s.entry < count) {
        code = store_write(store, stage_some, &s, err);
        s.entry = s.end_entry;
        s.chunk = s.end_chunk;
    }
    if (code != ERR_OK) {
        blob_release(store, contents, count);
    }
    return code;
}

struct releasing {
    struct blob_content *contents;
    size_t count;
};

static enum err_code release_all(struct store_txn *txn, void *context, struct err *err)
{
    const struct releasing *r = context;
    enum err_code code = ERR_OK;
    for (size_t i = 0; i < r->count && code == ERR_OK; i++) {
        code = blob_let_go(txn, &r->contents[i].hold);
    }
    return code == ERR_OK ? ERR_OK : err_set(err, code, "the file cannot be removed");
}

void blob_release(struct store *store, struct blob_content *contents, size_t count)
{
    struct releasing r = {.contents = contents, .count = count};
    bool any = false;
    for (size_t i = 0; i < count; i++) {
        any |= contents[i].hold.held;
    }
    /* What cannot be removed now is found at the next opening. */
    if (any && store_write(store, release_all, &r, NULL) == ERR_OK) {
        for (size_t i = 0; i < count; i++) {
            contents[i].hold.held = false;
        }
    }
}

/* ------------------------------------------------------------------ opening */

/* This process has just opened the store, so a hold of its number is from an earlier life. */
static bool is_stale(const struct store_cursor *cursor)
{
    uint64_t process = key_number_at(cursor->key, 1 + STORE_HASH_BYTES + 8);
    int64_t since = cursor->value.len == HOLD_BYTES ? (int64_t)value_u64(cursor->value.bytes) : 0;
    bool gone = kill((pid_t)process, 0) != 0 && errno == ESRCH;
    return gone || process == (uint64_t)getpid() || now_ms() - since > HOLD_MS_MAX;
}

/* The next stale hold; false when there is none. */
static bool find_stale(struct store_txn *txn, struct store_key *stale)
{
    struct store_cursor cursor;
    bool found = false;
    if (store_cursor_open(txn, STORE_FILES, &cursor) != ERR_OK) {
        return false;
    }
    unsigned char first = FILES_HOLD;
    for (bool more = store_cursor_seek(&cursor, &first, 1);
         more && !found && ((const unsigned char *)cursor.key.bytes)[0] == FILES_HOLD;
         more = store_cursor_next(&cursor)) {
        found = is_stale(&cursor);
        key_start(stale);
        key_add(stale, cursor.key.bytes, cursor.key.len);
    }
    store_cursor_close(&cursor);
    return found;
}

static enum err_code end_stale(struct store_txn *txn, void *context, struct err *err)
{
    struct store_key key;
    enum err_code code = ERR_OK;
    (void)context;
    while (code == ERR_OK && find_stale(txn, &key)) {
        code = store_delete(txn, STORE_FILES, key.bytes, key.len);
        code = code == ERR_OK ? blob_free_unused(txn, key.bytes + 1) : code;
    }
    return code == ERR_OK ? txn->failed : err_set(err, code, "the store cannot be prepared");
}

/* One more reference to a blob that may not have a head yet. */
static enum err_code count_package(
    struct store_txn *txn, const unsigned char hash[STORE_HASH_BYTES])
{
    struct blob_head head;
    if (!blob_head_find(txn, hash, &head)) {
        head = (struct blob_head){.complete = true};
        if (!blob_measure(txn, hash, &head.size)) {
            return txn->failed;
        }
    }
    head.references++;
    return blob_head_put(txn, hash, &head);
}

static bool is_counted(struct store_txn *txn)
{
    struct store_bytes value;
    return store_get(txn, STORE_META, counted_key, strlen(counted_key), &value) == ERR_OK;
}

/* Packages of template versions are all that referred to blobs in the beginning. */
static enum err_code count_all(struct store_txn *txn, void *context, struct err *err)
{
    static const unsigned char none[STORE_HASH_BYTES];
    struct store_cursor cursor;
    struct version_record record;
    (void)context;
    if (is_counted(txn)) { /* by another process meanwhile */
        return ERR_OK;
    }
    enum err_code code = store_cursor_open(txn, STORE_VERSIONS, &cursor);
    if (code != ERR_OK) {
        return err_set(err, code, "the store cannot be prepared");
    }
    for (bool more = store_cursor_seek(&cursor, "", 0); more && code == ERR_OK;
         more = store_cursor_next(&cursor)) {
        if (version_record_read(cursor.value, &record) &&
            memcmp(record.package, none, sizeof none) != 0) {
            code = count_package(txn, record.package);
        }
    }
    store_cursor_close(&cursor);
    if (code == ERR_OK) {
        code = store_put(txn, STORE_META, counted_key, strlen(counted_key), "", 0);
    }
    return code == ERR_OK ? ERR_OK : err_set(err, code, "the store cannot be prepared");
}

enum err_code blobs_open(struct store *store, struct err *err)
{
    struct store_txn txn;
    struct store_key key;
    spool_sweep(store);
    enum err_code code = store_read(store, &txn, err);
    if (code != ERR_OK) {
        return code;
    }
    bool counted = is_counted(&txn);
    bool stale = find_stale(&txn, &key);
    store_end(&txn);
    if (!counted) {
        code = store_write(store, count_all, NULL, err);
    }
    return code == ERR_OK && stale ? store_write(store, end_stale, NULL, err) : code;
}
