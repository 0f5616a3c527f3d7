/* SPDX-License-Identifier: Apache-2.0 */
#include "api/routes.h"

#include "api/handlers.h"
#include "api/metrics.h"

/* One row: method, address, handler, right, operation id. */
#define ROW(method_, pattern_, handler_, right_, operation_, standard_, kind_, memory_, root_)     \
    {                                                                                              \
        .method = API_##method_, .pattern = pattern_, .handler = handle_##handler_,                \
        .right = RIGHT_##right_, .operation = operation_, .standard = standard_, .kind = kind_,    \
        .memory = memory_, .root = root_                                                           \
    }
#define AAS(method, pattern, handler, right, operation, kind)                                      \
    ROW(method, pattern, handler, right, operation, true, kind, 0, ROOT_NONE)
#define OWN(method, pattern, handler, right, operation, kind)                                      \
    ROW(method, pattern, handler, right, operation, false, kind, 0, ROOT_NONE)

/* What stands below one of several roots (enum api_root): address and root come from EACH_…. */
#define UNDER(method, pattern, handler, right, operation, kind, root)                              \
    ROW(method, pattern, handler, right, operation, true, kind, 0, root)

/* The rows of ROWS(address of a submodel, root, suffix of the operation ids) for every root. */
#define EACH_SUBMODEL(ROWS)                                                                        \
    ROWS("/submodels/{submodelIdentifier}", ROOT_NONE, "_SubmodelRepository")                      \
    ROWS("/shells/{aasIdentifier}/submodels/{submodelIdentifier}", ROOT_SHELL_SUBMODEL,            \
        "_AasRepository")                                                                          \
    ROWS("/aas/submodels/{submodelIdentifier}", ROOT_AAS_SUBMODEL, "_AAS")                         \
    ROWS("/submodel", ROOT_SUBMODEL, "")
/* The same for a shell. */
#define EACH_SHELL(ROWS)                                                                           \
    ROWS("/shells/{aasIdentifier}", ROOT_NONE, "_AasRepository")                                   \
    ROWS("/aas", ROOT_AAS, "")

#define NO_KIND ((enum registry_kind)0)

/* Packages are small outside and large inside. */
#define PACKAGE_MEMORY ((size_t)512 << 20)

static const struct api_route routes[] = {
#include "api/rows_tree.h"
#include "api/rows_files.h"
#include "api/rows_registry.h"
#include "api/rows_operations.h"
#include "api/rows_history.h"
#include "api/rows_own.h"
#include "api/rows_templates.h"
#include "api/rows_curated.h"
#include "api/rows_proposals.h"
#include "api/rows_users.h"
};

enum { ROUTE_COUNT = sizeof routes / sizeof *routes };
_Static_assert((int)ROUTE_COUNT <= (int)METRICS_MAX_ROUTES, "every route has its counters");

const struct api_route *api_routes(size_t *count)
{
    *count = ROUTE_COUNT;
    return routes;
}

size_t api_route_index(const struct api_route *route)
{
    return (size_t)(route - routes);
}
