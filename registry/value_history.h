/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_VALUE_HISTORY_H
#define JIG_REGISTRY_VALUE_HISTORY_H
/*
 * The values that an element has had, out of the revisions of its submodel. The element is followed
 * backwards by its idShort path; a write of another element costs a look at its record, so that a
 * long history is read without reading the submodel again and again.
 */
#include "registry/registry.h"

struct registry_value {
    uint64_t revision; /* that gave the element this value */
    int64_t time_ms;
    const char *author;
    const char *value; /* value-only JSON; NULL: the element was taken away */
    size_t len;
};

struct registry_value_filter {
    int64_t from_ms; /* Unix time: changes from this moment on; INT64_MIN: any */
    int64_t to_ms;   /* up to this moment; INT64_MAX: any */
    uint64_t before; /* only revisions before this one, 0: any */
    size_t limit;    /* at most this many */
};

enum { VALUE_HISTORY_SCANNED = 200000 }; /* revisions looked at for one answer */

struct registry_values {
    struct registry_value *list; /* newest first, in the arena */
    size_t count;
    uint64_t next;    /* revision to go on before, 0 at the end */
    int64_t since_ms; /* Unix time: from here on all are there; of before, some were pruned.
                       * INT64_MIN when none was in what was looked at */
};

/* Changes of the value of one element (decoded idShort path). An answer may hold fewer than
 * `limit`, even none, and still have a next one: of a large submodel that is written as a whole,
 * few revisions are looked at for one answer. What was first written by a pruned revision is said
 * to be of the first one behind it. ERR_NOT_FOUND when the id is unknown or, from the newest
 * on, no revision looked at has the element; ERR_BAD_INPUT for a kind of element without value-only
 * form. */
ERR_MUST_USE enum err_code registry_value_history(struct registry_view *view, struct arena *arena,
    enum registry_kind kind, const char *id, size_t id_len, const char *path, size_t path_len,
    const struct registry_value_filter *filter, struct registry_values *values, struct err *err);

/* Some changes that follow each other, as one. */
struct registry_value_bucket {
    int64_t from_ms; /* of the oldest one */
    int64_t to_ms;   /* of the newest one */
    size_t count;
    double first; /* the oldest one */
    double last;
    double min;
    double max;
    double mean; /* of the values, each counted once */
};

/* Puts changes (newest first, as above) into at most `wanted` buckets of as equal counts as can be,
 * oldest bucket first. What is no finite number is left out. In the arena. ERR_TOO_LARGE. */
ERR_MUST_USE enum err_code registry_value_buckets(struct arena *arena,
    const struct registry_value *values, size_t count, size_t wanted,
    struct registry_value_bucket **buckets, size_t *bucket_count, struct err *err);

#endif
