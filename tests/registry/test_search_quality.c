/* SPDX-License-Identifier: Apache-2.0 */
/* Judged queries over the published templates and our library; nouns inside Korean compounds. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "templates/library.h"
#include "templates/overlay.h"
#include "tests/registry/registry_fixture.h"
#include "tests/registry/template_fixture.h"
#include "tests/support/corpus.h"

TestSuite(search_quality, .init = fixture_start, .fini = fixture_stop, .timeout = 300);

enum { ROWS_LEAST = 60, COLUMNS = 5 };

static void import_path(const char *path, void *context)
{
    size_t len = 0;
    char *bytes = file_read(path, &len);
    cr_assert_not_null(bytes);
    (void)template_import(context, bytes, len, path, NULL);
    free(bytes);
}

static struct registry *filled(void)
{
    struct registry *registry = fixture_open();
    size_t count = 0;
    const struct library_template *ours = library_templates(&count);
    char *folder = corpus_path("corpus/templates");
    for (size_t i = 0; i < count; i++) {
        cr_assert_eq(
            template_import(registry, ours[i].bytes, ours[i].len, ours[i].name, NULL), ERR_OK);
    }
    cr_assert_gt(files_each(folder, ".json", import_path, registry), 50);
    free(folder);
    return registry;
}

/* The families that come first, each once, with blanks around them. */
static void find(
    struct registry *registry, const char *words, size_t limit, char *families, size_t room)
{
    struct arena arena;
    struct registry_view view;
    struct registry_result result;
    struct err err = {0};
    const struct registry_query query = {
        .words = words, .templates_only = true, .newest_only = true, .limit = limit};
    arena_init(&arena, 1 << 26);
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    cr_assert_eq(registry_search(&view, &arena, &query, &result, &err), ERR_OK, "%s", err.text);
    snprintf(families, room, " ");
    for (size_t i = 0; i < result.count; i++) {
        size_t len = strlen(families);
        snprintf(families + len, room - len, "%s ", result.hits[i].family);
    }
    registry_view_end(&view);
    arena_finish(&arena);
}

/* True when all the families of a row are among those found. */
static bool holds(const char *found, char *expected)
{
    char *rest = NULL;
    for (char *family = strtok_r(expected, " ", &rest); family != NULL;
         family = strtok_r(NULL, " ", &rest)) {
        char wanted[200];
        snprintf(wanted, sizeof wanted, " %s ", family);
        if (strstr(found, wanted) == NULL) {
            return false;
        }
    }
    return true;
}

static void judge_row(struct registry *registry, char *line, size_t counts[2][2])
{
    char *columns[COLUMNS];
    char *rest = line;
    for (size_t i = 0; i < COLUMNS; i++) {
        columns[i] = strsep(&rest, "|");
        cr_assert_not_null(columns[i], "%s", line);
    }
    char found[2000];
    char expected[300];
    bool must = strcmp(columns[1], "must") == 0;
    snprintf(expected, sizeof expected, "%s", columns[4]);
    find(registry, columns[3], strtoul(columns[2], NULL, 10), found, sizeof found);
    bool held = holds(found, columns[4]);
    counts[must][held]++;
    cr_expect(held || !must, "%s \"%s\" found%s, not %s", columns[0], columns[3], found, expected);
}

Test(search_quality, judged_queries_find_what_they_must)
{
    NEED_CORPUS();
    size_t len = 0;
    size_t counts[2][2] = {{0}};
    struct registry *registry = filled();
    char *text = file_read(JIG_SOURCE "/tests/registry/judged_queries.txt", &len);
    cr_assert_not_null(text);
    char *rest = text;
    for (char *line = strsep(&rest, "\n"); line != NULL; line = strsep(&rest, "\n")) {
        if (line[0] != '#' && line[0] != '\0') {
            judge_row(registry, line, counts);
        }
    }
    printf("judged queries: %zu of %zu that must hold, %zu of %zu that should\n", counts[1][1],
        counts[1][0] + counts[1][1], counts[0][1], counts[0][0] + counts[0][1]);
    cr_assert_geq(counts[0][0] + counts[0][1] + counts[1][0] + counts[1][1], ROWS_LEAST);
    free(text);
    registry_close(registry);
}

static const char *const compounds[] = {"주축온도센서", "금형온도조절기", "유압실린더압력센서",
    "용접전류제어장치", "열처리로온도분포", "사출성형기스크루", "공작기계주축", "절삭유공급장치",
    "품질검사성적서", "이산화탄소배출량", "예지보전시스템", "생산일정계획", "자재명세서관리",
    "디지털명판정보", "설비고장이력", "냉각수유량계", "서보모터토크", "베어링진동신호",
    "온도 도센서", "주축 온도"};
static const char *const nouns[] = {"온도", "센서", "주축", "금형", "압력", "유압", "용접", "전류",
    "제어", "장치", "열처리", "사출", "성형기", "스크루", "기계", "절삭유", "공급", "검사",
    "성적서", "탄소", "이산화탄소", "배출량", "보전", "예지보전", "일정", "명세서", "명판", "고장",
    "이력", "유량계", "냉각수", "모터", "서보모터", "토크", "베어링", "진동", "신호", "온도센서",
    "축온도", "공작기계", "로", "도", "없는말"};

Test(search_quality, korean_nouns_inside_of_compounds_are_all_found_and_nothing_else)
{
    enum { COMPOUNDS = sizeof compounds / sizeof *compounds };
    struct registry *registry = fixture_open();
    struct arena arena;
    struct registry_view view;
    size_t found = 0;
    arena_init(&arena, 1 << 26);
    for (size_t i = 0; i < COMPOUNDS; i++) {
        char json[1000];
        char id[32];
        snprintf(id, sizeof id, "urn:%zu", i);
        snprintf(json, sizeof json,
            "{\"modelType\":\"Submodel\",\"idShort\":\"Sm\",\"id\":\"%s\",\"description\":[{"
            "\"language\":\"ko\",\"text\":\"%s\"}]}",
            id, compounds[i]);
        cr_assert_eq(fixture_write(registry, REGISTRY_CREATE, NULL, json, NULL), ERR_OK);
    }
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    for (size_t n = 0; n < sizeof nouns / sizeof *nouns; n++) {
        struct registry_result result;
        const struct registry_query query = {.words = nouns[n], .limit = COMPOUNDS};
        size_t naive = 0;
        for (size_t i = 0; i < COMPOUNDS; i++) {
            naive += strstr(compounds[i], nouns[n]) != NULL;
        }
        cr_assert_eq(registry_search(&view, &arena, &query, &result, NULL), ERR_OK);
        cr_expect_eq(result.total, naive, "%s: %zu, not %zu", nouns[n], result.total, naive);
        for (size_t i = 0; i < result.count; i++) {
            size_t at = strtoul(result.hits[i].id + 4, NULL, 10);
            cr_expect_not_null(
                strstr(compounds[at], nouns[n]), "%s in %s", nouns[n], compounds[at]);
        }
        found += result.total;
    }
    cr_expect_gt(found, 50);
    registry_view_end(&view);
    arena_finish(&arena);
    registry_close(registry);
}

/* ------------------------------------------------------------------ every noun there is */

enum { NOUNS_MOST = 2000, NOUN_ROOM = 100 };

struct noun_list {
    char list[NOUNS_MOST][NOUN_ROOM];
    size_t count;
};

/* U+AC00 to U+D7A3, and what else begins with these bytes. */
static bool is_hangul(const char *at)
{
    unsigned char first = (unsigned char)at[0];
    return first >= 0xEA && first <= 0xED && at[1] != '\0' && at[2] != '\0';
}

/* Each run of Korean letters of a text, once. */
static void add_nouns(struct noun_list *to, const char *text)
{
    while (*text != '\0') {
        size_t len = 0;
        while (is_hangul(text + len)) {
            len += 3;
        }
        bool known = len == 0 || len >= NOUN_ROOM;
        for (size_t i = 0; i < to->count && !known; i++) {
            known = strlen(to->list[i]) == len && memcmp(to->list[i], text, len) == 0;
        }
        if (!known) {
            cr_assert_lt(to->count, (size_t)NOUNS_MOST);
            memcpy(to->list[to->count], text, len);
            to->list[to->count++][len] = '\0';
        }
        text += len > 0 ? len : 1;
    }
}

static void collect_nouns(struct noun_list *to)
{
    size_t count = 0;
    const struct overlay_node *nodes = overlay_nodes(&count);
    for (size_t i = 0; i < count; i++) {
        add_nouns(to, nodes[i].names[0]);
    }
    const struct overlay_family *families = overlay_families(&count);
    for (size_t i = 0; i < count; i++) {
        add_nouns(to, families[i].name);
        add_nouns(to, families[i].words);
    }
    const struct library_template *ours = library_templates(&count);
    for (size_t i = 0; i < count; i++) {
        char *text = strndup(ours[i].bytes, ours[i].len);
        cr_assert_not_null(text);
        add_nouns(to, text);
        free(text);
    }
}

/* Texts in which each noun stands behind, before and apart from others. */
static void make_text(const struct noun_list *all, size_t number, char text[4 * NOUN_ROOM])
{
    size_t count = all->count;
    snprintf(text, 4 * NOUN_ROOM, "%s%s %s의 %s", all->list[number],
        all->list[(number * 7 + 3) % count], all->list[(number * 13 + 5) % count],
        all->list[(number * 29 + 11) % count]);
}

static void write_texts(struct registry *registry, const struct noun_list *all)
{
    for (size_t i = 0; i < all->count; i++) {
        char text[4 * NOUN_ROOM];
        char json[1000];
        make_text(all, i, text);
        snprintf(json, sizeof json,
            "{\"modelType\":\"Submodel\",\"idShort\":\"Sm\",\"id\":\"urn:%zu\",\"description\":[{"
            "\"language\":\"ko\",\"text\":\"%s\"}]}",
            i, text);
        cr_assert_eq(fixture_write(registry, REGISTRY_CREATE, NULL, json, NULL), ERR_OK);
    }
}

Test(search_quality, every_korean_noun_of_overlay_and_library_is_found_wherever_it_stands)
{
    static struct noun_list all;
    struct registry *registry = fixture_open();
    struct registry_view view;
    collect_nouns(&all);
    cr_assert_gt(all.count, 400);
    write_texts(registry, &all);
    cr_assert_eq(registry_view_begin(registry, &view, NULL), ERR_OK);
    for (size_t n = 0; n < all.count; n++) {
        struct arena arena;
        struct registry_result result;
        const struct registry_query query = {.words = all.list[n], .limit = NOUNS_MOST};
        size_t naive = 0;
        arena_init(&arena, 1 << 26);
        cr_assert_eq(registry_search(&view, &arena, &query, &result, NULL), ERR_OK);
        for (size_t i = 0; i < all.count; i++) {
            char text[4 * NOUN_ROOM];
            make_text(&all, i, text);
            naive += strstr(text, all.list[n]) != NULL;
        }
        cr_expect_eq(result.total, naive, "%s: %zu, not %zu", all.list[n], result.total, naive);
        for (size_t i = 0; i < result.count; i++) {
            char text[4 * NOUN_ROOM];
            make_text(&all, strtoul(result.hits[i].id + 4, NULL, 10), text);
            cr_expect_not_null(strstr(text, all.list[n]), "%s in %s", all.list[n], text);
        }
        arena_finish(&arena);
    }
    registry_view_end(&view);
    registry_close(registry);
}
