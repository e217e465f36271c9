/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The options of an import, and the columns it looks for. One thread.
 */
#include "import.h"

#include "amounts.h"

#include "base/assert.h"

#include <string.h>

/* Headings of what a rejects file has behind the columns of its file. */
static const struct heading_column import_extras[IMPORT_EXTRAS] = {
    [IMPORT_LINE] = {"line", "行号"},
    [IMPORT_OCCURRENCE] = {"occurrence", "第几次"},
    [IMPORT_COLUMN] = {"rejected_column", "有问题的列"},
    [IMPORT_REASON] = {"rejected_because", "拒绝原因"},
};

static void import_set_columns(struct import *import)
{
    const struct form *form = import->form;
    LB_ASSERT(form->column_count + IMPORT_EXTRAS <= HEADING_COLUMNS_MAX);
    for (size_t c = 0; c < form->column_count; c++) {
        import->columns[c] =
            (struct heading_column){form->columns[c].name, form->columns[c].spellings};
    }
    memcpy(import->columns + form->column_count, import_extras, sizeof(import_extras));
}

/* The column of that name, with hyphens or underscores; "-": none on purpose. */
static bool import_find_column(const struct import *import, char *name, size_t *column)
{
    for (char *at = name; *at != '\0' && strcmp(name, "-") != 0; at++) {
        *at = *at == '-' ? '_' : *at;
    }
    *column = strcmp(name, "-") == 0 ? HEADING_NONE : form_find_column(import->form, name);
    return *column != FORM_NO_COLUMN || strcmp(name, "-") == 0;
}

/* "服务 时间=date,备注=-" */
static enum cli_exit import_read_map(struct import *import)
{
    const char *map = arguments_get(import->arguments, "map");
    char *rest = map == NULL ? NULL : cli_copy(import->cli, map);
    char *part;
    import->aliases =
        cli_take(import->cli, map == NULL ? 1 : strlen(map) + 1, sizeof(*import->aliases));
    while ((part = strsep(&rest, ",")) != NULL) {
        struct heading_alias *alias = &import->aliases[import->alias_count++];
        char *equals = strrchr(part, '=');
        if (equals == NULL || equals == part) {
            return arguments_complain(import->cli, import->arguments, "map",
                                      (struct cli_text){"请写成 表头=列名，如 --map 工时=hours",
                                                        "write HEADING=COLUMN, like "
                                                        "--map 工时=hours"});
        }
        *equals = '\0';
        alias->heading = part;
        if (!import_find_column(import, equals + 1, &alias->column)) {
            return arguments_complain(
                import->cli, import->arguments, "map",
                (struct cli_text){
                    cli_format(import->cli, "没有叫 %s 的列。请见 --help 列出的列名", equals + 1),
                    cli_format(import->cli, "there is no column %s; --help lists them",
                               equals + 1)});
        }
    }
    return CLI_DONE;
}

static enum cli_exit import_read_values(struct import *import)
{
    struct import_options *options = &import->options;
    const char *year = arguments_get(import->arguments, "year");
    const char *encoding = arguments_get(import->arguments, "encoding");
    uint64_t number = 0;
    if (year != NULL && !amount_parse_number(year, 1900, 2199, &number)) {
        return arguments_complain(import->cli, import->arguments, "year",
                                  range_wanted(import->cli, 1900, 2199));
    }
    if (encoding != NULL && !rows_encoding_find(encoding, &options->encoding)) {
        return arguments_complain(import->cli, import->arguments, "encoding",
                                  (struct cli_text){"请写 auto、UTF-8、GB18030 或 UTF-16",
                                                    "write auto, UTF-8, GB18030 or UTF-16"});
    }
    options->year = (int32_t)number;
    options->is_sure = arguments_get(import->arguments, "yes") != NULL;
    options->is_atomic = arguments_get(import->arguments, "atomic") != NULL;
    options->is_verbose = arguments_get(import->arguments, "verbose") != NULL;
    options->rejects = arguments_get(import->arguments, "rejects");
    if (options->rejects != NULL && import->arguments->word_count > 1) {
        return arguments_complain(
            import->cli, import->arguments, "rejects",
            (struct cli_text){"只能与一个文件同用：导入几个文件时，各写各的",
                              "it goes with one file: each of several gets its own"});
    }
    return CLI_DONE;
}

enum cli_exit import_read_options(struct import *import)
{
    import_set_columns(import);
    enum cli_exit exit = import_read_map(import);
    return exit == CLI_DONE ? import_read_values(import) : exit;
}
