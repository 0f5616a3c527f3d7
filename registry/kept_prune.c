/* SPDX-License-Identifier: Apache-2.0 */
/* Taking out what was kept for long enough: chosen in a view, looked at again when it goes. */
#include <string.h>

#include "registry/keys.h"
#include "registry/kept.h"
#include "registry/registry_inside.h"

enum {
    BATCH = 256,       /* rows that go in one transaction */
    LOOKED_AT = 20000, /* rows looked at in one view */
};
#define BATCH_BYTES ((uint64_t)64 << 20)

static const unsigned char no_blob[STORE_HASH_BYTES];

struct batch {
    struct registry *registry;
    const struct kept_pruning *pruning;
    unsigned char keys[BATCH][KEPT_KEY_BYTES];
    size_t count;
    struct store_key at;       /* where to go on */
    struct kept_result result; /* of this batch */
};

static bool has_bytes(const struct registry_file *file)
{
    return memcmp(file->blob, no_blob, sizeof no_blob) != 0;
}

/* What becomes of a row; false when it stays as it is. */
static bool goes(const struct kept_pruning *pruning, struct store_bytes key,
    const struct registry_file *file, bool *whole)
{
    int64_t until_ms = (int64_t)key_number_at(key, FILE_KEY_BYTES);
    *whole = until_ms < pruning->rows_before_ms;
    return *whole || (has_bytes(file) && until_ms < pruning->bytes_before_ms);
}

static void choose(struct batch *batch, const struct store_cursor *cursor, bool *full)
{
    struct registry_file file;
    const char *text = NULL;
    bool whole = false;
    if (cursor->key.len != KEPT_KEY_BYTES || !file_record_read(cursor->value, &text, &file) ||
        !goes(batch->pruning, cursor->key, &file, &whole)) {
        return;
    }
    memcpy(batch->keys[batch->count++], cursor->key.bytes, KEPT_KEY_BYTES);
    batch->result.files += has_bytes(&file);
    batch->result.bytes += has_bytes(&file) ? file.size : 0;
    *full = batch->count == BATCH || batch->result.bytes >= BATCH_BYTES;
}

/* Fills a batch; `*end` when all rows were looked at. */
static enum err_code fill(struct batch *batch, bool *end, struct err *err)
{
    static const unsigned char kept = FILES_KEPT;
    struct registry_view view;
    struct store_cursor cursor;
    bool full = false;
    batch->count = 0;
    batch->result = (struct kept_result){0};
    enum err_code code = registry_view_begin(batch->registry, &view, err);
    if (code != ERR_OK) {
        return code;
    }
    code = store_cursor_open(&view.txn, STORE_FILES, &cursor);
    bool more = code == ERR_OK && store_cursor_seek(&cursor, batch->at.bytes, batch->at.len);
    for (size_t i = 0; more && i < LOOKED_AT && !full; i++) {
        more = *(const unsigned char *)cursor.key.bytes == kept;
        if (more) {
            choose(batch, &cursor, &full);
            key_start(&batch->at);
            key_add(&batch->at, cursor.key.bytes, cursor.key.len);
            key_add_byte(&batch->at, 0); /* behind it */
            more = store_cursor_next(&cursor);
        }
    }
    *end = !more;
    store_cursor_close(&cursor);
    code = code == ERR_OK ? view.txn.failed : code;
    registry_view_end(&view);
    return code == ERR_OK ? ERR_OK : err_set(err, code, "the kept files cannot be read");
}

static enum err_code take_one(
    struct store_txn *txn, struct batch *batch, const unsigned char bytes[KEPT_KEY_BYTES])
{
    struct store_bytes value;
    struct store_key key;
    struct registry_file file;
    const char *text = NULL;
    bool whole = false;
    key_start(&key);
    key_add(&key, bytes, KEPT_KEY_BYTES);
    const struct store_bytes name = {bytes, KEPT_KEY_BYTES};
    enum err_code code = store_get(txn, STORE_FILES, key.bytes, key.len, &value);
    if (code != ERR_OK || !file_record_read(value, &text, &file) ||
        !goes(batch->pruning, name, &file, &whole)) {
        return code == ERR_NOT_FOUND ? ERR_OK : code; /* somebody else has taken it out */
    }
    struct registry_file left = file;
    batch->result.files += has_bytes(&file);
    batch->result.bytes += has_bytes(&file) ? file.size : 0;
    memset(left.blob, 0, sizeof left.blob);
    code = whole ? store_delete(txn, STORE_FILES, key.bytes, key.len)
                 : file_record_put(txn, &key, text, &left);
    return code == ERR_OK && has_bytes(&file) ? blob_forget(txn, file.blob) : code;
}

static enum err_code take_out(struct store_txn *txn, void *context, struct err *err)
{
    struct batch *batch = context;
    enum err_code code = ERR_OK;
    batch->result = (struct kept_result){0};
    for (size_t i = 0; i < batch->count && code == ERR_OK; i++) {
        code = take_one(txn, batch, batch->keys[i]);
    }
    return code == ERR_OK ? ERR_OK : err_set(err, code, "the kept files cannot be taken out");
}

enum err_code kept_prune(struct registry *registry, const struct kept_pruning *pruning,
    struct kept_result *result, struct err *err)
{
    struct batch batch = {.registry = registry, .pruning = pruning};
    enum err_code code = ERR_OK;
    *result = (struct kept_result){0};
    key_start(&batch.at);
    key_add_byte(&batch.at, FILES_KEPT);
    for (bool end = false; !end && code == ERR_OK;) {
        if (pruning->stop != NULL && atomic_load(pruning->stop)) {
            break;
        }
        code = fill(&batch, &end, err);
        if (code == ERR_OK && batch.count > 0 && !pruning->dry_run) {
            code = store_write(registry_store(registry), take_out, &batch, err);
        }
        if (code == ERR_OK) {
            result->files += batch.result.files;
            result->bytes += batch.result.bytes;
        }
    }
    return code;
}
