/* SPDX-License-Identifier: Apache-2.0 */
#include "api/cli.h"

#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct option_row {
    const char *name;
    const char *value_name; /* NULL for a flag */
    size_t offset;          /* in struct cli_values */
    const char *help;
    bool many; /* may stand several times: the field is a struct cli_list */
};

#define FLAG(name, field, help)                                                                    \
    {                                                                                              \
        name, NULL, offsetof(struct cli_values, field), help, false                                \
    }
#define VALUE(name, value, field, help)                                                            \
    {                                                                                              \
        name, value, offsetof(struct cli_values, field), help, false                               \
    }
#define MANY(name, value, field, help)                                                             \
    {                                                                                              \
        name, value, offsetof(struct cli_values, field), help, true                                \
    }

static const struct option_row option_store =
    VALUE("--store", "DIR", store, "folder of the store (default: the user's data folder)");
static const struct option_row option_listen =
    VALUE("--listen", "HOST:PORT", listen, "address to listen on (default 127.0.0.1:8080)");
static const struct option_row option_origin = VALUE("--allow-origin", "ORIGINS", allow_origin,
    "web origins whose pages may change things, comma-separated, * for any, none for no CORS");
static const struct option_row option_host_name = VALUE("--host-name", "NAMES", host_names,
    "names of this server beside localhost, comma-separated, * for any (when it listens on the "
    "loopback behind a proxy)");
static const struct option_row option_external_url = VALUE("--external-url", "URL", external_url,
    "where clients reach this server, for the endpoints of descriptors (default: the host that a "
    "request names)");
static const struct option_row option_trust_proxy = FLAG("--trust-proxy", trust_proxy,
    "believe X-Forwarded-Proto, -Host, -Prefix and -For, which only a reverse proxy may set");
static const struct option_row option_aas =
    VALUE("--aas", "ID", shell_id, "the shell that /aas serves");
static const struct option_row option_submodel =
    VALUE("--submodel", "ID", submodel_id, "the submodel that /submodel serves");
static const struct option_row option_max_body =
    VALUE("--max-body", "MIB", max_body, "largest request body in MiB (default 64)");
static const struct option_row option_max_file =
    VALUE("--max-file", "MIB", max_file, "largest attachment or package in MiB (default 1024)");
static const struct option_row option_max_memory = VALUE("--max-memory", "MIB", max_memory,
    "memory in MiB that all requests together may use; those beyond wait, then get 503 (default "
    "half of the machine's, 1024 at most)");
static const struct option_row option_threads =
    VALUE("--threads", "N", threads, "connections served at the same time (default 1100)");
static const struct option_row option_delegate = VALUE("--delegate", "HOSTS", delegate,
    "hosts that may do the work of operations, HOST[:PORT], comma-separated (default: none)");
static const struct option_row option_access_log =
    FLAG("--access-log", access_log, "one line per request on standard error");
static const struct option_row option_no_library =
    FLAG("--without-library", without_library, "do not put the shipped templates into a new store");
static const struct option_row option_expect =
    VALUE("--expect", "NUMBER:HASH", expect, "what an earlier run said of the log");
static const struct option_row option_strict =
    FLAG("--strict", strict, "refuse files that have findings of severity error");
static const struct option_row option_replace = FLAG("--replace", replace,
    "replace shells, submodels and concept descriptions that have other content");
static const struct option_row option_author =
    VALUE("--author", "NAME", author, "who does this, kept with the history");
static const struct option_row option_message =
    VALUE("--message", "TEXT", message, "why, kept with the history");
static const struct option_row option_metamodel = VALUE("--metamodel", "VERSION", metamodel,
    "3.0, 3.1 or any (default any: what one of the two accepts)");
static const struct option_row option_as = VALUE(
    "--as", "CLASS", as, "class of the document when it does not say it itself, e.g. Reference");
static const struct option_row option_format =
    VALUE("--format", "FORMAT", format, "form of the output, see below");
static const struct option_row option_limit =
    VALUE("--limit", "N", limit, "at most this many hits (default 20)");
static const struct option_row option_sort = VALUE(
    "--sort", "ORDER", sort, "relevance (default), name, date (newest first), uses (most first)");
static const struct option_row option_facets =
    FLAG("--facets", facets, "also print how many hits each facet value has");
static const struct option_row option_kind =
    VALUE("--kind", "KIND", kind, "only this kind of thing");
static const struct option_row option_state = VALUE("--state", "STATE", state, "only this state");
static const struct option_row option_family =
    VALUE("--family", "FAMILY", family, "only this template family");
static const struct option_row option_language =
    VALUE("--language", "TAG", language, "only with texts in this language");
static const struct option_row option_report_language = VALUE("--language", "TAG", language,
    "language of the report: en, ko or de (default: LC_ALL, LC_MESSAGES or LANG)");
static const struct option_row option_fail_on = VALUE("--fail-on", "SEVERITY", fail_on,
    "exit with 1 from findings of this severity on: error (default) or warning");
static const struct option_row option_explain = VALUE("--explain", "RULE", explain,
    "explain a rule with a right and a wrong example; all lists the rules");
static const struct option_row option_schema = VALUE("--schema", "FILE", schema,
    "judge with this XML schema of the metamodel, for example the official AAS.xsd");
static const struct option_row option_fix = FLAG("--fix", fix,
    "write a corrected copy where only one correction is possible; the original stays");
static const struct option_row option_fix_output =
    VALUE("--output", "DIR", output, "folder for the corrected copies (default: beside the file)");
static const struct option_row option_publisher =
    VALUE("--publisher", "NAME", publisher, "only from this publisher");
static const struct option_row option_structure =
    VALUE("--structure", "KIND", structure, "only with elements of this kind");
static const struct option_row option_category =
    VALUE("--category", "NAME", category, "only of this category");
static const struct option_row option_equipment =
    VALUE("--equipment", "NAME", equipment, "only for this type of equipment, e.g. press");
static const struct option_row option_process =
    VALUE("--process", "NAME", process, "only for this process, e.g. welding");
static const struct option_row option_phase =
    VALUE("--phase", "NAME", phase, "only for this phase of the life cycle, e.g. operation");
static const struct option_row option_dictionary =
    VALUE("--dictionary", "NAME", dictionary, "only with ids out of this dictionary, e.g. ECLASS");
static const struct option_row option_titles = VALUE("--titles", "TAG", titles,
    "language of the titles: names of the things, else names given to them, else English");
static const struct option_row option_semantic_id = VALUE("--semantic-id", "ID", semantic_id,
    "instead of words: what uses this id, and as what; in any version with --mode ignore-version");
static const struct option_row option_output = VALUE("--output", "FILE", output,
    "file to write (default: standard output), or folder for the whole store");

static const struct option_row option_open =
    FLAG("--open", open, "everybody may do everything; only on the loopback");
static const struct option_row option_anonymous = VALUE("--anonymous", "ROLE", anonymous,
    "what somebody may do who shows no password or token: none, reader, integrator, modeller or "
    "reviewer (default: reader on the loopback without a proxy, else none)");
static const struct option_row option_no_admin =
    FLAG("--no-admin", no_admin, "do not make an administrator in a store without users");
static const struct option_row option_user = VALUE("--user", "NAME", user, "whose token it is");
static const struct option_row option_role = MANY("--role", "ROLE", roles,
    "reader, integrator, modeller, reviewer or administrator; may stand several times");
static const struct option_row option_expires = VALUE("--expires", "TIME", expires,
    "after so many days (90d, the default), or with the beginning of a day (2027-03-31, UTC)");
static const struct option_row option_one_time = FLAG("--one-time", one_time,
    "make a password and print it; its owner has to change it before anything else is allowed");

static const struct option_row option_pick =
    VALUE("--submodel", "NAME", submodel_id, "idShort or id, where a file has several submodels");
static const struct option_row option_mode = VALUE("--mode", "MODE", mode,
    "how semantic ids are compared: exact, value, ignore-version, supplemental");
static const struct option_row option_id_mode =
    VALUE("--mode", "MODE", mode, "how --semantic-id is compared: exact (default), ignore-version");
static const struct option_row option_search_values =
    VALUE("--search-values", "NAMES", search_values,
        "elements that are found by their values, too: idShorts and semantic ids, comma-separated, "
        "none "
        "for none; kept with the store");
static const struct option_row option_seed =
    VALUE("--seed", "N", seed, "the same seed gives the same things (default 1)");
static const struct option_row option_templates =
    VALUE("--templates", "N", templates, "how many template versions (default 1000)");
static const struct option_row option_submodels =
    VALUE("--submodels", "N", submodels, "how many submodels made for them (default 0)");
static const struct option_row option_bench_output =
    VALUE("--output", "DIR", output, "folder for files, in place of a store");
static const struct option_row option_rows =
    FLAG("--rows", rows, "with json: also both trees side by side");

static const struct option_row option_version = VALUE("--version", "VERSION", version,
    "number of the new draft; for rebase: the version that the draft follows");
static const struct option_row option_new_id =
    VALUE("--id", "ID", submodel_id, "id of the new draft's submodel (default: made)");
static const struct option_row option_successor =
    VALUE("--successor", "NAME", successor, "VERSION or FAMILY@VERSION to be used instead");
static const struct option_row option_overrule = VALUE(
    "--overrule", "REASON", overrule, "publish although the number is too small for the changes");
static const struct option_row option_approvals = VALUE("--approvals", "N", approvals,
    "how many others must approve a version before it is published (default 1)");
static const struct option_row option_names = VALUE("--names", "LIST", names,
    "languages in which a template needs a name to be published (default ko,en), or none");
static const struct option_row option_drafts =
    FLAG("--drafts", drafts, "templates come in as drafts, not as published");

static const struct option_row option_set_category =
    VALUE("--category", "LIST", category, "tags of the family in this tree, or none");
static const struct option_row option_set_equipment =
    VALUE("--equipment", "LIST", equipment, "the same for types of equipment");
static const struct option_row option_set_process =
    VALUE("--process", "LIST", process, "the same for processes");
static const struct option_row option_set_phase =
    VALUE("--phase", "LIST", phase, "the same for phases of the life cycle");
static const struct option_row option_set_names =
    VALUE("--names", "LIST", names, "names as ko=NAME;en=NAME");
static const struct option_row option_set_words =
    VALUE("--words", "TEXT", other_words, "other words that people look for the family by");
static const struct option_row option_parent =
    VALUE("--parent", "VALUE", parent, "value of the same tree that it stands below");

static const struct option_row option_even_so =
    FLAG("--even-so", replace, "accept although the draft has changed since it was proposed");

static const struct option_row option_keep_values = VALUE("--keep-values", "AGE", keep_values,
    "how long values stay in histories, e.g. 90d, 36h (default: for ever); structure stays");
static const struct option_row option_keep_files = VALUE("--keep-files", "AGE", keep_files,
    "how long files stay that nothing leads to any more, for whatever is restored, e.g. 90d, none "
    "(default: as so far; none in a new store)");
static const struct option_row option_structure_before = VALUE("--structure-before", "DATE",
    structure_before, "also take out whatever was before this moment, e.g. 2025-01-01T00:00:00Z");
static const struct option_row option_dry_run =
    FLAG("--dry-run", dry_run, "only count what would go");
static const struct option_row option_from =
    VALUE("--from", "DATE", from, "only changes since then, e.g. 2026-11-30T08:00:00Z");
static const struct option_row option_to = VALUE("--to", "DATE", to, "only changes up to then");
static const struct option_row option_kind_of =
    VALUE("--kind", "KIND", kind, "only of this kind, e.g. Submodel or TemplateVersion");

struct command {
    const char *name;
    const char *usage;
    const char *summary;
    const char *more; /* shown below the options */
    int (*run)(const struct cli_values *values);
    const struct option_row *options[28];
};

static const struct command commands[] = {
    {"serve", "[--listen HOST:PORT] [--store DIR]",
        "serve the registry over HTTP (AAS API, IDTA-01002)",
        "Makes the user administrator in a store without users and prints its one-time password.\n"
        "Stops on SIGINT and SIGTERM after the requests under way.\n",
        cli_serve,
        {&option_listen, &option_store, &option_origin, &option_host_name, &option_external_url,
            &option_trust_proxy, &option_aas, &option_submodel, &option_max_body, &option_max_file,
            &option_max_memory, &option_threads, &option_delegate, &option_approvals, &option_names,
            &option_keep_values, &option_keep_files, &option_access_log, &option_no_library,
            &option_open, &option_anonymous, &option_no_admin}},
    {"user", "add|list|roles|password|disable|enable|remove [NAME]",
        "say who may use a server, and how",
        "add NAME --role ROLE…, list, roles NAME --role ROLE…, password NAME, disable NAME, enable "
        "NAME,\nremove NAME (password and tokens go; the history keeps the name, which nobody gets "
        "again).\nA role may be limited to a category or family of templates: "
        "modeller:family=idta-02006,\nreviewer:category=NAME. Passwords are asked for, or read "
        "from standard input when that is no\nterminal. May run beside a server, which knows at "
        "once.\n",
        cli_user,
        {&option_store, &option_role, &option_one_time, &option_format, &option_author,
            &option_message}},
    {"token", "add|list|revoke [NAME]", "give programs access without a password",
        "add NAME --user NAME [--role ROLE…] [--expires TIME], list, revoke NAME.\n"
        "A token may do what its user may, or what its own roles may within that. The secret is "
        "printed\nonce; programs send it as Authorization: Bearer SECRET.\n",
        cli_token,
        {&option_store, &option_user, &option_role, &option_expires, &option_format, &option_author,
            &option_message}},
    {"import", "--store DIR PATH...", "judge and store files or whole folders (JSON, XML, AASX)",
        "Formats: text (default), jsonl (one object per file: file, outcome, findings).\n"
        "Outcomes: stored, stored_with_findings, unchanged, refused.\n"
        "Exit code: 0 when nothing was refused, 1 when a file was refused, 2 when one could not "
        "be read.\n",
        cli_import,
        {&option_store, &option_strict, &option_replace, &option_drafts, &option_format,
            &option_report_language, &option_author, &option_message, &option_no_library,
            &option_search_values}},
    {"check", "PATH...", "judge files or whole folders without storing them",
        "A PATH of - is standard input. Formats: text (default), json, jsonl (one object per file: "
        "file,\nverdict, findings), junit, sarif (2.1.0).\n"
        "With --fix, a.json is copied to a.fixed.json, or into DIR under its own name; in a "
        "package the\nspecifications and relationship types are corrected, files stay as they are. "
        "With --schema, its\npatterns run without a limit of time.\n"
        "Exit code: 0 clean, 1 findings of severity error (see --fail-on), 2 unreadable.\n",
        cli_check,
        {&option_metamodel, &option_as, &option_format, &option_report_language, &option_fail_on,
            &option_explain, &option_schema, &option_fix, &option_fix_output}},
    {"diff", "OLD NEW", "compare two versions, by structure and meaning",
        "OLD and NEW are files (JSON, XML, AASX), or versions out of the store: FAMILY@VERSION, "
        "FAMILY for\nits newest published one. Formats: text (default), json.\n"
        "Exit code: 0 nothing differs, or what followed the old version follows the new one, too; "
        "1 it does\nnot; 2 one could not be read.\n",
        cli_diff,
        {&option_store, &option_mode, &option_pick, &option_format, &option_rows,
            &option_report_language}},
    {"search", "--store DIR WORDS", "find templates and models by keyword and facet",
        "WORDS must all occur; \"a phrase\", -without, begin*, and name:, description:, idShort: "
        "or "
        "semanticId:\nbefore any of them say more. Formats: text (default), json.\n",
        cli_search,
        {&option_store, &option_limit, &option_sort, &option_format, &option_facets, &option_kind,
            &option_state, &option_family, &option_language, &option_publisher, &option_structure,
            &option_category, &option_equipment, &option_process, &option_phase, &option_dictionary,
            &option_titles, &option_semantic_id, &option_id_mode}},
    {"export", "--store DIR [NAME...]",
        "write templates and models as one Environment (JSON, XML or AASX)",
        "NAME is a template family (idta-02006), a family and version (idta-02006@3.0.1) or the id "
        "of a\nshell, submodel or concept description. Without NAME every shell, submodel and "
        "concept\ndescription is written; with --output FOLDER/ also every template version, each "
        "in a file\nof its own, what was registered by hand, and trees, tags and names. Importing "
        "that folder into an\nempty store gives the same again.\nFormats: json (default), xml, "
        "aasx (with attached files; the default for --output "
        "NAME.aasx).\n",
        cli_export, {&option_store, &option_format, &option_output}},
    {"history", "--store DIR [ID]", "print every change of a store, or of one thing, oldest first",
        "Formats: text (default), jsonl (one object per change, with the hashes that chain "
        "them).\nWithout ID and with jsonl, revisions that were pruned are told, too.\n",
        cli_history, {&option_store, &option_format, &option_kind_of, &option_from, &option_to}},
    {"prune", "--store DIR [ID]", "take old values out of the history of a store, or of one thing",
        "Nothing but values goes, unless --structure-before is given. The newest state of "
        "everything stays, so\ndo the state of the moment from which on values are kept and the "
        "last one before each deletion.\nThe log goes on saying what there was and gets an entry "
        "that says what was taken out. With\n--keep-files, files go that nothing leads to and "
        "that were kept for longer. May run beside a server.\n",
        cli_prune,
        {&option_store, &option_keep_values, &option_keep_files, &option_structure_before,
            &option_kind_of, &option_dry_run, &option_author}},
    {"template", "--store DIR list | WHAT FAMILY@VERSION",
        "list templates, make drafts of them, review, publish",
        "WHAT is one of: show (FAMILY is enough), draft (a new one from this version; --version), "
        "gate\n(what is missing to publish), discard, rebase, and the steps from one state to the "
        "next: submit,\nrecall, approve, reject, publish, deprecate, withdraw.\n"
        "Exit code: 0 done, 1 refused.\n",
        cli_template,
        {&option_store, &option_version, &option_new_id, &option_successor, &option_overrule,
            &option_approvals, &option_names, &option_titles, &option_author, &option_message,
            &option_report_language}},
    {"proposal",
        "--store DIR [list | make FAMILY@VERSION FILE | accept N | refuse N | take-back N]",
        "proposals of changes to templates",
        "An accepted one goes into the draft it is about or, for a version that does not change "
        "any "
        "more,\ninto a new one (--version; without, the least number that the changes ask "
        "for).\n",
        cli_proposal,
        {&option_store, &option_family, &option_state, &option_version, &option_even_so,
            &option_author, &option_message}},
    {"tags", "--store DIR FAMILY", "show or set what is kept beside a template family",
        "Without options they are shown. LIST has blanks or commas between.\n", cli_tags,
        {&option_store, &option_set_category, &option_set_equipment, &option_set_process,
            &option_set_phase, &option_set_names, &option_set_words, &option_author,
            &option_message}},
    {"categories", "--store DIR [list | put TREE/VALUE | delete TREE/VALUE]",
        "list or change the trees of values that tags are out of",
        "Trees are category, equipment, process and phase.\n", cli_categories,
        {&option_store, &option_parent, &option_set_names, &option_author, &option_message}},
    {"verify-store", "--store DIR", "look whether all parts of a store agree",
        "Changes nothing; may run beside a server. The last line tells the length of the log and "
        "its chain\nhash: noted down elsewhere and given to --expect later, they prove that "
        "nothing "
        "before was\naltered or lost. Exit code: 0 everything agrees, 1 problems were found, one "
        "line each.\n",
        cli_verify_store, {&option_store, &option_expect}},
    {"bench-data", "--output DIR | --store DIR",
        "make up templates and submodels for measuring, in English, Korean and German",
        "Into the store they go through the import; the shipped templates are left out of a new "
        "one.\n",
        cli_bench_data,
        {&option_seed, &option_templates, &option_submodels, &option_bench_output, &option_store}},
};

enum { COMMAND_COUNT = sizeof commands / sizeof *commands };
enum { OPTION_COUNT = sizeof commands[0].options / sizeof *commands[0].options };

static void print_commands(FILE *to)
{
    fputs(
        "Usage: jig COMMAND [OPTION...]\n\nA registry of Asset Administration Shell templates and "
        "models.\n\n",
        to);
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        fprintf(to, "  jig %-12s %s\n", commands[i].name, commands[i].summary);
    }
    fputs(
        "\n  jig COMMAND --help   options of a command\n  jig --version        the version\n", to);
}

static void print_help(const struct command *command)
{
    printf("Usage: jig %s %s\n\n%c%s.\n\n", command->name, command->usage,
        command->summary[0] - 'a' + 'A', command->summary + 1);
    for (size_t i = 0; i < OPTION_COUNT && command->options[i] != NULL; i++) {
        const struct option_row *row = command->options[i];
        char left[40];
        snprintf(
            left, sizeof left, "%s %s", row->name, row->value_name != NULL ? row->value_name : "");
        printf("  %-24s %s\n", left, row->help);
    }
    printf("  %-24s %s\n", "--help", "this text");
    if (command->more != NULL) {
        printf("\n%s", command->more);
    }
}

static const struct option_row *find_option(
    const struct command *command, const char *name, size_t len)
{
    for (size_t i = 0; i < OPTION_COUNT && command->options[i] != NULL; i++) {
        const char *row = command->options[i]->name;
        if (strlen(row) == len && memcmp(row, name, len) == 0) {
            return command->options[i];
        }
    }
    return NULL;
}

static bool take_one_more(const struct command *command, const struct option_row *row,
    struct cli_list *list, const char *value)
{
    if (list->count == CLI_LIST) {
        fprintf(
            stderr, "jig %s: %s stands more than %d times\n", command->name, row->name, CLI_LIST);
        return false;
    }
    list->items[list->count++] = value;
    return true;
}

/* Takes one option (and its value, behind = or as the next word); false after a complaint. */
static bool take_option(
    const struct command *command, int argc, char **argv, int *at, struct cli_values *values)
{
    const char *word = argv[*at];
    const char *equals = strchr(word, '=');
    size_t len = equals != NULL ? (size_t)(equals - word) : strlen(word);
    const struct option_row *row = find_option(command, word, len);
    if (row == NULL) {
        fprintf(stderr, "jig %s: there is no option %.*s; see jig %s --help\n", command->name,
            (int)len, word, command->name);
        return false;
    }
    char *field = (char *)values + row->offset;
    if (row->value_name == NULL) {
        if (equals != NULL) {
            fprintf(stderr, "jig %s: %s takes no value\n", command->name, row->name);
            return false;
        }
        *(bool *)field = true;
        return true;
    }
    const char *value = equals != NULL ? equals + 1 : NULL;
    if (value == NULL && *at + 1 < argc) {
        value = argv[++*at];
    }
    if (value == NULL || value[0] == '\0') {
        fprintf(
            stderr, "jig %s: %s needs a value (%s)\n", command->name, row->name, row->value_name);
        return false;
    }
    if (row->many) {
        return take_one_more(command, row, (struct cli_list *)(void *)field, value);
    }
    memcpy(field, &value, sizeof value);
    return true;
}

/* $XDG_DATA_HOME/jig or ~/.local/share/jig; malloc'd. */
static char *default_store(void)
{
    const char *data = getenv("XDG_DATA_HOME");
    const char *home = getenv("HOME");
    char *path = NULL;
    int len = data != NULL && data[0] == '/'
                  ? asprintf(&path, "%s/jig", data)
                  : asprintf(&path, "%s/.local/share/jig", home != NULL ? home : ".");
    return len < 0 ? NULL : path;
}

static int run_command(const struct command *command, int argc, char **argv)
{
    char *store = default_store();
    const char **words = calloc((size_t)argc + 1, sizeof *words);
    int exit_code = CLI_FAILED;
    struct cli_values values = {
        .store = store, .listen = "127.0.0.1:8080", .metamodel = "any", .words = words};
    if (store == NULL || words == NULL) {
        fputs("jig: not enough memory\n", stderr);
        goto out;
    }
    bool options = true;
    for (int i = 2; i < argc; i++) {
        if (options && strcmp(argv[i], "--") == 0) {
            options = false;
        } else if (options && strcmp(argv[i], "--help") == 0) {
            values.help = true;
        } else if (options && argv[i][0] == '-' && argv[i][1] != '\0') {
            if (!take_option(command, argc, argv, &i, &values)) {
                exit_code = CLI_USAGE;
                goto out;
            }
        } else {
            words[values.word_count++] = argv[i];
        }
    }
    if (values.help) {
        print_help(command);
        exit_code = CLI_OK;
    } else {
        exit_code = command->run(&values);
    }
out:
    free(words);
    free(store);
    return exit_code;
}

int cli_main(int argc, char **argv)
{
    if (argc < 2) {
        print_commands(stderr);
        return CLI_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        print_commands(stdout);
        return CLI_OK;
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts("jig " JIG_VERSION);
        return CLI_OK;
    }
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(argv[1], commands[i].name) == 0) {
            return run_command(&commands[i], argc, argv);
        }
    }
    fprintf(stderr, "jig: there is no command %s; see jig --help\n", argv[1]);
    return CLI_USAGE;
}

/* ------------------------------------------------------------------ shared by the commands */

const char *cli_login_name(void)
{
    const struct passwd *user = getpwuid(getuid());
    const char *name = user != NULL ? user->pw_name : getenv("USER");
    return name != NULL && name[0] != '\0' ? name : "operator";
}

int cli_fail(const char *command, const struct err *err)
{
    cli_progress_clear();
    fprintf(stderr, "jig %s: %s", command,
        err->text[0] != '\0' ? err->text : err_default_text(err->code));
    if (err->rule[0] != '\0') {
        fprintf(stderr, " (%s)", err->rule);
    }
    fprintf(stderr, "%s%s\n", err->remedy[0] != '\0' ? ". " : "", err->remedy);
    return err_exit_code(err->code);
}

bool cli_number(
    const char *option, const char *text, uint64_t least, uint64_t most, uint64_t *number)
{
    char *end = NULL;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || text[0] < '0' || text[0] > '9' ||
        value < least || value > most) {
        fprintf(stderr, "jig: %s must be a whole number from %llu to %llu, not \"%s\"\n", option,
            (unsigned long long)least, (unsigned long long)most, text);
        return false;
    }
    *number = value;
    return true;
}

bool cli_format(const struct cli_values *values, const enum cli_format *allowed, size_t count,
    enum cli_format fallback, enum cli_format *format)
{
    static const char *const names[] = {"text", "json", "jsonl", "xml", "junit", "sarif", "aasx"};
    if (values->format == NULL) {
        *format = fallback;
        return true;
    }
    for (size_t i = 0; i < count; i++) {
        if (strcmp(values->format, names[allowed[i]]) == 0) {
            *format = allowed[i];
            return true;
        }
    }
    fprintf(stderr, "jig: --format cannot be \"%s\" here; it can be", values->format);
    for (size_t i = 0; i < count; i++) {
        fprintf(stderr, " %s", names[allowed[i]]);
    }
    fputc('\n', stderr);
    return false;
}

/* The environment as POSIX has it ("Environment Variables", 8.2). */
bool cli_language(const char *command, const struct cli_values *values, enum language *language)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    *language = LANGUAGE_EN;
    if (values->language != NULL) {
        if (!language_by_tag(values->language, strlen(values->language), language)) {
            fprintf(stderr, "jig %s: --language is en, ko or de, not \"%s\"\n", command,
                values->language);
            return false;
        }
        return true;
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *locale = getenv(names[i]);
        if (locale != NULL && locale[0] != '\0') {
            (void)language_by_tag(locale, strlen(locale), language);
            break;
        }
    }
    return true;
}
