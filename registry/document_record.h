/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_DOCUMENT_RECORD_H
#define JIG_REGISTRY_DOCUMENT_RECORD_H
/*
 * Layouts of the values that documents and their revisions have in the store; only the files of
 * this area and the verification include it. Everything is little endian.
 *
 * Document: head, id, rows of the index table, zeroes up to a multiple of 8, path index, JSON.
 * A row is: byte of enum key_index, length (4), text. Rows stand in the record so that removing or
 * replacing a document needs no parsing, and so that a hit of the index can be verified.
 *
 * Id: number (8), id. It stays when the document is deleted, because its history does.
 *
 * Revision: head, four texts with a NUL behind each, and in the compact form the bytes that were
 * and the bytes that are at one place.
 */
#include "registry/documents.h"
#include "registry/keys.h"
#include "registry/path_index.h"

enum { RECORD_LAYOUT = 1, RECORD_HEAD = 80 };

struct document_record {
    struct registry_document document;
    const unsigned char *rows;
    size_t rows_len;
    const unsigned char *search_hash;
};

/* Takes a stored value apart; everything points into it. False: damaged. `kind` and `number` come
 * from the key. */
bool record_read(struct store_bytes value, enum registry_kind kind, uint64_t number,
    struct document_record *record);

/* True when nothing stands where a stored value has zeroes. */
bool record_is_padded(struct store_bytes value, const struct document_record *record);

/* Stores the record of a prepared document. */
struct record_head {
    uint64_t number;
    uint64_t revision;
    int64_t created_ms;
    int64_t updated_ms;
};
ERR_MUST_USE enum err_code record_put(struct store_txn *txn,
    const struct document_prepared *prepared, const struct record_head *head);

/* The record of a stored document by its id; ERR_NOT_FOUND with a sentence. */
ERR_MUST_USE enum err_code record_find(struct store_txn *txn, enum registry_kind kind,
    const char *id, size_t id_len, struct document_record *record, struct err *err);

/* One row after the other: `*at` starts at 0; false at the end. */
struct record_row {
    enum key_index index;
    const char *text;
    size_t len;
};
bool record_row_next(
    const unsigned char *rows, size_t rows_len, size_t *at, struct record_row *row);
bool record_has_row(const unsigned char *rows, size_t rows_len, const struct record_row *row);

/* Writes rows as they are stored, sorted and each once; `rows` gets another order. */
ERR_MUST_USE enum err_code record_make_rows(struct arena *arena, struct record_row *rows,
    size_t count, struct document_prepared *prepared, struct err *err);

/* The text of an asset id in the index, in the arena; NULL when it is full. */
const char *record_asset_text(struct arena *arena, const char *name, const char *value);

/* Changes the index table from the old rows (NULL when there are none) to the new ones. */
ERR_MUST_USE enum err_code record_change_rows(struct store_txn *txn, enum registry_kind kind,
    uint64_t number, const unsigned char *before, size_t before_len, const unsigned char *after,
    size_t after_len);

/* The path index of a document, ready for path_index_find. */
struct path_index record_path_index(const struct registry_document *document);

/* ------------------------------------------------------------------ ids */

struct id_place {
    bool known;
    uint64_t number; /* when known */
    unsigned probe;  /* where it is or belongs */
    unsigned char hash[STORE_HASH_BYTES];
};

/* Looks an id up, also of a deleted document. ERR_STORE after too many collisions. */
ERR_MUST_USE enum err_code id_find(struct store_txn *txn, enum registry_kind kind, const char *id,
    size_t id_len, struct id_place *place, struct err *err);
ERR_MUST_USE enum err_code id_put(struct store_txn *txn, enum registry_kind kind, const char *id,
    size_t id_len, const struct id_place *place);

/* How many bytes of a text fit `limit` without cutting a character, for "%.*s". */
int text_shown(const char *text, size_t len, size_t limit);

/* ------------------------------------------------------------------ revisions */

enum {
    REVISION_LAYOUT = 1,
    REVISION_HEAD = 80,
    REVISION_TEXT_MAX = 4096, /* bytes of author, message, summary; the rest is cut */
    REVISION_CHAIN_MAX = 63,  /* compact revisions behind each other */
};

enum revision_form {
    REVISION_FULL = 0,
    REVISION_COMPACT = 1,
    REVISION_NONE = 2,
    REVISION_PRUNING = 3, /* its new bytes name revisions that were taken out, see pruned.h */
};

struct revision_record {
    struct registry_revision said;
    enum revision_form form;
    uint32_t chain;  /* compact revisions since the last full one, this one included */
    uint32_t offset; /* of the change in the canonical bytes */
    const char *old_bytes;
    uint32_t old_len;
    const char *new_bytes;
    uint32_t new_len;
};

bool revision_read(struct store_bytes value, uint64_t revision, struct revision_record *record);
/* True when only a value was set, which can make no element and move none in a list. */
bool revision_sets_value(const struct revision_record *record);
/* True when a compact revision may come behind `last`: not too many of them in a row, and none that
 * stays behind one that only set a value, because those go when a history is pruned. */
bool revision_may_follow(const struct revision_record *last, bool sets_value);
/* True when what differs between two documents takes less room than the new one compressed; `same`:
 * bytes that both begin and end with. */
bool revision_is_little(size_t old_len, size_t new_len, size_t same);
/* Stores a revision and logs it; `id` is the hash of the identifiable's id. */
ERR_MUST_USE enum err_code revision_put(struct store_txn *txn, enum registry_kind kind,
    uint64_t number, const unsigned char id[STORE_HASH_BYTES],
    const struct revision_record *record);
/* The number of what has a history under an id, deleted or not; ERR_NOT_FOUND with a sentence, also
 * when the id is known for a registration only. */
ERR_MUST_USE enum err_code history_number(struct store_txn *txn, enum registry_kind kind,
    const char *id, size_t id_len, uint64_t *number, struct err *err);
/* One revision; ERR_NOT_FOUND, ERR_STORE when damaged, both without words. */
ERR_MUST_USE enum err_code revision_find(struct store_txn *txn, enum registry_kind kind,
    uint64_t number, uint64_t revision, struct revision_record *record);
/* The newest revision ≤ `at_most`; ERR_NOT_FOUND, ERR_STORE when damaged. */
ERR_MUST_USE enum err_code revision_last(struct store_txn *txn, enum registry_kind kind,
    uint64_t number, uint64_t at_most, struct revision_record *record);
/* The oldest revision that is there; ERR_NOT_FOUND, ERR_STORE. */
ERR_MUST_USE enum err_code revision_first(struct store_txn *txn, enum registry_kind kind,
    uint64_t number, struct revision_record *record);
/* The newest revision of a moment (Unix time in ms) or before; ERR_NOT_FOUND, ERR_STORE. */
ERR_MUST_USE enum err_code revision_at(struct store_txn *txn, enum registry_kind kind,
    uint64_t number, int64_t time_ms, struct revision_record *record);
/* The canonical bytes after a revision; ERR_NOT_FOUND for a deletion or an unknown revision. */
ERR_MUST_USE enum err_code revision_content(struct store_txn *txn, struct arena *arena,
    enum registry_kind kind, uint64_t number, uint64_t revision, const char **json, size_t *len,
    struct err *err);

/* The range in which two texts differ: the same `prefix` bytes before, `suffix` bytes behind. */
void bytes_differ(
    const char *a, size_t a_len, const char *b, size_t b_len, size_t *prefix, size_t *suffix);

/* Some bytes of a text. */
struct bytes {
    const char *at;
    size_t len;
};
/* Puts bytes in the place of others at an offset of a malloc'd text, which may move. ERR_STORE when
 * the others do not stand there, ERR_NO_MEMORY; the text stays as it is then. */
ERR_MUST_USE enum err_code bytes_replace(
    char **text, size_t *len, size_t offset, struct bytes old, struct bytes new);

/* One line about what changed between two documents; `before` NULL when there was none. */
void summary_write(
    const struct path_index *before, const struct path_index *after, char *to, size_t size);

/* ------------------------------------------------------------------ counters */

/* The counter that numbers documents of a kind, for store_next_number. */
const char *document_counter(enum registry_kind kind);

/* How many documents of a kind there are; changes it by `by`. */
uint64_t document_count(struct store_txn *txn, enum registry_kind kind);
ERR_MUST_USE enum err_code document_count_change(
    struct store_txn *txn, enum registry_kind kind, int by);

/* The key of a document for search_put. */
void key_searched(struct store_key *key, enum registry_kind kind, uint64_t number);

#endif
