/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_TESTS_REGISTRY_DISK_H
#define JIG_TESTS_REGISTRY_DISK_H
/*
 * The disk of a store: all calls that write to it or wait for it go through here, also those of
 * LMDB. Single waits can be held back or fail, and what the disk is sure to have at a moment can be
 * taken out, as after a loss of power.
 */
#include <stdbool.h>

enum disk_fate { DISK_PASS, DISK_HOLD, DISK_HOLD_OTHERS, DISK_FAIL, DISK_BREAK };

/* Decides over one wait: `calls` pass before it. HOLD_OTHERS: the first of another thread than the
 * one that was held last. BREAK: that one and all that follow fail. */
void disk_meet(enum disk_fate fate, int calls);
/* Lets one wait for a file of this name ("data.mdb", "journal") fail; `calls` pass before it. */
void disk_fail(const char *name, int calls);

void disk_wait_until_held(void);
bool disk_is_held(void);
/* Lets it go on; `fails`: as one that the disk refuses. */
void disk_release(bool fails);
/* How many waits of the held thread have passed. */
int disk_passed(void);

/* Lets everybody who makes room in a file wait as long. */
void disk_slow_down(unsigned ms);

/* From now on what the files of this store hold is remembered at each wait that succeeds. */
void disk_watch(const char *dir);

/* Puts into an empty folder what the disk has: of each file what was waited for last, or all that
 * was written when it `got` that, too, or of each sector the one or the other. */
enum { DISK_GOT_DATA = 1, DISK_GOT_JOURNAL = 2, DISK_GOT_SOME = 4 };
void disk_lose_power(const char *to, unsigned got);

#endif
