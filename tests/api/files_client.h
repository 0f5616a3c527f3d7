/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_TESTS_API_FILES_CLIENT_H
#define JIG_TESTS_API_FILES_CLIENT_H
/* Sending files: forms with any bytes in them, by any method. */
#include "tests/api/client.h"

/* A request with a body of any bytes; `headers` are extra lines. */
struct answer files_send(uint16_t port, const char *method, const char *target, const char *type,
    const char *headers, const char *bytes, size_t len);

/* A form with the parts "fileName" (NULL: left out) and "file"; `type` of the part, NULL:
 * application/octet-stream. */
struct answer files_form(uint16_t port, const char *method, const char *target, const char *headers,
    const char *name, const char *type, const char *bytes, size_t len);

/* The status of such a PUT. */
int files_put(uint16_t port, const char *target, const char *headers, const char *name,
    const char *type, const char *bytes, size_t len);

#endif
