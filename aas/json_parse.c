/* SPDX-License-Identifier: Apache-2.0 */
/* The strict reader of any JSON (RFC 8259): one pass, recursion bounded by AAS_JSON_MAX_DEPTH. */
#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#include "aas/json.h"
#include "aas/meta.h"
#include "aas/path.h"
#include "aas/plain.h"

struct scan {
    struct arena *arena;
    const char *at;
    const char *end;
    const char *line_start;
    uint32_t line;
    unsigned depth;
    unsigned max_depth;
    struct json_place deep; /* where AAS_JSON_MAX_DEPTH was passed first */
    struct err *err;
};

static uint32_t column_of(const struct scan *s, const char *at)
{
    return (uint32_t)(at - s->line_start) + 1;
}

static enum err_code fail(
    struct scan *s, const char *at, const char *rule, const char *text, const char *remedy)
{
    err_set(s->err, ERR_UNREADABLE, "%s", text);
    err_rule(s->err, rule, remedy);
    err_place(s->err, NULL, s->line, column_of(s, at));
    return ERR_UNREADABLE;
}

static enum err_code syntax(struct scan *s, const char *text)
{
    return fail(s, s->at, "JSON-syntax", s->at < s->end ? text : "the document ends too early",
        s->at < s->end ? "Correct the JSON at this place." : "Send the whole document.");
}

static enum err_code no_room(struct scan *s)
{
    err_set(s->err, ERR_TOO_LARGE, "the document needs more memory than allowed");
    err_rule(s->err, "JSON-size", "Split the document into smaller ones.");
    err_place(s->err, NULL, s->line, column_of(s, s->at));
    return ERR_TOO_LARGE;
}

static void skip_more_space(struct scan *s)
{
    for (; s->at < s->end; s->at++) {
        if (*s->at == '\n') {
            s->line++;
            s->line_start = s->at + 1;
        } else if (*s->at != ' ' && *s->at != '\t' && *s->at != '\r') {
            return;
        }
    }
}

/* Most documents have none where it could be. */
static inline void skip_space(struct scan *s)
{
    if (s->at < s->end && (unsigned char)*s->at <= ' ') {
        skip_more_space(s);
    }
}

/* ------------------------------------------------------------------ strings */

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The four hex digits at `at`, or -1. */
static long hex4(const char *at, const char *end)
{
    long value = 0;
    for (int i = 0; i < 4; i++) {
        int digit = at + i < end ? hex_digit(at[i]) : -1;
        if (digit < 0) {
            return -1;
        }
        value = value * 16 + digit;
    }
    return value;
}

static char *put_utf8(char *to, unsigned long c)
{
    if (c < 0x80) {
        *to++ = (char)c;
    } else if (c < 0x800) {
        *to++ = (char)(0xC0 | (c >> 6));
        *to++ = (char)(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        *to++ = (char)(0xE0 | (c >> 12));
        *to++ = (char)(0x80 | ((c >> 6) & 0x3F));
        *to++ = (char)(0x80 | (c & 0x3F));
    } else {
        *to++ = (char)(0xF0 | (c >> 18));
        *to++ = (char)(0x80 | ((c >> 12) & 0x3F));
        *to++ = (char)(0x80 | ((c >> 6) & 0x3F));
        *to++ = (char)(0x80 | (c & 0x3F));
    }
    return to;
}

/* Decodes \uXXXX (and the second half of a pair); `at` stands behind the 'u'. */
static enum err_code decode_unicode(struct scan *s, const char **at, char **to)
{
    long c = hex4(*at, s->end);
    if (c < 0) {
        return fail(s, *at, "JSON-syntax", "\\u needs four hexadecimal digits",
            "Write the character itself or \\u with four digits.");
    }
    *at += 4;
    if (c == 0) {
        return fail(s, *at - 6, "AASd-130", "the character \\u0000 is not allowed in a text",
            "Remove the character; a text holds only characters that XML 1.0 knows.");
    }
    if (c >= 0xD800 && c < 0xE000) {
        long low = c < 0xDC00 && s->end - *at > 2 && (*at)[0] == '\\' && (*at)[1] == 'u'
                       ? hex4(*at + 2, s->end)
                       : -1;
        if (low < 0xDC00 || low > 0xDFFF) {
            return fail(s, *at - 6, "AASd-130", "half of a surrogate pair stands alone",
                "Write the character as UTF-8 or as both halves of the pair.");
        }
        *at += 6;
        c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
    }
    *to = put_utf8(*to, (unsigned long)c);
    return ERR_OK;
}

static enum err_code decode_escape(struct scan *s, const char **at, char **to)
{
    static const char from[] = "\"\\/bfnrt";
    static const char plain[] = "\"\\/\b\f\n\r\t";
    char c = **at;
    ++*at;
    if (c == 'u') {
        return decode_unicode(s, at, to);
    }
    const char *found = c == '\0' ? NULL : strchr(from, c);
    if (found == NULL) {
        return fail(s, *at - 2, "JSON-syntax", "this escape does not exist in JSON",
            "Only \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\uXXXX exist.");
    }
    *(*to)++ = plain[found - from];
    return ERR_OK;
}

/* The end of the string (its closing quote), checking what stands inside; NULL after a failure. */
static const char *string_end(struct scan *s, bool *escaped, bool *ascii, enum err_code *code)
{
    uint64_t high = 0;
    const char *at = s->at + plain_json_run(s->at, (size_t)(s->end - s->at), &high);
    unsigned char seen = (high & PLAIN_HIGH) != 0 ? 0x80 : 0;
    for (; at < s->end; at++) {
        unsigned char c = (unsigned char)*at;
        seen |= c;
        if (c == '"') {
            *ascii = seen < 0x80;
            return at;
        }
        if (c == '\\') {
            *escaped = true;
            at++;
        } else if (c < 0x20) {
            *code = fail(s, at, "JSON-syntax", "a control character stands inside a string",
                "Write it as an escape, for example \\n or \\t.");
            return NULL;
        }
    }
    s->at = s->end;
    *code = syntax(s, "");
    return NULL;
}

/* A string as it stands in the document, not yet decoded. */
struct raw {
    const char *at; /* behind the opening quote */
    const char *end;
    bool escaped;
};

static enum err_code read_unusual(struct scan *s, struct raw *raw)
{
    enum err_code code = ERR_OK;
    bool ascii = true;
    size_t bad = 0;
    raw->end = string_end(s, &raw->escaped, &ascii, &code);
    if (raw->end == NULL) {
        return code;
    }
    if (!ascii && !aas_utf8_valid(s->at, (size_t)(raw->end - s->at), &bad)) {
        return fail(s, s->at + bad, "JSON-utf8", "these bytes are not UTF-8",
            "Save the document as UTF-8.");
    }
    return ERR_OK;
}

/* Most strings are ASCII in which every character stands for itself. */
static inline enum err_code read_raw(struct scan *s, struct raw *raw)
{
    s->at++; /* the opening quote */
    raw->at = s->at;
    raw->end = plain_string_end(s->at, s->end);
    raw->escaped = false;
    return raw->end != NULL ? ERR_OK : read_unusual(s, raw);
}

/* In place: what is decoded is never longer. */
static enum err_code decode(struct scan *s, const struct raw *raw, char *copy, size_t *len)
{
    char *to = copy;
    for (const char *at = raw->at; at < raw->end;) {
        if (*at != '\\') {
            *to++ = *at++;
            continue;
        }
        at++;
        enum err_code code = decode_escape(s, &at, &to);
        if (code != ERR_OK) {
            return code;
        }
    }
    *to = '\0';
    *len = (size_t)(to - copy);
    return ERR_OK;
}

static enum err_code copy_string(
    struct scan *s, const struct raw *raw, const char **text, size_t *len)
{
    *len = (size_t)(raw->end - raw->at);
    char *copy = arena_take(s->arena, *len + 1, 1);
    if (copy == NULL) {
        return no_room(s);
    }
    plain_copy(copy, raw->at, *len);
    copy[*len] = '\0';
    *text = copy;
    enum err_code code = raw->escaped ? decode(s, raw, copy, len) : ERR_OK;
    if (code == ERR_OK) {
        s->at = raw->end + 1;
    }
    return code == ERR_OK && *len > UINT32_MAX ? no_room(s) : code;
}

/* ------------------------------------------------------------------ numbers and words */

static const char *digits(const char *at, const char *end)
{
    while (at < end && *at >= '0' && *at <= '9') {
        at++;
    }
    return at;
}

/* The end of a number in the grammar of RFC 8259, or NULL. */
static const char *number_end(const char *at, const char *end)
{
    at += at < end && *at == '-';
    const char *whole = digits(at, end);
    if (whole == at || (*at == '0' && whole - at > 1)) {
        return NULL;
    }
    at = whole;
    if (at < end && *at == '.') {
        const char *fraction = digits(at + 1, end);
        if (fraction == at + 1) {
            return NULL;
        }
        at = fraction;
    }
    if (at < end && (*at == 'e' || *at == 'E')) {
        at++;
        at += at < end && (*at == '+' || *at == '-');
        const char *exponent = digits(at, end);
        if (exponent == at) {
            return NULL;
        }
        at = exponent;
    }
    return at;
}

static bool ends_a_value(const struct scan *s, const char *at)
{
    return at == s->end || strchr(" \t\r\n,]}", *at) != NULL;
}

static enum err_code read_number(struct scan *s, struct json *value)
{
    const char *end = number_end(s->at, s->end);
    if (end == NULL || !ends_a_value(s, end) || (end < s->end && *end == '\0')) {
        return fail(s, s->at, "JSON-number", "this is not a number as JSON writes it",
            "Write numbers without leading zeros or plus sign, with digits around the point.");
    }
    value->kind = JSON_NUMBER;
    value->len = (uint32_t)(end - s->at);
    value->text = arena_copy(s->arena, s->at, value->len);
    s->at = end;
    return value->text == NULL ? no_room(s) : ERR_OK;
}

static enum err_code read_word(struct scan *s, struct json *value)
{
    static const struct {
        const char *word;
        enum json_kind kind;
    } words[] = {{"true", JSON_TRUE}, {"false", JSON_FALSE}, {"null", JSON_NULL}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t len = strlen(words[i].word);
        if ((size_t)(s->end - s->at) >= len && memcmp(s->at, words[i].word, len) == 0) {
            value->kind = words[i].kind;
            s->at += len;
            return ERR_OK;
        }
    }
    return syntax(s, "no JSON value begins like this");
}

/* ------------------------------------------------------------------ arrays and objects */

static enum err_code read_value(struct scan *s, struct json *value);

static struct json *new_value(struct scan *s)
{
    struct json *value = arena_take(s->arena, sizeof *value, alignof(struct json));
    if (value != NULL) {
        *value = (struct json){.line = s->line, .column = column_of(s, s->at)};
    }
    return value;
}

static int by_name(const void *a, const void *b)
{
    const struct json *const *x = a;
    const struct json *const *y = b;
    size_t len = (*x)->name_len < (*y)->name_len ? (*x)->name_len : (*y)->name_len;
    int order = memcmp((*x)->name, (*y)->name, len);
    return order != 0 ? order : (int)(*x)->name_len - (int)(*y)->name_len;
}

/* Two members of one name; the later one of the pair, or NULL. Sorted, so that a body of a hundred
 * thousand keys costs what sorting costs. */
static const struct json *duplicate(struct scan *s, const struct json *object, bool *room)
{
    struct json **sorted = arena_alloc(s->arena, object->count * sizeof *sorted);
    *room = sorted != NULL;
    if (sorted == NULL) {
        return NULL;
    }
    size_t n = 0;
    for (struct json *member = object->first; member != NULL; member = member->next) {
        sorted[n++] = member;
    }
    qsort(sorted, n, sizeof *sorted, by_name);
    for (size_t i = 1; i < n; i++) {
        if (by_name(&sorted[i - 1], &sorted[i]) == 0) {
            bool later = sorted[i]->line > sorted[i - 1]->line ||
                         (sorted[i]->line == sorted[i - 1]->line &&
                             sorted[i]->column > sorted[i - 1]->column);
            return later ? sorted[i] : sorted[i - 1];
        }
    }
    return NULL;
}

/* Small objects are compared pairwise: no memory, and faster than sorting up to this many. */
enum { PAIRWISE_MEMBERS = 16 };

/* The attributes of the metamodel and modelType are told apart by their numbers, and no other key
 * is named like one of them. */
static const struct json *duplicate_known(const struct json *object, size_t *others)
{
    uint64_t seen[4] = {0};
    for (const struct json *member = object->first; member != NULL; member = member->next) {
        uint64_t bit = UINT64_C(1) << member->known % 64;
        if (member->known == 0) {
            ++*others;
        } else if (seen[member->known / 64] & bit) {
            return member;
        }
        seen[member->known / 64] |= bit;
    }
    return NULL;
}

static const struct json *duplicate_pairwise(const struct json *object)
{
    for (const struct json *a = object->first; a != NULL; a = a->next) {
        for (const struct json *b = a->known == 0 ? a->next : NULL; b != NULL; b = b->next) {
            if (a->name_len == b->name_len && memcmp(a->name, b->name, a->name_len) == 0) {
                return b;
            }
        }
    }
    return NULL;
}

static enum err_code check_duplicates(struct scan *s, const struct json *object)
{
    bool room = true;
    size_t others = 0;
    const struct json *twice = duplicate_known(object, &others);
    if (twice == NULL && others > 1) {
        twice = object->count <= PAIRWISE_MEMBERS ? duplicate_pairwise(object)
                                                  : duplicate(s, object, &room);
    }
    if (!room) {
        return no_room(s);
    }
    if (twice != NULL) {
        err_set(
            s->err, ERR_UNREADABLE, "the key \"%.80s\" stands twice in one object", twice->name);
        err_rule(s->err, "JSON-duplicate-key", "Keep one of the two.");
        err_place(s->err, NULL, twice->line, twice->column);
        return ERR_UNREADABLE;
    }
    return ERR_OK;
}

enum { MAX_NAME = (1 << 20) - 1 }; /* bytes */

void json_name(struct json *member, enum meta_prop_id id)
{
    member->name = meta_prop_name(id);
    member->name_len = (unsigned)meta_prop_name_len(id) & MAX_NAME;
    member->known = (unsigned char)(id + 1);
}

/* Names that nearly every key of a document has; no copy of them is needed. */
static inline bool name_known(struct json *member, const char *name, size_t len)
{
    static const char model_type[] = "modelType";
    int id = meta_prop_by_name(name, len);
    if (id >= 0) {
        json_name(member, (enum meta_prop_id)id);
    } else if (len == sizeof model_type - 1 && memcmp(name, model_type, len) == 0) {
        member->name = model_type;
        member->name_len = sizeof model_type - 1;
        member->known = JSON_MODEL_TYPE;
    }
    return member->known != 0;
}

static enum err_code read_name(struct scan *s, struct json *member)
{
    if (s->at == s->end || *s->at != '"') {
        return syntax(s, "a key in double quotes is expected here");
    }
    struct raw raw;
    size_t len = 0;
    enum err_code code = read_raw(s, &raw);
    if (code == ERR_OK && name_known(member, raw.at, (size_t)(raw.end - raw.at))) {
        s->at = raw.end + 1;
    } else if (code == ERR_OK) {
        code = copy_string(s, &raw, &member->name, &len);
    }
    if (code != ERR_OK) {
        return code;
    }
    if (len > MAX_NAME) {
        return fail(s, raw.at, "JSON-size", "a key is longer than 1 MiB", "Shorten it.");
    }
    if (member->known == 0) {
        member->name_len = (unsigned)len & MAX_NAME;
        (void)(raw.escaped && name_known(member, member->name, len));
    }
    skip_space(s);
    if (s->at == s->end || *s->at != ':') {
        return syntax(s, "a colon is expected after the key");
    }
    s->at++;
    skip_space(s);
    return ERR_OK;
}

static enum err_code read_members(struct scan *s, struct json *parent, char close)
{
    struct json **tail = &parent->first;
    for (;;) {
        skip_space(s);
        struct json *value = new_value(s);
        if (value == NULL) {
            return no_room(s);
        }
        enum err_code code = close == '}' ? read_name(s, value) : ERR_OK;
        if (code == ERR_OK) {
            code = read_value(s, value);
        }
        if (code != ERR_OK) {
            return code;
        }
        *tail = value;
        tail = &value->next;
        parent->count++;
        skip_space(s);
        if (s->at < s->end && *s->at == ',') {
            s->at++;
            continue;
        }
        if (s->at < s->end && *s->at == close) {
            s->at++;
            return ERR_OK;
        }
        return syntax(
            s, close == '}' ? "a comma or } is expected here" : "a comma or ] is expected here");
    }
}

static enum err_code read_container(struct scan *s, struct json *value, char close)
{
    if (s->depth == AAS_JSON_MAX_DEPTH && s->deep.line == 0) {
        s->deep = (struct json_place){s->line, column_of(s, s->at)};
    }
    if (s->depth == s->max_depth) {
        return fail(s, s->at, "JSON-depth", "the document is nested deeper than 128 levels",
            "Flatten the document.");
    }
    value->kind = close == '}' ? JSON_OBJECT : JSON_ARRAY;
    s->depth++;
    s->at++;
    skip_space(s);
    enum err_code code = ERR_OK;
    if (s->at < s->end && *s->at == close) {
        s->at++;
    } else {
        code = read_members(s, value, close);
    }
    s->depth--;
    return code == ERR_OK && close == '}' ? check_duplicates(s, value) : code;
}

static enum err_code read_value(struct scan *s, struct json *value)
{
    if (s->at == s->end) {
        return syntax(s, "");
    }
    if (*s->at == '"') {
        struct raw raw;
        size_t len = 0;
        const char *text = NULL;
        enum err_code code = read_raw(s, &raw);
        code = code == ERR_OK ? copy_string(s, &raw, &text, &len) : code;
        value->kind = JSON_STRING;
        value->text = text;
        value->len = (uint32_t)len;
        return code;
    }
    if (*s->at == '{') {
        return read_container(s, value, '}');
    }
    if (*s->at == '[') {
        return read_container(s, value, ']');
    }
    if (*s->at == '-' || (*s->at >= '0' && *s->at <= '9')) {
        return read_number(s, value);
    }
    return read_word(s, value);
}

static enum err_code read_document(struct scan *s, struct json **value)
{
    if (s->end - s->at >= 3 && memcmp(s->at, "\xEF\xBB\xBF", 3) == 0) {
        s->at += 3;
        s->line_start += 3;
    }
    skip_space(s);
    struct json *root = new_value(s);
    if (root == NULL) {
        return no_room(s);
    }
    enum err_code code = read_value(s, root);
    if (code != ERR_OK) {
        return code;
    }
    skip_space(s);
    if (s->at != s->end) {
        return fail(s, s->at, "JSON-trailing", "something stands behind the end of the document",
            "Remove everything after the closing bracket.");
    }
    *value = root;
    return ERR_OK;
}

enum err_code json_read(
    struct arena *arena, const char *bytes, size_t len, struct json **value, struct err *err)
{
    struct scan s = {.arena = arena,
        .at = bytes,
        .end = bytes + len,
        .line_start = bytes,
        .line = 1,
        .max_depth = AAS_JSON_MAX_DEPTH,
        .err = err};
    return read_document(&s, value);
}

enum err_code json_read_environment(struct arena *arena, const char *bytes, size_t len,
    struct json **value, struct json_place *deep, struct err *err)
{
    struct scan s = {.arena = arena,
        .at = bytes,
        .end = bytes + len,
        .line_start = bytes,
        .line = 1,
        .max_depth = AAS_JSON_ENVIRONMENT_DEPTH,
        .err = err};
    enum err_code code = read_document(&s, value);
    if (deep != NULL) {
        *deep = s.deep;
    }
    return code;
}

const struct json *json_member(const struct json *object, const char *name)
{
    size_t len = strlen(name);
    if (object == NULL || object->kind != JSON_OBJECT) {
        return NULL;
    }
    for (const struct json *member = object->first; member != NULL; member = member->next) {
        if (member->name_len == len && memcmp(member->name, name, len) == 0) {
            return member;
        }
    }
    return NULL;
}
