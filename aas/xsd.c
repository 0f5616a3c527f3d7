/* SPDX-License-Identifier: Apache-2.0 */
#include "aas/xsd.h"

#include <string.h>

/*
 * Names and nesting of types follow the official schemas where a document can tell the difference:
 * xsi:type may name a type, so what has no name there gets none here.
 */
struct schema {
    struct buf *buf;
    enum meta_version version;
};

#define ONE_OR_MORE " minOccurs=\"1\" maxOccurs=\"unbounded\""

/* Type names begin with a small letter: "AssetKind" is "assetKind_t". */
static void add_type_name(struct buf *buf, const char *name, const char *ending)
{
    char first = name[0];
    buf_add_char(buf, first >= 'A' && first <= 'Z' ? (char)(first - 'A' + 'a') : first);
    buf_printf(buf, "%s%s", name + 1, ending);
}

/* ------------------------------------------------------------------ texts */

/* A type of XML Schema itself, used as it is. */
static bool is_built_in(const struct meta_text *text)
{
    return strcmp(text->xsd_base, "xs:string") != 0;
}

/* A text without any facet: the type of values, which has a name in the official schemas. */
static bool is_value_type(const struct meta_text *text)
{
    return !is_built_in(text) && text->min_len == 0 && text->max_len_30 == 0 &&
           text->max_len_31 == 0 && text->pattern_30 == NULL && text->pattern_31 == NULL;
}

static void add_facets(const struct schema *s, const struct meta_text *text)
{
    const char *pattern = meta_text_pattern(text, s->version);
    uint32_t max = text->max_not_in_xsd ? 0 : meta_text_max(text, s->version);
    buf_printf(s->buf, "<xs:simpleType><xs:restriction base=\"%s\">", text->xsd_base);
    if (pattern != NULL) {
        buf_add_text(s->buf, "<xs:pattern value=\"");
        buf_add_xml_text(s->buf, pattern, strlen(pattern));
        buf_add_text(s->buf, "\"/>");
    }
    if (text->min_len > 0) {
        buf_printf(s->buf, "<xs:minLength value=\"%u\"/>", text->min_len);
    }
    if (max > 0) {
        buf_printf(s->buf, "<xs:maxLength value=\"%u\"/>", max);
    }
    buf_add_text(s->buf, "</xs:restriction></xs:simpleType>");
}

static void add_enumeration(const struct schema *s, const struct meta_enum *e)
{
    buf_add_text(s->buf, "<xs:simpleType name=\"");
    add_type_name(s->buf, e->name, "_t");
    buf_add_text(s->buf, "\"><xs:restriction base=\"xs:string\">\n");
    for (size_t i = 0; i < e->count; i++) {
        if (e->values[i].versions & s->version) {
            buf_printf(s->buf, "<xs:enumeration value=\"%s\"/>\n", e->values[i].text);
        }
    }
    buf_add_text(s->buf, "</xs:restriction></xs:simpleType>\n");
}

/* ------------------------------------------------------------------ attributes */

/* The elements of a class as content: itself, or the choice of what may stand for it. */
static void add_content(const struct schema *s, const struct meta_prop *prop)
{
    const char *name = prop->cls->xml_name;
    const char *occurs = prop->kind == META_LIST ? ONE_OR_MORE : "";
    buf_add_text(s->buf, "<xs:complexType><xs:sequence>");
    if (prop->cls->is & META_IS_ABSTRACT) {
        buf_printf(s->buf, "<xs:group ref=\"%s_choice\"%s/>", name, occurs);
    } else {
        buf_printf(s->buf, "<xs:element name=\"%s\" type=\"%s_t\"%s/>", name, name, occurs);
    }
    buf_add_text(s->buf, "</xs:sequence></xs:complexType>");
}

/* Appends ` type="..."` and gives true when the attribute has a type with a name. */
static bool add_named_type(const struct schema *s, const struct meta_prop *prop)
{
    bool abstract = prop->cls != NULL && (prop->cls->is & META_IS_ABSTRACT);
    if (prop->kind == META_LIST || (prop->kind == META_NODE && abstract)) {
        return false;
    }
    if (prop->kind == META_TEXT && !is_built_in(prop->text) && !is_value_type(prop->text)) {
        return false;
    }
    buf_add_text(s->buf, " type=\"");
    if (prop->kind == META_NODE) {
        buf_printf(s->buf, "%s_t", prop->cls->xml_name);
    } else if (prop->kind == META_ENUM) {
        add_type_name(s->buf, prop->enumeration->name, "_t");
    } else if (prop->kind == META_BOOL) {
        buf_add_text(s->buf, "xs:boolean");
    } else if (is_built_in(prop->text)) {
        buf_add_text(s->buf, prop->text->xsd_base);
    } else {
        add_type_name(s->buf, prop->text->name, "");
    }
    buf_add_char(s->buf, '"');
    return true;
}

static void add_attribute(const struct schema *s, const struct meta_prop *prop)
{
    const char *occurs = meta_required(prop, s->version) ? "" : " minOccurs=\"0\"";
    buf_printf(s->buf, "<xs:element name=\"%s\"%s", prop->name, occurs);
    if (add_named_type(s, prop)) {
        buf_add_text(s->buf, "/>\n");
        return;
    }
    buf_add_char(s->buf, '>');
    if (prop->kind == META_TEXT) {
        add_facets(s, prop->text);
    } else {
        add_content(s, prop);
    }
    buf_add_text(s->buf, "</xs:element>\n");
}

/* ------------------------------------------------------------------ classes */

static void add_choice(const struct schema *s, const struct meta_class *abstract)
{
    buf_printf(s->buf, "<xs:group name=\"%s_choice\"><xs:choice>\n", abstract->xml_name);
    for (int id = 0; id < CLASS_COUNT; id++) {
        const struct meta_class *cls = meta_class((enum meta_class_id)id);
        if (!(cls->is & META_IS_ABSTRACT) && meta_class_fits(cls, abstract)) {
            buf_printf(
                s->buf, "<xs:element name=\"%s\" type=\"%s_t\"/>\n", cls->xml_name, cls->xml_name);
        }
    }
    buf_add_text(s->buf, "</xs:choice></xs:group>\n");
}

static void add_class(const struct schema *s, const struct meta_class *cls)
{
    if (cls->is & META_IS_ABSTRACT) {
        add_choice(s, cls);
        return;
    }
    buf_printf(s->buf, "<xs:complexType name=\"%s_t\"><xs:sequence>\n", cls->xml_name);
    for (size_t i = 0; i < cls->prop_count; i++) {
        add_attribute(s, &cls->props[i]);
    }
    buf_add_text(s->buf, "</xs:sequence></xs:complexType>\n");
    buf_printf(s->buf, "<xs:element name=\"%s\" type=\"%s_t\"/>\n", cls->xml_name, cls->xml_name);
}

/* True when an attribute before (class `id`, position `at`) uses the same enumeration or text. */
static bool used_before(int id, size_t at, const void *type)
{
    for (int i = 0; i <= id; i++) {
        const struct meta_class *cls = meta_class((enum meta_class_id)i);
        size_t end = i < id ? cls->prop_count : at;
        for (size_t n = 0; n < end; n++) {
            if (cls->props[n].enumeration == type || cls->props[n].text == type) {
                return true;
            }
        }
    }
    return false;
}

static void add_shared_types(const struct schema *s, int id)
{
    const struct meta_class *cls = meta_class((enum meta_class_id)id);
    for (size_t i = 0; i < cls->prop_count; i++) {
        const struct meta_prop *prop = &cls->props[i];
        if (prop->kind == META_ENUM && !used_before(id, i, prop->enumeration)) {
            add_enumeration(s, prop->enumeration);
        }
        if (prop->kind == META_TEXT && is_value_type(prop->text) &&
            !used_before(id, i, prop->text)) {
            buf_add_text(s->buf, "<xs:simpleType name=\"");
            add_type_name(s->buf, prop->text->name, "");
            buf_add_text(s->buf, "\"><xs:restriction base=\"xs:string\"/></xs:simpleType>\n");
        }
    }
}

void aas_xsd_write(struct buf *buf, enum meta_version version)
{
    const struct schema s = {.buf = buf, .version = version};
    const char *ns = meta_xml_namespace(version);
    buf_add_text(buf, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    buf_printf(buf,
        "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" xmlns=\"%s\" "
        "targetNamespace=\"%s\" elementFormDefault=\"qualified\">\n",
        ns, ns);
    for (int id = 0; id < CLASS_COUNT; id++) {
        if (!(meta_class((enum meta_class_id)id)->is & META_IS_API)) {
            add_shared_types(&s, id);
        }
    }
    for (int id = 0; id < CLASS_COUNT; id++) {
        if (!(meta_class((enum meta_class_id)id)->is & META_IS_API)) {
            add_class(&s, meta_class((enum meta_class_id)id));
        }
    }
    buf_add_text(buf, "</xs:schema>\n");
}
