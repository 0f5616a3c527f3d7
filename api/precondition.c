/* SPDX-License-Identifier: Apache-2.0 */
#include "api/precondition.h"

#include <string.h>
#include <strings.h>

#include "api/context.h"
#include "api/routes.h"

enum { DIGITS = 2 * STORE_HASH_BYTES };

static int nibble(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The hash in the text between the quotes: the digits, then what tells representations apart. */
static bool read_hash(const char *text, size_t len, unsigned char hash[STORE_HASH_BYTES])
{
    if (len < DIGITS || (len > DIGITS && text[DIGITS] != '-')) {
        return false;
    }
    for (size_t i = 0; i < STORE_HASH_BYTES; i++) {
        int high = nibble(text[2 * i]);
        int low = nibble(text[2 * i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        hash[i] = (unsigned char)(high * 16 + low);
    }
    return true;
}

static void read_list(
    const char *list, bool weak, const unsigned char *now, struct precondition_tags *tags)
{
    while (*list != '\0') {
        list += strspn(list, ", \t");
        bool is_weak = strncmp(list, "W/", 2) == 0;
        list += is_weak ? 2 : 0;
        if (*list != '"') {
            tags->any = tags->any || (*list == '*' && !is_weak);
            list += strcspn(list, ",");
            continue;
        }
        size_t len = strcspn(++list, "\"");
        unsigned char hash[STORE_HASH_BYTES];
        bool closed = list[len] == '"';
        if (closed && (weak || !is_weak) && now != NULL && read_hash(list, len, hash) &&
            memcmp(hash, now, STORE_HASH_BYTES) == 0) {
            tags->current = true;
        }
        list += len + (closed ? 1 : 0);
    }
}

struct precondition_tags precondition_tags(
    const struct api_request *request, const char *name, bool weak, const unsigned char *now)
{
    struct precondition_tags tags = {0};
    for (size_t i = 0; i < request->header_count; i++) {
        if (strcasecmp(request->headers[i].name, name) == 0) {
            tags.present = true;
            read_list(request->headers[i].value, weak, now, &tags);
        }
    }
    return tags;
}

/* The hash of what is stored now, in the arena; *hash is NULL when there is nothing. */
static enum err_code current_hash(struct api_request *request, const char *id, size_t id_len,
    unsigned char **hash, struct err *err)
{
    struct registry_view view;
    struct registry_document document;
    *hash = NULL;
    enum err_code code = registry_view_begin(request->context->registry, &view, err);
    if (code != ERR_OK) {
        return code;
    }
    code = registry_get(&view, request->route->kind, id, id_len, &document, err);
    if (code == ERR_OK) {
        *hash = arena_alloc(&request->arena, STORE_HASH_BYTES);
        if (*hash == NULL) {
            code = err_set(err, ERR_NO_MEMORY, "%s", err_default_text(ERR_NO_MEMORY));
        } else {
            memcpy(*hash, document.hash, STORE_HASH_BYTES);
        }
    }
    registry_view_end(&view);
    return code == ERR_NOT_FOUND ? ERR_OK : code;
}

static enum err_code changed(struct err *err)
{
    err_set(err, ERR_PRECONDITION, "%s", err_default_text(ERR_PRECONDITION));
    err_rule(err, NULL, "Read it again, apply your change to what is there now and repeat.");
    return ERR_PRECONDITION;
}

enum err_code precondition_of_read(
    const struct api_request *request, const struct api_response *response, struct err *err)
{
    unsigned char now[STORE_HASH_BYTES];
    for (size_t i = 0; i < response->field_count; i++) {
        const char *tag = response->fields[i].value;
        size_t len = strlen(tag);
        if (strcmp(response->fields[i].name, "ETag") != 0 || len < 2 ||
            !read_hash(tag + 1, len - 2, now)) {
            continue;
        }
        struct precondition_tags tags = precondition_tags(request, "If-Match", false, now);
        if (tags.present && !tags.any && !tags.current) {
            err_set(err, ERR_PRECONDITION, "%s", err_default_text(ERR_PRECONDITION));
            err_rule(err, NULL, "Read it without If-Match to get what is there now.");
            return ERR_PRECONDITION;
        }
    }
    return ERR_OK;
}

static enum err_code is_there(struct err *err)
{
    return err_set(err, ERR_PRECONDITION, "it exists; If-None-Match allows a new one only");
}

static enum err_code is_missing(struct err *err)
{
    return err_set(err, ERR_PRECONDITION, "it does not exist; If-Match allows a present one only");
}

static const unsigned char no_hash[STORE_HASH_BYTES];

enum err_code precondition_read(struct api_request *request, const char *id, size_t id_len,
    struct precondition *condition, struct err *err)
{
    unsigned char *now;
    *condition = (struct precondition){0};
    if (api_request_header(request, "If-Match") == NULL &&
        api_request_header(request, "If-None-Match") == NULL) {
        return ERR_OK;
    }
    enum err_code code = current_hash(request, id, id_len, &now, err);
    if (code != ERR_OK) {
        return code;
    }
    struct precondition_tags match = precondition_tags(request, "If-Match", false, now);
    struct precondition_tags none_match = precondition_tags(request, "If-None-Match", true, now);
    if (now != NULL && match.present && !match.any && !match.current) {
        return changed(err);
    }
    if (none_match.current && !none_match.any) {
        return err_set(err, ERR_PRECONDITION, "what is there now is what If-None-Match excludes");
    }
    if (match.present && none_match.any) {
        return err_set(err, ERR_PRECONDITION, "If-Match and If-None-Match exclude each other");
    }
    condition->exists = now != NULL;
    condition->must_exist = match.present;
    condition->must_be_new = none_match.any;
    if (match.present && !match.any) {
        /* When nothing is there, no tag matches what may appear meanwhile. */
        condition->if_match = now != NULL ? now : no_hash;
    }
    return ERR_OK;
}

enum err_code precondition_apply(
    const struct precondition *condition, struct registry_change *change, struct err *err)
{
    change->if_match = condition->if_match;
    if (change->operation == REGISTRY_DELETE && condition->must_be_new && condition->exists) {
        return is_there(err);
    }
    if (change->operation == REGISTRY_CREATE && condition->must_exist) {
        change->if_match = no_hash;
    }
    if (change->operation == REGISTRY_UPSERT && condition->must_be_new) {
        change->operation = REGISTRY_CREATE;
    }
    if (change->operation == REGISTRY_UPSERT && condition->must_exist) {
        change->operation = REGISTRY_REPLACE;
    }
    return ERR_OK;
}

enum err_code precondition_outcome(const struct precondition *condition,
    const struct registry_change *change, enum err_code code, struct err *err)
{
    if (code == ERR_EXISTS && condition->must_be_new) {
        return is_there(err);
    }
    bool missing = code == ERR_NOT_FOUND && change->operation == REGISTRY_REPLACE;
    return missing && condition->must_exist ? is_missing(err) : code;
}

static bool is_template(const struct aas_node *node)
{
    while (node->parent != NULL) {
        node = node->parent;
    }
    const char *kind = aas_text(node, PROP_kind);
    return kind != NULL && strcmp(kind, "Template") == 0;
}

enum err_code precondition_template(const struct aas_node *submodel, struct err *err)
{
    if (is_template(submodel)) {
        return ERR_OK;
    }
    err_set(err, ERR_BAD_INPUT, "only submodels of kind Template are kept at this address");
    err_rule(err, "AASa-003",
        "Set \"kind\" to \"Template\", or use the address without "
        "/templates-api for instances.");
    return ERR_BAD_INPUT;
}

enum err_code precondition_run(
    struct arena *arena, struct aas_node *node, void *context, struct err *err)
{
    const struct precondition_edit *run = context;
    if (run->templates_only && !is_template(node)) {
        return err_set(err, ERR_NOT_FOUND, "there is no submodel of kind Template with this id");
    }
    enum err_code code = run->edit(arena, node, run->context, err);
    if (code == ERR_OK && run->templates_only) {
        code = precondition_template(node, err);
    }
    bool created = run->created != NULL ? *run->created : run->creates;
    if (run->condition->must_be_new && (code == ERR_EXISTS || (code == ERR_OK && !created))) {
        return is_there(err);
    }
    if (run->condition->must_exist && code == ERR_OK && run->created != NULL && created) {
        return is_missing(err);
    }
    return code;
}
