/* SPDX-License-Identifier: Apache-2.0 */
/* Descriptors and asset links registered by hand, against ids and the index. */
#include <stdio.h>
#include <string.h>

#include "aas/json.h"
#include "registry/registered_record.h"
#include "registry/verify_inside.h"

#define REGISTERED_ARENA_BYTES ((size_t)1 << 30) /* for one registration at a time */

static const char *place_of(enum registered_kind kind, uint64_t number, char place[64])
{
    snprintf(place, 64, "%s number %llu", registered_class(kind)->name, (unsigned long long)number);
    return place;
}

static bool is_kind(unsigned kind)
{
    return kind > 0 && kind < REGISTERED_KIND_END;
}

/* Everything that is made of the JSON, made again. */
static void check_json(struct verification *v, enum registered_kind kind,
    const struct registered_record *record, const char *place)
{
    struct arena arena;
    struct aas_node *tree = NULL;
    struct registered_prepared fresh = {.id = record->id, .id_len = record->id_len};
    const struct document_prepared *made = &fresh.made;
    arena_init(&arena, REGISTERED_ARENA_BYTES);
    if (aas_json_read(&arena, record->json, record->json_len, registered_class(kind), NULL, &tree,
            NULL) != ERR_OK ||
        registered_prepare(&arena, kind, tree, &fresh, NULL) != ERR_OK) {
        verify_problem(v, "%s: what is registered cannot be read", place);
    } else if (made->json_len != record->json_len ||
               memcmp(made->json, record->json, made->json_len) != 0 ||
               memcmp(made->hash, record->hash, STORE_HASH_BYTES) != 0) {
        verify_problem(v, "%s: the stored bytes are not canonical or not those of the hash", place);
    } else if (made->rows_len != record->rows_len ||
               memcmp(made->rows, record->rows, made->rows_len) != 0) {
        verify_problem(v, "%s: what it is found by does not fit", place);
    } else if (kind != REGISTERED_LINKS &&
               (aas_text(tree, PROP_id) == NULL ||
                   strlen(aas_text(tree, PROP_id)) != record->id_len ||
                   memcmp(aas_text(tree, PROP_id), record->id, record->id_len) != 0)) {
        verify_problem(v, "%s: its id is another one", place);
    }
    arena_finish(&arena);
}

static void check_rows(struct verification *v, enum registered_kind kind, uint64_t number,
    const struct registered_record *record, const char *place)
{
    struct record_row row;
    for (size_t at = 0; record_row_next(record->rows, record->rows_len, &at, &row);) {
        struct store_key key;
        struct store_bytes value;
        unsigned char hash[STORE_HASH_BYTES];
        store_hash(row.text, row.len, hash);
        key_index_row(&key, row.index, hash, registered_index(kind), number);
        if (store_get(&v->view.txn, STORE_INDEX, key.bytes, key.len, &value) != ERR_OK) {
            verify_problem(v, "%s: the index does not know '%.*s'", place,
                text_shown(row.text, row.len, 200), row.text);
        }
    }
}

static void check_registration(
    struct verification *v, enum registered_kind kind, const struct store_cursor *cursor)
{
    char place[64];
    struct id_place id;
    struct registered_record record;
    uint64_t number = key_number_at(cursor->key, 1);
    place_of(kind, number, place);
    if (!registered_read(cursor->value, &record)) {
        verify_problem(v, "%s: the record is damaged", place);
        return;
    }
    if (id_find(&v->view.txn, registered_about(kind), record.id, record.id_len, &id, NULL) !=
            ERR_OK ||
        !id.known || id.number != number) {
        verify_problem(v, "%s: its id leads elsewhere", place);
    }
    if (record.form == REGISTERED_GIVEN) {
        check_json(v, kind, &record, place);
    } else if (record.json_len > 0 || record.rows_len > 0) {
        verify_problem(v, "%s: it is hidden and has a content", place);
    }
    check_rows(v, kind, number, &record, place);
}

static void check_record(struct verification *v, const struct store_cursor *cursor)
{
    char place[64];
    unsigned char mark[STORE_HASH_BYTES];
    const unsigned char *key = cursor->key.bytes;
    uint64_t number = key_number_at(cursor->key, 1);
    enum registry_kind about = (enum registry_kind)(key[0] & ~(unsigned)REGISTERED_ID);
    if (cursor->key.len == 9 && is_kind(key[0])) {
        v->found.registered++;
        check_registration(v, (enum registered_kind)key[0], cursor);
    } else if (cursor->key.len == 9 && (key[0] & REGISTERED_ID) && registry_class(about) != NULL) {
        if (!verify_set_has(&v->numbers, verify_number(about, number, mark))) {
            verify_problem(v, "%s: a registration named an id that is gone",
                verify_place(about, number, place));
        }
    } else {
        verify_problem(v, "a row of the registrations is damaged");
    }
}

enum err_code verify_registered(struct verification *v, struct err *err)
{
    return verify_each(v, STORE_REGISTERED, check_record, err);
}

bool verify_registered_row(
    struct verification *v, unsigned kind, uint64_t number, const unsigned char *index_key)
{
    struct record_row row;
    struct registered_record record;
    unsigned char hash[STORE_HASH_BYTES];
    bool known = false;
    unsigned of = kind & ~(unsigned)REGISTERED_INDEX;
    if (!is_kind(of) ||
        registered_find(&v->view.txn, (enum registered_kind)of, number, &record, NULL) != ERR_OK) {
        return false;
    }
    for (size_t at = 0; !known && record_row_next(record.rows, record.rows_len, &at, &row);) {
        store_hash(row.text, row.len, hash);
        known =
            (unsigned)row.index == index_key[0] && memcmp(hash, index_key + 1, sizeof hash) == 0;
    }
    return known;
}
