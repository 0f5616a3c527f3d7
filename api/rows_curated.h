/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of the route table, included by api/routes.c: what is kept beside templates and models. */
OWN(PUT, "/categories/{tree}/{value}", category_put, CURATE, "PutCategory", NO_KIND),
    OWN(DELETE, "/categories/{tree}/{value}", category_delete, CURATE, "DeleteCategory", NO_KIND),
    OWN(GET, "/templates/{family}/tags", tags_get, READ, "GetTemplateTags", NO_KIND),
    OWN(PUT, "/templates/{family}/tags", tags_put, CURATE, "PutTemplateTags", NO_KIND),
    OWN(GET, "/submodels/{submodelIdentifier}/$tags", tags_get, READ, "GetSubmodelTags",
        REGISTRY_SUBMODEL),
    OWN(PUT, "/submodels/{submodelIdentifier}/$tags", tags_put, CURATE, "PutSubmodelTags",
        REGISTRY_SUBMODEL),
    OWN(GET, "/shells/{aasIdentifier}/$tags", tags_get, READ, "GetShellTags", REGISTRY_SHELL),
    OWN(PUT, "/shells/{aasIdentifier}/$tags", tags_put, CURATE, "PutShellTags", REGISTRY_SHELL),
