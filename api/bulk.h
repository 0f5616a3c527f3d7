/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_BULK_H
#define JIG_API_BULK_H
/*
 * Bulk operations on descriptors (IDTA-01002, "Asynchronous Bulk Operations"): the request is
 * answered at once with a handle; the whole list is judged and stored behind it, in one durable
 * transaction or not at all. Results are kept as api/jobs.h says; a handle is forgotten when the
 * server ends, and a list that was not begun by then is not begun any more.
 */
#include "api/http.h"

/* Bytes of bodies that wait or are worked on at the same time; more are refused with ERR_BUSY. */
#define BULK_BYTES ((size_t)256 << 20)

struct bulk;

/* NULL without memory. `context` must outlive it. */
struct bulk *bulk_start(struct api_context *context);
/* Ends what waits, waits for what is being done and frees everything. NULL is fine. */
void bulk_stop(struct bulk *bulk);

#endif
