/* SPDX-License-Identifier: Apache-2.0 */
#include <libxml/tree.h>
#include <stdio.h>
#include <string.h>

#include "aas/json.h"
#include "aas/xml.h"
#include "aas/xml_parse.h"

/* Bytes of a name from the document that a message repeats. */
enum { NAME_SHOWN = 60, MESSAGE_SIZE = 320 };

/* What libxml2 takes for a byte of an ordinary document. */
#define LIBRARY_PER_BYTE ((size_t)6)

#define XSI "http://www.w3.org/2001/XMLSchema-instance"

/*
 * The walk over the document. It needs no stack: the nodes made so far know where they hang, so
 * that going up is a matter of looking at the node's parent.
 */
struct reader {
    struct arena *arena;
    struct xml_report *report;
    const xmlChar *ns;            /* namespace of the root element */
    xmlNode *at;                  /* the element whose content is being read */
    struct aas_node *node;        /* what `at` was read into, or belongs to */
    int slot;                     /* >= 0: `at` wraps the content of this attribute; -1: it is the
                                     node itself */
    unsigned depth;               /* objects and arrays that JSON would have open here */
    unsigned max_depth;           /* for the class of the root */
    const struct meta_class *cls; /* of the latest item: most lists hold one kind */
    int hint;                     /* attribute expected next, as documents keep the order */
    bool full;                    /* the arena is */
};

/* ------------------------------------------------------------------ reporting */

static uint32_t line_of(const xmlNode *element)
{
    long line = xmlGetLineNo(element);
    return line > 0 ? (uint32_t)line : 1; /* 0 would read as "never seen" in a slot */
}

/* What is wrong with an element: a sentence with two gaps, for the name of the element and for the
 * one around it. */
struct slip {
    enum aas_severity severity;
    const char *rule;
    const char *sentence; /* with %.*s twice */
    const char *remedy;
};

static const struct slip unknown = {AAS_UNREADABLE, "XML-structure",
    "the element <%.*s> is not known in <%.*s>",
    "Remove the element or spell it as the metamodel does."};
static const struct slip repeated = {AAS_UNREADABLE, "XML-structure",
    "the element <%.*s> stands more than once in <%.*s>", "Keep one of them."};
static const struct slip foreign = {AAS_UNREADABLE, "XML-namespace",
    "the element <%.*s> in <%.*s> has another namespace than the root element",
    "Put all elements into the namespace of the root element."};
static const struct slip misplaced = {AAS_UNREADABLE, "XML-structure",
    "the element <%.*s> cannot stand in <%.*s>",
    "Use an element that the metamodel allows in this list."};
static const struct slip nested_text = {AAS_UNREADABLE, "XML-structure",
    "there is an element <%.*s> where <%.*s> holds text only", "Write plain text there."};
static const struct slip stray_text = {AAS_UNREADABLE, "XML-structure",
    "there is text (\"%.*s\") between the elements of <%.*s>", "Remove the text."};
static const struct slip too_deep = {AAS_UNREADABLE, "XML-depth",
    "the element <%.*s> in <%.*s> is nested too deeply",
    "Nest fewer collections and references inside each other."};
static const struct slip attribute = {AAS_ERROR, "XML-structure",
    "the XML attribute %.*s of <%.*s> is not allowed", "Remove the attribute."};

static void tell(
    struct reader *r, const struct slip *slip, const char *what, const char *where, uint32_t line)
{
    char text[MESSAGE_SIZE];
    /* The sentences above are the only formats; each takes the same two gaps. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(text, sizeof text, slip->sentence, xml_clip(what, NAME_SHOWN), what,
        xml_clip(where, NAME_SHOWN), where);
#pragma GCC diagnostic pop
    struct aas_problem problem = {
        .severity = slip->severity,
        .rule = slip->rule,
        .node = r->node,
        .slot = r->slot,
        .line = line,
        .text = text,
        .remedy = slip->remedy,
    };
    xml_report_add(r->report, &problem);
}

static void tell_element(struct reader *r, const struct slip *slip, const xmlNode *element)
{
    tell(r, slip, (const char *)element->name, (const char *)element->parent->name,
        line_of(element));
}

/* ------------------------------------------------------------------ texts */

static bool is_white(xmlChar c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_text(const xmlNode *node)
{
    return node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE;
}

static const char *first_black(const xmlNode *text)
{
    const xmlChar *at = text->content;
    while (at != NULL && is_white(*at)) {
        at++;
    }
    return at != NULL && *at != '\0' ? (const char *)at : NULL;
}

/* The text of an element, put together around comments, CDATA and processing instructions. */
static char *join_text(struct reader *r, const xmlNode *element, size_t *len)
{
    size_t total = 0;
    for (const xmlNode *part = element->children; part != NULL; part = part->next) {
        if (part->type == XML_ELEMENT_NODE) {
            tell_element(r, &nested_text, part);
        } else if (is_text(part) && part->content != NULL) {
            total += strlen((const char *)part->content);
        }
    }
    char *joined = arena_alloc(r->arena, total + 1);
    *len = 0;
    for (const xmlNode *part = element->children; part != NULL && joined != NULL;
         part = part->next) {
        if (is_text(part) && part->content != NULL) {
            size_t more = strlen((const char *)part->content);
            memcpy(joined + *len, part->content, more);
            *len += more;
        }
    }
    return joined;
}

/* xs:boolean has four spellings and ignores white space around them; the tree has two. Anything
 * else stays as it is, for the rules to complain about. */
static void make_bool(struct aas_slot *slot)
{
    const char *from = slot->u.text;
    const char *to = from + slot->len;
    while (from < to && is_white((xmlChar)*from)) {
        from++;
    }
    while (to > from && is_white((xmlChar)to[-1])) {
        to--;
    }
    size_t len = (size_t)(to - from);
    bool yes = (len == 4 && memcmp(from, "true", 4) == 0) || (len == 1 && *from == '1');
    bool no = (len == 5 && memcmp(from, "false", 5) == 0) || (len == 1 && *from == '0');
    if (yes || no) {
        slot->u.text = yes ? "true" : "false";
        slot->len = yes ? 4 : 5;
    }
}

static void read_text(
    struct reader *r, const xmlNode *element, struct aas_slot *slot, enum meta_kind kind)
{
    size_t len = 0;
    const char *text = join_text(r, element, &len);
    if (text == NULL) {
        r->full = true;
        return;
    }
    slot->state = AAS_TEXT;
    slot->u.text = text;
    slot->len = (uint32_t)len;
    if (kind == META_BOOL) {
        make_bool(slot);
    }
}

/* ------------------------------------------------------------------ going down and up */

/* True when an attribute has an element of its own around the element of the class. */
static bool is_wrapped(const struct meta_prop *prop)
{
    return prop->kind == META_LIST || (prop->cls->is & META_IS_ABSTRACT) != 0;
}

static bool may_nest(struct reader *r, const xmlNode *element, unsigned levels)
{
    if (r->depth + levels > r->max_depth) {
        tell_element(r, &too_deep, element);
        return false;
    }
    return true;
}

/* Makes the node of an element and hangs it into the slot; the walk goes on inside it. */
static bool enter_node(
    struct reader *r, xmlNode *element, uint32_t slot_index, const struct meta_class *cls)
{
    if (!may_nest(r, element, 1)) {
        return false;
    }
    struct aas_node *child = aas_node_new(r->arena, cls);
    if (child == NULL) {
        r->full = true;
        return false;
    }
    struct aas_slot *slot = &r->node->slots[slot_index];
    child->parent = r->node;
    child->parent_slot = slot_index;
    child->line = line_of(element);
    if (slot->state == AAS_NODES) {
        child->index = slot->len;
        slot->u.nodes[slot->len++] = child;
    } else {
        slot->state = AAS_NODE;
        slot->u.node = child;
        slot->len = 1;
    }
    element->_private = child;
    r->node = child;
    r->slot = -1;
    r->hint = 0;
    r->depth++;
    return true;
}

/* Prepares a list for as many items as there are elements; the walk goes on with the items. */
static bool enter_list(struct reader *r, const xmlNode *element, uint32_t slot_index)
{
    if (!may_nest(r, element, 1)) {
        return false;
    }
    size_t count = 0;
    for (const xmlNode *child = element->children; child != NULL; child = child->next) {
        count += child->type == XML_ELEMENT_NODE;
    }
    struct aas_slot *slot = &r->node->slots[slot_index];
    slot->u.nodes = arena_alloc(r->arena, (count + 1) * sizeof *slot->u.nodes);
    if (slot->u.nodes == NULL) {
        r->full = true;
        return false;
    }
    slot->state = AAS_NODES;
    slot->len = 0;
    r->slot = (int)slot_index;
    r->depth++;
    return true;
}

static void leave(struct reader *r)
{
    r->at = r->at->parent;
    if (r->slot >= 0) {
        r->depth -= r->node->cls->props[r->slot].kind == META_LIST;
        r->hint = r->slot + 1;
        r->slot = -1;
        return;
    }
    const struct aas_node *left = r->node;
    r->node = left->parent;
    r->depth--;
    r->hint = (int)left->parent_slot + 1;
    r->slot = is_wrapped(&r->node->cls->props[left->parent_slot]) ? (int)left->parent_slot : -1;
}

/* ------------------------------------------------------------------ elements */

static int find_slot(const struct reader *r, const char *name)
{
    const struct meta_class *cls = r->node->cls;
    size_t at = (size_t)r->hint;
    for (size_t tried = 0; tried < cls->prop_count; tried++, at++) {
        if (at >= cls->prop_count) {
            at = 0;
        }
        if (strcmp(cls->props[at].name, name) == 0) {
            return (int)at;
        }
    }
    return -1;
}

/* An element that stands for an attribute of the current node. True: go on inside it. */
static bool take_attribute(struct reader *r, xmlNode *element)
{
    int index = find_slot(r, (const char *)element->name);
    if (index < 0) {
        tell_element(r, &unknown, element);
        return false;
    }
    struct aas_slot *slot = &r->node->slots[index];
    if (slot->line != 0) {
        tell_element(r, &repeated, element);
        return false;
    }
    slot->line = line_of(element);
    r->hint = index + 1;
    const struct meta_prop *prop = &r->node->cls->props[index];
    switch (prop->kind) {
    case META_LIST:
        return enter_list(r, element, (uint32_t)index);
    case META_NODE:
        if (!is_wrapped(prop)) {
            return enter_node(r, element, (uint32_t)index, prop->cls);
        }
        r->slot = index;
        return true;
    case META_TEXT:
    case META_ENUM:
    case META_BOOL:
        read_text(r, element, slot, prop->kind);
        return false;
    }
    return false;
}

static const struct meta_class *class_named(
    const struct reader *r, const char *name, const struct meta_class *type)
{
    if (!(type->is & META_IS_ABSTRACT)) {
        return strcmp(name, type->xml_name) == 0 ? type : NULL;
    }
    const struct meta_class *cls = r->cls;
    if (cls == NULL || strcmp(name, cls->xml_name) != 0) {
        cls = meta_class_by_xml_name(name, strlen(name));
    }
    return cls != NULL && meta_class_fits(cls, type) ? cls : NULL;
}

/* An element that stands for an object inside a wrapper. True: go on inside it. */
static bool take_item(struct reader *r, xmlNode *element)
{
    const struct meta_prop *prop = &r->node->cls->props[r->slot];
    const struct meta_class *cls = class_named(r, (const char *)element->name, prop->cls);
    if (cls == NULL) {
        tell_element(r, &misplaced, element);
        return false;
    }
    if (prop->kind == META_NODE && r->node->slots[r->slot].state != AAS_ABSENT) {
        tell_element(r, &repeated, element);
        return false;
    }
    r->cls = cls;
    return enter_node(r, element, (uint32_t)r->slot, cls);
}

static bool is_xsi(const xmlAttr *attr)
{
    static const char *const names[] = {
        "schemaLocation", "noNamespaceSchemaLocation", "type", "nil"};
    if (attr->ns == NULL || !xmlStrEqual(attr->ns->href, (const xmlChar *)XSI)) {
        return false;
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp((const char *)attr->name, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

static void check_attributes(struct reader *r, const xmlNode *element)
{
    for (const xmlAttr *attr = element->properties; attr != NULL; attr = attr->next) {
        if (!is_xsi(attr)) {
            tell(r, &attribute, (const char *)attr->name, (const char *)element->name,
                line_of(element));
        }
    }
}

/* Looks at one child of the current element. True: go on inside it. */
static bool take(struct reader *r, xmlNode *child)
{
    if (is_text(child)) {
        const char *black = first_black(child);
        if (black != NULL) {
            tell(r, &stray_text, black, (const char *)child->parent->name, line_of(child));
        }
        return false;
    }
    if (child->type != XML_ELEMENT_NODE) {
        return false;
    }
    child->_private = r->node;
    if (child->ns == NULL || !xmlStrEqual(child->ns->href, r->ns)) {
        tell_element(r, &foreign, child);
        return false;
    }
    check_attributes(r, child);
    return r->slot >= 0 ? take_item(r, child) : take_attribute(r, child);
}

static void read_below(struct reader *r, xmlNode *top)
{
    r->at = top;
    xmlNode *child = top->children;
    while (!r->full) {
        if (child == NULL && r->at == top) {
            return;
        }
        if (child == NULL) {
            child = r->at->next;
            leave(r);
        } else if (take(r, child)) {
            r->at = child;
            child = child->children;
        } else {
            child = child->next;
        }
    }
}

/* ------------------------------------------------------------------ the root */

static void refuse_root(
    struct reader *r, const xmlNode *top, const char *rule, const char *text, const char *remedy)
{
    struct aas_problem problem = {
        .severity = AAS_UNREADABLE,
        .rule = rule,
        .slot = -1,
        .line = line_of(top),
        .text = text,
        .remedy = remedy,
    };
    xml_report_add(r->report, &problem);
}

static bool version_of(struct reader *r, const xmlNode *top, enum meta_version *version)
{
    static const enum meta_version versions[] = {META_V30, META_V31};
    const char *href = top->ns == NULL ? "" : (const char *)top->ns->href;
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        if (strcmp(href, meta_xml_namespace(versions[i])) == 0) {
            *version = versions[i];
            r->ns = top->ns->href;
            return true;
        }
    }
    char text[MESSAGE_SIZE];
    char remedy[MESSAGE_SIZE];
    snprintf(text, sizeof text,
        *href == '\0' ? "the root element has no namespace%.*s"
                      : "the namespace \"%.*s\" of the root element is not known",
        xml_clip(href, NAME_SHOWN), href);
    snprintf(remedy, sizeof remedy, "Use xmlns=\"%s\" or xmlns=\"%s\".",
        meta_xml_namespace(META_V30), meta_xml_namespace(META_V31));
    refuse_root(r, top, "XML-namespace", text, remedy);
    return false;
}

static const struct meta_class *root_class(
    struct reader *r, const xmlNode *top, const struct meta_class *as)
{
    const char *name = (const char *)top->name;
    const struct meta_class *cls = meta_class_by_xml_name(name, strlen(name));
    if (cls != NULL && (as == NULL || meta_class_fits(cls, as))) {
        return cls;
    }
    char text[MESSAGE_SIZE];
    char remedy[MESSAGE_SIZE];
    snprintf(text, sizeof text, "the root element <%.*s> is not what is expected here",
        xml_clip(name, NAME_SHOWN), name);
    if (as != NULL && (as->is & META_IS_ABSTRACT)) { /* no element is called by its name */
        snprintf(remedy, sizeof remedy, "Use the element of a %s as root element.", as->name);
    } else {
        snprintf(remedy, sizeof remedy, "Use <%s> as root element.",
            as == NULL ? meta_class(CLASS_Environment)->xml_name : as->xml_name);
    }
    refuse_root(r, top, "XML-structure", text, remedy);
    return NULL;
}

static void read_root(struct reader *r, const struct meta_class *as, struct aas_xml *xml)
{
    xmlNode *top = xmlDocGetRootElement(xml->doc);
    const struct meta_class *cls =
        version_of(r, top, &xml->version) ? root_class(r, top, as) : NULL;
    if (cls == NULL) {
        return;
    }
    r->max_depth = (unsigned)AAS_MAX_DEPTH(cls);
    xml->root = r->node = aas_node_new(r->arena, cls);
    if (xml->root == NULL) {
        r->full = true;
        return;
    }
    xml->root->line = line_of(top);
    top->_private = xml->root;
    check_attributes(r, top);
    r->depth = 1;
    read_below(r, top);
}

enum err_code aas_xml_read(struct arena *arena, const char *bytes, size_t len,
    const struct meta_class *as, const struct aas_sink *sink, struct aas_xml *xml, struct err *err)
{
    struct xml_report report = {.sink = sink, .err = err};
    *xml = (struct aas_xml){.version = META_V31};
    if (!meter_take(arena->meter, LIBRARY_PER_BYTE * len)) {
        return err_set(err, ERR_TOO_LARGE, "the document needs more memory than allowed");
    }
    xml->meter = arena->meter;
    xml->counted = LIBRARY_PER_BYTE * len;
    enum err_code code = xml_parse(bytes, len, &report, &xml->doc);
    if (code != ERR_OK) {
        return code;
    }
    struct reader reader = {.arena = arena, .report = &report, .slot = -1};
    read_root(&reader, as, xml);
    if (reader.full) {
        return err_set(err, ERR_TOO_LARGE, "the document needs more memory than allowed");
    }
    return report.unreadable ? ERR_UNREADABLE : ERR_OK;
}
