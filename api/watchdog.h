/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_WATCHDOG_H
#define JIG_API_WATCHDOG_H
/*
 * Deadlines for whole transfers. The HTTP library bounds the wait for the next byte only, so a peer
 * that sends or takes one byte now and then would hold a thread for ever. The watchdog shuts the
 * socket down in the one direction that is late; the thread in the library then sees the end of the
 * stream and comes back.
 *
 * A watch belongs to the caller, usually on its stack, and must be disarmed before the connection
 * is left; while it is armed the socket cannot have been closed, so no foreign one is ever hit.
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "aas/err.h"

struct watch {
    int fd;
    int how;             /* SHUT_RD or SHUT_WR */
    int64_t deadline_ms; /* of watchdog_now_ms */
    bool armed;
    bool fired;
    struct watch *next;
    struct watch *previous;
};

struct watchdog {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct watch *first;
    bool running;
    bool stopping;
};

ERR_MUST_USE enum err_code watchdog_start(struct watchdog *watchdog, struct err *err);
void watchdog_stop(struct watchdog *watchdog);

/* Milliseconds of a clock that only goes forward. */
int64_t watchdog_now_ms(void);

/* Arms or, when armed already, moves the deadline. A watch with fd < 0 stays without effect. */
void watchdog_arm(struct watchdog *watchdog, struct watch *watch, int64_t deadline_ms);

/* Disarms; true when the deadline had passed and the socket was shut down. */
bool watchdog_disarm(struct watchdog *watchdog, struct watch *watch);

#endif
