/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Files to rows: read, their columns found, their cells cleaned. Nothing is asked of the server.
 * One thread.
 */
#include "import.h"

#include "amounts.h"
#include "errno_text.h"
#include "progress.h"

#include "base/assert.h"
#include "base/utf8.h"
#include "text/text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define IMPORT_FILE_BYTES_MAX (256u << 20)
#define IMPORT_SHOWN_HEADINGS 12

static enum cli_exit import_cannot_read(struct import *import, const char *path, int error)
{
    cli_complain(import->cli,
                 TEXT(import->cli, "打不开 %s：%s。请核对文件名和权限。",
                      "Cannot open %s: %s. Check its name and permissions."),
                 path, errno_text(import->cli->is_chinese, error));
    return CLI_USAGE;
}

/* The whole file, in memory of the arena. */
static enum cli_exit import_load(struct import *import, const char *path, struct bytes *bytes)
{
    struct stat facts;
    /* Before it is opened: opening a pipe would wait for somebody to write into it. */
    if (stat(path, &facts) != 0) {
        return import_cannot_read(import, path, errno);
    }
    if (!S_ISREG(facts.st_mode) && !S_ISDIR(facts.st_mode)) {
        cli_complain(
            import->cli,
            TEXT(import->cli, "%s 是管道或设备。请把内容存成文件，再导入。",
                 "%s is a pipe or a device. Save what it gives in a file and import that."),
            path);
        return CLI_USAGE;
    }
    if (S_ISDIR(facts.st_mode) || facts.st_size > (off_t)IMPORT_FILE_BYTES_MAX) {
        return import_cannot_read(import, path, S_ISDIR(facts.st_mode) ? EISDIR : EFBIG);
    }
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return import_cannot_read(import, path, errno);
    }
    const size_t size = (size_t)facts.st_size;
    char *data = cli_take(import->cli, size + 1, 1);
    const size_t got = fread(data, 1, size, file);
    const bool has_failed = ferror(file) != 0;
    (void)fclose(file);
    *bytes = bytes_of(data, got);
    return has_failed ? import_cannot_read(import, path, EIO) : CLI_DONE;
}

static enum cli_exit import_parse(struct import *import, struct import_file *file)
{
    struct cli *cli = import->cli;
    enum cli_exit exit = import_load(import, file->path, &file->bytes);
    if (exit != CLI_DONE) {
        return exit;
    }
    enum lb_result result =
        rows_read(&cli->arena, file->bytes, import->options.encoding, &file->rows);
    if (result == LB_OK) {
        return CLI_DONE;
    }
    if (result == LB_MEMORY) {
        return cli_fail(cli, LB_MEMORY, NULL, "");
    }
    if (result == LB_LINES_TOO_MANY) {
        cli_complain(cli,
                     TEXT(cli, "%s 超过 %u 行。请分成几个文件。",
                          "%s has more than %u rows; split it into several files."),
                     file->path, ROWS_MAX);
        return CLI_USAGE;
    }
    cli_complain(cli,
                 TEXT(cli, "%s 不是文本表格。请在表格软件里另存为 CSV（UTF-8 或 GB18030）再导入。",
                      "%s is not a text table. Save it as CSV (UTF-8 or GB18030) in the "
                      "spreadsheet, then import that."),
                 file->path);
    return CLI_USAGE;
}

static bool import_has_column(const struct import *import, const struct import_file *file,
                              size_t column)
{
    return file->headings.places[column] != HEADING_NONE ||
           import->arguments->defaults[column] != NULL;
}

static bool import_has_one_of(const struct import *import, const struct import_file *file,
                              const char *columns)
{
    char *rest = cli_copy(import->cli, columns);
    char *name;
    while ((name = strsep(&rest, "|")) != NULL) {
        size_t column = form_find_column(import->form, name);
        if (column != FORM_NO_COLUMN && import_has_column(import, file, column)) {
            return true;
        }
    }
    return false;
}

/* What stands in the row of headings, or in the first row when none was found. */
static const char *import_show_headings(const struct import *import, const struct import_file *file)
{
    struct cli *cli = import->cli;
    const char *list = "";
    const struct row *row =
        file->rows.count == 0
            ? NULL
            : &file->rows.items[file->headings.row == HEADING_NONE ? 0 : file->headings.row];
    for (size_t i = 0; row != NULL && i < row->cell_count && i < IMPORT_SHOWN_HEADINGS; i++) {
        list = cli_format(cli, "%s%s%s", list, i == 0 ? "" : TEXT(cli, "、", ", "),
                          cli_cut(cli, row->cells[i]));
    }
    return list;
}

static enum cli_exit import_complain_headings(struct import *import, const struct import_file *file,
                                              const char *what)
{
    struct cli *cli = import->cli;
    cli_complain(cli, TEXT(cli, "%s：%s。", "%s: %s."), file->path, what);
    const char *headings = import_show_headings(import, file);
    if (headings[0] != '\0') {
        cli_complain(cli, TEXT(cli, "  找到的表头：%s", "  Headings found: %s"), headings);
    }
    return CLI_USAGE;
}

static enum cli_exit import_check_columns(struct import *import, const struct import_file *file)
{
    struct cli *cli = import->cli;
    for (size_t c = 0; c < import->form->column_count; c++) {
        const struct cli_option *column = &import->form->columns[c];
        if ((!column->is_required && !column->is_file_required) ||
            import_has_column(import, file, c) ||
            (column->instead != NULL && import_has_one_of(import, file, column->instead))) {
            continue;
        }
        return import_complain_headings(
            import, file,
            cli_format(cli,
                       TEXT(cli, "没有“%s”一列。请用 --map 表头=%s 指出是哪一列，或用 --%s 写明",
                            "there is no column \"%s\"; say which it is with --map HEADING=%s, or "
                            "give --%s"),
                       column->name, column->name, option_shown(cli, column->name)));
    }
    return CLI_DONE;
}

/* A file called by the number of an org is that org's. */
static uint64_t import_org_of(struct import *import, const char *path)
{
    uint64_t org = 0;
    const char *slash = strrchr(path, '/');
    const char *base = slash == NULL ? path : slash + 1;
    const char *digits = cli_format(import->cli, "%.*s", (int)strcspn(base, "."), base);
    return strlen(digits) == 12 && amount_parse_number(digits, 1, LB_ORG_MAX, &org) ? org : 0;
}

static enum cli_exit import_find_headings(struct import *import, struct import_file *file)
{
    struct cli *cli = import->cli;
    headings_find(&file->rows, import->columns, import->form->column_count + IMPORT_EXTRAS,
                  import->aliases, import->alias_count, &file->headings);
    file->org = import_org_of(import, file->path);
    if (file->headings.row == HEADING_NONE) {
        return import_complain_headings(
            import, file,
            file->rows.count == 0
                ? TEXT(cli, "文件是空的", "the file is empty")
                : TEXT(cli, "找不到表头。请补上一行列名，或用 --map 表头=列名 指出",
                       "no headings were found; add a row of them, or use --map "
                       "HEADING=COLUMN"));
    }
    if (file->headings.twice != HEADING_NONE) {
        const char *name = import->columns[file->headings.twice].name;
        return import_complain_headings(
            import, file,
            cli_format(cli,
                       TEXT(cli, "有两列都像是 %s。请用 --map 表头=- 指出哪一列不用",
                            "two columns look like %s; say which is not used with --map "
                            "HEADING=-"),
                       name));
    }
    return import_check_columns(import, file);
}

static bool import_has_heading(const struct import *import, const char *heading)
{
    for (size_t f = 0; f < import->file_count; f++) {
        const struct import_file *file = &import->files[f];
        const struct row *row = &file->rows.items[file->headings.row];
        for (size_t i = 0; i < row->cell_count; i++) {
            if (heading_is(row->cells[i], heading)) {
                return true;
            }
        }
    }
    return false;
}

/* A heading that --map gives a column stands in one of the files, or it is misspelt. */
static enum cli_exit import_check_map(const struct import *import)
{
    for (size_t i = 0; i < import->alias_count; i++) {
        const char *heading = import->aliases[i].heading;
        if (import->aliases[i].column != HEADING_NONE && !import_has_heading(import, heading)) {
            cli_complain(import->cli,
                         TEXT(import->cli, "--map：文件里没有“%s”这个表头。请核对。",
                              "--map: no file has a heading \"%s\"; check it."),
                         heading);
            return CLI_USAGE;
        }
    }
    return CLI_DONE;
}

static void import_count_change(struct import *import, size_t bit, const struct import_row *row)
{
    struct import_cleaning *cleaning = &import->cleaning[bit];
    const size_t line = import_line(import, row);
    const size_t shown = cleaning->shown;
    const bool is_shown =
        shown > 0 && cleaning->files[shown - 1] == row->file && cleaning->lines[shown - 1] == line;
    if (!is_shown && shown < IMPORT_LINES_SHOWN) {
        cleaning->files[shown] = row->file;
        cleaning->lines[shown] = line;
        cleaning->shown++;
    }
    cleaning->cells++;
}

/* The cell as it was meant. What cannot be read of it stays: a name with it is refused. */
static const char *import_clean(struct import *import, const struct import_row *row,
                                const char *cell)
{
    struct bytes clean;
    unsigned changes = 0;
    if (!text_clean(&import->cli->arena, bytes_of_text(cell), &clean, &changes)) {
        (void)cli_fail(import->cli, LB_MEMORY, NULL, "");
        exit(CLI_FAULT);
    }
    if (changes == 0) {
        return cell;
    }
    for (size_t bit = 0; bit < IMPORT_CHANGES; bit++) {
        if ((changes & 1u << bit) != 0) {
            import_count_change(import, bit, row);
        }
    }
    const char *text = cli_format(import->cli, "%.*s", (int)clean.size, (const char *)clean.data);
    if (import->options.is_verbose && !import->cli->is_json) {
        cli_say(
            import->cli,
            TEXT(import->cli, "%s 第 %zu 行：“%s”清理为“%s”", "%s:%zu: \"%s\" cleaned to \"%s\""),
            import_path(import, row), import_line(import, row), cli_cut(import->cli, cell),
            cli_cut(import->cli, text));
    }
    return (changes & TEXT_CHANGED_PRIVATE) != 0 ? cell : text;
}

static const char *import_cell(const struct import_file *file, size_t at, size_t column)
{
    const size_t place = file->headings.places[column];
    const struct row *row = &file->rows.items[at];
    return place == HEADING_NONE || place >= row->cell_count ? "" : row->cells[place];
}

/* `above`: the record before it in the file, or NULL. */
static void import_fill_row(struct import *import, struct import_row *row,
                            const struct import_row *above)
{
    const struct import_file *file = &import->files[row->file];
    const size_t count = import->form->column_count;
    row->values = cli_take(import->cli, count, sizeof(*row->values));
    for (size_t c = 0; c < count; c++) {
        const char *cell = import_cell(file, row->at, c);
        const char *last = above == NULL ? "" : import_cell(file, above->at, c);
        bool is_clean = above != NULL && strcmp(cell, last) == 0 && above->values[c] == last;
        cell = is_clean ? cell : import_clean(import, row, cell);
        if (value_is_ditto(cell)) {
            bool has_above = above != NULL && above->values != NULL;
            cell = has_above ? above->values[c] : "";
            import->dittos += has_above;
            if (!has_above) {
                row->complaint =
                    (struct complaint){.is_set = true,
                                       .result = LB_FIELD_INVALID,
                                       .column = import->form->columns[c].name,
                                       .value = import_cell(file, row->at, c),
                                       .reason = {"上面没有可以照抄的一行。请写明",
                                                  "there is no row above to say it; write it out"}};
            }
        }
        row->values[c] = cell;
    }
    row->mark = import_cell(file, row->at, count + IMPORT_OCCURRENCE);
}

static void import_complain_row(struct complaint *complaint, enum row_fault fault)
{
    static const struct cli_text reasons[] = {
        [ROW_GOOD] = {"", ""},
        [ROW_QUOTES] = {"引号不成对或位置不对。请改正这一行",
                        "a quotation mark is out of place or not closed; correct the row"},
        [ROW_TEXT] = {"有认不出的文字或控制字符。请改正这一行",
                      "it holds bytes that are no text, or control characters; correct the row"},
        [ROW_TOO_LONG] = {"列太多，或一格的文字太长。请改正这一行",
                          "it has too many cells, or one that is too long; correct the row"},
    };
    *complaint = (struct complaint){.is_set = true,
                                    .result = LB_TEXT_INVALID,
                                    .column = "",
                                    .value = "",
                                    .reason = reasons[fault]};
}

static struct import_row *import_add_row(struct import *import, size_t file, size_t at)
{
    LB_ASSERT(import->row_count < import->row_cap);
    struct import_row *row = &import->rows[import->row_count++];
    *row = (struct import_row){.file = file,
                               .at = at,
                               .mark = "",
                               .post = SIZE_MAX,
                               .activity = SIZE_MAX,
                               .target_row = FORM_NO_ROW};
    return row;
}

/* Its records become rows; the others are counted. */
static void import_take_rows(struct import *import, size_t f)
{
    struct import_file *file = &import->files[f];
    const struct import_row *above = NULL;
    file->first_row = import->row_count;
    for (size_t i = 0; i < file->rows.count; i++) {
        const enum row_fault fault = file->rows.items[i].fault;
        enum row_kind kind = ROW_RECORD;
        if (fault == ROW_GOOD && i < file->headings.row) {
            kind = ROW_NOTE; /* a title */
        } else if (fault == ROW_GOOD && i == file->headings.row) {
            kind = ROW_HEADING;
        } else if (fault == ROW_GOOD) {
            kind = heading_row_kind(&file->rows, &file->headings, i);
        }
        if (kind != ROW_RECORD) {
            file->others[kind]++;
            continue;
        }
        struct import_row *row = import_add_row(import, f, i);
        if (fault != ROW_GOOD) {
            import_complain_row(&row->complaint, fault);
        } else {
            import_fill_row(import, row, above);
            above = row;
        }
    }
    file->row_count = import->row_count - file->first_row;
    LB_ASSERT(file->row_count + file->others[ROW_HEADING] + file->others[ROW_TOTAL] +
                  file->others[ROW_NOTE] ==
              file->rows.count);
}

enum cli_exit import_read(struct import *import)
{
    enum cli_exit exit = CLI_DONE;
    import->file_count = import->arguments->word_count;
    import->files = cli_take(import->cli, import->file_count + 1, sizeof(*import->files));
    for (size_t f = 0; f < import->file_count && exit == CLI_DONE; f++) {
        import->files[f].path = import->arguments->words[f];
        exit = import_parse(import, &import->files[f]);
        exit = exit == CLI_DONE ? import_find_headings(import, &import->files[f]) : exit;
        import->row_cap += import->files[f].rows.count;
    }
    exit = exit == CLI_DONE ? import_check_map(import) : exit;
    if (exit != CLI_DONE) {
        return exit;
    }
    import->rows = cli_take(import->cli, import->row_cap + 1, sizeof(*import->rows));
    for (size_t f = 0; f < import->file_count; f++) {
        import_take_rows(import, f);
    }
    return CLI_DONE;
}
