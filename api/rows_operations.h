/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of the route table, included by api/routes.c: invocation of operations. The operation ids of
 * the official files do not all follow one pattern, so each root names its own. */
/* clang-format off */
#define INVOCATION(at, root, sync, sync_value, async, async_value, suffix)                         \
    UNDER(POST, at "/invoke", operation_invoke, EXECUTE, sync, REGISTRY_SUBMODEL, root),           \
    UNDER(POST, at "/invoke/$value", operation_invoke, EXECUTE, sync_value, REGISTRY_SUBMODEL,     \
        root),                                                                                     \
    UNDER(POST, at "/invoke-async", operation_invoke_async, EXECUTE, async, REGISTRY_SUBMODEL,     \
        root),                                                                                     \
    UNDER(POST, at "/invoke-asnyc", operation_invoke_async, EXECUTE, async, REGISTRY_SUBMODEL,     \
        root),                                                                                     \
    UNDER(POST, at "/invoke-async/$value", operation_invoke_async, EXECUTE, async_value,           \
        REGISTRY_SUBMODEL, root),                                                                  \
    UNDER(POST, at "/invoke-asnyc/$value", operation_invoke_async, EXECUTE, async_value,           \
        REGISTRY_SUBMODEL, root),                                                                  \
    UNDER(GET, at "/operation-status/{handleId}", operation_status, READ,                          \
        "GetOperationAsyncStatus" suffix, REGISTRY_SUBMODEL, root),                                \
    UNDER(GET, at "/operation-results/{handleId}", operation_result, READ,                         \
        "GetOperationAsyncResult" suffix, REGISTRY_SUBMODEL, root),                                \
    UNDER(GET, at "/operation-results/{handleId}/$value", operation_result, READ,                  \
        "GetOperationAsyncResult-ValueOnly" suffix, REGISTRY_SUBMODEL, root)
#define INVOKED "/submodel-elements/{idShortPath}"

INVOCATION("/submodels/{submodelIdentifier}" INVOKED, ROOT_NONE, "InvokeOperation_SubmodelRepo",
    "InvokeOperation-ValueOnly_SubmodelRepository", "InvokeOperationAsync_SubmodelRepository",
    "InvokeOperationAsync-ValueOnly_SubmodelRepository", "_SubmodelRepository"),
INVOCATION("/shells/{aasIdentifier}/submodels/{submodelIdentifier}" INVOKED, ROOT_SHELL_SUBMODEL,
    "InvokeOperation_AasRepository", "InvokeOperation-ValueOnly_AasRepository",
    "InvokeOperationAsync_AasRepository", "InvokeOperationAsync-ValueOnly_AasRepository",
    "_AasRepository"),
INVOCATION("/aas/submodels/{submodelIdentifier}" INVOKED, ROOT_AAS_SUBMODEL,
    "InvokeOperationSync_AAS", "InvokeOperationSync-ValueOnly_AAS", "InvokeOperationAsync_AAS",
    "InvokeOperationAsync-ValueOnly_AAS", "_AAS"),
INVOCATION("/submodel" INVOKED, ROOT_SUBMODEL, "InvokeOperation", "InvokeOperationSync-ValueOnly",
    "InvokeOperationAsync", "InvokeOperationAsync-ValueOnly", ""),
/* clang-format on */
#undef INVOCATION
#undef INVOKED
