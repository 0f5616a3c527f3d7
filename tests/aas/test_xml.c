/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <libxml/tree.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "aas/json.h"
#include "aas/xml.h"
#include "tests/support/corpus.h"

enum { ROOM = 256 * 1024 * 1024, SMALL_STACK = 100 * 1000, MAX_NOTES = 64 };

#define XMLNS " xmlns=\"https://admin-shell.io/aas/3/1\""

/* What was read from one text: the document and every problem told on the way. */
struct reading {
    struct arena arena;
    struct aas_xml xml;
    struct err err;
    enum err_code code;
    size_t count;
    struct {
        enum aas_severity severity;
        char rule[32];
        uint32_t line;
    } notes[MAX_NOTES];
};

static void note(void *context, const struct aas_problem *problem)
{
    struct reading *reading = context;
    if (reading->count < MAX_NOTES) {
        reading->notes[reading->count].severity = problem->severity;
        reading->notes[reading->count].line = problem->line;
        snprintf(reading->notes[reading->count].rule, 32, "%s", problem->rule);
    }
    cr_expect_gt(strlen(problem->text), 0);
    reading->count++;
}

static struct reading *read_bytes(const char *bytes, size_t len)
{
    struct reading *reading = calloc(1, sizeof *reading);
    struct aas_sink sink = {.add = note, .context = reading};
    aas_xml_start();
    arena_init(&reading->arena, ROOM);
    reading->code =
        aas_xml_read(&reading->arena, bytes, len, NULL, &sink, &reading->xml, &reading->err);
    return reading;
}

static struct reading *read_text(const char *text)
{
    return read_bytes(text, strlen(text));
}

static void drop(struct reading *reading)
{
    aas_xml_finish(&reading->xml);
    arena_finish(&reading->arena);
    free(reading);
}

/* ------------------------------------------------------------------ refusals */

struct trap {
    const char *text;
    const char *rule;
    uint32_t line;
};

static const struct trap traps[] = {
    {"", "XML-syntax", 1},
    {"<environment", "XML-syntax", 1},
    {"<environment" XMLNS ">\n<submodels>\n</environment>", "XML-syntax", 3},
    {"<environment" XMLNS "/>\n<environment" XMLNS "/>", "XML-syntax", 2},
    {"<environment" XMLNS ">\n&nbsp;</environment>", "XML-syntax", 2},
    {"<environment" XMLNS ">\xff</environment>", "XML-syntax", 1},
    {"<environment" XMLNS ">&#0;</environment>", "XML-syntax", 1},
    {"<x:environment/>", "XML-namespace", 1},
    {"\n<!DOCTYPE environment>\n<environment" XMLNS "/>", "XML-DTD", 2},
    {"<!DOCTYPE e SYSTEM \"file:///etc/hostname\"><environment" XMLNS "/>", "XML-DTD", 1},
    {"<!DOCTYPE e [<!ENTITY x SYSTEM \"file:///etc/hostname\">]><environment" XMLNS
     ">&x;</environment>",
        "XML-DTD", 1},
    {"<environment/>", "XML-namespace", 1},
    {"<environment xmlns=\"https://admin-shell.io/aas/2/0\"/>", "XML-namespace", 1},
    {"<thing" XMLNS "/>", "XML-structure", 1},
    {"<submodelElement" XMLNS "/>", "XML-structure", 1},
    {"<submodel" XMLNS ">\n<colour/></submodel>", "XML-structure", 2},
    {"<submodel" XMLNS "><id>a</id>\n<id>a</id></submodel>", "XML-structure", 2},
    {"<submodel" XMLNS ">\ntext</submodel>", "XML-structure", 2},
    {"<submodel" XMLNS "><id>\n<b/></id></submodel>", "XML-structure", 2},
    {"<environment" XMLNS "><submodels>\n<shell/></submodels></environment>", "XML-structure", 2},
    {"<environment" XMLNS "><submodels>\n<idShort/></submodels></environment>", "XML-structure", 2},
    {"<entity" XMLNS "><statements>\n<submodel/></statements></entity>", "XML-structure", 2},
    {"<operationVariable" XMLNS "><value><capability/>\n<capability/></value></operationVariable>",
        "XML-structure", 2},
    {"<operationVariable" XMLNS "><value/>\n<value/></operationVariable>", "XML-structure", 2},
    {"<submodel" XMLNS ">\n<id xmlns=\"urn:x\">a</id></submodel>", "XML-namespace", 2},
    {"<submodel" XMLNS ">\n<id xmlns=\"https://admin-shell.io/aas/3/0\">a</id></submodel>",
        "XML-namespace", 2},
};

Test(xml_reader, every_trap_is_refused_with_rule_and_line)
{
    for (size_t i = 0; i < sizeof traps / sizeof *traps; i++) {
        const struct trap *trap = &traps[i];
        struct reading *reading = read_text(trap->text);
        cr_expect_eq(reading->code, ERR_UNREADABLE, "%s", trap->text);
        cr_expect_eq(reading->err.code, ERR_UNREADABLE, "%s", trap->text);
        cr_expect_str_eq(reading->err.rule, trap->rule, "%s: %s", trap->text, reading->err.text);
        cr_expect_eq(reading->err.line, trap->line, "%s: line %u", trap->text, reading->err.line);
        cr_expect_gt(reading->count, 0);
        drop(reading);
    }
}

Test(xml_reader, unknown_namespace_is_refused_with_a_remedy_that_names_both_known_ones)
{
    struct reading *reading = read_text("<environment xmlns=\"urn:x\"/>");
    cr_expect_eq(reading->code, ERR_UNREADABLE);
    cr_expect_not_null(strstr(reading->err.remedy, "https://admin-shell.io/aas/3/0"));
    cr_expect_not_null(strstr(reading->err.remedy, "https://admin-shell.io/aas/3/1"));
    cr_expect_null(reading->xml.root);
    drop(reading);
}

Test(xml_reader, a_million_laughs_are_refused_before_the_first, .timeout = 5)
{
    struct buf buf;
    buf_init(&buf, ROOM);
    buf_add_text(&buf, "<!DOCTYPE environment [<!ENTITY l0 \"ha\">");
    for (int i = 1; i < 60; i++) {
        buf_printf(&buf, "<!ENTITY l%d \"&l%d;&l%d;&l%d;&l%d;\">", i, i - 1, i - 1, i - 1, i - 1);
    }
    buf_add_text(&buf, "]><environment" XMLNS ">&l59;</environment>");
    struct reading *reading = read_bytes(buf.bytes, buf.len);
    cr_expect_eq(reading->code, ERR_UNREADABLE);
    cr_expect_eq(reading->count, 1);
    cr_expect_str_eq(reading->err.rule, "XML-DTD");
    cr_expect_null(reading->xml.doc);
    drop(reading);
    buf_finish(&buf);
}

Test(xml_reader, a_document_type_is_refused_in_utf_16_too)
{
    const char *text = "<!DOCTYPE a><a/>";
    char wide[80] = "\xff\xfe";
    for (size_t i = 0; text[i] != '\0'; i++) {
        wide[2 + 2 * i] = text[i];
    }
    struct reading *reading = read_bytes(wide, 2 + 2 * strlen(text));
    cr_expect_eq(reading->code, ERR_UNREADABLE);
    cr_expect_str_eq(reading->err.rule, "XML-DTD");
    drop(reading);
}

Test(xml_reader, endless_tags_are_refused_at_once, .timeout = 5)
{
    struct buf buf;
    buf_init(&buf, ROOM);
    buf_add_text(&buf, "<!-- < --><?x < ?>\n<environment" XMLNS);
    for (int i = 0; i < 100000; i++) {
        buf_printf(&buf, " a%d='>'", i);
    }
    buf_add_text(&buf, "/>");
    struct reading *reading = read_bytes(buf.bytes, buf.len);
    cr_expect_eq(reading->code, ERR_UNREADABLE);
    cr_expect_str_eq(reading->err.rule, "XML-syntax");
    cr_expect_eq(reading->err.line, 2);
    drop(reading);
    buf_finish(&buf);
}

Test(xml_reader, long_comments_and_texts_are_no_long_tags)
{
    struct buf buf;
    buf_init(&buf, ROOM);
    buf_add_text(&buf, "<property" XMLNS "><!-- <a ");
    for (int i = 0; i < 20000; i++) {
        buf_add_text(&buf, "long");
    }
    buf_add_text(&buf, "--><value><![CDATA[<a ");
    for (int i = 0; i < 20000; i++) {
        buf_add_text(&buf, "long");
    }
    buf_add_text(&buf, "]]></value></property>");
    struct reading *reading = read_bytes(buf.bytes, buf.len);
    cr_expect_eq(reading->code, ERR_OK, "%s", reading->err.text);
    drop(reading);
    buf_finish(&buf);
}

Test(xml_reader, too_many_namespaces_are_refused)
{
    struct buf buf;
    buf_init(&buf, ROOM);
    buf_add_text(&buf, "<environment" XMLNS);
    for (int i = 0; i < 300; i++) {
        buf_printf(&buf, " xmlns:n%d='urn:%d'", i, i);
    }
    buf_add_text(&buf, "/>");
    struct reading *reading = read_bytes(buf.bytes, buf.len);
    cr_expect_eq(reading->code, ERR_UNREADABLE);
    cr_expect_str_eq(reading->err.rule, "XML-namespace");
    cr_expect_eq(reading->count, 1);
    drop(reading);
    buf_finish(&buf);
}

Test(xml_reader, exotic_encodings_are_refused)
{
    static const char *const texts[] = {"<?xml version='?>' encoding='UTF-7'?><environment" XMLNS
                                        "/>",
        "<?xml version='1.0' encoding='UTF-7'?><environment" XMLNS "/>",
        "<?xml version=\"1.0\" encoding = \"IBM037\"?><environment" XMLNS "/>"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct reading *reading = read_text(texts[i]);
        cr_expect_eq(reading->code, ERR_UNREADABLE, "%s", texts[i]);
        cr_expect_eq(reading->count, 1);
        cr_expect_not_null(strstr(reading->err.text, "encoding"));
        drop(reading);
    }
}

Test(xml_reader, nothing_hides_behind_a_nul)
{
    static const char text[] = "<environment" XMLNS "/>\0<!DOCTYPE x>";
    struct reading *reading = read_bytes(text, sizeof text - 1);
    cr_expect_eq(reading->code, ERR_UNREADABLE);
    cr_expect_str_eq(reading->err.rule, "XML-syntax");
    drop(reading);
}

Test(xml_reader, goes_on_after_a_problem_and_names_them_all)
{
    struct reading *reading = read_text("<submodel" XMLNS ">\n"
                                        "<colour/>\n"
                                        "<id>1</id>\n"
                                        "<id>2</id>\n"
                                        "<submodelElements>\n"
                                        "<thing/>\n"
                                        "<capability a='1'><idShort>here</idShort></capability>\n"
                                        "</submodelElements>\n"
                                        "</submodel>\n");
    static const uint32_t lines[] = {2, 4, 6, 7};
    cr_assert_eq(reading->count, 4);
    for (size_t i = 0; i < 4; i++) {
        cr_expect_eq(reading->notes[i].line, lines[i]);
        cr_expect_eq(reading->notes[i].severity, i == 3 ? AAS_ERROR : AAS_UNREADABLE);
    }
    size_t count = 0;
    struct aas_node **children = aas_children(reading->xml.root, &count);
    cr_assert_eq(count, 1);
    cr_expect_str_eq(aas_text(children[0], PROP_idShort), "here");
    cr_expect_str_eq(aas_text(reading->xml.root, PROP_id), "1");
    drop(reading);
}

Test(xml_reader, says_nothing_on_stderr)
{
    char *dir = scratch_new();
    char path[200];
    snprintf(path, sizeof path, "%s/stderr", dir);
    cr_assert_not_null(freopen(path, "w", stderr));
    for (size_t i = 0; i < sizeof traps / sizeof *traps; i++) {
        drop(read_text(traps[i].text));
    }
    drop(read_bytes("\xff\xfe<\0a\0\x00\xd8", 8));
    fflush(stderr);
    size_t len = 0;
    char *said = file_read(path, &len);
    cr_expect_eq(len, 0, "%s", said);
    free(said);
    scratch_remove(dir);
}

/* ------------------------------------------------------------------ what is held */

Test(xml_reader, joins_text_around_cdata_comments_and_instructions)
{
    struct reading *reading = read_text(
        "\xEF\xBB\xBF<?xml version='1.0' encoding='UTF-8'?><!-- x -->\n<a:property xmlns:a=\""
        "https://admin-shell.io/aas/3/0\"><a:value>a<![CDATA[<b>]]><!-- c -->d<?e f?>&#x67;&amp;"
        "</a:value></a:property>");
    cr_expect_eq(reading->code, ERR_OK);
    cr_expect_eq(reading->xml.version, META_V30);
    cr_expect_str_eq(aas_text(reading->xml.root, PROP_value), "a<b>dg&");
    drop(reading);
}

Test(xml_reader, reads_other_encodings)
{
    struct reading *reading = read_text(
        "<?xml version='1.0' encoding='ISO-8859-1'?><capability" XMLNS "><category>Gr\xF6\xDF"
        "e</category></capability>");
    cr_expect_eq(reading->code, ERR_OK);
    cr_expect_str_eq(aas_text(reading->xml.root, PROP_category), "Gr\xC3\xB6\xC3\x9F"
                                                                 "e");
    drop(reading);
}

Test(xml_reader, holds_what_is_in_the_wrong_order)
{
    struct reading *reading =
        read_text("<key" XMLNS "><value>v</value><type>Nonsense</type></key>");
    cr_expect_eq(reading->code, ERR_OK);
    cr_expect_str_eq(aas_text(reading->xml.root, PROP_type), "Nonsense");
    cr_expect_str_eq(aas_text(reading->xml.root, PROP_value), "v");
    drop(reading);
}

Test(xml_reader, holds_booleans_in_one_spelling)
{
    struct reading *reading =
        read_text("<levelType" XMLNS "><min> 1\n</min><nom>0</nom><typ>TRUE</typ>"
                  "<max>\tfalse</max></levelType>");
    cr_expect_eq(reading->code, ERR_OK);
    cr_expect_str_eq(aas_text(reading->xml.root, PROP_min), "true");
    cr_expect_str_eq(aas_text(reading->xml.root, PROP_nom), "false");
    cr_expect_str_eq(aas_text(reading->xml.root, PROP_typ), "TRUE");
    cr_expect_str_eq(aas_text(reading->xml.root, PROP_max), "false");
    drop(reading);
}

Test(xml_reader, tells_empty_from_absent)
{
    struct reading *reading =
        read_text("<property" XMLNS "><extensions/><semanticId/><value></value></property>");
    const struct aas_node *root = reading->xml.root;
    cr_expect_eq(reading->code, ERR_OK);
    cr_expect_eq(aas_slot(root, PROP_extensions)->state, AAS_NODES);
    cr_expect_eq(aas_slot(root, PROP_extensions)->len, 0);
    cr_expect_eq(aas_slot(root, PROP_semanticId)->state, AAS_NODE);
    cr_expect_eq(aas_slot(root, PROP_value)->state, AAS_TEXT);
    cr_expect_eq(aas_slot(root, PROP_value)->len, 0);
    cr_expect_eq(aas_slot(root, PROP_qualifiers)->state, AAS_ABSENT);
    drop(reading);
}

Test(xml_reader, tolerates_schema_attributes_and_complains_of_others)
{
    struct reading *reading =
        read_text("<environment" XMLNS " xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' "
                  "xsi:schemaLocation='a b'/>");
    cr_expect_eq(reading->code, ERR_OK);
    cr_expect_eq(reading->count, 0);
    drop(reading);
    reading = read_text("<environment" XMLNS " xml:lang='de'/>");
    cr_expect_eq(reading->code, ERR_OK);
    cr_assert_eq(reading->count, 1);
    cr_expect_eq(reading->notes[0].severity, AAS_ERROR);
    drop(reading);
}

Test(xml_reader, takes_only_the_class_asked_for)
{
    static const char text[] = "<capability" XMLNS "/>";
    struct arena arena;
    struct aas_xml xml;
    aas_xml_start();
    arena_init(&arena, ROOM);
    cr_expect_eq(aas_xml_read(&arena, text, sizeof text - 1, meta_class(CLASS_SubmodelElement),
                     NULL, &xml, NULL),
        ERR_OK);
    aas_xml_finish(&xml);
    cr_expect_eq(
        aas_xml_read(&arena, text, sizeof text - 1, meta_class(CLASS_Submodel), NULL, &xml, NULL),
        ERR_UNREADABLE);
    cr_expect_null(xml.root);
    aas_xml_finish(&xml);
    arena_finish(&arena);
}

Test(xml_reader, stops_at_the_ceiling_of_its_arena)
{
    static const char text[] = "<property" XMLNS "><value>x</value></property>";
    struct arena arena;
    struct aas_xml xml;
    struct err err;
    aas_xml_start();
    arena_init(&arena, 64);
    cr_expect_eq(
        aas_xml_read(&arena, text, sizeof text - 1, NULL, NULL, &xml, &err), ERR_TOO_LARGE);
    aas_xml_finish(&xml);
    arena_finish(&arena);
}

Test(xml_reader, knows_lines_beyond_65535)
{
    struct buf buf;
    buf_init(&buf, ROOM);
    buf_add_text(&buf, "<property" XMLNS ">");
    for (int i = 1; i < 100000; i++) {
        buf_add_char(&buf, '\n');
    }
    buf_add_text(&buf, "<value>x</value></property>");
    struct reading *reading = read_bytes(buf.bytes, buf.len);
    cr_expect_eq(reading->code, ERR_OK);
    cr_expect_eq(aas_slot(reading->xml.root, PROP_value)->line, 100000);
    drop(reading);
    buf_finish(&buf);
}

/* ------------------------------------------------------------------ depth, stacks, threads */

static char *nested(int references)
{
    struct buf buf;
    buf_init(&buf, ROOM);
    buf_add_text(&buf, "<reference" XMLNS ">");
    for (int i = 1; i < references; i++) {
        buf_add_text(&buf, "<referredSemanticId>");
    }
    for (int i = 1; i < references; i++) {
        buf_add_text(&buf, "</referredSemanticId>");
    }
    buf_add_text(&buf, "</reference>");
    buf_add_char(&buf, '\0');
    return buf_take(&buf, NULL);
}

/* Reads, builds and writes; gives the code of reading. */
static void *read_and_write(void *text)
{
    struct reading *reading = read_text(text);
    intptr_t code = reading->code;
    if (reading->xml.root != NULL) {
        struct buf buf;
        struct aas_xml built;
        buf_init(&buf, ROOM);
        aas_xml_write(&buf, reading->xml.root, reading->xml.version, false);
        cr_expect_eq(aas_xml_from_tree(reading->xml.root, META_V31, &built), ERR_OK);
        aas_xml_finish(&built);
        buf_finish(&buf);
    }
    drop(reading);
    return (void *)code;
}

static pthread_t start_small(char *text)
{
    pthread_attr_t attr;
    pthread_t thread;
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, SMALL_STACK);
    cr_assert_eq(pthread_create(&thread, &attr, read_and_write, text), 0);
    pthread_attr_destroy(&attr);
    return thread;
}

Test(xml_reader, nests_as_deeply_as_json_on_a_small_stack_and_no_deeper)
{
    static const int depths[] = {AAS_JSON_MAX_DEPTH, AAS_JSON_MAX_DEPTH + 1, 255, 400, 100000};
    aas_xml_start();
    for (size_t i = 0; i < sizeof depths / sizeof *depths; i++) {
        char *text = nested(depths[i]);
        void *code = NULL;
        pthread_join(start_small(text), &code);
        cr_expect_eq((intptr_t)code, i == 0 ? ERR_OK : ERR_UNREADABLE, "%d", depths[i]);
        if (i > 0) {
            struct reading *reading = read_text(text);
            cr_expect_str_eq(reading->err.rule, "XML-depth", "%d", depths[i]);
            drop(reading);
        }
        free(text);
    }
}

Test(xml_reader, works_in_many_threads_at_once)
{
    enum { THREADS = 16 };
    pthread_t threads[THREADS];
    char *text = nested(100);
    aas_xml_start();
    for (size_t i = 0; i < THREADS; i++) {
        threads[i] = start_small(text);
    }
    for (size_t i = 0; i < THREADS; i++) {
        void *code = (void *)1;
        pthread_join(threads[i], &code);
        cr_expect_eq((intptr_t)code, ERR_OK);
    }
    free(text);
}

/* ------------------------------------------------------------------ writing and building */

Test(xml_writer, escapes_what_must_be_and_keeps_line_ends)
{
    struct arena arena;
    struct buf buf;
    arena_init(&arena, ROOM);
    buf_init(&buf, ROOM);
    struct aas_node *node = aas_node_new(&arena, meta_class(CLASS_Property));
    cr_assert_eq(
        aas_set_text(&arena, node, PROP_value, "a<b>&\"c\r\n]]>\x01\xEF\xBF\xBE", 16), ERR_OK);
    aas_xml_write(&buf, node, META_V31, false);
    cr_expect_str_eq(buf_text(&buf),
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<property" XMLNS
        "><value>a&lt;b&gt;&amp;&quot;c&#13;\n]]&gt;\xEF\xBF\xBD\xEF\xBF\xBD</value></property>\n");
    buf_finish(&buf);
    arena_finish(&arena);
}

Test(xml_writer, writes_canonical_order_and_indents)
{
    struct reading *reading =
        read_text("<operation" XMLNS "><inputVariables><operationVariable><value>"
                  "<capability/></value></operationVariable></inputVariables>"
                  "<idShort>op</idShort><qualifiers/></operation>");
    struct buf buf;
    buf_init(&buf, ROOM);
    aas_xml_write(&buf, reading->xml.root, META_V30, true);
    cr_expect_str_eq(buf_text(&buf), "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                                     "<operation xmlns=\"https://admin-shell.io/aas/3/0\">\n"
                                     "  <idShort>op</idShort>\n"
                                     "  <qualifiers/>\n"
                                     "  <inputVariables>\n"
                                     "    <operationVariable>\n"
                                     "      <value>\n"
                                     "        <capability/>\n"
                                     "      </value>\n"
                                     "    </operationVariable>\n"
                                     "  </inputVariables>\n"
                                     "</operation>\n");
    buf_finish(&buf);
    drop(reading);
}

Test(xml_builder, points_from_elements_to_nodes_and_knows_their_lines)
{
    static const char json[] = "{\"modelType\":\"Property\",\n\"value\":\"\\u0001\",\n"
                               "\"semanticId\":{\"type\":\"x\"}}";
    struct arena arena;
    struct aas_node *root = NULL;
    struct aas_xml xml;
    arena_init(&arena, ROOM);
    cr_assert_eq(aas_json_read(&arena, json, sizeof json - 1, NULL, NULL, &root, NULL), ERR_OK);
    cr_assert_eq(aas_xml_from_tree(root, META_V31, &xml), ERR_OK);
    xmlNode *top = xmlDocGetRootElement(xml.doc);
    xmlNode *semantic = top->children;
    cr_expect_eq(top->_private, root);
    cr_expect_str_eq((const char *)semantic->name, "semanticId");
    cr_expect_eq(semantic->_private, aas_child(root, PROP_semanticId));
    cr_expect_eq(xmlGetLineNo(semantic), 3);
    cr_expect_str_eq((const char *)semantic->next->children->content, "\x01");
    cr_expect_eq(xmlGetLineNo(semantic->next), 2);
    cr_expect_eq(semantic->next->_private, root);
    aas_xml_finish(&xml);
    arena_finish(&arena);
}

/* ------------------------------------------------------------------ the corpora */

static void demand_same(struct reading *reading, const char *bytes, size_t len, const char *path)
{
    struct reading *again = read_bytes(bytes, len);
    cr_expect_eq(again->code, ERR_OK, "%s: %s", path, again->err.text);
    cr_expect(again->xml.root != NULL && aas_equal(reading->xml.root, again->xml.root), "%s", path);
    drop(again);
}

static void round_trip(const char *path, void *context)
{
    size_t *seen = context;
    size_t len = 0;
    char *bytes = file_read(path, &len);
    struct reading *reading = read_bytes(bytes, len);
    cr_expect(reading->code == ERR_OK || strstr(path, "Unexpected") != NULL, "%s: %s", path,
        reading->err.text);
    if (reading->xml.root != NULL) {
        struct buf buf;
        struct aas_xml built;
        buf_init(&buf, ROOM);
        aas_xml_write(&buf, reading->xml.root, reading->xml.version, *seen % 2 == 0);
        demand_same(reading, buf.bytes, buf.len, path);
        cr_assert_eq(aas_xml_from_tree(reading->xml.root, reading->xml.version, &built), ERR_OK);
        xmlChar *dump = NULL;
        int size = 0;
        xmlDocDumpMemoryEnc(built.doc, &dump, &size, "UTF-8");
        demand_same(reading, (const char *)dump, (size_t)size, path);
        xmlFree(dump);
        aas_xml_finish(&built);
        buf_finish(&buf);
        ++*seen;
    }
    drop(reading);
    free(bytes);
}

Test(xml_codec, gives_every_corpus_document_back)
{
    NEED_CORPUS();
    size_t seen = 0;
    char *path = corpus_path("corpus");
    size_t files = files_each(path, ".xml", round_trip, &seen);
    free(path);
    cr_expect_gt(files, 3000);
    cr_expect_eq(seen, files);
}

Test(xml_codec, gives_a_tree_of_json_back)
{
    NEED_CORPUS();
    char *path = corpus_path("corpus/metamodel-3.1/json/Submodel/maximal.json");
    size_t len = 0;
    char *bytes = file_read(path, &len);
    cr_assert_not_null(bytes, "%s", path);
    struct arena arena;
    struct aas_node *root = NULL;
    struct reading reading = {.xml.root = NULL};
    struct buf buf;
    arena_init(&arena, ROOM);
    buf_init(&buf, ROOM);
    cr_assert_eq(aas_json_read(&arena, bytes, len, NULL, NULL, &root, NULL), ERR_OK);
    reading.xml.root = root;
    aas_xml_write(&buf, root, META_V31, true);
    demand_same(&reading, buf.bytes, buf.len, path);
    buf_finish(&buf);
    arena_finish(&arena);
    free(bytes);
    free(path);
}
