/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * `lovebank stock receive|show`. One thread.
 */
#include "commands.h"

#include "columns.h"
#include "forms.h"
#include "listing.h"
#include "registry.h"
#include "typed.h"
#include "write.h"

#include "base/date.h"
#include "lovebank/v1/queries.pb-c.h"

#include <inttypes.h>

static const struct cli_option stock_columns[] = {
    {.name = "item",
     .kind = OPTION_POSITIONAL,
     .holds = HOLDS_ITEM,
     .is_required = true,
     .spellings = HEADINGS_ITEM,
     .help = {"商品，编号或名称", "the goods, by number or name"}},
    {.name = "quantity",
     .kind = OPTION_POSITIONAL,
     .holds = HOLDS_NUMBER,
     .is_required = true,
     .value = "N",
     .spellings = HEADINGS_QUANTITY,
     .help = {"数量", "how many"}},
    COLUMN_COUNTER,
    {.name = "donor",
     .kind = OPTION_VALUE,
     .spellings = "捐赠单位|捐赠方|来源|供货单位|given by",
     .help = {"捐赠方", "who gave it"}},
    {.name = "best_before",
     .kind = OPTION_VALUE,
     .holds = HOLDS_DAY,
     .value = "YYYY-MM-DD",
     .spellings = "保质期|保质期至|有效期|有效期至|到期日|expiry",
     .help = {"保质期", "best before"}},
    COLUMN_DATE,
    COLUMN_RECEIPT,
};

static void stock_receive_build(struct form_build *build)
{
    Lovebank__V1__StockReceive *act = form_new(build, &lovebank__v1__stock_receive__descriptor);
    Lovebank__V1__StockLine *line = form_new(build, &lovebank__v1__stock_line__descriptor);
    line->item = form_item(build, "item");
    line->quantity = form_quantity(build, "quantity");
    line->has_best_before = form_day(build, "best_before", &line->best_before_day);
    act->counter = form_counter(build, "counter");
    act->donor = form_text(build, "donor");
    act->n_lines = 1;
    act->lines = cli_take(build->cli, 1, sizeof(Lovebank__V1__StockLine *));
    act->lines[0] = line;
    form_command_day(build, "date");
    build->command->act_case = LOVEBANK__V1__COMMAND__ACT_STOCK_RECEIVE;
    build->command->stock_receive = act;
}

static void stock_receive_say(struct cli *cli, const Lovebank__V1__Command *command,
                              const Lovebank__V1__Result *result)
{
    const Lovebank__V1__StockReceive *act = command->stock_receive;
    write_say(cli, result,
              cli_format(cli, TEXT(cli, "%s 收到 %s %" PRId64 " 件", "%s received %s × %" PRId64),
                         registry_name(cli, REGISTRY_COUNTER, act->counter),
                         registry_name(cli, REGISTRY_ITEM, act->lines[0]->item),
                         act->lines[0]->quantity));
}

const struct form stock_form = {
    .kind = "stock",
    FORM_COLUMNS(stock_columns),
    .build = stock_receive_build,
    .say = stock_receive_say,
};

const struct cli_command command_stock_receive = {
    .name = "stock receive",
    .summary = {"进货、收捐赠物资", "Receives goods at a counter"},
    .form = &stock_form,
    .run = form_run,
};

static void stock_show_row(struct table *table, const void *message)
{
    struct cli *cli = table->cli;
    const Lovebank__V1__StockRow *row = message;
    uint64_t day = row->lot >> 32; /* a lot of goods: best-before day and delivery number */
    char best_before[DATE_TEXT_BYTES] = "-";
    if (day <= (uint64_t)DATE_DAY_MAX) {
        date_format((int32_t)day, best_before);
    }
    const char *cells[] = {
        registry_name(cli, REGISTRY_COUNTER, row->counter),
        registry_name(cli, REGISTRY_ITEM, row->item),
        cli_format(cli, "%" PRId64, row->quantity),
        best_before,
        cli_format(cli, "%" PRIu64, row->delivery_entry),
    };
    table_row(table, cells);
}

static const struct table_column stock_show_columns[] = {
    {.title = {"兑换点", "COUNTER"}, .may_shrink = true},
    {.title = {"商品", "ITEM"}, .may_shrink = true},
    {.title = {"数量", "QUANTITY"}, .is_right = true},
    {.title = {"保质期", "BEST BEFORE"}},
    {.title = {"记账号", "ENTRY"}, .is_right = true},
};

static const struct listing stock_show_listing = {
    LISTING_COLUMNS(stock_show_columns),
    .row = stock_show_row,
};

static enum cli_exit stock_show_run(struct cli *cli, const struct cli_arguments *arguments)
{
    enum cli_exit exit = CLI_DONE;
    uint64_t counter = 0;
    Lovebank__V1__StockRequest request = LOVEBANK__V1__STOCK_REQUEST__INIT;
    const char *name = arguments_get(arguments, "counter");
    if (name != NULL && !typed_resolve(cli, REGISTRY_COUNTER, name, &counter, &exit)) {
        return exit;
    }
    request.counter = (uint32_t)counter;
    Lovebank__V1__StockResponse *stock = (Lovebank__V1__StockResponse *)cli_call(
        cli, LB_METHOD_STOCK, &request.base, &lovebank__v1__stock_response__descriptor, &exit);
    if (stock != NULL) {
        listing_print(cli, &stock_show_listing, stock->rows, stock->n_rows);
        cli_free_response(&stock->base);
    }
    return exit;
}

static const struct cli_option stock_show_options[] = {
    {.name = "counter",
     .kind = OPTION_POSITIONAL,
     .holds = HOLDS_COUNTER,
     .help = {"只看这个兑换点", "only this counter"}},
};

const struct cli_command command_stock_show = {
    .name = "stock show",
    .summary = {"查看库存", "Shows the stock"},
    COMMAND_OPTIONS(stock_show_options),
    .run = stock_show_run,
};
