/* SPDX-License-Identifier: Apache-2.0 */
/* Texts that elements are matched by become numbers, so that matching only compares numbers. */
#include <stdlib.h>
#include <string.h>

#include "conformance/compare_parts.h"

/* ------------------------------------------------------------------ numbers for texts */

/* Eight bytes at a time; which numbers texts get does not depend on it. */
static uint64_t hash_of(const char *text, size_t len)
{
    uint64_t hash = 0x9E3779B97F4A7C15u ^ len;
    for (size_t i = 0; i < len; i += 8) {
        uint64_t part = 0;
        memcpy(&part, text + i, len - i < 8 ? len - i : 8);
        hash = (hash ^ part) * 0xFF51AFD7ED558CCDu;
        hash ^= hash >> 32;
    }
    return hash;
}

static bool grow(struct names *names)
{
    size_t room = names->room == 0 ? 1024 : names->room * 2;
    struct name_entry *entries = arena_alloc(names->arena, room * sizeof *entries);
    if (entries == NULL) {
        names->full = true;
        return false;
    }
    for (size_t i = 0; i < names->room; i++) {
        if (names->entries[i].number != 0) {
            size_t at = names->entries[i].hash & (room - 1);
            while (entries[at].number != 0) {
                at = (at + 1) & (room - 1);
            }
            entries[at] = names->entries[i];
        }
    }
    names->entries = entries;
    names->room = room;
    return true;
}

uint32_t names_number(struct names *names, const char *text, size_t len)
{
    if (2 * names->count >= names->room && !grow(names)) {
        return 0;
    }
    uint64_t hash = hash_of(text, len);
    size_t at = hash & (names->room - 1);
    while (names->entries[at].number != 0) {
        const struct name_entry *entry = &names->entries[at];
        if (entry->hash == hash && entry->len == len && memcmp(entry->text, text, len) == 0) {
            return entry->number;
        }
        at = (at + 1) & (names->room - 1);
    }
    const char *copy = arena_copy(names->arena, text, len);
    if (copy == NULL) {
        names->full = true;
        return 0;
    }
    names->entries[at] = (struct name_entry){copy, hash, (uint32_t)len, (uint32_t)++names->count};
    return names->entries[at].number;
}

static char *scratch(struct names *names, size_t len)
{
    if (len > names->scratch_room) {
        char *bytes = arena_alloc(names->arena, 2 * len);
        if (bytes == NULL) {
            names->full = true;
            return NULL;
        }
        names->scratch = bytes;
        names->scratch_room = 2 * len;
    }
    return names->scratch;
}

/* ------------------------------------------------------------------ versions and counters */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

enum component { WORD, NUMBER, VERSION };

/* A part of an id: "#007" of an IRDI, "v1" and "1.0.2" are versions by themselves; "1" and "0" only
 * beside each other, since ids are also numbered. Years and catalogue numbers have more digits. */
static enum component component_of(const char *part, size_t len, char before)
{
    size_t at = len > 1 && (part[0] == 'v' || part[0] == 'V') ? 1 : 0;
    size_t digits = 0;
    while (at + digits < len && is_digit(part[at + digits])) {
        digits++;
    }
    if (before == '#' && digits == 3 && len == 3) {
        return VERSION;
    }
    if (digits == 0 || digits > 2) {
        return WORD;
    }
    for (size_t i = at + digits; i < len; i++) {
        if (!is_digit(part[i]) && part[i] != '.') {
            return WORD;
        }
    }
    return at > 0 || digits < len ? VERSION : NUMBER;
}

static size_t component_length(const char *text, size_t len)
{
    size_t part = 0;
    while (part < len && strchr("/#:*", text[part]) == NULL) {
        part++;
    }
    return part;
}

size_t names_without_version(const char *text, size_t len, char *to)
{
    size_t used = 0;
    char before = '\0';
    enum component last = WORD;
    for (size_t at = 0; at < len;) {
        size_t part = component_length(text + at, len - at);
        size_t next = at + part + 1;
        enum component own = component_of(text + at, part, before);
        enum component following =
            own == NUMBER && next < len
                ? component_of(text + next, component_length(text + next, len - next), '/')
                : WORD;
        if (own == WORD || (own == NUMBER && last != NUMBER && following != NUMBER)) {
            if (before != '\0' && part > 0) {
                to[used++] = before;
            }
            memcpy(to + used, text + at, part);
            used += part;
        }
        last = own;
        at += part;
        before = at < len ? text[at] : '\0';
        at++;
    }
    return used;
}

size_t names_stem(const char *text, size_t len)
{
    size_t end = len;
    if (end > 4 && text[end - 1] == '_' && text[end - 2] == '_') {
        size_t digits = end - 2;
        while (digits > 0 && is_digit(text[digits - 1])) {
            digits--;
        }
        if (digits < end - 2 && digits > 2 && text[digits - 1] == '_' && text[digits - 2] == '_') {
            return digits - 2;
        }
    }
    if (end > 2 && text[end - 1] == '}') {
        size_t open = end - 1;
        while (open > 0 && is_digit(text[open - 1])) {
            open--;
        }
        if (open > 1 && text[open - 1] == '{') {
            return open - 1;
        }
    }
    while (end > 1 && is_digit(text[end - 1])) {
        end--;
    }
    return len - end >= 2 ? end : len;
}

/* ------------------------------------------------------------------ keys */

/* The numbers of a reference: with types, values only, values without versions. Parts are kept
 * apart by a byte that stands in no UTF-8 text. */
struct reference_numbers names_reference(struct names *names, const struct aas_node *reference)
{
    struct reference_numbers numbers = {0, 0, 0};
    size_t count = 0;
    struct aas_node **keys = reference != NULL ? aas_list(reference, PROP_keys, &count) : NULL;
    const char *type = reference != NULL ? aas_text(reference, PROP_type) : NULL;
    size_t room = 64;
    for (size_t i = 0; i < count; i++) {
        room += aas_slot(keys[i], PROP_value)->len + aas_slot(keys[i], PROP_type)->len + 8;
    }
    char *all = count > 0 ? scratch(names, 3 * room) : NULL;
    if (all == NULL) {
        return numbers;
    }
    char *values = all + room;
    char *plains = values + room;
    size_t lens[3] = {0, 0, 0};
    size_t bytes = 0;
    if (type != NULL && strlen(type) < 32) {
        memcpy(all, type, strlen(type));
        lens[0] = strlen(type);
    }
    for (size_t i = 0; i < count; i++) {
        const struct aas_slot *key_type = aas_slot(keys[i], PROP_type);
        const struct aas_slot *key = aas_slot(keys[i], PROP_value);
        all[lens[0]++] = values[lens[1]++] = plains[lens[2]++] = '\xFF';
        if (key_type->state == AAS_TEXT) {
            memcpy(all + lens[0], key_type->u.text, key_type->len);
            lens[0] += key_type->len;
        }
        all[lens[0]++] = '\xFE';
        if (key->state == AAS_TEXT) {
            memcpy(all + lens[0], key->u.text, key->len);
            memcpy(values + lens[1], key->u.text, key->len);
            lens[0] += key->len;
            lens[1] += key->len;
            lens[2] += names_without_version(key->u.text, key->len, plains + lens[2]);
            bytes += key->len;
        }
    }
    if (bytes > 0) { /* a reference to nothing is none */
        numbers.exact = names_number(names, all, lens[0]);
        numbers.value = names_number(names, values, lens[1]);
        numbers.plain = names_number(names, plains, lens[2]);
    }
    return numbers;
}

const struct aas_node *names_semantic_id(const struct aas_node *element)
{
    const struct aas_node *own = aas_child(element, PROP_semanticId);
    const struct aas_node *list = element->parent;
    size_t count = 0;
    if (own != NULL) {
        (void)aas_list(own, PROP_keys, &count);
    }
    bool item = list != NULL && list->cls->props[element->parent_slot].flags & META_INDEXED;
    return count == 0 && item ? aas_child(list, PROP_semanticIdListElement) : own;
}

static void fill_key(struct compare_work *work, int side, uint32_t i, uint32_t *next)
{
    const struct aas_node *node = work->out->side[side].elements[i].node;
    struct element_key *key = &work->keys[side][i];
    const struct aas_slot *name = aas_slot(node, PROP_idShort);
    size_t count = 0;
    struct aas_node **supplements = aas_list(node, PROP_supplementalSemanticIds, &count);
    struct reference_numbers semantic = names_reference(&work->names, names_semantic_id(node));
    key->exact = semantic.exact;
    key->value = semantic.value;
    key->plain = semantic.plain;
    if (name->state == AAS_TEXT && name->len > 0) {
        key->name = names_number(&work->names, name->u.text, name->len);
        key->stem = names_number(&work->names, name->u.text, names_stem(name->u.text, name->len));
    }
    key->cls = (uint16_t)node->cls->id;
    key->supplement = *next;
    key->supplement_count = (uint32_t)count;
    for (size_t n = 0; n < count; n++) {
        work->supplements[side][(*next)++] = names_reference(&work->names, supplements[n]).value;
    }
}

void names_fill(struct compare_work *work, int side)
{
    const struct compare_side *of = &work->out->side[side];
    size_t supplements = 0;
    uint32_t next = 0;
    for (uint32_t i = 0; i < of->count; i++) {
        size_t count = 0;
        (void)aas_list(of->elements[i].node, PROP_supplementalSemanticIds, &count);
        supplements += count;
    }
    work->keys[side] = arena_alloc(work->arena, of->count * sizeof *work->keys[side]);
    work->supplements[side] =
        arena_alloc(work->arena, (supplements + 1) * sizeof *work->supplements[side]);
    if (work->keys[side] == NULL || work->supplements[side] == NULL) {
        work->full = true;
        return;
    }
    for (uint32_t i = 0; i < of->count; i++) {
        fill_key(work, side, i, &next);
        /* The variables of an operation hang one object lower than other elements. */
        const struct aas_node *node = of->elements[i].node;
        if (i > 0 && node->parent->cls->id == CLASS_OperationVariable) {
            node = node->parent;
        }
        if (i > 0) {
            const struct meta_prop *prop = &node->parent->cls->props[node->parent_slot];
            work->keys[side][i].slot = (uint16_t)prop->id;
            work->keys[side][i].item = (prop->flags & META_INDEXED) != 0;
        }
    }
}

static int compare_numbers(const void *left, const void *right)
{
    const uint32_t *a = left;
    const uint32_t *b = right;
    return (*a > *b) - (*a < *b);
}

void numbers_sort(uint32_t *numbers, size_t count)
{
    if (count > 0) {
        qsort(numbers, count, sizeof *numbers, compare_numbers);
    }
}

bool numbers_have(const uint32_t *sorted, size_t count, uint32_t number)
{
    return count > 0 && bsearch(&number, sorted, count, sizeof number, compare_numbers) != NULL;
}

static bool has_supplement(
    const struct compare_work *work, int side, uint32_t element, uint32_t value)
{
    const struct element_key *key = &work->keys[side][element];
    for (uint32_t i = 0; i < key->supplement_count; i++) {
        if (work->supplements[side][key->supplement + i] == value) {
            return true;
        }
    }
    return false;
}

unsigned names_linked(const struct compare_work *work, uint32_t from, uint32_t to)
{
    const struct element_key *a = &work->keys[OLD][from];
    const struct element_key *b = &work->keys[NEW][to];
    unsigned modes = 0;
    if (a->value == 0 && b->value == 0) {
        return COMPARE_ALL_MODES;
    }
    if (a->value == 0 || b->value == 0) {
        return (a->value != 0 && has_supplement(work, NEW, to, a->value)) ||
                       (b->value != 0 && has_supplement(work, OLD, from, b->value))
                   ? 1U << COMPARE_SUPPLEMENTAL
                   : 0;
    }
    modes |= a->exact == b->exact ? 1U << COMPARE_EXACT : 0;
    modes |= a->value == b->value ? 1U << COMPARE_VALUE | 1U << COMPARE_SUPPLEMENTAL : 0;
    modes |= a->plain == b->plain ? 1U << COMPARE_IGNORE_VERSION : 0;
    if (has_supplement(work, NEW, to, a->value) || has_supplement(work, OLD, from, b->value)) {
        modes |= 1U << COMPARE_SUPPLEMENTAL;
    }
    return modes;
}
