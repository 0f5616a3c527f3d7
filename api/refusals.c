/* SPDX-License-Identifier: Apache-2.0 */
#include "api/refusals.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "api/context.h"
#include "registry/users.h"

enum { ADDRESS_SHOWN = 600, WHAT_BYTES = 4096 };

struct remembered {
    unsigned char mark[STORE_HASH_BYTES];
    int64_t from_ms; /* 0: free */
    unsigned count;  /* since then: of a refusal, how often it was not written; of an account, how
                      * many were */
};

struct refusals {
    pthread_mutex_t lock;
    struct remembered list[REFUSALS_REMEMBERED];
};

struct refusals *refusals_new(void)
{
    struct refusals *refusals = calloc(1, sizeof *refusals);
    if (refusals != NULL) {
        pthread_mutex_init(&refusals->lock, NULL);
    }
    return refusals;
}

void refusals_free(struct refusals *refusals)
{
    if (refusals != NULL) {
        pthread_mutex_destroy(&refusals->lock);
        free(refusals);
    }
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 + 1;
}

/* What is known under a mark, or the place of the oldest. */
static struct remembered *look_up(
    struct refusals *refusals, const unsigned char mark[STORE_HASH_BYTES], bool *known)
{
    struct remembered *oldest = &refusals->list[0];
    for (size_t i = 0; i < REFUSALS_REMEMBERED; i++) {
        struct remembered *entry = &refusals->list[i];
        if (entry->from_ms != 0 && memcmp(entry->mark, mark, STORE_HASH_BYTES) == 0) {
            *known = true;
            return entry;
        }
        oldest = entry->from_ms < oldest->from_ms ? entry : oldest;
    }
    *known = false;
    return oldest;
}

static void remember(struct remembered *entry, const unsigned char mark[STORE_HASH_BYTES],
    int64_t from_ms, unsigned count)
{
    memcpy(entry->mark, mark, STORE_HASH_BYTES);
    entry->from_ms = from_ms;
    entry->count = count;
}

/* Whether an account may write one more. */
static bool has_room(
    struct refusals *refusals, const unsigned char account[STORE_HASH_BYTES], int64_t now)
{
    bool known;
    struct remembered *entry = look_up(refusals, account, &known);
    if (!known || now - entry->from_ms >= REFUSALS_MINUTE_MS) {
        remember(entry, account, now, 1);
        return true;
    }
    if (entry->count >= REFUSALS_A_MINUTE) {
        return false;
    }
    entry->count++;
    return true;
}

/* Whether it is written; `*before`: how many of the same kind were not. */
static bool is_written(struct refusals *refusals, const unsigned char account[STORE_HASH_BYTES],
    const unsigned char mark[STORE_HASH_BYTES], unsigned *before)
{
    bool known;
    int64_t now = now_ms();
    pthread_mutex_lock(&refusals->lock);
    struct remembered *entry = look_up(refusals, mark, &known);
    bool written = !known || now - entry->from_ms >= REFUSALS_MINUTE_MS;
    *before = known ? entry->count : 0;
    if (!written) {
        entry->count++;
    } else if (!has_room(refusals, account, now)) {
        written = false;
    } else {
        entry = look_up(refusals, mark, &known);
        remember(entry, mark, now, 0);
    }
    pthread_mutex_unlock(&refusals->lock);
    return written;
}

void refusals_note(struct api_request *request, const struct err *err)
{
    struct refusals *refusals = request->context->refusals;
    const struct access_principal *principal = request->principal;
    unsigned char account[STORE_HASH_BYTES];
    unsigned char mark[STORE_HASH_BYTES];
    struct buf what;
    unsigned before = 0;
    if (err->code != ERR_FORBIDDEN || refusals == NULL || principal == NULL || !principal->known) {
        return;
    }
    buf_init(&what, WHAT_BYTES);
    buf_printf(
        &what, "%s\n%s\n", principal->name, principal->token != NULL ? principal->token : "");
    size_t of_account = what.len;
    buf_printf(&what, "%s %.*s", api_method_name(request->method), ADDRESS_SHOWN, request->path);
    if (!buf_failed(&what)) {
        store_hash(what.bytes, of_account, account);
        store_hash(what.bytes, what.len, mark);
        if (is_written(refusals, account, mark, &before)) {
            buf_printf(&what, ": %s", err->text);
            if (before > 0) {
                buf_printf(&what, " (%u more before this one)", before);
            }
            (void)!users_note_refusal(
                request->context->registry, principal, buf_text(&what) + of_account, NULL);
        }
    }
    buf_finish(&what);
}
