/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * `lovebank redeem`: points for goods at a counter. One thread.
 */
#include "commands.h"

#include "columns.h"
#include "entry_view.h"
#include "figure.h"
#include "forms.h"
#include "registry.h"
#include "write.h"

#include <inttypes.h>

static const struct cli_option redeem_columns[] = {
    COLUMN_CARD,
    {.name = "goods",
     .kind = OPTION_REST,
     .holds = HOLDS_ITEM,
     .is_required = true,
     .value = "ITEM=N",
     .spellings = "兑换商品|兑换物品|商品清单|物品清单|领取物品|兑换内容|goods list|items",
     .instead = "item",
     .help = {"商品=数量，可写几个；只写商品即 1 件",
              "ITEM=N, several of them; ITEM alone is one"}},
    COLUMN_COUNTER,
    COLUMN_DATE,
    COLUMN_RECEIPT,
    COLUMN_FILE_MEMBER,
    COLUMN_FILE_NAME,
    COLUMN_FILE_ORG,
    {.name = "item",
     .kind = OPTION_VALUE,
     .holds = HOLDS_ITEM,
     .is_file_only = true,
     .spellings = HEADINGS_ITEM,
     .help = {"商品，编号、名称或条码", "one item, by number, name or barcode"}},
    {.name = "quantity",
     .kind = OPTION_VALUE,
     .holds = HOLDS_NUMBER,
     .is_file_only = true,
     .spellings = HEADINGS_QUANTITY,
     .help = {"它的数量，默认 1", "how many of it, by default 1"}},
};

/* Of a file: a list, or one item with its quantity. */
static size_t redeem_lines(struct form_build *build,
                           struct form_line lines[static LB_COMMAND_LINES_MAX])
{
    static const struct cli_text both = {"清单和单件商品只能写一样。请核对",
                                         "give a list of goods or one item, not both"};
    const bool has_item = form_has(build, "item");
    if (has_item && form_has(build, "goods")) {
        form_complain(build, "item", both);
    }
    if (!has_item) {
        return form_lines(build, "goods", lines);
    }
    lines[0].item = form_item(build, "item");
    lines[0].quantity = form_has(build, "quantity") ? form_quantity(build, "quantity") : 1;
    return 1;
}

static void redeem_build(struct form_build *build)
{
    struct form_line lines[LB_COMMAND_LINES_MAX];
    Lovebank__V1__Redeem *act = form_new(build, &lovebank__v1__redeem__descriptor);
    act->member = form_who(build, "card");
    act->counter = form_counter(build, "counter");
    act->n_lines = redeem_lines(build, lines);
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

/* "张*明 2016-05-01 换了 食盐 2、大米 1，用去 70 分，还有 55 分" */
static void redeem_say(struct cli *cli, const Lovebank__V1__Command *command,
                       const Lovebank__V1__Result *result)
{
    const char *goods = "";
    const char *day =
        command->has_day ? cli_format(cli, "%s ", entry_view_day(cli, command->day)) : "";
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
                         TEXT(cli, "%s %s换了 %s，用去 %s 分，还有 %s 分",
                              "%s %stook %s for %s points, %s are left"),
                         write_member_name(cli, result->balances[0]->member), day, goods,
                         figure_points(cli, cost_centi),
                         figure_points(cli, result->balances[0]->points_centi)));
}

const struct form redeem_form = {
    .kind = "redeem",
    FORM_COLUMNS(redeem_columns),
    .build = redeem_build,
    .say = redeem_say,
};

/* What records do, a redemption must not: points and goods are where the server says. */
static enum cli_exit redeem_run(struct cli *cli, const struct cli_arguments *arguments)
{
    cli->is_unreachable = false;
    const enum cli_exit exit = form_run(cli, arguments);
    if (exit == CLI_TRY_LATER && cli->is_unreachable) {
        cli_complain(cli, TEXT(cli, "兑换要连上服务器才能办理，不会保存在本机。",
                               "Redeeming needs the server; it is not kept for later."));
    }
    return exit;
}

const struct cli_command command_redeem = {
    .name = "redeem",
    .summary = {"兑换商品", "Redeems points for goods"},
    .form = &redeem_form,
    .run = redeem_run,
};
