/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Files on their way into the ledger. All files of one invocation are one list of rows, each of
 * which becomes a command of the same form and ends as entered, already there, waiting for a second
 * person, or refused; what is no record (titles, repeated headings, notes, totals) is counted and
 * told. Ids come from what the rows say (identify.h), so that a file that was cut off, or is
 * imported twice, changes nothing twice. The stages: import_read.c (files to rows), import_build.c
 * (rows to commands), import_send.c, and import_report.c, import_rejects.c (what became of them).
 * One thread.
 */
#ifndef CLI_IMPORT_H
#define CLI_IMPORT_H

#include "form.h"
#include "lookup.h"
#include "people.h"
#include "post.h"

#include "intake/heading.h"
#include "intake/rows.h"

#define IMPORT_TOLD_MAX 20 /* refusals that are told without --verbose */

/* Columns of a rejects file, behind those of the form. */
enum import_extra { IMPORT_LINE, IMPORT_OCCURRENCE, IMPORT_COLUMN, IMPORT_REASON };
#define IMPORT_EXTRAS (IMPORT_REASON + 1)

struct import_file {
    const char *path;
    struct bytes bytes;
    struct rows rows;
    struct headings headings; /* places by column of the form, then of enum import_extra */
    size_t first_row;         /* of import->rows */
    size_t row_count;
    size_t others[ROW_NOTE + 1]; /* not records, by kind; above the headings: notes */
    size_t headings_found;       /* 1, with a heading row */
    uint64_t org;                /* by its name of 12 digits; 0: none */
    const char *rejects;         /* where its refused rows were put; NULL: nowhere */
};

/* A row of a file and what it became. Its post is the one of the same place, if it has one. */
struct import_row {
    size_t file;
    size_t at;           /* into the file's rows */
    const char **values; /* by column of the form, cleaned; NULL in a row that cannot be read */
    const char *mark;    /* "2#1f3a9c2e", made when it is built; until then, what a rejects
                            file says; "": none */
    struct complaint complaint; /* refused here, without asking the server */
    const char *refusal;        /* refused there: the sentence */
    size_t post;                /* into import->posts; SIZE_MAX: refused here */
    size_t activity;            /* into import->activities; SIZE_MAX: none */
    uint64_t target_row;        /* that its EntryRef means; or FORM_NO_ROW */
    bool is_again;              /* refused or reversed before, and entered anew */
};

/* What was cleaned: cells by kind, and the first lines. */
#define IMPORT_CHANGES     5 /* bits of enum text_change */
#define IMPORT_LINES_SHOWN 3
struct import_cleaning {
    size_t cells;
    size_t shown; /* of the lines */
    size_t files[IMPORT_LINES_SHOWN];
    size_t lines[IMPORT_LINES_SHOWN];
};

struct import_counts {
    size_t done;
    size_t there;
    size_t again;    /* of those done */
    size_t proposed; /* they wait for a second person */
    size_t refused;
};

struct import_options {
    bool is_sure; /* --yes */
    bool is_atomic;
    bool is_verbose;
    const char *rejects; /* --rejects, or NULL */
    int32_t year;
    enum rows_encoding encoding;
};

struct import {
    struct cli *cli;
    const struct cli_arguments *arguments;
    const struct form *form;
    const char *kind; /* "sheet" */
    struct import_options options;

    struct import_file *files;
    size_t file_count;
    struct heading_column columns[HEADING_COLUMNS_MAX]; /* of the form, then the extras */
    struct heading_alias *aliases;                      /* of --map */
    size_t alias_count;

    struct import_row *rows;
    size_t row_count;
    size_t row_cap;
    struct import_cleaning cleaning[IMPORT_CHANGES];
    size_t dittos;

    struct people *people;
    struct lookup occurrences; /* of contents, by file */
    struct lookup newcomers;   /* of org and name: the row that registers it */
    struct lookup receipts;    /* to their rows */
    struct post *posts;
    size_t *post_rows; /* by post: its row */
    size_t post_count;
    struct post *activities;
    size_t activity_count;
    uint64_t *activity_numbers;     /* 0: not opened yet */
    const char **activity_refusals; /* NULL: none */

    uint64_t number; /* of the import; 0: not opened */
    size_t given;    /* rows that gave time or points, and what they gave together */
    int64_t given_minutes;
    int64_t given_centi;
    bool is_trying;   /* a dry run is on its way */
    size_t told;      /* refusals */
    size_t told_rows; /* those before it that were refused here */
    enum cli_exit exit;
};

/* Imports the files named in the arguments: the run function of the commands `import KIND`. */
enum cli_exit import_run(struct cli *cli, const struct cli_arguments *arguments);

/* What a row says in a column of the form: its cell, else the option of that name, else "". */
const char *import_value(const struct import *import, const struct import_row *row,
                         const char *column);
/* Where the row begins: its file and line. */
const char *import_path(const struct import *import, const struct import_row *row);
size_t import_line(const struct import *import, const struct import_row *row);
struct import_counts import_count(const struct import *import, size_t first, size_t count);

/* import_options.c: the options of `import KIND`. CLI_DONE, or it was told. */
enum cli_exit import_read_options(struct import *import);
/* import_read.c: reads all files, finds their columns and rows. CLI_DONE, or it was told. */
enum cli_exit import_read(struct import *import);
/* import_totals.c: compares the totals of a file with its rows. */
void import_check_totals(struct import *import, const struct import_file *file);
/* import_activities.c: the activities that the rows name, each once; then their numbers. */
enum cli_exit import_find_activities(struct import *import);
enum cli_exit import_open_activities(struct import *import, bool is_dry_run);
/* import_build.c: names looked up, rows made commands with their ids. */
enum cli_exit import_build(struct import *import);
/* import_newcomers.c: a row that registers somebody by name only; refused when the name is there.
 */
bool import_is_newcomer(const struct import *import, const struct import_row *row);
void import_check_newcomer(struct import *import, size_t i, const char *name, uint64_t org);
/* import_send.c: a dry run of all rows, with their attempts found; and the real thing. */
enum cli_exit import_try(struct import *import);
enum cli_exit import_enter(struct import *import);
/* import_report.c */
void import_report_files(struct import *import);
/* A row was settled; `result` NULL: without asking the server about it. */
void import_report_row(struct import *import, size_t i, const Lovebank__V1__Result *result);
/* The counts, of what would be done or was done. */
void import_report_end(struct import *import, bool is_tried);
/* What the file calls a column, else its word. */
const char *import_heading(const struct import *import, const struct import_row *row,
                           const char *column);
/* The column that a result is most likely about; "": none of this form. */
const char *import_blame(const struct import *import, int result);
/* A refused row's column ("" when it is none in particular) and sentence. */
void import_refusal(struct import *import, const struct import_row *row, const char **column,
                    const char **sentence);
/* import_rejects.c: puts what was refused beside its files. */
enum cli_exit import_write_rejects(struct import *import);

#endif
