/* SPDX-License-Identifier: Apache-2.0 */
/* Documents whose texts stay keep their search entry; those whose texts change get another one. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aas/json.h"
#include "registry/document_record.h"
#include "registry/search_record.h"
#include "tests/registry/registry_fixture.h"
#include "tests/support/corpus.h"

TestSuite(search_texts, .init = fixture_start, .fini = fixture_stop, .timeout = 120);

enum { write_time = 1000 };

static size_t hits(struct registry *registry, const char *words)
{
    struct registry_view view;
    struct registry_result result = {.total = 0};
    struct registry_query query = {.words = words};
    struct arena arena;
    arena_init(&arena, 1 << 24);
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(registry_search(&view, &arena, &query, &result, NULL), ERR_OK);
    registry_view_end(&view);
    arena_finish(&arena);
    return result.count;
}

static void submodel(char json[FIXTURE_JSON], const char *word, int value)
{
    snprintf(json, FIXTURE_JSON,
        "{\"modelType\":\"Submodel\",\"idShort\":\"Data\",\"id\":\"urn:a\",\"description\":[{"
        "\"language\":\"en\",\"text\":\"%s\"}],\"submodelElements\":[{\"modelType\":\"Property\","
        "\"idShort\":\"Speed\",\"valueType\":\"xs:int\",\"value\":\"%d\"}]}",
        word, value);
}

static void put(struct registry *registry, const char *word, int value)
{
    char json[FIXTURE_JSON];
    struct err err = {0};
    submodel(json, word, value);
    cr_assert_eq(
        fixture_write(registry, REGISTRY_UPSERT, NULL, json, &err), ERR_OK, "%s", err.text);
}

Test(search_texts, a_changed_text_is_found_and_the_old_one_no_longer)
{
    struct registry *registry = fixture_open();
    put(registry, "grinding", 1);
    cr_expect_eq(hits(registry, "grinding"), 1);
    put(registry, "milling", 1);
    cr_expect_eq(hits(registry, "grinding"), 0);
    cr_expect_eq(hits(registry, "milling"), 1);
    put(registry, "milling", 2);
    cr_expect_eq(hits(registry, "milling"), 1);
    fixture_verify(registry);
    registry_close(registry);
}

/* ------------------------------------------------------------------ what is made when */

static void read_searched_by(struct registry *registry, unsigned char hash[STORE_HASH_BYTES])
{
    struct registry_view view;
    struct document_record record;
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(record_find(&view.txn, REGISTRY_SUBMODEL, "urn:a", 5, &record, NULL), ERR_OK);
    memcpy(hash, record.search_hash, STORE_HASH_BYTES);
    registry_view_end(&view);
}

/* As the store is now; without an entry when it is found by the same. */
static struct document_prepared prepare(
    struct registry *registry, struct arena *arena, const char *word, int value)
{
    char json[FIXTURE_JSON];
    struct document_prepared prepared;
    struct document_before before;
    struct content_cache contents;
    struct registry_view view;
    submodel(json, word, value);
    content_cache_init(&contents);
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    bool stored =
        document_before_find(&view.txn, REGISTRY_SUBMODEL, "urn:a", 5, false, &contents, &before);
    cr_assert_eq(document_prepare_change(
                     arena, fixture_tree(arena, json), stored ? &before : NULL, &prepared, NULL),
        ERR_OK);
    registry_view_end(&view);
    content_cache_finish(&contents);
    return prepared;
}

Test(search_texts, terms_are_made_only_when_texts_differ_from_what_is_stored)
{
    struct registry *registry = fixture_open();
    struct arena arena;
    arena_init(&arena, 1 << 24);
    cr_expect(prepare(registry, &arena, "grinding", 2).search_made, "nothing is stored");
    put(registry, "grinding", 1);
    cr_expect(!prepare(registry, &arena, "grinding", 2).search_made);
    cr_expect(prepare(registry, &arena, "milling", 1).search_made);
    arena_finish(&arena);
    registry_close(registry);
}

static enum err_code store_prepared(struct store_txn *txn, void *context, struct err *err)
{
    enum registry_outcome outcome;
    return document_put(
        txn, context, REGISTRY_UPSERT, NULL, NULL, NULL, NULL, write_time, &outcome, err);
}

static enum err_code store_value(struct store_txn *txn, void *context, struct err *err)
{
    enum registry_outcome outcome;
    return document_put(txn, context, REGISTRY_REPLACE, NULL, DOCUMENT_LOG_VALUE, NULL, NULL,
        write_time, &outcome, err);
}

Test(search_texts, terms_are_made_in_the_end_when_somebody_else_was_faster)
{
    struct registry *registry = fixture_open();
    struct arena arena;
    arena_init(&arena, 1 << 24);
    put(registry, "grinding", 1);
    struct document_prepared late = prepare(registry, &arena, "grinding", 2);
    put(registry, "milling", 1);
    cr_assert_eq(store_write(registry_store(registry), store_prepared, &late, NULL), ERR_OK);
    cr_expect_eq(hits(registry, "grinding"), 1);
    cr_expect_eq(hits(registry, "milling"), 0);
    cr_assert_eq(fixture_write(registry, REGISTRY_DELETE, "urn:a", NULL, NULL), ERR_OK);
    cr_assert_eq(store_write(registry_store(registry), store_prepared, &late, NULL), ERR_OK);
    cr_expect_eq(hits(registry, "grinding"), 1, "also of what has been deleted");
    fixture_verify(registry);
    arena_finish(&arena);
    registry_close(registry);
}

Test(search_texts, a_value_set_in_what_is_found_by_something_else_now_is_lost)
{
    struct registry *registry = fixture_open();
    struct arena arena;
    arena_init(&arena, 1 << 24);
    put(registry, "grinding", 1);
    struct document_prepared late = prepare(registry, &arena, "grinding", 2);
    late.tree = NULL;
    put(registry, "milling", 1);
    cr_expect_eq(store_write(registry_store(registry), store_value, &late, NULL), ERR_PRECONDITION);
    cr_expect_eq(hits(registry, "milling"), 1);
    fixture_verify(registry);
    arena_finish(&arena);
    registry_close(registry);
}

/* ------------------------------------------------------------------ stores made before */

struct mark {
    struct arena *arena;
    uint64_t format;
};

/* Another hash where that of the texts stands, as older programs wrote it. */
static enum err_code mark_otherwise(struct store_txn *txn, void *context, struct err *err)
{
    const struct mark *mark = context;
    struct store_key key;
    struct store_bytes value;
    struct document_record record;
    unsigned char format[8];
    enum err_code code = record_find(txn, REGISTRY_SUBMODEL, "urn:a", 5, &record, err);
    key_document(&key, REGISTRY_SUBMODEL, record.document.number);
    if (code == ERR_OK) {
        code = store_get(txn, STORE_DOCUMENTS, key.bytes, key.len, &value);
    }
    size_t at = (size_t)(record.search_hash - (const unsigned char *)value.bytes);
    char *copy = arena_copy(mark->arena, value.bytes, value.len);
    memset(copy + at, 0x5a, STORE_HASH_BYTES);
    value_set_u64(format, mark->format);
    if (code == ERR_OK) {
        code = store_put(txn, STORE_DOCUMENTS, key.bytes, key.len, copy, value.len);
    }
    return code == ERR_OK ? store_put(txn, STORE_META, "format", 6, format, sizeof format) : code;
}

Test(search_texts, documents_of_an_older_store_are_marked_when_it_is_opened)
{
    struct registry *registry = fixture_open();
    struct arena arena;
    struct mark mark = {.arena = &arena, .format = 3};
    unsigned char first[STORE_HASH_BYTES];
    unsigned char now[STORE_HASH_BYTES];
    arena_init(&arena, 1 << 24);
    put(registry, "grinding", 1);
    read_searched_by(registry, first);
    cr_assert_eq(store_write(registry_store(registry), mark_otherwise, &mark, NULL), ERR_OK);
    registry_close(registry);
    registry = fixture_open();
    read_searched_by(registry, now);
    cr_expect_arr_eq(now, first, STORE_HASH_BYTES);
    cr_expect_eq(hits(registry, "grinding"), 1);
    fixture_verify(registry);
    arena_finish(&arena);
    registry_close(registry);
}

Test(search_texts, a_hash_that_fits_nothing_costs_one_new_entry_only)
{
    struct registry *registry = fixture_open();
    struct arena arena;
    struct mark mark = {.arena = &arena, .format = STORE_FORMAT};
    arena_init(&arena, 1 << 24);
    put(registry, "grinding", 1);
    cr_assert_eq(store_write(registry_store(registry), mark_otherwise, &mark, NULL), ERR_OK);
    put(registry, "grinding", 2);
    cr_expect_eq(hits(registry, "grinding"), 1);
    fixture_verify(registry);
    arena_finish(&arena);
    registry_close(registry);
}

/* ------------------------------------------------------------------ what the hash covers */

static bool same_text(const char *a, size_t a_len, const char *b, size_t b_len)
{
    return a_len == b_len && (a_len == 0 || memcmp(a, b, a_len) == 0);
}

static bool same_entry(const struct search_entry *a, const struct search_entry *b)
{
    bool same = a->term_count == b->term_count && a->facet_count == b->facet_count &&
                a->length == b->length && strcmp(a->title, b->title) == 0 &&
                strcmp(a->description, b->description) == 0 &&
                same_text(a->text, a->text_len, b->text, b->text_len) &&
                same_text(a->names, a->names_len, b->names, b->names_len) &&
                same_text(a->stream, a->stream_len, b->stream, b->stream_len);
    for (size_t i = 0; same && i < a->term_count; i++) {
        same = a->terms[i].weight == b->terms[i].weight &&
               same_text(a->terms[i].term, a->terms[i].len, b->terms[i].term, b->terms[i].len);
    }
    for (size_t i = 0; same && i < a->facet_count; i++) {
        same = a->facets[i].facet == b->facets[i].facet &&
               strcmp(a->facets[i].value, b->facets[i].value) == 0;
    }
    return same;
}

/* A document of which one thing after the other is changed and put back. */
struct altering {
    struct arena *arena;
    const struct aas_node *root;
    struct search_entry entry;
    unsigned char hash[STORE_HASH_BYTES];
    size_t every; /* only one change in so many is looked at */
    size_t seen;
    size_t other_entry;
    size_t other_hash;
    size_t wrong; /* another entry and the same hash */
};

static void compare(struct altering *with)
{
    struct arena arena;
    struct search_entry entry;
    unsigned char hash[STORE_HASH_BYTES];
    if (with->seen++ % with->every != 0) {
        return;
    }
    arena_init(&arena, SIZE_MAX);
    cr_assert_eq(search_prepare(&arena, with->root, NULL, NULL, 0, &entry, NULL), ERR_OK);
    search_hash(with->root, hash);
    bool entry_differs = !same_entry(&entry, &with->entry);
    bool hash_differs = memcmp(hash, with->hash, sizeof hash) != 0;
    with->other_entry += entry_differs;
    with->other_hash += hash_differs;
    with->wrong += entry_differs && !hash_differs;
    arena_finish(&arena);
}

static void alter_text(struct altering *with, struct aas_slot *slot)
{
    const struct aas_slot old = *slot;
    slot->u.text = arena_printf(with->arena, "zq%s", old.u.text);
    slot->len = old.len + 2;
    compare(with);
    slot->state = AAS_ABSENT;
    compare(with);
    *slot = old;
}

static void alter_list(struct altering *with, struct aas_slot *slot)
{
    slot->len--;
    compare(with);
    slot->len++;
    if (slot->len > 1) {
        struct aas_node *first = slot->u.nodes[0];
        slot->u.nodes[0] = slot->u.nodes[slot->len - 1];
        slot->u.nodes[slot->len - 1] = first;
        compare(with);
        slot->u.nodes[slot->len - 1] = slot->u.nodes[0];
        slot->u.nodes[0] = first;
    }
}

static void alter_below(struct altering *with, struct aas_node *node)
{
    for (size_t i = 0; i < node->cls->prop_count; i++) {
        struct aas_slot *slot = &node->slots[i];
        if (slot->state == AAS_TEXT) {
            alter_text(with, slot);
        } else if (slot->state == AAS_NODE) {
            alter_below(with, slot->u.node);
            slot->state = AAS_ABSENT;
            compare(with);
            slot->state = AAS_NODE;
        }
        for (size_t k = 0; slot->state == AAS_NODES && k < slot->len; k++) {
            alter_below(with, slot->u.nodes[k]);
        }
        if (slot->state == AAS_NODES && slot->len > 0) {
            alter_list(with, slot);
        }
    }
}

static void alter(struct altering *with, struct aas_node *root)
{
    with->root = root;
    cr_assert_eq(search_prepare(with->arena, root, NULL, NULL, 0, &with->entry, NULL), ERR_OK);
    search_hash(root, with->hash);
    alter_below(with, root);
}

static void alter_file(const char *path, void *context)
{
    static const enum meta_prop_id lists[] = {
        PROP_submodels, PROP_conceptDescriptions, PROP_assetAdministrationShells};
    struct altering *with = context;
    struct aas_node *root = NULL;
    struct arena arena;
    size_t len = 0;
    char *bytes = file_read(path, &len);
    arena_init(&arena, SIZE_MAX);
    with->arena = &arena;
    bool read = aas_json_read(&arena, bytes, len, NULL, NULL, &root, NULL) == ERR_OK;
    for (size_t i = 0; read && i < sizeof lists / sizeof *lists; i++) {
        size_t count = 0;
        struct aas_node **nodes = aas_list(root, lists[i], &count);
        for (size_t k = 0; k < count; k++) {
            alter(with, nodes[k]);
        }
    }
    arena_finish(&arena);
    free(bytes);
}

Test(search_texts, whatever_changes_an_entry_in_the_published_templates_changes_the_hash)
{
    NEED_CORPUS();
    struct altering with = {.every = 997};
    char *dir = corpus_path("corpus/templates");
    cr_assert_gt(files_each(dir, ".json", alter_file, &with), 0);
    cr_expect_gt(with.other_entry, 100);
    cr_expect_lt(with.other_hash, with.seen / with.every, "not everything is searched");
    cr_expect_eq(with.wrong, 0);
    free(dir);
}

#define KEYS(id)                                                                                   \
    "{\"type\":\"ExternalReference\",\"keys\":[{\"type\":\"GlobalReference\",\"value\":\"" id      \
    "\"}]}"
#define TEXTS(en, ko)                                                                              \
    "[{\"language\":\"en\",\"text\":\"" en "\"},{\"language\":\"ko\",\"text\":\"" ko "\"}]"

Test(search_texts, whatever_changes_an_entry_changes_the_hash)
{
    static const char *const documents[] = {
        "{\"modelType\":\"Submodel\",\"id\":\"urn:s\",\"idShort\":\"Data\","
        "\"displayName\":" TEXTS("Press", "프레스 기계") ",\"description\":" TEXTS("of a press",
            "설명") ","
                    "\"semanticId\":" KEYS("urn:m") ",\"supplementalSemanticIds\":[" KEYS(
                        "urn:n") "],"
                                 "\"qualifiers\":[{\"type\":\"q\",\"valueType\":\"xs:int\","
                                 "\"value\":\"1\","
                                 "\"valueId\":" KEYS(
                                     "urn:v") "}],\"submodelElements\":[{\"modelType\":"
                                              "\"MultiLanguageProperty\",\"idShort\":\"Note\","
                                              "\"value\":" TEXTS("a",
                                                  "b") "},"
                                                       "{\"modelType\":\"Entity\",\"idShort\":"
                                                       "\"Part\",\"entityType\":"
                                                       "\"SelfManagedEntity\","
                                                       "\"globalAssetId\":\"urn:asset\","
                                                       "\"statements\":[{\"modelType\":"
                                                       "\"Range\",\"idShort\":"
                                                       "\"R\",\"valueType\":\"xs:int\",\"min\":"
                                                       "\"1\"}]},{\"modelType\":"
                                                       "\"ReferenceElement\",\"idShort\":"
                                                       "\"Ref\",\"value\":" KEYS(
                                                           "urn:r") "},{\"modelType\":"
                                                                    "\"SubmodelElementList\","
                                                                    "\"idShort\":\"L\","
                                                                    "\"semanticIdListElement\""
                                                                    ":" KEYS(
                                                                        "urn:l") ",\"typeValueL"
                                                                                 "istElement\":"
                                                                                 "\"Property\","
                                                                                 "\"valueTypeLi"
                                                                                 "stElement\":"
                                                                                 "\"xs:int\","
                                                                                 "\"value\":[{"
                                                                                 "\"modelType\""
                                                                                 ":\"Property\""
                                                                                 ",\"valueType"
                                                                                 "\":\"xs:"
                                                                                 "int\","
                                                                                 "\"value\":"
                                                                                 "\"3\"}]}]}",
        "{\"modelType\":\"AssetAdministrationShell\",\"id\":\"urn:aas\",\"idShort\":\"Shell\","
        "\"assetInformation\":{\"assetKind\":\"Instance\",\"globalAssetId\":\"urn:g\","
        "\"specificAssetIds\":[{\"name\":\"serial\",\"value\":\"1\"}]},\"submodels\":["
        "{\"type\":\"ModelReference\",\"keys\":[{\"type\":\"Submodel\",\"value\":\"urn:s\"}]}]"
        "}",
        "{\"modelType\":\"ConceptDescription\",\"id\":\"urn:c\",\"idShort\":\"Force\","
        "\"isCaseOf\":[" KEYS("urn:i") "],\"embeddedDataSpecifications\":[{"
                                       "\"dataSpecification\":" KEYS(
                                           "urn:d") ",\"dataSpecificationContent\":{"
                                                    "\"modelType\":"
                                                    "\"DataSpecificationIec61360\","
                                                    "\"preferredName\":" TEXTS("force",
                                                        "힘") ","
                                                              "\"shortName\":[{\"language\":"
                                                              "\"en\",\"text\":\"F\"}],"
                                                              "\"unit\":\"N\",\"unitId\":" KEYS(
                                                                  "urn:u") ",\"definition\""
                                                                           ":" TEXTS("what "
                                                                                     "moves",
                                                                               "정의") "}}]}",
    };
    struct altering with = {.every = 1};
    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
        struct arena arena;
        arena_init(&arena, SIZE_MAX);
        with.arena = &arena;
        alter(&with, fixture_tree(&arena, documents[i]));
        arena_finish(&arena);
    }
    cr_expect_eq(with.wrong, 0);
    cr_expect_gt(with.other_entry, 60);
    cr_expect_lt(with.other_hash, with.seen, "values are not searched");
}

/* ------------------------------------------------------------------ many at once */

enum { WRITERS = 4, TEXTS_OF_A_WRITER = 60 };

static void *change_texts(void *context)
{
    static const char *const words[] = {"grinding", "milling", "turning"};
    for (int i = 0; i < TEXTS_OF_A_WRITER; i++) {
        put(context, words[rand() % 3], i);
    }
    return NULL;
}

Test(search_texts, writers_that_change_texts_at_once_leave_what_agrees)
{
    struct registry *registry = fixture_open();
    pthread_t threads[WRITERS];
    for (int i = 0; i < WRITERS; i++) {
        cr_assert_eq(pthread_create(&threads[i], NULL, change_texts, registry), 0);
    }
    for (int i = 0; i < WRITERS; i++) {
        pthread_join(threads[i], NULL);
    }
    cr_expect_eq(
        hits(registry, "grinding") + hits(registry, "milling") + hits(registry, "turning"), 1);
    fixture_verify(registry);
    registry_close(registry);
}
