/* SPDX-License-Identifier: Apache-2.0 */
#include "api/history_line.h"

#include <inttypes.h>
#include <string.h>

#include "api/support.h"

static void member(struct buf *out, const char *name, const char *text)
{
    if (text != NULL && text[0] != '\0') {
        support_member(out, false, name, text);
    }
}

static void hash_member(struct buf *out, const char *name, const unsigned char *hash)
{
    static const unsigned char none[STORE_HASH_BYTES];
    if (memcmp(hash, none, sizeof none) == 0) {
        return;
    }
    buf_printf(out, ",\"%s\":\"", name);
    for (size_t i = 0; i < STORE_HASH_BYTES; i++) {
        buf_printf(out, "%02x", hash[i]);
    }
    buf_add_char(out, '"');
}

void history_line(struct buf *out, const struct registry_changed *change)
{
    const struct registry_revision *revision = &change->revision;
    buf_printf(out, "{\"sequence\":%" PRIu64, change->sequence);
    member(out, "modelType", registry_kind_name(change->kind));
    member(out, "id", change->id);
    buf_printf(out, ",\"revision\":%" PRIu64 ",\"time\":", revision->revision);
    support_time(out, revision->time_ms);
    member(out, "operation", revision->operation);
    member(out, "author", revision->author);
    member(out, "message", revision->message);
    member(out, "summary", revision->summary);
    hash_member(out, "before", revision->before);
    hash_member(out, "after", revision->after);
    hash_member(out, "chain", change->chain);
    buf_add_text(out, "}\n");
}
