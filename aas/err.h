/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_AAS_ERR_H
#define JIG_AAS_ERR_H
/*
 * Errors: one table row per kind of failure, one struct that says what, where and how to mend it.
 *
 * Functions that can fail return `enum err_code` and fill a caller-owned `struct err` (which may be
 * NULL when the caller needs no words). Nothing here allocates; texts are cut at the field's size.
 * Threads: a struct err belongs to one thread at a time.
 */
#include <stddef.h>
#include <stdint.h>

/* symbol, HTTP status, command-line exit code, text for the client when nothing better is known */
/* clang-format off */
#define ERR_TABLE(X)                                                                               \
    X(ERR_OK, 200, 0, "done")                                                                      \
    X(ERR_BAD_INPUT, 400, 1, "the input is not as the specification asks")                         \
    X(ERR_UNREADABLE, 400, 2, "the input cannot be read")                                          \
    X(ERR_INVALID, 400, 1, "the input breaks rules of the metamodel")                              \
    X(ERR_UNAUTHENTICATED, 401, 1, "who you are is not known")                                     \
    X(ERR_FORBIDDEN, 403, 1, "this is not allowed")                                                \
    X(ERR_NOT_FOUND, 404, 1, "there is no such thing")                                             \
    X(ERR_NO_OPERATION, 404, 1, "there is no operation at this address")                           \
    X(ERR_METHOD, 405, 1, "this address does not take this method")                                \
    X(ERR_NOT_ACCEPTABLE, 406, 1, "none of the accepted media types can be given")                 \
    X(ERR_TIMEOUT, 408, 1, "the request took too long to arrive")                                  \
    X(ERR_EXISTS, 409, 1, "something with this identifier exists already")                         \
    X(ERR_STATE, 409, 1, "its state does not allow this")                                          \
    X(ERR_LENGTH_REQUIRED, 411, 1, "the length of the body is not known")                          \
    X(ERR_PRECONDITION, 412, 1, "it was changed by somebody else meanwhile")                       \
    X(ERR_TOO_LARGE, 413, 1, "the input is larger than allowed")                                   \
    X(ERR_URI_TOO_LONG, 414, 1, "the address is longer than allowed")                              \
    X(ERR_MEDIA_TYPE, 415, 1, "this media type is not taken here")                                 \
    X(ERR_RANGE, 416, 1, "the file does not have the range that is asked for")                     \
    X(ERR_TOO_OFTEN, 429, 1, "it was tried too often, try again later")                            \
    X(ERR_HEADERS_TOO_LARGE, 431, 1, "there are too many header fields, or too large ones")        \
    X(ERR_INTERNAL, 500, 3, "something went wrong inside")                                         \
    X(ERR_NOT_OFFERED, 501, 1, "this operation is not offered")                                    \
    X(ERR_BUSY, 503, 3, "too much to do at the moment, try again")                                 \
    X(ERR_NO_SPACE, 507, 3, "the disk is full")                                                    \
    X(ERR_NO_MEMORY, 503, 3, "not enough memory for this")                                         \
    X(ERR_IO, 500, 3, "reading or writing failed")                                                 \
    X(ERR_STORE, 500, 3, "the store failed")
/* clang-format on */

enum err_code {
#define ERR_SYMBOL(symbol, http, exit_code, text) symbol,
    ERR_TABLE(ERR_SYMBOL)
#undef ERR_SYMBOL
};

#define ERR_MUST_USE __attribute__((warn_unused_result))

/* What went wrong. All texts are NUL-terminated and may be empty. */
struct err {
    enum err_code code;
    char rule[48];    /* constraint or check, e.g. "AASd-117", "" when none applies */
    char path[512];   /* idShort path or JSON pointer of the place */
    uint32_t line;    /* 1-based line in the input, 0 when unknown */
    uint32_t column;  /* 1-based column (bytes), 0 when unknown */
    char text[768];   /* one sentence: what is wrong */
    char remedy[384]; /* one sentence: what to do about it */
};

/* Makes an err that says nothing, without touching all of its memory as "= {0}" does. */
static inline void err_clear(struct err *err)
{
    err->code = ERR_OK;
    err->line = err->column = 0;
    err->rule[0] = err->path[0] = err->text[0] = err->remedy[0] = '\0';
}

/* Fills `err` (NULL allowed) with code and a printf-formatted sentence; clears rule, place and
 * remedy. Returns `code`, so that `return err_set(err, ERR_NOT_FOUND, ...)` reads well. */
enum err_code err_set(struct err *err, enum err_code code, const char *format, ...)
    __attribute__((cold, format(printf, 3, 4)));

/* One piece of a sentence. */
struct err_piece {
    const char *text;
    size_t len; /* bytes */
};
#define ERR_PIECE(literal)                                                                         \
    {                                                                                              \
        literal, sizeof literal - 1                                                                \
    }

/* The same with a sentence out of pieces, for what is refused as often as it is answered: reading a
 * format would take longer than the rest. */
enum err_code err_join(
    struct err *err, enum err_code code, const struct err_piece *pieces, size_t count);

/* Adds the rule id and the remedy to an err filled by err_set (NULL leaves a field as it is). */
void err_rule(struct err *err, const char *rule, const char *remedy);

/* Adds the place: an idShort path or JSON pointer (NULL for none), line and column (0: unknown). */
void err_place(struct err *err, const char *path, uint32_t line, uint32_t column);

/* The symbol ("ERR_NOT_FOUND"), HTTP status, exit code and default text of a code. */
const char *err_symbol(enum err_code code);
int err_http_status(enum err_code code);
int err_exit_code(enum err_code code);
const char *err_default_text(enum err_code code);

#endif
