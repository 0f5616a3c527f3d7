/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_TESTS_CONFORMANCE_PACKING_H
#define JIG_TESTS_CONFORMANCE_PACKING_H
/* AASX packages made by tests: the usual parts, and packing them. */
#include <stddef.h>

struct file {
    const char *name;
    const char *content;
};

#define RELS_NS "http://schemas.openxmlformats.org/package/2006/relationships"
#define REL_TO(type, target, more)                                                                 \
    "<Relationship Id=\"r\" Type=\"" type "\" Target=\"" target "\"" more "/>\n"
#define REL(type, target) REL_TO(type, target, "")
#define RELS(list) "<Relationships xmlns=\"" RELS_NS "\">\n" list "</Relationships>"
#define AAS "http://admin-shell.io/aasx/relationships/"
#define WWW "http://www.admin-shell.io/aasx/relationships/"
#define THUMB RELS_NS "/metadata/thumbnail"
#define SIGNATURE RELS_NS "/digital-signature/"
#define DEFAULT(extension, type) "<Default Extension=\"" extension "\" ContentType=\"" type "\"/>"
#define TYPES_OF(list)                                                                             \
    "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">" list "</"     \
    "Types>"
#define PLAIN_TYPES                                                                                \
    DEFAULT("rels", "application/vnd.openxmlformats-package.relationships+xml")                    \
    DEFAULT("json", "application/json")                                                            \
    DEFAULT("xml", "application/xml")                                                              \
    DEFAULT("pdf", "application/pdf")                                                              \
    DEFAULT("png", "image/png")                                                                    \
    "<Override PartName=\"/aasx/aasx-origin\" ContentType=\"text/plain\"/>"
#define TYPES                                                                                      \
    {                                                                                              \
        "[Content_Types].xml", TYPES_OF(PLAIN_TYPES)                                               \
    }
#define ROOT_RELS                                                                                  \
    {                                                                                              \
        "_rels/.rels", RELS(REL(AAS "aasx-origin", "/aasx/aasx-origin"))                           \
    }
#define ORIGIN                                                                                     \
    {                                                                                              \
        "aasx/aasx-origin", "Intentionally empty."                                                 \
    }
#define ORIGIN_RELS                                                                                \
    {                                                                                              \
        "aasx/_rels/aasx-origin.rels", RELS(REL(AAS "aas-spec", "/aasx/data.json"))                \
    }

/* Packs the files up to the first one without a name; malloc'd. */
char *pack(const struct file *files, size_t count, size_t *len);

#endif
