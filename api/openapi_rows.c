/* SPDX-License-Identifier: Apache-2.0 */
/* What the route table does not say about operations: one row for each handler and form. */
#include "api/openapi.h"

#include <string.h>

#include "api/handlers.h"

/* ------------------------------------------------------------------ parameters */

#define PATH(name, schema, text)                                                                   \
    {                                                                                              \
        name, name, "path", schema, text                                                           \
    }
#define QUERY(name, schema, text)                                                                  \
    {                                                                                              \
        name, name, "query", schema, text                                                          \
    }
#define ENCODED "{\"type\":\"string\",\"pattern\":\"^[A-Za-z0-9_-]+$\"}"
#define STRING "{\"type\":\"string\",\"minLength\":1}"
#define NUMBER "{\"type\":\"integer\",\"minimum\":1}"
#define YES_NO "{\"type\":\"boolean\"}"
#define TIME "{\"type\":\"string\",\"format\":\"date-time\"}"
#define MANY "{\"type\":\"array\",\"items\":" ENCODED "}"

static const struct {
    const char *key; /* in the document: two places can have a parameter of one name */
    const char *name;
    const char *in;
    const char *schema;
    const char *text;
} parameters[] = {
    PATH("aasIdentifier", ENCODED, "Id of the shell, base64url without padding"),
    PATH("submodelIdentifier", ENCODED, "Id of the submodel, base64url without padding"),
    PATH("cdIdentifier", ENCODED, "Id of the concept description, base64url without padding"),
    PATH("packageId", ENCODED, "Id of the package, base64url without padding"),
    PATH("idShortPath", STRING, "Path of idShorts, as in Motor.Phases[0]; percent-encoded"),
    PATH("handleId", ENCODED, "Handle of the invocation, base64url without padding"),
    PATH("revision", NUMBER, "Number of the revision"),
    PATH("family", STRING, "Name of the template family"),
    PATH("userName", STRING, "Name of the user"),
    PATH("tokenName", STRING, "Name of the token"),
    PATH("file", STRING, "Name of the file"),
    PATH("proposal", NUMBER, "Number of the proposal"),
    QUERY("author", STRING, "Only by this author"),
    QUERY("message", STRING, "Why, kept with the history"),
    PATH("tree",
        "{\"type\":\"string\",\"enum\":[\"category\",\"equipment\",\"process\",\"phase\"]}",
        "Tree of values"),
    PATH("value", STRING, "Value in the tree"),
    PATH("version", STRING, "Version of the template"),
    QUERY("limit", NUMBER, "Things on a page at most"),
    QUERY("cursor", STRING, "Where the page begins: from the page before"),
    QUERY("level", "{\"type\":\"string\",\"enum\":[\"deep\",\"core\"]}",
        "Whole, or with direct children only"),
    QUERY("extent", "{\"type\":\"string\",\"enum\":[\"withBlobValue\",\"withoutBlobValue\"]}",
        "With or without the content of Blob elements"),
    QUERY("idShort", STRING, "Only with this idShort"),
    QUERY("semanticId", ENCODED, "Only with this semantic id: a Reference, base64url"),
    QUERY("assetIds", MANY, "Only for these assets: SpecificAssetId objects, base64url"),
    QUERY("isCaseOf", ENCODED, "Only those that are a case of this: a Reference, base64url"),
    QUERY("dataSpecificationRef", ENCODED,
        "Only with this data specification: a Reference, base64url"),
    QUERY("assetKind", "{\"$ref\":\"#/components/schemas/AssetKind\"}", "Only of this kind"),
    QUERY("assetType", ENCODED, "Only of this asset type, base64url"),
    QUERY("aasId", ENCODED, "Only packages with this shell, base64url"),
    QUERY("aasIds", MANY, "Ids of shells, base64url"),
    QUERY("submodelIds", MANY, "Ids of submodels, base64url"),
    QUERY("includeConceptDescriptions", YES_NO, "With the concept descriptions referred to"),
    QUERY("ignore-duplicates", YES_NO, "What is there already stays as it is"),
    QUERY("drafts", YES_NO, "Templates come in as drafts, not as published"),
    QUERY("strict", YES_NO, "Warnings are errors, findings refuse"),
    QUERY("format", STRING, "Form of the report: json, junit, sarif, text"),
    QUERY("language", STRING, "Language of the texts: en, ko, de"),
    QUERY("metamodel", STRING, "3.0, 3.1 or any"),
    QUERY("as", STRING, "Class of the document when it does not say it itself"),
    QUERY("id", STRING, "An id as it is, percent-encoded"),
    QUERY("q", STRING, "Words to search for"),
    QUERY("newest", YES_NO, "Only the newest version of each family"),
    QUERY("category", STRING, "Only of this category"),
    QUERY("kind", STRING, "Only of this kind: template, submodel, shell, concept description"),
    {"search-family", "family", "query", STRING, "Only of this template family"},
    {"search-language", "language", "query", STRING, "Only with texts in this language"},
    QUERY("equipment", STRING, "Only for this type of equipment"),
    QUERY("process", STRING, "Only for this process"),
    QUERY("phase", STRING, "Only for this phase of the life cycle"),
    QUERY("dictionary", STRING, "Only with ids out of this dictionary"),
    QUERY("facets", YES_NO, "With how many hits each value of a facet has"),
    QUERY("sort", STRING, "relevance, name, date or uses (most used first)"),
    QUERY("state", STRING, "Only in this state"),
    QUERY("publisher", STRING, "Only from this publisher"),
    QUERY("structure", STRING, "Only with elements of this kind"),
    QUERY("from", STRING, "The older side, or the beginning"),
    QUERY("to", STRING, "The newer side, or the end; the newest when absent"),
    QUERY("buckets", NUMBER, "Into so many stretches of time the values are put together"),
    QUERY("mode", STRING, "exact, value, ignore-version or supplemental"),
    QUERY("rows", YES_NO, "With a row for each element"),
    QUERY("date", TIME, "As it was then"),
    {"upTo", "revision", "query", NUMBER, "Number of the revision up to which is looked at"},
    QUERY("createdFrom", TIME, "Only what was created since"),
    QUERY("updatedFrom", TIME, "Only what was changed since"),
    {"If-Match", "If-Match", "header", STRING, "Only when it is still the one with this ETag"},
};

bool openapi_has_parameter(const char *name, size_t len)
{
    for (size_t i = 0; i < sizeof parameters / sizeof *parameters; i++) {
        if (strlen(parameters[i].key) == len && memcmp(parameters[i].key, name, len) == 0) {
            return true;
        }
    }
    return false;
}

void openapi_write_parameters(struct buf *buf)
{
    buf_add_text(buf, "\"parameters\":{");
    for (size_t i = 0; i < sizeof parameters / sizeof *parameters; i++) {
        bool path = strcmp(parameters[i].in, "path") == 0;
        buf_printf(buf,
            "%s\"%s\":{\"name\":\"%s\",\"in\":\"%s\"%s,\"description\":\"%s\",\"schema\":%s}",
            i > 0 ? "," : "", parameters[i].key, parameters[i].name, parameters[i].in,
            path ? ",\"required\":true" : "", parameters[i].text, parameters[i].schema);
    }
    buf_add_char(buf, '}');
}

/* ------------------------------------------------------------------ operations */

#define ANY_FORM ""
#define PAGED "limit cursor"
#define FILTERS                                                                                    \
    "shell:assetIds submodel:semanticId idShort concept:isCaseOf concept:dataSpecificationRef "    \
    "limit cursor"
#define FORMS_OF_SUBMODEL "submodel:level submodel:extent"
#define FORMS "level extent"
#define SEARCH                                                                                     \
    "q kind search-family category equipment process phase dictionary state publisher structure "  \
    "search-language newest facets sort limit cursor"
#define NONE NULL

static const struct openapi_row rows[] = {
    {handle_identifiables_list, "/$metadata", "Lists metadata", FILTERS, NONE, "200",
        "page:Metadata"},
    {handle_identifiables_list, "/$value", "Lists values", FILTERS " " FORMS_OF_SUBMODEL, NONE,
        "200", "page:ValueOnly"},
    {handle_identifiables_list, "/$reference", "Lists references", FILTERS " submodel:level", NONE,
        "200", "page:Reference"},
    {handle_identifiables_list, "/$path", "Lists idShort paths", FILTERS " level", NONE, "200",
        "page:PathItem"},
    {handle_identifiables_list, ANY_FORM, "Lists what is stored", FILTERS " " FORMS_OF_SUBMODEL,
        NONE, "200", "page:KIND"},
    {handle_identifiable_get, ANY_FORM, "Reads one", FORMS_OF_SUBMODEL, NONE, "200", "KIND xml"},
    {handle_identifiable_post, ANY_FORM, "Stores a new one", "", "KIND xml", "201", "KIND"},
    {handle_identifiable_put, ANY_FORM, "Stores or replaces one", "submodel:level", "KIND xml",
        "201 204", "KIND"},
    {handle_identifiable_delete, ANY_FORM, "Removes one", "", NONE, "204", NONE},
    {handle_content_value, ANY_FORM, "Reads the values alone", FORMS, NONE, "200", "ValueOnly"},
    {handle_content_value_patch, ANY_FORM, "Changes values", "level", "ValueOnly", "204", NONE},
    {handle_content_metadata, ANY_FORM, "Reads everything but the values", "", NONE, "200",
        "Metadata"},
    {handle_content_patch, "/$metadata", "Changes everything but the values", "level", "Metadata",
        "204", NONE},
    {handle_content_patch, ANY_FORM, "Changes in part", "level", "any", "204", NONE},
    {handle_content_reference, ANY_FORM, "Reads the reference to it", "submodel:level", NONE, "200",
        "Reference"},
    {handle_content_paths, ANY_FORM, "Lists the idShort paths in it", "level", NONE, "200",
        "[PathItem]"},
    {handle_elements_list, "/$metadata", "Lists metadata of the elements", PAGED, NONE, "200",
        "page:Metadata"},
    {handle_elements_list, "/$value", "Lists values of the elements", PAGED " " FORMS, NONE, "200",
        "page:ValueOnly"},
    {handle_elements_list, "/$reference", "Lists references to the elements", PAGED " level", NONE,
        "200", "page:Reference"},
    {handle_elements_list, "/$path", "Lists idShort paths of the elements", PAGED " level", NONE,
        "200", "page:PathItem"},
    {handle_elements_list, ANY_FORM, "Lists the elements", PAGED " " FORMS, NONE, "200",
        "page:SubmodelElement"},
    {handle_element_get, ANY_FORM, "Reads an element", FORMS, NONE, "200", "SubmodelElement xml"},
    {handle_element_post, ANY_FORM, "Adds an element", "", "SubmodelElement xml", "201",
        "SubmodelElement"},
    {handle_element_put, ANY_FORM, "Adds, replaces or renames an element", "level",
        "SubmodelElement xml", "201 204", "SubmodelElement"},
    {handle_element_delete, ANY_FORM, "Removes an element", "", NONE, "204", NONE},
    {handle_shell_submodel_put, ANY_FORM, "Stores a submodel and refers to it", "level", "KIND xml",
        "201 204", "KIND"},
    {handle_shell_submodel_delete, ANY_FORM, "Removes a submodel and the reference to it", "", NONE,
        "204", NONE},
    {handle_asset_information_get, ANY_FORM, "Reads what is known of the asset", "", NONE, "200",
        "AssetInformation"},
    {handle_asset_information_put, ANY_FORM, "Replaces what is known of the asset", "",
        "AssetInformation xml", "204", NONE},
    {handle_submodel_refs_list, ANY_FORM, "Lists the references to submodels", PAGED, NONE, "200",
        "page:Reference"},
    {handle_submodel_refs_post, ANY_FORM, "Adds a reference to a submodel", "", "Reference xml",
        "201", "Reference"},
    {handle_submodel_refs_delete, ANY_FORM, "Removes a reference to a submodel", "", NONE, "204",
        NONE},
    {handle_operation_invoke, "/$value", "Invokes an operation, by value", "",
        "OperationRequestValueOnly", "200", "OperationResultValueOnly"},
    {handle_operation_invoke, ANY_FORM, "Invokes an operation and waits for its result", "",
        "OperationRequest", "200", "OperationResult"},
    {handle_operation_invoke_async, "/$value", "Invokes an operation in the background, by value",
        "", "OperationRequestValueOnly", "202", NONE},
    {handle_operation_invoke_async, ANY_FORM, "Invokes an operation in the background", "",
        "OperationRequest", "202", NONE},
    {handle_operation_status, ANY_FORM, "Says how far an invocation is", "", NONE, "200 302",
        "BaseOperationResult"},
    {handle_operation_result, "/$value", "Gives the values of an invocation's result", "", NONE,
        "200", "OperationResultValueOnly"},
    {handle_operation_result, ANY_FORM, "Gives the result of an invocation", "", NONE, "200",
        "OperationResult"},
    {handle_query_refused, ANY_FORM, "Queries (answered with 501 so far)", PAGED, "Query", "200",
        "any"},
    {handle_history_list, ANY_FORM, "Lists the revisions", PAGED " date", NONE, "200", "any"},
    {handle_history_revision, ANY_FORM, "Reads it as it was", "", NONE, "200", "KIND"},
    {handle_history_restore, ANY_FORM,
        "Makes an old revision the newest; the body tells which of its files were not kept", "",
        NONE, "200 204", "any"},
    {handle_annotate, ANY_FORM, "Says for each element who changed it last", "revision", NONE,
        "200", "any"},
    {handle_recent_changes, ANY_FORM, "Lists what changed lately",
        "createdFrom updatedFrom limit cursor", NONE, "200", "any"},
    {handle_history_export, ANY_FORM, "Gives the history as lines of JSON",
        "kind id from to limit cursor", NONE, "200", "any"},
    {handle_revision_diff, ANY_FORM, "Compares revisions, attribute by attribute", "from to", NONE,
        "200", "any"},
    {handle_value_history, ANY_FORM, "Lists the values an element had",
        "from to buckets limit cursor", NONE, "200", "any"},
    {handle_templates_search, ANY_FORM, "Searches the template families", SEARCH, NONE, "200",
        "any"},
    {handle_search, ANY_FORM, "Searches templates, models and concept descriptions", SEARCH, NONE,
        "200", "any"},
    {handle_suggestions, ANY_FORM, "Suggests titles while somebody is typing", SEARCH, NONE, "200",
        "any"},
    {handle_categories, ANY_FORM, "Lists the values of tags", "", NONE, "200", "any"},
    {handle_category_tree, ANY_FORM, "Lists the values of a tree", "", NONE, "200", "any"},
    {handle_category_get, ANY_FORM, "Reads a value of tags", "", NONE, "200", "any"},
    {handle_category_put, ANY_FORM, "Adds or changes a value of tags", "", "any", "200", "any"},
    {handle_category_delete, ANY_FORM, "Removes a value of tags", "", NONE, "204", NONE},
    {handle_tags_get, ANY_FORM, "Reads tags and names beside the content", "", NONE, "200", "any"},
    {handle_tags_put, ANY_FORM, "Replaces tags and names beside the content", "", "any", "200",
        "any"},
    {handle_tags_history, ANY_FORM, "Lists who changed tags and names, when and how", PAGED, NONE,
        "200", "any"},
    {handle_model_tags_history, ANY_FORM, "Lists who changed tags and names, when and how", PAGED,
        NONE, "200", "any"},
    {handle_category_history, ANY_FORM, "Lists who changed a value of tags, when and how", PAGED,
        NONE, "200", "any"},
    {handle_categories_history, ANY_FORM, "Lists who changed values of tags, when and how", PAGED,
        NONE, "200", "any"},
    {handle_semantic_id_lookup, ANY_FORM, "Lists what uses a semantic id, and as what",
        "semanticId id mode limit cursor", NONE, "200", "any"},
    {handle_template_family, ANY_FORM, "Lists the versions of a family", "", NONE, "200", "any"},
    {handle_template_version, ANY_FORM, "Reads a version of a template", "", NONE, "200",
        "Environment xml"},
    {handle_proposals_list, ANY_FORM, "Lists proposals, newest first",
        "search-family author state limit cursor", NONE, "200", "any"},
    {handle_proposal_get, ANY_FORM, "Reads a proposal", "", NONE, "200", "any"},
    {handle_proposal_content, ANY_FORM, "Reads what is proposed", "", NONE, "200", "Environment"},
    {handle_proposal_diff, ANY_FORM, "Compares a proposal with the version it is about",
        "mode language rows", NONE, "200", "any"},
    {handle_proposal_make, ANY_FORM, "Proposes a change of a template", "message",
        "Environment xml", "201", "any"},
    {handle_proposal_accept, ANY_FORM, "Accepts a proposal into a draft", "", "any", "200", "any"},
    {handle_proposal_refuse, ANY_FORM, "Refuses a proposal, with a reason", "", "any", "200",
        "any"},
    {handle_proposal_take_back, ANY_FORM, "Takes a proposal back", "", "any", "200", "any"},
    {handle_template_create, ANY_FORM, "Makes the first draft of a template", "family version",
        "Environment xml", "201", "any"},
    {handle_template_version_create, ANY_FORM,
        "Makes a draft, from a version of the family (from, version) or a body", "version", "any",
        "201", "any"},
    {handle_template_version_put, ANY_FORM, "Replaces the content of a draft", "",
        "Environment xml", "200", "any"},
    {handle_template_version_delete, ANY_FORM, "Takes a draft away", "", NONE, "204", NONE},
    {handle_template_submit, ANY_FORM, "Gives a draft to the reviewers", "", "?Reason", "200",
        "any"},
    {handle_template_recall, ANY_FORM, "Makes what is in review a draft again", "", "?Reason",
        "200", "any"},
    {handle_template_approve, ANY_FORM, "Approves what is in review", "", "?Reason", "200", "any"},
    {handle_template_reject, ANY_FORM, "Gives a draft back, with a reason", "", "?Reason", "200",
        "any"},
    {handle_template_publish, ANY_FORM, "Publishes a version when nothing is missing", "",
        "?Publication", "200", "any"},
    {handle_template_deprecate, ANY_FORM, "Names what is to be used instead", "", "?Deprecation",
        "200", "any"},
    {handle_template_withdraw, ANY_FORM, "Withdraws a version", "", "?Reason", "200", "any"},
    {handle_template_rebase, ANY_FORM, "Says what a draft follows", "", "?Rebase", "200", "any"},
    {handle_template_gate, ANY_FORM, "Lists what is missing to publish", "", NONE, "200", "any"},
    {handle_template_restore, ANY_FORM, "Makes an old content of a draft the newest one", "", NONE,
        "200", "any"},
    {handle_template_diff, ANY_FORM, "Compares versions of a template",
        "from to mode language rows", NONE, "200", "any"},
    {handle_submodel_diff, ANY_FORM, "Compares revisions of a submodel",
        "from to mode language rows", NONE, "200", "any"},
    {handle_conformance, ANY_FORM, "Judges a document without storing it",
        "format language metamodel as strict", "form", "200", "any"},
    {handle_attachment_get, ANY_FORM, "Reads the file of a File element", "", NONE, "200", "bytes"},
    {handle_attachment_put, ANY_FORM, "Stores the file of a File element", "", "form", "204", NONE},
    {handle_attachment_delete, ANY_FORM, "Removes the file of a File element", "", NONE, "200",
        NONE},
    {handle_thumbnail_get, ANY_FORM, "Reads the thumbnail", "", NONE, "200", "bytes"},
    {handle_thumbnail_put, ANY_FORM, "Stores the thumbnail", "", "form", "204", NONE},
    {handle_thumbnail_delete, ANY_FORM, "Removes the thumbnail", "", NONE, "204", NONE},
    {handle_packages_list, ANY_FORM, "Lists the packages", "aasId limit cursor", NONE, "200",
        "page:PackageDescription"},
    {handle_package_post, ANY_FORM, "Stores a new package", "", "form", "201",
        "PackageDescription"},
    {handle_package_get, ANY_FORM, "Reads a package", "", NONE, "200", "package"},
    {handle_package_put, ANY_FORM, "Stores or replaces a package", "", "form", "201 204",
        "PackageDescription"},
    {handle_package_delete, ANY_FORM, "Removes a package", "", NONE, "204", NONE},
    {handle_descriptors_list, ANY_FORM, "Lists the descriptors",
        "shell:assetKind shell:assetType limit cursor", NONE, "200", "page:DESCRIPTOR"},
    {handle_descriptor_get, ANY_FORM, "Reads a descriptor", "", NONE, "200", "DESCRIPTOR"},
    {handle_descriptor_post, ANY_FORM, "Registers a new descriptor", "", "DESCRIPTOR", "201",
        "DESCRIPTOR"},
    {handle_descriptor_put, ANY_FORM, "Registers or replaces a descriptor", "", "DESCRIPTOR",
        "201 204", "DESCRIPTOR"},
    {handle_descriptor_delete, ANY_FORM, "Removes a descriptor", "", NONE, "204", NONE},
    {handle_inner_descriptors_list, ANY_FORM, "Lists the submodel descriptors of a shell", PAGED,
        NONE, "200", "page:SubmodelDescriptor"},
    {handle_inner_descriptor_get, ANY_FORM, "Reads a submodel descriptor of a shell", "", NONE,
        "200", "SubmodelDescriptor"},
    {handle_inner_descriptor_post, ANY_FORM, "Registers a submodel of a shell", "",
        "SubmodelDescriptor", "201", "SubmodelDescriptor"},
    {handle_inner_descriptor_put, ANY_FORM, "Registers or replaces a submodel of a shell", "",
        "SubmodelDescriptor", "201 204", "SubmodelDescriptor"},
    {handle_inner_descriptor_delete, ANY_FORM, "Removes a submodel descriptor of a shell", "", NONE,
        "204", NONE},
    {handle_lookup_shells, ANY_FORM, "Lists the shells of an asset", "assetIds limit cursor", NONE,
        "200", "page:Identifier"},
    {handle_lookup_by_links, ANY_FORM, "Lists the shells of an asset", PAGED, "[AssetLink]", "200",
        "page:Identifier"},
    {handle_links_get, ANY_FORM, "Lists the asset links of a shell", "", NONE, "200",
        "[SpecificAssetId]"},
    {handle_links_post, ANY_FORM, "Replaces the asset links of a shell", "", "[SpecificAssetId]",
        "201", "[SpecificAssetId]"},
    {handle_links_delete, ANY_FORM, "Removes the asset links of a shell", "", NONE, "204", NONE},
    {handle_bulk_post, ANY_FORM, "Registers many, all or none", "", "[DESCRIPTOR]", "202", NONE},
    {handle_bulk_put, ANY_FORM, "Registers or replaces many, all or none", "", "[DESCRIPTOR]",
        "202", NONE},
    {handle_bulk_delete, ANY_FORM, "Removes many, all or none", "", "[Identifier]", "202", NONE},
    {handle_bulk_status, ANY_FORM, "Says how far it is", "", NONE, "200 302",
        "BaseOperationResult"},
    {handle_bulk_result, ANY_FORM, "Says how it ended", "", NONE, "204", NONE},
    {handle_upload, ANY_FORM, "Imports a JSON, XML or AASX file", "ignore-duplicates strict drafts",
        "form", "201", "any"},
    {handle_serialization, ANY_FORM, "Writes shells and submodels into one file",
        "aasIds submodelIds includeConceptDescriptions", NONE, "200", "Environment xml package"},
    {handle_whoami, ANY_FORM, "Says as whom one is known, and with which roles", "", NONE, "200",
        "WhoAmI"},
    {handle_own_password_put, ANY_FORM, "Changes one's own password", "", "OwnPassword", "204",
        NONE},
    {handle_users_list, ANY_FORM, "Lists the users", PAGED, NONE, "200", "page:User"},
    {handle_user_post, ANY_FORM, "Makes a user", "", "NewUser", "201", "User"},
    {handle_user_get, ANY_FORM, "Reads a user", "", NONE, "200", "User"},
    {handle_user_patch, ANY_FORM, "Gives a user other roles, disables or enables", "", "UserChange",
        "200", "User"},
    {handle_user_delete, ANY_FORM,
        "Removes a user with all tokens; the history keeps the name, which nobody gets again", "",
        NONE, "204", NONE},
    {handle_user_password_put, ANY_FORM, "Sets the password of a user", "", "NewPassword", "200",
        "User"},
    {handle_tokens_list, ANY_FORM, "Lists the tokens: one's own, for administrators all", PAGED,
        NONE, "200", "page:Token"},
    {handle_token_post, ANY_FORM,
        "Makes a token for oneself, or as an administrator for anybody; its secret is in this "
        "answer "
        "only",
        "", "NewToken", "201", "Token"},
    {handle_token_get, ANY_FORM,
        "Reads a token of one's own, for administrators any, without its secret", "", NONE, "200",
        "Token"},
    {handle_token_delete, ANY_FORM, "Revokes a token of one's own, for administrators any", "",
        NONE, "204", NONE},
    {handle_description, ANY_FORM, "Lists the service profiles offered", "", NONE, "200",
        "ServiceDescription"},
    {handle_openapi, ANY_FORM, "This document", "", NONE, "200", "any"},
    {handle_docs, ANY_FORM, "The page that shows this document", "", NONE, "200 302", "html"},
    {handle_docs_file, ANY_FORM, "A file of that page", "", NONE, "200", "bytes"},
    {handle_health, ANY_FORM, "Says that the server is well", "", NONE, "200", "any"},
    {handle_metrics, ANY_FORM, "Metrics for Prometheus", "", NONE, "200", "text"},
    {handle_index_page, ANY_FORM, "The page at the root", "", NONE, "200", "html"},
};

static bool is_for(const char *word, size_t len, const struct api_route *route)
{
    static const struct {
        const char *name;
        enum registry_kind kind;
    } kinds[] = {{"shell:", REGISTRY_SHELL}, {"submodel:", REGISTRY_SUBMODEL},
        {"concept:", REGISTRY_CONCEPT_DESCRIPTION}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strlen(kinds[i].name) == len && memcmp(kinds[i].name, word, len) == 0) {
            return route->kind == kinds[i].kind;
        }
    }
    return false;
}

const char *openapi_next_parameter(const char **at, const struct api_route *route, size_t *len)
{
    while (**at != '\0') {
        const char *word = *at;
        *len = strcspn(word, " ");
        *at = word + *len + (word[*len] == ' ' ? 1 : 0);
        const char *colon = memchr(word, ':', *len);
        if (colon == NULL) {
            return word;
        }
        size_t kind = (size_t)(colon - word) + 1;
        if (is_for(word, kind, route)) {
            *len -= kind;
            return word + kind;
        }
    }
    return NULL;
}

const struct openapi_row *openapi_row_of(const struct api_route *route)
{
    size_t len = strlen(route->pattern);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t ending = strlen(rows[i].ending);
        if (rows[i].handler == route->handler && ending <= len &&
            strcmp(route->pattern + len - ending, rows[i].ending) == 0) {
            return &rows[i];
        }
    }
    return NULL;
}
