/* SPDX-License-Identifier: Apache-2.0 */
/* About the server itself: health, metrics, the page at the root. */
#include "api/handlers.h"

#include <inttypes.h>

#include "api/auth.h"
#include "api/context.h"
#include "api/reply.h"
#include "api/routes.h"
#include "api/support.h"

enum err_code handle_health(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct registry_view view;
    enum err_code code = registry_view_begin(request->context->registry, &view, err);
    if (code != ERR_OK) {
        return err_set(err, ERR_BUSY, "the store cannot be read");
    }
    reply_ok(response, "application/json");
    buf_printf(&response->body,
        "{\"status\":\"ok\",\"version\":\"" JIG_VERSION "\",\"shells\":%" PRIu64
        ",\"submodels\":%" PRIu64 ",\"conceptDescriptions\":%" PRIu64 "}",
        registry_count(&view, REGISTRY_SHELL), registry_count(&view, REGISTRY_SUBMODEL),
        registry_count(&view, REGISTRY_CONCEPT_DESCRIPTION));
    registry_view_end(&view);
    return ERR_OK;
}

static void note_memory(struct api_context *context)
{
    size_t used = 0;
    size_t peak = 0;
    if (context->memory != NULL) {
        budget_state(context->memory, &used, &peak);
        atomic_store(&context->metrics.memory_used, used);
        atomic_store(&context->metrics.memory_peak, peak);
        atomic_store(&context->metrics.memory_most, context->memory->most);
    }
}

enum err_code handle_metrics(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct store_stats stats;
    (void)err;
    store_statistics(registry_store(request->context->registry), &stats);
    if (request->context->auth != NULL) {
        atomic_store(
            &request->context->metrics.password_checks, auth_checks(request->context->auth));
    }
    note_memory(request->context);
    reply_ok(response, "text/plain; version=0.0.4; charset=utf-8");
    metrics_write(&response->body, &request->context->metrics, &stats);
    return ERR_OK;
}

enum err_code handle_index_page(
    struct api_request *request, struct api_response *response, struct err *err)
{
    static const char page[] =
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Jig</title>"
        "<style>body{font:16px/1.5 sans-serif;max-width:40em;margin:3em auto;padding:0 1em}"
        "</style><h1>Jig</h1><p>Model server and template registry for Asset Administration "
        "Shells, version " JIG_VERSION ".</p><ul>"
        "<li><a href=\"shells\">/shells</a>, <a href=\"submodels\">/submodels</a>, "
        "<a href=\"concept-descriptions\">/concept-descriptions</a>: what is kept here"
        "<li><a href=\"templates\">/templates</a>: search the template families "
        "(<code>?q=press</code>)"
        "<li><a href=\"docs\">/docs</a>: every operation, to read and try; "
        "<a href=\"openapi.json\">/openapi.json</a> for tools"
        "<li><code>POST /upload</code>: import a JSON, XML or AASX file"
        "<li><a href=\"description\">/description</a>, <a href=\"health\">/health</a>, "
        "<a href=\"metrics\">/metrics</a>: about this server</ul></html>\n";
    (void)request;
    (void)err;
    reply_ok(response, "text/html; charset=utf-8");
    api_response_field(response, "Content-Security-Policy",
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
    buf_add(&response->body, page, sizeof page - 1);
    return ERR_OK;
}
