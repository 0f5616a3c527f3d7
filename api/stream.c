/* SPDX-License-Identifier: Apache-2.0 */
#include "api/stream.h"

#include <errno.h>
#include <unistd.h>

enum {
    PIECE = 256 * 1024,
    PIECE_GRACE_MS = 5000, /* a piece may take this long beside its time at the least rate */
};

static bool read_file(struct api_stream *stream, char *to, size_t len)
{
    uint64_t at = stream->from;
    while (len > 0) {
        ssize_t got = pread(stream->file.fd, to, len, (off_t)at);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return false;
        }
        to += got;
        at += (uint64_t)got;
        len -= (size_t)got;
    }
    return true;
}

bool stream_send(struct mg_connection *conn, struct watchdog *watchdog,
    const struct transfer_limits *limits, struct registry *registry, struct api_stream *stream,
    struct buf *buf)
{
    struct transfer_limits later = *limits;
    later.grace_ms = limits->grace_ms < PIECE_GRACE_MS ? limits->grace_ms : PIECE_GRACE_MS;
    buf_clear(buf);
    buf_reserve(buf, stream->left < PIECE ? (size_t)stream->left : PIECE);
    if (buf_failed(buf)) {
        return false;
    }
    while (stream->left > 0) {
        size_t len = stream->left < PIECE ? (size_t)stream->left : PIECE;
        bool fine = stream->opened ? read_file(stream, buf->bytes, len)
                                   : registry_blob_read(registry, stream->blob, stream->from,
                                         buf->bytes, len, NULL) == ERR_OK;
        if (!fine || !transfer_write(conn, watchdog, &later, buf->bytes, len)) {
            return false;
        }
        stream->from += len;
        stream->left -= len;
    }
    return true;
}

void stream_finish(struct api_stream *stream)
{
    if (stream->opened) {
        spool_finish(&stream->file);
        stream->opened = false;
    }
}
