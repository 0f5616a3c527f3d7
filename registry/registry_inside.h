/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_REGISTRY_REGISTRY_INSIDE_H
#define JIG_REGISTRY_REGISTRY_INSIDE_H
/*
 * The registry's own state, shared by registry.c and write.c. It holds nothing that is read from
 * the store, so that several processes may work on one store.
 */
#include <pthread.h>

#include "registry/registry.h"

enum { REGISTRY_STRIPES = 256 };

struct registry {
    struct store *store;
    bool judging; /* judge_start succeeded */
    /* Edits of one identifiable follow each other: the lock is chosen by the hash of the id. */
    pthread_mutex_t stripes[REGISTRY_STRIPES];
};

#endif
