/* SPDX-License-Identifier: Apache-2.0 */
/* Descriptors and asset links: derived from what is stored, and registered by hand. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aas/json.h"
#include "registry/registered_record.h"
#include "registry/verify.h"
#include "tests/registry/registry_fixture.h"

TestSuite(descriptors, .init = fixture_start, .fini = fixture_stop, .timeout = 120);

#define BASE "http://jig.example"
#define ENDPOINT(interface, href)                                                                  \
    "\"endpoints\":[{\"interface\":\"" interface "\",\"protocolInformation\":{\"href\":\"" href    \
    "\"}}]"
#define MARK                                                                                       \
    "\"extensions\":[{\"name\":\"jig-descriptor-source\",\"valueType\":\"xs:string\","             \
    "\"value\":\"repository\"}]"
#define SHELL(id, asset, submodels)                                                                \
    "{\"modelType\":\"AssetAdministrationShell\",\"idShort\":\"Press\",\"id\":\"" id               \
    "\",\"assetInformation\":{\"assetKind\":\"Instance\",\"globalAssetId\":\"urn:asset:" asset     \
    "\",\"specificAssetIds\":[{\"name\":\"serial\",\"value\":\"" asset                             \
    "\"}],\"assetType\":\"urn:type:press\"}" submodels "}"
#define REFERS(id)                                                                                 \
    "{\"type\":\"ModelReference\",\"keys\":[{\"type\":\"Submodel\",\"value\":\"" id "\"}]}"

static struct registry *registry;

static void put(const char *json)
{
    struct err err = {0};
    cr_assert_eq(
        fixture_write(registry, REGISTRY_UPSERT, NULL, json, &err), ERR_OK, "%s", err.text);
}

static void drop(enum registry_kind kind, const char *id)
{
    struct registry_change change = {
        .operation = REGISTRY_DELETE, .kind = kind, .id = id, .id_len = strlen(id)};
    enum registry_outcome outcome;
    cr_assert_eq(registry_write(registry, &change, NULL, NULL, &outcome, NULL), ERR_OK);
}

/* One of a few buffers in turn, so that what was made a moment ago is still there. */
static struct buf *next_buf(void)
{
    static struct buf ring[4];
    static size_t at;
    struct buf *buf = &ring[at++ % (sizeof ring / sizeof *ring)];
    buf_finish(buf);
    buf_init(buf, SIZE_MAX);
    return buf;
}

/* What an id shows, "" when nothing. */
static const char *shown(enum registered_kind kind, const char *id)
{
    struct registry_view view;
    struct registered entry;
    struct buf *buf = next_buf();
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(registered_look(&view, kind, id, strlen(id), &entry, NULL), ERR_OK);
    if (entry.visible) {
        registered_write(buf, &view, &entry, BASE);
    }
    registry_view_end(&view);
    return buf_text(buf);
}

static enum err_code change(enum registered_kind kind, enum registry_operation operation,
    const char *id, const char *json, enum registry_outcome *outcome, struct err *err)
{
    struct arena arena;
    struct registered_change one = {
        .kind = kind, .operation = operation, .id = id, .id_len = id == NULL ? 0 : strlen(id)};
    arena_init(&arena, SIZE_MAX);
    if (json != NULL) {
        cr_assert_eq(
            aas_json_read(&arena, json, strlen(json), registered_class(kind), NULL, &one.tree, err),
            ERR_OK);
    }
    enum err_code code = registered_change(registry, &one, 1, NULL, outcome, NULL, err);
    arena_finish(&arena);
    return code;
}

static enum registry_outcome changed(
    enum registered_kind kind, enum registry_operation operation, const char *id, const char *json)
{
    struct err err = {0};
    enum registry_outcome outcome = REGISTRY_UNCHANGED;
    cr_assert_eq(change(kind, operation, id, json, &outcome, &err), ERR_OK, "%s", err.text);
    return outcome;
}

/* The ids of a list, separated by spaces, read in pages of `limit`. */
static const char *listed(enum registered_kind kind, struct registered_filter filter, size_t limit)
{
    struct registry_view view;
    struct arena arena;
    struct registered_page page;
    struct buf *buf = next_buf();
    filter.limit = limit;
    do {
        arena_init(&arena, SIZE_MAX);
        cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
        cr_assert_eq(registered_list(&view, &arena, kind, &filter, &page, NULL), ERR_OK);
        cr_assert_leq(page.count, limit);
        for (size_t i = 0; i < page.count; i++) {
            buf_printf(buf, "%s%.*s", buf->len > 0 ? " " : "", (int)page.entries[i].id_len,
                page.entries[i].id);
        }
        filter.after = page.next;
        registry_view_end(&view);
        arena_finish(&arena);
    } while (page.next != 0);
    return buf_text(buf);
}

static const struct registered_filter no_filter;

/* ------------------------------------------------------------------ derived */

Test(descriptors, a_stored_shell_has_one_with_those_of_its_submodels_until_it_is_deleted)
{
    char submodel[FIXTURE_JSON];
    registry = fixture_open();
    fixture_submodel(submodel, "urn:s", "Data", 1);
    put(submodel);
    put(SHELL("urn:a", "1",
        ",\"submodels\":[" REFERS("urn:s") "," REFERS("urn:s") "," REFERS("urn:unknown") "]"));
    cr_expect_str_eq(shown(REGISTERED_SHELL, "urn:a"),
        "{" MARK ",\"assetKind\":\"Instance\",\"assetType\":\"urn:type:press\",\"endpoints\":[{"
        "\"interface\":\"AAS-3.0\",\"protocolInformation\":{\"href\":\"" BASE
        "/shells/dXJuOmE\",\"endpointProtocol\":\"HTTP\",\"endpointProtocolVersion\":[\"1.1\"]}}],"
        "\"globalAssetId\":\"urn:asset:1\",\"idShort\":\"Press\",\"id\":\"urn:a\","
        "\"specificAssetIds\":[{\"name\":\"serial\",\"value\":\"1\"}],\"submodelDescriptors\":["
        "{" MARK
        ",\"endpoints\":[{\"interface\":\"SUBMODEL-3.0\",\"protocolInformation\":{\"href\":"
        "\"" BASE "/submodels/dXJuOnM\",\"endpointProtocol\":\"HTTP\","
        "\"endpointProtocolVersion\":[\"1.1\"]}}],\"idShort\":\"Data\",\"id\":\"urn:s\","
        "\"semanticId\":{\"type\":\"ExternalReference\",\"keys\":[{\"type\":\"GlobalReference\","
        "\"value\":\"urn:semantic:Data\"}]}}]}");
    drop(REGISTRY_SHELL, "urn:a");
    cr_expect_str_eq(shown(REGISTERED_SHELL, "urn:a"), "");
    cr_expect_str_eq(listed(REGISTERED_SHELL, no_filter, 10), "");
    fixture_verify(registry);
    registry_close(registry);
}

Test(descriptors, what_is_derived_can_be_read_and_judged_as_a_descriptor)
{
    char submodel[FIXTURE_JSON];
    registry = fixture_open();
    fixture_submodel(submodel, "urn:\\\"s\\\"", "Data", 1);
    put(submodel);
    put(SHELL("urn:a", "1", ",\"submodels\":[" REFERS("urn:\\\"s\\\"") "]"));
    const char *json = shown(REGISTERED_SHELL, "urn:a");
    cr_expect_not_null(strstr(json, "\"id\":\"urn:\\\"s\\\"\""), "%s", json);
    cr_expect_eq(changed(REGISTERED_SHELL, REGISTRY_REPLACE, "urn:a", json), REGISTRY_REPLACED);
    cr_expect_null(strstr(shown(REGISTERED_SHELL, "urn:a"), "jig-descriptor-source"));
    fixture_verify(registry);
    registry_close(registry);
}

/* ------------------------------------------------------------------ by hand */

#define BY_HAND "{" ENDPOINT("AAS-3.0", "opc.tcp://a") ",\"id\":\"urn:a\"}"

Test(descriptors, one_registered_by_hand_comes_before_the_derived_one_and_uncovers_it)
{
    registry = fixture_open();
    put(SHELL("urn:a", "1", ""));
    cr_expect_eq(changed(REGISTERED_SHELL, REGISTRY_CREATE, NULL, BY_HAND), REGISTRY_CREATED);
    cr_expect_str_eq(shown(REGISTERED_SHELL, "urn:a"), BY_HAND);
    cr_expect_eq(change(REGISTERED_SHELL, REGISTRY_CREATE, NULL, BY_HAND, NULL, NULL), ERR_EXISTS);
    cr_expect_eq(changed(REGISTERED_SHELL, REGISTRY_DELETE, "urn:a", NULL), REGISTRY_DELETED);
    cr_expect_not_null(strstr(shown(REGISTERED_SHELL, "urn:a"), "jig-descriptor-source"));
    cr_expect_eq(changed(REGISTERED_SHELL, REGISTRY_DELETE, "urn:a", NULL), REGISTRY_DELETED);
    cr_expect_str_eq(shown(REGISTERED_SHELL, "urn:a"), "");
    cr_expect_eq(
        change(REGISTERED_SHELL, REGISTRY_DELETE, "urn:a", NULL, NULL, NULL), ERR_NOT_FOUND);
    fixture_verify(registry);
    registry_close(registry);
}

Test(descriptors, a_removed_one_is_back_when_the_shell_is_stored_anew)
{
    registry = fixture_open();
    put(SHELL("urn:a", "1", ""));
    changed(REGISTERED_SHELL, REGISTRY_DELETE, "urn:a", NULL);
    put(SHELL("urn:a", "2", ""));
    cr_expect_str_eq(listed(REGISTERED_SHELL, no_filter, 1), "");
    drop(REGISTRY_SHELL, "urn:a");
    put(SHELL("urn:a", "3", ""));
    cr_expect_str_eq(listed(REGISTERED_SHELL, no_filter, 1), "urn:a");
    fixture_verify(registry);
    registry_close(registry);
}

Test(descriptors, an_id_known_by_registration_only_can_be_stored_and_keeps_its_place)
{
    registry = fixture_open();
    changed(REGISTERED_SHELL, REGISTRY_UPSERT, NULL, BY_HAND);
    put(SHELL("urn:b", "2", ""));
    fixture_verify(registry);
    cr_expect_str_eq(listed(REGISTERED_SHELL, no_filter, 1), "urn:a urn:b");
    put(SHELL("urn:a", "1", ""));
    cr_expect_str_eq(shown(REGISTERED_SHELL, "urn:a"), BY_HAND);
    drop(REGISTRY_SHELL, "urn:a");
    cr_expect_str_eq(listed(REGISTERED_SHELL, no_filter, 1), "urn:a urn:b");
    changed(REGISTERED_SHELL, REGISTRY_DELETE, "urn:a", NULL);
    cr_expect_str_eq(listed(REGISTERED_SHELL, no_filter, 1), "urn:b");
    fixture_verify(registry);
    registry_close(registry);
}

Test(descriptors, a_batch_is_stored_wholly_or_not_at_all_and_names_what_is_to_blame)
{
    struct arena arena;
    struct registered_change changes[3];
    size_t failed = 0;
    char json[200];
    registry = fixture_open();
    changed(REGISTERED_SHELL, REGISTRY_UPSERT, NULL, BY_HAND);
    arena_init(&arena, SIZE_MAX);
    for (size_t i = 0; i < 3; i++) {
        changes[i] =
            (struct registered_change){.kind = REGISTERED_SHELL, .operation = REGISTRY_CREATE};
        snprintf(json, sizeof json, "{\"id\":\"urn:%c\"}", "xya"[i]);
        cr_assert_eq(aas_json_read(&arena, json, strlen(json), registered_class(REGISTERED_SHELL),
                         NULL, &changes[i].tree, NULL),
            ERR_OK);
    }
    cr_expect_eq(registered_change(registry, changes, 3, NULL, NULL, &failed, NULL), ERR_EXISTS);
    cr_expect_eq(failed, 2);
    cr_expect_str_eq(listed(REGISTERED_SHELL, no_filter, 10), "urn:a");
    cr_expect_eq(registered_change(registry, changes, 2, NULL, NULL, &failed, NULL), ERR_OK);
    changes[1].tree = changes[0].tree;
    changes[0].operation = changes[1].operation = REGISTRY_UPSERT;
    cr_expect_eq(registered_change(registry, changes, 2, NULL, NULL, &failed, NULL), ERR_BAD_INPUT);
    cr_expect_str_eq(listed(REGISTERED_SHELL, no_filter, 10), "urn:a urn:x urn:y");
    fixture_verify(registry);
    arena_finish(&arena);
    registry_close(registry);
}

Test(descriptors, what_breaks_the_schema_is_refused_with_place_and_rule)
{
    static const struct {
        enum registered_kind kind;
        const char *json;
        const char *path;
        const char *rule;
    } rows[] = {
        {REGISTERED_SUBMODEL, "{\"id\":\"urn:a\"}", "", "schema-required"},
        {REGISTERED_SUBMODEL, "{\"id\":\"urn:a\",\"endpoints\":[]}", "/endpoints",
            "schema-empty-list"},
        {REGISTERED_SHELL, "{\"id\":\"\"}", "/id", "schema-length"},
        {REGISTERED_SHELL, "{\"id\":\"urn:a\",\"idShort\":\"4\"}", "/idShort", "AASd-002"},
        {REGISTERED_SHELL, "{\"id\":\"urn:a\",\"assetKind\":\"Thing\"}", "/assetKind",
            "schema-enumeration"},
        {REGISTERED_SHELL, "{\"id\":\"urn:a\",\"endpoints\":[{\"interface\":\"AAS-3.0\"}]}",
            "/endpoints/0", "schema-required"},
        {REGISTERED_LINKS, "{\"specificAssetIds\":[{\"name\":\"a\",\"value\":\"\"}]}",
            "/specificAssetIds/0/value", "schema-length"},
    };
    registry = fixture_open();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct err err = {0};
        const char *id = rows[i].kind == REGISTERED_LINKS ? "urn:a" : NULL;
        cr_expect_eq(change(rows[i].kind, REGISTRY_CREATE, id, rows[i].json, NULL, &err),
            ERR_INVALID, "%s: %s", rows[i].json, err.text);
        cr_expect_str_eq(err.path, rows[i].path, "%s", rows[i].json);
        cr_expect_str_eq(err.rule, rows[i].rule, "%s", rows[i].json);
    }
    registry_close(registry);
}

/* ------------------------------------------------------------------ lists and links */

Test(descriptors, kind_and_type_of_the_asset_are_found_in_both_ways_of_registration)
{
    static const struct registered_filter of_type = {.asset_type = "urn:type:press"};
    static const struct registered_filter of_both = {
        .asset_kind = "Instance", .asset_type = "urn:type:press"};
    registry = fixture_open();
    put(SHELL("urn:a", "1", ""));
    put(SHELL("urn:b", "2", ""));
    changed(REGISTERED_SHELL, REGISTRY_UPSERT, NULL,
        "{\"assetKind\":\"Type\",\"assetType\":\"urn:type:press\",\"id\":\"urn:c\"}");
    cr_expect_str_eq(listed(REGISTERED_SHELL, of_type, 2), "urn:a urn:b urn:c");
    cr_expect_str_eq(listed(REGISTERED_SHELL, of_both, 1), "urn:a urn:b");
    changed(REGISTERED_SHELL, REGISTRY_UPSERT, NULL, BY_HAND);
    cr_expect_str_eq(listed(REGISTERED_SHELL, of_both, 1), "urn:b");
    fixture_verify(registry);
    registry_close(registry);
}

#define LINKS(name, value)                                                                         \
    "{\"specificAssetIds\":[{\"name\":\"" name "\",\"value\":\"" value "\"}]}"

Test(descriptors, links_come_from_the_asset_until_others_are_registered)
{
    static const struct registry_asset_id serial[] = {
        {"globalAssetId", "urn:asset:1"}, {"serial", "1"}};
    static const struct registry_asset_id other[] = {{"batch", "7"}};
    static const struct registered_filter by_serial = {.asset_ids = serial, .asset_id_count = 2};
    static const struct registered_filter by_other = {.asset_ids = other, .asset_id_count = 1};
    registry = fixture_open();
    put(SHELL("urn:a", "1", ""));
    put(SHELL("urn:b", "2", ""));
    cr_expect_str_eq(shown(REGISTERED_LINKS, "urn:a"),
        "[{\"name\":\"globalAssetId\",\"value\":\"urn:asset:1\"},"
        "{\"name\":\"serial\",\"value\":\"1\"}]");
    cr_expect_str_eq(listed(REGISTERED_LINKS, by_serial, 10), "urn:a");
    changed(REGISTERED_LINKS, REGISTRY_UPSERT, "urn:a", LINKS("batch", "7"));
    changed(REGISTERED_LINKS, REGISTRY_UPSERT, "urn:far", LINKS("batch", "7"));
    cr_expect_str_eq(shown(REGISTERED_LINKS, "urn:a"), "[{\"name\":\"batch\",\"value\":\"7\"}]");
    cr_expect_str_eq(listed(REGISTERED_LINKS, by_serial, 10), "");
    cr_expect_str_eq(listed(REGISTERED_LINKS, by_other, 1), "urn:a urn:far");
    changed(REGISTERED_LINKS, REGISTRY_DELETE, "urn:a", NULL);
    cr_expect_str_eq(listed(REGISTERED_LINKS, by_serial, 10), "urn:a");
    fixture_verify(registry);
    registry_close(registry);
}

/* ------------------------------------------------------------------ keeping and taking along */

Test(descriptors, everything_registered_survives_closing_and_goes_with_an_export)
{
    struct registry_view view;
    struct buf first;
    struct buf second;
    size_t count = 0;
    registry = fixture_open();
    put(SHELL("urn:b", "2", ""));
    changed(REGISTERED_SHELL, REGISTRY_UPSERT, NULL, BY_HAND);
    changed(REGISTERED_LINKS, REGISTRY_UPSERT, "urn:far", LINKS("batch", "7"));
    changed(REGISTERED_SHELL, REGISTRY_DELETE, "urn:b", NULL);
    registry_close(registry);
    registry = fixture_open();
    buf_init(&first, SIZE_MAX);
    buf_init(&second, SIZE_MAX);
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(registered_export(&view, &first, &count, NULL), ERR_OK);
    registry_view_end(&view);
    cr_expect_eq(count, 3);
    registry_close(registry);
    fixture_stop();
    fixture_start();
    registry = fixture_open();
    put(SHELL("urn:b", "2", ""));
    cr_assert_eq(
        registered_import(registry, first.bytes, first.len, false, NULL, &count, NULL), ERR_OK);
    cr_expect_eq(count, 3);
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(registered_export(&view, &second, &count, NULL), ERR_OK);
    registry_view_end(&view);
    cr_expect_str_eq(buf_text(&second), buf_text(&first));
    buf_finish(&first);
    buf_finish(&second);
    fixture_verify(registry);
    registry_close(registry);
}

/* As a program of the first format left it: the shell is not found by its asset's kind and type. */
static enum err_code make_old(struct store_txn *txn, void *context, struct err *err)
{
    struct arena *arena = context;
    struct document_record record;
    struct record_row rows[16];
    struct record_row row;
    unsigned char format[8];
    size_t count = 0;
    cr_assert_eq(record_find(txn, REGISTRY_SHELL, "urn:a", 5, &record, err), ERR_OK);
    const struct registry_document *old = &record.document;
    const struct record_head head = {old->number, old->revision, old->created_ms, old->updated_ms};
    struct document_prepared made = {.kind = REGISTRY_SHELL,
        .id = "urn:a",
        .id_len = 5,
        .json = arena_copy(arena, old->json, old->json_len),
        .json_len = old->json_len,
        .index = arena_copy(arena, old->index, old->index_len),
        .index_len = old->index_len};
    const unsigned char *before =
        (const unsigned char *)arena_copy(arena, (const char *)record.rows, record.rows_len);
    memcpy(made.hash, old->hash, STORE_HASH_BYTES);
    memcpy(made.search_hash, record.search_hash, STORE_HASH_BYTES);
    for (size_t at = 0; record_row_next(before, record.rows_len, &at, &row);) {
        if (row.index != KEY_INDEX_ASSET_KIND && row.index != KEY_INDEX_ASSET_TYPE) {
            rows[count++] = row;
        }
    }
    cr_assert_eq(record_make_rows(arena, rows, count, &made, err), ERR_OK);
    cr_assert_eq(record_put(txn, &made, &head), ERR_OK);
    cr_assert_eq(record_change_rows(txn, REGISTRY_SHELL, head.number, before, record.rows_len,
                     made.rows, made.rows_len),
        ERR_OK);
    value_set_u64(format, 1);
    return store_put(txn, STORE_META, "format", 6, format, sizeof format);
}

Test(descriptors, a_store_of_the_first_format_is_brought_up_to_date_when_it_is_opened)
{
    static const struct registered_filter of_type = {.asset_type = "urn:type:press"};
    struct arena arena;
    arena_init(&arena, SIZE_MAX);
    registry = fixture_open();
    put(SHELL("urn:a", "1", ""));
    cr_assert_eq(store_write(registry_store(registry), make_old, &arena, NULL), ERR_OK);
    cr_expect_str_eq(listed(REGISTERED_SHELL, of_type, 10), "");
    registry_close(registry);
    registry = fixture_open();
    cr_expect_str_eq(listed(REGISTERED_SHELL, no_filter, 10), "urn:a");
    cr_expect_str_eq(listed(REGISTERED_SHELL, of_type, 10), "urn:a");
    fixture_verify(registry);
    registry_close(registry);
    arena_finish(&arena);
}

/* ------------------------------------------------------------------ verification */

struct damage {
    enum store_table table;
    const char *key;
    size_t key_len;
    int at;           /* byte of the value that is changed, -1: the row is removed */
    const char *said; /* by the verification */
};

static void collect(void *context, const char *text)
{
    char *said = context;
    snprintf(said + strlen(said), 4096 - strlen(said), "%s\n", text);
}

/* Does the damage, or undoes it when called again with the same bytes. */
static enum err_code do_damage(struct store_txn *txn, void *context, struct err *err)
{
    static char kept[4096];
    static size_t kept_len;
    static bool gone;
    const struct damage *damage = context;
    struct store_bytes value;
    (void)err;
    if (gone) {
        gone = false;
        return store_put(txn, damage->table, damage->key, damage->key_len, kept, kept_len);
    }
    cr_assert_eq(store_get(txn, damage->table, damage->key, damage->key_len, &value), ERR_OK);
    memcpy(kept, value.bytes, value.len);
    kept_len = value.len;
    gone = damage->at < 0;
    if (gone) {
        return store_delete(txn, damage->table, damage->key, damage->key_len);
    }
    char changed_bytes[4096];
    memcpy(changed_bytes, kept, kept_len);
    changed_bytes[damage->at] ^= 1;
    return store_put(txn, damage->table, damage->key, damage->key_len, changed_bytes, kept_len);
}

#define KEY(text) text, sizeof(text) - 1
#define NUMBER_1 "\0\0\0\0\0\0\0\1"

Test(descriptors, every_damaged_registration_is_noticed)
{
    static const struct damage rows[] = {
        {STORE_REGISTERED, KEY("\1" NUMBER_1), 0, "the record is damaged"},
        {STORE_REGISTERED, KEY("\1" NUMBER_1), 48, "not those of the hash"},
        {STORE_REGISTERED, KEY("\1" NUMBER_1), 64, "its id leads elsewhere"},
        {STORE_REGISTERED, KEY("\3" NUMBER_1), -1, "the index has a row that the document has not"},
        {STORE_REGISTERED, KEY("\x81" NUMBER_1), -1, "it has an id and no history"},
    };
    registry = fixture_open();
    changed(REGISTERED_SHELL, REGISTRY_UPSERT, NULL, BY_HAND);
    changed(REGISTERED_LINKS, REGISTRY_UPSERT, "urn:a", LINKS("batch", "7"));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct registry_verification found = {.problems = 0};
        struct damage damage = rows[i];
        char *said = calloc(1, 4096);
        cr_assert_eq(store_write(registry_store(registry), do_damage, &damage, NULL), ERR_OK);
        cr_assert_eq(registry_verify(registry, collect, said, &found, NULL), ERR_OK);
        cr_expect_gt(found.problems, 0);
        cr_expect_not_null(strstr(said, rows[i].said), "'%s' is not in: %s", rows[i].said, said);
        cr_assert_eq(store_write(registry_store(registry), do_damage, &damage, NULL), ERR_OK);
        free(said);
    }
    fixture_verify(registry);
    registry_close(registry);
}
