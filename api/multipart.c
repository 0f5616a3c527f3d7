/* SPDX-License-Identifier: Apache-2.0 */
#include "api/multipart.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "api/guard.h"

struct reader {
    struct arena *arena;
    const char *at;
    const char *end;
    char delimiter[MULTIPART_MAX_BOUNDARY + 5]; /* CR LF "--" boundary */
    size_t delimiter_len;
    struct err *err;
};

static enum err_code bad(struct err *err, const char *what)
{
    return err_set(err, ERR_BAD_INPUT, "the multipart body is broken: %s", what);
}

static enum err_code full(struct err *err)
{
    return err_set(err, ERR_TOO_LARGE, "the form needs more memory than one request may have");
}

/* Finds parameter `name` in `type; name=value; name="value"`; gives its decoded value. */
static enum err_code parameter(struct arena *arena, const char *text, size_t len, const char *name,
    const char **value, struct err *err)
{
    size_t at = 0;
    *value = NULL;
    while (at < len && text[at] != ';') {
        at++;
    }
    while (at < len) {
        at++; /* the semicolon */
        while (at < len && (text[at] == ' ' || text[at] == '\t')) {
            at++;
        }
        size_t key = at;
        while (at < len && text[at] != '=' && text[at] != ';') {
            at++;
        }
        if (at == len || text[at] == ';') {
            continue;
        }
        bool wanted = at - key == strlen(name) && strncasecmp(text + key, name, at - key) == 0;
        at++;
        char *decoded = arena_alloc(arena, len - at + 1);
        size_t put = 0;
        if (decoded == NULL) {
            return full(err);
        }
        bool quoted = at < len && text[at] == '"';
        at += quoted ? 1 : 0;
        while (at < len && text[at] != (quoted ? '"' : ';')) {
            /* Only the quote is escaped by browsers; a lone backslash belongs to the name. */
            if (quoted && text[at] == '\\' && at + 1 < len && text[at + 1] == '"') {
                at++;
            }
            decoded[put++] = text[at++];
        }
        if (quoted && at == len) {
            return bad(err, "a quoted text has no end");
        }
        at += quoted ? 1 : 0;
        while (!quoted && put > 0 && (decoded[put - 1] == ' ' || decoded[put - 1] == '\t')) {
            put--;
        }
        decoded[put] = '\0';
        if (wanted) {
            if (*value != NULL) {
                return bad(err, "a parameter occurs twice");
            }
            *value = decoded;
        }
        while (at < len && text[at] != ';') {
            at++;
        }
    }
    return ERR_OK;
}

static enum err_code read_boundary(struct reader *reader, const char *content_type, struct err *err)
{
    static const char allowed[] =
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'()+_,-./:=? ";
    const char *boundary;
    enum err_code code =
        parameter(reader->arena, content_type, strlen(content_type), "boundary", &boundary, err);
    if (code != ERR_OK) {
        return code;
    }
    size_t len = boundary == NULL ? 0 : strlen(boundary);
    if (len == 0 || len > MULTIPART_MAX_BOUNDARY || strspn(boundary, allowed) != len ||
        boundary[len - 1] == ' ') {
        return bad(err, "Content-Type has no usable boundary");
    }
    memcpy(reader->delimiter, "\r\n--", 4);
    memcpy(reader->delimiter + 4, boundary, len + 1);
    reader->delimiter_len = len + 4;
    return ERR_OK;
}

static bool starts(const struct reader *reader, const char *text, size_t len)
{
    return (size_t)(reader->end - reader->at) >= len && memcmp(reader->at, text, len) == 0;
}

/* Copies a header value without the white space around it. */
static const char *copy_value(struct arena *arena, const char *text, size_t len)
{
    while (len > 0 && (*text == ' ' || *text == '\t')) {
        text++;
        len--;
    }
    while (len > 0 && (text[len - 1] == ' ' || text[len - 1] == '\t')) {
        len--;
    }
    return arena_copy(arena, text, len);
}

/* Names with a folder come from old browsers and from attackers; only the last part is kept. */
static const char *base_name(const char *name)
{
    const char *slash = strrchr(name, '/');
    const char *backslash = strrchr(name, '\\');
    if (backslash != NULL && (slash == NULL || backslash > slash)) {
        slash = backslash;
    }
    return slash == NULL ? name : slash + 1;
}

/* The name in an extended value, UTF-8''b%C3%BCro.pdf (RFC 8187); NULL when it is none. Forms
 * should not have it (RFC 7578, 4.2), but clients send it beside a name that they have made ASCII.
 */
static const char *extended_name(struct arena *arena, const char *value)
{
    static const char charset[] = "UTF-8'";
    const char *text = value == NULL || strncasecmp(value, charset, sizeof charset - 1) != 0
                           ? NULL
                           : strchr(value + sizeof charset - 1, '\'');
    char *name = text == NULL ? NULL : arena_alloc(arena, strlen(text) + 1);
    size_t len = 0;
    bool read = name != NULL &&
                guard_unescape(text + 1, strlen(text + 1), false, name, &len, NULL) == ERR_OK;
    return read && len > 0 ? name : NULL;
}

static enum err_code read_disposition(
    struct reader *reader, const char *text, size_t len, struct multipart_part *part)
{
    static const char form_data[] = "form-data";
    while (len > 0 && (*text == ' ' || *text == '\t')) {
        text++;
        len--;
    }
    if (len < sizeof form_data - 1 || strncasecmp(text, form_data, sizeof form_data - 1) != 0 ||
        part->name != NULL) {
        return bad(reader->err, "a part needs one Content-Disposition of form-data");
    }
    enum err_code code = parameter(reader->arena, text, len, "name", &part->name, reader->err);
    if (code == ERR_OK) {
        code = parameter(reader->arena, text, len, "filename", &part->file_name, reader->err);
    }
    const char *extended = NULL;
    if (code == ERR_OK) {
        code = parameter(reader->arena, text, len, "filename*", &extended, reader->err);
    }
    extended = extended_name(reader->arena, extended);
    part->file_name = extended != NULL ? extended : part->file_name;
    if (code == ERR_OK && part->name == NULL) {
        code = bad(reader->err, "a part has no name");
    }
    if (part->file_name != NULL) {
        part->file_name = base_name(part->file_name);
    }
    return code;
}

static enum err_code read_field(
    struct reader *reader, const char *line, size_t len, struct multipart_part *part)
{
    static const char disposition[] = "Content-Disposition:";
    static const char type[] = "Content-Type:";
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)line[i] < 0x20 && line[i] != '\t') {
            return bad(reader->err, "a part's header has a control character");
        }
    }
    if (memchr(line, ':', len) == NULL) {
        return bad(reader->err, "a line of a part's header has no colon");
    }
    size_t name = sizeof disposition - 1;
    if (len >= name && strncasecmp(line, disposition, name) == 0) {
        return read_disposition(reader, line + name, len - name, part);
    }
    name = sizeof type - 1;
    if (len >= name && strncasecmp(line, type, name) == 0) {
        part->content_type = copy_value(reader->arena, line + name, len - name);
        return part->content_type == NULL ? full(reader->err) : ERR_OK;
    }
    return ERR_OK;
}

static enum err_code read_header(struct reader *reader, struct multipart_part *part)
{
    const char *start = reader->at;
    for (;;) {
        size_t left = (size_t)(reader->end - reader->at);
        const char *line_end = memmem(reader->at, left, "\r\n", 2);
        if (line_end == NULL || line_end - start > MULTIPART_MAX_HEADER) {
            return bad(reader->err, "the header of a part does not end");
        }
        const char *line = reader->at;
        size_t len = (size_t)(line_end - line);
        reader->at = line_end + 2;
        if (len == 0) {
            return part->name != NULL
                       ? ERR_OK
                       : bad(reader->err, "a part has no Content-Disposition with a name");
        }
        enum err_code code = read_field(reader, line, len, part);
        if (code != ERR_OK) {
            return code;
        }
    }
}

/* From behind a delimiter to behind the next one; *last for the closing delimiter. */
static enum err_code read_part(struct reader *reader, struct multipart_part *part)
{
    enum err_code code = read_header(reader, part);
    if (code != ERR_OK) {
        return code;
    }
    /* An empty content: the CR LF that ends the header is also that of the delimiter. */
    const char *from = reader->at - 2;
    const char *found =
        memmem(from, (size_t)(reader->end - from), reader->delimiter, reader->delimiter_len);
    if (found == NULL) {
        return bad(reader->err, "the delimiter behind a part is missing");
    }
    part->bytes = found < reader->at ? found : reader->at;
    part->len = found < reader->at ? 0 : (size_t)(found - reader->at);
    reader->at = found + reader->delimiter_len;
    return ERR_OK;
}

static bool only_space(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\n')) {
        at++;
    }
    return at == end;
}

/* Behind a delimiter: 1 another part follows, 0 the end, -1 neither. */
static int after_delimiter(struct reader *reader)
{
    if (starts(reader, "--", 2)) {
        return only_space(reader->at + 2, reader->end) ? 0 : -1;
    }
    while (reader->at < reader->end && (*reader->at == ' ' || *reader->at == '\t')) {
        reader->at++;
    }
    if (!starts(reader, "\r\n", 2)) {
        return -1;
    }
    reader->at += 2;
    return 1;
}

enum err_code multipart_read(struct arena *arena, const char *content_type, const char *body,
    size_t len, struct multipart *form, struct err *err)
{
    struct reader reader = {.arena = arena, .at = body, .end = body + len, .err = err};
    enum err_code code = read_boundary(&reader, content_type, err);
    if (code != ERR_OK) {
        return code;
    }
    struct multipart read = {.parts = arena_alloc(arena, MULTIPART_MAX_PARTS * sizeof *read.parts)};
    if (read.parts == NULL) {
        return full(err);
    }
    reader.at +=
        starts(&reader, "\r\n", 2) ? 2 : 0; /* what some write in front of each delimiter */
    if (!starts(&reader, reader.delimiter + 2, reader.delimiter_len - 2)) {
        return bad(err, "it does not begin with its delimiter");
    }
    reader.at += reader.delimiter_len - 2;
    int more;
    while ((more = after_delimiter(&reader)) > 0) {
        if (read.count == MULTIPART_MAX_PARTS) {
            return err_set(
                err, ERR_TOO_LARGE, "the form has more than %d parts", MULTIPART_MAX_PARTS);
        }
        code = read_part(&reader, &read.parts[read.count++]);
        if (code != ERR_OK) {
            return code;
        }
    }
    if (more < 0) {
        return bad(err, "a delimiter is followed by something else than a line end");
    }
    *form = read;
    return ERR_OK;
}

const struct multipart_part *multipart_find(const struct multipart *form, const char *name)
{
    for (size_t i = 0; i < form->count; i++) {
        if (strcmp(form->parts[i].name, name) == 0) {
            return &form->parts[i];
        }
    }
    return NULL;
}
