/* SPDX-License-Identifier: Apache-2.0 */
/* About the server itself: self-description, health, metrics, the page at the root. */
#include "api/handlers.h"

#include <inttypes.h>
#include <string.h>

#include "api/context.h"
#include "api/reply.h"
#include "api/routes.h"
#include "api/support.h"

/* A profile is offered when every operation it asks for has a row in the route table; the
 * operations are those of the official profile files (operation ids without their suffix). */
struct profile {
    const char *name;
    const char *operations; /* space-separated */
};

static const struct profile profiles[] = {
    {"ConceptDescriptionRepositoryServiceSpecification/SSP-001",
        "GetAllConceptDescriptions PostConceptDescription GetConceptDescriptionById "
        "PutConceptDescriptionById DeleteConceptDescriptionById GenerateSerializationByIds "
        "GetSelfDescription"},
    {"SubmodelRepositoryServiceSpecification/SSP-002",
        "GetAllSubmodels GetAllSubmodels-Metadata GetAllSubmodels-ValueOnly "
        "GetAllSubmodels-Reference GetAllSubmodels-Path GetSubmodelById "
        "GetSubmodelById-Metadata GetSubmodelById-ValueOnly GetSubmodelById-Reference "
        "GetSubmodelById-Path GetAllSubmodelElements GetAllSubmodelElements-Metadata "
        "GetAllSubmodelElements-ValueOnly GetAllSubmodelElements-Reference "
        "GetAllSubmodelElements-Path GetSubmodelElementByPath "
        "GetSubmodelElementByPath-Metadata GetSubmodelElementByPath-ValueOnly "
        "GetSubmodelElementByPath-Reference GetSubmodelElementByPath-Path GetFileByPath "
        "GenerateSerializationByIds GetSelfDescription"},
};

static bool has_operation(const char *name, size_t len)
{
    size_t count;
    const struct api_route *routes = api_routes(&count);
    for (size_t i = 0; i < count; i++) {
        if (routes[i].standard && strcspn(routes[i].operation, "_") == len &&
            memcmp(routes[i].operation, name, len) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_offered(const struct profile *profile)
{
    const char *at = profile->operations;
    while (*at != '\0') {
        size_t len = strcspn(at, " ");
        if (!has_operation(at, len)) {
            return false;
        }
        at += len + (at[len] == ' ' ? 1 : 0);
    }
    return true;
}

enum err_code handle_description(
    struct api_request *request, struct api_response *response, struct err *err)
{
    static const char *const versions[] = {"3/1", "3/0"};
    bool any = false;
    enum err_code code = accept_json(request, err);
    if (code != ERR_OK) {
        return code;
    }
    reply_ok(response, "application/json");
    buf_add_text(&response->body, "{\"profiles\":[");
    for (size_t i = 0; i < sizeof profiles / sizeof *profiles; i++) {
        for (size_t v = 0; v < 2 && is_offered(&profiles[i]); v++) {
            const char *slash = strchr(profiles[i].name, '/');
            buf_printf(&response->body, "%s\"https://admin-shell.io/aas/API/%s/%.*s%s\"",
                any ? "," : "", versions[v], (int)(slash - profiles[i].name), profiles[i].name,
                slash);
            any = true;
        }
    }
    buf_add_text(&response->body, "]}");
    return ERR_OK;
}

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

enum err_code handle_metrics(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct store_stats stats;
    (void)err;
    store_statistics(registry_store(request->context->registry), &stats);
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
