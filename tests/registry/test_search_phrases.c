/* SPDX-License-Identifier: Apache-2.0 */
/* Phrases: what stands beside each other in one text, by the index and by looking at all texts. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "registry/search_phrases.h"
#include "registry/search_record.h"
#include "registry/verify.h"
#include "tests/registry/registry_fixture.h"

TestSuite(search_phrases, .init = fixture_start, .fini = fixture_stop, .timeout = 300);

/* ------------------------------------------------------------------ few documents */

enum { TEXT_ROOM = 400, IDS_ROOM = 64 };

/* What the tests write of a submodel; a text without words is a sign. */
struct texts {
    const char *language;
    char name[TEXT_ROOM];
    char description[TEXT_ROOM];
    char element[TEXT_ROOM]; /* the description of one */
};

static void put(struct registry *registry, unsigned number, const struct texts *texts)
{
    char json[FIXTURE_JSON];
    struct err err = {0};
    snprintf(json, sizeof json,
        "{\"modelType\":\"Submodel\",\"id\":\"urn:%u\",\"displayName\":[{\"language\":\"%s\","
        "\"text\":\"%s\"}],\"description\":[{\"language\":\"%s\",\"text\":\"%s\"}],"
        "\"submodelElements\":[{\"modelType\":\"Capability\",\"idShort\":\"Can\",\"description\":[{"
        "\"language\":\"en\",\"text\":\"%s\"}]}]}",
        number, texts->language, texts->name, texts->language, texts->description, texts->element);
    cr_assert_eq(
        fixture_write(registry, REGISTRY_UPSERT, NULL, json, &err), ERR_OK, "%s", err.text);
}

static void put_all(struct registry *registry, const struct texts *all, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        put(registry, (unsigned)i, &all[i]);
    }
}

/* The numbers of what is found, sorted, as one digit each. */
static void find(struct registry *registry, const char *words, char digits[IDS_ROOM])
{
    struct arena arena;
    struct registry_result result;
    const struct registry_query query = {.words = words, .limit = IDS_ROOM};
    size_t count = 0;
    arena_init(&arena, 1 << 24);
    fixture_search(registry, &arena, &query, &result);
    for (char digit = '0'; digit <= '9'; digit++) {
        for (size_t i = 0; i < result.count; i++) {
            if (result.hits[i].id[4] == digit) {
                digits[count++] = digit;
            }
        }
    }
    digits[count] = '\0';
    arena_finish(&arena);
}

struct found {
    const char *words;
    const char *digits;
};

static void expect_found(struct registry *registry, const struct found *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char digits[IDS_ROOM];
        find(registry, rows[i].words, digits);
        cr_expect_str_eq(
            digits, rows[i].digits, "%s: %s, not %s", rows[i].words, digits, rows[i].digits);
    }
}
#define EXPECT_FOUND(registry, rows) expect_found(registry, rows, sizeof rows / sizeof *rows)
#define PUT_ALL(registry, all) put_all(registry, all, sizeof all / sizeof *all)

Test(search_phrases, stand_in_one_text)
{
    static const struct texts all[] = {
        {"en", "spindle motor", "of the machine", "."},
        {"en", "spindle", "motor of the machine", "."},
        {"en", "press", "wear of a spindle", "motor of a press"},
        {"en", "motor", "motor spindle motor", "."},
    };
    static const struct found rows[] = {
        {"\"spindle motor\"", "03"},
        {"\"motor of\"", "12"},
        {"\"spindle motor of\"", ""},
        {"\"motor of the machine\"", "1"},
        {"\"of the machine\"", "01"},
        {"\"machine press\"", ""},
        {"spindle motor", "0123"},
    };
    struct registry *registry = fixture_open();
    PUT_ALL(registry, all);
    EXPECT_FOUND(registry, rows);
    fixture_verify(registry);
    registry_close(registry);
}

Test(search_phrases, may_have_a_word_several_times)
{
    static const struct texts all[] = {
        {"en", "pump", "a pump and a pump", "."},
        {"en", "pump pump", "valve", "."},
        {"en", "a", "pump pump pump", "."},
        {"en", "b", "pump valve pump pump", "."},
        {"en", "c", "pump pump valve pump", "."},
    };
    static const struct found rows[] = {
        {"\"pump pump\"", "1234"},
        {"\"pump pump pump\"", "2"},
        {"\"pump pump pump pump\"", ""},
        {"\"pump valve pump\"", "34"},
        {"\"pump pump valve pump\"", "4"},
        {"\"pump valve pump pump\"", "3"},
        {"\"pump and a pump\"", "0"},
    };
    struct registry *registry = fixture_open();
    PUT_ALL(registry, all);
    EXPECT_FOUND(registry, rows);
    registry_close(registry);
}

Test(search_phrases, may_be_in_several_languages_at_once)
{
    static const struct texts all[] = {
        {"ko", "주축온도센서", "주축 온도 측정", "."},
        {"de", "Spindel 온도", "Temperatur der Spindel, 주축 temperature", "."},
        {"en", "spindle temperature", "주축 온도", "Prüfung der 주축온도 sensor"},
        {"ko", "온도 주축", "센서 온도", "."},
    };
    static const struct found rows[] = {
        {"온도", "0123"},
        {"주축온도센서", "0"},
        {"주축온도", "02"},
        {"\"주축 온도\"", "02"},
        {"\"주축 temperature\"", "1"},
        {"\"Spindel 온도\"", "1"},
        {"\"der 주축온도 sensor\"", "2"},
        {"\"der 주축온도\"", "2"},
        {"\"Prüfung der 주축온도 sensoren\"", "2"},
        {"\"온도 센서\"", ""},
        {"\"센서 온도\"", "3"},
        {"\"온도 측정\"", "0"},
        {"\"temperature 주축\"", ""},
    };
    struct registry *registry = fixture_open();
    PUT_ALL(registry, all);
    EXPECT_FOUND(registry, rows);
    registry_close(registry);
}

Test(search_phrases, are_asked_for_somewhere_and_must_not_occur)
{
    static const struct texts all[] = {
        {"en", "spindle motor", "spindle motor of the press", "."},
        {"en", "spindle motor", "motor and spindle", "."},
        {"en", "motor and spindle", "spindle motor of the press", "."},
        {"en", "motor and spindle", "motor and spindle", "the spindle motor"},
        {"en", "press", "spindle", "motor"},
    };
    static const struct found rows[] = {
        {"name:\"spindle motor\"", "01"},
        {"description:\"spindle motor\"", "023"},
        {"idShort:\"spindle motor\"", ""},
        {"description:\"spindle motor of\"", "02"},
        {"description:\"motor of the press\"", "02"},
        {"name:\"motor of the press\"", ""},
        {"spindle -\"spindle motor\"", "4"},
        {"spindle -name:\"spindle motor\"", "234"},
        {"spindle -description:\"spindle motor\"", "14"},
        {"spindle -\"motor of the\"", "134"},
        {"spindle -\"motor of the press\"", "134"},
        {"\"spindle motor\" -\"motor and spindle\"", "0"},
        {"\"motor and spindle\" name:\"spindle motor\"", "1"},
        {"-\"spindle motor\" -\"press\"", ""},
        {"-\"motor and spindle\"", "04"},
    };
    struct registry *registry = fixture_open();
    PUT_ALL(registry, all);
    EXPECT_FOUND(registry, rows);
    registry_close(registry);
}

Test(search_phrases, change_with_the_text_and_go_with_the_document)
{
    static const struct texts all[] = {
        {"en", "spindle motor", ".", "."}, {"en", "spindle motor", "motor spindle", "."}};
    static const struct texts other = {"en", "motor spindle", ".", "."};
    static const struct found first[] = {{"\"spindle motor\"", "01"}, {"\"motor spindle\"", "1"}};
    static const struct found second[] = {{"\"spindle motor\"", "1"}, {"\"motor spindle\"", "01"}};
    static const struct found third[] = {{"\"spindle motor\"", ""}, {"\"motor spindle\"", "0"}};
    struct registry *registry = fixture_open();
    PUT_ALL(registry, all);
    EXPECT_FOUND(registry, first);
    put(registry, 0, &other);
    EXPECT_FOUND(registry, second);
    cr_assert_eq(fixture_write(registry, REGISTRY_DELETE, "urn:1", NULL, NULL), ERR_OK);
    EXPECT_FOUND(registry, third);
    fixture_verify(registry);
    cr_assert_eq(fixture_write(registry, REGISTRY_DELETE, "urn:0", NULL, NULL), ERR_OK);
    fixture_verify(registry);
    registry_close(registry);
}

/* ------------------------------------------------------------------ too much to be listed */

enum { MANY_WORDS = 2 * PHRASES_LISTED, IN_ONE_TEXT = 150 };

/* Elements with waaa waab waac …, none of them twice. */
static void put_long(struct registry *registry, unsigned number, unsigned words)
{
    struct buf json;
    struct err err = {0};
    buf_init(&json, 1 << 20);
    buf_printf(
        &json, "{\"modelType\":\"Submodel\",\"id\":\"urn:%u\",\"submodelElements\":[", number);
    for (unsigned i = 0; i < words; i++) {
        if (i % IN_ONE_TEXT == 0) {
            buf_printf(&json,
                "%s{\"modelType\":\"Capability\",\"idShort\":\"E%u\",\"description\":[{"
                "\"language\":\"en\",\"text\":\"spindle motor",
                i == 0 ? "" : "\"}]},", i);
        }
        buf_printf(&json, " w%c%c%c", 'a' + i / 676, 'a' + i / 26 % 26, 'a' + i % 26);
    }
    buf_add_text(&json, "\"}]}]}");
    cr_assert_eq(fixture_write(registry, REGISTRY_UPSERT, NULL, buf_text(&json), &err), ERR_OK,
        "%s", err.text);
    buf_finish(&json);
}

Test(search_phrases, of_documents_with_too_many_of_them_are_found_all_the_same)
{
    static const struct found rows[] = {
        {"\"spindle motor\"", "01"},
        {"\"motor waaa waab\"", "1"},
        {"\"waaa waac\"", ""},
        {"\"wbbx wbby\"", "1"},
        {"\"wbbx wbby wbbz wbca wbcb\"", "1"},
        {"\"waab wbby wbbz\"", ""},
        {"spindle -\"wbbx wbby\"", "02"},
        {"spindle -\"wbby wbbx\"", "012"},
        {"description:\"wbbx wbby\"", "1"},
        {"name:\"wbbx wbby\"", ""},
    };
    static const struct found shorter[] = {
        {"\"spindle motor\"", "01"}, {"\"wbbx wbby\"", ""}, {"\"waaa waab\"", "1"}};
    static const struct texts small = {"en", "spindle motor", ".", "."};
    static const struct texts other = {"en", "spindle press", "motor", "."};
    struct registry *registry = fixture_open();
    put(registry, 0, &small);
    put(registry, 2, &other);
    put_long(registry, 1, MANY_WORDS);
    EXPECT_FOUND(registry, rows);
    fixture_verify(registry);
    put_long(registry, 1, 3);
    EXPECT_FOUND(registry, shorter);
    fixture_verify(registry);
    registry_close(registry);
}

/* ------------------------------------------------------------------ older and damaged stores */

static enum err_code clear(struct store_txn *txn, enum store_table table)
{
    struct store_cursor cursor;
    for (bool more = true; more;) {
        struct store_key key;
        enum err_code code = store_cursor_open(txn, table, &cursor);
        more = code == ERR_OK && store_cursor_seek(&cursor, "", 0);
        key_start(&key);
        key_add(&key, cursor.key.bytes, more ? cursor.key.len : 0);
        store_cursor_close(&cursor);
        code = more ? store_delete(txn, table, key.bytes, key.len) : code;
        if (code != ERR_OK) {
            return code;
        }
    }
    return ERR_OK;
}

/* The store as format 4 had it. */
static enum err_code make_old(struct store_txn *txn, void *context, struct err *err)
{
    unsigned char format[8];
    (void)context;
    (void)err;
    enum err_code code = clear(txn, STORE_PHRASES);
    if (code == ERR_OK) {
        code = clear(txn, STORE_NAMES);
    }
    value_set_u64(format, 4);
    return code == ERR_OK ? store_put(txn, STORE_META, "format", 6, format, sizeof format) : code;
}

Test(search_phrases, of_an_older_store_are_listed_when_it_is_opened)
{
    enum { MANY = 300 }; /* more than one transaction brings up to date */
    static const struct texts texts = {"en", "spindle motor", "of the press", "."};
    struct registry *registry = fixture_open();
    struct arena arena;
    struct registry_result result;
    const struct registry_query query = {.words = "\"spindle motor\" \"of the press\""};
    arena_init(&arena, 1 << 24);
    for (unsigned i = 0; i < MANY; i++) {
        put(registry, i, &texts);
    }
    cr_assert_eq(store_write(registry_store(registry), make_old, NULL, NULL), ERR_OK);
    fixture_search(registry, &arena, &query, &result);
    cr_expect_eq(result.total, 0);
    registry_close(registry);
    registry = fixture_open();
    fixture_search(registry, &arena, &query, &result);
    cr_expect_eq(result.total, MANY);
    fixture_verify(registry);
    arena_finish(&arena);
    registry_close(registry);
}

/* A bit of the only row the other way round. */
static enum err_code flip(struct store_txn *txn, void *context, struct err *err)
{
    static const unsigned char row[8];
    struct store_bytes value;
    (void)err;
    enum err_code code = store_get(txn, STORE_PHRASES, row, sizeof row, &value);
    if (code != ERR_OK) {
        return code;
    }
    size_t bit = *(const size_t *)context;
    unsigned char *copy = malloc(value.len);
    memcpy(copy, value.bytes, value.len);
    copy[bit / 8 % value.len] ^= (unsigned char)(1u << bit % 8);
    code = store_put(txn, STORE_PHRASES, row, sizeof row, copy, value.len);
    free(copy);
    return code;
}

Test(search_phrases, that_are_not_listed_as_they_stand_in_the_texts_are_noticed)
{
    static const struct texts texts = {"en", "spindle motor", "of the press", "."};
    struct registry *registry = fixture_open();
    put(registry, 0, &texts);
    for (size_t bit = 0; bit < 8 * 64; bit += 37) {
        struct registry_verification found = {0};
        cr_assert_eq(store_write(registry_store(registry), flip, &bit, NULL), ERR_OK);
        cr_assert_eq(registry_verify(registry, NULL, NULL, &found, NULL), ERR_OK);
        cr_expect_gt(found.problems, 0, "bit %zu", bit);
        cr_assert_eq(store_write(registry_store(registry), flip, &bit, NULL), ERR_OK);
        fixture_verify(registry);
    }
    registry_close(registry);
}

/* ------------------------------------------------------------------ against all texts */

enum {
    THINGS = 3 * PHRASES_DOCUMENTS + 7,
    CHANGES = 90,
    QUESTIONS = 700,
    WORDS_MOST = 7,
    TOKENS_MOST = 64,
    ATTRIBUTES = 5,
};

static const char *const vocabulary[] = {"pump", "motor", "pump", "Spindel", "Öl", "주축", "온도",
    "주축온도", "센서", "speedMax", "a1", "das", "유량", "고"};
enum { VOCABULARY = sizeof vocabulary / sizeof *vocabulary };

struct random_thing {
    bool there;
    struct texts texts;
};

static void add_words(char *text, unsigned least, unsigned most, unsigned *random)
{
    unsigned words = least + (unsigned)rand_r(random) % (most - least + 1);
    text[0] = '\0';
    for (unsigned i = 0; i < words; i++) {
        strcat(text, i == 0 ? "" : " ");
        strcat(text, vocabulary[(unsigned)rand_r(random) % VOCABULARY]);
    }
}

static void make_thing(struct random_thing *thing, unsigned *random)
{
    thing->there = true;
    thing->texts.language = rand_r(random) % 2 == 0 ? "ko" : "en";
    add_words(thing->texts.name, 1, WORDS_MOST, random);
    add_words(thing->texts.description, 1, WORDS_MOST, random);
    add_words(thing->texts.element, 1, WORDS_MOST, random);
}

/* Terms as one text, " term term ". */
static void take_term(void *context, const char *term, size_t len)
{
    struct buf *to = context;
    buf_add(to, term, len);
    buf_add_char(to, ' ');
}

static void read_terms(const char *text, struct buf *to)
{
    const struct search_sink sink = {.term = take_term, .context = to};
    buf_clear(to);
    buf_add_char(to, ' ');
    search_text_query(text, strlen(text), &sink);
    buf_add_char(to, '\0');
}

/* True when the terms stand beside each other in one of the texts. */
static bool stands_in(const char *phrase, const char *const *texts, size_t count)
{
    bool stands = false;
    struct buf wanted;
    struct buf own;
    buf_init(&wanted, 1 << 16);
    buf_init(&own, 1 << 16);
    read_terms(phrase, &wanted);
    for (size_t i = 0; i < count && !stands; i++) {
        read_terms(texts[i], &own);
        stands = strstr(own.bytes, wanted.bytes) != NULL;
    }
    buf_finish(&wanted);
    buf_finish(&own);
    return stands;
}

/* True when every Korean run of three syllables and more stands in a run of one of the texts. */
static bool has_runs(char *phrase, const char *const *texts, size_t count)
{
    enum { SYLLABLE = 3 };
    char *rest = NULL;
    bool has = true;
    for (char *word = strtok_r(phrase, " ", &rest); word != NULL;
         word = strtok_r(NULL, " ", &rest)) {
        bool run = (unsigned char)word[0] >= 0xE0 && strlen(word) >= SEARCH_PHRASE * SYLLABLE;
        bool found = !run;
        for (size_t i = 0; i < count && !found; i++) {
            found = strstr(texts[i], word) != NULL;
        }
        has = has && found;
    }
    return has;
}

/* "주축온도" of "주축 온도" */
static void join(const char *text, char *joined)
{
    for (; *text != '\0'; text++) {
        if (*text != ' ') {
            *joined++ = *text;
        }
    }
    *joined = '\0';
}

static bool has_phrase(const struct texts *texts, const char *field, const char *phrase)
{
    const char *in[ATTRIBUTES];
    char joined[TEXT_ROOM];
    char words[TEXT_ROOM];
    size_t count = 0;
    if (strcmp(field, "description:") != 0) {
        in[count++] = texts->name;
        if (strcmp(texts->language, "ko") == 0 && strchr(texts->name, ' ') != NULL) {
            join(texts->name, joined);
            in[count++] = joined;
        }
    }
    if (strcmp(field, "name:") != 0) {
        in[count++] = texts->description;
        in[count++] = texts->element;
    }
    snprintf(words, sizeof words, "%s", phrase);
    return stands_in(phrase, in, count) && has_runs(words, in, count);
}

/* A phrase: as often as not one that stands somewhere. */
static void make_phrase(const struct random_thing *things, char *phrase, unsigned *random)
{
    char words[TEXT_ROOM];
    add_words(phrase, 2, 4, random);
    const struct random_thing *thing = &things[(unsigned)rand_r(random) % THINGS];
    if (!thing->there || rand_r(random) % 2 == 0) {
        return;
    }
    snprintf(words, sizeof words, "%s",
        rand_r(random) % 2 == 0 ? thing->texts.name : thing->texts.description);
    size_t from = (unsigned)rand_r(random) % 3;
    size_t most = 2 + (unsigned)rand_r(random) % 4;
    char *rest = NULL;
    size_t at = 0;
    phrase[0] = '\0';
    for (char *word = strtok_r(words, " ", &rest); word != NULL;
         word = strtok_r(NULL, " ", &rest)) {
        if (at >= from && at < from + most) {
            strcat(phrase, phrase[0] == '\0' ? "" : " ");
            strcat(phrase, word);
        }
        at++;
    }
    if (strchr(phrase, ' ') == NULL) {
        add_words(phrase, 2, 2, random);
    }
}

static void expect_same(struct registry *registry, const struct random_thing *things,
    const struct registry_query *query, const char *field, const char *phrase)
{
    struct arena arena;
    struct registry_result result;
    bool found[THINGS] = {false};
    bool without = query->words[0] == '-';
    size_t expected = 0;
    arena_init(&arena, 1 << 24);
    fixture_search(registry, &arena, query, &result);
    for (size_t i = 0; i < result.count; i++) {
        found[atoi(result.hits[i].id + 4)] = true;
    }
    for (size_t i = 0; i < THINGS; i++) {
        bool wanted = things[i].there && has_phrase(&things[i].texts, field, phrase) != without;
        expected += wanted;
        cr_expect_eq(found[i], wanted, "%s: %zu has %s | %s | %s", query->words, i,
            things[i].texts.name, things[i].texts.description, things[i].texts.element);
    }
    cr_expect_eq(result.total, expected, "%s", query->words);
    arena_finish(&arena);
}

static void ask_anything(
    struct registry *registry, const struct random_thing *things, unsigned *random)
{
    static const char *const fields[] = {"", "", "name:", "description:"};
    char phrase[TEXT_ROOM];
    char words[TEXT_ROOM + 20];
    const char *field = fields[rand_r(random) % 4];
    make_phrase(things, phrase, random);
    snprintf(words, sizeof words, "%s%s\"%s\"", rand_r(random) % 4 == 0 ? "-" : "", field, phrase);
    const struct registry_query query = {.words = words,
        .limit = THINGS,
        .with_facets = rand_r(random) % 2 == 0,
        .sort = (enum registry_sort)(rand_r(random) % 3)};
    expect_same(registry, things, &query, field, phrase);
}

Test(search_phrases, are_those_that_stand_in_the_texts_whatever_was_changed)
{
    static struct random_thing things[THINGS];
    struct registry *registry = fixture_open();
    unsigned random = 5;
    for (unsigned i = 0; i < THINGS; i++) {
        make_thing(&things[i], &random);
        put(registry, i, &things[i].texts);
    }
    for (unsigned i = 0; i < CHANGES; i++) {
        unsigned at = (unsigned)rand_r(&random) % THINGS;
        char id[20];
        snprintf(id, sizeof id, "urn:%u", at);
        if (things[at].there && i % 3 == 0) {
            cr_assert_eq(fixture_write(registry, REGISTRY_DELETE, id, NULL, NULL), ERR_OK);
            things[at].there = false;
            continue;
        }
        make_thing(&things[at], &random);
        put(registry, at, &things[at].texts);
    }
    fixture_verify(registry);
    for (unsigned i = 0; i < QUESTIONS; i++) {
        ask_anything(registry, things, &random);
    }
    registry_close(registry);
}
