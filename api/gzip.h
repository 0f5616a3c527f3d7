/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_GZIP_H
#define JIG_API_GZIP_H
/*
 * Content coding gzip (RFC 9110, 8.4.1.3; RFC 1952) of answers and of request bodies.
 *
 * An answer is packed when the client asks for it, when its media type packs well and when it is
 * larger than what fits one packet anyway; its entity tag then ends with "-gzip", since a strong
 * tag means the same bytes. Both tags of a representation are known by everything that compares
 * tags. Answers that may be asked for in ranges and answers that a handler has packed itself are
 * left as they are. HEAD is answered as GET would be: the length has to be that of the packed form.
 *
 * The memory of a packing stream (a quarter of a megabyte) is kept for the next answer, of a few
 * streams. Thread-safe.
 */
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include "api/budget.h"
#include "api/http.h"

enum {
    GZIP_LEAST = 1400,            /* bytes of a body that is worth it */
    GZIP_MOST = 64 * 1024 * 1024, /* larger ones are sent as they are */
    GZIP_STREAMS = 8,             /* kept */
    GZIP_UNCOUNTED = 256 * 1024,  /* bytes of an unpacked body that need no share of a budget */
    GZIP_STEP = 1024 * 1024,      /* a share of it */
};

struct gzip_stream;

struct gzip {
    pthread_mutex_t lock;
    struct gzip_stream *free[GZIP_STREAMS];
    size_t count;
};

void gzip_init(struct gzip *gzip);
void gzip_finish(struct gzip *gzip);

/* What an Accept-Encoding field (NULL: none) makes of gzip: true when it is wanted at least as much
 * as the plain form. */
bool gzip_is_wanted(const char *accept_encoding);

/* Adds Vary to an answer that has a packed form, and says whether to pack it for this client. */
bool gzip_applies(const struct api_request *request, struct api_response *response);

/* Packs the body of a response into `packed` (empty, any ceiling), swaps the two and sets
 * Content-Encoding and ETag. The response stays as it is when there is no memory or nothing is
 * gained. */
void gzip_pack(struct gzip *gzip, struct api_request *request, struct api_response *response,
    struct buf *packed);

/* Unpacks a request body in place when its Content-Encoding says so. `most`: bytes it may have
 * then; `*taken` counts what it takes from the budget, for the caller to give back with the body.
 * ERR_MEDIA_TYPE for another coding, ERR_BAD_INPUT for broken or cut data, ERR_TOO_LARGE, ERR_BUSY
 * when all bodies together are too large, ERR_NO_MEMORY. */
ERR_MUST_USE enum err_code gzip_unpack(const char *content_encoding, size_t most,
    struct budget *budget, size_t *taken, struct buf *body, struct err *err);

#endif
