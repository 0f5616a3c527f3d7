/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_AAS_BUF_H
#define JIG_AAS_BUF_H
/*
 * Buffer of bytes that grows, with a ceiling. The first failure sticks: writers append without
 * checking and ask buf_failed once at the end. The buffer owns its bytes until buf_finish or
 * buf_take. One thread at a time.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "aas/meter.h"

struct buf {
    char *bytes; /* not NUL-terminated unless buf_text is called */
    size_t len;
    size_t room;
    size_t ceiling;      /* bytes */
    bool failed;         /* ceiling reached or no memory */
    struct meter *meter; /* set by buf_count */
    size_t counted;      /* bytes it knows of */
};

/* Prepares an empty buffer in the caller's memory that may grow to `ceiling` bytes. */
void buf_init(struct buf *buf, size_t ceiling);

/* Lets `meter` count by how much the buffer grows from now on; a meter before it forgets what it
 * has counted. NULL: nobody counts. */
static inline void buf_count(struct buf *buf, struct meter *meter)
{
    meter_give(buf->meter, buf->counted);
    buf->counted = 0;
    buf->meter = meter;
}

/* Takes room for `more` bytes beside those that are there. */
void buf_reserve(struct buf *buf, size_t more);

/* Frees the bytes; ceiling and meter stay. A zeroed or NULL buffer is fine. */
void buf_finish(struct buf *buf);

/* Empties the buffer, keeps its memory, forgets a failure. */
static inline void buf_clear(struct buf *buf)
{
    buf->len = 0;
    buf->failed = false;
}

/* What buf_add and buf_skip do when the bytes do not fit into the memory at hand. */
void buf_add_more(struct buf *buf, const void *bytes, size_t len);
void buf_skip_more(struct buf *buf, size_t len);

/* Appends bytes, one byte, a NUL-terminated text, a printf-formatted text. Answers are put together
 * of dozens of small pieces, so the usual case is decided where it is called. */
static inline void buf_add(struct buf *buf, const void *bytes, size_t len)
{
    bool fits = len > 0 && len < buf->room - buf->len && buf->len + len <= buf->ceiling;
    if (fits && !buf->failed) {
        memcpy(buf->bytes + buf->len, bytes, len);
        buf->len += len;
    } else {
        buf_add_more(buf, bytes, len);
    }
}

/* Where `most` bytes may be written; whoever used some of them adds them to len. NULL when they do
 * not fit into the memory at hand: buf_add may still find room then. */
static inline char *buf_spare(const struct buf *buf, size_t most)
{
    bool fits = most < buf->room - buf->len && buf->len + most <= buf->ceiling;
    return fits && !buf->failed ? buf->bytes + buf->len : NULL;
}

/* Appends `len` bytes whose content is left to the caller: a header to be filled in later. */
static inline void buf_skip(struct buf *buf, size_t len)
{
    if (buf_spare(buf, len) != NULL) {
        buf->len += len;
    } else {
        buf_skip_more(buf, len);
    }
}

static inline void buf_add_char(struct buf *buf, char c)
{
    buf_add(buf, &c, 1);
}
static inline void buf_add_text(struct buf *buf, const char *text)
{
    buf_add(buf, text, strlen(text));
}
void buf_printf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Appends UTF-8 as a JSON string with its quotes (RFC 8259: only what must be escaped is). */
void buf_add_json_string(struct buf *buf, const char *text, size_t len);

/* Appends UTF-8 as XML character data: escapes & < > and, for attribute values, the quote; CR as a
 * character reference, so that it survives reading. */
void buf_add_xml_text(struct buf *buf, const char *text, size_t len);

/* The bytes with a NUL behind them (not counted in len); "" when empty or failed. */
const char *buf_text(struct buf *buf);

/* True when an append did not fit; the content is then incomplete and must not be used. */
static inline bool buf_failed(const struct buf *buf)
{
    return buf->failed;
}

/* Hands the bytes to the caller (free() them) and leaves the buffer empty. NULL when empty. */
char *buf_take(struct buf *buf, size_t *len);

#endif
