/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_TESTS_API_COMMAND_H
#define JIG_TESTS_API_COMMAND_H
/* The real program with real files in a scratch folder: a test suite has command_prepare as its
 * init and command_clean_up as its fini. */

enum { COMMAND_OUTPUT = 256 * 1024 };

extern char *command_dir;                   /* the scratch folder */
extern char command_output[COMMAND_OUTPUT]; /* of the last run, both streams */

void command_prepare(void);
void command_clean_up(void);

/* Writes a file of the scratch folder. */
void command_file(const char *name, const char *text);

/* Runs jig inside the scratch folder; returns the exit code. */
int command_run(const char *arguments);

/* The same with a terminal as output, and these settings of the environment ("A=b C=d") before. */
int command_run_terminal(const char *environment, const char *arguments);

/* Runs and expects an exit code and a part of the output. */
void command_expect(const char *arguments, int exit_code, const char *part);

#endif
