/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_SHARE_H
#define JIG_API_SHARE_H
/*
 * What one request (or one invocation of an operation) has of the memory that all of them share:
 * the meter of its arena, of its report and of the answer's buffer. The first SHARE_FREE bytes are
 * everybody's own and ask nobody.
 *
 * What is known to be large is asked for at once and may wait; from then on more is given while
 * there is some, and refused when there is none: who holds something never waits, so that those who
 * have got the most so far come to their end. One thread at a time.
 */
#include <stdbool.h>
#include <stddef.h>

#include "aas/err.h"
#include "aas/meter.h"
#include "api/budget.h"

enum {
    SHARE_FREE = 64 * 1024,  /* bytes that need no room in the budget */
    SHARE_STEP = 256 * 1024, /* bytes taken from it at once, when there are so many */
    SHARE_TREE = 7,          /* bytes of memory for a byte of JSON that is read as a tree: for
                              * published templates 5 to 10, 6.7 on average */
    SHARE_WRITE = 10,        /* … that is read, changed and written again */
    SHARE_WAIT_MS = 5000,    /* how long a request waits for room */
};

struct share {
    struct meter meter;    /* first, so that the share is found from it */
    struct budget *budget; /* NULL: everything is given */
    size_t used;           /* bytes counted now */
    size_t held;           /* bytes taken from the budget */
    bool large;            /* it once held something */
    size_t missed;         /* bytes of the budget it should have had when there was no room for
                            * them; 0: there always was */
};

/* An empty share of a budget that must outlive it. */
void share_init(struct share *share, struct budget *budget);

/* Asks for room for `bytes` in all, or for the whole budget when they are more, and waits up to
 * `wait_ms` for it; false when there was none in time. Only who holds nothing may wait. */
bool share_reserve(struct share *share, size_t bytes, unsigned wait_ms);

/* Asks for room for `bytes` more than are used now, at once. ERR_BUSY or ERR_TOO_LARGE. */
ERR_MUST_USE enum err_code share_expect(struct share *share, size_t bytes, struct err *err);

/* Gives back what is taken and not used. */
void share_settle_held(struct share *share);
static inline void share_settle(struct share *share)
{
    if (share->held > 0) {
        share_settle_held(share);
    }
}

/* Hands what `from` has taken and does not use to `to`, a share of the same budget: what goes on
 * after a request is made of the room that the request has waited for, not of new room that others
 * may hold. */
void share_pass(struct share *from, struct share *to);

/* Gives everything back; nothing may be counted any more. */
void share_end(struct share *share);

/* The same at the end of a request; when it was the last large one, the memory of all of them goes
 * back to the system, which the C library would keep for the next. */
void share_close_large(struct share *share);
static inline void share_close(struct share *share)
{
    if (share->large) {
        share_close_large(share);
    }
}

/* Bytes that all shares have together when nobody says so: half of the machine's memory, whoever
 * else uses it, at most 1 GiB. */
size_t share_usual(void);

/* True when there was no room for it and there never will be. */
bool share_hopeless(const struct share *share);

/* The refusal for a share that missed something: ERR_BUSY, or ERR_TOO_LARGE when it is hopeless;
 * with a remedy. */
enum err_code share_refusal(const struct share *share, struct err *err);

#endif
