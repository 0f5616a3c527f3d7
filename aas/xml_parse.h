/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_AAS_XML_PARSE_H
#define JIG_AAS_XML_PARSE_H
/*
 * The lower half of the XML reader: bytes to a libxml2 document, and the reporting that both halves
 * share. Used by xml_scan.c, xml_parse.c and xml_read.c
 * only.
 */
#include <libxml/tree.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "aas/err.h"
#include "aas/problem.h"

/* Problems told to the sink per document; the ones after are only counted, so that hostile input
 * cannot fill a report. */
enum { XML_MAX_PROBLEMS = 1000 };

/* Where problems go. Prepared by the caller with sink and err, both of which may be NULL. */
struct xml_report {
    const struct aas_sink *sink;
    struct err *err;
    size_t count;
    bool unreadable; /* at least one problem of severity AAS_UNREADABLE */
};

/* Tells one problem: counts it, passes it on, and keeps the first unreadable one in err. */
void xml_report_add(struct xml_report *report, const struct aas_problem *problem);

/* The length of the longest beginning of `text` that has at most `max` bytes and cuts no UTF-8
 * character; for messages. */
int xml_clip(const char *text, int max);

/* Characters in one tag, attributes included, and namespace declarations in force at one place. */
enum { XML_MAX_TAG = 16 * 1024, XML_MAX_NAMESPACES = 256 };

enum xml_scan { XML_SCAN_OK, XML_SCAN_TAG /* too long */, XML_SCAN_ENCODING /* not taken */ };

/* Looks for what libxml2 must not be given: tags beyond XML_MAX_TAG and encodings other than UTF-8,
 * UTF-16, ASCII and the like. `*line` is the place. */
enum xml_scan xml_scan(const char *bytes, size_t len, uint32_t *line);

/* Parses bytes. NULL with ERR_UNREADABLE when they are no well-formed XML or have a document type
 * declaration (both reported), ERR_TOO_LARGE past 2 GiB, ERR_NO_MEMORY. Free with xmlFreeDoc. */
ERR_MUST_USE enum err_code xml_parse(
    const char *bytes, size_t len, struct xml_report *report, xmlDoc **doc);

#endif
