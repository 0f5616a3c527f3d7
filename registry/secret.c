/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/secret.h"

#include <sodium.h>
#include <string.h>

void secret_random(void *bytes, size_t len)
{
    randombytes_buf(bytes, len);
}

void secret_mark(const unsigned char key[SECRET_KEY], const char *const *texts, size_t count,
    unsigned char mark[SECRET_MARK])
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, key, SECRET_KEY, SECRET_MARK);
    for (size_t i = 0; i < count; i++) { /* with the NUL behind each */
        crypto_generichash_update(&state, (const unsigned char *)texts[i], strlen(texts[i]) + 1);
    }
    crypto_generichash_final(&state, mark, SECRET_MARK);
    sodium_memzero(&state, sizeof state);
}

bool secret_equal(const void *a, const void *b, size_t len)
{
    return sodium_memcmp(a, b, len) == 0;
}

void secret_wipe(void *bytes, size_t len)
{
    sodium_memzero(bytes, len);
}

bool secret_base64(const char *text, size_t len, char *decoded)
{
    size_t got = 0;
    while (len > 0 && text[len - 1] == '=') {
        len--;
    }
    if (sodium_base642bin((unsigned char *)decoded, len + 1, text, len, NULL, &got, NULL,
            sodium_base64_VARIANT_ORIGINAL_NO_PADDING) != 0) {
        return false;
    }
    decoded[got] = '\0';
    return strlen(decoded) == got;
}
