/* SPDX-License-Identifier: Apache-2.0 */
#include "aas/meta_text.h"

/*
 * Grammar pieces. XML Schema patterns are anchored, so no ^ or $ is written.
 *
 * They say what the patterns of the official schemas say. How they say it matters to libxml2 2.9,
 * which runs them: it misjudges texts where an alternative ends with a looping group (hence RUN) or
 * a range begins with an escaped character, and goes back and forth, up to seconds for 2,000
 * characters, where a character can be read in two ways. Media type, URI and idShort are written
 * around all that. Language tags cannot be; their pieces are nested as in the official schemas, so
 * that both are run alike (and take some malformed tags such as EN-1a).
 */
#define DIGIT "[0-9]"
#define ALPHA "[a-zA-Z]"
#define ALNUM "[a-zA-Z0-9]"
#define RUN(piece) "(" piece "*)?"

/* BCP 47 (RFC 5646, section 2.1) */
#define EXTLANG ALPHA "{3}(-" ALPHA "{3}){0,2}"
#define LANGUAGE "(" ALPHA "{2,3}(-" EXTLANG ")?|" ALPHA "{4}|" ALPHA "{5,8})"
#define SCRIPT ALPHA "{4}"
#define REGION "(" ALPHA "{2}|" DIGIT "{3})"
#define VARIANT "((" ALNUM "){5,8}|" DIGIT "(" ALNUM "){3})"
#define EXTENSION "[0-9A-WY-Za-wy-z](-(" ALNUM "){2,8})+"
#define PRIVATE_USE "[xX](-(" ALNUM "){1,8})+"
#define LANG_TAG                                                                                   \
    LANGUAGE "(-" SCRIPT ")?(-" REGION ")?(-" VARIANT ")*(-" EXTENSION ")*(-" PRIVATE_USE ")?"
#define IRREGULAR                                                                                  \
    "en-GB-oed|i-ami|i-bnn|i-default|i-enochian|i-hak|i-klingon|i-lux|i-mingo|i-navajo|i-pwn|"     \
    "i-tao|i-tay|i-tsu|sgn-BE-FR|sgn-BE-NL|sgn-CH-DE"
#define REGULAR "art-lojban|cel-gaulish|no-bok|no-nyn|zh-guoyu|zh-hakka|zh-min|zh-min-nan|zh-xiang"
#define BCP47 "(" LANG_TAG "|" PRIVATE_USE "|((" IRREGULAR ")|(" REGULAR ")))"

/* Media type (RFC 2046 with the token and quoted-string of RFC 7230) */
#define TOKEN "[!#$%&'*+\\-.^_`|~0-9a-zA-Z]+"
#define OBS_TEXT "\xC2\x80-\xC3\xBF" /* U+0080 to U+00FF as UTF-8 */
#define QUOTED "\"([\\t !#-Z\\[\\]^-~" OBS_TEXT "]|\\\\[\\t !-~" OBS_TEXT "])*\""
#define OWS "[ \\t]*"
#define MEDIA_TYPE TOKEN "/" TOKEN "(" OWS ";" OWS TOKEN "=(" TOKEN "|" QUOTED "))*"

/*
 * URI reference (RFC 2396, appendix A). Authority and path segments are no more than runs of URI
 * characters there: server-based or not, empty or not, every such run is one. What remains is: a
 * scheme and at least one character; or a path whose first segment has no colon; a query; a
 * fragment. A first segment that begins like a scheme is told apart at its first other character.
 */
#define HEX_ESCAPE "%[0-9a-fA-F][0-9a-fA-F]"
#define URIC "([a-zA-Z0-9\\-_.!~*'();/?:@&=+$,]|" HEX_ESCAPE ")"
#define FIRST_SEGMENT "([a-zA-Z0-9\\-_.!~*'();@&=+$,]|" HEX_ESCAPE ")"
#define NO_LETTER "([0-9\\-_.!~*'();@&=+$,]|" HEX_ESCAPE ")"
#define NO_SCHEME "([_!~*'();@&=$,]|" HEX_ESCAPE ")"
#define REST "([/?]" RUN(URIC) ")?"
#define AFTER_SCHEME ":" URIC RUN(URIC)
#define LIKE_SCHEME                                                                                \
    "[a-zA-Z][a-zA-Z0-9+\\-.]*(" AFTER_SCHEME "|" NO_SCHEME RUN(FIRST_SEGMENT) REST                \
        "|[/?]" RUN(URIC) ")?"
#define UNLIKE_SCHEME NO_LETTER RUN(FIRST_SEGMENT) REST
#define URI_REFERENCE "(/" RUN(URIC) "|" LIKE_SCHEME "|" UNLIKE_SCHEME ")?(#" RUN(URIC) ")?"

/* dateTime in UTC and duration (XML Schema part 2, sections 3.3.7 and 3.3.6) */
#define YEAR "-?(([1-9][0-9][0-9][0-9]+)|(0[0-9][0-9][0-9]))"
#define MONTH "((0[1-9])|(1[0-2]))"
#define DAY "((0[1-9])|([12][0-9])|(3[01]))"
#define HOUR "(([01][0-9])|(2[0-3]))"
#define CLOCK "((" HOUR ":[0-5][0-9]:([0-5][0-9])(\\.[0-9]+)?)|24:00:00(\\.0+)?)"
#define DATE_TIME_UTC YEAR "-" MONTH "-" DAY "T" CLOCK "(Z|\\+00:00|-00:00)"
#define SECONDS "([0-9]+(\\.[0-9]+)?S)"
#define MINUTES "([0-9]+M)"
#define TIME_PART "(T(([0-9]+H)" MINUTES "?" SECONDS "?|" MINUTES SECONDS "?|" SECONDS "))"
#define DAYS "([0-9]+D)"
#define MONTHS "([0-9]+M)"
#define DATE_PART "([0-9]+Y" MONTHS "?" DAYS "?|" MONTHS DAYS "?|" DAYS ")"
#define DURATION "-?P((" DATE_PART TIME_PART "?)|" TIME_PART ")"

#define NUMBER "(0|[1-9][0-9]*)"
#define ID_SHORT_30 "[a-zA-Z][a-zA-Z0-9_]*"
#define ID_SHORT_31 "[a-zA-Z](-*[a-zA-Z0-9_])+"

#define XS "xs:string"

const struct meta_text meta_text_any = {.name = "ValueDataType", .xsd_base = XS};
const struct meta_text meta_text_non_empty = {.name = "NonEmptyText", .xsd_base = XS, .min_len = 1};
const struct meta_text meta_text_name = {"NameType", XS, 1, 128, 128, NULL, NULL, false, NULL};
const struct meta_text meta_text_label = {"LabelType", XS, 1, 64, 64, NULL, NULL, false, NULL};
const struct meta_text meta_text_id_short = {
    "IdShortType", XS, 1, 128, 128, ID_SHORT_30, ID_SHORT_31, false, "AASd-002"};
const struct meta_text meta_text_identifier = {
    "Identifier", XS, 1, 2000, 2048, NULL, NULL, false, NULL};
const struct meta_text meta_text_version = {
    "VersionType", XS, 1, 4, 4, NUMBER, NUMBER, false, NULL};
const struct meta_text meta_text_content_type = {
    "ContentType", XS, 1, 100, 128, MEDIA_TYPE, MEDIA_TYPE, false, NULL};
const struct meta_text meta_text_path = {
    "PathType", XS, 1, 2000, 2048, NULL, URI_REFERENCE, false, NULL};
const struct meta_text meta_text_language = {"BCP47", XS, 0, 0, 0, BCP47, BCP47, false, NULL};
const struct meta_text meta_text_text = {
    "MultiLanguageTextType", XS, 1, 1023, 1023, NULL, NULL, true, NULL};
const struct meta_text meta_text_name_text = {
    "MultiLanguageNameType", XS, 1, 128, 128, NULL, NULL, true, NULL};
const struct meta_text meta_text_preferred = {
    "PreferredNameTypeIec61360", XS, 1, 255, 255, NULL, NULL, true, NULL};
const struct meta_text meta_text_short_name = {
    "ShortNameTypeIec61360", XS, 1, 18, 18, NULL, NULL, true, NULL};
const struct meta_text meta_text_definition = {
    "DefinitionTypeIec61360", XS, 1, 1023, 1023, NULL, NULL, true, NULL};
const struct meta_text meta_text_topic = {
    "MessageTopicType", XS, 1, 255, 255, NULL, NULL, false, NULL};
const struct meta_text meta_text_date_time_utc = {
    "DateTimeUtc", XS, 0, 0, 0, DATE_TIME_UTC, DATE_TIME_UTC, false, NULL};
const struct meta_text meta_text_duration = {
    "Duration", XS, 0, 0, 0, DURATION, DURATION, false, NULL};
const struct meta_text meta_text_base64 = {.name = "BlobType", .xsd_base = "xs:base64Binary"};
const struct meta_text meta_text_endpoint_word = {
    "EndpointWord", XS, 0, 128, 128, NULL, NULL, false, NULL};
const struct meta_text meta_text_endpoint_text = {
    "EndpointText", XS, 0, 2048, 2048, NULL, NULL, false, NULL};
