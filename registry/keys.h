/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_KEYS_H
#define JIG_REGISTRY_KEYS_H
/*
 * Keys of the store's tables, drawn in one place. Numbers stand big endian, so that key order is
 * number order; long texts stand as their hash.
 *
 *   meta       name
 *   ids        kind, hash of id (16), probe
 *   documents  kind, number
 *   revisions  kind, number, revision
 *   content    hash (16)
 *   index      index kind, hash of value (16), kind, number
 *   registered kind of registration, number: see registered_record.h
 *   users      KEY_USER, name; KEY_TOKEN, name; KEY_SECRET, hash of the secret (32)
 *
 * Values of fixed layout are little endian.
 */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "registry/store.h"

struct store_key {
    size_t len;
    bool cut; /* something did not fit; the key must not be used */
    unsigned char bytes[STORE_MAX_KEY];
};

static inline void key_start(struct store_key *key)
{
    key->len = 0;
    key->cut = false;
}

static inline void key_add(struct store_key *key, const void *bytes, size_t len)
{
    if (len > sizeof key->bytes - key->len) {
        key->cut = true;
        return;
    }
    if (len > 0) {
        memcpy(key->bytes + key->len, bytes, len);
        key->len += len;
    }
}

static inline void key_add_byte(struct store_key *key, unsigned byte)
{
    unsigned char b = (unsigned char)byte;
    key_add(key, &b, 1);
}

static inline void key_add_number(struct store_key *key, uint64_t number)
{
    unsigned char b[8];
    for (int i = 7; i >= 0; i--) {
        b[i] = (unsigned char)(number & 0xff);
        number >>= 8;
    }
    key_add(key, b, sizeof b);
}

/* The number at an offset of a key, 0 when the key is too short. */
static inline uint64_t key_number_at(struct store_bytes key, size_t offset)
{
    if (key.len < 8 || offset > key.len - 8) {
        return 0;
    }
    uint64_t number = 0;
    const unsigned char *at = (const unsigned char *)key.bytes + offset;
    for (int i = 0; i < 8; i++) {
        number = number << 8 | at[i];
    }
    return number;
}

static inline bool key_starts_with(struct store_bytes key, const struct store_key *prefix)
{
    return key.len >= prefix->len && memcmp(key.bytes, prefix->bytes, prefix->len) == 0;
}

/* ------------------------------------------------------------------ rows of the tables */

enum { KEY_ID_PROBES = 255 };

static inline void key_id(struct store_key *key, unsigned kind,
    const unsigned char hash[STORE_HASH_BYTES], unsigned probe)
{
    key_start(key);
    key_add_byte(key, kind);
    key_add(key, hash, STORE_HASH_BYTES);
    key_add_byte(key, probe);
}

static inline void key_document(struct store_key *key, unsigned kind, uint64_t number)
{
    key_start(key);
    key_add_byte(key, kind);
    key_add_number(key, number);
}

static inline void key_revision(
    struct store_key *key, unsigned kind, uint64_t number, uint64_t revision)
{
    key_document(key, kind, number);
    key_add_number(key, revision);
}

/* What a row of the index table says. */
enum key_index {
    KEY_INDEX_ID_SHORT = 1,
    KEY_INDEX_SEMANTIC = 2,           /* key of semanticId or of a supplemental one */
    KEY_INDEX_IS_CASE_OF = 3,         /* key of a reference in isCaseOf */
    KEY_INDEX_DATA_SPECIFICATION = 4, /* key of an embedded dataSpecification */
    KEY_INDEX_ASSET = 5,              /* name, KEY_ASSET_SEPARATOR, value of a specific asset id */
    KEY_INDEX_ASSET_KIND = 6,         /* assetKind of the asset information or a descriptor */
    KEY_INDEX_ASSET_TYPE = 7,         /* assetType of the same */
    KEY_INDEX_KIND = 16,              /* "Template" of a submodel; instances have no row */
};

/* Stands between name and value of an asset id; no character of either (AASd-130). */
enum { KEY_ASSET_SEPARATOR = 0x1f };
/* The name under which the globalAssetId is found (AASd-116). */
#define KEY_ASSET_GLOBAL "globalAssetId"

enum { KEY_INDEX_PREFIX = 1 + STORE_HASH_BYTES + 1 };

/* The common start of all rows of one value and kind; the number follows. */
static inline void key_index_prefix(struct store_key *key, enum key_index index,
    const unsigned char hash[STORE_HASH_BYTES], unsigned kind)
{
    key_start(key);
    key_add_byte(key, (unsigned)index);
    key_add(key, hash, STORE_HASH_BYTES);
    key_add_byte(key, kind);
}

static inline void key_index_row(struct store_key *key, enum key_index index,
    const unsigned char hash[STORE_HASH_BYTES], unsigned kind, uint64_t number)
{
    key_index_prefix(key, index, hash, kind);
    key_add_number(key, number);
}

/* Rows of the table of users. */
enum key_account { KEY_SECRET = 's', KEY_TOKEN = 't', KEY_USER = 'u' };
enum { KEY_SECRET_BYTES = 32 };

static inline void key_account(struct store_key *key, enum key_account kind, const char *name)
{
    key_start(key);
    key_add_byte(key, (unsigned)kind);
    key_add(key, name, strlen(name));
}

static inline void key_secret(struct store_key *key, const unsigned char hash[KEY_SECRET_BYTES])
{
    key_start(key);
    key_add_byte(key, KEY_SECRET);
    key_add(key, hash, KEY_SECRET_BYTES);
}

/* ------------------------------------------------------------------ values */

static inline void value_set_u32(unsigned char *to, uint32_t value)
{
    for (int i = 0; i < 4; i++) {
        to[i] = (unsigned char)(value >> (8 * i) & 0xff);
    }
}

static inline void value_set_u64(unsigned char *to, uint64_t value)
{
    value_set_u32(to, (uint32_t)(value & 0xffffffffU));
    value_set_u32(to + 4, (uint32_t)(value >> 32));
}

static inline uint32_t value_u32(const unsigned char *from)
{
    return (uint32_t)from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16 |
           (uint32_t)from[3] << 24;
}

static inline uint64_t value_u64(const unsigned char *from)
{
    return (uint64_t)value_u32(from) | (uint64_t)value_u32(from + 4) << 32;
}

#endif
