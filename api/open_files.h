/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_OPEN_FILES_H
#define JIG_API_OPEN_FILES_H
/* How many files a process may have open: every connection is one, served or waiting. */

/* Raises the limit for so many connections that are served (by a thread each) or wait, as far as it
 * may be raised; says on stderr when that is not far enough. */
void open_files_allow(unsigned threads, unsigned waiting);

#endif
