/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/search_text.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "aas/plain.h"
#include "registry/store.h"

enum {
    MAX_PARTS = 16,    /* of one CamelCase word; the rest is one part */
    MIN_PART = 2,      /* bytes; single letters find nothing worth finding */
    CHARACTER = 4,     /* bytes of UTF-8 at most */
    RUN_SYLLABLES = 8, /* of a run that becomes a term as a whole */
    RUN_ROOM = (RUN_SYLLABLES + 2) * CHARACTER,
    ID_KEPT = 160, /* bytes of a long identifier before its hash */
    ID_HASH_HEX = 2 * STORE_HASH_BYTES,
};

/* ------------------------------------------------------------------ characters */

enum class { SEPARATOR, LOWER, UPPER, DIGIT, SYLLABLE, MARK };

struct character {
    uint32_t code;
    enum class class;
};

static bool between(uint32_t code, uint32_t first, uint32_t last)
{
    return code >= first && code <= last;
}

static uint32_t decode(const char *text, size_t len, size_t *at)
{
    unsigned char first = (unsigned char)text[*at];
    size_t more = first < 0xC0 ? 0 : first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
    uint32_t code = more == 0 ? first : first & (0x3Fu >> more);
    (*at)++;
    for (; more > 0 && *at < len; more--) {
        code = code << 6 | ((unsigned char)text[(*at)++] & 0x3Fu);
    }
    return code;
}

static bool is_syllable(uint32_t code)
{
    return between(code, 0xAC00, 0xD7A3) || between(code, 0x4E00, 0x9FFF) ||
           between(code, 0x3400, 0x4DBF) || between(code, 0x3040, 0x30FF) ||
           between(code, 0xF900, 0xFAFF) || between(code, 0x20000, 0x3FFFF);
}

/* clang-format off */
#define ROW_OF(a) a, a, a, a, a, a, a, a
static const uint8_t ascii_classes[0x80] = {
    ['0'] = DIGIT, DIGIT, DIGIT, DIGIT, DIGIT, DIGIT, DIGIT, DIGIT, DIGIT, DIGIT,
    ['A'] = ROW_OF(UPPER), ROW_OF(UPPER), ROW_OF(UPPER), UPPER, UPPER,
    ['a'] = ROW_OF(LOWER), ROW_OF(LOWER), ROW_OF(LOWER), LOWER, LOWER,
};
#undef ROW_OF
/* clang-format on */
_Static_assert(SEPARATOR == 0, "what no letter and no digit is");

static enum class classify(uint32_t code) { if (between(code, '0', '9')){return DIGIT;}
if (between(code, 'A', 'Z'))
{
    return UPPER;
}
if (between(code, 'a', 'z')) {
    return LOWER;
}
if (code < 0xC0 || code == 0xD7 || code == 0xF7) {
    return SEPARATOR;
}
if (code < 0x180) {
    bool upper = code < 0x100 ? code < 0xDF : code % 2 == 0;
    return upper ? UPPER : LOWER;
}
if (between(code, 0x300, 0x36F)) {
    return MARK;
}
if (is_syllable(code)) {
    return SYLLABLE;
}
bool symbol = between(code, 0x2000, 0x2BFF) || between(code, 0x3000, 0x303F) ||
              between(code, 0xE000, 0xF8FF) || code >= 0xFE00;
return symbol ? SEPARATOR : LOWER;
}

/* Conjoining jamo, as some systems write file names, become one syllable (Unicode, 3.12). */
static uint32_t compose(uint32_t lead, const char *text, size_t len, size_t *at)
{
    size_t next = *at;
    uint32_t vowel = next < len ? decode(text, len, &next) : 0;
    if (!between(vowel, 0x1161, 0x1175)) {
        return lead;
    }
    uint32_t code = 0xAC00 + ((lead - 0x1100) * 21 + (vowel - 0x1161)) * 28;
    *at = next;
    uint32_t tail = next < len ? decode(text, len, &next) : 0;
    if (between(tail, 0x11A8, 0x11C2)) {
        code += tail - 0x11A7;
        *at = next;
    }
    return code;
}

/* The next character, in lower case outside of Latin letters (whose case tells parts of names). */
static struct character next_character(const char *text, size_t len, size_t *at)
{
    unsigned char first = (unsigned char)text[*at];
    if (first < 0x80) {
        (*at)++;
        return (struct character){.code = first, .class = ascii_classes[first]};
    }
    uint32_t code = decode(text, len, at);
    if (between(code, 0x1100, 0x1112)) {
        code = compose(code, text, len, at);
    } else if (between(code, 0xFF01, 0xFF5E)) {
        code -= 0xFEE0; /* full width forms of ASCII */
    } else if (between(code, 0x391, 0x3A9) || between(code, 0x410, 0x42F)) {
        code += 0x20; /* Greek, Cyrillic */
    }
    return (struct character){.code = code, .class = classify(code)};
}

static size_t encode(uint32_t code, char to[CHARACTER])
{
    if (code < 0x80) {
        to[0] = (char)code;
        return 1;
    }
    size_t more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    static const unsigned char lead[] = {0, 0xC0, 0xE0, 0xF0};
    for (size_t i = more; i > 0; i--) {
        to[i] = (char)(0x80 | (code & 0x3F));
        code >>= 6;
    }
    to[0] = (char)(lead[more] | code);
    return more + 1;
}

/* Base letters of U+00C0–U+017F; a digit stands for the letters of `doubled`. */
static const char base_letters[] = "aaaaaa0ceeeeiiiidnooooo\0ouuuuy12"
                                   "aaaaaa0ceeeeiiiidnooooo\0ouuuuy1y"
                                   "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkk"
                                   "llllllllllnnnnnnnnnoooooo33rrrrrrssssssssttttttuuuuuuuuuuuu"
                                   "wwyyyzzzzzzs";
static const char *const doubled[] = {"ae", "th", "ss", "oe"};
_Static_assert(sizeof base_letters == 0x180 - 0xC0 + 1, "a letter for each code");

/* ------------------------------------------------------------------ words */

/* A word being read, in two spellings: "prufung" and "pruefung". */
struct spelling {
    char bytes[SEARCH_TERM_MAX];
    size_t len;
    uint8_t starts[MAX_PARTS]; /* of the parts but the first */
};

struct word {
    struct spelling plain;
    struct spelling wide;
    size_t parts; /* boundaries between parts */
    enum class last;
    bool query;
    bool whole; /* with its endings */
    const struct search_sink *sink;
};

static void spelling_add(struct spelling *spelling, const char *bytes, size_t len)
{
    if (len <= sizeof spelling->bytes - spelling->len) {
        memcpy(spelling->bytes + spelling->len, bytes, len);
        spelling->len += len;
    }
}

static void add_letter(struct word *word, uint32_t code)
{
    char bytes[CHARACTER];
    if (code >= 0xC0 && code < 0x180) {
        char base = base_letters[code - 0xC0];
        bool two = base >= '0' && base <= '9';
        const char *letters = two ? doubled[base - '0'] : &base;
        spelling_add(&word->plain, letters, two ? 2 : 1);
        spelling_add(&word->wide, letters, two ? 2 : 1);
        uint32_t lower = code < 0x100 ? code | 0x20 : code;
        if (lower == 0xE4 || lower == 0xF6 || lower == 0xFC || lower == 0xF8) {
            spelling_add(&word->wide, "e", 1); /* ä, ö, ü, ø */
        }
        return;
    }
    size_t len = encode(between(code, 'A', 'Z') ? code + 0x20 : code, bytes);
    spelling_add(&word->plain, bytes, len);
    spelling_add(&word->wide, bytes, len);
}

/* A diaeresis written behind its letter. */
static void add_mark(struct word *word, uint32_t code)
{
    const struct spelling *plain = &word->plain;
    if (code == 0x308 && plain->len > 0 && memchr("aou", plain->bytes[plain->len - 1], 3)) {
        spelling_add(&word->wide, "e", 1);
    }
}

static bool ends_with(const char *term, size_t len, const char *ending)
{
    size_t end = strlen(ending);
    return len >= end && memcmp(term + len - end, ending, end) == 0;
}

/* The length of a term without the endings of plurals; `*y` when its last letter becomes a y. Only
 * what is the same for singular and plural matters, not that it is a word. */
static size_t stem(const char *term, size_t len, bool *y)
{
    *y = len > 4 && ends_with(term, len, "ies");
    if (*y) {
        return len - 2;
    }
    if (len > 4 && (ends_with(term, len, "sses") || ends_with(term, len, "xes"))) {
        len -= 2;
    } else if (len > 3 && term[len - 1] == 's' && memchr("siu", term[len - 2], 3) == NULL) {
        len--;
    }
    if (len > 6 && ends_with(term, len, "en")) { /* Maschinen, Sensoren */
        return len - 2;
    }
    if (len > 5 && (term[len - 1] == 'e' || ends_with(term, len, "ern"))) { /* Anlage, Nummern */
        return len - 1;
    }
    return len;
}

static void give(const struct word *word, const char *term, size_t len)
{
    bool letters = len > 3 && !word->whole;
    for (size_t i = 0; i < len && letters; i++) {
        letters = term[i] >= 'a' && term[i] <= 'z';
    }
    if (!letters) {
        word->sink->term(word->sink->context, term, len);
        return;
    }
    char stemmed[SEARCH_TERM_MAX];
    bool y = false;
    size_t stem_len = stem(term, len, &y);
    memcpy(stemmed, term, stem_len);
    if (y) {
        stemmed[stem_len - 1] = 'y';
    }
    word->sink->term(word->sink->context, stemmed, stem_len);
}

static size_t give_parts(const struct word *word, const struct spelling *spelling)
{
    size_t given = 0;
    for (size_t i = 0; i <= word->parts && word->parts > 0; i++) {
        size_t start = i == 0 ? 0 : spelling->starts[i - 1];
        size_t end = i == word->parts ? spelling->len : spelling->starts[i];
        if (end - start >= MIN_PART) {
            give(word, spelling->bytes + start, end - start);
            given++;
        }
    }
    return given;
}

static void word_end(struct word *word)
{
    const struct spelling *plain = &word->plain;
    const struct spelling *wide = &word->wide;
    if (plain->len > 0) {
        bool whole = give_parts(word, plain) == 0 || !word->query;
        if (whole) {
            give(word, plain->bytes, plain->len);
        }
        bool same = plain->len == wide->len && memcmp(plain->bytes, wide->bytes, wide->len) == 0;
        if (!word->query && !same) {
            give(word, wide->bytes, wide->len);
            give_parts(word, wide);
        }
    }
    word->plain.len = word->wide.len = word->parts = 0;
    word->last = SEPARATOR;
}

/* True when a new part begins with `now`: speedMax, MTPSubmodel, IEC61360. */
static bool part_begins(enum class last, enum class now, enum class next)
{
    if (last == SEPARATOR) {
        return false;
    }
    return (last == DIGIT) != (now == DIGIT) || (last == LOWER && now == UPPER) ||
           (last == UPPER && now == UPPER && next == LOWER);
}

static void word_add(struct word *word, struct character c, enum class next)
{
    if (part_begins(word->last, c.class, next) && word->parts < MAX_PARTS) {
        word->plain.starts[word->parts] = (uint8_t)word->plain.len;
        word->wide.starts[word->parts] = (uint8_t)word->wide.len;
        word->parts++;
    }
    add_letter(word, c.code);
    word->last = c.class;
}

/* ------------------------------------------------------------------ syllables */

/* A run of syllables being read. */
struct run {
    char bytes[RUN_ROOM];
    size_t len;
    size_t last;  /* bytes of the last syllable */
    size_t count; /* syllables; more than RUN_SYLLABLES do not stay in `bytes` */
};

/* Pairs; each syllable too when indexing, so that a noun of one syllable is found in a word; and
 * the whole run, which spares looking into the text of documents that have it. */
static void add_syllable(const struct word *word, struct run *run, uint32_t code, bool ends)
{
    const struct search_sink *sink = word->sink;
    char bytes[CHARACTER];
    size_t len = encode(code, bytes);
    if (run->count >= RUN_SYLLABLES) { /* only the pair goes on */
        memmove(run->bytes, run->bytes + run->len - run->last, run->last);
        run->len = run->last;
    }
    memcpy(run->bytes + run->len, bytes, len);
    if (run->count > 0) {
        sink->term(sink->context, run->bytes + run->len - run->last, run->last + len);
    }
    run->len += len;
    run->last = len;
    run->count++;
    if (!word->query || (run->count == 1 && ends)) {
        sink->term(sink->context, bytes, len);
    }
    if (!word->query && ends && run->count >= SEARCH_PHRASE && run->count <= RUN_SYLLABLES) {
        sink->term(sink->context, run->bytes, run->len);
    }
}

/* Bytes of a counter at `at` that repeats an element, "__00__"; 0 when there is none. */
static size_t counter_len(const char *text, size_t len, size_t at)
{
    size_t digits = at + 2;
    if (len - at < 3 || text[at] != '_' || text[at + 1] != '_') {
        return 0;
    }
    while (digits < len && text[digits] >= '0' && text[digits] <= '9') {
        digits++;
    }
    size_t end = digits;
    while (end < len && text[end] == '_') {
        end++;
    }
    bool whole = digits > at + 2 && (end == len || end - digits >= 2 || text[digits] == ' ');
    return whole ? end - at : 0;
}

static void each_term(
    const char *text, size_t len, bool query, bool whole, const struct search_sink *sink)
{
    struct word word = {.query = query, .whole = whole, .sink = sink, .last = SEPARATOR};
    struct run run = {.count = 0};
    struct character ahead = {.code = 0};
    size_t ahead_at = SIZE_MAX; /* where `ahead` stands */
    size_t ahead_end = 0;
    for (size_t at = 0; at < len;) {
        size_t counter = counter_len(text, len, at);
        if (counter > 0) {
            word_end(&word);
            run.len = run.count = 0;
            at += counter;
            continue;
        }
        struct character c = ahead;
        if (at == ahead_at) {
            at = ahead_end;
        } else {
            c = next_character(text, len, &at);
        }
        ahead_at = ahead_end = at;
        ahead = at < len ? next_character(text, len, &ahead_end) : (struct character){.code = 0};
        enum class next = ahead.class;
        if (c.class == MARK) {
            add_mark(&word, c.code);
            continue;
        }
        if (c.class == SEPARATOR || c.class == SYLLABLE) {
            word_end(&word);
        }
        if (c.class == SYLLABLE) {
            add_syllable(&word, &run, c.code, next != SYLLABLE);
            continue;
        }
        run.len = run.count = 0;
        if (c.class != SEPARATOR) {
            word_add(&word, c, next);
        }
    }
    word_end(&word);
}

void search_text_index(const char *text, size_t len, const struct search_sink *sink)
{
    each_term(text, len, false, false, sink);
}

void search_text_query(const char *text, size_t len, const struct search_sink *sink)
{
    each_term(text, len, true, false, sink);
}

void search_text_words(const char *text, size_t len, const struct search_sink *sink)
{
    each_term(text, len, true, true, sink);
}

void search_text_syllables(const char *text, size_t len, struct buf *to)
{
    bool open = false;
    if (plain_is_ascii(text, len)) {
        return;
    }
    for (size_t at = 0; at < len;) {
        struct character c = next_character(text, len, &at);
        if (c.class == SYLLABLE) {
            char bytes[CHARACTER];
            buf_add(to, bytes, encode(c.code, bytes));
        } else if (open) {
            buf_add_char(to, ' ');
        }
        open = c.class == SYLLABLE;
    }
    if (open) {
        buf_add_char(to, ' ');
    }
}

/* ------------------------------------------------------------------ identifiers */

bool search_text_is_id(const char *text, size_t len)
{
    bool irdi = len > 5 && classify((unsigned char)text[0]) == DIGIT && memchr(text, '#', len);
    return irdi || memmem(text, len, "://", 3) != NULL || (len > 4 && memcmp(text, "urn:", 4) == 0);
}

size_t search_text_id(const char *id, size_t len, char term[SEARCH_TERM_MAX])
{
    while (len > 0 && id[len - 1] == '/') {
        len--;
    }
    size_t kept = len <= SEARCH_TERM_MAX ? len : ID_KEPT;
    for (size_t i = 0; i < kept; i++) {
        term[i] = (char)(id[i] >= 'A' && id[i] <= 'Z' ? id[i] + 0x20 : id[i]);
    }
    if (len <= SEARCH_TERM_MAX) {
        return len;
    }
    unsigned char hash[STORE_HASH_BYTES];
    char hex[ID_HASH_HEX + 1];
    store_hash(id, len, hash);
    for (size_t i = 0; i < STORE_HASH_BYTES; i++) {
        snprintf(hex + 2 * i, 3, "%02x", hash[i]);
    }
    memcpy(term + kept, hex, ID_HASH_HEX);
    return kept + ID_HASH_HEX;
}
