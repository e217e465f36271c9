/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * `lovebank opening`: what a member brings along from a paper passbook. One thread.
 */
#include "commands.h"

#include "columns.h"
#include "entry_view.h"
#include "figure.h"
#include "forms.h"
#include "write.h"

#include <string.h>

static const struct cli_option opening_columns[] = {
    COLUMN_MEMBER,
    {.name = "points",
     .kind = OPTION_VALUE,
     .holds = HOLDS_NUMBER,
     .spellings = "积分|积分余额|剩余积分|结余积分|结存积分|现有积分|可用积分|积分结余|积分结存|"
                  "points balance|balance",
     .instead = "minutes|hours|duration",
     .is_file_required = true,
     .help = {"存折上还没用的积分，如 12.5", "points not spent yet, like 12.5"}},
    {.name = "until",
     .kind = OPTION_VALUE,
     .holds = HOLDS_DAY,
     .value = "YYYY-MM-DD",
     .spellings = "有效期至|积分有效期至|积分有效期|有效期|有效日期|有效期限|到期日|到期日期|"
                  "截止日期|用至|可用至|valid until|use by|expires|expiry",
     .help = {"积分能用到哪一天；不写就永远有效",
              "the last day the points can be spent on; without it they never end"}},
    {.name = "hours",
     .kind = OPTION_VALUE,
     .holds = HOLDS_NUMBER,
     .spellings = HEADINGS_HOURS,
     .help = {"一年的服务小时数，如 12.5", "hours of service of a year, like 12.5"}},
    {.name = "minutes",
     .kind = OPTION_VALUE,
     .holds = HOLDS_NUMBER,
     .spellings = HEADINGS_MINUTES,
     .help = {"或写分钟数", "or minutes"}},
    {.name = "year",
     .kind = OPTION_VALUE,
     .holds = HOLDS_NUMBER,
     .value = "YYYY",
     .alias = "service_year", /* on a command line that imports, where --year is of days */
     .spellings = "年度|服务年度|所属年度|服务年份|时长年度|year of service",
     .help = {"时长是哪一年的；导入时各行相同的用 --service-year",
              "the year the hours were given in; when importing, --service-year for all rows"}},
    {.name = "date",
     .kind = OPTION_VALUE,
     .holds = HOLDS_DAY,
     .value = "YYYY-MM-DD",
     .spellings = "日期|转入日期|结转日期|接收日期|登记日期|day",
     .help = {"转入日期，默认今天", "the day they are taken over, by default today"}},
    {.name = "memo",
     .kind = OPTION_VALUE,
     .value = "TEXT",
     .spellings = "备注|说明|摘要|remark|remarks|note|notes",
     .help = {"备注；可删除，不进账本", "a remark; erasable, not in the ledger"}},
    COLUMN_FILE_CARD,
    COLUMN_FILE_NAME,
    COLUMN_FILE_ORG,
    {.name = "duration",
     .kind = OPTION_VALUE,
     .holds = HOLDS_NUMBER,
     .is_file_only = true,
     .spellings = HEADINGS_DURATION "|累计时长|年度时长",
     .help = {"时长，要写单位，如 12.5 小时", "time with its unit, like 12.5h"}},
    {.name = "sheet",
     .kind = OPTION_VALUE,
     .holds = HOLDS_NUMBER,
     .is_file_only = true,
     .spellings = "存折号|存折编号|存折号码|册号|passbook|passbook number|passbook no",
     .help = {"存折号：区分内容相同的两本",
              "number of the passbook: tells apart two that say the same"}},
};

static bool opening_has_time(const struct form_build *build)
{
    return form_has(build, "hours") || form_has(build, "minutes") || form_has(build, "duration");
}

/* Each of two things is given with the other, or not at all. */
static void opening_check_given(struct form_build *build)
{
    const bool has_points = form_has(build, "points");
    const bool has_time = opening_has_time(build);
    if (!has_points && !has_time) {
        form_complain(build, "points",
                      (struct cli_text){"没有写积分，也没有写时长。请至少写其中一样",
                                        "neither points nor time is given; give one or both"});
    }
    if (!has_points && form_has(build, "until")) {
        form_complain(build, "until",
                      (struct cli_text){"写了积分的有效期，却没有写积分。请补上积分，或去掉有效期",
                                        "it is the end of points, but no points are given; give "
                                        "the points, or leave it out"});
    }
    if (!has_time && form_has(build, "year")) {
        form_complain(build, "year",
                      (struct cli_text){"写了年度，却没有写时长。请补上时长，或去掉年度",
                                        "it is the year of time that is not given; give the hours, "
                                        "or leave it out"});
    }
}

/* "永久" in a passbook. */
static bool opening_never_ends(const char *until)
{
    static const char *const words[] = {"永久",   "永久有效", "长期", "长期有效",
                                        "无限期", "不限期",   "不限", "never"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcmp(until, words[i]) == 0) {
            return true;
        }
    }
    return false;
}

static void opening_build(struct form_build *build)
{
    Lovebank__V1__OpeningBalance *act = form_new(build, &lovebank__v1__opening_balance__descriptor);
    opening_check_given(build);
    act->points_centi = form_decimal(build, "points", 2);
    if (!opening_never_ends(form_value(build, "until"))) {
        act->has_last_day = form_day(build, "until", &act->last_day);
    }
    act->minutes = form_minutes_of_year(build);
    act->year = form_year(build, "year");
    if (act->points_centi == 0 && act->minutes == 0) {
        form_complain(build, form_has(build, "points") ? "points" : "hours",
                      (struct cli_text){"积分和时长都是 0，没有可转入的。请核对",
                                        "points and time are both 0: there is nothing to take "
                                        "over; check them"});
    }
    if (act->minutes > 0 && act->year == 0) {
        const char *time = figure_minutes(build->cli, act->minutes);
        form_complain(
            build, "year",
            (struct cli_text){cli_format(build->cli, "%s是哪一年的？请写明年度", time),
                              cli_format(build->cli, "of which year are the %s? give it", time)});
    }
    /* A list may have 0 in a row, beside the day and the year that all its rows have. */
    if (act->points_centi == 0) {
        act->has_last_day = false;
        act->last_day = 0;
    }
    act->year = act->minutes > 0 ? act->year : 0;
    act->member = form_who(build, "member");
    build->command->memo = form_text(build, "memo");
    form_command_day(build, "date");
    build->command->act_case = LOVEBANK__V1__COMMAND__ACT_OPENING_BALANCE;
    build->command->opening_balance = act;
}

/* "已为 张*明 转入 120 分（用至 2026-12-31）、30 小时（2015 年），现有 120 分" */
static void opening_say(struct cli *cli, const Lovebank__V1__Command *command,
                        const Lovebank__V1__Result *result)
{
    const char *what = entry_view_opening(cli, command->opening_balance);
    if (result->n_balances == 0) {
        write_say(cli, result, cli_format(cli, TEXT(cli, "已转入 %s", "taken over: %s"), what));
        return;
    }
    write_say(cli, result,
              cli_format(cli,
                         TEXT(cli, "已为 %s 转入 %s，现有 %s 分",
                              "taken over for %s: %s; %s points in all"),
                         write_member_name(cli, result->balances[0]->member), what,
                         figure_points(cli, result->balances[0]->points_centi)));
}

const struct form opening_form = {
    .kind = "opening",
    FORM_COLUMNS(opening_columns),
    .build = opening_build,
    .say = opening_say,
};

const struct cli_command command_opening = {
    .name = "opening",
    .summary = {"转入纸质存折上的积分和时长（许多本用 import openings）",
                "Takes over the balance of a paper passbook (many: import openings)"},
    .details = {"一年的时长记一笔；有效期不同的积分也各记一笔。不写 --until，积分永远有效。\n"
                "转入的不算当年所得：计入累计时长和星级，不上明星榜。记错了用 undo 撤销。",
                "One act for each year of hours, and for each day on which points end. Without\n"
                "--until the points never end. What is taken over was not earned: it counts for\n"
                "lifetime hours and stars, not for the star board. lovebank undo takes it back."},
    .form = &opening_form,
    .run = form_run,
};
