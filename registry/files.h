/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_FILES_H
#define JIG_REGISTRY_FILES_H
/*
 * Files of documents: what File elements and thumbnails lead to.
 *
 * A file belongs to one identifiable and is found by the text that leads to it, the value of a File
 * element or the path of a thumbnail. Its bytes are a blob, which is shared by everything with the
 * same content. It stays as long as the current document has a File element or thumbnail with that
 * text: the change of a document that takes the last one away takes the file away, too, in the same
 * transaction, and with the last file of a content its bytes, unless the rule of the store keeps
 * them for a while (kept.h): a revision that is restored gets back what was kept.
 *
 * A text that is only spelled in another way (another folder, the name the file was sent with) goes
 * on leading to the same file, because clients write such things into the element afterwards; only
 * an import means what it says.
 */
#include "registry/blobs.h"
#include "registry/registry.h"

enum { FILE_NAME_MAX = 255, FILE_TYPE_MAX = 200 }; /* bytes that are kept */

struct registry_file {
    unsigned char blob[STORE_HASH_BYTES];
    uint64_t size;            /* bytes */
    const char *content_type; /* of what was sent or packed, "" when not known */
    const char *name;         /* the name it was sent with, or the last part of the text */
};

/* The file that `value` leads to in a document; texts point into the view. ERR_NOT_FOUND with a
 * sentence. */
ERR_MUST_USE enum err_code registry_file_find(struct registry_view *view,
    const struct registry_document *document, const char *value, struct registry_file *file,
    struct err *err);

/* The package a template version came in, exactly as it came. ERR_NOT_FOUND without words when it
 * came otherwise. */
ERR_MUST_USE enum err_code registry_version_package(
    struct registry_view *view, const char *family, const char *label, struct registry_file *file);

/* Copies `len` bytes of a blob from `offset` on, in a view of its own: for contents that are sent
 * to slow clients piece by piece. ERR_NOT_FOUND when it has been removed meanwhile. */
ERR_MUST_USE enum err_code registry_blob_read(struct registry *registry,
    const unsigned char blob[STORE_HASH_BYTES], uint64_t offset, char *to, size_t len,
    struct err *err);

/* A content that is stored together with an edit. */
struct registry_attachment {
    struct blob_content *content; /* staged; the hold is let go by the edit */
    const char *value;            /* set by the edit: the text that leads to it now */
    const char *content_type;
    const char *name;
};

/* registry_edit together with a file of the same identifiable. `edit` finds its attachment through
 * its context and sets its value. */
ERR_MUST_USE enum err_code registry_edit_file(struct registry *registry, enum registry_kind kind,
    const char *id, size_t id_len, const unsigned char *if_match, registry_edit_fn edit,
    void *context, struct registry_attachment *attachment, const struct registry_author *author,
    struct report *report, struct err *err);

/* ------------------------------------------------------------------ inside of transactions */

/* The texts of a document that may lead to files, sorted, each once; made with it. */
struct document_files {
    const char **values;
    size_t count;
};
ERR_MUST_USE enum err_code document_files_find(struct arena *arena, const struct aas_node *tree,
    struct document_files *files, struct err *err);
bool document_files_have(const struct document_files *files, const char *value);

/* Stores or replaces a file of a document; its blob must be there. `time_ms`: of the change. */
ERR_MUST_USE enum err_code file_put(struct store_txn *txn, enum registry_kind kind, uint64_t number,
    const char *value, const struct registry_file *file, int64_t time_ms);
ERR_MUST_USE enum err_code file_find(struct store_txn *txn, enum registry_kind kind,
    uint64_t number, const char *value, struct registry_file *file);

/* True when a text leads to a file, or takes one over of a text that is not in `files` any more. */
bool file_is_there(struct store_txn *txn, enum registry_kind kind, uint64_t number,
    const struct document_files *files, const char *value);

/* Removes the files of a document that nothing of it leads to any more; NULL: all. `respelled`: a
 * text that only looks like another spelling takes the file over. `time_ms`: of the change. */
ERR_MUST_USE enum err_code files_follow(struct store_txn *txn, enum registry_kind kind,
    uint64_t number, const struct document_files *files, bool respelled, int64_t time_ms);

/* STORE_FILES: 'f', kind, number, hash of the text → blob (16), size (8), the text, content type,
 * name (NUL each). */
enum { FILES_ATTACHED = 'f', FILE_KEY_BYTES = 1 + 1 + 8 + STORE_HASH_BYTES };
struct store_key;
ERR_MUST_USE enum err_code file_record_put(struct store_txn *txn, const struct store_key *key,
    const char *text, const struct registry_file *file);
bool file_record_read(struct store_bytes value, const char **text, struct registry_file *file);

#endif
