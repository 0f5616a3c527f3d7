/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ids, counters and search keys: the small rows around a document. Ids are longer than keys may
 * be, so they are found by hash; two ids with one hash stand at different probes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aas/plain.h"
#include "registry/document_record.h"

enum {
    ID_HEAD = 8,
    KEPT_IDS = 16, /* a power of two */
    KEPT_ID_BYTES = 80,
};

/* The hash of an id. To make one costs as much as the rest of the look-up, and who has asked for a
 * thing mostly asks for it again soon: each thread keeps the last ones. */
static void hash_id(const char *id, size_t len, unsigned char hash[STORE_HASH_BYTES])
{
    static _Thread_local struct {
        size_t len;
        unsigned char hash[STORE_HASH_BYTES];
        char id[KEPT_ID_BYTES];
    } kept[KEPT_IDS];
    uint64_t end = 0;
    if (len < sizeof end || len > KEPT_ID_BYTES) {
        store_hash(id, len, hash);
        return;
    }
    memcpy(&end, id + (len - sizeof end), sizeof end); /* ids of one house differ there */
    size_t at = (size_t)(end * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (KEPT_IDS - 1);
    if (kept[at].len != len || !plain_equal(kept[at].id, id, len)) {
        store_hash(id, len, kept[at].hash);
        memcpy(kept[at].id, id, len);
        kept[at].len = len;
    }
    memcpy(hash, kept[at].hash, STORE_HASH_BYTES);
}

enum err_code id_find(struct store_txn *txn, enum registry_kind kind, const char *id, size_t id_len,
    struct id_place *place, struct err *err)
{
    struct id_place found = {.known = false};
    hash_id(id, id_len, found.hash);
    for (unsigned probe = 0; probe <= KEY_ID_PROBES; probe++) {
        struct store_key key;
        struct store_bytes value;
        key_id(&key, kind, found.hash, probe);
        enum err_code code = store_get(txn, STORE_IDS, key.bytes, key.len, &value);
        found.probe = probe;
        if (code == ERR_NOT_FOUND) {
            *place = found;
            return ERR_OK;
        }
        if (code != ERR_OK || value.len < ID_HEAD) {
            return err_set(err, code == ERR_OK ? ERR_STORE : code, "the ids cannot be read");
        }
        const unsigned char *bytes = value.bytes;
        if (value.len - ID_HEAD == id_len && memcmp(bytes + ID_HEAD, id, id_len) == 0) {
            found.known = true;
            found.number = value_u64(bytes);
            *place = found;
            return ERR_OK;
        }
    }
    return err_set(err, ERR_STORE, "too many ids with the same hash");
}

enum err_code id_put(struct store_txn *txn, enum registry_kind kind, const char *id, size_t id_len,
    const struct id_place *place)
{
    struct store_key key;
    void *room = NULL;
    key_id(&key, kind, place->hash, place->probe);
    enum err_code code = store_reserve(txn, STORE_IDS, key.bytes, key.len, ID_HEAD + id_len, &room);
    if (code == ERR_OK) {
        value_set_u64(room, place->number);
        memcpy((char *)room + ID_HEAD, id, id_len);
    }
    return code;
}

/* ------------------------------------------------------------------ counters */

const char *document_counter(enum registry_kind kind)
{
    static const char *const counters[] = {
        [REGISTRY_SHELL] = "number/1",
        [REGISTRY_SUBMODEL] = "number/2",
        [REGISTRY_CONCEPT_DESCRIPTION] = "number/3",
        [REGISTRY_TEMPLATE_VERSION] = "number/4",
        [REGISTRY_ACCOUNT] = "number/5",
        [REGISTRY_CURATION] = "number/6",
        [REGISTRY_PROPOSAL] = "number/7",
        [REGISTRY_PRUNING] = "number/8",
    };
    return counters[kind];
}

static size_t count_name(enum registry_kind kind, char name[32])
{
    return (size_t)snprintf(name, 32, "count/%d", (int)kind);
}

uint64_t document_count(struct store_txn *txn, enum registry_kind kind)
{
    char name[32];
    struct store_bytes value;
    size_t len = count_name(kind, name);
    enum err_code code = store_get(txn, STORE_META, name, len, &value);
    return code == ERR_OK && value.len == 8 ? value_u64(value.bytes) : 0;
}

enum err_code document_count_change(struct store_txn *txn, enum registry_kind kind, int by)
{
    char name[32];
    unsigned char bytes[8];
    size_t len = count_name(kind, name);
    value_set_u64(bytes, document_count(txn, kind) + (uint64_t)(int64_t)by);
    return store_put(txn, STORE_META, name, len, bytes, sizeof bytes);
}

void key_searched(struct store_key *key, enum registry_kind kind, uint64_t number)
{
    key_start(key);
    key_add(key, "d", 1);
    key_add_byte(key, kind);
    key_add_number(key, number);
}
