/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/changes.h"

#include <stdio.h>
#include <string.h>

#include "conformance/report.h"
#include "registry/document_record.h"
#include "registry/kept.h"
#include "registry/log.h"
#include "registry/pruned.h"
#include "registry/registry_inside.h"

enum {
    RESTORE_ATTEMPTS = 16,
    CHANGES_PAGE = 1000,
    /* A revision gets its time before it waits for its turn in the log, so times there are in order
     * but for this long (ms). */
    LOG_DISORDER_MS = 60000,
};

/* ------------------------------------------------------------------ at a moment */

/* What was valid at a moment is gone when the next revision was taken out and is not younger. */
static enum err_code refuse_pruned(struct store_txn *txn, enum registry_kind kind, uint64_t number,
    uint64_t next, int64_t time_ms, struct err *err)
{
    char when[PRUNED_TIME];
    struct pruned_range range;
    struct registry_revision by;
    struct revision_record record;
    if (revision_find(txn, kind, number, next, &record) != ERR_NOT_FOUND ||
        pruned_find(txn, kind, number, next, &range, &by) != ERR_OK || range.first_ms > time_ms) {
        return ERR_OK;
    }
    pruned_time(by.time_ms, when);
    return err_set(err, ERR_NOT_FOUND,
        "the state of that moment was pruned on %s: %s; revisions %llu to %llu are gone", when,
        by.message, (unsigned long long)range.first, (unsigned long long)range.last);
}

enum err_code registry_revision_at(struct registry_view *view, enum registry_kind kind,
    const char *id, size_t id_len, int64_t time_ms, uint64_t *revision, struct err *err)
{
    uint64_t number = 0;
    struct revision_record last;
    struct store_txn *txn = &view->txn;
    enum err_code code = history_number(txn, kind, id, id_len, &number, err);
    if (code != ERR_OK) {
        return code;
    }
    code = revision_at(txn, kind, number, time_ms, &last);
    if (code != ERR_OK && code != ERR_NOT_FOUND) {
        return err_set(err, code, "the history cannot be read");
    }
    uint64_t next = code == ERR_OK ? last.said.revision + 1 : 1;
    if (refuse_pruned(txn, kind, number, next, time_ms, err) != ERR_OK) {
        return ERR_NOT_FOUND;
    }
    if (code == ERR_NOT_FOUND) {
        return err_set(err, ERR_NOT_FOUND, "it was created after that moment");
    }
    if (last.form == REVISION_NONE) {
        return err_set(err, ERR_NOT_FOUND, "at that moment it was deleted");
    }
    *revision = last.said.revision;
    return ERR_OK;
}

/* ------------------------------------------------------------------ restoring */

static enum err_code read_old(struct registry *registry, enum registry_kind kind, const char *id,
    size_t id_len, uint64_t revision, struct arena *arena, struct aas_node **tree, struct err *err)
{
    struct registry_view view;
    const char *json = NULL;
    size_t len = 0;
    enum err_code code = registry_view_begin(registry, &view, err);
    if (code != ERR_OK) {
        return code;
    }
    code = registry_revision_content(&view, arena, kind, id, id_len, revision, &json, &len, err);
    registry_view_end(&view);
    return code == ERR_OK ? aas_json_read(arena, json, len, registry_class(kind), NULL, tree, err)
                          : code;
}

enum { SUMMARY_ROOM = 120 };

/* A revision on its way back, and what becomes of its files. */
struct restoring {
    struct write write;
    struct arena *arena;
    uint64_t revision;
    struct kept_file *files; /* that nothing leads to at the moment */
    size_t count;
    char summary[SUMMARY_ROOM];
};

static size_t count_missing(const struct restoring *restoring)
{
    size_t missing = 0;
    for (size_t i = 0; i < restoring->count; i++) {
        missing += !restoring->files[i].bytes;
    }
    return missing;
}

static void summarise(struct restoring *restoring)
{
    size_t missing = count_missing(restoring);
    char files[SUMMARY_ROOM / 2] = "";
    if (missing > 0) {
        snprintf(files, sizeof files, ", but %zu file%s not kept", missing,
            missing == 1 ? " was" : "s were");
    }
    snprintf(restoring->summary, sizeof restoring->summary, "revision %llu is there again%s",
        (unsigned long long)restoring->revision, files);
    restoring->write.summary = restoring->summary;
}

static enum err_code bring_back(struct store_txn *txn, const struct write *write, struct err *err)
{
    const struct restoring *restoring = write->with;
    const struct registry_change *change = write->change;
    struct id_place place;
    enum err_code code = id_find(txn, change->kind, change->id, change->id_len, &place, err);
    if (code == ERR_OK) {
        code = kept_bring_back(
            txn, change->kind, place.number, restoring->files, restoring->count, write->time_ms);
    }
    return code == ERR_OK ? ERR_OK : err_set(err, code, "the files cannot be brought back");
}

static enum err_code change_restore(struct store_txn *txn, void *context, struct err *err)
{
    struct restoring *restoring = context;
    const struct registry_change *change = restoring->write.change;
    uint64_t number = 0;
    enum err_code code =
        history_number(txn, change->kind, change->id, change->id_len, &number, err);
    if (code == ERR_OK) {
        code = kept_find(txn, restoring->arena, change->kind, number, restoring->revision,
            &restoring->write.prepared.files, &restoring->files, &restoring->count);
        code = code == ERR_OK ? ERR_OK : err_set(err, code, "its files cannot be looked for");
    }
    if (code != ERR_OK) {
        return code;
    }
    summarise(restoring);
    return write_apply(txn, &restoring->write, err);
}

static void tell_missing(const struct restoring *restoring, struct report *report)
{
    for (size_t i = 0; report != NULL && i < restoring->count; i++) {
        const struct kept_file *file = &restoring->files[i];
        if (!file->bytes) {
            report_add(report, AAS_WARNING, "file-not-kept", NULL, -1,
                "Send the file again; an operator can keep files for a while with --keep-files.",
                "the file '%.300s' of %llu bytes was not kept", file->text,
                (unsigned long long)file->file.size);
        }
    }
}

static enum err_code try_restore(
    struct registry *registry, struct restoring *restoring, struct report *report, struct err *err)
{
    struct write *write = &restoring->write;
    enum err_code code = write_prepare(registry, restoring->arena, write, report, err);
    if (code == ERR_OK) {
        write->time_ms = write_now_ms();
        code = store_write(registry->store, change_restore, restoring, err);
    }
    return code;
}

enum err_code registry_restore(struct registry *registry, enum registry_kind kind, const char *id,
    size_t id_len, uint64_t revision, enum registry_operation operation,
    const unsigned char *if_match, const struct registry_author *author, struct report *report,
    enum registry_outcome *outcome, struct err *err)
{
    struct arena arena;
    struct aas_node *tree = NULL;
    arena_init(&arena, WRITE_ARENA_BYTES);
    arena.meter = report_meter(report);
    enum err_code code = read_old(registry, kind, id, id_len, revision, &arena, &tree, err);
    struct registry_change change = {.operation = operation,
        .kind = kind,
        .id = id,
        .id_len = id_len,
        .tree = tree,
        .if_match = if_match,
        .log_operation = "restore"};
    struct restoring restoring = {.arena = &arena, .revision = revision};
    restoring.write =
        (struct write){.change = &change, .author = author, .also = bring_back, .with = &restoring};
    bool again = code == ERR_OK;
    for (int i = 0; again && i < RESTORE_ATTEMPTS; i++) {
        code = try_restore(registry, &restoring, report, err);
        again = code == ERR_PRECONDITION && restoring.write.life.stale;
    }
    code = again ? write_lost(err) : code;
    if (code == ERR_OK) {
        tell_missing(&restoring, report);
        *outcome = restoring.write.outcome;
    }
    arena_finish(&arena);
    return code;
}

/* ------------------------------------------------------------------ lately */

/* The first entry that can be as young as `time_ms`. */
static uint64_t first_since(struct store_txn *txn, int64_t time_ms, uint64_t last)
{
    uint64_t low = 1;
    uint64_t high = last + 1;
    while (low < high) {
        struct log_entry entry;
        uint64_t middle = low + (high - low) / 2;
        if (log_at(txn, middle, &entry) != ERR_OK || entry.time_ms >= time_ms - LOG_DISORDER_MS) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

/* The id that stands under a hash with this number; false when the table is damaged. */
static bool id_of(
    struct store_txn *txn, const struct log_entry *entry, struct arena *arena, const char **id)
{
    for (unsigned probe = 0; probe < KEY_ID_PROBES; probe++) {
        struct store_key key;
        struct store_bytes value;
        key_id(&key, entry->kind, entry->id, probe);
        if (store_get(txn, STORE_IDS, key.bytes, key.len, &value) != ERR_OK || value.len < 8) {
            return false;
        }
        if (value_u64(value.bytes) == entry->number) {
            *id = arena_copy(arena, (const char *)value.bytes + 8, value.len - 8);
            return true;
        }
    }
    return false;
}

struct page {
    struct store_txn *txn;
    struct arena *arena;
    const struct registry_change_filter *filter;
    unsigned char id[STORE_HASH_BYTES]; /* hash of the id that is asked for */
    struct registry_changed *list;
    size_t count;
};

/* A revision that is not there: of a history that was pruned it is told so when asked for. That it
 * was this very revision is what the verification looks at. */
static enum err_code take_pruned(struct page *page, const struct log_entry *entry, bool *skip)
{
    struct registry_changed *to = &page->list[page->count];
    if (!pruned_any(page->txn, entry->kind, entry->number)) {
        return ERR_STORE;
    }
    *skip = !page->filter->with_pruned;
    to->revision = (struct registry_revision){.revision = entry->revision,
        .time_ms = entry->time_ms,
        .operation = "pruned",
        .author = "",
        .message = "",
        .summary = "taken out by a rule for keeping"};
    return ERR_OK;
}

/* The revision of an entry; `*skip`: it is not asked for. */
static enum err_code take_revision(struct page *page, const struct log_entry *entry, bool *skip)
{
    struct revision_record record;
    struct registry_changed *to = &page->list[page->count];
    struct store_txn *txn = page->txn;
    int64_t created_from = page->filter->created_from;
    to->deleted = to->pruned = false;
    enum err_code code = revision_find(txn, entry->kind, entry->number, entry->revision, &record);
    if (code == ERR_NOT_FOUND) {
        to->pruned = true;
        code = take_pruned(page, entry, skip);
    } else if (code == ERR_OK) {
        to->deleted = record.form == REVISION_NONE;
        to->revision = record.said;
    }
    if (code == ERR_OK && created_from != 0) {
        code = revision_first(txn, entry->kind, entry->number, &record);
        *skip |= code == ERR_OK && record.said.time_ms < created_from;
    }
    return code;
}

static enum err_code take(struct page *page, const struct log_entry *entry, struct err *err)
{
    const struct registry_change_filter *filter = page->filter;
    struct registry_changed *to = &page->list[page->count];
    bool skip = false;
    bool asked = (filter->kind == 0 || entry->kind == filter->kind) &&
                 (filter->id == NULL || memcmp(entry->id, page->id, STORE_HASH_BYTES) == 0);
    if (!asked || entry->time_ms < filter->updated_from ||
        (filter->updated_to != 0 && entry->time_ms > filter->updated_to)) {
        return ERR_OK;
    }
    enum err_code code = take_revision(page, entry, &skip);
    if (code == ERR_OK && skip) {
        return ERR_OK;
    }
    if (code != ERR_OK || !id_of(page->txn, entry, page->arena, &to->id)) {
        return err_set(err, ERR_STORE, "the log does not fit the histories");
    }
    if (to->id == NULL) {
        return err_set(err, ERR_TOO_LARGE, "the page is too large for this request");
    }
    if (filter->id_prefix != NULL &&
        strncmp(to->id, filter->id_prefix, strlen(filter->id_prefix)) != 0) {
        return ERR_OK;
    }
    memcpy(to->chain, entry->chain, STORE_HASH_BYTES);
    to->sequence = entry->sequence;
    to->kind = entry->kind;
    page->count++;
    return ERR_OK;
}

/* Which entries of the log are looked at for a page, one after the other. */
struct walk {
    uint64_t at; /* 0, or beyond the last one: at the end */
    uint64_t left;
    bool back;
};

static uint64_t most(uint64_t entries)
{
    return entries < REGISTRY_CHANGES_SCANNED ? entries : REGISTRY_CHANGES_SCANNED;
}

/* A cursor can be made up. */
static struct walk walk_of(
    struct store_txn *txn, const struct registry_change_filter *filter, uint64_t last)
{
    bool beyond = filter->after > last;
    if (filter->newest_first) {
        uint64_t at = beyond ? 0 : filter->after > 0 ? filter->after - 1 : last;
        return (struct walk){.at = at, .left = most(at), .back = true};
    }
    int64_t from =
        filter->created_from > filter->updated_from ? filter->created_from : filter->updated_from;
    uint64_t at = beyond              ? last + 1
                  : filter->after > 0 ? filter->after + 1
                  : from > 0          ? first_since(txn, from, last)
                                      : 1;
    return (struct walk){.at = at, .left = at > last ? 0 : most(last - at + 1)};
}

enum err_code registry_changes(struct registry_view *view, struct arena *arena,
    const struct registry_change_filter *filter, struct registry_changed **changes, size_t *count,
    uint64_t *next, struct err *err)
{
    struct log_entry last = {.sequence = 0};
    struct page page = {.txn = &view->txn, .arena = arena, .filter = filter};
    size_t limit = filter->limit == 0 ? CHANGES_PAGE : filter->limit;
    enum err_code code = log_last(&view->txn, &last);
    if (code != ERR_OK && code != ERR_NOT_FOUND) {
        return err_set(err, code, "the log cannot be read");
    }
    struct walk walk = walk_of(&view->txn, filter, last.sequence);
    if (filter->id != NULL) {
        store_hash(filter->id, strlen(filter->id), page.id);
    }
    page.list = arena_alloc(arena, (limit + 1) * sizeof *page.list);
    if (page.list == NULL) {
        return err_set(err, ERR_TOO_LARGE, "the page is too large for this request");
    }
    code = ERR_OK;
    for (; walk.left > 0 && page.count < limit && code == ERR_OK; walk.left--) {
        struct log_entry entry;
        code = log_at(&view->txn, walk.at, &entry) == ERR_OK
                   ? take(&page, &entry, err)
                   : err_set(err, ERR_STORE, "entry %llu of the log is missing or damaged",
                         (unsigned long long)walk.at);
        walk.at = walk.back ? walk.at - 1 : walk.at + 1;
    }
    if (code == ERR_OK) {
        bool more = walk.at >= 1 && walk.at <= last.sequence;
        *changes = page.list;
        *count = page.count;
        *next = !more ? 0 : walk.back ? walk.at + 1 : walk.at - 1;
    }
    return code;
}

enum err_code registry_log_chain(struct registry_view *view, uint64_t sequence,
    unsigned char chain[STORE_HASH_BYTES], struct err *err)
{
    struct log_entry entry;
    enum err_code code = log_at(&view->txn, sequence, &entry);
    if (code != ERR_OK) {
        return err_set(err, code, "the log has no entry %llu", (unsigned long long)sequence);
    }
    memcpy(chain, entry.chain, STORE_HASH_BYTES);
    return ERR_OK;
}
