/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_REGISTRY_H
#define JIG_REGISTRY_REGISTRY_H
/*
 * The registry: identifiables with their revisions, template families, search: all over one store.
 * The server and the command line call these functions and no others.
 *
 * Reading goes through a view (one moment of the store); what it gives out points into the map and
 * is valid until registry_view_end. Writing goes through registry_write, registry_edit and
 * registry_import; each judges, stores and logs completely and returns when it is durable, or
 * nothing happened. Thread-safe.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "aas/arena.h"
#include "aas/buf.h"
#include "aas/err.h"
#include "aas/tree.h"
#include "conformance/judge.h"
#include "conformance/report.h"
#include "registry/store.h"

enum registry_kind {
    REGISTRY_SHELL = 1,
    REGISTRY_SUBMODEL = 2,
    REGISTRY_CONCEPT_DESCRIPTION = 3,
    /* What is no identifiable and has a history all the same, see event.h. */
    REGISTRY_TEMPLATE_VERSION = 4, /* id: "family@label" */
    REGISTRY_ACCOUNT = 5,          /* id: "user/NAME", "token/NAME" */
    REGISTRY_CURATION = 6,         /* id: "family/NAME", "tree/TREE/VALUE" */
    REGISTRY_PROPOSAL = 7,         /* id: its number */
    REGISTRY_PRUNING = 8,          /* id: "Submodel/NUMBER", see pruned.h */
    REGISTRY_KIND_END
};

/* The metamodel class of a kind, and back (0 for a class that is no identifiable). */
const struct meta_class *registry_class(enum registry_kind kind);
enum registry_kind registry_kind_of(const struct meta_class *cls);
/* "Submodel", "TemplateVersion", …; NULL for no kind. Only kinds with a class are identifiables. */
const char *registry_kind_name(enum registry_kind kind);

struct registry;

/* Opens the store and prepares judgement (judge_start). A new store is seeded with the shipped
 * template library unless `without_library`. */
struct registry_options {
    struct store_options store;
    bool without_library;
    const char *search_values; /* elements found by their values, too: idShorts and semantic ids,
                                * comma-separated, "none" for none; NULL: as the store has it.
                                * Others than so far: all search entries are made again. */
    const char *keep_files;    /* how long files are kept that nothing leads to any more: "90d",
                                * "none"; NULL: as the store has it. See kept.h. */
};
ERR_MUST_USE enum err_code registry_open(
    const struct registry_options *options, struct registry **registry, struct err *err);
void registry_close(struct registry *registry);
struct store *registry_store(struct registry *registry);

/* ------------------------------------------------------------------ reading */

struct registry_view {
    struct registry *registry;
    struct store_txn txn;
};
ERR_MUST_USE enum err_code registry_view_begin(
    struct registry *registry, struct registry_view *view, struct err *err);
void registry_view_end(struct registry_view *view);

struct registry_document {
    enum registry_kind kind;
    uint64_t number;    /* internal number, order of lists */
    uint64_t revision;  /* 1 for the first */
    int64_t created_ms; /* Unix time */
    int64_t updated_ms;
    const char *id; /* not NUL-terminated */
    size_t id_len;
    const char *json; /* canonical bytes */
    size_t json_len;
    unsigned char hash[STORE_HASH_BYTES]; /* of the canonical bytes; the ETag */
    const void *index;                    /* path index */
    size_t index_len;
};

/* One identifiable by id: ERR_NOT_FOUND with a sentence. */
ERR_MUST_USE enum err_code registry_get(struct registry_view *view, enum registry_kind kind,
    const char *id, size_t id_len, struct registry_document *document, struct err *err);

/* The canonical bytes of one element of a document, without parsing: a slice of document->json.
 * `path` is a decoded idShort path. ERR_NOT_FOUND, ERR_BAD_INPUT. `*cls` (NULL allowed) gets its
 * class. */
ERR_MUST_USE enum err_code registry_element(const struct registry_document *document,
    const char *path, size_t path_len, const char **json, size_t *json_len,
    const struct meta_class **cls, struct err *err);

/* Lists identifiables of a kind in stable order (by number). All filters are walks over an index;
 * several must hold together. */
enum { REGISTRY_FILTER_ASSET_IDS = 16 };
struct registry_asset_id {
    const char *name; /* "globalAssetId" is the global one (AASd-116) */
    const char *value;
};
struct registry_filter {
    const char *id_short;    /* exact, NULL: any */
    const char *semantic_id; /* value of a key of semanticId or a supplemental one, NULL: any */
    const char *is_case_of;  /* value of a key in isCaseOf, NULL: any */
    const char *data_specification; /* value of a key of an embedded dataSpecification, NULL: any */
    bool templates_only;            /* submodels of kind Template */
    const struct registry_asset_id *asset_ids; /* of the asset information; all must be there */
    size_t asset_id_count; /* at most REGISTRY_FILTER_ASSET_IDS, else ERR_BAD_INPUT */
    uint64_t after;        /* number of the last one seen, 0: from the start */
    size_t limit;          /* at most this many; 0: 1,000 */
};
struct registry_page {
    struct registry_document *documents; /* in the arena */
    size_t count;
    uint64_t next; /* number to continue after, 0 at the end */
};
ERR_MUST_USE enum err_code registry_list(struct registry_view *view, struct arena *arena,
    enum registry_kind kind, const struct registry_filter *filter, struct registry_page *page,
    struct err *err);

/* The revisions of an identifiable, newest first; also of a deleted one. */
struct registry_revision {
    uint64_t revision;
    int64_t time_ms;
    const char *operation; /* "create", "replace", "value", "delete", "import" */
    const char *author;
    const char *message;
    const char *summary;                    /* what changed, one line */
    unsigned char before[STORE_HASH_BYTES]; /* zeroes for a create */
    unsigned char after[STORE_HASH_BYTES];  /* zeroes for a delete */
};
ERR_MUST_USE enum err_code registry_history(struct registry_view *view, struct arena *arena,
    enum registry_kind kind, const char *id, size_t id_len, uint64_t before_revision, size_t limit,
    struct registry_revision **revisions, size_t *count, struct err *err);

/* The canonical JSON as it was after a revision, inflated into the arena. */
ERR_MUST_USE enum err_code registry_revision_content(struct registry_view *view,
    struct arena *arena, enum registry_kind kind, const char *id, size_t id_len, uint64_t revision,
    const char **json, size_t *len, struct err *err);

/* How many identifiables of a kind there are. */
uint64_t registry_count(struct registry_view *view, enum registry_kind kind);

/* ------------------------------------------------------------------ writing */

/* Who and why, kept with the revision. Texts may be NULL. */
struct access_principal;
struct registry_author {
    const char *name;
    const char *message;
    const struct access_principal *principal; /* what may be changed is decided by; NULL: anything,
                                               * for whoever has the files of the store */
};

enum registry_operation { REGISTRY_CREATE, REGISTRY_REPLACE, REGISTRY_UPSERT, REGISTRY_DELETE };
enum registry_outcome { REGISTRY_CREATED, REGISTRY_REPLACED, REGISTRY_UNCHANGED, REGISTRY_DELETED };

struct registry_change {
    enum registry_operation operation;
    enum registry_kind kind;
    const char *id; /* NULL: the id inside `tree` */
    size_t id_len;
    const struct aas_node *tree;   /* NULL for REGISTRY_DELETE */
    const unsigned char *if_match; /* hash that must be the current one, NULL: any */
    const char *log_operation;     /* NULL: from `operation` */
};

/* Judges `tree` (invalid is refused with ERR_INVALID and the findings in `report`, NULL allowed;
 * errors that the stored one has at the same places, because it was imported with them, are no
 * reason to refuse),
 * stores it as canonical bytes with path index, search postings, revision and counters in one
 * durable transaction. ERR_EXISTS, ERR_NOT_FOUND, ERR_PRECONDITION, ERR_BAD_INPUT (id ≠ id in
 * tree). */
ERR_MUST_USE enum err_code registry_write(struct registry *registry,
    const struct registry_change *change, const struct registry_author *author,
    struct report *report, enum registry_outcome *outcome, struct err *err);

/* Read, change, judge, store of one identifiable, serialised per identifiable so that concurrent
 * edits do not overwrite each other. `edit` gets the tree in `arena` and changes it in place; any
 * result but ERR_OK leaves everything as it was. It may be called again with a fresh tree. */
typedef enum err_code (*registry_edit_fn)(
    struct arena *arena, struct aas_node *identifiable, void *context, struct err *err);
ERR_MUST_USE enum err_code registry_edit(struct registry *registry, enum registry_kind kind,
    const char *id, size_t id_len, const unsigned char *if_match, const char *log_operation,
    registry_edit_fn edit, void *context, const struct registry_author *author,
    struct report *report, struct err *err);

/* registry_write together with an edit of another identifiable, in one durable transaction: both
 * or nothing. The other one must exist (ERR_NOT_FOUND); an edit that leaves it as it is costs no
 * revision. For a submodel that is put into or taken out of a shell. */
struct registry_companion {
    enum registry_kind kind;
    const char *id;
    size_t id_len;
    registry_edit_fn edit;
    void *context;
};
ERR_MUST_USE enum err_code registry_write_with(struct registry *registry,
    const struct registry_change *change, const struct registry_companion *companion,
    const struct registry_author *author, struct report *report, enum registry_outcome *outcome,
    struct err *err);

/* Sets values of one element (a decoded idShort path) without reading the rest of the document, so
 * that a sensor in a large submodel costs little; logged compactly as "value". `edit` gets the
 * element, below nodes that only say what it hangs in, and changes only attributes of its value:
 * class, idShort and number of elements below must stay (ERR_BAD_INPUT). What is judged is the
 * element. Otherwise as
 * registry_edit. */
ERR_MUST_USE enum err_code registry_edit_value(struct registry *registry, enum registry_kind kind,
    const char *id, size_t id_len, const char *path, size_t path_len, const unsigned char *if_match,
    registry_edit_fn edit, void *context, const struct registry_author *author,
    struct report *report, struct err *err);

/* ------------------------------------------------------------------ import and templates */

enum registry_import_outcome {
    REGISTRY_IMPORT_STORED,
    REGISTRY_IMPORT_STORED_WITH_FINDINGS,
    REGISTRY_IMPORT_UNCHANGED,
    REGISTRY_IMPORT_REFUSED,
};
const char *registry_import_outcome_text(
    enum registry_import_outcome outcome); /* "stored_with_findings" */

struct registry_version;
struct registry_import {
    const char *bytes;
    size_t len;
    const char *source; /* path or file name: version hints and records; NULL allowed */
    bool strict;        /* refuse what has errors */
    bool replace;       /* identifiables with the same id and other content are replaced; without,
                         * the stored one stays and the file is reported with a finding */
    bool drafts;        /* templates come in as drafts; without, as published when the author has
                         * the right to publish them, because somebody else has published them */
    enum judge_format format;
    const struct aasx_limits *limits;
    const struct registry_version *said; /* what is known of versions that may be in it: state,
                                          * publisher, times and so on (see versions_file.h) */
    size_t said_count;
};

struct registry_import_result {
    enum registry_import_outcome outcome;
    size_t shells, submodels, concept_descriptions; /* newly stored or replaced */
    size_t versions;                                /* new template versions */
    size_t files;                                   /* attached to shells and submodels */
    size_t kept;        /* already there with the same or (finding) other content */
    const char *family; /* of the (first) template version it is, "" when none; in the arena */
    const char *label;
};

/* Judges a file and stores what is in it, all or nothing, in one durable transaction. Returns
 * ERR_OK for every outcome but REGISTRY_IMPORT_REFUSED, which returns the reason as error. Findings
 * go to `report`. Template submodels become versions of their family with the whole environment;
 * everything else becomes an identifiable. */
ERR_MUST_USE enum err_code registry_import(struct registry *registry, struct arena *arena,
    const struct registry_import *input, const struct registry_author *author,
    struct report *report, struct registry_import_result *result, struct err *err);

enum template_state {
    TEMPLATE_DRAFT,
    TEMPLATE_IN_REVIEW,
    TEMPLATE_PUBLISHED,
    TEMPLATE_DEPRECATED,
    TEMPLATE_WITHDRAWN
};
const char *template_state_text(enum template_state state); /* "draft", "in review", ... */

struct registry_version {
    const char *family;
    const char *label; /* "3.0.1+aas-3.1" */
    const char *title;
    const char *publisher;   /* "IDTA", "Jig", or "" */
    const char *submodel_id; /* AAS id: data, not a key */
    const char *semantic_id; /* value of the last key of the submodel's semanticId, "" */
    enum template_state state;
    int64_t created_ms;
    const char *source; /* file it came from, "" */
    uint32_t errors;    /* findings when it was stored */
    uint32_t warnings;
    unsigned char content[STORE_HASH_BYTES]; /* hash of the whole environment */
    /* of the life cycle, see lifecycle.h */
    const char *base;      /* label that it was made from, "" when from nothing */
    const char *author;    /* who made it, "" */
    const char *successor; /* "2.1" or "other-family@2.1" to be used instead, "" */
    const char *overruled; /* why its number may be too small for its changes, "" */
    uint32_t seen;         /* versions of the family that were published when it was made */
    int64_t published_ms;  /* 0: never */
    int64_t changed_ms;    /* last change of content or state */
};

struct registry_family {
    const char *family;
    const char *title;
    const char *latest; /* label of the newest published version, "" when none */
    size_t versions;
};

/* The family and its versions, newest first, in the arena. ERR_NOT_FOUND. */
ERR_MUST_USE enum err_code registry_family(struct registry_view *view, struct arena *arena,
    const char *family, struct registry_family *result, struct registry_version **versions,
    size_t *count, struct err *err);

/* One version (`label` NULL: the newest published) with its whole environment as canonical JSON. */
ERR_MUST_USE enum err_code registry_version(struct registry_view *view, struct arena *arena,
    const char *family, const char *label, struct registry_version *version, const char **json,
    size_t *json_len, struct err *err);

/* All families in key order after `after` (NULL: from the start). */
ERR_MUST_USE enum err_code registry_families(struct registry_view *view, struct arena *arena,
    const char *after, size_t limit, struct registry_family **families, size_t *count,
    struct err *err);

/* ------------------------------------------------------------------ search */

/* clang-format off */
#define REGISTRY_FACETS(X)                                                                         \
    X(FACET_FAMILY, "family") X(FACET_STATE, "state") X(FACET_KIND, "kind")                        \
    X(FACET_LANGUAGE, "language") X(FACET_PUBLISHER, "publisher")                                  \
    X(FACET_STRUCTURE, "structure") X(FACET_CATEGORY, "category")                                  \
    X(FACET_EQUIPMENT, "equipment") X(FACET_PROCESS, "process") X(FACET_PHASE, "phase")            \
    X(FACET_DICTIONARY, "dictionary")
/* clang-format on */
enum registry_facet {
#define REGISTRY_FACET_SYMBOL(symbol, name) symbol,
    REGISTRY_FACETS(REGISTRY_FACET_SYMBOL)
#undef REGISTRY_FACET_SYMBOL
        FACET_COUNT
};
const char *registry_facet_name(enum registry_facet facet);

/* By use: how many submodels were made for a template, naming it by semantic id or template id; how
 * many things have the id of a concept description. */
enum registry_sort { REGISTRY_BY_RELEVANCE, REGISTRY_BY_NAME, REGISTRY_BY_DATE, REGISTRY_BY_USE };

/* The language of `words`: all of them must occur; "phrase"; -without; begin*; name:, description:,
 * idShort: and semanticId: before any of these say where. A filter by facet ignores case. */
struct registry_query {
    const char *words;               /* "" or NULL: everything */
    const char *facets[FACET_COUNT]; /* value that must be there, NULL: any */
    bool templates_only;
    bool newest_only; /* one hit per family: the best-ranked newest version */
    size_t offset;
    size_t limit; /* 0: 20 */
    bool with_facets;
    enum registry_sort sort; /* by date: newest first, as they came in */
    const char *language; /* tag of the titles: a thing's own name, else one given to it; else the
                           * same in English (NULL: at once), else as they are found */
    bool loose; /* a beginning of too many words finds some of them instead of being refused */
};

struct registry_hit {
    bool is_template;
    double score;
    /* templates */
    const char *family;
    const char *label;
    /* identifiables */
    enum registry_kind kind;
    const char *id;
    /* both */
    const char *title;
    bool title_is_ours;      /* given to it beside its content (see curated.h), not out of it */
    const char *description; /* shortest fitting language, cut, "" */
    const char *state;
    const char *successor; /* what is to be used instead of a deprecated version, "" */
    uint64_t uses;         /* of a template or concept description, as REGISTRY_BY_USE sorts */
};

/* What was looked for, for highlighting. */
struct registry_sought {
    enum { SOUGHT_WORD, SOUGHT_BEGINNING, SOUGHT_SYLLABLES } how;
    const char *text; /* normalised */
    size_t len;
};

/* Nothing was found: instead of `word` other words were looked for. */
struct registry_correction {
    const char *word;
    const char **instead;
    size_t instead_count;
};

struct registry_facet_count {
    enum registry_facet facet;
    const char *value;
    size_t count;
    const char *name; /* of a tag, in the language of the query; "" for other values */
};

struct registry_result {
    struct registry_hit *hits;
    size_t count;
    size_t total;
    bool more; /* of a phrase that very many may have, not all are counted (never with facets) */
    struct registry_facet_count *facets; /* when asked for, most frequent first per facet */
    size_t facet_count;
    const struct registry_sought *sought;
    size_t sought_count;
    const struct registry_correction *corrections;
    size_t correction_count;
};

/* Keyword search (all words must occur; Korean by bigrams with substring check), BM25 ranking.
 * Everything in the arena. */
ERR_MUST_USE enum err_code registry_search(struct registry_view *view, struct arena *arena,
    const struct registry_query *query, struct registry_result *result, struct err *err);

/* What a search would show of a version (`language`: as in a query), without a score.
 * ERR_NOT_FOUND. */
ERR_MUST_USE enum err_code registry_version_hit(struct registry_view *view, struct arena *arena,
    const char *family, const char *label, const char *language, struct registry_hit *hit,
    struct err *err);

/* A piece of a text; the pieces after each other are the text. */
struct registry_piece {
    const char *text; /* points into the text */
    size_t len;
    bool sought;
};
/* Takes a text (a title) apart into what was looked for and what was not. NULL when the arena is
 * full. */
struct registry_piece *registry_highlight(
    struct arena *arena, const struct registry_result *result, const char *text, size_t *count);

/* Titles of what is found by `words` when the last one may go on: those that have one of the words
 * first, then best first, each once. */
struct registry_suggestion {
    const char *title;
    bool title_is_ours;
};
ERR_MUST_USE enum err_code registry_suggest(struct registry_view *view, struct arena *arena,
    const struct registry_query *query, struct registry_suggestion **list, size_t *count,
    struct err *err);

/* ------------------------------------------------------------------ who uses a semantic id */

enum { REGISTRY_USES_LISTED = 100 }; /* of one thing */

/* One place where an id stands. */
struct registry_use {
    const char *role;       /* attribute: "semanticId", "isCaseOf", "valueId", "id", ... */
    const char *path;       /* idShort path of the nearest submodel element, "" above them */
    const char *model_type; /* class that has the attribute: "Property", "Qualifier", ... */
    const char *inside;     /* id of the concept description in the environment of a template
                             * version, "": in the submodel itself */
    const char *id;         /* as it is written there */
};

/* A template version or an identifiable with its uses. */
struct registry_user {
    struct registry_hit hit; /* without score */
    struct registry_use *uses;
    size_t use_count; /* listed, at most REGISTRY_USES_LISTED */
    size_t use_total;
};

struct registry_users {
    struct registry_user *users;
    size_t count;
    uint64_t next; /* `after` of the next page, 0 at the end */
};

/* Things that use `id`, exactly, or with any version number in it (`any_version`), in the order in
 * which they came, after `after` (0: from the start), at most `limit`. A page may have fewer, even
 * none, and yet a next one: only so many candidates are looked into at once. */
ERR_MUST_USE enum err_code registry_uses(struct registry_view *view, struct arena *arena,
    const char *id, bool any_version, uint64_t after, size_t limit, struct registry_users *users,
    struct err *err);

#endif
