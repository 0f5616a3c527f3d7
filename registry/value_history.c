/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/value_history.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "aas/json.h"
#include "aas/value.h"
#include "registry/changes.h"
#include "registry/pruned.h"
#include "registry/reindex.h"

#define STATE_ARENA_BYTES ((size_t)512 << 20)
#define VALUE_BYTES_MAX ((size_t)64 << 20) /* of one value */
/* Bytes of whole documents parsed for one answer, but for one step at least. */
#define VALUE_HISTORY_BYTES ((size_t)256 << 20)

/* The element after one revision; `json` is malloc'd, NULL: it is not there. */
struct element {
    char *json;
    size_t len;
    size_t offset; /* in the document */
    struct buf value;
};

struct walk {
    struct registry_view *view;
    struct arena *arena;
    enum registry_kind kind;
    uint64_t number;
    const char *path;
    size_t path_len;
    struct element now;
    struct buf before; /* the value one revision earlier */
    bool seen;         /* some revision had the element */
    size_t parsed;     /* bytes so far */
    bool pruned;       /* some revisions of the history are gone */
    int64_t since_ms;  /* of the oldest revision before which others were pruned, INT64_MIN: none */
    struct registry_value *values;
    size_t count;
};

static enum err_code out_of_memory(struct err *err)
{
    return err_set(err, ERR_NO_MEMORY, "not enough memory to look through the history");
}

/* ------------------------------------------------------------------ the element of a revision */

/* Writes the value-only form of the element's bytes into `to`; empty when it is not there. */
static enum err_code write_value(struct element *element, struct buf *to, struct err *err)
{
    struct arena arena;
    struct aas_node *node = NULL;
    buf_clear(to);
    if (element->json == NULL) {
        return ERR_OK;
    }
    arena_init(&arena, STATE_ARENA_BYTES);
    enum err_code code = aas_json_read(&arena, element->json, element->len, NULL, NULL, &node, err);
    if (code == ERR_OK) {
        code = aas_value_write(to, node, 0, err);
    }
    arena_finish(&arena);
    return code == ERR_OK && buf_failed(to) ? out_of_memory(err) : code;
}

static enum err_code take_element(
    struct walk *walk, struct arena *arena, const char *json, size_t len, struct err *err)
{
    struct path_index index;
    struct path_entry entry;
    size_t at;
    walk->parsed += len;
    enum err_code code = reindex(arena, walk->kind, json, len, &index, err);
    if (code != ERR_OK) {
        return code;
    }
    code = path_index_find(&index, walk->path, walk->path_len, &at, &entry, err);
    if (code == ERR_NOT_FOUND) {
        return ERR_OK;
    }
    char *copy = code == ERR_OK ? malloc((size_t)entry.len + 1) : NULL;
    if (copy == NULL) {
        return code == ERR_OK ? out_of_memory(err) : code;
    }
    memcpy(copy, json + entry.offset, entry.len);
    walk->now.json = copy;
    walk->now.len = entry.len;
    walk->now.offset = entry.offset;
    walk->seen = true;
    return ERR_OK;
}

/* Reads the element as it was after a revision, or after the one before it that was not pruned; 0
 * is before the first one. */
static enum err_code load(struct walk *walk, uint64_t revision, struct err *err)
{
    struct arena arena;
    const char *json = NULL;
    size_t len = 0;
    struct revision_record record;
    free(walk->now.json);
    walk->now.json = NULL;
    enum err_code there =
        revision_last(&walk->view->txn, walk->kind, walk->number, revision, &record);
    if (revision == 0 || there == ERR_NOT_FOUND) {
        return ERR_OK;
    }
    revision = there == ERR_OK ? record.said.revision : revision;
    arena_init(&arena, STATE_ARENA_BYTES);
    enum err_code code = revision_content(
        &walk->view->txn, &arena, walk->kind, walk->number, revision, &json, &len, err);
    code = code == ERR_OK          ? take_element(walk, &arena, json, len, err)
           : code == ERR_NOT_FOUND ? ERR_OK /* a deletion */
                                   : code;
    arena_finish(&arena);
    return code;
}

/* ------------------------------------------------------------------ stepping back */

enum touch { TOUCH_NOTHING, TOUCH_PLACE, TOUCH_ELEMENT, TOUCH_MORE };

/* What a compact revision has to do with the element. */
static enum touch touches(const struct element *element, const struct revision_record *record)
{
    size_t from = record->offset;
    size_t to = from + record->new_len;
    size_t end = element->offset + element->len;
    if (element->json == NULL || from >= end) {
        return TOUCH_NOTHING; /* values do not make elements */
    }
    if (to <= element->offset) {
        return TOUCH_PLACE;
    }
    return from > element->offset && to < end ? TOUCH_ELEMENT : TOUCH_MORE;
}

static enum err_code undo(
    struct element *element, const struct revision_record *record, struct err *err)
{
    enum err_code code = bytes_replace(&element->json, &element->len,
        record->offset - element->offset, (struct bytes){record->new_bytes, record->new_len},
        (struct bytes){record->old_bytes, record->old_len});
    return code == ERR_STORE ? err_set(err, code, "revision %llu does not fit its content",
                                   (unsigned long long)record->said.revision)
           : code != ERR_OK  ? out_of_memory(err)
                             : ERR_OK;
}

/* Nothing was pruned between the revision and the one that is before it now. */
static bool follows_directly(struct walk *walk, const struct revision_record *record)
{
    struct revision_record before;
    return !walk->pruned || revision_find(&walk->view->txn, walk->kind, walk->number,
                                record->said.revision - 1, &before) == ERR_OK;
}

/* Brings the element to the state before the revision; *same: its value cannot have changed. */
static enum err_code step_back(
    struct walk *walk, const struct revision_record *record, bool *same, struct err *err)
{
    bool value = record->form == REVISION_COMPACT && revision_sets_value(record) &&
                 follows_directly(walk, record);
    enum touch touch = value ? touches(&walk->now, record) : TOUCH_MORE;
    *same = touch == TOUCH_NOTHING || touch == TOUCH_PLACE;
    if (touch == TOUCH_PLACE) {
        walk->now.offset = walk->now.offset - record->new_len + record->old_len;
    }
    if (*same) {
        return ERR_OK;
    }
    return touch == TOUCH_ELEMENT ? undo(&walk->now, record, err)
                                  : load(walk, record->said.revision - 1, err);
}

static enum err_code emit(struct walk *walk, const struct registry_revision *said, struct err *err)
{
    struct registry_value *to = &walk->values[walk->count];
    const struct buf *value = &walk->now.value;
    *to = (struct registry_value){.revision = said->revision,
        .time_ms = said->time_ms,
        .author = said->author,
        .len = value->len};
    if (value->len > 0) {
        to->value = arena_copy(walk->arena, value->bytes, value->len);
        if (to->value == NULL) {
            return err_set(err, ERR_TOO_LARGE, "the values are too large for this request");
        }
    }
    walk->count++;
    return ERR_OK;
}

/* One revision: tells the value when it came with it, and goes to the one before. */
static enum err_code look(struct walk *walk, const struct revision_record *record,
    const struct registry_value_filter *filter, struct err *err)
{
    bool same;
    enum err_code code = step_back(walk, record, &same, err);
    if (code != ERR_OK || same) {
        return code;
    }
    code = write_value(&walk->now, &walk->before, err);
    struct buf *value = &walk->now.value;
    bool changed = walk->before.len != value->len ||
                   (value->len > 0 && memcmp(walk->before.bytes, value->bytes, value->len) != 0);
    if (code == ERR_OK && changed && record->said.time_ms <= filter->to_ms) {
        code = emit(walk, &record->said, err);
    }
    struct buf swap = *value;
    *value = walk->before;
    walk->before = swap;
    return code;
}

/* The newest revision up to `*at`, and its number. What is missing was pruned: values are complete
 * only from the revision behind it on. ERR_NOT_FOUND at the end of the history. */
static enum err_code read_newest(
    struct walk *walk, uint64_t *at, struct revision_record *record, struct err *err)
{
    struct revision_record above;
    struct store_txn *txn = &walk->view->txn;
    enum err_code code =
        *at == 0 ? ERR_NOT_FOUND : revision_last(txn, walk->kind, walk->number, *at, record);
    uint64_t found = code == ERR_OK ? record->said.revision : 0;
    if ((code == ERR_OK || code == ERR_NOT_FOUND) && found != *at) {
        if (!walk->pruned) {
            return err_set(err, ERR_STORE, "revision %llu is missing", (unsigned long long)*at);
        }
        if (walk->since_ms == INT64_MIN &&
            revision_find(txn, walk->kind, walk->number, *at + 1, &above) == ERR_OK) {
            walk->since_ms = above.said.time_ms;
        }
    }
    *at = found;
    return code == ERR_OK || code == ERR_NOT_FOUND
               ? code
               : err_set(err, code, "the history cannot be read");
}

static enum err_code walk_back(struct walk *walk, uint64_t at,
    const struct registry_value_filter *filter, uint64_t *next, struct err *err)
{
    enum err_code code = load(walk, at, err);
    if (code == ERR_OK) {
        code = write_value(&walk->now, &walk->now.value, err);
    }
    *next = 0;
    for (size_t scanned = 0; code == ERR_OK; at--, scanned++) {
        struct revision_record record;
        bool far =
            scanned == VALUE_HISTORY_SCANNED || (scanned > 0 && walk->parsed > VALUE_HISTORY_BYTES);
        if (at > 0 && (walk->count == filter->limit || far)) {
            *next = at + 1;
            break;
        }
        code = read_newest(walk, &at, &record, err);
        if (code != ERR_OK || record.said.time_ms < filter->from_ms) {
            break;
        }
        code = look(walk, &record, filter, err);
    }
    return code == ERR_NOT_FOUND ? ERR_OK : code;
}

enum err_code registry_value_history(struct registry_view *view, struct arena *arena,
    enum registry_kind kind, const char *id, size_t id_len, const char *path, size_t path_len,
    const struct registry_value_filter *filter, struct registry_values *values, struct err *err)
{
    struct revision_record last;
    struct walk walk = {.view = view,
        .arena = arena,
        .kind = kind,
        .path = path,
        .path_len = path_len,
        .since_ms = INT64_MIN};
    enum err_code code = history_number(&view->txn, kind, id, id_len, &walk.number, err);
    uint64_t at = filter->before > 0 ? filter->before - 1 : UINT64_MAX;
    walk.pruned = code == ERR_OK && pruned_any(&view->txn, kind, walk.number);
    if (code == ERR_OK && at == UINT64_MAX) {
        code = revision_last(&view->txn, kind, walk.number, at, &last);
        at = code == ERR_OK ? last.said.revision : 0;
    } else if (code == ERR_OK &&
               revision_last(&view->txn, kind, walk.number, at, &last) != ERR_OK) {
        *values = (struct registry_values){.since_ms = INT64_MIN}; /* the page behind the last */
        return ERR_OK;
    } else if (code == ERR_OK && !walk.pruned) {
        at = last.said.revision;
    }
    if (code != ERR_OK) {
        return code;
    }
    walk.values = arena_alloc(arena, (filter->limit + 1) * sizeof *walk.values);
    if (walk.values == NULL) {
        return err_set(err, ERR_TOO_LARGE, "so many values are too many for one request");
    }
    buf_init(&walk.now.value, VALUE_BYTES_MAX);
    buf_init(&walk.before, VALUE_BYTES_MAX);
    values->next = 0;
    code = walk_back(&walk, at, filter, &values->next, err);
    bool from_newest = filter->before == 0;
    if (code == ERR_OK && from_newest && !walk.seen && values->next == 0) {
        code = err_set(err, ERR_NOT_FOUND, "there was no element '%.*s'",
            text_shown(path, path_len, 200), path);
    }
    free(walk.now.json);
    buf_finish(&walk.now.value);
    buf_finish(&walk.before);
    if (code == ERR_OK) {
        values->list = walk.values;
        values->count = walk.count;
        values->since_ms = walk.since_ms;
    }
    return code;
}

/* ------------------------------------------------------------------ buckets */

/* Numbers stand as they are or, when they have no JSON number, between quotes. */
static bool number_of(const struct registry_value *value, double *number)
{
    char *end = NULL;
    if (value->value == NULL) {
        return false;
    }
    bool quoted = value->value[0] == '"';
    const char *text = value->value + (quoted ? 1 : 0);
    *number = strtod(text, &end);
    return end > text && (quoted ? end[0] == '"' : end[0] == '\0') && isfinite(*number);
}

static void bucket_add(struct registry_value_bucket *bucket, int64_t time_ms, double number)
{
    if (bucket->count == 0) {
        *bucket = (struct registry_value_bucket){
            .from_ms = time_ms, .first = number, .min = number, .max = number};
    }
    bucket->count++;
    bucket->to_ms = time_ms;
    bucket->last = number;
    bucket->min = number < bucket->min ? number : bucket->min;
    bucket->max = number > bucket->max ? number : bucket->max;
    bucket->mean += (number - bucket->mean) / (double)bucket->count;
}

enum err_code registry_value_buckets(struct arena *arena, const struct registry_value *values,
    size_t count, size_t wanted, struct registry_value_bucket **buckets, size_t *bucket_count,
    struct err *err)
{
    double number;
    size_t numbers = 0;
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        numbers += number_of(&values[i], &number);
    }
    size_t made = wanted < numbers ? wanted : numbers;
    struct registry_value_bucket *list = arena_alloc(arena, (made + 1) * sizeof *list);
    if (list == NULL) {
        return err_set(err, ERR_TOO_LARGE, "so many buckets are too many for one request");
    }
    memset(list, 0, (made + 1) * sizeof *list);
    for (size_t i = count; i-- > 0;) {
        if (number_of(&values[i], &number)) {
            bucket_add(&list[at * made / numbers], values[i].time_ms, number);
            at++;
        }
    }
    *buckets = list;
    *bucket_count = made;
    return ERR_OK;
}
