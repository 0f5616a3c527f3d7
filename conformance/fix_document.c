/* SPDX-License-Identifier: Apache-2.0 */
/* The corrected copy of a document: a tree written again, a package with some files replaced. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "aas/aasx_opc.h"
#include "aas/json.h"
#include "aas/xml.h"
#include "conformance/fix.h"

/* Bytes of one corrected specification part. */
enum { PART_ROOM = 1024 * 1024 * 1024 };

static enum err_code no_room(struct err *err)
{
    return err_set(err, ERR_TOO_LARGE, "there is not enough memory for a corrected copy");
}

/* ------------------------------------------------------------------ writing a tree */

static void new_line(struct buf *to, size_t depth)
{
    buf_add_char(to, '\n');
    for (size_t i = 0; i < depth; i++) {
        buf_add_text(to, "  ");
    }
}

/* Breaks and indents canonical JSON, which has no white space. */
static void indent(struct buf *to, const char *json, size_t len)
{
    size_t depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < len; i++) {
        char c = json[i];
        bool opens = !quoted && (c == '{' || c == '[');
        bool closes = !quoted && (c == '}' || c == ']');
        bool empty = closes && i > 0 && (json[i - 1] == '{' || json[i - 1] == '[');
        depth -= closes;
        if (closes && !empty) {
            new_line(to, depth);
        }
        buf_add_char(to, c);
        depth += opens;
        if (quoted && c == '\\' && i + 1 < len) {
            buf_add_char(to, json[++i]);
        } else if (c == '"') {
            quoted = !quoted;
        } else if (!quoted && c == ':') {
            buf_add_char(to, ' ');
        }
        bool next_closes = i + 1 < len && (json[i + 1] == '}' || json[i + 1] == ']');
        if ((opens && !next_closes) || (!quoted && c == ',')) {
            new_line(to, depth);
        }
    }
    buf_add_char(to, '\n');
}

static void write_tree(
    struct buf *to, const struct aas_node *root, bool xml, enum meta_version version)
{
    if (xml) {
        aas_xml_write(to, root, version, true);
        return;
    }
    struct buf json;
    buf_init(&json, to->ceiling);
    aas_json_write(&json, root, 0, NULL);
    if (buf_failed(&json)) {
        to->failed = true;
    } else {
        indent(to, json.bytes, json.len);
    }
    buf_finish(&json);
}

static bool is_out_of_order(const struct report *report, const char *part)
{
    for (size_t i = 0; i < report->count; i++) {
        if (strcmp(report->findings[i].rule, "schema-order") == 0 &&
            strcmp(report->findings[i].part, part) == 0) {
            return true;
        }
    }
    return false;
}

/* Repairs a tree and appends it when something changed. `part` is "" outside of packages. */
static enum err_code fix_and_write(struct arena *arena, struct aas_node *root, bool xml,
    enum meta_version version, const char *part, const struct report *report, struct buf *to,
    struct report *changes, struct err *err)
{
    size_t before = changes->count;
    if (fix_tree(arena, root, version, changes) != ERR_OK) {
        return no_room(err);
    }
    if (xml && is_out_of_order(report, part)) {
        report_add(changes, AAS_INFO, "schema-order", NULL, -1, NULL,
            "elements written in the order of the schema");
    }
    if (changes->count > before) {
        write_tree(to, root, xml, version);
    }
    return buf_failed(to) ? no_room(err) : ERR_OK;
}

/* ------------------------------------------------------------------ packages */

struct package_fix {
    struct arena *arena;
    const struct judge_input *input;
    const struct judge_result *result;
    const struct report *report;
    struct report *changes;
    struct aasx_opc opc;
    struct aasx_patch *patches;
    size_t count;
    struct err *err;
};

static enum err_code add_patch(
    struct package_fix *fix, uint64_t zip_index, const struct buf *content)
{
    char *kept = arena_copy(fix->arena, content->bytes, content->len);
    if (kept == NULL) {
        return no_room(fix->err);
    }
    fix->patches[fix->count++] =
        (struct aasx_patch){.zip_index = zip_index, .bytes = kept, .len = content->len};
    return ERR_OK;
}

/* Copies a relationship file without the www. of its types; how many there were. */
static size_t without_www(struct buf *to, const char *bytes, size_t len)
{
    static const char host[] = "://www.admin-shell.io/aasx/relationships/";
    const size_t host_len = sizeof host - 1;
    const size_t scheme = strlen("://");
    size_t found = 0;
    for (size_t i = 0; i < len;) {
        if (bytes[i] == ':' && len - i >= host_len && strncasecmp(bytes + i, host, host_len) == 0) {
            buf_add(to, bytes + i, scheme);
            i += scheme + strlen("www.");
            found++;
        } else {
            buf_add_char(to, bytes[i++]);
        }
    }
    return found;
}

static enum err_code fix_rels(struct package_fix *fix, const struct aasx_opc_part *part)
{
    const struct aasx_part file = {
        .name = part->name, .size = part->size, .zip_index = part->zip_index};
    const char *bytes = NULL;
    struct buf content;
    enum err_code code =
        aasx_inflate(fix->arena, fix->input->bytes, fix->input->len, &file, &bytes, fix->err);
    if (code != ERR_OK) {
        return code;
    }
    buf_init(&content, (size_t)part->size + 1);
    size_t found = without_www(&content, bytes, (size_t)part->size);
    if (found > 0) {
        fix->changes->part = part->name;
        report_add(fix->changes, AAS_INFO, "AASX-relationship-type", NULL, -1, NULL,
            "%zu relationship types written without www.", found);
        fix->changes->part = NULL;
        code = buf_failed(&content) ? no_room(fix->err) : add_patch(fix, part->zip_index, &content);
    }
    buf_finish(&content);
    return code;
}

/* The tree of one part as it came; the judged trees have become one Environment. */
static enum err_code read_part(struct package_fix *fix, const struct aasx_part *part,
    struct aas_node **root, enum meta_version *version)
{
    const struct meta_class *environment = meta_class(CLASS_Environment);
    if (part->kind == AASX_SPEC_JSON) {
        return aas_json_read(
            fix->arena, part->bytes, (size_t)part->size, environment, NULL, root, fix->err);
    }
    struct aas_xml xml = {.doc = NULL};
    enum err_code code = aas_xml_read(
        fix->arena, part->bytes, (size_t)part->size, environment, NULL, &xml, fix->err);
    *root = xml.root;
    *version = xml.version;
    aas_xml_finish(&xml);
    return code;
}

static enum err_code fix_part(struct package_fix *fix, const struct aasx_part *part)
{
    struct aas_node *root = NULL;
    enum meta_version version = fix->result->version;
    struct buf content;
    enum err_code code = read_part(fix, part, &root, &version);
    if (code != ERR_OK) {
        return code;
    }
    buf_init(&content, PART_ROOM);
    fix->changes->part = part->name;
    code = fix_and_write(fix->arena, root, part->kind == AASX_SPEC_XML, version, part->name,
        fix->report, &content, fix->changes, fix->err);
    fix->changes->part = NULL;
    if (code == ERR_OK && content.len > 0) {
        code = add_patch(fix, part->zip_index, &content);
    }
    buf_finish(&content);
    return code;
}

static bool is_signed(const struct aasx_opc *opc)
{
    for (size_t i = 0; i < opc->rel_count; i++) {
        if (strstr(opc->rels[i].rel.uri, "/relationships/digital-signature/") != NULL) {
            return true;
        }
    }
    return false;
}

static enum err_code make_patches(struct package_fix *fix)
{
    const struct aasx *package = &fix->result->package;
    enum err_code code = ERR_OK;
    for (size_t i = 0; code == ERR_OK && i < fix->opc.count; i++) {
        if (fix->opc.parts[i].is_rels && fix->opc.parts[i].size <= AASX_OPC_MAX_FILE) {
            code = fix_rels(fix, &fix->opc.parts[i]);
        }
    }
    for (size_t i = 0; code == ERR_OK && i < package->count; i++) {
        if (package->parts[i].kind == AASX_SPEC_JSON || package->parts[i].kind == AASX_SPEC_XML) {
            code = fix_part(fix, &package->parts[i]);
        }
    }
    if (code == ERR_OK && fix->count > 0 && is_signed(&fix->opc)) {
        report_add(fix->changes, AAS_WARNING, "AASX-structure", NULL, -1,
            "Sign the corrected copy again.",
            "the package is signed, and the signature does not fit the corrected copy");
    }
    return code;
}

static enum err_code fix_package(struct package_fix *fix, struct buf *to)
{
    const struct judge_input *input = fix->input;
    enum err_code code =
        aasx_opc_read(fix->arena, input->bytes, input->len, input->limits, &fix->opc, fix->err);
    if (code != ERR_OK) {
        return code;
    }
    fix->patches =
        arena_alloc(fix->arena, (fix->opc.count + 1) * sizeof *fix->patches); /* one per file */
    if (fix->patches == NULL) {
        return no_room(fix->err);
    }
    code = make_patches(fix);
    return code == ERR_OK && fix->count > 0
               ? aasx_patch(input->bytes, input->len, fix->patches, fix->count, to, fix->err)
               : code;
}

enum err_code fix_document(struct arena *arena, const struct judge_input *input,
    const struct judge_result *result, const struct report *report, struct buf *to,
    struct report *changes, struct err *err)
{
    if (result->format == JUDGE_AASX) {
        struct package_fix fix = {.arena = arena,
            .input = input,
            .result = result,
            .report = report,
            .changes = changes,
            .err = err};
        return fix_package(&fix, to);
    }
    return fix_and_write(arena, result->root, result->format == JUDGE_XML, result->version, "",
        report, to, changes, err);
}
