/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_REFUSALS_H
#define JIG_API_REFUSALS_H
/*
 * Refusals of somebody known go into the history of that account. The same refusal within a minute
 * is counted and told with the next one, and an account writes only so many a minute, so that
 * nobody fills the disk by being refused. Thread-safe.
 */
#include <stdatomic.h>

#include "api/http.h"

enum {
    REFUSALS_REMEMBERED = 256,
    REFUSALS_MINUTE_MS = 60 * 1000,
    REFUSALS_A_MINUTE = 60, /* of one account */
};

struct refusals;

/* NULL without memory. */
struct refusals *refusals_new(void);
void refusals_free(struct refusals *refusals);

/* Puts down that the request was refused because of `err`, when it is the refusal of a right
 * (ERR_FORBIDDEN) and of somebody known. What cannot be written is not worth failing for. */
void refusals_note(struct api_request *request, const struct err *err);

#endif
