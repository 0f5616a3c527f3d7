/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules for keeping: what goes, what stays, that what stays reads as before, that the log says what
 * went, and that nothing can go without it.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "registry/changes.h"
#include "registry/documents.h"
#include "registry/prune.h"
#include "registry/pruned.h"
#include "registry/value_history.h"
#include "registry/verify.h"
#include "tests/registry/registry_fixture.h"

TestSuite(prune, .init = fixture_start, .fini = fixture_stop, .timeout = 240);

static const char id[] = "urn:a";
enum { ID_LEN = sizeof id - 1, MOST = 1200 };

static void take_away(struct registry *registry)
{
    cr_assert_eq(fixture_write(registry, REGISTRY_DELETE, id, NULL, NULL), ERR_OK);
}

static struct prune_result prune(struct registry *registry, const struct prune_rule *rule)
{
    static const struct registry_author author = {.name = "kim"};
    struct prune_result result;
    struct err err = {0};
    struct prune_rule said = *rule;
    said.said = "values are kept for a moment";
    cr_assert_eq(
        registry_prune(registry, &said, &author, NULL, &result, &err), ERR_OK, "%s", err.text);
    return result;
}

static struct prune_result prune_values(struct registry *registry, int64_t before_ms)
{
    return prune(registry, &(struct prune_rule){.values_before_ms = before_ms});
}

/* One revision of the list. */
struct row {
    uint64_t revision;
    int64_t time_ms;
    bool value;
    bool deleted;
};

/* The list of revisions, newest first. */
static size_t history(struct registry *registry, struct row rows[MOST])
{
    struct registry_view view;
    struct arena arena;
    struct registry_revision *list = NULL;
    size_t count = 0;
    arena_init(&arena, SIZE_MAX);
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(registry_history(
                     &view, &arena, REGISTRY_SUBMODEL, id, ID_LEN, 0, MOST, &list, &count, NULL),
        ERR_OK);
    for (size_t i = 0; i < count; i++) {
        rows[i] = (struct row){.revision = list[i].revision,
            .time_ms = list[i].time_ms,
            .value = strcmp(list[i].operation, "value") == 0,
            .deleted = strcmp(list[i].operation, "delete") == 0};
    }
    registry_view_end(&view);
    arena_finish(&arena);
    return count;
}

/* The numbers of the revisions as "9 8 1". */
static void expect_revisions(struct registry *registry, const char *expected)
{
    static struct row rows[MOST];
    char text[256] = "";
    size_t count = history(registry, rows);
    for (size_t i = 0; i < count && strlen(text) < sizeof text - 24; i++) {
        sprintf(
            text + strlen(text), "%s%llu", i > 0 ? " " : "", (unsigned long long)rows[i].revision);
    }
    cr_expect_str_eq(text, expected);
}

/* ------------------------------------------------------------------ what goes */

Test(prune, values_go_and_structure_stays)
{
    struct registry *registry = fixture_open();
    fixture_put(registry, id, 1);
    for (int i = 2; i <= 5; i++) {
        fixture_set(registry, id, i);
    }
    fixture_put(registry, id, 6);
    fixture_set(registry, id, 7);
    int64_t before = fixture_moment();
    fixture_set(registry, id, 8);
    struct prune_result result = prune_values(registry, before);
    cr_expect_eq(result.things, 1);
    cr_expect_eq(result.revisions, 4, "2 to 5; 7 was valid at the moment");
    expect_revisions(registry, "8 7 6 1");
    fixture_verify(registry);
    result = prune_values(registry, before);
    cr_expect_eq(result.revisions, 0, "once is enough");
    registry_close(registry);
}

Test(prune, what_a_kept_value_is_made_from_stays)
{
    struct registry *registry = fixture_open();
    fixture_put(registry, id, 1);
    for (int i = 2; i <= 70; i++) {
        fixture_set(registry, id, i); /* 65 is a full one after 63 compact ones */
    }
    int64_t before = fixture_moment();
    fixture_set(registry, id, 71);
    cr_expect_eq(prune_values(registry, before).revisions, 63, "2 to 64");
    expect_revisions(registry, "71 70 69 68 67 66 65 1");
    char *kept = fixture_content(registry, id, 70, NULL);
    cr_assert_not_null(kept);
    cr_expect_not_null(strstr(kept, "\"value\":\"70\""));
    free(kept);
    fixture_verify(registry);
    registry_close(registry);
}

Test(prune, what_was_deleted_can_be_brought_back_as_it_was)
{
    struct registry *registry = fixture_open();
    enum registry_outcome outcome;
    fixture_put(registry, id, 1);
    for (int i = 2; i <= 66; i++) {
        fixture_set(registry, id, i); /* full: 65 */
    }
    take_away(registry);
    cr_expect_eq(prune_values(registry, fixture_moment()).revisions, 63, "2 to 64");
    expect_revisions(registry, "67 66 65 1");
    fixture_verify(registry);
    cr_expect_eq(registry_restore(registry, REGISTRY_SUBMODEL, id, ID_LEN, 66, REGISTRY_CREATE,
                     NULL, NULL, NULL, &outcome, NULL),
        ERR_OK);
    char *kept = fixture_content(registry, id, 68, NULL);
    cr_assert_not_null(kept);
    cr_expect_not_null(strstr(kept, "\"value\":\"66\""));
    free(kept);
    fixture_verify(registry);
    registry_close(registry);
}

Test(prune, nothing_is_written_to_look_what_would_go)
{
    struct registry *registry = fixture_open();
    fixture_put(registry, id, 1);
    fixture_set(registry, id, 2);
    fixture_set(registry, id, 3);
    fixture_put(registry, id, 4);
    const struct prune_rule rule = {.values_before_ms = fixture_moment(), .dry_run = true};
    cr_expect_eq(prune(registry, &rule).revisions, 2);
    expect_revisions(registry, "4 3 2 1");
    registry_close(registry);
}

Test(prune, looking_counts_as_many_bytes_as_are_taken_out)
{
    struct registry *registry = fixture_open();
    fixture_put(registry, id, 1);
    fixture_put(registry, id, 2);
    fixture_set(registry, id, 3);
    fixture_put(registry, id, 4);
    struct prune_rule rule = {.structure_before_ms = fixture_moment(), .dry_run = true};
    struct prune_result looked = prune(registry, &rule);
    rule.dry_run = false;
    struct prune_result done = prune(registry, &rule);
    cr_expect_gt(done.contents, 0);
    cr_expect_eq(looked.contents, done.contents);
    cr_expect_eq(looked.bytes, done.bytes, "%lu, then %lu", (unsigned long)looked.bytes,
        (unsigned long)done.bytes);
    registry_close(registry);
}

Test(prune, only_what_is_named_is_touched)
{
    struct registry *registry = fixture_open();
    struct prune_result result;
    struct err err = {0};
    fixture_put(registry, id, 1);
    fixture_set(registry, id, 2);
    fixture_put(registry, id, 3);
    const struct prune_rule rule = {.values_before_ms = fixture_moment(),
        .kind = REGISTRY_SUBMODEL,
        .id = "urn:other",
        .said = "x"};
    cr_expect_eq(registry_prune(registry, &rule, NULL, NULL, &result, &err), ERR_NOT_FOUND);
    struct prune_rule shells = {.values_before_ms = fixture_moment(), .kind = REGISTRY_SHELL};
    cr_expect_eq(prune(registry, &shells).revisions, 0);
    struct prune_rule named = {
        .values_before_ms = fixture_moment(), .kind = REGISTRY_SUBMODEL, .id = "urn:a"};
    cr_expect_eq(prune(registry, &named).revisions, 1);
    expect_revisions(registry, "3 1");
    registry_close(registry);
}

Test(prune, structure_goes_only_when_an_operator_says_so)
{
    struct registry *registry = fixture_open();
    fixture_put(registry, id, 1);
    fixture_put(registry, id, 2);
    fixture_set(registry, id, 3);
    fixture_put(registry, id, 4);
    int64_t before = fixture_moment();
    fixture_put(registry, id, 5);
    const struct prune_rule rule = {.structure_before_ms = before};
    cr_expect_eq(prune(registry, &rule).revisions, 3);
    expect_revisions(registry, "5 4");
    fixture_verify(registry);
    registry_close(registry);
}

static void expect_speed(struct registry *registry, uint64_t revision, const char *value)
{
    char wanted[64];
    char *content = fixture_content(registry, id, revision, NULL);
    snprintf(wanted, sizeof wanted, "\"value\":\"%s\"", value);
    cr_expect(content != NULL && strstr(content, wanted) != NULL, "revision %llu",
        (unsigned long long)revision);
    free(content);
}

Test(prune, the_oldest_that_stays_is_whole_when_what_it_was_made_from_goes)
{
    struct registry *registry = fixture_open();
    for (int i = 1; i <= 4; i++) {
        fixture_put(registry, id, 10 + i);
    }
    struct prune_rule rule = {.structure_before_ms = fixture_moment()};
    fixture_put(registry, id, 15);
    fixture_set(registry, id, 16);
    struct prune_result result = prune(registry, &rule);
    cr_expect_eq(result.revisions, 3, "1 to 3");
    cr_expect_eq(result.contents, 1, "of 1");
    expect_revisions(registry, "6 5 4");
    expect_speed(registry, 4, "14");
    expect_speed(registry, 5, "15");
    expect_speed(registry, 6, "16");
    fixture_verify(registry);
    fixture_put(registry, id, 17);
    rule.structure_before_ms = fixture_moment();
    fixture_put(registry, id, 18);
    result = prune(registry, &rule);
    cr_expect_eq(result.revisions, 3, "4 to 6");
    cr_expect_eq(result.contents, 1, "of 4");
    expect_revisions(registry, "8 7");
    expect_speed(registry, 7, "17");
    expect_speed(registry, 8, "18");
    fixture_verify(registry);
    registry_close(registry);
}

Test(prune, a_content_that_is_still_referred_to_stays)
{
    struct registry *registry = fixture_open();
    fixture_put(registry, id, 1);
    for (int i = 0; i < 63; i++) {
        fixture_set(registry, id, i % 2 == 0 ? 100 : 200);
    }
    fixture_set(registry, id, 300); /* full: 65 */
    for (int i = 0; i < 63; i++) {
        fixture_set(registry, id, i % 2 == 0 ? 100 : 200);
    }
    fixture_set(registry, id, 1); /* full: 129, of the content of the first */
    fixture_set(registry, id, 2);
    fixture_put(registry, id, 300); /* the content of 65 */
    struct prune_result result = prune_values(registry, fixture_moment());
    cr_expect_eq(result.revisions, 129, "2 to 130");
    cr_expect_eq(result.contents, 0, "both are the contents of others");
    expect_revisions(registry, "131 1");
    fixture_verify(registry);
    registry_close(registry);
}

Test(prune, a_content_that_nothing_refers_to_goes)
{
    struct registry *registry = fixture_open();
    fixture_put(registry, id, 1);
    for (int i = 2; i <= 2200; i++) {
        fixture_set(registry, id, i); /* more than one batch */
    }
    fixture_put(registry, id, 9000);
    struct prune_result result = prune_values(registry, fixture_moment());
    cr_expect_eq(result.revisions, 2199);
    cr_expect_eq(result.contents, 34, "each 64th was full: 65, 129, ... 2177");
    expect_revisions(registry, "2201 1");
    fixture_verify(registry);
    registry_close(registry);
}

/* ------------------------------------------------------------------ what is said */

Test(prune, a_pruned_revision_says_when_by_whom_and_why)
{
    struct registry *registry = fixture_open();
    struct err err = {0};
    fixture_put(registry, id, 1);
    fixture_set(registry, id, 2);
    fixture_put(registry, id, 3);
    prune_values(registry, fixture_moment());
    cr_expect_null(fixture_content(registry, id, 2, &err));
    cr_expect_eq(err.code, ERR_NOT_FOUND);
    cr_expect_eq(strncmp(err.text, "revision 2 was pruned on 20", 27), 0, "%s", err.text);
    cr_expect_not_null(strstr(err.text, "by kim: values are kept for a moment"));
    cr_expect_null(fixture_content(registry, id, 9, &err));
    cr_expect_str_eq(err.text, "there is no revision 9");
    registry_close(registry);
}

Test(prune, a_moment_whose_state_is_gone_is_no_other_state)
{
    struct registry *registry = fixture_open();
    struct registry_view view;
    uint64_t revision = 0;
    struct err err = {0};
    fixture_put(registry, id, 1);
    int64_t first = fixture_moment();
    fixture_set(registry, id, 2);
    int64_t second = fixture_moment();
    fixture_put(registry, id, 3);
    int64_t third = fixture_moment();
    prune_values(registry, third);
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_expect_eq(
        registry_revision_at(&view, REGISTRY_SUBMODEL, id, ID_LEN, first, &revision, NULL), ERR_OK);
    cr_expect_eq(revision, 1);
    cr_expect_eq(
        registry_revision_at(&view, REGISTRY_SUBMODEL, id, ID_LEN, second, &revision, &err),
        ERR_NOT_FOUND);
    cr_expect_not_null(strstr(err.text, "revisions 2 to 2 are gone"), "%s", err.text);
    cr_expect_eq(
        registry_revision_at(&view, REGISTRY_SUBMODEL, id, ID_LEN, third, &revision, NULL), ERR_OK);
    cr_expect_eq(revision, 3);
    registry_view_end(&view);
    registry_close(registry);
}

Test(prune, values_say_from_where_on_they_are_complete)
{
    struct registry *registry = fixture_open();
    struct registry_view view;
    struct arena arena;
    struct registry_values values;
    struct registry_value_filter filter = {.from_ms = INT64_MIN, .to_ms = INT64_MAX, .limit = 100};
    fixture_put(registry, id, 1);
    fixture_set(registry, id, 2);
    fixture_set(registry, id, 3);
    fixture_put(registry, id, 4);
    prune_values(registry, fixture_moment());
    fixture_set(registry, id, 5);
    arena_init(&arena, SIZE_MAX);
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(registry_value_history(&view, &arena, REGISTRY_SUBMODEL, id, ID_LEN, "Speed", 5,
                     &filter, &values, NULL),
        ERR_OK);
    cr_assert_eq(values.count, 3);
    cr_expect_str_eq(values.list[0].value, "5");
    cr_expect_str_eq(values.list[1].value, "4");
    cr_expect_str_eq(values.list[2].value, "1");
    cr_expect_eq(values.since_ms, values.list[1].time_ms);
    filter.from_ms = values.list[0].time_ms;
    cr_assert_eq(registry_value_history(&view, &arena, REGISTRY_SUBMODEL, id, ID_LEN, "Speed", 5,
                     &filter, &values, NULL),
        ERR_OK);
    cr_expect_eq(values.since_ms, INT64_MIN, "of that time, all are there");
    registry_view_end(&view);
    arena_finish(&arena);
    registry_close(registry);
}

Test(prune, annotations_say_what_they_cannot_tell)
{
    struct registry *registry = fixture_open();
    struct registry_view view;
    struct arena arena;
    struct registry_annotation *list = NULL;
    size_t count = 0;
    fixture_put(registry, id, 1);
    fixture_set(registry, id, 2);
    fixture_set(registry, id, 3);
    fixture_put(registry, id, 4);
    prune_values(registry, fixture_moment());
    arena_init(&arena, SIZE_MAX);
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(
        registry_annotate(&view, &arena, REGISTRY_SUBMODEL, id, ID_LEN, 0, &list, &count, NULL),
        ERR_OK);
    cr_assert_gt(count, 2);
    cr_expect_eq(list[0].revision->revision, 1, "the submodel itself");
    cr_expect_eq(list[0].pruned_from, 0);
    cr_expect_str_eq(list[1].path, "Speed");
    cr_expect_eq(list[1].revision->revision, 4);
    cr_expect_eq(list[1].pruned_from, 2, "2, 3 or 4");
    registry_view_end(&view);
    arena_finish(&arena);
    registry_close(registry);
}

Test(prune, the_log_tells_everything_to_those_who_want_it)
{
    struct registry *registry = fixture_open();
    struct registry_view view;
    struct arena arena;
    struct registry_changed *list = NULL;
    size_t count = 0;
    uint64_t next = 0;
    struct registry_change_filter filter = {.kind = (enum registry_kind)0};
    fixture_put(registry, id, 1);
    fixture_set(registry, id, 2);
    fixture_put(registry, id, 3);
    prune_values(registry, fixture_moment());
    arena_init(&arena, SIZE_MAX);
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(registry_changes(&view, &arena, &filter, &list, &count, &next, NULL), ERR_OK);
    cr_assert_eq(count, 3);
    cr_expect_str_eq(list[2].revision.operation, "prune");
    cr_expect_not_null(strstr(list[2].revision.summary, "1 values of before "));
    cr_expect_not_null(strstr(list[2].revision.summary, ": urn:a"));
    filter.with_pruned = true;
    cr_assert_eq(registry_changes(&view, &arena, &filter, &list, &count, &next, NULL), ERR_OK);
    cr_assert_eq(count, 4);
    cr_expect(list[1].pruned);
    cr_expect_eq(list[1].revision.revision, 2);
    registry_view_end(&view);
    arena_finish(&arena);
    registry_close(registry);
}

/* ------------------------------------------------------------------ random edits */

static void edit_often(struct registry *registry, unsigned *seed, int edits)
{
    for (int i = 0; i < edits; i++) {
        int chance = rand_r(seed) % 40;
        if (chance == 0) {
            take_away(registry);
            fixture_put(registry, id, rand_r(seed) % 50);
        } else if (chance < 14) {
            fixture_put(registry, id, 1000 + i);
        } else {
            fixture_set(registry, id, rand_r(seed) % 50);
        }
    }
}

/* A rule written down another way: does a revision (rows[at], newest first) stay? */
static bool must_stay(const struct row *rows, size_t at, int64_t before_ms)
{
    bool first_old = rows[at].time_ms < before_ms && (at == 0 || rows[at - 1].time_ms >= before_ms);
    bool before_deletion = at > 0 && rows[at - 1].deleted;
    return !rows[at].value || rows[at].time_ms >= before_ms || first_old || before_deletion;
}

/* A history of random edits and all that was ever in it. */
static size_t make_history(
    struct registry *registry, unsigned *seed, struct row was[MOST], char *contents[MOST])
{
    fixture_put(registry, id, 7);
    edit_often(registry, seed, 120);
    size_t count = history(registry, was);
    for (size_t i = 0; i < count; i++) {
        contents[i] = fixture_content(registry, id, was[i].revision, NULL);
    }
    return count;
}

static void free_contents(char *const *contents, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(contents[i]);
    }
}

/* What is left is what it was; gives how many revisions that are. */
static size_t check_contents(
    struct registry *registry, const struct row *was, char *const *contents, size_t count)
{
    static struct row left[MOST];
    size_t left_count = history(registry, left);
    for (size_t i = 0, at = 0; i < count && at < left_count; i++) {
        if (was[i].revision != left[at].revision) {
            continue;
        }
        char *now = fixture_content(registry, id, was[i].revision, NULL);
        cr_assert_eq(now == NULL, contents[i] == NULL);
        cr_assert(now == NULL || strcmp(now, contents[i]) == 0);
        free(now);
        at++;
    }
    fixture_verify(registry);
    return left_count;
}

static void check_left(struct registry *registry, const struct row *was, char *const *contents,
    size_t count, int64_t before_ms)
{
    static struct row left[MOST];
    size_t left_count = history(registry, left);
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        bool there = at < left_count && left[at].revision == was[i].revision;
        at += there;
        cr_assert(there || !must_stay(was, i, before_ms), "revision %llu is gone",
            (unsigned long long)was[i].revision);
        if (!there) {
            char *now = fixture_content(registry, id, was[i].revision, NULL);
            cr_assert_null(now);
        }
    }
    cr_assert_eq(at, left_count, "nothing came out of nowhere");
    check_contents(registry, was, contents, count);
}

/* What stays of a history is what it was, whatever was pruned, also when that is done again. */
Test(prune, what_is_left_of_random_edits_is_what_it_was)
{
    static struct row was[MOST];
    static char *contents[MOST];
    struct registry *registry = fixture_open();
    for (unsigned seed = 1; seed <= 4; seed++) {
        unsigned random = seed;
        size_t count = make_history(registry, &random, was, contents);
        int64_t before = was[(size_t)rand_r(&random) % count].time_ms;
        prune_values(registry, before);
        check_left(registry, was, contents, count, before);
        free_contents(contents, count);
    }
    registry_close(registry);
}

Test(prune, what_is_left_of_random_edits_is_what_it_was_when_structure_goes)
{
    static struct row was[MOST];
    static char *contents[MOST];
    struct registry *registry = fixture_open();
    for (unsigned seed = 1; seed <= 6; seed++) {
        unsigned random = seed;
        size_t count = make_history(registry, &random, was, contents);
        int64_t before = was[(size_t)rand_r(&random) % 100].time_ms;
        size_t newer = 0;
        while (newer < count && was[newer].time_ms >= before) {
            newer++;
        }
        prune(registry, &(struct prune_rule){.structure_before_ms = before});
        cr_expect_eq(check_contents(registry, was, contents, count),
            newer + (newer < count ? 1 : 0), "and the state of the moment");
        prune_values(registry, was[newer / 2].time_ms);
        check_contents(registry, was, contents, count);
        free_contents(contents, count);
    }
    registry_close(registry);
}

Test(prune, what_is_left_is_restored_byte_by_byte)
{
    static struct row rows[MOST];
    struct registry *registry = fixture_open();
    unsigned seed = 9;
    enum registry_outcome outcome;
    fixture_put(registry, id, 7);
    edit_often(registry, &seed, 200);
    prune_values(registry, fixture_moment());
    size_t count = history(registry, rows);
    for (size_t i = 0; i < count; i++) {
        char *old = fixture_content(registry, id, rows[i].revision, NULL);
        if (old == NULL) {
            cr_expect(rows[i].deleted);
            continue;
        }
        static struct row now[MOST];
        cr_assert_eq(registry_restore(registry, REGISTRY_SUBMODEL, id, ID_LEN, rows[i].revision,
                         REGISTRY_UPSERT, NULL, NULL, NULL, &outcome, NULL),
            ERR_OK);
        cr_assert_gt(history(registry, now), 0);
        char *restored = fixture_content(registry, id, now[0].revision, NULL);
        cr_assert_str_eq(restored, old);
        free(restored);
        free(old);
    }
    fixture_verify(registry);
    registry_close(registry);
}

/* ------------------------------------------------------------------ the proof */

struct key {
    unsigned char bytes[STORE_MAX_KEY];
    size_t len;
};

static enum err_code lose(struct store_txn *txn, void *context, struct err *err)
{
    const struct key *key = context;
    (void)err;
    return store_delete(txn, STORE_REVISIONS, key->bytes, key->len);
}

static uint64_t problems(struct registry *registry)
{
    struct registry_verification found;
    cr_assert_eq(registry_verify(registry, NULL, NULL, &found, NULL), ERR_OK);
    return found.problems;
}

static struct registry *pruned_registry(void)
{
    struct registry *registry = fixture_open();
    fixture_put(registry, id, 1);
    fixture_set(registry, id, 2);
    fixture_put(registry, id, 3);
    fixture_set(registry, id, 4);
    fixture_set(registry, id, 5);
    prune_values(registry, fixture_moment());
    return registry;
}

/* The key of the row number `at` of the revisions. */
static void find_row(struct registry *registry, size_t at, struct key *key)
{
    struct registry_view view;
    struct store_cursor cursor;
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(store_cursor_open(&view.txn, STORE_REVISIONS, &cursor), ERR_OK);
    cr_assert(store_cursor_seek(&cursor, "", 0));
    for (size_t i = 0; i < at; i++) {
        cr_assert(store_cursor_next(&cursor));
    }
    key->len = cursor.key.len;
    memcpy(key->bytes, cursor.key.bytes, key->len);
    store_cursor_close(&cursor);
    registry_view_end(&view);
}

/* Of a pruned history, no further revision can go, and not what the log says of the pruning. */
Test(prune, what_is_lost_besides_is_found)
{
    enum { LEFT = 5 }; /* 1, 3, 4, 5 and the pruning */
    for (size_t at = 0; at < LEFT; at++) {
        struct key key;
        struct registry *registry = pruned_registry();
        cr_expect_eq(problems(registry), 0);
        find_row(registry, at, &key);
        cr_assert_eq(store_write(registry_store(registry), lose, &key, NULL), ERR_OK);
        cr_expect_gt(problems(registry), 0, "row %zu", at);
        registry_close(registry);
        fixture_stop();
        fixture_start();
    }
}
