/* SPDX-License-Identifier: Apache-2.0 */
/* Submodel elements: one of them, and pages of those directly below a submodel, in all forms. */
#include "api/handlers.h"

#include <string.h>

#include "aas/json.h"
#include "aas/value.h"
#include "api/addresses.h"
#include "api/context.h"
#include "api/cut.h"
#include "api/element.h"
#include "api/reply.h"
#include "api/support.h"

/* ------------------------------------------------------------------ one element */

static enum err_code send_element(struct api_request *request, struct api_response *response,
    const struct element_slice *slice, const struct api_modifiers *modifiers, enum api_media media,
    struct err *err)
{
    bool blobs = !modifiers->with_blob && blobs_in(slice->json, slice->len);
    bool json = media == API_MEDIA_JSON;
    api_response_field(response, "Vary", "Accept");
    if (reply_etag(request, response, slice->document.hash, json ? "" : "-xml")) {
        return ERR_OK;
    }
    if (json && !modifiers->core && !blobs) {
        reply_ok(response, "application/json");
        buf_add(&response->body, slice->json, slice->len);
        return ERR_OK;
    }
    if (json && !blobs && cut_core(&response->body, &slice->index, slice->at)) {
        reply_ok(response, "application/json");
        return ERR_OK;
    }
    struct aas_node *tree;
    unsigned flags = (modifiers->core ? AAS_JSON_CORE : 0u) | (blobs ? AAS_JSON_WITHOUT_BLOB : 0u);
    enum err_code code = support_tree(request, slice->json, slice->len, slice->cls, &tree, err);
    return code == ERR_OK ? support_write_form(request, response, tree, flags, media, err) : code;
}

enum err_code handle_element_get(
    struct api_request *request, struct api_response *response, struct err *err)
{
    enum api_media media;
    struct api_modifiers modifiers;
    struct registry_view view;
    struct element_slice slice;
    enum err_code code = accept_json_or_xml(request, &media, err);
    if (code == ERR_OK) {
        code = parameter_modifiers(request, &modifiers, err);
    }
    if (code == ERR_OK) {
        code = registry_view_begin(request->context->registry, &view, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    code = element_slice_read(request, response, &view, &slice, err);
    if (code == ERR_OK) {
        code = send_element(request, response, &slice, &modifiers, media, err);
    }
    registry_view_end(&view);
    return code;
}

/* ------------------------------------------------------------------ pages of elements */

struct elements_page {
    enum api_form form;
    struct api_modifiers modifiers;
    size_t limit;
    struct api_place place;      /* as the client gave it */
    size_t from;                 /* where that is now */
    struct addresses_room *room; /* for $path */
};

static enum err_code read_page(
    struct api_request *request, struct elements_page *page, struct err *err)
{
    enum err_code code = accept_json(request, err);
    page->form = parameter_form(request);
    if (code == ERR_OK) {
        code = parameter_form_modifiers(request, page->form, &page->modifiers, err);
    }
    if (code == ERR_OK) {
        code = parameter_limit(request, API_DEFAULT_LIMIT, &page->limit, err);
    }
    return code == ERR_OK ? parameter_place(request, &page->place, err) : code;
}

/* Behind the last element of the page before; when that is gone, where it stood. */
static void find_place(const struct element_slice *slice, struct elements_page *page)
{
    const struct api_place *place = &page->place;
    size_t before = (size_t)place->position;
    size_t at;
    page->from = before;
    if (place->last.len > 0) {
        bool there = cut_find(&slice->index, place->last.text, place->last.len, before, &at);
        page->from = there ? at + 1 : before - (before > 0);
    }
}

static void end_page(struct api_request *request, struct buf *buf,
    const struct element_slice *slice, const struct elements_page *page, size_t next, bool more)
{
    struct api_place place = {.position = next, .last = {"", 0}};
    if (more) {
        (void)cut_name(&slice->index, next - 1, &place.last.text, &place.last.len);
    }
    page_end_place(request, buf, page->form == FORM_VALUE ? '}' : ']', more ? &place : NULL);
}

static enum err_code damaged(struct err *err)
{
    return err_set(err, ERR_STORE, "the path index of the submodel is damaged");
}

/* Elements as stored are slices; any other normal form is written from the tree. */
static enum err_code write_elements(struct api_request *request, struct api_response *response,
    const struct element_slice *slice, const struct elements_page *page, struct err *err)
{
    struct buf *buf = &response->body;
    const struct registry_document *document = &slice->document;
    bool blobs =
        !page->modifiers.with_blob && blobs_in_document(&request->context->blobs, document->json,
                                          document->json_len, document->hash);
    bool more = false;
    buf_add_text(buf, PAGE_BEGIN);
    if (!blobs && !page->modifiers.core) {
        if (!cut_children(buf, &slice->index, page->from, page->limit, &more)) {
            return damaged(err);
        }
        end_page(request, buf, slice, page, page->from + page->limit, more);
        return ERR_OK;
    }
    struct aas_node *submodel;
    size_t count;
    enum err_code code = support_tree(request, slice->json, slice->len, slice->cls, &submodel, err);
    if (code != ERR_OK) {
        return code;
    }
    struct aas_node **elements = aas_children(submodel, &count);
    unsigned flags =
        (page->modifiers.core ? AAS_JSON_CORE : 0u) | (blobs ? AAS_JSON_WITHOUT_BLOB : 0u);
    size_t at = page->from;
    for (; at < count && at - page->from < page->limit; at++) {
        if (at > page->from) {
            buf_add_char(buf, ',');
        }
        aas_json_write(buf, elements[at], flags, NULL);
    }
    end_page(request, buf, slice, page, at, at < count);
    return ERR_OK;
}

/* The names on a page of values: an object has each once, the first one counts. */
struct names {
    const struct path_index *index;
    struct path_entry *list; /* in the arena */
    size_t count;
};

static bool is_new(struct names *names, const struct path_entry *entry)
{
    for (size_t i = 0; i < names->count; i++) {
        const struct path_entry *other = &names->list[i];
        if (other->name_hash == entry->name_hash && other->name_len == entry->name_len &&
            memcmp(names->index->json + other->name_offset, names->index->json + entry->name_offset,
                entry->name_len) == 0) {
            return false;
        }
    }
    names->list[names->count++] = *entry;
    return true;
}

static enum err_code read_child(struct api_request *request, const struct path_index *index,
    const struct path_entry *entry, struct aas_node **tree, struct err *err)
{
    const struct meta_class *cls = path_index_class(index, entry);
    return cls == NULL
               ? damaged(err)
               : support_tree(request, index->json + entry->offset, entry->len, cls, tree, err);
}

/* "name":value, or nothing for an element without value. */
static enum err_code write_value(struct api_request *request, const struct elements_page *page,
    struct buf *buf, struct names *names, const struct path_entry *entry, bool *any,
    struct err *err)
{
    struct aas_node *tree;
    enum err_code code = read_child(request, names->index, entry, &tree, err);
    if (code != ERR_OK || entry->name_len == PATH_NO_NAME || !aas_value_present(tree) ||
        !is_new(names, entry)) {
        return code;
    }
    unsigned flags = (page->modifiers.core ? AAS_VALUE_CORE : 0u) |
                     (page->modifiers.with_blob ? 0u : AAS_VALUE_WITHOUT_BLOB);
    buf_add_text(buf, *any ? ",\"" : "\"");
    buf_add(buf, names->index->json + entry->name_offset, entry->name_len);
    buf_add_text(buf, "\":");
    *any = true;
    return aas_value_write(buf, tree, flags, err);
}

static enum err_code write_metadata(struct api_request *request, struct buf *buf,
    const struct path_index *index, size_t at, const struct path_entry *entry, struct err *err)
{
    struct aas_node *tree;
    if (cut_metadata(buf, index, at)) {
        return ERR_OK;
    }
    enum err_code code = read_child(request, index, entry, &tree, err);
    if (code == ERR_OK) {
        aas_json_write(buf, tree, AAS_JSON_METADATA, NULL);
    }
    return code;
}

/* One element in the form of the page. */
static enum err_code write_one(struct api_request *request, struct buf *buf,
    const struct element_slice *slice, const struct elements_page *page, struct names *names,
    size_t at, const struct path_entry *entry, bool *any, struct err *err)
{
    const struct registry_document *document = &slice->document;
    if (page->form == FORM_VALUE) {
        return write_value(request, page, buf, names, entry, any, err);
    }
    if (page->form == FORM_PATH) {
        return addresses_paths(page->room, buf, &slice->index, at, page->modifiers.core, any, err);
    }
    buf_add(buf, ",", *any ? 1 : 0);
    *any = true;
    return page->form == FORM_METADATA ? write_metadata(request, buf, &slice->index, at, entry, err)
                                       : addresses_reference(buf, &slice->index, at, slice->cls,
                                             document->id, document->id_len, err);
}

/* Values are the members of one object (GetSubmodelElementsValueResult), other forms items. */
static enum err_code write_forms(struct api_request *request, struct api_response *response,
    const struct element_slice *slice, struct elements_page *page, struct err *err)
{
    struct buf *buf = &response->body;
    struct path_entry entry;
    size_t at;
    size_t written = 0;
    bool any = false;
    bool more = false;
    enum err_code code = ERR_OK;
    size_t most = page->limit < slice->index.count ? page->limit : slice->index.count;
    struct names names = {.index = &slice->index,
        .list = arena_alloc(&request->arena, (most + 1) * sizeof(struct path_entry))};
    struct cut_walk walk = cut_walk_from(&slice->index, page->from);
    page->room = page->form == FORM_PATH ? addresses_room(&request->arena) : NULL;
    if (names.list == NULL) {
        return support_full(err);
    }
    support_allow(request, slice->len);
    buf_add_text(buf, page->form == FORM_VALUE ? "{\"result\":{" : PAGE_BEGIN);
    while (code == ERR_OK && !more && cut_walk_next(&walk, &at, &entry)) {
        more = written++ == page->limit;
        if (!more) {
            code = write_one(request, buf, slice, page, &names, at, &entry, &any, err);
        }
    }
    if (code == ERR_OK && walk.damaged) {
        code = damaged(err);
    }
    end_page(request, buf, slice, page, page->from + page->limit, more);
    return code;
}

enum err_code handle_elements_list(
    struct api_request *request, struct api_response *response, struct err *err)
{
    struct elements_page page;
    struct registry_view view;
    struct element_slice slice;
    enum err_code code = read_page(request, &page, err);
    if (code == ERR_OK) {
        code = registry_view_begin(request->context->registry, &view, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    code = element_slice_read(request, response, &view, &slice, err);
    if (code == ERR_OK && !reply_etag(request, response, slice.document.hash, "")) {
        find_place(&slice, &page);
        reply_ok(response, "application/json");
        code = page.form == FORM_NORMAL ? write_elements(request, response, &slice, &page, err)
                                        : write_forms(request, response, &slice, &page, err);
    }
    registry_view_end(&view);
    return code;
}
