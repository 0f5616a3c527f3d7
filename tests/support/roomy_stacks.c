/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Part of sanitizer builds only: gives every thread more stack than it asks for.
 *
 * The HTTP library asks for 100 kB per thread. That is enough for what we compile, as the ordinary
 * build shows, and too little for the same functions once a sanitizer has put its red zones between
 * their variables.
 */
#include <dlfcn.h>
#include <pthread.h>

enum { ROOMIER = 10 };

typedef int (*set_stack_size)(pthread_attr_t *attr, size_t size);

int pthread_attr_setstacksize(pthread_attr_t *attr, size_t size)
{
    union {
        void *found;
        set_stack_size call;
    } next = {.found = dlsym(RTLD_NEXT, "pthread_attr_setstacksize")};
    return next.call(attr, size * ROOMIER);
}
