/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/identity.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "templates/exported.h"

#define SAMPLE "sample" /* the variant of filled-in examples */

enum {
    MAX_NUMBERS = 4,   /* part, version, revision, bug-fix */
    NUMBER_DIGITS = 3, /* longer digit runs are years or catalogue numbers */
    IDTA_DIGITS = 5,   /* "02006" */
    FAMILY_MAX = 120,  /* bytes of a stem; longer ones are cut and get a hash */
    VARIANT_ROOM = 96, /* bytes of all variant words together */
    LABEL_NUMBERS = 3, /* version, revision, bug-fix */
};

/* Version numbers read from one place, most significant first. */
struct numbers {
    unsigned value[MAX_NUMBERS];
    size_t count;
};

/* An IDTA number with the numbers behind it, "IDTA 02006-3-0-1". */
struct claim {
    char number[IDTA_DIGITS + 1]; /* "" when there is none */
    struct numbers numbers;
};

/* Everything that says something about the identity. */
struct clues {
    const char *name; /* file name without folders, "" */
    struct claim file;
    struct numbers folder;
    struct claim template_id;
    struct numbers administration;
    struct numbers semantic;
    bool extension;  /* the file says that it extends another template */
    size_t siblings; /* templates beside it in its environment */
    size_t rank;     /* how many of them come before it */
};

bool template_is(const struct aas_node *submodel)
{
    const char *kind = aas_text(submodel, PROP_kind);
    return kind != NULL && strcmp(kind, "Template") == 0;
}

/* ------------------------------------------------------------------ reading numbers */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

static void add_number(struct numbers *numbers, unsigned value)
{
    if (numbers->count == MAX_NUMBERS) {
        memmove(numbers->value, numbers->value + 1, (MAX_NUMBERS - 1) * sizeof *numbers->value);
        numbers->count--;
    }
    numbers->value[numbers->count++] = value;
}

/* A number of one to three digits that ends at `end` or at something that is no letter or digit;
 * gives the bytes read, 0 for none. */
static size_t read_number(const char *text, const char *end, unsigned *value)
{
    size_t len = 0;
    *value = 0;
    while (text + len < end && is_digit(text[len]) && len <= NUMBER_DIGITS) {
        *value = *value * 10 + (unsigned)(text[len++] - '0');
    }
    bool ends = text + len == end || !is_word(text[len]);
    return len > 0 && len <= NUMBER_DIGITS && ends ? len : 0;
}

/* True when "IDTA" stands before `at`, blanks and dashes between them, or nothing at all. */
static bool is_introduced(const char *text, const char *at)
{
    const char *before = at;
    while (before > text && strchr(" _-", before[-1]) != NULL) {
        before--;
    }
    if (before - text >= 4 && strncasecmp(before - 4, "idta", 4) == 0) {
        return true;
    }
    return at == text || at[-1] == '/';
}

static bool is_idta_number(const char *at)
{
    if (at[0] != '0') {
        return false;
    }
    for (size_t i = 0; i < IDTA_DIGITS; i++) {
        if (!is_digit(at[i])) {
            return false;
        }
    }
    return !is_word(at[IDTA_DIGITS]);
}

static void read_claim(const char *text, struct claim *claim)
{
    const char *end = text + strlen(text);
    for (const char *at = text; *at != '\0'; at++) {
        if (!is_idta_number(at) || !is_introduced(text, at)) {
            continue;
        }
        memcpy(claim->number, at, IDTA_DIGITS);
        at += IDTA_DIGITS;
        unsigned value = 0;
        size_t len = 0;
        while (at < end && strchr("-_.", *at) != NULL &&
               (len = read_number(at + 1, end, &value)) > 0 && claim->numbers.count < MAX_NUMBERS) {
            add_number(&claim->numbers, value);
            at += 1 + len;
        }
        return;
    }
}

/* The numbers of the innermost folders: "Digital nameplate/3/0/1/" */
static void read_folders(const char *source, const char *name, struct numbers *numbers)
{
    unsigned reversed[LABEL_NUMBERS];
    size_t count = 0;
    const char *end = name;
    while (end > source && count < LABEL_NUMBERS) {
        const char *start = --end; /* the separator behind the folder */
        while (start > source && start[-1] != '/' && start[-1] != '\\') {
            start--;
        }
        unsigned value = 0;
        size_t len = read_number(start, end, &value);
        if (len == 0 || start + len != end) {
            break;
        }
        reversed[count++] = value;
        end = start;
    }
    for (size_t i = count; count >= 2 && i > 0; i--) {
        add_number(numbers, reversed[i - 1]);
    }
}

/* "3", "v3", "1.0.2": true when the whole segment is a version. */
static bool read_segment(const char *text, const char *end, struct numbers *numbers)
{
    struct numbers read = {.count = 0};
    if (text < end && (*text == 'v' || *text == 'V')) {
        text++;
    }
    while (text < end && read.count < LABEL_NUMBERS) {
        unsigned value = 0;
        size_t len = read_number(text, end, &value);
        if (len == 0) {
            return false;
        }
        add_number(&read, value);
        text += len;
        if (text < end && *text == '.') {
            text++;
        }
    }
    for (size_t i = 0; text == end && i < read.count; i++) {
        add_number(numbers, read.value[i]);
    }
    return text == end && read.count > 0;
}

/* The last run of version segments of an identifier; [*start, *end) is where it stands. */
static void read_version(
    const char *iri, struct numbers *numbers, const char **start, const char **end)
{
    struct numbers run = {.count = 0};
    const char *run_start = iri;
    *start = *end = iri + strlen(iri);
    for (const char *at = iri;;) {
        const char *stop = at + strcspn(at, "/#:?&=");
        if (run.count == 0) {
            run_start = at;
        }
        if (at < stop && read_segment(at, stop, &run)) {
            *numbers = run;
            *start = run_start;
            *end = stop;
        } else {
            run.count = 0;
        }
        if (*stop == '\0') {
            break;
        }
        at = stop + 1;
    }
}

static bool is_irdi(const char *id)
{
    return is_digit(id[0]) && strchr(id, '#') != NULL;
}

/* ------------------------------------------------------------------ names made of identifiers */

static uint32_t hash_of(const char *text)
{
    uint32_t hash = 2166136261u; /* FNV-1a */
    for (; *text != '\0'; text++) {
        hash = (hash ^ (unsigned char)*text) * 16777619u;
    }
    return hash;
}

/* Appends text[0..len) as [a-z0-9.] with single dashes between; true when letters got lost. */
static bool slug_add(char *to, size_t *used, const char *text, size_t len)
{
    bool lost = false;
    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        lost |= (unsigned char)c >= 0x80;
        bool kept = is_digit(c) || c == '.' || (isalpha((unsigned char)c) && isascii(c));
        if (*used == FAMILY_MAX) {
            return true;
        }
        if (kept) {
            to[(*used)++] = (char)tolower((unsigned char)c);
        } else if (*used > 0 && to[*used - 1] != '-') {
            to[(*used)++] = '-';
        }
    }
    return lost;
}

/* The key made of text[0..cut) and of what stands behind `rest`; NULL when the arena is full. What
 * letters of other scripts or the length take away is made up for by a hash. */
static const char *slug(struct arena *arena, const char *text, size_t cut, const char *rest)
{
    char made[FAMILY_MAX + 1];
    size_t used = 0;
    bool lost = slug_add(made, &used, text, cut);
    if (*rest != '\0') {
        lost |= slug_add(made, &used, "-", 1);
        lost |= slug_add(made, &used, rest, strlen(rest));
    }
    while (used > 0 && (made[used - 1] == '-' || made[used - 1] == '.')) {
        used--;
    }
    size_t skip = strspn(made, used > 0 && made[0] == '.' ? "." : "");
    made[used] = '\0';
    if (lost || used == 0) {
        return arena_printf(
            arena, "%s%s%08x", made + skip, used > 0 ? "-" : "template-", hash_of(text));
    }
    return arena_copy(arena, made + skip, used - skip);
}

/* The identifier without scheme and version. */
static const char *stem(struct arena *arena, const char *iri)
{
    struct numbers numbers = {.count = 0};
    const char *start = NULL;
    const char *end = NULL;
    read_version(iri, &numbers, &start, &end);
    const char *scheme = strstr(iri, "://");
    const char *from = scheme != NULL ? scheme + 3 : iri;
    if (start < from) {
        start = end = iri + strlen(iri);
    }
    return slug(arena, from, (size_t)(start - from), end);
}

static const char *last_key(const struct aas_node *reference)
{
    const char *value = aas_last_key(reference);
    return value != NULL && value[0] != '\0' ? value : NULL;
}

/* ------------------------------------------------------------------ gathering */

static const char *text_or_empty(const struct aas_node *node, enum meta_prop_id id)
{
    const char *text = node == NULL ? NULL : aas_text(node, id);
    return text == NULL ? "" : text;
}

/* Templates of one environment are ordered by id, so that their order in a file does not count. */
static void rank_among_siblings(const struct aas_node *submodel, struct clues *clues)
{
    size_t count = 0;
    struct aas_node **all =
        submodel->parent == NULL ? NULL : aas_list(submodel->parent, PROP_submodels, &count);
    if (!template_is(submodel)) {
        return;
    }
    const char *id = text_or_empty(submodel, PROP_id);
    for (size_t i = 0; i < count; i++) {
        if (all[i] == submodel || all[i]->cls != submodel->cls || !template_is(all[i])) {
            continue;
        }
        int order = strcmp(text_or_empty(all[i], PROP_id), id);
        clues->siblings++;
        clues->rank += order < 0 || (order == 0 && all[i]->index < submodel->index);
    }
}

static bool name_has(const char *name, const char *word)
{
    size_t matched = 0; /* case and everything between letters are ignored */
    for (const char *at = name; *at != '\0'; at++) {
        const char *in = at;
        for (matched = 0; word[matched] != '\0'; in++) {
            if (*in != '\0' && !is_word(*in)) {
                continue;
            }
            if (tolower((unsigned char)*in) != word[matched]) {
                break;
            }
            matched++;
        }
        if (word[matched] == '\0') {
            return true;
        }
    }
    return false;
}

static void gather(const struct aas_node *submodel, const char *source, struct clues *clues)
{
    if (source != NULL) {
        const char *slash = strrchr(source, '/');
        const char *backslash = strrchr(source, '\\');
        const char *last = backslash > slash || slash == NULL ? backslash : slash;
        clues->name = last != NULL ? last + 1 : source;
        read_claim(clues->name, &clues->file);
        read_folders(source, clues->name, &clues->folder);
        clues->extension = name_has(clues->name, "extensionbasedon");
    }
    const struct aas_node *administration = aas_child(submodel, PROP_administration);
    read_claim(text_or_empty(administration, PROP_templateId), &clues->template_id);
    const char *version = text_or_empty(administration, PROP_version);
    const char *revision = text_or_empty(administration, PROP_revision);
    if (read_segment(version, version + strlen(version), &clues->administration) &&
        clues->administration.count == 1) {
        (void)read_segment(revision, revision + strlen(revision), &clues->administration);
    }
    const char *semantic = last_key(aas_child(submodel, PROP_semanticId));
    const char *start = NULL;
    const char *end = NULL;
    if (semantic != NULL && !is_irdi(semantic)) {
        read_version(semantic, &clues->semantic, &start, &end);
    }
    if (clues->semantic.count == 0) {
        read_version(text_or_empty(submodel, PROP_id), &clues->semantic, &start, &end);
        if (clues->semantic.count < 2) {
            clues->semantic.count = 0; /* ids end with all sorts of single numbers */
        }
    }
    rank_among_siblings(submodel, clues);
}

/* ------------------------------------------------------------------ deciding */

/* True when both say something and version and, if both have one, revision are the same. */
static bool agree(const struct numbers *a, const struct numbers *b)
{
    return a->count > 0 && b->count > 0 && a->value[0] == b->value[0] &&
           (a->count < 2 || b->count < 2 || a->value[1] == b->value[1]);
}

/* Which number counts: the file's, unless the file has several templates and this one says that it
 * is another. NULL: none. */
static const struct claim *choose_claim(const struct clues *clues)
{
    const struct claim *file = clues->file.number[0] != '\0' ? &clues->file : NULL;
    const struct claim *own = clues->template_id.number[0] != '\0' ? &clues->template_id : NULL;
    bool other = file != NULL && own != NULL && strcmp(file->number, own->number) != 0;
    return file == NULL || (other && clues->siblings > 0) ? own : file;
}

/* Takes the part number out of the numbers behind an IDTA number: "02031-2", "02011-1". Where a
 * file name of an extension goes on, it repeats the version of what it extends; only its bug-fix
 * level counts then. */
static unsigned split_part(
    const struct clues *clues, const struct claim *claim, struct numbers *numbers, unsigned *bugfix)
{
    *numbers = claim->numbers;
    const struct claim *own = &clues->template_id;
    bool own_part = own->numbers.count == 1 && strcmp(own->number, claim->number) == 0;
    if (clues->extension && numbers->count > 0) {
        *bugfix = numbers->count == LABEL_NUMBERS ? numbers->value[2] : 0;
        numbers->count = 0;
        return claim->numbers.value[0];
    }
    struct numbers shifted = {.count = numbers->count - (numbers->count > 0)};
    memcpy(shifted.value, numbers->value + 1, sizeof shifted.value - sizeof *shifted.value);
    bool first_is_part =
        numbers->count == 1 || numbers->count == MAX_NUMBERS ||
        (own_part && numbers->count == 3 && numbers->value[0] == own->numbers.value[0] &&
            agree(&shifted, &clues->administration));
    if (first_is_part) {
        unsigned part = numbers->value[0];
        *numbers = shifted;
        return part;
    }
    return own_part ? own->numbers.value[0] : 0;
}

static void take_bugfix(
    const struct numbers *from, const struct numbers *base, struct template_identity *identity)
{
    if (from->count > 2 && agree(from, base) && from->value[2] > identity->bugfix) {
        identity->bugfix = from->value[2];
    }
}

static void decide_version(const struct clues *clues, const struct numbers *named, bool numbered,
    struct template_identity *identity)
{
    const struct numbers *own =
        clues->administration.count > 0 ? &clues->administration : &clues->semantic;
    const struct numbers *folder = &clues->folder;
    bool folder_counts = folder->count > 0 && (numbered || agree(folder, own)) &&
                         (own->count == 0 || agree(folder, own));
    const struct numbers *base = own;
    if (named->count >= 2 && (!folder_counts || agree(named, folder)) &&
        (clues->rank == 0 || own->count == 0 || agree(named, own))) {
        base = named;
    } else if (folder_counts || (numbered && folder->count > 0 && own->count == 0)) {
        base = folder;
    } else if (own->count == 0 && clues->template_id.numbers.count >= 2) {
        base = &clues->template_id.numbers;
    }
    identity->version = base->count > 0 ? base->value[0] : 0;
    identity->revision = base->count > 1 ? base->value[1] : 0;
    take_bugfix(named, base, identity);
    take_bugfix(folder, base, identity);
    take_bugfix(&clues->administration, base, identity);
    take_bugfix(&clues->semantic, base, identity);
    take_bugfix(&clues->template_id.numbers, base, identity);
}

static const char *decide_family(struct arena *arena, const struct aas_node *submodel,
    const struct clues *clues, const struct claim *claim, unsigned part)
{
    const char *id_short = text_or_empty(submodel, PROP_idShort);
    if (claim == NULL) {
        const char *semantic = last_key(aas_child(submodel, PROP_semanticId));
        const char *id = text_or_empty(submodel, PROP_id);
        return stem(arena, semantic != NULL ? semantic : id[0] != '\0' ? id : id_short);
    }
    const char *family = part > 0 ? arena_printf(arena, "idta-%s-%u", claim->number, part)
                                  : arena_printf(arena, "idta-%s", claim->number);
    bool shared = claim == &clues->file && clues->rank > 0 &&
                  strcmp(clues->template_id.number, claim->number) != 0;
    if (family == NULL || !shared) {
        return family;
    }
    const char *name = slug(arena, id_short, strlen(id_short), "");
    return name == NULL ? NULL : arena_printf(arena, "%s.%s", family, name);
}

/* ------------------------------------------------------------------ variant, label, title */

static bool has_whole_word(const char *name, const char *word)
{
    size_t len = strlen(word);
    for (const char *at = name; *at != '\0'; at++) {
        if (strncasecmp(at, word, len) == 0 && !is_word(at[len]) &&
            (at == name || !is_word(at[-1]))) {
            return true;
        }
    }
    return false;
}

static void add_variant(char variant[VARIANT_ROOM], const char *word)
{
    size_t used = strlen(variant);
    snprintf(variant + used, VARIANT_ROOM - used, "%s%s", used > 0 ? "+" : "", word);
}

static const char *decide_variant(struct arena *arena, const char *name)
{
    char variant[VARIANT_ROOM] = "";
    if (name_has(name, "withoutexamplevalues")) {
        add_variant(variant, "without-examplevalues");
    }
    for (char minor = '0'; minor <= '9'; minor++) {
        char word[] = {'f', 'o', 'r', 'a', 'a', 's', 'm', 'e', 't', 'a', 'm', 'o', 'd', 'e', 'l',
            'v', '3', minor, '\0'};
        char made[] = {'a', 'a', 's', '-', '3', '.', minor, '\0'};
        if (name_has(name, word)) {
            add_variant(variant, made);
        }
    }
    if (has_whole_word(name, "sample") || has_whole_word(name, "example")) {
        add_variant(variant, SAMPLE);
    }
    if (name_has(name, "withoperations")) {
        add_variant(variant, "with-operations");
    }
    return arena_copy(arena, variant, strlen(variant));
}

static const char *decide_title(struct arena *arena, const struct aas_node *submodel)
{
    size_t count = 0;
    struct aas_node **names = aas_list(submodel, PROP_displayName, &count);
    const char *title = count == 0 ? "" : text_or_empty(names[0], PROP_text);
    for (size_t i = 0; i < count; i++) {
        if (strncasecmp(text_or_empty(names[i], PROP_language), "en", 2) == 0) {
            title = text_or_empty(names[i], PROP_text);
            break;
        }
    }
    if (title[0] == '\0') {
        title = text_or_empty(submodel, PROP_idShort);
    }
    const char *counter = strstr(title, "__"); /* "ControlConfig__00__" */
    bool counted = counter != NULL && is_digit(counter[2]) && counter > title;
    return arena_copy(arena, title, counted ? (size_t)(counter - title) : strlen(title));
}

static const char *make_label(struct arena *arena, const struct template_identity *identity)
{
    const char *plus = identity->variant[0] != '\0' ? "+" : "";
    if (identity->bugfix == 0) {
        return arena_printf(
            arena, "%u.%u%s%s", identity->version, identity->revision, plus, identity->variant);
    }
    return arena_printf(arena, "%u.%u.%u%s%s", identity->version, identity->revision,
        identity->bugfix, plus, identity->variant);
}

/* The name that an export gives says it all; of several templates in one file each keeps the family
 * it has by itself. */
static void take_exported(struct arena *arena, const char *source, const struct clues *clues,
    struct template_identity *made)
{
    const char *family = made->family;
    if (template_exported_read(arena, source, made) && clues->siblings > 0) {
        made->family = family;
    }
}

enum err_code template_identify(struct arena *arena, const struct aas_node *submodel,
    const char *source, struct template_identity *identity)
{
    struct clues clues = {.name = ""};
    struct template_identity made = {.bugfix = 0};
    struct numbers named = {.count = 0};
    unsigned part = 0;
    gather(submodel, source, &clues);
    const struct claim *claim = choose_claim(&clues);
    if (claim != NULL) {
        part = split_part(&clues, claim, &named, &made.bugfix);
    }
    if (clues.folder.count > 2 && clues.extension) {
        made.bugfix = 0; /* the folder says it */
    }
    decide_version(&clues, &named, claim != NULL, &made);
    made.family = decide_family(arena, submodel, &clues, claim, part);
    made.variant = decide_variant(arena, clues.name);
    take_exported(arena, source, &clues, &made);
    made.title = decide_title(arena, submodel);
    if (made.family == NULL || made.variant == NULL || made.title == NULL) {
        return ERR_TOO_LARGE;
    }
    if (made.title[0] == '\0') {
        made.title = made.family;
    }
    made.label = make_label(arena, &made);
    if (made.label == NULL) {
        return ERR_TOO_LARGE;
    }
    *identity = made;
    return ERR_OK;
}

bool template_is_sample(const struct aas_node *submodel, const struct template_identity *identity)
{
    return !template_is(submodel) && strncmp(identity->family, "idta-", 5) == 0 &&
           strstr(identity->variant, SAMPLE) != NULL;
}
