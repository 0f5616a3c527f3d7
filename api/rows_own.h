/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of the route table, included by api/routes.c: templates, conformance and the server itself.
 */
OWN(GET, "/templates", templates_search, READ, "SearchTemplates", NO_KIND),
    OWN(GET, "/templates/{family}", template_family, READ, "GetTemplateFamily", NO_KIND),
    OWN(GET, "/templates/{family}/versions/{version}", template_version, READ, "GetTemplateVersion",
        NO_KIND),
    OWN(GET, "/templates/{family}/diff", template_diff, READ, "CompareTemplateVersions", NO_KIND),
    OWN(GET, "/submodels/{submodelIdentifier}/$diff", submodel_diff, READ,
        "CompareSubmodelRevisions", REGISTRY_SUBMODEL),
    ROW(POST, "/conformance", conformance, READ, "JudgeDocument", false, NO_KIND, PACKAGE_MEMORY,
        ROOT_NONE),
    AAS(GET, "/description", description, NONE, "GetSelfDescription", NO_KIND),
    OWN(GET, "/openapi.json", openapi, NONE, "GetOpenApi", NO_KIND),
    OWN(GET, "/docs", docs, NONE, "GetDocs", NO_KIND),
    OWN(GET, "/docs/{file}", docs_file, NONE, "GetDocsFile", NO_KIND),
    OWN(GET, "/health", health, NONE, "GetHealth", NO_KIND),
    OWN(GET, "/metrics", metrics, NONE, "GetMetrics", NO_KIND),
    OWN(GET, "/", index_page, NONE, "GetIndexPage", NO_KIND),
