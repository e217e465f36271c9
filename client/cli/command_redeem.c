/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * `lovebank redeem`: points for goods at a counter. One thread.
 */
#include "commands.h"

#include "columns.h"
#include "form.h"
#include "registry.h"
#include "write.h"

#include <inttypes.h>

static const struct cli_option redeem_columns[] = {
    COLUMN_CARD,
    {.name = "goods",
     .kind = OPTION_REST,
     .is_required = true,
     .value = "ITEM=N",
     .help = {"商品=数量，可写几个；只写商品即 1 件",
              "ITEM=N, several of them; ITEM alone is one"}},
    COLUMN_COUNTER,
    COLUMN_DATE,
    COLUMN_RECEIPT,
};

static void redeem_build(struct form_build *build)
{
    struct form_line lines[LB_COMMAND_LINES_MAX];
    Lovebank__V1__Redeem *act = form_new(build, &lovebank__v1__redeem__descriptor);
    act->member = form_member(build, "card");
    act->counter = form_counter(build, "counter");
    act->n_lines = form_lines(build, "goods", lines);
    act->lines = cli_take(build->cli, LB_COMMAND_LINES_MAX, sizeof(Lovebank__V1__RedeemLine *));
    for (size_t i = 0; i < act->n_lines; i++) {
        act->lines[i] = form_new(build, &lovebank__v1__redeem_line__descriptor);
        act->lines[i]->item = lines[i].item;
        act->lines[i]->quantity = lines[i].quantity;
    }
    form_command_day(build, "date");
    build->command->act_case = LOVEBANK__V1__COMMAND__ACT_REDEEM;
    build->command->redeem = act;
}

/* "张*明 换了 食盐 2、大米 1，用去 70 分，还有 55 分" */
static void redeem_say(struct cli *cli, const Lovebank__V1__Command *command,
                       const Lovebank__V1__Result *result)
{
    const char *goods = "";
    int64_t cost_centi = 0;
    if (result->n_balances == 0) {
        write_say_act(cli, command, result);
        return;
    }
    for (size_t i = 0; i < result->n_lines; i++) {
        const Lovebank__V1__PricedLine *line = result->lines[i];
        goods = cli_format(cli, "%s%s%s × %" PRId64, goods, i == 0 ? "" : TEXT(cli, "、", ", "),
                           registry_name(cli, REGISTRY_ITEM, line->item), line->quantity);
        cost_centi += line->price_centi * line->quantity;
    }
    write_say(cli, result,
              cli_format(cli,
                         TEXT(cli, "%s 换了 %s，用去 %s 分，还有 %s 分",
                              "%s took %s for %s points, %s are left"),
                         write_member_name(cli, result->balances[0]->member), goods,
                         write_points(cli, cost_centi),
                         write_points(cli, result->balances[0]->points_centi)));
}

static const struct form redeem_form = {
    .kind = "redeem",
    FORM_COLUMNS(redeem_columns),
    .has_sheet = true,
    .build = redeem_build,
    .say = redeem_say,
};

const struct cli_command command_redeem = {
    .name = "redeem",
    .summary = {"兑换商品", "Redeems points for goods"},
    .form = &redeem_form,
    .run = form_run,
};
