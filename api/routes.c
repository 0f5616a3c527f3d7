/* SPDX-License-Identifier: Apache-2.0 */
#include "api/routes.h"

#include "api/handlers.h"
#include "api/metrics.h"

/* One row: method, address, handler, right, operation id. */
#define ROW(method_, pattern_, handler_, right_, operation_, standard_, kind_, memory_)            \
    {                                                                                              \
        .method = API_##method_, .pattern = pattern_, .handler = handle_##handler_,                \
        .right = RIGHT_##right_, .operation = operation_, .standard = standard_, .kind = kind_,    \
        .memory = memory_                                                                          \
    }
#define AAS(method, pattern, handler, right, operation, kind)                                      \
    ROW(method, pattern, handler, right, operation, true, kind, 0)
#define OWN(method, pattern, handler, right, operation, kind)                                      \
    ROW(method, pattern, handler, right, operation, false, kind, 0)

/* Packages are small outside and large inside. */
#define PACKAGE_MEMORY ((size_t)512 << 20)

#define NO_KIND ((enum registry_kind)0)
#define CRUD(list, one, plural, singular, kind)                                                    \
    AAS(GET, list, identifiables_list, READ, "GetAll" plural, kind),                               \
        AAS(POST, list, identifiable_post, CREATE, "Post" singular, kind),                         \
        AAS(GET, one, identifiable_get, READ, "Get" singular "ById", kind),                        \
        AAS(PUT, one, identifiable_put, UPDATE, "Put" singular "ById", kind),                      \
        AAS(DELETE, one, identifiable_delete, DELETE, "Delete" singular "ById", kind),             \
        OWN(GET, one "/$history", history_list, READ, "GetHistory" singular, kind),                \
        OWN(GET, one "/$history/{revision}", history_revision, READ, "GetRevision" singular, kind)

#define SHELL "/shells/{aasIdentifier}"
#define SUBMODEL "/submodels/{submodelIdentifier}"
#define ELEMENTS SUBMODEL "/submodel-elements"
#define ELEMENT ELEMENTS "/{idShortPath}"
#define REPO "_SubmodelRepo"

static const struct api_route routes[] = {
    CRUD("/submodels", SUBMODEL, "Submodels", "Submodel", REGISTRY_SUBMODEL),
    CRUD("/shells", SHELL, "AssetAdministrationShells", "AssetAdministrationShell", REGISTRY_SHELL),
    CRUD("/concept-descriptions", "/concept-descriptions/{cdIdentifier}", "ConceptDescriptions",
        "ConceptDescription", REGISTRY_CONCEPT_DESCRIPTION),

    AAS(GET, SUBMODEL "/$reference", identifiable_reference, READ, "GetSubmodelById-Reference",
        REGISTRY_SUBMODEL),
    AAS(GET, SHELL "/$reference", identifiable_reference, READ,
        "GetAssetAdministrationShellById-Reference_AasRepository", REGISTRY_SHELL),
    AAS(GET, SUBMODEL "/$value", content_value, READ, "GetSubmodelById-ValueOnly",
        REGISTRY_SUBMODEL),
    AAS(PATCH, SUBMODEL "/$value", content_value_patch, UPDATE, "PatchSubmodelById-ValueOnly",
        REGISTRY_SUBMODEL),
    AAS(GET, SUBMODEL "/$metadata", content_metadata, READ, "GetSubmodelById-Metadata",
        REGISTRY_SUBMODEL),
    AAS(GET, SUBMODEL "/$path", content_paths, READ, "GetSubmodelById-Path", REGISTRY_SUBMODEL),

    AAS(GET, ELEMENTS, elements_list, READ, "GetAllSubmodelElements" REPO "sitory",
        REGISTRY_SUBMODEL),
    AAS(POST, ELEMENTS, element_post, CREATE, "PostSubmodelElement" REPO, REGISTRY_SUBMODEL),
    AAS(GET, ELEMENT, element_get, READ, "GetSubmodelElementByPath" REPO, REGISTRY_SUBMODEL),
    AAS(POST, ELEMENT, element_post, CREATE, "PostSubmodelElementByPath" REPO, REGISTRY_SUBMODEL),
    AAS(PUT, ELEMENT, element_put, UPDATE, "PutSubmodelElementByPath" REPO, REGISTRY_SUBMODEL),
    AAS(DELETE, ELEMENT, element_delete, DELETE, "DeleteSubmodelElementByPath" REPO,
        REGISTRY_SUBMODEL),
    AAS(GET, ELEMENT "/$value", content_value, READ, "GetSubmodelElementByPath-ValueOnly" REPO,
        REGISTRY_SUBMODEL),
    AAS(PATCH, ELEMENT "/$value", content_value_patch, UPDATE,
        "PatchSubmodelElementByPath-ValueOnly" REPO, REGISTRY_SUBMODEL),
    AAS(GET, ELEMENT "/$metadata", content_metadata, READ, "GetSubmodelElementByPath-Metadata" REPO,
        REGISTRY_SUBMODEL),
    AAS(GET, ELEMENT "/$reference", element_reference, READ,
        "GetSubmodelElementByPath-Reference" REPO, REGISTRY_SUBMODEL),
    AAS(GET, ELEMENT "/$path", content_paths, READ, "GetSubmodelElementByPath-Path" REPO,
        REGISTRY_SUBMODEL),

    AAS(GET, SHELL "/asset-information", asset_information_get, READ,
        "GetAssetInformation_AasRepository", REGISTRY_SHELL),
    AAS(PUT, SHELL "/asset-information", asset_information_put, UPDATE,
        "PutAssetInformation_AasRepository", REGISTRY_SHELL),
    AAS(GET, SHELL "/submodel-refs", submodel_refs_list, READ,
        "GetAllSubmodelReferences_AasRepository", REGISTRY_SHELL),
    AAS(POST, SHELL "/submodel-refs", submodel_refs_post, CREATE,
        "PostSubmodelReference_AasRepository", REGISTRY_SHELL),
    AAS(DELETE, SHELL "/submodel-refs/{submodelIdentifier}", submodel_refs_delete, DELETE,
        "DeleteSubmodelReference_AasRepository", REGISTRY_SHELL),

    OWN(GET, "/templates", templates_search, READ, "SearchTemplates", NO_KIND),
    OWN(GET, "/templates/{family}", template_family, READ, "GetTemplateFamily", NO_KIND),
    OWN(GET, "/templates/{family}/versions/{version}", template_version, READ, "GetTemplateVersion",
        NO_KIND),
    ROW(POST, "/upload", upload, CREATE, "Upload", false, NO_KIND, PACKAGE_MEMORY),

    AAS(GET, "/serialization", serialization, READ, "GenerateSerializationByIds", NO_KIND),
    AAS(GET, "/description", description, NONE, "GetSelfDescription", NO_KIND),
    OWN(GET, "/health", health, NONE, "GetHealth", NO_KIND),
    OWN(GET, "/metrics", metrics, NONE, "GetMetrics", NO_KIND),
    OWN(GET, "/", index_page, NONE, "GetIndexPage", NO_KIND),
};

enum { ROUTE_COUNT = sizeof routes / sizeof *routes };
_Static_assert((int)ROUTE_COUNT <= (int)METRICS_MAX_ROUTES, "every route has its counters");

const struct api_route *api_routes(size_t *count)
{
    *count = ROUTE_COUNT;
    return routes;
}
