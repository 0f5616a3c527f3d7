/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <libxml/parser.h>
#include <libxml/xmlschemas.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aas/xml.h"
#include "aas/xsd.h"
#include "tests/support/corpus.h"

enum { ROOM = 16 * 1024 * 1024 };

static void be_silent(void *context, xmlErrorPtr error)
{
    (void)context;
    (void)error;
}

static xmlSchema *own_schema(enum meta_version version)
{
    struct buf xsd;
    buf_init(&xsd, ROOM);
    aas_xsd_write(&xsd, version);
    cr_assert_not(buf_failed(&xsd));
    xmlSchemaParserCtxt *ctxt = xmlSchemaNewMemParserCtxt(xsd.bytes, (int)xsd.len);
    xmlSchema *schema = xmlSchemaParse(ctxt);
    xmlSchemaFreeParserCtxt(ctxt);
    buf_finish(&xsd);
    cr_assert_not_null(schema);
    return schema;
}

static xmlSchema *official_schema(enum meta_version version)
{
    char *path =
        corpus_path(version == META_V30 ? "spec/schema/AAS-3.0.xsd" : "spec/schema/AAS-3.1.xsd");
    xmlSchemaParserCtxt *ctxt = xmlSchemaNewParserCtxt(path);
    xmlSchema *schema = xmlSchemaParse(ctxt);
    xmlSchemaFreeParserCtxt(ctxt);
    free(path);
    cr_assert_not_null(schema);
    return schema;
}

static int is_valid(xmlSchema *schema, const char *bytes, size_t len)
{
    xmlDoc *doc = xmlReadMemory(bytes, (int)len, NULL, NULL, XML_PARSE_NONET | XML_PARSE_NOERROR);
    cr_assert_not_null(doc, "%s", bytes);
    xmlSchemaValidCtxt *ctxt = xmlSchemaNewValidCtxt(schema);
    xmlSchemaSetValidStructuredErrors(ctxt, be_silent, NULL);
    int result = xmlSchemaValidateDoc(ctxt, doc);
    xmlSchemaFreeValidCtxt(ctxt);
    xmlFreeDoc(doc);
    return result == 0;
}

struct pair {
    xmlSchema *official;
    xmlSchema *own;
    size_t valid;
    size_t invalid;
};

static void compare_file(const char *path, void *context)
{
    struct pair *pair = context;
    size_t len = 0;
    char *bytes = file_read(path, &len);
    cr_assert_not_null(bytes);
    /* The one root besides <environment> in the corpora; the official schemas do not declare it. */
    if (strstr(bytes, "<eventPayload") == NULL) {
        int official = is_valid(pair->official, bytes, len);
        cr_expect_eq(is_valid(pair->own, bytes, len), official, "%s", path);
        pair->valid += official != 0;
        pair->invalid += official == 0;
    }
    free(bytes);
}

static struct pair compare_corpus(const char *folder, enum meta_version version)
{
    aas_xml_start();
    struct pair pair = {.official = official_schema(version), .own = own_schema(version)};
    char *path = corpus_path(folder);
    files_each(path, ".xml", compare_file, &pair);
    free(path);
    xmlSchemaFree(pair.official);
    xmlSchemaFree(pair.own);
    cr_log_info("%zu valid and %zu invalid documents judged alike", pair.valid, pair.invalid);
    return pair;
}

Test(schema, of_3_0_judges_the_corpus_as_the_official_one)
{
    NEED_CORPUS();
    struct pair pair = compare_corpus("corpus/metamodel-3.0/Xml", META_V30);
    cr_expect_gt(pair.valid, 1200);
    cr_expect_gt(pair.invalid, 400);
}

Test(schema, of_3_1_judges_the_corpus_as_the_official_one)
{
    NEED_CORPUS();
    struct pair pair = compare_corpus("corpus/metamodel-3.1/xml", META_V31);
    cr_expect_gt(pair.valid, 1200);
}

/* ------------------------------------------------------------------ beyond the official ones */

#define XMLNS31 " xmlns=\"https://admin-shell.io/aas/3/1\""

Test(schema, every_concrete_class_is_a_root)
{
    aas_xml_start();
    struct buf xsd;
    buf_init(&xsd, ROOM);
    aas_xsd_write(&xsd, META_V31);
    const char *text = buf_text(&xsd);
    for (int id = 0; id < CLASS_COUNT; id++) {
        const struct meta_class *cls = meta_class((enum meta_class_id)id);
        if (cls->is & META_IS_API) {
            cr_expect_null(strstr(text, cls->name), "%s", cls->name);
            continue;
        }
        char root[160];
        snprintf(root, sizeof root,
            "\n<xs:element name=\"%s\" type=\"%s_t\"/>\n</xs:", cls->xml_name, cls->xml_name);
        root[strlen(root) - strlen("</xs:")] = '\0';
        char type[120];
        snprintf(type, sizeof type, "<xs:complexType name=\"%s_t\">", cls->xml_name);
        int concrete = !(cls->is & META_IS_ABSTRACT);
        cr_expect_eq(strstr(text, type) != NULL, concrete, "%s", cls->name);
        cr_expect(!concrete || strstr(text, root) != NULL, "%s", cls->name);
    }
    buf_finish(&xsd);
}

struct sample {
    const char *xml;
    int valid;
};

static const struct sample samples[] = {
    {"<capability" XMLNS31 "/>", 1},
    {"<capability" XMLNS31 "><idShort>ab</idShort></capability>", 1},
    {"<capability" XMLNS31 "><idShort>a</idShort></capability>", 0},
    {"<submodel" XMLNS31 "><id>x</id></submodel>", 1},
    {"<submodel" XMLNS31 "/>", 0},
    {"<submodel" XMLNS31 "><id>x</id><submodelElements/></submodel>", 0},
    {"<levelType" XMLNS31 "><min>1</min><nom> true </nom><typ>0</typ><max>no</max></levelType>", 0},
    {"<levelType" XMLNS31 "><min>1</min><nom> true </nom><typ>0</typ><max>false</max></levelType>",
        1},
    {"<capability xmlns=\"https://admin-shell.io/aas/3/0\"/>", 0},
};

Test(schema, judges_single_objects)
{
    aas_xml_start();
    xmlSchema *schema = own_schema(META_V31);
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        cr_expect_eq(is_valid(schema, samples[i].xml, strlen(samples[i].xml)), samples[i].valid,
            "%s", samples[i].xml);
    }
    xmlSchemaFree(schema);
}

/* What libxml2 gets wrong with the official patterns. */
static const struct sample media_types[] = {
    {"text/plain; charset=\"utf-8\"", 1},
    {"a/b;c=\"\"", 1},
    {"a/b;c=\"x\" ;\td=e", 1},
    {"a/b;c=\"]~^\"", 1},
    {"a/b;c=\"\\\"\"", 1},
    {"a/b;c=\"\xC3\xBF\"", 1},
    {"a/b;c=\"\xC4\x80\"", 0},
    {"a/b;c=\"x\"y", 0},
    {"a/b;c=\"\"\"", 0},
    {"a/b;c=x y", 0},
};

Test(schema, judges_quoted_parameters_of_media_types)
{
    aas_xml_start();
    xmlSchema *schema = own_schema(META_V30);
    for (size_t i = 0; i < sizeof media_types / sizeof *media_types; i++) {
        char xml[300];
        snprintf(xml, sizeof xml,
            "<file xmlns=\"https://admin-shell.io/aas/3/0\"><contentType>%s</contentType></file>",
            media_types[i].xml);
        cr_expect_eq(
            is_valid(schema, xml, strlen(xml)), media_types[i].valid, "%s", media_types[i].xml);
    }
    xmlSchemaFree(schema);
}

/* The official pattern of URIs keeps libxml2 busy for seconds with this one. */
Test(schema, judges_a_hostile_path_at_once, .timeout = 5)
{
    aas_xml_start();
    xmlSchema *schema = own_schema(META_V31);
    struct buf xml;
    buf_init(&xml, ROOM);
    buf_add_text(&xml, "<submodelElementCollection" XMLNS31 "><value>");
    for (int file = 0; file < 100; file++) {
        buf_add_text(&xml, "<file><value>");
        for (int i = 0; i < 680; i++) {
            buf_add_text(&xml, "//a");
        }
        buf_add_text(&xml, " </value></file>");
    }
    buf_add_text(&xml, "</value></submodelElementCollection>");
    cr_expect_not(is_valid(schema, xml.bytes, xml.len));
    buf_finish(&xml);
    xmlSchemaFree(schema);
}
