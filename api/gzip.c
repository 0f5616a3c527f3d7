/* SPDX-License-Identifier: Apache-2.0 */
#include "api/gzip.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <zlib.h>

/* zlib's numbers for gzip instead of its own wrapping. 1 packs JSON five to ten times at a third of
 * the time of the usual 6, which gains a fifth. */
enum { GZIP_WINDOW = 15 + 16, GZIP_LEVEL = 1, GZIP_MEMORY = 8, PIECE = 16 * 1024 };

struct gzip_stream {
    z_stream z;
};

void gzip_init(struct gzip *gzip)
{
    gzip->count = 0;
    pthread_mutex_init(&gzip->lock, NULL);
}

static void stream_free(struct gzip_stream *stream)
{
    if (stream != NULL) {
        deflateEnd(&stream->z);
        free(stream);
    }
}

void gzip_finish(struct gzip *gzip)
{
    while (gzip->count > 0) {
        stream_free(gzip->free[--gzip->count]);
    }
    pthread_mutex_destroy(&gzip->lock);
}

static struct gzip_stream *stream_take(struct gzip *gzip)
{
    struct gzip_stream *stream = NULL;
    pthread_mutex_lock(&gzip->lock);
    if (gzip->count > 0) {
        stream = gzip->free[--gzip->count];
    }
    pthread_mutex_unlock(&gzip->lock);
    if (stream != NULL) {
        return stream;
    }
    stream = calloc(1, sizeof *stream);
    if (stream != NULL && deflateInit2(&stream->z, GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW, GZIP_MEMORY,
                              Z_DEFAULT_STRATEGY) != Z_OK) {
        free(stream);
        stream = NULL;
    }
    return stream;
}

static void stream_give(struct gzip *gzip, struct gzip_stream *stream)
{
    bool kept = deflateReset(&stream->z) == Z_OK;
    pthread_mutex_lock(&gzip->lock);
    kept = kept && gzip->count < GZIP_STREAMS;
    if (kept) {
        gzip->free[gzip->count++] = stream;
    }
    pthread_mutex_unlock(&gzip->lock);
    if (!kept) {
        stream_free(stream);
    }
}

/* ------------------------------------------------------------------ who wants it */

/* Weight of one element of the list in thousandths; 1000 without one, 0 for what is no weight. */
static int weight_of(const char *item, size_t len)
{
    const char *end = item + len;
    const char *at = memchr(item, ';', len);
    if (at == NULL) {
        return 1000;
    }
    at++;
    at += strspn(at, " \t");
    if (end - at < 3 || (at[0] != 'q' && at[0] != 'Q') || at[1] != '=') {
        return 0;
    }
    int weight = at[2] == '1' ? 1000 : 0;
    if (at[2] == '0' && end - at > 4 && at[3] == '.') {
        int place = 100;
        for (at += 4; at < end && *at >= '0' && *at <= '9' && place > 0; at++, place /= 10) {
            weight += (*at - '0') * place;
        }
    }
    return weight;
}

static bool names(const char *item, size_t len, const char *coding)
{
    size_t name = strcspn(item, "; \t,");
    name = name < len ? name : len;
    return strlen(coding) == name && strncasecmp(item, coding, name) == 0;
}

bool gzip_is_wanted(const char *accept_encoding)
{
    int gzip = -1;
    int any = -1;
    int identity = -1;
    for (const char *at = accept_encoding; at != NULL && *at != '\0';) {
        at += strspn(at, ", \t");
        size_t len = strcspn(at, ",");
        int weight = weight_of(at, len);
        if (names(at, len, "gzip") || names(at, len, "x-gzip")) {
            gzip = weight > gzip ? weight : gzip;
        } else if (names(at, len, "identity")) {
            identity = weight;
        } else if (names(at, len, "*")) {
            any = weight;
        }
        at += len;
    }
    gzip = gzip >= 0 ? gzip : any;
    return gzip > 0 && gzip >= identity;
}

static bool packs_well(const char *type)
{
    static const char *const types[] = {"application/json", "application/xml", "text/html",
        "text/plain", "text/css", "text/javascript", "text/xml", "text/csv",
        "application/javascript", "application/sarif+json", "application/problem+json",
        "image/svg+xml"};
    if (type != NULL && strcmp(type, types[0]) == 0) { /* nearly always */
        return true;
    }
    size_t len = type != NULL ? strcspn(type, "; ") : 0;
    for (size_t i = 0; len > 0 && i < sizeof types / sizeof *types; i++) {
        if (strlen(types[i]) == len && strncasecmp(types[i], type, len) == 0) {
            return true;
        }
    }
    return false;
}

/* Already packed, or to be asked for in ranges. */
static bool is_left_alone(const struct api_response *response)
{
    static const char *const fields[] = {"Content-Encoding", "Content-Range", "Accept-Ranges"};
    for (size_t i = 0; i < response->field_count; i++) {
        const char *name = response->fields[i].name;
        for (size_t n = 0; n < sizeof fields / sizeof *fields; n++) {
            if (name[0] == fields[n][0] && strcmp(name, fields[n]) == 0) {
                return true;
            }
        }
    }
    return false;
}

bool gzip_applies(const struct api_request *request, struct api_response *response)
{
    if (response->status == 304) {
        api_response_field(response, "Vary", "Accept-Encoding");
        return false;
    }
    size_t len = api_response_length(response);
    if (len < GZIP_LEAST || len > GZIP_MOST || response->status == 204 ||
        !packs_well(response->content_type) || is_left_alone(response)) {
        return false;
    }
    api_response_field(response, "Vary", "Accept-Encoding");
    return gzip_is_wanted(api_request_header(request, "Accept-Encoding"));
}

/* ------------------------------------------------------------------ packing */

/* Makes room for `more` bytes and gives the place. */
static unsigned char *reserve(struct buf *buf, size_t more)
{
    size_t before = buf->len;
    buf_skip(buf, more);
    return buf_failed(buf) ? NULL : (unsigned char *)buf->bytes + before;
}

/* `const` only in the library's newer interface. */
static Bytef *input_of(const char *bytes)
{
    union {
        const char *given;
        Bytef *taken;
    } pointer = {.given = bytes};
    return pointer.taken;
}

/* In pieces, so that no more memory is touched than the packed form has; false when that is not
 * shorter. */
static bool pack(struct gzip_stream *stream, const char *bytes, size_t len, struct buf *packed)
{
    size_t most = packed->len + len;
    stream->z.next_in = input_of(bytes);
    stream->z.avail_in = (uInt)len;
    while (packed->len < most) {
        unsigned char *to = reserve(packed, PIECE);
        if (to == NULL) {
            return false;
        }
        stream->z.next_out = to;
        stream->z.avail_out = PIECE;
        int result = deflate(&stream->z, Z_FINISH);
        packed->len -= stream->z.avail_out;
        if (result != Z_OK && result != Z_BUF_ERROR) {
            return result == Z_STREAM_END && packed->len < most;
        }
    }
    return false;
}

static void mark(struct api_request *request, struct api_response *response)
{
    for (size_t i = 0; i < response->field_count; i++) {
        struct api_field *field = &response->fields[i];
        size_t len = strlen(field->value);
        if (strcmp(field->name, "ETag") == 0 && len > 1 && field->value[len - 1] == '"') {
            const char *tag =
                arena_printf(&request->arena, "%.*s" API_GZIP_TAG "\"", (int)len - 1, field->value);
            field->value = tag != NULL ? tag : "";
        }
    }
    api_response_field(response, "Content-Encoding", "gzip");
}

void gzip_pack(struct gzip *gzip, struct api_request *request, struct api_response *response,
    struct buf *packed)
{
    size_t len = api_response_length(response);
    struct gzip_stream *stream = stream_take(gzip);
    if (stream == NULL) {
        return;
    }
    bool done = reserve(packed, API_HEAD_ROOM) != NULL &&
                pack(stream, response->body.bytes + API_HEAD_ROOM, len, packed);
    stream_give(gzip, stream);
    if (done) {
        struct buf plain = response->body;
        response->body = *packed;
        *packed = plain;
        mark(request, response);
    }
}

/* ------------------------------------------------------------------ unpacking */

static enum err_code too_large(size_t most, struct err *err)
{
    return err_set(err, ERR_TOO_LARGE, "the unpacked body has more than %zu bytes", most);
}

/* Room and budget for the next piece. One byte more than allowed is taken to see the end of what
 * has exactly as many. */
static enum err_code allow(
    struct buf *to, size_t most, struct budget *budget, size_t *taken, struct err *err)
{
    size_t step = to->len < GZIP_UNCOUNTED ? GZIP_UNCOUNTED : GZIP_STEP;
    step = most + 1 - to->len < step ? most + 1 - to->len : step;
    if (to->len > most) {
        return too_large(most, err);
    }
    if (to->len >= GZIP_UNCOUNTED) {
        if (!budget_take(budget, step, 0)) {
            return err_set(err, ERR_BUSY, "too many large bodies are being read at the moment");
        }
        *taken += step;
    }
    return reserve(to, step) != NULL
               ? ERR_OK
               : err_set(err, ERR_NO_MEMORY, "not enough memory to unpack the body");
}

/* One piece of output; *ended when all input is used up at the end of a member. */
static enum err_code inflate_piece(
    z_stream *z, struct buf *to, size_t from, bool *ended, struct err *err)
{
    z->next_out = (unsigned char *)to->bytes + from;
    z->avail_out = (uInt)(to->len - from);
    while (z->avail_out > 0 && !*ended) {
        int result = inflate(z, Z_NO_FLUSH);
        if (result == Z_STREAM_END) {
            *ended = z->avail_in == 0;
            result = *ended ? Z_OK : inflateReset(z); /* members can follow each other */
        } else if (result == Z_OK && z->avail_in == 0 && z->avail_out > 0) {
            result = Z_BUF_ERROR;
        }
        if (result != Z_OK) {
            return err_set(err, result == Z_MEM_ERROR ? ERR_NO_MEMORY : ERR_BAD_INPUT, "%s",
                result == Z_MEM_ERROR   ? "not enough memory to unpack the body"
                : result == Z_BUF_ERROR ? "the body ends before its gzip data does"
                                        : "the body is not gzip, as its Content-Encoding says");
        }
    }
    to->len -= z->avail_out;
    return ERR_OK;
}

static enum err_code unpack(const struct buf *packed, size_t most, struct budget *budget,
    size_t *taken, struct buf *to, struct err *err)
{
    z_stream z = {.next_in = input_of(packed->bytes), .avail_in = (uInt)packed->len};
    bool ended = false;
    enum err_code code = ERR_OK;
    if (inflateInit2(&z, GZIP_WINDOW) != Z_OK) {
        return err_set(err, ERR_NO_MEMORY, "not enough memory to unpack the body");
    }
    while (code == ERR_OK && !ended) {
        size_t from = to->len;
        code = allow(to, most, budget, taken, err);
        if (code == ERR_OK) {
            code = inflate_piece(&z, to, from, &ended, err);
        }
    }
    inflateEnd(&z);
    return code == ERR_OK && to->len > most ? too_large(most, err) : code;
}

enum err_code gzip_unpack(const char *content_encoding, size_t most, struct budget *budget,
    size_t *taken, struct buf *body, struct err *err)
{
    struct buf plain;
    if (content_encoding == NULL || strcasecmp(content_encoding, "identity") == 0 ||
        content_encoding[0] == '\0') {
        return ERR_OK;
    }
    if (strcasecmp(content_encoding, "gzip") != 0 && strcasecmp(content_encoding, "x-gzip") != 0) {
        enum err_code code = err_set(err, ERR_MEDIA_TYPE,
            "bodies with the Content-Encoding \"%.100s\" are not taken", content_encoding);
        err_rule(err, NULL, "Send the body as it is, or packed with gzip.");
        return code;
    }
    if (body->len == 0) {
        return ERR_OK;
    }
    buf_init(&plain, most + 2);
    enum err_code code = unpack(body, most, budget, taken, &plain, err);
    if (code != ERR_OK) {
        buf_finish(&plain);
        return code;
    }
    buf_finish(body);
    *body = plain;
    return ERR_OK;
}
