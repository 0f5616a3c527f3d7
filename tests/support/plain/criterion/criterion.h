/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_TESTS_SUPPORT_PLAIN_CRITERION_H
#define JIG_TESTS_SUPPORT_PLAIN_CRITERION_H
/*
 * Stands in for Criterion in a build with ThreadSanitizer, under which Criterion cannot start:
 * found first on the include path, it gives the same tests the macros they use, and no more of
 * Criterion than that. tests/support/plain/runner.c runs them.
 *
 * A check that is not met is reported with its source text and the sentence given behind it.
 * cr_assert* ends the test (its .fini still runs), cr_expect* lets it go on. cr_assert* belongs
 * into the thread that runs the test; in another thread it ends the whole process.
 * Formats are checked by the compiler when the tests are built with Criterion itself.
 */
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "criterion/logging.h" /* Criterion brings it along as well */

struct plain_options {
    char first; /* always 0: makes a list of options valid that is empty otherwise */
    void (*init)(void);
    void (*fini)(void);
    double timeout; /* seconds as in an ordinary build; 0: not given */
    bool disabled;
};

struct plain_suite {
    const char *name;
    struct plain_options options;
    struct plain_suite *next;
};

struct plain_test {
    const char *suite;
    const char *name;
    void (*run)(void);
    struct plain_options options;
    struct plain_test *next;
};

/* Called before main; the objects stay with the caller. */
void plain_add_suite(struct plain_suite *suite);
void plain_add_test(struct plain_test *test);

/* A check was not met. Behind `check`, its source text, come a format (may be "") and its
 * arguments. plain_stop does not come back. */
void plain_fail(const char *file, int line, const char *check, ...);
_Noreturn void plain_stop(const char *file, int line, const char *check, ...);

/* Ends the test without a verdict. */
_Noreturn void plain_skip(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* What follows the names in Test and TestSuite are members of plain_options. */
#define TestSuite(...) PLAIN_SUITE(__VA_ARGS__, )
#define Test(...) PLAIN_TEST(__VA_ARGS__, )

#define PLAIN_SUITE(suite_, ...)                                                                   \
    static struct plain_suite suite_##_plain_suite;                                                \
    __attribute__((constructor)) static void suite_##_plain_add(void)                              \
    {                                                                                              \
        plain_add_suite(&suite_##_plain_suite);                                                    \
    }                                                                                              \
    static struct plain_suite suite_##_plain_suite = {                                             \
        .name = #suite_, .options = {.first = 0, __VA_ARGS__}}

#define PLAIN_TEST(suite_, name_, ...)                                                             \
    static void suite_##_##name_##_plain_run(void);                                                \
    static struct plain_test suite_##_##name_##_plain_test = {.suite = #suite_,                    \
        .name = #name_,                                                                            \
        .run = suite_##_##name_##_plain_run,                                                       \
        .options = {.first = 0, __VA_ARGS__}};                                                     \
    __attribute__((constructor)) static void suite_##_##name_##_plain_add(void)                    \
    {                                                                                              \
        plain_add_test(&suite_##_##name_##_plain_test);                                            \
    }                                                                                              \
    static void suite_##_##name_##_plain_run(void)

/* The "" behind the caller's arguments is the format where the caller gave none, and one argument
 * too many, which is harmless, where there is one. */
#define PLAIN_CHECK(fail, text, ok, ...)                                                           \
    ((ok) ? (void)0 : fail(__FILE__, __LINE__, text, __VA_ARGS__))
#define PLAIN_FAIL(fail, ...) fail(__FILE__, __LINE__, "failed", __VA_ARGS__)
#define PLAIN_TRUE(fail, text, a, ...) PLAIN_CHECK(fail, text, a, __VA_ARGS__)
#define PLAIN_FALSE(fail, text, a, ...) PLAIN_CHECK(fail, text, !(a), __VA_ARGS__)
#define PLAIN_NULL(fail, text, a, ...) PLAIN_CHECK(fail, text, (a) == NULL, __VA_ARGS__)
#define PLAIN_THERE(fail, text, a, ...) PLAIN_CHECK(fail, text, (a) != NULL, __VA_ARGS__)
#define PLAIN_PAIR(fail, text, op, a, b, ...) PLAIN_CHECK(fail, text, (a)op(b), __VA_ARGS__)
#define PLAIN_TEXT(fail, text, op, a, b, ...)                                                      \
    PLAIN_CHECK(fail, text, strcmp(a, b) op 0, __VA_ARGS__)
#define PLAIN_BYTES(fail, text, a, b, size, ...)                                                   \
    PLAIN_CHECK(fail, text, memcmp(a, b, size) == 0, __VA_ARGS__)

#define cr_assert_fail(...) PLAIN_FAIL(plain_stop, __VA_ARGS__, "")
#define cr_assert(...) PLAIN_TRUE(plain_stop, #__VA_ARGS__, __VA_ARGS__, "")
#define cr_assert_not(...) PLAIN_FALSE(plain_stop, "not: " #__VA_ARGS__, __VA_ARGS__, "")
#define cr_assert_null(...) PLAIN_NULL(plain_stop, "null: " #__VA_ARGS__, __VA_ARGS__, "")
#define cr_assert_not_null(...) PLAIN_THERE(plain_stop, "not null: " #__VA_ARGS__, __VA_ARGS__, "")
#define cr_assert_eq(...) PLAIN_PAIR(plain_stop, "eq: " #__VA_ARGS__, ==, __VA_ARGS__, "")
#define cr_assert_neq(...) PLAIN_PAIR(plain_stop, "neq: " #__VA_ARGS__, !=, __VA_ARGS__, "")
#define cr_assert_lt(...) PLAIN_PAIR(plain_stop, "lt: " #__VA_ARGS__, <, __VA_ARGS__, "")
#define cr_assert_leq(...) PLAIN_PAIR(plain_stop, "leq: " #__VA_ARGS__, <=, __VA_ARGS__, "")
#define cr_assert_gt(...) PLAIN_PAIR(plain_stop, "gt: " #__VA_ARGS__, >, __VA_ARGS__, "")
#define cr_assert_geq(...) PLAIN_PAIR(plain_stop, "geq: " #__VA_ARGS__, >=, __VA_ARGS__, "")
#define cr_assert_str_eq(...) PLAIN_TEXT(plain_stop, "str_eq: " #__VA_ARGS__, ==, __VA_ARGS__, "")
#define cr_assert_str_neq(...) PLAIN_TEXT(plain_stop, "str_neq: " #__VA_ARGS__, !=, __VA_ARGS__, "")
#define cr_assert_arr_eq(...) PLAIN_BYTES(plain_stop, "arr_eq: " #__VA_ARGS__, __VA_ARGS__, "")

#define cr_expect_fail(...) PLAIN_FAIL(plain_fail, __VA_ARGS__, "")
#define cr_expect(...) PLAIN_TRUE(plain_fail, #__VA_ARGS__, __VA_ARGS__, "")
#define cr_expect_not(...) PLAIN_FALSE(plain_fail, "not: " #__VA_ARGS__, __VA_ARGS__, "")
#define cr_expect_null(...) PLAIN_NULL(plain_fail, "null: " #__VA_ARGS__, __VA_ARGS__, "")
#define cr_expect_not_null(...) PLAIN_THERE(plain_fail, "not null: " #__VA_ARGS__, __VA_ARGS__, "")
#define cr_expect_eq(...) PLAIN_PAIR(plain_fail, "eq: " #__VA_ARGS__, ==, __VA_ARGS__, "")
#define cr_expect_neq(...) PLAIN_PAIR(plain_fail, "neq: " #__VA_ARGS__, !=, __VA_ARGS__, "")
#define cr_expect_lt(...) PLAIN_PAIR(plain_fail, "lt: " #__VA_ARGS__, <, __VA_ARGS__, "")
#define cr_expect_leq(...) PLAIN_PAIR(plain_fail, "leq: " #__VA_ARGS__, <=, __VA_ARGS__, "")
#define cr_expect_gt(...) PLAIN_PAIR(plain_fail, "gt: " #__VA_ARGS__, >, __VA_ARGS__, "")
#define cr_expect_geq(...) PLAIN_PAIR(plain_fail, "geq: " #__VA_ARGS__, >=, __VA_ARGS__, "")
#define cr_expect_str_eq(...) PLAIN_TEXT(plain_fail, "str_eq: " #__VA_ARGS__, ==, __VA_ARGS__, "")
#define cr_expect_str_neq(...) PLAIN_TEXT(plain_fail, "str_neq: " #__VA_ARGS__, !=, __VA_ARGS__, "")
#define cr_expect_arr_eq(...) PLAIN_BYTES(plain_fail, "arr_eq: " #__VA_ARGS__, __VA_ARGS__, "")

#define cr_skip_test(...) plain_skip(__VA_ARGS__)

#endif
