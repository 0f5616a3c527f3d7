/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_AAS_META_TEXT_H
#define JIG_AAS_META_TEXT_H
/*
 * The text types of the metamodel: lengths and patterns. Each is one `struct meta_text`, constant
 * and shared; patterns are put together in meta_text.c from the grammars they stand for.
 */
#include "aas/meta.h"

extern const struct meta_text meta_text_any;        /* any XML characters, may be empty */
extern const struct meta_text meta_text_non_empty;  /* at least one character */
extern const struct meta_text meta_text_name;       /* NameType: 1–128 */
extern const struct meta_text meta_text_label;      /* LabelType: 1–64 */
extern const struct meta_text meta_text_id_short;   /* AASd-002 */
extern const struct meta_text meta_text_identifier; /* Identifier: 1–2000 (3.0), 1–2048 (3.1) */
extern const struct meta_text meta_text_version;    /* VersionType, RevisionType: 1–4 digits */
extern const struct meta_text meta_text_content_type;  /* RFC 2046 media type */
extern const struct meta_text meta_text_path;          /* PathType: RFC 2396 URI reference in 3.1 */
extern const struct meta_text meta_text_language;      /* BCP 47 language tag */
extern const struct meta_text meta_text_text;          /* MultiLanguageTextType: ≤ 1023 */
extern const struct meta_text meta_text_name_text;     /* MultiLanguageNameType: ≤ 128 */
extern const struct meta_text meta_text_preferred;     /* PreferredNameTypeIec61360: ≤ 255 */
extern const struct meta_text meta_text_short_name;    /* ShortNameTypeIec61360: ≤ 18 */
extern const struct meta_text meta_text_definition;    /* DefinitionTypeIec61360: ≤ 1023 */
extern const struct meta_text meta_text_topic;         /* MessageTopicType: 1–255 */
extern const struct meta_text meta_text_date_time_utc; /* dateTime in UTC */
extern const struct meta_text meta_text_duration;      /* XSD duration */
extern const struct meta_text meta_text_base64;        /* BlobType: base64 */
/* IDTA-01002, Endpoint and ProtocolInformation: ≤ 128 and ≤ 2048, may be empty */
extern const struct meta_text meta_text_endpoint_word;
extern const struct meta_text meta_text_endpoint_text;

#endif
