/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Sheets: read, build, send, report. One thread.
 */
#include "sheet.h"

#include "progress.h"
#include "words.h"
#include "write.h"

#include "base/assert.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define PLACE_NONE SIZE_MAX

/* Rows sent together. */
struct batch {
    size_t from;
    size_t to;    /* the row after the last */
    size_t count; /* commands among them; 0: nothing is sent */
};

static const char *sheet_value(const struct sheet *sheet, size_t i, size_t column)
{
    size_t place = sheet->places[column];
    const char *cell = place == PLACE_NONE ? "" : sheet->rows.items[i].cells[place];
    if (cell[0] == '\0' && sheet->arguments->values[column] != NULL) {
        return sheet->arguments->values[column];
    }
    return cell;
}

const char *sheet_cell(const struct sheet *sheet, size_t i, const char *column)
{
    for (size_t c = 0; c < sheet->form->column_count && sheet->rows.items[i].fault == ROW_GOOD;
         c++) {
        if (strcmp(sheet->form->columns[c].name, column) == 0) {
            return sheet_value(sheet, i, c);
        }
    }
    return "";
}

const char *sheet_base_name(const struct sheet *sheet)
{
    const char *slash = strrchr(sheet->path, '/');
    const char *name = slash == NULL ? sheet->path : slash + 1;
    size_t size = strlen(name);
    if (size > 4 && strcmp(name + size - 4, ".csv") == 0) {
        size -= 4;
    }
    return cli_format(sheet->cli, "%.*s", (int)size, name);
}

static enum cli_exit sheet_read(struct sheet *sheet)
{
    struct cli *cli = sheet->cli;
    FILE *file = fopen(sheet->path, "re");
    if (file == NULL) {
        cli_complain(cli,
                     TEXT(cli, "打不开 %s：%s。请核对文件名和权限。",
                          "Cannot open %s: %s. Check its name and permissions."),
                     sheet->path, strerror(errno));
        return CLI_USAGE;
    }
    enum lb_result result = rows_read(&cli->arena, file, &sheet->rows);
    int error = errno;
    (void)fclose(file);
    if (result == LB_OK) {
        return CLI_DONE;
    }
    if (result == LB_STORAGE_FAULT) {
        cli_complain(cli,
                     TEXT(cli, "读不了 %s：%s。请核对它是不是 CSV 文件。",
                          "Cannot read %s: %s. Check that it is a CSV file."),
                     sheet->path, strerror(error));
        return CLI_USAGE;
    }
    if (result == LB_MEMORY) {
        return cli_fail(cli, LB_MEMORY, NULL, "");
    }
    cli_complain(cli,
                 TEXT(cli, "%s 读不了：它应是 UTF-8 的 CSV，第一行是列名。",
                      "%s cannot be read: it must be CSV in UTF-8 whose first row names the "
                      "columns."),
                 sheet->path);
    return CLI_USAGE;
}

static size_t sheet_find_column(const struct sheet *sheet, const char *name)
{
    for (size_t c = 0; c < sheet->form->column_count; c++) {
        if (strcmp(sheet->form->columns[c].name, name) == 0) {
            return c;
        }
    }
    return PLACE_NONE;
}

/* Every column of the header is one of the form's, and the ones it needs are there. */
static enum cli_exit sheet_match_header(struct sheet *sheet)
{
    struct cli *cli = sheet->cli;
    for (size_t c = 0; c < sheet->form->column_count; c++) {
        sheet->places[c] = PLACE_NONE;
    }
    for (size_t i = 0; i < sheet->rows.column_count; i++) {
        size_t c = sheet_find_column(sheet, sheet->rows.header[i]);
        if (c == PLACE_NONE || sheet->places[c] != PLACE_NONE) {
            cli_complain(cli,
                         c == PLACE_NONE
                             ? TEXT(cli, "%s:1: 没有叫“%s”的列。请见 --help 列出的列名。",
                                    "%s:1: there is no column \"%s\"; --help lists them.")
                             : TEXT(cli, "%s:1: 列“%s”出现了两次。请去掉一列。",
                                    "%s:1: the column \"%s\" is there twice; remove one."),
                         sheet->path, cli_cut(cli, sheet->rows.header[i]));
            return CLI_USAGE;
        }
        sheet->places[c] = i;
    }
    for (size_t c = 0; c < sheet->form->column_count; c++) {
        const struct cli_option *column = &sheet->form->columns[c];
        if (column->is_required && sheet->places[c] == PLACE_NONE &&
            sheet->arguments->values[c] == NULL) {
            cli_complain(cli,
                         TEXT(cli, "%s:1: 缺少列“%s”。请补上，或用 --%s 给出。",
                              "%s:1: the column \"%s\" is missing; add it, or give --%s."),
                         sheet->path, column->name, option_shown(cli, column->name));
            return CLI_USAGE;
        }
    }
    return CLI_DONE;
}

static void sheet_complain_fault(struct complaint *complaint, enum row_fault fault)
{
    static const struct cli_text reasons[] = {
        [ROW_GOOD] = {"", ""},
        [ROW_QUOTES] = {"引号不成对或位置不对。请改正这一行",
                        "a quotation mark is out of place or not closed; correct the row"},
        [ROW_TEXT] = {"不是合格的 UTF-8 文字，或含有控制字符。请另存为 UTF-8",
                      "not valid UTF-8, or a control character; save it as UTF-8"},
        [ROW_TOO_SHORT] = {"列数比表头少。请补上逗号", "fewer cells than the header; add commas"},
        [ROW_TOO_LONG] = {"列数比表头多。含逗号的文字请加引号",
                          "more cells than the header; put texts with commas in quotes"},
    };
    *complaint = (struct complaint){.is_set = true,
                                    .result = LB_MALFORMED,
                                    .column = "",
                                    .value = "",
                                    .reason = reasons[fault]};
}

static bool sheet_identify(struct sheet *sheet, size_t i, Lovebank__V1__Command *command)
{
    struct id id;
    struct id content;
    uint32_t nth = 0;
    const char *receipt = sheet_cell(sheet, i, "receipt");
    if (receipt[0] != '\0' && !sheet->form->receipt_is_target) {
        id = identify_receipt(sheet->form->kind, receipt);
    } else if (identify_content(sheet->form->kind, command, &content) &&
               occurrences_add(&sheet->occurrences, &content, &nth)) {
        id = identify_occurrence(sheet->form->kind, &content, nth);
    } else {
        return false;
    }
    write_set_id(sheet->cli, command, &id);
    return true;
}

static enum cli_exit sheet_build_row(struct sheet *sheet, size_t i)
{
    struct sheet_row *state = &sheet->states[i];
    if (sheet->rows.items[i].fault != ROW_GOOD) {
        sheet_complain_fault(&state->complaint, sheet->rows.items[i].fault);
    }
    if (state->complaint.is_set) {
        return CLI_DONE;
    }
    const char *values[COMMAND_OPTIONS_MAX];
    for (size_t c = 0; c < sheet->form->column_count; c++) {
        values[c] = sheet_value(sheet, i, c);
    }
    struct form_build build = {.cli = sheet->cli,
                               .form = sheet->form,
                               .values = values,
                               .is_sheet = true,
                               .activity = state->activity};
    form_build(&build);
    state->complaint = build.complaint;
    if (build.complaint.is_set) {
        return CLI_DONE;
    }
    if (!sheet_identify(sheet, i, build.command)) {
        return cli_fail(sheet->cli, LB_MEMORY, NULL, "");
    }
    state->command = build.command;
    return CLI_DONE;
}

/* The column that a result is most likely about; NULL: none of this form. */
static const char *sheet_blame(const struct sheet *sheet, int result)
{
    static const struct {
        int result;
        const char *columns[3]; /* the first that the form has */
    } blames[] = {
        {LB_DATE_IN_FUTURE, {"date", "from", "joined"}},
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
        for (size_t k = 0; k < 3 && blames[i].result == result && blames[i].columns[k]; k++) {
            if (sheet_find_column(sheet, blames[i].columns[k]) != PLACE_NONE) {
                return blames[i].columns[k];
            }
        }
    }
    return NULL;
}

static void sheet_tell_refusal(struct sheet *sheet, size_t i, const char *column,
                               const char *sentence)
{
    struct cli *cli = sheet->cli;
    size_t line = sheet->rows.items[i].line;
    const char *value = column == NULL ? "" : sheet_cell(sheet, i, column);
    const char *word = column == NULL ? "" : words_of_field(cli->is_chinese, column);
    if (word[0] == '\0') {
        cli_complain(cli, TEXT(cli, "%s:%zu: %s。", "%s:%zu: %s."), sheet->path, line, sentence);
    } else if (value[0] == '\0') {
        cli_complain(cli, TEXT(cli, "%s:%zu: %s：%s。", "%s:%zu: %s: %s."), sheet->path, line, word,
                     sentence);
    } else {
        cli_complain(cli, TEXT(cli, "%s:%zu: %s“%s”：%s。", "%s:%zu: %s \"%s\": %s."), sheet->path,
                     line, word, cli_cut(cli, value), sentence);
    }
}

static void sheet_put_json(struct sheet *sheet, size_t i, json_t *object)
{
    if (object == NULL || json_object_set_new(object, "file", json_string(sheet->path)) != 0 ||
        json_object_set_new(object, "line", json_integer((json_int_t)sheet->rows.items[i].line)) !=
            0) {
        json_decref(object);
        object = NULL; /* cli_put_json says so and ends */
    }
    cli_put_json(sheet->cli, object);
}

static void sheet_count_exit(struct sheet *sheet, int result)
{
    enum cli_exit exit = cli_exit_of(result);
    exit = exit == CLI_FAULT && result == LB_MALFORMED ? CLI_REFUSED : exit;
    if (exit > sheet->exit) {
        sheet->exit = exit;
    }
}

/* A row that was refused without asking the server. */
static void sheet_report_complaint(struct sheet *sheet, size_t i)
{
    struct complaint *complaint = &sheet->states[i].complaint;
    const char *sentence = complaint_sentence(sheet->cli, complaint);
    sheet->refused++;
    sheet_count_exit(sheet, complaint->result);
    if (!sheet->cli->is_json) {
        sheet_tell_refusal(sheet, i, complaint->column, sentence);
        return;
    }
    const char *name = lb_result_name(complaint->result);
    sheet_put_json(sheet, i,
                   json_pack("{s:s,s:i,s:s,s:s,s:s}", "result", name == NULL ? "unknown" : name,
                             "code", complaint->result, "column", complaint->column, "value",
                             complaint->value, "sentence", sentence));
}

static void sheet_report_result(struct sheet *sheet, size_t i, const Lovebank__V1__Result *result)
{
    if (result->code != LB_OK) {
        sheet->refused++;
        sheet_count_exit(sheet, (int)result->code);
    } else if (result->replayed) {
        sheet->there++;
    } else {
        sheet->done++;
    }
    if (sheet->cli->is_json) {
        sheet_put_json(sheet, i, write_result_json(sheet->cli, result));
    } else if (result->code != LB_OK) {
        sheet_tell_refusal(sheet, i, sheet_blame(sheet, (int)result->code),
                           write_sentence(sheet->cli, result));
    }
}

static enum cli_exit sheet_report_batch(struct sheet *sheet, const struct batch *batch,
                                        const Lovebank__V1__WriteResponse *response)
{
    const int64_t numbers[3] = {response->a, response->b, response->c};
    if (response->code != LB_OK) {
        return cli_fail(sheet->cli, (int)response->code, numbers, response->text);
    }
    size_t next = 0;
    for (size_t i = batch->from; i < batch->to; i++) {
        if (sheet->states[i].command == NULL) {
            sheet_report_complaint(sheet, i);
        } else if (next < response->n_results) {
            sheet_report_result(sheet, i, response->results[next++]);
        } else {
            return cli_fail(sheet->cli, LB_MALFORMED, NULL, "WriteResponse");
        }
    }
    return CLI_DONE;
}

/* The answer to the oldest batch. */
static enum cli_exit sheet_take_answer(struct sheet *sheet, const struct batch *batch)
{
    if (batch->count == 0) {
        Lovebank__V1__WriteResponse nothing;
        lovebank__v1__write_response__init(&nothing);
        return sheet_report_batch(sheet, batch, &nothing);
    }
    ProtobufCMessage *response = NULL;
    int result =
        lb_session_next(sheet->cli->session, &lovebank__v1__write_response__descriptor, &response);
    if (result != LB_OK) {
        return cli_fail(sheet->cli, result, lb_session_numbers(sheet->cli->session), "");
    }
    enum cli_exit exit =
        sheet_report_batch(sheet, batch, (const Lovebank__V1__WriteResponse *)response);
    cli_free_response(response);
    progress_show(sheet->cli, batch->to, sheet->rows.count);
    return exit;
}

static enum cli_exit sheet_submit(struct sheet *sheet, struct batch *batch, size_t from)
{
    Lovebank__V1__Command *commands[SHEET_BATCH_ROWS];
    *batch = (struct batch){.from = from, .to = from};
    while (batch->to < sheet->rows.count && batch->count < SHEET_BATCH_ROWS) {
        if (sheet->states[batch->to].command != NULL) {
            commands[batch->count++] = sheet->states[batch->to].command;
        }
        batch->to++;
    }
    if (batch->count == 0) {
        return CLI_DONE;
    }
    const Lovebank__V1__WriteRequest request = write_request(sheet->cli, commands, batch->count);
    int result = lb_session_submit(sheet->cli->session, LB_METHOD_WRITE, &request.base);
    if (result != LB_OK) {
        return cli_fail(sheet->cli, result, lb_session_numbers(sheet->cli->session), "");
    }
    return CLI_DONE;
}

/* Stops at the first batch that fails as a whole, after the answers to those behind it. */
static enum cli_exit sheet_send(struct sheet *sheet)
{
    struct batch flying[SHEET_BATCHES_FLYING];
    size_t first = 0;
    size_t count = 0;
    size_t sent_rows = 0;
    enum cli_exit exit = CLI_DONE;
    while (count > 0 || (exit == CLI_DONE && sent_rows < sheet->rows.count)) {
        if (exit == CLI_DONE && sent_rows < sheet->rows.count && count < SHEET_BATCHES_FLYING) {
            struct batch *batch = &flying[(first + count) % SHEET_BATCHES_FLYING];
            exit = sheet_submit(sheet, batch, sent_rows);
            sent_rows = batch->to;
            count += exit == CLI_DONE;
            continue;
        }
        enum cli_exit answer = sheet_take_answer(sheet, &flying[first]);
        first = (first + 1) % SHEET_BATCHES_FLYING;
        count--;
        exit = exit == CLI_DONE ? answer : exit;
    }
    return exit;
}

static void sheet_sum_up(struct sheet *sheet)
{
    struct cli *cli = sheet->cli;
    if (cli->is_json) {
        cli_put_json(cli, json_pack("{s:s,s:b,s:I,s:I,s:I}", "summary", sheet->path, "dry_run",
                                    cli->is_dry_run, "done", (json_int_t)sheet->done, "refused",
                                    (json_int_t)sheet->refused, "already_there",
                                    (json_int_t)sheet->there));
        return;
    }
    cli_say(cli,
            TEXT(cli, "%s%s：完成 %zu 行，被拒绝 %zu 行，早已在账上 %zu 行。",
                 sheet->done == 1 ? "%s%s: %zu row done, %zu refused, %zu already there."
                                  : "%s%s: %zu rows done, %zu refused, %zu already there."),
            cli->is_dry_run ? TEXT(cli, "试算 ", "Dry run of ") : "", sheet->path, sheet->done,
            sheet->refused, sheet->there);
}

static enum cli_exit sheet_process(struct sheet *sheet)
{
    enum cli_exit exit = CLI_DONE;
    if ((exit = sheet_read(sheet)) != CLI_DONE || (exit = sheet_match_header(sheet)) != CLI_DONE) {
        return exit;
    }
    sheet->states = cli_take(sheet->cli, sheet->rows.count + 1, sizeof(*sheet->states));
    if (!cli_connect(sheet->cli, &exit)) {
        return exit;
    }
    if (sheet->form->prepare != NULL && (exit = sheet->form->prepare(sheet)) != CLI_DONE) {
        return exit;
    }
    for (size_t i = 0; i < sheet->rows.count; i++) {
        if ((exit = sheet_build_row(sheet, i)) != CLI_DONE) {
            return exit;
        }
    }
    exit = sheet_send(sheet);
    sheet_sum_up(sheet);
    if (exit != CLI_DONE && !sheet->cli->is_dry_run) {
        cli_complain(sheet->cli,
                     TEXT(sheet->cli, "没有做完。请再导入同一个文件：已记的不会重复。",
                          "It is not finished. Load the same file again: nothing is done twice."));
    }
    return exit != CLI_DONE ? exit : sheet->exit;
}

enum cli_exit sheet_run(struct cli *cli, const struct cli_arguments *arguments)
{
    struct sheet sheet = {.cli = cli,
                          .arguments = arguments,
                          .form = arguments->command->form,
                          .path = arguments->sheet};
    enum cli_exit exit = sheet_process(&sheet);
    occurrences_fini(&sheet.occurrences);
    return exit;
}
