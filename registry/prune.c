/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A history is walked from the moment of the rule downwards, so that what is made from something
 * goes before it, and everything that is left can be read at any time. What goes is chosen in a
 * view; the transaction only looks whether it is all still there.
 */
#include "registry/prune.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "registry/event.h"
#include "registry/prune_contents.h"
#include "registry/pruned.h"
#include "registry/registry_inside.h"

enum {
    BATCH = 1024,      /* revisions that go in one transaction */
    LOOKED_AT = 20000, /* revisions looked at in one view */
    LOST_MOST = 16,    /* batches that somebody else was faster with, one after the other */
    SUMMARY_BYTES = 1024,
    ID_SHOWN = 512,
};

/* Revisions chosen to go, newest first, and the contents that go with them. */
struct batch {
    size_t count;
    uint64_t revisions[BATCH];
    int64_t times[BATCH];
    uint64_t bytes;
    size_t contents;
    unsigned char hashes[BATCH][STORE_HASH_BYTES];
    unsigned char named[PRUNED_HEAD + BATCH * PRUNED_RANGE]; /* for the log */
    size_t named_len;
};

/* How far the history of a thing is looked through. */
struct place {
    uint64_t at;        /* only revisions below this one are to be looked at */
    uint64_t kept_from; /* revisions from this one up stay, down to where `at` is */
    bool deleted;       /* the revision above `at` is a deletion */
};

struct prune {
    struct registry *registry;
    const struct prune_rule *rule;
    const struct registry_author *author;
    const atomic_bool *stop;
    struct prune_result *result;
    struct prune_contents contents;
    bool counting; /* contents has been started */
    int64_t before_ms;
    bool everything; /* not only values */
    /* the thing that is looked at */
    enum registry_kind kind;
    uint64_t number;
    struct place place;
    uint64_t whole; /* the content of this one is to be stored before what it is made from goes */
    struct batch batch;
    /* what the transaction has done, made anew by each run of it */
    size_t removed_contents;
    uint64_t removed_bytes;
};

static bool stopped(const struct prune *prune)
{
    return prune->stop != NULL && atomic_load(prune->stop);
}

/* The lowest revision that a revision is made from. */
static uint64_t base_of(const struct revision_record *record)
{
    uint64_t revision = record->said.revision;
    bool made = record->form == REVISION_COMPACT && record->chain < revision;
    return made ? revision - record->chain : revision;
}

/* ------------------------------------------------------------------ choosing */

/* Everything below the state of the moment may go; false when there is nothing. */
static bool begin_thing(struct prune *prune, struct store_txn *txn, enum err_code *code)
{
    struct revision_record record;
    *code = revision_first(txn, prune->kind, prune->number, &record);
    if (*code != ERR_OK || record.said.time_ms >= prune->before_ms) {
        return false;
    }
    *code = revision_at(txn, prune->kind, prune->number, prune->before_ms - 1, &record);
    if (*code != ERR_OK) {
        *code = *code == ERR_NOT_FOUND ? ERR_OK : *code; /* clocks have gone back */
        return false;
    }
    bool made = prune->everything && record.form == REVISION_COMPACT;
    prune->whole = made ? record.said.revision : 0;
    prune->place.at = made ? record.said.revision : base_of(&record);
    prune->place.kept_from = UINT64_MAX;
    prune->place.deleted = record.form == REVISION_NONE;
    return true;
}

static bool goes(struct prune *prune, const struct revision_record *record)
{
    if (prune->everything) {
        return true;
    }
    if (prune->place.deleted) {
        prune->place.kept_from = base_of(record);
    } else if (record->said.revision < prune->place.kept_from) {
        prune->place.kept_from = UINT64_MAX;
    }
    prune->place.deleted = record->form == REVISION_NONE;
    return prune->place.kept_from == UINT64_MAX && revision_sets_value(record);
}

static void choose(struct prune *prune, const struct revision_record *record, size_t bytes)
{
    struct batch *batch = &prune->batch;
    batch->revisions[batch->count] = record->said.revision;
    batch->times[batch->count] = record->said.time_ms;
    batch->count++;
    batch->bytes += bytes;
    if (prune_contents_drop(&prune->contents, record->said.after)) {
        memcpy(batch->hashes[batch->contents++], record->said.after, STORE_HASH_BYTES);
    }
}

/* Fills a batch; `*end` when the history is looked through. */
static enum err_code fill_batch(struct prune *prune, struct store_txn *txn, bool *end)
{
    struct store_key key;
    struct store_key prefix;
    struct store_cursor cursor;
    struct batch *batch = &prune->batch;
    batch->count = batch->contents = 0;
    batch->bytes = 0;
    *end = true;
    enum err_code code = store_cursor_open(txn, STORE_REVISIONS, &cursor);
    if (code != ERR_OK) {
        return code;
    }
    key_revision(&key, prune->kind, prune->number, prune->place.at - 1);
    key_document(&prefix, prune->kind, prune->number);
    bool more = store_cursor_seek_back(&cursor, key.bytes, key.len);
    for (size_t looked = 0; more && key_starts_with(cursor.key, &prefix);
         more = store_cursor_previous(&cursor), looked++) {
        struct revision_record record;
        uint64_t revision = key_number_at(cursor.key, prefix.len);
        *end = batch->count < BATCH && looked < LOOKED_AT;
        if (!*end || !revision_read(cursor.value, revision, &record)) {
            code = *end ? ERR_STORE : ERR_OK;
            break;
        }
        prune->place.at = revision;
        if (goes(prune, &record)) {
            choose(prune, &record, cursor.key.len + cursor.value.len);
        }
    }
    store_cursor_close(&cursor);
    return code == ERR_OK ? txn->failed : code;
}

/* Runs without a gap, newest first. */
static void name_batch(struct prune *prune)
{
    struct batch *batch = &prune->batch;
    pruning_fill_head(batch->named, prune->kind, prune->number, prune->before_ms);
    batch->named_len = PRUNED_HEAD;
    for (size_t i = 0; i < batch->count;) {
        size_t from = i;
        while (++i < batch->count && batch->revisions[i] + 1 == batch->revisions[i - 1]) {
        }
        const struct pruned_range range = {.first = batch->revisions[i - 1],
            .last = batch->revisions[from],
            .first_ms = batch->times[i - 1],
            .last_ms = batch->times[from]};
        pruning_fill_range(batch->named + batch->named_len, &range);
        batch->named_len += PRUNED_RANGE;
    }
}

/* ------------------------------------------------------------------ taking out */

/* The id of a thing that is there; what is deleted is named by its number. */
static void thing_name(const struct prune *prune, struct store_txn *txn, char *to, size_t size)
{
    struct store_key key;
    struct store_bytes value;
    struct document_record record;
    key_document(&key, prune->kind, prune->number);
    if (store_get(txn, STORE_DOCUMENTS, key.bytes, key.len, &value) == ERR_OK &&
        record_read(value, prune->kind, prune->number, &record)) {
        const struct registry_document *document = &record.document;
        snprintf(
            to, size, "%.*s", text_shown(document->id, document->id_len, ID_SHOWN), document->id);
    } else {
        snprintf(to, size, "something deleted");
    }
}

static enum err_code log_batch(struct prune *prune, struct store_txn *txn, struct err *err)
{
    char id[PRUNED_ID];
    char when[PRUNED_TIME];
    char name[ID_SHOWN + 1];
    char summary[SUMMARY_BYTES];
    struct registry_author author = {.message = prune->rule->said};
    const struct batch *batch = &prune->batch;
    pruning_id(prune->kind, prune->number, id);
    pruned_time(prune->before_ms, when);
    thing_name(prune, txn, name, sizeof name);
    snprintf(summary, sizeof summary, "%zu %s of before %s: %s", batch->count,
        prune->everything ? "revisions" : "values", when, name);
    author.name = prune->author != NULL ? prune->author->name : NULL;
    const struct event event = {.kind = REGISTRY_PRUNING,
        .id = id,
        .id_len = strlen(id),
        .operation = "prune",
        .summary = summary,
        .time_ms = write_now_ms(),
        .pruned = batch->named,
        .pruned_len = batch->named_len};
    return event_put(txn, &event, &author, err);
}

/* Nobody else has taken them out meanwhile. */
static bool all_there(const struct prune *prune, struct store_txn *txn)
{
    struct store_key key;
    struct store_bytes value;
    for (size_t i = 0; i < prune->batch.count; i++) {
        key_revision(&key, prune->kind, prune->number, prune->batch.revisions[i]);
        if (store_get(txn, STORE_REVISIONS, key.bytes, key.len, &value) != ERR_OK) {
            return false;
        }
    }
    return true;
}

static enum err_code remove_contents(struct prune *prune, struct store_txn *txn)
{
    unsigned char hashes[BATCH][STORE_HASH_BYTES];
    enum err_code code = ERR_OK;
    memcpy(hashes, prune->batch.hashes, sizeof hashes);
    size_t count = prune_contents_unused(txn, &prune->contents, hashes, prune->batch.contents);
    for (size_t i = 0; i < count && code == ERR_OK; i++) {
        struct store_bytes value;
        code = store_get(txn, STORE_CONTENT, hashes[i], STORE_HASH_BYTES, &value);
        if (code == ERR_OK) {
            prune->removed_bytes += value.len;
            prune->removed_contents++;
            code = store_delete(txn, STORE_CONTENT, hashes[i], STORE_HASH_BYTES);
        }
        code = code == ERR_NOT_FOUND ? ERR_OK : code;
    }
    return code;
}

/* The oldest revision that stays no longer needs what it was made from. Somebody else may have
 * taken it out. */
static enum err_code store_whole(struct prune *prune, struct store_txn *txn, struct err *err)
{
    struct arena arena;
    struct revision_record record;
    unsigned char hash[STORE_HASH_BYTES];
    const char *json = NULL;
    const void *packed = NULL;
    size_t len = 0;
    size_t packed_len = 0;
    enum err_code code =
        prune->whole == 0 ? ERR_NOT_FOUND
                          : revision_find(txn, prune->kind, prune->number, prune->whole, &record);
    if (code != ERR_OK) {
        return code == ERR_NOT_FOUND ? ERR_OK : code;
    }
    memcpy(hash, record.said.after, STORE_HASH_BYTES);
    arena_init(&arena, SIZE_MAX);
    code =
        revision_content(txn, &arena, prune->kind, prune->number, prune->whole, &json, &len, err);
    if (code == ERR_OK) {
        code = content_pack(&arena, json, len, &packed, &packed_len, err);
    }
    if (code == ERR_OK) {
        code = content_put(txn, hash, packed, packed_len);
    }
    arena_finish(&arena);
    return code;
}

static enum err_code take_out(struct store_txn *txn, void *context, struct err *err)
{
    struct prune *prune = context;
    prune->removed_contents = 0;
    prune->removed_bytes = prune->batch.bytes;
    if (!all_there(prune, txn)) {
        return err_set(err, ERR_PRECONDITION, "%s", err_default_text(ERR_PRECONDITION));
    }
    enum err_code code = store_whole(prune, txn, err);
    if (code == ERR_OK) {
        code = remove_contents(prune, txn);
    }
    if (code == ERR_OK) {
        code = log_batch(prune, txn, err);
    }
    for (size_t i = 0; i < prune->batch.count && code == ERR_OK; i++) {
        struct store_key key;
        key_revision(&key, prune->kind, prune->number, prune->batch.revisions[i]);
        code = store_delete(txn, STORE_REVISIONS, key.bytes, key.len);
    }
    return code == ERR_OK ? ERR_OK : err_set(err, code, "the history cannot be pruned");
}

/* What would go, contents included. */
static enum err_code only_count(struct prune *prune, struct err *err)
{
    struct prune_result *result = prune->result;
    struct registry_view view;
    enum err_code code = registry_view_begin(prune->registry, &view, err);
    if (code != ERR_OK) {
        return code;
    }
    for (size_t i = 0; i < prune->batch.contents; i++) {
        struct store_bytes value;
        if (store_get(&view.txn, STORE_CONTENT, prune->batch.hashes[i], STORE_HASH_BYTES, &value) ==
            ERR_OK) {
            result->bytes += value.len;
            result->contents++;
        }
    }
    registry_view_end(&view);
    result->bytes += prune->batch.bytes;
    result->revisions += prune->batch.count;
    return ERR_OK;
}

static enum err_code carry_out(struct prune *prune, struct err *err)
{
    struct prune_result *result = prune->result;
    if (prune->rule->dry_run) {
        return only_count(prune, err);
    }
    name_batch(prune);
    enum err_code code = store_write(registry_store(prune->registry), take_out, prune, err);
    if (code == ERR_OK) {
        result->bytes += prune->removed_bytes;
        result->contents += prune->removed_contents;
        result->revisions += prune->batch.count;
    }
    return code;
}

/* ------------------------------------------------------------------ one thing, all things */

static enum err_code count_contents(struct prune *prune, struct store_txn *txn)
{
    enum err_code code = ERR_OK;
    if (!prune->counting) {
        code = prune_contents_start(txn, &prune->contents);
        prune->counting = code == ERR_OK;
    }
    bool other = prune->contents.kind != prune->kind || prune->contents.number != prune->number;
    if (code == ERR_OK) {
        code = other ? prune_contents_of(txn, &prune->contents, prune->kind, prune->number)
                     : prune_contents_go_on(txn, &prune->contents);
    }
    return code;
}

/* Chooses the next batch in a view of its own. */
static enum err_code next_batch(struct prune *prune, bool *end, struct err *err)
{
    struct registry_view view;
    enum err_code code = registry_view_begin(prune->registry, &view, err);
    if (code != ERR_OK) {
        return code;
    }
    code = count_contents(prune, &view.txn);
    if (code == ERR_OK) {
        code = fill_batch(prune, &view.txn, end);
    }
    registry_view_end(&view);
    return code == ERR_OK ? ERR_OK : err_set(err, code, "a history cannot be read");
}

static enum err_code prune_thing(struct prune *prune, struct err *err)
{
    enum err_code code = ERR_OK;
    bool end = false;
    bool counted = false;
    for (int lost = 0; code == ERR_OK && !end && !stopped(prune);) {
        const struct place before = prune->place;
        code = next_batch(prune, &end, err);
        if (code == ERR_OK && prune->batch.count > 0) {
            prune->result->things += !counted;
            counted = true;
            code = carry_out(prune, err);
        }
        if (code == ERR_PRECONDITION && lost++ < LOST_MOST) {
            /* Somebody else prunes: chosen and counted anew. */
            prune->contents.kind = (enum registry_kind)0;
            prune->place = before;
            end = false;
            code = ERR_OK;
        }
    }
    return code;
}

/* The next thing with a history behind the one that was looked at, when something may go of it. */
static bool next_thing(struct prune *prune, struct store_txn *txn, enum err_code *code)
{
    struct store_key key;
    struct store_cursor cursor;
    *code = store_cursor_open(txn, STORE_REVISIONS, &cursor);
    if (*code != ERR_OK) {
        return false;
    }
    bool found = false;
    do {
        key_document(&key, prune->kind, prune->number + 1);
        bool more = store_cursor_seek(&cursor, key.bytes, key.len);
        if (!more || *(const unsigned char *)cursor.key.bytes >= REGISTRY_TEMPLATE_VERSION) {
            break;
        }
        prune->kind = (enum registry_kind) * (const unsigned char *)cursor.key.bytes;
        prune->number = key_number_at(cursor.key, 1);
        found = (prune->rule->kind == 0 || prune->rule->kind == prune->kind) &&
                begin_thing(prune, txn, code);
    } while (!found && *code == ERR_OK && !stopped(prune));
    store_cursor_close(&cursor);
    *code = *code == ERR_OK ? txn->failed : *code;
    return found && *code == ERR_OK;
}

/* Goes to the next thing that the rule is about; false at the end. */
static bool go_on(struct prune *prune, enum err_code *code, struct err *err)
{
    struct registry_view view;
    const struct prune_rule *rule = prune->rule;
    bool found = false;
    *code = registry_view_begin(prune->registry, &view, err);
    if (*code != ERR_OK) {
        return false;
    }
    if (rule->id == NULL) {
        found = next_thing(prune, &view.txn, code);
    } else if (prune->number == 0) {
        prune->kind = rule->kind;
        *code =
            history_number(&view.txn, rule->kind, rule->id, strlen(rule->id), &prune->number, err);
        found = *code == ERR_OK && begin_thing(prune, &view.txn, code);
    }
    registry_view_end(&view);
    if (*code != ERR_OK && *code != ERR_NOT_FOUND) {
        *code = err_set(err, *code, "a history cannot be read");
    }
    return found;
}

static enum err_code prune_all(
    struct prune *prune, int64_t before_ms, bool everything, struct err *err)
{
    enum err_code code = ERR_OK;
    prune->before_ms = before_ms;
    prune->everything = everything;
    prune->contents.kind = (enum registry_kind)0; /* the rule before has changed them */
    prune->kind = (enum registry_kind)0;
    prune->number = 0;
    while (code == ERR_OK && !stopped(prune) && go_on(prune, &code, err)) {
        code = prune_thing(prune, err);
    }
    return code;
}

enum err_code registry_prune(struct registry *registry, const struct prune_rule *rule,
    const struct registry_author *author, const atomic_bool *stop, struct prune_result *result,
    struct err *err)
{
    enum err_code code = ERR_OK;
    struct prune *prune = calloc(1, sizeof *prune);
    *result = (struct prune_result){.things = 0};
    if (prune == NULL) {
        return err_set(err, ERR_NO_MEMORY, "not enough memory to prune histories");
    }
    prune->registry = registry;
    prune->rule = rule;
    prune->author = author;
    prune->stop = stop;
    prune->result = result;
    if (rule->structure_before_ms != 0) {
        code = prune_all(prune, rule->structure_before_ms, true, err);
    }
    if (code == ERR_OK && rule->values_before_ms != 0) {
        code = prune_all(prune, rule->values_before_ms, false, err);
    }
    prune_contents_finish(&prune->contents);
    free(prune);
    return code;
}

bool prune_read_age(const char *text, int64_t *age_ms)
{
    static const struct {
        char unit;
        int64_t ms;
    } units[] = {{'d', 86400000}, {'h', 3600000}, {'m', 60000}, {'s', 1000}};
    enum { MOST_DAYS = 36525 };
    size_t digits = strspn(text, "0123456789");
    int64_t count = digits > 0 && digits <= 10 ? strtoll(text, NULL, 10) : 0;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (text[digits] == units[i].unit && text[digits + 1] == '\0' && count > 0 &&
            count <= MOST_DAYS * (units[0].ms / units[i].ms)) {
            *age_ms = count * units[i].ms;
            return true;
        }
    }
    return false;
}
