/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_AAS_METER_H
#define JIG_AAS_METER_H
/*
 * Who counts memory while it grows. Arenas and buffers with a meter ask it before they take memory
 * from the system and tell it when they have given it back, so that several of them together stay
 * below a limit that none of them knows.
 */
#include <stdbool.h>
#include <stddef.h>

struct meter {
    /* False: this much more is not to be had; nothing is counted then. */
    bool (*take)(struct meter *meter, size_t bytes);
    void (*give)(struct meter *meter, size_t bytes);
};

/* Both with a meter that may be NULL: nobody counts, and everything is given. */
static inline bool meter_take(struct meter *meter, size_t bytes)
{
    return meter == NULL || meter->take(meter, bytes);
}

static inline void meter_give(struct meter *meter, size_t bytes)
{
    if (meter != NULL && bytes > 0) {
        meter->give(meter, bytes);
    }
}

#endif
