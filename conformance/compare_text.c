/* SPDX-License-Identifier: Apache-2.0 */
/* A comparison for people: verdict, counts, number, then the findings by rule and reason. */
#include <string.h>

#include "conformance/compare_parts.h"
#include "conformance/quote.h"

#define COLOUR_END "\x1b[0m"

enum word {
    WORD_FROM,
    WORD_TO,
    WORD_ELEMENT,
    WORD_ELEMENTS,
    WORD_EQUAL,
    WORD_PAIR,
    WORD_PAIRS,
    WORD_RENAMED,
    WORD_MOVED,
    WORD_CHANGED,
    WORD_ADDED,
    WORD_REMOVED,
    WORD_GROWS,
    WORD_AT_LEAST,
    WORD_DECLARED,
    WORD_TOO_LITTLE,
    WORD_SUBMODEL,
    WORD_CONCEPT,
    WORD_BY_NAME,
    WORD_MORE,
    WORD_COUNT
};

static const char *const words[WORD_COUNT][LANGUAGE_COUNT] = {
    [WORD_FROM] = {"old", "이전", "alt"},
    [WORD_TO] = {"new", "새", "neu"},
    [WORD_ELEMENT] = {"element", "요소", "Element"},
    [WORD_ELEMENTS] = {"elements", "요소", "Elemente"},
    [WORD_EQUAL] = {"nothing differs", "차이가 없습니다", "kein Unterschied"},
    [WORD_PAIR] = {"pair", "쌍", "Paar"},
    [WORD_PAIRS] = {"pairs", "쌍", "Paare"},
    [WORD_RENAMED] = {"renamed", "이름 변경", "umbenannt"},
    [WORD_MOVED] = {"moved", "이동", "verschoben"},
    [WORD_CHANGED] = {"changed", "변경", "geändert"},
    [WORD_ADDED] = {"added", "추가", "hinzugekommen"},
    [WORD_REMOVED] = {"removed", "삭제", "entfallen"},
    [WORD_GROWS] = {"what must grow", "올려야 할 번호", "was wachsen muss"},
    [WORD_AT_LEAST] = {"at least", "최소", "mindestens"},
    [WORD_DECLARED] = {"what grew", "실제로 오른 번호", "was gewachsen ist"},
    [WORD_TOO_LITTLE] = {"too little", "부족함", "zu wenig"},
    [WORD_SUBMODEL] = {"(submodel)", "(서브모델)", "(Submodel)"},
    [WORD_CONCEPT] = {"concept description", "개념 설명", "Konzeptbeschreibung"},
    [WORD_BY_NAME] = {"matched by idShort alone", "idShort로만 짝지음",
        "nur an der idShort zugeordnet"},
    [WORD_MORE] = {"more of the kind; the JSON form has all",
        "건이 더 있습니다. 전체는 JSON 형식에 "
        "있습니다",
        "weitere der Art; die JSON-Form hat alle"},
};

struct text {
    struct buf *buf;
    const struct comparison *comparison;
    const struct compare_output *output;
};

/* Names out of documents may hold anything: nothing of it reaches a terminal as a command. */
static void add_plain(struct buf *buf, const char *text)
{
    for (; *text != '\0'; text++) {
        bool control = (unsigned char)*text < 0x20 || *text == 0x7f;
        buf_add_char(buf, control ? '?' : *text);
    }
}

static const char *word(const struct text *text, enum word which)
{
    return words[which][text->output->language];
}

/* "3 pairs", in Korean "쌍 3개". */
static void add_count(const struct text *text, uint32_t count, enum word one, enum word many)
{
    const char *what = word(text, count == 1 ? one : many);
    if (text->output->language == LANGUAGE_KO) {
        buf_printf(text->buf, "%s %u개", what, count);
    } else {
        buf_printf(text->buf, "%u %s", count, what);
    }
}

static const char *colour_of(const struct text *text, enum aas_severity severity)
{
    static const char *const colours[] = {"\x1b[36m", "\x1b[33m", "\x1b[31m", "\x1b[31m"};
    return text->output->colour ? colours[severity] : "";
}

static const char *colour_end(const struct text *text)
{
    return text->output->colour ? COLOUR_END : "";
}

/* ------------------------------------------------------------------ head */

static void write_number(struct buf *buf, const struct compare_number *number)
{
    buf_printf(buf, "%u.%u", number->version, number->revision);
    if (number->bugfix > 0) {
        buf_printf(buf, ".%u", number->bugfix);
    }
}

static void write_side(const struct text *text, int side)
{
    const struct compare_side *of = &text->comparison->side[side];
    const char *name =
        of->name[0] != '\0' ? of->name : aas_text(of->elements[0].node, PROP_idShort);
    buf_printf(text->buf, "%s  ", word(text, side == OLD ? WORD_FROM : WORD_TO));
    add_plain(text->buf, name != NULL ? name : "");
    if (text->comparison->number[side].known) {
        buf_add_text(text->buf, "  ");
        write_number(text->buf, &text->comparison->number[side]);
    }
    buf_add_text(text->buf, "  (");
    add_count(text, of->count - 1, WORD_ELEMENT, WORD_ELEMENTS);
    buf_add_text(text->buf, ")\n");
}

static void write_verdicts(const struct text *text)
{
    static const enum aas_severity severities[] = {AAS_INFO, AAS_INFO, AAS_ERROR, AAS_ERROR};
    const struct comparison *comparison = text->comparison;
    enum language language = text->output->language;
    enum compare_verdict own = comparison->verdict[text->output->mode];
    buf_printf(text->buf, "%s%s%s", colour_of(text, severities[own]),
        compare_verdict_word(own, language), colour_end(text));
    buf_printf(text->buf, "  (%s", compare_mode_text(text->output->mode));
    for (int mode = 0; mode < COMPARE_MODE_COUNT; mode++) {
        if (comparison->verdict[mode] != own) {
            buf_printf(text->buf, "; %s: %s", compare_mode_text((enum compare_mode)mode),
                compare_verdict_word(comparison->verdict[mode], language));
        }
    }
    buf_add_text(text->buf, ")\n");
}

static void write_counts(const struct text *text)
{
    const struct compare_counts *counts = &text->comparison->counts;
    const struct {
        uint32_t count;
        enum word one;
        enum word many;
    } rows[] = {{counts->matched, WORD_PAIR, WORD_PAIRS},
        {counts->renamed, WORD_RENAMED, WORD_RENAMED}, {counts->moved, WORD_MOVED, WORD_MOVED},
        {counts->changed, WORD_CHANGED, WORD_CHANGED}, {counts->added, WORD_ADDED, WORD_ADDED},
        {counts->removed, WORD_REMOVED, WORD_REMOVED}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        buf_add_text(text->buf, i > 0 ? ", " : "");
        add_count(text, rows[i].count, rows[i].one, rows[i].many);
    }
    buf_add_char(text->buf, '\n');
}

static void write_next(const struct text *text)
{
    const struct comparison *comparison = text->comparison;
    enum compare_level level = comparison->level[text->output->mode];
    enum compare_level declared = compare_declared(comparison);
    struct compare_number next = compare_next(comparison, text->output->mode);
    buf_printf(text->buf, "%s: %s", word(text, WORD_GROWS),
        compare_level_word(level, text->output->language));
    if (next.known) {
        buf_printf(text->buf, " (%s ", word(text, WORD_AT_LEAST));
        write_number(text->buf, &next);
        buf_add_char(text->buf, ')');
    }
    if (comparison->number[OLD].known && comparison->number[NEW].known) {
        bool enough = declared >= level;
        buf_printf(text->buf, "; %s: %s", word(text, WORD_DECLARED),
            compare_level_word(declared, text->output->language));
        if (!enough) {
            buf_printf(text->buf, "  %s%s%s", colour_of(text, AAS_ERROR),
                word(text, WORD_TOO_LITTLE), colour_end(text));
        }
    }
    buf_add_char(text->buf, '\n');
}

/* ------------------------------------------------------------------ findings */

static void write_path(const struct text *text, int side, uint32_t i)
{
    if (i == 0) {
        buf_add_text(text->buf, word(text, WORD_SUBMODEL));
        return;
    }
    char *path = text->comparison->scratch;
    aas_print_path(text->comparison->side[side].elements[i].node, path, COMPARE_PATH_ROOM);
    add_plain(text->buf, path);
}

static bool same_path(const struct text *text, uint32_t from, uint32_t to)
{
    const struct comparison *comparison = text->comparison;
    char *path = comparison->scratch;
    size_t half = COMPARE_PATH_ROOM / 2;
    aas_print_path(comparison->side[OLD].elements[from].node, path, half);
    aas_print_path(comparison->side[NEW].elements[to].node, path + half, half);
    return strcmp(path, path + half) == 0;
}

static void write_place(const struct text *text, const struct compare_finding *finding)
{
    if (finding->from != COMPARE_NONE) {
        write_path(text, OLD, finding->from);
    }
    if (finding->to != COMPARE_NONE &&
        (finding->from == COMPARE_NONE || !same_path(text, finding->from, finding->to))) {
        buf_add_text(text->buf, finding->from != COMPARE_NONE ? " → " : "");
        write_path(text, NEW, finding->to);
    }
}

enum { SHARED_SHOWN = 12, HARMLESS_SHOWN = 20 };

static size_t whole_character(const char *text, size_t at)
{
    while (at > 0 && ((unsigned char)text[at] & 0xC0) == 0x80) {
        at--;
    }
    return at;
}

/* Long values that begin alike are shown from shortly before the first difference on; a reference
 * that came or went from where its end fits. */
static size_t beginning_left_out(const char *a, const char *b)
{
    const char *one = a != NULL ? a : b;
    size_t len = one != NULL ? strlen(one) : 0;
    if (a == NULL || b == NULL) {
        bool reference = len > QUOTE_BYTES && strstr(one, "Reference (") != NULL;
        return reference ? whole_character(one, len - QUOTE_BYTES) : 0;
    }
    size_t shared = 0;
    if (len <= QUOTE_BYTES && strlen(b) <= QUOTE_BYTES) {
        return 0;
    }
    while (a[shared] != '\0' && a[shared] == b[shared]) {
        shared++;
    }
    return shared > 2 * SHARED_SHOWN ? whole_character(a, shared - SHARED_SHOWN) : 0;
}

static void write_value(const struct text *text, const char *value, size_t skip)
{
    if (value == NULL) {
        buf_add_text(text->buf, "–");
        return;
    }
    buf_printf(text->buf, "\"%s%s\"", skip > 0 ? "..." : "",
        quote_make(value + skip, strlen(value + skip)).text);
}

static void write_finding(const struct text *text, const struct compare_finding *finding)
{
    const struct compare_element *element =
        finding->from != COMPARE_NONE ? &text->comparison->side[OLD].elements[finding->from]
                                      : &text->comparison->side[NEW].elements[finding->to];
    buf_add_text(text->buf, "    ");
    write_place(text, finding);
    if (finding->concept != NULL) {
        buf_printf(text->buf, ", %s %s", word(text, WORD_CONCEPT),
            quote_make(finding->concept, strlen(finding->concept)).text);
    }
    if (finding->attribute[0] != '\0') {
        buf_printf(
            text->buf, ", %s: ", quote_make(finding->attribute, strlen(finding->attribute)).text);
        size_t skip = beginning_left_out(finding->old_value, finding->new_value);
        write_value(text, finding->old_value, skip);
        buf_add_text(text->buf, " → ");
        write_value(text, finding->new_value, skip);
    }
    if (element->how == COMPARE_BY_NAME && compare_reason_rule(finding->reason) == 8) {
        buf_printf(text->buf, " (%s)", word(text, WORD_BY_NAME));
    }
    buf_add_char(text->buf, '\n');
}

static void write_reason(const struct text *text, enum compare_reason reason)
{
    const struct comparison *comparison = text->comparison;
    enum language language = text->output->language;
    unsigned mode = 1U << text->output->mode;
    unsigned rule = compare_reason_rule(reason);
    size_t count = 0;
    enum aas_severity worst = AAS_INFO;
    for (size_t i = 0; i < comparison->finding_count; i++) {
        const struct compare_finding *finding = &comparison->findings[i];
        if (finding->reason == reason && finding->modes & mode) {
            enum aas_severity own = compare_finding_severity(finding);
            worst = own > worst ? own : worst;
            count++;
        }
    }
    if (count == 0) {
        return;
    }
    buf_printf(text->buf, "\n%s%s %s%s (%zu)\n  %s\n", colour_of(text, worst),
        compare_rule_id(rule), compare_rule_title(rule, language), colour_end(text), count,
        compare_reason_text(reason, language));
    size_t shown = 0;
    for (size_t i = 0; i < comparison->finding_count; i++) {
        const struct compare_finding *finding = &comparison->findings[i];
        bool room = worst > AAS_INFO || shown < HARMLESS_SHOWN;
        if (room && finding->reason == reason && finding->modes & mode) {
            write_finding(text, finding);
            shown++;
        }
    }
    if (shown < count) {
        buf_printf(text->buf, "    ... %zu %s\n", count - shown, word(text, WORD_MORE));
    }
}

void compare_write_text(
    struct buf *buf, const struct comparison *comparison, const struct compare_output *output)
{
    const struct text text = {buf, comparison, output};
    write_side(&text, OLD);
    write_side(&text, NEW);
    if (compare_equal(comparison)) {
        buf_printf(buf, "%s%s%s\n", colour_of(&text, AAS_INFO), word(&text, WORD_EQUAL),
            colour_end(&text));
        return;
    }
    write_verdicts(&text);
    write_counts(&text);
    write_next(&text);
    for (int reason = 0; reason < REASON_COUNT; reason++) {
        write_reason(&text, (enum compare_reason)reason);
    }
}
