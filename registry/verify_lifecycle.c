/* SPDX-License-Identifier: Apache-2.0 */
/* Who has approved and edited versions, against the versions. */
#include <string.h>

#include "registry/verify_inside.h"

enum { NOTE_HEAD = 8 };

static void check_note(struct verification *v, const struct store_cursor *cursor)
{
    struct version_shown name = {.family = ""};
    struct version_record record;
    const char *key = cursor->key.bytes;
    size_t family = strnlen(key, cursor->key.len);
    size_t rest = family < cursor->key.len ? cursor->key.len - family - 1 : 0;
    size_t label = rest > 0 ? strnlen(key + family + 1, rest) : 0;
    bool whole = family > 0 && family < sizeof name.family && label > 0 &&
                 label < sizeof name.label && rest > label + 1 && cursor->value.len >= NOTE_HEAD;
    char what = whole ? key[family + label + 2] : '\0';
    if (what != 'a' && what != 'e') {
        verify_problem(v, "a row about who worked on a version is damaged");
        return;
    }
    memcpy(name.family, key, family);
    memcpy(name.label, key + family + 1, label);
    if (version_find(&v->view.txn, name.family, name.label, &record) != ERR_OK) {
        verify_problem(v, "template %s version %s: somebody has worked on it and it is not there",
            name.family, name.label);
    }
}

enum err_code verify_lifecycle(struct verification *v, struct err *err)
{
    return verify_each(v, STORE_LIFE, check_note, err);
}
