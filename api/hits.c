/* SPDX-License-Identifier: Apache-2.0 */
#include "api/hits.h"

#include <string.h>

const char *hits_kind(const struct registry_hit *hit)
{
    if (hit->is_template) {
        return "template";
    }
    switch (hit->kind) {
    case REGISTRY_SHELL:
        return "shell";
    case REGISTRY_SUBMODEL:
        return "submodel";
    case REGISTRY_CONCEPT_DESCRIPTION:
        return "concept description";
    }
    return "";
}

void hits_member(struct buf *buf, bool *first, const char *name, const char *text)
{
    if (text != NULL && text[0] != '\0') {
        buf_printf(buf, "%s\"%s\":", *first ? "" : ",", name);
        buf_add_json_string(buf, text, strlen(text));
        *first = false;
    }
}

static void write_use(struct buf *buf, const struct registry_use *use)
{
    bool first = true;
    buf_add_char(buf, '{');
    hits_member(buf, &first, "role", use->role);
    hits_member(buf, &first, "idShortPath", use->path);
    hits_member(buf, &first, "modelType", use->model_type);
    hits_member(buf, &first, "conceptDescription", use->inside);
    hits_member(buf, &first, "value", use->id);
    buf_add_char(buf, '}');
}

void hits_write_user(struct buf *buf, const struct registry_user *user)
{
    bool first = true;
    buf_add_char(buf, '{');
    hits_member(buf, &first, "kind", hits_kind(&user->hit));
    hits_member(buf, &first, "family", user->hit.family);
    hits_member(buf, &first, "version", user->hit.label);
    hits_member(buf, &first, "id", user->hit.id);
    hits_member(buf, &first, "title", user->hit.title);
    hits_member(buf, &first, "state", user->hit.state);
    buf_printf(buf, ",\"total\":%zu,\"uses\":[", user->use_total);
    for (size_t i = 0; i < user->use_count; i++) {
        buf_add_text(buf, i > 0 ? "," : "");
        write_use(buf, &user->uses[i]);
    }
    buf_add_text(buf, "]}");
}
