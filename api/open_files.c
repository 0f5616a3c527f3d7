/* SPDX-License-Identifier: Apache-2.0 */
#include "api/open_files.h"

#include <stdio.h>
#include <sys/resource.h>

enum { FILES_BESIDE = 64 }; /* descriptors beside connections: store, library, standard */

void open_files_allow(unsigned threads, unsigned waiting)
{
    struct rlimit files;
    rlim_t wanted = threads + waiting + FILES_BESIDE;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur >= wanted) {
        return;
    }
    files.rlim_cur = files.rlim_max < wanted ? files.rlim_max : wanted;
    if (setrlimit(RLIMIT_NOFILE, &files) != 0) {
        (void)getrlimit(RLIMIT_NOFILE, &files);
    }
    if (files.rlim_cur < wanted) {
        fprintf(stderr,
            "this process may have %llu open files, so that at most about %llu of %u connections "
            "can be served at the same time; raise the limit (ulimit -Hn) to %llu or more\n",
            (unsigned long long)files.rlim_cur,
            (unsigned long long)(files.rlim_cur > FILES_BESIDE ? files.rlim_cur - FILES_BESIDE : 1),
            threads, (unsigned long long)wanted);
    }
}
