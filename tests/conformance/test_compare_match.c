/* SPDX-License-Identifier: Apache-2.0 */
/* Which element is which: by meaning, among siblings that share one, in lists, elsewhere. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/conformance/compare_fixture.h"

struct row {
    const char *old;
    const char *new;
    const char *lines;
};

static void expect_rows(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        expect_findings(rows[i].old, rows[i].new, rows[i].lines);
    }
}
#define EXPECT_ROWS(rows) expect_rows(rows, sizeof rows / sizeof *rows)

#define A PROPERTY("A", SEMANTIC("urn:same"))
#define B PROPERTY("B", SEMANTIC("urn:same"))
#define C PROPERTY("C", SEMANTIC("urn:same"))
#define D PROPERTY("D", SEMANTIC("urn:same"))

Test(compare_match, siblings_that_share_a_meaning_are_told_apart_by_name)
{
    static const struct row rows[] = {
        {SUBMODEL(A "," B), SUBMODEL(B "," A), "C16 .\n"},
        {SUBMODEL(A "," B), SUBMODEL(B), "C05 A-> f\n"},
        {SUBMODEL(A), SUBMODEL(B "," A), "C03 ->B b\n"},
        {SUBMODEL(A "," B), SUBMODEL(A "," C), "C09 B->C idShort B>C\n"},
        {SUBMODEL(A "," B), SUBMODEL(C "," D), "C09 A->C idShort A>C\nC09 B->D idShort B>D\n"},
        /* Two are left of which only one could be the old one: no guessing. */
        {SUBMODEL(A "," B), SUBMODEL(A "," C "," D), "C05 B-> f\nC03 ->C b\nC03 ->D b\n"},
    };
    EXPECT_ROWS(rows);
}

Test(compare_match, meaning_goes_before_name)
{
    static const struct row rows[] = {
        {SUBMODEL(PROPERTY("A", SEMANTIC("urn:one")) "," PROPERTY("B", SEMANTIC("urn:two"))),
            SUBMODEL(PROPERTY("A", SEMANTIC("urn:two")) "," PROPERTY("B", SEMANTIC("urn:one"))),
            "C16 .\nC09 A->B idShort A>B\nC09 B->A idShort B>A\n"},
        {SUBMODEL(PROPERTY("A", SEMANTIC("https://e.org/a/1/0"))),
            SUBMODEL(PROPERTY("A", SEMANTIC("https://e.org/b/1/0")) "," PROPERTY(
                "Z", SEMANTIC("https://e.org/a/1/0"))),
            "C09 A->Z idShort A>Z\nC03 ->A b\n"},
        /* Of another kind it is another thing, unless the name says otherwise. */
        {SUBMODEL(PROPERTY("A", SEMANTIC("urn:one"))),
            SUBMODEL(ELEMENT("Capability", "Z", SEMANTIC("urn:one"))), "C05 A-> f\nC03 ->Z b\n"},
    };
    EXPECT_ROWS(rows);
}

Test(compare_match, the_way_a_pair_was_found_is_told)
{
    static const struct {
        const char *old;
        const char *new;
        enum compare_how how;
    } rows[] = {
        {PROPERTY("A", SEMANTIC("urn:one")), PROPERTY("B", SEMANTIC("urn:one")),
            COMPARE_BY_SEMANTIC_ID},
        {PROPERTY("A", SEMANTIC("urn:one")), PROPERTY("A", SEMANTIC("urn:two")), COMPARE_BY_NAME},
        {PROPERTY("A", ""), PROPERTY("A", SEMANTIC("urn:two")), COMPARE_BY_NAME},
        {PROPERTY("A", ""), PROPERTY("A", ""), COMPARE_BY_PLACE},
        {PROPERTY("A", SEMANTIC("urn:one")),
            PROPERTY("B", SEMANTIC("urn:two") ",'supplementalSemanticIds':[" REF("urn:one") "]"),
            COMPARE_BY_SEMANTIC_ID},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char old[1000];
        char new[1000];
        struct compared compared;
        snprintf(old, sizeof old, SUBMODEL("%s"), rows[i].old);
        snprintf(new, sizeof new, SUBMODEL("%s"), rows[i].new);
        compared_init(&compared, old, new);
        cr_assert_eq(compared.comparison.counts.matched, 2, "row %zu", i);
        cr_expect_eq(compared.comparison.side[0].elements[1].how, rows[i].how, "row %zu", i);
        compared_finish(&compared);
    }
}

Test(compare_match, items_of_lists_are_matched_by_meaning_and_place)
{
#define ITEM(more) "{'modelType':'Property','valueType':'xs:string'" more "}"
#define LIST_OF(meaning, items)                                                                    \
    ELEMENT("SubmodelElementList", "L",                                                            \
        ",'typeValueListElement':'Property','semanticIdListElement':" REF(                         \
            meaning) ",'value':[" items "]")
#define LIST(items)                                                                                \
    ELEMENT("SubmodelElementList", "L", ",'typeValueListElement':'Property','value':[" items "]")
    static const struct row rows[] = {
        {SUBMODEL(LIST(ITEM("") "," ITEM(",'value':'x'"))),
            SUBMODEL(LIST(ITEM("") "," ITEM(",'value':'y'"))), "C16 L[1] value x>y\n"},
        {SUBMODEL(LIST(ITEM("") "," ITEM(""))), SUBMODEL(LIST(ITEM(""))), "C04 L[1]->\n"},
        {SUBMODEL(LIST(ITEM(SEMANTIC("urn:one")) "," ITEM(SEMANTIC("urn:two")))),
            SUBMODEL(LIST(ITEM(SEMANTIC("urn:two")) "," ITEM(SEMANTIC("urn:one")))), "C16 L\n"},
        /* One prototype, several items: the first is the one. */
        {SUBMODEL(LIST(ITEM(SEMANTIC("urn:one") ",'idShort':'I'"))),
            SUBMODEL(LIST(ITEM(SEMANTIC("urn:one")) "," ITEM(SEMANTIC("urn:one")))),
            "C16 L[0] idShort I>-\nC02 ->L[1]\n"},
        {SUBMODEL(LIST(ITEM(",'idShort':'I'"))), SUBMODEL(LIST(ITEM(""))),
            "C16 L[0] idShort I>-\n"},
        /* What the list says of its items holds for items that say nothing. */
        {SUBMODEL(LIST_OF("urn:one", ITEM(""))),
            SUBMODEL(LIST_OF("urn:one", ITEM(SEMANTIC("urn:one")))),
            "C16 L[0] semanticId ->"
            "ExternalReference (GlobalReference)urn:one\n"},
        {SUBMODEL(LIST(ITEM(",'idShort':'I'"))), SUBMODEL(LIST(ITEM(SEMANTIC("urn:one")))),
            "C04 L[0]->\nC02 ->L[0]\n"},
    };
    EXPECT_ROWS(rows);
}

Test(compare_match, what_stands_below_another_parent_now_was_moved)
{
#define MOVING PROPERTY("P", SEMANTIC("urn:p"))
#define FIRST(elements) COLLECTION("First", SEMANTIC("urn:first"), elements)
#define SECOND(elements) COLLECTION("Second", SEMANTIC("urn:second"), elements)
    static const struct row rows[] = {
        {SUBMODEL(FIRST(MOVING) "," SECOND("")), SUBMODEL(FIRST("") "," SECOND(MOVING)),
            "C05 First.P->Second.P f\nC03 First.P->Second.P b\n"},
        {SUBMODEL(FIRST(PROPERTY("P", SEMANTIC("urn:p") OPTIONAL_ELEMENT)) "," SECOND("")),
            SUBMODEL(FIRST("") "," SECOND(PROPERTY("P", SEMANTIC("urn:p") OPTIONAL_ELEMENT))),
            "C04 First.P->Second.P\nC02 First.P->Second.P\n"},
        /* What changed inside of it breaks nothing more. */
        {SUBMODEL(FIRST(SECOND(PROPERTY("P", ",'value':'x'")))),
            SUBMODEL(FIRST("") "," SECOND(ELEMENT("Range", "P", ",'valueType':'xs:string'"))),
            "C05 First.Second->Second f\nC03 First.Second->Second b\n"
            "C10 First.Second.P->Second.P modelType Property>Range\n"},
        /* Renamed on the way. */
        {SUBMODEL(FIRST(MOVING) "," SECOND("")),
            SUBMODEL(FIRST("") "," SECOND(PROPERTY("Q", SEMANTIC("urn:p")))),
            "C05 First.P->Second.Q f\nC09 First.P->Second.Q idShort P>Q\n"
            "C03 First.P->Second.Q b\n"},
        /* Out of something that is gone. */
        {SUBMODEL(FIRST(MOVING)), SUBMODEL(MOVING), "C05 First-> f\nC03 First.P->P b\n"},
        /* Without a meaning only what is the same in all is taken for moved. */
        {SUBMODEL(FIRST(PROPERTY("X", ",'value':'1'")) "," SECOND("")),
            SUBMODEL(FIRST("") "," SECOND(PROPERTY("X", ",'value':'1'"))),
            "C05 First.X->Second.X f\nC03 First.X->Second.X b\n"},
        {SUBMODEL(FIRST(PROPERTY("X", ",'value':'1'")) "," SECOND("")),
            SUBMODEL(FIRST("") "," SECOND(PROPERTY("X", ",'value':'2'"))),
            "C05 First.X-> f\nC03 ->Second.X b\n"},
    };
    EXPECT_ROWS(rows);
}

Test(compare_match, variables_of_operations_are_elements)
{
#define VARIABLE(element) "{'value':" element "}"
#define OPERATION(in, out)                                                                         \
    ELEMENT("Operation", "O", ",'inputVariables':[" in "],'outputVariables':[" out "]")
    static const struct row rows[] = {
        {SUBMODEL(OPERATION(VARIABLE(PROPERTY("X", "")), "")),
            SUBMODEL(OPERATION(VARIABLE(PROPERTY("X", ",'value':'1'")), "")),
            "C16 O.X value ->1\n"},
        {SUBMODEL(OPERATION(VARIABLE(MOVING), "")), SUBMODEL(OPERATION("", VARIABLE(MOVING))),
            "C05 O.P f\nC03 O.P b\n"},
    };
    EXPECT_ROWS(rows);
}

Test(compare_match, every_element_is_a_pair_or_on_one_side_alone)
{
    struct compared compared;
    compared_init(&compared, SUBMODEL(FIRST(MOVING "," A) "," SECOND(B "," C)),
        SUBMODEL(FIRST(A "," D) "," MOVING));
    const struct compare_counts *counts = &compared.comparison.counts;
    cr_expect_eq(compared.comparison.side[0].count, counts->matched + counts->removed);
    cr_expect_eq(compared.comparison.side[1].count, counts->matched + counts->added);
    cr_expect_eq(counts->matched, 4);
    cr_expect_eq(counts->moved, 1);
    cr_expect_eq(counts->removed, 3);
    cr_expect_eq(counts->added, 1);
    compared_finish(&compared);
}

/* ------------------------------------------------------------------ rows side by side */

/* What the rows are, in order: status, old path, new path. */
static void describe_rows(struct compared *compared, char *to, size_t size)
{
    struct buf buf;
    size_t used = 0;
    const struct compare_output output = {.mode = COMPARE_EXACT, .rows = true};
    buf_init(&buf, 1 << 20);
    compare_write_json(&buf, &compared->comparison, &output);
    const char *at = strstr(buf_text(&buf), "\"rows\":[");
    while ((at = strstr(at, "\"depth\":")) != NULL) {
        const char *end = strstr(at, "{\"depth\"");
        const char *from = strstr(at, "\"from\":{\"path\":\"");
        const char *new = strstr(at, "\"to\":{\"path\":\"");
        end = end != NULL ? end : at + strlen(at);
        const char *status = strstr(at, "\"status\":\"") + 10;
        used +=
            (size_t)snprintf(to + used, size - used, "%.*s %.*s|%.*s\n", (int)strcspn(status, "\""),
                status, from != NULL && from < end ? (int)strcspn(from + 16, "\"") : 0, from + 16,
                new != NULL &&new < end ? (int)strcspn(new + 14, "\"") : 0, new + 14);
        at = end;
    }
    buf_finish(&buf);
}

Test(compare_match, rows_show_both_trees_in_the_order_of_the_new_one)
{
    static const char expected[] = "same |\n"
                                   "removed Gone|\n"
                                   "removed Gone.In|\n"
                                   "same First|First\n"
                                   "moved First.P|\n"
                                   "changed First.A|First.A\n"
                                   "added |First.D\n"
                                   "moved First.P|P\n"
                                   "removed Last|\n";
    char rows[1000] = "";
    struct compared compared;
    compared_init(&compared,
        SUBMODEL(COLLECTION("Gone", "", PROPERTY("In", "")) "," FIRST(
            MOVING "," PROPERTY("A", ",'value':'1'")) "," PROPERTY("Last", "")),
        SUBMODEL(FIRST(PROPERTY("A", "") "," D) "," MOVING));
    describe_rows(&compared, rows, sizeof rows);
    cr_expect_str_eq(rows, expected, "%s", rows);
    compared_finish(&compared);
}

/* ------------------------------------------------------------------ cost */

static double cpu_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* `count` siblings that all share one meaning, in the order of i * step. */
static char *many_siblings(size_t count, size_t step, const char *prefix)
{
    char *text = NULL;
    size_t len = 0;
    FILE *file = open_memstream(&text, &len);
    cr_assert_not_null(file);
    fputs("{'modelType':'Submodel','id':'urn:s','kind':'Template','submodelElements':[", file);
    for (size_t i = 0; i < count; i++) {
        fprintf(file, "%s" PROPERTY("%s%zu", SEMANTIC("urn:same")), i > 0 ? "," : "", prefix,
            i * step % count + 10000000);
    }
    fputs("]}", file);
    fclose(file);
    return text;
}

static double seconds_for(size_t count, const char *prefix)
{
    struct compared compared;
    double best = 1e9;
    char *old = many_siblings(count, 1, "N");
    char *new = many_siblings(count, 7919, prefix);
    arena_init(&compared.arena, (size_t)2 << 30);
    struct aas_node *a = read_quoted(&compared.arena, old);
    struct aas_node *b = read_quoted(&compared.arena, new);
    for (int round = 0; round < 3; round++) {
        double start = cpu_seconds();
        compared_trees(&compared, a, b);
        double took = cpu_seconds() - start;
        best = took < best ? took : best;
    }
    cr_expect_eq(compared.comparison.counts.matched, count + 1);
    compared_finish(&compared);
    free(old);
    free(new);
    return best;
}

/* Ten times the siblings may cost ten times as much and a little more for sorting; with every pair
 * looked at it would be a hundred times. */
Test(compare_match, ten_thousand_siblings_cost_no_more_than_n_log_n, .timeout = 120)
{
    static const char *const prefixes[] = {"N", "M"}; /* same names, all renamed */
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        double few = seconds_for(1000, prefixes[i]);
        double many = seconds_for(10000, prefixes[i]);
        cr_expect_lt(many, 40 * few, "%g s for 1,000 and %g s for 10,000", few, many);
    }
}
