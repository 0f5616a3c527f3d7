/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_TESTS_SUPPORT_PLAIN_LOGGING_H
#define JIG_TESTS_SUPPORT_PLAIN_LOGGING_H
/* The part of Criterion's logging that the tests use: a line on the standard error output. */

void plain_log(const char *format, ...) __attribute__((format(printf, 1, 2)));

#define cr_log_info(...) plain_log(__VA_ARGS__)
#define cr_log_error(...) plain_log(__VA_ARGS__)

#endif
