/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_CONFORMANCE_SCHEMA_H
#define JIG_CONFORMANCE_SCHEMA_H
/*
 * The generated XML Schemas as judges of libxml2 documents. Both are compiled once by schema_start
 * and shared by all threads after that; each call has a validation context of its own.
 */
#include "aas/err.h"
#include "aas/xml.h"
#include "conformance/report.h"

/* Compiles the schemas of both versions. ERR_INTERNAL with the reason. Free to repeat. */
ERR_MUST_USE enum err_code schema_start(struct err *err);
void schema_stop(void);

/* Takes the user's own copy of the official XSD in place of the generated one; *version gets which
 * version it is for, by its target namespace. Called once behind schema_start, before threads.
 * ERR_BAD_INPUT with the reason when it does not compile or is a schema of something else. Its
 * patterns run in libxml2 without a limit of time. */
ERR_MUST_USE enum err_code schema_replace(
    const char *bytes, size_t len, enum meta_version *version, struct err *err);

/* True when schema_replace was called: then no text is held back from the schema. */
bool schema_is_replaced(void);

/* Validates a document whose elements carry their nodes. What the schema refuses is explained by a
 * walk along the table; what the walk has no words for, such as a wrong order, is reported from the
 * schema's own error. ERR_NO_MEMORY, ERR_INTERNAL without a started schema. */
ERR_MUST_USE enum err_code schema_validate(
    const struct aas_xml *xml, struct report *report, struct err *err);

#endif
