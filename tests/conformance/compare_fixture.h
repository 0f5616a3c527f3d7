/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_TESTS_CONFORMANCE_COMPARE_FIXTURE_H
#define JIG_TESTS_CONFORMANCE_COMPARE_FIXTURE_H
/* Small submodels written by hand, compared, and the outcome as one text to look at. */
#include "conformance/compare.h"

/* JSON with ' for ". */
#define REF(value)                                                                                 \
    "{'type':'ExternalReference','keys':[{'type':'GlobalReference','value':'" value "'}]}"
#define SEMANTIC(value) ",'semanticId':" REF(value)
#define QUALIFIER(type, value) "{'type':'" type "','valueType':'xs:string','value':'" value "'}"
#define QUALIFIED(qualifiers) ",'qualifiers':[" qualifiers "]"
#define OPTIONAL_ELEMENT QUALIFIED(QUALIFIER("SMT/Cardinality", "ZeroToOne"))
/* `more` begins with a comma or is empty. */
#define ELEMENT(type, name, more) "{'modelType':'" type "','idShort':'" name "'" more "}"
#define PROPERTY(name, more) ELEMENT("Property", name, ",'valueType':'xs:string'" more)
#define COLLECTION(name, more, elements)                                                           \
    ELEMENT("SubmodelElementCollection", name, more ",'value':[" elements "]")
#define SUBMODEL_WITH(more, elements)                                                              \
    "{'modelType':'Submodel','id':'urn:s','idShort':'S','kind':'Template'" more                    \
    ",'submodelElements':[" elements "]}"
#define SUBMODEL(elements) SUBMODEL_WITH(SEMANTIC("urn:t"), elements)

struct compared {
    struct arena arena;
    const struct aas_node *root[2];
    struct comparison comparison;
    char text[8192]; /* see compared_describe */
};

/* Reads both texts and compares them; fails the test when one cannot be read. */
void compared_init(struct compared *compared, const char *old, const char *new);
void compared_finish(struct compared *compared);

/* Compares two trees in the arena of `compared`. */
void compared_trees(
    struct compared *compared, const struct aas_node *old, const struct aas_node *new);

/* One line per finding in compared->text: rule, place, attribute and values, and what it breaks:
 *   C11 Force valueType xs:int>xs:double bf
 *   C03 ->Stroke b          added; removed is "Stroke->"
 *   C09 Old->New idShort Old>New
 * The submodel is "."; modes in which it counts follow in brackets when not all. */
void compared_describe(struct compared *compared);

/* Compares two texts and fails the test unless the findings are exactly these lines. */
void expect_findings(const char *old, const char *new, const char *lines);

/* Reads one document with ' for ". */
struct aas_node *read_quoted(struct arena *arena, const char *text);

#endif
