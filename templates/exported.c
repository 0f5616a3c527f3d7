/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/exported.h"

#include <string.h>

static const char family_letters[] = "abcdefghijklmnopqrstuvwxyz0123456789.-";
static const char variant_letters[] = "abcdefghijklmnopqrstuvwxyz0123456789.-+";

enum { NUMBER_MOST = 100000000 };

/* One number of a label; false when there is none or it is beyond any version. */
static bool read_number(const char **at, unsigned *number)
{
    const char *start = *at;
    unsigned value = 0;
    for (; **at >= '0' && **at <= '9' && value < NUMBER_MOST; ++*at) {
        value = value * 10 + (unsigned)(**at - '0');
    }
    *number = value;
    return *at > start && value < NUMBER_MOST;
}

static bool read_label(struct arena *arena, const char *at, struct template_identity *identity)
{
    unsigned bugfix = 0;
    if (!read_number(&at, &identity->version) || *at++ != '.' ||
        !read_number(&at, &identity->revision)) {
        return false;
    }
    if (*at == '.' && at[1] >= '0' && at[1] <= '9') {
        at++;
        if (!read_number(&at, &bugfix)) {
            return false;
        }
    }
    identity->bugfix = bugfix;
    at += *at == '+';
    size_t variant = strspn(at, variant_letters);
    const char *end = at + variant;
    end += *end == '~' ? 1 + strspn(end + 1, "0123456789abcdef") : 0;
    if (*end != '\0') {
        return false;
    }
    identity->variant = arena_copy(arena, at, variant);
    return identity->variant != NULL;
}

bool template_exported_read(
    struct arena *arena, const char *source, struct template_identity *identity)
{
    const char *slash = source == NULL ? NULL : strrchr(source, '/');
    const char *name = slash != NULL ? slash + 1 : source;
    const char *at = name == NULL ? NULL : strchr(name, '@');
    const char *dot = name == NULL ? NULL : strrchr(name, '.');
    if (at == NULL || dot < at || at == name ||
        strspn(name, family_letters) != (size_t)(at - name) ||
        (strcmp(dot, ".json") != 0 && strcmp(dot, ".xml") != 0 && strcmp(dot, ".aasx") != 0)) {
        return false;
    }
    struct template_identity read = *identity;
    read.family = arena_copy(arena, name, (size_t)(at - name));
    char *label = arena_copy(arena, at + 1, (size_t)(dot - at - 1));
    if (read.family == NULL || label == NULL || !read_label(arena, label, &read)) {
        return false;
    }
    *identity = read;
    return true;
}

const char *template_exported_name(struct arena *arena, const char *family, const char *label)
{
    return arena_printf(arena, "%s@%s", family, label);
}
