/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * `lovebank record`: hours of one member, or of a sign-in sheet. One thread.
 */
#include "commands.h"

#include "amounts.h"
#include "columns.h"
#include "form.h"
#include "registry.h"
#include "sheet.h"

#include "base/date.h"
#include "write.h"

#include <inttypes.h>
#include <string.h>

static const struct cli_option record_columns[] = {
    COLUMN_MEMBER,
    {.name = "category",
     .kind = OPTION_POSITIONAL,
     .is_required = true,
     .help = {"服务类别，编号或名称", "the service category, by number or name"}},
    {.name = "minutes",
     .kind = OPTION_POSITIONAL,
     .is_required = true,
     .help = {"服务分钟数，1 到 1440", "minutes of service, 1 to 1440"}},
    COLUMN_DATE,
    {.name = "start",
     .kind = OPTION_VALUE,
     .value = "HH:MM",
     .help = {"开始时间；写了就查时间重叠", "start; with it, overlaps are found"}},
    {.name = "activity",
     .kind = OPTION_VALUE,
     .help = {"活动编号；表格里写活动名称", "activity by number; in a sheet, by name"}},
    {.name = "org",
     .kind = OPTION_VALUE,
     .help = {"记录单位，默认志愿者的组织；表格里是活动的组织单位，默认取文件名",
              "recording org, by default the member's; of a sheet, the activities' org (or its "
              "12-digit file name)"}},
};

static void record_build(struct form_build *build)
{
    Lovebank__V1__ServiceRecord *act = form_new(build, &lovebank__v1__service_record__descriptor);
    act->member = form_member(build, "member");
    act->category = form_category(build, "category");
    act->minutes = form_minutes(build, "minutes");
    act->has_start = form_clock(build, "start", &act->start_minute);
    act->org = form_org(build, "org");
    act->activity =
        build->is_sheet ? build->activity : form_number(build, "activity", 1, INT64_MAX);
    form_command_day(build, "date");
    build->command->act_case = LOVEBANK__V1__COMMAND__ACT_SERVICE_RECORD;
    build->command->service_record = act;
}

/* "已为 张*明 记 3 小时，得 30 分，现有 125 分" */
static void record_say(struct cli *cli, const Lovebank__V1__Command *command,
                       const Lovebank__V1__Result *result)
{
    const Lovebank__V1__Earning *earning = result->earning;
    if (earning == NULL || result->n_balances == 0) {
        write_say_act(cli, command, result);
        return;
    }
    write_say(cli, result,
              cli_format(cli,
                         TEXT(cli, "已为 %s 记 %s，得 %s 分，现有 %s 分",
                              "recorded %2$s for %1$s: %3$s points earned, %4$s in all"),
                         write_member_name(cli, earning->member),
                         write_minutes(cli, earning->minutes),
                         write_points(cli, earning->points_centi),
                         write_points(cli, result->balances[0]->points_centi)));
}

/* The activities of a sheet: each name and day once. */
struct record_activities {
    Lovebank__V1__Command **commands;
    size_t *rows; /* the first row of each */
    size_t count;
};

static uint64_t record_sheet_org(const struct sheet *sheet)
{
    uint64_t org = 0;
    const char *given = arguments_get(sheet->arguments, "org");
    const char *base = sheet_base_name(sheet);
    if (given != NULL) {
        return registry_find(sheet->cli, REGISTRY_ORG, given, &org) == REGISTRY_FOUND ? org : 0;
    }
    return strlen(base) == 12 && amount_parse_number(base, 1, LB_ORG_MAX, &org) ? org : 0;
}

static bool record_is_same(const struct sheet *sheet, size_t i, size_t k)
{
    return strcmp(sheet_cell(sheet, i, "activity"), sheet_cell(sheet, k, "activity")) == 0 &&
           strcmp(sheet_cell(sheet, i, "date"), sheet_cell(sheet, k, "date")) == 0;
}

/* Which activity row i belongs to; activities->count when it is a new one. The newest is the
 * likeliest. */
static size_t record_find(const struct sheet *sheet, const struct record_activities *activities,
                          size_t i)
{
    for (size_t k = activities->count; k-- > 0;) {
        if (record_is_same(sheet, i, activities->rows[k])) {
            return k;
        }
    }
    return activities->count;
}

static bool record_add(struct sheet *sheet, struct record_activities *activities, size_t i,
                       uint64_t org)
{
    struct form_build build = {.cli = sheet->cli, .form = sheet->form};
    struct id content;
    Lovebank__V1__Command *command = form_new(&build, &lovebank__v1__command__descriptor);
    Lovebank__V1__ActivityOpen *act = form_new(&build, &lovebank__v1__activity_open__descriptor);
    const char *date = sheet_cell(sheet, i, "date");
    act->org = org;
    act->name = cli_copy(sheet->cli, sheet_cell(sheet, i, "activity"));
    command->act_case = LOVEBANK__V1__COMMAND__ACT_ACTIVITY_OPEN;
    command->activity_open = act;
    command->has_day = date[0] != '\0';
    if (command->has_day && !date_parse(bytes_of_text(date), &command->day)) {
        return true; /* the rows themselves will be refused for their date */
    }
    if (!identify_content("activity", command, &content)) {
        return false;
    }
    const struct id id = identify_occurrence("activity", &content, 1);
    write_set_id(sheet->cli, command, &id);
    activities->commands[activities->count] = command;
    activities->rows[activities->count++] = i;
    return true;
}

/* The answers to activities from `from` on: numbers or refusals for their rows. */
static void record_settle(struct sheet *sheet, const struct record_activities *activities,
                          size_t from, const Lovebank__V1__WriteResponse *response)
{
    for (size_t i = 0; i < sheet->rows.count; i++) {
        if (sheet_cell(sheet, i, "activity")[0] == '\0') {
            continue;
        }
        size_t k = record_find(sheet, activities, i);
        if (k < from || k - from >= response->n_results) {
            continue;
        }
        const Lovebank__V1__Result *result = response->results[k - from];
        if (result->code == LB_OK) {
            /* A dry run gives out a number that no row may use. */
            bool is_there = !sheet->cli->is_dry_run || result->replayed;
            sheet->states[i].activity = is_there ? result->assigned : 0;
        } else {
            const char *text = cli_format(sheet->cli, "%s", write_sentence(sheet->cli, result));
            sheet->states[i].complaint =
                (struct complaint){.is_set = true,
                                   .result = (int)result->code,
                                   .column = "activity",
                                   .value = sheet_cell(sheet, i, "activity"),
                                   .reason = {text, text}};
        }
    }
}

static enum cli_exit record_open_activities(struct sheet *sheet,
                                            const struct record_activities *activities)
{
    enum cli_exit exit = CLI_DONE;
    for (size_t from = 0; from < activities->count && exit == CLI_DONE; from += SHEET_BATCH_ROWS) {
        size_t left = activities->count - from;
        const Lovebank__V1__WriteRequest request =
            write_request(sheet->cli, activities->commands + from,
                          left < SHEET_BATCH_ROWS ? left : SHEET_BATCH_ROWS);
        Lovebank__V1__WriteResponse *response = (Lovebank__V1__WriteResponse *)cli_call(
            sheet->cli, LB_METHOD_WRITE, &request.base, &lovebank__v1__write_response__descriptor,
            &exit);
        if (response == NULL) {
            return exit;
        }
        const int64_t numbers[3] = {response->a, response->b, response->c};
        if (response->code != LB_OK) {
            exit = cli_fail(sheet->cli, (int)response->code, numbers, response->text);
        } else {
            record_settle(sheet, activities, from, response);
        }
        cli_free_response(&response->base);
    }
    return exit;
}

static enum cli_exit record_prepare(struct sheet *sheet)
{
    struct cli *cli = sheet->cli;
    uint64_t org = record_sheet_org(sheet);
    struct record_activities activities = {
        .commands = cli_take(cli, sheet->rows.count + 1, sizeof(Lovebank__V1__Command *)),
        .rows = cli_take(cli, sheet->rows.count + 1, sizeof(size_t)),
    };
    for (size_t i = 0; i < sheet->rows.count; i++) {
        if (sheet_cell(sheet, i, "activity")[0] == '\0' ||
            record_find(sheet, &activities, i) < activities.count) {
            continue;
        }
        if (org == 0) {
            return arguments_complain(
                cli, sheet->arguments, "org",
                (struct cli_text){"表格里有活动，请写明活动的组织单位",
                                  "the sheet names activities; say which org holds them"});
        }
        if (!record_add(sheet, &activities, i, org)) {
            return cli_fail(cli, LB_MEMORY, NULL, "");
        }
    }
    return record_open_activities(sheet, &activities);
}

static const struct form record_form = {
    .kind = "record",
    FORM_COLUMNS(record_columns),
    .has_sheet = true,
    .prepare = record_prepare,
    .build = record_build,
    .say = record_say,
};

const struct cli_command command_record = {
    .name = "record",
    .summary = {"记服务时长；--sheet 导入整张签到表",
                "Records hours of service, or a whole sign-in sheet"},
    .form = &record_form,
    .run = form_run,
};
