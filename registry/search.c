/* SPDX-License-Identifier: Apache-2.0 */
/* What a thing is found by: one walk over the metamodel table, outside of any transaction. */
#include <stdlib.h>
#include <string.h>

#include "registry/registry.h"
#include "registry/search_phrases.h"
#include "registry/search_record.h"
#include "registry/search_values.h"

enum {
    FIRST_ROOM = 256,
    MAX_FACETS = 200, /* of one thing; more languages or kinds than there are */
    DESCRIPTION_SHOWN = 300,
    LANGUAGE_ROOM = 16,
    VALUE_WEIGHT = 2,
    NAME_JOINED = 300, /* bytes of a name that is also taken without blanks */
    SYLLABLE_CEILING = 32 << 20,
};

enum form {
    FORM_TEXT,
    FORM_ID,    /* found as a whole and by its words, which count one below */
    FORM_WHOLE, /* found as a whole only */
};

/* How much an attribute counts: in the thing itself, and in the elements and concept descriptions
 * below it; and where it is found by those who say where. */
struct rule {
    uint8_t own;
    uint8_t below;
    uint8_t fields;
    enum form form;
};

static const struct rule rules[PROP_COUNT] = {
    [PROP_idShort] = {8, 2, SEARCH_IN_ID_SHORT, FORM_TEXT},
    [PROP_displayName] = {8, 2, SEARCH_IN_NAME, FORM_TEXT},
    [PROP_description] = {3, 1, SEARCH_IN_DESCRIPTION, FORM_TEXT},
    [PROP_preferredName] = {8, 2, SEARCH_IN_NAME, FORM_TEXT},
    [PROP_shortName] = {8, 2, SEARCH_IN_NAME, FORM_TEXT},
    [PROP_definition] = {3, 1, SEARCH_IN_DESCRIPTION, FORM_TEXT},
    [PROP_semanticId] = {4, 4, SEARCH_IN_SEMANTIC_ID, FORM_ID},
    [PROP_supplementalSemanticIds] = {4, 4, SEARCH_IN_SEMANTIC_ID, FORM_ID},
    [PROP_semanticIdListElement] = {1, 1, SEARCH_IN_SEMANTIC_ID, FORM_WHOLE},
    [PROP_isCaseOf] = {4, 4, SEARCH_IN_SEMANTIC_ID, FORM_ID},
    [PROP_valueId] = {1, 1, 0, FORM_WHOLE},
    [PROP_unitId] = {1, 1, 0, FORM_WHOLE},
    [PROP_id] = {4, 4, 0, FORM_ID},
    [PROP_globalAssetId] = {4, 4, 0, FORM_ID},
};

bool search_reads(enum meta_prop_id prop)
{
    return rules[prop].own > 0;
}

struct slot {
    struct search_term term;
    uint32_t hash;
    uint8_t fields;
};

struct collector {
    struct arena *arena;
    struct slot *slots; /* open addressing, a power of two */
    size_t room;
    size_t count;
    uint32_t weight; /* of what is being added */
    uint8_t fields;
    uint64_t length;
    struct search_facet *facets;
    size_t facet_count;
    uint64_t kinds_seen; /* classes whose structure facet is there */
    char last_language[LANGUAGE_ROOM];
    struct buf syllables;
    struct buf stream;
    struct buf names;
    bool failed; /* the arena is full */
};

/* ------------------------------------------------------------------ terms */

static struct slot *find_slot(
    struct slot *slots, size_t room, const char *term, size_t len, uint32_t hash)
{
    size_t at = hash & (room - 1);
    while (slots[at].term.term != NULL && (slots[at].hash != hash || slots[at].term.len != len ||
                                              memcmp(slots[at].term.term, term, len) != 0)) {
        at = (at + 1) & (room - 1);
    }
    return &slots[at];
}

static bool make_room(struct collector *to)
{
    if (to->count * 2 < to->room) {
        return true;
    }
    size_t room = to->room == 0 ? FIRST_ROOM : to->room * 2;
    struct slot *slots = arena_alloc(to->arena, room * sizeof *slots);
    if (slots == NULL) {
        return false;
    }
    for (size_t i = 0; i < to->room; i++) {
        const struct slot *old = &to->slots[i];
        if (old->term.term != NULL) {
            *find_slot(slots, room, old->term.term, old->term.len, old->hash) = *old;
        }
    }
    to->slots = slots;
    to->room = room;
    return true;
}

static void add_term(void *context, const char *term, size_t len)
{
    struct collector *to = context;
    if (to->failed || !make_room(to)) {
        to->failed = true;
        return;
    }
    uint32_t hash = search_term_hash(term, len);
    struct slot *slot = find_slot(to->slots, to->room, term, len, hash);
    if (slot->term.term == NULL) {
        char *copy = arena_copy(to->arena, term, len);
        if (copy == NULL) {
            to->failed = true;
            return;
        }
        slot->term = (struct search_term){.term = copy, .len = (uint32_t)len};
        slot->hash = hash;
        to->count++;
    }
    slot->term.weight += to->weight;
    slot->fields |= to->fields;
    to->length += to->weight;
}

/* What phrases are looked for in: the terms that the text would be asked for by, in its order. */
static void add_to_stream(void *context, const char *term, size_t len)
{
    struct buf *stream = context;
    unsigned char unit[SEARCH_UNIT];
    search_stream_unit(term, len, unit);
    buf_add(stream, unit, sizeof unit);
}

static void add_words(
    struct collector *to, const char *text, size_t len, uint32_t weight, uint8_t fields)
{
    const struct search_sink sink = {.term = add_term, .context = to};
    const struct search_sink in_order = {.term = add_to_stream, .context = &to->stream};
    to->weight = weight;
    to->fields = fields;
    search_text_index(text, len, &sink);
    search_stream_break(&to->stream, fields);
    search_text_query(text, len, &in_order);
    size_t before = to->syllables.len;
    buf_add_char(&to->syllables, (char)(SEARCH_TEXT_MARK + fields));
    search_text_syllables(text, len, &to->syllables);
    if (to->syllables.len == before + 1) {
        to->syllables.len = before; /* nothing Korean */
    }
}

static void add_facet(struct collector *to, unsigned facet, const char *value);

static void add_id(
    struct collector *to, const char *id, size_t len, const struct rule *rule, bool own)
{
    char term[SEARCH_TERM_MAX];
    uint32_t weight = own ? rule->own : rule->below;
    size_t term_len = search_text_id(id, len, term);
    to->fields = rule->fields;
    if (term_len > 0 && (unsigned char)term[0] > SEARCH_PLAIN_ID_MARK) {
        to->weight = weight;
        add_term(to, term, term_len);
    }
    to->weight = 0; /* only leads to what uses it */
    term_len = search_plain_id_term(id, len, term);
    add_term(to, term, term_len);
    add_facet(to, FACET_DICTIONARY, search_dictionary_of(id));
    if (rule->form == FORM_ID) {
        const char *words = memmem(id, len, "://", 3);
        size_t skip = words == NULL ? 0 : (size_t)(words + 3 - id);
        add_words(to, id + skip, len - skip, own ? weight : 1, rule->fields);
    }
}

/* ------------------------------------------------------------------ facets */

static void add_facet(struct collector *to, unsigned facet, const char *value)
{
    if (value[0] == '\0') {
        return;
    }
    for (size_t i = 0; i < to->facet_count; i++) {
        if (to->facets[i].facet == facet && strcmp(to->facets[i].value, value) == 0) {
            return;
        }
    }
    const char *copy = arena_copy(to->arena, value, strlen(value));
    if (copy == NULL) {
        to->failed = true;
    } else if (to->facet_count < MAX_FACETS) {
        to->facets[to->facet_count++] = (struct search_facet){.facet = facet, .value = copy};
    }
}

/* Korean names are written with and without the blanks between their nouns. */
static void add_joined(struct collector *to, const char *name)
{
    char joined[NAME_JOINED];
    size_t len = 0;
    if (strchr(name, ' ') == NULL || strlen(name) > sizeof joined) {
        return;
    }
    for (const char *at = name; *at != '\0'; at++) {
        if (*at != ' ') {
            joined[len++] = *at;
        }
    }
    add_words(to, joined, len, 1, SEARCH_IN_NAME);
}

/* The primary part of a language tag: "en" of "en-US". */
static void add_language(struct collector *to, const struct aas_node *text)
{
    char language[LANGUAGE_ROOM];
    size_t len = 0;
    const char *tag = aas_text(text, PROP_language);
    for (; tag != NULL && len + 1 < sizeof language; len++) {
        char c = (char)(tag[len] | 0x20);
        if (c < 'a' || c > 'z') {
            break;
        }
        language[len] = c;
    }
    language[len] = '\0';
    if (len > 0 && strcmp(language, to->last_language) != 0) {
        memcpy(to->last_language, language, len + 1);
        add_facet(to, FACET_LANGUAGE, language);
    }
}

/* "list" of submodelElementList, "multiLanguageProperty" */
static void add_structure(struct collector *to, const struct meta_class *cls)
{
    static const char common[] = "submodelElement";
    char name[64];
    if ((to->kinds_seen >> cls->id & 1) != 0) {
        return;
    }
    to->kinds_seen |= UINT64_C(1) << cls->id;
    bool shared = strncmp(cls->xml_name, common, sizeof common - 1) == 0;
    const char *from = shared ? cls->xml_name + sizeof common - 1 : cls->xml_name;
    size_t len = strnlen(from, sizeof name - 1);
    memcpy(name, from, len);
    name[0] |= 0x20;
    name[len] = '\0';
    add_facet(to, FACET_STRUCTURE, name);
}
_Static_assert(CLASS_COUNT <= 64, "a bit for each class");

static const char *kind_of(const struct aas_node *identifiable, bool template)
{
    switch (registry_kind_of(identifiable->cls)) {
    case REGISTRY_SHELL:
        return "shell";
    case REGISTRY_SUBMODEL:
        return template ? "template" : "submodel";
    case REGISTRY_CONCEPT_DESCRIPTION:
        return "concept description";
    default:
        return "";
    }
}

/* ------------------------------------------------------------------ walking */

static void take_text(
    struct collector *to, const struct aas_slot *slot, const struct rule *rule, bool own)
{
    if (rule->form == FORM_TEXT) {
        bool name = own && rule->fields == SEARCH_IN_ID_SHORT;
        uint8_t fields = name ? SEARCH_IN_ID_SHORT | SEARCH_IN_NAME : rule->fields;
        add_words(to, slot->u.text, slot->len, own ? rule->own : rule->below, fields);
    } else {
        add_id(to, slot->u.text, slot->len, rule, own);
    }
}

/* A reference or a text in a language, where a rule applies. */
static void take_node(
    struct collector *to, const struct aas_node *node, const struct rule *rule, bool own)
{
    size_t count = 0;
    struct aas_node **keys = aas_list(node, PROP_keys, &count);
    for (size_t i = 0; i < count; i++) {
        const struct aas_slot *value = aas_slot(keys[i], PROP_value);
        if (value != NULL && value->state == AAS_TEXT) {
            take_text(to, value, rule, own);
        }
    }
    const struct aas_slot *text = aas_slot(node, PROP_text);
    if (text != NULL && text->state == AAS_TEXT) {
        take_text(to, text, rule, own);
    }
}

/* What an element says, where that is searched; the content of a Blob is no text. */
static void add_values(struct collector *to, const struct aas_node *element)
{
    static const enum meta_prop_id from[] = {PROP_value, PROP_min, PROP_max};
    for (size_t i = 0; i < sizeof from / sizeof *from; i++) {
        const struct aas_slot *slot = aas_slot(element, from[i]);
        size_t count = slot != NULL && slot->state == AAS_NODES ? slot->len : 0;
        if (slot != NULL && slot->state == AAS_TEXT && element->cls->id != CLASS_Blob) {
            add_words(to, slot->u.text, slot->len, VALUE_WEIGHT, SEARCH_IN_ANY);
        }
        for (size_t k = 0; k < count; k++) {
            const struct aas_slot *text = aas_slot(slot->u.nodes[k], PROP_text);
            if (text != NULL && text->state == AAS_TEXT) {
                add_words(to, text->u.text, text->len, VALUE_WEIGHT, SEARCH_IN_ANY);
            }
        }
    }
}

static void walk(struct collector *to, const struct aas_node *node, bool own);

static void walk_child(
    struct collector *to, const struct aas_node *child, const struct meta_prop *prop, bool own)
{
    const struct rule *rule = &rules[prop->id];
    if (rule->own > 0) {
        take_node(to, child, rule, own);
    }
    walk(to, child, own && (child->cls->is & META_IS_SUBMODEL_ELEMENT) == 0);
}

static void walk(struct collector *to, const struct aas_node *node, bool own)
{
    const struct meta_class *cls = node->cls;
    if ((cls->is & META_IS_SUBMODEL_ELEMENT) != 0) {
        add_structure(to, cls);
        if (search_values_has(node)) {
            add_values(to, node);
        }
    } else if ((cls->is & META_IS_LANG_STRING) != 0) {
        add_language(to, node);
        return;
    }
    for (size_t i = 0; i < cls->prop_count; i++) {
        const struct meta_prop *prop = &cls->props[i];
        const struct aas_slot *slot = &node->slots[i];
        const struct rule *rule = &rules[prop->id];
        if (slot->state == AAS_TEXT && rule->own > 0) {
            take_text(to, slot, rule, own);
        } else if (slot->state == AAS_NODE) {
            walk_child(to, slot->u.node, prop, own);
        }
        for (size_t k = 0; slot->state == AAS_NODES && k < slot->len; k++) {
            walk_child(to, slot->u.nodes[k], prop, own);
        }
    }
}

/* ------------------------------------------------------------------ what is shown */

/* The texts of an attribute of the thing itself, also of its data specification. */
static struct aas_node **own_texts(const struct aas_node *node, enum meta_prop_id id, size_t *count)
{
    struct aas_node **texts = aas_list(node, id, count);
    size_t specifications = 0;
    struct aas_node **specs = aas_list(node, PROP_embeddedDataSpecifications, &specifications);
    for (size_t i = 0; texts == NULL && i < specifications; i++) {
        const struct aas_node *content = aas_child(specs[i], PROP_dataSpecificationContent);
        texts = content == NULL ? NULL : aas_list(content, id, count);
    }
    return texts;
}

/* The English text, else the first one, else NULL. */
static const char *own_text(const struct aas_node *node, enum meta_prop_id id)
{
    size_t count = 0;
    const char *best = NULL;
    struct aas_node **texts = own_texts(node, id, &count);
    for (size_t i = 0; i < count; i++) {
        const char *language = aas_text(texts[i], PROP_language);
        const char *text = aas_text(texts[i], PROP_text);
        bool english = language != NULL && strncasecmp(language, "en", 2) == 0;
        if (text != NULL && text[0] != '\0' && (best == NULL || english)) {
            best = text;
            if (english) {
                break;
            }
        }
    }
    return best;
}

static const char *first_of(const char *a, const char *b, const char *c, const char *d)
{
    return a != NULL ? a : b != NULL ? b : c != NULL ? c : d != NULL ? d : "";
}

static size_t cut_text(const char *text, size_t most)
{
    size_t len = strnlen(text, most + 1);
    if (len > most) {
        for (len = most; len > 0 && ((unsigned char)text[len] & 0xC0) == 0x80; len--) {
        }
    }
    return len;
}

/* The name of a repeated element without its counter, "ControlConfig__00__". */
static size_t title_len(const char *title)
{
    const char *counter = strstr(title, "__");
    bool counted = counter != NULL && counter > title && counter[2] >= '0' && counter[2] <= '9';
    return counted ? (size_t)(counter - title) : cut_text(title, DESCRIPTION_SHOWN);
}

/* The names of the thing in all languages: language, NUL, text, NUL each. */
static void add_names(struct collector *to, const struct aas_node *node)
{
    static const enum meta_prop_id from[] = {PROP_displayName, PROP_preferredName};
    size_t count = 0;
    struct aas_node **texts = NULL;
    for (size_t i = 0; texts == NULL && i < sizeof from / sizeof *from; i++) {
        texts = own_texts(node, from[i], &count);
    }
    for (size_t i = 0; i < count; i++) {
        const char *language = aas_text(texts[i], PROP_language);
        const char *text = aas_text(texts[i], PROP_text);
        if (language != NULL && text != NULL && text[0] != '\0') {
            buf_add(&to->names, language, strlen(language) + 1);
            buf_add(&to->names, text, cut_text(text, DESCRIPTION_SHOWN));
            buf_add_char(&to->names, '\0');
            if (strncasecmp(language, "ko", 2) == 0) {
                add_joined(to, text);
            }
        }
    }
}

static const char *keep_bytes(struct collector *to, const struct buf *buf)
{
    const char *kept = arena_copy(to->arena, buf->bytes == NULL ? "" : buf->bytes, buf->len);
    to->failed |= kept == NULL || buf_failed(buf);
    return kept;
}

static void list_phrases(struct collector *to, struct search_entry *entry)
{
    const struct store_bytes stream = {.bytes = entry->stream, .len = entry->stream_len};
    uint64_t *made = to->failed ? NULL : malloc(phrases_room(stream.len) * sizeof *made);
    entry->phrase_count = made == NULL ? 0 : phrases_of(stream, made);
    size_t listed = entry->phrase_count <= PHRASES_LISTED ? entry->phrase_count : 0;
    uint64_t *kept = made == NULL ? NULL : arena_alloc(to->arena, (listed + 1) * sizeof *kept);
    if (kept != NULL) {
        memcpy(kept, made, listed * sizeof *kept);
    }
    entry->phrases = kept;
    to->failed |= kept == NULL;
    free(made);
}

static void describe(struct collector *to, const struct aas_node *node, struct search_entry *entry)
{
    const char *title = first_of(own_text(node, PROP_displayName),
        own_text(node, PROP_preferredName), aas_text(node, PROP_idShort), aas_text(node, PROP_id));
    const char *description =
        first_of(own_text(node, PROP_description), own_text(node, PROP_definition), NULL, NULL);
    entry->title = arena_copy(to->arena, title, title_len(title));
    entry->description =
        arena_copy(to->arena, description, cut_text(description, DESCRIPTION_SHOWN));
    add_names(to, node);
    entry->text = keep_bytes(to, &to->syllables);
    entry->text_len = to->syllables.len;
    entry->names = keep_bytes(to, &to->names);
    entry->names_len = to->names.len;
    entry->stream = keep_bytes(to, &to->stream);
    entry->stream_len = to->stream.len;
    list_phrases(to, entry);
    to->failed |= entry->title == NULL || entry->description == NULL;
}

/* ------------------------------------------------------------------ all of it */

static int compare_terms(const void *a, const void *b)
{
    const struct search_term *left = a;
    const struct search_term *right = b;
    size_t len = left->len < right->len ? left->len : right->len;
    int order = memcmp(left->term, right->term, len);
    return order != 0 ? order : (left->len > right->len) - (left->len < right->len);
}

static void sort_terms(struct collector *from, struct search_entry *entry)
{
    struct search_term *terms = arena_alloc(from->arena, (from->count + 1) * sizeof *terms);
    if (terms == NULL) {
        from->failed = true;
        return;
    }
    size_t count = 0;
    for (size_t i = 0; i < from->room; i++) {
        if (from->slots[i].term.term != NULL) {
            terms[count] = from->slots[i].term;
            terms[count].weight = search_weight(terms[count].weight, from->slots[i].fields);
            count++;
        }
    }
    qsort(terms, count, sizeof *terms, compare_terms);
    entry->terms = terms;
    entry->term_count = count;
    entry->length = from->length > UINT32_MAX ? UINT32_MAX : (uint32_t)from->length;
}

/* What is said beside the content: only text, or a facet as well. */
static void add_extra(struct collector *to, const struct search_facet *extra)
{
    const char *value = extra->value;
    size_t len = strlen(value);
    uint8_t name = rules[PROP_displayName].own;
    switch (extra->facet) {
    case SEARCH_WORDS:
        add_words(to, value, len, rules[PROP_idShort].own, SEARCH_IN_NAME);
        return;
    case SEARCH_OTHER_NAME:
        add_words(to, value, len, name, SEARCH_IN_NAME);
        add_joined(to, value);
        return;
    case SEARCH_OTHER_WORDS:
        add_words(to, value, len, name / 2, SEARCH_IN_NAME);
        return;
    case SEARCH_TAG_NAME:
        add_words(to, value, len, rules[PROP_description].own, SEARCH_IN_NAME);
        add_joined(to, value);
        return;
    case FACET_FAMILY:
        add_words(to, value, len, rules[PROP_idShort].own, SEARCH_IN_NAME);
        break;
    default:
        break;
    }
    add_facet(to, extra->facet, value);
}

static void add_made_for(struct collector *to, unsigned facet, const char *id, const char *other)
{
    char name[SEARCH_NAME_ROOM];
    if (id != NULL && id[0] != '\0') {
        search_name(id, other, name);
        add_facet(to, facet, name);
    }
}

/* What a template is named by, what a submodel names, what a concept description is. */
static void add_uses(struct collector *to, const struct aas_node *node, bool template)
{
    char term[SEARCH_TERM_MAX + 1];
    const struct aas_slot *id = aas_slot(node, PROP_id);
    const char *semantic = aas_last_key(aas_child(node, PROP_semanticId));
    const struct aas_node *administration = aas_child(node, PROP_administration);
    const char *made_for =
        administration == NULL ? NULL : aas_text(administration, PROP_templateId);
    const char *kind = aas_text(node, PROP_kind);
    if (template) {
        add_made_for(to, SEARCH_NAMED, semantic, NULL);
        add_made_for(to, SEARCH_NAMED, aas_text(node, PROP_id), NULL);
        add_made_for(to, SEARCH_NAMED, made_for, NULL);
    } else if (node->cls->id == CLASS_Submodel && (kind == NULL || strcmp(kind, "Template") != 0)) {
        add_made_for(to, SEARCH_MADE_FOR, semantic, NULL);
        add_made_for(to, SEARCH_MADE_FOR, made_for, NULL);
        if (semantic != NULL && made_for != NULL && strcmp(semantic, made_for) != 0) {
            add_made_for(to, SEARCH_MADE_FOR, semantic, made_for);
        }
    } else if (node->cls->id == CLASS_ConceptDescription && id->state == AAS_TEXT) {
        size_t len = search_text_id(id->u.text, id->len, term);
        term[len <= SEARCH_FACET_BYTES ? len : 0] = '\0';
        add_facet(to, SEARCH_CONCEPT, term);
    }
}

static void collect(struct collector *to, const struct aas_node *identifiable,
    const struct aas_node *environment, const struct search_facet *extra, size_t extra_count)
{
    for (size_t i = 0; i < extra_count; i++) {
        add_extra(to, &extra[i]);
    }
    add_facet(to, FACET_KIND, kind_of(identifiable, environment != NULL));
    if (environment == NULL) {
        add_facet(to, SEARCH_NEWEST, "1");
    }
    add_uses(to, identifiable, environment != NULL);
    walk(to, identifiable, true);
    size_t concepts = 0;
    struct aas_node **nodes =
        environment == NULL ? NULL : aas_list(environment, PROP_conceptDescriptions, &concepts);
    for (size_t i = 0; i < concepts; i++) {
        walk(to, nodes[i], false);
    }
}

enum err_code search_prepare(struct arena *arena, const struct aas_node *identifiable,
    const struct aas_node *environment, const struct search_facet *extra, size_t extra_count,
    struct search_entry *entry, struct err *err)
{
    struct search_entry made = {.length = 0};
    struct collector to = {.arena = arena};
    to.facets = arena_alloc(arena, MAX_FACETS * sizeof *to.facets);
    to.failed = to.facets == NULL;
    buf_init(&to.syllables, SYLLABLE_CEILING);
    buf_init(&to.stream, SYLLABLE_CEILING);
    buf_init(&to.names, SYLLABLE_CEILING);
    if (!to.failed) {
        collect(&to, identifiable, environment, extra, extra_count);
        describe(&to, identifiable, &made);
        sort_terms(&to, &made);
    }
    buf_finish(&to.syllables);
    buf_finish(&to.stream);
    buf_finish(&to.names);
    if (to.failed) {
        return err_set(err, ERR_TOO_LARGE, "the document has too many words to be searched");
    }
    made.facets = to.facets;
    made.facet_count = to.facet_count;
    *entry = made;
    return ERR_OK;
}
