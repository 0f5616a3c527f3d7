/* SPDX-License-Identifier: Apache-2.0 */
/* idShort paths: what was parsed, printed and parsed again says the same; base64url likewise. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aas/path.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
    if (!holds) {
        abort();
    }
}

static size_t print(const struct aas_path *path, char *to, size_t room)
{
    size_t len = 0;
    for (size_t i = 0; i < path->count; i++) {
        const struct aas_step *step = &path->steps[i];
        int more = step->id_short == NULL ? snprintf(to + len, room - len, "[%u]", step->index)
                                          : snprintf(to + len, room - len, "%s%.*s",
                                                i > 0 ? "." : "", (int)step->len, step->id_short);
        demand(more > 0 && (size_t)more < room - len);
        len += (size_t)more;
    }
    return len;
}

static void check_path(const char *text, size_t len)
{
    struct aas_path first;
    struct aas_path second;
    struct err err;
    if (aas_path_parse(text, len, &first, &err) != ERR_OK) {
        demand(err.code == ERR_BAD_INPUT && err.text[0] != '\0' && err.remedy[0] != '\0');
        demand(aas_utf8_valid(err.text, strlen(err.text), NULL));
        return;
    }
    char *printed = malloc(AAS_PATH_MAX_BYTES + 1);
    size_t printed_len = print(&first, printed, AAS_PATH_MAX_BYTES + 1);
    demand(printed_len == len && memcmp(printed, text, len) == 0);
    demand(aas_path_parse(printed, printed_len, &second, NULL) == ERR_OK);
    demand(first.count == second.count);
    free(printed);
}

static void check_base64url(const char *text, size_t len)
{
    struct arena arena;
    arena_init(&arena, 1U << 20);
    char *decoded = NULL;
    size_t decoded_len = 0;
    if (aas_base64url_decode(&arena, text, len, &decoded, &decoded_len, NULL) == ERR_OK) {
        const char *encoded = aas_base64url_encode(&arena, decoded, decoded_len);
        demand(encoded != NULL && strlen(encoded) == len && memcmp(encoded, text, len) == 0);
    }
    const char *encoded = aas_base64url_encode(&arena, text, len);
    bool plain = memchr(text, '\0', len) == NULL && aas_utf8_valid(text, len, NULL);
    if (encoded != NULL) {
        enum err_code code =
            aas_base64url_decode(&arena, encoded, strlen(encoded), &decoded, &decoded_len, NULL);
        demand((code == ERR_OK) == plain || code == ERR_TOO_LARGE);
        demand(code != ERR_OK || (decoded_len == len && memcmp(decoded, text, len) == 0));
    }
    arena_finish(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1); /* exact room, so that reading beyond it is seen */
    memcpy(text, data, size);
    check_path(text, size);
    check_base64url(text, size);
    free(text);
    return 0;
}
