/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_HANDLERS_H
#define JIG_API_HANDLERS_H
/*
 * The operations, one function each, as named in the route table (api/routes.c). A handler fills
 * the response or returns an error with a sentence; what it has put into the response by then is
 * dropped. `request->route->kind` says what the identifiable operations are about.
 */
#include "api/http.h"

#define API_HANDLERS(X)                                                                            \
    /* identifiables.c */                                                                          \
    X(identifiables_list)                                                                          \
    X(identifiable_get)                                                                            \
    X(identifiable_post)                                                                           \
    X(identifiable_put)                                                                            \
    X(identifiable_delete)                                                                         \
    /* contents.c */                                                                               \
    X(content_value)                                                                               \
    X(content_metadata)                                                                            \
    X(content_reference)                                                                           \
    X(content_paths)                                                                               \
    X(content_value_patch)                                                                         \
    /* patch.c */                                                                                  \
    X(content_patch)                                                                               \
    /* elements.c */                                                                               \
    X(elements_list)                                                                               \
    X(element_get)                                                                                 \
    /* elements_change.c */                                                                        \
    X(element_post)                                                                                \
    X(element_put)                                                                                 \
    X(element_delete)                                                                              \
    /* shell_submodels.c */                                                                        \
    X(shell_submodel_put)                                                                          \
    X(shell_submodel_delete)                                                                       \
    /* shells.c */                                                                                 \
    X(asset_information_get)                                                                       \
    X(asset_information_put)                                                                       \
    X(submodel_refs_list)                                                                          \
    X(submodel_refs_post)                                                                          \
    X(submodel_refs_delete)                                                                        \
    /* history.c */                                                                                \
    X(history_list)                                                                                \
    X(history_revision)                                                                            \
    X(history_restore)                                                                             \
    X(annotate)                                                                                    \
    X(value_history)                                                                               \
    X(recent_changes)                                                                              \
    X(history_export)                                                                              \
    X(revision_diff)                                                                               \
    /* template_routes.c */                                                                        \
    X(template_family)                                                                             \
    X(template_version)                                                                            \
    /* search_routes.c */                                                                          \
    X(semantic_id_lookup)                                                                          \
    X(search)                                                                                      \
    X(suggestions)                                                                                 \
    X(categories)                                                                                  \
    X(templates_search)                                                                            \
    /* diff.c */                                                                                   \
    X(template_diff)                                                                               \
    X(submodel_diff)                                                                               \
    /* conformance_routes.c */                                                                     \
    X(conformance)                                                                                 \
    /* attachments.c */                                                                            \
    X(attachment_get)                                                                              \
    X(attachment_put)                                                                              \
    X(attachment_delete)                                                                           \
    X(thumbnail_get)                                                                               \
    X(thumbnail_put)                                                                               \
    X(thumbnail_delete)                                                                            \
    /* packages.c */                                                                               \
    X(packages_list)                                                                               \
    X(package_post)                                                                                \
    X(package_get)                                                                                 \
    X(package_put)                                                                                 \
    X(package_delete)                                                                              \
    /* upload.c */                                                                                 \
    X(upload)                                                                                      \
    /* serialization.c */                                                                          \
    X(serialization)                                                                               \
    /* descriptors.c */                                                                            \
    X(descriptors_list)                                                                            \
    X(descriptor_get)                                                                              \
    X(descriptor_post)                                                                             \
    X(descriptor_put)                                                                              \
    X(descriptor_delete)                                                                           \
    /* descriptors_inner.c */                                                                      \
    X(inner_descriptors_list)                                                                      \
    X(inner_descriptor_get)                                                                        \
    X(inner_descriptor_post)                                                                       \
    X(inner_descriptor_put)                                                                        \
    X(inner_descriptor_delete)                                                                     \
    /* lookup.c */                                                                                 \
    X(lookup_shells)                                                                               \
    X(lookup_by_links)                                                                             \
    X(links_get)                                                                                   \
    X(links_post)                                                                                  \
    X(links_delete)                                                                                \
    /* proposals.c, diff.c */                                                                      \
    X(proposals_list)                                                                              \
    X(proposal_get)                                                                                \
    X(proposal_content)                                                                            \
    X(proposal_make)                                                                               \
    X(proposal_accept)                                                                             \
    X(proposal_refuse)                                                                             \
    X(proposal_take_back)                                                                          \
    X(proposal_diff)                                                                               \
    /* curated_routes.c */                                                                         \
    X(category_put)                                                                                \
    X(category_delete)                                                                             \
    X(category_tree)                                                                               \
    X(category_get)                                                                                \
    X(tags_get)                                                                                    \
    X(tags_put)                                                                                    \
    /* curated_history.c */                                                                        \
    X(tags_history)                                                                                \
    X(model_tags_history)                                                                          \
    X(category_history)                                                                            \
    X(categories_history)                                                                          \
    /* template_life.c */                                                                          \
    X(template_create)                                                                             \
    X(template_version_create)                                                                     \
    X(template_version_put)                                                                        \
    X(template_version_delete)                                                                     \
    X(template_submit)                                                                             \
    X(template_recall)                                                                             \
    X(template_approve)                                                                            \
    X(template_reject)                                                                             \
    X(template_publish)                                                                            \
    X(template_deprecate)                                                                          \
    X(template_withdraw)                                                                           \
    X(template_rebase)                                                                             \
    X(template_gate)                                                                               \
    X(template_restore)                                                                            \
    /* bulk.c */                                                                                   \
    X(bulk_post)                                                                                   \
    X(bulk_put)                                                                                    \
    X(bulk_delete)                                                                                 \
    X(bulk_status)                                                                                 \
    X(bulk_result)                                                                                 \
    /* operations.c */                                                                             \
    X(operation_invoke)                                                                            \
    X(operation_invoke_async)                                                                      \
    X(operation_status)                                                                            \
    X(operation_result)                                                                            \
    /* users_routes.c */                                                                           \
    X(users_list)                                                                                  \
    X(user_post)                                                                                   \
    X(user_get)                                                                                    \
    X(user_patch)                                                                                  \
    X(user_delete)                                                                                 \
    X(user_password_put)                                                                           \
    X(whoami)                                                                                      \
    X(own_password_put)                                                                            \
    /* tokens_routes.c */                                                                          \
    X(tokens_list)                                                                                 \
    X(token_post)                                                                                  \
    X(token_get)                                                                                   \
    X(token_delete)                                                                                \
    /* service.c */                                                                                \
    X(query_refused)                                                                               \
    X(docs)                                                                                        \
    X(docs_file)                                                                                   \
    X(openapi)                                                                                     \
    X(index_page)                                                                                  \
    X(description)                                                                                 \
    X(health)                                                                                      \
    X(metrics)

#define API_HANDLER_PROTOTYPE(name)                                                                \
    enum err_code handle_##name(                                                                   \
        struct api_request *request, struct api_response *response, struct err *err);
API_HANDLERS(API_HANDLER_PROTOTYPE)
#undef API_HANDLER_PROTOTYPE

#endif
