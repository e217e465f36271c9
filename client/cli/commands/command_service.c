/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * `lovebank service ask|give|release`: points for services (积分换服务). One thread.
 */
#include "commands.h"

#include "columns.h"
#include "figure.h"
#include "forms.h"
#include "words.h"
#include "write.h"

#include <string.h>

static const struct cli_option service_ask_columns[] = {
    COLUMN_CARD,
    {.name = "item",
     .kind = OPTION_POSITIONAL,
     .holds = HOLDS_ITEM,
     .is_required = true,
     .help = {"服务，编号或名称", "the service, by number or name"}},
    {.name = "quantity",
     .kind = OPTION_POSITIONAL,
     .holds = HOLDS_NUMBER,
     .value = "N",
     .help = {"数量，默认 1", "how many, by default 1"}},
    COLUMN_COUNTER,
    COLUMN_DATE,
    COLUMN_RECEIPT,
};

static void service_ask_build(struct form_build *build)
{
    Lovebank__V1__ServiceAsk *act = form_new(build, &lovebank__v1__service_ask__descriptor);
    act->member = form_who(build, "card");
    act->counter = form_counter(build, "counter");
    act->item = form_item(build, "item");
    act->quantity = form_has(build, "quantity") ? form_quantity(build, "quantity") : 1;
    form_command_day(build, "date");
    build->command->act_case = LOVEBANK__V1__COMMAND__ACT_SERVICE_ASK;
    build->command->service_ask = act;
}

static void service_give_build(struct form_build *build)
{
    Lovebank__V1__ServiceGive *act = form_new(build, &lovebank__v1__service_give__descriptor);
    act->ask = form_entry(build, "ask", "service");
    act->giver = form_member(build, "giver");
    act->category = form_category(build, "category");
    act->minutes = form_minutes(build);
    form_command_day(build, "date");
    build->command->act_case = LOVEBANK__V1__COMMAND__ACT_SERVICE_GIVE;
    build->command->service_give = act;
}

static void service_release_build(struct form_build *build)
{
    Lovebank__V1__ServiceRelease *act = form_new(build, &lovebank__v1__service_release__descriptor);
    act->ask = form_entry(build, "ask", "service");
    form_command_day(build, "date");
    build->command->act_case = LOVEBANK__V1__COMMAND__ACT_SERVICE_RELEASE;
    build->command->service_release = act;
}

static void service_say(struct cli *cli, const Lovebank__V1__Command *command,
                        const Lovebank__V1__Result *result)
{
    if (result->n_balances == 0) {
        write_say_act(cli, command, result);
        return;
    }
    const Lovebank__V1__Balances *balances = result->balances[0];
    write_say(cli, result,
              cli_format(cli,
                         TEXT(cli, "已%s：%s 现有 %s 分，预占 %s 分",
                              "done: %s; %s has %s points, %s held"),
                         words_of_act(cli->is_chinese, command->act_case),
                         write_member_name(cli, balances->member),
                         figure_points(cli, balances->points_centi),
                         figure_points(cli, balances->held_centi)));
}

static const struct form service_ask_form = {
    .kind = "service",
    FORM_COLUMNS(service_ask_columns),
    .build = service_ask_build,
    .say = service_say,
};

const struct cli_command command_service_ask = {
    .name = "service ask",
    .summary = {"预约服务：先预占积分", "Asks for a service; its points are held"},
    .form = &service_ask_form,
    .run = form_run,
};

static const struct cli_option service_give_columns[] = {
    {.name = "ask",
     .kind = OPTION_POSITIONAL,
     .holds = HOLDS_NUMBER,
     .is_required = true,
     .help = {"预约的记账号、单号或请求号", "the request: its entry, receipt or request id"}},
    {.name = "giver",
     .kind = OPTION_VALUE,
     .holds = HOLDS_MEMBER,
     .help = {"提供服务的志愿者", "the member who gave it"}},
    {.name = "category",
     .kind = OPTION_VALUE,
     .holds = HOLDS_CATEGORY,
     .help = {"服务类别", "the service category"}},
    {.name = "minutes",
     .kind = OPTION_VALUE,
     .holds = HOLDS_NUMBER,
     .help = {"服务分钟数", "minutes of service"}},
    COLUMN_DATE,
    COLUMN_RECEIPT,
};

static const struct form service_give_form = {
    .kind = "service",
    FORM_COLUMNS(service_give_columns),
    .build = service_give_build,
    .say = service_say,
};

const struct cli_command command_service_give = {
    .name = "service give",
    .summary = {"完成服务：扣除预占，记服务者的时长",
                "Gives a service: takes the held points, records the giver's hours"},
    .form = &service_give_form,
    .run = form_run,
};

static const struct cli_option service_release_columns[] = {
    {.name = "ask",
     .kind = OPTION_POSITIONAL,
     .holds = HOLDS_NUMBER,
     .is_required = true,
     .help = {"预约的记账号、单号或请求号", "the request: its entry, receipt or request id"}},
    COLUMN_DATE,
    COLUMN_RECEIPT,
};

static const struct form service_release_form = {
    .kind = "service",
    FORM_COLUMNS(service_release_columns),
    .build = service_release_build,
    .say = service_say,
};

const struct cli_command command_service_release = {
    .name = "service release",
    .summary = {"取消预约：退回积分", "Releases a request; the points come back"},
    .form = &service_release_form,
    .run = form_run,
};

static const struct cli_option service_columns[] = {
    {.name = "receipt",
     .kind = OPTION_VALUE,
     .holds = HOLDS_NUMBER,
     .is_required = true,
     .spellings = HEADINGS_RECEIPT,
     .help = {"单号", "receipt number"}},
    {.name = "act",
     .kind = OPTION_VALUE,
     .holds = HOLDS_WORDS,
     .value = "ask|give|release",
     .is_required = true,
     .spellings = "事项|办理事项|操作|动作",
     .help = {"ask 预约、give 完成 或 release 取消", "ask, give or release"}},
    COLUMN_DATE,
    {.name = "card",
     .kind = OPTION_VALUE,
     .holds = HOLDS_NUMBER,
     .spellings = HEADINGS_CARD,
     .help = {"预约者的卡号或编号", "of an ask: card or member number"}},
    COLUMN_FILE_MEMBER,
    COLUMN_FILE_NAME,
    COLUMN_FILE_ORG,
    {.name = "item",
     .kind = OPTION_VALUE,
     .holds = HOLDS_ITEM,
     .spellings = HEADINGS_ITEM,
     .help = {"服务", "of an ask: the service"}},
    {.name = "quantity",
     .kind = OPTION_VALUE,
     .holds = HOLDS_NUMBER,
     .spellings = HEADINGS_QUANTITY,
     .help = {"数量，默认 1", "of an ask: how many, by default 1"}},
    {.name = "ask",
     .kind = OPTION_VALUE,
     .holds = HOLDS_NUMBER,
     .spellings = "预约|预约单号|预约号|request",
     .help = {"预约的单号", "of give and release: the receipt of the ask"}},
    {.name = "giver",
     .kind = OPTION_VALUE,
     .holds = HOLDS_MEMBER,
     .spellings = "服务者|服务志愿者|提供者|given by",
     .help = {"服务者", "of give: the member who gave it"}},
    {.name = "category",
     .kind = OPTION_VALUE,
     .holds = HOLDS_CATEGORY,
     .spellings = "服务类别|类别|service category",
     .help = {"服务类别", "of give: the service category"}},
    {.name = "minutes",
     .kind = OPTION_VALUE,
     .holds = HOLDS_NUMBER,
     .spellings = HEADINGS_MINUTES,
     .help = {"分钟数", "of give: minutes of service"}},
    {.name = "hours",
     .kind = OPTION_VALUE,
     .holds = HOLDS_NUMBER,
     .spellings = HEADINGS_HOURS,
     .help = {"小时数", "of give: hours of service"}},
    {.name = "counter",
     .kind = OPTION_VALUE,
     .holds = HOLDS_COUNTER,
     .spellings = HEADINGS_COUNTER,
     .help = {"预约的兑换点（环境变量 LOVEBANK_COUNTER）",
              "of an ask: the counter (LOVEBANK_COUNTER)"}},
};

static void service_require(struct form_build *build, const char *column)
{
    if (!form_has(build, column)) {
        form_complain_result(build, column, LB_FIELD_MISSING, 0, 0);
    }
}

static void service_build(struct form_build *build)
{
    static const struct {
        const char *words[2];
        void (*build)(struct form_build *build);
        bool is_ask;
    } acts[] = {
        {{"ask", "预约"}, service_ask_build, true},
        {{"give", "完成"}, service_give_build, false},
        {{"release", "取消"}, service_release_build, false},
    };
    const char *act = form_text(build, "act");
    (void)form_text(build, "receipt"); /* must be there: it is the row's id */
    for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++) {
        if (strcmp(act, acts[i].words[0]) != 0 && strcmp(act, acts[i].words[1]) != 0) {
            continue;
        }
        if (acts[i].is_ask) {
            service_require(build, "item");
            service_require(build, "counter");
        } else {
            service_require(build, "ask");
        }
        acts[i].build(build);
        return;
    }
    form_complain(build, "act",
                  (struct cli_text){"请写 ask（预约）、give（完成）或 release（取消）",
                                    "write ask, give or release"});
}

const struct form service_form = {
    .kind = "service",
    FORM_COLUMNS(service_columns),
    .build = service_build,
    .say = service_say,
};
