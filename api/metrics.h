/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_METRICS_H
#define JIG_API_METRICS_H
/*
 * Counters of a server and their text for Prometheus (text format 0.0.4). Counting is lock-free and
 * free to call from any thread.
 */
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "aas/buf.h"
#include "registry/store.h"

enum { METRICS_MAX_ROUTES = 512, METRICS_STATUSES = 32, METRICS_BUCKETS = 14 };

struct metrics {
    /* by row of the route table (last: no route) and status row */
    atomic_ullong requests[METRICS_MAX_ROUTES + 1][METRICS_STATUSES];
    atomic_ullong buckets[METRICS_BUCKETS + 1];
    atomic_ullong microseconds;
    atomic_ullong sent_bytes;
    atomic_ullong password_checks; /* by hashing; set before metrics_write */
    atomic_ullong memory_used; /* of all requests together; these three set before metrics_write */
    atomic_ullong memory_peak;
    atomic_ullong memory_most;
    atomic_ullong received_bytes;
    atomic_llong connections;
    atomic_ullong connections_total;
    atomic_ullong protocol_errors; /* requests that never reached a route */
};

struct api_route;

/* Counts one answered request; `route` may be NULL. */
void metrics_count(struct metrics *metrics, const struct api_route *route, int status,
    uint64_t microseconds, size_t received, size_t sent);

/* Appends all metrics with the store's statistics. */
void metrics_write(struct buf *buf, struct metrics *metrics, const struct store_stats *stats);

#endif
