/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A sheet on its way to the server: each row is a command of the same form, sent in order, in
 * batches that follow each other without waiting. Ids come from what the rows say (identify.h), so
 * a sheet that was cut off, or is loaded twice, changes nothing twice. One thread.
 */
#ifndef CLI_SHEET_H
#define CLI_SHEET_H

#include "form.h"
#include "identify.h"
#include "rows.h"

#define SHEET_BATCH_ROWS     1000
#define SHEET_BATCHES_FLYING 4

/* A row and what it became. */
struct sheet_row {
    Lovebank__V1__Command *command; /* NULL: refused here, by the complaint */
    struct complaint complaint;
    uint64_t activity; /* set by the form's prepare */
};

struct sheet {
    struct cli *cli;
    const struct cli_arguments *arguments;
    const struct form *form;
    const char *path;
    struct rows rows;
    struct sheet_row *states;           /* one per row */
    size_t places[COMMAND_OPTIONS_MAX]; /* by column of the form: its place in the header */
    struct occurrences occurrences;
    size_t done;
    size_t refused;
    size_t there; /* done before, by the same row */
    enum cli_exit exit;
};

enum cli_exit sheet_run(struct cli *cli, const struct cli_arguments *arguments);

/* What row i says in a column of the form: its cell, else the option of that name, else "". */
const char *sheet_cell(const struct sheet *sheet, size_t i, const char *column);
/* The file's name without folder and ".csv", in memory of the arena. */
const char *sheet_base_name(const struct sheet *sheet);

#endif
