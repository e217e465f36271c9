/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The port between export.c and the formats, one file each: export_table.c, export_csv.c,
 * export_xlsx.c, export_json.c. For these files only. One thread.
 */
#ifndef CLI_EXPORT_WRITER_H
#define CLI_EXPORT_WRITER_H

#include "amounts.h"
#include "export.h"

/* Called in the order of export.h. What is NULL is not done. */
struct export_writer {
    void (*begin)(struct export *export);
    void (*sheet_begin)(struct export *export);
    void (*row)(struct export *export, const struct export_cell *cells, json_t *object);
    void (*sheet_end)(struct export *export, const struct export_cell *totals);
    void (*note)(struct export *export, const char *text);
    /* Completes the file, or with is_good false only frees. export->error tells a failure. */
    void (*end)(struct export *export, bool is_good);
};

extern const struct export_writer export_writer_table;
extern const struct export_writer export_writer_csv;
extern const struct export_writer export_writer_xlsx;
extern const struct export_writer export_writer_json;

/* The column at a place of this format, and the cell under it. */
const struct export_column *export_column_at(const struct export *export, size_t place);
const struct export_cell *export_cell_at(const struct export *export,
                                         const struct export_cell *cells, size_t place);

/* Adds the unit where the cells do not say it: "时长（分钟）". Lives in the arena or is static. */
const char *export_heading(struct export *export, const struct export_column *column);

/* What stands in a cell; `buffer` holds it, unless it is a text. */
const char *export_cell_shown(const struct export *export, const struct export_column *column,
                              const struct export_cell *cell, char buffer[AMOUNT_TEXT_BYTES]);

#endif
