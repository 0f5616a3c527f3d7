/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Descriptors and asset links as JSON. What is registered by hand is sent as it stands; what is
 * derived is put together from the pieces of the stored document, along the rows of the
 * descriptor's class, without parsing what they hold.
 */
#include <string.h>

#include "aas/path.h"
#include "registry/registered_record.h"
#include "registry/span.h"

enum { SLOTS = 16, REFERENCES_MAX = 100000 };

/* The pieces a descriptor is made of, by slot of its class. */
struct pieces {
    const struct meta_class *cls;
    struct span slots[SLOTS];
    struct span references; /* to submodels */
};

/* Extensions of a document are about the document. */
static void take_pieces(struct pieces *pieces, struct span object)
{
    struct span name;
    struct span value;
    struct span_walk walk = span_inside(object);
    while (span_member(&walk, &name, &value)) {
        int slot = meta_slot_by_name(pieces->cls, name.at, name.len);
        if (slot >= 0 && slot < SLOTS && pieces->cls->props[slot].id != PROP_extensions) {
            pieces->slots[slot] = value;
        } else if (span_is(name, "assetInformation", 16)) {
            take_pieces(pieces, value); /* once: it holds no other */
        } else if (span_is(name, "submodels", 9)) {
            pieces->references = value;
        }
    }
}

/* The elements of a submodel stand behind everything else and need not be walked over. */
static struct span without_elements(const struct registry_document *document)
{
    static const char elements[] = "\"submodelElements\":[";
    struct path_index index = record_path_index(document);
    struct path_entry first;
    struct span whole = {document->json, document->json_len};
    size_t name = sizeof elements - 1;
    if (document->kind == REGISTRY_SUBMODEL && path_index_entry(&index, 1, &first) &&
        first.offset > name && first.offset < document->json_len &&
        memcmp(document->json + first.offset - name, elements, name) == 0) {
        whole.len = first.offset - name; /* as if the comma before were the closing bracket */
    }
    return whole;
}

static void add_span(struct buf *buf, struct span span)
{
    buf_add(buf, span.at, span.len);
}

static void add_endpoint(
    struct buf *buf, const struct registered *entry, const char *base, const char *interface)
{
    bool tls = strncmp(base, "https:", 6) == 0;
    buf_printf(buf, "[{\"interface\":\"%s\",\"protocolInformation\":{\"href\":\"", interface);
    buf_add_text(buf, base);
    buf_add_text(buf, entry->kind == REGISTERED_SUBMODEL ? "/submodels/" : "/shells/");
    aas_base64url_write(buf, entry->id, entry->id_len);
    buf_printf(buf, "\",\"endpointProtocol\":\"%s\",\"endpointProtocolVersion\":[\"1.1\"]}}]",
        tls ? "HTTPS" : "HTTP");
}

static void write_descriptor(
    struct buf *buf, struct store_txn *txn, const struct registered *entry, const char *base);

/* The id of the submodel that a reference leads to. */
static bool referred_id(struct arena *arena, struct span reference, const char **id, size_t *id_len)
{
    static const char submodel[] = "\"Submodel\"";
    struct span key;
    struct span_walk keys = span_inside(span_find(reference, "keys"));
    while (span_item(&keys, &key)) {
        if (span_is(span_find(key, "type"), submodel, sizeof submodel - 1)) {
            return span_text(arena, span_find(key, "value"), id, id_len);
        }
    }
    return false;
}

/* The numbers of what was written, so that nothing is there twice: a hash table, half empty. */
struct seen {
    uint64_t *numbers; /* 0: free */
    size_t count;
    size_t room; /* power of two */
};

static bool put_number(struct seen *seen, uint64_t number)
{
    size_t at = (size_t)(number * UINT64_C(0x9E3779B97F4A7C15) >> 32) & (seen->room - 1);
    while (seen->numbers[at] != 0) {
        if (seen->numbers[at] == number) {
            return false;
        }
        at = (at + 1) & (seen->room - 1);
    }
    seen->numbers[at] = number;
    seen->count++;
    return true;
}

static bool is_new(struct arena *arena, struct seen *seen, uint64_t number)
{
    if (2 * (seen->count + 1) > seen->room) {
        struct seen grown = {.room = seen->room == 0 ? 32 : 2 * seen->room};
        grown.numbers = arena_alloc(arena, grown.room * sizeof *grown.numbers);
        if (grown.numbers == NULL) {
            return false;
        }
        memset(grown.numbers, 0, grown.room * sizeof *grown.numbers);
        for (size_t i = 0; i < seen->room; i++) {
            (void)(seen->numbers[i] != 0 && put_number(&grown, seen->numbers[i]));
        }
        *seen = grown;
    }
    return put_number(seen, number);
}

/* The descriptors of the submodels that the shell refers to and that are known. */
static void add_submodels(
    struct buf *buf, struct store_txn *txn, struct span references, const char *base)
{
    struct arena arena;
    struct span reference;
    struct seen seen = {.count = 0};
    struct span_walk walk = span_inside(references);
    arena_init(&arena, (size_t)REFERENCES_MAX * 4096);
    buf_add_char(buf, '[');
    while (seen.count < REFERENCES_MAX && span_item(&walk, &reference)) {
        const char *id = NULL;
        size_t id_len = 0;
        struct registered entry;
        if (referred_id(&arena, reference, &id, &id_len) &&
            registered_look_in(txn, REGISTERED_SUBMODEL, id, id_len, &entry, NULL) == ERR_OK &&
            entry.visible && is_new(&arena, &seen, entry.number)) {
            if (seen.count > 1) {
                buf_add_char(buf, ',');
            }
            write_descriptor(buf, txn, &entry, base);
        }
    }
    buf_add_char(buf, ']');
    arena_finish(&arena);
}

static void add_slot(struct buf *buf, struct store_txn *txn, const struct registered *entry,
    const struct pieces *pieces, size_t i, const char *base)
{
    switch (pieces->cls->props[i].id) {
    case PROP_extensions:
        buf_add_text(buf,
            "[{\"name\":\"" REGISTERED_MARK
            "\",\"valueType\":\"xs:string\",\"value\":\"" REGISTERED_MARK_VALUE "\"}]");
        break;
    case PROP_endpoints:
        add_endpoint(
            buf, entry, base, entry->kind == REGISTERED_SUBMODEL ? "SUBMODEL-3.0" : "AAS-3.0");
        break;
    case PROP_submodelDescriptors:
        add_submodels(buf, txn, pieces->references, base);
        break;
    default:
        add_span(buf, pieces->slots[i]);
        break;
    }
}

static bool is_made(enum meta_prop_id id)
{
    return id == PROP_extensions || id == PROP_endpoints;
}

static void derive_descriptor(
    struct buf *buf, struct store_txn *txn, const struct registered *entry, const char *base)
{
    struct pieces pieces = {.cls = registered_class(entry->kind)};
    const char *before = "{\"";
    take_pieces(&pieces, without_elements(&entry->stored));
    for (size_t i = 0; i < pieces.cls->prop_count && i < SLOTS; i++) {
        const struct meta_prop *prop = &pieces.cls->props[i];
        bool submodels = prop->id == PROP_submodelDescriptors && pieces.references.at != NULL;
        if (!is_made(prop->id) && !submodels && pieces.slots[i].at == NULL) {
            continue;
        }
        buf_add_text(buf, before);
        buf_add_text(buf, prop->name);
        buf_add_text(buf, "\":");
        add_slot(buf, txn, entry, &pieces, i, base);
        before = ",\"";
    }
    buf_add_char(buf, '}');
}

static void write_descriptor(
    struct buf *buf, struct store_txn *txn, const struct registered *entry, const char *base)
{
    if (entry->state.given) {
        buf_add(buf, entry->json, entry->json_len);
    } else {
        derive_descriptor(buf, txn, entry, base);
    }
}

/* The global asset id stands among the links under its reserved name (AASd-116). */
static void write_links(struct buf *buf, const struct registered *entry)
{
    struct span whole = {entry->state.given ? entry->json : entry->stored.json,
        entry->state.given ? entry->json_len : entry->stored.json_len};
    struct span owner = entry->state.given ? whole : span_find(whole, "assetInformation");
    struct span global = span_find(owner, "globalAssetId");
    struct span specific = span_find(owner, "specificAssetIds");
    buf_add_char(buf, '[');
    if (global.at != NULL) {
        buf_add_text(buf, "{\"name\":\"" KEY_ASSET_GLOBAL "\",\"value\":");
        add_span(buf, global);
        buf_add_char(buf, '}');
    }
    if (specific.at != NULL && specific.len > 2) {
        if (global.at != NULL) {
            buf_add_char(buf, ',');
        }
        buf_add(buf, specific.at + 1, specific.len - 2);
    }
    buf_add_char(buf, ']');
}

void registered_write(
    struct buf *buf, struct registry_view *view, const struct registered *entry, const char *base)
{
    if (entry->kind == REGISTERED_LINKS) {
        write_links(buf, entry);
    } else {
        write_descriptor(buf, &view->txn, entry, base);
    }
}
