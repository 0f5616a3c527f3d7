/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_AAS_XML_H
#define JIG_AAS_XML_H
/*
 * XML of the metamodel (IDTA-01001, "Mappings to data formats: XML") in the namespaces of 3.0 and
 * 3.1, with any prefix, byte order mark, CDATA, comments and processing instructions.
 *
 * A document type declaration is refused before anything is expanded; no entity but the five of XML
 * is known; nothing is fetched. Built on libxml2, whose tree stays available as long as the caller
 * keeps it, so that the same bytes are parsed once for reading and for the schema.
 * aas_xml_start must have been called once before any other function, from the main thread.
 */
#include <stdbool.h>
#include <stddef.h>

#include "aas/arena.h"
#include "aas/buf.h"
#include "aas/err.h"
#include "aas/problem.h"
#include "aas/tree.h"

struct _xmlDoc;

/* Prepares libxml2 for use by several threads. Free to repeat. */
void aas_xml_start(void);

/* A parsed document. `doc` belongs to it; the `_private` field of each libxml2 element is the
 * struct aas_node it was read into (or belongs to), NULL where there is none. */
struct aas_xml {
    struct _xmlDoc *doc;
    enum meta_version version; /* by the namespace of the root */
    struct aas_node *root;     /* NULL when nothing could be read */
    struct meter *meter;       /* counts what the library takes, until aas_xml_finish */
    size_t counted;            /* bytes */
};

/* Parses bytes and reads them into a tree. Parameters and result as aas_json_read; additionally
 * `*xml` gets the parsed document when the bytes are well-formed XML, also with ERR_UNREADABLE
 * (finish it in every case). Rules reported: "XML-syntax", "XML-DTD", "XML-namespace",
 * "XML-structure" (unknown or repeated element, text where elements belong; as AAS_ERROR: an XML
 * attribute other than those of XML Schema), "XML-depth" (deeper than JSON may be, so that what is
 * read can be stored as JSON). At most 1,000 problems are told. The meter of the arena counts the
 * library's tree, too. Also ERR_NO_MEMORY. */
ERR_MUST_USE enum err_code aas_xml_read(struct arena *arena, const char *bytes, size_t len,
    const struct meta_class *as, const struct aas_sink *sink, struct aas_xml *xml, struct err *err);

/* Frees the libxml2 document; a zeroed struct is fine. The tree stays with its arena. */
void aas_xml_finish(struct aas_xml *xml);

/* A libxml2 document made from a tree (for judging JSON with the XSD), with `_private` set as above
 * and line numbers taken from the tree. Free with aas_xml_finish. ERR_NO_MEMORY. */
ERR_MUST_USE enum err_code aas_xml_from_tree(
    const struct aas_node *root, enum meta_version version, struct aas_xml *xml);

/* Appends the XML of a tree in canonical order, with XML declaration and the namespace of `version`
 * as default namespace, indented by two spaces when `pretty`. The root element is the XML name of
 * the node's class. Characters that XML 1.0 cannot carry (AASd-130) become U+FFFD. */
void aas_xml_write(
    struct buf *buf, const struct aas_node *node, enum meta_version version, bool pretty);

#endif
