/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of the route table, included by api/routes.c: descriptors, discovery and bulk. */
/* clang-format off */
#define DESCRIPTORS(list, one, id, kind)                                                           \
    AAS(GET, list, descriptors_list, READ, "GetAll" id "Descriptors", kind),                       \
        AAS(POST, list, descriptor_post, CREATE, "Post" id "Descriptor", kind),                    \
        AAS(GET, one, descriptor_get, READ, "Get" id "DescriptorById", kind),                      \
        AAS(PUT, one, descriptor_put, UPDATE, "Put" id "DescriptorById", kind),                    \
        AAS(DELETE, one, descriptor_delete, DELETE, "Delete" id "DescriptorById", kind)
#define BULK(list, post, put, del, kind)                                                           \
    AAS(POST, list, bulk_post, CREATE, post, kind), AAS(PUT, list, bulk_put, UPDATE, put, kind),   \
        AAS(DELETE, list, bulk_delete, DELETE, del, kind)
#define SHELL_DESCRIPTOR "/shell-descriptors/{aasIdentifier}"
#define INNER SHELL_DESCRIPTOR "/submodel-descriptors"
#define THROUGH "ThroughSuperpath"

DESCRIPTORS("/shell-descriptors", SHELL_DESCRIPTOR, "AssetAdministrationShell", REGISTRY_SHELL),
DESCRIPTORS("/submodel-descriptors", "/submodel-descriptors/{submodelIdentifier}", "Submodel",
    REGISTRY_SUBMODEL),

AAS(GET, INNER, inner_descriptors_list, READ, "GetAllSubmodelDescriptors" THROUGH, REGISTRY_SHELL),
AAS(POST, INNER, inner_descriptor_post, CREATE, "PostSubmodelDescriptor-" THROUGH, REGISTRY_SHELL),
AAS(GET, INNER "/{submodelIdentifier}", inner_descriptor_get, READ,
    "GetSubmodelDescriptorById" THROUGH, REGISTRY_SHELL),
AAS(PUT, INNER "/{submodelIdentifier}", inner_descriptor_put, UPDATE,
    "PutSubmodelDescriptorById" THROUGH, REGISTRY_SHELL),
AAS(DELETE, INNER "/{submodelIdentifier}", inner_descriptor_delete, DELETE,
    "DeleteSubmodelDescriptorById" THROUGH, REGISTRY_SHELL),

AAS(GET, "/lookup/shells", lookup_shells, READ, "GetAllAssetAdministrationShellIdsByAssetLink",
    REGISTRY_SHELL),
AAS(POST, "/lookup/shellsByAssetLink", lookup_by_links, READ,
    "SearchAllAssetAdministrationShellIdsByAssetLink", REGISTRY_SHELL),
AAS(GET, "/lookup/shells/{aasIdentifier}", links_get, READ, "GetAllAssetLinksById", REGISTRY_SHELL),
AAS(POST, "/lookup/shells/{aasIdentifier}", links_post, CREATE, "PostAllAssetLinksById",
    REGISTRY_SHELL),
AAS(DELETE, "/lookup/shells/{aasIdentifier}", links_delete, DELETE, "DeleteAllAssetLinksById",
    REGISTRY_SHELL),

BULK("/bulk/shell-descriptors", "BulkPostAssetAdministrationShellDescriptor",
    "BulkPutAssetAdministrationShellDescriptorById",
    "BulkDeleteAssetAdministrationShellDescriptorById", REGISTRY_SHELL),
BULK("/bulk/submodel-descriptors", "BulkPostSubmodel", "BulkPutSubmodelDescriptorsById",
    "BulkDeleteSubmodelDescriptorsById", REGISTRY_SUBMODEL),
AAS(GET, "/bulk/status/{handleId}", bulk_status, READ, "BulkGetAsyncStatus", NO_KIND),
AAS(GET, "/bulk/result/{handleId}", bulk_result, READ, "BulkGetAsyncResult", NO_KIND),
/* clang-format on */
#undef DESCRIPTORS
#undef BULK
#undef SHELL_DESCRIPTOR
#undef INNER
#undef THROUGH
