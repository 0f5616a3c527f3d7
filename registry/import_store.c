/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside the transaction: first everything is decided by reading, then everything is stored. A
 * queued change may run again, so nothing of a first run is kept.
 */
#include <string.h>

#include "registry/blobs.h"
#include "registry/curated.h"
#include "registry/document_record.h"
#include "registry/import.h"
#include "registry/lifecycle_inside.h"

static const char log_operation[] = DOCUMENT_LOG_IMPORT;

/* ------------------------------------------------------------------ deciding */

static bool same_content(const struct import *import, const struct version_record *record)
{
    return memcmp(record->version.content, import->content, STORE_HASH_BYTES) == 0;
}

static enum err_code decide_version(
    struct import *import, struct store_txn *txn, struct import_version *version)
{
    struct version_record record;
    version->stored_label = version->label;
    version->fate = FATE_NEW;
    enum err_code code = version_find(txn, version->family, version->label, &record);
    if (code == ERR_OK && same_content(import, &record)) {
        version->fate = FATE_SAME;
        return ERR_OK;
    }
    if (code == ERR_OK) { /* somebody else has claimed this version */
        version->stored_label = version->label_two;
        code = version_find(txn, version->family, version->label_two, &record);
        version->fate = code == ERR_OK ? FATE_SAME : FATE_NEW;
    }
    return code == ERR_NOT_FOUND ? ERR_OK : code;
}

/* True when what is stored now came by an import, so that no person's change is lost. */
static bool was_imported(
    struct store_txn *txn, enum registry_kind kind, const struct registry_document *stored)
{
    struct revision_record last;
    return revision_last(txn, kind, stored->number, UINT64_MAX, &last) == ERR_OK &&
           (strcmp(last.said.operation, log_operation) == 0 ||
               strcmp(last.said.operation, "publish") == 0 ||
               strcmp(last.said.operation, "withdraw") == 0);
}

/* True when what is shown is no draft somebody works on. */
static bool is_published(struct store_txn *txn, const struct version_shown *shown)
{
    struct version_record record;
    return version_find(txn, shown->family, shown->label, &record) == ERR_OK &&
           record.version.state >= TEMPLATE_PUBLISHED;
}

/* A template is shown under its id when it is newer than the version shown. */
static enum import_fate decide_shown(const struct import *import, struct store_txn *txn,
    const struct import_document *document, const struct registry_document *stored)
{
    const struct import_version *version = document->version;
    struct version_shown shown;
    enum err_code code =
        version_shown_find(txn, document->prepared.id, document->prepared.id_len, &shown);
    if (version->state < TEMPLATE_PUBLISHED) { /* drafts hide nothing that is there */
        return FATE_KEPT;
    }
    if (code == ERR_OK && !is_published(txn, &shown)) {
        return FATE_REPLACE; /* the draft keeps its content */
    }
    if (code == ERR_OK && template_label_compare(version->stored_label, shown.label) <= 0) {
        return FATE_OLDER;
    }
    bool may = import->input->replace || was_imported(txn, document->prepared.kind, stored);
    return may ? FATE_REPLACE : FATE_KEPT;
}

static enum err_code decide_document(
    struct import *import, struct store_txn *txn, struct import_document *document)
{
    const struct document_prepared *prepared = &document->prepared;
    const struct import_version *version = document->version;
    struct registry_document stored;
    if (document->twice) {
        document->fate = FATE_TWICE;
        return ERR_OK;
    }
    if (version != NULL && version->fate == FATE_SAME) {
        document->fate = FATE_SAME;
        return ERR_OK;
    }
    enum err_code code =
        document_find(txn, prepared->kind, prepared->id, prepared->id_len, &stored, NULL);
    if (code == ERR_NOT_FOUND) {
        document->fate = FATE_NEW;
        return ERR_OK;
    }
    if (code != ERR_OK) {
        return code;
    }
    if (version != NULL) {
        document->fate = decide_shown(import, txn, document, &stored);
    } else if (memcmp(stored.hash, prepared->hash, STORE_HASH_BYTES) == 0) {
        document->fate = FATE_SAME;
    } else {
        struct version_shown shown;
        bool of_version = prepared->kind == REGISTRY_SUBMODEL &&
                          version_shown_find(txn, prepared->id, prepared->id_len, &shown) == ERR_OK;
        document->fate = import->input->replace && !of_version ? FATE_REPLACE : FATE_KEPT;
    }
    return ERR_OK;
}

static const enum access_class classes[] = {[REGISTRY_SHELL] = ACCESS_MODEL,
    [REGISTRY_SUBMODEL] = ACCESS_MODEL,
    [REGISTRY_CONCEPT_DESCRIPTION] = ACCESS_CONCEPT};

static const struct access_principal *principal_of(const struct import *import)
{
    return import->author == NULL ? NULL : import->author->principal;
}

/* What has been published is only added to by whoever may publish. */
static bool may_complete_version(
    const struct import *import, struct store_txn *txn, const struct import_version *version)
{
    struct version_record record;
    bool draft = version_find(txn, version->family, version->stored_label, &record) == ERR_OK &&
                 record.version.state == TEMPLATE_DRAFT;
    enum access_right right = draft ? RIGHT_UPDATE : RIGHT_PUBLISH;
    return life_may(txn, import->author, right, version->family, NULL) == ERR_OK;
}

bool import_may_complete(
    const struct import *import, struct store_txn *txn, const struct import_document *document)
{
    const struct access_object object = {.cls = classes[document->prepared.kind]};
    return document->version != NULL
               ? may_complete_version(import, txn, document->version)
               : access_decide(principal_of(import), RIGHT_UPDATE, &object, txn, NULL) == ERR_OK;
}

/* A template that takes the place of something that no version has shown. */
static bool takes_place(struct store_txn *txn, const struct import_document *document)
{
    struct version_shown shown;
    return document->fate == FATE_REPLACE && version_shown_find(txn, document->prepared.id,
                                                 document->prepared.id_len, &shown) != ERR_OK;
}

/* Whether the author may do what was decided. */
static enum err_code may_store(struct import *import, struct store_txn *txn, struct err *err)
{
    enum err_code code = ERR_OK;
    if (principal_of(import) == NULL) {
        return ERR_OK;
    }
    for (size_t i = 0; i < import->version_count && code == ERR_OK; i++) {
        bool new = import->versions[i].fate == FATE_NEW;
        code = new ? life_may(txn, import->author, RIGHT_CREATE, import->versions[i].family, err)
                   : ERR_OK;
    }
    for (size_t i = 0; i < import->document_count && code == ERR_OK; i++) {
        const struct import_document *document = &import->documents[i];
        const struct access_object object = {.cls = classes[document->prepared.kind]};
        bool stored = document->fate == FATE_NEW || document->fate == FATE_REPLACE;
        if (stored && (document->version == NULL || takes_place(txn, document))) {
            code = access_decide(import->author->principal,
                document->fate == FATE_NEW ? RIGHT_CREATE : RIGHT_UPDATE, &object, txn, err);
        }
    }
    return code;
}

/* What the decisions amount to. */
struct sum {
    size_t stored;
    size_t same;
    size_t kept;      /* concept descriptions with other content */
    size_t kept_main; /* shells and submodels with other content */
    const struct import_document *first_kept;
};

static void add_up(const struct import *import, struct sum *sum)
{
    *sum = (struct sum){.stored = 0};
    for (size_t i = 0; i < import->document_count; i++) {
        const struct import_document *document = &import->documents[i];
        bool concept = document->prepared.kind == REGISTRY_CONCEPT_DESCRIPTION;
        sum->stored += document->fate == FATE_NEW || document->fate == FATE_REPLACE;
        sum->same += document->fate == FATE_SAME;
        if (document->fate == FATE_KEPT) {
            sum->kept += concept;
            sum->kept_main += !concept;
            bool first = sum->first_kept == NULL;
            bool better = !concept && sum->kept_main == 1;
            sum->first_kept = first || better ? document : sum->first_kept;
        }
    }
}

/* A file of which nothing is new because its ids are taken must not look as if it had been stored.
 */
static enum err_code refuse_taken(const struct import *import, struct err *err)
{
    struct sum sum;
    add_up(import, &sum);
    bool taken = sum.kept_main > 0 || (sum.kept > 0 && sum.same == 0);
    if (import->version_count > 0 || sum.stored > 0 || !taken) {
        return ERR_OK;
    }
    const struct document_prepared *first = &sum.first_kept->prepared;
    int shown = text_shown(first->id, first->id_len, 300);
    size_t others = sum.kept + sum.kept_main - 1;
    if (others == 0) {
        err_set(err, ERR_EXISTS,
            "nothing of the file is new: '%.*s' is in the store with other content", shown,
            first->id);
    } else {
        err_set(err, ERR_EXISTS,
            "nothing of the file is new: '%.*s' and %zu more ids are in the store with other "
            "content",
            shown, first->id, others);
    }
    err_rule(err, "import-exists",
        "Import with --replace to store the file's content in place of the other; the history "
        "keeps both.");
    return ERR_EXISTS;
}

static enum err_code decide(struct import *import, struct store_txn *txn, struct err *err)
{
    enum err_code code = ERR_OK;
    for (size_t i = 0; i < import->version_count && code == ERR_OK; i++) {
        code = decide_version(import, txn, &import->versions[i]);
    }
    for (size_t i = 0; i < import->document_count && code == ERR_OK; i++) {
        code = decide_document(import, txn, &import->documents[i]);
    }
    if (code != ERR_OK) {
        return err_set(err, code, "the store cannot be read");
    }
    code = may_store(import, txn, err);
    return code == ERR_OK ? refuse_taken(import, err) : code;
}

/* ------------------------------------------------------------------ storing */

static const char *semantic_id(const struct aas_node *submodel)
{
    const char *value = aas_last_key(aas_child(submodel, PROP_semanticId));
    return value == NULL ? "" : value;
}

/* A version that was exported comes back as what it was. */
static void take_said(struct registry_version *version, const struct registry_version *said)
{
    version->state = said->state;
    version->publisher = said->publisher;
    version->created_ms = said->created_ms;
    version->changed_ms = said->changed_ms;
    version->published_ms = said->published_ms;
    version->base = said->base;
    version->author = said->author;
    version->successor = said->successor;
    version->overruled = said->overruled;
    version->seen = said->seen;
}

static enum err_code store_version(struct import *import, struct store_txn *txn,
    const struct import_version *version, struct err *err)
{
    const char *id = aas_text(version->submodel, PROP_id);
    const char *source = import->input->source;
    const char *slash = source == NULL ? NULL : strrchr(source, '/');
    char base[LABEL_BYTES_MAX + 1] = "";
    struct version_record record = {
        .version = {.family = version->family,
            .label = version->stored_label,
            .title = version->title,
            .publisher = version->publisher,
            .submodel_id = id == NULL ? "" : id,
            .semantic_id = semantic_id(version->submodel),
            .state = version->state,
            .created_ms = import->time_ms,
            .changed_ms = import->time_ms,
            .published_ms = version->state == TEMPLATE_PUBLISHED ? import->time_ms : 0,
            .base = base,
            .author = import->author == NULL ? NULL : import->author->name,
            .source = slash != NULL    ? slash + 1
                      : source != NULL ? source
                                       : "",
            .errors = import->errors,
            .warnings = import->warnings}};
    memcpy(record.version.content, import->content, STORE_HASH_BYTES);
    enum err_code code = ERR_OK;
    const struct registry_version *said = version->said;
    if (said != NULL) {
        take_said(&record.version, said);
    }
    if (said == NULL && version->state == TEMPLATE_DRAFT) {
        code = life_predecessor(txn, version->family, version->stored_label, base, err);
    }
    if (code == ERR_OK && said == NULL) {
        code = life_published(txn, version->family, &record.version.seen, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    if (import->package) { /* it gives its package back exactly as it came */
        memcpy(record.package, import->file_hash, STORE_HASH_BYTES);
    }
    struct store_key key;
    key_version_searched(&key, version->family, version->stored_label);
    code = version_put(txn, &record);
    if (code == ERR_OK) {
        code = life_note(txn, &record.version, 'e', import->author, import->time_ms);
    }
    if (code == ERR_OK) {
        code = life_event(txn, &record.version, log_operation, NULL, import->content, false,
            import->author, import->time_ms, err);
    }
    if (code == ERR_OK && import->package) {
        code = blob_refer(txn, import->file_hash);
    }
    if (code == ERR_OK) {
        code = search_put(txn, key.bytes, key.len, &version->search, err);
    }
    if (code == ERR_OK) {
        code = family_refresh(txn, version->family, err);
    }
    return code == ERR_OK && curated_generation(txn) != version->curated
               ? curated_renew_version(txn, version->family, version->stored_label, err)
               : code;
}

/* The same environment came without its package before. */
static enum err_code attach_package(
    struct import *import, struct store_txn *txn, const struct import_version *version)
{
    static const unsigned char none[STORE_HASH_BYTES];
    struct version_record record;
    enum err_code code = version_find(txn, version->family, version->stored_label, &record);
    if (code != ERR_OK || memcmp(record.package, none, STORE_HASH_BYTES) != 0 ||
        !may_complete_version(import, txn, version)) {
        return code;
    }
    memcpy(record.package, import->file_hash, STORE_HASH_BYTES);
    code = version_put(txn, &record);
    return code == ERR_OK ? blob_refer(txn, import->file_hash) : code;
}

static enum err_code store_versions(struct import *import, struct store_txn *txn, struct err *err)
{
    enum err_code code = ERR_OK;
    for (size_t i = 0; i < import->version_count && code == ERR_OK; i++) {
        const struct import_version *version = &import->versions[i];
        if (version->fate == FATE_SAME) {
            code = import->package ? attach_package(import, txn, version) : ERR_OK;
            continue;
        }
        code = content_put(txn, import->content, import->packed, import->packed_len);
        if (code == ERR_OK) {
            code = store_version(import, txn, version, err);
        }
        import->result.versions++;
    }
    return code;
}

static void count_stored(struct import *import, enum registry_kind kind)
{
    struct registry_import_result *result = &import->result;
    result->shells += kind == REGISTRY_SHELL;
    result->submodels += kind == REGISTRY_SUBMODEL;
    result->concept_descriptions += kind == REGISTRY_CONCEPT_DESCRIPTION;
}

static enum err_code store_document(struct import *import, struct store_txn *txn,
    const struct import_document *document, struct err *err)
{
    const struct document_prepared *prepared = &document->prepared;
    const struct import_version *version = document->version;
    enum registry_outcome outcome = REGISTRY_UNCHANGED;
    if (document->fate != FATE_NEW && document->fate != FATE_REPLACE) {
        import->result.kept++;
        return ERR_OK;
    }
    enum err_code code = document_put(txn, prepared, REGISTRY_UPSERT, NULL, log_operation,
        import->author, NULL, import->time_ms, &outcome, err);
    if (code == ERR_OK && version != NULL) {
        code = version_shown_put(
            txn, prepared->id, prepared->id_len, version->family, version->stored_label);
    }
    if (outcome == REGISTRY_UNCHANGED) {
        import->result.kept++;
    } else {
        count_stored(import, prepared->kind);
    }
    return code;
}

static enum err_code change(struct store_txn *txn, void *context, struct err *err)
{
    struct import *import = context;
    import->result = (struct registry_import_result){.family = "", .label = ""};
    enum err_code code = decide(import, txn, err);
    if (code != ERR_OK) {
        return code;
    }
    code = store_versions(import, txn, err);
    for (size_t i = 0; i < import->document_count && code == ERR_OK; i++) {
        code = store_document(import, txn, &import->documents[i], err);
    }
    if (code == ERR_OK) {
        code = import_files_store(import, txn, err);
    }
    if (code == ERR_OK) {
        code = import_remember(import, txn);
    }
    return code == ERR_OK || (err != NULL && err->code == code)
               ? code
               : err_set(err, code, "the file cannot be stored");
}

enum err_code import_store(struct import *import, struct err *err)
{
    return store_write(import->registry->store, change, import, err);
}
