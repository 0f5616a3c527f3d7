/* SPDX-License-Identifier: Apache-2.0 */
/*
 * LMDB writes all pages of a transaction, waits for the disk, then writes the one page that names
 * the new state. With MDB_NOMETASYNC it does not wait once more, and the next transaction can begin
 * while another thread waits for that page. Two such pages take turns and each transaction waits
 * for the disk before it writes its own, so that one of them is always whole. That page need not be
 * waited for when the journal has the changes.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "registry/store_lmdb.h"

void durable_move(struct store_engine *engine, uint64_t state)
{
    pthread_mutex_lock(&engine->durable_lock);
    if (state > atomic_load(&engine->durable)) {
        atomic_store(&engine->durable, state);
    }
    pthread_cond_broadcast(&engine->durable_moved);
    pthread_mutex_unlock(&engine->durable_lock);
}

void durable_move_synced(struct store_engine *engine, uint64_t state)
{
    uint64_t before = atomic_load(&engine->synced);
    while (state > before && !atomic_compare_exchange_weak(&engine->synced, &before, state)) {
    }
}

static void refuse(struct store_engine *engine)
{
    atomic_store(&engine->refused, true);
    durable_move(engine, 0);
}

enum err_code durable_say_refused(struct err *err, const char *reason)
{
    err_set(err, ERR_STORE, "the disk did not confirm a change, a loss of power may undo it: %s",
        reason);
    err_rule(err, NULL, "Check the disk of the store, then start the program again.");
    return ERR_STORE;
}

/* With the lock of confirming. */
static enum err_code confirm(struct store_engine *engine, uint64_t state, struct err *err)
{
    if (state <= atomic_load(&engine->durable)) {
        return ERR_OK;
    }
    if (atomic_load(&engine->refused)) {
        return durable_say_refused(err, "it refused the one before");
    }
    if (state <= atomic_load(&engine->synced) || journal_has(engine->journal, state)) {
        durable_move(engine, state);
        return ERR_OK;
    }
    if (engine->confirm_fd < 0) { /* opening it again makes all durable */
        return engine_say(err, EBADF, "the change cannot be confirmed");
    }
    if (fdatasync(engine->confirm_fd) != 0) {
        int reason = errno;
        refuse(engine);
        return durable_say_refused(err, strerror(reason));
    }
    durable_move_synced(engine, state);
    durable_move(engine, state);
    return ERR_OK;
}

enum err_code engine_confirm(struct store_engine *engine, uint64_t state, struct err *err)
{
    if (state <= atomic_load(&engine->durable)) {
        return ERR_OK;
    }
    pthread_rwlock_rdlock(&engine->growing);
    pthread_mutex_lock(&engine->confirm_lock);
    enum err_code code = confirm(engine, state, err);
    pthread_mutex_unlock(&engine->confirm_lock);
    pthread_rwlock_unlock(&engine->growing);
    return code;
}

/* After a commit that failed: what the disk has refused of it is no news later. Of the state before
 * it, which may wait to be confirmed or be in the journal only, it would be. What the journal has
 * of the failed one must not come back. */
void durable_forget_refusal(struct store_engine *engine, uint64_t before)
{
    bool taken_back = journal_take_back(engine->journal);
    pthread_mutex_lock(&engine->confirm_lock);
    bool synced = engine->confirm_fd < 0 || fdatasync(engine->confirm_fd) == 0;
    if (!taken_back || (!synced && before > atomic_load(&engine->synced))) {
        refuse(engine);
    } else if (synced) {
        durable_move_synced(engine, before);
    }
    pthread_mutex_unlock(&engine->confirm_lock);
}

/* True when a reader need not wait for this state; those beyond `visible` are of other processes.
 */
static bool is_shown(const struct store_engine *engine, uint64_t state)
{
    return state <= atomic_load(&engine->durable) || state > atomic_load(&engine->visible) ||
           atomic_load(&engine->refused);
}

/* An answer must not tell of what a loss of power could take back. */
void durable_wait(struct store_engine *engine, uint64_t state)
{
    if (state <= atomic_load(&engine->durable)) {
        return;
    }
    pthread_mutex_lock(&engine->durable_lock);
    while (!is_shown(engine, state)) {
        pthread_cond_wait(&engine->durable_moved, &engine->durable_lock);
    }
    pthread_mutex_unlock(&engine->durable_lock);
}

/* … also of what another process has written and perhaps not confirmed. */
void durable_wait_to_show(struct store_engine *engine, uint64_t state)
{
    durable_wait(engine, state);
    if (state > atomic_load(&engine->durable) && !atomic_load(&engine->refused)) {
        enum err_code code = engine_confirm(engine, state, NULL);
        (void)code; /* what the disk refuses is refused to those who write */
    }
}

/* A process that was killed may have left its last state unconfirmed. */
enum err_code durable_opened(struct store_engine *engine, struct err *err)
{
    MDB_envinfo info;
    engine->confirm_fd = store_open_in(engine->dir, "data.mdb", O_RDWR);
    mdb_env_info(engine->env, &info); /* others may make newer states meanwhile */
    if (engine->confirm_fd < 0 || fdatasync(engine->confirm_fd) != 0) {
        return engine_say(err, errno, "the store cannot be made durable");
    }
    durable_move_synced(engine, info.me_last_txnid);
    durable_move(engine, info.me_last_txnid);
    return ERR_OK;
}
