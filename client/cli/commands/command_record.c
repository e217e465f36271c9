/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * `lovebank record`: hours of one member; as rows of files, of sign-in sheets. When the server
 * cannot be reached, what was typed is kept for `lovebank sync` (record_offline.h). One thread.
 */
#include "commands.h"

#include "columns.h"
#include "entry_view.h"
#include "figure.h"
#include "forms.h"
#include "record_offline.h"
#include "registry.h"
#include "seen.h"
#include "write.h"

#include <stdlib.h>
#include <string.h>

#define RECORD_FLAGS 2 /* of the command; all before them are columns of files, too */

static const struct cli_option record_options[] = {
    COLUMN_MEMBER,
    {.name = "category",
     .kind = OPTION_POSITIONAL,
     .holds = HOLDS_CATEGORY,
     .is_required = true,
     .spellings = HEADINGS_CATEGORY,
     .help = {"服务类别，编号或名称", "the service category, by number or name"}},
    {.name = "minutes",
     .kind = OPTION_POSITIONAL,
     .holds = HOLDS_NUMBER,
     .is_required = true,
     .spellings = HEADINGS_MINUTES,
     .instead = "hours|duration|time|end",
     .help = {"服务分钟数，1 到 1440，也可写 1.5 小时",
              "minutes of service, 1 to 1440, or with a unit, like 1.5h"}},
    COLUMN_DATE,
    {.name = "start",
     .kind = OPTION_VALUE,
     .holds = HOLDS_NUMBER,
     .value = "HH:MM",
     .spellings = "开始时间|开始|起始时间|签到时间|start time|from time|time in",
     .help = {"开始时间；写了就能查出时间重叠",
              "start of the service; with it, overlaps are found"}},
    {.name = "activity",
     .kind = OPTION_VALUE,
     .holds = HOLDS_NUMBER,
     .spellings = "活动|活动名称|活动主题|服务活动|activity name|event",
     .help = {"活动编号；文件里写活动名称", "activity by number; in files, by name"}},
    {.name = "org",
     .kind = OPTION_VALUE,
     .holds = HOLDS_ORG,
     .spellings = HEADINGS_ORG,
     .help = {"记录单位，默认志愿者的组织；文件里也是活动的组织单位和按姓名找人的范围",
              "recording org, by default the member's; in files also that of the activities, and "
              "where names are looked for"}},
    COLUMN_FILE_CARD,
    COLUMN_FILE_NAME,
    {.name = "hours",
     .kind = OPTION_VALUE,
     .holds = HOLDS_NUMBER,
     .is_file_only = true,
     .spellings = HEADINGS_HOURS,
     .help = {"服务小时数，如 1.5", "hours of service, like 1.5"}},
    {.name = "duration",
     .kind = OPTION_VALUE,
     .holds = HOLDS_NUMBER,
     .is_file_only = true,
     .spellings = HEADINGS_DURATION,
     .help = {"服务时长，要写单位，如 2 小时", "time with its unit, like 2h"}},
    {.name = "end",
     .kind = OPTION_VALUE,
     .holds = HOLDS_NUMBER,
     .value = "HH:MM",
     .is_file_only = true,
     .spellings = "结束时间|结束|终止时间|签退时间|end time|to time|time out",
     .help = {"结束时间", "end of the service"}},
    {.name = "time",
     .kind = OPTION_VALUE,
     .holds = HOLDS_NUMBER,
     .value = "HH:MM-HH:MM",
     .is_file_only = true,
     .spellings = "服务时间|起止时间|服务时间段|时间段|时段|活动时间|time range|from to",
     .help = {"起止时间，如 9:00-11:00", "from start to end, like 9:00-11:00"}},
    {.name = "sheet",
     .kind = OPTION_VALUE,
     .holds = HOLDS_NUMBER,
     .is_file_only = true,
     .spellings = "表号|签到表号|表格编号|sheet number|sheet no",
     .help = {"表号：区分内容相同的两张表",
              "number of the sheet: tells apart two that say the same"}},
    {.name = "offline",
     .kind = OPTION_FLAG,
     .help = {"不联系服务器，先保存在本机，以后用 lovebank sync 发送",
              "does not ask the server, but keeps the record here for lovebank sync"}},
    {.name = "online",
     .kind = OPTION_FLAG,
     .help = {"连不上服务器时不在本机保存；也可设 LOVEBANK_SPOOL=no",
              "keeps nothing here when the server cannot be reached; or LOVEBANK_SPOOL=no"}},
};
#define RECORD_OPTIONS (sizeof(record_options) / sizeof(record_options[0]))

static void record_build(struct form_build *build)
{
    Lovebank__V1__ServiceRecord *act = form_new(build, &lovebank__v1__service_record__descriptor);
    act->member = form_who(build, "member");
    act->category = form_category(build, "category");
    act->minutes = form_minutes_and_start(build, &act->has_start, &act->start_minute);
    act->org = form_org(build, "org");
    if (build->file == NULL) { /* in files it is a name, and opened before the rows are sent */
        act->activity = form_number(build, "activity", 1, INT64_MAX);
    }
    form_command_day(build, "date");
    build->command->act_case = LOVEBANK__V1__COMMAND__ACT_SERVICE_RECORD;
    build->command->service_record = act;
}

/* "2016-05-01": the book's today when none was given. */
static const char *record_day(struct cli *cli, const Lovebank__V1__Command *command)
{
    int32_t day = command->day;
    return command->has_day || registry_today(cli, &day) ? entry_view_day(cli, day)
                                                         : TEXT(cli, "今天", "today");
}

/* "已为 张*明 记 2016-05-01 家政 3 小时，得 30 分，现有 125 分" */
static void record_say(struct cli *cli, const Lovebank__V1__Command *command,
                       const Lovebank__V1__Result *result)
{
    const Lovebank__V1__Earning *earning = result->earning;
    if (earning == NULL || result->n_balances == 0) {
        write_say_act(cli, command, result);
        return;
    }
    write_say(
        cli, result,
        cli_format(cli,
                   TEXT(cli, "已为 %1$s 记 %2$s %3$s %4$s，得 %5$s 分，现有 %6$s 分",
                        "recorded for %1$s: %2$s, %3$s, %4$s; %5$s points earned, %6$s in all"),
                   write_member_name(cli, earning->member), record_day(cli, command),
                   registry_name(cli, REGISTRY_CATEGORY, earning->category),
                   figure_minutes(cli, earning->minutes), figure_points(cli, earning->points_centi),
                   figure_points(cli, result->balances[0]->points_centi)));
}

const struct form record_form = {
    .kind = "record",
    .columns = record_options,
    .column_count = RECORD_OPTIONS - RECORD_FLAGS,
    .has_activities = true,
    .build = record_build,
    .say = record_say,
};

Lovebank__V1__Command *record_command(struct cli *cli, const struct cli_arguments *arguments,
                                      bool is_day_fixed, enum cli_exit *exit)
{
    struct form_build build = {.cli = cli, .form = &record_form, .values = arguments->values};
    form_build(&build);
    if (build.complaint.is_set) {
        *exit = form_tell_complaint(cli, arguments, &build.complaint);
        return NULL;
    }
    if (is_day_fixed && !build.command->has_day) {
        if (!registry_today(cli, &build.command->day)) {
            *exit = cli->told;
            return NULL;
        }
        build.command->has_day = true;
    }
    return build.command;
}

/* As every command that sends one act. *sent: what may have reached the server, though no answer
 * did. */
static enum cli_exit record_online(struct cli *cli, const struct cli_arguments *arguments,
                                   Lovebank__V1__Command **sent)
{
    enum cli_exit exit = CLI_DONE;
    Lovebank__V1__WriteResponse *response = NULL;
    Lovebank__V1__Command *command = record_command(cli, arguments, cli->goes_on, &exit);
    if (command == NULL) {
        return exit;
    }
    if (!write_identify(cli, command)) {
        return CLI_FAULT;
    }
    *sent = command;
    const Lovebank__V1__Result *result = write_send(cli, command, &response, &exit);
    if (result == NULL) {
        return exit;
    }
    cli->goes_on = false; /* it was answered: there is nothing to keep */
    write_tell(cli, command, result, record_say);
    cli_free_response(&response->base);
    if (exit == CLI_DONE) {
        seen_refresh(cli, false);
    }
    cli->is_unreachable = false;
    return exit;
}

/* Rows are kept unless somebody refuses that, or nothing is to be done at all. */
static bool record_may_be_kept(const struct cli *cli, const struct cli_arguments *arguments)
{
    const char *spool = getenv("LOVEBANK_SPOOL");
    return !cli->is_dry_run && arguments_get(arguments, "online") == NULL &&
           (spool == NULL || strcmp(spool, "no") != 0);
}

static enum cli_exit record_run(struct cli *cli, const struct cli_arguments *arguments)
{
    Lovebank__V1__Command *sent = NULL;
    const bool may_be_kept = record_may_be_kept(cli, arguments);
    cli->is_unreachable = false;
    if (arguments_get(arguments, "offline") != NULL) {
        return may_be_kept
                   ? record_offline(cli, arguments, NULL)
                   : arguments_complain(
                         cli, arguments, "offline",
                         (struct cli_text){"不能与 --online、--dry-run 或 LOVEBANK_SPOOL=no 同用",
                                           "not with --online, --dry-run or LOVEBANK_SPOOL=no"});
    }
    cli->goes_on = may_be_kept;
    const enum cli_exit exit = record_online(cli, arguments, &sent);
    cli->goes_on = false;
    return may_be_kept && cli->is_unreachable ? record_offline(cli, arguments, sent) : exit;
}

const struct cli_command command_record = {
    .name = "record",
    .summary = {"记服务时长（整张签到表用 import sheet）",
                "Records hours of service (a whole sheet: import sheet)"},
    .details = {"连不上服务器时，记录先保存在本机，还没有记账；连上以后运行 lovebank sync 发送。\n"
                "这时志愿者要写编号或卡号。兑换不能离线办理。",
                "When the server cannot be reached, the record is kept on this computer; it is\n"
                "not recorded until lovebank sync has sent it. Give the member's number or card\n"
                "then. Redeeming needs the server."},
    COMMAND_OPTIONS(record_options),
    .run = record_run,
};
