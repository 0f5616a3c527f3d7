/* SPDX-License-Identifier: Apache-2.0 */
#include "api/access_setup.h"

#include <string.h>

#include "api/auth.h"
#include "api/refusals.h"
#include "registry/users.h"

/* Behind a proxy, the loopback is no sign of being on this machine. */
static const char *default_role(const struct api_server_options *options, bool loopback)
{
    bool behind_proxy =
        options->trust_proxy || options->external_url != NULL || options->host_names != NULL;
    return loopback && !behind_proxy ? "reader" : "none";
}

static enum err_code choose_anonymous(
    struct api_context *context, const struct api_server_options *options, struct err *err)
{
    const char *chosen =
        options->anonymous != NULL ? options->anonymous : default_role(options, context->loopback);
    context->anonymous = (struct access_grant){.limit = ACCESS_UNLIMITED, .value = ""};
    context->has_anonymous = access_role_read(chosen, &context->anonymous.role);
    if (context->has_anonymous && context->anonymous.role == ROLE_ADMINISTRATOR) {
        return err_set(err, ERR_BAD_INPUT, "somebody unknown cannot be an administrator");
    }
    return context->has_anonymous || strcmp(chosen, "none") == 0
               ? ERR_OK
               : err_set(err, ERR_BAD_INPUT, "there is no role \"%.100s\" for somebody unknown",
                     chosen);
}

/* Beyond the loopback, only those that somebody has let in. */
static enum err_code check_reach(const struct api_context *context, bool open, struct err *err)
{
    struct registry_view view;
    if (context->loopback) {
        return ERR_OK;
    }
    if (open) {
        return err_set(err, ERR_BAD_INPUT,
            "a server that is open to everybody listens on the loopback only (127.0.0.1)");
    }
    enum err_code code = registry_view_begin(context->registry, &view, err);
    if (code != ERR_OK) {
        return code;
    }
    bool any = users_any(&view.txn);
    registry_view_end(&view);
    if (!any) {
        err_set(err, ERR_BAD_INPUT,
            "without users, the server listens on the loopback only (127.0.0.1)");
        err_rule(err, NULL, "Make a user first: jig user add NAME --role administrator.");
        return ERR_BAD_INPUT;
    }
    return ERR_OK;
}

enum err_code access_setup(
    struct api_context *context, const struct api_server_options *options, struct err *err)
{
    context->open = options->open;
    context->auth = auth_new();
    context->refusals = refusals_new();
    if (context->auth == NULL || context->refusals == NULL) {
        return err_set(err, ERR_NO_MEMORY, "not enough memory for the server");
    }
    enum err_code code = choose_anonymous(context, options, err);
    return code == ERR_OK ? check_reach(context, options->open, err) : code;
}

void access_teardown(struct api_context *context)
{
    auth_free(context->auth);
    refusals_free(context->refusals);
}
