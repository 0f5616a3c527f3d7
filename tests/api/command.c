/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/api/command.h"

#include <criterion/criterion.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/corpus.h"

char *command_dir;
char command_output[COMMAND_OUTPUT];

void command_prepare(void)
{
    command_dir = scratch_new();
}

void command_clean_up(void)
{
    scratch_remove(command_dir);
}

void command_file(const char *name, const char *text)
{
    char path[300];
    snprintf(path, sizeof path, "%s/%s", command_dir, name);
    FILE *file = fopen(path, "wb");
    cr_assert_not_null(file);
    fwrite(text, 1, strlen(text), file);
    fclose(file);
}

int command_run(const char *arguments)
{
    char *command = NULL;
    cr_assert_geq(asprintf(&command, "cd '%s' && LC_ALL=C '%s' < /dev/null %s 2>&1", command_dir,
                      JIG_BINARY, arguments),
        0);
    FILE *pipe = popen(command, "r");
    cr_assert_not_null(pipe);
    size_t len = fread(command_output, 1, sizeof command_output - 1, pipe);
    command_output[len] = '\0';
    int status = pclose(pipe);
    free(command);
    cr_assert(WIFEXITED(status), "%s ended by a signal: %s", arguments, command_output);
    return WEXITSTATUS(status);
}

/* What comes out of a terminal until the program behind it ends; lines end with CR LF. */
static void read_terminal(int fd)
{
    size_t len = 0;
    ssize_t got = 1;
    while (got > 0 && len < sizeof command_output - 1) {
        got = read(fd, command_output + len, sizeof command_output - 1 - len);
        len += got > 0 ? (size_t)got : 0;
    }
    command_output[len] = '\0';
}

int command_run_terminal(const char *environment, const char *arguments)
{
    char *command = NULL;
    int fd = -1;
    int status = 0;
    cr_assert_geq(asprintf(&command, "cd '%s' && env -u NO_COLOR TERM=xterm LC_ALL=C %s '%s' %s",
                      command_dir, environment, JIG_BINARY, arguments),
        0);
    pid_t child = forkpty(&fd, NULL, NULL, NULL);
    if (child < 0) {
        cr_skip_test("there are no terminals on this machine (/dev/pts)");
    }
    if (child == 0) {
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        _exit(127);
    }
    read_terminal(fd);
    cr_assert_eq(waitpid(child, &status, 0), child);
    close(fd);
    free(command);
    cr_assert(WIFEXITED(status), "%s ended by a signal: %s", arguments, command_output);
    return WEXITSTATUS(status);
}

void command_expect(const char *arguments, int exit_code, const char *part)
{
    int got = command_run(arguments);
    cr_expect_eq(got, exit_code, "jig %s: exit code %d\n%s", arguments, got, command_output);
    cr_expect_not_null(
        strstr(command_output, part), "jig %s: no \"%s\" in\n%s", arguments, part, command_output);
}
