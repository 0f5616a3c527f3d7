/* SPDX-License-Identifier: Apache-2.0 */
/* What is searched is made anew when what is kept beside it changes. */
#include <string.h>

#include "registry/curated_inside.h"

enum err_code curated_refuse_many(struct err *err)
{
    err_set(err, ERR_STATE,
        "more templates and models would have to be searched anew than one change may touch");
    err_rule(err, NULL, "Add a new value beside it and move the tags over in parts.");
    return ERR_STATE;
}

static enum err_code count_down(size_t *left, struct err *err)
{
    if (*left == 0) {
        return curated_refuse_many(err);
    }
    --*left;
    return ERR_OK;
}

enum err_code curated_renew_family(
    struct store_txn *txn, const char *family, size_t *left, struct err *err)
{
    struct store_key prefix;
    char after[LABEL_BYTES_MAX + 1] = "";
    enum err_code code = ERR_OK;
    key_version(&prefix, family, "");
    for (bool more = true; more && code == ERR_OK;) {
        struct store_cursor cursor; /* none lives through changes */
        struct store_key key;
        char label[LABEL_BYTES_MAX + 1] = "";
        key_version(&key, family, after);
        code = store_cursor_open(txn, STORE_VERSIONS, &cursor);
        if (code != ERR_OK) {
            break;
        }
        more = store_cursor_seek(&cursor, key.bytes, key.len);
        if (more && after[0] != '\0' && cursor.key.len == key.len &&
            memcmp(cursor.key.bytes, key.bytes, key.len) == 0) {
            more = store_cursor_next(&cursor);
        }
        more = more && key_starts_with(cursor.key, &prefix) &&
               cursor.key.len - prefix.len <= LABEL_BYTES_MAX;
        if (more) {
            memcpy(label, (const char *)cursor.key.bytes + prefix.len, cursor.key.len - prefix.len);
        }
        store_cursor_close(&cursor);
        if (more) {
            code = count_down(left, err);
            code = code == ERR_OK ? curated_renew_version(txn, family, label, err) : code;
            memcpy(after, label, sizeof after);
        }
    }
    return code;
}

enum err_code curated_renew_key(
    struct store_txn *txn, struct store_bytes key, size_t *left, struct err *err)
{
    const unsigned char *bytes = key.bytes;
    if (bytes[0] == 'f') {
        char family[FAMILY_BYTES_MAX + 1] = "";
        memcpy(family, bytes + 1, key.len - 1 < sizeof family ? key.len - 1 : 0);
        return curated_renew_family(txn, family, left, err);
    }
    enum err_code code = count_down(left, err);
    return code == ERR_OK
               ? curated_renew_model(txn, (enum registry_kind)bytes[1], key_number_at(key, 2), err)
               : code;
}
