/* SPDX-License-Identifier: Apache-2.0 */
#include "api/authorize.h"

#include <pthread.h>
#include <string.h>

#include "api/context.h"
#include "api/credentials.h"
#include "api/refusals.h"
#include "api/routes.h"

/* ------------------------------------------------------------------ objects */

/* Beginnings of addresses and what they are about; of several that fit, the longest counts. What
 * has none is about the server, where only administrators may do more than read. */
static const struct {
    const char *beginning;
    enum access_class cls;
    enum access_class changed; /* the same when it is changed */
} classes[] = {
    {"", ACCESS_SERVER, ACCESS_SERVER},
    {"/shells", ACCESS_MODEL, ACCESS_MODEL},
    {"/aas", ACCESS_MODEL, ACCESS_MODEL},
    /* A submodel may be a template. */
    {"/shells/{aasIdentifier}/submodels/{submodelIdentifier}", ACCESS_MODEL, ACCESS_ANYTHING},
    {"/aas/submodels/{submodelIdentifier}", ACCESS_MODEL, ACCESS_ANYTHING},
    {"/submodels", ACCESS_MODEL, ACCESS_ANYTHING},
    {"/submodel", ACCESS_MODEL, ACCESS_ANYTHING},
    {"/concept-descriptions", ACCESS_CONCEPT, ACCESS_CONCEPT},
    {"/templates", ACCESS_TEMPLATE, ACCESS_TEMPLATE},
    {"/categories", ACCESS_TEMPLATE, ACCESS_TEMPLATE},
    {"/proposals", ACCESS_TEMPLATE, ACCESS_TEMPLATE},
    {"/history", ACCESS_MODEL, ACCESS_MODEL},
    {"/search", ACCESS_MODEL, ACCESS_MODEL},
    {"/conformance", ACCESS_MODEL, ACCESS_MODEL},
    {"/shell-descriptors", ACCESS_MODEL, ACCESS_MODEL},
    {"/submodel-descriptors", ACCESS_MODEL, ACCESS_MODEL},
    {"/lookup", ACCESS_MODEL, ACCESS_MODEL},
    {"/bulk", ACCESS_MODEL, ACCESS_MODEL},
    {"/query", ACCESS_MODEL, ACCESS_MODEL},
    {"/packages", ACCESS_MODEL, ACCESS_MODEL},
    {"/serialization", ACCESS_MODEL, ACCESS_MODEL},
    /* Anything can be in a file. */
    {"/upload", ACCESS_MODEL, ACCESS_ANYTHING},
};

static bool begins(const char *pattern, const char *beginning)
{
    size_t len = strlen(beginning);
    return strncmp(pattern, beginning, len) == 0 && (pattern[len] == '\0' || pattern[len] == '/');
}

static enum access_class class_of(const struct api_route *route, bool changes)
{
    size_t best = 0;
    for (size_t i = 1; i < sizeof classes / sizeof *classes; i++) {
        if (begins(route->pattern, classes[i].beginning) &&
            strlen(classes[i].beginning) > strlen(classes[best].beginning)) {
            best = i;
        }
    }
    return changes ? classes[best].changed : classes[best].cls;
}

/* Rights that only templates know. */
static bool is_about_templates(enum access_right right)
{
    return right == RIGHT_PROPOSE || right == RIGHT_REVIEW || right == RIGHT_PUBLISH;
}

/* Put into its shell or taken out of it, so that the shell is changed, too. */
static bool changes_shell(const struct api_route *route)
{
    static const char one[] = "/submodels/{submodelIdentifier}";
    size_t len = strlen(route->pattern);
    bool through = route->root == ROOT_SHELL_SUBMODEL || route->root == ROOT_AAS_SUBMODEL;
    return through && (route->joins || route->right == RIGHT_DELETE) && len >= sizeof one - 1 &&
           strcmp(route->pattern + len - (sizeof one - 1), one) == 0;
}

/* The family that the address names, NULL when it names none. */
static const char *family_of(const struct api_request *request)
{
    size_t at = 0;
    const char *capture = strchr(request->route->pattern, '{');
    for (; capture != NULL && at < request->capture_count; at++) {
        if (strncmp(capture, "{family}", 8) == 0) {
            return request->captures[at].text;
        }
        capture = strchr(capture + 1, '{');
    }
    return NULL;
}

static enum access_class class_of_route(const struct api_route *route)
{
    bool changes = route->right != RIGHT_READ && route->right != RIGHT_EXECUTE;
    enum access_class cls = class_of(route, changes);
    if (is_about_templates(route->right)) {
        return ACCESS_TEMPLATE;
    }
    /* What is not in a submodel is kept beside it, whatever it is. */
    bool beside = cls == ACCESS_ANYTHING && route->right == RIGHT_CURATE;
    return changes_shell(route) || beside ? ACCESS_MODEL : cls;
}

enum { MAX_ROUTES = 1024 };

/* Of each row of the table, told once: every request asks. */
static enum access_class route_classes[MAX_ROUTES];
static pthread_once_t told = PTHREAD_ONCE_INIT;

static void tell_classes(void)
{
    size_t count;
    const struct api_route *routes = api_routes(&count);
    for (size_t i = 0; i < count && i < MAX_ROUTES; i++) {
        route_classes[i] = class_of_route(&routes[i]);
    }
}

void authorize_object(const struct api_request *request, struct access_object *object)
{
    const struct api_route *route = request->route;
    size_t row = api_route_index(route);
    pthread_once(&told, tell_classes);
    *object = (struct access_object){
        .cls = row < MAX_ROUTES ? route_classes[row] : class_of_route(route)};
    if (request->templates) {
        object->cls = ACCESS_TEMPLATE;
    }
    if (object->cls == ACCESS_TEMPLATE) {
        object->family = family_of(request);
        /* The trees of categories belong to all families. */
        object->undecided = object->family == NULL && route->right != RIGHT_CURATE;
    }
    if (route->right == RIGHT_TOKENS) {
        object->undecided = true; /* whose they are stands in the body or in the store */
    }
}

/* ------------------------------------------------------------------ deciding */

/* Only the categories of a family stand in the store. */
static enum err_code decide(
    const struct api_request *request, const struct access_object *object, struct err *err)
{
    const struct access_principal *principal = request->principal;
    enum access_right right = request->route->right;
    struct registry_view view;
    if (object->family == NULL || !principal->known) {
        return access_decide(principal, right, object, NULL, err);
    }
    enum err_code code = registry_view_begin(request->context->registry, &view, err);
    if (code != ERR_OK) {
        return code;
    }
    code = access_decide(principal, right, object, &view.txn, err);
    registry_view_end(&view);
    return code;
}

enum err_code authorize(struct api_request *request, struct err *err)
{
    struct access_object object;
    if (request->route == NULL || request->route->right == RIGHT_NONE) {
        return ERR_OK;
    }
    enum err_code code = credentials_read(request, err);
    if (code != ERR_OK) {
        return code;
    }
    if (request->principal->unrestricted) {
        return ERR_OK; /* whatever it is about */
    }
    authorize_object(request, &object);
    code = decide(request, &object, err);
    if (code == ERR_FORBIDDEN) {
        refusals_note(request, err);
    }
    return code;
}
