/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_CURATED_RECORD_H
#define JIG_REGISTRY_CURATED_RECORD_H
/*
 * Layouts of what STORE_CURATED holds; only curated*.c and the verification include it. A value is
 * its own length (4), then texts with a NUL behind each: of a node parent and names, of a row the
 * tags of the four trees (each with a blank between), words and names. A name is two texts, its
 * language and itself.
 */
#include "registry/curated.h"
#include "registry/keys.h"

void key_curated_node(struct store_key *key, enum overlay_tree tree, const char *value);
void key_curated_family(struct store_key *key, const char *family);
void key_curated_model(struct store_key *key, enum registry_kind kind, uint64_t number);

/* Of one that is deleted. */
void key_curated_asleep(struct store_key *key, enum registry_kind kind, uint64_t number);

/* Take stored values apart, into the arena. False: damaged, or the arena is full. */
bool curated_node_read(struct arena *arena, struct store_bytes key, struct store_bytes value,
    struct curated_node *node);
bool curated_row_read(struct arena *arena, struct store_bytes value, struct curated_row *row);

/* Append them as they are stored. */
void curated_node_write(struct buf *buf, const struct curated_node *node);
void curated_row_write(struct buf *buf, const struct curated_row *row);

/* What is shipped of a value, or of a family; texts of the latter in the arena (false: it is full).
 */
void curated_shipped_node(const struct overlay_node *shipped,
    struct curated_name names[OVERLAY_LANGUAGES], struct curated_node *node);
bool curated_shipped_row(
    struct arena *arena, const struct overlay_family *shipped, struct curated_row *row);

/* Makes the search entry of a version out of its content and what is kept beside it; it does not
 * say whether the version is its family's newest. ERR_NOT_FOUND, without words: the submodel is not
 * in the content. */
struct version_record;
ERR_MUST_USE enum err_code curated_version_entry(struct store_txn *txn, struct arena *arena,
    const struct version_record *record, struct search_entry *entry, struct err *err);

/* Counts a change. */
ERR_MUST_USE enum err_code curated_count(struct store_txn *txn);

#endif
