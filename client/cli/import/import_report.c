/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What is told of an import: how its files were read, what was cleaned, each refusal, the counts.
 * One thread.
 */
#include "import.h"

#include "figure.h"
#include "forms.h"
#include "progress.h"
#include "words.h"
#include "write.h"

#include "base/utf8.h"

#include <inttypes.h>
#include <string.h>

#define REPORT_THERE_SHOWN 3

static const struct cli_text report_changes[IMPORT_CHANGES] = {
    {"全角等字形", "full-width forms"},
    {"空格", "spaces"},
    {"夹在字后的拼音", "pinyin after characters"},
    {"无法辨认的字（私用区）", "unreadable characters (private use)"},
    {"看不见的字符", "invisible characters"},
};

/* The headings that name no column, in one line; "" when there is none. */
static const char *report_unused(struct import *import, const struct import_file *file)
{
    struct cli *cli = import->cli;
    const struct row *row = &file->rows.items[file->headings.row];
    const char *list = "";
    for (size_t i = 0; i < file->headings.unused_count; i++) {
        list = cli_format(cli, "%s%s%s", list, i == 0 ? "" : TEXT(cli, "、", ", "),
                          cli_cut(cli, row->cells[file->headings.unused[i]]));
    }
    return list;
}

/* "；另有标题和说明 1 行、合计 1 行，不导入"; "" when there is nothing but records. */
static const char *report_others(struct cli *cli, const struct import_file *file)
{
    const struct {
        size_t count;
        struct cli_text word;
    } others[] = {
        {file->others[ROW_NOTE], {"标题和说明", "titles and notes"}},
        {file->others[ROW_HEADING] - 1, {"重复表头", "repeated headings"}},
        {file->others[ROW_TOTAL], {"合计", "totals"}},
    };
    const char *list = "";
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        if (others[i].count > 0) {
            list = cli_format(cli, TEXT(cli, "%s%s%s %zu 行", "%s%s%s: %zu"), list,
                              list[0] == '\0' ? "" : TEXT(cli, "、", ", "),
                              cli_choose(cli, others[i].word), others[i].count);
        }
    }
    return list[0] == '\0' ? ""
                           : cli_format(cli, TEXT(cli, "；另有%s，不导入", "; left out: %s"), list);
}

static void report_file(struct import *import, const struct import_file *file)
{
    struct cli *cli = import->cli;
    const char *unused = report_unused(import, file);
    const char *not_records = report_others(cli, file);
    cli_say(cli,
            TEXT(cli, "%s：%s，%zu 行%s。",
                 file->row_count == 1 ? "%s: %s, %zu row%s." : "%s: %s, %zu rows%s."),
            file->path, rows_encoding_name(file->rows.encoding), file->row_count, not_records);
    if (unused[0] != '\0') {
        cli_say(cli,
                TEXT(cli, "  没有用到的列：%s（要用请加 --map 表头=列名）",
                     "  Columns not used: %s (to use one: --map HEADING=COLUMN)"),
                unused);
    }
}

static void report_cleaning(struct import *import)
{
    struct cli *cli = import->cli;
    for (size_t i = 0; i < IMPORT_CHANGES; i++) {
        const struct import_cleaning *cleaning = &import->cleaning[i];
        const char *places = "";
        for (size_t k = 0; k < cleaning->shown; k++) {
            places = cli_format(cli, TEXT(cli, "%s%s%s 第 %zu 行", "%s%s%s:%zu"), places,
                                k == 0 ? "" : TEXT(cli, "、", ", "),
                                import->files[cleaning->files[k]].path, cleaning->lines[k]);
        }
        if (cleaning->cells > 0) {
            cli_say(cli, TEXT(cli, "清理了%s %zu 处：%s%s", "Cleaned %s in %zu cells: %s%s"),
                    cli_choose(cli, report_changes[i]), cleaning->cells, places,
                    cleaning->cells > cleaning->shown ? "…" : "");
        }
    }
    if (import->dittos > 0) {
        cli_say(cli,
                TEXT(cli, "“同上”照抄上一行，共 %zu 处。", "Taken from the row above: %zu cells."),
                import->dittos);
    }
}

void import_report_files(struct import *import)
{
    for (size_t f = 0; f < import->file_count; f++) {
        report_file(import, &import->files[f]);
        import_check_totals(import, &import->files[f]);
    }
    report_cleaning(import);
}

const char *import_blame(const struct import *import, int result)
{
    static const struct {
        int result;
        const char *columns[4]; /* the first that the form has */
    } blames[] = {
        {LB_DATE_IN_FUTURE, {"year", "date", "from", "joined"}},
        {LB_POINTS_ENDED, {"until", NULL, NULL}},
        {LB_BEFORE_JOINED, {"date", NULL, NULL}},
        {LB_ORG_UNKNOWN, {"org", "parent", NULL}},
        {LB_ORG_CLOSED, {"org", "date", NULL}},
        {LB_ORG_CYCLE, {"parent", NULL, NULL}},
        {LB_MEMBER_UNKNOWN, {"member", "giver", "card"}},
        {LB_MEMBER_CLOSED, {"member", "card", "giver"}},
        {LB_MEMBER_BLOCKED, {"member", "card", "giver"}},
        {LB_CARD_CHECK_DIGIT, {"card", "member", NULL}},
        {LB_CARD_UNKNOWN, {"card", "member", NULL}},
        {LB_CARD_BLOCKED, {"card", "member", NULL}},
        {LB_CARD_ASSIGNED, {"card", NULL, NULL}},
        {LB_CLASS_UNKNOWN, {"classes", NULL, NULL}},
        {LB_CATEGORY_UNKNOWN, {"category", NULL, NULL}},
        {LB_TARIFF_UNKNOWN, {"category", "date", NULL}},
        {LB_ITEM_UNKNOWN, {"item", "goods", NULL}},
        {LB_PRICE_UNKNOWN, {"item", "goods", NULL}},
        {LB_WRONG_ITEM_KIND, {"item", "goods", NULL}},
        {LB_COUNTER_UNKNOWN, {"counter", NULL, NULL}},
        {LB_MINUTES_INVALID, {"minutes", NULL, NULL}},
        {LB_OVER_DAY, {"minutes", NULL, NULL}},
        {LB_OVERLAP, {"start", NULL, NULL}},
        {LB_QUANTITY_INVALID, {"quantity", "goods", NULL}},
        {LB_POINTS_INSUFFICIENT, {"goods", "quantity", NULL}},
        {LB_STOCK_INSUFFICIENT, {"goods", NULL, NULL}},
        {LB_IN_DEBT, {"card", NULL, NULL}},
        {LB_ASK_CLOSED, {"ask", NULL, NULL}},
        {LB_NOT_AN_ASK, {"ask", NULL, NULL}},
        {LB_REQUEST_UNKNOWN, {"ask", "receipt", NULL}},
        {LB_ALREADY_REVERSED, {"receipt", NULL, NULL}},
        {LB_ID_REUSED, {"receipt", NULL, NULL}},
    };
    for (size_t i = 0; i < sizeof(blames) / sizeof(blames[0]); i++) {
        for (size_t k = 0; k < 4 && blames[i].result == result && blames[i].columns[k]; k++) {
            if (form_find_column(import->form, blames[i].columns[k]) != FORM_NO_COLUMN) {
                return blames[i].columns[k];
            }
        }
    }
    return "";
}

/* The same row but for what ids leave out. */
static bool report_is_changed(const struct import *import, const struct import_row *row)
{
    const struct post *post = &import->posts[row->post];
    return post->code == LB_ID_REUSED && row->mark[0] != '\0' && !post->is_said_by_id;
}

void import_refusal(struct import *import, const struct import_row *row, const char **column,
                    const char **sentence)
{
    struct cli *cli = import->cli;
    if (row->complaint.is_set) {
        *column = row->complaint.column;
        *sentence = complaint_sentence(cli, &row->complaint);
    } else if (report_is_changed(import, row)) {
        *column = "";
        *sentence = TEXT(
            cli,
            "同样的一行以前导入过，只是个人信息不同。要改已登记的信息请用 lovebank member update",
            "the same row with other personal data was imported before; to change "
            "what is registered use lovebank member update");
    } else {
        *column = import_blame(import, import->posts[row->post].code);
        *sentence = row->refusal == NULL ? "" : row->refusal;
    }
}

const char *import_heading(const struct import *import, const struct import_row *row,
                           const char *column)
{
    const struct import_file *file = &import->files[row->file];
    const size_t c = form_find_column(import->form, column);
    const size_t place = c == FORM_NO_COLUMN ? HEADING_NONE : file->headings.places[c];
    if (place == HEADING_NONE) {
        return words_of_field(import->cli->is_chinese, column);
    }
    return cli_cut(import->cli, file->rows.items[file->headings.row].cells[place]);
}

static int report_code(const struct import *import, const struct import_row *row)
{
    return row->complaint.is_set ? row->complaint.result : import->posts[row->post].code;
}

static void report_refusal(struct import *import, const struct import_row *row)
{
    struct cli *cli = import->cli;
    const char *column;
    const char *sentence;
    if (import->told++ >= IMPORT_TOLD_MAX && !import->options.is_verbose) {
        return;
    }
    import_refusal(import, row, &column, &sentence);
    const char *path = import_path(import, row);
    const size_t line = import_line(import, row);
    const bool is_in_sentence = report_code(import, row) == LB_DATE_INVALID;
    const char *value =
        column[0] == '\0' || is_in_sentence ? "" : import_value(import, row, column);
    const char *word = import_heading(import, row, column);
    if (row->complaint.is_set && row->complaint.result == LB_FIELD_MISSING) {
        sentence = value_fault_text(VALUE_EMPTY, cli->is_chinese); /* the heading says of what */
    }
    if (word[0] == '\0') {
        cli_complain(cli, TEXT(cli, "%s 第 %zu 行：%s。", "%s:%zu: %s."), path, line, sentence);
    } else if (value[0] == '\0') {
        cli_complain(cli, TEXT(cli, "%s 第 %zu 行，%s：%s。", "%s:%zu: %s: %s."), path, line, word,
                     sentence);
    } else {
        cli_complain(cli, TEXT(cli, "%s 第 %zu 行，%s“%s”：%s。", "%s:%zu: %s \"%s\": %s."), path,
                     line, word, cli_cut(cli, value), sentence);
    }
}

/* JSON has UTF-8 only; a file may be called anything. */
static const char *report_path_json(const char *path)
{
    return utf8_is_text(bytes_of_text(path), 0) ? path : "?";
}

static json_t *report_refusal_json(struct import *import, const struct import_row *row)
{
    const char *column;
    const char *sentence;
    const int code = report_code(import, row);
    const char *name = lb_result_name(code);
    import_refusal(import, row, &column, &sentence);
    return json_pack("{s:s,s:i,s:s,s:s,s:s}", "result", name == NULL ? "unknown" : name, "code",
                     code, "column", column, "value",
                     column[0] == '\0' ? "" : import_value(import, row, column), "sentence",
                     sentence);
}

static void report_row_json(struct import *import, const struct import_row *row,
                            const Lovebank__V1__Result *result)
{
    json_t *object =
        result == NULL ? report_refusal_json(import, row) : write_result_json(import->cli, result);
    const size_t line = import_line(import, row);
    if (object == NULL ||
        json_object_set_new(object, "file",
                            json_string(report_path_json(import_path(import, row)))) != 0 ||
        json_object_set_new(object, "line", json_integer((json_int_t)line)) != 0) {
        json_decref(object);
        object = NULL; /* cli_put_json says so and ends */
    }
    cli_put_json(import->cli, object);
}

void import_report_row(struct import *import, size_t i, const Lovebank__V1__Result *result)
{
    const struct import_row *row = &import->rows[i];
    const int code = report_code(import, row);
    enum cli_exit exit = cli_exit_of(code);
    if (code != LB_OK && exit > import->exit) {
        import->exit = exit;
    }
    if (import->cli->is_json) {
        report_row_json(import, row, result);
    } else if (code != LB_OK &&
               code != LB_WAITING) { /* those are counted, and listed by proposal */
        report_refusal(import, row);
    }
}

/* A row of a sheet that says what another sheet said may be one signed twice, or one that was meant
 * to count: only a person knows. */
static void report_there(struct import *import, const struct import_counts *counts)
{
    struct cli *cli = import->cli;
    const char *places = "";
    size_t shown = 0;
    if (counts->there == 0 || counts->done == 0) {
        return;
    }
    for (size_t i = 0; i < import->row_count && shown < REPORT_THERE_SHOWN; i++) {
        const struct import_row *row = &import->rows[i];
        if (row->post != SIZE_MAX && import->posts[row->post].state == POST_THERE) {
            places = cli_format(cli,
                                TEXT(cli, "%s%s%s 第 %zu 行（记账号 %" PRIu64 "）",
                                     "%s%s%s:%zu (entry %" PRIu64 ")"),
                                places, shown == 0 ? "" : TEXT(cli, "、", ", "),
                                import_path(import, row), import_line(import, row),
                                import->posts[row->post].entry);
            shown++;
        }
    }
    cli_say(cli, TEXT(cli, "账上已有的：%s%s", "Already there: %s%s"), places,
            counts->there > shown ? "…" : "");
    const bool is_of_passbooks = import->form == &opening_form;
    cli_say(cli,
            is_of_passbooks
                ? TEXT(cli, "  如果其中有一行确实是另一本存折上的，请给它补上存折号，再导入。",
                       "  If one of them is of another passbook, give its row the passbook's "
                       "number and import it again.")
                : TEXT(cli, "  如果其中有一行确实是另外一次，请给它补上开始时间或表号，再导入。",
                       "  If one of them is meant as another time, give its row a start time "
                       "or a sheet number and import it again."));
}

static void report_counts(struct import *import, const char *what,
                          const struct import_counts *counts, bool is_tried)
{
    struct cli *cli = import->cli;
    cli_say(cli,
            is_tried ? TEXT(cli, "%s：可记入 %zu 行%s%s%s%s。", "%s: %zu to enter%s%s%s%s.")
                     : TEXT(cli, "%s：已记入 %zu 行%s%s%s%s。", "%s: %zu entered%s%s%s%s."),
            what, counts->done,
            figure_part(cli, TEXT(cli, "（其中重新记入 ", " ("), counts->again,
                        TEXT(cli, " 行）", " of them anew)")),
            figure_part(cli, TEXT(cli, "，账上已有 ", ", "), counts->there,
                        TEXT(cli, " 行", " already there")),
            figure_part(cli, TEXT(cli, "，等第二个人确认 ", ", "), counts->proposed,
                        TEXT(cli, " 行", " waiting for a second person")),
            figure_part(cli, TEXT(cli, "，被拒绝 ", ", "), counts->refused,
                        TEXT(cli, " 行", " refused")));
}

static void report_sum_json(struct import *import, const struct import_counts *counts,
                            bool is_tried)
{
    json_t *rejects = json_array();
    size_t others = 0;
    for (size_t f = 0; f < import->file_count; f++) {
        others += import->files[f].rows.count - import->files[f].row_count;
    }
    for (size_t f = 0; f < import->file_count && !is_tried; f++) {
        if (import->files[f].rejects != NULL) {
            (void)json_array_append_new(rejects,
                                        json_string(report_path_json(import->files[f].rejects)));
        }
    }
    cli_put_json(import->cli,
                 json_pack("{s:s,s:b,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:o}", "summary", import->kind,
                           "dry_run", is_tried, "import", (json_int_t)import->number, "rows",
                           (json_int_t)import->row_count, "done", (json_int_t)counts->done, "again",
                           (json_int_t)counts->again, "already_there", (json_int_t)counts->there,
                           "waiting", (json_int_t)counts->proposed, "refused",
                           (json_int_t)counts->refused, "not_records", (json_int_t)others,
                           "rejects", rejects));
}

static void report_rejects(struct import *import)
{
    for (size_t f = 0; f < import->file_count; f++) {
        const char *path = import->files[f].rejects;
        if (path != NULL) {
            cli_say(import->cli,
                    TEXT(import->cli, "被拒绝的行在 %s 里，改正后导入这个文件即可。",
                         "The refused rows are in %s: correct them, then import that file."),
                    path);
        }
    }
}

void import_report_end(struct import *import, bool is_tried)
{
    struct cli *cli = import->cli;
    const struct import_counts counts = import_count(import, 0, import->row_count);
    if (cli->is_json) {
        report_sum_json(import, &counts, is_tried);
        return;
    }
    if (import->told > IMPORT_TOLD_MAX && !import->options.is_verbose) {
        cli_complain(cli,
                     TEXT(cli, "还有 %zu 行被拒绝，没有一一列出；加 --verbose 可全部列出。",
                          "%zu more were refused; --verbose lists them all."),
                     import->told - IMPORT_TOLD_MAX);
    }
    for (size_t f = 0; f < import->file_count && import->file_count > 1; f++) {
        const struct import_file *file = &import->files[f];
        const struct import_counts of_file = import_count(import, file->first_row, file->row_count);
        report_counts(import, file->path, &of_file, is_tried);
    }
    report_counts(
        import,
        is_tried ? TEXT(cli, "预览", "Preview")
        : import->number != 0
            ? cli_format(cli, TEXT(cli, "第 %" PRIu64 " 号导入", "Import %" PRIu64), import->number)
            : TEXT(cli, "共计", "In all"),
        &counts, is_tried);
    /* A large answer comes without the earnings: no sum is better than a part of it. */
    if (import->given > 0 && import->given == counts.done) {
        cli_say(cli, TEXT(cli, "  合计时长 %s，积分 %s 分", "  %s in all, %s points"),
                figure_minutes(cli, import->given_minutes),
                figure_points(cli, import->given_centi));
    }
    report_there(import, &counts);
    if (!is_tried && counts.proposed > 0) {
        cli_say(cli, TEXT(cli, "  等第二个人确认的，见 lovebank proposal list。",
                          "  What waits for a second person: lovebank proposal list."));
    }
    if (!is_tried) {
        report_rejects(import);
    }
}
