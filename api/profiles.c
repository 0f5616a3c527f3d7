/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The self-description: which service profiles of IDTA-01002 really work here. A profile is offered
 * when each of its operations has a row in the route table.
 */
#include "api/handlers.h"

#include <pthread.h>
#include <string.h>

#include "api/accept.h"
#include "api/context.h"
#include "api/reply.h"
#include "api/routes.h"

/* Operations as "methods:address" below a common base, separated by spaces. Methods: G(ET),
 * P(OST), U (PUT), A (PATCH), D(ELETE). */
#define ONE "/submodel-elements/{idShortPath}"
#define WHOLE_READ "G: G:/$metadata G:/$value G:/$reference G:/$path "
#define ELEMENTS_READ                                                                              \
    "G:/submodel-elements G:/submodel-elements/$metadata G:/submodel-elements/$value "             \
    "G:/submodel-elements/$reference G:/submodel-elements/$path G:" ONE " G:" ONE                  \
    "/$metadata G:" ONE "/$value G:" ONE "/$reference G:" ONE "/$path G:" ONE "/attachment "
#define ELEMENTS_WRITE                                                                             \
    "P:/submodel-elements PUAD:" ONE " A:" ONE "/$metadata A:" ONE "/$value UD:" ONE "/attachment" \
    " "
#define INVOKE                                                                                     \
    "P:" ONE "/invoke P:" ONE "/invoke/$value P:" ONE "/invoke-async P:" ONE                       \
    "/invoke-async/$value G:" ONE "/operation-status/{handleId} G:" ONE                            \
    "/operation-results/{handleId} G:" ONE "/operation-results/{handleId}/$value "
#define TREE_READ WHOLE_READ ELEMENTS_READ
#define TREE TREE_READ "A: A:/$metadata A:/$value " ELEMENTS_WRITE INVOKE
#define SHELL_READ                                                                                 \
    "G: G:/$reference G:/asset-information G:/asset-information/thumbnail "                        \
    "G:/submodel-refs "
#define SHELL_WRITE                                                                                \
    "U: U:/asset-information UD:/asset-information/thumbnail P:/submodel-refs "                    \
    "D:/submodel-refs/{submodelIdentifier} "
#define LIST_FORMS "G:/submodels/$metadata G:/submodels/$value "
#define ALL_LIST_FORMS LIST_FORMS "G:/submodels/$reference G:/submodels/$path "
#define SERIALIZATION "G:/serialization "
#define IN_SHELL "/submodels/{submodelIdentifier}"
#define TEMPLATE_READ                                                                              \
    "G: G:/$metadata G:/submodel-elements G:/submodel-elements/$metadata G:" ONE " G:" ONE         \
    "/$metadata G:" ONE "/$value G:" ONE "/$reference G:" ONE "/$path G:" ONE "/attachment "

struct part {
    const char *base;
    const char *operations;
};

enum needs { NEEDS_NOTHING, NEEDS_SHELL, NEEDS_SUBMODEL };

struct profile {
    const char *service;
    const char *number;
    bool templates;   /* offered below /templates-api and nowhere else */
    enum needs needs; /* what must have been chosen by setting */
    struct part parts[3];
};

/* clang-format off */
#define SERVICE(name) name "ServiceSpecification"
static const struct profile profiles[] = {
    {SERVICE("AssetAdministrationShell"), "SSP-001", false, NEEDS_SHELL,
        {{"/aas", SHELL_READ SHELL_WRITE}, {"/aas" IN_SHELL, TREE "UD:"}, {"", SERIALIZATION}}},
    {SERVICE("AssetAdministrationShell"), "SSP-002", false, NEEDS_SHELL,
        {{"/aas", SHELL_READ}, {"/aas" IN_SHELL, TREE_READ}, {"", SERIALIZATION}}},
    {SERVICE("Submodel"), "SSP-001", false, NEEDS_SUBMODEL,
        {{"/submodel", TREE "U:"}, {"", SERIALIZATION}}},
    {SERVICE("Submodel"), "SSP-002", false, NEEDS_SUBMODEL,
        {{"/submodel", TREE_READ}, {"", SERIALIZATION}}},
    {SERVICE("Submodel"), "SSP-003", false, NEEDS_SUBMODEL,
        {{"/submodel", "G: G:/$value P:" ONE "/invoke P:" ONE "/invoke/$value"}}},
    {SERVICE("AasxFileServer"), "SSP-001", false, NEEDS_NOTHING,
        {{"/packages", "GP: GUD:/{packageId}"}}},
    {SERVICE("AssetAdministrationShellRegistry"), "SSP-001", false, NEEDS_NOTHING,
        {{"/shell-descriptors", "GP: GUD:/{aasIdentifier} "
            "GP:/{aasIdentifier}/submodel-descriptors "
            "GUD:/{aasIdentifier}/submodel-descriptors/{submodelIdentifier}"}}},
    {SERVICE("AssetAdministrationShellRegistry"), "SSP-002", false, NEEDS_NOTHING,
        {{"/shell-descriptors", "G: G:/{aasIdentifier} G:/{aasIdentifier}/submodel-descriptors "
            "G:/{aasIdentifier}/submodel-descriptors/{submodelIdentifier}"}}},
    {SERVICE("AssetAdministrationShellRegistry"), "SSP-003", false, NEEDS_NOTHING,
        {{"/bulk", "PUD:/shell-descriptors G:/status/{handleId} G:/result/{handleId}"}}},
    {SERVICE("AssetAdministrationShellRegistry"), "SSP-004", false, NEEDS_NOTHING,
        {{"/query", "P:/shell-descriptors"}}},
    {SERVICE("AssetAdministrationShellRegistry"), "SSP-005", false, NEEDS_NOTHING,
        {{"/shell-descriptors", "G: G:/{aasIdentifier}"}}},
    {SERVICE("SubmodelRegistry"), "SSP-001", false, NEEDS_NOTHING,
        {{"/submodel-descriptors", "GP: GUD:/{submodelIdentifier}"}}},
    {SERVICE("SubmodelRegistry"), "SSP-002", false, NEEDS_NOTHING,
        {{"/submodel-descriptors", "G: G:/{submodelIdentifier}"}}},
    {SERVICE("SubmodelRegistry"), "SSP-003", false, NEEDS_NOTHING,
        {{"/bulk", "PUD:/submodel-descriptors G:/status/{handleId} G:/result/{handleId}"}}},
    {SERVICE("SubmodelRegistry"), "SSP-004", false, NEEDS_NOTHING,
        {{"/query", "P:/submodel-descriptors"}}},
    {SERVICE("Discovery"), "SSP-001", false, NEEDS_NOTHING,
        {{"/lookup", "G:/shells P:/shellsByAssetLink GPD:/shells/{aasIdentifier}"}}},
    {SERVICE("Discovery"), "SSP-002", false, NEEDS_NOTHING,
        {{"/lookup", "P:/shellsByAssetLink G:/shells/{aasIdentifier}"}}},
    {SERVICE("AssetAdministrationShellRepository"), "SSP-001", false, NEEDS_NOTHING,
        {{"/shells/{aasIdentifier}", SHELL_READ SHELL_WRITE "D:"},
         {"/shells/{aasIdentifier}" IN_SHELL, TREE "UD:"},
         {"", "GP:/shells G:/shells/$reference " SERIALIZATION}}},
    {SERVICE("AssetAdministrationShellRepository"), "SSP-002", false, NEEDS_NOTHING,
        {{"/shells/{aasIdentifier}", SHELL_READ},
         {"/shells/{aasIdentifier}" IN_SHELL, TREE_READ},
         {"", "G:/shells G:/shells/$reference " SERIALIZATION}}},
    {SERVICE("AssetAdministrationShellRepository"), "SSP-003", false, NEEDS_NOTHING,
        {{"/query", "P:/shells"}}},
    {SERVICE("SubmodelRepository"), "SSP-001", false, NEEDS_NOTHING,
        {{"/submodels/{submodelIdentifier}", TREE "UD:"},
         {"", "GP:/submodels " ALL_LIST_FORMS SERIALIZATION}}},
    {SERVICE("SubmodelRepository"), "SSP-002", false, NEEDS_NOTHING,
        {{"/submodels/{submodelIdentifier}", TREE_READ},
         {"", "G:/submodels " ALL_LIST_FORMS SERIALIZATION}}},
    {SERVICE("SubmodelRepository"), "SSP-003", true, NEEDS_NOTHING,
        {{"/submodels/{submodelIdentifier}", TEMPLATE_READ "UAD: A:/$metadata " ELEMENTS_WRITE},
         {"", "GP:/submodels " LIST_FORMS SERIALIZATION}}},
    {SERVICE("SubmodelRepository"), "SSP-004", true, NEEDS_NOTHING,
        {{"/submodels/{submodelIdentifier}", TEMPLATE_READ},
         {"", "G:/submodels " LIST_FORMS SERIALIZATION}}},
    {SERVICE("SubmodelRepository"), "SSP-005", false, NEEDS_NOTHING,
        {{"/query", "P:/submodels"}}},
    {SERVICE("ConceptDescriptionRepository"), "SSP-001", false, NEEDS_NOTHING,
        {{"/concept-descriptions", "GP: GUD:/{cdIdentifier}"}, {"", SERIALIZATION}}},
    {SERVICE("ConceptDescriptionRepository"), "SSP-002", false, NEEDS_NOTHING,
        {{"/query", "P:/concept-descriptions"}}},
};
/* clang-format on */
enum { PROFILE_COUNT = sizeof profiles / sizeof *profiles };

/* ------------------------------------------------------------------ what has its rows */

/* An address in two pieces; placeholders are alike whatever they are called. */
static bool same_address(const char *pattern, const char *base, const char *rest, size_t rest_len)
{
    size_t base_len = strlen(base);
    size_t len = base_len + rest_len;
    size_t at = 0;
    while (*pattern != '\0' && at < len) {
        char c = at < base_len ? base[at] : rest[at - base_len];
        if (*pattern != c) {
            return false;
        }
        if (c == '{') {
            pattern += strcspn(pattern, "}");
            for (; at < len && (at < base_len ? base[at] : rest[at - base_len]) != '}'; at++) {
            }
        }
        pattern += *pattern != '\0';
        at++;
    }
    return *pattern == '\0' && at == len;
}

static bool has_row(enum api_method method, const char *base, const char *rest, size_t rest_len)
{
    size_t count;
    const struct api_route *routes = api_routes(&count);
    for (size_t i = 0; i < count; i++) {
        if (routes[i].method == method && routes[i].standard &&
            routes[i].handler != handle_query_refused &&
            same_address(routes[i].pattern, base, rest, rest_len)) {
            return true;
        }
    }
    return false;
}

static bool has_rows(const struct part *part)
{
    static const char letters[] = {
        [API_GET] = 'G', [API_POST] = 'P', [API_PUT] = 'U', [API_PATCH] = 'A', [API_DELETE] = 'D'};
    const char *at = part->operations;
    while (at != NULL && at[strspn(at, " ")] != '\0') {
        at += strspn(at, " ");
        const char *address = at + strcspn(at, ":") + 1;
        size_t len = strcspn(address, " ");
        for (; *at != ':'; at++) {
            const char *letter = memchr(letters, *at, sizeof letters);
            if (letter == NULL ||
                !has_row((enum api_method)(letter - letters), part->base, address, len)) {
                return false;
            }
        }
        at = address + len;
    }
    return true;
}

static bool offered[PROFILE_COUNT];
static pthread_once_t looked_up = PTHREAD_ONCE_INIT;

/* Rows do not change while the program runs. */
static void look_up(void)
{
    for (size_t i = 0; i < PROFILE_COUNT; i++) {
        offered[i] = true;
        for (size_t k = 0; k < 3 && profiles[i].parts[k].base != NULL; k++) {
            offered[i] = offered[i] && has_rows(&profiles[i].parts[k]);
        }
    }
}

static bool works(const struct api_request *request, size_t at)
{
    const struct profile *profile = &profiles[at];
    bool chosen = profile->needs == NEEDS_NOTHING ||
                  (profile->needs == NEEDS_SHELL ? request->context->shell_id
                                                 : request->context->submodel_id) != NULL;
    return offered[at] && chosen && profile->templates == request->templates;
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
    pthread_once(&looked_up, look_up);
    reply_ok(response, "application/json");
    buf_add_text(&response->body, "{\"profiles\":[");
    for (size_t i = 0; i < PROFILE_COUNT; i++) {
        for (size_t v = 0; works(request, i) && v < sizeof versions / sizeof *versions; v++) {
            buf_printf(&response->body, "%s\"https://admin-shell.io/aas/API/%s/%s/%s\"",
                any ? "," : "", versions[v], profiles[i].service, profiles[i].number);
            any = true;
        }
    }
    buf_add_text(&response->body, "]}");
    return ERR_OK;
}

enum err_code handle_query_refused(
    struct api_request *request, struct api_response *response, struct err *err)
{
    (void)request;
    (void)response;
    err_set(err, ERR_NOT_OFFERED, "queries in the AAS query language are not answered yet");
    err_rule(err, NULL,
        "Use the parameters of the lists (idShort, semanticId, assetIds), or GET /templates?q=… "
        "for a search by words.");
    return ERR_NOT_OFFERED;
}
