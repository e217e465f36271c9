/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A command of `lovebank`: its name, its options, what it does. One file per command (or per word
 * with several, like `card issue|block|replace`) holds its entries; commands.c lists them.
 * The options of a command that makes entries are also the columns of files of such acts (form.h).
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "cli.h"

#include <stddef.h>

#define COMMAND_OPTIONS_MAX 24

enum option_kind {
    OPTION_VALUE,      /* --name VALUE */
    OPTION_FLAG,       /* --name; its value is "yes" */
    OPTION_POSITIONAL, /* a word by its place, or --name VALUE */
    OPTION_REST,       /* all the words left, joined by ";", or --name VALUE */
    OPTION_WORDS,      /* all the words left, as arguments->words; no value */
    OPTION_LIST,       /* --name VALUE, several times; joined by "," */
};

/* What a value is: what may be offered for it, and whether the shell's history keeps it. */
enum option_holds {
    HOLDS_TEXT,   /* anything; it may be personal */
    HOLDS_NUMBER, /* a number, an amount, a time, an id: nobody can guess it */
    HOLDS_WORDS,  /* one of the words of the option's value, "goods|service" */
    HOLDS_DAY,
    HOLDS_FILE,
    HOLDS_MEMBER,
    HOLDS_ORG,
    HOLDS_CLASS,
    HOLDS_CATEGORY,
    HOLDS_ITEM,
    HOLDS_COUNTER,
};

struct cli_option {
    const char *name;
    enum option_kind kind;
    enum option_holds holds;
    bool is_required;
    const char *alias; /* another name for it, or NULL */
    const char *value; /* what stands for the value in the help; NULL: the name in capitals */
    struct cli_text help;
    /* Of a column of files: */
    const char *spellings; /* its usual headings, "日期|服务日期"; NULL: its name only */
    const char *instead;   /* columns of which any one does as well, "card|name"; or NULL */
    bool is_file_required; /* required in files, though not on the command line */
    bool is_file_only;     /* no option of the command for a single act */
};

struct cli_arguments;
struct form;

struct cli_command {
    const char *name; /* "status", "org open" */
    struct cli_text summary;
    struct cli_text details; /* more lines for its help; NULL: none */
    const struct form *rows; /* of the files it takes: its columns are options too, for what rows
                                leave out. Or NULL */
    const struct form *form; /* what it sends; its columns are the options. Or NULL, then: */
    const struct cli_option *options;
    size_t option_count;
    enum cli_exit (*run)(struct cli *cli, const struct cli_arguments *arguments);
    bool is_hidden; /* for programs, not for people: no help lists it */
};

#define COMMAND_OPTIONS(table) \
    .options = (table), .option_count = sizeof(table) / sizeof((table)[0])

/* All commands, in the order of the help. Static. */
extern const struct cli_command *const cli_commands[];
extern const size_t cli_command_count;

/* What was given on the command line. */
struct cli_arguments {
    const struct cli_command *command; /* NULL: none */
    const char *group;                 /* "card" without a second word; or NULL */
    const char
        *values[COMMAND_OPTIONS_MAX]; /* by place in the command's options; NULL: not given */
    const char *defaults[COMMAND_OPTIONS_MAX]; /* by column of command->rows; NULL: not given */
    const char **words;                        /* of an OPTION_WORDS */
    size_t word_count;
    bool wants_help;
};

const struct cli_option *command_options(const struct cli_command *command, size_t *count);
/* NULL: not given. The option must be one of the command's. */
const char *arguments_get(const struct cli_arguments *arguments, const char *name);

/* "points-per-hour" of "points_per_hour": both are understood, hyphens look better on a command
 * line. In memory of the arena. */
const char *option_shown(struct cli *cli, const char *name);
/* The first `size` bytes of the text are that name, or the same with hyphens. A NULL is no name. */
bool option_is_named(const char *text, size_t size, const char *name);
/* Which numbers are allowed, as the reason of a complaint. In memory of the arena. */
struct cli_text range_wanted(struct cli *cli, uint64_t min, uint64_t max);
/* "card" and "issue"; or "record" and whatever follows or NULL. NULL: there is none. */
const struct cli_command *command_find(const char *first, const char *second);
/* "card", of "card issue". */
bool command_is_group(const char *word);
/* "card issue" is in the group "card". */
bool command_is_in_group(const struct cli_command *command, const char *group);

/*
 * Reads the words after the program's name into globals of cli and into arguments. What is wrong
 * is told. arguments->command NULL and CLI_DONE: help for the whole program, or for the group if
 * there is one, is wanted.
 */
enum cli_exit arguments_parse(struct cli *cli, int argc, char **argv,
                              struct cli_arguments *arguments);
/* Language by --lang in argv, else by LC_ALL, LC_MESSAGES, LANG; needed before anything is told. */
bool arguments_language_is_chinese(int argc, char **argv);

/* A usage error about one option: its name and what it should be. Gives CLI_USAGE. */
enum cli_exit arguments_complain(struct cli *cli, const struct cli_arguments *arguments,
                                 const char *name, struct cli_text reason);

/* help.c */
void help_program(struct cli *cli);
/* The commands of a group. */
void help_group(struct cli *cli, const char *group, FILE *out);
void help_command(struct cli *cli, const struct cli_command *command);

/* One command: parse, run, flush. What it looked up is forgotten; the connection stays. */
enum cli_exit cli_perform(struct cli *cli, int argc, char **argv);
/* The whole program. */
enum cli_exit cli_main(int argc, char **argv);

#endif
