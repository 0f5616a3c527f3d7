/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files that were imported before. STORE_IMPORTS: hash of the file, hash of where it came from →
 * layout, number of versions, then per version family and label (NUL each), then per document kind
 * (1), hash of its content (16), length of its id (4), id. Template submodels stand only as
 * versions.
 */
#include <string.h>

#include "registry/import.h"
#include "registry/registry_inside.h"

enum { LAYOUT = 1, HEAD = 12, DOCUMENT_HEAD = 1 + STORE_HASH_BYTES + 4, CEILING = 64 << 20 };

static void key_import(struct store_key *key, const struct import *import)
{
    key_start(key);
    key_add(key, import->file_hash, STORE_HASH_BYTES);
    key_add(key, import->source_hash, STORE_HASH_BYTES);
}

enum err_code import_remember(struct import *import, struct store_txn *txn)
{
    unsigned char head[HEAD];
    unsigned char size[4];
    uint32_t documents = 0;
    struct store_key key;
    struct buf buf;
    buf_init(&buf, CEILING);
    memset(head, 0, sizeof head);
    buf_add(&buf, head, sizeof head);
    for (size_t i = 0; i < import->version_count; i++) {
        const struct import_version *version = &import->versions[i];
        buf_add(&buf, version->family, strlen(version->family) + 1);
        buf_add(&buf, version->stored_label, strlen(version->stored_label) + 1);
    }
    for (size_t i = 0; i < import->document_count; i++) {
        const struct import_document *document = &import->documents[i];
        if (document->version == NULL && !document->twice) {
            value_set_u32(size, (uint32_t)document->prepared.id_len);
            buf_add_char(&buf, (char)document->prepared.kind);
            buf_add(&buf, document->prepared.hash, STORE_HASH_BYTES);
            buf_add(&buf, size, sizeof size);
            buf_add(&buf, document->prepared.id, document->prepared.id_len);
            documents++;
        }
    }
    key_import(&key, import);
    enum err_code code = ERR_NO_MEMORY;
    if (!buf_failed(&buf)) {
        value_set_u32(head, LAYOUT);
        value_set_u32(head + 4, (uint32_t)import->version_count);
        value_set_u32(head + 8, documents);
        memcpy(buf.bytes, head, sizeof head);
        code = store_put(txn, STORE_IMPORTS, key.bytes, key.len, buf.bytes, buf.len);
    }
    buf_finish(&buf);
    return code;
}

/* What is left to be read of a record. */
struct reader {
    const unsigned char *at;
    size_t left;
};

static const char *read_text(struct reader *reader)
{
    const unsigned char *end = memchr(reader->at, '\0', reader->left);
    if (end == NULL) {
        return NULL;
    }
    const char *text = (const char *)reader->at;
    reader->left -= (size_t)(end - reader->at) + 1;
    reader->at = end + 1;
    return text;
}

static bool versions_exist(
    struct import *import, struct store_txn *txn, struct reader *reader, uint32_t count)
{
    struct version_record record;
    for (uint32_t i = 0; i < count; i++) {
        const char *family = read_text(reader);
        const char *label = family == NULL ? NULL : read_text(reader);
        if (label == NULL || version_find(txn, family, label, &record) != ERR_OK) {
            return false;
        }
        if (i == 0) {
            import->result.family = arena_copy(import->arena, family, strlen(family));
            import->result.label = arena_copy(import->arena, label, strlen(label));
        }
    }
    return count == 0 || (import->result.family != NULL && import->result.label != NULL);
}

/* With `replace` other content has to give way, so only the same content counts. */
static bool documents_exist(
    struct import *import, struct store_txn *txn, struct reader *reader, uint32_t count)
{
    struct registry_document document;
    for (uint32_t i = 0; i < count; i++) {
        if (reader->left < DOCUMENT_HEAD) {
            return false;
        }
        const unsigned char *head = reader->at;
        uint32_t id_len = value_u32(head + 1 + STORE_HASH_BYTES);
        if (reader->left - DOCUMENT_HEAD < id_len) {
            return false;
        }
        const char *id = (const char *)head + DOCUMENT_HEAD;
        if (document_find(txn, (enum registry_kind)head[0], id, id_len, &document, NULL) !=
            ERR_OK) {
            return false;
        }
        bool same = memcmp(document.hash, head + 1, STORE_HASH_BYTES) == 0;
        if (import->input->replace && !same) {
            return false;
        }
        reader->at += DOCUMENT_HEAD + id_len;
        reader->left -= DOCUMENT_HEAD + id_len;
    }
    import->result.kept = count;
    return true;
}

static bool all_there(struct import *import, struct store_txn *txn)
{
    struct store_key key;
    struct store_bytes value;
    key_import(&key, import);
    if (store_get(txn, STORE_IMPORTS, key.bytes, key.len, &value) != ERR_OK || value.len < HEAD) {
        return false;
    }
    const unsigned char *head = value.bytes;
    struct reader reader = {.at = head + HEAD, .left = value.len - HEAD};
    return value_u32(head) == LAYOUT && versions_exist(import, txn, &reader, value_u32(head + 4)) &&
           documents_exist(import, txn, &reader, value_u32(head + 8));
}

enum err_code import_seen(struct import *import, bool *seen, struct err *err)
{
    struct store_txn txn;
    enum err_code code = store_read(import->registry->store, &txn, err);
    if (code != ERR_OK) {
        return code;
    }
    *seen = all_there(import, &txn);
    code = txn.failed;
    store_end(&txn);
    return code == ERR_OK ? ERR_OK : err_set(err, code, "the store cannot be read");
}
