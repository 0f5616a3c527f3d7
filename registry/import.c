/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/import.h"

#include <string.h>

#include "registry/concept_lookup.h"
#include "registry/document_record.h"
#include "registry/registry_inside.h"

enum { ID_SHOWN = 200 };

const char *registry_import_outcome_text(enum registry_import_outcome outcome)
{
    static const char *const texts[] = {"stored", "stored_with_findings", "unchanged", "refused"};
    return (unsigned)outcome < sizeof texts / sizeof *texts ? texts[outcome] : "";
}

/* ------------------------------------------------------------------ judging */

/* An identifiable on its own becomes an environment with nothing else in it. */
static enum err_code wrap(struct import *import, struct aas_node *root, struct err *err)
{
    static const enum meta_prop_id lists[] = {[REGISTRY_SHELL] = PROP_assetAdministrationShells,
        [REGISTRY_SUBMODEL] = PROP_submodels,
        [REGISTRY_CONCEPT_DESCRIPTION] = PROP_conceptDescriptions};
    if (root->cls->id == CLASS_Environment) {
        import->environment = root;
        return ERR_OK;
    }
    enum registry_kind kind = registry_kind_of(root->cls);
    if (kind == 0) {
        err_set(
            err, ERR_INVALID, "the file holds a %s, which cannot stand by itself", root->cls->name);
        err_rule(err, "import-root",
            "Import an environment, a shell, a submodel or a concept description.");
        return ERR_INVALID;
    }
    struct aas_node *environment = aas_node_new(import->arena, meta_class(CLASS_Environment));
    if (environment == NULL ||
        aas_set_list(import->arena, environment, lists[kind], &root, 1) != ERR_OK) {
        return err_set(err, ERR_TOO_LARGE, "the file is too large");
    }
    import->environment = environment;
    return ERR_OK;
}

static enum err_code judge(struct import *import, struct report *report, struct err *err)
{
    const struct registry_import *input = import->input;
    struct concept_lookup concepts;
    const struct judge_lookup lookup =
        concept_lookup_begin(&concepts, import->registry, import->arena);
    /* The schema has its say about everything that comes from outside. */
    const struct judge_input asked = {.bytes = input->bytes,
        .len = input->len,
        .format = input->format,
        .limits = input->limits,
        .lookup = &lookup,
        .schema_for_json = true};
    struct judge_result judged = {.root = NULL};
    size_t errors = report->errors;
    size_t warnings = report->warnings;
    enum err_code code = judge_document(import->arena, &asked, report, &judged, err);
    concept_lookup_end(&concepts);
    if (code != ERR_OK) {
        return code;
    }
    import->package = judged.format == JUDGE_AASX;
    import->parts = judged.package;
    import->errors = (uint32_t)(report->errors - errors);
    import->warnings = (uint32_t)(report->warnings - warnings);
    if (input->strict && judged.verdict != REPORT_VALID) {
        return err != NULL && err->code != ERR_OK
                   ? ERR_INVALID
                   : err_set(err, ERR_INVALID, "%s", err_default_text(ERR_INVALID));
    }
    return wrap(import, judged.root, err);
}

/* ------------------------------------------------------------------ telling what came of it */

static void report_version(
    const struct import *import, const struct import_version *version, struct report *report)
{
    if (version->stored_label != version->label && version->fate == FATE_NEW) {
        report_add(report, AAS_WARNING, "import-version-claimed", version->submodel, -1,
            "Compare the two, and withdraw the one that is wrong.",
            "another file with other content has claimed version %s of %s before; this one is "
            "stored as %s",
            version->label, version->family, version->stored_label);
    }
    (void)import;
}

static void report_documents(const struct import *import, struct report *report)
{
    static const char remedy[] = "Import with --replace to store the file's content instead.";
    size_t concepts = 0;
    const struct import_document *first = NULL;
    for (size_t i = 0; i < import->document_count; i++) {
        const struct import_document *document = &import->documents[i];
        const struct document_prepared *prepared = &document->prepared;
        if (document->fate != FATE_KEPT && !(document->twice && document->twice_other)) {
            continue;
        }
        if (prepared->kind == REGISTRY_CONCEPT_DESCRIPTION) {
            first = concepts++ == 0 ? document : first;
        } else {
            report_add(report, AAS_WARNING, "import-exists", document->node, -1,
                document->twice ? NULL : remedy,
                document->twice ? "'%.*s' stands in the file before with other content, which "
                                  "counts"
                                : "'%.*s' is in the store with other content, which stays",
                text_shown(prepared->id, prepared->id_len, ID_SHOWN), prepared->id);
        }
    }
    if (concepts > 0) {
        report_add(report, AAS_INFO, "import-concepts-kept", NULL, -1, remedy,
            "%zu concept description%s other content in the store, which stays; the first one is "
            "'%.*s'",
            concepts, concepts == 1 ? " has" : "s have",
            text_shown(first->prepared.id, first->prepared.id_len, ID_SHOWN), first->prepared.id);
    }
}

static void conclude(struct import *import, struct report *report)
{
    struct registry_import_result *result = &import->result;
    size_t warnings = report->warnings;
    for (size_t i = 0; i < import->version_count; i++) {
        report_version(import, &import->versions[i], report);
    }
    report_documents(import, report);
    if (import->version_count > 0) {
        result->family = import->versions[0].family;
        result->label = import->versions[0].stored_label;
    }
    size_t stored = result->versions + result->shells + result->submodels +
                    result->concept_descriptions + result->files;
    bool findings = import->errors + import->warnings > 0 || report->warnings > warnings;
    result->outcome = stored == 0 ? REGISTRY_IMPORT_UNCHANGED
                      : findings  ? REGISTRY_IMPORT_STORED_WITH_FINDINGS
                                  : REGISTRY_IMPORT_STORED;
}

/* ------------------------------------------------------------------ the way in */

enum err_code import_run(struct registry *registry, struct arena *arena,
    const struct registry_import *input, const char *publisher,
    const struct registry_author *author, struct report *report,
    struct registry_import_result *result, struct err *err)
{
    struct import import = {.registry = registry,
        .arena = arena,
        .input = input,
        .author = author,
        .publisher = publisher,
        .time_ms = write_now_ms(),
        .spool = {.fd = -1},
        .result = {.outcome = REGISTRY_IMPORT_REFUSED, .family = "", .label = ""}};
    bool seen = false;
    const char *source = input->source == NULL ? "" : input->source;
    *result = import.result;
    store_hash(input->bytes, input->len, import.file_hash);
    store_hash(source, strlen(source), import.source_hash);
    enum err_code code = import_seen(&import, &seen, err);
    if (code == ERR_OK && seen && !input->strict) {
        import.result.outcome = REGISTRY_IMPORT_UNCHANGED;
        *result = import.result;
        return ERR_OK;
    }
    if (code == ERR_OK) {
        code = judge(&import, report, err);
    }
    if (code == ERR_OK) {
        code = import_plan(&import, err);
    }
    if (code == ERR_OK) {
        code = import_files_plan(&import, err);
    }
    if (code == ERR_OK) {
        code = import_store(&import, err);
    }
    import_files_finish(&import);
    if (code == ERR_OK) {
        conclude(&import, report);
        *result = import.result;
    }
    return code;
}

enum err_code registry_import(struct registry *registry, struct arena *arena,
    const struct registry_import *input, const struct registry_author *author,
    struct report *report, struct registry_import_result *result, struct err *err)
{
    return import_run(registry, arena, input, NULL, author, report, result, err);
}
