/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The command line: which command, which options, and the language to answer in. It prints only
 * what is wrong. One thread.
 */
#include "command.h"

#include "amounts.h"
#include "form.h"
#include "prompt.h"

#include "lovebank/limits.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

const struct cli_option *command_options(const struct cli_command *command, size_t *count)
{
    if (command->form != NULL) {
        *count = command->form->column_count;
        return command->form->columns;
    }
    *count = command->option_count;
    return command->options;
}

const char *arguments_get(const struct cli_arguments *arguments, const char *name)
{
    size_t count;
    const struct cli_option *options = command_options(arguments->command, &count);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(options[i].name, name) == 0) {
            return arguments->values[i];
        }
    }
    return NULL;
}

bool arguments_language_is_chinese(int argc, char **argv)
{
    const char *language = NULL;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--lang") == 0 && i + 1 < argc) {
            language = argv[i + 1];
        } else if (strncmp(argv[i], "--lang=", 7) == 0) {
            language = argv[i] + 7;
        }
    }
    static const char *const variables[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < 3 && language == NULL; i++) {
        const char *value = getenv(variables[i]);
        language = value != NULL && value[0] != '\0' ? value : NULL;
    }
    return language != NULL && strncmp(language, "zh", 2) == 0;
}

const char *option_shown(struct cli *cli, const char *name)
{
    char *shown = cli_copy(cli, name);
    for (char *at = shown; *at != '\0'; at++) {
        *at = *at == '_' ? '-' : *at;
    }
    return shown;
}

struct cli_text range_wanted(struct cli *cli, uint64_t min, uint64_t max)
{
    return (struct cli_text){
        cli_format(cli, "请写 %" PRIu64 " 到 %" PRIu64 " 之间的整数", min, max),
        cli_format(cli, "give a whole number from %" PRIu64 " to %" PRIu64, min, max)};
}

static enum cli_exit arguments_hint(struct cli *cli, const struct cli_command *command)
{
    if (command == NULL) {
        cli_complain(cli, TEXT(cli, "用法见：lovebank --help", "See: lovebank --help"));
    } else {
        cli_complain(cli, TEXT(cli, "用法见：lovebank %s --help", "See: lovebank %s --help"),
                     command->name);
    }
    return CLI_USAGE;
}

enum cli_exit arguments_complain(struct cli *cli, const struct cli_arguments *arguments,
                                 const char *name, struct cli_text reason)
{
    const char *value = arguments_get(arguments, name);
    const char *shown = option_shown(cli, name);
    if (value == NULL) {
        cli_complain(cli, TEXT(cli, "缺少 --%s：%s。", "--%s is missing: %s."), shown,
                     cli_choose(cli, reason));
    } else {
        cli_complain(cli, TEXT(cli, "--%s “%s”：%s。", "--%s \"%s\": %s."), shown,
                     cli_cut(cli, value), cli_choose(cli, reason));
    }
    return arguments_hint(cli, arguments->command);
}

/* What is being parsed, and where. */
struct scan {
    struct cli *cli;
    struct cli_arguments *arguments;
    int argc;
    char **argv;
    int at;
    bool is_plain;     /* after "--": no options any more */
    unsigned has_seen; /* of enum global, one bit each */
};

/* The value of the option at `at`: after "=", or the next word. NULL: told. */
static const char *scan_value(struct scan *scan, const char *equals)
{
    if (equals != NULL) {
        return equals + 1;
    }
    if (scan->at + 1 < scan->argc && strncmp(scan->argv[scan->at + 1], "--", 2) != 0) {
        return scan->argv[++scan->at];
    }
    cli_complain(scan->cli, TEXT(scan->cli, "%s 后面要写值。", "%s needs a value."),
                 scan->argv[scan->at]);
    (void)arguments_hint(scan->cli, scan->arguments->command);
    return NULL;
}

static enum cli_exit scan_bad_value(struct scan *scan, const char *name, const char *value,
                                    struct cli_text reason)
{
    struct cli *cli = scan->cli;
    cli_complain(cli, TEXT(cli, "--%s “%s”：%s。", "--%s \"%s\": %s."), option_shown(cli, name),
                 cli_cut(cli, value), cli_choose(cli, reason));
    return arguments_hint(cli, scan->arguments->command);
}

static enum cli_exit scan_twice(struct scan *scan, const char *name)
{
    struct cli *cli = scan->cli;
    cli_complain(cli,
                 TEXT(cli, "--%s 写了两次。请只写一次。", "--%s is given twice; give it once."),
                 option_shown(cli, name));
    return arguments_hint(cli, scan->arguments->command);
}

enum global {
    GLOBAL_SOCKET,
    GLOBAL_CONNECT,
    GLOBAL_TOKEN_FILE,
    GLOBAL_DEVICE_TOKEN_FILE,
    GLOBAL_CA,
    GLOBAL_CERTIFICATE,
    GLOBAL_CERTIFICATE_KEY,
    GLOBAL_LANG,
    GLOBAL_DESK,
    GLOBAL_ID,
    GLOBAL_AT_LEAST_ENTRY,
};
static const char *const scan_globals[] = {
    "socket", "connect", "token-file", "device-token-file", "ca", "certificate", "certificate-key",
    "lang",   "desk",    "id",         "at-least-entry"};
#define SCAN_GLOBAL_COUNT (sizeof(scan_globals) / sizeof(scan_globals[0]))

static enum cli_exit scan_set_global(struct scan *scan, enum global global, const char *value)
{
    struct cli *cli = scan->cli;
    uint64_t number = 0;
    bool is_good = true;
    struct cli_text wanted = {0};
    if ((scan->has_seen & 1u << global) != 0) {
        return scan_twice(scan, scan_globals[global]);
    }
    scan->has_seen |= 1u << global;
    switch (global) {
    case GLOBAL_SOCKET:
        cli->address = cli_format(cli, "unix:%s", value);
        break;
    case GLOBAL_CONNECT:
        cli->address = value;
        break;
    case GLOBAL_TOKEN_FILE:
        cli->token_path = value;
        break;
    case GLOBAL_DEVICE_TOKEN_FILE:
        cli->device_token_path = value;
        break;
    case GLOBAL_CA:
        cli->ca_path = value;
        break;
    case GLOBAL_CERTIFICATE:
        cli->certificate_path = value;
        break;
    case GLOBAL_CERTIFICATE_KEY:
        cli->certificate_key_path = value;
        break;
    case GLOBAL_LANG:
        is_good = strcmp(value, "zh") == 0 || strcmp(value, "en") == 0;
        wanted = (struct cli_text){"请写 zh 或 en", "write zh or en"};
        break;
    case GLOBAL_DESK:
        is_good = amount_parse_number(value, 1, LB_CODE_MAX, &number);
        wanted = range_wanted(cli, 1, LB_CODE_MAX);
        cli->desk = (uint32_t)number;
        break;
    case GLOBAL_ID:
        is_good = id_parse(bytes_of_text(value), &cli->id) && !id_is_zero(&cli->id);
        wanted = (struct cli_text){"请照抄请求号，如 01a20044-6022-77fa-9c97-b848ab9dbc42",
                                   "give a request id, like 01a20044-6022-77fa-9c97-b848ab9dbc42"};
        break;
    case GLOBAL_AT_LEAST_ENTRY:
        is_good = amount_parse_number(value, 1, INT64_MAX, &cli->at_least_entry);
        wanted = range_wanted(cli, 1, INT64_MAX);
        break;
    }
    return is_good ? CLI_DONE : scan_bad_value(scan, scan_globals[global], value, wanted);
}

bool option_is_named(const char *text, size_t size, const char *name)
{
    if (name == NULL || strlen(name) != size) {
        return false;
    }
    for (size_t i = 0; i < size; i++) {
        if (text[i] != name[i] && !(text[i] == '-' && name[i] == '_')) {
            return false;
        }
    }
    return true;
}

/* Flags that every command has. */
static bool scan_global_flag(struct scan *scan, const char *name, size_t size)
{
    if (option_is_named(name, size, "json")) {
        scan->cli->is_json = true;
    } else if (option_is_named(name, size, "dry-run")) {
        scan->cli->is_dry_run = true;
    } else if (option_is_named(name, size, "help")) {
        scan->arguments->wants_help = true;
    } else {
        return false;
    }
    return true;
}

/* Where the values of a table of options go. */
struct scan_table {
    const struct cli_option *options;
    size_t count;
    const char **values;
    bool is_of_rows; /* defaults for the rows of files: by name only */
};

static enum cli_exit scan_take(struct scan *scan, const struct cli_option *option,
                               const char **value, const char *equals)
{
    const char *had = *value;
    if (had != NULL && option->kind != OPTION_LIST) {
        return scan_twice(scan, option->name);
    }
    if (option->kind == OPTION_FLAG) {
        *value = "yes";
        return equals == NULL
                   ? CLI_DONE
                   : scan_bad_value(scan, option->name, equals + 1,
                                    (struct cli_text){"后面不用写值", "it takes no value"});
    }
    *value = scan_value(scan, equals);
    if (*value != NULL && had != NULL) {
        *value = cli_format(scan->cli, "%s,%s", had, *value);
    }
    return *value == NULL ? CLI_USAGE : CLI_DONE;
}

/* CLI_DONE with *is_known false: no option of this table has that name. */
static enum cli_exit scan_table_option(struct scan *scan, const struct scan_table *table,
                                       const char *name, size_t size, const char *equals,
                                       bool *is_known)
{
    for (size_t i = 0; i < table->count; i++) {
        const struct cli_option *option = &table->options[i];
        if ((option_is_named(name, size, option->name) ||
             option_is_named(name, size, option->alias)) &&
            option->kind != OPTION_WORDS && (table->is_of_rows || !option->is_file_only)) {
            *is_known = true;
            return scan_take(scan, option, &table->values[i], equals);
        }
    }
    return CLI_DONE;
}

static enum cli_exit scan_command_option(struct scan *scan, const char *name, size_t size,
                                         const char *equals, bool *is_known)
{
    struct cli_arguments *arguments = scan->arguments;
    const struct form *rows = arguments->command->rows;
    struct scan_table table = {.values = arguments->values};
    table.options = command_options(arguments->command, &table.count);
    enum cli_exit exit = scan_table_option(scan, &table, name, size, equals, is_known);
    if (!*is_known && rows != NULL) {
        table = (struct scan_table){.options = rows->columns,
                                    .count = rows->column_count,
                                    .values = arguments->defaults,
                                    .is_of_rows = true};
        exit = scan_table_option(scan, &table, name, size, equals, is_known);
    }
    return exit;
}

static enum cli_exit scan_option(struct scan *scan)
{
    const char *word = scan->argv[scan->at];
    const char *name = strcmp(word, "-o") == 0   ? "output"
                       : strcmp(word, "-h") == 0 ? "help"
                                                 : word + 2;
    const char *equals = strchr(name, '=');
    size_t size = equals == NULL ? strlen(name) : (size_t)(equals - name);
    if (equals == NULL && scan_global_flag(scan, name, size)) {
        return CLI_DONE;
    }
    /* A command's own option comes first: `device open` has a --token-file. */
    bool is_known = false;
    if (scan->arguments->command != NULL) {
        enum cli_exit exit = scan_command_option(scan, name, size, equals, &is_known);
        if (is_known) {
            return exit;
        }
    }
    for (size_t i = 0; i < SCAN_GLOBAL_COUNT; i++) {
        if (option_is_named(name, size, scan_globals[i])) {
            const char *value = scan_value(scan, equals);
            return value == NULL ? CLI_USAGE : scan_set_global(scan, (enum global)i, value);
        }
    }
    cli_complain(scan->cli, TEXT(scan->cli, "没有选项 %s。", "There is no option %s."),
                 cli_cut(scan->cli, word));
    return arguments_hint(scan->cli, scan->arguments->command);
}

static enum cli_exit scan_positional(struct scan *scan, const char *word)
{
    struct cli_arguments *arguments = scan->arguments;
    size_t count = 0;
    const struct cli_option *options = command_options(arguments->command, &count);
    for (size_t i = 0; i < count; i++) {
        const char *had = arguments->values[i];
        if (options[i].kind == OPTION_POSITIONAL && had == NULL) {
            arguments->values[i] = word;
            return CLI_DONE;
        }
        if (options[i].kind == OPTION_REST) {
            arguments->values[i] = had == NULL ? word : cli_format(scan->cli, "%s;%s", had, word);
            return CLI_DONE;
        }
        if (options[i].kind == OPTION_WORDS) {
            arguments->words[arguments->word_count++] = word;
            return CLI_DONE;
        }
    }
    cli_complain(scan->cli,
                 TEXT(scan->cli, "多了“%s”。有空格的词请加引号。",
                      "\"%s\" is one word too many; quote words with spaces."),
                 cli_cut(scan->cli, word));
    return arguments_hint(scan->cli, arguments->command);
}

const struct cli_command *command_find(const char *first, const char *second)
{
    size_t first_size = strlen(first);
    for (size_t i = 0; i < cli_command_count; i++) {
        const char *name = cli_commands[i]->name;
        const char *space = strchr(name, ' ');
        size_t size = space == NULL ? strlen(name) : (size_t)(space - name);
        if (size == first_size && strncmp(name, first, size) == 0 &&
            (space == NULL || (second != NULL && strcmp(space + 1, second) == 0))) {
            return cli_commands[i];
        }
    }
    return NULL;
}

bool command_is_in_group(const struct cli_command *command, const char *group)
{
    size_t size = strlen(group);
    return strncmp(command->name, group, size) == 0 && command->name[size] == ' ';
}

bool command_is_group(const char *word)
{
    for (size_t i = 0; i < cli_command_count; i++) {
        if (command_is_in_group(cli_commands[i], word)) {
            return true;
        }
    }
    return false;
}

/* The words that name the command may have global options before and between them. */
static enum cli_exit scan_command(struct scan *scan)
{
    struct cli *cli = scan->cli;
    const char *group = scan->arguments->group;
    const char *word = scan->argv[scan->at];
    const char *next = scan->at + 1 < scan->argc ? scan->argv[scan->at + 1] : NULL;
    const char *first = group != NULL ? group : word;
    const char *second = group != NULL ? word : next;
    const struct cli_command *command = command_find(first, second);
    bool is_pair = second != NULL && second[0] != '-';
    if (command == NULL && !is_pair && command_is_group(first)) {
        scan->arguments->group = first;
        return CLI_DONE;
    }
    if (command == NULL) {
        cli_complain(cli, TEXT(cli, "没有命令“%s%s%s”。", "There is no command \"%s%s%s\"."),
                     cli_cut(cli, first), is_pair ? " " : "", is_pair ? cli_cut(cli, second) : "");
        return arguments_hint(cli, NULL);
    }
    scan->at += group == NULL && strchr(command->name, ' ') != NULL ? 1 : 0;
    scan->arguments->command = command;
    return CLI_DONE;
}

/* A counter's terminal always means its own counter. */
static void arguments_default_counter(struct cli_arguments *arguments)
{
    const char *counter = getenv("LOVEBANK_COUNTER");
    const struct form *rows = arguments->command->rows;
    const struct form *form = rows != NULL ? rows : arguments->command->form;
    const char **values = rows != NULL ? arguments->defaults : arguments->values;
    for (size_t i = 0; form != NULL && i < form->column_count && counter != NULL; i++) {
        if (strcmp(form->columns[i].name, "counter") == 0 &&
            form->columns[i].kind == OPTION_VALUE && values[i] == NULL && counter[0] != '\0') {
            values[i] = counter;
        }
    }
}

static enum cli_exit arguments_check(struct cli *cli, const struct cli_arguments *arguments)
{
    const struct cli_command *command = arguments->command;
    size_t count = 0;
    const struct cli_option *options = command_options(command, &count);
    if (command->rows != NULL && !id_is_zero(&cli->id)) {
        cli_complain(cli, TEXT(cli, "--id 是一笔的请求号，不能用于导入文件。",
                               "--id is of one act; it does not go with files."));
        return arguments_hint(cli, command);
    }
    for (size_t i = 0; i < count; i++) {
        if (!options[i].is_required || options[i].is_file_only) {
            continue;
        }
        if (options[i].kind == OPTION_WORDS && arguments->word_count == 0) {
            cli_complain(cli, TEXT(cli, "缺少 %s：%s。", "%s is missing: %s."), options[i].value,
                         cli_choose(cli, options[i].help));
            return arguments_hint(cli, command);
        }
        if (options[i].kind != OPTION_WORDS && arguments->values[i] == NULL) {
            return arguments_complain(cli, arguments, options[i].name, options[i].help);
        }
    }
    return CLI_DONE;
}

enum cli_exit arguments_parse(struct cli *cli, int argc, char **argv,
                              struct cli_arguments *arguments)
{
    struct scan scan = {.cli = cli, .arguments = arguments, .argc = argc, .argv = argv, .at = 1};
    *arguments = (struct cli_arguments){0};
    arguments->words = cli_take(cli, (size_t)argc + 1, sizeof(*arguments->words));
    for (; scan.at < argc; scan.at++) {
        const char *word = argv[scan.at];
        enum cli_exit exit;
        if (!scan.is_plain && strcmp(word, "--") == 0) {
            scan.is_plain = true;
            continue;
        }
        bool is_option =
            strncmp(word, "--", 2) == 0 || strcmp(word, "-o") == 0 || strcmp(word, "-h") == 0;
        if (!scan.is_plain && is_option) {
            exit = scan_option(&scan);
        } else if (arguments->command == NULL) {
            exit = scan_command(&scan);
        } else {
            exit = scan_positional(&scan, word);
        }
        if (exit != CLI_DONE) {
            return exit;
        }
    }
    if (arguments->wants_help || (arguments->command == NULL && arguments->group == NULL)) {
        return CLI_DONE;
    }
    if (arguments->command == NULL) {
        help_group(cli, arguments->group, cli->err);
        return CLI_USAGE;
    }
    arguments_default_counter(arguments);
    const enum cli_exit exit = prompt_for_missing(cli, arguments);
    return exit == CLI_DONE ? arguments_check(cli, arguments) : exit;
}
