/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_IMPORT_H
#define JIG_REGISTRY_IMPORT_H
/*
 * An import under way. import.c judges and decides what comes of the file, import_plan.c prepares
 * everything outside of the transaction, import_store.c decides and stores inside of it,
 * import_files.c brings the files of a package, import_seen.c remembers what was imported. Only
 * these and seed.c include this.
 */
#include "registry/documents.h"
#include "registry/families.h"
#include "registry/spool.h"
#include "templates/identity.h"

/* What becomes of one thing of the file. */
enum import_fate {
    FATE_NEW,     /* stored */
    FATE_REPLACE, /* stored in place of another content */
    FATE_SAME,    /* is there with the same content */
    FATE_KEPT,    /* is there with other content, which stays */
    FATE_OLDER,   /* a newer version of the template is shown under its id */
    FATE_TWICE,   /* stands in the file before, with the same id */
};

struct import_version {
    const struct aas_node *submodel;
    const char *family;
    const char *label;     /* of the identity */
    const char *label_two; /* when another content has claimed `label` */
    const char *title;
    const char *publisher;
    const struct registry_version *said; /* what an exported folder says of it, NULL */
    enum template_state state;           /* published when its author may publish, else a draft */
    struct search_entry search;
    uint64_t curated; /* curated_generation that it was made with */
    /* decided inside the transaction, anew in each run */
    enum import_fate fate;
    const char *stored_label; /* one of the two */
};

struct import_document {
    const struct aas_node *node;
    struct document_prepared prepared;
    const struct import_version *version; /* a template submodel is shown, not kept by itself */
    bool twice;                           /* stands in the file before with the same id */
    bool twice_other;                     /* and with other content */
    enum import_fate fate;
};

/* A file of the package that an element of a document leads to. */
struct import_file {
    const struct import_document *document;
    const char *value;
    const char *content_type; /* NULL: not known */
    const char *name;
    size_t content; /* position */
};

struct import {
    struct registry *registry;
    struct arena *arena;
    const struct registry_import *input;
    const struct registry_author *author;
    const char *publisher; /* of its templates; NULL: as the file says */
    int64_t time_ms;

    /* the file */
    unsigned char file_hash[STORE_HASH_BYTES];
    unsigned char source_hash[STORE_HASH_BYTES];
    const struct aas_node *environment;
    bool package;      /* AASX */
    struct aasx parts; /* of it */
    uint32_t errors;
    uint32_t warnings;

    /* the whole environment, when there are templates in it */
    const void *packed;
    size_t packed_len;
    unsigned char content[STORE_HASH_BYTES];

    struct import_version *versions;
    size_t version_count;
    struct import_document *documents;
    size_t document_count;

    /* files of the package */
    struct import_file *attached;
    size_t attached_count;
    struct blob_content *contents; /* staged; the package itself is the last one */
    size_t content_count;
    struct spool spool;

    struct registry_import_result result;
};

/* Fills versions and documents from the environment. */
ERR_MUST_USE enum err_code import_plan(struct import *import, struct err *err);

/* Brings the files of a package into the store, held until import_files_finish, which must follow
 * in every case. */
ERR_MUST_USE enum err_code import_files_plan(struct import *import, struct err *err);
void import_files_finish(struct import *import);
/* Attaches them, in the transaction that has stored the documents. */
/* May its author add to what is there with the same content (a package, files)? */
bool import_may_complete(
    const struct import *import, struct store_txn *txn, const struct import_document *document);
ERR_MUST_USE enum err_code import_files_store(
    struct import *import, struct store_txn *txn, struct err *err);

/* Decides and stores; ERR_EXISTS before any change when nothing of the file can be stored. Fills
 * the counts of the result and the fates. */
ERR_MUST_USE enum err_code import_store(struct import *import, struct err *err);

/* True when the same bytes from the same place were imported before and all that came of them is
 * still there; fills the result. */
ERR_MUST_USE enum err_code import_seen(struct import *import, bool *seen, struct err *err);
/* Remembers what came of the file, in the transaction that stores it. */
ERR_MUST_USE enum err_code import_remember(struct import *import, struct store_txn *txn);

/* registry_import with a publisher for the templates of the file (NULL: as the file says). */
ERR_MUST_USE enum err_code import_run(struct registry *registry, struct arena *arena,
    const struct registry_import *input, const char *publisher,
    const struct registry_author *author, struct report *report,
    struct registry_import_result *result, struct err *err);

#endif
