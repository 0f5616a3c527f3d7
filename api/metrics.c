/* SPDX-License-Identifier: Apache-2.0 */
#include "api/metrics.h"

#include <inttypes.h>

#include "api/routes.h"

/* clang-format off */
#define STATUSES(X)                                                                                \
    X(200) X(201) X(202) X(204) X(304) X(400) X(401) X(403) X(404) X(405) X(406) X(408) X(409)     \
    X(411) X(412) X(413) X(414) X(415) X(417) X(429) X(431) X(500) X(501) X(503) X(505) X(507)
/* clang-format on */
#define STATUS_NUMBER(status) status,
#define STATUS_ROW(status) ROW_##status,
#define STATUS_PLACE(status) [status] = ROW_##status + 1,
enum { STATUSES(STATUS_ROW) STATUS_COUNT };
static const int statuses[] = {STATUSES(STATUS_NUMBER)};
static const unsigned char places[] = {STATUSES(STATUS_PLACE)}; /* their rows and one */
_Static_assert((int)STATUS_COUNT < (int)METRICS_STATUSES, "one place is for every other status");

static const uint64_t bounds_us[METRICS_BUCKETS] = {100, 250, 500, 1000, 2500, 5000, 10000, 25000,
    50000, 100000, 250000, 1000000, 5000000, 30000000};

static size_t status_row(int status)
{
    size_t at = (size_t)status;
    size_t place = at < sizeof places ? places[at] : 0;
    return place > 0 ? place - 1 : STATUS_COUNT;
}

static void add(atomic_ullong *counter, uint64_t value)
{
    atomic_fetch_add_explicit(counter, value, memory_order_relaxed);
}

void metrics_count(struct metrics *metrics, const struct api_route *route, int status,
    uint64_t microseconds, size_t received, size_t sent)
{
    size_t row = route == NULL ? METRICS_MAX_ROUTES : api_route_index(route);
    add(&metrics->requests[row][status_row(status)], 1);
    size_t bucket = 0;
    while (bucket < METRICS_BUCKETS && microseconds > bounds_us[bucket]) {
        bucket++;
    }
    add(&metrics->buckets[bucket], 1);
    add(&metrics->microseconds, microseconds);
    add(&metrics->sent_bytes, sent);
    if (received > 0) {
        add(&metrics->received_bytes, received);
    }
}

static uint64_t get(atomic_ullong *counter)
{
    return atomic_load_explicit(counter, memory_order_relaxed);
}

static void write_requests(struct buf *buf, struct metrics *metrics)
{
    size_t count;
    const struct api_route *routes = api_routes(&count);
    buf_add_text(buf, "# HELP jig_requests_total Requests answered.\n"
                      "# TYPE jig_requests_total counter\n");
    for (size_t i = 0; i <= METRICS_MAX_ROUTES; i++) {
        if (i >= count && i < METRICS_MAX_ROUTES) {
            continue;
        }
        for (size_t s = 0; s <= STATUS_COUNT; s++) {
            uint64_t value = get(&metrics->requests[i][s]);
            if (value > 0) {
                buf_printf(buf,
                    "jig_requests_total{method=\"%s\",route=\"%s\",status=\"%d\"} %" PRIu64 "\n",
                    i < count ? api_method_name(routes[i].method) : "",
                    i < count ? routes[i].pattern : "", s < STATUS_COUNT ? statuses[s] : 0, value);
            }
        }
    }
}

static void write_latency(struct buf *buf, struct metrics *metrics)
{
    uint64_t sum = 0;
    buf_add_text(buf, "# HELP jig_request_seconds Time from the request's header to its answer.\n"
                      "# TYPE jig_request_seconds histogram\n");
    for (size_t i = 0; i < METRICS_BUCKETS; i++) {
        sum += get(&metrics->buckets[i]);
        buf_printf(buf, "jig_request_seconds_bucket{le=\"%g\"} %" PRIu64 "\n",
            (double)bounds_us[i] / 1e6, sum);
    }
    sum += get(&metrics->buckets[METRICS_BUCKETS]);
    buf_printf(buf,
        "jig_request_seconds_bucket{le=\"+Inf\"} %" PRIu64 "\njig_request_seconds_sum %.6f\n"
        "jig_request_seconds_count %" PRIu64 "\n",
        sum, (double)get(&metrics->microseconds) / 1e6, sum);
}

void metrics_write(struct buf *buf, struct metrics *metrics, const struct store_stats *stats)
{
    const struct {
        const char *name;
        const char *type;
        const char *help;
        uint64_t value;
    } rows[] = {
        {"jig_sent_bytes_total", "counter", "Bytes of answers.", get(&metrics->sent_bytes)},
        {"jig_received_bytes_total", "counter", "Bytes of request bodies.",
            get(&metrics->received_bytes)},
        {"jig_connections", "gauge", "Connections open now.",
            (uint64_t)atomic_load(&metrics->connections)},
        {"jig_connections_total", "counter", "Connections accepted.",
            get(&metrics->connections_total)},
        {"jig_protocol_errors_total", "counter", "Requests refused as broken HTTP.",
            get(&metrics->protocol_errors)},
        {"jig_password_checks_total", "counter", "Passwords checked by hashing.",
            get(&metrics->password_checks)},
        {"jig_memory_bytes", "gauge", "Memory that requests have of what they share.",
            get(&metrics->memory_used)},
        {"jig_memory_peak_bytes", "gauge", "The most they ever had.", get(&metrics->memory_peak)},
        {"jig_memory_limit_bytes", "gauge", "What they share.", get(&metrics->memory_most)},
        {"jig_store_commits_total", "counter", "Synced transactions since start.", stats->commits},
        {"jig_store_writes_total", "counter", "Acknowledged writes since start.", stats->writes},
        {"jig_store_queue", "gauge", "Writes waiting to be committed.", stats->queue},
        {"jig_store_used_bytes", "gauge", "Bytes of the store in use.", stats->map_used_bytes},
        {"jig_store_reserved_bytes", "gauge", "Address space of the store.", stats->map_bytes},
    };
    write_requests(buf, metrics);
    write_latency(buf, metrics);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        buf_printf(buf, "# HELP %s %s\n# TYPE %s %s\n%s %" PRIu64 "\n", rows[i].name, rows[i].help,
            rows[i].name, rows[i].type, rows[i].name, rows[i].value);
    }
}
