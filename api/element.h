/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_ELEMENT_H
#define JIG_API_ELEMENT_H
/* Finding and editing what the captures {submodelIdentifier} and {idShortPath} name. */
#include "api/http.h"
#include "registry/path_index.h"

/* An element (or, without a path, the submodel itself) inside its stored document. */
struct element_slice {
    struct registry_document document;
    const char *json; /* canonical bytes, in the view's map */
    size_t len;
    const struct meta_class *cls;
    struct path_index index; /* of the document */
    size_t at;               /* entry of the element in it */
};

/* Finds it in an open view. ERR_NOT_FOUND, ERR_BAD_INPUT. */
ERR_MUST_USE enum err_code element_slice(struct api_request *request, struct registry_view *view,
    struct element_slice *slice, struct err *err);

/* The same for whoever reads it: of a template that should not be used any more the answer says
 * so. */
ERR_MUST_USE enum err_code element_slice_read(struct api_request *request,
    struct api_response *response, struct registry_view *view, struct element_slice *slice,
    struct err *err);

/* The tree of it in the request's arena; `*document` keeps hash and sizes only, no bytes. */
ERR_MUST_USE enum err_code element_tree(struct api_request *request,
    struct registry_document *document, struct aas_node **tree, struct err *err);

/* The same for the submodel, whatever the path. */
ERR_MUST_USE enum err_code element_submodel(struct api_request *request,
    struct registry_document *document, struct aas_node **submodel, struct err *err);

/* Runs an edit on the identifiable named by the first capture, with the request's preconditions
 * and author. */
ERR_MUST_USE enum err_code element_apply(struct api_request *request, const char *log_operation,
    registry_edit_fn edit, void *context, struct err *err);

/* The same for an edit that says in `*created` whether it has created what the address names. */
ERR_MUST_USE enum err_code element_apply_new(struct api_request *request, const char *log_operation,
    registry_edit_fn edit, void *context, const bool *created, struct err *err);

/* An idShort path as one path segment of a URL, in the arena; NULL when it is full. */
const char *element_encode_path(struct arena *arena, const char *path);

#endif
