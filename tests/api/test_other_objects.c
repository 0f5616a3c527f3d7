/* SPDX-License-Identifier: Apache-2.0 */
/* Rules about two objects: a write is judged with the concept descriptions of the store. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/api/client.h"

#define TO(id)                                                                                     \
    "{\"type\":\"ExternalReference\",\"keys\":[{\"type\":\"GlobalReference\",\"value\":\"" id      \
    "\"}]}"
#define IEC "https://admin-shell.io/DataSpecificationTemplates/DataSpecificationIec61360/3"
#define RED                                                                                        \
    "{\"modelType\":\"ConceptDescription\",\"id\":\"urn:red\",\"embeddedDataSpecifications\":[{"   \
    "\"dataSpecification\":" TO(IEC) ",\"dataSpecificationContent\":{\"modelType\":"               \
                                     "\"DataSpecificationIec61360\",\"preferredName\":[{"          \
                                     "\"language\":\"en\",\"text\":\"red\"}],"                     \
                                     "\"value\":\"red\"}}]}"
#define PROPERTY(value)                                                                            \
    "{\"modelType\":\"Property\",\"idShort\":\"Colour\",\"valueType\":\"xs:string\",\"value\":"    \
    "\"" value "\",\"valueId\":" TO("urn:red") "}"
#define SUBMODEL(value)                                                                            \
    "{\"modelType\":\"Submodel\",\"idShort\":\"S\",\"id\":\"urn:s\",\"submodelElements\":"         \
    "[" PROPERTY(value) "]}"

static struct test_server server;

static void start(void)
{
    server_up(&server, NULL);
}

static void stop(void)
{
    server_down(&server);
}

TestSuite(other_objects, .init = start, .fini = stop, .timeout = 60);

static int ask(const char *method, const char *target, const char *body, const char *wanted)
{
    struct answer answer = client_ask(server.port, method, target, "", body);
    int status = answer.status;
    cr_expect(
        wanted == NULL || strstr(answer.body, wanted) != NULL, "no %s in %s", wanted, answer.body);
    answer_free(&answer);
    return status;
}

Test(other_objects, a_value_that_says_something_else_than_its_concept_is_refused)
{
    char place[256];
    cr_assert_eq(ask("POST", "/concept-descriptions", RED, NULL), 201);
    cr_expect_eq(ask("POST", "/submodels", SUBMODEL("blue"), "AASd-007"), 400);
    cr_assert_eq(ask("POST", "/submodels", SUBMODEL("red"), NULL), 201);
    snprintf(place, sizeof place, "/submodels/%s/submodel-elements/Colour", id64("urn:s"));
    cr_expect_eq(ask("PUT", place, PROPERTY("blue"), "AASd-007"), 400);
    snprintf(place, sizeof place, "/submodels/%s/submodel-elements/Colour/$value", id64("urn:s"));
    cr_expect_eq(ask("PATCH", place, "\"blue\"", "AASd-007"), 400);
    cr_expect_eq(ask("GET", place, NULL, "\"red\""), 200);
}

Test(other_objects, a_concept_that_is_not_there_is_no_fault)
{
    cr_expect_eq(ask("POST", "/submodels", SUBMODEL("blue"), NULL), 201);
}

Test(other_objects, a_check_without_storing_looks_into_the_store)
{
    cr_expect_eq(ask("POST", "/conformance", SUBMODEL("blue"), "\"verdict\":\"valid\""), 200);
    cr_assert_eq(ask("POST", "/concept-descriptions", RED, NULL), 201);
    cr_expect_eq(ask("POST", "/conformance", SUBMODEL("blue"), "\"verdict\":\"invalid\""), 200);
    cr_expect_eq(ask("POST", "/conformance", SUBMODEL("red"), "\"verdict\":\"valid\""), 200);
}
