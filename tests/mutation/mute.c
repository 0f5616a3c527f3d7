/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Linked into a test program with --wrap=report_add and --wrap=report_sink, this swallows the
 * findings of one rule, as if nobody had written it: the tests must miss them.
 *
 *     JIG_MUTED=AASd-117          the rule, wherever it fires
 *     JIG_MUTED=value-type@Range  what it says about objects of one class and what is in them
 *     JIG_MUTED=?                 lists all that can be muted, one per line, and runs nothing
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/constraint.h"
#include "conformance/report.h"
#include "conformance/rules.h"

enum { TEXT_ROOM = 768 };

void __real_report_add(struct report *report, enum aas_severity severity, const char *rule,
    const struct aas_node *node, int slot, const char *remedy, const char *format, ...)
    __attribute__((format(printf, 7, 8)));
void __wrap_report_add(struct report *report, enum aas_severity severity, const char *rule,
    const struct aas_node *node, int slot, const char *remedy, const char *format, ...)
    __attribute__((format(printf, 7, 8)));
struct aas_sink __real_report_sink(struct report *report);
struct aas_sink __wrap_report_sink(struct report *report);

static bool is_in(const struct aas_node *node, const char *name)
{
    for (; node != NULL; node = node->parent) {
        if (strcmp(node->cls->name, name) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_muted(const char *rule, const struct aas_node *node)
{
    const char *muted = getenv("JIG_MUTED");
    size_t len = muted == NULL ? 0 : strcspn(muted, "@");
    return muted != NULL && strlen(rule) == len && memcmp(rule, muted, len) == 0 &&
           (muted[len] == '\0' || is_in(node, muted + len + 1));
}

void __wrap_report_add(struct report *report, enum aas_severity severity, const char *rule,
    const struct aas_node *node, int slot, const char *remedy, const char *format, ...)
{
    char text[TEXT_ROOM];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (!is_muted(rule, node)) {
        __real_report_add(report, severity, rule, node, slot, remedy, "%s", text);
    }
}

static void add_unless_muted(void *context, const struct aas_problem *problem)
{
    const struct aas_sink sink = __real_report_sink(context);
    if (!is_muted(problem->rule, problem->node)) {
        sink.add(sink.context, problem);
    }
}

struct aas_sink __wrap_report_sink(struct report *report)
{
    return (struct aas_sink){.add = add_unless_muted, .context = report};
}

/* ------------------------------------------------------------------ the list */

static bool shares_its_id(const struct constraint *rows, size_t count, size_t at)
{
    for (size_t i = 0; i < count; i++) {
        if (i != at && strcmp(rows[i].id, rows[at].id) == 0) {
            return true;
        }
    }
    return false;
}

__attribute__((constructor)) static void list_rules(void)
{
    const char *muted = getenv("JIG_MUTED");
    if (muted == NULL || strcmp(muted, "?") != 0) {
        return;
    }
    for (size_t i = 0; rule_at(i) != NULL; i++) {
        puts(rule_at(i)->id);
    }
    size_t count = 0;
    const struct constraint *rows = constraint_rows(&count);
    for (size_t i = 0; i < count; i++) {
        if (shares_its_id(rows, count, i) && rows[i].is == 0 && rows[i].cls != CLASS_COUNT) {
            printf("%s@%s\n", rows[i].id, meta_class(rows[i].cls)->name);
        }
    }
    fflush(stdout);
    _Exit(0);
}
