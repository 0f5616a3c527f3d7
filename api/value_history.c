/* SPDX-License-Identifier: Apache-2.0 */
/* The values that an element has had: as JSON, as CSV, or in buckets for a chart. */
#include "api/handlers.h"

#include <float.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aas/json.h"
#include "api/context.h"
#include "api/reply.h"
#include "api/routes.h"
#include "api/support.h"
#include "registry/value_history.h"

enum { MAX_BUCKETS = 10000, BUCKETED_VALUES = 200000 };

struct question {
    struct api_text id;
    struct registry_value_filter filter;
    size_t buckets; /* 0: none */
    bool csv;
};

static enum err_code read_buckets(struct api_request *request, size_t *buckets, struct err *err)
{
    const char *text = NULL;
    enum err_code code = parameter_text(request, "buckets", &text, err);
    if (code != ERR_OK || text == NULL) {
        return code;
    }
    size_t digits = strspn(text, "0123456789");
    *buckets = digits < 6 && text[digits] == '\0' ? strtoul(text, NULL, 10) : 0;
    return *buckets > 0 && *buckets <= MAX_BUCKETS
               ? ERR_OK
               : err_set(err, ERR_BAD_INPUT, "`buckets` is \"%.40s\"; it must be 1 to %d", text,
                     (int)MAX_BUCKETS);
}

static enum err_code read_form(struct api_request *request, bool *csv, struct err *err)
{
    static const char *const offered[] = {"application/json", "text/csv"};
    int chosen = accept_choose(api_request_header(request, "Accept"), offered, 2);
    *csv = chosen == 1;
    return chosen >= 0 ? ERR_OK
                       : err_set(err, ERR_NOT_ACCEPTABLE,
                             "values are given as application/json or text/csv");
}

static enum err_code read_question(
    struct api_request *request, struct question *question, struct err *err)
{
    struct registry_value_filter *filter = &question->filter;
    *question = (struct question){.filter = {.from_ms = INT64_MIN, .to_ms = INT64_MAX}};
    enum err_code code = read_form(request, &question->csv, err);
    if (code == ERR_OK) {
        code = support_identifier(request, 0, &question->id, err);
    }
    if (code == ERR_OK) {
        code = parameter_time(request, "from", &filter->from_ms, err);
    }
    if (code == ERR_OK) {
        code = parameter_time(request, "to", &filter->to_ms, err);
    }
    if (code == ERR_OK) {
        code = parameter_limit(request, API_DEFAULT_LIMIT, &filter->limit, err);
    }
    if (code == ERR_OK) {
        code = parameter_cursor(request, &filter->before, err);
    }
    if (code == ERR_OK) {
        code = read_buckets(request, &question->buckets, err);
    }
    if (code == ERR_OK && filter->from_ms > filter->to_ms) {
        code = err_set(err, ERR_BAD_INPUT, "`from` is later than `to`");
    }
    return code;
}

/* ------------------------------------------------------------------ answers */

/* From where on all values are there; of before, a rule for keeping has taken some out. */
static void say_since(struct api_request *request, struct api_response *response,
    const struct registry_values *values)
{
    char *text = NULL;
    if (values->since_ms == INT64_MIN) {
        return;
    }
    struct buf time;
    buf_init(&time, 64);
    support_time(&time, values->since_ms);
    if (!buf_failed(&time) && time.len > 2) { /* without the quotes */
        text = arena_copy(&request->arena, time.bytes + 1, time.len - 2);
    }
    buf_finish(&time);
    api_response_field(response, "X-Complete-Since", text != NULL ? text : "");
}

static void write_values(struct buf *buf, const struct registry_values *values)
{
    buf_add_text(buf, "{");
    if (values->since_ms != INT64_MIN) {
        buf_add_text(buf, "\"completeSince\":");
        support_time(buf, values->since_ms);
        buf_add_char(buf, ',');
    }
    buf_add_text(buf, &PAGE_BEGIN[1]); /* without its brace */
    for (size_t i = 0; i < values->count; i++) {
        const struct registry_value *value = &values->list[i];
        buf_printf(buf, "%s{\"revision\":%" PRIu64 ",\"time\":", i > 0 ? "," : "", value->revision);
        support_time(buf, value->time_ms);
        if (value->author != NULL && value->author[0] != '\0') {
            support_member(buf, false, "author", value->author);
        }
        buf_add_text(buf, ",\"value\":");
        buf_add(buf, value->value != NULL ? value->value : "null",
            value->value != NULL ? value->len : 4);
        buf_add_char(buf, '}');
    }
    page_end(buf, values->next);
}

/* What a spreadsheet would take for a formula gets an apostrophe in front, unless it is a number.
 */
static void add_text_cell(struct buf *buf, const char *text, size_t len)
{
    char *end = NULL;
    bool formula = len > 0 && strchr("=+-@\t\r", text[0]) != NULL;
    if (formula) {
        (void)strtod(text, &end);
        formula = end != text + len;
    }
    buf_add_text(buf, formula ? "\"'" : "\"");
    for (size_t i = 0; i < len; i++) {
        buf_add_text(buf, text[i] == '"' ? "\"" : "");
        buf_add_char(buf, text[i]);
    }
    buf_add_char(buf, '"');
}

/* Values that are JSON texts stand without quotes and escapes, all others as JSON. */
static enum err_code add_value_cell(
    struct arena *arena, struct buf *buf, const struct registry_value *value, struct err *err)
{
    struct json *text = NULL;
    if (value->value == NULL) {
        return ERR_OK;
    }
    if (value->value[0] != '"') {
        add_text_cell(buf, value->value, value->len);
        return ERR_OK;
    }
    enum err_code code = json_read(arena, value->value, value->len, &text, err);
    if (code == ERR_OK) {
        add_text_cell(buf, text->text, text->len);
    }
    return code;
}

static enum err_code write_csv(
    struct arena *arena, struct buf *buf, const struct registry_values *values, struct err *err)
{
    enum err_code code = ERR_OK;
    buf_add_text(buf, "time,revision,author,value\r\n");
    for (size_t i = 0; i < values->count && code == ERR_OK; i++) {
        const struct registry_value *value = &values->list[i];
        const char *author = value->author != NULL ? value->author : "";
        support_time(buf, value->time_ms);
        buf_printf(buf, ",%" PRIu64 ",", value->revision);
        add_text_cell(buf, author, strlen(author));
        buf_add_char(buf, ',');
        code = add_value_cell(arena, buf, value, err);
        buf_add_text(buf, "\r\n");
    }
    return code;
}

/* With as few digits as say which number it is. */
static void add_number(struct buf *buf, char before, double number)
{
    char text[32];
    int digits = DBL_DIG;
    do {
        snprintf(text, sizeof text, "%.*g", digits, number);
    } while (strtod(text, NULL) != number && digits++ < DBL_DECIMAL_DIG);
    buf_add_char(buf, before);
    buf_add_text(buf, text);
}

/* What there is of a bucket beside its times and count. */
enum { BUCKET_NUMBERS = 5 };
static const char *const bucket_names[BUCKET_NUMBERS] = {"first", "last", "min", "max", "mean"};

static void bucket_numbers(
    const struct registry_value_bucket *bucket, double numbers[BUCKET_NUMBERS])
{
    const double all[BUCKET_NUMBERS] = {
        bucket->first, bucket->last, bucket->min, bucket->max, bucket->mean};
    memcpy(numbers, all, sizeof all);
}

static void write_buckets(
    struct buf *buf, const struct registry_value_bucket *buckets, size_t count, uint64_t next)
{
    double numbers[BUCKET_NUMBERS];
    buf_add_text(buf, PAGE_BEGIN);
    for (size_t i = 0; i < count; i++) {
        buf_add_text(buf, i > 0 ? ",{\"from\":" : "{\"from\":");
        support_time(buf, buckets[i].from_ms);
        buf_add_text(buf, ",\"to\":");
        support_time(buf, buckets[i].to_ms);
        buf_printf(buf, ",\"count\":%zu", buckets[i].count);
        bucket_numbers(&buckets[i], numbers);
        for (size_t k = 0; k < BUCKET_NUMBERS; k++) {
            buf_printf(buf, ",\"%s\"", bucket_names[k]);
            add_number(buf, ':', numbers[k]);
        }
        buf_add_char(buf, '}');
    }
    page_end(buf, next);
}

static void write_bucket_table(
    struct buf *buf, const struct registry_value_bucket *buckets, size_t count)
{
    double numbers[BUCKET_NUMBERS];
    buf_add_text(buf, "from,to,count,first,last,min,max,mean\r\n");
    for (size_t i = 0; i < count; i++) {
        support_time(buf, buckets[i].from_ms);
        buf_add_char(buf, ',');
        support_time(buf, buckets[i].to_ms);
        buf_printf(buf, ",%zu", buckets[i].count);
        bucket_numbers(&buckets[i], numbers);
        for (size_t k = 0; k < BUCKET_NUMBERS; k++) {
            add_number(buf, ',', numbers[k]);
        }
        buf_add_text(buf, "\r\n");
    }
}

static enum err_code answer_buckets(struct api_request *request, struct api_response *response,
    const struct question *question, const struct registry_values *values, struct err *err)
{
    struct registry_value_bucket *buckets;
    size_t made;
    enum err_code code = registry_value_buckets(
        &request->arena, values->list, values->count, question->buckets, &buckets, &made, err);
    if (code == ERR_OK && question->csv) {
        write_bucket_table(&response->body, buckets, made);
    } else if (code == ERR_OK) {
        write_buckets(&response->body, buckets, made, values->next);
    }
    return code;
}

static enum err_code answer(struct api_request *request, struct api_response *response,
    const struct question *question, const struct registry_values *values, struct err *err)
{
    say_since(request, response, values);
    api_response_field(response, "Vary", "Accept");
    reply_ok(
        response, question->csv ? "text/csv; charset=utf-8; header=present" : "application/json");
    if (question->csv && values->next > 0) { /* a CSV has no place for it */
        char *cursor = arena_printf(&request->arena, "c%" PRIx64, values->next);
        api_response_field(response, "X-Cursor", cursor != NULL ? cursor : "");
    }
    if (question->buckets > 0) {
        return answer_buckets(request, response, question, values, err);
    }
    if (question->csv) {
        return write_csv(&request->arena, &response->body, values, err);
    }
    write_values(&response->body, values);
    return ERR_OK;
}

enum err_code handle_value_history(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct question question;
    struct registry_view view;
    struct registry_values values;
    const struct api_text *path = &request->captures[1];
    enum err_code code = read_question(request, &question, err);
    if (code == ERR_OK && question.buckets > 0) {
        question.filter.limit = BUCKETED_VALUES;
    }
    if (code == ERR_OK) {
        code = registry_view_begin(request->context->registry, &view, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    code = registry_value_history(&view, &request->arena, request->route->kind, question.id.text,
        question.id.len, path->text, path->len, &question.filter, &values, err);
    if (code == ERR_OK) {
        code = answer(request, response, &question, &values, err);
    }
    registry_view_end(&view);
    return code;
}
