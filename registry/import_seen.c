/* SPDX-License-Identifier: Apache-2.0 */
/* Files that were imported before. */
#include <string.h>

#include "registry/import.h"
#include "registry/import_record.h"
#include "registry/registry_inside.h"

enum {
    LAYOUT_FIRST = 1,
    LAYOUT = 2,
    HEAD = 12,
    DOCUMENT_HEAD = 1 + STORE_HASH_BYTES + 4,
    CEILING = 64 << 20
};

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

bool import_record_start(struct store_bytes value, struct import_record *record)
{
    const unsigned char *head = value.bytes;
    if (value.len < HEAD || value_u32(head) < LAYOUT_FIRST || value_u32(head) > LAYOUT) {
        return false;
    }
    *record = (struct import_record){.layout = value_u32(head),
        .versions = value_u32(head + 4),
        .documents = value_u32(head + 8),
        .at = head + HEAD,
        .left = value.len - HEAD};
    return true;
}

static void skip(struct import_record *record, size_t len)
{
    record->at += len;
    record->left -= len;
}

static const char *read_text(struct import_record *record)
{
    const char *text = (const char *)record->at;
    const unsigned char *end = memchr(record->at, '\0', record->left);
    if (end == NULL) {
        return NULL;
    }
    skip(record, (size_t)(end - record->at) + 1);
    return text;
}

bool import_record_version(struct import_record *record, const char **family, const char **label)
{
    if (record->versions == 0) {
        return false;
    }
    record->versions--;
    const char *first = read_text(record);
    const char *second = first == NULL ? NULL : read_text(record);
    if (second == NULL) {
        return false;
    }
    *family = first;
    *label = second;
    return true;
}

bool import_record_document(struct import_record *record, struct import_record_document *document)
{
    if (record->documents == 0 || record->left < DOCUMENT_HEAD) {
        return false;
    }
    const unsigned char *head = record->at;
    size_t id_len = value_u32(head + 1 + STORE_HASH_BYTES);
    if (record->left - DOCUMENT_HEAD < id_len) {
        return false;
    }
    *document = (struct import_record_document){.kind = (enum registry_kind)head[0],
        .hash = head + 1,
        .id = (const char *)head + DOCUMENT_HEAD,
        .id_len = id_len};
    record->documents--;
    skip(record, DOCUMENT_HEAD + id_len);
    return true;
}

/* A draft may have been changed since: it has to be compared. */
static bool versions_exist(
    struct import *import, struct store_txn *txn, struct import_record *record)
{
    struct version_record found;
    struct registry_import_result *result = &import->result;
    const char *family = NULL;
    const char *label = NULL;
    for (bool first = true; record->versions > 0; first = false) {
        if (!import_record_version(record, &family, &label) ||
            version_find(txn, family, label, &found) != ERR_OK ||
            found.version.state == TEMPLATE_DRAFT) {
            return false;
        }
        if (first) {
            result->family = arena_copy(import->arena, family, strlen(family));
            result->label = arena_copy(import->arena, label, strlen(label));
        }
    }
    return result->family != NULL && result->label != NULL;
}

/* With `replace` other content has to give way, so only the same content counts. */
static bool documents_exist(
    struct import *import, struct store_txn *txn, struct import_record *record)
{
    struct registry_document stored;
    struct import_record_document document;
    uint32_t count = record->documents;
    while (record->documents > 0) {
        if (!import_record_document(record, &document) ||
            document_find(txn, document.kind, document.id, document.id_len, &stored, NULL) !=
                ERR_OK) {
            return false;
        }
        bool same = memcmp(stored.hash, document.hash, STORE_HASH_BYTES) == 0;
        if (import->input->replace && !same) {
            return false;
        }
    }
    import->result.kept = count;
    return true;
}

static bool all_there(struct import *import, struct store_txn *txn)
{
    struct store_key key;
    struct store_bytes value;
    struct import_record record;
    key_import(&key, import);
    return store_get(txn, STORE_IMPORTS, key.bytes, key.len, &value) == ERR_OK &&
           import_record_start(value, &record) &&
           (record.layout == LAYOUT ||
               !aasx_looks_like(import->input->bytes, import->input->len)) &&
           versions_exist(import, txn, &record) && documents_exist(import, txn, &record);
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
