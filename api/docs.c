/* SPDX-License-Identifier: Apache-2.0 */
/* Sends the page at /docs and what it loads. Nothing comes from another host. */
#include "api/docs.h"

#include <string.h>

#include "api/gzip.h"
#include "api/handlers.h"
#include "api/reply.h"

#define PAGE "docs.html"

static const char policy[] =
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' "
    "data:; "
    "font-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'";

static const char missing[] =
    "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Jig: operations</title>"
    "<link rel=\"icon\" href=\"data:,\"><style>body{font:16px/1.5 sans-serif;max-width:40em;"
    "margin:3em auto;padding:0 1em}</style><h1>Operations</h1><p>This program was built without "
    "the page that shows and tries the operations. Install the packages <code>nodejs</code> and "
    "<code>npm</code> (<code>.ci/packages web</code>) and build it again with a way to the npm "
    "packages.<p>The document itself is here: <a href=\"openapi.json\">openapi.json</a>, for any "
    "tool that reads OpenAPI 3.1.</html>\n";

static const struct docs_file *find_file(const char *name)
{
    for (size_t i = 0; i < docs_file_count; i++) {
        if (strcmp(docs_files[i].name, name) == 0) {
            return &docs_files[i];
        }
    }
    return NULL;
}

/* For the rare client that does not take gzip. */
static enum err_code send_plain(
    struct api_response *response, const struct docs_file *file, struct err *err)
{
    struct budget budget;
    struct buf bytes;
    size_t taken = 0;
    budget_init(&budget, 2 * (size_t)DOCS_MAX_FILE);
    buf_init(&bytes, DOCS_MAX_FILE);
    buf_add(&bytes, file->packed, file->packed_len);
    enum err_code code = buf_failed(&bytes)
                             ? err_set(err, ERR_NO_MEMORY, "not enough memory to unpack the page")
                             : gzip_unpack("gzip", DOCS_MAX_FILE, &budget, &taken, &bytes, err);
    if (code == ERR_OK) {
        buf_add(&response->body, bytes.bytes, bytes.len);
    }
    buf_finish(&bytes);
    budget_finish(&budget);
    return code;
}

static enum err_code send_file(struct api_request *request, struct api_response *response,
    const struct docs_file *file, struct err *err)
{
    unsigned char hash[STORE_HASH_BYTES];
    bool packed = gzip_is_wanted(api_request_header(request, "Accept-Encoding"));
    store_hash(file->packed, file->packed_len, hash);
    api_response_field(response, "Cache-Control", "no-cache");
    api_response_field(response, "X-Content-Type-Options", "nosniff");
    api_response_field(response, "Content-Security-Policy", policy);
    if (reply_etag(request, response, hash, packed ? API_GZIP_TAG : "")) {
        return ERR_OK;
    }
    reply_ok(response, file->type);
    if (!packed) {
        return send_plain(response, file, err);
    }
    api_response_field(response, "Content-Encoding", "gzip");
    api_response_field(response, "Vary", "Accept-Encoding");
    buf_add(&response->body, file->packed, file->packed_len);
    return ERR_OK;
}

/* The page's addresses are relative, so that it works below a prefix and behind a proxy; for that,
 * its own address must not end with a slash. */
enum err_code handle_docs(
    struct api_request *request, struct api_response *response, struct err *err)
{
    const struct docs_file *page = find_file(PAGE);
    size_t len = strlen(request->path);
    if (len > 0 && request->path[len - 1] == '/') {
        response->status = 302;
        response->content_type = NULL;
        api_response_field(response, "Location", "../docs");
        return ERR_OK;
    }
    if (page != NULL) {
        return send_file(request, response, page, err);
    }
    api_response_field(response, "Content-Security-Policy", policy);
    reply_ok(response, "text/html; charset=utf-8");
    buf_add(&response->body, missing, sizeof missing - 1);
    return ERR_OK;
}

enum err_code handle_docs_file(
    struct api_request *request, struct api_response *response, struct err *err)
{
    const struct docs_file *file = find_file(request->captures[0].text);
    if (file == NULL || strcmp(file->name, PAGE) == 0) {
        return err_set(
            err, ERR_NOT_FOUND, "the page has no file \"%.100s\"", request->captures[0].text);
    }
    return send_file(request, response, file, err);
}
