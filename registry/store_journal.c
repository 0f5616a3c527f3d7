/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The journal of a store: slots, and the thread that writes them while LMDB commits.
 *
 * A transaction is only begun when the one before it was committed, and LMDB waits then for all
 * that the one before that has left to do. So no more than the last transaction can be missing in
 * LMDB's file, and its slot is not written again before that is over.
 */
#include "registry/store_journal.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    SLOTS = 2,
    MAGIC_BYTES = 8,
    AT_MAGIC = crypto_onetimeauth_BYTES, /* behind the check sum of all that follows */
    AT_BEFORE = AT_MAGIC + MAGIC_BYTES,
    AT_MARK = AT_BEFORE + 8,
    AT_LEN = AT_MARK + 8,
    HEAD = AT_LEN + 8,
    /* Bytes of the file that are locked: who keeps it, and who looks whether anybody does. */
    LOCK_KEEPER = 0,
    LOCK_LOOKER = 1,
};

static const char magic[MAGIC_BYTES] = "JIGREDO1";
static char mark_key[] = "journal";

struct slot {
    unsigned char *bytes; /* JOURNAL_SLOT of them */
    size_t len;
    uint64_t number; /* of its writing */
    uint64_t state;  /* transaction that it holds, 0: none */
    bool held;       /* it is on the disk */
};

struct journal {
    char *dir;
    int file; /* -1: not kept */

    /* Of the thread that writes: */
    unsigned transactions; /* that would have been written here, up to JOURNAL_AFTER */
    bool alone;            /* the transaction is of a single change */
    struct slot *noted;    /* NULL: there is none for it */
    struct redo redo;      /* what it has changed, in that slot */
    bool started;          /* the last transaction is or was written here */

    pthread_t thread;
    pthread_mutex_t lock; /* guards all below, and a slot until its number is done */
    pthread_cond_t asked_more;
    pthread_cond_t done_more;
    struct slot slots[SLOTS];
    bool has_thread;
    bool ready;
    bool ended;
    uint64_t asked;
    uint64_t done;
};

static char *path_of(const char *dir, const char *name)
{
    char *path = NULL;
    return asprintf(&path, "%s/%s", dir, name) < 0 ? NULL : path;
}

static bool find_in(const char *dir, const char *name, struct stat *found)
{
    char *path = path_of(dir, name);
    bool there = path != NULL && stat(path, found) == 0;
    free(path);
    return there;
}

int store_open_in(const char *dir, const char *name, int flags)
{
    char *path = path_of(dir, name);
    int file = path == NULL ? -1 : open(path, flags | O_CLOEXEC, 0640);
    free(path);
    return file;
}

static bool write_all(int file, const unsigned char *bytes, size_t len, off_t at)
{
    while (len > 0) {
        ssize_t written = pwrite(file, bytes, len, at);
        if (written <= 0) {
            return false;
        }
        bytes += written;
        len -= (size_t)written;
        at += written;
    }
    return true;
}

/* Whether all of it is there, not who wrote it: the key is no secret. For that it is four times as
 * fast as the hash of contents. */
static void sum_up(const unsigned char *slot, size_t len, unsigned char sum[])
{
    static const unsigned char key[crypto_onetimeauth_KEYBYTES] = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5};
    crypto_onetimeauth(sum, slot + AT_MAGIC, len - AT_MAGIC, key);
}

/* When it cannot be emptied, what is in it follows no state that there is. */
static void empty(int file)
{
    int rc = ftruncate(file, 0);
    (void)rc;
}

/* ------------------------------------------------------------------ locks */

static bool lock_byte(int file, off_t byte, short type, bool wait)
{
    struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1};
    int rc;
    do {
        rc = fcntl(file, wait ? F_OFD_SETLKW : F_OFD_SETLK, &lock);
    } while (rc != 0 && errno == EINTR);
    return rc == 0;
}

/* True when nobody else keeps the file; until it is closed nobody else will. */
static bool keep(int file)
{
    bool kept =
        lock_byte(file, LOCK_LOOKER, F_WRLCK, true) && lock_byte(file, LOCK_KEEPER, F_WRLCK, false);
    lock_byte(file, LOCK_LOOKER, F_UNLCK, false);
    return kept;
}

/* ------------------------------------------------------------------ the thread */

static bool sync_in(const char *dir, const char *name, int flags)
{
    int file = store_open_in(dir, name, flags);
    bool synced = file >= 0 && fsync(file) == 0;
    if (file >= 0) {
        close(file);
    }
    return synced;
}

/* The file gets its full size, so that it does not grow while it is written. */
static bool fill(struct journal *journal)
{
    bool made = true;
    for (size_t i = 0; i < SLOTS && made; i++) {
        unsigned char *bytes = calloc(1, JOURNAL_SLOT);
        journal->slots[i].bytes = bytes;
        made = bytes != NULL &&
               write_all(journal->file, bytes, JOURNAL_SLOT, (off_t)(i * JOURNAL_SLOT));
    }
    return made && fsync(journal->file) == 0 && sync_in(journal->dir, ".", O_RDONLY | O_DIRECTORY);
}

/* An administrator may have begun it, and whose store it is has to be able to open it. */
static void hand_to_owner(const struct journal *journal)
{
    struct stat data;
    if (find_in(journal->dir, "data.mdb", &data)) {
        int rc = fchown(journal->file, data.st_uid, data.st_gid);
        rc = rc == 0 ? fchmod(journal->file, data.st_mode & 0666) : rc;
        (void)rc; /* it is the owner, or may not give it away */
    }
}

/* What another process has left here is on the disk in LMDB's file before it is overwritten. Who
 * cannot fill the file leaves it to others. */
static bool prepare(struct journal *journal)
{
    struct journal_left left = {.file = store_open_in(journal->dir, "journal", O_RDWR | O_CREAT)};
    journal->file = left.file;
    bool synced = left.file >= 0 && keep(left.file) && sync_in(journal->dir, "data.mdb", O_RDWR);
    if (synced && fill(journal)) {
        hand_to_owner(journal);
        return true;
    }
    journal_left_close(&left, synced);
    journal->file = -1;
    return false;
}

static bool write_slot(const struct journal *journal, const struct slot *slot)
{
    off_t at = (off_t)(slot - journal->slots) * JOURNAL_SLOT;
    sum_up(slot->bytes, slot->len, slot->bytes);
    return write_all(journal->file, slot->bytes, slot->len, at) && fdatasync(journal->file) == 0;
}

static void *write_slots(void *context)
{
    struct journal *journal = context;
    bool ready = prepare(journal);
    pthread_mutex_lock(&journal->lock);
    journal->ready = ready;
    while (ready) {
        while (journal->done == journal->asked && !journal->ended) {
            pthread_cond_wait(&journal->asked_more, &journal->lock);
        }
        if (journal->done == journal->asked) {
            break;
        }
        struct slot *slot = &journal->slots[(journal->done + 1) % SLOTS];
        pthread_mutex_unlock(&journal->lock);
        bool held = write_slot(journal, slot);
        pthread_mutex_lock(&journal->lock);
        slot->held = held;
        journal->done++;
        pthread_cond_broadcast(&journal->done_more);
    }
    pthread_mutex_unlock(&journal->lock);
    return NULL;
}

struct journal *journal_new(const char *dir)
{
    struct journal *journal = calloc(1, sizeof *journal);
    char *name = strdup(dir);
    if (journal == NULL || name == NULL) {
        free(journal);
        free(name);
        return NULL;
    }
    journal->dir = name;
    journal->file = -1;
    pthread_mutex_init(&journal->lock, NULL);
    pthread_cond_init(&journal->asked_more, NULL);
    pthread_cond_init(&journal->done_more, NULL);
    return journal;
}

void journal_free(struct journal *journal, bool synced)
{
    if (journal == NULL) {
        return;
    }
    if (journal->has_thread) {
        pthread_mutex_lock(&journal->lock);
        journal->ended = true;
        pthread_cond_signal(&journal->asked_more);
        pthread_mutex_unlock(&journal->lock);
        pthread_join(journal->thread, NULL);
    }
    struct journal_left left = {.file = journal->file};
    journal_left_close(&left, synced && journal->ready);
    for (size_t i = 0; i < SLOTS; i++) {
        free(journal->slots[i].bytes);
    }
    pthread_cond_destroy(&journal->asked_more);
    pthread_cond_destroy(&journal->done_more);
    pthread_mutex_destroy(&journal->lock);
    free(journal->dir);
    free(journal);
}

/* ------------------------------------------------------------------ noting */

/* Until a slot is free; NULL: there is none yet, or there never will be. */
static struct slot *wait_for_slot(struct journal *journal)
{
    pthread_mutex_lock(&journal->lock);
    while (journal->asked - journal->done >= SLOTS) {
        pthread_cond_wait(&journal->done_more, &journal->lock);
    }
    struct slot *slot = journal->ready ? &journal->slots[(journal->asked + 1) % SLOTS] : NULL;
    if (slot != NULL) {
        slot->state = 0;
        slot->held = false;
    }
    pthread_mutex_unlock(&journal->lock);
    return slot;
}

void journal_begin(struct journal *journal, bool alone)
{
    journal->alone = alone;
    journal->started = false;
    journal->noted = journal->has_thread ? wait_for_slot(journal) : NULL;
    journal->redo = (struct redo){.room = JOURNAL_SLOT - HEAD};
    if (journal->noted != NULL) {
        journal->redo.bytes = journal->noted->bytes + HEAD;
    }
}

void journal_put(struct journal *journal, enum store_table table, const void *key, size_t key_len,
    const void *value, size_t len)
{
    redo_put(&journal->redo, table, key, key_len, value, len);
}

void journal_delete(
    struct journal *journal, enum store_table table, const void *key, size_t key_len)
{
    redo_delete(&journal->redo, table, key, key_len);
}

/* ------------------------------------------------------------------ the end of a transaction */

static uint64_t find_mark(MDB_txn *txn, const MDB_dbi *tables)
{
    uint64_t mark = 0;
    MDB_val key = {.mv_size = strlen(mark_key), .mv_data = mark_key};
    MDB_val value;
    if (mdb_get(txn, tables[STORE_META], &key, &value) == MDB_SUCCESS &&
        value.mv_size == sizeof mark) {
        memcpy(&mark, value.mv_data, sizeof mark);
    }
    return mark;
}

static int change_mark(struct redo *redo, MDB_txn *txn, const MDB_dbi *tables)
{
    uint64_t mark;
    randombytes_buf(&mark, sizeof mark);
    MDB_val key = {.mv_size = strlen(mark_key), .mv_data = mark_key};
    MDB_val value = {.mv_size = sizeof mark, .mv_data = &mark};
    redo_put(redo, STORE_META, mark_key, strlen(mark_key), &mark, sizeof mark);
    return mdb_put(txn, tables[STORE_META], &key, &value, 0);
}

static void set_head(struct slot *slot, uint64_t before, uint64_t mark)
{
    const uint64_t len = slot->len - HEAD;
    memcpy(slot->bytes + AT_MAGIC, magic, MAGIC_BYTES);
    memcpy(slot->bytes + AT_BEFORE, &before, sizeof before);
    memcpy(slot->bytes + AT_MARK, &mark, sizeof mark);
    memcpy(slot->bytes + AT_LEN, &len, sizeof len);
}

/* Reads the state before the one that `txn` makes. */
static int read_before(MDB_txn *txn, MDB_txn **before)
{
    int rc = mdb_txn_begin(mdb_txn_env(txn), NULL, MDB_RDONLY, before);
    if (rc == MDB_SUCCESS && mdb_txn_id(*before) != mdb_txn_id(txn) - 1) {
        mdb_txn_abort(*before);
        rc = MDB_BAD_TXN;
    }
    if (rc != MDB_SUCCESS) {
        *before = NULL;
    }
    return rc;
}

/* Without the state before, values are noted as a whole. */
static bool finish_notes(struct redo *redo, MDB_txn *txn, const MDB_dbi *tables)
{
    MDB_txn *before = NULL;
    int rc = redo->unfinished ? read_before(txn, &before) : MDB_SUCCESS;
    (void)rc;
    bool fits = redo_finish(redo, before, txn, tables);
    mdb_txn_abort(before);
    return fits;
}

/* True when there is a slot for a transaction that is worth one; after some of them there will be.
 */
static bool is_noted(struct journal *journal)
{
    if (journal->alone && journal->redo.large < JOURNAL_ALONE) {
        return false;
    }
    if (!journal->has_thread && ++journal->transactions > JOURNAL_AFTER) {
        journal->has_thread = pthread_create(&journal->thread, NULL, write_slots, journal) == 0;
    }
    return journal->noted != NULL && journal->redo.bytes != NULL;
}

int journal_start(struct journal *journal, MDB_txn *txn, const MDB_dbi *tables)
{
    struct slot *slot = journal->noted;
    const uint64_t state = mdb_txn_id(txn);
    const uint64_t mark = find_mark(txn, tables);
    const bool noted = is_noted(journal);
    int rc = change_mark(&journal->redo, txn, tables);
    if (rc != MDB_SUCCESS || !noted || !finish_notes(&journal->redo, txn, tables)) {
        return rc;
    }
    slot->len = HEAD + journal->redo.len;
    set_head(slot, state - 1, mark);
    pthread_mutex_lock(&journal->lock);
    slot->state = state;
    slot->number = ++journal->asked;
    pthread_cond_signal(&journal->asked_more);
    pthread_mutex_unlock(&journal->lock);
    journal->started = true;
    return MDB_SUCCESS;
}

bool journal_take_back(struct journal *journal)
{
    static const unsigned char nothing[HEAD];
    if (!journal->started) {
        return true;
    }
    pthread_mutex_lock(&journal->lock);
    while (journal->done != journal->asked) {
        pthread_cond_wait(&journal->done_more, &journal->lock);
    }
    size_t i = journal->asked % SLOTS;
    journal->slots[i].state = 0;
    journal->slots[i].held = false;
    pthread_mutex_unlock(&journal->lock);
    return write_all(journal->file, nothing, sizeof nothing, (off_t)(i * JOURNAL_SLOT)) &&
           fdatasync(journal->file) == 0;
}

bool journal_has(struct journal *journal, uint64_t state)
{
    bool held = false;
    pthread_mutex_lock(&journal->lock);
    for (size_t i = 0; i < SLOTS; i++) {
        const struct slot *slot = &journal->slots[i];
        while (slot->state == state && journal->done < slot->number) {
            pthread_cond_wait(&journal->done_more, &journal->lock);
        }
        held = held || (slot->state == state && slot->held);
    }
    pthread_mutex_unlock(&journal->lock);
    return held;
}

/* ------------------------------------------------------------------ what was left behind */

/* Whether somebody keeps the file, who has all that is in it in LMDB's as well. */
static int is_kept(int file, bool *kept)
{
    *kept = !lock_byte(file, LOCK_KEEPER, F_WRLCK, false);
    if (*kept) {
        return errno == EAGAIN || errno == EACCES ? MDB_SUCCESS : errno;
    }
    return lock_byte(file, LOCK_KEEPER, F_UNLCK, false) ? MDB_SUCCESS : errno;
}

int journal_left_open(const char *dir, struct journal_left *left)
{
    struct stat found;
    bool kept = false;
    left->file = -1;
    if (find_in(dir, "journal", &found) && found.st_size == 0) {
        return MDB_SUCCESS;
    }
    left->file = store_open_in(dir, "journal", O_RDWR);
    if (left->file < 0) {
        return errno == ENOENT ? MDB_SUCCESS : errno;
    }
    int rc = lock_byte(left->file, LOCK_LOOKER, F_WRLCK, true) ? is_kept(left->file, &kept) : errno;
    if (rc != MDB_SUCCESS || kept) {
        journal_left_close(left, false);
    }
    return rc;
}

void journal_left_close(struct journal_left *left, bool synced)
{
    if (left->file >= 0) {
        if (synced) {
            empty(left->file);
        }
        close(left->file);
        left->file = -1;
    }
}

/* MDB_SUCCESS when it is whole and follows this state. */
static int read_slot(int file, size_t i, uint64_t before, uint64_t mark, struct slot *slot)
{
    unsigned char sum[crypto_onetimeauth_BYTES];
    uint64_t len;
    unsigned char *bytes = slot->bytes;
    ssize_t got = pread(file, bytes, JOURNAL_SLOT, (off_t)(i * JOURNAL_SLOT));
    if (got < HEAD || memcmp(bytes + AT_MAGIC, magic, MAGIC_BYTES) != 0 ||
        memcmp(bytes + AT_BEFORE, &before, sizeof before) != 0 ||
        memcmp(bytes + AT_MARK, &mark, sizeof mark) != 0) {
        return got < 0 ? errno : MDB_NOTFOUND;
    }
    memcpy(&len, bytes + AT_LEN, sizeof len);
    if (len > (size_t)got - HEAD) {
        return MDB_NOTFOUND;
    }
    slot->len = HEAD + (size_t)len;
    sum_up(bytes, slot->len, sum);
    return memcmp(sum, bytes, sizeof sum) == 0 ? MDB_SUCCESS : MDB_NOTFOUND;
}

static int make_changes(const struct slot *slot, MDB_txn *txn, const MDB_dbi *tables)
{
    const struct redo redo = {.bytes = slot->bytes + HEAD, .len = slot->len - HEAD};
    MDB_txn *before = NULL;
    int rc = read_before(txn, &before);
    rc = rc == MDB_SUCCESS ? redo_apply(&redo, before, txn, tables) : rc;
    mdb_txn_abort(before);
    return rc;
}

int journal_left_replay(const struct journal_left *left, MDB_txn *txn, const MDB_dbi *tables)
{
    if (left->file < 0) {
        return MDB_NOTFOUND;
    }
    struct slot slot = {.bytes = malloc(JOURNAL_SLOT)};
    int rc = slot.bytes == NULL ? ENOMEM : MDB_NOTFOUND;
    const uint64_t mark = find_mark(txn, tables);
    for (size_t i = 0; i < SLOTS && rc == MDB_NOTFOUND; i++) {
        rc = read_slot(left->file, i, mdb_txn_id(txn) - 1, mark, &slot);
        rc = rc == MDB_SUCCESS ? make_changes(&slot, txn, tables) : rc;
    }
    free(slot.bytes);
    return rc;
}
