/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Forms: what a person fills in to make one command of the protocol, whether on the command line or
 * as a row of a file. A form is a list of columns and a function that builds the command from their
 * values, which are read the same way wherever they come from (intake/value.h). The first value
 * that is wrong becomes the complaint; what is built after it is not used. One thread.
 */
#ifndef CLI_FORM_H
#define CLI_FORM_H

#include "command.h"
#include "lookup.h"

#include "intake/value.h"
#include "lovebank/v1/commands.pb-c.h"
#include "lovebank/v1/queries.pb-c.h"
#include "lovebank/v1/results.pb-c.h"

struct people;

/* What is wrong with a value: a result of the list with its numbers, or a reason of its own. */
struct complaint {
    bool is_set;
    int result;
    int64_t numbers[3];
    const char *column;
    const char *value;      /* "" when it is missing */
    struct cli_text reason; /* what is wrong and what to do; zh NULL: the result's sentence */
};

/* Of a row: what it does not say itself. A command line has none. */
struct form_file {
    int32_t year;                  /* of days without one; 0: unknown */
    uint64_t org;                  /* of the file; 0: unknown */
    struct people *people;         /* who was asked for by name */
    const struct lookup *receipts; /* receipts of the same import to their rows */
    uint64_t activity;             /* the number of the row's activity once it was opened */
};

#define FORM_NO_ROW UINT64_MAX

struct form_build {
    struct cli *cli;
    const struct form *form;
    const char *const *values;    /* by column; NULL or "": not given */
    const struct form_file *file; /* NULL: typed on the command line */
    Lovebank__V1__Command *command;
    struct complaint complaint;
    uint64_t target_row; /* of the same import, which an EntryRef means; or FORM_NO_ROW */
};

struct form {
    const char *kind; /* goes into the ids of rows: never changes */
    const struct cli_option *columns;
    size_t column_count;
    bool has_activities;    /* the activities its rows name are opened first */
    bool receipt_is_target; /* the receipt is that of the act to undo */
    bool registers_members; /* rows without number and card are known by name and org */
    void (*build)(struct form_build *build);
    /* What was done, as a sentence on standard output. */
    void (*say)(struct cli *cli, const Lovebank__V1__Command *command,
                const Lovebank__V1__Result *result);
};

#define FORM_COLUMNS(table) .columns = (table), .column_count = sizeof(table) / sizeof((table)[0])
#define FORM_NO_COLUMN      SIZE_MAX

size_t form_find_column(const struct form *form, const char *column);

/* Builds the command, without an id, in memory of cli's arena. */
void form_build(struct form_build *build);

/* What the command's form makes of the arguments, without an id. NULL: told. */
Lovebank__V1__Command *form_command(struct cli *cli, const struct cli_arguments *arguments,
                                    enum cli_exit *exit);
/* Tells a complaint about one of the arguments. A name that could not be looked up was told then.
 */
enum cli_exit form_tell_complaint(struct cli *cli, const struct cli_arguments *arguments,
                                  const struct complaint *complaint);
/* Runs a command that has a form. */
enum cli_exit form_run(struct cli *cli, const struct cli_arguments *arguments);

/* The sentence of a complaint, in memory of the arena. */
const char *complaint_sentence(struct cli *cli, const struct complaint *complaint);

/* For build functions. Values not given are 0, "" or NULL, unless the column is required. */
void form_complain(struct form_build *build, const char *column, struct cli_text reason);
void form_complain_result(struct form_build *build, const char *column, int result, int64_t a,
                          int64_t b);
void form_complain_fault(struct form_build *build, const char *column, enum value_fault fault);
/* A message of the arena, with its defaults. */
void *form_new(struct form_build *build, const ProtobufCMessageDescriptor *type);

/* The value as it was written, "" when there is none or no such column. */
const char *form_value(const struct form_build *build, const char *column);
bool form_has(const struct form_build *build, const char *column);
/* The value; NULL when there is none, which a required column does not allow. */
const char *form_given(struct form_build *build, const char *column);
/* Never NULL. */
char *form_text(struct form_build *build, const char *column);
/* The name of a person or a place: what cannot be read of it is not left out, but refused. */
char *form_name(struct form_build *build, const char *column);
bool form_yes(struct form_build *build, const char *column);

/* form_values.c */
uint64_t form_number(struct form_build *build, const char *column, uint64_t min, uint64_t max);
/* Numbers of orgs and the like: what a spreadsheet destroyed is known as such. */
uint64_t form_identifier(struct form_build *build, const char *column, uint64_t min, uint64_t max);
int64_t form_decimal(struct form_build *build, const char *column, unsigned decimals);
/* false: not given. */
bool form_day(struct form_build *build, const char *column, int32_t *day);
/* "2015", "2015年", "2015年度". 0: not given. */
uint32_t form_year(struct form_build *build, const char *column);
/* The day of the command itself. */
void form_command_day(struct form_build *build, const char *column);
/* Time given, 1 to 1440 minutes, by whichever of the columns minutes, hours and duration; what is
 * out of range gets LB_MINUTES_INVALID. 0: not given. */
uint32_t form_minutes(struct form_build *build);
/* The same of a whole year, 0 to VALUE_MINUTES_MAX: a list may say that there was none. */
uint32_t form_minutes_of_year(struct form_build *build);
/* The same; or from start to end, by the columns start and end, or time ("9:00-11:00"). */
uint32_t form_minutes_and_start(struct form_build *build, protobuf_c_boolean *has_start,
                                uint32_t *start_minute);
int64_t form_quantity(struct form_build *build, const char *column);
/* The quantity, or 0 and LB_QUANTITY_INVALID. */
int64_t form_check_quantity(struct form_build *build, const char *column, int64_t quantity);

/* form_names.c */
uint64_t form_card(struct form_build *build, const char *column);
/* A member number or a card; NULL: not given. */
Lovebank__V1__MemberRef *form_member(struct form_build *build, const char *column);
/* Whom the row is about, by the columns member, card and name, which must not disagree. NULL: not
 * given, which is a complaint about `column`. */
Lovebank__V1__MemberRef *form_who(struct form_build *build, const char *column);
/* "10010001 李* 锦绣社区、10010002 李* 东湖社区", in memory of the arena. */
const char *form_candidates(struct cli *cli, const Lovebank__V1__MemberFindResponse *found);
/* An entry number, a request id, or a receipt of the form `kind`; NULL: not given. */
Lovebank__V1__EntryRef *form_entry(struct form_build *build, const char *column, const char *kind);
/* By number or by name. */
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
