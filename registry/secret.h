/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_SECRET_H
#define JIG_REGISTRY_SECRET_H
/* The few things that whoever handles secrets needs, done by libsodium. Thread-safe. */
#include <stdbool.h>
#include <stddef.h>

enum { SECRET_KEY = 32, SECRET_MARK = 32 };

void secret_random(void *bytes, size_t len);

/* BLAKE2b of some texts under a key: says nothing about them to whoever does not have the key. No
 * two lists of texts give the same. */
void secret_mark(const unsigned char key[SECRET_KEY], const char *const *texts, size_t count,
    unsigned char mark[SECRET_MARK]);

/* Takes the same time wherever they differ. */
bool secret_equal(const void *a, const void *b, size_t len);

/* Overwrites, also what is not read again. */
void secret_wipe(void *bytes, size_t len);

/* Decodes base64 (RFC 4648, 4) with or without padding into at least `len` bytes and a NUL. False
 * when it is none, or has a NUL inside. */
bool secret_base64(const char *text, size_t len, char *decoded);

#endif
