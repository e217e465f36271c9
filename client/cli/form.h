/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Forms: what a person fills in to make one command of the protocol, whether on the command line or
 * as a row of a sheet. A form is a list of columns and a function that builds the command from
 * their values. The first value that is wrong becomes the complaint; what is built after it is not
 * used. One thread.
 */
#ifndef CLI_FORM_H
#define CLI_FORM_H

#include "command.h"
#include "lovebank/v1/commands.pb-c.h"
#include "lovebank/v1/results.pb-c.h"

struct sheet;

/* What is wrong with a value: a result of the list with its numbers, or a reason of its own. */
struct complaint {
    bool is_set;
    int result;
    int64_t numbers[3];
    const char *column;
    const char *value;      /* "" when it is missing */
    struct cli_text reason; /* what is wrong and what to do; zh NULL: the result's sentence */
};

struct form_build {
    struct cli *cli;
    const struct form *form;
    const char *const *values; /* by column; NULL: not given */
    bool is_sheet;
    uint64_t activity; /* the number of a sheet's activity once it was opened */
    Lovebank__V1__Command *command;
    struct complaint complaint;
};

struct form {
    const char *kind; /* goes into the ids of sheets: never changes */
    const struct cli_option *columns;
    size_t column_count;
    bool has_sheet;
    bool is_sheet_only;
    bool receipt_is_target; /* the receipt is that of the act to undo */
    void (*build)(struct form_build *build);
    /* Before the rows of a sheet are built; may be NULL. CLI_DONE, or it was told. */
    enum cli_exit (*prepare)(struct sheet *sheet);
    /* What was done, as a sentence on standard output. */
    void (*say)(struct cli *cli, const Lovebank__V1__Command *command,
                const Lovebank__V1__Result *result);
};

#define FORM_COLUMNS(table) .columns = (table), .column_count = sizeof(table) / sizeof((table)[0])

/* Builds the command, without an id, in memory of cli's arena. */
void form_build(struct form_build *build);

/* Runs a command that has a form: one, or a sheet. */
enum cli_exit form_run(struct cli *cli, const struct cli_arguments *arguments);

/* The sentence of a complaint, in memory of the arena. */
const char *complaint_sentence(struct cli *cli, const struct complaint *complaint);

/* For build functions. Values not given are 0, "" or NULL, unless the column is required. */
void form_complain(struct form_build *build, const char *column, struct cli_text reason);
void form_complain_result(struct form_build *build, const char *column, int result, int64_t a,
                          int64_t b);
/* A message of the arena, with its defaults. */
void *form_new(struct form_build *build, const ProtobufCMessageDescriptor *type);

bool form_has(const struct form_build *build, const char *column);
/* Never NULL. */
char *form_text(struct form_build *build, const char *column);
uint64_t form_number(struct form_build *build, const char *column, uint64_t min, uint64_t max);
int64_t form_integer(struct form_build *build, const char *column);
int64_t form_decimal(struct form_build *build, const char *column, unsigned decimals);
bool form_yes(struct form_build *build, const char *column);
/* false: not given. */
bool form_day(struct form_build *build, const char *column, int32_t *day);
/* The day of the command itself. */
void form_command_day(struct form_build *build, const char *column);
bool form_clock(struct form_build *build, const char *column, uint32_t *minute);
/* Time given, 1 to 1440 minutes; what is out of range gets LB_MINUTES_INVALID. */
uint32_t form_minutes(struct form_build *build, const char *column);
int64_t form_quantity(struct form_build *build, const char *column);
uint64_t form_card(struct form_build *build, const char *column);
/* A member number or a card; NULL: not given. */
Lovebank__V1__MemberRef *form_member(struct form_build *build, const char *column);
/* An entry number, a request id, or a receipt of the sheet form `kind`; NULL: not given. */
Lovebank__V1__EntryRef *form_entry(struct form_build *build, const char *column, const char *kind);
/* By number or by exact name. */
uint64_t form_org(struct form_build *build, const char *column);
uint32_t form_category(struct form_build *build, const char *column);
uint32_t form_item(struct form_build *build, const char *column);
uint32_t form_counter(struct form_build *build, const char *column);
/* "1;党员" as numbers, in memory of the arena. */
uint32_t *form_classes(struct form_build *build, const char *column, size_t *count);

/* One "101=2" of a list "101=2;102=1". */
struct form_line {
    uint32_t item;
    int64_t quantity;
};
/* At most LB_COMMAND_LINES_MAX of them. */
size_t form_lines(struct form_build *build, const char *column,
                  struct form_line lines[static LB_COMMAND_LINES_MAX]);

/* A text of digits only that is 10 digits long is a card, up to 8 a member. false: neither. */
LB_MUST_CHECK bool member_ref_parse(const char *text, Lovebank__V1__MemberRef *ref);

#endif
