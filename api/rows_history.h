/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of the route table, included by api/routes.c: histories. */
/* clang-format off */
#define HISTORY(list, one, singular, kind)                                                         \
    OWN(GET, list "/$recent-changes", recent_changes, READ, "GetRecentChanges" singular, kind),    \
        OWN(GET, one "/$annotate", annotate, READ, "Annotate" singular, kind),                     \
        OWN(POST, one "/$history/{revision}/$restore", history_restore, UPDATE,                    \
            "Restore" singular, kind)
/* clang-format on */

HISTORY("/submodels", "/submodels/{submodelIdentifier}", "Submodel", REGISTRY_SUBMODEL),
    HISTORY("/shells", "/shells/{aasIdentifier}", "AssetAdministrationShell", REGISTRY_SHELL),
    HISTORY("/concept-descriptions", "/concept-descriptions/{cdIdentifier}", "ConceptDescription",
        REGISTRY_CONCEPT_DESCRIPTION),
    OWN(GET, "/shells/{aasIdentifier}/$diff", revision_diff, READ,
        "CompareAssetAdministrationShellRevisions", REGISTRY_SHELL),
    OWN(GET, "/concept-descriptions/{cdIdentifier}/$diff", revision_diff, READ,
        "CompareConceptDescriptionRevisions", REGISTRY_CONCEPT_DESCRIPTION),
    OWN(GET, "/history", history_export, READ, "ExportHistory", NO_KIND),
    OWN(GET, "/submodels/{submodelIdentifier}/submodel-elements/{idShortPath}/$history",
        value_history, READ, "GetValueHistory", REGISTRY_SUBMODEL),
