/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_TESTS_API_TARGET_SERVER_H
#define JIG_TESTS_API_TARGET_SERVER_H
/*
 * A little HTTP server on the loopback that does the work of operations in tests, well or badly.
 * What it answers is told by the path, see target_server.c.
 */
#include <stdint.h>

struct target_server;

/* Fails the test when it cannot be started. */
struct target_server *target_up(void);
uint16_t target_port(const struct target_server *target);
/* The body and the header of the last request, in a static buffer each; "" before the first. */
const char *target_body(struct target_server *target);
const char *target_head(struct target_server *target);
unsigned target_count(struct target_server *target);
void target_down(struct target_server *target);

#endif
