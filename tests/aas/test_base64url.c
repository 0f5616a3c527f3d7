/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aas/path.h"

static struct arena arena;

static void begin(void)
{
    arena_init(&arena, 16U << 20);
}

static void end(void)
{
    arena_finish(&arena);
}

TestSuite(base64url, .init = begin, .fini = end);
TestSuite(utf8, .init = begin, .fini = end);

static const struct {
    const char *plain;
    const char *encoded;
} pairs[] = {{"", ""}, {"f", "Zg"}, {"fo", "Zm8"}, {"foo", "Zm9v"}, {"foob", "Zm9vYg"},
    {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"a>b?c", "YT5iP2M"},
    {"https://admin-shell.io/x?y~", "aHR0cHM6Ly9hZG1pbi1zaGVsbC5pby94P3l-"},
    {"\xEC\x84\xA4\xEB\xB9\x84", "7ISk67mE"}, {"\xC3\xBF\xC3\xBF", "w7_Dvw"}};

Test(base64url, known_texts_are_encoded_and_decoded)
{
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        size_t len = strlen(pairs[i].plain);
        cr_assert_str_eq(aas_base64url_encode(&arena, pairs[i].plain, len), pairs[i].encoded);
        char *decoded = NULL;
        size_t decoded_len = 99;
        struct err err;
        cr_assert_eq(aas_base64url_decode(&arena, pairs[i].encoded, strlen(pairs[i].encoded),
                         &decoded, &decoded_len, &err),
            ERR_OK);
        cr_assert_eq(decoded_len, len);
        cr_assert_str_eq(decoded, pairs[i].plain);
    }
}

Test(base64url, what_is_no_identifier_is_refused_with_a_remedy)
{
    static const struct {
        const char *text;
        const char *says;
    } bad[] = {{"Zg==", "padding at position 3"}, {"Zm+v", "plain base64"},
        {"Zm/v", "plain base64"}, {"Zm 9", "foreign character at position 3"}, {"A", "lone last"},
        {"Zm9vY", "lone last"}, {"Zh", "bits left over"}, {"Zm9", "bits left over"},
        {"gA", "not UTF-8"}, {"7aCA", "not UTF-8"}, {"wIA", "not UTF-8"}, {"YQBi", "NUL"},
        {"\xC3\xA4", "foreign"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char *decoded = NULL;
        size_t len = 7;
        struct err err;
        cr_assert_eq(
            aas_base64url_decode(&arena, bad[i].text, strlen(bad[i].text), &decoded, &len, &err),
            ERR_BAD_INPUT, "%s", bad[i].text);
        cr_assert(strstr(err.text, bad[i].says) != NULL, "%s: %s", bad[i].text, err.text);
        cr_assert_str_neq(err.remedy, "");
        cr_assert_null(decoded, "nothing is written on failure");
        cr_assert_eq(len, 7);
    }
}

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

Test(base64url, every_digit_has_its_value)
{
    for (size_t i = 0; i < 64; i++) {
        char text[] = "YWF?"; /* "aa" and a byte from 0x40 on */
        char *decoded = NULL;
        size_t len = 0;
        text[3] = digits[i];
        cr_assert_eq(aas_base64url_decode(&arena, text, 4, &decoded, &len, NULL), ERR_OK);
        cr_assert_eq(len, 3);
        cr_assert_eq((size_t)decoded[2], 0x40 + i, "%s", text);
    }
}

Test(base64url, what_is_no_digit_is_refused_wherever_it_stands)
{
    static const char right[] = "dXJuOmV4YW1wbGU6";
    for (int c = 1; c < 256; c++) {
        if (strchr(digits, c) != NULL) {
            continue;
        }
        for (size_t at = 0; at < sizeof right - 1; at++) {
            char text[sizeof right];
            char place[40];
            char *decoded;
            size_t len;
            struct err err;
            memcpy(text, right, sizeof text);
            text[at] = (char)c;
            snprintf(place, sizeof place, "at position %zu", at + 1);
            cr_assert_eq(aas_base64url_decode(&arena, text, sizeof text - 1, &decoded, &len, &err),
                ERR_BAD_INPUT, "0x%02x %s", (unsigned)c, place);
            cr_assert(strstr(err.text, place) != NULL, "%s: %s", place, err.text);
        }
    }
}

Test(base64url, a_full_arena_is_too_large)
{
    struct arena small;
    arena_init(&small, 64);
    char text[1024];
    memset(text, 'A', sizeof text);
    char *decoded = NULL;
    size_t len = 0;
    cr_assert_eq(
        aas_base64url_decode(&small, text, sizeof text, &decoded, &len, NULL), ERR_TOO_LARGE);
    cr_assert_null(aas_base64url_encode(&small, text, sizeof text));
    arena_finish(&small);
}

Test(utf8, well_formed_text_of_any_length_is_valid)
{
    static const char *const good[] = {"", "a", "plain ascii that is longer than sixteen bytes",
        "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80", "\xEF\xBF\xBF",
        "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF", "0123456789abcdef\xC3\xA4 0123456789abcdef"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        cr_assert(aas_utf8_valid(good[i], strlen(good[i]), NULL), "case %zu", i);
    }
}

Test(utf8, the_first_bad_byte_is_named_wherever_it_stands)
{
    static const char *const bad[] = {"\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xC2", "\xC2\x41",
        "\xE0\x9F\xBF", "\xE0\xA0", "\xED\xA0\x80", "\xED\xBF\xBF", "\xF0\x8F\xBF\xBF",
        "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "\xE1\x80\xC0", "\xF1\x80\x80"};
    char text[128];
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        for (size_t before = 0; before < 40; before++) {
            memset(text, 'x', sizeof text);
            memcpy(text + before, bad[i], strlen(bad[i]));
            size_t at = 999;
            cr_assert_not(aas_utf8_valid(text, before + strlen(bad[i]), &at));
            cr_assert_eq(at, before, "case %zu", i);
        }
    }
}

Test(utf8, length_counts_characters)
{
    cr_assert_eq(aas_utf8_length("", 0), 0);
    cr_assert_eq(aas_utf8_length("abc", 3), 3);
    cr_assert_eq(aas_utf8_length("\xEC\x84\xA4\xEB\xB9\x84 1", 8), 4);
    cr_assert_eq(aas_utf8_length("\xF0\x9F\x98\x80", 4), 1);
}

Test(utf8, a_cut_text_ends_with_a_whole_character)
{
    static const char text[] = "a\xC3\xA4\xEC\x84\xA4\xF0\x9F\x98\x80"; /* 1 + 2 + 3 + 4 bytes */
    static const int cuts[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 10};
    for (int limit = 0; limit < 12; limit++) {
        cr_assert_eq(aas_utf8_cut(text, sizeof text - 1, limit), cuts[limit], "limit %d", limit);
    }
    cr_assert_eq(aas_utf8_cut("", 0, 0), 0);
}

Test(utf8, a_message_never_ends_inside_a_character)
{
    static const char name[] = "\xEC\x98\xA8\xEB\x8F\x84"; /* two syllables */
    for (int cut = 0; cut <= 6; cut++) {
        struct err err = {0};
        char expected[16];
        snprintf(expected, sizeof expected, "\"%.*s\"", cut - cut % 3, name);
        cr_expect_eq(err_set(&err, ERR_BAD_INPUT, "\"%.*s\"", cut, name), ERR_BAD_INPUT);
        cr_expect_str_eq(err.text, expected, "cut after %d bytes", cut);
    }
}

Test(utf8, mending_takes_out_what_is_no_character_and_nothing_else)
{
    static const struct {
        const char *text;
        const char *mended;
    } cases[] = {{"", ""}, {"abc", "abc"}, {"\xEC\x98\xA8 1", "\xEC\x98\xA8 1"}, {"a\xEC\x98", "a"},
        {"\xF0\x9F\x98|\x80z", "|z"}, {"\xFF\xFE", ""}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[32];
        strcpy(text, cases[i].text);
        aas_utf8_mend(text);
        cr_expect_str_eq(text, cases[i].mended, "case %zu", i);
    }
}
