/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs the tests of one program when Criterion cannot: each in a process of its own, forked before
 * this process starts any thread, several at a time, within a time limit.
 *
 * usage: PROGRAM [--jobs N] [--timeout SECONDS] [--tap=FILE] [--filter SUITE/TEST]
 *
 * A test writes its verdict into memory shared with this process. Only one that has come to its end
 * and then exited with 0 has passed: a sanitizer's finding changes the exit code. What a test
 * leaves running when it ends is killed with its process group.
 */
#include <errno.h>
#include <fnmatch.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "criterion/criterion.h"

enum {
    MOST_JOBS = 16,
    DEFAULT_TIMEOUT = 300, /* seconds, for a test that names none */
    SLOWER = 10,           /* how much longer than in an ordinary build a test may take */
    TICK_MS = 100,         /* between two looks at the time limits */
    TEXT_BYTES = 8000      /* of failed checks per test; what comes later is cut off */
};

enum outcome { RUNNING, SKIPPED, CAME_TO_ITS_END };

/* Written by the test's process, read by this one once that has ended. */
struct verdict {
    enum outcome outcome;
    size_t failed; /* checks */
    size_t used;
    char text[TEXT_BYTES];
};

struct job {
    const struct plain_test *test; /* NULL: free */
    pid_t pid;
    double started;
    double limit; /* seconds */
    bool late;
    struct verdict *verdict;
};

struct totals {
    size_t passed;
    size_t failed;
    size_t skipped;
};

static struct plain_suite *suites;
static struct plain_test *tests;
static struct plain_test **tests_end = &tests;

static size_t job_count = 1;
static double default_limit = DEFAULT_TIMEOUT;
static const char *filter;
static FILE *tap;
static struct totals totals;

/* In a test's process only. */
static struct verdict *own;
static pthread_t own_thread;
static jmp_buf way_out;
static pthread_mutex_t writing = PTHREAD_MUTEX_INITIALIZER;

void plain_add_suite(struct plain_suite *suite)
{
    suite->next = suites;
    suites = suite;
}

void plain_add_test(struct plain_test *test)
{
    *tests_end = test;
    tests_end = &test->next;
}

/* ------------------------------------------------------------------ in the test's process */

static void add_text(const char *format, va_list args)
{
    size_t room = sizeof own->text - own->used;
    int len = vsnprintf(own->text + own->used, room, format, args);
    if (len > 0) {
        own->used += (size_t)len < room ? (size_t)len : room - 1;
    }
}

static void add(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add_text(format, args);
    va_end(args);
}

static void note(const char *file, int line, const char *check, va_list args)
{
    const char *format = va_arg(args, const char *);
    pthread_mutex_lock(&writing);
    own->failed++;
    add("%s:%d: %s", file, line, check);
    if (format[0] != '\0') {
        add(": ");
        add_text(format, args);
    }
    add("\n");
    pthread_mutex_unlock(&writing);
}

void plain_fail(const char *file, int line, const char *check, ...)
{
    va_list args;
    va_start(args, check);
    note(file, line, check, args);
    va_end(args);
}

static _Noreturn void leave(void)
{
    if (!pthread_equal(pthread_self(), own_thread)) {
        _exit(1);
    }
    longjmp(way_out, 1);
}

void plain_stop(const char *file, int line, const char *check, ...)
{
    va_list args;
    va_start(args, check);
    note(file, line, check, args);
    va_end(args);
    leave();
}

void plain_skip(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    own->outcome = SKIPPED;
    own->used = 0;
    add_text(format, args);
    va_end(args);
    leave();
}

void plain_log(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
}

/* Runs what a failed check may leave early. */
static void until_left(void (*run)(void))
{
    if (run != NULL && setjmp(way_out) == 0) {
        run();
    }
}

static _Noreturn void run_here(const struct plain_test *test, const struct plain_options *options)
{
    own_thread = pthread_self();
    until_left(options->init);
    if (own->failed == 0 && own->outcome == RUNNING) {
        until_left(test->run);
    }
    until_left(options->fini);
    if (own->outcome == RUNNING) {
        own->outcome = CAME_TO_ITS_END;
    }
    exit(0);
}

/* ------------------------------------------------------------------ in the runner's process */

static double now(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

/* The test's own options, and those of its suite where it has none. */
static struct plain_options options_of(const struct plain_test *test)
{
    struct plain_options options = test->options;
    const struct plain_suite *suite = suites;
    while (suite != NULL && strcmp(suite->name, test->suite) != 0) {
        suite = suite->next;
    }
    if (suite != NULL) {
        options.init = options.init != NULL ? options.init : suite->options.init;
        options.fini = options.fini != NULL ? options.fini : suite->options.fini;
        options.timeout = options.timeout > 0 ? options.timeout : suite->options.timeout;
        options.disabled = options.disabled || suite->options.disabled;
    }
    return options;
}

static void start(struct job *job, const struct plain_test *test)
{
    struct plain_options options = options_of(test);
    memset(job->verdict, 0, sizeof *job->verdict);
    job->test = test;
    job->late = false;
    job->limit = options.timeout > 0 ? options.timeout * SLOWER : default_limit;
    job->started = now();
    fflush(NULL);
    job->pid = fork();
    if (job->pid < 0) {
        perror("fork");
        exit(1);
    }
    if (job->pid == 0) {
        sigset_t none;
        sigemptyset(&none);
        setpgid(0, 0);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        sigprocmask(SIG_SETMASK, &none, NULL);
        own = job->verdict;
        run_here(test, &options);
    }
    setpgid(job->pid, job->pid); /* here as well: it may have to be killed before its own call */
}

static void print_skipped(const struct plain_test *test, const char *reason)
{
    totals.skipped++;
    fprintf(tap, "ok - %s::%s # SKIP %s\n", test->suite, test->name, reason);
}

/* What went wrong besides checks, or NULL. */
static const char *broken(const struct job *job, int status)
{
    if (job->late) {
        return "took too long and was killed";
    }
    if (WIFSIGNALED(status)) {
        return strsignal(WTERMSIG(status));
    }
    if (job->verdict->outcome == RUNNING) {
        return "exited before its end";
    }
    return WEXITSTATUS(status) == 0 ? NULL : "exited with an error, as after a sanitizer's finding";
}

static void print_failed(const struct job *job, const char *why, double seconds)
{
    const struct plain_test *test = job->test;
    totals.failed++;
    fprintf(tap, "not ok - %s::%s (%.2fs)\n", test->suite, test->name, seconds);
    fprintf(stderr, "FAILED %s::%s\n", test->suite, test->name);
    if (why != NULL) {
        fprintf(tap, "  %s\n", why);
        fprintf(stderr, "  %s\n", why);
    }
    char *rest = job->verdict->text;
    for (const char *line = strtok_r(rest, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        fprintf(tap, "  %s\n", line);
        fprintf(stderr, "  %s\n", line);
    }
}

static void finish(struct job *job, int status)
{
    double seconds = now() - job->started;
    const char *why = broken(job, status);
    kill(-job->pid, SIGKILL);
    job->verdict->text[TEXT_BYTES - 1] = '\0';
    if (why != NULL || job->verdict->failed > 0) {
        print_failed(job, why, seconds);
    } else if (job->verdict->outcome == SKIPPED) {
        print_skipped(job->test, job->verdict->text);
    } else {
        totals.passed++;
        fprintf(tap, "ok - %s::%s (%.2fs)\n", job->test->suite, job->test->name, seconds);
    }
    job->test = NULL;
}

static void collect(struct job *jobs)
{
    int status = 0;
    for (pid_t pid = waitpid(-1, &status, WNOHANG); pid > 0; pid = waitpid(-1, &status, WNOHANG)) {
        for (size_t i = 0; i < job_count; i++) {
            if (jobs[i].test != NULL && jobs[i].pid == pid) {
                finish(&jobs[i], status);
            }
        }
    }
}

static void kill_late(struct job *jobs)
{
    for (size_t i = 0; i < job_count; i++) {
        if (jobs[i].test != NULL && !jobs[i].late && now() - jobs[i].started > jobs[i].limit) {
            jobs[i].late = true;
            kill(-jobs[i].pid, SIGKILL);
        }
    }
}

/* A free job, waited for; with `all`, waits until every job is free. */
static struct job *wait_free(struct job *jobs, bool all)
{
    static const struct timespec tick = {.tv_nsec = TICK_MS * 1000000L};
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    for (;;) {
        collect(jobs);
        struct job *unused = NULL;
        size_t count = 0;
        for (size_t i = 0; i < job_count; i++) {
            if (jobs[i].test == NULL) {
                unused = &jobs[i];
                count++;
            }
        }
        if (all ? count == job_count : unused != NULL) {
            return unused;
        }
        sigtimedwait(&child, NULL, &tick);
        kill_late(jobs);
    }
}

static bool is_chosen(const struct plain_test *test)
{
    char name[512];
    snprintf(name, sizeof name, "%s/%s", test->suite, test->name);
    return filter == NULL || fnmatch(filter, name, 0) == 0;
}

static void run_all(void)
{
    struct job jobs[MOST_JOBS] = {0};
    struct verdict *verdicts = mmap(NULL, MOST_JOBS * sizeof *verdicts, PROT_READ | PROT_WRITE,
        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (verdicts == MAP_FAILED) {
        perror("mmap");
        exit(1);
    }
    for (size_t i = 0; i < MOST_JOBS; i++) {
        jobs[i].verdict = &verdicts[i];
    }
    for (const struct plain_test *test = tests; test != NULL; test = test->next) {
        if (!is_chosen(test)) {
            continue;
        }
        if (options_of(test).disabled) {
            print_skipped(test, "disabled");
        } else {
            start(wait_free(jobs, false), test);
        }
    }
    wait_free(jobs, true);
    munmap(verdicts, MOST_JOBS * sizeof *verdicts);
}

static bool take_option(const char *name, const char *value)
{
    if (strcmp(name, "--jobs") == 0) {
        job_count = strtoul(value, NULL, 10);
        return job_count > 0 && job_count <= MOST_JOBS;
    }
    if (strcmp(name, "--timeout") == 0) {
        default_limit = strtod(value, NULL);
        return default_limit > 0;
    }
    if (strcmp(name, "--filter") == 0) {
        filter = value;
        return true;
    }
    if (strcmp(name, "--tap") == 0) {
        tap = fopen(value, "w");
        return tap != NULL;
    }
    return false;
}

/* Options as "--name value" and as "--name=value". */
static bool take_options(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        char *name = argv[i];
        char *value = strchr(name, '=');
        if (value != NULL) {
            *value++ = '\0';
        } else if (i + 1 < argc) {
            value = argv[++i];
        }
        if (value == NULL || !take_option(name, value)) {
            fprintf(stderr, "%s: cannot be taken\n", name);
            return false;
        }
    }
    return true;
}

static size_t count_chosen(void)
{
    size_t count = 0;
    for (const struct plain_test *test = tests; test != NULL; test = test->next) {
        count += is_chosen(test);
    }
    return count;
}

int main(int argc, char **argv)
{
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child, NULL); /* waited for by wait_free */
    tap = stdout;
    if (!take_options(argc, argv)) {
        return 2;
    }
    fprintf(tap, "TAP version 13\n1..%zu\n", count_chosen());
    run_all();
    fflush(tap);
    fprintf(stderr, "%zu passed, %zu failed, %zu skipped\n", totals.passed, totals.failed,
        totals.skipped);
    return totals.failed == 0 ? 0 : 1;
}
