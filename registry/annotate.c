/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who last changed each element. The history is walked backwards; an element is done at the first
 * revision that it differs from the one before. A value write touches one element and shifts what
 * stands behind it, so that a long run of them costs no parsing.
 */
#include <stdlib.h>
#include <string.h>

#include "registry/changes.h"
#include "registry/pruned.h"
#include "registry/reindex.h"

/* Bytes parsed for one answer at most, and memory of one parse. */
#define ANNOTATE_BYTES ((size_t)256 << 20)
#define STATE_ARENA_BYTES ((size_t)512 << 20)

struct element {
    unsigned char path[STORE_HASH_BYTES]; /* hash of the idShort path */
    unsigned char own[STORE_HASH_BYTES];  /* hash of what it says by itself */
    size_t at;                            /* entry of the path index */
};

/* The document after one revision. Everything is malloc'd. */
struct state {
    char *json;
    size_t len;
    struct path_entry *entries;
    struct element *elements; /* in document order */
    struct element *sorted;   /* by path */
    size_t count;
};

struct walk {
    struct registry_view *view;
    enum registry_kind kind;
    uint64_t number;
    struct state newest; /* what the answer is about */
    struct state now;    /* where the walk has come to */
    struct registry_annotation *to;
    struct arena *arena;
    size_t open;          /* elements that are not done */
    uint64_t pruned_from; /* first of the revisions missing before the one looked at, 0: none */
    size_t parsed;
};

static void state_finish(struct state *state)
{
    free(state->json);
    free(state->entries);
    free(state->elements);
    free(state->sorted);
    *state = (struct state){.json = NULL};
}

static enum err_code out_of_memory(struct err *err)
{
    return err_set(err, ERR_NO_MEMORY, "not enough memory to look through the history");
}

/* ------------------------------------------------------------------ one state */

/* The bytes of an element without the member that holds the elements below it, so that its first
 * child changes nothing in it. */
static void hash_own(const struct state *state, size_t at, struct buf *scratch)
{
    const struct path_entry *entry = &state->entries[at];
    const char *json = state->json;
    unsigned char *hash = state->elements[at].own;
    size_t end = (size_t)entry->offset + entry->len;
    if (entry->skip < 2) {
        store_hash(json + entry->offset, entry->len, hash);
        return;
    }
    size_t last = at + 1;
    while (last + state->entries[last].skip < at + entry->skip) {
        last += state->entries[last].skip;
    }
    size_t behind = (size_t)state->entries[last].offset + state->entries[last].len + 1;
    size_t before = state->entries[at + 1].offset;
    for (int quotes = 0; before > entry->offset && quotes < 2;) {
        quotes += json[--before] == '"';
    }
    before -= before > entry->offset && json[before - 1] == ',';
    buf_clear(scratch);
    buf_add(scratch, json + entry->offset, before - entry->offset);
    buf_add(scratch, json + behind, end - behind);
    store_hash(scratch->bytes, scratch->len, hash);
}

/* Where the walk over the entries stands: one for each element above. */
struct level {
    size_t end;      /* entry behind the subtree */
    size_t path_len; /* of the element itself */
    size_t children; /* seen so far */
    bool indexed;
};

static void add_step(struct buf *path, const struct state *state, const struct path_entry *entry,
    struct level *above)
{
    if (above->indexed) {
        buf_printf(path, "[%zu]", above->children);
    } else {
        if (path->len > 0) {
            buf_add_char(path, '.');
        }
        if (entry->name_len != PATH_NO_NAME) {
            buf_add(path, state->json + entry->name_offset, entry->name_len);
        } else {
            buf_printf(path, "?%zu", above->children);
        }
    }
    above->children++;
}

/* Calls `take` with the idShort path of every element in document order. */
static enum err_code each_path(const struct state *state,
    enum err_code (*take)(void *context, size_t at, const struct buf *path), void *context)
{
    struct level levels[PATH_INDEX_DEPTH + 2];
    struct buf path;
    size_t depth = 0;
    enum err_code code = ERR_OK;
    buf_init(&path, SIZE_MAX);
    for (size_t at = 0; at < state->count && code == ERR_OK; at++) {
        const struct path_entry *entry = &state->entries[at];
        while (depth > 0 && at >= levels[depth - 1].end) {
            depth--;
        }
        path.len = depth > 0 ? levels[depth - 1].path_len : 0;
        if (depth > 0) {
            add_step(&path, state, entry, &levels[depth - 1]);
        }
        bool deeper = depth < sizeof levels / sizeof *levels;
        code = buf_failed(&path) || !deeper ? ERR_NO_MEMORY : take(context, at, &path);
        if (deeper) {
            levels[depth++] = (struct level){.end = at + entry->skip,
                .path_len = path.len,
                .indexed = (entry->flags & PATH_INDEXED) != 0};
        }
    }
    buf_finish(&path);
    return code;
}

static enum err_code note_path(void *context, size_t at, const struct buf *path)
{
    struct state *state = context;
    store_hash(path->len > 0 ? path->bytes : "", path->len, state->elements[at].path);
    state->elements[at].at = at;
    return ERR_OK;
}

static int compare_path(const void *a, const void *b)
{
    return memcmp(
        ((const struct element *)a)->path, ((const struct element *)b)->path, STORE_HASH_BYTES);
}

/* The element of a state with the same path, or NULL. */
static const struct element *find(const struct state *state, const struct element *element)
{
    return bsearch(element, state->sorted, state->count, sizeof *state->sorted, compare_path);
}

static enum err_code make_elements(struct state *state, struct err *err)
{
    struct buf scratch;
    state->elements = calloc(state->count + 1, sizeof *state->elements);
    state->sorted = calloc(state->count + 1, sizeof *state->sorted);
    if (state->elements == NULL || state->sorted == NULL) {
        return out_of_memory(err);
    }
    buf_init(&scratch, SIZE_MAX);
    for (size_t at = 0; at < state->count; at++) {
        hash_own(state, at, &scratch);
    }
    bool failed = buf_failed(&scratch);
    buf_finish(&scratch);
    if (failed || each_path(state, note_path, state) != ERR_OK) {
        return out_of_memory(err);
    }
    memcpy(state->sorted, state->elements, state->count * sizeof *state->sorted);
    qsort(state->sorted, state->count, sizeof *state->sorted, compare_path);
    return ERR_OK;
}

static enum err_code take_content(struct walk *walk, struct arena *arena, const char *json,
    size_t len, struct state *state, struct err *err)
{
    struct path_index index;
    enum err_code code = reindex(arena, walk->kind, json, len, &index, err);
    if (code != ERR_OK) {
        return code;
    }
    state->json = malloc(len + 1);
    state->entries = malloc((index.count + 1) * sizeof *state->entries);
    if (state->json == NULL || state->entries == NULL) {
        return out_of_memory(err);
    }
    memcpy(state->json, json, len);
    state->len = len;
    walk->parsed += len;
    for (; state->count < index.count; state->count++) {
        if (!path_index_entry(&index, state->count, &state->entries[state->count])) {
            return err_set(err, ERR_STORE, "the path index of a revision is damaged");
        }
    }
    return make_elements(state, err);
}

/* Reads the document as it was after a revision. */
static enum err_code load(
    struct walk *walk, uint64_t revision, struct state *state, struct err *err)
{
    struct arena arena;
    const char *json = NULL;
    size_t len = 0;
    *state = (struct state){.json = NULL};
    arena_init(&arena, STATE_ARENA_BYTES);
    enum err_code code = revision_content(
        &walk->view->txn, &arena, walk->kind, walk->number, revision, &json, &len, err);
    if (code == ERR_OK) {
        code = take_content(walk, &arena, json, len, state, err);
    }
    arena_finish(&arena);
    if (code != ERR_OK) {
        state_finish(state);
    }
    return code;
}

/* ------------------------------------------------------------------ stepping back */

/* The deepest element that holds the changed bytes, when no other element is touched and no
 * idShort; false otherwise. */
static bool touches_one(
    const struct state *state, const struct revision_record *record, size_t *touched)
{
    size_t from = record->offset;
    size_t to = from + record->new_len;
    size_t at = 0;
    for (size_t child = 1; child < at + state->entries[at].skip;) {
        const struct path_entry *entry = &state->entries[child];
        size_t begin = entry->offset;
        size_t end = begin + entry->len;
        if (begin <= from && to <= end) {
            at = child++;
            continue;
        }
        if (from < end && begin < to) {
            return false;
        }
        child += entry->skip;
    }
    const struct path_entry *entry = &state->entries[at];
    bool named = entry->name_len != PATH_NO_NAME;
    *touched = at;
    return to <= (size_t)entry->offset + entry->len &&
           !(named && from <= (size_t)entry->name_offset + entry->name_len &&
               entry->name_offset <= to);
}

static uint32_t shifted(uint32_t place, const struct revision_record *record)
{
    return place >= record->offset + record->new_len ? place - record->new_len + record->old_len
                                                     : place;
}

/* Takes a value write back: bytes and places. */
static enum err_code undo(
    struct state *state, const struct revision_record *record, struct err *err)
{
    enum err_code code = bytes_replace(&state->json, &state->len, record->offset,
        (struct bytes){record->new_bytes, record->new_len},
        (struct bytes){record->old_bytes, record->old_len});
    if (code != ERR_OK) {
        return code == ERR_STORE ? err_set(err, code, "revision %llu does not fit its content",
                                       (unsigned long long)record->said.revision)
                                 : out_of_memory(err);
    }
    for (size_t i = 0; i < state->count; i++) {
        struct path_entry *entry = &state->entries[i];
        uint32_t end = shifted(entry->offset + entry->len, record);
        entry->offset = shifted(entry->offset, record);
        entry->name_offset = shifted(entry->name_offset, record);
        entry->len = end - entry->offset;
    }
    return ERR_OK;
}

static void attribute(
    struct walk *walk, const struct element *element, const struct registry_revision *revision)
{
    if (walk->to[element->at].revision == NULL) {
        walk->to[element->at].revision = revision;
        walk->to[element->at].pruned_from = walk->pruned_from;
        walk->open--;
    }
}

static void attribute_all(struct walk *walk, const struct registry_revision *revision)
{
    for (size_t i = 0; i < walk->newest.count; i++) {
        attribute(walk, &walk->newest.elements[i], revision);
    }
}

/* Compares all that is open with the older state. An open element is what it was in the newest. */
static void attribute_changed(
    struct walk *walk, const struct state *older, const struct registry_revision *revision)
{
    for (size_t i = 0; i < walk->newest.count; i++) {
        const struct element *element = &walk->newest.elements[i];
        if (walk->to[i].revision != NULL) {
            continue;
        }
        const struct element *was = find(older, element);
        if (was == NULL || memcmp(was->own, element->own, STORE_HASH_BYTES) != 0) {
            attribute(walk, element, revision);
        }
    }
}

/* From a revision to the one before it, of number `before`. */
static enum err_code step_back(struct walk *walk, const struct revision_record *record,
    const struct registry_revision *revision, uint64_t before, struct err *err)
{
    size_t touched;
    bool value = record->form == REVISION_COMPACT && revision_sets_value(record) &&
                 before + 1 == record->said.revision; /* or others between them were pruned */
    if (value && touches_one(&walk->now, record, &touched)) {
        const struct element *element = find(&walk->newest, &walk->now.elements[touched]);
        if (element != NULL) {
            attribute(walk, element, revision);
        }
        return undo(&walk->now, record, err);
    }
    struct state older;
    enum err_code code = load(walk, before, &older, err);
    if (code == ERR_OK) {
        attribute_changed(walk, &older, revision);
        state_finish(&walk->now);
        walk->now = older;
    }
    return code;
}

/* The revision before number `at`; pruned ones are stepped over. What a pruned history begins with
 * has a "nothing" before it. */
static enum err_code read_before(
    struct walk *walk, uint64_t at, struct revision_record *record, struct err *err)
{
    struct store_txn *txn = &walk->view->txn;
    *record = (struct revision_record){.form = REVISION_NONE};
    walk->pruned_from = 0;
    if (at == 1) {
        return ERR_OK;
    }
    enum err_code code = revision_last(txn, walk->kind, walk->number, at - 1, record);
    bool gap = code == ERR_NOT_FOUND || (code == ERR_OK && record->said.revision != at - 1);
    if (gap && pruned_any(txn, walk->kind, walk->number)) {
        walk->pruned_from = code == ERR_OK ? record->said.revision + 1 : 1;
        return ERR_OK;
    }
    code = gap ? ERR_NOT_FOUND : code;
    return code == ERR_OK
               ? ERR_OK
               : err_set(err, code, "there is no revision %llu", (unsigned long long)at - 1);
}

static enum err_code walk_back(struct walk *walk, uint64_t at, struct err *err)
{
    struct revision_record record;
    struct store_txn *txn = &walk->view->txn;
    enum err_code code = revision_find(txn, walk->kind, walk->number, at, &record);
    if (code != ERR_OK) {
        return pruned_refuse(txn, walk->kind, walk->number, at, code, err);
    }
    for (size_t steps = 0; walk->open > 0 && code == ERR_OK; steps++) {
        struct revision_record before;
        struct registry_revision *said = arena_alloc(walk->arena, sizeof *said);
        code = said == NULL ? out_of_memory(err)
                            : read_before(walk, record.said.revision, &before, err);
        if (code != ERR_OK) {
            return code;
        }
        *said = record.said;
        bool far = steps + 1 >= REGISTRY_ANNOTATE_REVISIONS || walk->parsed > ANNOTATE_BYTES;
        if (before.form == REVISION_NONE || far) {
            attribute_all(walk, said);
        } else {
            code = step_back(walk, &record, said, before.said.revision, err);
        }
        record = before;
    }
    return code;
}

/* ------------------------------------------------------------------ the answer */

static enum err_code give_path(void *context, size_t at, const struct buf *path)
{
    struct walk *walk = context;
    walk->to[at].path = arena_copy(walk->arena, path->len > 0 ? path->bytes : "", path->len);
    return walk->to[at].path == NULL ? ERR_NO_MEMORY : ERR_OK;
}

/* The state that the walk begins with is needed twice: it changes on the way. */
static enum err_code begin(struct walk *walk, uint64_t at, struct err *err)
{
    enum err_code code = load(walk, at, &walk->newest, err);
    if (code == ERR_OK) {
        code = load(walk, at, &walk->now, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    walk->open = walk->newest.count;
    walk->to = arena_alloc(walk->arena, (walk->open + 1) * sizeof *walk->to);
    if (walk->to != NULL) {
        memset(walk->to, 0, (walk->open + 1) * sizeof *walk->to);
    }
    bool full = walk->to == NULL || each_path(&walk->newest, give_path, walk) != ERR_OK;
    return full ? err_set(err, ERR_TOO_LARGE, "the submodel has too many elements for this request")
                : ERR_OK;
}

enum err_code registry_annotate(struct registry_view *view, struct arena *arena,
    enum registry_kind kind, const char *id, size_t id_len, uint64_t at,
    struct registry_annotation **annotations, size_t *count, struct err *err)
{
    struct revision_record last;
    struct walk walk = {.view = view, .kind = kind, .arena = arena};
    enum err_code code = history_number(&view->txn, kind, id, id_len, &walk.number, err);
    if (code == ERR_OK && at == 0) {
        code = revision_last(&view->txn, kind, walk.number, UINT64_MAX, &last);
        at = code == ERR_OK ? last.said.revision : 0;
    }
    if (code == ERR_OK) {
        code = begin(&walk, at, err);
    }
    if (code == ERR_OK) {
        code = walk_back(&walk, at, err);
    }
    if (code == ERR_OK) {
        *annotations = walk.to;
        *count = walk.newest.count;
    }
    state_finish(&walk.newest);
    state_finish(&walk.now);
    return code;
}
