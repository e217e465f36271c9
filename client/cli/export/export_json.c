/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Exports as JSON: one object a line, with the names of the protocol. One thread.
 */
#include "export_writer.h"

#include <stdlib.h>

static json_t *export_json_cell(const struct export *export, const struct export_column *column,
                                const struct export_cell *cell)
{
    char buffer[AMOUNT_TEXT_BYTES];
    if (cell->text != NULL) {
        return json_string(cell->text);
    }
    switch (column->type) {
    case EXPORT_TEXT:
    case EXPORT_IDENTIFIER:
    case EXPORT_DAY:
        return json_string(export_cell_shown(export, column, cell, buffer));
    case EXPORT_COUNT:
    case EXPORT_POINTS:
    case EXPORT_MINUTES:
        return json_integer(cell->number);
    }
    return NULL;
}

/* Empty cells are left out, as unset fields are. */
static json_t *export_json_of_cells(const struct export *export, const struct export_cell *cells)
{
    json_t *object = json_object();
    for (size_t i = 0; object != NULL && i < export->place_count; i++) {
        const struct export_column *column = export_column_at(export, i);
        const struct export_cell *cell = export_cell_at(export, cells, i);
        if (cell->is_set &&
            json_object_set_new(object, column->name, export_json_cell(export, column, cell))) {
            json_decref(object);
            return NULL;
        }
    }
    return object;
}

static void export_json_row(struct export *export, const struct export_cell *cells, json_t *object)
{
    struct cli *cli = export->cli;
    json_t *line =
        object != NULL || cells == NULL ? json_incref(object) : export_json_of_cells(export, cells);
    if (line == NULL ||
        (json_dumpf(line, export->out, JSON_COMPACT) != 0 && !export_is_cut_off(export))) {
        cli_complain(cli, "%s", lb_result_text(LB_MEMORY, cli->is_chinese));
        exit(CLI_FAULT);
    }
    (void)fputc('\n', export->out);
    json_decref(line);
}

const struct export_writer export_writer_json = {.row = export_json_row};
