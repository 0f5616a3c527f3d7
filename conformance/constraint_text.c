/* SPDX-License-Identifier: Apache-2.0 */
/* Texts and values: characters, lengths, literals, days of the calendar. */
#include <string.h>

#include "aas/literal.h"
#include "aas/meta_text.h"
#include "aas/plain.h"
#include "conformance/constraint_checks.h"
#include "conformance/facets.h"
#include "conformance/quote.h"

/* ------------------------------------------------------------------ characters */

/* Marks bytes below 0x20 and 0xEF, which begins U+FFFE and U+FFFF. */
static inline uint64_t suspects(uint64_t word)
{
    uint64_t low = (word - PLAIN_ONES * 0x20) & ~word & PLAIN_HIGH;
    uint64_t lead = word ^ (PLAIN_ONES * 0xEF);
    return low | ((lead - PLAIN_ONES) & ~lead & PLAIN_HIGH);
}

CONSTRAINT_CHECK(check_characters)
{
    for (size_t i = 0; i < node->cls->prop_count; i++) {
        const struct aas_slot *slot = &node->slots[i];
        if (slot->state == AAS_TEXT && plain_find(slot->u.text, slot->len, suspects) != 0 &&
            !aas_literal_valid("xs:string", slot->u.text, slot->len, NULL)) {
            BREACH(row, report, node, (int)i, "%s '%s' has a character that XML cannot hold",
                node->cls->props[i].name, quote_make(slot->u.text, slot->len).text);
        }
    }
}

/* ------------------------------------------------------------------ values */

/* AASd-020 is about qualifiers; the same holds for values elsewhere by their type. */
static void check_value(const struct aas_node *node, int i, const char *type,
    const struct constraint *row, struct report *report)
{
    const struct aas_slot *slot = &node->slots[i];
    const char *reason = NULL;
    if (aas_literal_valid(type, slot->u.text, slot->len, &reason)) {
        return;
    }
    const char *name = node->cls->props[i].name;
    struct quote value = quote_make(slot->u.text, slot->len);
    if (slot->len == 0) {
        BREACH(row, report, node, i, "%s is empty, which is no value of %s", name, type);
    } else {
        BREACH(
            row, report, node, i, "%s '%s' is no value of %s: %s", name, value.text, type, reason);
    }
}

CONSTRAINT_CHECK(check_typed_values)
{
    const char *type = aas_text(node, PROP_valueType);
    if (type == NULL || strcmp(type, "xs:string") == 0) {
        return; /* any text will do; AASd-130 looks at its characters */
    }
    for (size_t i = 0; i < node->cls->prop_count; i++) {
        if ((node->cls->props[i].flags & META_TYPED_VALUE) && node->slots[i].state == AAS_TEXT) {
            check_value(node, (int)i, type, row, report);
        }
    }
}

/* ------------------------------------------------------------------ lengths */

/* Both versions have the same lengths where the official schema is silent. */
CONSTRAINT_CHECK(check_text_lengths)
{
    for (size_t i = 0; i < node->cls->prop_count; i++) {
        const struct meta_prop *prop = &node->cls->props[i];
        const struct aas_slot *slot = &node->slots[i];
        if (prop->kind != META_TEXT || slot->state != AAS_TEXT || !prop->text->max_not_in_xsd ||
            slot->len <= prop->text->max_len_31) {
            continue;
        }
        size_t characters = quote_characters(slot->u.text, slot->len);
        if (characters > prop->text->max_len_31) {
            BREACH(row, report, node, (int)i, "%s '%s' has %zu characters where %u are allowed",
                prop->name, quote_make(slot->u.text, slot->len).text, characters,
                (unsigned)prop->text->max_len_31);
        }
    }
}

/* ------------------------------------------------------------------ days */

enum { TIME_ROOM = 128, DAY_DIGITS = 2 };

/* True when only the day is wrong: the pattern of the schema takes days up to 31. */
static bool has_no_such_day(const char *text, size_t len)
{
    char first_of_month[TIME_ROOM];
    const char *t = memchr(text, 'T', len);
    if (len >= sizeof first_of_month || t == NULL || t - text < DAY_DIGITS ||
        aas_literal_valid("xs:dateTime", text, len, NULL)) {
        return false;
    }
    memcpy(first_of_month, text, len);
    memcpy(first_of_month + (t - text) - DAY_DIGITS, "01", DAY_DIGITS);
    return aas_literal_valid("xs:dateTime", first_of_month, len, NULL);
}

CONSTRAINT_CHECK(check_real_dates)
{
    for (size_t i = 0; i < node->cls->prop_count; i++) {
        const struct aas_slot *slot = &node->slots[i];
        if (node->cls->props[i].text == &meta_text_date_time_utc && slot->state == AAS_TEXT &&
            has_no_such_day(slot->u.text, slot->len)) {
            BREACH(row, report, node, (int)i, "%s '%s' names a day that does not exist",
                node->cls->props[i].name, quote_make(slot->u.text, slot->len).text);
        }
    }
}

/* ------------------------------------------------------------------ content */

/* Where the schema found it too, the report keeps one of the two equal findings. */
CONSTRAINT_CHECK(check_base64)
{
    (void)row;
    for (size_t i = 0; i < node->cls->prop_count; i++) {
        if (node->cls->props[i].text == &meta_text_base64) {
            (void)facets_base64_fits(node, (int)i, report);
        }
    }
}
