/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_STREAM_H
#define JIG_API_STREAM_H
/*
 * Bodies that are sent piece by piece, out of the store or out of a temporary file. Each piece is
 * copied in a view of its own, so that no transaction waits for a slow client; when a content is
 * removed meanwhile, the connection ends before its last byte and the client sees a cut answer.
 */
#include "api/transfer.h"
#include "registry/files.h"
#include "registry/spool.h"

struct api_stream {
    uint64_t from; /* next byte */
    uint64_t left; /* bytes to be sent; 0: there is no such body */
    unsigned char blob[STORE_HASH_BYTES];
    struct spool file; /* instead of a blob, when opened */
    bool opened;
};

/* What fits into one answer's buffer is better written there at once. */
enum { STREAM_FROM = 256 * 1024 };

/* Sends all of it; `buf` lends its memory. False when the peer went away or took too long, or the
 * content is gone. */
bool stream_send(struct mg_connection *conn, struct watchdog *watchdog,
    const struct transfer_limits *limits, struct registry *registry, struct api_stream *stream,
    struct buf *buf);

/* Closes the temporary file. */
void stream_finish(struct api_stream *stream);

#endif
