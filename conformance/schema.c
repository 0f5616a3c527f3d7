/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/schema.h"

#include <limits.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/xmlerror.h>
#include <libxml/xmlschemas.h>
#include <stdlib.h>
#include <string.h>

#include "aas/xsd.h"
#include "conformance/facets.h"

enum { XSD_CEILING = 4 << 20, VERSIONS = 2 };

static const enum meta_version versions[VERSIONS] = {META_V30, META_V31};
static xmlSchemaPtr schemas[VERSIONS]; /* written by start, replace and stop only */
static bool replaced;

/* ------------------------------------------------------------------ compiling */

static void be_silent(void *context, xmlErrorPtr error)
{
    (void)context;
    (void)error;
}

static xmlSchemaPtr compile(enum meta_version version)
{
    struct buf xsd;
    xmlSchemaPtr schema = NULL;
    buf_init(&xsd, XSD_CEILING);
    aas_xsd_write(&xsd, version);
    if (!buf_failed(&xsd)) {
        xmlSchemaParserCtxtPtr ctxt = xmlSchemaNewMemParserCtxt(xsd.bytes, (int)xsd.len);
        if (ctxt != NULL) {
            xmlSchemaSetParserStructuredErrors(ctxt, be_silent, NULL);
            schema = xmlSchemaParse(ctxt);
        }
        xmlSchemaFreeParserCtxt(ctxt);
    }
    buf_finish(&xsd);
    return schema;
}

enum err_code schema_start(struct err *err)
{
    aas_xml_start();
    for (size_t i = 0; i < VERSIONS; i++) {
        if (schemas[i] == NULL) {
            schemas[i] = compile(versions[i]);
        }
        if (schemas[i] == NULL) {
            return err_set(err, ERR_INTERNAL, "the schema of the metamodel does not compile");
        }
    }
    return ERR_OK;
}

void schema_stop(void)
{
    for (size_t i = 0; i < VERSIONS; i++) {
        xmlSchemaFree(schemas[i]);
        schemas[i] = NULL;
    }
    replaced = false;
}

/* ------------------------------------------------------------------ the user's own schema */

/* Keeps the first error. */
static void keep_error(void *context, xmlErrorPtr error)
{
    struct err *err = context;
    if (err->code == ERR_OK && error->message != NULL) {
        size_t len = strcspn(error->message, "\n");
        err_set(err, ERR_BAD_INPUT, "line %d: %.*s", error->line, (int)(len < 400 ? len : 400),
            error->message);
    }
}

static bool version_of(const xmlDoc *doc, enum meta_version *version)
{
    xmlNode *root = xmlDocGetRootElement(doc);
    xmlChar *target = root == NULL ? NULL : xmlGetProp(root, (const xmlChar *)"targetNamespace");
    bool known = false;
    for (size_t i = 0; i < VERSIONS && target != NULL && !known; i++) {
        known = strcmp((const char *)target, meta_xml_namespace(versions[i])) == 0;
        *version = versions[i];
    }
    xmlFree(target);
    return known;
}

static xmlSchemaPtr compile_own(xmlDoc *doc, struct err *reason)
{
    xmlSchemaParserCtxtPtr ctxt = xmlSchemaNewDocParserCtxt(doc);
    xmlSchemaPtr schema = NULL;
    if (ctxt != NULL) {
        xmlSchemaSetParserStructuredErrors(ctxt, keep_error, reason);
        schema = xmlSchemaParse(ctxt);
    }
    xmlSchemaFreeParserCtxt(ctxt);
    return schema;
}

/* One call of the user's, before threads: the global error handler may be borrowed. */
static xmlDoc *read_own(const char *bytes, size_t len, struct err *reason)
{
    xmlSetStructuredErrorFunc(reason, keep_error);
    xmlDoc *doc =
        len > INT_MAX ? NULL : xmlReadMemory(bytes, (int)len, NULL, NULL, XML_PARSE_NONET);
    xmlSetStructuredErrorFunc(NULL, NULL);
    return doc;
}

enum err_code schema_replace(
    const char *bytes, size_t len, enum meta_version *version, struct err *err)
{
    struct err reason = {.code = ERR_OK};
    enum meta_version made_for = META_V31;
    xmlSchemaPtr schema = NULL;
    xmlDoc *doc = read_own(bytes, len, &reason);
    if (doc == NULL) {
        return err_set(err, ERR_BAD_INPUT, "the schema is no XML: %s", reason.text);
    }
    if (!version_of(doc, &made_for)) {
        err_set(err, ERR_BAD_INPUT, "the target namespace of the schema is neither %s nor %s",
            meta_xml_namespace(META_V30), meta_xml_namespace(META_V31));
        goto out;
    }
    schema = compile_own(doc, &reason);
    if (schema == NULL) {
        err_set(err, ERR_BAD_INPUT, "the schema does not compile: %s", reason.text);
        goto out;
    }
    size_t at = made_for == META_V30 ? 0 : 1;
    xmlSchemaFree(schemas[at]);
    schemas[at] = schema;
    replaced = true;
    *version = made_for;
out:
    xmlFreeDoc(doc);
    return schema == NULL ? ERR_BAD_INPUT : ERR_OK;
}

bool schema_is_replaced(void)
{
    return replaced;
}

/* ------------------------------------------------------------------ what was found */

/* One error of the schema: the element, and whether it is about content (order, missing, foreign
 * elements) or about a text. */
struct breach {
    const xmlNode *element;
    int code;
};

/* One finding of the walk. */
struct covered {
    const struct aas_node *node;
    int slot;
};

struct session {
    struct breach *breaches;
    size_t breach_count;
    size_t breach_room;
    struct covered *covered; /* sorted by node once the walk is done */
    size_t covered_count;
    size_t covered_room;
    bool failed; /* no memory */
};

static bool make_room(void **items, size_t count, size_t *room, size_t size)
{
    if (count < *room) {
        return true;
    }
    size_t more = *room == 0 ? 32 : *room * 2;
    void *grown = realloc(*items, more * size);
    if (grown == NULL) {
        return false;
    }
    *items = grown;
    *room = more;
    return true;
}

static const xmlNode *element_of(const xmlNode *node)
{
    while (node != NULL && node->type != XML_ELEMENT_NODE) {
        node = node->parent;
    }
    return node;
}

static void on_error(void *context, xmlErrorPtr error)
{
    struct session *session = context;
    const xmlNode *element = element_of(error->node);
    if (session->breach_count > 0) {
        /* The schema says everything about a text twice: the facet and the type. */
        const struct breach *last = &session->breaches[session->breach_count - 1];
        if (last->element == element) {
            return;
        }
    }
    void *items = session->breaches;
    if (session->breach_count >= REPORT_MAX_FINDINGS) {
        return;
    }
    if (!make_room(
            &items, session->breach_count, &session->breach_room, sizeof *session->breaches)) {
        session->failed = true;
        return;
    }
    session->breaches = items;
    session->breaches[session->breach_count++] = (struct breach){element, error->code};
}

static void on_found(void *context, const struct aas_node *node, int slot)
{
    struct session *session = context;
    void *items = session->covered;
    if (!make_room(
            &items, session->covered_count, &session->covered_room, sizeof *session->covered)) {
        session->failed = true;
        return;
    }
    session->covered = items;
    session->covered[session->covered_count++] = (struct covered){node, slot};
}

static int compare_covered(const void *a, const void *b)
{
    const struct covered *x = a;
    const struct covered *y = b;
    if (x->node != y->node) {
        return (uintptr_t)x->node < (uintptr_t)y->node ? -1 : 1;
    }
    return (x->slot > y->slot) - (x->slot < y->slot);
}

static bool is_covered(const struct session *session, const struct aas_node *node, int slot)
{
    const struct covered key = {node, slot};
    return session->covered_count > 0 && bsearch(&key, session->covered, session->covered_count,
                                             sizeof key, compare_covered) != NULL;
}

/* ------------------------------------------------------------------ explaining */

static const struct aas_node *node_of(const xmlNode *element)
{
    for (; element != NULL && element->type == XML_ELEMENT_NODE; element = element->parent) {
        if (element->_private != NULL) {
            return element->_private;
        }
    }
    return NULL;
}

/* The attribute an element stands for in its node, or -1 when it stands for the node itself. */
static int slot_of(const xmlNode *element, const struct aas_node *node)
{
    const char *name = (const char *)element->name;
    return element->_private != node ? -1 : meta_slot_by_name(node->cls, name, strlen(name));
}

/* Adds what the walk had no words for. */
static void explain(
    const struct session *session, const struct breach *breach, struct report *report)
{
    const xmlNode *element = breach->element;
    const struct aas_node *node = element == NULL ? NULL : node_of(element);
    const struct aas_node *around =
        element == NULL || element->parent == NULL ? NULL : node_of(element->parent);
    if (node == NULL) {
        report_add(report, AAS_ERROR, "schema-unexpected", NULL, -1, NULL,
            "the schema of the metamodel does not allow this document");
        return;
    }
    if (breach->code == XML_SCHEMAV_CVC_ELT_1 && node->parent == NULL) {
        /* A schema of the user's; the walk along the table has judged everything. */
        report_add(report, AAS_INFO, "schema-root", node, -1, NULL,
            "the schema has no root element <%s>; the metamodel table was judged by instead",
            (const char *)element->name);
        return;
    }
    int slot = slot_of(element, node);
    /* A text can be wrong and stand at the wrong place besides. */
    bool misplaced = breach->code == XML_SCHEMAV_ELEMENT_CONTENT && slot >= 0 &&
                     node->slots[slot].state == AAS_TEXT;
    if ((!misplaced && is_covered(session, node, slot)) || is_covered(session, node, -1) ||
        (around != NULL && is_covered(session, around, -1))) {
        return;
    }
    if (breach->code != XML_SCHEMAV_ELEMENT_CONTENT) {
        report_add(report, AAS_ERROR, "schema-type", node, slot, NULL,
            "the content of <%s> does not fit its type", (const char *)element->name);
    } else if (slot >= 0 || node->parent == around) {
        report_add(report, AAS_ERROR, "schema-order", node, slot,
            "Write the elements in the order of the metamodel's XML schema.",
            "the element <%s> stands at the wrong place", (const char *)element->name);
    } else {
        report_add(report, AAS_ERROR, "schema-unexpected", node, slot, "Remove the element.",
            "the element <%s> is not expected here", (const char *)element->name);
    }
}

static void explain_all(const struct aas_xml *xml, struct session *session, struct report *report)
{
    const struct facets_listener listener = {.found = on_found, .context = session};
    if (xml->root != NULL) {
        facets_walk(xml->root, xml->version, FACETS_ALL, report, &listener);
    }
    if (session->covered_count > 1) {
        qsort(session->covered, session->covered_count, sizeof *session->covered, compare_covered);
    }
    for (size_t i = 0; i < session->breach_count; i++) {
        explain(session, &session->breaches[i], report);
    }
}

enum err_code schema_validate(const struct aas_xml *xml, struct report *report, struct err *err)
{
    xmlSchemaPtr schema = schemas[xml->version == META_V30 ? 0 : 1];
    if (schema == NULL) {
        return err_set(err, ERR_INTERNAL, "the schemas have not been compiled yet");
    }
    xmlSchemaValidCtxtPtr ctxt = xmlSchemaNewValidCtxt(schema);
    struct session session = {.failed = false};
    if (ctxt == NULL) {
        return err_set(err, ERR_NO_MEMORY, "no memory for judging the document");
    }
    xmlSchemaSetValidStructuredErrors(ctxt, on_error, &session);
    int verdict = xmlSchemaValidateDoc(ctxt, xml->doc);
    xmlSchemaFreeValidCtxt(ctxt);
    if (verdict != 0 && !session.failed) {
        explain_all(xml, &session, report);
    }
    free(session.breaches);
    free(session.covered);
    if (verdict < 0 || session.failed) {
        return err_set(err, ERR_NO_MEMORY, "no memory for judging the document");
    }
    return ERR_OK;
}
