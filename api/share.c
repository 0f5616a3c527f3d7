/* SPDX-License-Identifier: Apache-2.0 */
#include "api/share.h"

#include <malloc.h>
#include <unistd.h>

enum {
    MIB = 1024 * 1024,
    USUAL = 1024 * MIB, /* bytes of all shares together by default, or … */
    MACHINE_SHARE = 2,  /* … the machine's divided by this, when that is less */
    KEPT = 128 * MIB,   /* what was used up to this may stay for the next requests */
};

static size_t beyond_own(size_t bytes)
{
    return bytes > SHARE_FREE ? bytes - SHARE_FREE : 0;
}

/* A good piece of the budget, or just what is needed when that is all there is. */
static bool hold(struct share *share, size_t lacking)
{
    size_t more = lacking < SHARE_STEP ? SHARE_STEP : lacking;
    if (!budget_take(share->budget, more, 0)) {
        more = lacking;
        if (!budget_take(share->budget, more, 0)) {
            return false;
        }
    }
    share->held += more;
    share->large = true;
    return true;
}

static bool take(struct meter *meter, size_t bytes)
{
    struct share *share = (struct share *)meter;
    size_t needed = beyond_own(share->used + bytes);
    if (share->budget != NULL && needed > share->held && !hold(share, needed - share->held)) {
        share->missed = needed;
        return false;
    }
    share->used += bytes;
    return true;
}

static void give(struct meter *meter, size_t bytes)
{
    struct share *share = (struct share *)meter;
    share->used -= bytes;
}

void share_init(struct share *share, struct budget *budget)
{
    *share = (struct share){.meter = {.take = take, .give = give}, .budget = budget};
}

bool share_reserve(struct share *share, size_t bytes, unsigned wait_ms)
{
    size_t wanted = beyond_own(bytes);
    if (share->budget == NULL) {
        return true;
    }
    wanted = wanted < share->budget->most ? wanted : share->budget->most;
    if (wanted <= share->held) {
        return true;
    }
    if (!budget_take(share->budget, wanted - share->held, wait_ms)) {
        share->missed = wanted;
        return false;
    }
    share->held = wanted;
    share->large = true;
    return true;
}

enum err_code share_expect(struct share *share, size_t bytes, struct err *err)
{
    return share_reserve(share, share->used + bytes, 0) ? ERR_OK : share_refusal(share, err);
}

void share_settle_held(struct share *share)
{
    size_t needed = beyond_own(share->used);
    if (share->budget != NULL && share->held > needed) {
        budget_give(share->budget, share->held - needed);
        share->held = needed;
    }
}

void share_pass(struct share *from, struct share *to)
{
    size_t needed = beyond_own(from->used);
    if (from->held > needed) {
        to->held += from->held - needed;
        to->large = true;
        from->held = needed;
    }
}

void share_end(struct share *share)
{
    share->used = 0;
    share_settle(share);
}

void share_close_large(struct share *share)
{
    share_end(share);
    if (budget_rests(share->budget, KEPT)) {
#ifdef __GLIBC__
        malloc_trim(0);
#endif
    }
}

size_t share_usual(void)
{
    long pages = sysconf(_SC_PHYS_PAGES);
    long page = sysconf(_SC_PAGESIZE);
    size_t part = pages <= 0 || page <= 0 ? USUAL : (size_t)pages / MACHINE_SHARE * (size_t)page;
    return part < USUAL ? part : USUAL;
}

bool share_hopeless(const struct share *share)
{
    return share->budget != NULL && share->missed > share->budget->most;
}

enum err_code share_refusal(const struct share *share, struct err *err)
{
    size_t most = share->budget != NULL ? share->budget->most / MIB : 0;
    if (share_hopeless(share)) {
        err_set(err, ERR_TOO_LARGE,
            "this takes more memory than the %zu MiB that all requests together may use", most);
        err_rule(err, NULL,
            "Ask for less at once, or have the server started with a larger --max-memory.");
        return ERR_TOO_LARGE;
    }
    err_set(err, ERR_BUSY,
        "other requests use the %zu MiB of memory that all of them together may use", most);
    err_rule(err, NULL,
        "Send it again after the seconds of Retry-After; if that happens often, have the server "
        "started with a larger --max-memory.");
    return ERR_BUSY;
}
