/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What people take away: sheets of typed columns, written row by row as a table for the terminal,
 * as CSV or an XLSX workbook for spreadsheets, as JSON for programs. What each format looks like,
 * and why, is in docs/exports.md. Knows no command. One thread.
 *
 *     if (!export_open(&export, cli, arguments, &exit)) {
 *         return exit;
 *     }
 *     ... export_sheet_begin, export_row ..., export_sheet_end, for each sheet
 *     return export_close(&export, exit);
 *
 * A terminal shows all sheets, below each other; a workbook has them as sheets; CSV is one table:
 * the first sheet; JSON has the rows of all.
 */
#ifndef CLI_EXPORT_H
#define CLI_EXPORT_H

#include "command.h"
#include "table.h"

#define EXPORT_COLUMNS_MAX 20

/* Of identifiers. */
#define EXPORT_MEMBER_DIGITS 8
#define EXPORT_ORG_DIGITS    12

enum export_format { EXPORT_TABLE, EXPORT_CSV, EXPORT_XLSX, EXPORT_JSON };

enum export_type {
    EXPORT_TEXT,
    EXPORT_IDENTIFIER, /* digits that are a name, not a number: stays a text everywhere */
    EXPORT_COUNT,      /* a whole number */
    EXPORT_POINTS,     /* 1/100 points; JSON keeps that unit, the others have decimals */
    EXPORT_MINUTES,    /* people read hours and minutes; CSV and XLSX say the unit in the heading */
    EXPORT_DAY,        /* days since 1970-01-01 */
};

/* In which formats a column stands; JSON has those of EXPORT_FILES. */
enum export_place {
    EXPORT_EVERYWHERE,
    EXPORT_ON_TERMINAL,
    EXPORT_IN_FILES,
    EXPORT_WITH_NAMES, /* on the terminal; in files only when export->with_names */
};

struct export_column {
    const char *name; /* in JSON */
    struct cli_text title;
    enum export_type type;
    enum export_place place;
    bool is_change;  /* COUNT, POINTS: a terminal shows the plus sign, too */
    bool may_shrink; /* these two as in table.h */
    double share;
};

/* What stands in a column; use the functions below. A text may stand in any: "never" in a column of
 * days. */
struct export_cell {
    bool is_set;
    int64_t number;   /* when text is NULL */
    const char *text; /* always in a column of TEXT or IDENTIFIER */
};

static inline struct export_cell export_none(void)
{
    return (struct export_cell){0};
}

static inline struct export_cell export_number(int64_t number)
{
    return (struct export_cell){.is_set = true, .number = number};
}

/* NULL and "" are an empty cell. Must live until export_row returns. */
static inline struct export_cell export_text(const char *text)
{
    const bool is_set = text != NULL && text[0] != '\0';
    return (struct export_cell){.is_set = is_set, .text = is_set ? text : NULL};
}

/* With zeros in front; 0 is an empty cell. In memory of the arena. */
struct export_cell export_identifier(struct cli *cli, uint64_t number, int digits);

struct export_sheet {
    const char *name;  /* of the sheet in a workbook; is made to fit */
    const char *title; /* a line above the headings, on a terminal and in a workbook; or NULL */
    const struct export_column *columns; /* static */
    size_t column_count;
};

#define EXPORT_COLUMNS(table) .columns = (table), .column_count = sizeof(table) / sizeof((table)[0])

struct export_writer;
struct export_workbook;

/* Invariant: cells and rows come only between the begin and the end of a sheet. */
struct export
{
    struct cli *cli;
    enum export_format format;
    bool with_names;  /* the command's to set, after export_open */
    int32_t made_day; /* the command's to set: when a workbook says it was made (days since 1970),
                         so that the same content gives the same bytes */
    const struct export_writer *writer;
    const char *path;      /* --output; NULL: standard output */
    const char *temporary; /* what is written until it is complete; NULL: none */
    FILE *out;             /* NULL: a workbook */
    int error;             /* errno of the first failure; 0: none */
    size_t sheet_count;    /* begun */
    struct export_sheet sheet;
    size_t places[EXPORT_COLUMNS_MAX]; /* the columns that this format shows */
    size_t place_count;
    struct table table;
    struct export_workbook *workbook;
};

/* clang-format off */
/* The options that export_open reads: initialisers of struct cli_option. */
#define EXPORT_OPTIONS \
    {.name = "format", .kind = OPTION_VALUE, .holds = HOLDS_WORDS, .value = "table|csv|xlsx|json", \
     .help = {"格式，默认 table（屏幕上的表格）", "the format, by default table"}}, \
    {.name = "output", .kind = OPTION_VALUE, .holds = HOLDS_FILE, .value = "FILE", \
     .help = {"写到这个文件，也可写 -o；xlsx 必须有", "write to this file (also -o); xlsx needs it"}}
/* clang-format on */

/* Reads --format and --output and opens the file. false: told, nothing to close. */
LB_MUST_CHECK bool export_open(struct export *export, struct cli *cli,
                               const struct cli_arguments *arguments, enum cli_exit *exit);
/*
 * CLI_DONE: completes the file and puts it in its place, at once and whole; gives what came of it.
 * Anything else: what stood there before is left as it was, and `exit` is given back.
 */
LB_MUST_CHECK enum cli_exit export_close(struct export *export, enum cli_exit exit);

/* The name and the title are copied. */
void export_sheet_begin(struct export *export, const struct export_sheet *sheet);
/* As many cells as columns. With EXPORT_JSON `object` is printed instead, if it is not NULL; it is
 * taken. */
void export_row(struct export *export, const struct export_cell *cells, json_t *object);
/* `totals`: a last row of a terminal's table and of a workbook's sheet; or NULL. It is not in CSV
 * and JSON: whoever adds up their rows would count everything twice. */
void export_sheet_end(struct export *export, const struct export_cell *totals);

/* A line about the whole: below the table, on standard error beside CSV, on a workbook's last
 * sheet; not in JSON, which has export_object instead. Not within a sheet. */
void export_note(struct export *export, const char *text);
/* With EXPORT_JSON a line of its own; nothing otherwise. Takes the reference. */
void export_object(struct export *export, json_t *object);
/* Nobody reads any more, or nothing more can be written: rows may stop. */
bool export_is_cut_off(const struct export *export);

#endif
