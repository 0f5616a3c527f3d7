/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The files of a package: what its File elements and thumbnails lead to comes into the store before
 * the transaction, under holds, and is attached in it.
 */
#include <string.h>

#include "aas/aasx_write.h"
#include "registry/import.h"
#include "registry/registry_inside.h"

enum { NO_CONTENT = 0 };

static enum err_code too_large(struct err *err)
{
    return err_set(err, ERR_TOO_LARGE, "the package needs more memory than allowed");
}

/* ------------------------------------------------------------------ planning */

struct planning {
    struct import *import;
    struct aasx_index index;
    size_t *content_of; /* by part: position of its content + 1, NO_CONTENT: none yet */
    size_t room;
};

static enum err_code add_file(struct planning *p, const struct import_document *document,
    const char *value, const struct aasx_part *part, struct err *err)
{
    struct import *import = p->import;
    if (import->attached_count == p->room) {
        size_t room = p->room == 0 ? 64 : 2 * p->room;
        struct import_file *files = arena_alloc(import->arena, room * sizeof *files);
        if (files == NULL) {
            return too_large(err);
        }
        if (import->attached_count > 0) {
            memcpy(files, import->attached, import->attached_count * sizeof *files);
        }
        import->attached = files;
        p->room = room;
    }
    size_t *content = &p->content_of[part - import->parts.parts];
    if (*content == NO_CONTENT) {
        *content = ++import->content_count;
    }
    const char *slash = strrchr(part->name, '/');
    import->attached[import->attached_count++] = (struct import_file){.document = document,
        .value = value,
        .content_type = part->content_type,
        .name = slash == NULL ? part->name : slash + 1,
        .content = *content - 1};
    return ERR_OK;
}

/* Only the first of two documents with one id is stored. */
static enum err_code plan_files(struct planning *p, struct err *err)
{
    struct import *import = p->import;
    enum err_code code = ERR_OK;
    for (size_t i = 0; i < import->document_count && code == ERR_OK; i++) {
        const struct import_document *document = &import->documents[i];
        const struct document_files *files = &document->prepared.files;
        for (size_t k = 0; k < files->count && code == ERR_OK && !document->twice; k++) {
            const struct aasx_part *part =
                aasx_index_find(import->arena, &p->index, files->values[k]);
            if (part != NULL) {
                code = add_file(p, document, files->values[k], part, err);
            }
        }
    }
    return code;
}

/* ------------------------------------------------------------------ contents */

static enum err_code take_bytes(void *context, const char *bytes, size_t len, struct err *err)
{
    const struct planning *p = context;
    return spool_add(&p->import->spool, bytes, len, err);
}

static bool wants_part(void *context, const struct aasx_part *part)
{
    const struct planning *p = context;
    return p->content_of[part - p->import->parts.parts] != NO_CONTENT;
}

/* They stand in the temporary file one behind the other, in the order of the parts. */
static enum err_code map_parts(struct planning *p, struct err *err)
{
    struct import *import = p->import;
    const char *bytes = NULL;
    enum err_code code = spool_map(&import->spool, &bytes, err);
    for (size_t i = 0; i < import->parts.count && code == ERR_OK; i++) {
        if (p->content_of[i] != NO_CONTENT) {
            struct blob_content *content = &import->contents[p->content_of[i] - 1];
            content->bytes = bytes;
            content->len = (size_t)import->parts.parts[i].size;
            bytes += content->len;
        }
    }
    return code;
}

/* The package itself comes last; a template version gives it back exactly as it came. */
static enum err_code stage(struct planning *p, bool with_package, struct err *err)
{
    struct import *import = p->import;
    size_t count = import->content_count + with_package;
    enum err_code code = ERR_OK;
    if (count == 0) {
        return ERR_OK;
    }
    import->contents = arena_alloc(import->arena, count * sizeof *import->contents);
    if (import->contents == NULL) {
        return too_large(err);
    }
    if (import->content_count > 0) {
        code = spool_open(import->registry->store, &import->spool, err);
        if (code == ERR_OK) {
            code = aasx_pour_each(import->input->bytes, import->input->len, &import->parts,
                wants_part, take_bytes, p, err);
        }
        if (code == ERR_OK) {
            code = map_parts(p, err);
        }
    }
    if (code != ERR_OK) {
        return code;
    }
    if (with_package) {
        import->contents[count - 1] =
            (struct blob_content){.bytes = import->input->bytes, .len = import->input->len};
    }
    code = blob_stage(import->registry->store, import->contents, count, err);
    import->content_count = code == ERR_OK ? count : 0;
    return code;
}

enum err_code import_files_plan(struct import *import, struct err *err)
{
    struct planning p = {.import = import};
    if (!import->package) {
        return ERR_OK;
    }
    p.content_of = arena_alloc(import->arena, (import->parts.count + 1) * sizeof *p.content_of);
    if (p.content_of == NULL) {
        return too_large(err);
    }
    enum err_code code = aasx_index_make(import->arena, &import->parts, &p.index, err);
    if (code == ERR_OK) {
        code = plan_files(&p, err);
    }
    return code == ERR_OK ? stage(&p, import->version_count > 0, err) : code;
}

void import_files_finish(struct import *import)
{
    blob_release(import->registry->store, import->contents, import->content_count);
    spool_finish(&import->spool);
}

/* ------------------------------------------------------------------ storing */

/* The files of what was there with the same content are completed; what is attached stays. */
static enum err_code attach(struct import *import, struct store_txn *txn,
    const struct import_file *attached, struct err *err)
{
    const struct import_document *document = attached->document;
    const struct document_prepared *prepared = &document->prepared;
    const struct blob_content *content = &import->contents[attached->content];
    struct registry_document stored;
    struct registry_file there;
    bool fresh = document->fate == FATE_NEW || document->fate == FATE_REPLACE;
    if (!fresh && (document->fate != FATE_SAME || !import_may_complete(import, txn, document))) {
        return ERR_OK;
    }
    enum err_code code =
        document_find(txn, prepared->kind, prepared->id, prepared->id_len, &stored, err);
    if (code != ERR_OK || memcmp(stored.hash, prepared->hash, STORE_HASH_BYTES) != 0) {
        return code;
    }
    uint64_t number = stored.number;
    code = file_find(txn, prepared->kind, number, attached->value, &there);
    bool same = code == ERR_OK && memcmp(there.blob, content->hold.hash, STORE_HASH_BYTES) == 0;
    if (code != ERR_NOT_FOUND && (code != ERR_OK || !fresh || same)) {
        return code;
    }
    struct registry_file file = {.size = content->len,
        .content_type = attached->content_type == NULL ? "" : attached->content_type,
        .name = attached->name};
    memcpy(file.blob, content->hold.hash, STORE_HASH_BYTES);
    code = file_put(txn, prepared->kind, number, attached->value, &file, write_now_ms());
    import->result.files += code == ERR_OK;
    return code;
}

enum err_code import_files_store(struct import *import, struct store_txn *txn, struct err *err)
{
    enum err_code code = ERR_OK;
    for (size_t i = 0; i < import->attached_count && code == ERR_OK; i++) {
        code = attach(import, txn, &import->attached[i], err);
    }
    for (size_t i = 0; i < import->content_count && code == ERR_OK; i++) {
        code = blob_let_go(txn, &import->contents[i].hold);
    }
    return code;
}
