/* SPDX-License-Identifier: Apache-2.0 */
/* What came of a file of trees, tags and names: findings for what stays, and the whole in one word.
 */
#include "registry/curated_file.h"
#include "registry/curated_inside.h"

static const char replace_remedy[] = "Import with --replace to store what the file says instead.";
static const char model_remedy[] = "Import the model, then this file again.";

struct sum {
    size_t stored;
    size_t kept;
    size_t absent;
};

static void add_up(struct sum *sum, enum curated_fate fate)
{
    sum->stored += fate == CURATED_STORED;
    sum->kept += fate == CURATED_KEPT;
    sum->absent += fate == CURATED_ABSENT;
}

static void tell(
    struct report *report, const char *rule, uint32_t line, const char *text, const char *remedy)
{
    struct aas_sink sink = report_sink(report);
    const struct aas_problem problem = {.severity = AAS_WARNING,
        .rule = rule,
        .slot = -1,
        .line = line,
        .text = text,
        .remedy = remedy};
    sink.add(sink.context, &problem);
}

static void report_row(const struct curated_file_row *entry, struct report *report)
{
    const char *name = entry->family != NULL ? entry->family : entry->id;
    struct err err;
    if (entry->fate == CURATED_KEPT) {
        err_set(&err, ERR_EXISTS,
            "other tags or names are said of '%.300s' in the store, which stay", name);
        tell(report, "import-exists", entry->line, err.text, replace_remedy);
    } else if (entry->fate == CURATED_ABSENT) {
        err_set(
            &err, ERR_NOT_FOUND, "'%.300s' is not in the store, so nothing is said of it", name);
        tell(report, "import-no-model", entry->line, err.text, model_remedy);
    }
}

static void report_node(const struct curated_file_node *entry, bool removed, struct report *report)
{
    struct err err;
    if (entry->fate == CURATED_KEPT) {
        err_set(&err, ERR_EXISTS,
            removed ? "the value '%.64s' of the tree '%s' was not taken out: it is used, or was "
                      "changed here"
                    : "the value '%.64s' of the tree '%s' is another one in the store, which stays",
            entry->node.value, curated_tree_name(entry->node.tree));
        tell(report, "import-exists", entry->line, err.text,
            removed ? "Take it away where it is used, then with jig categories delete."
                    : replace_remedy);
    }
}

static void report_all(const struct curated_file *file, struct report *report, struct sum *sum)
{
    *sum = (struct sum){.stored = 0};
    for (size_t i = 0; i < file->node_count; i++) {
        add_up(sum, file->nodes[i].fate);
        report_node(&file->nodes[i], false, report);
    }
    for (size_t i = 0; i < file->removed_count; i++) {
        add_up(sum, file->removed[i].fate);
        report_node(&file->removed[i], true, report);
    }
    for (size_t i = 0; i < file->row_count; i++) {
        add_up(sum, file->rows[i].fate);
        report_row(&file->rows[i], report);
    }
}

/* As with models: what changes nothing because something else is there must not look as if it had
 * been stored. */
static enum err_code conclude(const struct sum *sum, struct err *err)
{
    if (sum->stored > 0 || sum->kept + sum->absent == 0) {
        return ERR_OK;
    }
    if (sum->kept == 0) {
        err_set(err, ERR_NOT_FOUND,
            "nothing of the file is new, and models that it is about are not in the store: %zu",
            sum->absent);
        err_rule(err, "import-no-model", model_remedy);
        return ERR_NOT_FOUND;
    }
    err_set(err, ERR_EXISTS,
        "nothing of the file is new, and values, tags or names are others in the store: %zu",
        sum->kept);
    err_rule(err, "import-exists", replace_remedy);
    return ERR_EXISTS;
}

enum err_code curated_file_report(
    const struct curated_file *file, struct report *report, size_t *stored, struct err *err)
{
    struct sum sum;
    report_all(file, report, &sum);
    *stored = sum.stored;
    return conclude(&sum, err);
}
