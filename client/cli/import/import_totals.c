/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The totals that stand in a file, beside those of its rows. The rows count; a total that says
 * something else is told, for somebody may have lost a row. One thread.
 */
#include "import.h"

#include "figure.h"

#include <string.h>

/* Of the rows since the heading, and since the total before: a sheet may have either. */
struct tally {
    uint64_t whole;
    uint64_t since;
};

struct totals {
    struct import *import;
    const struct import_file *file;
    struct tally minutes;
    struct tally points_centi;
    struct tally persons;
};

static void tally_add(struct tally *tally, uint64_t more)
{
    tally->whole += more;
    tally->since += more;
}

static const char *totals_cell(const struct totals *totals, size_t at, const char *column)
{
    const size_t c = form_find_column(totals->import->form, column);
    const struct row *row = &totals->file->rows.items[at];
    const size_t place = c == FORM_NO_COLUMN ? HEADING_NONE : totals->file->headings.places[c];
    return place == HEADING_NONE || place >= row->cell_count ? "" : row->cells[place];
}

/* The minutes a row says; false: none that can be read. */
static bool totals_minutes(const struct totals *totals, size_t at, uint32_t *minutes)
{
    static const struct {
        const char *column;
        enum value_unit unit;
    } columns[] = {
        {"minutes", VALUE_MINUTES}, {"hours", VALUE_HOURS}, {"duration", VALUE_UNIT_UNKNOWN}};
    for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
        const char *cell = totals_cell(totals, at, columns[i].column);
        if (cell[0] != '\0' && value_minutes(cell, columns[i].unit, minutes) == VALUE_GOOD) {
            return true;
        }
    }
    return false;
}

/* The points a row says; false: none that can be read. */
static bool totals_points(const struct totals *totals, size_t at, uint64_t *centi)
{
    int64_t value = 0;
    const char *cell = totals_cell(totals, at, "points");
    if (cell[0] == '\0' || value_decimal(cell, 2, &value) != VALUE_GOOD || value < 0 ||
        value > LB_POINTS_CENTI_MAX) {
        return false;
    }
    *centi = (uint64_t)value;
    return true;
}

/* "共 25 人": 25. */
static bool totals_persons(const struct row *row, uint64_t *persons)
{
    for (size_t i = 0; i < row->cell_count; i++) {
        const char *unit = strstr(row->cells[i], "人");
        const char *from = unit;
        while (from != NULL && from > row->cells[i] && (from[-1] == ' ')) {
            from--;
        }
        const char *end = from;
        while (from != NULL && from > row->cells[i] && from[-1] >= '0' && from[-1] <= '9') {
            from--;
        }
        if (from != end && end - from < 10) {
            *persons = 0;
            for (; from < end; from++) {
                *persons = *persons * 10 + (uint64_t)(*from - '0');
            }
            return true;
        }
    }
    return false;
}

static void totals_tell(const struct totals *totals, size_t at, const char *said, const char *rows)
{
    struct cli *cli = totals->import->cli;
    if (!cli->is_json) {
        cli_complain(
            cli,
            TEXT(cli,
                 "%s 第 %zu 行：表里写的合计是 %s，各行相加是 %s。以各行为准，请核对是否漏行。",
                 "%s:%zu: the sheet's total says %s, its rows add up to %s. The rows "
                 "count; check whether one is missing."),
            totals->file->path, totals->file->rows.items[at].line, said, rows);
    }
}

static const char *totals_figure_points(struct cli *cli, uint64_t centi)
{
    return cli_format(cli, TEXT(cli, "%s 分", "%s points"), figure_points(cli, (int64_t)centi));
}

static void totals_check(struct totals *totals, size_t at)
{
    struct cli *cli = totals->import->cli;
    uint32_t minutes = 0;
    uint64_t centi = 0;
    uint64_t persons = 0;
    if (totals_points(totals, at, &centi) && centi != totals->points_centi.whole &&
        centi != totals->points_centi.since) {
        totals_tell(totals, at, totals_figure_points(cli, centi),
                    totals_figure_points(cli, totals->points_centi.whole));
    }
    if (totals_minutes(totals, at, &minutes) && minutes != totals->minutes.whole &&
        minutes != totals->minutes.since) {
        totals_tell(totals, at, figure_minutes(cli, minutes),
                    figure_minutes(cli, (int64_t)totals->minutes.whole));
    }
    if (totals_persons(&totals->file->rows.items[at], &persons) &&
        persons != totals->persons.whole && persons != totals->persons.since) {
        totals_tell(totals, at, figure_person_times(cli, persons),
                    figure_person_times(cli, totals->persons.whole));
    }
    totals->minutes.since = 0;
    totals->points_centi.since = 0;
    totals->persons.since = 0;
}

void import_check_totals(struct import *import, const struct import_file *file)
{
    struct totals totals = {.import = import, .file = file};
    for (size_t i = file->headings.row + 1; i < file->rows.count; i++) {
        uint32_t minutes = 0;
        uint64_t centi = 0;
        if (file->rows.items[i].fault != ROW_GOOD) {
            continue;
        }
        switch (heading_row_kind(&file->rows, &file->headings, i)) {
        case ROW_RECORD:
            tally_add(&totals.persons, 1);
            tally_add(&totals.minutes, totals_minutes(&totals, i, &minutes) ? minutes : 0);
            tally_add(&totals.points_centi, totals_points(&totals, i, &centi) ? centi : 0);
            break;
        case ROW_TOTAL:
            totals_check(&totals, i);
            break;
        case ROW_HEADING:
        case ROW_NOTE:
            break;
        }
    }
}
