/* SPDX-License-Identifier: Apache-2.0 */
/* Which submodels of two documents are compared. */
#include <stdio.h>
#include <string.h>

#include "conformance/compare.h"
#include "templates/identity.h"

enum { NAMES_SHOWN = 400 };

struct found {
    const struct aas_node *submodel; /* the only one so far */
    size_t count;
};

static bool is_named(const struct aas_node *submodel, const char *name)
{
    const char *id = aas_text(submodel, PROP_id);
    const char *id_short = aas_text(submodel, PROP_idShort);
    return name == NULL || (id != NULL && strcmp(id, name) == 0) ||
           (id_short != NULL && strcmp(id_short, name) == 0);
}

static struct found find(const struct aas_node *root, const char *name, bool templates_only)
{
    struct found found = {.submodel = NULL, .count = 0};
    size_t count = 1;
    struct aas_node **list = NULL;
    if (root->cls->id == CLASS_Environment) {
        list = aas_list(root, PROP_submodels, &count);
    }
    for (size_t i = 0; i < count; i++) {
        const struct aas_node *node = list != NULL ? list[i] : root;
        if (node->cls->id == CLASS_Submodel && is_named(node, name) &&
            (!templates_only || template_is(node))) {
            found.submodel = node;
            found.count++;
        }
    }
    return found;
}

static enum err_code refuse_several(
    const struct aas_node *root, const char *name, const char *which, struct err *err)
{
    char names[NAMES_SHOWN] = "";
    size_t used = 0;
    size_t count = 0;
    struct aas_node **list = aas_list(root, PROP_submodels, &count);
    for (size_t i = 0; i < count; i++) {
        const char *own = aas_text(list[i], PROP_idShort);
        size_t len = own != NULL ? strlen(own) : 0;
        if (len > 0 && is_named(list[i], name) && used + len + 3 < sizeof names) {
            used += (size_t)snprintf(
                names + used, sizeof names - used, "%s%s", used > 0 ? ", " : "", own);
        }
    }
    err_set(err, ERR_BAD_INPUT, "the %s document has several submodels: %s", which, names);
    err_rule(err, NULL, "Name one by its idShort or id.");
    return ERR_BAD_INPUT;
}

enum err_code compare_pick(const struct aas_node *const root[2], const char *const name[2],
    struct compare_input *input, struct err *err)
{
    static const char *const which[] = {"old", "new"};
    for (int side = 0; side < 2; side++) {
        struct found found = find(root[side], name[side], true);
        if (found.count == 0) {
            found = find(root[side], name[side], false);
        }
        if (found.count == 0) {
            return name[side] == NULL
                       ? err_set(err, ERR_NOT_FOUND, "the %s document has no submodel to compare",
                             which[side])
                       : err_set(err, ERR_NOT_FOUND, "the %s document has no submodel \"%.200s\"",
                             which[side], name[side]);
        }
        if (found.count > 1) {
            return refuse_several(root[side], name[side], which[side], err);
        }
        input->submodel[side] = found.submodel;
        input->environment[side] = root[side]->cls->id == CLASS_Environment ? root[side] : NULL;
    }
    return ERR_OK;
}
