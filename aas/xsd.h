/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_AAS_XSD_H
#define JIG_AAS_XSD_H
/*
 * The XML Schema of the metamodel, generated from the metamodel table. It gives the same verdict as
 * the official schema on documents whose root is <environment>; beyond that it declares a root
 * element for every concrete class, so that a single submodel can be judged too.
 *
 * One difference shows when libxml2 2.9 runs both: it refuses most quoted parameters of media types
 * (text/plain; charset="utf-8") with the official pattern, which allows them; here it does not.
 */
#include "aas/buf.h"
#include "aas/meta.h"

/* Appends the schema of one version (META_V30 or META_V31) as UTF-8 XML. */
void aas_xsd_write(struct buf *buf, enum meta_version version);

#endif
