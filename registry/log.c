/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/log.h"

#include <string.h>

#include "registry/keys.h"

enum log_offset {
    AT_KIND = 0,
    AT_ZERO = 4,
    AT_NUMBER = 8,
    AT_REVISION = 16,
    AT_TIME = 24,
    AT_ID = 32,
    AT_RECORD = 48,
    AT_CHAIN = 64,
};

static void key_log(struct store_key *key, uint64_t sequence)
{
    key_start(key);
    key_add_number(key, sequence);
}

static void fill(unsigned char bytes[LOG_ENTRY_BYTES], const struct log_entry *entry)
{
    memset(bytes, 0, LOG_ENTRY_BYTES);
    value_set_u32(bytes + AT_KIND, (uint32_t)entry->kind);
    value_set_u64(bytes + AT_NUMBER, entry->number);
    value_set_u64(bytes + AT_REVISION, entry->revision);
    value_set_u64(bytes + AT_TIME, (uint64_t)entry->time_ms);
    memcpy(bytes + AT_ID, entry->id, STORE_HASH_BYTES);
    memcpy(bytes + AT_RECORD, entry->record, STORE_HASH_BYTES);
    memcpy(bytes + AT_CHAIN, entry->chain, STORE_HASH_BYTES);
}

void log_chain(const unsigned char before[STORE_HASH_BYTES], const struct log_entry *entry,
    unsigned char chain[STORE_HASH_BYTES])
{
    unsigned char bytes[STORE_HASH_BYTES + 8 + LOG_ENTRY_BYTES];
    memcpy(bytes, before, STORE_HASH_BYTES);
    value_set_u64(bytes + STORE_HASH_BYTES, entry->sequence);
    fill(bytes + STORE_HASH_BYTES + 8, entry);
    store_hash(bytes, STORE_HASH_BYTES + 8 + AT_CHAIN, chain);
}

bool log_read(struct store_bytes key, struct store_bytes value, struct log_entry *entry)
{
    const unsigned char *at = value.bytes;
    if (key.len != 8 || value.len != LOG_ENTRY_BYTES) {
        return false;
    }
    *entry = (struct log_entry){.sequence = key_number_at(key, 0),
        .kind = (enum registry_kind)value_u32(at + AT_KIND),
        .number = value_u64(at + AT_NUMBER),
        .revision = value_u64(at + AT_REVISION),
        .time_ms = (int64_t)value_u64(at + AT_TIME)};
    memcpy(entry->id, at + AT_ID, STORE_HASH_BYTES);
    memcpy(entry->record, at + AT_RECORD, STORE_HASH_BYTES);
    memcpy(entry->chain, at + AT_CHAIN, STORE_HASH_BYTES);
    return registry_kind_name(entry->kind) != NULL && value_u32(at + AT_ZERO) == 0;
}

enum err_code log_at(struct store_txn *txn, uint64_t sequence, struct log_entry *entry)
{
    struct store_key key;
    struct store_bytes value;
    key_log(&key, sequence);
    enum err_code code = store_get(txn, STORE_LOG, key.bytes, key.len, &value);
    struct store_bytes name = {.bytes = key.bytes, .len = key.len};
    return code == ERR_OK && !log_read(name, value, entry) ? ERR_STORE : code;
}

enum err_code log_last(struct store_txn *txn, struct log_entry *entry)
{
    struct store_cursor cursor;
    enum err_code code = store_cursor_open(txn, STORE_LOG, &cursor);
    if (code != ERR_OK) {
        return code;
    }
    if (!store_cursor_last(&cursor)) {
        code = txn->failed != ERR_OK ? txn->failed : ERR_NOT_FOUND;
    } else if (!log_read(cursor.key, cursor.value, entry)) {
        code = ERR_STORE;
    }
    store_cursor_close(&cursor);
    return code;
}

enum err_code log_append(struct store_txn *txn, const struct log_entry *entry)
{
    struct log_entry last = {.sequence = 0};
    struct log_entry next = *entry;
    struct store_key key;
    unsigned char bytes[LOG_ENTRY_BYTES];
    enum err_code code = log_last(txn, &last);
    if (code != ERR_OK && code != ERR_NOT_FOUND) {
        return code;
    }
    next.sequence = last.sequence + 1;
    log_chain(last.chain, &next, next.chain);
    fill(bytes, &next);
    key_log(&key, next.sequence);
    return store_put(txn, STORE_LOG, key.bytes, key.len, bytes, sizeof bytes);
}
