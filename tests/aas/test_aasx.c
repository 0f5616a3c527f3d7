/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "aas/aasx.h"
#include "tests/support/corpus.h"

/* ------------------------------------------------------------------ making packages */

struct file {
    const char *name;
    const char *content;
    size_t len; /* 0: strlen(content) */
};

struct bytes {
    char *at;
    size_t len;
};

#define REL(type, target) "<Relationship Id=\"x\" Type=\"" type "\" Target=\"" target "\"/>"
#define RELS(list)                                                                                 \
    "\xEF\xBB\xBF<?xml version=\"1.0\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/" \
    "package/2006/relationships\">" list "</Relationships>"
#define AAS "http://admin-shell.io/aasx/relationships/"
#define WWW "http://www.admin-shell.io/aasx/relationships/"
#define THUMB "http://schemas.openxmlformats.org/package/2006/relationships/metadata/thumbnail"
#define TYPES                                                                                      \
    "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default "      \
    "Extension=\"XML\" ContentType=\"text/xml\"/><Default Extension=\"pdf\" ContentType="          \
    "\"application/pdf\"/><Override PartName=\"/aasx/odd.bin\" ContentType=\"text/odd\"/></Types>"
#define XML_ENV "<environment xmlns=\"https://admin-shell.io/aas/3/0\"/>"
#define JSON_ENV "{\"submodels\":[]}"

static struct bytes pack(const struct file *files, size_t count)
{
    zip_error_t error;
    zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, &error);
    zip_source_keep(source);
    zip_t *zip = zip_open_from_source(source, ZIP_TRUNCATE, &error);
    for (size_t i = 0; i < count; i++) {
        size_t len = files[i].len > 0 ? files[i].len : strlen(files[i].content);
        zip_source_t *content = zip_source_buffer(zip, files[i].content, len, 0);
        cr_assert_geq(zip_file_add(zip, files[i].name, content, ZIP_FL_ENC_UTF_8), 0);
    }
    cr_assert_eq(zip_close(zip), 0);
    zip_stat_t st;
    zip_source_stat(source, &st);
    struct bytes packed = {malloc(st.size + 1), st.size};
    zip_source_open(source);
    cr_assert_eq(zip_source_read(source, packed.at, st.size), (zip_int64_t)st.size);
    zip_source_close(source);
    zip_source_free(source);
    return packed;
}

#define PACK(...)                                                                                  \
    pack((const struct file[]){__VA_ARGS__},                                                       \
        sizeof((const struct file[]){__VA_ARGS__}) / sizeof(struct file))

/* Writes `to` over every occurrence of `from`, which has the same length. */
static void overwrite(struct bytes packed, const char *from, const char *to, size_t len)
{
    char *at = packed.at;
    size_t times = 0;
    while ((at = memmem(at, packed.len - (size_t)(at - packed.at), from, len)) != NULL) {
        memcpy(at, to, len);
        times++;
    }
    cr_assert_gt(times, 0);
}

/* Sets a little-endian 32-bit field of the first central directory entry. */
static void set_directory_field(struct bytes packed, size_t offset, uint32_t value)
{
    unsigned char *entry = memmem(packed.at, packed.len, "PK\x01\x02", 4);
    cr_assert_not_null(entry);
    for (size_t i = 0; i < 4; i++) {
        entry[offset + i] = (unsigned char)(value >> (8 * i));
    }
}

/* ------------------------------------------------------------------ opening them */

static struct arena arena;
static struct aasx package;
static struct err err;
static size_t warnings;

static void count_warning(void *context, const struct aas_problem *problem)
{
    (void)context;
    cr_assert_eq(problem->severity, AAS_WARNING);
    cr_assert_str_neq(problem->text, "");
    warnings++;
}

static const struct aas_sink sink = {.add = count_warning};

static void begin(void)
{
    arena_init(&arena, 256U << 20);
}

static void end(void)
{
    arena_finish(&arena);
}

TestSuite(aasx, .init = begin, .fini = end, .timeout = 60);

static enum err_code open_with(struct bytes packed, const struct aasx_limits *limits)
{
    return aasx_open(&arena, packed.at, packed.len, limits, &sink, &package, &err);
}

static enum err_code open_package(struct bytes packed)
{
    return open_with(packed, NULL);
}

static const struct aasx_part *part_named(const char *name)
{
    for (size_t i = 0; i < package.count; i++) {
        if (strcmp(package.parts[i].name, name) == 0) {
            return &package.parts[i];
        }
    }
    return NULL;
}

static void assert_opens_with_spec(struct bytes packed, const char *spec, size_t wanted_warnings)
{
    cr_assert_eq(open_package(packed), ERR_OK, "%s: %s", spec, err.text);
    cr_assert_str_eq(package.parts[0].name, spec);
    cr_assert_not_null(package.parts[0].bytes);
    cr_assert_eq(warnings, wanted_warnings, "%s: %zu warnings", spec, warnings);
    warnings = 0;
    free(packed.at);
}

static void assert_refused(struct bytes packed, enum err_code code, const char *rule)
{
    package.parts = NULL;
    cr_assert_eq(open_package(packed), code, "wanted %s", rule);
    cr_assert_str_eq(err.rule, rule, "%s", err.text);
    cr_assert_str_neq(err.remedy, "");
    cr_assert_null(package.parts);
    free(packed.at);
}

#define ROOT(target)                                                                               \
    {                                                                                              \
        "_rels/.rels", RELS(REL(AAS "aasx-origin", target)), 0                                     \
    }
#define PLAIN_ORIGIN                                                                               \
    {"[Content_Types].xml", TYPES, 0}, ROOT("/aasx/aasx-origin"),                                  \
    {                                                                                              \
        "aasx/aasx-origin", "x", 0                                                                 \
    }
#define ORIGIN_RELS(list)                                                                          \
    {                                                                                              \
        "aasx/_rels/aasx-origin.rels", RELS(list), 0                                               \
    }

Test(aasx, parts_are_found_along_the_relationships)
{
    struct bytes packed = PACK(PLAIN_ORIGIN, ORIGIN_RELS(REL(AAS "aas-spec", "/aasx/a/env.xml")),
        {"aasx/a/env.xml", XML_ENV, 0},
        {"aasx/a/_rels/env.xml.rels",
            RELS(REL(AAS "aas-suppl", "/aasx/files/m.pdf") REL(THUMB, "../../t.png")), 0},
        {"aasx/files/m.pdf", "PDF", 0}, {"t.png", "PNG!", 0}, {"aasx/odd.bin", "?", 0});
    cr_assert_eq(open_package(packed), ERR_OK, "%s", err.text);
    cr_assert_eq(package.count, 4);
    cr_assert_eq(package.parts[0].kind, AASX_SPEC_XML);
    cr_assert_str_eq(package.parts[0].bytes, XML_ENV);
    cr_assert_str_eq(package.parts[0].content_type, "text/xml");
    cr_assert_eq(part_named("/aasx/files/m.pdf")->kind, AASX_SUPPLEMENTARY);
    cr_assert_str_eq(part_named("/aasx/files/m.pdf")->content_type, "application/pdf");
    cr_assert_eq(part_named("/t.png")->kind, AASX_THUMBNAIL);
    cr_assert_eq(part_named("/t.png")->size, 4);
    cr_assert_null(part_named("/t.png")->content_type);
    cr_assert_str_eq(part_named("/aasx/odd.bin")->content_type, "text/odd");
    cr_assert_eq(warnings, 0);
    free(packed.at);
}

Test(aasx, relationships_may_be_spelled_in_many_ways)
{
    static const struct {
        const char *origin_type;
        const char *spec_type;
        const char *spec_target;
        const char *spec_name;
    } ways[] = {{AAS "aasx-origin", WWW "aas-spec", "/aasx/e.xml", "aasx/e.xml"},
        {WWW "aasx-origin", AAS "aas-spec", "e.xml", "aasx/e.xml"},
        {AAS "aasx-origin", AAS "aas-spec", "./x/../e.xml", "aasx/e.xml"},
        {AAS "aasx-origin", AAS "aas-spec", "../e.xml", "e.xml"},
        {AAS "aasx-origin", AAS "aas-spec-split", "/a%20b.xml", "a b.xml"},
        {AAS "aasx-origin", AAS "aas-spec", "/a b.xml", "a%20b.xml"},
        {AAS "aasx-origin", AAS "aas-spec", "/AASX/E.XML", "aasx/e.xml"},
        {AAS "aasx-origin", AAS "aas-spec", "\\aasx\\e.xml", "aasx/e.xml"},
        {AAS "aasx-origin", AAS "aas-spec", "/aasx/e.xml#part", "aasx/e.xml"},
        {AAS "aasx-origin", AAS "aas-spec", "/%EC%84%A4.xml", "\xEC\x84\xA4.xml"}};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        char *root = NULL;
        char *origin = NULL;
        char *spec = NULL;
        cr_assert_gt(asprintf(&root, RELS(REL("%s", "aasx/aasx-origin")), ways[i].origin_type), 0);
        cr_assert_gt(
            asprintf(&origin, RELS(REL("%s", "%s")), ways[i].spec_type, ways[i].spec_target), 0);
        cr_assert_gt(asprintf(&spec, "/%s", ways[i].spec_name), 0);
        assert_opens_with_spec(
            PACK({"[Content_Types].xml", TYPES, 0}, {"_rels/.rels", root, 0},
                {"aasx/_rels/aasx-origin.rels", origin, 0}, {ways[i].spec_name, XML_ENV, 0}),
            spec, 0);
        free(root);
        free(origin);
        free(spec);
    }
}

Test(aasx, the_bytes_say_whether_a_specification_is_json_or_xml)
{
    static const struct {
        const char *name;
        const char *content;
        enum aasx_part_kind kind;
    } specs[] = {{"/aasx/e.xml", XML_ENV, AASX_SPEC_XML}, {"/aasx/e.xml", JSON_ENV, AASX_SPEC_JSON},
        {"/aasx/e.json", "\xEF\xBB\xBF  " JSON_ENV, AASX_SPEC_JSON},
        {"/aasx/e.json", "\xEF\xBB\xBF" XML_ENV, AASX_SPEC_XML},
        {"/aasx/e", JSON_ENV, AASX_SPEC_JSON}, {"/aasx/e.json", "?", AASX_SPEC_JSON},
        {"/aasx/e.bin", "?", AASX_SPEC_XML}};
    for (size_t i = 0; i < sizeof specs / sizeof *specs; i++) {
        char *rels = NULL;
        cr_assert_gt(asprintf(&rels, RELS(REL(AAS "aas-spec", "%s")), specs[i].name), 0);
        struct bytes packed = PACK(PLAIN_ORIGIN, {"aasx/_rels/aasx-origin.rels", rels, 0},
            {specs[i].name + 1, specs[i].content, 0});
        cr_assert_eq(open_package(packed), ERR_OK);
        cr_assert_eq(package.parts[0].kind, specs[i].kind, "case %zu", i);
        cr_assert_eq(package.parts[0].size, strlen(specs[i].content));
        free(packed.at);
        free(rels);
    }
}

Test(aasx, several_specifications_come_first_and_once_each)
{
    struct bytes packed = PACK({"a.txt", "a", 0}, PLAIN_ORIGIN,
        ORIGIN_RELS(REL(AAS "aas-spec", "/1.xml") REL(AAS "aas-spec", "/2.json")
                REL(WWW "aas-spec", "/1.xml")),
        {"1.xml", XML_ENV, 0}, {"2.json", JSON_ENV, 0});
    cr_assert_eq(open_package(packed), ERR_OK);
    cr_assert_eq(package.count, 3);
    cr_assert_str_eq(package.parts[0].name, "/1.xml");
    cr_assert_str_eq(package.parts[1].name, "/2.json");
    cr_assert_str_eq(package.parts[2].name, "/a.txt");
    free(packed.at);
}

Test(aasx, broken_relationships_are_bridged_with_warnings)
{
    assert_opens_with_spec(PACK({"x/env.xml", XML_ENV, 0}), "/x/env.xml", 1);
    assert_opens_with_spec(
        PACK({"other.xml", "<html/>", 0}, {"e.JSON", JSON_ENV, 0}, {"f.json", "{}", 0}), "/e.JSON",
        1);
    assert_opens_with_spec(PACK(PLAIN_ORIGIN, {"e.xml", XML_ENV, 0}), "/e.xml", 1);
    assert_opens_with_spec(
        PACK(PLAIN_ORIGIN, ORIGIN_RELS(REL(AAS "aas-spec", "/gone.xml")), {"e.xml", XML_ENV, 0}),
        "/e.xml", 2);
    assert_opens_with_spec(
        PACK({"[Content_Types].xml", TYPES, 0},
            {"_rels/.rels", RELS(REL(AAS "aas-spec", "e.bin")), 0}, {"e.bin", XML_ENV, 0}),
        "/e.bin", 0);
    assert_opens_with_spec(
        PACK({"[Content_Types].xml", TYPES, 0}, {"_rels/.rels", "<oops", 0},
            ORIGIN_RELS(REL(AAS "aas-spec", "e.bin")), {"aasx/e.bin", XML_ENV, 0}),
        "/aasx/e.bin", 2);
}

Test(aasx, an_unsafe_relationship_file_is_not_used)
{
    assert_opens_with_spec(PACK({"[Content_Types].xml", TYPES, 0},
                               {"_rels/.rels",
                                   "<!DOCTYPE r [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>"
                                   "<Relationships>" REL(AAS "aas-spec", "&e;") "</Relationships>",
                                   0},
                               {"e.xml", XML_ENV, 0}),
        "/e.xml", 2);
}

Test(aasx, targets_outside_of_the_package_are_left_out)
{
    static const char *const targets[] = {"http://example.com/e.xml", "file:///etc/passwd",
        "../../../etc/passwd", "//host/e.xml", "..", "", "C:/e.xml"};
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        char *rels = NULL;
        cr_assert_gt(asprintf(&rels, RELS(REL(AAS "aas-spec", "%s") REL(AAS "aas-spec", "/e.xml")),
                         targets[i]),
            0);
        assert_opens_with_spec(
            PACK(PLAIN_ORIGIN, {"aasx/_rels/aasx-origin.rels", rels, 0}, {"e.xml", XML_ENV, 0}),
            "/e.xml", 1);
        free(rels);
    }
}

Test(aasx, what_is_no_package_is_refused)
{
    static const char *const texts[] = {
        "", "PK", "no archive", "{\"submodels\":[]}", XML_ENV, "PK\x05\x06\x00 cut off"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_refused(
            (struct bytes){strdup(texts[i]), strlen(texts[i])}, ERR_UNREADABLE, "AASX-zip");
    }
    assert_refused(PACK({"readme.txt", "hello", 0}, {"x.xml", "<html/>", 0}), ERR_UNREADABLE,
        "AASX-structure");
    cr_assert_not(aasx_looks_like("PK\x01\x02", 4));
    cr_assert_not(aasx_looks_like("PK", 2));
    struct bytes packed = PACK({"a", "b", 0});
    cr_assert(aasx_looks_like(packed.at, packed.len));
    free(packed.at);
}

Test(aasx, dangerous_entry_names_are_refused)
{
    static const char *const names[] = {"../e.xml", "a/../b.x", "/bcd.xml", "C:/d.xml", "ab\\c.xml",
        "abc\x01.xml", "abcd\n.xm", "abc\x7F.xml", "a/b/../c", "./ab.xml"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct bytes packed = PACK({"01234567", XML_ENV, 0});
        cr_assert_eq(strlen(names[i]), 8, "case %zu", i);
        overwrite(packed, "01234567", names[i], 8);
        assert_refused(packed, ERR_UNREADABLE, "AASX-name");
    }
    struct bytes twice = PACK({"one.xml", XML_ENV, 0}, {"two.xml", XML_ENV, 0});
    overwrite(twice, "two.xml", "one.xml", 7);
    assert_refused(twice, ERR_UNREADABLE, "AASX-name");
    struct bytes invalid = PACK({"\xEC\x84\xA4.xml", XML_ENV, 0});
    overwrite(invalid, "\xEC\x84\xA4", "\xEC\x84\xFF", 3);
    assert_refused(invalid, ERR_UNREADABLE, "AASX-zip");
}

Test(aasx, names_with_dots_inside_are_no_danger)
{
    assert_opens_with_spec(PACK({"a..b/c...xml", XML_ENV, 0}), "/a..b/c...xml", 1);
}

Test(aasx, encrypted_entries_are_refused)
{
    struct bytes packed = PACK({"e.xml", XML_ENV, 0});
    unsigned char *entry = memmem(packed.at, packed.len, "PK\x01\x02", 4);
    entry[8] |= 1; /* general purpose flag: encrypted */
    packed.at[6] |= 1;
    assert_refused(packed, ERR_UNREADABLE, "AASX-zip");
}

/* ------------------------------------------------------------------ bombs */

static char *repeated(char c, size_t len)
{
    char *text = malloc(len + 1);
    memset(text, c, len);
    text[len] = '\0';
    return text;
}

Test(aasx, a_bomb_is_refused_before_it_is_inflated)
{
    char *zeroes = repeated(' ', 64U << 20);
    struct bytes packed = PACK({"e.xml", zeroes, 64U << 20});
    cr_assert_lt(packed.len, 80000);
    arena_finish(&arena);
    arena_init(&arena, 1U << 20);
    free(zeroes);
    assert_refused(packed, ERR_TOO_LARGE, "AASX-bomb");
}

Test(aasx, a_bomb_of_many_small_files_is_refused)
{
    char *zeroes = repeated('0', 1000000);
    struct file files[40];
    char names[40][8];
    for (size_t i = 0; i < 40; i++) {
        snprintf(names[i], sizeof names[i], "%zu.xml", i);
        files[i] = (struct file){names[i], zeroes, 1000000};
    }
    struct bytes packed = pack(files, 40);
    free(zeroes);
    assert_refused(packed, ERR_TOO_LARGE, "AASX-bomb");
}

Test(aasx, a_file_that_is_larger_than_it_declares_is_refused)
{
    char *text = repeated('x', 100000);
    memcpy(text, XML_ENV, strlen(XML_ENV));
    struct bytes packed = PACK({"e.xml", text, 100000});
    set_directory_field(packed, 24, 500); /* inflated size */
    free(text);
    cr_assert_neq(open_package(packed), ERR_OK);
    cr_assert(
        strcmp(err.rule, "AASX-bomb") == 0 || strcmp(err.rule, "AASX-zip") == 0, "%s", err.rule);
    free(packed.at);
}

Test(aasx, damaged_content_is_refused)
{
    struct bytes packed = PACK({"e.xml", XML_ENV "<!-- some text for packing, packing -->", 0});
    set_directory_field(packed, 16, 12345); /* checksum */
    cr_assert_neq(open_package(packed), ERR_OK);
    cr_assert_str_eq(err.rule, "AASX-zip", "%s", err.rule);
    free(packed.at);
}

Test(aasx, every_ceiling_is_kept)
{
    static const struct aasx_limits limits[] = {
        {.max_entries = 1}, {.max_entry = 20}, {.max_total = 40}};
    struct bytes packed = PACK({"e.xml", XML_ENV, 0}, {"f.xml", "<x/>", 0});
    cr_assert_eq(open_package(packed), ERR_OK);
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        cr_assert_eq(open_with(packed, &limits[i]), ERR_TOO_LARGE, "case %zu", i);
        cr_assert_str_eq(err.rule, "AASX-bomb");
    }
    arena_finish(&arena);
    arena_init(&arena, 64);
    cr_assert_eq(open_package(packed), ERR_TOO_LARGE);
    cr_assert_str_eq(err.rule, "AASX-size");
    free(packed.at);
}

Test(aasx, an_arena_of_any_size_gives_all_or_nothing)
{
    struct bytes packed = PACK(PLAIN_ORIGIN, ORIGIN_RELS(REL(AAS "aas-spec", "/aasx/a/env.xml")),
        {"aasx/a/env.xml", XML_ENV, 0}, {"decoy.xml", XML_ENV, 0},
        {"aasx/a/_rels/env.xml.rels", RELS(REL(AAS "aas-suppl", "/m.pdf")), 0},
        {"m.pdf", "PDF", 0});
    size_t opened = 0;
    for (size_t ceiling = 64; ceiling < 12000; ceiling += 16) {
        arena_finish(&arena);
        arena_init(&arena, ceiling);
        enum err_code code = open_package(packed);
        cr_assert(code == ERR_OK || code == ERR_TOO_LARGE, "%zu: %s", ceiling, err.text);
        cr_assert(code != ERR_OK || package.count == 3, "%zu", ceiling);
        opened += code == ERR_OK;
    }
    cr_assert_gt(opened, 0);
    cr_assert_lt(opened, 700);
    cr_assert_eq(warnings, 0);
    free(packed.at);
}

/* ------------------------------------------------------------------ inflating the other files */

static enum err_code collect(const struct aasx_part *part, const char *content, void *context)
{
    char *seen = context;
    size_t len = strlen(seen);
    snprintf(seen + len, 64 - len, "%s=%.*s;", part->name, (int)part->size, content);
    return ERR_OK;
}

Test(aasx, files_are_inflated_one_by_one_or_all)
{
    struct bytes packed =
        PACK({"e.xml", XML_ENV, 0}, {"a.txt", "first", 0}, {"b.txt", "second", 0});
    const char *content = NULL;
    char seen[64] = "";
    cr_assert_eq(open_package(packed), ERR_OK);
    cr_assert_eq(
        aasx_inflate(&arena, packed.at, packed.len, part_named("/b.txt"), &content, &err), ERR_OK);
    cr_assert_str_eq(content, "second");
    cr_assert_eq(aasx_each_file(packed.at, packed.len, &package, collect, seen, &err), ERR_OK);
    cr_assert_str_eq(seen, "/a.txt=first;/b.txt=second;");
    free(packed.at);
}

struct tally {
    size_t specs;
    size_t files;
    size_t warnings;
};

static enum err_code count_file(const struct aasx_part *part, const char *content, void *context)
{
    struct tally *tally = context;
    tally->files++;
    return content[part->size] == '\0' ? ERR_OK : ERR_INTERNAL;
}

static void open_published(const char *path, void *context)
{
    struct tally *tally = context;
    struct bytes packed;
    packed.at = file_read(path, &packed.len);
    cr_assert_not_null(packed.at);
    cr_assert_eq(open_package(packed), ERR_OK, "%s: %s", path, err.text);
    cr_assert_not_null(package.parts[0].bytes, "%s", path);
    for (size_t i = 0; i < package.count; i++) {
        tally->specs += package.parts[i].bytes != NULL;
    }
    cr_assert_eq(aasx_each_file(packed.at, packed.len, &package, count_file, tally, &err), ERR_OK);
    free(packed.at);
    end();
    begin();
}

Test(aasx, every_published_package_opens)
{
    NEED_CORPUS();
    struct tally tally = {0, 0, 0};
    char *dir = corpus_path("corpus/templates");
    size_t packages = files_each(dir, ".aasx", open_published, &tally);
    free(dir);
    fprintf(stderr, "%zu packages: %zu specifications, %zu files, %zu warnings\n", packages,
        tally.specs, tally.files, warnings);
    cr_assert_eq(packages, 70);
    cr_assert_geq(tally.specs, packages);
}
