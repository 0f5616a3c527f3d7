/* SPDX-License-Identifier: Apache-2.0 */
/* The OpenAPI document: paths out of the route table. */
#include "api/openapi.h"

#include <pthread.h>
#include <string.h>

#include "api/base_url.h"
#include "api/context.h"
#include "api/handlers.h"
#include "api/reply.h"
#include "registry/registry.h"

/* ------------------------------------------------------------------ content */

static bool is_word(const char *word, size_t len, const char *text)
{
    return strlen(text) == len && memcmp(text, word, len) == 0;
}

static void add_ref(struct buf *buf, const char *word, size_t len, const struct api_route *route)
{
    const char *more = "";
    bool descriptor = is_word(word, len, "DESCRIPTOR");
    if ((descriptor || is_word(word, len, "KIND")) && route->kind != 0) {
        const struct meta_class *cls = registry_class(route->kind);
        word = cls != NULL ? cls->name : "Environment"; /* of a template version */
        len = strlen(word);
        more = descriptor ? "Descriptor" : "";
    }
    buf_printf(buf, "{\"$ref\":\"#/components/schemas/%.*s%s\"}", (int)len, word, more);
}

static void add_schema(struct buf *buf, const char *word, size_t len, const struct api_route *route)
{
    if (is_word(word, len, "any")) {
        buf_add_text(buf, "{}");
    } else if (word[0] == '[') {
        buf_add_text(buf, "{\"type\":\"array\",\"items\":");
        add_ref(buf, word + 1, len - 2, route);
        buf_add_char(buf, '}');
    } else if (strncmp(word, "page:", 5) == 0) {
        buf_add_text(buf,
            "{\"type\":\"object\",\"required\":[\"paging_metadata\",\"result\"],\"properties\":{"
            "\"paging_metadata\":{\"$ref\":\"#/components/schemas/PagingMetadata\"},\"result\":{"
            "\"type\":\"array\",\"items\":");
        add_ref(buf, word + 5, len - 5, route);
        buf_add_text(buf, "}}}");
    } else {
        add_ref(buf, word, len, route);
    }
}

/* Media types that are no JSON; the schema NULL: that of the word before. */
static const struct {
    const char *word;
    const char *type;
    const char *schema;
} media[] = {
    {"xml", "application/xml", "{\"type\":\"string\"}"},
    {"text", "text/plain", "{\"type\":\"string\"}"},
    {"html", "text/html", "{\"type\":\"string\"}"},
    {"bytes", "application/octet-stream", "{}"},
    {"package", "application/asset-administration-shell-package", "{}"},
    {"form", "multipart/form-data",
        "{\"type\":\"object\",\"properties\":{\"file\":{\"type\":\"string\",\"contentMediaType\":"
        "\"application/octet-stream\"},\"fileName\":{\"type\":\"string\"}}}"},
};

void openapi_write_content(struct buf *buf, const char *content, const struct api_route *route)
{
    bool any = false;
    buf_add_char(buf, '{');
    for (const char *at = content; *at != '\0';) {
        size_t len = strcspn(at, " ");
        const char *type = "application/json";
        const char *schema = NULL;
        for (size_t i = 0; i < sizeof media / sizeof *media; i++) {
            if (is_word(at, len, media[i].word)) {
                type = media[i].type;
                schema = media[i].schema;
            }
        }
        buf_printf(buf, "%s\"%s\":{\"schema\":", any ? "," : "", type);
        if (schema != NULL) {
            buf_add_text(buf, schema);
        } else {
            add_schema(buf, at, len, route);
        }
        buf_add_char(buf, '}');
        any = true;
        at += len + (at[len] == ' ' ? 1 : 0);
    }
    buf_add_char(buf, '}');
}

/* ------------------------------------------------------------------ answers */

/* Refusals, once each below components/responses. */
static const struct {
    int status;
    const char *text;
} refusals[] = {
    {400, "The request is not as it should be; the messages say where"},
    {401, "Who asks is not known, or the password or token is wrong"},
    {403, "Not allowed"},
    {404, "There is no such thing"},
    {405, "Not for this kind of element"},
    {406, "None of the accepted media types can be given"},
    {409, "It exists already"},
    {412, "It was changed meanwhile (If-Match, If-None-Match)"},
    {413, "Larger than allowed"},
    {415, "This media type is not taken"},
    {429, "Too many attempts with wrong passwords; Retry-After says when to try again"},
    {500, "Something went wrong inside"},
    {501, "Not offered, with the reason"},
    {503, "Too much to do at the moment; Retry-After says when to try again"},
};

static void write_refusals(struct buf *buf)
{
    buf_add_text(buf, "\"responses\":{");
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        buf_printf(buf,
            "%s\"Refusal%d\":{\"description\":\"%s\",\"content\":{\"application/json\":{\"schema\":"
            "{\"$ref\":\"#/components/schemas/Result\"}}}}",
            i > 0 ? "," : "", refusals[i].status, refusals[i].text);
    }
    buf_add_char(buf, '}');
}

static bool is_conditional(const struct api_route *route)
{
    bool one = strchr(route->pattern, '{') != NULL || route->root != ROOT_NONE;
    return one && route->kind != 0 && route->method != API_GET && route->right != RIGHT_EXECUTE;
}

/* Derived from what the route says, so that no row has to repeat it. */
static bool can_refuse(const struct api_route *route, const struct openapi_row *row, int status)
{
    bool body = row != NULL && row->request != NULL;
    switch (status) {
    case 401:
    case 429:
        return route->right != RIGHT_NONE;
    case 403:
        return route->right != RIGHT_NONE;
    case 404:
        return strchr(route->pattern, '{') != NULL || route->root != ROOT_NONE ||
               route->right == RIGHT_DELETE;
    case 405:
        return strstr(route->pattern, "{idShortPath}/") != NULL || route->method == API_POST;
    case 406:
        return row != NULL && row->response != NULL;
    case 409:
        return route->right == RIGHT_CREATE || route->right == RIGHT_UPDATE;
    case 412:
        return is_conditional(route);
    case 413:
    case 415:
        return body;
    case 501:
        return route->root >= ROOT_AAS || route->right == RIGHT_EXECUTE;
    default:
        return true; /* 400, 500, 503 */
    }
}

static const char *status_text(int status)
{
    switch (status) {
    case 201:
        return "Created";
    case 202:
        return "Accepted; Location says where to ask how far it is";
    case 204:
        return "Done";
    case 302:
        return "It has ended; Location says where the result is";
    default:
        return "As asked for";
    }
}

static void write_success(
    struct buf *buf, const struct api_route *route, const struct openapi_row *row, int status)
{
    bool one = strchr(route->pattern, '{') != NULL || route->kind == REGISTRY_CURATION;
    bool tagged = route->kind != 0 && route->method == API_GET && status == 200 && one;
    bool located = status == 201 || status == 202 || status == 302;
    buf_printf(buf, "\"%d\":{\"description\":\"%s\"", status, status_text(status));
    if (tagged || located) {
        buf_printf(buf, ",\"headers\":{\"%s\":{\"$ref\":\"#/components/headers/%s\"}}",
            tagged ? "ETag" : "Location", tagged ? "ETag" : "Location");
    }
    if (row != NULL && row->response != NULL && (status == 200 || status == 201)) {
        buf_add_text(buf, ",\"content\":");
        openapi_write_content(buf, row->response, route);
    }
    buf_add_char(buf, '}');
}

static void write_responses(
    struct buf *buf, const struct api_route *route, const struct openapi_row *row)
{
    buf_add_text(buf, ",\"responses\":{");
    const char *at = row != NULL ? row->success : "200";
    while (*at != '\0') {
        int status = (at[0] - '0') * 100 + (at[1] - '0') * 10 + (at[2] - '0');
        write_success(buf, route, row, status);
        buf_add_char(buf, ',');
        at += at[3] == ' ' ? 4 : 3;
    }
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        if (can_refuse(route, row, refusals[i].status)) {
            buf_printf(buf, "\"%d\":{\"$ref\":\"#/components/responses/Refusal%d\"},",
                refusals[i].status, refusals[i].status);
        }
    }
    buf_add_text(buf, "\"default\":{\"$ref\":\"#/components/responses/Refusal500\"}}");
}

/* ------------------------------------------------------------------ parameters */

static void add_parameter(struct buf *buf, const char *name, size_t len, bool *any)
{
    if (openapi_has_parameter(name, len)) {
        buf_printf(
            buf, "%s{\"$ref\":\"#/components/parameters/%.*s\"}", *any ? "," : "", (int)len, name);
        *any = true;
    }
}

static void write_parameters(
    struct buf *buf, const struct api_route *route, const struct openapi_row *row)
{
    bool any = false;
    buf_add_text(buf, ",\"parameters\":[");
    for (const char *at = strchr(route->pattern, '{'); at != NULL; at = strchr(at, '{')) {
        at++;
        add_parameter(buf, at, strcspn(at, "}"), &any);
    }
    const char *query = row != NULL ? row->query : "";
    const char *name;
    size_t len;
    while ((name = openapi_next_parameter(&query, route, &len)) != NULL) {
        add_parameter(buf, name, len, &any);
    }
    if (is_conditional(route)) {
        add_parameter(buf, "If-Match", strlen("If-Match"), &any);
    }
    buf_add_char(buf, ']');
}

/* ------------------------------------------------------------------ operations */

/* Beginnings of addresses and what they are about, in the order in which one reads; of several that
 * fit, the longest counts. */
static const struct {
    const char *beginning;
    const char *tag;
} tags[] = {
    {"/shells", "Shells"},
    {"/shells/{aasIdentifier}/submodels", "Submodels through their shell"},
    {"/submodels", "Submodels"},
    {"/concept-descriptions", "Concept descriptions"},
    {"/templates", "Templates"},
    {"/conformance", "Conformance"},
    {"/upload", "Import and export"},
    {"/serialization", "Import and export"},
    {"/packages", "Packages"},
    {"/lookup", "Discovery"},
    {"/shell-descriptors", "Shell registry"},
    {"/submodel-descriptors", "Submodel registry"},
    {"/bulk", "Bulk"},
    {"/query", "Queries"},
    {"/users", "Users and tokens"},
    {"/tokens", "Users and tokens"},
    {"/whoami", "Users and tokens"},
    {"/aas", "The chosen shell"},
    {"/aas/submodels", "Submodels of the chosen shell"},
    {"/submodel", "The chosen submodel"},
    {"", "This server"},
};
enum { TAGS = sizeof tags / sizeof *tags };

static const char *tag_of(const struct api_route *route)
{
    size_t best = TAGS - 1;
    for (size_t i = 0; i < TAGS; i++) {
        size_t len = strlen(tags[i].beginning);
        bool fits = strncmp(route->pattern, tags[i].beginning, len) == 0 &&
                    (route->pattern[len] == '\0' || route->pattern[len] == '/');
        if (fits && len > strlen(tags[best].beginning)) {
            best = i;
        }
    }
    return tags[best].tag;
}

/* How many rows before this one have the same operation id: the official files have each once, but
 * the misspelt addresses are served too. */
static unsigned number_of(const struct api_route *route)
{
    size_t count;
    unsigned number = 1;
    const struct api_route *routes = api_routes(&count);
    for (const struct api_route *other = routes; other != route; other++) {
        number += strcmp(other->operation, route->operation) == 0;
    }
    return number;
}

static void write_operation(struct buf *buf, const struct api_route *route)
{
    static const char *const methods[] = {"get", "post", "put", "patch", "delete"};
    const struct openapi_row *row = openapi_row_of(route);
    unsigned number = number_of(route);
    buf_printf(buf, "\"%s\":{\"operationId\":\"%s", methods[route->method], route->operation);
    if (number > 1) {
        buf_printf(buf, "-%u", number);
    }
    buf_printf(buf, "\",\"tags\":[\"%s\"],\"summary\":\"%s\"", tag_of(route),
        row != NULL ? row->summary : route->operation);
    if (strstr(route->pattern, "asnyc") != NULL) {
        buf_add_text(buf, ",\"deprecated\":true,\"description\":\"Spelt as in the official "
                          "document; use invoke-async\"");
    }
    write_parameters(buf, route, row);
    if (row != NULL && row->request != NULL) {
        bool may_lack = row->request[0] == '?';
        buf_printf(
            buf, ",\"requestBody\":{\"required\":%s,\"content\":", may_lack ? "false" : "true");
        openapi_write_content(buf, row->request + may_lack, route);
        buf_add_char(buf, '}');
    }
    if (route->right == RIGHT_NONE) {
        buf_add_text(buf, ",\"security\":[]");
    }
    write_responses(buf, route, row);
    buf_add_char(buf, '}');
}

/* All rows of one address stand together, at the place of its first. */
static void write_paths(struct buf *buf)
{
    size_t count;
    bool any = false;
    const struct api_route *routes = api_routes(&count);
    buf_add_text(buf, "\"paths\":{");
    for (size_t i = 0; i < count; i++) {
        size_t first = 0;
        while (strcmp(routes[first].pattern, routes[i].pattern) != 0) {
            first++;
        }
        if (first != i) {
            continue;
        }
        buf_printf(buf, "%s\"%s\":{", any ? "," : "", routes[i].pattern);
        any = true;
        for (size_t n = i; n < count; n++) {
            if (strcmp(routes[n].pattern, routes[i].pattern) == 0) {
                buf_add_text(buf, n > i ? "," : "");
                write_operation(buf, &routes[n]);
            }
        }
        buf_add_char(buf, '}');
    }
    buf_add_char(buf, '}');
}

static void write_tags(struct buf *buf)
{
    buf_add_text(buf, "\"tags\":[");
    for (size_t i = 0; i < TAGS; i++) {
        if (i == 0 || strcmp(tags[i].tag, tags[i - 1].tag) != 0) {
            buf_printf(buf, "%s{\"name\":\"%s\"}", i > 0 ? "," : "", tags[i].tag);
        }
    }
    buf_add_char(buf, ']');
}

#define SERVERS(base, root)                                                                        \
    "\"servers\":[{\"url\":\"" base root "\"},{\"url\":\"" base "/api/v3\"}]"

void openapi_write(struct buf *buf)
{
    buf_add_text(buf,
        "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"Jig\",\"version\":\"" JIG_VERSION "\","
        "\"summary\":\"Model server and template registry for Asset Administration Shells\","
        "\"description\":\"Operations of IDTA-01002 version 3.1 and those of this server. "
        "Identifiers in addresses are base64url without padding. Every refusal is a Result that "
        "says in words what is wrong, where and what to do.\",\"license\":{\"name\":"
        "\"Apache-2.0\"}}," SERVERS(
            "", "/") ",\"security\":[{\"password\":[]},{\"token\":[]},{}],");
    write_tags(buf);
    buf_add_char(buf, ',');
    write_paths(buf);
    buf_add_text(buf, ",\"components\":{\"headers\":{\"ETag\":{\"description\":\"For If-Match and "
                      "If-None-Match\",\"schema\":{\"type\":\"string\"}},\"Location\":{"
                      "\"description\":\"Address of what was made, or of the next step\","
                      "\"schema\":{\"type\":\"string\"}}},");
    openapi_write_parameters(buf);
    buf_add_char(buf, ',');
    write_refusals(buf);
    buf_add_char(buf, ',');
    openapi_write_schemas(buf);
    buf_add_text(buf,
        ",\"securitySchemes\":{\"password\":{\"type\":\"http\",\"scheme\":\"basic\","
        "\"description\":\"Name and password of a user\"},\"token\":{\"type\":\"http\","
        "\"scheme\":\"bearer\",\"description\":\"Secret of a token\"}}}}");
}

/* ------------------------------------------------------------------ the handler */

/* The same for the life of the process. */
static struct {
    pthread_once_t once;
    struct buf text;
    unsigned char hash[STORE_HASH_BYTES];
} document = {.once = PTHREAD_ONCE_INIT};

static void make_document(void)
{
    buf_init(&document.text, OPENAPI_BYTES);
    openapi_write(&document.text);
    store_hash(document.text.bytes, document.text.len, document.hash);
}

/* Another document, another tag. */
static void hash_below(const char *base, unsigned char hash[STORE_HASH_BYTES])
{
    if (base[0] == '\0') {
        memcpy(hash, document.hash, STORE_HASH_BYTES);
        return;
    }
    store_hash(base, strlen(base), hash);
    for (size_t i = 0; i < STORE_HASH_BYTES; i++) {
        hash[i] ^= document.hash[i];
    }
}

/* The document as it is behind a proxy that takes `base` away in front of the paths. */
static void write_below(struct buf *buf, const char *base)
{
    static const char servers[] = SERVERS("", "/");
    const char *text = document.text.bytes;
    const char *at = memmem(text, document.text.len, servers, sizeof servers - 1);
    size_t before = at == NULL ? document.text.len : (size_t)(at - text);
    buf_add(buf, text, before);
    if (at != NULL) {
        buf_printf(buf, SERVERS("%s", ""), base, base);
        at += sizeof servers - 1;
        buf_add(buf, at, document.text.len - (size_t)(at - text));
    }
}

enum err_code handle_openapi(
    struct api_request *request, struct api_response *response, struct err *err)
{
    pthread_once(&document.once, make_document);
    if (buf_failed(&document.text)) {
        return err_set(err, ERR_BUSY, "not enough memory for the document");
    }
    const char *base = base_path(request);
    unsigned char hash[STORE_HASH_BYTES];
    hash_below(base, hash);
    if (reply_etag(request, response, hash, "")) {
        return ERR_OK;
    }
    reply_ok(response, "application/json");
    if (base[0] != '\0') {
        write_below(&response->body, base);
    } else {
        buf_add(&response->body, document.text.bytes, document.text.len);
    }
    return ERR_OK;
}
