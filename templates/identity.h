/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_TEMPLATES_IDENTITY_H
#define JIG_TEMPLATES_IDENTITY_H
/*
 * Which template family and version a template submodel belongs to.
 *
 * The AAS id is no key: patch releases, variants and samples reuse it. A template is (family,
 * version, revision, bug-fix, variant). Sources, best first: the IDTA number and the numbers in the
 * file and folder name, administration.templateId in its four spellings, administration.version and
 * revision, the version at the end of semanticId or id.
 */
#include "aas/arena.h"
#include "aas/err.h"
#include "aas/tree.h"

struct template_identity {
    const char *family; /* key, [a-z0-9.-]+: "idta-02006", "idta-02031-1", or the stem of the
                         * semantic id: "example.org-press-processdata" */
    const char *title;  /* for people: the submodel's idShort or display name */
    unsigned version;   /* 0 when nothing says it */
    unsigned revision;
    unsigned bugfix;
    const char *variant; /* "", "without-examplevalues", "aas-3.1", "sample", "with-operations",
                          * ...; several joined by "+" in this fixed order */
    const char *label;   /* "3.0.1" or "3.0.1+aas-3.1": key of the version inside the family */
};

/* Works out the identity of `submodel`. `source` is the path or name the bytes came from, or NULL.
 * Everything is in `arena`; NULL fields never. ERR_TOO_LARGE when the arena is full. */
ERR_MUST_USE enum err_code template_identify(struct arena *arena, const struct aas_node *submodel,
    const char *source, struct template_identity *identity);

/* True when the submodel is a template (kind=Template). */
bool template_is(const struct aas_node *submodel);

/* True when the submodel is a filled-in example that was published together with its template: no
 * template itself, but a file that says the IDTA number and calls itself a sample. Such examples
 * often reuse the template's id, so they are kept as a variant of the family. */
bool template_is_sample(const struct aas_node *submodel, const struct template_identity *identity);

/* Orders two labels: by version, revision, bug-fix, then variant; <0, 0, >0. The plain label comes
 * behind its variants ("3.0+sample" < "3.0"), and a label before the "~" of a second claim to it.
 */
int template_label_compare(const char *a, const char *b);

#endif
