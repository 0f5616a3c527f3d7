/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_PATH_INDEX_H
#define JIG_REGISTRY_PATH_INDEX_H
/*
 * Path index: where in a document's canonical bytes each submodel element stands, so that an
 * element is given out as a slice, without parsing and without allocating.
 *
 * It is an array of entries of fixed size in document order, the identifiable itself first; an
 * entry knows how many entries its subtree has, so a path is followed from sibling to sibling.
 * Entries are little endian and read byte-wise: the store does not align small values.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "aas/arena.h"
#include "aas/buf.h"
#include "aas/err.h"
#include "aas/json.h"
#include "aas/tree.h"

enum { PATH_ENTRY_BYTES = 24, PATH_INDEX_DEPTH = AAS_JSON_MAX_DEPTH };

struct path_entry {
    uint32_t offset; /* of the JSON object in the document */
    uint32_t len;
    uint32_t skip;        /* entries of the subtree, this one included */
    uint32_t name_offset; /* of the idShort between its quotes, in the document */
    uint32_t name_hash;
    uint16_t name_len; /* bytes as written; PATH_NO_NAME without idShort */
    uint16_t flags;    /* enum path_flag */
};
enum { PATH_NO_NAME = 0xffff };
enum path_flag {
    PATH_INDEXED = 1, /* the children are addressed by [index] */
};

/* Collects places while aas_json_write runs. Lives in the caller's memory; everything it allocates
 * is in the arena. */
struct path_index_builder {
    struct arena *arena;
    const struct buf *buf;       /* being written, from its first byte on */
    const struct aas_node *root; /* the identifiable */
    struct path_entry *entries;  /* in the order of completion: children before parents */
    uint32_t *depths;
    size_t count;
    size_t room;
    uint32_t pending[PATH_INDEX_DEPTH + 2]; /* entries waiting for their parent, per depth */
    bool failed;
};

/* Prepares the builder and the marks to give to aas_json_write. `buf` must be empty. */
void path_index_start(struct path_index_builder *builder, struct arena *arena,
    const struct buf *buf, const struct aas_node *root, struct aas_json_marks *marks);

/* The finished index, in the arena. ERR_TOO_LARGE when the arena is full, the document is beyond
 * 4 GiB or nested deeper than PATH_INDEX_DEPTH. */
ERR_MUST_USE enum err_code path_index_finish(
    struct path_index_builder *builder, const void **index, size_t *len, struct err *err);

struct path_index;

/* The index of the document that comes out when the element at entry `at` is replaced by one of
 * `len` bytes whose own index is `part`; in the arena. NULL when the arena is full. */
const void *path_index_splice(struct arena *arena, const struct path_index *whole, size_t at,
    const struct path_index *part, size_t len, size_t *index_len);

/* An index with the document it belongs to. */
struct path_index {
    const unsigned char *entries;
    size_t count;
    const char *json;
    size_t json_len;
};

/* Entry number `at` (0: the identifiable); false beyond the end or when it points outside of the
 * document. */
bool path_index_entry(const struct path_index *index, size_t at, struct path_entry *entry);

/* The entry at a decoded idShort path; the rules and sentences are those of aas_path_parse and
 * aas_path_resolve: ERR_BAD_INPUT, ERR_NOT_FOUND. */
ERR_MUST_USE enum err_code path_index_find(const struct path_index *index, const char *path,
    size_t path_len, size_t *at, struct path_entry *entry, struct err *err);

/* The child of entry `from` that is entry `target` or holds it, and its position among its
 * siblings; false when `from` does not hold `target`. */
bool path_index_towards(const struct path_index *index, size_t from, size_t target, size_t *child,
    struct path_entry *entry, uint32_t *place);

/* The idShort path of entry `at`, cut to `size` bytes; "" for the identifiable. */
void path_index_print(const struct path_index *index, size_t at, char *to, size_t size);

/* The class that the bytes of an element name in "modelType", or NULL. */
const struct meta_class *path_index_class(
    const struct path_index *index, const struct path_entry *entry);

#endif
