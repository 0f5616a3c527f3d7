/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_TRANSFER_H
#define JIG_API_TRANSFER_H
/*
 * Moving whole bodies over a connection of the HTTP library, with deadlines of our own, and telling
 * a cut body from a complete one (the library does not).
 */
#include "api/budget.h"
#include "api/guard.h"
#include "api/watchdog.h"
#include "registry/spool.h"

struct mg_connection;

/* What is known of one connection; kept as the library's connection data. */
struct transfer_peer {
    int fd; /* -1 until looked up, -2 when it cannot be found */
};

struct transfer_limits {
    int64_t grace_ms;      /* a body may take this long … */
    size_t bytes_per_ms;   /* … plus its bytes so far at this rate */
    size_t max_body;       /* bytes */
    struct budget *bodies; /* of all bodies together; small ones are not counted */
    size_t max_file;       /* bytes of a body in a temporary file */
    struct budget *files;  /* of all of these together */
};

/* Reads a body completely into `body` (its ceiling is set here). `*taken` counts what it takes from
 * the budget as it grows, for the caller to give back with the body. ERR_BAD_INPUT for a cut or
 * badly chunked one, ERR_TIMEOUT past the deadline, ERR_TOO_LARGE beyond max_body, ERR_BUSY when
 * all bodies together are too large. After an error the connection cannot be used any more. */
ERR_MUST_USE enum err_code transfer_read(struct mg_connection *conn, struct watchdog *watchdog,
    const struct transfer_limits *limits, const struct guard_body *how, size_t *taken,
    struct buf *body, struct err *err);

/* The same into a temporary file, up to max_file; `*taken` counts what it takes from the budget of
 * files. ERR_NO_SPACE, ERR_IO as well. */
ERR_MUST_USE enum err_code transfer_spool(struct mg_connection *conn, struct watchdog *watchdog,
    const struct transfer_limits *limits, const struct guard_body *how, size_t *taken,
    struct spool *spool, struct err *err);

/* Writes all bytes with one call; false when the peer went away or took too long. */
bool transfer_write(struct mg_connection *conn, struct watchdog *watchdog,
    const struct transfer_limits *limits, const char *bytes, size_t len);

/* After an answer to a request whose body was not read: ends our side and takes in a little of what
 * the peer still sends, so that the answer is not lost to a reset. Bounded in bytes and time. */
void transfer_drain(struct mg_connection *conn);

#endif
