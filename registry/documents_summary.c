/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The line in a history that says what changed: the smallest element that holds all changes, or how
 * many of the elements at the top differ. Found by comparing bytes, without parsing.
 */
#include <stdio.h>
#include <string.h>

#include "registry/document_record.h"

enum { COMPARED_MAX = 256 }; /* elements at the top that are compared by name */

/* The smallest element that holds the bytes from `start` up to `end`. */
static size_t holder_of(const struct path_index *index, size_t start, size_t end)
{
    size_t holder = 0;
    size_t at = 0;
    struct path_entry entry;
    while (path_index_entry(index, at, &entry)) {
        if (entry.offset > start) {
            break;
        }
        bool holds =
            (size_t)entry.offset + entry.len >= end && (size_t)entry.offset + entry.len > start;
        if (holds) {
            holder = at;
        }
        at += holds ? 1 : entry.skip;
    }
    return holder;
}

static bool next_top(const struct path_index *index, size_t *at, struct path_entry *entry)
{
    if (*at == 0) {
        *at = 1;
    } else if (path_index_entry(index, *at, entry)) {
        *at += entry->skip;
    }
    return path_index_entry(index, *at, entry);
}

static bool same_name(const struct path_index *a, const struct path_entry *in_a,
    const struct path_index *b, const struct path_entry *in_b)
{
    return in_a->name_hash == in_b->name_hash && in_a->name_len == in_b->name_len &&
           in_a->name_len != PATH_NO_NAME &&
           memcmp(a->json + in_a->name_offset, b->json + in_b->name_offset, in_a->name_len) == 0;
}

static size_t count_top(const struct path_index *index)
{
    size_t count = 0;
    struct path_entry entry;
    for (size_t at = 0; next_top(index, &at, &entry);) {
        count++;
    }
    return count;
}

struct top_changes {
    size_t before, after; /* elements at the top */
    size_t same_names;    /* those in both */
    size_t changed;       /* of them with other content */
};

static void compare_top(
    const struct path_index *before, const struct path_index *after, struct top_changes *changes)
{
    struct path_entry was;
    struct path_entry is;
    for (size_t at = 0; next_top(after, &at, &is);) {
        for (size_t old = 0; next_top(before, &old, &was);) {
            if (same_name(before, &was, after, &is)) {
                changes->same_names++;
                changes->changed += was.len != is.len || memcmp(before->json + was.offset,
                                                             after->json + is.offset, is.len) != 0;
                break;
            }
        }
    }
}

static void write_counts(const struct top_changes *changes, char *to, size_t size)
{
    /* Names that stand twice in a broken document may be counted more often than there are. */
    size_t same = changes->same_names;
    size_t added = changes->after > same ? changes->after - same : 0;
    size_t removed = changes->before > same ? changes->before - same : 0;
    int used = snprintf(to, size, "%zu of %zu elements changed", changes->changed, changes->after);
    if (added + removed + changes->changed == 0) {
        snprintf(to, size, "attributes or order changed");
    } else if (added + removed > 0 && used > 0 && (size_t)used < size) {
        snprintf(to + used, size - (size_t)used, ", %zu added, %zu removed", added, removed);
    }
}

void summary_write(
    const struct path_index *before, const struct path_index *after, char *to, size_t size)
{
    struct top_changes changes = {.after = count_top(after)};
    if (before == NULL) {
        snprintf(to, size, "%zu element%s", changes.after, changes.after == 1 ? "" : "s");
        return;
    }
    size_t prefix = 0;
    size_t suffix = 0;
    bytes_differ(before->json, before->json_len, after->json, after->json_len, &prefix, &suffix);
    size_t holder = holder_of(after, prefix, after->json_len - suffix);
    size_t held = holder_of(before, prefix, before->json_len - suffix);
    if (holder != 0 && holder == held) {
        int used = snprintf(to, size, "changed ");
        path_index_print(after, holder, to + used, size - (size_t)used);
        return;
    }
    changes.before = count_top(before);
    if (changes.before > COMPARED_MAX || changes.after > COMPARED_MAX) {
        snprintf(to, size, "replaced: %zu elements before, %zu now", changes.before, changes.after);
        return;
    }
    compare_top(before, after, &changes);
    write_counts(&changes, to, size);
}
