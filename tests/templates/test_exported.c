/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "templates/exported.h"

enum { ROOM = 64 * 1024 };

/* "family version.revision.bugfix variant", or "" when it is no such name */
static const struct {
    const char *source;
    const char *expected;
} names[] = {
    {"idta-02006@3.0.1.json", "idta-02006 3.0.1 "},
    {"out/idta-02004@2.0.1+aas-3.1+sample.json", "idta-02004 2.0.1 aas-3.1+sample"},
    {"idta-02002@1.0~d81b73.json", "idta-02002 1.0.0 "},
    {"jig.example-smt-press@1.0.xml", "jig.example-smt-press 1.0.0 "},
    {"idta-02027@2.0+without-examplevalues.json", "idta-02027 2.0.0 without-examplevalues"},
    {"idta-02006.json", ""},
    {"Idta-02006@3.0.json", ""},
    {"idta-02006@3.json", ""},
    {"idta-02006@3.0.aasx", "idta-02006 3.0.0 "},
    {"@3.0.json", ""},
    {"idta-02006@x.y.json", ""},
    {"idta-02006@3.0 copy.json", ""},
    {"idta-02006@99999999999.0.json", ""},
    {NULL, ""},
};

Test(exported, name_of_an_export_says_family_and_version)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct arena arena;
        arena_init(&arena, ROOM);
        struct template_identity read = {.family = "none"};
        char got[200] = "";
        if (template_exported_read(&arena, names[i].source, &read)) {
            snprintf(got, sizeof got, "%s %u.%u.%u %s", read.family, read.version, read.revision,
                read.bugfix, read.variant);
        }
        cr_expect_str_eq(got, names[i].expected, "%s: \"%s\"",
            names[i].source != NULL ? names[i].source : "NULL", got);
        arena_finish(&arena);
    }
}
