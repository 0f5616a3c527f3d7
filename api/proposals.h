/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_PROPOSALS_H
#define JIG_API_PROPOSALS_H
/* Addresses of proposals. */
#include "api/http.h"
#include "registry/proposals.h"

/* The number in the first capture. ERR_BAD_INPUT. */
ERR_MUST_USE enum err_code proposals_number(
    const struct api_request *request, uint64_t *number, struct err *err);

#endif
