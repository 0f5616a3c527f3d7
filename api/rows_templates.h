/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of the route table, included by api/routes.c: the life of template versions. */
/* clang-format off */
#define VERSION "/templates/{family}/versions/{version}"
#define STEP(name, right, operation)                                                               \
    OWN(POST, VERSION "/$" #name, template_##name, right, operation, REGISTRY_TEMPLATE_VERSION)

OWN(POST, "/templates", template_create, CREATE, "CreateTemplate", NO_KIND),
OWN(GET, "/templates/$recent-changes", recent_changes, READ, "GetRecentChangesTemplate",
    REGISTRY_TEMPLATE_VERSION),
OWN(GET, "/templates/{family}/versions", template_family, READ, "GetTemplateVersions", NO_KIND),
OWN(POST, "/templates/{family}/versions", template_version_create, CREATE,
    "CreateTemplateVersion", REGISTRY_TEMPLATE_VERSION),
OWN(PUT, VERSION, template_version_put, UPDATE, "PutTemplateVersion", REGISTRY_TEMPLATE_VERSION),
OWN(DELETE, VERSION, template_version_delete, DELETE, "DeleteTemplateVersion",
    REGISTRY_TEMPLATE_VERSION),
STEP(submit, UPDATE, "SubmitTemplateVersion"),
STEP(recall, UPDATE, "RecallTemplateVersion"),
STEP(approve, REVIEW, "ApproveTemplateVersion"),
STEP(reject, REVIEW, "RejectTemplateVersion"),
STEP(publish, PUBLISH, "PublishTemplateVersion"),
STEP(deprecate, PUBLISH, "DeprecateTemplateVersion"),
STEP(withdraw, PUBLISH, "WithdrawTemplateVersion"),
STEP(rebase, UPDATE, "RebaseTemplateVersion"),
OWN(GET, VERSION "/$gate", template_gate, READ, "GetTemplateVersionGate",
    REGISTRY_TEMPLATE_VERSION),
OWN(GET, VERSION "/$history", history_list, READ, "GetTemplateVersionHistory",
    REGISTRY_TEMPLATE_VERSION),
OWN(GET, VERSION "/$history/{revision}", history_revision, READ, "GetTemplateVersionRevision",
    REGISTRY_TEMPLATE_VERSION),
OWN(POST, VERSION "/$history/{revision}/$restore", template_restore, UPDATE,
    "RestoreTemplateVersion", REGISTRY_TEMPLATE_VERSION),
#undef STEP
#undef VERSION
    /* clang-format on */
