/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_IMPORT_RECORD_H
#define JIG_REGISTRY_IMPORT_RECORD_H
/*
 * What STORE_IMPORTS holds; only import_seen.c and the verification include it. The key is the hash
 * of the file and the hash of where it came from. The value: layout (4), number of versions (4), of
 * documents (4); per version family and label (NUL each); per document kind (1), hash of its
 * content in the file (16), length of its id (4), id. Template submodels stand only as versions.
 */
#include "registry/documents.h"

/* A record being read: first all versions, then all documents. What it gives points into it. */
struct import_record {
    uint32_t layout;   /* 1: files of a package were not attached yet, 2 */
    uint32_t versions; /* not read so far */
    uint32_t documents;
    const unsigned char *at;
    size_t left;
};

struct import_record_document {
    enum registry_kind kind;
    const unsigned char *hash; /* of the file's content; the stored one may be another */
    const char *id;            /* not NUL-terminated */
    size_t id_len;
};

/* False: damaged, or (the later two) nothing left to read. */
bool import_record_start(struct store_bytes value, struct import_record *record);
bool import_record_version(struct import_record *record, const char **family, const char **label);
bool import_record_document(struct import_record *record, struct import_record_document *document);

#endif
