/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/verify_inside.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "registry/content_hash.h"
#include "registry/curated.h"
#include "registry/registered_record.h"

#define VERIFY_ARENA_BYTES ((size_t)1 << 30) /* for one document at a time */

static void tell(struct verification *v, const char *start, const char *format, va_list args)
{
    char text[512];
    size_t len = (size_t)snprintf(text, sizeof text, "%s", start);
    vsnprintf(text + len, sizeof text - len, format, args);
    if (v->say != NULL) {
        v->say(v->context, text);
    }
}

void verify_problem(struct verification *v, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    tell(v, "", format, args);
    va_end(args);
    v->found.problems++;
}

void verify_warning(struct verification *v, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    tell(v, "warning: ", format, args);
    va_end(args);
    v->found.warnings++;
}

const char *verify_place(enum registry_kind kind, uint64_t number, char place[64])
{
    const char *name = registry_kind_name(kind);
    snprintf(place, 64, "%s number %llu", name == NULL ? "thing of no kind" : name,
        (unsigned long long)number);
    return place;
}

bool verify_document(struct verification *v, enum registry_kind kind, uint64_t number,
    struct document_record *record)
{
    struct store_key key;
    struct store_bytes value;
    key_document(&key, kind, number);
    return store_get(&v->view.txn, STORE_DOCUMENTS, key.bytes, key.len, &value) == ERR_OK &&
           record_read(value, kind, number, record);
}

/* ------------------------------------------------------------------ documents */

/* The search entry is what would be made now, with what is kept beside the document. */
static bool is_searched(struct verification *v, struct arena *arena,
    const struct registry_document *document, const struct aas_node *tree,
    struct document_prepared *fresh)
{
    struct store_key key;
    struct curated_row row;
    const struct search_facet *all = NULL;
    size_t count = 0;
    key_searched(&key, document->kind, document->number);
    if (curated_is_model(&v->view.txn, document->kind, document->number) &&
        (curated_model(&v->view.txn, arena, document->kind, document->number, &row, NULL) !=
                ERR_OK ||
            curated_extras(&v->view.txn, arena, &row, NULL, 0, &all, &count, NULL) != ERR_OK ||
            search_prepare(arena, tree, NULL, all, count, &fresh->search, NULL) != ERR_OK)) {
        return false;
    }
    return search_is(&v->view.txn, key.bytes, key.len, &fresh->search);
}

/* Reads the stored bytes as a stranger would and makes everything derived from them again. */
static void check_derived(
    struct verification *v, const struct document_record *record, const char *place)
{
    const struct registry_document *document = &record->document;
    struct arena arena;
    struct aas_node *tree = NULL;
    struct document_prepared fresh;
    arena_init(&arena, VERIFY_ARENA_BYTES);
    if (aas_json_read(&arena, document->json, document->json_len, registry_class(document->kind),
            NULL, &tree, NULL) != ERR_OK ||
        document_prepare_unpacked(&arena, tree, &fresh, NULL) != ERR_OK) {
        verify_problem(v, "%s: the document cannot be read", place);
    } else if (fresh.json_len != document->json_len ||
               memcmp(fresh.json, document->json, fresh.json_len) != 0) {
        verify_problem(v, "%s: the stored bytes are not canonical", place);
    } else if (fresh.index_len != document->index_len ||
               memcmp(fresh.index, document->index, fresh.index_len) != 0) {
        verify_problem(v, "%s: the path index does not fit the document", place);
    } else if (fresh.rows_len != record->rows_len ||
               memcmp(fresh.rows, record->rows, fresh.rows_len) != 0) {
        verify_problem(v, "%s: idShort or semantic ids do not fit the document", place);
    } else if (!content_hash_fits(document->json, document->json_len, document->hash)) {
        verify_problem(v, "%s: the hash does not fit the document", place);
    } else if (fresh.id_len != document->id_len ||
               memcmp(fresh.id, document->id, fresh.id_len) != 0) {
        verify_problem(v, "%s: the id does not fit the document", place);
    } else if (memcmp(fresh.search_hash, record->search_hash, STORE_HASH_BYTES) != 0) {
        verify_problem(v, "%s: what it is searched by does not fit the document", place);
    } else if (!is_searched(v, &arena, document, tree, &fresh)) {
        verify_problem(
            v, "%s: its search entry does not fit the document and its tags and names", place);
    }
    arena_finish(&arena);
}

static void check_rows(
    struct verification *v, const struct document_record *record, const char *place)
{
    struct record_row row;
    for (size_t at = 0; record_row_next(record->rows, record->rows_len, &at, &row);) {
        struct store_key key;
        struct store_bytes value;
        unsigned char hash[STORE_HASH_BYTES];
        store_hash(row.text, row.len, hash);
        key_index_row(&key, row.index, hash, record->document.kind, record->document.number);
        if (store_get(&v->view.txn, STORE_INDEX, key.bytes, key.len, &value) != ERR_OK) {
            verify_problem(v, "%s: the index does not know '%.*s'", place,
                text_shown(row.text, row.len, 200), row.text);
        }
    }
}

static void check_document(struct verification *v, const struct store_cursor *cursor)
{
    char place[64];
    struct document_record record;
    struct id_place id;
    struct revision_record last;
    const unsigned char *key = cursor->key.bytes;
    enum registry_kind kind = (enum registry_kind)key[0];
    uint64_t number = key_number_at(cursor->key, 1);
    verify_place(kind, number, place);
    v->found.documents++;
    if (registry_class(kind) == NULL || !record_read(cursor->value, kind, number, &record)) {
        verify_problem(v, "%s: the record is damaged", place);
        return;
    }
    const struct registry_document *document = &record.document;
    v->counted[kind]++;
    if (!record_is_padded(cursor->value, &record)) {
        verify_problem(v, "%s: there are bytes in its record that say nothing", place);
    }
    if (id_find(&v->view.txn, kind, document->id, document->id_len, &id, NULL) != ERR_OK ||
        !id.known || id.number != number) {
        verify_problem(v, "%s: its id leads elsewhere", place);
    }
    if (revision_last(&v->view.txn, kind, number, UINT64_MAX, &last) != ERR_OK ||
        last.said.revision != document->revision ||
        memcmp(last.said.after, document->hash, STORE_HASH_BYTES) != 0) {
        verify_problem(v, "%s: its newest revision is another one", place);
    } else if (last.said.time_ms != document->updated_ms) {
        verify_problem(v, "%s: its newest revision is of another moment", place);
    }
    check_rows(v, &record, place);
    check_derived(v, &record, place);
}

/* ------------------------------------------------------------------ the other tables */

/* A kind and a number as something that fits a set of hashes. */
const unsigned char *verify_number(
    enum registry_kind kind, uint64_t number, unsigned char mark[STORE_HASH_BYTES])
{
    memset(mark, 0, STORE_HASH_BYTES);
    mark[0] = (unsigned char)kind;
    value_set_u64(mark + 1, number);
    return mark;
}

static void check_id(struct verification *v, const struct store_cursor *cursor)
{
    char place[64];
    unsigned char mark[STORE_HASH_BYTES];
    struct document_record record;
    struct revision_record last;
    const unsigned char *key = cursor->key.bytes;
    v->found.ids++;
    if (cursor->key.len != 2 + STORE_HASH_BYTES || cursor->value.len <= 8 ||
        registry_kind_name((enum registry_kind)key[0]) == NULL) {
        verify_problem(v, "a row of the ids is damaged");
        return;
    }
    enum registry_kind kind = (enum registry_kind)key[0];
    uint64_t number = value_u64(cursor->value.bytes);
    const char *id = (const char *)cursor->value.bytes + 8;
    size_t id_len = cursor->value.len - 8;
    verify_place(kind, number, place);
    store_hash(id, id_len, mark);
    if (memcmp(mark, key + 1, STORE_HASH_BYTES) != 0) {
        verify_problem(v, "%s: its id '%.*s' stands in another one's place", place,
            text_shown(id, id_len, 200), id);
    }
    verify_set_add(&v->numbers, verify_number(kind, number, mark));
    v->largest[kind] = number > v->largest[kind] ? number : v->largest[kind];
    enum err_code history = revision_last(&v->view.txn, kind, number, UINT64_MAX, &last);
    if (history == ERR_NOT_FOUND && registered_names(&v->view.txn, kind, number) &&
        !verify_document(v, kind, number, &record)) {
        return; /* only registrations know the id */
    }
    if (history != ERR_OK) {
        verify_problem(v, "%s: it has an id and no history", place);
    } else if (registry_class(kind) == NULL) {
        return; /* nothing but a history */
    } else if (verify_document(v, kind, number, &record)) {
        if (record.document.id_len != id_len || memcmp(record.document.id, id, id_len) != 0) {
            verify_problem(v, "%s: its id is that of another document", place);
        }
    } else if (last.form != REVISION_NONE) {
        verify_problem(v, "%s: the document is gone without having been deleted", place);
    }
}

static void check_row(struct verification *v, const struct store_cursor *cursor)
{
    struct document_record record;
    struct record_row row;
    unsigned char hash[STORE_HASH_BYTES];
    const unsigned char *key = cursor->key.bytes;
    v->found.rows++;
    if (cursor->key.len != KEY_INDEX_PREFIX + 8) {
        verify_problem(v, "a row of the index is damaged");
        return;
    }
    enum registry_kind kind = (enum registry_kind)key[KEY_INDEX_PREFIX - 1];
    uint64_t number = key_number_at(cursor->key, KEY_INDEX_PREFIX);
    bool known = verify_registered_row(v, key[KEY_INDEX_PREFIX - 1], number, key);
    if (!known && verify_document(v, kind, number, &record)) {
        for (size_t at = 0; !known && record_row_next(record.rows, record.rows_len, &at, &row);) {
            store_hash(row.text, row.len, hash);
            known = (unsigned)row.index == key[0] && memcmp(hash, key + 1, sizeof hash) == 0;
        }
    }
    if (!known) {
        char place[64];
        verify_problem(v, "%s: the index has a row that the document has not",
            verify_place(kind, number, place));
    }
}

static void check_content(struct verification *v, const struct revision_record *record,
    enum registry_kind kind, uint64_t number)
{
    char place[64];
    struct arena arena;
    const char *json = NULL;
    size_t len = 0;
    uint64_t revision = record->said.revision;
    arena_init(&arena, VERIFY_ARENA_BYTES);
    enum err_code code =
        revision_content(&v->view.txn, &arena, kind, number, revision, &json, &len, NULL);
    if (code != ERR_OK || !content_hash_fits(json, len, record->said.after)) {
        verify_problem(v, "%s: the content of revision %llu is not what it was",
            verify_place(kind, number, place), (unsigned long long)revision);
    }
    arena_finish(&arena);
}

static void check_revision(struct verification *v, const struct store_cursor *cursor)
{
    char place[64];
    unsigned char mark[STORE_HASH_BYTES];
    struct revision_record record;
    struct revision_record before;
    const unsigned char *key = cursor->key.bytes;
    enum registry_kind kind = (enum registry_kind)key[0];
    uint64_t number = key_number_at(cursor->key, 1);
    uint64_t revision = key_number_at(cursor->key, 9);
    v->found.revisions++;
    verify_place(kind, number, place);
    if (!revision_read(cursor->value, revision, &record)) {
        verify_problem(v, "%s: revision %llu is damaged", place, (unsigned long long)revision);
        return;
    }
    if (revision == 1 && !verify_set_has(&v->numbers, verify_number(kind, number, mark))) {
        verify_problem(v, "%s: it has a history and no id", place);
    }
    if (revision > 1 && !verify_pruned_has(&v->pruned, kind, number, revision - 1) &&
        (revision_last(&v->view.txn, kind, number, revision - 1, &before) != ERR_OK ||
            before.said.revision != revision - 1 ||
            memcmp(before.said.after, record.said.before, STORE_HASH_BYTES) != 0)) {
        verify_problem(v, "%s: revision %llu does not follow", place, (unsigned long long)revision);
    }
    if (record.form == REVISION_FULL || record.form == REVISION_COMPACT) {
        verify_set_add(&v->contents, record.said.after);
        check_content(v, &record, kind, number);
    }
}

static void check_counters(struct verification *v)
{
    char place[64];
    for (unsigned kind = REGISTRY_SHELL; kind < REGISTRY_KIND_END; kind++) {
        uint64_t said = document_count(&v->view.txn, (enum registry_kind)kind);
        if (said != v->counted[kind]) {
            verify_problem(v, "the counter of kind %u says %llu, there are %llu", kind,
                (unsigned long long)said, (unsigned long long)v->counted[kind]);
        }
        uint64_t last = store_last_number(&v->view.txn, document_counter((enum registry_kind)kind));
        if (last < v->largest[kind]) {
            verify_problem(v, "%s: the next number to be given would be %llu",
                verify_place((enum registry_kind)kind, v->largest[kind], place),
                (unsigned long long)last + 1);
        }
    }
}

/* ------------------------------------------------------------------ walking */

enum err_code verify_each(struct verification *v, enum store_table table,
    void (*check)(struct verification *v, const struct store_cursor *cursor), struct err *err)
{
    struct store_cursor cursor;
    enum err_code code = store_cursor_open(&v->view.txn, table, &cursor);
    if (code == ERR_OK) {
        for (bool more = store_cursor_seek(&cursor, "", 0); more;
             more = store_cursor_next(&cursor)) {
            check(v, &cursor);
        }
        store_cursor_close(&cursor);
        code = v->view.txn.failed;
    }
    return code == ERR_OK ? ERR_OK : err_set(err, code, "the store cannot be read");
}

enum err_code registry_verify(struct registry *registry, registry_verify_say say, void *context,
    struct registry_verification *result, struct err *err)
{
    static const struct {
        enum store_table table;
        void (*check)(struct verification *v, const struct store_cursor *cursor);
    } walks[] = {
        {STORE_DOCUMENTS, check_document},
        {STORE_IDS, check_id},
        {STORE_INDEX, check_row},
        {STORE_REVISIONS, check_revision},
    };
    struct verification v = {.say = say, .context = context};
    enum err_code code = registry_view_begin(registry, &v.view, err);
    if (code != ERR_OK) {
        return code;
    }
    code = verify_note_pruned(&v, err);
    for (size_t i = 0; i < sizeof walks / sizeof *walks && code == ERR_OK; i++) {
        code = verify_each(&v, walks[i].table, walks[i].check, err);
    }
    if (code == ERR_OK) {
        check_counters(&v);
        code = verify_log(&v, err);
    }
    if (code == ERR_OK) {
        code = verify_search(&v, err);
    }
    if (code == ERR_OK) {
        code = verify_registered(&v, err);
    }
    if (code == ERR_OK) {
        code = verify_templates(&v, err);
    }
    if (code == ERR_OK) {
        code = verify_lifecycle(&v, err);
    }
    if (code == ERR_OK) {
        code = verify_curated(&v, err);
    }
    if (code == ERR_OK) {
        code = verify_proposals(&v, err);
    }
    if (code == ERR_OK) {
        code = verify_files(&v, err);
    }
    if (code == ERR_OK) {
        code = verify_users(&v, err);
    }
    if (code == ERR_OK) {
        code = verify_contents(&v, err);
    }
    if (code == ERR_OK) {
        *result = v.found;
    }
    verify_set_finish(&v.numbers);
    verify_set_finish(&v.contents);
    verify_set_finish(&v.logged);
    verify_set_finish(&v.packages);
    free(v.pruned.list);
    registry_view_end(&v.view);
    return code;
}
