/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "registry/prune.h"

Test(prune_age, an_age_has_a_unit)
{
    int64_t ms = 0;
    cr_expect(prune_read_age("90d", &ms));
    cr_expect_eq(ms, INT64_C(7776000000));
    cr_expect(prune_read_age("36h", &ms));
    cr_expect_eq(ms, INT64_C(129600000));
    cr_expect(prune_read_age("45s", &ms));
    cr_expect_eq(ms, 45000);
    static const char *const wrong[] = {"", "90", "d", "0d", "90 d", "90dd", "-1d", "9999999999d"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        cr_expect_not(prune_read_age(wrong[i], &ms), "%s", wrong[i]);
    }
}
