/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_HTTP_H
#define JIG_API_HTTP_H
/*
 * Requests and responses as the handlers see them: plain data, independent of the HTTP library, so
 * that guard, router and handlers can be driven by tests and fuzzers as well.
 *
 * Everything a request points to lives until its answer has been written: in the connection's
 * buffer, in the request's arena or in its report. One thread at a time.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "aas/arena.h"
#include "aas/buf.h"
#include "aas/err.h"
#include "api/share.h"
#include "conformance/report.h"
#include "registry/registry.h"

enum {
    API_MAX_TARGET = 16000,    /* bytes of the request target */
    API_MAX_HEADERS = 64,      /* header fields; one more is refused */
    API_MAX_SEGMENTS = 16,     /* path segments */
    API_MAX_CAPTURES = 4,      /* placeholders in one pattern */
    API_MAX_PARAMETERS = 64,   /* query parameters */
    API_MAX_FIELDS = 16,       /* header fields of an answer, beside the fixed ones */
    API_MAX_IDENTIFIER = 2048, /* characters of an identifier (IDTA-01001, Identifier) */
    API_HEAD_ROOM = 1024,      /* bytes kept free in front of a body for its header */
    API_REQUEST_ID_BYTES = 64, /* of X-Request-ID */
    API_DEFAULT_LIMIT = 1000,  /* things on a page without `limit` */
    API_MAX_LIMIT = 10000,     /* things on a page at most */
};

enum api_method {
    API_GET,
    API_POST,
    API_PUT,
    API_PATCH,
    API_DELETE,
    API_METHOD_COUNT, /* methods that routes have */
    API_HEAD = API_METHOD_COUNT,
    API_OPTIONS,
    API_METHOD_UNKNOWN,
};
const char *api_method_name(enum api_method method);
enum api_method api_method_of(const char *name);

/* True for the methods that may change something. */
static inline bool api_method_changes(enum api_method method)
{
    return method != API_GET && method != API_HEAD && method != API_OPTIONS;
}

struct api_header {
    const char *name;
    const char *value;
};

/* A NUL-terminated text with its length. */
struct api_text {
    const char *text;
    size_t len;
};

struct api_parameter {
    struct api_text name;
    struct api_text value;
};

struct api_context;
struct api_route;
struct access_principal;

/* api_request_init sets each member. */
struct api_request {
    struct api_context *context; /* what all requests of a server share */
    enum api_method method;      /* API_HEAD is dispatched as API_GET */
    const char *path;            /* as it came: percent-encoded, without the query */
    const char *query;           /* as it came, NULL when there is none */
    bool http_1_0;
    const struct api_header *headers; /* these three are set by api_request_take_headers */
    size_t header_count;
    uint64_t header_marks; /* of the names that are there, see api_header_mark */
    const char *body;
    size_t body_len;
    const char *peer; /* address of the client, NULL when not known */
    char id[API_REQUEST_ID_BYTES + 1];
    struct arena arena;
    struct report report; /* findings about the body, for the answer to a refused write */
    struct share share;   /* of the common memory: what counts arena, report and answer */

    /* set by the router */
    const struct api_route *route;
    unsigned allowed; /* bit mask 1 << enum api_method of what the address takes */
    struct api_text captures[API_MAX_CAPTURES]; /* decoded placeholders in order */
    size_t capture_count;
    struct api_text shell; /* base64url identifier of the shell a submodel is addressed through, or
                            * empty */
    const char *below;     /* address of the submodel or shell as the client named it, without
                            * prefix: "/shells/…/submodels/…"; NULL outside such a root */
    const char *prefix; /* "", "/api/v3", "/templates-api", …: what the client used, for Location */
    bool templates;     /* below /templates-api: only submodels of kind Template are there */

    /* set by credentials_read */
    const struct access_principal *principal; /* who asks; NULL: not asked for */
    unsigned retry_s; /* seconds after which a refused request may be sent again, 0: the usual */

    /* set by api_parameters_read */
    struct api_parameter *parameters;
    size_t parameter_count;
};

/* What ends the entity tag of an answer that is packed (RFC 9110, 8.8.3: another representation).
 */
#define API_GZIP_TAG "-gzip"

struct api_field {
    const char *name;
    const char *value;
};

struct api_stream;

struct api_response {
    int status;
    const char *content_type;  /* NULL: no body */
    struct buf body;           /* begins with API_HEAD_ROOM free bytes */
    struct api_stream *stream; /* a body that is sent behind it, see stream.h; NULL: the answer
                                * cannot have one */
    struct api_field fields[API_MAX_FIELDS];
    size_t field_count;
    bool close; /* the connection cannot be used any more */
};

/* A request with empty arena and report; `memory` bytes may be taken from the arena, and what all
 * requests together may use in the context (NULL allowed). It must stay where it is. */
void api_request_init(struct api_request *request, struct api_context *context, size_t memory);

/* Frees both; the share keeps what else is counted, for share_end. */
void api_request_finish(struct api_request *request);

/* Gives the request its header fields, which stay the caller's. */
void api_request_take_headers(
    struct api_request *request, const struct api_header *headers, size_t count);

/* One of 64 bits for the name of a header field in any case. Answering a request means asking for a
 * dozen fields of which it has two or three: the marks of those that are there tell most of the
 * others apart without a look at them. */
static inline uint64_t api_header_mark(const char *name, size_t len)
{
    unsigned first = len == 0 ? 0 : (unsigned char)name[0] | 0x20;
    unsigned last = len == 0 ? 0 : (unsigned char)name[len - 1] | 0x20;
    return UINT64_C(1) << ((len + 5 * first + 11 * last) & 63);
}

/* What api_request_header does when the mark of the name is there. */
const char *api_request_find_header(const struct api_request *request, const char *name);

/* The value of a header field (name in any case), or NULL. */
static inline const char *api_request_header(const struct api_request *request, const char *name)
{
    bool likely = (request->header_marks & api_header_mark(name, strlen(name))) != 0;
    return likely ? api_request_find_header(request, name) : NULL;
}

/* Takes over `body` (of any ceiling, may hold memory of an earlier answer). */
void api_response_init(struct api_response *response, struct buf body);

/* Empties the body (back to the free room in front). */
static inline void api_response_clear(struct api_response *response)
{
    buf_clear(&response->body);
    buf_skip(&response->body, API_HEAD_ROOM);
}

/* Bytes of the body so far. */
static inline size_t api_response_length(const struct api_response *response)
{
    return response->body.len < API_HEAD_ROOM ? 0 : response->body.len - API_HEAD_ROOM;
}

/* Adds a header field; the value must outlive the response. Fields beyond the ceiling are dropped.
 */
void api_response_field(struct api_response *response, const char *name, const char *value);

/* A status with its reason phrase ("404 Not Found"); NULL for one that is not used here. */
struct api_text api_status_text(int status);

/* True when the text holds `word` as an element of a comma-separated list, in any case. */
bool api_list_has(const char *list, const char *word);

#endif
