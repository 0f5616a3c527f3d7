/* SPDX-License-Identifier: Apache-2.0 */
#include "aas/aasx_zip.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <zip.h>

#include "aas/path.h"

enum {
    SMALLEST_ARCHIVE = 22, /* bytes of the end record alone */
    DEFAULT_MAX_ENTRIES = 10000,
    DEFAULT_MAX_RATIO = 200,
    RATIO_COUNTS_FROM = 1024 * 1024, /* bytes: smaller files may shrink as they like */
    SIGNATURES_PER_ENTRY = 10        /* archives within the archive show their directories, too */
};
#define DEFAULT_MAX_ENTRY (256ULL << 20)
#define DEFAULT_MAX_TOTAL (1ULL << 30)

static enum err_code fail(struct err *err, enum err_code code, const char *rule, const char *remedy)
{
    err_rule(err, rule, remedy);
    return code;
}

static enum err_code no_room(struct err *err)
{
    err_set(err, ERR_TOO_LARGE, "the package needs more memory than allowed");
    return fail(err, ERR_TOO_LARGE, "AASX-size", "Split the package into smaller ones.");
}

static enum err_code bomb(struct err *err)
{
    return fail(err, ERR_TOO_LARGE, "AASX-bomb",
        "Repack the package; if it really is that large, raise the limits for packages.");
}

/* ------------------------------------------------------------------ opening */

struct zip *aasx_zip_open(const char *bytes, size_t len, struct err *err)
{
    /* libzip takes no bytes at all for an archive without entries. */
    if (len < SMALLEST_ARCHIVE) {
        err_set(err, ERR_UNREADABLE, "this is not a ZIP archive");
        fail(err, ERR_UNREADABLE, "AASX-zip", "Send the whole file of an AASX package.");
        return NULL;
    }
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *source = zip_source_buffer_create(bytes, len, 0, &error);
    zip_t *zip = source == NULL ? NULL : zip_open_from_source(source, ZIP_RDONLY, &error);
    if (zip == NULL) {
        zip_source_free(source);
        err_set(err, ERR_UNREADABLE, "the ZIP archive is damaged or cut off: %s",
            zip_error_strerror(&error));
        fail(err, ERR_UNREADABLE, "AASX-zip", "Save the package again and send the whole file.");
    }
    zip_error_fini(&error);
    return zip;
}

void aasx_zip_close(struct zip *zip)
{
    if (zip != NULL) {
        zip_discard(zip);
    }
}

/* libzip makes objects for every entry of the directory before anybody can ask how many there are:
 * each begins with a signature, and those can be counted first. */
static bool too_many_signatures(const char *bytes, size_t len, size_t max_entries)
{
    size_t most = max_entries > SIZE_MAX / SIGNATURES_PER_ENTRY
                      ? SIZE_MAX
                      : max_entries * SIGNATURES_PER_ENTRY;
    const char *at = bytes;
    const char *end = bytes + len;
    for (size_t seen = 0; at != NULL && seen <= most; seen++) {
        at = memmem(at, (size_t)(end - at), "PK\x01\x02", 4);
        if (at == NULL) {
            return false;
        }
        at += 4;
    }
    return true;
}

static bool bad_segment(const char *name)
{
    for (const char *at = name; *at != '\0';) {
        size_t len = strcspn(at, "/");
        if ((len == 1 && at[0] == '.') || (len == 2 && at[0] == '.' && at[1] == '.')) {
            return true;
        }
        at += len + (at[len] == '/');
    }
    return false;
}

/* What is wrong with an entry name, NULL when nothing is. */
static const char *name_fault(const char *name)
{
    size_t len = strlen(name);
    if (len == 0) {
        return "an empty name";
    }
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)name[i];
        if (c < 0x20 || c == 0x7F) {
            return "a name with a control character";
        }
    }
    unsigned char letter = (unsigned char)name[0] | 0x20;
    if (name[0] == '/' || (letter >= 'a' && letter <= 'z' && name[1] == ':')) {
        return "an absolute path";
    }
    if (strchr(name, '\\') != NULL) {
        return "a name with a backslash";
    }
    return bad_segment(name) ? "a name with \"..\" or \".\" as a step" : NULL;
}

static enum err_code check_name(const char *raw, const char *name, struct err *err)
{
    const char *fault = name_fault(raw);
    if (fault == NULL) {
        fault = name_fault(name);
    }
    bool utf8 = aas_utf8_valid(name, strlen(name), NULL);
    if (fault == NULL && utf8) {
        return ERR_OK;
    }
    err_set(err, ERR_UNREADABLE, "an entry of the package has %s: \"%.200s\"",
        fault != NULL ? fault : "a name that is not UTF-8", utf8 ? name : "");
    return fail(err, ERR_UNREADABLE, "AASX-name",
        "Pack the files under plain relative names with \"/\" between folders.");
}

static enum err_code check_method(const struct zip_stat *st, struct err *err)
{
    if (st->encryption_method != ZIP_EM_NONE) {
        err_set(err, ERR_UNREADABLE, "\"%.200s\" is encrypted", st->name);
        return fail(err, ERR_UNREADABLE, "AASX-zip", "Send the package without a password.");
    }
    if (st->comp_method != ZIP_CM_STORE && st->comp_method != ZIP_CM_DEFLATE) {
        err_set(err, ERR_UNREADABLE,
            "\"%.200s\" is packed with method %u, which packages do not use", st->name,
            (unsigned)st->comp_method);
        return fail(err, ERR_UNREADABLE, "AASX-zip", "Pack with \"deflate\" or \"store\".");
    }
    return ERR_OK;
}

static enum err_code check_size(
    const struct aasx_limits *limits, const struct zip_stat *st, struct err *err)
{
    if (st->size > limits->max_entry) {
        err_set(err, ERR_TOO_LARGE, "\"%.200s\" has %llu bytes, %llu are allowed", st->name,
            (unsigned long long)st->size, (unsigned long long)limits->max_entry);
        return bomb(err);
    }
    if (st->size > RATIO_COUNTS_FROM && st->size / limits->max_ratio >= st->comp_size) {
        err_set(err, ERR_TOO_LARGE,
            "\"%.200s\" grows from %llu to %llu bytes, that is more than "
            "%u times",
            st->name, (unsigned long long)st->comp_size, (unsigned long long)st->size,
            (unsigned)limits->max_ratio);
        return bomb(err);
    }
    return ERR_OK;
}

struct totals {
    uint64_t size;
    uint64_t stored;
};

static void add_capped(uint64_t *sum, uint64_t more)
{
    *sum = more > UINT64_MAX - *sum ? UINT64_MAX : *sum + more;
}

/* Checks one entry and keeps it when it is a file. */
static enum err_code add_entry(struct aasx_archive *a, uint64_t index, struct totals *totals)
{
    const uint64_t wanted = ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE |
                            ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;
    struct zip_stat st;
    if (zip_stat_index(a->zip, index, ZIP_FL_ENC_GUESS, &st) != 0 ||
        (st.valid & wanted) != wanted) {
        err_set(a->err, ERR_UNREADABLE, "entry %llu of the package cannot be read",
            (unsigned long long)index);
        return fail(a->err, ERR_UNREADABLE, "AASX-zip", "Save the package again.");
    }
    /* The raw name, too: libzip makes pictures of CP437 out of control characters. */
    const char *raw = zip_get_name(a->zip, index, ZIP_FL_ENC_RAW);
    enum err_code code = check_name(raw == NULL ? "" : raw, st.name, a->err);
    if (code == ERR_OK) {
        code = check_method(&st, a->err);
    }
    if (code == ERR_OK) {
        code = check_size(&a->limits, &st, a->err);
    }
    add_capped(&totals->size, st.size);
    add_capped(&totals->stored, st.comp_size);
    if (code != ERR_OK || st.name[strlen(st.name) - 1] == '/') {
        return code;
    }
    struct aasx_entry *entry = &a->entries[a->count];
    entry->name = arena_printf(a->arena, "/%s", st.name);
    entry->key = entry->name == NULL ? NULL : aasx_percent_decode(a->arena, entry->name);
    if (entry->key == NULL) {
        return no_room(a->err);
    }
    entry->size = st.size;
    entry->stored = st.comp_size;
    entry->index = index;
    a->count++;
    return ERR_OK;
}

static enum err_code check_totals(
    const struct aasx_archive *a, const struct totals *totals, size_t len)
{
    if (totals->size > a->limits.max_total) {
        err_set(a->err, ERR_TOO_LARGE, "the files of the package have more than %llu bytes",
            (unsigned long long)a->limits.max_total);
        return bomb(a->err);
    }
    if (totals->stored > len) { /* several entries share the same bytes */
        err_set(a->err, ERR_TOO_LARGE, "the files of the package overlap");
        return bomb(a->err);
    }
    if (totals->size > 16 * (uint64_t)RATIO_COUNTS_FROM &&
        totals->size / a->limits.max_ratio >= len) {
        err_set(a->err, ERR_TOO_LARGE, "the package grows to more than %u times its size",
            (unsigned)a->limits.max_ratio);
        return bomb(a->err);
    }
    return ERR_OK;
}

static int by_key(const void *x, const void *y)
{
    const struct aasx_entry *const *a = x;
    const struct aasx_entry *const *b = y;
    int order = strcasecmp((*a)->key, (*b)->key);
    return order != 0 ? order : strcmp((*a)->name, (*b)->name);
}

static enum err_code sort_entries(struct aasx_archive *a)
{
    a->sorted = arena_alloc(a->arena, (a->count + 1) * sizeof(struct aasx_entry *));
    if (a->sorted == NULL) {
        return no_room(a->err);
    }
    for (size_t i = 0; i < a->count; i++) {
        a->sorted[i] = &a->entries[i];
    }
    qsort(a->sorted, a->count, sizeof *a->sorted, by_key);
    for (size_t i = 1; i < a->count; i++) {
        if (strcmp(a->sorted[i - 1]->name, a->sorted[i]->name) == 0) {
            err_set(a->err, ERR_UNREADABLE, "the package has two entries named \"%.200s\"",
                a->sorted[i]->name + 1);
            return fail(a->err, ERR_UNREADABLE, "AASX-name", "Keep one of the two.");
        }
    }
    return ERR_OK;
}

static void fill_limits(struct aasx_limits *limits)
{
    limits->max_entries = limits->max_entries == 0 ? DEFAULT_MAX_ENTRIES : limits->max_entries;
    limits->max_entry = limits->max_entry == 0 ? DEFAULT_MAX_ENTRY : limits->max_entry;
    limits->max_total = limits->max_total == 0 ? DEFAULT_MAX_TOTAL : limits->max_total;
    limits->max_ratio = limits->max_ratio == 0 ? DEFAULT_MAX_RATIO : limits->max_ratio;
}

static enum err_code too_many(struct aasx_archive *a)
{
    err_set(a->err, ERR_TOO_LARGE, "the package has more than %zu entries", a->limits.max_entries);
    return bomb(a->err);
}

enum err_code aasx_archive_open(struct aasx_archive *a, const char *bytes, size_t len)
{
    fill_limits(&a->limits);
    if (too_many_signatures(bytes, len, a->limits.max_entries)) {
        return too_many(a);
    }
    a->zip = aasx_zip_open(bytes, len, a->err);
    if (a->zip == NULL) {
        return ERR_UNREADABLE;
    }
    zip_int64_t found = zip_get_num_entries(a->zip, 0);
    if (found < 0 || (uint64_t)found > a->limits.max_entries) {
        return too_many(a);
    }
    a->entries = arena_alloc(a->arena, ((size_t)found + 1) * sizeof *a->entries);
    if (a->entries == NULL) {
        return no_room(a->err);
    }
    struct totals totals = {0, 0};
    enum err_code code = ERR_OK;
    for (uint64_t i = 0; code == ERR_OK && i < (uint64_t)found; i++) {
        code = add_entry(a, i, &totals);
    }
    if (code == ERR_OK) {
        code = check_totals(a, &totals, len);
    }
    return code == ERR_OK ? sort_entries(a) : code;
}

void aasx_archive_close(struct aasx_archive *archive)
{
    aasx_zip_close(archive->zip);
    archive->zip = NULL;
}

/* ------------------------------------------------------------------ finding and reading */

struct aasx_entry *aasx_archive_find(struct aasx_archive *a, const char *name)
{
    const char *key = aasx_percent_decode(a->arena, name);
    a->full = a->full || key == NULL;
    size_t low = 0;
    size_t high = key == NULL ? 0 : a->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcasecmp(a->sorted[middle]->key, key) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    struct aasx_entry *best = NULL;
    for (size_t i = low; key != NULL && i < a->count; i++) {
        struct aasx_entry *entry = a->sorted[i];
        if (strcasecmp(entry->key, key) != 0) {
            break;
        }
        if (strcmp(entry->name, name) == 0) {
            return entry;
        }
        if (best == NULL || (strcmp(entry->key, key) == 0 && strcmp(best->key, key) != 0)) {
            best = entry;
        }
    }
    return best;
}

enum err_code aasx_zip_inflate(
    struct zip *zip, uint64_t index, const char *name, char *to, uint64_t size, struct err *err)
{
    zip_file_t *file = zip_fopen_index(zip, index, 0);
    uint64_t got = 0;
    zip_int64_t more = file == NULL ? -1 : 1;
    /* One byte beyond the declared size is asked for: a file that has it lies. */
    while (more > 0 && got <= size) {
        more = zip_fread(file, to + got, size + 1 - got);
        got += more > 0 ? (uint64_t)more : 0;
    }
    if (file != NULL) {
        zip_fclose(file);
    }
    if (got > size) {
        err_set(err, ERR_TOO_LARGE, "\"%.200s\" is larger than it declares", name);
        return bomb(err);
    }
    if (more < 0 || got < size) {
        err_set(err, ERR_UNREADABLE, "\"%.200s\" is damaged", name);
        return fail(err, ERR_UNREADABLE, "AASX-zip", "Save the package again.");
    }
    to[size] = '\0';
    return ERR_OK;
}

enum err_code aasx_archive_read(
    struct aasx_archive *a, const struct aasx_entry *entry, char **content)
{
    if (entry->size > a->limits.max_total - a->inflated) {
        err_set(a->err, ERR_TOO_LARGE, "the files of the package have more than %llu bytes",
            (unsigned long long)a->limits.max_total);
        return bomb(a->err);
    }
    char *to = arena_alloc(a->arena, (size_t)entry->size + 1);
    if (to == NULL) {
        return no_room(a->err);
    }
    a->inflated += entry->size;
    enum err_code code =
        aasx_zip_inflate(a->zip, entry->index, entry->name, to, entry->size, a->err);
    if (code == ERR_OK) {
        *content = to;
    }
    return code;
}

size_t aasx_archive_peek(
    struct aasx_archive *a, const struct aasx_entry *entry, char *to, size_t size)
{
    zip_file_t *file = zip_fopen_index(a->zip, entry->index, 0);
    zip_int64_t got = file == NULL ? -1 : zip_fread(file, to, size);
    if (file != NULL) {
        zip_fclose(file);
    }
    return got < 0 ? 0 : (size_t)got;
}
