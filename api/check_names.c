/* SPDX-License-Identifier: Apache-2.0 */
#include "api/check_names.h"

#include <string.h>
#include <strings.h>

enum {
    NAME_ROOM = 64,      /* characters of a name that are compared */
    MAX_SUGGESTIONS = 3, /* names offered in place of one that does not exist */
};

static const struct {
    const char *name;
    unsigned versions;
} version_rows[] = {{"any", META_V_ANY}, {"3.0", META_V30}, {"3.1", META_V31}};

bool check_versions(const char *text, unsigned *versions)
{
    for (size_t i = 0; i < sizeof version_rows / sizeof *version_rows; i++) {
        if (strcmp(text, version_rows[i].name) == 0) {
            *versions = version_rows[i].versions;
            return true;
        }
    }
    return false;
}

const char *check_versions_text(unsigned versions)
{
    for (size_t i = 1; i < sizeof version_rows / sizeof *version_rows; i++) {
        if (version_rows[i].versions == versions) {
            return version_rows[i].name;
        }
    }
    return version_rows[0].name;
}

const struct meta_class *check_class(const char *name)
{
    for (int id = 0; id < CLASS_COUNT; id++) {
        const struct meta_class *cls = meta_class((enum meta_class_id)id);
        if (strcmp(cls->name, name) == 0) {
            return cls;
        }
    }
    return NULL;
}

const struct rule *check_rule(const char *id)
{
    for (size_t i = 0; rule_at(i) != NULL; i++) {
        if (strcasecmp(rule_at(i)->id, id) == 0) {
            return rule_at(i);
        }
    }
    return NULL;
}

/* ------------------------------------------------------------------ suggestions */

/* Letters and digits in small letters: what people mistype is mostly the rest. */
static size_t bare(const char *name, char to[NAME_ROOM])
{
    size_t len = 0;
    for (; *name != '\0' && len < NAME_ROOM; name++) {
        char c = *name >= 'A' && *name <= 'Z' ? (char)(*name - 'A' + 'a') : *name;
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
            to[len++] = c;
        }
    }
    return len;
}

/* Letters to change, add or take away (Levenshtein), row by row. */
static size_t distance(const char *a, const char *b)
{
    char left[NAME_ROOM];
    char right[NAME_ROOM];
    size_t row[NAME_ROOM + 1];
    size_t rows = bare(a, left);
    size_t columns = bare(b, right);
    for (size_t j = 0; j <= columns; j++) {
        row[j] = j;
    }
    for (size_t i = 1; i <= rows; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= columns; j++) {
            size_t replaced = diagonal + (left[i - 1] != right[j - 1]);
            size_t shorter = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
            diagonal = row[j];
            row[j] = replaced < shorter ? replaced : shorter;
        }
    }
    return row[columns];
}

struct nearest {
    const char *names[MAX_SUGGESTIONS];
    size_t count;
    size_t distance;
};

static void consider(struct nearest *nearest, const char *wanted, const char *name)
{
    size_t far = distance(wanted, name);
    if (far < nearest->distance) {
        nearest->distance = far;
        nearest->count = 0;
    }
    if (far == nearest->distance && nearest->count < MAX_SUGGESTIONS) {
        nearest->names[nearest->count++] = name;
    }
}

static struct nearest nearest_to(const char *wanted)
{
    return (struct nearest){.distance = strlen(wanted) / 3 + 1};
}

static void write_suggestions(struct buf *buf, const struct nearest *nearest)
{
    for (size_t i = 0; i < nearest->count; i++) {
        buf_printf(buf, "%s%s",
            i == 0                   ? " (did you mean "
            : i + 1 < nearest->count ? ", "
                                     : " or ",
            nearest->names[i]);
    }
    buf_add_text(buf, nearest->count > 0 ? "?)" : "");
}

void check_suggest_class(struct buf *buf, const char *name)
{
    struct nearest nearest = nearest_to(name);
    for (int id = 0; id < CLASS_COUNT; id++) {
        consider(&nearest, name, meta_class((enum meta_class_id)id)->name);
    }
    write_suggestions(buf, &nearest);
}

void check_suggest_rule(struct buf *buf, const char *id)
{
    struct nearest nearest = nearest_to(id);
    for (size_t i = 0; rule_at(i) != NULL; i++) {
        consider(&nearest, id, rule_at(i)->id);
    }
    write_suggestions(buf, &nearest);
}
