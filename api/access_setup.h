/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_ACCESS_SETUP_H
#define JIG_API_ACCESS_SETUP_H
/* Who may use a server at all: its settings `open` and `anonymous`, and where it may listen. */
#include "api/context.h"
#include "api/server.h"

/* Fills context->open, anonymous, auth and refusals; context->registry and loopback are set.
 * ERR_BAD_INPUT for a role that cannot be, for a server beyond the loopback that is open or has no
 * users. */
ERR_MUST_USE enum err_code access_setup(
    struct api_context *context, const struct api_server_options *options, struct err *err);

/* Frees what access_setup has made, also when it failed. */
void access_teardown(struct api_context *context);

#endif
