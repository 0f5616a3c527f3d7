/* SPDX-License-Identifier: Apache-2.0 */
#include <libxml/tree.h>
#include <libxml/dict.h>
#include <string.h>

#include "aas/xml.h"

/* libxml2 keeps a line in 16 bits; the largest value means "see the text inside". */
enum { LARGEST_LINE = 65535 };

struct builder {
    xmlDoc *doc;
    xmlNs *ns;
    bool failed; /* no memory */
};

/* libxml2's user pointer takes no const; nobody writes through it. */
static void *user_pointer(const struct aas_node *node)
{
    void *pointer = NULL;
    memcpy(&pointer, &node, sizeof pointer);
    return pointer;
}

static void set_line(xmlNode *xml, uint32_t line)
{
    xml->line = (unsigned short)(line < LARGEST_LINE ? line : LARGEST_LINE);
    if (line >= LARGEST_LINE && xml->type == XML_TEXT_NODE) {
        xml->psvi = (void *)(uintptr_t)line;
    }
}

/* As xmlAddChild, without its search for texts to merge with. */
static void append(xmlNode *parent, xmlNode *child)
{
    child->parent = parent;
    child->prev = parent->last;
    if (parent->last != NULL) {
        parent->last->next = child;
    } else {
        parent->children = child;
    }
    parent->last = child;
}

static xmlNode *add_element(struct builder *b, xmlNode *parent, const char *name,
    const struct aas_node *node, uint32_t line)
{
    xmlNode *element = xmlNewDocRawNode(b->doc, b->ns, (const xmlChar *)name, NULL);
    if (element == NULL) {
        b->failed = true;
        return NULL;
    }
    element->_private = user_pointer(node);
    set_line(element, line);
    append(parent, element);
    return element;
}

static void add_text(struct builder *b, xmlNode *parent, const struct aas_slot *slot)
{
    if (slot->len == 0) {
        return;
    }
    xmlNode *text = xmlNewDocTextLen(b->doc, (const xmlChar *)slot->u.text, (int)slot->len);
    if (text == NULL || text->content == NULL) {
        xmlFreeNode(text);
        b->failed = true;
        return;
    }
    set_line(text, slot->line);
    append(parent, text);
}

static void build_slots(struct builder *b, xmlNode *element, const struct aas_node *node);

static void build_object(
    struct builder *b, xmlNode *parent, const char *name, const struct aas_node *node)
{
    xmlNode *element = add_element(b, parent, name, node, node->line);
    if (element != NULL) {
        build_slots(b, element, node);
    }
}

static void build_slot(struct builder *b, xmlNode *parent, const struct aas_node *node, size_t i)
{
    const struct meta_prop *prop = &node->cls->props[i];
    const struct aas_slot *slot = &node->slots[i];
    if (slot->state == AAS_NODE && !(prop->cls->is & META_IS_ABSTRACT)) {
        build_object(b, parent, prop->name, slot->u.node);
        return;
    }
    xmlNode *element = add_element(b, parent, prop->name, node, slot->line);
    if (element == NULL) {
        return;
    }
    if (slot->state == AAS_TEXT) {
        add_text(b, element, slot);
    } else if (slot->state == AAS_NODE) {
        build_object(b, element, slot->u.node->cls->xml_name, slot->u.node);
    }
    for (size_t n = 0; slot->state == AAS_NODES && n < slot->len && !b->failed; n++) {
        build_object(b, element, slot->u.nodes[n]->cls->xml_name, slot->u.nodes[n]);
    }
}

static void build_slots(struct builder *b, xmlNode *element, const struct aas_node *node)
{
    for (size_t i = 0; i < node->cls->prop_count && !b->failed; i++) {
        if (node->slots[i].state != AAS_ABSENT) {
            build_slot(b, element, node, i);
        }
    }
}

static void build_root(struct builder *b, const struct aas_node *root, enum meta_version version)
{
    xmlNode *top = xmlNewDocRawNode(b->doc, NULL, (const xmlChar *)root->cls->xml_name, NULL);
    if (top == NULL) {
        b->failed = true;
        return;
    }
    xmlDocSetRootElement(b->doc, top);
    top->_private = user_pointer(root);
    set_line(top, root->line);
    b->ns = xmlNewNs(top, (const xmlChar *)meta_xml_namespace(version), NULL);
    if (b->ns == NULL) {
        b->failed = true;
        return;
    }
    xmlSetNs(top, b->ns);
    build_slots(b, top, root);
}

enum err_code aas_xml_from_tree(
    const struct aas_node *root, enum meta_version version, struct aas_xml *xml)
{
    struct builder b = {.doc = xmlNewDoc((const xmlChar *)"1.0")};
    if (b.doc == NULL) {
        return ERR_NO_MEMORY;
    }
    /* With a dictionary the few different names are stored once. */
    b.doc->dict = xmlDictCreate();
    if (b.doc->dict != NULL) {
        build_root(&b, root, version);
    }
    if (b.doc->dict == NULL || b.failed) {
        xmlFreeDoc(b.doc);
        return ERR_NO_MEMORY;
    }
    *xml = (struct aas_xml){.doc = b.doc, .version = version, .root = user_pointer(root)};
    return ERR_OK;
}
