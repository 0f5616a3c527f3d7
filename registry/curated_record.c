/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/curated_record.h"

#include <sodium.h>
#include <string.h>

enum { LENGTH = 4, VALUE_CEILING = 256 * 1024 };

static const char counter[] = "curated";

void key_curated_node(struct store_key *key, enum overlay_tree tree, const char *value)
{
    key_start(key);
    key_add_byte(key, 'n');
    key_add_byte(key, tree);
    key_add(key, value, strlen(value));
}

void key_curated_family(struct store_key *key, const char *family)
{
    key_start(key);
    key_add_byte(key, 'f');
    key_add(key, family, strlen(family));
}

void key_curated_model(struct store_key *key, enum registry_kind kind, uint64_t number)
{
    key_start(key);
    key_add_byte(key, 'd');
    key_add_byte(key, kind);
    key_add_number(key, number);
}

void key_curated_asleep(struct store_key *key, enum registry_kind kind, uint64_t number)
{
    key_curated_model(key, kind, number);
    key->bytes[0] = 'x';
}

uint64_t curated_generation(struct store_txn *txn)
{
    return store_last_number(txn, counter);
}

enum err_code curated_count(struct store_txn *txn)
{
    uint64_t ignored;
    return store_next_number(txn, counter, &ignored);
}

/* ------------------------------------------------------------------ reading */

/* One text after the other. */
struct texts {
    const char *at;
    size_t left;
};

static const char *next_text(struct texts *texts)
{
    const char *text = texts->at;
    const char *end = texts->left > 0 ? memchr(text, '\0', texts->left) : NULL;
    if (end == NULL) {
        return NULL;
    }
    texts->left -= (size_t)(end - text) + 1;
    texts->at = end + 1;
    return text;
}

static bool begin(struct arena *arena, struct store_bytes value, struct texts *texts)
{
    if (value.len < LENGTH || value_u32(value.bytes) != value.len) {
        return false;
    }
    texts->left = value.len - LENGTH;
    texts->at = arena_copy(arena, (const char *)value.bytes + LENGTH, texts->left);
    return texts->at != NULL;
}

static bool read_names(
    struct arena *arena, struct texts *texts, const struct curated_name **names, size_t *count)
{
    struct curated_name *list = arena_alloc(arena, CURATED_NAMES_MOST * sizeof *list);
    *count = 0;
    while (list != NULL && texts->left > 0 && *count < CURATED_NAMES_MOST) {
        const char *language = next_text(texts);
        const char *text = language == NULL ? NULL : next_text(texts);
        if (text == NULL) {
            return false;
        }
        list[(*count)++] = (struct curated_name){language, text};
    }
    *names = list;
    return list != NULL && texts->left == 0;
}

bool curated_node_read(struct arena *arena, struct store_bytes key, struct store_bytes value,
    struct curated_node *node)
{
    struct texts texts;
    const unsigned char *bytes = key.bytes;
    if (key.len < 3 || bytes[0] != 'n' || bytes[1] >= OVERLAY_TREES ||
        !begin(arena, value, &texts)) {
        return false;
    }
    node->tree = (enum overlay_tree)bytes[1];
    node->value = arena_copy(arena, (const char *)bytes + 2, key.len - 2);
    node->parent = next_text(&texts);
    return node->value != NULL && node->parent != NULL &&
           read_names(arena, &texts, &node->names, &node->name_count);
}

static bool read_tags(
    struct arena *arena, const char *text, const char *const **tags, size_t *count)
{
    const char **list = arena_alloc(arena, CURATED_TAGS_MOST * sizeof *list);
    *count = 0;
    for (const char *at = text; list != NULL && *at != '\0' && *count < CURATED_TAGS_MOST;) {
        size_t len = strcspn(at, " ");
        list[*count] = arena_copy(arena, at, len);
        if (list[(*count)++] == NULL) {
            return false;
        }
        at += len + (at[len] == ' ');
    }
    *tags = list;
    return list != NULL;
}

bool curated_row_read(struct arena *arena, struct store_bytes value, struct curated_row *row)
{
    struct texts texts;
    if (!begin(arena, value, &texts)) {
        return false;
    }
    for (unsigned tree = 0; tree < OVERLAY_TREES; tree++) {
        const char *text = next_text(&texts);
        if (text == NULL || !read_tags(arena, text, &row->tags[tree], &row->tag_count[tree])) {
            return false;
        }
    }
    row->words = next_text(&texts);
    return row->words != NULL && read_names(arena, &texts, &row->names, &row->name_count);
}

/* ------------------------------------------------------------------ writing */

static void add(struct buf *buf, const char *text)
{
    buf_add(buf, text, strlen(text) + 1);
}

static void add_names(struct buf *buf, const struct curated_name *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        add(buf, names[i].language);
        add(buf, names[i].text);
    }
}

static size_t start(struct buf *buf)
{
    static const unsigned char none[LENGTH];
    buf_add(buf, (const char *)none, sizeof none);
    return buf->len - LENGTH;
}

static void finish(struct buf *buf, size_t from)
{
    if (!buf_failed(buf)) {
        value_set_u32((unsigned char *)buf->bytes + from, (uint32_t)(buf->len - from));
    }
}

void curated_node_write(struct buf *buf, const struct curated_node *node)
{
    size_t from = start(buf);
    add(buf, node->parent);
    add_names(buf, node->names, node->name_count);
    finish(buf, from);
}

void curated_row_write(struct buf *buf, const struct curated_row *row)
{
    size_t from = start(buf);
    for (unsigned tree = 0; tree < OVERLAY_TREES; tree++) {
        for (size_t i = 0; i < row->tag_count[tree]; i++) {
            buf_add_text(buf, i > 0 ? " " : "");
            buf_add_text(buf, row->tags[tree][i]);
        }
        add(buf, "");
    }
    add(buf, row->words == NULL ? "" : row->words);
    add_names(buf, row->names, row->name_count);
    finish(buf, from);
}

void curated_row_hash(const struct curated_row *row, unsigned char hash[STORE_HASH_BYTES])
{
    struct buf buf;
    buf_init(&buf, VALUE_CEILING);
    curated_row_write(&buf, row);
    store_hash(buf.bytes, buf.len, hash);
    buf_finish(&buf);
}

void curated_nodes_hash(
    const struct curated_node *nodes, size_t count, unsigned char hash[STORE_HASH_BYTES])
{
    crypto_generichash_state state;
    struct buf buf;
    crypto_generichash_init(&state, NULL, 0, STORE_HASH_BYTES);
    buf_init(&buf, VALUE_CEILING);
    for (size_t i = 0; i < count; i++) {
        buf_clear(&buf);
        buf_add_char(&buf, (char)nodes[i].tree);
        add(&buf, nodes[i].value);
        curated_node_write(&buf, &nodes[i]);
        crypto_generichash_update(&state, (const unsigned char *)buf.bytes, buf.len);
    }
    buf_finish(&buf);
    crypto_generichash_final(&state, hash, STORE_HASH_BYTES);
}
