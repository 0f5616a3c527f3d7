/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/bench_data.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "registry/bench_words.h"

#define COUNT_OF(table) (sizeof(table) / sizeof *(table))

enum {
    PROPERTIES_LEAST = 4,
    PROPERTIES_MOST = 8,
    TEXT_ROOM = 600,
    NAME_ROOM = 120,
    MAKES = 3000,
    MODEL_LETTERS = 17576, /* 26³ */
};

static const char *const tags[] = {"en", "ko", "de"};

/* ------------------------------------------------------------------ chance */

struct chance {
    uint64_t state;
};

/* splitmix64: any start is as good as another. */
static uint64_t chance_next(struct chance *chance)
{
    uint64_t z = chance->state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

static struct chance chance_of(uint64_t seed, uint64_t number, uint64_t purpose)
{
    struct chance chance = {seed * UINT64_C(0x2545F4914F6CDD1D) + purpose};
    chance.state = chance_next(&chance) + number;
    chance.state = chance_next(&chance);
    return chance;
}

static size_t below(struct chance *chance, size_t count)
{
    return (size_t)(chance_next(chance) % count);
}

/* Small numbers are frequent: the square of an even one. */
static size_t rather_low(struct chance *chance, size_t count)
{
    uint64_t even = chance_next(chance) >> 32;
    return (size_t)(((even * even >> 32) * count) >> 32);
}

/* ------------------------------------------------------------------ what a text is about */

struct property {
    size_t component;
    size_t quantity;
};

/* A family, or the text that is being made for it. */
struct theme {
    size_t equipment;
    size_t aspect;
    size_t process;
    size_t make;
    size_t site;
    unsigned model;
    struct property properties[PROPERTIES_MOST];
    size_t property_count;
};

static struct property choose_property(struct chance *chance)
{
    size_t component = rather_low(chance, COUNT_OF(components));
    return (struct property){component, rather_low(chance, COUNT_OF(quantities))};
}

static bool has_property(const struct theme *theme, struct property property)
{
    for (size_t i = 0; i < theme->property_count; i++) {
        if (theme->properties[i].component == property.component &&
            theme->properties[i].quantity == property.quantity) {
            return true;
        }
    }
    return false;
}

static struct theme theme_of(uint64_t seed, uint64_t family)
{
    struct chance chance = chance_of(seed, family, 1);
    struct theme theme = {.equipment = rather_low(&chance, COUNT_OF(equipment))};
    theme.aspect = rather_low(&chance, COUNT_OF(aspects));
    theme.process = rather_low(&chance, COUNT_OF(processes));
    theme.make = rather_low(&chance, MAKES);
    theme.site = below(&chance, COUNT_OF(sites));
    theme.model = (unsigned)below(&chance, (size_t)MODEL_LETTERS * 1000);
    size_t wanted = PROPERTIES_LEAST + below(&chance, PROPERTIES_MOST - PROPERTIES_LEAST + 1);
    while (theme.property_count < wanted) {
        struct property property = choose_property(&chance);
        if (!has_property(&theme, property)) {
            theme.properties[theme.property_count++] = property;
        }
    }
    return theme;
}

/* ------------------------------------------------------------------ words */

/* "Bakori", "바코리" */
static void add_make(struct buf *to, size_t make, enum bench_language language)
{
    enum bench_language script = language == BENCH_KO ? BENCH_KO : BENCH_EN;
    size_t at = make + COUNT_OF(syllables) * COUNT_OF(syllables);
    bool first = true;
    for (; at > 0; at /= COUNT_OF(syllables), first = false) {
        const char *syllable = syllables[at % COUNT_OF(syllables)][script];
        bool upper = first && script == BENCH_EN;
        buf_add_char(to, upper ? (char)(syllable[0] - 'a' + 'A') : syllable[0]);
        buf_add_text(to, syllable + 1);
    }
}

/* "KTX-204" */
static void add_model(struct buf *to, unsigned model)
{
    unsigned letters = model / 1000;
    buf_printf(to, "%c%c%c-%03u", 'A' + letters % 26, 'A' + letters / 26 % 26,
        'A' + letters / 676 % 26, model % 1000);
}

/* "spindle temperature", "Spindeltemperatur"; Korean is written with the blank or without. */
static void add_property(
    struct buf *to, struct property property, enum bench_language language, bool joined)
{
    buf_add_text(to, components[property.component][language]);
    if (language == BENCH_EN || (language == BENCH_KO && !joined)) {
        buf_add_char(to, ' ');
    }
    buf_add_text(to, quantities[property.quantity][language]);
}

static void add_slot(struct buf *to, char slot, const struct theme *theme, const size_t chosen[2],
    enum bench_language language, bool joined)
{
    switch (slot) {
    case 'E':
        buf_add_text(to, equipment[theme->equipment][language]);
        break;
    case 'A':
        buf_add_text(to, aspects[theme->aspect][language]);
        break;
    case 'P':
        buf_add_text(to, processes[theme->process][language]);
        break;
    case 'S':
        buf_add_text(to, sites[theme->site][language]);
        break;
    case 'M':
        add_make(to, theme->make, language);
        break;
    case 'N':
        add_model(to, theme->model);
        break;
    default:
        add_property(to, theme->properties[chosen[slot - '1']], language, joined);
    }
}

static void add_sentence(struct buf *to, const char *sentence, const struct theme *theme,
    const size_t chosen[2], enum bench_language language, bool joined)
{
    for (const char *at = sentence; *at != '\0'; at++) {
        if (*at == '{' && at[2] == '}') {
            add_slot(to, at[1], theme, chosen, language, joined);
            at += 2;
        } else {
            buf_add_char(to, *at);
        }
    }
}

/* ------------------------------------------------------------------ JSON */

static void add_string(struct buf *to, const struct buf *text)
{
    buf_add_json_string(to, text->bytes, text->len);
}

/* Makes the text of one language; `context` is what it is about. */
typedef void (*text_fn)(struct buf *text, enum bench_language language, const void *context);

/* A list of texts, in English and one or both of the other languages. */
static void add_texts(
    struct buf *to, const char *name, unsigned languages, text_fn make, const void *context)
{
    buf_printf(to, "\"%s\":[", name);
    for (unsigned i = 0; i < BENCH_LANGUAGES; i++) {
        if ((languages >> i & 1) == 0) {
            continue;
        }
        struct buf text;
        buf_init(&text, TEXT_ROOM * 4);
        make(&text, (enum bench_language)i, context);
        buf_printf(to, "%s{\"language\":\"%s\",\"text\":", i == 0 ? "" : ",", tags[i]);
        add_string(to, &text);
        buf_add_char(to, '}');
        buf_finish(&text);
    }
    buf_add_text(to, "],");
}

static void add_reference(struct buf *to, const char *name, const char *id)
{
    buf_printf(to,
        "\"%s\":{\"type\":\"ExternalReference\",\"keys\":[{\"type\":\"GlobalReference\",\"value\":"
        "\"%s\"}]}",
        name, id);
}

/* "SpindleTemperature" */
static void add_id_short(struct buf *to, const char *words)
{
    bool upper = true;
    for (; *words != '\0'; words++) {
        bool letter = (*words >= 'a' && *words <= 'z') || (*words >= 'A' && *words <= 'Z') ||
                      (*words >= '0' && *words <= '9');
        if (letter) {
            buf_add_char(to, upper && *words >= 'a' ? (char)(*words - 'a' + 'A') : *words);
        }
        upper = !letter;
    }
}

/* Ids of the kind that dictionaries give. */
static void property_id(struct property property, char id[NAME_ROOM])
{
    snprintf(id, NAME_ROOM, "0173-1#02-BEN%03zu#%03zu",
        property.component * COUNT_OF(quantities) + property.quantity, property.quantity % 9 + 1);
}

static void template_id(uint64_t seed, uint64_t number, char id[NAME_ROOM])
{
    uint64_t family = number / BENCH_VERSIONS;
    snprintf(id, NAME_ROOM, "https://bench.example/smt/%" PRIx64 "-%" PRIu64 "/%" PRIu64 "/0", seed,
        family, number % BENCH_VERSIONS + 1);
}

/* ------------------------------------------------------------------ templates */

struct about {
    const struct theme *theme;
    size_t chosen[2];
    size_t sentence[2];
    bool joined;
};

static void name_template(struct buf *text, enum bench_language language, const void *context)
{
    const struct about *about = context;
    buf_add_text(text, equipment[about->theme->equipment][language]);
    buf_add_char(text, ' ');
    buf_add_text(text, aspects[about->theme->aspect][language]);
    buf_add_char(text, ' ');
    add_model(text, about->theme->model);
}

static void name_property(struct buf *text, enum bench_language language, const void *context)
{
    const struct about *about = context;
    add_property(text, about->theme->properties[about->chosen[0]], language, about->joined);
}

static void describe(struct buf *text, enum bench_language language, const void *context)
{
    const struct about *about = context;
    for (size_t i = 0; i < 2 && about->sentence[i] < COUNT_OF(sentences); i++) {
        buf_add_text(text, i > 0 ? " " : "");
        add_sentence(text, sentences[about->sentence[i]][language], about->theme, about->chosen,
            language, about->joined);
    }
}

/* English alone, or with Korean, with German, with both. */
static unsigned choose_languages(struct chance *chance)
{
    static const unsigned choices[] = {7, 3, 3, 7, 5, 1};
    return choices[below(chance, COUNT_OF(choices))];
}

static void add_property_element(
    struct buf *to, struct chance *chance, const struct theme *theme, size_t at, unsigned languages)
{
    char id[NAME_ROOM];
    struct buf name;
    struct about about = {.theme = theme, .chosen = {at, (at + 1) % theme->property_count}};
    about.sentence[0] = below(chance, COUNT_OF(sentences));
    about.sentence[1] = COUNT_OF(sentences);
    about.joined = below(chance, 3) == 0;
    buf_init(&name, TEXT_ROOM);
    add_property(&name, theme->properties[at], BENCH_EN, false);
    buf_add_text(to, at > 0 ? ",{" : "{");
    buf_add_text(to, "\"modelType\":\"Property\",\"idShort\":\"");
    add_id_short(to, buf_text(&name));
    buf_add_text(to, "\",");
    add_texts(to, "displayName", languages, name_property, &about);
    if (at % 2 == 0) {
        add_texts(to, "description", languages, describe, &about);
    }
    property_id(theme->properties[at], id);
    add_reference(to, "semanticId", id);
    buf_add_text(to,
        ",\"qualifiers\":[{\"kind\":\"TemplateQualifier\",\"type\":\"SMT/Cardinality\","
        "\"valueType\":\"xs:string\",\"value\":\"");
    buf_add_text(to, at % 3 == 0 ? "One" : "ZeroToOne");
    buf_add_text(to, "\"}],\"valueType\":\"xs:double\"}");
    buf_finish(&name);
}

static void add_concept(
    struct buf *to, struct chance *chance, const struct theme *theme, unsigned languages)
{
    char id[NAME_ROOM];
    struct about about = {.theme = theme, .chosen = {0, 1}, .sentence = {0, COUNT_OF(sentences)}};
    about.joined = below(chance, 3) == 0;
    property_id(theme->properties[0], id);
    buf_add_text(to, "{\"modelType\":\"ConceptDescription\",");
    add_texts(to, "displayName", languages, name_property, &about);
    buf_printf(to, "\"id\":\"%s\"}", id);
}

void bench_data_template(struct buf *to, uint64_t seed, uint64_t number)
{
    char id[NAME_ROOM];
    uint64_t family = number / BENCH_VERSIONS;
    struct theme theme = theme_of(seed, family);
    struct chance chance = chance_of(seed, number, 2);
    struct about about = {.theme = &theme, .chosen = {0, 1}};
    about.sentence[0] = below(&chance, COUNT_OF(sentences));
    about.sentence[1] = below(&chance, COUNT_OF(sentences));
    about.joined = below(&chance, 3) == 0;
    unsigned languages = choose_languages(&chance);
    template_id(seed, number, id);
    buf_add_text(to, "{\"submodels\":[{\"modelType\":\"Submodel\",\"idShort\":\"");
    add_id_short(to, equipment[theme.equipment][BENCH_EN]);
    add_id_short(to, aspects[theme.aspect][BENCH_EN]);
    buf_add_text(to, "\",");
    add_texts(to, "displayName", languages, name_template, &about);
    add_texts(to, "description", languages, describe, &about);
    buf_printf(to,
        "\"administration\":{\"version\":\"%" PRIu64 "\",\"revision\":\"0\",\"templateId\":\"%s\"},"
        "\"id\":\"%s/template\",\"kind\":\"Template\",",
        number % BENCH_VERSIONS + 1, id, id);
    add_reference(to, "semanticId", id);
    buf_add_text(to, ",\"submodelElements\":[");
    for (size_t i = 0; i < theme.property_count; i++) {
        add_property_element(to, &chance, &theme, i, languages);
    }
    buf_add_text(to, "]}],\"conceptDescriptions\":[");
    add_concept(to, &chance, &theme, languages);
    buf_add_text(to, "]}");
}

/* ------------------------------------------------------------------ submodels */

void bench_data_submodel_id(struct buf *to, uint64_t seed, uint64_t number)
{
    buf_printf(to, "https://bench.example/submodel/%" PRIx64 "-%" PRIu64, seed, number);
}

static void add_value(struct buf *to, struct chance *chance, const struct theme *theme, size_t at)
{
    char id[NAME_ROOM];
    struct buf name;
    buf_init(&name, TEXT_ROOM);
    add_property(&name, theme->properties[at], BENCH_EN, false);
    buf_add_text(to, at > 0 ? ",{" : "{");
    buf_add_text(to, "\"modelType\":\"Property\",\"idShort\":\"");
    add_id_short(to, buf_text(&name));
    buf_add_text(to, "\",");
    property_id(theme->properties[at], id);
    add_reference(to, "semanticId", id);
    buf_printf(to, ",\"valueType\":\"xs:double\",\"value\":\"%zu.%zu\"}", below(chance, 1000),
        below(chance, 10));
    buf_finish(&name);
}

static void add_submodel(struct buf *to, uint64_t seed, uint64_t number, uint64_t templates)
{
    enum { VALUES = 3 };
    char id[NAME_ROOM];
    struct chance chance = chance_of(seed, number, 3);
    uint64_t made_for = rather_low(&chance, (size_t)templates);
    struct theme theme = theme_of(seed, made_for / BENCH_VERSIONS);
    template_id(seed, made_for, id);
    buf_add_text(to, "{\"modelType\":\"Submodel\",\"idShort\":\"");
    add_id_short(to, aspects[theme.aspect][BENCH_EN]);
    buf_printf(to, "%" PRIu64 "\",\"administration\":{\"templateId\":\"%s/template\"},\"id\":\"",
        number, id);
    bench_data_submodel_id(to, seed, number);
    buf_add_text(to, "\",");
    add_reference(to, "semanticId", id);
    buf_add_text(to, ",\"submodelElements\":[");
    for (size_t i = 0; i < VALUES; i++) {
        add_value(to, &chance, &theme, i);
    }
    buf_add_text(to, "]}");
}

void bench_data_submodels(
    struct buf *to, uint64_t seed, uint64_t first, size_t count, uint64_t templates)
{
    buf_add_text(to, "{\"submodels\":[");
    for (size_t i = 0; i < count; i++) {
        buf_add_text(to, i > 0 ? "," : "");
        add_submodel(to, seed, first + i, templates);
    }
    buf_add_text(to, "]}");
}

/* ------------------------------------------------------------------ queries */

/* One word of what stands in such texts. */
static void add_word(
    struct buf *to, struct chance *chance, uint64_t seed, enum bench_language language)
{
    struct buf text;
    struct theme theme = theme_of(seed, below(chance, 1000));
    const size_t chosen[2] = {0, 1};
    static const char slots[] = "EEAP112MNS";
    buf_init(&text, TEXT_ROOM);
    add_slot(&text, slots[below(chance, sizeof slots - 1)], &theme, chosen, language, false);
    const char *word = buf_text(&text);
    const char *second = strchr(word, ' ');
    bool take_second = second != NULL && below(chance, 2) == 0;
    word = take_second ? second + 1 : word;
    buf_add(to, word, strcspn(word, " "));
    buf_finish(&text);
}

void bench_data_words(
    struct buf *to, uint64_t seed, uint64_t turn, enum bench_language language, unsigned words)
{
    struct chance chance = chance_of(seed, turn, 4);
    for (unsigned i = 0; i < words; i++) {
        buf_add_text(to, i > 0 ? " " : "");
        add_word(to, &chance, seed, language);
    }
}

void bench_data_phrase(struct buf *to, uint64_t seed, uint64_t turn, enum bench_language language)
{
    struct chance chance = chance_of(seed, turn, 5);
    struct theme theme = theme_of(seed, below(&chance, 1000));
    const size_t chosen[2] = {0, 1};
    static const char *const forms[] = {"{1}", "{E}", "{E} {A}", "{2}", "{A} {N}"};
    add_sentence(to, forms[below(&chance, COUNT_OF(forms))], &theme, chosen, language, false);
}
