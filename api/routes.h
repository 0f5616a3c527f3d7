/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_ROUTES_H
#define JIG_API_ROUTES_H
/*
 * The table of all operations. The router, `Allow`, the answers to OPTIONS, the metrics' labels and
 * the self-description are derived from it; a new operation is a new row.
 */
#include "api/http.h"
#include "registry/access.h"

typedef enum err_code (*api_handler)(
    struct api_request *request, struct api_response *response, struct err *err);

/* Where an address hangs. Before the handler runs, api_target makes the captures of every root look
 * alike: capture 0 is the base64url identifier of the submodel (of the shell for ROOT_AAS), capture
 * 1 the idShort path and so on; request->shell is the shell above a submodel. */
enum api_root {
    ROOT_NONE,           /* captures as they stand in the address */
    ROOT_SHELL_SUBMODEL, /* below /shells/{aasIdentifier}/submodels/{submodelIdentifier} */
    ROOT_AAS,            /* below /aas: the shell chosen by setting */
    ROOT_AAS_SUBMODEL,   /* below /aas/submodels/{submodelIdentifier} */
    ROOT_SUBMODEL,       /* below /submodel: the submodel chosen by setting */
};

struct api_route {
    enum api_method method;
    const char *pattern; /* "/submodels/{submodelIdentifier}/$value" */
    api_handler handler;
    enum access_right right; /* what one must be allowed to do */
    const char *operation;   /* operation id of the official OpenAPI files, or our own */
    bool standard;           /* an operation of IDTA-01002 */
    enum registry_kind kind; /* of the identifiables it is about, 0 when none */
    size_t memory;           /* bytes its arena may take for a small body too; 0: as the body */
    enum api_root root;
    bool file; /* its body brings a file: a large one is kept in a temporary file, up to max_file */
    bool joins; /* below ROOT_SHELL_SUBMODEL: the shell need not refer to the submodel yet */
};

/* All rows; a capture never matches a segment that begins with '$'. */
const struct api_route *api_routes(size_t *count);

/* Position of a row in the table. */
size_t api_route_index(const struct api_route *route);

/* Finds the row for the request's path and method and fills route, allowed, captures and prefix.
 * The address works under "" and "/api/v3", with or without a slash at its end.
 * ERR_NO_OPERATION for an unknown address, ERR_METHOD when the address does not take the method
 * (`allowed` is filled), ERR_BAD_INPUT for a path that cannot be decoded. For OPTIONS the route
 * stays NULL with ERR_OK. */
ERR_MUST_USE enum err_code api_route_find(struct api_request *request, struct err *err);

/* Brings the captures of a request below one of several roots into the common form (enum api_root)
 * and sets request->shell and request->below. A submodel addressed through a shell must be one that
 * the shell refers to, unless the request is to put it there. ERR_NOT_FOUND, ERR_BAD_INPUT,
 * ERR_NOT_OFFERED when nothing is chosen for /aas or /submodel. */
ERR_MUST_USE enum err_code api_target(struct api_request *request, struct err *err);

/* The decoded identifier of request->shell. */
ERR_MUST_USE enum err_code api_shell_identifier(
    struct api_request *request, struct api_text *id, struct err *err);

/* "GET, HEAD, PUT, OPTIONS" from a mask of methods, in the arena; "" when it is full. */
const char *api_allow(struct arena *arena, unsigned allowed);

/* The semantics URL of a standard operation, in the arena; NULL for our own operations. */
const char *api_route_semantics(struct arena *arena, const struct api_route *route);

#endif
