/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_OPENAPI_H
#define JIG_API_OPENAPI_H
/*
 * The OpenAPI 3.1 document of this server, generated from the route table and the metamodel table:
 * a new route or attribute is in it without being written down again. What a route cannot say about
 * itself (query parameters, bodies) is a row of api/openapi_rows.c for its handler.
 */
#include "aas/buf.h"
#include "api/routes.h"

enum { OPENAPI_BYTES = 4 * 1024 * 1024 }; /* of the document at most */

/* What the operations of one handler have in common. */
struct openapi_row {
    api_handler handler;
    const char *ending; /* of the pattern, "/$value"; "" for every other one */
    const char *summary;
    const char *query;    /* names of parameters, space-separated; with "shell:", "submodel:" or
                           * "concept:" in front for routes of that kind only */
    const char *request;  /* see openapi_content, ? in front: may be left out; NULL: no body */
    const char *success;  /* statuses, space-separated */
    const char *response; /* see openapi_content; NULL: no body */
};

/* The next name of row->query that is one of this route; NULL at the end. Begin with *at = query.
 */
const char *openapi_next_parameter(const char **at, const struct api_route *route, size_t *len);

/* The row of a route, NULL when there is none. */
const struct openapi_row *openapi_row_of(const struct api_route *route);

/* Appends `"schemas":{…}`: every class, text and enumeration of the metamodel (version 3.1), and
 * the objects of the interface itself. */
void openapi_write_schemas(struct buf *buf);

/* Appends `"parameters":{…}`: every parameter that a row or a pattern names. */
void openapi_write_parameters(struct buf *buf);
/* True when there is such a parameter. */
bool openapi_has_parameter(const char *name, size_t len);

/* Appends a Media Type map `{"application/json":{"schema":…}}`. The content is written as words:
 * "Submodel": that schema; "[Submodel]": an array of it; "page:Submodel": a page of them;
 * "KIND": the class of the route's kind; "DESCRIPTOR": its descriptor; "xml": behind one of them,
 * offered as XML too; "any": any JSON; "text", "html", "bytes", "package"; "form": a file in
 * multipart/form-data. */
void openapi_write_content(struct buf *buf, const char *content, const struct api_route *route);

/* Appends the whole document. */
void openapi_write(struct buf *buf);

#endif
