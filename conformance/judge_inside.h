/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_CONFORMANCE_JUDGE_INSIDE_H
#define JIG_CONFORMANCE_JUDGE_INSIDE_H
/* Inside of conformance/judge*.c: one document while it is being judged. */
#include "conformance/judge.h"

struct judge_job {
    struct arena *arena;
    const struct judge_input *input;
    struct report *report;
    struct err *err;
    enum meta_version version;
    struct aas_node *root;
};

/* Reads and judges one document, without the rules about other objects. */
ERR_MUST_USE enum err_code judge_json(struct judge_job *job, const char *bytes, size_t len);
ERR_MUST_USE enum err_code judge_xml(struct judge_job *job, const char *bytes, size_t len);

/* Judges a package with all its specification parts; job->root gets one Environment. */
ERR_MUST_USE enum err_code judge_package(struct judge_job *job, struct aasx *package);

#endif
