/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_THROTTLE_H
#define JIG_API_THROTTLE_H
/*
 * Slows down whoever guesses: attempts of one kind (a name from one address, an address) are
 * counted, and above a number each costs twice the wait of the one before. The table has a fixed
 * size; what is full forgets whom it has not heard of for longest. Not thread-safe.
 */
#include <stdbool.h>
#include <stdint.h>

enum { THROTTLE_WAYS = 4, THROTTLE_SETS = 256, THROTTLE_FORGET_MS = 15 * 60 * 1000 };

struct throttle_slot {
    uint64_t key; /* 0: free */
    unsigned attempts;
    int64_t last_ms;
    int64_t until_ms;
};

struct throttle {
    struct throttle_slot slots[THROTTLE_SETS][THROTTLE_WAYS];
};

struct throttle_limit {
    unsigned free;   /* attempts that cost nothing */
    int64_t most_ms; /* wait between two at most */
};

/* Milliseconds until the next attempt is taken, 0: now. `now_ms` is of a clock that only goes
 * forward. */
int64_t throttle_wait(const struct throttle *throttle, uint64_t key, int64_t now_ms);

/* Counts an attempt. */
void throttle_note(
    struct throttle *throttle, uint64_t key, struct throttle_limit limit, int64_t now_ms);

/* Takes an attempt back that was none; `all`: every one. */
void throttle_forgive(struct throttle *throttle, uint64_t key, bool all);

#endif
