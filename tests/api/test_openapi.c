/* SPDX-License-Identifier: Apache-2.0 */
/* The OpenAPI document says what the route table does, and every address of it takes HEAD and
 * OPTIONS, has a request id and says what it allows. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "aas/json.h"
#include "api/docs.h"
#include "api/openapi.h"
#include "api/routes.h"
#include "tests/api/client.h"

struct document {
    struct arena arena;
    struct buf text;
    struct json *root;
};

static void document_read(struct document *document)
{
    struct err err = {0};
    arena_init(&document->arena, 64 << 20);
    buf_init(&document->text, OPENAPI_BYTES);
    openapi_write(&document->text);
    cr_assert_not(buf_failed(&document->text));
    cr_assert_eq(json_read(&document->arena, document->text.bytes, document->text.len,
                     &document->root, &err),
        ERR_OK, "line %u, column %u: %s", err.line, err.column, err.text);
}

static void document_free(struct document *document)
{
    buf_finish(&document->text);
    arena_finish(&document->arena);
}

static const struct json *member(const struct json *object, const char *name)
{
    const struct json *found = object != NULL ? json_member(object, name) : NULL;
    cr_assert_not_null(found, "there is no %s", name);
    return found;
}

/* "#/components/schemas/Property" */
static const struct json *resolve(const struct json *root, const char *ref)
{
    char step[200];
    cr_assert_eq(strncmp(ref, "#/", 2), 0, "%s", ref);
    for (const char *at = ref + 2; root != NULL && *at != '\0';) {
        size_t len = strcspn(at, "/");
        snprintf(step, sizeof step, "%.*s", (int)len, at);
        root = json_member(root, step);
        at += len + (at[len] == '/' ? 1 : 0);
    }
    return root;
}

static size_t check_references(const struct json *root, const struct json *json)
{
    size_t count = 0;
    if (json->kind != JSON_OBJECT && json->kind != JSON_ARRAY) {
        return 0;
    }
    for (const struct json *item = json->first; item != NULL; item = item->next) {
        if (item->name != NULL && strcmp(item->name, "$ref") == 0 && item->kind == JSON_STRING) {
            cr_assert_not_null(resolve(root, item->text), "%s leads nowhere", item->text);
            count++;
        }
        count += check_references(root, item);
    }
    return count;
}

Test(openapi, every_reference_leads_somewhere_and_no_name_stands_twice)
{
    struct document document;
    document_read(&document); /* the reader refuses names that stand twice */
    cr_assert_gt(check_references(document.root, document.root), 1000);
    document_free(&document);
}

Test(openapi, every_route_has_its_row_and_every_parameter_its_description)
{
    size_t count;
    const struct api_route *routes = api_routes(&count);
    for (size_t i = 0; i < count; i++) {
        const struct openapi_row *row = openapi_row_of(&routes[i]);
        cr_expect_not_null(row, "%s has no row in api/openapi_rows.c", routes[i].operation);
        const char *query = row != NULL ? row->query : "";
        const char *name;
        size_t name_len;
        while ((name = openapi_next_parameter(&query, &routes[i], &name_len)) != NULL) {
            cr_expect(openapi_has_parameter(name, name_len), "%.*s", (int)name_len, name);
        }
        for (const char *at = strchr(routes[i].pattern, '{'); at != NULL; at = strchr(at, '{')) {
            size_t len = strcspn(++at, "}");
            cr_expect(
                openapi_has_parameter(at, len), "%.*s in %s", (int)len, at, routes[i].pattern);
        }
    }
}

Test(openapi, every_route_stands_in_the_document)
{
    static const char *const methods[] = {"get", "post", "put", "patch", "delete"};
    struct document document;
    size_t count;
    const struct api_route *routes = api_routes(&count);
    document_read(&document);
    for (size_t i = 0; i < count; i++) {
        const struct json *paths = member(document.root, "paths");
        const struct json *operation =
            member(member(paths, routes[i].pattern), methods[routes[i].method]);
        const char *id = member(operation, "operationId")->text;
        cr_assert_eq(strncmp(id, routes[i].operation, strlen(routes[i].operation)), 0, "%s", id);
        member(member(operation, "responses"), "default");
    }
    document_free(&document);
}

Test(openapi, operation_ids_stand_once)
{
    struct document document;
    document_read(&document);
    const struct json *paths = member(document.root, "paths");
    for (const struct json *path = paths->first; path != NULL; path = path->next) {
        for (const struct json *one = path->first; one != NULL; one = one->next) {
            const char *id = member(one, "operationId")->text;
            char text[300];
            snprintf(text, sizeof text, "{\"operationId\":\"%s\",", id);
            const char *first = strstr(document.text.bytes, text);
            cr_assert_not_null(first);
            cr_assert_null(strstr(first + 1, text), "%s", id);
        }
    }
    document_free(&document);
}

Test(openapi, steps_of_a_version_say_what_they_may_be_told)
{
    static const struct {
        const char *step;
        const char *schema;
        const char *told; /* beside the message, NULL: nothing */
    } rows[] = {{"$submit", "Reason", NULL}, {"$withdraw", "Reason", NULL},
        {"$publish", "Publication", "overrule"}, {"$deprecate", "Deprecation", "successor"},
        {"$rebase", "Rebase", "onto"}};
    struct document document;
    document_read(&document);
    const struct json *schemas = member(member(document.root, "components"), "schemas");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char path[100];
        char reference[100];
        snprintf(path, sizeof path, "/templates/{family}/versions/{version}/%s", rows[i].step);
        snprintf(reference, sizeof reference, "#/components/schemas/%s", rows[i].schema);
        const struct json *post = member(member(member(document.root, "paths"), path), "post");
        const struct json *body = member(post, "requestBody");
        cr_expect_eq(member(body, "required")->kind, JSON_FALSE, "%s", rows[i].step);
        const struct json *media = member(member(body, "content"), "application/json");
        cr_expect_str_eq(member(member(media, "schema"), "$ref")->text, reference);
        const struct json *told = member(member(schemas, rows[i].schema), "properties");
        cr_expect_eq(told->count, rows[i].told == NULL ? 1 : 2, "%s", rows[i].schema);
        member(told, "message");
        member(told, rows[i].told == NULL ? "message" : rows[i].told);
    }
    document_free(&document);
}

Test(openapi, schemas_say_what_the_metamodel_table_says)
{
    struct document document;
    document_read(&document);
    const struct json *schemas = member(member(document.root, "components"), "schemas");
    const struct json *property = member(schemas, "Property");
    const struct json *properties = member(property, "properties");
    cr_assert_str_eq(member(member(properties, "modelType"), "const")->text, "Property");
    cr_assert_str_eq(
        member(member(properties, "idShort"), "$ref")->text, "#/components/schemas/IdShortType");
    const struct json *id_short = member(schemas, "IdShortType");
    cr_assert_str_eq(member(id_short, "maxLength")->text, "128");
    cr_assert_str_eq(member(id_short, "pattern")->text, "^([a-zA-Z](-*[a-zA-Z0-9_])+)$");
    cr_assert_eq(member(member(schemas, "DataTypeDefXsd"), "enum")->count, 30);
    cr_assert_eq(member(member(schemas, "SubmodelElement"), "oneOf")->count, 14);
    cr_assert_eq(member(member(schemas, "DataElement"), "oneOf")->count, 6);
    for (size_t i = 0; i < CLASS_COUNT; i++) {
        member(schemas, meta_class((enum meta_class_id)i)->name);
    }
    document_free(&document);
}

/* ------------------------------------------------------------------ over HTTP */

Test(openapi, the_document_and_the_page_are_served_with_tags_and_without_other_hosts)
{
    static const char *const targets[] = {"/openapi.json", "/api/v3/openapi.json", "/docs"};
    struct test_server server;
    char headers[300];
    server_up(&server, NULL);
    for (size_t i = 0; i < 3; i++) {
        struct answer answer = client_ask(server.port, "GET", targets[i], "", NULL);
        cr_assert_eq(answer.status, 200, "%s", targets[i]);
        cr_assert_null(strstr(answer.body, "src=\"http"));
        if (i == 2) {
            cr_assert_not_null(
                strstr(answer_field(&answer, "Content-Security-Policy"), "default-src 'none'"));
            answer_free(&answer);
            continue;
        }
        snprintf(headers, sizeof headers, "If-None-Match: %s\r\n", answer_field(&answer, "ETag"));
        cr_assert_eq(client_status(server.port, "GET", targets[i], headers, NULL), 304);
        answer_free(&answer);
    }
    server_down(&server);
}

Test(openapi, the_servers_of_the_document_are_below_the_path_of_a_proxy)
{
    const struct api_server_options options = {.external_url = "https://plant.example/aas"};
    struct test_server server;
    char plain_tag[100];
    server_up(&server, NULL);
    struct answer answer = client_ask(server.port, "GET", "/openapi.json", "", NULL);
    cr_assert_not_null(
        strstr(answer.body, "\"servers\":[{\"url\":\"/\"},{\"url\":\"/api/v3\"}],\"security\""));
    snprintf(plain_tag, sizeof plain_tag, "%s", answer_field(&answer, "ETag"));
    answer_free(&answer);
    server_down(&server);
    server_up(&server, &options);
    answer = client_ask(server.port, "GET", "/openapi.json", "", NULL);
    cr_assert_not_null(strstr(
        answer.body, "\"servers\":[{\"url\":\"/aas\"},{\"url\":\"/aas/api/v3\"}],\"security\""));
    cr_assert_str_neq(answer_field(&answer, "ETag"), plain_tag);
    answer_free(&answer);
    server_down(&server);
}

Test(openapi, files_of_the_page_come_packed_and_plain)
{
    struct test_server server;
    char target[100];
    if (docs_file_count == 0) {
        cr_skip_test("the page was left out of this build");
    }
    server_up(&server, NULL);
    for (size_t i = 0; i < docs_file_count; i++) {
        const struct docs_file *file = &docs_files[i];
        bool page = strcmp(file->name, "docs.html") == 0;
        snprintf(target, sizeof target, "/docs%s%s", page ? "" : "/", page ? "" : file->name);
        struct answer plain = client_ask(server.port, "GET", target, "", NULL);
        cr_assert_eq(plain.body_len, file->len, "%s", target);
        cr_assert_str_eq(answer_field(&plain, "Content-Type"), file->type);
        answer_free(&plain);
        struct answer packed =
            client_ask(server.port, "GET", target, "Accept-Encoding: gzip\r\n", NULL);
        cr_assert_eq(packed.body_len, file->packed_len, "%s", target);
        cr_assert_str_eq(answer_field(&packed, "Content-Encoding"), "gzip");
        answer_free(&packed);
    }
    cr_assert_eq(client_status(server.port, "GET", "/docs/other.js", "", NULL), 404);
    cr_assert_eq(client_status(server.port, "GET", "/docs/..%2Fdocs.html", "", NULL), 404);
    server_down(&server);
}

/* ------------------------------------------------------------------ every row */

/* The pattern with something in the place of every placeholder. */
static void fill_in(const char *pattern, char *to, size_t size)
{
    size_t at = 0;
    while (*pattern != '\0' && at + 8 < size) {
        if (*pattern == '{') {
            at += (size_t)snprintf(to + at, size - at, "dXJuOmE");
            pattern += strcspn(pattern, "}") + 1;
        } else {
            to[at++] = *pattern++;
        }
    }
    to[at] = '\0';
}

static bool is_read_by_head(const struct api_route *route)
{
    return route->method == API_GET;
}

static void check_options(
    const struct test_server *server, const struct api_route *route, const char *target)
{
    struct answer answer = client_ask(server->port, "OPTIONS", target, "", NULL);
    const char *allow = answer_field(&answer, "Allow");
    cr_assert_eq(answer.status, 204, "%s: %d", target, answer.status);
    cr_assert_not_null(allow, "%s", target);
    cr_assert_not_null(strstr(allow, api_method_name(route->method)), "%s: %s", target, allow);
    cr_assert_not_null(strstr(allow, "OPTIONS"), "%s: %s", target, allow);
    cr_assert_eq(strstr(allow, "GET") != NULL, strstr(allow, "HEAD") != NULL, "%s", allow);
    cr_assert_not_null(answer_field(&answer, "X-Request-ID"), "%s", target);
    answer_free(&answer);
}

/* HEAD answers what GET answers, without a body; whatever is refused has a request id too. */
static void check_head(const struct test_server *server, const char *target)
{
    struct answer get = client_ask(server->port, "GET", target, "X-Request-ID: row-1\r\n", NULL);
    struct answer head = client_ask(server->port, "HEAD", target, "X-Request-ID: row-1\r\n", NULL);
    cr_assert_eq(head.status, get.status, "%s: %d and %d", target, head.status, get.status);
    cr_assert_eq(head.body_len, 0, "%s", target);
    cr_assert_str_eq(answer_field(&head, "X-Request-ID"), "row-1");
    cr_assert_neq(head.status, 405, "%s", target);
    cr_assert_lt(head.status, 502, "%s", target);
    answer_free(&get);
    answer_free(&head);
}

Test(openapi, every_address_takes_options_and_head_and_names_the_request, .timeout = 120)
{
    struct test_server server;
    size_t count;
    char target[500];
    const struct api_route *routes = api_routes(&count);
    server_up(&server, NULL);
    for (size_t i = 0; i < count; i++) {
        fill_in(routes[i].pattern, target, sizeof target);
        check_options(&server, &routes[i], target);
        if (is_read_by_head(&routes[i])) {
            check_head(&server, target);
        }
    }
    server_down(&server);
}

Test(openapi, a_wrong_method_is_405_with_what_is_allowed_everywhere, .timeout = 120)
{
    static const char *const methods[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};
    struct test_server server;
    size_t count;
    char target[500];
    const struct api_route *routes = api_routes(&count);
    server_up(&server, NULL);
    for (size_t i = 0; i < count; i++) {
        fill_in(routes[i].pattern, target, sizeof target);
        struct answer options = client_ask(server.port, "OPTIONS", target, "", NULL);
        char allow[200];
        snprintf(allow, sizeof allow, "%s", answer_field(&options, "Allow"));
        answer_free(&options);
        for (size_t m = 0; m < 5; m++) {
            if (strstr(allow, methods[m]) != NULL) {
                continue;
            }
            struct answer answer = client_ask(server.port, methods[m], target, "", NULL);
            cr_assert_eq(answer.status, 405, "%s %s: %d", methods[m], target, answer.status);
            cr_assert_str_eq(answer_field(&answer, "Allow"), allow, "%s", target);
            cr_assert_not_null(answer_field(&answer, "X-Request-ID"));
            answer_free(&answer);
        }
    }
    server_down(&server);
}
