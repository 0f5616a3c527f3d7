/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_PRECONDITION_H
#define JIG_API_PRECONDITION_H
/*
 * If-Match and If-None-Match of a write, If-Match of a read (RFC 9110, 13.1; If-None-Match of a
 * read is reply_etag's). An entity tag of this server is the content hash of a whole identifiable;
 * its elements and other parts have the same one.
 *
 * Whether the thing is there is decided inside the write, so that nothing can come between. What
 * would fail without a precondition keeps its answer (404 for a part of a submodel that is
 * missing).
 */
#include "api/http.h"

/* All fields of one name together. */
struct precondition_tags {
    bool present;
    bool any;     /* `*` */
    bool current; /* one of the tags is the current one */
};

/* Reads the fields and compares their tags with the hash `now` (NULL: nothing is there); `weak`
 * tags count or never match. */
struct precondition_tags precondition_tags(
    const struct api_request *request, const char *name, bool weak, const unsigned char *now);

/* If-Match of a request that only reads, held against the entity tag of its answer:
 * ERR_PRECONDITION when that is another one. ERR_OK for an answer without a tag. */
ERR_MUST_USE enum err_code precondition_of_read(
    const struct api_request *request, const struct api_response *response, struct err *err);

struct precondition {
    bool exists;                   /* the identifiable was there when asked */
    bool must_exist;               /* If-Match, with tags or `*` */
    bool must_be_new;              /* If-None-Match: `*` */
    const unsigned char *if_match; /* hash for the registry, in the arena; NULL: any */
};

/* Reads both fields and compares their tags with the identifiable (of the route's kind) as it is
 * now. ERR_PRECONDITION. */
ERR_MUST_USE enum err_code precondition_read(struct api_request *request, const char *id,
    size_t id_len, struct precondition *condition, struct err *err);

/* Makes a change of a whole identifiable one that fails when it is (not) there. ERR_PRECONDITION.
 */
ERR_MUST_USE enum err_code precondition_apply(
    const struct precondition *condition, struct registry_change *change, struct err *err);

/* ERR_PRECONDITION in place of the code that such a change fails with; other codes pass. */
ERR_MUST_USE enum err_code precondition_outcome(const struct precondition *condition,
    const struct registry_change *change, enum err_code code, struct err *err);

/* Services for templates refuse instances: ERR_BAD_INPUT for a submodel of another kind. */
ERR_MUST_USE enum err_code precondition_template(const struct aas_node *submodel, struct err *err);

/* An edit that is not kept when it did what the precondition excludes. */
struct precondition_edit {
    const struct precondition *condition;
    registry_edit_fn edit;
    void *context;
    bool creates;        /* an edit that succeeds has added something … */
    const bool *created; /* … or says here whether it has; NULL: see `creates` */
    bool templates_only; /* the submodel must be, and stay, of kind Template */
};

/* registry_edit_fn whose context is a struct precondition_edit. */
enum err_code precondition_run(
    struct arena *arena, struct aas_node *node, void *context, struct err *err);

#endif
