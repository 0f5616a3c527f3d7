/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_REGISTERED_H
#define JIG_REGISTRY_REGISTERED_H
/*
 * Descriptors of shells and submodels, and asset links (IDTA-01002, Registry and Discovery).
 *
 * Every stored shell has a descriptor and asset links, every stored submodel a descriptor: they are
 * made out of the document when they are read, so they are there with it and vanish with it, and
 * take no room. Beside them stand those registered by hand. What is registered by hand under an id
 * comes in place of what is derived; when it is removed, the derived one shows again. Removing a
 * derived one hides it until something is registered under its id or the document is stored anew
 * after having been deleted.
 *
 * What is derived is marked by an extension (REGISTERED_MARK); what is registered by hand comes
 * back exactly as it was sent. That extension is dropped from what is registered, so that a copy of
 * a derived descriptor becomes one registered by hand.
 *
 * Both kinds share the numbers of the documents: an id that only a registration knows gets a number
 * of its document's kind. Lists follow these numbers, so that a thing keeps its place whichever way
 * it is known. Entries that are read point into the map, as documents do.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "aas/buf.h"
#include "registry/registry.h"

#define REGISTERED_MARK "jig-descriptor-source"
#define REGISTERED_MARK_VALUE "repository"

enum registered_kind { REGISTERED_SHELL = 1, REGISTERED_SUBMODEL = 2, REGISTERED_LINKS = 3 };
enum { REGISTERED_KIND_END = 4 };

enum {
    REGISTERED_FILTERS = REGISTRY_FILTER_ASSET_IDS + 2,
    REGISTERED_PAGE = 1000,           /* entries on a page unless said otherwise */
    REGISTERED_LOOKED_MAX = 20000,    /* candidates looked at for one page; it may end early */
    REGISTERED_STEPS_MAX = 100000,    /* in the index for one page; the same */
    REGISTERED_CHANGES_MAX = 1000000, /* in one transaction */
};

/* Of what kind the identifiables are that it is about: shells, submodels, shells. */
enum registry_kind registered_about(enum registered_kind kind);
/* What is stored of it: AssetAdministrationShellDescriptor, SubmodelDescriptor, AssetLinks. */
const struct meta_class *registered_class(enum registered_kind kind);

/* What an entry is made of at a moment, to notice changes. Zeroed: nothing is there. */
struct registered_state {
    bool given;    /* registered by hand */
    bool hidden;   /* the derived one was removed */
    bool document; /* the identifiable is stored */
    unsigned char given_hash[STORE_HASH_BYTES];
    unsigned char document_hash[STORE_HASH_BYTES];
};
bool registered_same(const struct registered_state *a, const struct registered_state *b);

struct registered {
    enum registered_kind kind;
    bool visible; /* registered by hand, or derived and not hidden */
    struct registered_state state;
    uint64_t number;
    const char *id; /* not NUL-terminated */
    size_t id_len;
    const char *json; /* when state.given: canonical JSON */
    size_t json_len;
    struct registry_document stored; /* when state.document */
};

/* Looks at one id. ERR_OK also when nothing is there (visible is false). */
ERR_MUST_USE enum err_code registered_look(struct registry_view *view, enum registered_kind kind,
    const char *id, size_t id_len, struct registered *entry, struct err *err);

/* ERR_NOT_FOUND with a sentence. */
enum err_code registered_missing(
    enum registered_kind kind, const char *id, size_t id_len, struct err *err);

/* Pages of entries; all filters must hold. Asset ids belong to REGISTERED_LINKS, the others to
 * REGISTERED_SHELL. */
struct registered_filter {
    const char *asset_kind; /* NULL: any */
    const char *asset_type; /* NULL: any */
    const struct registry_asset_id *asset_ids;
    size_t asset_id_count; /* at most REGISTRY_FILTER_ASSET_IDS, else ERR_BAD_INPUT */
    uint64_t after;        /* number of the last one seen, 0: from the start */
    size_t limit;          /* 0: REGISTERED_PAGE */
};
struct registered_page {
    struct registered *entries; /* in the arena */
    size_t count;
    uint64_t next; /* to continue after, 0 at the end */
};
ERR_MUST_USE enum err_code registered_list(struct registry_view *view, struct arena *arena,
    enum registered_kind kind, const struct registered_filter *filter, struct registered_page *page,
    struct err *err);

/* Appends a visible entry as canonical JSON: a descriptor, or an array of SpecificAssetId. `base`
 * is the address of the server that endpoints of derived descriptors begin with, "http://host",
 * without a slash at its end and without characters that JSON escapes. */
void registered_write(
    struct buf *buf, struct registry_view *view, const struct registered *entry, const char *base);

/* ------------------------------------------------------------------ changing */

struct registered_change {
    enum registered_kind kind;
    enum registry_operation operation; /* REGISTRY_CREATE refuses (ERR_EXISTS) only what is
                                        * registered by hand already */
    const char *id;                    /* NULL: the id inside `tree` */
    size_t id_len;
    struct aas_node *tree; /* of registered_class, loses REGISTERED_MARK; NULL to delete */
    const struct registered_state *expected; /* else ERR_PRECONDITION; NULL: any */
};

/* Judges, then stores all changes in one durable transaction, or none. `outcomes` (NULL allowed)
 * has a place for each. On failure *failed (NULL allowed) is the position of the change that is to
 * blame, `count` when none is. Findings go to `report` (NULL allowed). ERR_INVALID, ERR_EXISTS,
 * ERR_NOT_FOUND, ERR_PRECONDITION, ERR_BAD_INPUT (an id twice; id ≠ id in tree). */
ERR_MUST_USE enum err_code registered_change(struct registry *registry,
    const struct registered_change *changes, size_t count, struct report *report,
    enum registry_outcome *outcomes, size_t *failed, struct err *err);

/* Reads the descriptor of a shell, lets `edit` change its tree and registers the result by hand;
 * once more when it was changed meanwhile. `expected` as above. */
ERR_MUST_USE enum err_code registered_edit_shell(struct registry *registry, const char *id,
    size_t id_len, const struct registered_state *expected, const char *base, registry_edit_fn edit,
    void *context, struct report *report, struct err *err);

/* ------------------------------------------------------------------ taking along */

/* Everything registered by hand (and hidden) as one JSON object; REGISTERED_FILE is what an export
 * calls it. registered_import puts it back in one transaction: what is registered by hand already
 * with other content stays, or is replaced. *stored counts what was new. */
#define REGISTERED_FILE "_registered.json"
ERR_MUST_USE enum err_code registered_export(
    struct registry_view *view, struct buf *buf, size_t *count, struct err *err);
ERR_MUST_USE enum err_code registered_import(struct registry *registry, const char *bytes,
    size_t len, bool replace, struct report *report, size_t *stored, struct err *err);

#endif
