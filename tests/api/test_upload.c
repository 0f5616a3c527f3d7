/* SPDX-License-Identifier: Apache-2.0 */
/* Upload and the template library over HTTP; what the server says about itself. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aas/arena.h"
#include "aas/buf.h"
#include "aas/json.h"
#include "templates/library.h"
#include "tests/api/client.h"
#include "tests/support/corpus.h"

#define FORM "Content-Type: multipart/form-data; boundary=cut-here\r\n"

/* One form with the part "file", sent with an exact length: the content may hold any byte. */
static struct answer upload(
    const struct test_server *s, const char *query, const char *name, const char *bytes, size_t len)
{
    struct buf body;
    char target[200];
    buf_init(&body, 64 << 20);
    buf_printf(&body,
        "--cut-here\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%s\"\r\n"
        "Content-Type: application/octet-stream\r\n\r\n",
        name);
    buf_add(&body, bytes, len);
    buf_add_text(&body, "\r\n--cut-here--\r\n");
    snprintf(target, sizeof target, "/upload%s", query);
    struct answer answer = client_post(s->port, target, FORM, body.bytes, body.len);
    buf_finish(&body);
    return answer;
}

static void assert_holds(const struct answer *answer, int status, const char *text)
{
    cr_assert_eq(answer->status, status, "%d %.500s", answer->status, answer->body);
    cr_assert_not_null(strstr(answer->body, text), "%.500s", answer->body);
}

Test(upload, a_shipped_template_becomes_a_family_and_is_given_back)
{
    struct test_server s;
    size_t count;
    const struct library_template *library = library_templates(&count);
    if (count == 0) {
        cr_skip_test("no template is shipped in this build");
    }
    server_up(&s, NULL);
    struct answer answer = upload(&s, "", library[0].name, library[0].bytes, library[0].len);
    assert_holds(&answer, 201, "\"outcome\":\"stored");
    char family[200];
    const char *at = strstr(answer.body, "\"family\":\"");
    cr_assert_not_null(at);
    snprintf(family, sizeof family, "/templates/%.*s", (int)strcspn(at + 10, "\""), at + 10);
    answer_free(&answer);
    answer = upload(&s, "", library[0].name, library[0].bytes, library[0].len);
    assert_holds(&answer, 200, "\"outcome\":\"unchanged\"");
    answer_free(&answer);
    answer = client_ask(s.port, "GET", family, "", NULL);
    assert_holds(&answer, 200, "\"versions\":[{\"version\":");
    answer_free(&answer);
    char latest[300];
    snprintf(latest, sizeof latest, "%s/versions/latest", family);
    answer = client_ask(s.port, "GET", latest, "", NULL);
    assert_holds(&answer, 200, "\"kind\":\"Template\"");
    answer_free(&answer);
    answer = client_ask(s.port, "GET", latest, "Accept: application/xml\r\n", NULL);
    assert_holds(&answer, 200, "<environment xmlns=\"https://admin-shell.io/aas/3/1\"");
    answer_free(&answer);
    cr_assert_eq(client_status(s.port, "GET", "/templates/none", "", NULL), 404);
    snprintf(latest, sizeof latest, "%s/versions/99.9", family);
    cr_assert_eq(client_status(s.port, "GET", latest, "", NULL), 404);
    server_down(&s);
}

Test(upload, templates_come_in_as_drafts_when_that_is_asked_for)
{
    static const char json[] = "{\"modelType\":\"Submodel\",\"id\":\"urn:drafted\","
                               "\"idShort\":\"Drafted\",\"kind\":\"Template\"}";
    struct test_server s;
    server_up(&s, NULL);
    struct answer answer = upload(&s, "?drafts=perhaps", "a.json", json, strlen(json));
    assert_holds(&answer, 400, "drafts must be true or false");
    answer_free(&answer);
    answer = upload(&s, "?drafts=true", "a.json", json, strlen(json));
    assert_holds(&answer, 201, "urn-drafted");
    answer_free(&answer);
    answer = client_ask(s.port, "GET", "/templates/urn-drafted", "", NULL);
    assert_holds(&answer, 200, "\"state\":\"draft\"");
    answer_free(&answer);
    server_down(&s);
}

Test(upload, templates_are_searched_with_words_facets_and_pages)
{
    static const struct {
        const char *target;
        int status;
        const char *text;
    } cases[] = {{"/templates?q=press", 200, "\"facets\":{\"family\":[{\"value\":"},
        {"/templates?limit=1", 200, "\"paging_metadata\":{\"cursor\":\"YzE\"}}"},
        {"/templates?q=nothinglikethis", 200, "{\"total\":0,"},
        {"/templates?state=published&kind=template&limit=1", 200, "\"state\":\"published\""},
        {"/templates?q=a&q=b", 400, "the parameter q occurs twice"},
        {"/templates?limit=0", 400, "limit must be"},
        {"/templates?cursor=x", 400, "is no cursor of this server"},
        {"/templates?newest=perhaps", 400, "newest must be true or false"}};
    struct test_server s;
    size_t count;
    const struct library_template *library = library_templates(&count);
    if (count < 2) {
        cr_skip_test("no templates are shipped in this build");
    }
    server_up(&s, NULL);
    for (size_t i = 0; i < count; i++) {
        struct answer answer = upload(&s, "", library[i].name, library[i].bytes, library[i].len);
        cr_assert_eq(answer.status, 201, "%.500s", answer.body);
        answer_free(&answer);
    }
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct answer answer = client_ask(s.port, "GET", cases[i].target, "", NULL);
        assert_holds(&answer, cases[i].status, cases[i].text);
        answer_free(&answer);
    }
    server_down(&s);
}

Test(upload, a_published_package_is_stored_from_a_form_and_from_a_raw_body)
{
    NEED_CORPUS();
    struct test_server s;
    size_t len;
    char *path = corpus_path(
        "corpus/templates/Time Series Data/1/1/IDTA 02008-1-1_Template_TimeSeriesData.aasx");
    char *bytes = file_read(path, &len);
    cr_assert_not_null(bytes);
    server_up(&s, NULL);
    struct answer answer = upload(
        &s, "?ignore-duplicates=true", "IDTA 02008-1-1_Template_TimeSeriesData.aasx", bytes, len);
    assert_holds(&answer, 201, "\"family\":\"idta-02008\"");
    answer_free(&answer);
    struct buf raw;
    buf_init(&raw, 64 << 20);
    buf_printf(&raw,
        "POST /upload?fileName=IDTA%%2002008-1-1_Template_TimeSeriesData.aasx HTTP/1.1\r\n"
        "Host: 127.0.0.1\r\nContent-Type: "
        "application/asset-administration-shell-package\r\nContent-Length: %zu\r\n\r\n",
        len);
    buf_add(&raw, bytes, len);
    answer = client_raw(s.port, raw.bytes, raw.len);
    assert_holds(&answer, 200, "\"outcome\":\"unchanged\"");
    answer_free(&answer);
    /* cut in the middle: the directory of the archive is gone */
    answer = upload(&s, "", "a.aasx", bytes, len / 2);
    assert_holds(&answer, 400, "{\"code\":400,\"messages\":[{\"messageType\":\"Error\"");
    answer_free(&answer);
    buf_finish(&raw);
    free(bytes);
    free(path);
    server_down(&s);
}

#define ENVIRONMENT(name)                                                                          \
    "{\"submodels\":[{\"modelType\":\"Submodel\",\"id\":\"urn:u\",\"idShort\":\"" name "\"}]}"
#define PART(name, content)                                                                        \
    "--cut-here\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n" content "\r\n"
#define WITH_SETTING(value)                                                                        \
    PART("ignore-duplicates", value) PART("file", ENVIRONMENT("Dd")) "--cut-here--\r\n"

Test(upload, a_form_with_two_files_is_refused_and_neither_is_stored)
{
    struct test_server s;
    server_up(&s, NULL);
    struct answer answer = client_ask(s.port, "POST", "/upload", FORM,
        PART("file", ENVIRONMENT("Aa")) PART("file", ENVIRONMENT("Bb")) "--cut-here--\r\n");
    assert_holds(&answer, 400, "the form has 2 parts named \\\"file\\\"");
    answer_free(&answer);
    answer = client_ask(s.port, "GET", "/submodels", "", NULL);
    assert_holds(&answer, 200, "{\"result\":[],");
    answer_free(&answer);
    server_down(&s);
}

/* Each row continues where the one before has left the store. */
Test(upload, duplicates_are_kept_or_replaced_as_the_client_says)
{
    static const struct {
        const char *query;
        const char *form; /* a whole body, or NULL: */
        const char *file; /* the part "file" */
        int status;
        const char *name; /* of the stored submodel afterwards */
    } cases[] = {{"", NULL, ENVIRONMENT("Aa"), 201, "Aa"}, {"", NULL, ENVIRONMENT("Aa"), 200, "Aa"},
        {"?ignore-duplicates=true", NULL, ENVIRONMENT("Bb"), 200, "Aa"},
        {"", NULL, ENVIRONMENT("Bb"), 409, "Aa"},
        {"?ignore-duplicates=yes", NULL, ENVIRONMENT("Bb"), 400, "Aa"},
        {"?ignore-duplicates=false", NULL, ENVIRONMENT("Bb"), 201, "Bb"},
        {"", WITH_SETTING("true"), NULL, 200, "Bb"}, {"", WITH_SETTING("perhaps"), NULL, 400, "Bb"},
        {"", WITH_SETTING("false"), NULL, 201, "Dd"}};
    struct test_server s;
    char target[200];
    char name[40];
    server_up(&s, NULL);
    snprintf(target, sizeof target, "/submodels/%s", id64("urn:u"));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *form = cases[i].form;
        struct answer answer =
            form != NULL
                ? client_post(s.port, "/upload", FORM, form, strlen(form))
                : upload(&s, cases[i].query, "a.json", cases[i].file, strlen(cases[i].file));
        cr_assert_eq(answer.status, cases[i].status, "%zu: %s", i, answer.body);
        answer_free(&answer);
        answer = client_ask(s.port, "GET", target, "", NULL);
        snprintf(name, sizeof name, "\"idShort\":\"%s\"", cases[i].name);
        assert_holds(&answer, 200, name);
        answer_free(&answer);
    }
    server_down(&s);
}

#define VERSION(number)                                                                            \
    "{\"submodels\":[{\"modelType\":\"Submodel\",\"id\":\"https://example.org/stamp/" number       \
    "/0\",\"idShort\":\"Stamp\",\"kind\":\"Template\",\"administration\":{\"version\":\"" number   \
    "\",\"revision\":\"0\"},\"semanticId\":{\"type\":\"ExternalReference\",\"keys\":[{\"type\":"   \
    "\"GlobalReference\",\"value\":\"https://example.org/stamp/" number "/0\"}]}}]}"

Test(upload, equally_good_versions_of_a_family_are_told_newest_first)
{
    static const char *const files[] = {VERSION("2"), VERSION("3"), VERSION("1")};
    static const char *const labels[] = {
        "\"version\":\"3.0\"", "\"version\":\"2.0\"", "\"version\":\"1.0\""};
    struct test_server s;
    server_up(&s, NULL);
    for (size_t i = 0; i < 3; i++) {
        struct answer answer = upload(&s, "", "a.json", files[i], strlen(files[i]));
        cr_assert_eq(answer.status, 201, "%s", answer.body);
        answer_free(&answer);
    }
    struct answer answer = client_ask(s.port, "GET", "/templates?q=stamp", "", NULL);
    const char *at = answer.body;
    for (size_t i = 0; i < 3; i++) {
        at = strstr(at, labels[i]);
        cr_assert_not_null(at, "%s is not next in %s", labels[i], answer.body);
    }
    answer_free(&answer);
    server_down(&s);
}

static const char *const core_and_metadata[] = {"?level=core", "/$metadata"};

/* What is cut from stored bytes must be what the writer would write from the tree. */
static void assert_cut(const struct test_server *s, const struct aas_node *submodel)
{
    static const unsigned flags[] = {AAS_JSON_CORE | AAS_JSON_WITHOUT_BLOB, AAS_JSON_METADATA};
    for (size_t i = 0; i < 2; i++) {
        struct buf wanted;
        char target[4096];
        buf_init(&wanted, 64 << 20);
        aas_json_write(&wanted, submodel, flags[i], NULL);
        snprintf(target, sizeof target, "/submodels/%s%s", id64(aas_text(submodel, PROP_id)),
            core_and_metadata[i]);
        struct answer answer = client_ask(s->port, "GET", target, "", NULL);
        cr_assert_eq(answer.status, 200);
        cr_assert_str_eq(answer.body, buf_text(&wanted));
        answer_free(&answer);
        buf_finish(&wanted);
    }
}

static size_t each_submodel(const struct test_server *s, const char *bytes, size_t len)
{
    struct arena arena;
    struct aas_node *root = NULL;
    size_t count = 0;
    arena_init(&arena, 256 << 20);
    cr_assert_eq(
        aas_json_read(&arena, bytes, len, meta_class(CLASS_Environment), NULL, &root, NULL),
        ERR_OK);
    struct aas_node **submodels = aas_list(root, PROP_submodels, &count);
    for (size_t i = 0; i < count; i++) {
        struct buf json;
        buf_init(&json, 64 << 20);
        aas_json_write(&json, submodels[i], 0, NULL);
        cr_assert_eq(client_status(s->port, "POST", "/submodels", "", buf_text(&json)), 201);
        assert_cut(s, submodels[i]);
        buf_finish(&json);
    }
    arena_finish(&arena);
    return count;
}

Test(forms, core_and_metadata_cut_from_stored_bytes_are_those_of_the_writer)
{
    struct test_server s;
    size_t count;
    size_t seen = 0;
    const struct library_template *library = library_templates(&count);
    server_up(&s, NULL);
    for (size_t i = 0; i < count; i++) {
        seen += each_submodel(&s, library[i].bytes, library[i].len);
    }
    cr_assert(seen > 0 || count == 0);
    server_down(&s);
}

Test(service, the_server_tells_about_itself)
{
    static const struct {
        const char *target;
        const char *type;
        const char *text;
    } cases[] = {{"/health", "application/json", "\"status\":\"ok\""},
        {"/metrics", "text/plain; version=0.0.4; charset=utf-8",
            "jig_requests_total{method=\"GET\",route=\"/health\",status=\"200\"} 1\n"},
        {"/description", "application/json",
            "https://admin-shell.io/aas/API/3/1/ConceptDescriptionRepositoryServiceSpecification/"
            "SSP-001"},
        {"/", "text/html; charset=utf-8", "<h1>Jig</h1>"}};
    struct test_server s;
    server_up(&s, NULL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct answer answer =
            client_ask(s.port, "GET", cases[i].target, "X-Request-ID: test-7\r\n", NULL);
        assert_holds(&answer, 200, cases[i].text);
        cr_assert_str_eq(answer_field(&answer, "Content-Type"), cases[i].type);
        cr_assert_str_eq(answer_field(&answer, "X-Request-ID"), "test-7");
        answer_free(&answer);
    }
    server_down(&s);
}

Test(service, a_serialization_brings_along_what_is_referred_to)
{
    static const char concept[] = "{\"modelType\":\"ConceptDescription\",\"id\":\"urn:c\"}";
    static const char submodel[] =
        "{\"modelType\":\"Submodel\",\"idShort\":\"Aa\",\"id\":\"urn:s\",\"semanticId\":{"
        "\"type\":\"ExternalReference\",\"keys\":[{\"type\":\"GlobalReference\","
        "\"value\":\"urn:c\"}]}}";
    struct test_server s;
    char target[300];
    char whole[1000];
    server_up(&s, NULL);
    cr_assert_eq(client_status(s.port, "POST", "/concept-descriptions", "", concept), 201);
    cr_assert_eq(client_status(s.port, "POST", "/submodels", "", submodel), 201);
    snprintf(target, sizeof target, "/serialization?submodelIds=%s", id64("urn:s"));
    snprintf(whole, sizeof whole, "{\"submodels\":[%s],\"conceptDescriptions\":[%s]}", submodel,
        concept);
    struct answer answer = client_ask(s.port, "GET", target, "", NULL);
    cr_assert_str_eq(answer.body, whole);
    answer_free(&answer);
    answer = client_ask(s.port, "GET", target, "Accept: application/xml\r\n", NULL);
    assert_holds(&answer, 200, "<conceptDescriptions><conceptDescription><id>urn:c</id>");
    answer_free(&answer);
    strcat(target, "&includeConceptDescriptions=false");
    answer = client_ask(s.port, "GET", target, "", NULL);
    cr_assert_null(strstr(answer.body, "conceptDescriptions"));
    answer_free(&answer);
    cr_assert_eq(client_status(s.port, "GET", "/serialization", "", NULL), 400);
    cr_assert_eq(client_status(s.port, "GET", "/serialization?aasIds=YQ", "", NULL), 404);
    server_down(&s);
}

Test(service, revisions_tell_what_happened_and_can_be_read)
{
    struct test_server s;
    char target[300];
    static const char first[] = "{\"modelType\":\"Submodel\",\"idShort\":\"Aa\",\"id\":\"urn:t\"}";
    static const char second[] = "{\"modelType\":\"Submodel\",\"idShort\":\"Bb\",\"id\":\"urn:t\"}";
    server_up(&s, NULL);
    snprintf(target, sizeof target, "/submodels/%s", id64("urn:t"));
    cr_assert_eq(client_status(s.port, "PUT", target, "", first), 201);
    cr_assert_eq(
        client_status(s.port, "PUT", target, "X-Change-Message: new name\r\n", second), 204);
    cr_assert_eq(client_status(s.port, "DELETE", target, "", NULL), 204);
    strcat(target, "/$history");
    struct answer answer = client_ask(s.port, "GET", target, "", NULL);
    assert_holds(&answer, 200, "{\"result\":[{\"revision\":3,");
    assert_holds(&answer, 200, "\"message\":\"new name\"");
    answer_free(&answer);
    strcat(target, "/1");
    answer = client_ask(s.port, "GET", target, "", NULL);
    cr_assert_str_eq(answer.body, first);
    answer_free(&answer);
    target[strlen(target) - 1] = '9';
    cr_assert_eq(client_status(s.port, "GET", target, "", NULL), 404);
    server_down(&s);
}
