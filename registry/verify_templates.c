/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The template part of the verification: versions have their content, package and search entry,
 * families count and show the right ones, and records of imports lead to what is there.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "registry/family_record.h"
#include "registry/import_record.h"
#include "registry/curated_record.h"
#include "registry/search_record.h"
#include "registry/verify_inside.h"

#define ENTRY_ARENA_BYTES ((size_t)512 << 20) /* for one version at a time */

enum { PLACE_BYTES = FAMILY_BYTES_MAX + LABEL_BYTES_MAX + 32, ID_SHOWN = 200 };

/* ------------------------------------------------------------------ versions */

/* A version being looked at. */
struct checked_version {
    char place[PLACE_BYTES];
    struct version_shown name;
    struct version_record record;
    bool latest; /* of its family */
    bool stored; /* its content is there */
};

/* Takes "family, NUL, label" apart. */
static bool read_name(struct store_bytes key, struct version_shown *name)
{
    const char *bytes = key.bytes;
    const char *end = memchr(bytes, '\0', key.len);
    size_t family = end == NULL ? 0 : (size_t)(end - bytes);
    size_t label = end == NULL ? 0 : key.len - family - 1;
    if (family == 0 || family > FAMILY_BYTES_MAX || label == 0 || label > LABEL_BYTES_MAX) {
        return false;
    }
    memcpy(name->family, bytes, family);
    name->family[family] = '\0';
    memcpy(name->label, end + 1, label);
    name->label[label] = '\0';
    return true;
}

/* The entry has exactly one value of a facet, or none when it should be "". */
static void check_facet(struct verification *v, const struct checked_version *version,
    const struct search_record *entry, unsigned facet, const char *wanted)
{
    struct search_facet own;
    size_t fitting = 0;
    size_t others = 0;
    for (size_t at = 0; search_record_facet(entry, &at, &own);) {
        bool same = strncmp(own.value, wanted, SEARCH_FACET_BYTES) == 0;
        fitting += own.facet == facet && same;
        others += own.facet == facet && !same;
    }
    if (others > 0 || fitting != (wanted[0] != '\0')) {
        const char *name = facet == SEARCH_NEWEST ? "newest version"
                                                  : registry_facet_name((enum registry_facet)facet);
        verify_problem(v, "%s: the search has another %s for it", version->place, name);
    }
}

/* The entry is what would be made now, with what is kept beside the template. That a content is not
 * there has been told. */
static void check_entry(
    struct verification *v, const struct checked_version *version, const struct store_key *searched)
{
    struct arena arena;
    struct search_entry entry;
    struct version_record record = version->record;
    record.version.family = version->name.family;
    record.version.label = version->name.label;
    if (!version->stored) {
        return;
    }
    arena_init(&arena, ENTRY_ARENA_BYTES);
    if (curated_version_entry(&v->view.txn, &arena, &record, &entry, NULL) != ERR_OK) {
        verify_problem(v, "%s: its content cannot be read", version->place);
    } else if (!search_is_but(
                   &v->view.txn, searched->bytes, searched->len, &entry, SEARCH_NEWEST)) {
        verify_problem(v, "%s: its search entry does not fit the content and its tags and names",
            version->place);
    }
    arena_finish(&arena);
}

static void check_search(struct verification *v, const struct checked_version *version)
{
    struct store_key searched;
    struct store_key key;
    struct store_bytes value;
    struct search_record entry;
    key_version_searched(&searched, version->name.family, version->name.label);
    key_search_thing(&key, searched.bytes, searched.len);
    uint64_t number = 0;
    if (store_get(&v->view.txn, STORE_SEARCHED, key.bytes, key.len, &value) == ERR_OK &&
        value.len == 8) {
        number = value_u64(value.bytes);
    }
    key_search_number(&key, number);
    if (store_get(&v->view.txn, STORE_SEARCHED, key.bytes, key.len, &value) != ERR_OK ||
        !search_record_read(value, number, &entry)) {
        verify_problem(v, "%s: it is not searched", version->place);
        return;
    }
    const struct registry_version *said = &version->record.version;
    check_facet(v, version, &entry, FACET_FAMILY, version->name.family);
    check_facet(v, version, &entry, FACET_STATE, template_state_text(said->state));
    check_facet(v, version, &entry, FACET_PUBLISHER, said->publisher);
    check_facet(v, version, &entry, SEARCH_NEWEST, version->latest ? "1" : "");
    check_entry(v, version, &searched);
}

static void check_stored(struct verification *v, struct checked_version *version)
{
    static const unsigned char none[STORE_HASH_BYTES];
    const struct version_record *record = &version->record;
    struct store_bytes value;
    struct store_key chunk;
    verify_set_add(&v->contents, record->version.content);
    version->stored = store_get(&v->view.txn, STORE_CONTENT, record->version.content,
                          STORE_HASH_BYTES, &value) == ERR_OK;
    if (!version->stored) {
        verify_problem(v, "%s: its content is not there", version->place);
    }
    if (memcmp(record->package, none, sizeof none) == 0) {
        return;
    }
    verify_set_add(&v->packages, record->package);
    key_start(&chunk);
    key_add(&chunk, record->package, STORE_HASH_BYTES);
    key_add_number(&chunk, 0);
    if (store_get(&v->view.txn, STORE_BLOBS, chunk.bytes, chunk.len, &value) != ERR_OK) {
        verify_problem(v, "%s: the package it came in is not there", version->place);
    }
}

/* The last event of a version; false when it has no history. */
static bool last_event(
    struct verification *v, const char *family, const char *label, struct revision_record *last)
{
    char id[FAMILY_BYTES_MAX + LABEL_BYTES_MAX + 2];
    struct id_place place;
    int len = snprintf(id, sizeof id, "%s@%s", family, label);
    return len > 0 && (size_t)len < sizeof id &&
           id_find(&v->view.txn, REGISTRY_TEMPLATE_VERSION, id, (size_t)len, &place, NULL) ==
               ERR_OK &&
           place.known &&
           revision_last(&v->view.txn, REGISTRY_TEMPLATE_VERSION, place.number, UINT64_MAX, last) ==
               ERR_OK;
}

static bool was_discarded(struct verification *v, const char *family, const char *label)
{
    struct revision_record last;
    return last_event(v, family, label, &last) && last.form == REVISION_NONE;
}

static void check_history(struct verification *v, const struct checked_version *version)
{
    struct revision_record last;
    if (!last_event(v, version->name.family, version->name.label, &last)) {
        verify_problem(v, "%s: it has no history", version->place);
    } else if (memcmp(last.said.after, version->record.version.content, STORE_HASH_BYTES) != 0) {
        verify_problem(v, "%s: its history says another content", version->place);
    }
}

static void check_version(struct verification *v, const struct store_cursor *cursor)
{
    struct checked_version version = {.latest = false};
    struct store_bytes value;
    struct family_record family;
    v->found.versions++;
    if (!read_name(cursor->key, &version.name)) {
        verify_problem(v, "a template version has no family and label as its key");
        return;
    }
    snprintf(version.place, sizeof version.place, "template %s version %s", version.name.family,
        version.name.label);
    if (!version_record_read(cursor->value, &version.record) ||
        template_state_text(version.record.version.state)[0] == '\0') {
        verify_problem(v, "%s: the record is damaged", version.place);
        return;
    }
    if (store_get(&v->view.txn, STORE_FAMILIES, version.name.family, strlen(version.name.family),
            &value) == ERR_OK &&
        family_record_read(value, &family)) {
        version.latest = strcmp(family.latest, version.name.label) == 0;
    } else {
        verify_problem(v, "%s: its family is not there", version.place);
    }
    check_stored(v, &version);
    check_search(v, &version);
    check_history(v, &version);
}

/* ------------------------------------------------------------------ families */

/* A submodel id leads to the version that is shown under it. */
static void check_shown(struct verification *v, const struct store_cursor *cursor)
{
    struct version_shown shown;
    struct version_record record;
    struct store_key key;
    struct id_place place;
    if (!version_shown_read(cursor->value, &shown)) {
        verify_problem(v, "the version shown under a submodel id cannot be read");
        return;
    }
    if (version_find(&v->view.txn, shown.family, shown.label, &record) != ERR_OK) {
        verify_problem(v, "template %s version %s is shown under its id and is not there",
            shown.family, shown.label);
        return;
    }
    const char *id = record.version.submodel_id;
    key_version_shown(&key, id, strlen(id));
    if (cursor->key.len != key.len || memcmp(cursor->key.bytes, key.bytes, key.len) != 0) {
        verify_problem(v, "template %s version %s is shown under another id than its own",
            shown.family, shown.label);
    } else if (id_find(&v->view.txn, REGISTRY_SUBMODEL, id, strlen(id), &place, NULL) != ERR_OK ||
               !place.known) {
        verify_problem(v, "template %s version %s is shown under '%.*s', which nothing has",
            shown.family, shown.label, text_shown(id, strlen(id), ID_SHOWN), id);
    }
}

static void check_family(struct verification *v, const struct store_cursor *cursor)
{
    char name[FAMILY_BYTES_MAX + 1];
    struct family_record family;
    struct family_survey *survey = malloc(sizeof *survey);
    if (((const unsigned char *)cursor->key.bytes)[0] == FAMILY_SHOWN_MARK) {
        check_shown(v, cursor);
        free(survey);
        return;
    }
    v->found.families++;
    size_t len = cursor->key.len < sizeof name ? cursor->key.len : sizeof name - 1;
    memcpy(name, cursor->key.bytes, len);
    name[len] = '\0';
    if (survey == NULL) {
        v->packages.failed = true;
    } else if (!family_record_read(cursor->value, &family)) {
        verify_problem(v, "template %s: the record of the family is damaged", name);
    } else if (family_survey(&v->view.txn, name, survey) != ERR_OK) {
        verify_problem(v, "template %s: its versions cannot be counted", name);
    } else if (family.versions != survey->versions) {
        verify_problem(v, "template %s: there are %lu versions, the family says %zu", name,
            (unsigned long)survey->versions, family.versions);
    } else if (strcmp(family.latest, survey->latest) != 0) {
        verify_problem(v, "template %s: the newest published version is '%s', the family says '%s'",
            name, survey->latest, family.latest);
    } else if (strcmp(family.title, survey->title) != 0) {
        verify_problem(v, "template %s: the title is not that of its newest version", name);
    }
    free(survey);
}

/* ------------------------------------------------------------------ imports */

/* Versions stay but for drafts, identifiables as long as nobody deletes them; their ids stay. */
static void check_import(struct verification *v, const struct store_cursor *cursor)
{
    struct import_record record;
    struct import_record_document document;
    struct version_record version;
    struct id_place place;
    const char *family = NULL;
    const char *label = NULL;
    v->found.imports++;
    if (cursor->key.len != 2 * STORE_HASH_BYTES || !import_record_start(cursor->value, &record)) {
        verify_problem(v, "a record of an import is damaged");
        return;
    }
    while (import_record_version(&record, &family, &label)) {
        if (version_find(&v->view.txn, family, label, &version) != ERR_OK &&
            !was_discarded(v, family, label)) {
            verify_problem(
                v, "template %s version %s was imported and is not there", family, label);
        }
    }
    while (import_record_document(&record, &document)) {
        if (registry_class(document.kind) == NULL ||
            id_find(&v->view.txn, document.kind, document.id, document.id_len, &place, NULL) !=
                ERR_OK ||
            !place.known) {
            verify_problem(v, "'%.*s' was imported and its id is not there",
                text_shown(document.id, document.id_len, ID_SHOWN), document.id);
        }
    }
    if (record.versions > 0 || record.documents > 0 || record.left > 0) {
        verify_problem(v, "a record of an import ends too early or too late");
    }
}

enum err_code verify_templates(struct verification *v, struct err *err)
{
    static const struct {
        enum store_table table;
        void (*check)(struct verification *v, const struct store_cursor *cursor);
    } walks[] = {
        {STORE_VERSIONS, check_version},
        {STORE_FAMILIES, check_family},
        {STORE_IMPORTS, check_import},
    };
    enum err_code code = ERR_OK;
    for (size_t i = 0; i < sizeof walks / sizeof *walks && code == ERR_OK; i++) {
        code = verify_each(v, walks[i].table, walks[i].check, err);
    }
    return code;
}
