/* SPDX-License-Identifier: Apache-2.0 */
/*
 * LMDB as the store's engine: the environment, its read transactions (kept for reuse) and its one
 * write transaction. Tables and cursors are in store_tables.c.
 *
 * Every transaction holds `growing` shared, because the map may only be resized while this process
 * has none. The map is reserved so large that this hardly ever happens.
 */
#include "registry/store_lmdb.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "registry/keys.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define UNDER_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) ||                         \
    __has_feature(memory_sanitizer)
#define UNDER_SANITIZER 1
#endif
#endif

#ifdef UNDER_SANITIZER
#define MAP_BYTES (UINT64_C(8) << 30) /* the shadow memory leaves no room for more */
#else
#define MAP_BYTES (UINT64_C(1) << 40)
#endif

enum {
    READERS = 2400,
    RESIZE_WAIT_SECONDS = 30,
    BEGIN_ATTEMPTS = 16,
};

static const char *const table_names[STORE_TABLE_COUNT] = {
#define TABLE_NAME(symbol, name) name,
    STORE_TABLES(TABLE_NAME)
#undef TABLE_NAME
};

enum err_code engine_code(int rc)
{
    switch (rc) {
    case MDB_SUCCESS:
        return ERR_OK;
    case MDB_NOTFOUND:
        return ERR_NOT_FOUND;
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
    case EIO: /* how LMDB calls a write that the disk took only a part of */
    case MDB_MAP_FULL:
        return ERR_NO_SPACE;
    case ENOMEM:
        return ERR_NO_MEMORY;
    case MDB_READERS_FULL:
        return ERR_BUSY;
    default:
        return ERR_STORE;
    }
}

enum err_code engine_say(struct err *err, int rc, const char *doing)
{
    enum err_code code = engine_code(rc) == ERR_NOT_FOUND ? ERR_STORE : engine_code(rc);
    err_set(err, code, "%s: %s", doing, mdb_strerror(rc));
    if (code == ERR_NO_SPACE) {
        err_rule(err, NULL, "Free some space on the disk of the store; nothing was lost.");
    }
    return code;
}

/* ------------------------------------------------------------------ opening */

/* The format stands in the meta table; a store of another format is left as it is. */
static enum err_code check_format(MDB_txn *txn, MDB_dbi meta, struct err *err)
{
    unsigned char bytes[8];
    char name[] = "format";
    MDB_val key = {.mv_size = strlen(name), .mv_data = name};
    MDB_val value;
    int rc = mdb_get(txn, meta, &key, &value);
    if (rc == MDB_NOTFOUND) {
        value_set_u64(bytes, STORE_FORMAT);
        value = (MDB_val){.mv_size = sizeof bytes, .mv_data = bytes};
        rc = mdb_put(txn, meta, &key, &value, 0);
        return rc == MDB_SUCCESS ? ERR_OK : engine_say(err, rc, "the store cannot be prepared");
    }
    if (rc != MDB_SUCCESS) {
        return engine_say(err, rc, "the format of the store cannot be read");
    }
    uint64_t format = value.mv_size == sizeof bytes ? value_u64(value.mv_data) : 0;
    if (format < STORE_FORMAT_OLDEST || format > STORE_FORMAT) {
        err_set(err, ERR_STORE, "the store has format %llu, this program reads formats up to %d",
            (unsigned long long)format, (int)STORE_FORMAT);
        err_rule(err, NULL, "Use the version of the program that made the store, or a newer one.");
        return ERR_STORE;
    }
    return ERR_OK;
}

static int begin_opening(struct store_engine *engine, MDB_txn **txn)
{
    int rc = mdb_txn_begin(engine->env, NULL, 0, txn);
    if (rc == MDB_MAP_RESIZED) { /* another process has grown it beyond what we reserved */
        rc = mdb_env_set_mapsize(engine->env, 0);
        rc = rc == MDB_SUCCESS ? mdb_txn_begin(engine->env, NULL, 0, txn) : rc;
    }
    return rc;
}

/* With MDB_CREATE, or only those that are there. */
static enum err_code open_tables(struct store_engine *engine, unsigned flags, struct err *err)
{
    MDB_txn *txn = NULL;
    int rc = begin_opening(engine, &txn);
    enum err_code code = ERR_OK;
    for (size_t i = 0; i < STORE_TABLE_COUNT && rc == MDB_SUCCESS && code == ERR_OK; i++) {
        engine->dbis[i] = 0;
        rc = mdb_dbi_open(txn, table_names[i], flags, &engine->dbis[i]);
        if (rc == MDB_SUCCESS && i == STORE_META) {
            code = check_format(txn, engine->dbis[i], err);
        }
        rc = rc == MDB_NOTFOUND && flags == 0 ? MDB_SUCCESS : rc;
    }
    if (rc == MDB_SUCCESS && code == ERR_OK) {
        rc = mdb_txn_commit(txn);
        txn = NULL;
    }
    mdb_txn_abort(txn);
    return rc == MDB_SUCCESS ? code : engine_say(err, rc, "the store cannot be opened");
}

/* What only the journal has is made again before anything else is changed. */
static enum err_code make_again(
    struct store_engine *engine, const struct journal_left *left, struct err *err)
{
    int rc = engine->dbis[STORE_META] != 0 ? MDB_SUCCESS : MDB_NOTFOUND;
    while (rc == MDB_SUCCESS) {
        MDB_txn *txn = NULL;
        rc = begin_opening(engine, &txn);
        rc = rc == MDB_SUCCESS ? journal_left_replay(left, txn, engine->dbis) : rc;
        if (rc == MDB_SUCCESS) {
            rc = mdb_txn_commit(txn);
        } else {
            mdb_txn_abort(txn);
        }
        if (rc == MDB_MAP_FULL) { /* it had grown */
            MDB_envinfo info;
            mdb_env_info(engine->env, &info);
            rc = mdb_env_set_mapsize(engine->env, 2 * info.me_mapsize);
        }
    }
    return rc == MDB_NOTFOUND ? ERR_OK
                              : engine_say(err, rc, "the last changes cannot be made again");
}

/* LMDB's table of readers is a file with holes in a shared map: on a full disk the first use of a
 * slot would end the process with SIGBUS, so its blocks are taken at once. The descriptor stays
 * open as long as the environment, because closing it would release LMDB's locks on the file. */
static enum err_code reserve_readers(struct store_engine *engine, struct err *err)
{
    struct stat file;
    engine->lock_fd = store_open_in(engine->dir, "lock.mdb", O_RDWR);
    if (engine->lock_fd < 0 || fstat(engine->lock_fd, &file) != 0) {
        return engine_say(err, errno, "the table of readers cannot be prepared");
    }
    int rc = fallocate(engine->lock_fd, 0, 0, file.st_size) == 0 ? MDB_SUCCESS : errno;
    bool unknown = rc == EOPNOTSUPP || rc == ENOSYS || rc == EINVAL;
    return rc == MDB_SUCCESS || unknown
               ? ERR_OK
               : engine_say(err, rc, "the table of readers cannot be prepared");
}

static void close_environment(struct store_engine *engine)
{
    if (engine->confirm_fd >= 0) {
        close(engine->confirm_fd);
        engine->confirm_fd = -1;
    }
    if (engine->env != NULL) {
        mdb_env_close(engine->env);
        engine->env = NULL;
    }
    if (engine->lock_fd >= 0) {
        close(engine->lock_fd);
        engine->lock_fd = -1;
    }
}

static enum err_code open_environment(struct store_engine *engine, struct err *err)
{
    int rc = mdb_env_create(&engine->env);
    if (rc != MDB_SUCCESS) {
        engine->env = NULL;
        return engine_say(err, rc, "the store cannot be opened");
    }
    rc = mdb_env_set_mapsize(engine->env, engine->map_bytes);
    rc = rc ? rc : mdb_env_set_maxdbs(engine->env, STORE_TABLE_COUNT);
    rc = rc ? rc : mdb_env_set_maxreaders(engine->env, engine->readers);
    rc = rc ? rc : mdb_env_open(engine->env, engine->dir, MDB_NOTLS | MDB_NOMETASYNC, 0640);
    if (rc != MDB_SUCCESS) {
        mdb_env_close(engine->env);
        engine->env = NULL;
        err_set(err, engine_code(rc) == ERR_NO_SPACE ? ERR_NO_SPACE : ERR_STORE,
            "the store in '%s' cannot be opened: %s", engine->dir, mdb_strerror(rc));
        return engine_code(rc) == ERR_NO_SPACE ? ERR_NO_SPACE : ERR_STORE;
    }
    int dead = 0;
    mdb_reader_check(engine->env, &dead); /* slots of processes that were killed */
    struct journal_left left;
    rc = journal_left_open(engine->dir, &left);
    enum err_code code = rc == MDB_SUCCESS
                             ? reserve_readers(engine, err)
                             : engine_say(err, rc, "the journal of the store cannot be read");
    if (code == ERR_OK) {
        code = open_tables(engine, 0, err);
    }
    if (code == ERR_OK) {
        code = make_again(engine, &left, err);
    }
    if (code == ERR_OK) {
        code = open_tables(engine, MDB_CREATE, err);
    }
    if (code == ERR_OK) {
        code = durable_opened(engine, err);
    }
    journal_left_close(&left, code == ERR_OK);
    if (code != ERR_OK) {
        close_environment(engine);
    }
    return code;
}

enum err_code engine_open(
    const struct store_options *options, struct store_engine **engine, struct err *err)
{
    struct store_engine *e = calloc(1, sizeof *e);
    char *dir = strdup(options->dir);
    struct reader_place *places = calloc(READER_PLACES, sizeof *places);
    struct journal *journal = dir == NULL ? NULL : journal_new(dir);
    if (e == NULL || places == NULL || journal == NULL) {
        journal_free(journal, false);
        free(e);
        free(dir);
        free(places);
        return err_set(err, ERR_NO_MEMORY, "not enough memory to open the store");
    }
    e->dir = dir;
    e->lock_fd = -1;
    e->confirm_fd = -1;
    e->places = places;
    e->journal = journal;
    e->map_bytes = (size_t)(options->map_bytes != 0 ? options->map_bytes : MAP_BYTES);
    /* Twice: a slot stays taken by a kept transaction, and other processes need some too. */
    e->readers = 2 * (options->readers != 0 ? options->readers : READERS);
    pthread_rwlock_init(&e->growing, NULL);
    pthread_mutex_init(&e->durable_lock, NULL);
    pthread_cond_init(&e->durable_moved, NULL);
    pthread_mutex_init(&e->confirm_lock, NULL);
    enum err_code code = open_environment(e, err);
    if (code != ERR_OK) {
        engine_close(e);
        return code;
    }
    *engine = e;
    return ERR_OK;
}

/* Threads keep to their place, so that they hardly ever meet there. */
static struct reader_place *own_place(struct store_engine *engine)
{
    static atomic_uint threads;
    static _Thread_local unsigned own; /* 0: not counted yet */
    if (own == 0) {
        own = 1 + atomic_fetch_add_explicit(&threads, 1, memory_order_relaxed);
    }
    return &engine->places[own % READER_PLACES];
}

/* One of the transactions that are kept at a place, NULL when there is none. */
static MDB_txn *take_reader(struct reader_place *place)
{
    MDB_txn *txn = NULL;
    for (size_t i = 0; i < READERS_OF_PLACE && txn == NULL; i++) {
        if (atomic_load_explicit(&place->readers[i], memory_order_relaxed) != NULL) {
            txn = atomic_exchange(&place->readers[i], NULL);
        }
    }
    return txn;
}

/* Leaves a reset transaction there; when there is no room, it ends. */
static void keep_reader(struct reader_place *place, MDB_txn *txn)
{
    for (size_t i = 0; i < READERS_OF_PLACE; i++) {
        MDB_txn *none = NULL;
        if (atomic_load_explicit(&place->readers[i], memory_order_relaxed) == NULL &&
            atomic_compare_exchange_strong(&place->readers[i], &none, txn)) {
            return;
        }
    }
    mdb_txn_abort(txn);
}

static void end_readers(struct store_engine *engine)
{
    for (size_t i = 0; i < READER_PLACES; i++) {
        MDB_txn *txn;
        while ((txn = take_reader(&engine->places[i])) != NULL) {
            mdb_txn_abort(txn);
        }
    }
}

void engine_close(struct store_engine *engine)
{
    if (engine == NULL) {
        return;
    }
    end_readers(engine);
    journal_free(engine->journal, engine->confirm_fd >= 0 && !atomic_load(&engine->refused) &&
                                      fdatasync(engine->confirm_fd) == 0);
    close_environment(engine);
    pthread_rwlock_destroy(&engine->growing);
    pthread_mutex_destroy(&engine->durable_lock);
    pthread_cond_destroy(&engine->durable_moved);
    pthread_mutex_destroy(&engine->confirm_lock);
    free(engine->places);
    free(engine->dir);
    free(engine);
}

/* ------------------------------------------------------------------ resizing */

/* Waits, not for ever, until no transaction of this process is active. A thread that waits for its
 * own write while it holds a view open must not stop the whole process. */
static enum err_code lock_alone(struct store_engine *engine, struct err *err)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += RESIZE_WAIT_SECONDS;
    if (pthread_rwlock_timedwrlock(&engine->growing, &until) != 0) {
        return err_set(err, ERR_BUSY, "the store has to grow but is being read without a pause");
    }
    return ERR_OK;
}

/* Doubles the map, or takes over what another process has made of it. */
static enum err_code resize(struct store_engine *engine, bool twice, struct err *err)
{
    enum err_code code = lock_alone(engine, err);
    if (code != ERR_OK) {
        return code;
    }
    MDB_envinfo info;
    mdb_env_info(engine->env, &info);
    int rc = mdb_env_set_mapsize(engine->env, twice ? 2 * info.me_mapsize : 0);
    pthread_rwlock_unlock(&engine->growing);
    return rc == MDB_SUCCESS ? ERR_OK : engine_say(err, rc, "the store cannot grow");
}

enum err_code engine_grow(struct store_engine *engine, struct err *err)
{
    return resize(engine, true, err);
}

/* After a failure to write its meta page LMDB refuses everything until it is opened anew. */
static enum err_code reopen(struct store_engine *engine, struct err *err)
{
    enum err_code code = lock_alone(engine, err);
    if (code != ERR_OK) {
        return code;
    }
    end_readers(engine);
    close_environment(engine);
    code = open_environment(engine, err);
    pthread_rwlock_unlock(&engine->growing);
    return code;
}

/* What can be mended when a transaction could not begin; ERR_OK: try again. */
static enum err_code mend(struct store_engine *engine, int rc, struct err *err)
{
    int dead = 0;
    switch (rc) {
    case MDB_MAP_RESIZED:
        return resize(engine, false, err);
    case MDB_PANIC:
    case EBADF:
        return reopen(engine, err);
    case MDB_READERS_FULL:
        mdb_reader_check(engine->env, &dead);
        if (dead > 0) {
            return ERR_OK;
        }
        return err_set(err, ERR_BUSY, "too many readers of the store at the same time");
    default:
        return engine_say(err, rc, "no transaction can be begun");
    }
}

/* ------------------------------------------------------------------ reading */

static int begin_read(struct store_engine *engine, MDB_txn **txn)
{
    *txn = take_reader(own_place(engine));
    if (*txn == NULL) {
        return mdb_txn_begin(engine->env, NULL, MDB_RDONLY, txn);
    }
    int rc = mdb_txn_renew(*txn);
    if (rc != MDB_SUCCESS) {
        mdb_txn_abort(*txn);
    }
    return rc;
}

/* Begins a transaction, mending what can be mended. On ERR_OK `growing` is held shared. */
static enum err_code begin(
    struct store *store, bool writing, struct store_txn *txn, struct err *err)
{
    struct store_engine *engine = store->engine;
    for (int i = 0; i < BEGIN_ATTEMPTS; i++) {
        MDB_txn *begun = NULL;
        pthread_rwlock_rdlock(&engine->growing);
        int rc = engine->env == NULL ? EBADF /* a reopening failed; mend tries once more */
                 : writing           ? mdb_txn_begin(engine->env, NULL, 0, &begun)
                                     : begin_read(engine, &begun);
        if (rc == MDB_SUCCESS) {
            *txn = (struct store_txn){.store = store, .txn = begun, .writing = writing};
            return ERR_OK;
        }
        pthread_rwlock_unlock(&engine->growing);
        enum err_code code = mend(engine, rc, err);
        if (code != ERR_OK) {
            return code;
        }
    }
    return err_set(err, ERR_STORE, "the store is being resized without a pause");
}

enum err_code store_read(struct store *store, struct store_txn *txn, struct err *err)
{
    enum err_code code = begin(store, false, txn, err);
    if (code == ERR_OK) {
        durable_wait_to_show(store->engine, mdb_txn_id(txn->txn));
    }
    return code;
}

void store_end(struct store_txn *txn)
{
    if (txn == NULL || txn->txn == NULL || txn->writing) {
        return;
    }
    struct store_engine *engine = txn->store->engine;
    mdb_txn_reset(txn->txn);
    keep_reader(own_place(engine), txn->txn);
    txn->txn = NULL;
    pthread_rwlock_unlock(&engine->growing);
}

/* ------------------------------------------------------------------ writing */

enum err_code engine_write_begin(
    struct store *store, bool alone, struct store_txn *txn, struct err *err)
{
    if (atomic_load(&store->engine->refused)) {
        return durable_say_refused(err, "nothing is changed any more");
    }
    enum err_code code = begin(store, true, txn, err);
    if (code == ERR_OK) {
        store->engine->failure = MDB_SUCCESS;
        journal_begin(store->engine->journal, alone);
    }
    return code;
}

static int commit(struct store_engine *engine, MDB_txn *txn)
{
    int rc = journal_start(engine->journal, txn, engine->dbis);
    if (rc != MDB_SUCCESS) {
        mdb_txn_abort(txn);
        return rc;
    }
    return mdb_txn_commit(txn);
}

enum err_code engine_write_commit(struct store_txn *txn, uint64_t *state, struct err *err)
{
    struct store_engine *engine = txn->store->engine;
    uint64_t before = atomic_load(&engine->visible);
    *state = mdb_txn_id(txn->txn);
    atomic_store(&engine->visible, *state); /* before a reader can see it */
    int rc = commit(engine, txn->txn);
    if (rc != MDB_SUCCESS) {
        durable_forget_refusal(engine, --*state);
        atomic_store(&engine->visible, before);
        durable_move(engine, 0);
    } else {
        /* LMDB has waited for all that was written before. */
        durable_move_synced(engine, *state - 1);
    }
    txn->txn = NULL;
    engine->failure = rc;
    pthread_rwlock_unlock(&engine->growing);
    return rc == MDB_SUCCESS ? ERR_OK : engine_say(err, rc, "the change cannot be made durable");
}

void engine_write_abort(struct store_txn *txn, uint64_t *state)
{
    if (state != NULL) {
        *state = mdb_txn_id(txn->txn) - 1;
    }
    mdb_txn_abort(txn->txn);
    txn->txn = NULL;
    pthread_rwlock_unlock(&txn->store->engine->growing);
}

bool engine_is_full(const struct store_engine *engine)
{
    return engine->failure == MDB_MAP_FULL;
}

enum err_code engine_explain(const struct store_txn *txn, struct err *err)
{
    int rc = txn->store->engine->failure;
    if (rc == MDB_SUCCESS) {
        return err_set(err, txn->failed, "%s", err_default_text(txn->failed));
    }
    return engine_say(err, rc, "the change cannot be stored");
}

enum err_code engine_copy(struct store_engine *engine, const char *dir, struct err *err)
{
    pthread_rwlock_rdlock(&engine->growing);
    int rc = engine->env == NULL ? EBADF : mdb_env_copy(engine->env, dir);
    pthread_rwlock_unlock(&engine->growing);
    durable_wait(engine, atomic_load(&engine->visible));
    return rc == MDB_SUCCESS ? ERR_OK : engine_say(err, rc, "the store cannot be copied");
}

const char *engine_folder(const struct store_engine *engine)
{
    return engine->dir;
}

void engine_statistics(struct store_engine *engine, struct store_stats *stats)
{
    MDB_envinfo info;
    MDB_stat stat;
    pthread_rwlock_rdlock(&engine->growing);
    if (engine->env != NULL && mdb_env_info(engine->env, &info) == MDB_SUCCESS &&
        mdb_env_stat(engine->env, &stat) == MDB_SUCCESS) {
        stats->map_used_bytes = ((uint64_t)info.me_last_pgno + 1) * stat.ms_psize;
        stats->map_bytes = info.me_mapsize;
    }
    pthread_rwlock_unlock(&engine->growing);
}
