/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of the route table, included by api/routes.c: files, packages, serialisation and upload. */
/* clang-format off */
/* A row whose body brings a file: large ones do not come into memory. */
#define BRINGS(method_, pattern_, handler_, right_, operation_, standard_, kind_, memory_, root_)  \
    {                                                                                              \
        .method = API_##method_, .pattern = pattern_, .handler = handle_##handler_,                \
        .right = RIGHT_##right_, .operation = operation_, .standard = standard_, .kind = kind_,    \
        .memory = memory_, .root = root_, .file = true                                             \
    }

/* The content of a File element. `s`: suffix of the operations. */
#define ATTACHED "/submodel-elements/{idShortPath}/attachment"
#define ATTACHMENT(base, root, s)                                                                  \
    UNDER(GET, base ATTACHED, attachment_get, READ, "GetFileByPath" s, REGISTRY_SUBMODEL, root),   \
    BRINGS(PUT, base ATTACHED, attachment_put, UPDATE, "PutFileByPath" s, true, REGISTRY_SUBMODEL, \
        0, root),                                                                                  \
    UNDER(DELETE, base ATTACHED, attachment_delete, UPDATE, "DeleteFileByPath" s,                  \
        REGISTRY_SUBMODEL, root)

#define SHOWN "/asset-information/thumbnail"
#define THUMBNAIL(base, root, s)                                                                   \
    UNDER(GET, base SHOWN, thumbnail_get, READ, "GetThumbnail" s, REGISTRY_SHELL, root),           \
    BRINGS(PUT, base SHOWN, thumbnail_put, UPDATE, "PutThumbnail" s, true, REGISTRY_SHELL, 0,      \
        root),                                                                                     \
    UNDER(DELETE, base SHOWN, thumbnail_delete, UPDATE, "DeleteThumbnail" s, REGISTRY_SHELL, root)
/* clang-format on */

ATTACHMENT("/submodels/{submodelIdentifier}", ROOT_NONE, "_SubmodelRepo"),
    ATTACHMENT("/shells/{aasIdentifier}/submodels/{submodelIdentifier}", ROOT_SHELL_SUBMODEL,
        "_AasRepository"),
    ATTACHMENT("/aas/submodels/{submodelIdentifier}", ROOT_AAS_SUBMODEL, "_AAS"),
    ATTACHMENT("/submodel", ROOT_SUBMODEL, ""),
    THUMBNAIL("/shells/{aasIdentifier}", ROOT_NONE, "_AasRepository"),
    THUMBNAIL("/aas", ROOT_AAS, ""),

    AAS(GET, "/packages", packages_list, READ, "GetAllAASXPackageIds", NO_KIND),
    BRINGS(POST, "/packages", package_post, CREATE, "PostAASXPackage", true, NO_KIND,
        PACKAGE_MEMORY, ROOT_NONE),
    AAS(GET, "/packages/{packageId}", package_get, READ, "GetAASXByPackageId", NO_KIND),
    BRINGS(PUT, "/packages/{packageId}", package_put, UPDATE, "PutAASXByPackageId", true, NO_KIND,
        PACKAGE_MEMORY, ROOT_NONE),
    AAS(DELETE, "/packages/{packageId}", package_delete, DELETE, "DeleteAASXByPackageId", NO_KIND),

    BRINGS(POST, "/upload", upload, CREATE, "Upload", false, NO_KIND, PACKAGE_MEMORY, ROOT_NONE),
    AAS(GET, "/serialization", serialization, READ, "GenerateSerializationByIds", NO_KIND),

#undef BRINGS
#undef ATTACHED
#undef ATTACHMENT
#undef SHOWN
#undef THUMBNAIL
