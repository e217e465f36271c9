/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Where one is in an unfinished command line: which command, which option waits for its value, what
 * comes next. Understands what arguments.c does, but complains of nothing. Pure.
 */
#ifndef CLI_PLACE_H
#define CLI_PLACE_H

#include "command.h"

/* The options that every command has: connect, socket, json … In cli_option's words. */
extern const struct cli_option place_globals[];
#define PLACE_GLOBAL_COUNT 14
extern const size_t place_global_count;

/* After some whole words. Zero: before the first. */
struct place {
    const struct cli_command *command; /* NULL: not known yet */
    const char *group;                 /* a first word that a second may follow; or NULL */
    const struct cli_option *waits;    /* the option whose value comes next; or NULL */
    bool is_plain;                     /* after "--": no options any more */
    const char *address;               /* of --connect or --socket, as `is_socket` says */
    bool is_socket;
    bool has[COMMAND_OPTIONS_MAX];     /* of the command's options, those that are given */
    bool has_row[COMMAND_OPTIONS_MAX]; /* of its files' columns */
    bool has_global[PLACE_GLOBAL_COUNT];
};

enum place_word {
    PLACE_UNKNOWN, /* no such command or option, or one word too many */
    PLACE_NAME,    /* of a command or option; or "--" */
    PLACE_VALUE,   /* of *option */
};

/* Takes one more word. *value is where its value begins in it, after the "=" of --option=value. */
enum place_word place_take(struct place *place, const char *word, const struct cli_option **option,
                           const char **value);
/* The option that a word without hyphens would be a value of; NULL: none is left. */
const struct cli_option *place_positional(const struct place *place);

#endif
