/* SPDX-License-Identifier: Apache-2.0 */
/* jig history: every change of a store, or of one thing, one line each, oldest first. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "api/cli.h"
#include "api/history_line.h"
#include "api/parameters.h"
#include "registry/changes.h"

enum { PAGE = 1000, TIME_BYTES = 40 };

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

bool cli_moment(const char *command, const char *option, const char *text, int64_t *time_ms)
{
    if (text == NULL || parameter_moment(text, time_ms)) {
        return true;
    }
    fprintf(stderr,
        "jig %s: %s is no moment: \"%s\"; write it with its time zone, for example "
        "2026-03-01T08:00:00Z or 2026-03-01T17:00:00+09:00\n",
        command, option, text);
    return false;
}

bool cli_kind(const char *command, const char *text, enum registry_kind *kind)
{
    *kind = (enum registry_kind)0;
    for (unsigned i = REGISTRY_SHELL; text != NULL && i < REGISTRY_KIND_END; i++) {
        if (strcmp(registry_kind_name((enum registry_kind)i), text) == 0) {
            *kind = (enum registry_kind)i;
        }
    }
    if (text == NULL || *kind != 0) {
        return true;
    }
    fprintf(stderr, "jig %s: there is no kind \"%s\"; it is one of", command, text);
    for (unsigned i = REGISTRY_SHELL; i < REGISTRY_KIND_END; i++) {
        fprintf(stderr, " %s", registry_kind_name((enum registry_kind)i));
    }
    fputc('\n', stderr);
    return false;
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

/* Writes one page and counts what is in it; `*next` is 0 behind the last. */
static enum err_code write_page(struct registry *registry,
    const struct registry_change_filter *filter, enum cli_format format, size_t *told,
    uint64_t *next, struct err *err)
{
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
    code = registry_changes(&view, &arena, filter, &changes, &count, next, err);
    for (size_t i = 0; i < count && code == ERR_OK; i++) {
        if (format == CLI_JSONL) {
            history_line(&out, &changes[i]);
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
    *told += count;
    return code;
}

/* Whatever is or was in the store has a history. */
static enum err_code check_known(
    const struct registry_change_filter *filter, size_t told, struct err *err)
{
    bool whole = filter->kind == 0 && filter->updated_from == 0 && filter->updated_to == 0;
    return told == 0 && filter->id != NULL && whole
               ? err_set(
                     err, ERR_NOT_FOUND, "nothing in the store has or had the id '%s'", filter->id)
               : ERR_OK;
}

int cli_history(const struct cli_values *values)
{
    static const enum cli_format formats[] = {CLI_TEXT, CLI_JSONL};
    enum cli_format format;
    struct registry *registry = NULL;
    struct err err = {.code = ERR_OK};
    struct registry_change_filter filter = {
        .limit = PAGE, .id = values->word_count > 0 ? values->words[0] : NULL};
    const struct registry_options options = {
        .store = {.dir = values->store, .must_exist = true}, .without_library = true};
    if (!cli_format(values, formats, sizeof formats / sizeof *formats, CLI_TEXT, &format) ||
        !cli_kind("history", values->kind, &filter.kind) ||
        !cli_moment("history", "--from", values->from, &filter.updated_from) ||
        !cli_moment("history", "--to", values->to, &filter.updated_to)) {
        return CLI_USAGE;
    }
    filter.with_pruned = format == CLI_JSONL;
    if (values->word_count > 1) {
        fputs("jig history: name one id, or none for the history of everything\n", stderr);
        return CLI_USAGE;
    }
    enum err_code code = registry_open(&options, &registry, &err);
    if (code != ERR_OK) {
        return cli_fail("history", &err);
    }
    size_t told = 0;
    do {
        code = write_page(registry, &filter, format, &told, &filter.after, &err);
    } while (code == ERR_OK && filter.after != 0);
    registry_close(registry);
    code = code == ERR_OK ? check_known(&filter, told, &err) : code;
    return code == ERR_OK ? CLI_OK : cli_fail("history", &err);
}
