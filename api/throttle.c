/* SPDX-License-Identifier: Apache-2.0 */
#include "api/throttle.h"

#include <stddef.h>

enum { FIRST_WAIT_MS = 1000, DOUBLINGS_MOST = 20 };

static size_t set_of(uint64_t key)
{
    return (size_t)(key % THROTTLE_SETS);
}

static struct throttle_slot *find(struct throttle *throttle, uint64_t key)
{
    struct throttle_slot *set = throttle->slots[set_of(key)];
    for (size_t i = 0; i < THROTTLE_WAYS; i++) {
        if (set[i].key == key) {
            return &set[i];
        }
    }
    return NULL;
}

int64_t throttle_wait(const struct throttle *throttle, uint64_t key, int64_t now_ms)
{
    const struct throttle_slot *set = throttle->slots[set_of(key)];
    for (size_t i = 0; i < THROTTLE_WAYS; i++) {
        if (set[i].key == key && set[i].until_ms > now_ms) {
            return set[i].until_ms - now_ms;
        }
    }
    return 0;
}

/* Its slot, or that of whom nothing was heard for longest. */
static struct throttle_slot *take(struct throttle *throttle, uint64_t key, int64_t now_ms)
{
    struct throttle_slot *slot = find(throttle, key);
    struct throttle_slot *set = throttle->slots[set_of(key)];
    if (slot == NULL) {
        slot = &set[0];
        for (size_t i = 1; i < THROTTLE_WAYS; i++) {
            slot = set[i].last_ms < slot->last_ms ? &set[i] : slot;
        }
        *slot = (struct throttle_slot){.key = key};
    }
    if (now_ms - slot->last_ms > THROTTLE_FORGET_MS) {
        slot->attempts = 0;
    }
    return slot;
}

void throttle_note(
    struct throttle *throttle, uint64_t key, struct throttle_limit limit, int64_t now_ms)
{
    struct throttle_slot *slot = take(throttle, key, now_ms);
    slot->last_ms = now_ms;
    slot->attempts++;
    if (slot->attempts <= limit.free) {
        return;
    }
    unsigned doublings = slot->attempts - limit.free - 1;
    int64_t wait = (int64_t)FIRST_WAIT_MS
                   << (doublings < DOUBLINGS_MOST ? doublings : (unsigned)DOUBLINGS_MOST);
    slot->until_ms = now_ms + (wait < limit.most_ms ? wait : limit.most_ms);
}

void throttle_forgive(struct throttle *throttle, uint64_t key, bool all)
{
    struct throttle_slot *slot = find(throttle, key);
    if (slot == NULL) {
        return;
    }
    if (all) {
        *slot = (struct throttle_slot){.key = 0};
    } else if (slot->attempts > 0) {
        slot->attempts--;
        slot->until_ms = 0;
    }
}
