/* SPDX-License-Identifier: Apache-2.0 */
/* From findings to counts, verdicts and the number that the new version may have. */
#include <string.h>

#include "conformance/compare_parts.h"

/* ------------------------------------------------------------------ words */

static const char *const mode_texts[COMPARE_MODE_COUNT] = {
    "exact", "value", "ignore-version", "supplemental"};

const char *compare_mode_text(enum compare_mode mode)
{
    return mode_texts[mode];
}

bool compare_mode_read(const char *text, enum compare_mode *mode)
{
    for (int i = 0; i < COMPARE_MODE_COUNT; i++) {
        if (strcmp(text, mode_texts[i]) == 0) {
            *mode = (enum compare_mode)i;
            return true;
        }
    }
    return false;
}

const char *compare_how_text(enum compare_how how)
{
    static const char *const texts[] = {"", "semanticId", "idShort", "place"};
    return texts[how];
}

const char *compare_verdict_text(enum compare_verdict verdict)
{
    static const char *const texts[] = {"full", "backward", "forward", "breaking"};
    return texts[verdict];
}

const char *compare_verdict_word(enum compare_verdict verdict, enum language language)
{
    static const char *const words[][LANGUAGE_COUNT] = {
        {"fully compatible", "완전 호환", "voll kompatibel"},
        {"backward compatible", "하위 호환", "abwärtskompatibel"},
        {"forward compatible only", "상위 호환만 가능", "nur aufwärtskompatibel"},
        {"breaking", "호환되지 않음", "nicht kompatibel"},
    };
    return words[verdict][language];
}

const char *compare_level_text(enum compare_level level)
{
    static const char *const texts[] = {"none", "bug-fix", "revision", "version"};
    return texts[level];
}

const char *compare_level_word(enum compare_level level, enum language language)
{
    static const char *const words[][LANGUAGE_COUNT] = {
        {"nothing", "없음", "nichts"},
        {"bug-fix", "버그 수정 번호", "Bugfix"},
        {"revision", "개정 번호", "Revision"},
        {"version", "버전 번호", "Version"},
    };
    return words[level][language];
}

enum aas_severity compare_finding_severity(const struct compare_finding *finding)
{
    unsigned rule = compare_reason_rule(finding->reason);
    if (!finding->backward) {
        return AAS_ERROR;
    }
    return !finding->forward || rule == 9 || rule == 15 ? AAS_WARNING : AAS_INFO;
}

/* ------------------------------------------------------------------ counts and verdicts */

static bool is_presence(const struct compare_finding *finding)
{
    return finding->attribute[0] == '\0';
}

static void mark(struct comparison *out, const struct compare_finding *finding)
{
    if (finding->concept != NULL || is_presence(finding)) {
        return;
    }
    struct compare_element *a = &out->side[OLD].elements[finding->from];
    struct compare_element *b = &out->side[NEW].elements[finding->to];
    if (compare_reason_rule(finding->reason) == 9) {
        a->renamed = b->renamed = true;
    } else {
        a->changed = b->changed = true;
    }
}

static void count_elements(struct comparison *out)
{
    struct compare_counts *counts = &out->counts;
    for (uint32_t i = 0; i < out->side[OLD].count; i++) {
        const struct compare_element *element = &out->side[OLD].elements[i];
        bool matched = element->match != COMPARE_NONE;
        counts->matched += matched;
        counts->removed += !matched;
        counts->renamed += element->renamed;
        counts->moved += element->moved;
        counts->changed += element->changed;
    }
    counts->added = out->side[NEW].count - counts->matched;
}

/* Numbers the elements that are told about. */
static void number_changes(struct comparison *out)
{
    for (int side = OLD; side <= NEW; side++) {
        for (uint32_t i = 0; i < out->side[side].count; i++) {
            struct compare_element *element = &out->side[side].elements[i];
            bool told = element->match == COMPARE_NONE ||
                        (side == OLD && (element->moved || element->finding_count > 0));
            element->change = told ? out->change_count++ : COMPARE_NONE;
        }
    }
    for (uint32_t i = 0; i < out->side[NEW].count; i++) {
        struct compare_element *element = &out->side[NEW].elements[i];
        if (element->match != COMPARE_NONE) {
            element->change = out->side[OLD].elements[element->match].change;
        }
    }
}

static void judge_mode(struct comparison *out, int mode)
{
    bool backward = true;
    bool forward = true;
    enum compare_level level = LEVEL_NONE;
    for (size_t i = 0; i < out->finding_count; i++) {
        const struct compare_finding *finding = &out->findings[i];
        if (!(finding->modes & 1U << mode)) {
            continue;
        }
        backward = backward && finding->backward;
        forward = forward && finding->forward;
        enum compare_level own =
            compare_reason_rule(finding->reason) == COMPARE_RULES ? LEVEL_BUGFIX : LEVEL_REVISION;
        level = own > level ? own : level;
    }
    out->level[mode] = backward ? level : LEVEL_VERSION;
    out->verdict[mode] = backward ? (forward ? COMPARE_FULL : COMPARE_BACKWARD)
                                  : (forward ? COMPARE_FORWARD : COMPARE_BREAKING);
}

void verdict_fill(struct comparison *out)
{
    for (size_t i = 0; i < out->finding_count; i++) {
        mark(out, &out->findings[i]);
    }
    count_elements(out);
    number_changes(out);
    for (int mode = 0; mode < COMPARE_MODE_COUNT; mode++) {
        judge_mode(out, mode);
    }
}

bool compare_equal(const struct comparison *comparison)
{
    return comparison->finding_count == 0;
}

/* ------------------------------------------------------------------ numbers */

struct compare_number compare_next(const struct comparison *comparison, enum compare_mode mode)
{
    struct compare_number next = comparison->number[OLD];
    switch (comparison->level[mode]) {
    case LEVEL_VERSION:
        next.version++;
        next.revision = next.bugfix = 0;
        break;
    case LEVEL_REVISION:
        next.revision++;
        next.bugfix = 0;
        break;
    case LEVEL_BUGFIX:
        next.bugfix++;
        break;
    case LEVEL_NONE:
        break;
    }
    return next;
}

enum compare_level compare_declared(const struct comparison *comparison)
{
    const struct compare_number *a = &comparison->number[OLD];
    const struct compare_number *b = &comparison->number[NEW];
    if (!a->known || !b->known) {
        return LEVEL_NONE;
    }
    if (a->version != b->version) {
        return b->version > a->version ? LEVEL_VERSION : LEVEL_NONE;
    }
    if (a->revision != b->revision) {
        return b->revision > a->revision ? LEVEL_REVISION : LEVEL_NONE;
    }
    return b->bugfix > a->bugfix ? LEVEL_BUGFIX : LEVEL_NONE;
}

/* Reads "12" and what separates it from the next number; false at anything else. */
static bool read_part(const char **text, unsigned *number)
{
    size_t digits = strspn(*text, "0123456789");
    if (digits == 0 || digits > 6) {
        return false;
    }
    *number = 0;
    for (size_t i = 0; i < digits; i++) {
        *number = *number * 10 + (unsigned)((*text)[i] - '0');
    }
    *text += digits;
    return true;
}

struct compare_number compare_number_of(const char *label, const struct aas_node *submodel)
{
    struct compare_number number = {0, 0, 0, false};
    unsigned *const parts[] = {&number.version, &number.revision, &number.bugfix};
    const struct aas_node *administration =
        submodel != NULL ? aas_child(submodel, PROP_administration) : NULL;
    if (label != NULL) {
        for (size_t i = 0; i < 3 && read_part(&label, parts[i]); i++) {
            number.known = true;
            if (*label++ != '.') {
                break;
            }
        }
        return number;
    }
    const char *version = administration != NULL ? aas_text(administration, PROP_version) : NULL;
    const char *revision = administration != NULL ? aas_text(administration, PROP_revision) : NULL;
    number.known = version != NULL && read_part(&version, &number.version);
    if (number.known && revision != NULL) {
        (void)read_part(&revision, &number.revision);
    }
    return number;
}
