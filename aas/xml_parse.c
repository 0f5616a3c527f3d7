/* SPDX-License-Identifier: Apache-2.0 */
#include "aas/xml_parse.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "aas/tree.h"
#include "aas/xml.h"

/* Bytes of a libxml2 message that are passed on; element names in it are the author's. */
enum { MESSAGE_SIZE = 300 };

/* What one parse has met; hangs at the parser context. */
struct parse {
    struct xml_report *report;
    bool stopped; /* by us: what libxml2 says afterwards is no news */
    bool no_memory;
};

static void be_silent(void *context, xmlErrorPtr error)
{
    (void)context;
    (void)error;
}

void aas_xml_start(void)
{
    xmlInitParser();
    /* Some errors of libxml2 belong to no context, e.g. those of character conversion; without
     * these two they would go to stderr. Threads to come inherit the second. */
    xmlSetStructuredErrorFunc(NULL, be_silent);
    xmlThrDefSetStructuredErrorFunc(NULL, be_silent);
}

void aas_xml_finish(struct aas_xml *xml)
{
    if (xml == NULL) {
        return;
    }
    if (xml->doc != NULL) {
        xmlFreeDoc(xml->doc);
        xml->doc = NULL;
        xml->root = NULL;
    }
    meter_give(xml->meter, xml->counted);
    xml->counted = 0;
}

/* ------------------------------------------------------------------ reporting */

static void keep_first(struct err *err, const struct aas_problem *problem)
{
    if (err == NULL) {
        return;
    }
    char pointer[sizeof err->path] = "";
    if (problem->node != NULL) {
        aas_print_pointer(problem->node, problem->slot, pointer, sizeof pointer);
    }
    err_set(err, ERR_UNREADABLE, "%s", problem->text);
    err_rule(err, problem->rule, problem->remedy);
    err_place(err, pointer, problem->line, problem->column);
}

void xml_report_add(struct xml_report *report, const struct aas_problem *problem)
{
    if (problem->severity == AAS_UNREADABLE && !report->unreadable) {
        report->unreadable = true;
        keep_first(report->err, problem);
    }
    report->count++;
    if (report->sink != NULL && report->count <= XML_MAX_PROBLEMS) {
        report->sink->add(report->sink->context, problem);
    }
}

int xml_clip(const char *text, int max)
{
    int len = (int)strnlen(text, (size_t)max + 1);
    if (len <= max) {
        return len;
    }
    len = max;
    while (len > 0 && ((unsigned char)text[len] & 0xC0) == 0x80) {
        len--;
    }
    return len;
}

static void tell(
    struct parse *parse, const char *rule, int line, int column, const char *text, const char *how)
{
    struct aas_problem problem = {
        .severity = AAS_UNREADABLE,
        .rule = rule,
        .slot = -1,
        .line = line > 0 ? (uint32_t)line : 0,
        .column = column > 0 ? (uint32_t)column : 0,
        .text = text,
        .remedy = how,
    };
    xml_report_add(parse->report, &problem);
}

/* ------------------------------------------------------------------ libxml2's errors */

/* libxml2 ends its messages with a newline and quotes the input, which may be no UTF-8. */
static void tidy(char *to, const char *message)
{
    int len = xml_clip(message, MESSAGE_SIZE - 1);
    memcpy(to, message, (size_t)len);
    to[len] = '\0';
    while (len > 0 && ((unsigned char)to[len - 1] <= ' ' || to[len - 1] == '.')) {
        to[--len] = '\0';
    }
    bool utf8 = xmlCheckUTF8((const xmlChar *)to) != 0;
    for (int i = 0; i < len; i++) {
        unsigned char c = (unsigned char)to[i];
        if (c < ' ' || (c >= 0x80 && !utf8)) {
            to[i] = c < ' ' ? ' ' : '?';
        }
    }
}

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

static void on_error(void *context, xmlErrorPtr error)
{
    xmlParserCtxt *ctxt = context;
    struct parse *parse = ctxt->_private;
    if (error->level < XML_ERR_ERROR || parse->stopped || error->message == NULL) {
        return;
    }
    if (strstr(error->message, "huge text node") != NULL) {
        tell(parse, "XML-syntax", error->line, 0, "a text is longer than 10,000,000 bytes",
            "Keep large content in a file beside the document.");
    } else if (error->code == XML_ERR_NO_MEMORY) {
        parse->no_memory = true;
    } else if (begins(error->message, "Excessive depth")) {
        tell(parse, "XML-depth", error->line, 0, "the elements are nested too deeply",
            "Nest fewer collections and references inside each other.");
    } else {
        char text[MESSAGE_SIZE];
        tidy(text, error->message);
        bool names = error->domain == XML_FROM_NAMESPACE;
        tell(parse, names ? "XML-namespace" : "XML-syntax", error->line, error->int2, text,
            names ? "Declare the prefix with xmlns at the element or above it."
                  : "Make the document well-formed XML.");
    }
}

/* Called at <!DOCTYPE before anything behind its name is looked at. */
static void on_doctype(
    void *context, const xmlChar *name, const xmlChar *external_id, const xmlChar *system_id)
{
    (void)name;
    (void)external_id;
    (void)system_id;
    xmlParserCtxt *ctxt = context;
    struct parse *parse = ctxt->_private;
    tell(parse, "XML-DTD", xmlSAX2GetLineNumber(ctxt), 0,
        "the document has a document type declaration, which is not taken",
        "Remove <!DOCTYPE ...> and write out the entities it declares.");
    parse->stopped = true;
    xmlStopParser(ctxt);
}

/* Every prefix is looked up among all namespaces in force. */
static void on_element(void *context, const xmlChar *name, const xmlChar *prefix,
    const xmlChar *uri, int ns_count, const xmlChar **namespaces, int attr_count,
    int defaulted_count, const xmlChar **attributes)
{
    xmlParserCtxt *ctxt = context;
    struct parse *parse = ctxt->_private;
    if (ctxt->nsNr > 2 * XML_MAX_NAMESPACES) {
        tell(parse, "XML-namespace", xmlSAX2GetLineNumber(ctxt), 0,
            "there are too many namespace declarations", "Declare each namespace once.");
        parse->stopped = true;
        xmlStopParser(ctxt);
        return;
    }
    xmlSAX2StartElementNs(
        context, name, prefix, uri, ns_count, namespaces, attr_count, defaulted_count, attributes);
}

/* ------------------------------------------------------------------ parsing */

/* False, with the reason told, when libxml2 must not see the bytes. */
static bool may_be_parsed(struct parse *parse, const char *bytes, size_t len)
{
    uint32_t line = 0;
    enum xml_scan found = xml_scan(bytes, len, &line);
    if (found == XML_SCAN_TAG) {
        tell(parse, "XML-syntax", (int)line, 0, "a tag is longer than 16,384 characters",
            "Remove the attributes: elements of the metamodel have none.");
    } else if (found == XML_SCAN_ENCODING) {
        tell(parse, "XML-syntax", 1, 0, "the character encoding is not taken",
            "Save the document as UTF-8.");
    }
    return found == XML_SCAN_OK;
}

/* libxml2 takes a NUL character behind the root for the end and would ignore the rest. */
static bool read_to_the_end(const xmlParserCtxt *ctxt)
{
    return ctxt->input == NULL || ctxt->input->cur >= ctxt->input->end;
}

static xmlDoc *parse_with(xmlParserCtxt *ctxt, const char *bytes, int len)
{
    struct parse *parse = ctxt->_private;
    const int options =
        XML_PARSE_NONET | XML_PARSE_COMPACT | XML_PARSE_NOCDATA | XML_PARSE_BIG_LINES;
    ctxt->sax->serror = on_error;
    ctxt->sax->internalSubset = on_doctype;
    ctxt->sax->startElementNs = on_element;
    xmlDoc *doc = xmlCtxtReadMemory(ctxt, bytes, len, NULL, NULL, options);
    if (doc != NULL && !parse->stopped && !read_to_the_end(ctxt)) {
        tell(parse, "XML-syntax", xmlSAX2GetLineNumber(ctxt), 0,
            "there is a NUL character behind the document", "End the document with its last tag.");
    } else if (doc != NULL && !parse->stopped && xmlDocGetRootElement(doc) != NULL) {
        return doc;
    }
    if (!parse->report->unreadable && !parse->no_memory) {
        tell(parse, "XML-syntax", 1, 0, "the document is no well-formed XML", NULL);
    }
    xmlFreeDoc(doc);
    return NULL;
}

enum err_code xml_parse(const char *bytes, size_t len, struct xml_report *report, xmlDoc **doc)
{
    if (len > INT_MAX) {
        return err_set(report->err, ERR_TOO_LARGE, "the document is larger than 2 GiB");
    }
    struct parse parse = {.report = report};
    *doc = NULL;
    if (!may_be_parsed(&parse, bytes, len)) {
        return ERR_UNREADABLE;
    }
    xmlParserCtxt *ctxt = xmlNewParserCtxt();
    if (ctxt == NULL) {
        return err_set(report->err, ERR_NO_MEMORY, "no memory for reading the document");
    }
    ctxt->_private = &parse;
    *doc = parse_with(ctxt, bytes, (int)len);
    xmlFreeParserCtxt(ctxt);
    if (*doc != NULL) {
        return ERR_OK;
    }
    return parse.no_memory ? err_set(report->err, ERR_NO_MEMORY, "no memory for the document")
                           : ERR_UNREADABLE;
}
