/* SPDX-License-Identifier: Apache-2.0 */
/* The thread of a server that takes out what was kept for long enough: when it starts, again and
 * again, and not any more when it is told to end. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "api/retention.h"
#include "registry/kept.h"
#include "tests/api/client.h"

#define SUBMODEL                                                                                   \
    "{\"modelType\":\"Submodel\",\"id\":\"urn:press\",\"submodelElements\":[{\"modelType\":"       \
    "\"Property\",\"idShort\":\"Force\",\"valueType\":\"xs:int\",\"value\":\"0\"},{\"modelType\":" \
    "\"File\",\"idShort\":\"Manual\",\"contentType\":\"text/plain\"}]}"
#define FORM "Content-Type: multipart/form-data; boundary=b\r\n"
#define MANUAL                                                                                     \
    "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"manual.txt\"\r\n"            \
    "Content-Type: text/plain\r\n\r\nread me\r\n--b--\r\n"

enum { OFTEN_MS = 20, WAIT_S = 30 };

static struct test_server server;
static struct retention *retention;
static struct err err;

static void up(void)
{
    server_up(&server, NULL);
    retention = NULL;
    cr_assert_eq(client_status(server.port, "POST", "/submodels", "", SUBMODEL), 201);
}

static void down(void)
{
    retention_stop(retention);
    server_down(&server);
}

TestSuite(retention, .init = up, .fini = down, .timeout = 120);

static void start(int64_t values_ms, int64_t every_ms)
{
    const struct retention_rules rules = {
        .values_ms = values_ms, .said = "a moment", .every_ms = every_ms};
    cr_assert_eq(
        retention_start(server.registry, &rules, &retention, &err), ERR_OK, "%s", err.text);
}

static void pass(long ms)
{
    const struct timespec pause = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    nanosleep(&pause, NULL);
}

static const char *at_press(const char *rest)
{
    static char target[200];
    snprintf(target, sizeof target, "/submodels/%s%s", id64("urn:press"), rest);
    return target;
}

static void set_values(int from, int to)
{
    for (int i = from; i < to; i++) {
        char value[12];
        snprintf(value, sizeof value, "%d", i);
        cr_assert_eq(client_status(server.port, "PATCH",
                         at_press("/submodel-elements/Force/$value"), "", value),
            204);
    }
}

/* How many revisions of the submodel are still there. */
static size_t revisions(void)
{
    struct registry_view view;
    struct arena arena;
    struct registry_revision *list = NULL;
    size_t count = 0;
    arena_init(&arena, 1 << 22);
    cr_assert_eq(registry_view_begin(server.registry, &view, NULL), ERR_OK);
    cr_assert_eq(registry_history(
                     &view, &arena, REGISTRY_SUBMODEL, "urn:press", 9, 0, 0, &list, &count, &err),
        ERR_OK);
    registry_view_end(&view);
    arena_finish(&arena);
    return count;
}

/* Whether that many or fewer are left before long. */
static bool become(size_t most)
{
    double end = client_now() + WAIT_S;
    while (revisions() > most && client_now() < end) {
        pass(10);
    }
    return revisions() <= most;
}

/* What is left of values: the first and the newest one, and what the newest one is made from. */
Test(retention, looks_after_values_when_it_starts_and_again)
{
    set_values(1, 200);
    cr_assert_eq(revisions(), 200);
    pass(10);
    start(1, OFTEN_MS);
    cr_expect(become(80), "%zu are left", revisions());
    set_values(200, 400);
    cr_expect(become(80), "%zu are left of those that came behind its start", revisions());
}

Test(retention, leaves_what_is_young_and_what_has_no_rule)
{
    set_values(1, 100);
    start((int64_t)3600 * 1000, OFTEN_MS);
    pass(10 * OFTEN_MS);
    cr_expect_eq(revisions(), 100);
    retention_stop(retention);
    start(0, OFTEN_MS);
    pass(10 * OFTEN_MS);
    cr_expect_eq(revisions(), 100);
}

Test(retention, waits_an_hour_when_nothing_else_is_said_and_ends_at_once)
{
    set_values(1, 200);
    pass(10);
    start(1, 0);
    cr_expect(become(80), "at its start");
    set_values(200, 300);
    size_t before = revisions();
    pass(500);
    cr_expect_eq(revisions(), before, "not yet again");
    double began = client_now();
    retention_stop(retention);
    retention = NULL;
    cr_expect_lt(client_now() - began, 10.0);
}

static bool bytes_are_kept(void)
{
    struct kept_result result;
    const struct kept_pruning all = {.bytes_before_ms = INT64_MAX, .dry_run = true};
    cr_assert_eq(kept_prune(server.registry, &all, &result, &err), ERR_OK, "%s", err.text);
    return result.files > 0;
}

Test(retention, follows_the_rule_for_files_that_the_store_has_by_then)
{
    cr_assert_eq(kept_set_rule(server.registry, "1h", &err), ERR_OK);
    cr_assert_eq(client_status(server.port, "PUT", at_press("/submodel-elements/Manual/attachment"),
                     FORM, MANUAL),
        204);
    cr_assert_eq(client_status(server.port, "DELETE", at_press(""), "", NULL), 204);
    start(0, OFTEN_MS);
    pass(10 * OFTEN_MS);
    cr_expect(bytes_are_kept(), "they are younger than an hour");
    cr_assert_eq(kept_set_rule(server.registry, "none", &err), ERR_OK);
    double end = client_now() + WAIT_S;
    while (bytes_are_kept() && client_now() < end) {
        pass(10);
    }
    cr_expect_not(bytes_are_kept());
}
