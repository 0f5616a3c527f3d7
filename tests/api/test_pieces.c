/* SPDX-License-Identifier: Apache-2.0 */
/* The pieces between bytes and handlers: unescaping, media types, forms, the route table. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "api/text_set.h"
#include "api/accept.h"
#include "api/context.h"
#include "api/cut.h"
#include "api/dispatch.h"
#include "api/guard.h"
#include "api/multipart.h"
#include "api/reply.h"
#include "api/routes.h"

Test(guard, escapes_are_decoded_strictly)
{
    static const struct {
        const char *text;
        bool plus;
        const char *decoded; /* NULL: refused */
    } cases[] = {{"abc", false, "abc"}, {"a%20b", false, "a b"}, {"%5B0%5d", false, "[0]"},
        {"a+b", false, "a+b"}, {"a+b", true, "a b"}, {"%C3%A4", false, "\xc3\xa4"},
        {"%", false, NULL}, {"%4", false, NULL}, {"%4g", false, NULL}, {"%00", false, NULL},
        {"%0a", false, NULL}, {"%7f", false, NULL}, {"%c3", false, NULL}, {"%c0%af", false, NULL},
        {"", false, ""}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char to[32];
        size_t len;
        enum err_code code =
            guard_unescape(cases[i].text, strlen(cases[i].text), cases[i].plus, to, &len, NULL);
        cr_assert_eq(code == ERR_OK, cases[i].decoded != NULL, "%s", cases[i].text);
        if (code == ERR_OK) {
            cr_assert_str_eq(to, cases[i].decoded);
            cr_assert_eq(len, strlen(cases[i].decoded));
        }
    }
}

Test(guard, an_escape_is_decoded_wherever_it_stands)
{
    static const char plain[] = "a-long-segment-of-24.bytes";
    for (size_t at = 0; at < sizeof plain - 1; at++) {
        char text[sizeof plain + 2];
        char to[sizeof text];
        char expected[sizeof plain];
        size_t len;
        snprintf(text, sizeof text, "%.*s%%2F%s", (int)at, plain, plain + at + 1);
        memcpy(expected, plain, sizeof expected);
        expected[at] = '/';
        cr_assert_eq(guard_unescape(text, strlen(text), false, to, &len, NULL), ERR_OK);
        cr_assert_str_eq(to, expected);
        cr_assert_eq(len, sizeof plain - 1);
    }
}

/* As they are: escaped they are refused elsewhere. */
Test(guard, bytes_that_no_address_has_are_refused_wherever_they_stand)
{
    static const char plain[] = "/a-long-address/of-many.bytes";
    static const struct api_header host[] = {{"Host", "here"}};
    static const unsigned char bad[] = {0x01, 0x0a, 0x1f, ' ', '#', 0x7f, 0x80, 0xc3, 0xff};
    for (size_t i = 0; i < sizeof bad; i++) {
        for (size_t at = 1; at < sizeof plain - 1; at++) {
            struct api_request request;
            struct guard_body body;
            char path[sizeof plain];
            memcpy(path, plain, sizeof path);
            api_request_init(&request, NULL, 1 << 20);
            api_request_take_headers(&request, host, 1);
            request.path = path;
            cr_assert_eq(guard_check(&request, &body, NULL), ERR_OK);
            path[at] = (char)bad[i];
            cr_assert_eq(guard_check(&request, &body, NULL), ERR_BAD_INPUT, "0x%02x at %zu",
                (unsigned)bad[i], at);
            api_request_finish(&request);
        }
    }
}

Test(guard, fields_that_may_occur_once_are_known_in_any_case)
{
    static const char *const names[] = {
        "hOST", "content-length", "Transfer-ENCODING", "CONTENT-TYPE", "expect"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct api_header headers[] = {{"Host", "here"}, {names[i], "1"}, {names[i], "1"}};
        struct api_request request;
        struct guard_body body;
        struct err err;
        api_request_init(&request, NULL, 1 << 20);
        api_request_take_headers(&request, headers, 3);
        request.path = "/";
        cr_assert_eq(guard_check(&request, &body, &err), ERR_BAD_INPUT, "%s", names[i]);
        cr_assert(strstr(err.text, "occurs twice") != NULL, "%s", err.text);
        api_request_finish(&request);
    }
}

Test(headers, are_found_by_their_name_in_any_case_and_by_no_other)
{
    static const struct api_header headers[] = {{"HOST", "a"}, {"accept", "b"},
        {"Accept-Language", "c"}, {"If-None-Match", "d"}, {"x-request-id", "e"}, {"", "f"}};
    static const struct {
        const char *name;
        const char *value; /* NULL: not there */
    } asked[] = {{"Host", "a"}, {"Accept", "b"}, {"ACCEPT-language", "c"}, {"if-none-match", "d"},
        {"X-Request-ID", "e"}, {"Accept-Encoding", NULL}, {"If-Match", NULL}, {"Hosts", NULL},
        {"Hest", NULL}, {"X-Request-I", NULL}, {"Range", NULL}};
    struct api_request request;
    api_request_init(&request, NULL, 1 << 20);
    cr_assert_null(api_request_header(&request, "Host"));
    api_request_take_headers(&request, headers, sizeof headers / sizeof *headers);
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        const char *value = api_request_header(&request, asked[i].name);
        cr_assert_eq(value == NULL, asked[i].value == NULL, "%s", asked[i].name);
        if (value != NULL) {
            cr_assert_str_eq(value, asked[i].value);
        }
    }
    api_request_finish(&request);
}

Test(cut, a_template_is_known_by_its_kind_alone)
{
    static const struct {
        const char *json;
        bool is_template;
    } cases[] = {{"{\"kind\":\"Template\"}", true}, {"\"kind\":\"Template\"", true},
        {"{\"id\":\"T\",\"idShort\":\"TTemplate\",\"kind\":\"Template\",\"x\":\"T\"}", true},
        {"{\"kind\":\"Instance\",\"id\":\"Template\"}", false},
        {"{\"kind\":\"TemplateQualifier\"}", false}, {"{\"kind\":\"Template", false},
        {"{\"a\":\"\\\"kind\\\":\\\"Template\\\"\"}", false}, {"Template\"", false}, {"", false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct registry_document document = {
            .json = cases[i].json, .json_len = strlen(cases[i].json)};
        cr_assert_eq(cut_is_template(&document), cases[i].is_template, "%s", cases[i].json);
    }
}

/* Short headers are written into the room before the body, longer ones are not. */
Test(reply, a_header_of_any_length_stands_before_the_body)
{
    enum { LONGEST = 6000 };
    static char value[LONGEST + 1];
    for (size_t len = 0; len < LONGEST; len += len < 2 * API_HEAD_ROOM ? 1 : 777) {
        struct api_request request;
        struct api_response response;
        struct buf body;
        const char *bytes = NULL;
        size_t sent = 0;
        memset(value, 'v', len);
        api_request_init(&request, NULL, 1 << 20);
        buf_init(&body, 1 << 20);
        api_response_init(&response, body);
        buf_add_text(&response.body, "[1,2]");
        response.status = 404;
        response.content_type = "application/json";
        api_response_field(&response, "Location", value);
        cr_assert_eq(reply_bytes(&request, &response, true, &bytes, &sent), ERR_OK);
        const char *at = memmem(bytes, sent, "\r\nLocation: ", 12);
        const char *end = "\r\nX-Request-ID: \r\nConnection: keep-alive\r\n\r\n[1,2]";
        cr_assert(memcmp(bytes, "HTTP/1.1 404 Not Found\r\nDate: ", 30) == 0);
        cr_assert(memmem(bytes, sent, "\r\nContent-Length: 5\r\n", 21) != NULL);
        cr_assert_not_null(at);
        cr_assert(memcmp(at + 12, value, len) == 0);
        cr_assert_eq((size_t)(bytes + sent - at), 12 + len + strlen(end), "%zu", len);
        cr_assert(memcmp(at + 12 + len, end, strlen(end)) == 0);
        buf_finish(&response.body);
        api_request_finish(&request);
    }
}

Test(accept, the_best_offered_type_is_chosen)
{
    static const char *const offered[] = {"application/json", "application/xml"};
    static const struct {
        const char *accept;
        int chosen;
    } cases[] = {{NULL, 0}, {"", 0}, {"*/*", 0}, {"application/xml", 1}, {"application/*", 0},
        {"text/html", -1}, {"text/html, */*;q=0.1", 0},
        {"application/json;q=0.5, application/xml", 1},
        {"application/json;q=0.5,application/xml;q=0.4", 0}, {"application/json;q=0", -1},
        {"*/*, application/json;q=0", 1}, {"APPLICATION/XML", 1},
        {"application/xml; charset=utf-8", 1}, {"application/xml;q=0.001, */*;q=0", 1}, {",,", -1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cr_assert_eq(
            accept_choose(cases[i].accept, offered, 2), cases[i].chosen, "%s", cases[i].accept);
    }
}

#define PART(fields, content) "--x\r\n" fields "\r\n\r\n" content "\r\n"
#define NAME(name) "Content-Disposition: form-data; name=\"" name "\""

static enum err_code read_form(struct arena *arena, const char *body, struct multipart *form)
{
    struct err err;
    arena_init(arena, 1 << 20);
    return multipart_read(arena, "multipart/form-data; boundary=x", body, strlen(body), form, &err);
}

Test(multipart, parts_are_read_with_names_and_contents)
{
    static const char body[] = PART(NAME("note"), "a\r\n--y") PART(
        NAME("file") "; filename=\"C:\\tmp\\press.json\"\r\nContent-Type: application/json", "{}")
        PART(NAME("empty"), "") "--x--\r\n";
    struct arena arena;
    struct multipart form;
    cr_assert_eq(read_form(&arena, body, &form), ERR_OK);
    cr_assert_eq(form.count, 3);
    const struct multipart_part *file = multipart_find(&form, "file");
    cr_assert_str_eq(file->file_name, "press.json");
    cr_assert_str_eq(file->content_type, "application/json");
    cr_assert_eq(file->len, 2);
    cr_assert_eq(memcmp(file->bytes, "{}", 2), 0);
    cr_assert_eq(multipart_find(&form, "note")->len, 6);
    cr_assert_eq(multipart_find(&form, "empty")->len, 0);
    cr_assert_null(multipart_find(&form, "other"));
    arena_finish(&arena);
}

/* As .NET sends a name that is not ASCII; the last ones are no extended values. */
Test(multipart, extended_file_names_are_read)
{
    static const struct {
        const char *parameters;
        const char *name;
    } cases[] = {
        {"; filename=\"=?utf-8?B?w7wucGRm?=\"; filename*=utf-8''%C3%BC.pdf", "\xc3\xbc.pdf"},
        {"; filename*=UTF-8'de'b%C3%BCro%20plan.pdf", "b\xc3\xbcro plan.pdf"},
        {"; filename=a.pdf; filename*=UTF-8''..%2F..%2Fb.pdf", "b.pdf"},
        {"; filename=a.pdf; filename*=ISO-8859-1''%FC.pdf", "a.pdf"},
        {"; filename=a.pdf; filename*=UTF-8''%FC.pdf", "a.pdf"},
        {"; filename=a.pdf; filename*=UTF-8''%0A.pdf", "a.pdf"},
        {"; filename=a.pdf; filename*=UTF-8'%C3%BC.pdf", "a.pdf"},
        {"; filename=a.pdf; filename*=", "a.pdf"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena arena;
        struct multipart form;
        char body[300];
        snprintf(
            body, sizeof body, "--x\r\n%s%s\r\n\r\nb\r\n--x--", NAME("file"), cases[i].parameters);
        cr_assert_eq(read_form(&arena, body, &form), ERR_OK, "%s", cases[i].parameters);
        cr_expect_str_eq(form.parts[0].file_name, cases[i].name, "%s", cases[i].parameters);
        arena_finish(&arena);
    }
}

Test(multipart, a_line_end_may_stand_in_front_of_the_first_delimiter)
{
    struct arena arena;
    struct multipart form;
    cr_assert_eq(read_form(&arena, "\r\n" PART(NAME("a"), "b") "--x--", &form), ERR_OK);
    cr_assert_eq(form.count, 1);
    cr_assert_eq(form.parts[0].len, 1);
    arena_finish(&arena);
}

Test(multipart, broken_forms_are_refused)
{
    static const char *const bodies[] = {"", "x", "--x", "--x\r\n", "--x\r\n--x--",
        "--x\r\n\r\n\r\n--x--", "--xx\r\n" NAME("a") "\r\n\r\nb\r\n--x--",
        "--x\r\n" NAME("a") "\r\n\r\nb", "--x\r\n" NAME("a") "\r\n\r\nb\r\n--x",
        "--x\r\n" NAME("a") "\r\n\r\nb\r\n--x--junk", "--x\n" NAME("a") "\n\nb\n--x--",
        "--x\r\nno colon\r\n\r\nb\r\n--x--",
        "--x\r\n" NAME("a") "\r\n" NAME("b") "\r\n\r\nb\r\n--x--",
        "--x\r\nContent-Disposition: attachment; name=a\r\n\r\nb\r\n--x--",
        "--x\r\nContent-Disposition: form-data; name=\"a\r\n\r\nb\r\n--x--",
        "--x\r\nContent-Disposition: form-data; name=a; name=b\r\n\r\nb\r\n--x--"};
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        struct arena arena;
        struct multipart form;
        cr_assert_neq(read_form(&arena, bodies[i], &form), ERR_OK, "%s", bodies[i]);
        arena_finish(&arena);
    }
}

Test(multipart, more_parts_than_the_ceiling_are_refused)
{
    struct buf buf;
    struct arena arena;
    struct multipart form;
    buf_init(&buf, 1 << 20);
    for (int i = 0; i < MULTIPART_MAX_PARTS + 1; i++) {
        buf_add_text(&buf, PART(NAME("a"), "b"));
    }
    buf_add_text(&buf, "--x--");
    cr_assert_eq(read_form(&arena, buf_text(&buf), &form), ERR_TOO_LARGE);
    arena_finish(&arena);
    buf_finish(&buf);
}

#define LONG_BOUNDARY                                                                              \
    "multipart/form-data; boundary=0123456789012345678901234567890123456789"                       \
    "01234567890123456789012345678901"

Test(multipart, boundaries_that_are_none_are_refused)
{
    static const char *const types[] = {"multipart/form-data",
        "multipart/form-data; boundary=", "multipart/form-data; boundary=\"x",
        "multipart/form-data; boundary=a\"b", LONG_BOUNDARY};
    static const char body[] = "--x--";
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        struct arena arena;
        struct multipart form;
        arena_init(&arena, 1 << 20);
        cr_assert_neq(multipart_read(&arena, types[i], body, sizeof body - 1, &form, NULL), ERR_OK,
            "%s", types[i]);
        arena_finish(&arena);
    }
}

Test(dispatch, requests_are_numbered_in_hexadecimal_digits)
{
    static struct api_context context = {.boot = 0x6543210fedcbau};
    for (unsigned number = 0; number < 0x310; number++) {
        struct api_request request;
        char wanted[40];
        api_request_init(&request, &context, 1 << 20);
        dispatch_identify(&request);
        snprintf(wanted, sizeof wanted, "6543210fedcba-%x", number);
        cr_assert_str_eq(request.id, wanted);
        api_request_finish(&request);
    }
}

static enum err_code find(struct api_request *request, const char *method, const char *path)
{
    api_request_init(request, NULL, 1 << 20);
    request->method = api_method_of(method);
    request->path = path;
    return api_route_find(request, NULL);
}

Test(router, addresses_lead_to_their_operations)
{
    static const struct {
        const char *method;
        const char *path;
        const char *operation; /* NULL: none */
    } cases[] = {{"GET", "/submodels", "GetAllSubmodels"},
        {"GET", "/submodels/", "GetAllSubmodels"}, {"HEAD", "/api/v3/submodels", "GetAllSubmodels"},
        {"GET", "/submodels/abc/%24value", "GetSubmodelById-ValueOnly"},
        {"PUT", "/submodels/abc/submodel-elements/A.B%5B0%5D",
            "PutSubmodelElementByPath_SubmodelRepo"},
        {"GET", "/shells/abc/$history/3", "GetRevisionAssetAdministrationShell"},
        {"GET", "/", "GetIndexPage"}, {"GET", "/api/v3", "GetIndexPage"}, {"GET", "/api/v4", NULL},
        {"GET", "/submodels/$value", "GetAllSubmodels-ValueOnly"},
        {"GET", "/submodels/$values", NULL}, {"GET", "//submodels", NULL},
        {"PATCH", "/aas/submodels/abc/$metadata", "PatchSubmodeByIdMetadata_AAS"},
        {"GET", "/templates-api/submodels/$value", "GetAllSubmodels-ValueOnly"},
        {"GET", "/templates-api/api/v3/submodels", "GetAllSubmodels"},
        {"GET", "/api/v3/templates-api/description", "GetSelfDescription"},
        {"GET", "/templates-api/shells", NULL}, {"GET", "/templates-apis/submodels", NULL},
        {"GET", "/submodels//submodel-elements", NULL}, {"POST", "/description", NULL},
        {"GET", "/Submodels", NULL}, {"GET", "/submodels/a%2Fb", "GetSubmodelById"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct api_request request;
        enum err_code code = find(&request, cases[i].method, cases[i].path);
        cr_assert_eq(code == ERR_OK, cases[i].operation != NULL, "%s", cases[i].path);
        if (code == ERR_OK) {
            cr_assert_str_eq(request.route->operation, cases[i].operation);
        }
        api_request_finish(&request);
    }
}

Test(router, what_stands_for_a_placeholder_is_captured_alone)
{
    static const struct {
        const char *path;
        const char *captures[API_MAX_CAPTURES];
    } cases[] = {{"/submodels", {NULL}}, {"/submodels/abc", {"abc"}}, {"/submodels/abc/", {"abc"}},
        {"/templates-api/submodels/abc/$value", {"abc"}},
        {"/api/v3/submodels/abc/submodel-elements/A.B", {"abc", "A.B"}},
        {"/submodels/abc/submodel-elements/A.B/", {"abc", "A.B"}},
        {"/submodels/a%2Fb/submodel-elements/A.B%5B0%5D", {"a/b", "A.B[0]"}},
        {"/shells/abc/submodels/def/submodel-elements/A/$value", {"abc", "def", "A"}}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct api_request request;
        cr_assert_eq(find(&request, "GET", cases[i].path), ERR_OK, "%s", cases[i].path);
        for (size_t k = 0; k < API_MAX_CAPTURES && cases[i].captures[k] != NULL; k++) {
            cr_assert_lt(k, request.capture_count, "%s", cases[i].path);
            cr_expect_str_eq(request.captures[k].text, cases[i].captures[k]);
            cr_expect_eq(request.captures[k].len, strlen(cases[i].captures[k]));
        }
        cr_expect(request.capture_count == API_MAX_CAPTURES ||
                  cases[i].captures[request.capture_count] == NULL);
        api_request_finish(&request);
    }
}

/* The address of a row with something in the place of each placeholder. */
static void fill_in(const char *pattern, char *to)
{
    while (*pattern != '\0') {
        if (*pattern == '{') {
            *to++ = 'x';
            pattern += strcspn(pattern, "}") + 1;
        } else {
            *to++ = *pattern++;
        }
    }
    *to = '\0';
}

Test(router, every_row_is_found_by_its_address)
{
    size_t count;
    const struct api_route *routes = api_routes(&count);
    for (size_t i = 0; i < count; i++) {
        struct api_request request;
        char path[300];
        fill_in(routes[i].pattern, path);
        enum err_code code = find(&request, api_method_name(routes[i].method), path);
        cr_assert_eq(code, ERR_OK, "%s", path);
        cr_assert_eq(request.route, &routes[i], "%s", path);
        api_request_finish(&request);
    }
}

Test(router, semantics_are_those_of_the_official_files)
{
    static const struct {
        const char *method;
        const char *path;
        const char *semantics;
    } cases[] = {{"GET", "/submodels", "GetAllSubmodels"},
        {"GET", "/submodels/abc/$value", "GetSubmodelById"},
        {"PATCH", "/aas/submodels/abc/$metadata", "PatchSubmodelById"},
        {"GET", "/aas/submodels/abc/submodel-elements/$path", "GetAllSubmodelElements"},
        {"PATCH", "/shells/abc/submodels/def/submodel-elements/A", "PatchSubmodelElementByPath"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct api_request request;
        char expected[200];
        cr_assert_eq(find(&request, cases[i].method, cases[i].path), ERR_OK);
        snprintf(
            expected, sizeof expected, "https://admin-shell.io/aas/API/%s/3/1", cases[i].semantics);
        cr_assert_str_eq(api_route_semantics(&request.arena, request.route), expected);
        api_request_finish(&request);
    }
}

Test(router, no_two_rows_have_the_same_method_and_address)
{
    size_t count;
    const struct api_route *routes = api_routes(&count);
    for (size_t i = 0; i < count; i++) {
        for (size_t k = i + 1; k < count; k++) {
            cr_assert(routes[i].method != routes[k].method ||
                          strcmp(routes[i].pattern, routes[k].pattern) != 0,
                "%s %s", api_method_name(routes[i].method), routes[i].pattern);
        }
    }
}

/* ------------------------------------------------------------------ sets of texts */

Test(text_set, a_text_is_new_once_however_many_there_are)
{
    enum { TEXTS = 10000 };
    struct text_set set = {.room = 0};
    struct arena arena;
    arena_init(&arena, 16 << 20);
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < TEXTS; i++) {
            bool is_new = false;
            const char *text = arena_printf(&arena, "urn:%d", i);
            cr_assert_eq(text_set_add(&set, &arena, text, &is_new, NULL), ERR_OK);
            cr_assert_eq(is_new, round == 0, "%s", text);
        }
    }
    cr_assert_eq(set.count, TEXTS);
    arena_finish(&arena);
}

Test(text_set, without_memory_it_says_so_and_stays_as_it_was)
{
    struct text_set set = {.room = 0};
    struct arena arena;
    struct err err = {0};
    bool is_new = false;
    arena_init(&arena, 100);
    cr_assert_eq(text_set_add(&set, &arena, "urn:a", &is_new, &err), ERR_TOO_LARGE);
    cr_assert_eq(set.count, 0);
    cr_assert_neq(err.text[0], '\0');
    arena_finish(&arena);
}
