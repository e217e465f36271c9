/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * `lovebank activity open`. One thread.
 */
#include "commands.h"

#include "form.h"
#include "write.h"

#include <inttypes.h>

static const struct cli_option activity_open_columns[] = {
    {.name = "org",
     .kind = OPTION_POSITIONAL,
     .holds = HOLDS_ORG,
     .is_required = true,
     .help = {"活动组织单位", "the org that holds it"}},
    {.name = "name",
     .kind = OPTION_POSITIONAL,
     .is_required = true,
     .help = {"活动名称", "its name"}},
    {.name = "place", .kind = OPTION_VALUE, .help = {"地点", "where"}},
    {.name = "content", .kind = OPTION_VALUE, .help = {"服务内容", "what is done there"}},
    {.name = "date",
     .kind = OPTION_VALUE,
     .holds = HOLDS_DAY,
     .value = "YYYY-MM-DD",
     .help = {"活动日期，默认今天", "its day, by default today"}},
    {.name = "leader",
     .kind = OPTION_VALUE,
     .help = {"负责人；可删除，不进账本", "who leads it; erasable, not in the ledger"}},
};

static void activity_open_build(struct form_build *build)
{
    Lovebank__V1__ActivityOpen *act = form_new(build, &lovebank__v1__activity_open__descriptor);
    act->org = form_org(build, "org");
    act->name = form_text(build, "name");
    act->place = form_text(build, "place");
    act->content = form_text(build, "content");
    form_command_day(build, "date");
    build->command->memo = form_text(build, "leader");
    build->command->act_case = LOVEBANK__V1__COMMAND__ACT_ACTIVITY_OPEN;
    build->command->activity_open = act;
}

static void activity_open_say(struct cli *cli, const Lovebank__V1__Command *command,
                              const Lovebank__V1__Result *result)
{
    write_say(
        cli, result,
        cli_format(cli,
                   TEXT(cli, "已登记活动 %s，编号 %" PRIu64, "opened activity %s, number %" PRIu64),
                   command->activity_open->name, result->assigned));
}

static const struct form activity_open_form = {
    .kind = "activity",
    FORM_COLUMNS(activity_open_columns),
    .build = activity_open_build,
    .say = activity_open_say,
};

const struct cli_command command_activity_open = {
    .name = "activity open",
    .summary = {"登记活动", "Opens an activity"},
    .form = &activity_open_form,
    .run = form_run,
};
