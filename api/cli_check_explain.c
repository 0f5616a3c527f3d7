/* SPDX-License-Identifier: Apache-2.0 */
/* jig check --explain: what a rule asks for, where it is written, why, right and wrong. */
#include <string.h>

#include "api/check_names.h"
#include "api/cli_check.h"
#include "conformance/rules.h"
#include "conformance/sentences.h"

struct labels {
    const char *clause;
    const char *why;
    const char *right;
    const char *wrong;
};

static const struct labels labels[LANGUAGE_COUNT] = {
    [LANGUAGE_EN] = {"Written in", "Why", "Right", "Wrong"},
    [LANGUAGE_KO] = {"출처", "이유", "올바른 예", "잘못된 예"},
    [LANGUAGE_DE] = {"Steht in", "Warum", "Richtig", "Falsch"},
};

/* Documents are kept with ' for ". Descriptions in words are there in every language. */
static void print_example(const char *title, const char *example, enum language language)
{
    struct buf words;
    buf_init(&words, CLI_OUTPUT_ROOM);
    printf("\n%s:\n  ", title);
    if (rule_example_is_document(example)) {
        for (; *example != '\0'; example++) {
            putchar(*example == '\'' ? '"' : *example);
        }
    } else if (language != LANGUAGE_EN && sentence_translate(&words, example, language)) {
        fputs(buf_text(&words), stdout);
    } else {
        fputs(example, stdout);
    }
    putchar('\n');
    buf_finish(&words);
}

static int complain(const char *id)
{
    struct buf suggestion;
    buf_init(&suggestion, CLI_OUTPUT_ROOM);
    check_suggest_rule(&suggestion, id);
    fprintf(stderr, "jig check: there is no rule \"%s\"%s; jig check --explain all lists them\n",
        id, buf_text(&suggestion));
    buf_finish(&suggestion);
    return CLI_USAGE;
}

int check_explain(const char *id, enum language language)
{
    if (strcmp(id, "all") == 0) {
        for (size_t i = 0; rule_at(i) != NULL; i++) {
            printf("%-24s %s\n", rule_at(i)->id, rule_at(i)->words[language].says);
        }
        return CLI_OK;
    }
    const struct rule *rule = check_rule(id);
    if (rule == NULL) {
        return complain(id);
    }
    const struct labels *label = &labels[language];
    const struct rule_words *words = &rule->words[language];
    printf("%s: %s\n\n%s: %s\n%s: %s\n", rule->id, words->says, label->clause, rule->clause,
        label->why, words->why);
    if (rule->as != NULL) {
        printf("--as %s\n", rule->as);
    }
    print_example(label->right, rule->right, language);
    print_example(label->wrong, rule->wrong, language);
    return CLI_OK;
}
