/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_TESTS_REGISTRY_LIFE_FIXTURE_H
#define JIG_TESTS_REGISTRY_LIFE_FIXTURE_H
/*
 * A registry with versions of one family on their way from draft to withdrawn, for the tests of the
 * life cycle. Suites have life_start and life_stop as init and fini; the latter looks whether the
 * store agrees with itself. What is given out lives in the arena of `life`.
 */
#include "registry/lifecycle.h"
#include "tests/registry/registry_fixture.h"

/* Has a category beside its content. */
#define LIFE_FAMILY "jig.example-smt-press"
#define LIFE_ID "https://a.example/press/1/0"

/* An element that a template asks for: cardinality "One", "ZeroToOne", … and a description. */
#define LIFE_ELEMENT(name, cardinality, description)                                               \
    "{\"modelType\":\"Property\",\"idShort\":\"" name                                              \
    "\",\"description\":[{\"language\":\"en\",\"text\":\"" description                             \
    "\"}],\"semanticId\":{\"type\":\"ExternalReference\",\"keys\":[{\"type\":"                     \
    "\"GlobalReference\",\"value\":\"urn:meaning:" name                                            \
    "\"}]},\"qualifiers\":[{\"kind\":\"TemplateQualifier\",\"type\":\"SMT/Cardinality\","          \
    "\"valueType\":\"xs:string\",\"value\":\"" cardinality "\"}],\"valueType\":\"xs:int\"}"
#define LIFE_FORCE LIFE_ELEMENT("Force", "One", "how hard")
#define LIFE_NAMES                                                                                 \
    "\"displayName\":[{\"language\":\"en\",\"text\":\"Press\"},{\"language\":\"ko\",\"text\":"     \
    "\"프레스\"}],"
#define LIFE_MEANING                                                                               \
    "\"semanticId\":{\"type\":\"ExternalReference\",\"keys\":[{\"type\":\"GlobalReference\","      \
    "\"value\":\"https://a.example/smt/press\"}]},"
/* A submodel by itself; names and meaning are members with a comma behind each. */
#define LIFE_TEMPLATE(id, names, meaning, elements)                                                \
    "{\"modelType\":\"Submodel\",\"idShort\":\"Press\"," names "\"id\":\"" id                      \
    "\",\"kind\":\"Template\"," meaning "\"submodelElements\":[" elements "]}"
#define LIFE_PRESS(id, elements) LIFE_TEMPLATE(id, LIFE_NAMES, LIFE_MEANING, elements)
#define LIFE_INSTANCE(id)                                                                          \
    "{\"modelType\":\"Submodel\",\"idShort\":\"Press\",\"id\":\"" id                               \
    "\",\"submodelElements\":[{\"modelType\":\"Property\",\"idShort\":\"Force\",\"valueType\":"    \
    "\"xs:int\",\"value\":\"1\"}]}"

enum { LIFE_JSON = 8192 };

struct life {
    const char *family; /* that everything is done in, LIFE_FAMILY at first */
    struct registry *registry;
    struct arena arena;
    struct report report;                     /* of the last call */
    struct err err;                           /* of the last call */
    struct registry_version version;          /* of the last call that gives one */
    struct lifecycle_request request;         /* successor, overrule, policy of the steps to come */
    const struct access_principal *principal; /* of whoever does something from now on */
};
extern struct life life;

void life_start(void);
void life_stop(void);

/* Somebody with the principal of `life`. */
struct registry_author life_author(const char *who, const char *message);

/* A draft of the family; `from` and `json` may be NULL. */
enum err_code life_make(const char *who, const char *label, const char *from, const char *json);
/* The content of a draft anew. */
enum err_code life_change(const char *who, const char *label, const char *json);
enum err_code life_step(
    const char *who, enum lifecycle_step step, const char *label, const char *message);
/* What is missing to publish a version, into the report. */
enum err_code life_gate(const char *label);
enum err_code life_rebase(const char *who, const char *label, const char *onto);
enum err_code life_discard(const char *who, const char *label);
enum err_code life_restore(const char *who, const char *label, uint64_t revision);
/* Everything up to publication, with an approval when the policy wants one. */
void life_publish(const char *label);
/* A version by its label, made with LIFE_ID and published. */
void life_release(const char *label);

/* An ordinary write of a submodel; `json` NULL deletes. */
enum err_code life_write(
    const char *who, enum registry_operation operation, const char *id, const char *json);
/* Sets the category of a submodel by registry_edit. */
enum err_code life_edit(const char *who, const char *id, const char *category);

/* State of a version; -1 when there is none. */
int life_state(const char *label);
/* The environment of a version; "" when there is none. */
const char *life_content(const char *label);
/* The submodel that is stored under an id; "" when there is none. */
const char *life_shown(const char *id);
/* What the last report says by a rule, NULL when nothing. */
const char *life_found(const char *rule);
/* Fails unless the rule can be explained, and text and remedy are there in every language. */
void life_explained(const char *rule, const char *text, const char *remedy);
/* Fails unless the last call was refused with this code, rule and a remedy that has a part. */
void life_refused(
    enum err_code code, enum err_code wanted, const char *rule, const char *remedy_part);
#define LIFE_OK(call) cr_assert_eq(call, ERR_OK, "%s %s", life.err.text, life.err.remedy)

#endif
