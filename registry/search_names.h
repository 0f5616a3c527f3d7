/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_SEARCH_NAMES_H
#define JIG_REGISTRY_SEARCH_NAMES_H
/*
 * Search documents in the order of their titles. The key of a row of STORE_NAMES is the title in
 * lower case (ASCII letters) with a NUL behind, then the document's number, inverted, so that newer
 * documents come first among equals; big endian. Its value is empty.
 */
#include <stdbool.h>
#include <stdint.h>

#include "registry/keys.h"
#include "registry/store.h"

/* Bytes of a title that decide about its place. */
enum { NAMES_TITLE = 300 };

/* The key of a document with a title. */
void key_name(struct store_key *key, const char *title, uint64_t document);
/* The document of a key; false when it is none. Its title is where the key begins. */
bool key_name_read(struct store_bytes key, uint64_t *document);
/* Less than, equal to or greater than 0, as for strcmp, without the documents. */
int names_compare(const char *a, const char *b);

#endif
