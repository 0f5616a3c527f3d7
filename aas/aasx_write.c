/* SPDX-License-Identifier: Apache-2.0 */
#include "aas/aasx_write.h"

#include <errno.h>
#include <string.h>
#include <zip.h>

#include "aas/aasx_plan.h"
#include "aas/json.h"
#include "aas/xml.h"

enum {
    SPEC_CEILING = 1 << 30,   /* bytes of the environment */
    OPC_CEILING = 16 << 20,   /* bytes of one file of OPC */
    DENSE_FROM = 1024 * 1024, /* a larger environment that shrinks … */
    DENSE_RATIO = 150,        /* … by more than this is stored as it is: see aasx_limits */
    DOS_DATE = 0x0021,        /* 1980-01-01, the first day of ZIP */
    FILE_MODE = 0100644,
};

#define REL_AAS "http://admin-shell.io/aasx/relationships/"
#define REL_THUMBNAIL                                                                              \
    "http://schemas.openxmlformats.org/package/2006/relationships/metadata/thumbnail"
#define XML_HEAD "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"

/* One file of the environment on its way into the archive. */
struct pouring {
    const struct aasx_source *source;
    const struct aasx_content *content;
    uint64_t at;
    enum err_code *failed; /* of the whole package */
    struct err *err;
    zip_error_t error;
};

struct writing {
    struct arena *arena;
    const struct aasx_form *form;
    const struct aasx_source *source;
    struct aasx_plan plan;
    struct buf spec;
    bool dense; /* the environment is stored as it is */
    zip_t *zip;
    enum err_code failed; /* of the source */
    struct err *err;
};

/* ------------------------------------------------------------------ texts of OPC */

static void add_attribute(struct buf *buf, const char *name, const char *value)
{
    buf_printf(buf, " %s=\"", name);
    buf_add_xml_text(buf, value, strlen(value));
    buf_add_char(buf, '"');
}

static void add_relationship(struct buf *buf, size_t number, const char *type, const char *target)
{
    buf_printf(buf, "<Relationship Id=\"r%zu\"", number);
    add_attribute(buf, "Type", type);
    add_attribute(buf, "Target", target);
    buf_add_text(buf, "/>");
}

static void begin_relationships(struct buf *buf)
{
    buf_add_text(buf, XML_HEAD "<Relationships xmlns=\"http://schemas.openxmlformats.org/"
                               "package/2006/relationships\">");
}

static const char *spec_name(const struct writing *w)
{
    return w->form->json ? AASX_SPEC ".json" : AASX_SPEC ".xml";
}

/* A package has one thumbnail; those of further shells are supplementary files. */
static const struct aasx_planned *thumbnail_of(const struct writing *w)
{
    for (size_t i = 0; i < w->plan.count; i++) {
        if (w->plan.files[i].thumbnail) {
            return &w->plan.files[i];
        }
    }
    return NULL;
}

static bool is_supplementary(const struct writing *w, const struct aasx_planned *file)
{
    return file->supplementary || file != thumbnail_of(w);
}

/* A content type that a reader would not take for one is not passed on. */
static const char *safe_type(const char *type)
{
    static const char token[] = "!#$&-^_.+0123456789abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    size_t first = type == NULL ? 0 : strspn(type, token);
    size_t second = first > 0 && type[first] == '/' ? strspn(type + first + 1, token) : 0;
    if (second == 0) {
        return "application/octet-stream";
    }
    for (const char *at = type; *at != '\0'; at++) {
        if ((unsigned char)*at < 0x20 || (unsigned char)*at > 0x7E) {
            return "application/octet-stream";
        }
    }
    char behind = type[first + 1 + second];
    return behind == '\0' || behind == ';' || behind == ' ' ? type : "application/octet-stream";
}

static void write_content_types(const struct writing *w, struct buf *buf)
{
    static const struct {
        const char *extension;
        const char *type;
    } defaults[] = {
        {"rels", "application/vnd.openxmlformats-package.relationships+xml"},
        {"xml", "text/xml"},
        {"json", "application/json"},
    };
    buf_add_text(buf,
        XML_HEAD "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">");
    for (size_t i = 0; i < sizeof defaults / sizeof *defaults; i++) {
        buf_add_text(buf, "<Default");
        add_attribute(buf, "Extension", defaults[i].extension);
        add_attribute(buf, "ContentType", defaults[i].type);
        buf_add_text(buf, "/>");
    }
    buf_add_text(buf, "<Override PartName=\"" AASX_ORIGIN "\" ContentType=\"text/plain\"/>");
    for (size_t i = 0; i < w->plan.count; i++) {
        buf_add_text(buf, "<Override");
        add_attribute(buf, "PartName", w->plan.files[i].uri);
        add_attribute(buf, "ContentType", safe_type(w->plan.files[i].content.content_type));
        buf_add_text(buf, "/>");
    }
    buf_add_text(buf, "</Types>");
}

static void write_root_rels(const struct writing *w, struct buf *buf)
{
    const struct aasx_planned *thumbnail = thumbnail_of(w);
    begin_relationships(buf);
    add_relationship(buf, 1, REL_AAS "aasx-origin", AASX_ORIGIN);
    if (thumbnail != NULL) {
        add_relationship(buf, 2, REL_THUMBNAIL, thumbnail->uri);
    }
    buf_add_text(buf, "</Relationships>");
}

static void write_origin(const struct writing *w, struct buf *buf)
{
    (void)w;
    buf_add_text(buf, "Intentionally empty.");
}

static void write_origin_rels(const struct writing *w, struct buf *buf)
{
    begin_relationships(buf);
    add_relationship(buf, 1, REL_AAS "aas-spec", spec_name(w));
    buf_add_text(buf, "</Relationships>");
}

static void write_spec_rels(const struct writing *w, struct buf *buf)
{
    begin_relationships(buf);
    for (size_t i = 0; i < w->plan.count; i++) {
        if (is_supplementary(w, &w->plan.files[i])) {
            add_relationship(buf, i + 1, REL_AAS "aas-suppl", w->plan.files[i].uri);
        }
    }
    buf_add_text(buf, "</Relationships>");
}

static enum err_code write_spec(struct writing *w, struct aas_node *environment)
{
    enum meta_version version = w->form->version != 0 ? w->form->version : META_V31;
    buf_init(&w->spec, SPEC_CEILING);
    buf_count(&w->spec, w->arena->meter);
    if (w->form->json) {
        aas_json_write(&w->spec, environment, 0, NULL);
    } else {
        aas_xml_write(&w->spec, environment, version, false);
    }
    if (!buf_failed(&w->spec)) {
        return ERR_OK;
    }
    err_set(w->err, ERR_TOO_LARGE, "the environment is too large for one package");
    err_rule(w->err, "AASX-size", "Export in parts.");
    return ERR_TOO_LARGE;
}

/* ------------------------------------------------------------------ the archive */

static enum err_code failure(const struct writing *w, zip_error_t *error)
{
    if (w->failed != ERR_OK) {
        return w->failed;
    }
    bool full = zip_error_code_system(error) == ENOSPC || zip_error_code_system(error) == EDQUOT;
    return err_set(w->err, full ? ERR_NO_SPACE : ERR_IO, "the package cannot be written: %s",
        zip_error_strerror(error));
}

static enum err_code zip_failure(const struct writing *w)
{
    return failure(w, zip_get_error(w->zip));
}

/* The source belongs to the archive afterwards; nothing in the archive tells when it was made. */
static enum err_code add_entry(
    struct writing *w, const char *name, zip_source_t *source, bool deflate)
{
    zip_int64_t at = source == NULL ? -1 : zip_file_add(w->zip, name + 1, source, ZIP_FL_ENC_UTF_8);
    if (at < 0) {
        zip_source_free(source);
        return zip_failure(w);
    }
    zip_uint64_t index = (zip_uint64_t)at;
    bool fine = zip_set_file_compression(
                    w->zip, index, deflate ? ZIP_CM_DEFLATE : ZIP_CM_STORE, deflate ? 6 : 0) == 0 &&
                zip_file_set_dostime(w->zip, index, 0, DOS_DATE, 0) == 0 &&
                zip_file_set_external_attributes(
                    w->zip, index, 0, ZIP_OPSYS_UNIX, (zip_uint32_t)FILE_MODE << 16) == 0;
    return fine ? ERR_OK : zip_failure(w);
}

static enum err_code add_text(
    struct writing *w, const char *name, void (*write)(const struct writing *w, struct buf *buf))
{
    struct buf buf;
    buf_init(&buf, OPC_CEILING);
    write(w, &buf);
    char *bytes = buf_failed(&buf) ? NULL : arena_copy(w->arena, buf.bytes, buf.len);
    size_t len = buf.len;
    buf_finish(&buf);
    if (bytes == NULL) {
        err_set(w->err, ERR_TOO_LARGE, "the package needs more memory than allowed");
        err_rule(w->err, "AASX-size", "Export in parts.");
        return ERR_TOO_LARGE;
    }
    return add_entry(w, name, zip_source_buffer(w->zip, bytes, len, 0), true);
}

static zip_int64_t pour_read(struct pouring *p, void *to, zip_uint64_t len)
{
    uint64_t left = p->content->size - p->at;
    size_t want = len < left ? (size_t)len : (size_t)left;
    enum err_code code =
        want == 0 ? ERR_OK
                  : p->source->read(p->source->context, p->content, p->at, to, want, p->err);
    if (code != ERR_OK) {
        *p->failed = code;
        zip_error_set(&p->error, ZIP_ER_READ, EIO);
        return -1;
    }
    p->at += want;
    return (zip_int64_t)want;
}

static zip_int64_t pour_stat(const struct pouring *p, void *to)
{
    zip_stat_t *st = to;
    zip_stat_init(st);
    st->size = p->content->size;
    st->valid = ZIP_STAT_SIZE;
    return (zip_int64_t)sizeof *st;
}

/* How the library asks for the bytes of a file. */
static zip_int64_t pour(void *context, void *data, zip_uint64_t len, zip_source_cmd_t command)
{
    struct pouring *p = context;
    switch (command) {
    case ZIP_SOURCE_OPEN:
        p->at = 0;
        return 0;
    case ZIP_SOURCE_READ:
        return pour_read(p, data, len);
    case ZIP_SOURCE_STAT:
        return pour_stat(p, data);
    case ZIP_SOURCE_ERROR:
        return zip_error_to_data(&p->error, data, len);
    case ZIP_SOURCE_CLOSE:
    case ZIP_SOURCE_FREE:
        return 0;
    case ZIP_SOURCE_SUPPORTS:
        return zip_source_make_command_bitmap(ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE,
            ZIP_SOURCE_STAT, ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE, -1);
    default:
        zip_error_set(&p->error, ZIP_ER_OPNOTSUPP, 0);
        return -1;
    }
}

static enum err_code add_files(struct writing *w)
{
    enum err_code code = ERR_OK;
    for (size_t i = 0; i < w->plan.count && code == ERR_OK; i++) {
        struct pouring *p = arena_alloc(w->arena, sizeof *p);
        if (p == NULL) {
            return err_set(w->err, ERR_TOO_LARGE, "the package needs more memory than allowed");
        }
        *p = (struct pouring){.source = w->source,
            .content = &w->plan.files[i].content,
            .failed = &w->failed,
            .err = w->err};
        zip_error_init(&p->error);
        code = add_entry(w, w->plan.files[i].uri, zip_source_function(w->zip, pour, p), false);
    }
    return code;
}

static enum err_code add_entries(struct writing *w)
{
    enum err_code code = add_text(w, "/[Content_Types].xml", write_content_types);
    if (code == ERR_OK) {
        code = add_text(w, "/_rels/.rels", write_root_rels);
    }
    if (code == ERR_OK) {
        code = add_text(w, AASX_ORIGIN, write_origin);
    }
    if (code == ERR_OK) {
        code = add_text(w, AASX_FOLDER "/_rels/aasx-origin.rels", write_origin_rels);
    }
    if (code == ERR_OK) {
        zip_source_t *spec = zip_source_buffer(w->zip, w->spec.bytes, w->spec.len, 0);
        code = add_entry(w, spec_name(w), spec, !w->dense);
    }
    if (code == ERR_OK && w->plan.count > 0) {
        code = add_text(w,
            w->form->json ? AASX_FOLDER "/_rels/data.json.rels"
                          : AASX_FOLDER "/_rels/data.xml.rels",
            write_spec_rels);
    }
    return code == ERR_OK ? add_files(w) : code;
}

static enum err_code write_archive(struct writing *w, const char *path)
{
    int reason = 0;
    zip_error_t error;
    w->zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &reason);
    if (w->zip == NULL) {
        zip_error_init_with_code(&error, reason);
        enum err_code code = failure(w, &error);
        zip_error_fini(&error);
        return code;
    }
    enum err_code code = add_entries(w);
    if (code == ERR_OK && zip_close(w->zip) == 0) {
        return ERR_OK;
    }
    code = code == ERR_OK ? zip_failure(w) : code;
    zip_discard(w->zip);
    return code;
}

/* A reader takes what shrinks that much for a bomb. */
static bool is_dense(const struct writing *w, const char *path)
{
    zip_stat_t st;
    zip_stat_init(&st);
    zip_t *zip = w->spec.len > DENSE_FROM ? zip_open(path, ZIP_RDONLY, NULL) : NULL;
    bool dense = zip != NULL && zip_stat(zip, spec_name(w) + 1, 0, &st) == 0 &&
                 st.comp_size < st.size / DENSE_RATIO;
    if (zip != NULL) {
        zip_discard(zip);
    }
    return dense;
}

enum err_code aasx_write(struct arena *arena, struct aas_node *environment,
    const struct aasx_form *form, const struct aasx_source *source, const char *path,
    struct err *err)
{
    static const struct aasx_form usual = {.version = META_V31};
    struct writing w = {
        .arena = arena, .form = form != NULL ? form : &usual, .source = source, .err = err};
    enum err_code code = aasx_plan_make(arena, environment, source, &w.plan, err);
    if (code == ERR_OK) {
        code = write_spec(&w, environment);
    }
    if (code == ERR_OK) {
        code = write_archive(&w, path);
    }
    if (code == ERR_OK && is_dense(&w, path)) {
        w.dense = true;
        code = write_archive(&w, path);
    }
    buf_finish(&w.spec);
    return code;
}
