/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "aas/buf.h"
#include "aas/err.h"

/* The sentence that a format gives, and the same by the C library. */
#define expect_as_printed(...)                                                                     \
    do {                                                                                           \
        struct err given;                                                                          \
        char wanted[sizeof given.text];                                                            \
        memset(&given, 'x', sizeof given);                                                         \
        cr_expect_eq(err_set(&given, ERR_NOT_FOUND, __VA_ARGS__), ERR_NOT_FOUND);                  \
        snprintf(wanted, sizeof wanted, __VA_ARGS__);                                              \
        cr_expect_str_eq(given.text, wanted);                                                      \
        cr_expect_eq(given.code, ERR_NOT_FOUND);                                                   \
        cr_expect_eq(given.line + given.column, 0);                                                \
        cr_expect_str_eq(given.rule, "");                                                          \
        cr_expect_str_eq(given.path, "");                                                          \
        cr_expect_str_eq(given.remedy, "");                                                        \
    } while (0)

Test(err, sentences_are_what_printf_makes_of_them)
{
    expect_as_printed("nothing to fill in");
    expect_as_printed("there is no %s with the id '%.*s'", "Submodel", 5, "urn:x:and what follows");
    expect_as_printed("'%.*s' '%.*s' '%.*s'", 0, "none", -1, "all of it", 100, "shorter");
    expect_as_printed("%s%s%s", "", "in the middle", "");
    expect_as_printed("100 %% of %s", "it");
    expect_as_printed("%s has %zu bytes, %.3s, %d, 0x%02x", "it", (size_t)12, "cut here", -7, 10);
    expect_as_printed("%u of %s and %5s", 3u, "many", "ab");
}

Test(err, a_sentence_too_long_is_cut_between_characters)
{
    struct err err;
    char text[sizeof err.text + 10];
    for (size_t len = sizeof text - 14; len < sizeof text; len++) {
        for (size_t i = 0; i + 2 < len; i += 3) {
            memcpy(text + i, "온", 4);
        }
        text[len / 3 * 3] = '\0';
        err_set(&err, ERR_EXISTS, "%s", text);
        size_t whole = (sizeof err.text - 1) / 3 * 3;
        size_t wanted = strlen(text) < sizeof err.text ? strlen(text) : whole;
        cr_expect_eq(strlen(err.text), wanted, "%zu of %zu", strlen(err.text), wanted);
        cr_expect_eq(strncmp(err.text, text, wanted), 0);
    }
}

Test(err, pieces_are_joined_to_a_sentence)
{
    struct err err;
    const struct err_piece pieces[] = {ERR_PIECE("no "), {"shell", 5}, ERR_PIECE(" like '"),
        {"urn:온:and more", 7}, ERR_PIECE("'")};
    memset(&err, 'x', sizeof err);
    cr_expect_eq(err_join(&err, ERR_NOT_FOUND, pieces, 5), ERR_NOT_FOUND);
    cr_expect_str_eq(err.text, "no shell like 'urn:온'");
    cr_expect_eq(err.code, ERR_NOT_FOUND);
    cr_expect_eq(err.line + err.column, 0);
    cr_expect_eq(err.rule[0] | err.path[0] | err.remedy[0], '\0');
    cr_expect_eq(err_join(NULL, ERR_EXISTS, pieces, 5), ERR_EXISTS);
    cr_expect_eq(err_join(&err, ERR_EXISTS, pieces, 0), ERR_EXISTS);
    cr_expect_str_eq(err.text, "");
}

Test(err, pieces_that_are_too_long_are_cut_between_characters)
{
    struct err err;
    char text[sizeof err.text];
    for (size_t i = 0; i + 3 <= sizeof text; i += 3) {
        memcpy(text + i, "온", 3);
    }
    const struct err_piece pieces[] = {ERR_PIECE("a"), {text, sizeof text / 3 * 3}, ERR_PIECE("b")};
    size_t fits = 1 + (sizeof err.text - 2) / 3 * 3;
    err_join(&err, ERR_EXISTS, pieces, 3);
    cr_expect_eq(strlen(err.text), fits, "%zu of %zu", strlen(err.text), fits);
    cr_expect_eq(memcmp(err.text + 1, text, fits - 1), 0);
}

Test(err, what_is_cleared_says_nothing)
{
    struct err err;
    memset(&err, 'x', sizeof err);
    err_clear(&err);
    cr_expect_eq(err.code, ERR_OK);
    cr_expect_eq(err.line + err.column, 0);
    cr_expect_eq(err.rule[0] | err.path[0] | err.text[0] | err.remedy[0], '\0');
}

Test(buf, pieces_are_put_together_up_to_the_ceiling)
{
    for (size_t ceiling = 0; ceiling < 700; ceiling += 7) {
        struct buf buf;
        char wanted[1024] = "";
        size_t len = 0;
        buf_init(&buf, ceiling);
        for (size_t i = 0; i < 60 && !buf_failed(&buf); i++) {
            char piece[32];
            snprintf(piece, sizeof piece, "%zu,", i * i * i);
            buf_add_text(&buf, piece);
            if (!buf_failed(&buf)) {
                memcpy(wanted + len, piece, strlen(piece));
                len += strlen(piece);
            }
        }
        cr_expect_eq(buf.len, len);
        cr_expect_leq(buf.len, ceiling);
        cr_expect(len == 0 || memcmp(buf.bytes, wanted, len) == 0);
        buf_add(&buf, "", 0);
        cr_expect_eq(buf.len, len);
        buf_finish(&buf);
    }
}

Test(buf, room_is_kept_for_what_is_filled_in_later)
{
    struct buf buf;
    buf_init(&buf, 1000);
    buf_skip(&buf, 600);
    buf_add_text(&buf, "behind");
    cr_assert_not(buf_failed(&buf));
    cr_expect_eq(buf.len, 606);
    memset(buf.bytes, '-', 600);
    cr_expect_str_eq(buf_text(&buf) + 598, "--behind");
    buf_skip(&buf, 400);
    cr_expect(buf_failed(&buf));
    cr_expect_eq(buf.len, 606);
    buf_finish(&buf);
}
