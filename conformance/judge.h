/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_CONFORMANCE_JUDGE_H
#define JIG_CONFORMANCE_JUDGE_H
/*
 * Judgement: bytes in, element tree and report out. The one function that every way into the
 * registry calls, and all that `jig check` does.
 *
 * Order: reader (JSON, XML or AASX) → XSD generated from the metamodel table → constraint walk →
 * rules about other objects (conformance/others.h).
 * judge_start must have been called once from the main thread; it compiles both schemas. All other
 * functions may be called from several threads.
 */
#include <stdbool.h>
#include <stddef.h>

#include "aas/aasx.h"
#include "aas/arena.h"
#include "aas/err.h"
#include "aas/tree.h"
#include "conformance/others.h"
#include "conformance/report.h"

enum judge_format { JUDGE_AUTO, JUDGE_JSON, JUDGE_XML, JUDGE_AASX };

/* Compiles the schemas. ERR_INTERNAL with the reason. Free to repeat; judge_stop undoes it. */
ERR_MUST_USE enum err_code judge_start(struct err *err);
void judge_stop(void);

/* Judges with the user's own copy of the official XSD from now on; *versions gets the one version
 * it is for. Behind judge_start, before threads. ERR_BAD_INPUT with the reason. Matching its
 * patterns has no limit of time, which the generated schema has. */
ERR_MUST_USE enum err_code judge_use_schema(
    const char *bytes, size_t len, unsigned *versions, struct err *err);

struct judge_input {
    const char *bytes;
    size_t len;
    enum judge_format format;    /* JUDGE_AUTO: by the first bytes */
    const struct meta_class *as; /* class of the root; NULL: recognise */
    unsigned versions;           /* mask of enum meta_version; 0 means META_V_ANY: what one of the
                                  * two accepts is accepted; XML says its version by namespace */
    /* XML is judged by the XSD for the order of its elements, which a tree does not keep. JSON is
     * judged by the walk along the metamodel table, which finds what the XSD finds (a test, over
     * all corpora and mutants) at a third of the time; by the XSD, too, with the user's own. */
    bool without_schema;               /* never by the XSD (the walk remains) */
    bool schema_for_json;              /* JSON by the XSD as well */
    const struct aasx_limits *limits;  /* AASX ceilings, NULL: defaults */
    const struct judge_lookup *lookup; /* concept descriptions beyond the document, or NULL */
};

struct judge_result {
    enum report_verdict verdict;
    enum judge_format format;  /* what it was read as */
    enum meta_version version; /* the version the findings are about */
    struct aas_node *root;     /* in the caller's arena; NULL when nothing could be read.
                                * Several specification parts of an AASX are one Environment. */
    struct aasx package;       /* JUDGE_AASX only */
};

/* Judges one document. Always fills `result` and adds to `report`; the return value is ERR_OK when
 * the document could be held (valid or invalid), ERR_UNREADABLE when not, ERR_TOO_LARGE when the
 * arena is full. `err` (NULL allowed) gets the first finding of severity error. */
ERR_MUST_USE enum err_code judge_document(struct arena *arena, const struct judge_input *input,
    struct report *report, struct judge_result *result, struct err *err);

/* Judges a tree that is already there (after an edit): XSD unless `without_schema`, then the
 * constraint walk; `versions` as above, *version (NULL allowed) gets the version judged by. */
ERR_MUST_USE enum err_code judge_tree(const struct aas_node *root, unsigned versions,
    bool without_schema, struct report *report, enum meta_version *version, struct err *err);

/* The same with a place to look for the concept descriptions that the tree refers to (NULL: the
 * tree alone); what is not found there is told as an info. */
ERR_MUST_USE enum err_code judge_tree_with(const struct aas_node *root, unsigned versions,
    bool without_schema, const struct judge_lookup *lookup, struct report *report,
    enum meta_version *version, struct err *err);

/* "json", "xml", "aasx", "auto" */
const char *judge_format_text(enum judge_format format);

#endif
