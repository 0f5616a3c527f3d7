/* SPDX-License-Identifier: Apache-2.0 */
#include "aas/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "aas/path.h"
#include "aas/plain.h"

struct err_row {
    const char *symbol;
    int http;
    int exit_code;
    const char *text;
};

static const struct err_row rows[] = {
#define ERR_ROW(symbol, http, exit_code, text) {#symbol, http, exit_code, text},
    ERR_TABLE(ERR_ROW)
#undef ERR_ROW
};

static const struct err_row *row_of(enum err_code code)
{
    size_t at = (size_t)code;
    return at < sizeof rows / sizeof *rows ? &rows[at] : &rows[ERR_INTERNAL];
}

static void copy_text(char *to, size_t size, const char *from)
{
    if (from != NULL) {
        snprintf(to, size, "%s", from);
        aas_utf8_mend(to);
    }
}

/* Appends when all of it fits. */
static bool append(char *to, size_t size, size_t *at, const char *from, size_t len)
{
    if (len >= size - *at) {
        return false;
    }
    plain_copy(to + *at, from, len);
    *at += len;
    return true;
}

/* "%s" and "%.*s" alone, which nearly all sentences are made of: what is looked up and not there is
 * refused as often as it is answered, and printf would cost a tenth of such an answer. False when
 * the format has anything else or the text does not fit. */
static bool put_texts(char *to, size_t size, size_t *at, const char *format, va_list args)
{
    for (;;) {
        size_t literal = (size_t)(strchrnul(format, '%') - format);
        if (!append(to, size, at, format, literal)) {
            return false;
        }
        format += literal;
        if (*format == '\0') {
            to[*at] = '\0';
            return true;
        }
        bool limited = format[1] == '.' && format[2] == '*' && format[3] == 's';
        if (!limited && format[1] != 's') {
            return false;
        }
        int most = limited ? va_arg(args, int) : -1;
        const char *text = va_arg(args, const char *);
        if (text == NULL ||
            !append(to, size, at, text, most < 0 ? strlen(text) : strnlen(text, (size_t)most))) {
            return false;
        }
        format += limited ? 4 : 2;
    }
}

static void put(char *to, size_t size, const char *format, va_list args)
{
    size_t len = 0;
    va_list again;
    va_copy(again, args);
    bool done = put_texts(to, size, &len, format, args);
    if (!done) {
        vsnprintf(to, size, format, again);
    }
    if (!done || !plain_is_ascii(to, len)) {
        aas_utf8_mend(to);
    }
    va_end(again);
}

static void begin(struct err *err, enum err_code code)
{
    err->code = code;
    err->rule[0] = err->path[0] = err->remedy[0] = '\0';
    err->line = err->column = 0;
}

enum err_code err_set(struct err *err, enum err_code code, const char *format, ...)
{
    if (err == NULL) {
        return code;
    }
    begin(err, code);
    va_list args;
    va_start(args, format);
    put(err->text, sizeof err->text, format, args);
    va_end(args);
    return code;
}

enum err_code err_join(
    struct err *err, enum err_code code, const struct err_piece *pieces, size_t count)
{
    if (err == NULL) {
        return code;
    }
    begin(err, code);
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        size_t room = sizeof err->text - 1 - at;
        size_t len = pieces[i].len < room ? pieces[i].len : room;
        plain_copy(err->text + at, pieces[i].text, len);
        at += len;
    }
    err->text[at] = '\0';
    if (!plain_is_ascii(err->text, at)) {
        aas_utf8_mend(err->text);
    }
    return code;
}

void err_rule(struct err *err, const char *rule, const char *remedy)
{
    if (err != NULL) {
        copy_text(err->rule, sizeof err->rule, rule);
        copy_text(err->remedy, sizeof err->remedy, remedy);
    }
}

void err_place(struct err *err, const char *path, uint32_t line, uint32_t column)
{
    if (err != NULL) {
        copy_text(err->path, sizeof err->path, path);
        err->line = line;
        err->column = column;
    }
}

const char *err_symbol(enum err_code code)
{
    return row_of(code)->symbol;
}

int err_http_status(enum err_code code)
{
    return row_of(code)->http;
}

int err_exit_code(enum err_code code)
{
    return row_of(code)->exit_code;
}

const char *err_default_text(enum err_code code)
{
    return row_of(code)->text;
}
