/* SPDX-License-Identifier: Apache-2.0 */
/* jig history: every change of a store, or of one thing, one line each, oldest first. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "api/cli.h"
#include "registry/changes.h"

enum { PAGE = 1000, TIME_BYTES = 40, HEX_BYTES = 2 * STORE_HASH_BYTES + 1 };

static void time_text(int64_t time_ms, char text[TIME_BYTES])
{
    time_t seconds = (time_t)(time_ms / 1000);
    struct tm utc;
    gmtime_r(&seconds, &utc);
    size_t len = strftime(text, TIME_BYTES, "%Y-%m-%dT%H:%M:%S", &utc);
    snprintf(text + len, TIME_BYTES - len, ".%03dZ", (int)(time_ms % 1000));
}

void cli_hex(const unsigned char hash[STORE_HASH_BYTES], char *text)
{
    for (size_t i = 0; i < STORE_HASH_BYTES; i++) {
        snprintf(text + 2 * i, 3, "%02x", hash[i]);
    }
}

static void member(struct buf *out, const char *name, const char *text)
{
    if (text != NULL && text[0] != '\0') {
        buf_printf(out, ",\"%s\":", name);
        buf_add_json_string(out, text, strlen(text));
    }
}

static void hash_member(struct buf *out, const char *name, const unsigned char *hash)
{
    static const unsigned char none[STORE_HASH_BYTES];
    char text[HEX_BYTES];
    if (memcmp(hash, none, sizeof none) != 0) {
        cli_hex(hash, text);
        member(out, name, text);
    }
}

static void write_json(struct buf *out, const struct registry_changed *change)
{
    const struct registry_revision *revision = &change->revision;
    char when[TIME_BYTES];
    time_text(revision->time_ms, when);
    buf_printf(out, "{\"sequence\":%" PRIu64, change->sequence);
    member(out, "modelType", registry_kind_name(change->kind));
    member(out, "id", change->id);
    buf_printf(out, ",\"revision\":%" PRIu64, revision->revision);
    member(out, "time", when);
    member(out, "operation", revision->operation);
    member(out, "author", revision->author);
    member(out, "message", revision->message);
    member(out, "summary", revision->summary);
    hash_member(out, "before", revision->before);
    hash_member(out, "after", revision->after);
    hash_member(out, "chain", change->chain);
    buf_add_text(out, "}\n");
}

static void write_text(struct buf *out, const struct registry_changed *change)
{
    const struct registry_revision *revision = &change->revision;
    char when[TIME_BYTES];
    time_text(revision->time_ms, when);
    buf_printf(out, "%" PRIu64 "  %s  %s  %s  revision %" PRIu64 "  %s: %s", change->sequence, when,
        registry_kind_name(change->kind), change->id, revision->revision, revision->operation,
        revision->summary);
    if (revision->author[0] != '\0') {
        buf_printf(out, "  by %s", revision->author);
    }
    if (revision->message[0] != '\0') {
        buf_printf(out, "  (%s)", revision->message);
    }
    buf_add_char(out, '\n');
}

/* Writes one page; `*next` is 0 behind the last. */
static enum err_code write_page(struct registry *registry, const struct cli_values *values,
    enum cli_format format, uint64_t after, uint64_t *next, struct err *err)
{
    const struct registry_change_filter filter = {
        .after = after, .limit = PAGE, .id = values->word_count > 0 ? values->words[0] : NULL};
    struct registry_view view;
    struct registry_changed *changes = NULL;
    size_t count = 0;
    struct arena arena;
    struct buf out;
    enum err_code code = registry_view_begin(registry, &view, err);
    if (code != ERR_OK) {
        return code;
    }
    arena_init(&arena, CLI_ARENA_ROOM);
    buf_init(&out, CLI_OUTPUT_ROOM);
    code = registry_changes(&view, &arena, &filter, &changes, &count, next, err);
    for (size_t i = 0; i < count && code == ERR_OK; i++) {
        if (format == CLI_JSONL) {
            write_json(&out, &changes[i]);
        } else {
            write_text(&out, &changes[i]);
        }
    }
    registry_view_end(&view);
    bool full = buf_failed(&out);
    if (code == ERR_OK &&
        (full || (out.len > 0 && fwrite(out.bytes, 1, out.len, stdout) != out.len))) {
        code = err_set(err, full ? ERR_NO_MEMORY : ERR_IO, "the history cannot be written");
    }
    buf_finish(&out);
    arena_finish(&arena);
    return code;
}

int cli_history(const struct cli_values *values)
{
    static const enum cli_format formats[] = {CLI_TEXT, CLI_JSONL};
    enum cli_format format;
    struct registry *registry = NULL;
    struct err err = {.code = ERR_OK};
    uint64_t after = 0;
    const struct registry_options options = {
        .store = {.dir = values->store, .must_exist = true}, .without_library = true};
    if (!cli_format(values, formats, sizeof formats / sizeof *formats, CLI_TEXT, &format)) {
        return CLI_USAGE;
    }
    if (values->word_count > 1) {
        fputs("jig history: name one id, or none for the history of everything\n", stderr);
        return CLI_USAGE;
    }
    enum err_code code = registry_open(&options, &registry, &err);
    if (code != ERR_OK) {
        return cli_fail("history", &err);
    }
    do {
        code = write_page(registry, values, format, after, &after, &err);
    } while (code == ERR_OK && after != 0);
    registry_close(registry);
    return code == ERR_OK ? CLI_OK : cli_fail("history", &err);
}
