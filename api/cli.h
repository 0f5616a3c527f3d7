/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_API_CLI_H
#define JIG_API_CLI_H
/*
 * The command line. Commands and their options are rows (cli.c); parsing and help are derived from
 * them. A command gets the parsed values and returns the process's exit code.
 *
 * Exit codes: 0 done, 1 findings of severity error or refused, 2 unreadable input or wrong usage,
 * 3 something went wrong on this machine (store, disk, memory).
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "aas/buf.h"
#include "aas/err.h"
#include "conformance/language.h"
#include "registry/registry.h"

enum { CLI_OK = 0, CLI_FINDINGS = 1, CLI_UNREADABLE = 2, CLI_USAGE = 2, CLI_FAILED = 3 };

enum cli_format { CLI_TEXT, CLI_JSON, CLI_JSONL, CLI_XML, CLI_JUNIT, CLI_SARIF, CLI_AASX };

/* The values of an option that may stand several times. */
enum { CLI_LIST = 16 };
struct cli_list {
    const char *items[CLI_LIST];
    size_t count;
};

/* What the options of all commands can say; defaults are set before parsing. */
struct cli_values {
    const char *store;     /* never NULL: default_store when not given */
    const char *listen;    /* HOST:PORT */
    const char *output;    /* FILE, NULL: standard output */
    const char *metamodel; /* "3.0", "3.1", "any" */
    const char *as;        /* class name, NULL: recognise */
    const char *format;    /* text, json, jsonl, xml; NULL: the command's own default */
    const char *kind;      /* facet filters of search, NULL: any */
    const char *state;
    const char *family;
    const char *language;
    const char *publisher;
    const char *structure;
    const char *category;
    const char *equipment;
    const char *process;
    const char *phase;
    const char *dictionary;
    const char *titles;      /* language of titles */
    const char *semantic_id; /* who uses it, NULL: words are searched */
    const char *author;
    const char *message;
    const char *allow_origin;
    const char *host_names;
    const char *external_url;
    const char *shell_id;
    const char *submodel_id;
    const char *max_body;   /* MiB */
    const char *max_file;   /* MiB */
    const char *max_memory; /* MiB */
    const char *threads;
    const char *delegate; /* hosts that may do the work of operations */
    const char *limit;
    const char *fail_on;     /* "error", "warning" */
    const char *explain;     /* rule id, NULL: none */
    const char *schema;      /* FILE with an XSD, NULL: the one of the metamodel table */
    const char *expect;      /* NUMBER:HASH of a log, NULL: none */
    const char *version;     /* of a new draft, or that a draft follows */
    const char *successor;   /* of a deprecated version */
    const char *overrule;    /* reason for a number that is too small */
    const char *approvals;   /* needed to publish */
    const char *names;       /* languages in which a template must have a name, "none"; or names as
                              * ko=NAME;en=NAME */
    const char *other_words; /* that a family is looked for by */
    const char *parent;      /* of a category */
    const char *mode;        /* how semantic ids are compared, NULL: exact */
    const char *anonymous;   /* role of somebody unknown, NULL: by where the server listens */
    const char *user;
    const char *expires;
    struct cli_list roles;
    bool open;
    bool no_admin;
    bool one_time;
    const char *seed; /* of made-up data */
    const char *sort; /* order of hits, NULL: by relevance */
    const char *templates;
    const char *search_values; /* elements found by their values */
    const char *submodels;
    const char *keep_values;      /* how long values are kept, NULL: for ever */
    const char *keep_files;       /* the same of files that nothing leads to; NULL: as it was */
    const char *structure_before; /* moment before which everything goes, NULL: none */
    const char *from;             /* moments between which changes lie, NULL: any */
    const char *to;
    bool dry_run;
    bool rows;
    bool drafts;
    bool fix;
    bool strict;
    bool replace;
    bool facets;
    bool without_library;
    bool trust_proxy;
    bool access_log;
    bool help;
    const char *const *words; /* what is no option */
    size_t word_count;
};

/* Runs the command line; argv as in main. */
int cli_main(int argc, char **argv);

/* The commands; each is one file. */
int cli_serve(const struct cli_values *values);
int cli_import(const struct cli_values *values);
int cli_check(const struct cli_values *values);
int cli_diff(const struct cli_values *values);
int cli_search(const struct cli_values *values);
int cli_export(const struct cli_values *values);
int cli_history(const struct cli_values *values);
int cli_prune(const struct cli_values *values);
int cli_template(const struct cli_values *values);
int cli_proposal(const struct cli_values *values);
int cli_tags(const struct cli_values *values);
int cli_categories(const struct cli_values *values);
int cli_verify_store(const struct cli_values *values);
int cli_user(const struct cli_values *values);
int cli_token(const struct cli_values *values);
int cli_bench_data(const struct cli_values *values);

/* ------------------------------------------------------------------ shared by the commands */

enum {
    CLI_MAX_FILE = 512 * 1024 * 1024,     /* bytes of one input file */
    CLI_ARENA_ROOM = 2000 * 1024 * 1024,  /* bytes of memory for one document */
    CLI_OUTPUT_ROOM = 2000 * 1024 * 1024, /* bytes of one output document */
};

/* Parses a moment with its time zone ("2026-03-01T08:00:00Z") into Unix time in ms; NULL leaves it
 * as it is. On failure prints the reason and returns false. */
bool cli_moment(const char *command, const char *option, const char *text, int64_t *time_ms);

/* Parses how long something is kept ("90d") into ms; NULL leaves it as it is. On failure prints the
 * reason and returns false. */
bool cli_age(const char *command, const char *option, const char *text, int64_t *age_ms);
/* The same where "none" is 0. */
bool cli_age_or_none(const char *command, const char *option, const char *text, int64_t *age_ms);

/* The kind of thing that --kind names, 0 for NULL; prints the reason and returns false for another
 * word. */
bool cli_kind(const char *command, const char *text, enum registry_kind *kind);

/* A hash as text of 2 × STORE_HASH_BYTES digits and NUL. */
void cli_hex(const unsigned char hash[STORE_HASH_BYTES], char *text);

/* Who is logged in on this machine: the author when nobody says another one. */
const char *cli_login_name(void);

/* Prints "jig COMMAND: sentence (rule, place). Remedy." to standard error; returns its exit code.
 */
int cli_fail(const char *command, const struct err *err);

/* Parses a whole number within bounds; on failure prints the reason and returns false. */
bool cli_number(
    const char *option, const char *text, uint64_t least, uint64_t most, uint64_t *number);

/* The value of --format among the allowed ones ("text", "json", ...; NULL-terminated
 * list); prints the reason and returns false when it is another. `fallback` when not given. */
bool cli_format(const struct cli_values *values, const enum cli_format *allowed, size_t count,
    enum cli_format fallback, enum cli_format *format);

/* The language of the report: --language, else what the environment says; prints the reason and
 * returns false when there is no such language. */
bool cli_language(const char *command, const struct cli_values *values, enum language *language);

/* True when the last part of a path is `name`. */
bool cli_file_is(const char *path, const char *name);

/* Files named on the command line, folders walked in sorted order (*.json, *.xml, *.aasx; hidden
 * entries left out). Files and folders are NUL-terminated in one allocation; free with
 * cli_files_finish. A path that does not exist is kept: reading it gives the error. "-" is standard
 * input. */
struct cli_files {
    char **paths;
    size_t count;
    size_t room;
};
ERR_MUST_USE enum err_code cli_files_collect(
    const struct cli_values *values, struct cli_files *files, struct err *err);
void cli_files_finish(struct cli_files *files);

/* The whole file; free() the bytes. ERR_IO, ERR_TOO_LARGE with a sentence. */
ERR_MUST_USE enum err_code cli_file_read(
    const char *path, char **bytes, size_t *len, struct err *err);

/* Replaces what cannot be shown, control characters and bytes that are not UTF-8, by '?'. */
void cli_printable(char *text);

/* A progress line on standard error when it is a terminal; `done` == `total` ends it. */
void cli_progress(const char *doing, size_t done, size_t total, const char *now);
/* Removes the progress line before other output. */
void cli_progress_clear(void);

#endif
