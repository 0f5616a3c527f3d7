/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From an address to its row. The patterns of all rows stand in one tree of path segments that is
 * built at the first request, so that the number of rows does not matter.
 */
#include "aas/plain.h"
#include "aas/rare.h"
#include "api/guard.h"
#include "api/routes.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

/* ------------------------------------------------------------------ the tree of all patterns */

enum { MAX_NODES = 1024, NO_ROW = -1 };

struct router_node {
    const char *segment; /* in the pattern; a placeholder for captures */
    size_t len;
    unsigned short child;   /* first literal segment below, 0: none */
    unsigned short sibling; /* next one beside, 0: none */
    unsigned short capture; /* the placeholder below, 0: none */
    unsigned short edge;    /* first of those to the literal segments below, when all is built */
    unsigned short edge_count;
    unsigned methods;       /* bit mask 1 << enum api_method of those that have a row, and … */
    unsigned for_templates; /* … a row that is there below /templates-api */
    short rows[API_METHOD_COUNT];
};

/* What is looked at of a segment before the segment itself; those of one node stand together. */
struct router_edge {
    unsigned char len;
    char first;
    unsigned short node;
};

static struct router_node nodes[MAX_NODES];
static struct router_edge edges[MAX_NODES];
static size_t node_count;
static pthread_once_t built = PTHREAD_ONCE_INIT;
static atomic_bool is_built; /* known without a call */

static unsigned short add_node(const char *segment, size_t len)
{
    if (node_count == MAX_NODES) {
        return 0; /* the row is not found; a test walks all of them */
    }
    struct router_node *node = &nodes[node_count];
    *node = (struct router_node){.segment = segment, .len = len};
    for (size_t i = 0; i < API_METHOD_COUNT; i++) {
        node->rows[i] = NO_ROW;
    }
    return (unsigned short)node_count++;
}

static unsigned short literal_below(unsigned short parent, const char *segment, size_t len)
{
    unsigned short at = nodes[parent].child;
    while (at != 0 && (nodes[at].len != len || memcmp(nodes[at].segment, segment, len) != 0)) {
        at = nodes[at].sibling;
    }
    return at;
}

/* Behind those that are there: what the table names first is asked for most. */
static unsigned short add_literal(unsigned short parent, const char *segment, size_t len)
{
    unsigned short at = add_node(segment, len);
    unsigned short *link = &nodes[parent].child;
    while (*link != 0) {
        link = &nodes[*link].sibling;
    }
    *link = at;
    return at;
}

static unsigned short node_below(unsigned short parent, const char *segment, size_t len)
{
    if (segment[0] == '{') {
        if (nodes[parent].capture == 0) {
            nodes[parent].capture = add_node(segment, len);
        }
        return nodes[parent].capture;
    }
    unsigned short at = literal_below(parent, segment, len);
    return at != 0 ? at : add_literal(parent, segment, len);
}

/* Templates are served by the rows of the submodel repository, without invocations, and by those
 * that belong to every service. */
static bool is_for_templates(const struct api_route *route)
{
    if (!route->standard) {
        return false;
    }
    if (strcmp(route->pattern, "/description") == 0 ||
        strcmp(route->pattern, "/serialization") == 0) {
        return true;
    }
    return route->root == ROOT_NONE && strncmp(route->pattern, "/submodels", 10) == 0 &&
           strstr(route->pattern, "/invoke") == NULL &&
           strstr(route->pattern, "/operation-") == NULL;
}

static void add_row(struct router_node *node, const struct api_route *route, size_t row)
{
    unsigned method = 1u << route->method;
    if (node->rows[route->method] == NO_ROW) {
        node->rows[route->method] = (short)row;
        node->methods |= method;
        node->for_templates |= is_for_templates(route) ? method : 0;
    }
}

static void lay_edges(void)
{
    size_t next = 0;
    for (size_t i = 0; i < node_count; i++) {
        nodes[i].edge = (unsigned short)next;
        for (unsigned short at = nodes[i].child; at != 0; at = nodes[at].sibling) {
            edges[next++] =
                (struct router_edge){(unsigned char)nodes[at].len, nodes[at].segment[0], at};
        }
        nodes[i].edge_count = (unsigned short)(next - nodes[i].edge);
    }
}

static RARE void build(void)
{
    size_t count;
    const struct api_route *routes = api_routes(&count);
    (void)add_node("", 0);
    for (size_t i = 0; i < count; i++) {
        unsigned short at = 0;
        const char *pattern = routes[i].pattern;
        while (*pattern == '/' && pattern[1] != '\0') {
            size_t len = strcspn(++pattern, "/");
            at = node_below(at, pattern, len);
            pattern += len;
        }
        add_row(&nodes[at], &routes[i], i);
    }
    lay_edges();
    atomic_store_explicit(&is_built, true, memory_order_release);
}

/* ------------------------------------------------------------------ addresses */

/* Those of an address without escapes stand where they came; only the last one ends with a NUL. */
struct segments {
    struct api_text list[API_MAX_SEGMENTS];
    size_t count;
};

static RARE enum err_code no_memory(struct err *err)
{
    return err_set(err, ERR_TOO_LARGE, "the address needs too much memory");
}

/* After the split, so that %2F stays inside its segment. */
static RARE enum err_code unescape(
    struct api_request *request, struct segments *segments, size_t len, struct err *err)
{
    char *room = arena_alloc(&request->arena, len + API_MAX_SEGMENTS + 1);
    if (room == NULL) {
        return no_memory(err);
    }
    for (size_t i = 0; i < segments->count; i++) {
        struct api_text *segment = &segments->list[i];
        enum err_code code =
            guard_unescape(segment->text, segment->len, false, room, &segment->len, err);
        if (code != ERR_OK) {
            return code;
        }
        segment->text = room;
        room += segment->len + 1;
    }
    return ERR_OK;
}

static enum err_code split(
    struct api_request *request, const char *path, struct segments *segments, struct err *err)
{
    const char *at = path;
    segments->count = 0;
    while (*at == '/') {
        at++;
        size_t len = (size_t)(strchrnul(at, '/') - at);
        if (len == 0 && at[0] == '\0') {
            break;
        }
        if (segments->count == API_MAX_SEGMENTS) {
            return err_set(err, ERR_NO_OPERATION, "no operation has an address of that many parts");
        }
        segments->list[segments->count++] = (struct api_text){at, len};
        at += len;
    }
    bool escaped = strchr(path, '%') != NULL;
    return escaped ? unescape(request, segments, (size_t)(at - path), err) : ERR_OK;
}

struct search {
    const struct segments *segments;
    const struct api_route *routes;
    bool templates;
    enum api_method method;
    unsigned allowed;
    const struct api_route *found;
    unsigned captured; /* bit mask 1 << depth of the segments that are placeholders there */
};

static void look_at(struct search *search, const struct router_node *node, unsigned captured)
{
    unsigned methods = search->templates ? node->for_templates : node->methods;
    search->allowed |= methods;
    if ((methods & 1u << search->method) != 0 && search->found == NULL) {
        search->found = &search->routes[node->rows[search->method]];
        search->captured = captured;
    }
}

static unsigned short follow(const struct router_node *from, const struct api_text *segment)
{
    const struct router_edge *edge = &edges[from->edge];
    for (const struct router_edge *end = edge + from->edge_count; edge < end; edge++) {
        if (edge->len == segment->len && edge->first == segment->text[0] &&
            plain_equal(nodes[edge->node].segment, segment->text, segment->len)) {
            return edge->node;
        }
    }
    return 0;
}

/* Literal segments come before placeholders; a placeholder takes nothing that begins with '$'. */
static void descend(struct search *search, unsigned short at, size_t depth, unsigned captured)
{
    for (; depth < search->segments->count; depth++) {
        const struct api_text *segment = &search->segments->list[depth];
        unsigned short below = follow(&nodes[at], segment);
        bool takes = nodes[at].capture != 0 && segment->len > 0 && segment->text[0] != '$';
        if (below != 0 && takes) {
            descend(search, below, depth + 1, captured);
            if (search->found != NULL) {
                return;
            }
        }
        if (!takes && below == 0) {
            return;
        }
        captured |= takes ? 1u << depth : 0;
        at = takes ? nodes[at].capture : below;
    }
    look_at(search, &nodes[at], captured);
}

static enum err_code capture(struct api_request *request, const struct segments *segments,
    unsigned captured, struct err *err)
{
    request->capture_count = 0;
    for (size_t at = 0; captured >> at != 0; at++) {
        if ((captured >> at & 1) == 0 || request->capture_count == API_MAX_CAPTURES) {
            continue;
        }
        struct api_text *text = &request->captures[request->capture_count++];
        *text = segments->list[at];
        if (text->text[text->len] != '\0') { /* the last one ends where the address does */
            text->text = arena_copy(&request->arena, text->text, text->len);
        }
        if (text->text == NULL) {
            return no_memory(err);
        }
    }
    return ERR_OK;
}

/* Passes over `prefix` when the path begins with it as whole segments. */
static inline bool pass(const char **path, const char *prefix)
{
    size_t len = strlen(prefix);
    bool likely = (*path)[0] == '/' && (*path)[1] == prefix[1];
    if (!likely || strncmp(*path, prefix, len) != 0 ||
        ((*path)[len] != '/' && (*path)[len] != '\0')) {
        return false;
    }
    *path += len;
    return true;
}

static RARE void keep_prefix(struct api_request *request, size_t len)
{
    const char *prefix = arena_copy(&request->arena, request->path, len);
    request->prefix = prefix == NULL ? "" : prefix;
}

/* "/api/v3" and "/templates-api" in either order; the rest of the path. */
static const char *pass_prefix(struct api_request *request)
{
    static const char version[] = "/api/v3";
    const char *path = request->path;
    bool versioned = pass(&path, version);
    request->templates = pass(&path, "/templates-api");
    if (request->templates && !versioned) {
        versioned = pass(&path, version);
    }
    size_t len = (size_t)(path - request->path);
    if (len > 0) {
        keep_prefix(request, len);
    }
    return path;
}

static RARE enum err_code no_row(const struct api_request *request, struct err *err)
{
    if (request->allowed == 0) {
        return err_set(err, ERR_NO_OPERATION,
            "there is no operation at this address; look at /description for what is offered");
    }
    if (request->method == API_OPTIONS) {
        return ERR_OK;
    }
    bool known = request->method != API_METHOD_UNKNOWN;
    return err_set(err, ERR_METHOD, "this address does not take %s",
        known ? api_method_name(request->method) : "this method");
}

enum err_code api_route_find(struct api_request *request, struct err *err)
{
    struct segments segments;
    request->allowed = 0;
    request->route = NULL;
    const char *path = pass_prefix(request);
    enum err_code code = split(request, path, &segments, err);
    if (code != ERR_OK) {
        return code;
    }
    if (!atomic_load_explicit(&is_built, memory_order_acquire)) {
        pthread_once(&built, build);
    }
    size_t count;
    struct search search = {.segments = &segments,
        .routes = api_routes(&count),
        .templates = request->templates,
        .method = request->method == API_HEAD ? API_GET : request->method};
    descend(&search, 0, 0, 0);
    request->allowed = search.allowed;
    request->route = search.found;
    if (search.found != NULL) {
        return capture(request, &segments, search.captured, err);
    }
    return no_row(request, err);
}

const char *api_allow(struct arena *arena, unsigned allowed)
{
    const char *list = "";
    for (size_t i = 0; i < API_METHOD_COUNT && list != NULL; i++) {
        if (allowed & 1u << i) {
            list = arena_printf(arena, "%s%s, %s", list, api_method_name((enum api_method)i),
                i == API_GET ? "HEAD, " : "");
        }
    }
    list = list == NULL ? NULL : arena_printf(arena, "%sOPTIONS", list);
    return list == NULL ? "" : list;
}

/* ------------------------------------------------------------------ semantics */

/* Operation ids from which the semantics URL cannot be drawn by leaving suffixes away. */
static const struct {
    const char *operation; /* up to the suffix of its service */
    const char *semantics;
} spelled_otherwise[] = {
    {"PatchSubmodeByIdMetadata", "PatchSubmodelById"},
    {"PatchSubmodel_AasRepository", "PatchSubmodelById"},
    {"PatchSubmodelElementValueByPath", "PatchSubmodelElementByPath"},
    {"GetAllSubmodelElementsReference", "GetAllSubmodelElements"},
    {"GetAllSubmodelElementsPath", "GetAllSubmodelElements"},
    {"InvokeOperation_", "InvokeOperationSync"},
    {"InvokeOperation-", "InvokeOperationSync"},
    {"GetAllSubmodelDescriptorsThroughSuperpath", "GetAllSubmodelDescriptors"},
    {"GetSubmodelDescriptorByIdThroughSuperpath", "GetSubmodelDescriptorById"},
    {"PutSubmodelDescriptorByIdThroughSuperpath", "PutSubmodelDescriptorById"},
    {"DeleteSubmodelDescriptorByIdThroughSuperpath", "DeleteSubmodelDescriptorById"},
};

const char *api_route_semantics(struct arena *arena, const struct api_route *route)
{
    if (!route->standard) {
        return NULL;
    }
    const char *name =
        strcmp(route->operation, "InvokeOperation") == 0 ? "InvokeOperationSync" : route->operation;
    for (size_t i = 0; i < sizeof spelled_otherwise / sizeof *spelled_otherwise; i++) {
        const char *operation = spelled_otherwise[i].operation;
        if (strncmp(route->operation, operation, strlen(operation)) == 0) {
            name = spelled_otherwise[i].semantics;
        }
    }
    return arena_printf(
        arena, "https://admin-shell.io/aas/API/%.*s/3/1", (int)strcspn(name, "_-"), name);
}
