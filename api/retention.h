/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_RETENTION_H
#define JIG_API_RETENTION_H
/*
 * Keeps the rule of a server for how long values stay: a thread that takes old ones out of the
 * histories when it starts and once an hour (registry/prune.h). It writes in small pieces, so that
 * nobody waits for it, and ends between two of them.
 */
#include "registry/registry.h"

struct retention;

/* Starts the thread. `said` ("90d") and the registry must outlive it. ERR_NO_MEMORY. */
ERR_MUST_USE enum err_code retention_start(struct registry *registry, int64_t keep_ms,
    const char *said, struct retention **retention, struct err *err);

/* Ends it and waits until it has ended. NULL is fine. */
void retention_stop(struct retention *retention);

#endif
