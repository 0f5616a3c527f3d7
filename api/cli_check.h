/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_CLI_CHECK_H
#define JIG_API_CLI_CHECK_H
/*
 * The parts of `jig check`: what is asked for, one file judged, the forms of the report, the pool
 * of threads. Settings are written once and shared by all threads after that. The forms of the
 * report serve POST /conformance, too.
 */
#include "api/cli.h"
#include "conformance/judge.h"

struct check_settings {
    enum cli_format format;
    enum language language;
    unsigned versions;
    const struct meta_class *as;
    bool colour;
    bool fail_on_warnings;
    bool fix;
    const char *output; /* folder for corrected copies, NULL: beside the file */
};

/* What came of one file; `out` holds its part of the report, ready to be printed. */
struct check_outcome {
    struct buf out;
    enum report_verdict verdict;
    bool failed; /* has findings that --fail-on asks about */
};

/* All that the forms of the report may need about one file. */
struct check_file {
    const char *path;
    const char *name;  /* the path as it is shown, see cli_printable */
    const char *bytes; /* NULL when it could not be read */
    size_t len;
    const struct report *report;
    const struct judge_result *result;
    enum report_verdict verdict;
    const struct report *changes; /* what --fix changed */
    const char *fixed;            /* path of the corrected copy, NULL when there is none */
};

/* Counters over all files. */
struct check_total {
    size_t files;
    size_t by_verdict[3];
    size_t failed;
    bool wrote; /* something that needs a comma before what follows */
};

/* Reads, judges and writes about one file. Any thread. */
void check_run(
    const struct check_settings *settings, const char *path, struct check_outcome *outcome);

/* Runs check_run for every file, on as many threads as there are processors, and calls `each` in
 * the order of the files on the calling thread. Keeps a small number of outcomes at a time. */
void check_pool(const struct check_settings *settings, const struct cli_files *files,
    void (*each)(struct check_outcome *outcome, size_t position, void *context), void *context);

/* True when nothing was found that --fail-on asks about. */
bool check_passes(const struct check_settings *settings, const struct report *report);

/* The forms of the report, appended to `out`: about one file, before and after all files. */
void check_write_file(
    struct buf *out, const struct check_settings *settings, const struct check_file *file);
void check_write_begin(struct buf *out, const struct check_settings *settings);
void check_write_end(
    struct buf *out, const struct check_settings *settings, const struct check_total *total);

/* The member of `json` and the line of `jsonl`: file, verdict, passed, format, metamodel, counts,
 * rules with their counts, findings. */
void check_write_object(
    struct buf *out, const struct check_settings *settings, const struct check_file *file);

void check_write_junit(
    struct buf *out, const struct check_settings *settings, const struct check_file *file);
void check_write_sarif(
    struct buf *out, const struct check_settings *settings, const struct check_file *file);
void check_write_sarif_begin(struct buf *out, enum language language);

/* jig check --explain RULE; the exit code. */
int check_explain(const char *rule, enum language language);

/* Corrects the tree of a document that could be read and writes a copy when something changed;
 * `changes` gets an info per change. Returns the path of the copy (free it), NULL without one. Adds
 * an error to `report` when the copy cannot be written. */
char *check_fix(const struct check_settings *settings, const struct check_file *file,
    struct arena *arena, struct report *report, struct report *changes);

#endif
