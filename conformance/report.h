/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_CONFORMANCE_REPORT_H
#define JIG_CONFORMANCE_REPORT_H
/*
 * The report: every finding about one document, collected and never stopped at the first.
 *
 * A report owns its findings in an arena of its own and lives until report_finish. It is also a
 * sink for the readers of the aas floor. Findings are capped at REPORT_MAX_FINDINGS; beyond, the
 * first REPORT_KEPT_OF_RULE of each rule are still kept, and the rest is counted by rule. One
 * thread at a time.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "aas/arena.h"
#include "aas/buf.h"
#include "aas/problem.h"
#include "conformance/language.h"

enum { REPORT_MAX_FINDINGS = 10000, REPORT_KEPT_OF_RULE = 20 };

enum report_verdict { REPORT_VALID, REPORT_INVALID, REPORT_UNREADABLE };

struct finding {
    enum aas_severity severity;
    const char *rule;    /* "AASd-117", "schema-pattern", "JSON-syntax", ... */
    const char *path;    /* idShort path, "" at or above the submodel */
    const char *id;      /* id of the identifiable it is in, "" when none */
    const char *pointer; /* JSON pointer, "" for the root */
    const char *part;    /* name of the specification part of a package, "" elsewhere */
    uint32_t line;       /* in the user's own file, 0 when unknown */
    uint32_t column;
    const char *text;
    const char *remedy; /* "" when obvious */
};

/* How many findings of one rule and one severity there are. */
struct report_tally {
    const char *rule;
    enum aas_severity severity;
    size_t count; /* also those beyond the cap */
    size_t kept;
};

enum { REPORT_MAX_GROUPS = 128 }; /* tallies of one report: more than there are rules */

struct report {
    struct arena arena;
    struct finding *findings;
    size_t count; /* kept */
    size_t room;
    uint32_t *buckets; /* hash table of positions in findings + 1, for finding repeats */
    size_t bucket_count;
    struct report_tally *tallies; /* in the order of their first finding */
    size_t tally_count;
    size_t errors;     /* AAS_ERROR and AAS_UNREADABLE, also those beyond the cap */
    size_t unreadable; /* AAS_UNREADABLE only */
    size_t warnings;
    size_t infos;
    const char *part; /* given to the findings that are added; NULL outside of packages */
};

void report_init(struct report *report);
void report_finish(struct report *report);

/* Forgets all findings, keeps the memory's owner usable. */
void report_clear(struct report *report);

/* Who counts the memory of a report: who judges for it takes memory from the same. NULL for none,
 * or no report. */
struct meter *report_meter(const struct report *report);

/* A sink that adds to this report; valid as long as the report. Path, id and pointer are derived
 * from node and slot at the moment of the call. */
struct aas_sink report_sink(struct report *report);

/* Adds one finding about a node (NULL: the document) and, when slot >= 0, one of its attributes.
 * The sentence is printf-formatted; remedy may be NULL. The same rule at the same place with the
 * same sentence is kept once. */
void report_add(struct report *report, enum aas_severity severity, const char *rule,
    const struct aas_node *node, int slot, const char *remedy, const char *format, ...)
    __attribute__((format(printf, 7, 8)));

/* REPORT_UNREADABLE when anything was unreadable, REPORT_INVALID with errors, else REPORT_VALID. */
enum report_verdict report_verdict(const struct report *report);
const char *report_verdict_text(enum report_verdict verdict); /* "valid", "invalid", "unreadable" */
const char *report_severity_text(enum aas_severity severity); /* "error" for AAS_UNREADABLE too */

/* Appends the findings as a JSON array of objects {rule, clause, severity, path, id, part, pointer,
 * line, column, text, remedy}; members that are empty or 0 are left out, except rule, severity and
 * text. Without a language in English. */
void report_write_findings(struct buf *buf, const struct report *report);
void report_write_findings_in(struct buf *buf, const struct report *report, enum language language);

/* Appends the findings as lines for people, grouped by rule in the order of their first finding:
 * the rule with its count and title, up to REPORT_TEXT_PLACES places with what is wrong there, and
 * what to do. */
enum { REPORT_TEXT_PLACES = 20 };
void report_write_text(
    struct buf *buf, const struct report *report, enum language language, bool colour);

/* The findings of one rule and one severity. */
struct report_group {
    const struct finding *first;
    size_t count;    /* also those beyond the cap */
    bool one_remedy; /* all of them have the same */
};

/* Groups the findings in the order of their first one; returns how many groups there are. */
size_t report_group(const struct report *report, struct report_group groups[REPORT_MAX_GROUPS]);
bool report_group_has(const struct report_group *group, const struct finding *finding);

/* Appends one finding as a line for people without line end: place, what is wrong. Control
 * characters are replaced. */
void report_write_line(struct buf *buf, const struct finding *finding, enum language language);

/* What is shown of a report before its findings: "2 errors, 1 warning". */
void report_write_counts(struct buf *buf, const struct report *report, enum language language);

/* "valid", "error" and so on for people. */
const char *report_verdict_word(enum report_verdict verdict, enum language language);
const char *report_severity_word(enum aas_severity severity, enum language language);

/* Moves all findings of `from` to the end of `to` (copying texts). */
void report_merge(struct report *to, const struct report *from);

#endif
