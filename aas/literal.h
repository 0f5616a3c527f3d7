/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_AAS_LITERAL_H
#define JIG_AAS_LITERAL_H
/*
 * Literals of the XSD types that values can have (XML Schema 1.0 part 2, as restricted by
 * IDTA-01001 "DataTypeDefXsd"): exact lexical and value spaces: leap years, time zones up to 14:00,
 * 24:00:00, years of any size (no year 0000 other than as the corpora use it), hexBinary parity,
 * base64 padding, integer ranges of any size, INF/-INF/NaN.
 */
#include <stdbool.h>
#include <stddef.h>

/* True when `text` is a literal of the type named `xsd_type` ("xs:int"). Unknown types give true:
 * the enumeration rule complains about them. `*reason` (NULL allowed) gets a constant sentence part
 * such as "day 30 does not exist in February", or NULL. */
bool aas_literal_valid(const char *xsd_type, const char *text, size_t len, const char **reason);

/* True when `text` is a day that exists in its month (for the dateTime pattern of lastUpdate and
 * timeStamp, whose pattern alone lets 30 February pass). */
bool aas_literal_date_time_utc(const char *text, size_t len, const char **reason);

/* True when the two literals of one type mean the same value ("1.0" and "1.00" as xs:decimal). */
bool aas_literal_same(const char *xsd_type, const char *a, const char *b);

#endif
