/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of the route table, included by api/routes.c: identifiables and what is inside them. */
/* clang-format off */
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
/* clang-format on */

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
