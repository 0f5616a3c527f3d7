/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_FAMILY_RECORD_H
#define JIG_REGISTRY_FAMILY_RECORD_H
/*
 * Layouts of what STORE_FAMILIES and STORE_VERSIONS hold; only families.c, family_record.c and the
 * verification include it. Everything is little endian. What is read points into the store.
 */
#include "registry/families.h"

enum {
    FAMILY_SHOWN_MARK = 0x01, /* first byte of the keys that lead from an id to a version */
    FAMILY_TITLE_MAX = 1000,  /* bytes */
};

struct family_record {
    size_t versions;
    const char *title;
    const char *latest; /* label of the newest published version, "" when none */
};

/* Takes stored values apart. False: damaged. */
bool family_record_read(struct store_bytes value, struct family_record *record);
/* All but family and label, which stand in the key. */
bool version_record_read(struct store_bytes value, struct version_record *record);
bool version_shown_read(struct store_bytes value, struct version_shown *shown);

/* Where the version shown under a submodel id stands. */
void key_version_shown(struct store_key *key, const char *id, size_t id_len);

/* What a walk over the versions of a family finds. */
struct family_survey {
    uint32_t versions;
    uint32_t published;               /* that are or were */
    char newest[LABEL_BYTES_MAX + 1]; /* of all versions */
    char latest[LABEL_BYTES_MAX + 1]; /* of the published ones, "" */
    char title[FAMILY_TITLE_MAX + 1]; /* of the latest, else of the newest */
};
/* ERR_STORE when a record is damaged. */
ERR_MUST_USE enum err_code family_survey(
    struct store_txn *txn, const char *family, struct family_survey *survey);

#endif
