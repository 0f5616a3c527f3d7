/* SPDX-License-Identifier: Apache-2.0 */
/* Version numbers in semantic ids and counters in idShorts. */
#include <criterion/criterion.h>
#include <string.h>

#include "conformance/compare_parts.h"

Test(compare_names, version_numbers_are_left_out_and_other_numbers_stay)
{
    static const struct {
        const char *id;
        const char *plain;
    } rows[] = {
        {"https://admin-shell.io/zvei/nameplate/2/0/Nameplate",
            "https/admin-shell.io/zvei/nameplate/Nameplate"},
        {"https://admin-shell.io/idta/TimeSeries/1/1", "https/admin-shell.io/idta/TimeSeries"},
        {"https://admin-shell.io/vdi/2770/1/0/Document", "https/admin-shell.io/vdi/2770/Document"},
        {"https://example.org/v2/thing", "https/example.org/thing"},
        {"https://example.org/thing/1.0.2", "https/example.org/thing"},
        {"https://example.org/cd/7", "https/example.org/cd/7"},
        {"https://example.com/ids/cd/2024", "https/example.com/ids/cd/2024"},
        {"0173-1#02-AAO677#002", "0173-1#02-AAO677"},
        {"0173-1#02-ABI500#003/0173-1#01-AHF579#003", "0173-1#02-ABI500/0173-1#01-AHF579"},
        {"0112/2///61987#ABA565#007", "0112/2/61987#ABA565"},
        {"urn:example:press:1:0", "urn:example:press"},
        {"urn:example:1", "urn:example:1"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char plain[200] = "";
        size_t len = names_without_version(rows[i].id, strlen(rows[i].id), plain);
        plain[len] = '\0';
        cr_expect_str_eq(plain, rows[i].plain, "%s: %s", rows[i].id, plain);
    }
}

Test(compare_names, counters_are_no_part_of_a_name)
{
    static const struct {
        const char *name;
        const char *stem;
    } rows[] = {{"Marking__00__", "Marking"}, {"Marking{00}", "Marking"}, {"Marking01", "Marking"},
        {"Marking", "Marking"}, {"Line1", "Line1"}, {"__00__", "__00__"}, {"A__1__", "A"},
        {"A____", "A____"}, {"{00}", "{00}"}, {"00", "00"}, {"", ""}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t len = names_stem(rows[i].name, strlen(rows[i].name));
        cr_expect_eq(len, strlen(rows[i].stem), "%s: %zu", rows[i].name, len);
    }
}
