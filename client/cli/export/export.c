/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Exports: which format, where it goes, which columns it has. One thread.
 */
#include "export_writer.h"

#include "errno_text.h"

#include "base/assert.h"
#include "base/date.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct {
    const char *name;
    const struct export_writer *writer;
} export_formats[] = {
    [EXPORT_TABLE] = {"table", &export_writer_table},
    [EXPORT_CSV] = {"csv", &export_writer_csv},
    [EXPORT_XLSX] = {"xlsx", &export_writer_xlsx},
    [EXPORT_JSON] = {"json", &export_writer_json},
};
#define EXPORT_FORMAT_COUNT (sizeof(export_formats) / sizeof(export_formats[0]))

struct export_cell export_identifier(struct cli *cli, uint64_t number, int digits)
{
    return number == 0 ? export_none() : export_text(cli_format(cli, "%0*" PRIu64, digits, number));
}

const struct export_column *export_column_at(const struct export *export, size_t place)
{
    return &export->sheet.columns[export->places[place]];
}

const struct export_cell *export_cell_at(const struct export *export,
                                         const struct export_cell *cells, size_t place)
{
    return &cells[export->places[place]];
}

const char *export_heading(struct export *export, const struct export_column *column)
{
    struct cli *cli = export->cli;
    const char *title = cli_choose(cli, column->title);
    return column->type != EXPORT_MINUTES
               ? title
               : cli_format(cli, TEXT(cli, "%s（分钟）", "%s (MINUTES)"), title);
}

static void export_format_count(bool has_plus, int64_t count, char buffer[AMOUNT_TEXT_BYTES])
{
    (void)snprintf(buffer, AMOUNT_TEXT_BYTES, has_plus && count > 0 ? "+%" PRId64 : "%" PRId64,
                   count);
}

const char *export_cell_shown(const struct export *export, const struct export_column *column,
                              const struct export_cell *cell, char buffer[AMOUNT_TEXT_BYTES])
{
    const bool is_table = export->format == EXPORT_TABLE;
    if (!cell->is_set || cell->text != NULL) {
        return cell->is_set ? cell->text : "";
    }
    switch (column->type) {
    case EXPORT_TEXT:
    case EXPORT_IDENTIFIER:
        return "";
    case EXPORT_COUNT:
        export_format_count(is_table && column->is_change, cell->number, buffer);
        return buffer;
    case EXPORT_POINTS:
        if (is_table && column->is_change) {
            amount_format_points_signed(cell->number, buffer);
        } else {
            amount_format_points(cell->number, buffer);
        }
        return buffer;
    case EXPORT_MINUTES:
        if (is_table) {
            amount_format_minutes(export->cli->is_chinese, cell->number, buffer);
        } else {
            export_format_count(false, cell->number, buffer);
        }
        return buffer;
    case EXPORT_DAY:
        if (cell->number < DATE_DAY_MIN || cell->number > DATE_DAY_MAX) {
            return "?";
        }
        date_format((int32_t)cell->number, buffer);
        return buffer;
    }
    return "";
}

static bool export_read_format(struct export *export, const char *value)
{
    export->format = export->cli->is_json ? EXPORT_JSON : EXPORT_TABLE;
    for (size_t i = 0; value != NULL && i < EXPORT_FORMAT_COUNT; i++) {
        if (strcmp(value, export_formats[i].name) == 0) {
            export->format = (enum export_format)i;
            return true;
        }
    }
    return value == NULL;
}

/* Keeps errno's first value. */
static void export_fail(struct export *export)
{
    if (export->error == 0) {
        export->error = errno != 0 ? errno : EIO;
    }
}

/* What errno said of the write may have been overwritten since: it is tried once more. */
static void export_watch(struct export *export)
{
    if (export->path != NULL && export->error == 0 && export->out != NULL &&
        ferror(export->out) != 0) {
        errno = 0;
        (void)fflush(export->out);
        export_fail(export);
    }
}

static enum cli_exit export_tell(const struct export *export)
{
    struct cli *cli = export->cli;
    if (export->error == EOVERFLOW) {
        cli_complain(cli,
                     TEXT(cli, "写不了 %s：一张工作表最多 1,048,576 行。请改用 --format csv。",
                          "Cannot write %s: a sheet has at most 1,048,576 rows. Use --format csv."),
                     export->path);
        return CLI_FAULT;
    }
    cli_complain(cli,
                 TEXT(cli, "写不了 %s：%s。请核对路径和空间，或换一个文件。",
                      "Cannot write %s: %s. Check its path and room, or name another file."),
                 export->path, errno_text(cli->is_chinese, export->error));
    return CLI_FAULT;
}

/* A device or a pipe is written to; a file, also one behind a link, is replaced when complete. */
static void export_open_file(struct export *export)
{
    struct cli *cli = export->cli;
    struct stat status;
    const char *path = export->path;
    bool exists = stat(path, &status) == 0;
    if (exists && !S_ISREG(status.st_mode)) {
        errno = export->format == EXPORT_XLSX ? ESPIPE : 0; /* a workbook is not written in order */
        export->out = errno == 0 ? fopen(path, "we") : NULL;
        if (export->out == NULL) {
            export_fail(export);
        }
        return;
    }
    char *real = exists ? realpath(path, NULL) : NULL;
    export->path = real == NULL ? path : cli_copy(cli, real);
    free(real);
    export->temporary = cli_format(cli, "%s.%ld.part", export->path, (long)getpid());
    int fd = open(export->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0) {
        export_fail(export);
        export->temporary = NULL;
    } else if (export->format == EXPORT_XLSX) {
        (void)close(fd); /* the name is ours; the library opens it again */
    } else if ((export->out = fdopen(fd, "w")) == NULL) {
        export_fail(export);
        (void)close(fd);
    }
}

bool export_open(struct export *export, struct cli *cli, const struct cli_arguments *arguments,
                 enum cli_exit *exit)
{
    *export = (struct export){.cli = cli, .path = arguments_get(arguments, "output")};
    if (!export_read_format(export, arguments_get(arguments, "format"))) {
        *exit = arguments_complain(
            cli, arguments, "format",
            (struct cli_text){"请写 table、csv、xlsx 或 json", "write table, csv, xlsx or json"});
        return false;
    }
    export->writer = export_formats[export->format].writer;
    if (export->format == EXPORT_XLSX && export->path == NULL) {
        *exit = arguments_complain(cli, arguments, "output",
                                   (struct cli_text){"xlsx 要写明文件名，如 -o board.xlsx",
                                                     "xlsx needs a file, like -o board.xlsx"});
        return false;
    }
    if (export->path == NULL) {
        export->out = cli->out;
    } else {
        export_open_file(export);
    }
    if (export->error != 0) {
        *exit = export_tell(export);
        if (export->temporary != NULL) {
            (void)unlink(export->temporary);
        }
        return false;
    }
    if (export->writer->begin != NULL) {
        export->writer->begin(export);
    }
    return true;
}

/* What the rename puts in place must not be empty after a power cut. */
static bool export_sync(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool is_good = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0) {
        (void)close(fd);
    }
    return is_good;
}

enum cli_exit export_close(struct export *export, enum cli_exit exit)
{
    const bool is_good = exit == CLI_DONE;
    if (export->writer->end != NULL) {
        export->writer->end(export, is_good && export->error == 0);
    }
    if (export->path == NULL) {
        return exit; /* standard output: cli_flush looks after it */
    }
    export_watch(export);
    if (export->out != NULL && fclose(export->out) != 0) {
        export_fail(export);
    }
    if (is_good && export->error == 0 && export->temporary != NULL &&
        (!export_sync(export->temporary) || rename(export->temporary, export->path) != 0)) {
        export_fail(export);
    }
    if (export->temporary != NULL && (!is_good || export->error != 0)) {
        (void)unlink(export->temporary);
    }
    return is_good && export->error != 0 ? export_tell(export) : exit;
}

static bool export_shows(const struct export *export, enum export_place place)
{
    switch (place) {
    case EXPORT_EVERYWHERE:
        return true;
    case EXPORT_ON_TERMINAL:
        return export->format == EXPORT_TABLE;
    case EXPORT_IN_FILES:
        return export->format != EXPORT_TABLE;
    case EXPORT_WITH_NAMES:
        return export->format == EXPORT_TABLE || export->with_names;
    }
    return false;
}

void export_sheet_begin(struct export *export, const struct export_sheet *sheet)
{
    LB_ASSERT(sheet->column_count <= EXPORT_COLUMNS_MAX);
    export->sheet = *sheet;
    export->sheet.name = cli_copy(export->cli, sheet->name);
    export->sheet.title = sheet->title == NULL ? NULL : cli_copy(export->cli, sheet->title);
    export->sheet_count++;
    export->place_count = 0;
    for (size_t i = 0; i < sheet->column_count; i++) {
        if (export_shows(export, sheet->columns[i].place)) {
            export->places[export->place_count++] = i;
        }
    }
    if (export->writer->sheet_begin != NULL) {
        export->writer->sheet_begin(export);
    }
}

void export_row(struct export *export, const struct export_cell *cells, json_t *object)
{
    export->writer->row(export, cells, object);
    export_watch(export);
    if (object != NULL) {
        json_decref(object);
    }
}

void export_sheet_end(struct export *export, const struct export_cell *totals)
{
    if (export->writer->sheet_end != NULL) {
        export->writer->sheet_end(export, totals);
    }
}

void export_note(struct export *export, const char *text)
{
    if (export->writer->note != NULL) {
        export->writer->note(export, text);
    }
}

void export_object(struct export *export, json_t *object)
{
    if (export->format == EXPORT_JSON) {
        export->writer->row(export, NULL, object);
        export_watch(export);
    }
    json_decref(object);
}

bool export_is_cut_off(const struct export *export)
{
    return export->error != 0 || (export->out != NULL && ferror(export->out) != 0);
}
