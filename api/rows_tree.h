/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of the route table, included by api/routes.c: identifiables and what is inside them. The
 * operation ids are those of the official files, which do not follow one rule. */
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
#define IN_SHELL SHELL SUBMODEL
#define IN_AAS "/aas" SUBMODEL
#define ONE_SUBMODEL "/submodel"

/* Forms of lists. */
#define LIST_FORM(list, form, operation, kind)                                                     \
    AAS(GET, list "/$" form, identifiables_list, READ, operation, kind)

/* What every root has for a submodel as a whole. `one`: "SubmodelById", `s`: suffix. */
#define WHOLE(base, root, one, s, patch, patch_metadata)                                           \
    UNDER(PATCH, base, content_patch, UPDATE, patch, REGISTRY_SUBMODEL, root),                     \
    UNDER(GET, base "/$metadata", content_metadata, READ, "Get" one "-Metadata" s,                 \
        REGISTRY_SUBMODEL, root),                                                                  \
    UNDER(PATCH, base "/$metadata", content_patch, UPDATE, patch_metadata, REGISTRY_SUBMODEL,      \
        root),                                                                                     \
    UNDER(GET, base "/$value", content_value, READ, "Get" one "-ValueOnly" s, REGISTRY_SUBMODEL,   \
        root),                                                                                     \
    UNDER(PATCH, base "/$value", content_value_patch, UPDATE, "Patch" one "-ValueOnly" s,          \
        REGISTRY_SUBMODEL, root),                                                                  \
    UNDER(GET, base "/$reference", content_reference, READ, "Get" one "-Reference" s,              \
        REGISTRY_SUBMODEL, root),                                                                  \
    UNDER(GET, base "/$path", content_paths, READ, "Get" one "-Path" s, REGISTRY_SUBMODEL, root)

/* The elements of a submodel. `all`: suffix of the list's operation, `s`: of the others. */
#define ELEMENTS(base, root, all, s, reference, path)                                              \
    UNDER(GET, base "/submodel-elements", elements_list, READ, "GetAllSubmodelElements" all,       \
        REGISTRY_SUBMODEL, root),                                                                  \
    UNDER(POST, base "/submodel-elements", element_post, CREATE, "PostSubmodelElement" s,          \
        REGISTRY_SUBMODEL, root),                                                                  \
    UNDER(GET, base "/submodel-elements/$metadata", elements_list, READ,                           \
        "GetAllSubmodelElements-Metadata" s, REGISTRY_SUBMODEL, root),                             \
    UNDER(GET, base "/submodel-elements/$value", elements_list, READ,                              \
        "GetAllSubmodelElements-ValueOnly" s, REGISTRY_SUBMODEL, root),                            \
    UNDER(GET, base "/submodel-elements/$reference", elements_list, READ,                          \
        "GetAllSubmodelElements" reference, REGISTRY_SUBMODEL, root),                              \
    UNDER(GET, base "/submodel-elements/$path", elements_list, READ,                               \
        "GetAllSubmodelElements" path, REGISTRY_SUBMODEL, root)

/* One element. `patch`, `patch_metadata`, `patch_value`: operation ids behind "Patch…". */
#define PLACE "/submodel-elements/{idShortPath}"
#define ELEMENT(base, root, s, patch, patch_metadata, patch_value)                                 \
    UNDER(GET, base PLACE, element_get, READ, "GetSubmodelElementByPath" s, REGISTRY_SUBMODEL,     \
        root),                                                                                     \
    UNDER(POST, base PLACE, element_post, CREATE, "PostSubmodelElementByPath" s,                   \
        REGISTRY_SUBMODEL, root),                                                                  \
    UNDER(PUT, base PLACE, element_put, UPDATE, "PutSubmodelElementByPath" s, REGISTRY_SUBMODEL,   \
        root),                                                                                     \
    UNDER(PATCH, base PLACE, content_patch, UPDATE, "PatchSubmodelElement" patch,                  \
        REGISTRY_SUBMODEL, root),                                                                  \
    UNDER(DELETE, base PLACE, element_delete, DELETE, "DeleteSubmodelElementByPath" s,             \
        REGISTRY_SUBMODEL, root),                                                                  \
    UNDER(GET, base PLACE "/$metadata", content_metadata, READ,                                    \
        "GetSubmodelElementByPath-Metadata" s, REGISTRY_SUBMODEL, root),                           \
    UNDER(PATCH, base PLACE "/$metadata", content_patch, UPDATE,                                   \
        "PatchSubmodelElement" patch_metadata, REGISTRY_SUBMODEL, root),                           \
    UNDER(GET, base PLACE "/$value", content_value, READ, "GetSubmodelElementByPath-ValueOnly" s,  \
        REGISTRY_SUBMODEL, root),                                                                  \
    UNDER(PATCH, base PLACE "/$value", content_value_patch, UPDATE,                                \
        "PatchSubmodelElement" patch_value, REGISTRY_SUBMODEL, root),                              \
    UNDER(GET, base PLACE "/$reference", content_reference, READ,                                  \
        "GetSubmodelElementByPath-Reference" s, REGISTRY_SUBMODEL, root),                          \
    UNDER(GET, base PLACE "/$path", content_paths, READ, "GetSubmodelElementByPath-Path" s,        \
        REGISTRY_SUBMODEL, root)

/* A submodel through its shell: put there and taken away together with the reference to it. */
#define THROUGH(base, root_, s)                                                                    \
    UNDER(GET, base, identifiable_get, READ, "GetSubmodelById" s, REGISTRY_SUBMODEL, root_),       \
    {                                                                                              \
        .method = API_PUT, .pattern = base, .handler = handle_shell_submodel_put,                  \
        .right = RIGHT_UPDATE, .operation = "PutSubmodelById" s, .standard = true,                 \
        .kind = REGISTRY_SUBMODEL, .root = root_, .joins = true                                    \
    },                                                                                             \
    UNDER(DELETE, base, shell_submodel_delete, DELETE, "DeleteSubmodelById" s,                     \
        REGISTRY_SUBMODEL, root_)

/* A shell and its parts. `s`: suffix of the operations. */
#define PARTS(base, root, reference, s)                                                            \
    UNDER(GET, base "/$reference", content_reference, READ, reference, REGISTRY_SHELL, root),      \
    UNDER(GET, base "/asset-information", asset_information_get, READ, "GetAssetInformation" s,    \
        REGISTRY_SHELL, root),                                                                     \
    UNDER(PUT, base "/asset-information", asset_information_put, UPDATE, "PutAssetInformation" s,  \
        REGISTRY_SHELL, root),                                                                     \
    UNDER(GET, base "/submodel-refs", submodel_refs_list, READ, "GetAllSubmodelReferences" s,      \
        REGISTRY_SHELL, root),                                                                     \
    UNDER(POST, base "/submodel-refs", submodel_refs_post, CREATE, "PostSubmodelReference" s,      \
        REGISTRY_SHELL, root),                                                                     \
    UNDER(DELETE, base "/submodel-refs/{submodelIdentifier}", submodel_refs_delete, DELETE,        \
        "DeleteSubmodelReference" s, REGISTRY_SHELL, root)

/* Queries are answered once there is an evaluator; until then with the reason. */
#define QUERY(things, operation)                                                                   \
    AAS(POST, "/query/" things, query_refused, READ, operation, NO_KIND)
/* clang-format on */

CRUD("/submodels", SUBMODEL, "Submodels", "Submodel", REGISTRY_SUBMODEL),
    CRUD("/shells", SHELL, "AssetAdministrationShells", "AssetAdministrationShell", REGISTRY_SHELL),
    CRUD("/concept-descriptions", "/concept-descriptions/{cdIdentifier}", "ConceptDescriptions",
        "ConceptDescription", REGISTRY_CONCEPT_DESCRIPTION),
    LIST_FORM("/submodels", "metadata", "GetAllSubmodels-Metadata", REGISTRY_SUBMODEL),
    LIST_FORM("/submodels", "value", "GetAllSubmodels-ValueOnly", REGISTRY_SUBMODEL),
    LIST_FORM("/submodels", "reference", "GetAllSubmodels-Reference", REGISTRY_SUBMODEL),
    LIST_FORM("/submodels", "path", "GetAllSubmodels-Path", REGISTRY_SUBMODEL),
    LIST_FORM("/shells", "reference", "GetAllAssetAdministrationShells-Reference", REGISTRY_SHELL),

    WHOLE(
        SUBMODEL, ROOT_NONE, "SubmodelById", "", "PatchSubmodelById", "PatchSubmodelById-Metadata"),
    ELEMENTS(SUBMODEL, ROOT_NONE, "_SubmodelRepository", "_SubmodelRepo", "-Reference_SubmodelRepo",
        "-Path_SubmodelRepo"),
    ELEMENT(SUBMODEL, ROOT_NONE, "_SubmodelRepo", "ByPath_SubmodelRepo",
        "ByPath-Metadata_SubmodelRepo", "ByPath-ValueOnly_SubmodelRepo"),

    THROUGH(IN_SHELL, ROOT_SHELL_SUBMODEL, "_AasRepository"),
    WHOLE(IN_SHELL, ROOT_SHELL_SUBMODEL, "SubmodelById", "_AasRepository",
        "PatchSubmodel_AasRepository", "PatchSubmodelById-Metadata_AasRepository"),
    ELEMENTS(IN_SHELL, ROOT_SHELL_SUBMODEL, "_AasRepository", "_AasRepository",
        "-Reference_AasRepository", "-Path_AasRepository"),
    ELEMENT(IN_SHELL, ROOT_SHELL_SUBMODEL, "_AasRepository", "ValueByPath_AasRepository",
        "ValueByPath-Metadata", "ValueByPath-ValueOnly"),

    THROUGH(IN_AAS, ROOT_AAS_SUBMODEL, "_AAS"),
    WHOLE(IN_AAS, ROOT_AAS_SUBMODEL, "SubmodelById", "_AAS", "PatchSubmodelById_AAS",
        "PatchSubmodeByIdMetadata_AAS"),
    ELEMENTS(IN_AAS, ROOT_AAS_SUBMODEL, "_AAS", "_AAS", "Reference_AAS", "Path_AAS"),
    ELEMENT(IN_AAS, ROOT_AAS_SUBMODEL, "_AAS", "ValueByPath_AAS", "ValueByPath-Metadata_AAS",
        "ValueByPathValueOnly_AAS"),

    UNDER(
        GET, ONE_SUBMODEL, identifiable_get, READ, "GetSubmodel", REGISTRY_SUBMODEL, ROOT_SUBMODEL),
    UNDER(PUT, ONE_SUBMODEL, identifiable_put, UPDATE, "PutSubmodel", REGISTRY_SUBMODEL,
        ROOT_SUBMODEL),
    WHOLE(ONE_SUBMODEL, ROOT_SUBMODEL, "Submodel", "", "PatchSubmodel", "PatchSubmodel-Metadata"),
    ELEMENTS(ONE_SUBMODEL, ROOT_SUBMODEL, "", "", "-Reference", "-Path"),
    ELEMENT(ONE_SUBMODEL, ROOT_SUBMODEL, "", "ByPath", "ByPath-Metadata", "ByPath-ValueOnly"),

    PARTS(SHELL, ROOT_NONE, "GetAssetAdministrationShellById-Reference_AasRepository",
        "_AasRepository"),
    UNDER(GET, "/aas", identifiable_get, READ, "GetAssetAdministrationShell", REGISTRY_SHELL,
        ROOT_AAS),
    UNDER(PUT, "/aas", identifiable_put, UPDATE, "PutAssetAdministrationShell", REGISTRY_SHELL,
        ROOT_AAS),
    PARTS("/aas", ROOT_AAS, "GetAssetAdministrationShell-Reference", ""),

    QUERY("shells", "QueryAssetAdministrationShells"), QUERY("submodels", "QuerySubmodels"),
    QUERY("concept-descriptions", "QueryConceptDescriptions"),
    QUERY("shell-descriptors", "QueryAssetAdministrationShellDescriptors"),
    QUERY("submodel-descriptors", "QuerySubmodelDescriptors"),

#undef CRUD
#undef SHELL
#undef SUBMODEL
#undef IN_SHELL
#undef IN_AAS
#undef ONE_SUBMODEL
#undef LIST_FORM
#undef WHOLE
#undef ELEMENTS
#undef PLACE
#undef ELEMENT
#undef THROUGH
#undef PARTS
#undef QUERY
