/* SPDX-License-Identifier: Apache-2.0 */
#include "aas/literal.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "aas/json.h"
#include "aas/meta.h"
#include "tests/support/corpus.h"

struct sample {
    const char *type;
    const char *text;
};

static void expect_all(const struct sample *samples, size_t count, bool valid)
{
    for (size_t i = 0; i < count; i++) {
        const char *reason = NULL;
        bool got =
            aas_literal_valid(samples[i].type, samples[i].text, strlen(samples[i].text), &reason);
        cr_expect_eq(got, valid, "%s '%s' is taken for %s (%s)", samples[i].type, samples[i].text,
            got ? "valid" : "invalid", reason == NULL ? "no reason" : reason);
        cr_expect_eq(
            reason == NULL, got, "%s '%s' has no reason", samples[i].type, samples[i].text);
    }
}

#define EXPECT_ALL(samples, valid) expect_all(samples, sizeof samples / sizeof *samples, valid)

Test(literal, literals_of_every_type_are_accepted)
{
    static const struct sample samples[] = {{"xs:anyURI", ""}, {"xs:anyURI", "a/b?c#d"},
        {"xs:anyURI", "http://user:pw@example.com:80/a%20b;c=d/?q=/?#f/?"},
        {"xs:anyURI", "http://[2001:db8::7]/x"}, {"xs:anyURI", "urn:example:a:b"},
        {"xs:anyURI", "https://example.com/\xC3\xA9"}, {"xs:base64Binary", "QUJD"},
        {"xs:base64Binary", "QUI="}, {"xs:base64Binary", "QQ =="}, {"xs:boolean", "true"},
        {"xs:boolean", "0"}, {"xs:byte", "-128"}, {"xs:byte", "+0127"}, {"xs:date", "2000-02-29"},
        {"xs:date", "12000-02-29+14:00"}, {"xs:date", "-0001-02-29"},
        {"xs:dateTime", "2024-12-31T24:00:00.000Z"}, {"xs:dateTime", "2024-02-29T23:59:59.9"},
        {"xs:decimal", "-.5"}, {"xs:decimal", "5."}, {"xs:double", "1.7976931348623157e308"},
        {"xs:double", "1.7976931348623158e308"}, {"xs:double", "0.0000017976931348623157E+314"},
        {"xs:double", "1e-999999999999"}, {"xs:double", "0e999999999999"}, {"xs:double", "-INF"},
        {"xs:double", "NaN"}, {"xs:duration", "P1Y2M3DT4H5M6.7S"}, {"xs:duration", "-PT36H"},
        {"xs:float", "3.4028235e38"}, {"xs:float", "340282346638528859811704183484516925440"},
        {"xs:gDay", "---31"}, {"xs:gMonth", "--12Z"}, {"xs:gMonthDay", "--02-29"},
        {"xs:gYear", "-0044"}, {"xs:gYear", "0000"}, {"xs:gYearMonth", "2024-12-05:30"},
        {"xs:hexBinary", "0aFF"}, {"xs:hexBinary", ""}, {"xs:int", "-2147483648"},
        {"xs:integer", "-0"}, {"xs:integer", "99999999999999999999999999999999"},
        {"xs:long", "9223372036854775807"}, {"xs:negativeInteger", "-1"},
        {"xs:nonNegativeInteger", "-0"}, {"xs:nonPositiveInteger", "+0"},
        {"xs:positiveInteger", "+01"}, {"xs:short", "32767"}, {"xs:string", "any\ttext\n"},
        {"xs:time", "24:00:00"}, {"xs:time", "00:00:00-14:00"}, {"xs:unsignedByte", "255"},
        {"xs:unsignedInt", "4294967295"}, {"xs:unsignedLong", "18446744073709551615"},
        {"xs:unsignedShort", "+0"}};
    EXPECT_ALL(samples, true);
}

Test(literal, texts_outside_the_lexical_space_are_refused)
{
    static const struct sample samples[] = {{"xs:anyURI", "a b"}, {"xs:anyURI", "%4"},
        {"xs:anyURI", "1a:b"}, {"xs:anyURI", "a#b#c"}, {"xs:anyURI", "http://[::1"},
        {"xs:anyURI", "http://h:8a/"}, {"xs:base64Binary", "QUI"}, {"xs:base64Binary", "QR=="},
        {"xs:base64Binary", "QQ==QQ=="}, {"xs:base64Binary", "===="}, {"xs:boolean", "True"},
        {"xs:boolean", ""}, {"xs:date", "24-01-01"}, {"xs:date", "02024-01-01"},
        {"xs:date", "2024-1-01"}, {"xs:dateTime", "2024-01-01"},
        {"xs:dateTime", "2024-01-01T00:00Z"}, {"xs:dateTime", "2024-01-01T00:00:00."},
        {"xs:decimal", "1e3"}, {"xs:decimal", "."}, {"xs:double", "+INF"}, {"xs:double", "1e"},
        {"xs:double", ".e1"}, {"xs:double", "0x10"}, {"xs:duration", "P"}, {"xs:duration", "P1YT"},
        {"xs:duration", "PT1M2H"}, {"xs:duration", "P1.5D"}, {"xs:duration", "PT1H1H"},
        {"xs:gDay", "---1"}, {"xs:gMonth", "--12--"}, {"xs:gMonthDay", "-12-12"},
        {"xs:gYear", "44"}, {"xs:gYearMonth", "2024"}, {"xs:hexBinary", "0xFF"}, {"xs:int", "1.0"},
        {"xs:int", " 1"}, {"xs:int", "1 "}, {"xs:int", "+-1"}, {"xs:int", "+"},
        {"xs:integer", "1e2"}, {"xs:string", "\x01"}, {"xs:string", "\xEF\xBF\xBF"},
        {"xs:time", "1:00:00"}, {"xs:time", "10:00:00+1:00"}, {"xs:time", "10:00:00Zx"}};
    EXPECT_ALL(samples, false);
}

Test(literal, texts_outside_the_value_space_are_refused)
{
    static const struct sample samples[] = {{"xs:byte", "128"}, {"xs:byte", "-129"},
        {"xs:date", "2023-02-29"}, {"xs:date", "1900-02-29"}, {"xs:date", "-0004-02-29"},
        {"xs:date", "0000-01-01"}, {"xs:date", "2024-04-31"}, {"xs:date", "2024-13-01"},
        {"xs:date", "2024-01-00"}, {"xs:dateTime", "2024-01-01T24:00:00.1"},
        {"xs:dateTime", "2024-01-01T00:60:00"}, {"xs:dateTime", "2024-01-01T00:00:00+14:01"},
        {"xs:double", "1.7976931348623159e308"}, {"xs:double", "-1e309"}, {"xs:float", "3.5e38"},
        {"xs:float", "340282356779733661637539395458142568448"}, {"xs:gDay", "---32"},
        {"xs:gMonth", "--00"}, {"xs:gMonthDay", "--02-30"}, {"xs:gYear", "-0000"},
        {"xs:gYearMonth", "2024-00"}, {"xs:hexBinary", "123"}, {"xs:int", "2147483648"},
        {"xs:long", "-9223372036854775809"}, {"xs:negativeInteger", "-0"},
        {"xs:nonNegativeInteger", "-1"}, {"xs:nonPositiveInteger", "1"},
        {"xs:positiveInteger", "000"}, {"xs:short", "-32769"}, {"xs:time", "24:00:01"},
        {"xs:time", "23:59:60"}, {"xs:unsignedByte", "256"}, {"xs:unsignedInt", "4294967296"},
        {"xs:unsignedLong", "18446744073709551616"}, {"xs:unsignedShort", "-1"}};
    EXPECT_ALL(samples, false);
}

Test(literal, every_type_of_the_metamodel_refuses_something)
{
    const struct meta_enum *types = &meta_enum_data_type_def_xsd;
    for (size_t i = 0; i < types->count; i++) {
        const char *type = types->values[i].text;
        cr_expect(!aas_literal_valid(type, "\x02 <", 3, NULL), "%s takes anything", type);
    }
}

Test(literal, an_unknown_type_is_left_to_the_enumeration_rule)
{
    const char *reason = "unchanged";
    cr_assert(aas_literal_valid("xs:elephant", "trunk", 5, &reason));
    cr_assert_null(reason);
}

/* Counts of what the official examples have; a value is judged by the valueType beside it. */
struct tally {
    size_t files;
    size_t values;
    size_t refused;
};

static void tally_value(
    const struct json *object, const char *type, const char *name, struct tally *tally)
{
    const struct json *value = json_member(object, name);
    if (value != NULL && value->kind == JSON_STRING) {
        tally->values++;
        tally->refused += !aas_literal_valid(type, value->text, value->len, NULL);
    }
}

static void tally_json(const struct json *json, struct tally *tally)
{
    const struct json *type = json_member(json, "valueType");
    if (type != NULL && type->kind == JSON_STRING) {
        tally_value(json, type->text, "value", tally);
        tally_value(json, type->text, "min", tally);
        tally_value(json, type->text, "max", tally);
    }
    if (json->kind == JSON_OBJECT || json->kind == JSON_ARRAY) {
        for (const struct json *child = json->first; child != NULL; child = child->next) {
            tally_json(child, tally);
        }
    }
}

static struct tally tally_file(const char *path)
{
    struct tally tally = {0};
    struct arena arena;
    struct json *json = NULL;
    size_t len = 0;
    char *bytes = file_read(path, &len);
    cr_assert_not_null(bytes, "%s", path);
    arena_init(&arena, 16 << 20);
    if (json_read(&arena, bytes, len, &json, NULL) == ERR_OK) {
        tally.files = 1;
        tally_json(json, &tally);
    }
    arena_finish(&arena);
    free(bytes);
    return tally;
}

static void expect_accepted(const char *path, void *context)
{
    struct tally tally = tally_file(path);
    cr_expect(tally.refused == 0, "%s has a value that is refused", path);
    *(size_t *)context += tally.values;
}

/* Only the files that can be read count: some hold U+0000, which the reader refuses. */
static void expect_refused(const char *path, void *context)
{
    bool about_values = strstr(path, "/InvalidValueExample/") != NULL ||
                        strstr(path, "/InvalidMinMaxExample/") != NULL;
    struct tally tally = about_values ? tally_file(path) : (struct tally){0};
    cr_expect(tally.files == 0 || tally.refused > 0, "%s has no value that is refused", path);
    *(size_t *)context += tally.refused;
}

Test(literal, values_of_all_valid_official_examples_are_accepted)
{
    NEED_CORPUS();
    static const char *const folders[] = {
        "corpus/metamodel-3.0/Json/ContainedInEnvironment/Expected", "corpus/metamodel-3.1/json"};
    size_t values = 0;
    for (size_t i = 0; i < 2; i++) {
        char *dir = corpus_path(folders[i]);
        files_each(dir, ".json", expect_accepted, &values);
        free(dir);
    }
    cr_assert_geq(values, 2000);
}

Test(literal, values_of_all_invalid_official_examples_are_refused)
{
    NEED_CORPUS();
    size_t refused = 0;
    char *dir = corpus_path("corpus/metamodel-3.0/Json/ContainedInEnvironment/Unexpected/Invalid");
    files_each(dir, ".json", expect_refused, &refused);
    free(dir);
    cr_assert_geq(refused, 400);
}
