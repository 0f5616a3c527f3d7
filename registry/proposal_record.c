/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/proposal_record.h"

#include <string.h>

#include "aas/buf.h"

enum {
    AT_STATE = 4,
    AT_ERRORS = 8,
    AT_CREATED = 12,
    AT_DECIDED = 20,
    AT_BASE = 28,
    AT_CONTENT = AT_BASE + STORE_HASH_BYTES,
    HEAD = AT_CONTENT + STORE_HASH_BYTES,
    TEXTS = 7,
    VALUE_CEILING = 64 * 1024,
};

static const size_t texts[TEXTS] = {offsetof(struct proposal, family),
    offsetof(struct proposal, label), offsetof(struct proposal, author),
    offsetof(struct proposal, message), offsetof(struct proposal, decider),
    offsetof(struct proposal, reason), offsetof(struct proposal, became)};

void key_proposal(struct store_key *key, uint64_t number)
{
    key_start(key);
    key_add_number(key, number);
}

bool proposal_read(struct store_bytes value, uint64_t number, struct proposal *proposal)
{
    const unsigned char *head = value.bytes;
    if (value.len < HEAD || value_u32(head) != value.len ||
        value_u32(head + AT_STATE) >= PROPOSAL_STATES) {
        return false;
    }
    *proposal = (struct proposal){.number = number,
        .state = (enum proposal_state)value_u32(head + AT_STATE),
        .errors = value_u32(head + AT_ERRORS),
        .created_ms = (int64_t)value_u64(head + AT_CREATED),
        .decided_ms = (int64_t)value_u64(head + AT_DECIDED)};
    memcpy(proposal->base, head + AT_BASE, STORE_HASH_BYTES);
    memcpy(proposal->content, head + AT_CONTENT, STORE_HASH_BYTES);
    size_t at = HEAD;
    for (size_t i = 0; i < TEXTS; i++) {
        const char *text = (const char *)head + at;
        const char *end = at < value.len ? memchr(text, '\0', value.len - at) : NULL;
        if (end == NULL) {
            return false;
        }
        memcpy((char *)proposal + texts[i], &text, sizeof text);
        at += (size_t)(end - text) + 1;
    }
    return at == value.len;
}

enum err_code proposal_put(struct store_txn *txn, const struct proposal *proposal)
{
    unsigned char head[HEAD] = {0};
    struct store_key key;
    struct buf buf;
    value_set_u32(head + AT_STATE, proposal->state);
    value_set_u32(head + AT_ERRORS, proposal->errors);
    value_set_u64(head + AT_CREATED, (uint64_t)proposal->created_ms);
    value_set_u64(head + AT_DECIDED, (uint64_t)proposal->decided_ms);
    memcpy(head + AT_BASE, proposal->base, STORE_HASH_BYTES);
    memcpy(head + AT_CONTENT, proposal->content, STORE_HASH_BYTES);
    buf_init(&buf, VALUE_CEILING);
    buf_add(&buf, (const char *)head, sizeof head);
    for (size_t i = 0; i < TEXTS; i++) {
        const char *text = NULL;
        memcpy(&text, (const char *)proposal + texts[i], sizeof text);
        buf_add(&buf, text == NULL ? "" : text, text == NULL ? 1 : strlen(text) + 1);
    }
    enum err_code code = ERR_TOO_LARGE;
    if (!buf_failed(&buf)) {
        value_set_u32((unsigned char *)buf.bytes, (uint32_t)buf.len);
        key_proposal(&key, proposal->number);
        code = store_put(txn, STORE_PROPOSALS, key.bytes, key.len, buf.bytes, buf.len);
    }
    buf_finish(&buf);
    return code;
}
