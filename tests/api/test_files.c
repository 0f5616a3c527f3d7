/* SPDX-License-Identifier: Apache-2.0 */
/* Attachments and thumbnails over HTTP. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aas/buf.h"
#include "registry/kept.h"
#include "registry/verify.h"
#include "tests/api/client.h"
#include "tests/api/files_client.h"

TestSuite(files_api, .timeout = 120);

#define FILE_JSON(name)                                                                            \
    "{\"modelType\":\"File\",\"idShort\":\"" name "\",\"contentType\":\"application/pdf\"}"
#define ELEMENTS                                                                                   \
    FILE_JSON("doc")                                                                               \
    "," FILE_JSON("other") ",{\"modelType\":\"Property\",\"idShort\":\"prop\",\"valueType\":"      \
                           "\"xs:int\",\"value\":\"1\"},{\"modelType\":\"Blob\",\"idShort\":"      \
                           "\"blob\",\"value\":\"AAAA\",\"contentType\":\"image/png\"},{"          \
                           "\"modelType\":\"SubmodelElementList\",\"idShort\":\"list\","           \
                           "\"typeValueListElement\":\"File\",\"value\":[{\"modelType\":"          \
                           "\"File\",\"contentType\":\"image/png\"}]}"
#define SUBMODEL "{\"modelType\":\"Submodel\",\"id\":\"urn:s\",\"submodelElements\":[" ELEMENTS "]}"
#define SHELL                                                                                      \
    "{\"modelType\":\"AssetAdministrationShell\",\"id\":\"urn:shell\",\"assetInformation\":{"      \
    "\"assetKind\":\"Instance\",\"globalAssetId\":\"urn:a\"},\"submodels\":[{\"type\":"            \
    "\"ModelReference\",\"keys\":[{\"type\":\"Submodel\",\"value\":\"urn:s\"}]}]}"

static struct test_server s;

static void start(const struct api_server_options *options)
{
    server_up(&s, options);
    cr_assert_eq(client_status(s.port, "POST", "/submodels", "", SUBMODEL), 201);
    cr_assert_eq(client_status(s.port, "POST", "/shells", "", SHELL), 201);
}

/* Address of the attachment of an element, in a static ring. */
static const char *at(const char *path)
{
    static char ring[4][300];
    static unsigned next;
    char *text = ring[next++ % 4];
    snprintf(
        text, sizeof ring[0], "/submodels/%s/submodel-elements/%s/attachment", id64("urn:s"), path);
    return text;
}

static int put(const char *target, const char *name, const char *content)
{
    return files_put(s.port, target, "", name, NULL, content, strlen(content));
}

static void expect_element(const char *path, const char *holds)
{
    char target[300];
    snprintf(target, sizeof target, "/submodels/%s/submodel-elements/%s", id64("urn:s"), path);
    struct answer answer = client_ask(s.port, "GET", target, "", NULL);
    cr_expect_eq(answer.status, 200);
    cr_expect_not_null(strstr(answer.body, holds), "'%s' is not in %s", holds, answer.body);
    answer_free(&answer);
}

static void expect_body(const char *target, const char *headers, int status, const char *body)
{
    struct answer answer = client_ask(s.port, "GET", target, headers, NULL);
    cr_expect_eq(answer.status, status, "%s gave %d: %.300s", headers, answer.status, answer.body);
    cr_expect(body == NULL || strcmp(answer.body, body) == 0, "%s gave '%s', not '%s'", headers,
        answer.body, body);
    answer_free(&answer);
}

static uint64_t blobs(void)
{
    struct registry_verification found = {0};
    cr_assert_eq(registry_verify(s.registry, NULL, NULL, &found, NULL), ERR_OK);
    cr_expect_eq(found.problems, 0);
    return found.blobs;
}

/* ------------------------------------------------------------------ attachments */

Test(files_api, an_attachment_comes_back_with_type_name_and_tag)
{
    start(NULL);
    cr_assert_eq(put(at("doc"), "설명서 1.txt", "content"), 204);
    expect_element("doc", "\"value\":\"/aasx/files/%EC%84%A4%EB%AA%85%EC%84%9C%201.txt\","
                          "\"contentType\":\"text/plain\"");
    struct answer answer = client_ask(s.port, "GET", at("doc"), "", NULL);
    cr_assert_eq(answer.status, 200);
    cr_expect_str_eq(answer.body, "content");
    cr_expect_str_eq(answer_field(&answer, "Content-Type"), "text/plain");
    cr_expect_str_eq(answer_field(&answer, "Accept-Ranges"), "bytes");
    cr_expect_str_eq(answer_field(&answer, "X-Content-Type-Options"), "nosniff");
    cr_expect_str_eq(answer_field(&answer, "Content-Disposition"),
        "attachment; filename=\"___ 1.txt\"; "
        "filename*=UTF-8''%EC%84%A4%EB%AA%85%EC%84%9C%201.txt");
    char headers[200];
    snprintf(headers, sizeof headers, "If-None-Match: %s\r\n", answer_field(&answer, "ETag"));
    answer_free(&answer);
    expect_body(at("doc"), headers, 304, NULL);
    server_down(&s);
}

Test(files_api, the_type_comes_from_the_part_or_the_name)
{
    static const struct {
        const char *name;
        const char *type; /* of the part, NULL: octet-stream */
        const char *wanted;
    } rows[] = {{"a.pdf", NULL, "application/pdf"}, {"a.PNG", NULL, "image/png"},
        {"a.bin", NULL, "application/octet-stream"}, {"a.pdf", "video/mp4", "video/mp4"},
        {"a", "text/plain; charset=utf-8", "text/plain"}, {"a.txt", "nonsense", "text/plain"},
        {"a.txt", "a b/c", "text/plain"}};
    start(NULL);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cr_assert_eq(files_put(s.port, at("doc"), "", rows[i].name, rows[i].type, "x", 1), 204);
        struct answer answer = client_ask(s.port, "GET", at("doc"), "", NULL);
        cr_expect_str_eq(answer_field(&answer, "Content-Type"), rows[i].wanted, "row %zu", i);
        answer_free(&answer);
    }
    server_down(&s);
}

Test(files_api, every_root_leads_to_the_same_file)
{
    static const struct api_server_options options = {
        .shell_id = "urn:shell", .submodel_id = "urn:s"};
    char through[300];
    start(&options);
    snprintf(through, sizeof through, "/shells/%s/submodels/%s/submodel-elements/doc/attachment",
        id64("urn:shell"), id64("urn:s"));
    char below[300];
    snprintf(
        below, sizeof below, "/aas/submodels/%s/submodel-elements/doc/attachment", id64("urn:s"));
    const char *const roots[] = {
        at("doc"), through, below, "/submodel/submodel-elements/doc/attachment"};
    for (size_t i = 0; i < 4; i++) {
        char content[16];
        snprintf(content, sizeof content, "round %zu", i);
        cr_assert_eq(put(roots[i], "a.txt", content), 204, "%s", roots[i]);
        for (size_t k = 0; k < 4; k++) {
            expect_body(roots[k], "", 200, content);
        }
    }
    cr_expect_eq(client_status(s.port, "DELETE", below, "", NULL), 200);
    expect_body(through, "", 404, NULL);
    server_down(&s);
}

Test(files_api, an_element_of_a_list_is_named_by_its_position)
{
    start(NULL);
    cr_assert_eq(put(at("list%5B0%5D"), "a.png", "first"), 204);
    expect_body(at("list%5B0%5D"), "", 200, "first");
    cr_expect_eq(put(at("list%5B1%5D"), "a.png", "second"), 404);
    cr_expect_eq(put(at("list%5B01%5D"), "a.png", "second"), 400);
    cr_expect_eq(blobs(), 1);
    server_down(&s);
}

Test(files_api, other_kinds_have_no_attachment)
{
    static const char *const paths[] = {"prop", "blob", "list"};
    static const char *const methods[] = {"GET", "DELETE"};
    start(NULL);
    for (size_t i = 0; i < 3; i++) {
        cr_expect_eq(put(at(paths[i]), "a.txt", "x"), 405);
        for (size_t k = 0; k < 2; k++) {
            struct answer answer = client_ask(s.port, methods[k], at(paths[i]), "", NULL);
            cr_expect_eq(answer.status, 405);
            cr_expect_str_eq(answer_field(&answer, "Allow"), "OPTIONS");
            answer_free(&answer);
        }
    }
    cr_expect_eq(put(at("none"), "a.txt", "x"), 404);
    cr_expect_eq(client_status(s.port, "POST", at("doc"), "", "{}"), 405);
    cr_expect_eq(client_status(s.port, "PATCH", at("doc"), "", "{}"), 405);
    cr_expect_eq(blobs(), 0);
    server_down(&s);
}

Test(files_api, two_elements_with_one_name_keep_their_own_files)
{
    start(NULL);
    cr_assert_eq(put(at("doc"), "a.txt", "first"), 204);
    cr_assert_eq(put(at("other"), "a.txt", "second"), 204);
    expect_body(at("doc"), "", 200, "first");
    expect_body(at("other"), "", 200, "second");
    expect_element("other", "\"/aasx/files/a-2.txt\"");
    cr_assert_eq(put(at("doc"), "a.txt", "third"), 204);
    expect_element("doc", "\"/aasx/files/a.txt\"");
    expect_body(at("doc"), "", 200, "third");
    expect_body(at("other"), "", 200, "second");
    cr_expect_eq(blobs(), 2);
    server_down(&s);
}

Test(files_api, an_element_written_after_its_file_keeps_it)
{
    char target[300];
    start(NULL);
    cr_assert_eq(put(at("doc"), "manual.txt", "content"), 204);
    snprintf(target, sizeof target, "/submodels/%s/submodel-elements/doc", id64("urn:s"));
    cr_assert_eq(client_status(s.port, "PUT", target, "",
                     "{\"modelType\":\"File\",\"idShort\":\"doc\",\"contentType\":\"text/plain\","
                     "\"value\":\"manual.txt\"}"),
        204);
    expect_body(at("doc"), "", 200, "content");
    snprintf(target, sizeof target, "/submodels/%s/submodel-elements/doc/$value", id64("urn:s"));
    cr_assert_eq(client_status(s.port, "PATCH", target, "",
                     "{\"contentType\":\"text/plain\",\"value\":\"https://x.example/a\"}"),
        204);
    expect_body(at("doc"), "", 404, NULL);
    cr_expect_eq(blobs(), 0);
    server_down(&s);
}

Test(files_api, a_removed_file_is_gone)
{
    start(NULL);
    cr_assert_eq(put(at("doc"), "a.txt", "content"), 204);
    cr_assert_eq(client_status(s.port, "DELETE", at("doc"), "", NULL), 200);
    expect_body(at("doc"), "", 404, NULL);
    cr_expect_eq(client_status(s.port, "DELETE", at("doc"), "", NULL), 404);
    cr_expect_eq(blobs(), 0);
    server_down(&s);
}

/* ------------------------------------------------------------------ forms */

#define PART(header, content)                                                                      \
    "--cut-here\r\nContent-Disposition: form-data; " header "\r\n\r\n" content "\r\n"
#define THE_FILE PART("name=\"file\"; filename=\"a.txt\"", "x")
#define END "--cut-here--\r\n"

Test(files_api, forms_that_are_none_store_nothing)
{
    static const struct {
        const char *type; /* NULL: the form's */
        const char *body;
        int status;
    } rows[] = {{NULL, END, 400}, {NULL, PART("name=\"fileName\"", "a.txt") END, 400},
        {NULL, PART("name=\"file\"; filename=\"a.txt\"", "") END, 400},
        {NULL, THE_FILE THE_FILE END, 400},
        {NULL, THE_FILE PART("name=\"fileName\"", "a") PART("name=\"fileName\"", "b") END, 400},
        {NULL, THE_FILE PART("name=\"fileName\"", "") END, 400},
        {NULL, THE_FILE PART("name=\"fileName\"", "..") END, 400},
        {NULL, THE_FILE PART("name=\"fileName\"", "a/") END, 400},
        {NULL, THE_FILE PART("name=\"fileName\"", "a\x01") END, 400},
        {NULL, THE_FILE PART("name=\"fileName\"", "a\xff") END, 400}, {NULL, THE_FILE, 400},
        {NULL, "", 400}, {NULL, "x", 400}, {"multipart/form-data", THE_FILE END, 400},
        {"application/json", "{}", 415}, {"application/octet-stream", "x", 415},
        {"text/plain", "x", 415}, {"multipart/mixed; boundary=cut-here", THE_FILE END, 415}};
    char thumbnail[200];
    start(NULL);
    snprintf(
        thumbnail, sizeof thumbnail, "/shells/%s/asset-information/thumbnail", id64("urn:shell"));
    const char *const targets[] = {at("doc"), thumbnail, "/packages/cGFja2FnZQ"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        for (size_t k = 0; k < 3; k++) {
            struct answer answer = files_send(s.port, "PUT", targets[k],
                rows[i].type == NULL ? "multipart/form-data; boundary=cut-here" : rows[i].type, "",
                rows[i].body, strlen(rows[i].body));
            cr_expect_eq(answer.status, rows[i].status, "row %zu gave %d: %.200s", i, answer.status,
                answer.body);
            cr_expect(answer.status < 400 || strstr(answer.body, "\"messages\"") != NULL);
            answer_free(&answer);
        }
    }
    cr_expect_eq(blobs(), 0);
    server_down(&s);
}

Test(files_api, names_lose_their_folders_and_end_somewhere)
{
    static const struct {
        const char *name;
        const char *value; /* NULL: refused */
    } rows[] = {{"../../etc/passwd", "/aasx/files/passwd"},
        {"C:\\Users\\a b.txt", "/aasx/files/a%20b.txt"},
        {"/a;b&c.txt", "/aasx/files/a%3Bb%26c.txt"}, {"%2e%2e", "/aasx/files/%252e%252e"},
        {".hidden", "/aasx/files/.hidden"}};
    char name[400];
    start(NULL);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cr_assert_eq(put(at("doc"), rows[i].name, "x"), 204, "%s", rows[i].name);
        expect_element("doc", rows[i].value);
        expect_body(at("doc"), "", 200, "x");
    }
    memset(name, 'a', sizeof name);
    name[255] = '\0';
    cr_expect_eq(put(at("doc"), name, "x"), 204);
    name[255] = 'a';
    name[256] = '\0';
    cr_expect_eq(put(at("doc"), name, "x"), 400);
    server_down(&s);
}

/* ------------------------------------------------------------------ parts of files */

Test(files_api, ranges_are_given_as_the_rfc_has_them)
{
    static const struct {
        const char *headers;
        int status;
        const char *body;
        const char *range; /* Content-Range, NULL: none */
    } rows[] = {{"Range: bytes=0-3\r\n", 206, "0123", "bytes 0-3/10"},
        {"Range: bytes=8-\r\n", 206, "89", "bytes 8-9/10"},
        {"Range: bytes=-3\r\n", 206, "789", "bytes 7-9/10"},
        {"Range: bytes=-99\r\n", 206, "0123456789", "bytes 0-9/10"},
        {"Range: BYTES= 5-99999999999\r\n", 206, "56789", "bytes 5-9/10"},
        {"Range: bytes=10-\r\n", 416, NULL, "bytes */10"},
        {"Range: bytes=-0\r\n", 416, NULL, "bytes */10"},
        {"Range: bytes=0-1,4-5\r\n", 200, "0123456789", NULL},
        {"Range: bytes=5-2\r\n", 200, "0123456789", NULL},
        {"Range: bytes=a-b\r\n", 200, "0123456789", NULL},
        {"Range: bytes=-\r\n", 200, "0123456789", NULL},
        {"Range: lines=0-1\r\n", 200, "0123456789", NULL},
        {"Range: bytes=99999999999999999999-\r\n", 200, "0123456789", NULL},
        {"If-Range: \"x\"\r\nRange: bytes=0-3\r\n", 200, "0123456789", NULL},
        {"If-Match: \"x\"\r\nRange: bytes=0-3\r\n", 412, NULL, NULL},
        {"If-Match: *\r\nRange: bytes=0-3\r\n", 206, "0123", "bytes 0-3/10"},
        {"If-Range: Sat, 21 Nov 2026 02:06:45 GMT\r\nRange: bytes=0-3\r\n", 200, "0123456789",
            NULL}};
    start(NULL);
    cr_assert_eq(put(at("doc"), "a.txt", "0123456789"), 204);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct answer answer = client_ask(s.port, "GET", at("doc"), rows[i].headers, NULL);
        cr_expect_eq(answer.status, rows[i].status, "%s", rows[i].headers);
        cr_expect(rows[i].body == NULL || strcmp(answer.body, rows[i].body) == 0, "%s gave %s",
            rows[i].headers, answer.body);
        const char *range = answer_field(&answer, "Content-Range");
        cr_expect_str_eq(range == NULL ? "none" : range,
            rows[i].range == NULL ? "none" : rows[i].range, "%s", rows[i].headers);
        answer_free(&answer);
    }
    struct answer answer = client_ask(s.port, "GET", at("doc"), "", NULL);
    char headers[200];
    snprintf(headers, sizeof headers, "If-Range: %s\r\nRange: bytes=0-3\r\n",
        answer_field(&answer, "ETag"));
    answer_free(&answer);
    expect_body(at("doc"), headers, 206, "0123");
    server_down(&s);
}

Test(files_api, bytes_are_given_when_nothing_else_is_taken)
{
    static const struct {
        const char *accept;
        int status;
        const char *type;
    } rows[] = {{"*/*", 200, "text/plain"}, {"text/*", 200, "text/plain"},
        {"application/octet-stream", 200, "application/octet-stream"},
        {"application/json, application/octet-stream;q=0.5", 200, "application/octet-stream"},
        {"application/octet-stream, */*;q=0.1", 200, "application/octet-stream"},
        {"application/json", 406, "application/json"}};
    start(NULL);
    cr_assert_eq(put(at("doc"), "a.txt", "x"), 204);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char headers[200];
        snprintf(headers, sizeof headers, "Accept: %s\r\n", rows[i].accept);
        struct answer answer = client_ask(s.port, "GET", at("doc"), headers, NULL);
        cr_expect_eq(answer.status, rows[i].status, "%s", rows[i].accept);
        cr_expect_str_eq(answer_field(&answer, "Content-Type"), rows[i].type, "%s", rows[i].accept);
        answer_free(&answer);
    }
    server_down(&s);
}

Test(files_api, a_head_says_what_a_get_would)
{
    start(NULL);
    cr_assert_eq(put(at("doc"), "a.txt", "0123456789"), 204);
    char request[400];
    int fd = client_connect(s.port);
    snprintf(request, sizeof request, "HEAD %s HTTP/1.1\r\nHost: localhost\r\n\r\n", at("doc"));
    cr_assert(client_send(fd, request, strlen(request)));
    struct answer answer = client_read(fd, 2000, true);
    cr_expect_eq(answer.status, 200);
    cr_expect_str_eq(answer_field(&answer, "Content-Length"), "10");
    answer_free(&answer);
    client_close(fd);
    server_down(&s);
}

/* ------------------------------------------------------------------ conditions */

Test(files_api, a_file_changed_meanwhile_is_not_overwritten)
{
    char headers[200];
    start(NULL);
    cr_expect_eq(
        files_put(s.port, at("doc"), "If-Match: *\r\n", "a.txt", NULL, "x", 1), 412, "none yet");
    cr_expect_eq(
        files_put(s.port, at("doc"), "If-None-Match: *\r\n", "a.txt", NULL, "one", 3), 204);
    cr_expect_eq(
        files_put(s.port, at("doc"), "If-None-Match: *\r\n", "a.txt", NULL, "two", 3), 412);
    struct answer answer = client_ask(s.port, "GET", at("doc"), "", NULL);
    snprintf(headers, sizeof headers, "If-Match: %s\r\n", answer_field(&answer, "ETag"));
    answer_free(&answer);
    cr_expect_eq(files_put(s.port, at("doc"), headers, "a.txt", NULL, "three", 5), 204);
    cr_expect_eq(files_put(s.port, at("doc"), headers, "a.txt", NULL, "four", 4), 412);
    cr_expect_eq(client_status(s.port, "DELETE", at("doc"), headers, NULL), 412);
    expect_body(at("doc"), "", 200, "three");
    char target[300];
    snprintf(target, sizeof target, "/submodels/%s/submodel-elements/doc", id64("urn:s"));
    answer = client_ask(s.port, "GET", target, "", NULL);
    snprintf(headers, sizeof headers, "If-Match: %s\r\n", answer_field(&answer, "ETag"));
    answer_free(&answer);
    cr_expect_eq(files_put(s.port, at("doc"), headers, "b.txt", NULL, "five", 4), 204,
        "the tag of the element counts too");
    cr_expect_eq(client_status(s.port, "DELETE", at("doc"), headers, NULL), 412);
    server_down(&s);
}

/* ------------------------------------------------------------------ thumbnails */

Test(files_api, a_thumbnail_is_set_given_and_removed)
{
    static const struct api_server_options options = {.shell_id = "urn:shell"};
    char target[200];
    char shell[200];
    start(&options);
    snprintf(target, sizeof target, "/shells/%s/asset-information/thumbnail", id64("urn:shell"));
    snprintf(shell, sizeof shell, "/shells/%s", id64("urn:shell"));
    expect_body(target, "", 404, NULL);
    cr_expect_eq(client_status(s.port, "DELETE", target, "", NULL), 404);
    cr_assert_eq(put(target, "a.png", "picture"), 204);
    expect_body(target, "", 200, "picture");
    expect_body("/aas/asset-information/thumbnail", "", 200, "picture");
    struct answer answer = client_ask(s.port, "GET", shell, "", NULL);
    cr_expect_not_null(strstr(answer.body, "\"defaultThumbnail\":{\"path\":\"/aasx/files/a.png\","
                                           "\"contentType\":\"image/png\"}"),
        "%s", answer.body);
    answer_free(&answer);
    cr_assert_eq(put("/aas/asset-information/thumbnail", "b.png", "other"), 204);
    expect_body(target, "", 200, "other");
    cr_expect_eq(blobs(), 1);
    cr_expect_eq(client_status(s.port, "DELETE", target, "", NULL), 204);
    expect_body(target, "", 404, NULL);
    cr_expect_eq(blobs(), 0);
    snprintf(target, sizeof target, "/shells/%s/asset-information/thumbnail", id64("urn:none"));
    cr_expect_eq(put(target, "a.png", "picture"), 404);
    server_down(&s);
}

/* ------------------------------------------------------------------ what is restored */

static struct answer restore(const char *what, const char *id, int revision, const char *language)
{
    char target[200];
    char headers[60];
    snprintf(target, sizeof target, "/%s/%s/$history/%d/$restore", what, id64(id), revision);
    snprintf(headers, sizeof headers, "Accept-Language: %s\r\n", language);
    return client_ask(s.port, "POST", target, headers, NULL);
}

Test(files_api, what_is_restored_tells_which_files_were_not_kept)
{
    char target[200];
    start(NULL);
    cr_assert_eq(put(at("doc"), "manual.pdf", "read me"), 204);
    snprintf(target, sizeof target, "/submodels/%s", id64("urn:s"));
    cr_assert_eq(client_status(s.port, "DELETE", target, "", NULL), 204);
    cr_expect_eq(blobs(), 0);
    struct answer answer = restore("submodels", "urn:s", 2, "de");
    cr_expect_eq(answer.status, 200);
    cr_expect_str_eq(answer.body,
        "{\"findings\":[{\"rule\":\"file-not-kept\",\"clause\":\"Jig\",\"severity\":\"warning\","
        "\"text\":\"die Datei '/aasx/files/manual.pdf' mit 7 Bytes wurde nicht aufbewahrt\","
        "\"remedy\":\"Senden Sie die Datei erneut; mit --keep-files kann der Betreiber Dateien "
        "eine "
        "Zeitlang aufbewahren.\"}]}");
    answer_free(&answer);
    expect_body(at("doc"), "", 404, NULL);
    snprintf(target, sizeof target, "/submodels/%s/$history", id64("urn:s"));
    answer = client_ask(s.port, "GET", target, "", NULL);
    cr_expect_not_null(
        strstr(answer.body, "\"summary\":\"revision 2 is there again, but 1 file was not kept\""),
        "%s", answer.body);
    answer_free(&answer);
    answer = restore("submodels", "urn:s", 1, "en");
    cr_expect_eq(answer.status, 204, "there was none: %s", answer.body);
    answer_free(&answer);
    server_down(&s);
}

Test(files_api, attachments_and_thumbnails_that_are_kept_come_back)
{
    struct err err = {0};
    char thumbnail[200];
    char target[200];
    start(NULL);
    cr_assert_eq(kept_set_rule(s.registry, "30d", &err), ERR_OK, "%s", err.text);
    snprintf(
        thumbnail, sizeof thumbnail, "/shells/%s/asset-information/thumbnail", id64("urn:shell"));
    cr_assert_eq(put(thumbnail, "a.png", "picture"), 204);
    cr_assert_eq(put(at("doc"), "manual.pdf", "read me"), 204);
    snprintf(target, sizeof target, "/submodels/%s", id64("urn:s"));
    cr_assert_eq(client_status(s.port, "DELETE", target, "", NULL), 204);
    snprintf(target, sizeof target, "/shells/%s", id64("urn:shell"));
    cr_assert_eq(client_status(s.port, "DELETE", target, "", NULL), 204);
    struct answer answer = restore("submodels", "urn:s", 2, "en");
    cr_expect_eq(answer.status, 204, "%s", answer.body);
    answer_free(&answer);
    answer = restore("shells", "urn:shell", 2, "en");
    cr_expect_eq(answer.status, 204, "%s", answer.body);
    answer_free(&answer);
    expect_body(at("doc"), "", 200, "read me");
    expect_body(thumbnail, "", 200, "picture");
    cr_expect_eq(blobs(), 2);
    server_down(&s);
}

/* ------------------------------------------------------------------ large ones */

enum { LARGE = 9 * 1024 * 1024 + 11 };

static char *large_bytes(void)
{
    char *bytes = malloc(LARGE);
    unsigned random = 5;
    for (size_t i = 0; i < LARGE; i++) {
        random = random * 1103515245U + 12345U;
        bytes[i] = (char)(random >> 16);
    }
    return bytes;
}

Test(files_api, large_files_come_and_go_in_pieces)
{
    static const struct api_server_options options = {
        .max_body = 1024 * 1024, .max_file = 10 * 1024 * 1024};
    char *bytes = large_bytes();
    start(&options);
    cr_assert_eq(files_put(s.port, at("doc"), "", "a.bin", NULL, bytes, LARGE), 204);
    struct answer answer = client_ask(s.port, "GET", at("doc"), "", NULL);
    cr_assert_eq(answer.status, 200);
    cr_assert_eq(answer.body_len, LARGE);
    cr_expect_eq(memcmp(answer.body, bytes, LARGE), 0);
    answer_free(&answer);
    answer = client_ask(s.port, "GET", at("doc"), "Range: bytes=1000000-4999999\r\n", NULL);
    cr_assert_eq(answer.status, 206);
    cr_assert_eq(answer.body_len, 4000000);
    cr_expect_eq(memcmp(answer.body, bytes + 1000000, 4000000), 0);
    answer_free(&answer);
    answer = client_ask(s.port, "GET", at("doc"), "If-Match: \"x\"\r\n", NULL);
    cr_assert_eq(answer.status, 412);
    cr_expect_not_null(strstr(answer.body, "\"code\":412"), "%s", answer.body);
    answer_free(&answer);
    cr_expect_eq(client_status(s.port, "GET", "/health", "", NULL), 200);
    free(bytes);
    server_down(&s);
}

Test(files_api, a_file_beyond_the_ceiling_is_refused)
{
    static const struct api_server_options options = {
        .max_body = 1024 * 1024, .max_file = 4 * 1024 * 1024};
    char *bytes = large_bytes();
    start(&options);
    cr_expect_eq(files_put(s.port, at("doc"), "", "a.bin", NULL, bytes, LARGE), 413);
    cr_expect_eq(files_put(s.port, at("doc"), "", "a.bin", NULL, bytes, 3 * 1024 * 1024), 204);
    struct buf json;
    buf_init(&json, 4 << 20);
    buf_add_char(&json, '"');
    for (size_t i = 0; i < 2 * 1024 * 1024; i++) {
        buf_add_char(&json, 'a');
    }
    buf_add_char(&json, '"');
    struct answer answer =
        files_form(s.port, "POST", "/upload", "", "a.json", NULL, json.bytes, json.len);
    cr_expect_eq(answer.status, 413, "no package, and larger than a document may be");
    answer_free(&answer);
    cr_expect_eq(blobs(), 1);
    buf_finish(&json);
    free(bytes);
    server_down(&s);
}

Test(files_api, a_chunked_file_arrives_too)
{
    static const struct api_server_options options = {.max_file = 128 * 1024 * 1024};
    struct buf body;
    char head[400];
    start(&options);
    buf_init(&body, 8 << 20);
    snprintf(head, sizeof head,
        "PUT %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; "
        "boundary=cut-here\r\nTransfer-Encoding: chunked\r\n\r\n",
        at("doc"));
    buf_add_text(&body, head);
    const char *const parts[] = {
        "--cut-here\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\n",
        "first ", "second", "\r\n--cut-here--\r\n"};
    for (size_t i = 0; i < 4; i++) {
        buf_printf(&body, "%zx\r\n%s\r\n", strlen(parts[i]), parts[i]);
    }
    buf_add_text(&body, "0\r\n\r\n");
    struct answer answer = client_raw(s.port, body.bytes, body.len);
    cr_expect_eq(answer.status, 204, "%.300s", answer.body);
    answer_free(&answer);
    expect_body(at("doc"), "", 200, "first second");
    buf_finish(&body);
    server_down(&s);
}

Test(files_api, a_cut_file_leaves_nothing)
{
    char head[400];
    char *bytes = large_bytes();
    start(NULL);
    int fd = client_connect(s.port);
    snprintf(head, sizeof head,
        "PUT %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; "
        "boundary=cut-here\r\nContent-Length: %d\r\n\r\n",
        at("doc"), LARGE);
    cr_assert(client_send(fd, head, strlen(head)));
    cr_assert(client_send(fd, bytes, LARGE / 2));
    client_close(fd);
    expect_body(at("doc"), "", 404, NULL);
    cr_expect_eq(blobs(), 0);
    free(bytes);
    server_down(&s);
}
