/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/wrong_file.h"

#include <string.h>
#include <strings.h>

#define KIND "file-kind"
#define CHOOSE "Choose the JSON, XML or AASX file of the model."
#define UNPACK "Unpack it and send the JSON, XML or AASX file inside."
#define EXPORT "Export the model as JSON, XML or AASX and send that file."

/* ------------------------------------------------------------------ signatures */

struct signature {
    const char *bytes;
    size_t len;
    struct wrong_file file;
};

#define BEGINS(bytes, text, remedy)                                                                \
    {                                                                                              \
        bytes, sizeof(bytes) - 1,                                                                  \
        {                                                                                          \
            KIND, text, remedy                                                                     \
        }                                                                                          \
    }

static const struct signature signatures[] = {
    BEGINS("\x89PNG\r\n", "this is a PNG picture, not a document", CHOOSE),
    BEGINS("\xFF\xD8\xFF", "this is a JPEG picture, not a document", CHOOSE),
    BEGINS("GIF8", "this is a GIF picture, not a document", CHOOSE),
    BEGINS("%PDF-", "this is a PDF file, not a document of the model", CHOOSE),
    BEGINS("\x1F\x8B", "this is a gzip file, not the document itself", UNPACK),
    BEGINS("7z\xBC\xAF\x27\x1C", "this is a 7-Zip archive, not the document itself", UNPACK),
    BEGINS("Rar!\x1A\x07", "this is a RAR archive, not the document itself", UNPACK),
    BEGINS("\xFD"
           "7zXZ",
        "this is an xz file, not the document itself", UNPACK),
    BEGINS("BZh", "this is a bzip2 file, not the document itself", UNPACK),
    BEGINS("\x28\xB5\x2F\xFD", "this is a zstd file, not the document itself", UNPACK),
    BEGINS("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
        "this is a file of an older office program, not a document of the model", EXPORT),
    BEGINS("SQLite format 3", "this is a database file, not a document of the model", EXPORT),
};

/* The smallest gzip file: ten bytes of header, an empty block, eight bytes of trailer. */
enum { SMALLEST_GZIP = 20 };

static const struct wrong_file cut_gzip = {KIND, "this is a gzip file that was cut off",
    "Fetch the whole file again, then unpack it and send what is inside."};

static const struct wrong_file *by_signature(const char *bytes, size_t len)
{
    for (size_t i = 0; i < sizeof signatures / sizeof *signatures; i++) {
        const struct signature *row = &signatures[i];
        if (len >= row->len && memcmp(bytes, row->bytes, row->len) == 0) {
            return bytes[0] == '\x1F' && len < SMALLEST_GZIP ? &cut_gzip : &row->file;
        }
    }
    return NULL;
}

/* ------------------------------------------------------------------ encodings */

static const struct wrong_file utf16 = {
    "JSON-utf8", "this is JSON in UTF-16, and JSON is UTF-8", "Save the document as UTF-8."};
static const struct wrong_file utf32 = {
    "JSON-utf8", "this text is UTF-32, which is not read", "Save the document as UTF-8."};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The first character that is no white space of text in units of two bytes; 0 when there is none.
 * `low` is the position of the lower byte in a unit. */
static char first_of_pairs(const char *bytes, size_t len, size_t at, size_t low)
{
    for (; at + 1 < len; at += 2) {
        if (bytes[at + 1 - low] != '\0') {
            return '\0';
        }
        if (!is_blank(bytes[at + low])) {
            return bytes[at + low];
        }
    }
    return '\0';
}

/* UTF-16 is fine for XML and not for JSON (RFC 8259, 8.1). */
static const struct wrong_file *by_encoding(const char *bytes, size_t len)
{
    bool little = len >= 2 && memcmp(bytes, "\xFF\xFE", 2) == 0;
    bool big = len >= 2 && memcmp(bytes, "\xFE\xFF", 2) == 0;
    if (len >= 4 &&
        (memcmp(bytes, "\xFF\xFE\0\0", 4) == 0 || memcmp(bytes, "\0\0\xFE\xFF", 4) == 0)) {
        return &utf32;
    }
    char first = '\0';
    if (little || big) {
        first = first_of_pairs(bytes, len, 2, little ? 0 : 1);
    } else if (len >= 4 && bytes[0] != '\0' && bytes[1] == '\0' && bytes[3] == '\0') {
        first = first_of_pairs(bytes, len, 0, 0);
    } else if (len >= 4 && bytes[0] == '\0' && bytes[1] != '\0' && bytes[2] == '\0') {
        first = first_of_pairs(bytes, len, 0, 1);
    }
    return first == '{' || first == '[' ? &utf16 : NULL;
}

/* ------------------------------------------------------------------ texts */

static const struct wrong_file empty = {
    KIND, "the file is empty", "Send the file again; it may have been cut off on its way."};
static const struct wrong_file blank = {KIND, "the file holds nothing but white space",
    "Send the file again; it may have been cut off on its way."};
static const struct wrong_file page = {KIND, "this is a web page (HTML), not the document itself",
    "Download the file again; a web page often stands for a login or an error of the server."};
static const struct wrong_file neither = {KIND, "this is neither JSON nor XML nor AASX", CHOOSE};

static bool begins(const char *bytes, size_t len, const char *word)
{
    size_t word_len = strlen(word);
    return len >= word_len && strncasecmp(bytes, word, word_len) == 0;
}

static const struct wrong_file *by_text(const char *bytes, size_t len, bool any_format)
{
    size_t at = len >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    while (at < len && is_blank(bytes[at])) {
        at++;
    }
    if (at == len) {
        return &blank;
    }
    bytes += at;
    len -= at;
    if (begins(bytes, len, "<!doctype html") || begins(bytes, len, "<html")) {
        return &page;
    }
    /* Behind a stray comma or bracket the reader of JSON has better words. */
    bool odd = (unsigned char)bytes[0] >= 0x80 || (unsigned char)bytes[0] < 0x20 ||
               (strchr("{}[]\",:-<PK", bytes[0]) == NULL && (bytes[0] < '0' || bytes[0] > '9') &&
                   !begins(bytes, len, "true") && !begins(bytes, len, "false") &&
                   !begins(bytes, len, "null"));
    return any_format && odd ? &neither : NULL;
}

const struct wrong_file *wrong_file_find(const char *bytes, size_t len, bool any_format)
{
    if (len == 0) {
        return &empty;
    }
    const struct wrong_file *found = by_signature(bytes, len);
    if (found == NULL) {
        found = by_encoding(bytes, len);
    }
    bool wide =
        len >= 2 && (bytes[0] == '\0' || bytes[1] == '\0' || memcmp(bytes, "\xFF\xFE", 2) == 0 ||
                        memcmp(bytes, "\xFE\xFF", 2) == 0);
    return found == NULL && !wide ? by_text(bytes, len, any_format) : found;
}
