/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_AAS_RARE_H
#define JIG_AAS_RARE_H
/*
 * What only few requests run through is laid apart from what all of them do. Between two answers
 * the operating system runs through so much code of its own that ours is fetched anew each time: a
 * small answer costs as much by the lines of code it touches as by its instructions.
 */
#define RARE __attribute__((noinline, cold))

#endif
