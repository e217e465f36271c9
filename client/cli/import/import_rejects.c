/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Rejects files: the refused rows of a file as they were, with what is wrong beside them, to be
 * corrected and imported. UTF-8 with a mark, so that Excel opens it right. One thread.
 */
#include "import.h"

#include "errno_text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define REJECTS_FILES_MAX 1000

static const struct cli_text rejects_headings[IMPORT_EXTRAS] = {
    [IMPORT_LINE] = {"行号", "line"},
    [IMPORT_OCCURRENCE] = {"第几次", "occurrence"},
    [IMPORT_COLUMN] = {"有问题的列", "rejected column"},
    [IMPORT_REASON] = {"拒绝原因", "rejected because"},
};

static void rejects_put_cell(FILE *out, const char *cell, bool is_first)
{
    if (!is_first) {
        (void)fputc(',', out);
    }
    if (strpbrk(cell, ",;\t\"\r\n") == NULL) {
        (void)fputs(cell, out);
        return;
    }
    (void)fputc('"', out);
    for (; *cell != '\0'; cell++) {
        if (*cell == '"') {
            (void)fputc('"', out);
        }
        (void)fputc(*cell, out);
    }
    (void)fputc('"', out);
}

/* Is it one of the columns that a rejects file had added? */
static bool rejects_is_extra(const struct import *import, const struct import_file *file,
                             size_t place)
{
    for (size_t e = 0; e < IMPORT_EXTRAS; e++) {
        if (file->headings.places[import->form->column_count + e] == place) {
            return true;
        }
    }
    return false;
}

/* As it stood in the file; but 同上 would mean another row here: it is written out, or, with
 * nothing above it, made a question, which no column takes for an answer. */
static const char *rejects_cell(const struct import *import, const struct import_file *file,
                                const struct row *row, const char *const *values, size_t place)
{
    const char *cell = place < row->cell_count ? row->cells[place] : "";
    for (size_t c = 0; values != NULL && c < import->form->column_count; c++) {
        if (file->headings.places[c] == place && value_is_ditto(cell)) {
            return values[c][0] != '\0' ? values[c] : cli_format(import->cli, "%s？", cell);
        }
    }
    return cell;
}

/* The cells of a row, all rows equally many; the first may be replaced by a text that is no row. */
static void rejects_put_cells(FILE *out, const struct import *import,
                              const struct import_file *file, const struct row *row,
                              const char *const *values, size_t width, const char *instead)
{
    bool is_first = true;
    for (size_t place = 0; place < width; place++) {
        if (!rejects_is_extra(import, file, place)) {
            const char *cell = rejects_cell(import, file, row, values, place);
            rejects_put_cell(out, is_first && instead != NULL ? instead : cell, is_first);
            is_first = false;
        }
    }
}

static bool rejects_has(const struct import *import, const struct import_row *row)
{
    return row->post == SIZE_MAX || import->posts[row->post].state == POST_REFUSED;
}

static void rejects_put_row(FILE *out, struct import *import, const struct import_file *file,
                            const struct import_row *row, size_t width)
{
    struct cli *cli = import->cli;
    const struct row *cells = &file->rows.items[row->at];
    const char *column;
    const char *sentence;
    const char *raw = cells->fault == ROW_GOOD ? NULL
                                               : cli_format(cli, "%.*s", (int)cells->raw.size,
                                                            (const char *)cells->raw.data);
    import_refusal(import, row, &column, &sentence);
    rejects_put_cells(out, import, file, cells, row->values, width, raw);
    const char *extras[IMPORT_EXTRAS] = {
        [IMPORT_LINE] = cli_format(cli, "%zu", cells->line),
        [IMPORT_OCCURRENCE] = row->mark,
        [IMPORT_COLUMN] = import_heading(import, row, column),
        [IMPORT_REASON] = sentence,
    };
    for (size_t e = 0; e < IMPORT_EXTRAS; e++) {
        rejects_put_cell(out, extras[e], false);
    }
    (void)fputs("\r\n", out);
}

static void rejects_put_file(FILE *out, struct import *import, const struct import_file *file)
{
    const struct row *headings = &file->rows.items[file->headings.row];
    size_t width = headings->cell_count;
    for (size_t i = 0; i < file->row_count; i++) {
        const struct import_row *row = &import->rows[file->first_row + i];
        const size_t cells = file->rows.items[row->at].cell_count;
        width = rejects_has(import, row) && cells > width ? cells : width;
    }
    (void)fputs("\xef\xbb\xbf", out);
    rejects_put_cells(out, import, file, headings, NULL, width, NULL);
    for (size_t e = 0; e < IMPORT_EXTRAS; e++) {
        rejects_put_cell(out, cli_choose(import->cli, rejects_headings[e]), false);
    }
    (void)fputs("\r\n", out);
    for (size_t i = 0; i < file->row_count; i++) {
        const struct import_row *row = &import->rows[file->first_row + i];
        if (rejects_has(import, row)) {
            rejects_put_row(out, import, file, row, width);
        }
    }
}

/* "签到表" of "签到表.csv" and of "签到表.rejects-2.csv". */
static const char *rejects_base(struct import *import, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;
    const char *end = strstr(name, ".rejects");
    end = end == NULL ? strrchr(name, '.') : end;
    size_t size = end == NULL || end == name ? strlen(path) : (size_t)(end - path);
    return cli_format(import->cli, "%.*s", (int)size, path);
}

/* A file that was not there: an earlier one may hold corrections. */
static FILE *rejects_create(struct import *import, const struct import_file *file,
                            const char **path)
{
    const char *named = import->options.rejects;
    const char *base =
        named != NULL ? rejects_base(import, named)
                      : cli_format(import->cli, "%s.rejects", rejects_base(import, file->path));
    *path = named != NULL ? named : cli_format(import->cli, "%s.csv", base);
    FILE *out = fopen(*path, "wxe");
    for (unsigned n = 2; out == NULL && errno == EEXIST && n < REJECTS_FILES_MAX; n++) {
        *path = cli_format(import->cli, "%s-%u.csv", base, n);
        out = fopen(*path, "wxe");
    }
    return out;
}

static enum cli_exit rejects_write(struct import *import, struct import_file *file)
{
    struct cli *cli = import->cli;
    const char *path;
    FILE *out = rejects_create(import, file, &path);
    bool is_written = out != NULL;
    int error = errno;
    if (out != NULL) {
        rejects_put_file(out, import, file);
        is_written = ferror(out) == 0;
        error = errno;
        is_written = fclose(out) == 0 && is_written;
    }
    if (!is_written) {
        cli_complain(cli,
                     TEXT(cli, "被拒绝的行写不进 %s：%s。请用 --rejects 另给一个文件，再导入一次。",
                          "The refused rows cannot be written to %s: %s. Name another file with "
                          "--rejects and import again."),
                     path, errno_text(cli->is_chinese, error));
        return CLI_FAULT;
    }
    file->rejects = path;
    return CLI_DONE;
}

enum cli_exit import_write_rejects(struct import *import)
{
    enum cli_exit exit = CLI_DONE;
    for (size_t f = 0; f < import->file_count; f++) {
        struct import_file *file = &import->files[f];
        const struct import_counts counts = import_count(import, file->first_row, file->row_count);
        if (counts.refused > 0) {
            enum cli_exit written = rejects_write(import, file);
            exit = exit == CLI_DONE ? written : exit;
        }
    }
    return exit;
}
