/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Texts as spreadsheets want them. Pure, but for the arena's memory; safe from any thread.
 */
#ifndef CLI_EXPORT_TEXT_H
#define CLI_EXPORT_TEXT_H

#include "cli.h"

#define EXPORT_SHEET_NAME_UNITS_MAX 31 /* of UTF-16, as Excel counts */

/*
 * A spreadsheet that opens it from CSV might take it for a formula and run it: after blanks and
 * quotation marks, which some programs take off, stands = + - @, also in full width, or a control
 * character that ends a cell (tab, CR, LF).
 */
bool export_text_is_formula(const char *text);

/* A cell of CSV: in quotation marks if it needs them, those inside doubled; what could be a formula
 * gets an apostrophe in front. */
void export_text_write_csv(FILE *out, const char *text);

/* Names of sheets in use. */
struct export_sheet_name {
    const char *text;
    const struct export_sheet_name *next;
};

/*
 * `wanted` as a workbook may call a sheet: without []:*?/\ and apostrophes at its ends, not empty,
 * not "History" (Excel's own), of at most 31 units, and unlike those in use, case aside: "东街 2".
 * In memory of the arena.
 */
const char *export_text_sheet_name(struct cli *cli, const char *wanted,
                                   const struct export_sheet_name *used);

#endif
