/* SPDX-License-Identifier: Apache-2.0 */
/* Which step leads from which state to which, and what a version and a family may be called. */
#include <string.h>

#include "registry/access.h"
#include "registry/families.h"
#include "registry/lifecycle.h"

#define FROM(state) (1U << TEMPLATE_##state)

static const struct lifecycle_row rows[STEP_COUNT] = {
    {STEP_SUBMIT, "submit", FROM(DRAFT), TEMPLATE_IN_REVIEW, RIGHT_UPDATE, false, "submit"},
    {STEP_RECALL, "recall", FROM(IN_REVIEW), TEMPLATE_DRAFT, RIGHT_UPDATE, false, "recall"},
    {STEP_APPROVE, "approve", FROM(IN_REVIEW), TEMPLATE_IN_REVIEW, RIGHT_REVIEW, false, "approve"},
    {STEP_REJECT, "reject", FROM(IN_REVIEW), TEMPLATE_DRAFT, RIGHT_REVIEW, true, "reject"},
    {STEP_PUBLISH, "publish", FROM(IN_REVIEW), TEMPLATE_PUBLISHED, RIGHT_PUBLISH, false, "publish"},
    {STEP_DEPRECATE, "deprecate", FROM(PUBLISHED), TEMPLATE_DEPRECATED, RIGHT_PUBLISH, true,
        "deprecate"},
    {STEP_WITHDRAW, "withdraw", FROM(PUBLISHED) | FROM(DEPRECATED), TEMPLATE_WITHDRAWN,
        RIGHT_PUBLISH, true, "withdraw"},
};

const struct lifecycle_row *lifecycle_row(enum lifecycle_step step)
{
    return &rows[step];
}

bool lifecycle_step_read(const char *name, enum lifecycle_step *step)
{
    for (size_t i = 0; i < STEP_COUNT; i++) {
        if (strcmp(rows[i].name, name) == 0) {
            *step = rows[i].step;
            return true;
        }
    }
    return false;
}

/* ------------------------------------------------------------------ names */

enum { NUMBERS_LEAST = 2, NUMBERS_MOST = 3, DIGITS_MOST = 4, FAMILY_NAME_MAX = 120 };

static const char *read_number(const char *at)
{
    size_t digits = strspn(at, "0123456789");
    bool fits = digits > 0 && digits <= DIGITS_MOST && (digits == 1 || at[0] != '0');
    return fits ? at + digits : NULL;
}

bool lifecycle_label_fits(const char *label)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyz0123456789.-+";
    size_t numbers = 0;
    const char *at = label;
    while (at != NULL) {
        at = read_number(at);
        numbers += at != NULL;
        if (at == NULL || *at != '.' || numbers == NUMBERS_MOST) {
            break;
        }
        at++;
    }
    if (at == NULL || numbers < NUMBERS_LEAST || strlen(label) > LABEL_BYTES_MAX) {
        return false;
    }
    bool variant = at[0] == '+' && at[1] != '\0' && strspn(at, plain) == strlen(at);
    return at[0] == '\0' || variant;
}

bool lifecycle_family_fits(const char *family)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyz0123456789.-";
    size_t len = strlen(family);
    return len > 0 && len <= FAMILY_NAME_MAX && strspn(family, plain) == len && family[0] != '.' &&
           family[0] != '-';
}
