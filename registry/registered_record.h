/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_REGISTERED_RECORD_H
#define JIG_REGISTRY_REGISTERED_RECORD_H
/*
 * What STORE_REGISTERED holds; only the files of this area, documents.c and the verification
 * include it.
 *
 *   kind of registration, number              → record
 *   REGISTERED_ID | kind of document, number  → "": the id was given its number by a registration,
 *                                               so it may have no history
 *
 * Record: head, id, rows of the index table (document_record.h), JSON; little endian. In the index
 * table these rows stand under REGISTERED_INDEX | kind.
 */
#include "registry/document_record.h"
#include "registry/registered.h"

enum { REGISTERED_ID = 0x80, REGISTERED_INDEX = 0x40 };
enum { REGISTERED_LAYOUT = 1, REGISTERED_HEAD = 64 };

enum registered_form { REGISTERED_GIVEN = 1, REGISTERED_HIDDEN = 2 };

struct registered_record {
    enum registered_form form;
    int64_t created_ms;
    int64_t updated_ms;
    int64_t hides_ms; /* hidden: when the document was created that it is about; a later one of the
                       * same id is not hidden */
    unsigned char hash[STORE_HASH_BYTES]; /* of the JSON */
    const char *id;
    size_t id_len;
    const unsigned char *rows;
    size_t rows_len;
    const char *json;
    size_t json_len;
};

void key_registered(struct store_key *key, enum registered_kind kind, uint64_t number);
void key_registered_id(struct store_key *key, enum registry_kind about, uint64_t number);

/* The kind byte of index rows, as record_change_rows takes it. */
enum registry_kind registered_index(enum registered_kind kind);

/* Takes a stored value apart; everything points into it. False: damaged. */
bool registered_read(struct store_bytes value, struct registered_record *record);
ERR_MUST_USE enum err_code registered_put(struct store_txn *txn, enum registered_kind kind,
    uint64_t number, const struct registered_record *record);

/* The record of a number: ERR_NOT_FOUND without words, ERR_STORE when damaged. */
ERR_MUST_USE enum err_code registered_find(struct store_txn *txn, enum registered_kind kind,
    uint64_t number, struct registered_record *record, struct err *err);

/* True when a registration gave the id its number. */
bool registered_names(struct store_txn *txn, enum registry_kind about, uint64_t number);

/* The entry of a number; `id` NULL: from what is stored. */
ERR_MUST_USE enum err_code registered_entry(struct store_txn *txn, enum registered_kind kind,
    uint64_t number, struct registered *entry, struct registered_record *record,
    struct document_record *document, struct err *err);

/* registered_look inside any transaction. */
ERR_MUST_USE enum err_code registered_look_in(struct store_txn *txn, enum registered_kind kind,
    const char *id, size_t id_len, struct registered *entry, struct err *err);

/* What is stored of a registration, made outside of the transaction; lives in an arena. */
struct registered_prepared {
    const char *id;
    size_t id_len;
    struct document_prepared made; /* json, rows and hash only */
};
ERR_MUST_USE enum err_code registered_prepare(struct arena *arena, enum registered_kind kind,
    const struct aas_node *tree, struct registered_prepared *prepared, struct err *err);

#endif
