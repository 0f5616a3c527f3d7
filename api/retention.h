/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_RETENTION_H
#define JIG_API_RETENTION_H
/*
 * Keeps the rules of a server for how long things stay: a thread that takes old values out of the
 * histories (registry/prune.h) and files that nothing leads to any more out of what is kept
 * (registry/kept.h), when it starts and once an hour. It writes in small pieces, so that nobody
 * waits for it, and ends between two of them.
 */
#include "registry/registry.h"

struct retention_rules {
    int64_t values_ms; /* how long values stay; 0: for ever. How long files do says the store. */
    const char *said;  /* the same as it was said ("90d"), for the history */
    int64_t every_ms;  /* how often it is looked after, 0: once an hour */
};

struct retention;

/* Starts the thread. The registry must outlive it. ERR_NO_MEMORY. */
ERR_MUST_USE enum err_code retention_start(struct registry *registry,
    const struct retention_rules *rules, struct retention **retention, struct err *err);

/* Ends it and waits until it has ended. NULL is fine. */
void retention_stop(struct retention *retention);

#endif
