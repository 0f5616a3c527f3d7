/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_CONTEXT_H
#define JIG_API_CONTEXT_H
/* What all requests of one server share. Made by the server, read by the handlers. */
#include <stdatomic.h>

#include "api/blobs.h"
#include "api/http.h"
#include "api/metrics.h"
#include "registry/access.h"
#include "registry/lifecycle.h"

struct auth;
struct budget;
struct bulk;
struct operations;
struct refusals;

struct api_context {
    struct registry *registry;
    const char *cors_origins;       /* see struct api_server_options */
    bool loopback;                  /* listens on the machine itself only */
    const char *host_names;         /* see struct api_server_options */
    const char *external_url;       /* see struct api_server_options */
    bool trust_proxy;               /* see struct api_server_options */
    const char *shell_id;           /* served at /aas, NULL: none */
    const char *submodel_id;        /* served at /submodel, NULL: none */
    struct lifecycle_policy policy; /* for publishing */
    bool policy_said;               /* the operator has set it */
    size_t max_body;                /* bytes */
    struct budget *memory;          /* of all requests together; NULL: there is no limit */
    size_t max_file;                /* bytes of a body that brings a file */
    struct operations *operations;  /* invocations under way; NULL: none are run */
    bool open;                      /* everybody may do everything */
    bool has_anonymous;             /* somebody unknown may do … */
    struct access_grant anonymous;  /* … what this role may */
    struct auth *auth;              /* checks passwords; NULL: nobody is known */
    struct refusals *refusals;      /* puts refusals down; NULL: they are not */
    struct bulk *bulk;              /* lists of descriptors under way */
    struct metrics metrics;
    struct blobs blobs;
    atomic_ullong request_number; /* for request ids */
    uint64_t boot;                /* makes request ids of two runs differ */
};

#endif
