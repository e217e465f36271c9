/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * `lovebank item set|list`. One thread.
 */
#include "commands.h"

#include "catalogue.h"
#include "columns.h"
#include "form.h"
#include "listing.h"
#include "words.h"
#include "write.h"

#include "base/date.h"

#include <inttypes.h>

static const struct cli_option item_set_columns[] = {
    {.name = "item",
     .kind = OPTION_POSITIONAL,
     .is_required = true,
     .help = {"商品或服务编号", "number of the item"}},
    {.name = "kind",
     .kind = OPTION_VALUE,
     .help = {"goods 商品（默认）或 service 服务", "goods (default) or service"}},
    {.name = "name", .kind = OPTION_POSITIONAL, .is_required = true, .help = {"名称", "its name"}},
    {.name = "unit", .kind = OPTION_VALUE, .help = {"单位：袋、瓶、次", "unit: bag, bottle, time"}},
    {.name = "barcode", .kind = OPTION_VALUE, .help = {"13 位条码", "EAN-13"}},
    {.name = "price",
     .kind = OPTION_POSITIONAL,
     .is_required = true,
     .help = {"价格（分），如 60 或 32.50", "price in points, like 60 or 32.50"}},
    COLUMN_FROM,
};

static void item_set_build(struct form_build *build)
{
    Lovebank__V1__ItemSet *act = form_new(build, &lovebank__v1__item_set__descriptor);
    act->item = (uint32_t)form_number(build, "item", 1, LB_CODE_MAX);
    act->name = form_text(build, "name");
    act->unit = form_text(build, "unit");
    act->barcode = form_number(build, "barcode", 1, UINT64_C(99999999999999));
    act->price_centi = form_decimal(build, "price", 2);
    act->kind = LOVEBANK__V1__ITEM_KIND__ITEM_KIND_GOODS;
    const char *kind = form_text(build, "kind");
    if (kind[0] != '\0' && !words_find_item_kind(kind, &act->kind)) {
        form_complain(build, "kind",
                      (struct cli_text){"请写 goods 或 service", "write goods or service"});
    }
    form_command_day(build, "from");
    build->command->act_case = LOVEBANK__V1__COMMAND__ACT_ITEM_SET;
    build->command->item_set = act;
}

static void item_set_say(struct cli *cli, const Lovebank__V1__Command *command,
                         const Lovebank__V1__Result *result)
{
    const Lovebank__V1__ItemSet *act = command->item_set;
    write_say(
        cli, result,
        cli_format(cli,
                   TEXT(cli, "已设定 %" PRIu32 " %s：%s 分", "set item %" PRIu32 " %s: %s points"),
                   act->item, act->name, write_points(cli, act->price_centi)));
}

static const struct form item_set_form = {
    .kind = "item",
    FORM_COLUMNS(item_set_columns),
    .has_sheet = true,
    .build = item_set_build,
    .say = item_set_say,
};

const struct cli_command command_item_set = {
    .name = "item set",
    .summary = {"设定商品、服务及其价格", "Opens an item, or sets its price"},
    .form = &item_set_form,
    .run = form_run,
};

static void item_list_row(struct table *table, const void *message)
{
    struct cli *cli = table->cli;
    const Lovebank__V1__ItemInfo *info = message;
    const Lovebank__V1__ItemSet *price = info->price;
    char from[DATE_TEXT_BYTES];
    if (price == NULL) {
        return;
    }
    date_format(info->from_day, from);
    const char *cells[] = {
        cli_format(cli, "%" PRIu32, info->item),
        price->name,
        words_of_item_kind(cli->is_chinese, price->kind),
        price->unit,
        write_points(cli, price->price_centi),
        price->barcode == 0 ? "-" : cli_format(cli, "%013" PRIu64, price->barcode),
        from,
    };
    table_row(table, cells);
}

static const struct table_column item_list_columns[] = {
    {.title = {"编号", "NUMBER"}, .is_right = true},
    {.title = {"名称", "NAME"}, .may_shrink = true},
    {.title = {"种类", "KIND"}},
    {.title = {"单位", "UNIT"}, .may_shrink = true},
    {.title = {"价格（分）", "POINTS"}, .is_amount = true},
    {.title = {"条码", "BARCODE"}},
    {.title = {"起用日期", "FROM"}},
};

static const struct listing item_listing = {
    LISTING_COLUMNS(item_list_columns),
    .row = item_list_row,
};

static enum cli_exit item_list_run(struct cli *cli, const struct cli_arguments *arguments)
{
    enum cli_exit exit = CLI_DONE;
    Lovebank__V1__CatalogueResponse *catalogue = catalogue_get(cli, arguments, &exit);
    if (catalogue != NULL) {
        listing_print(cli, &item_listing, catalogue->items, catalogue->n_items);
        lovebank__v1__catalogue_response__free_unpacked(catalogue, NULL);
    }
    return exit;
}

static const struct cli_option item_list_options[] = {
    {.name = "date",
     .kind = OPTION_VALUE,
     .value = "YYYY-MM-DD",
     .help = {"这一天有效的价格，默认今天", "the prices of that day, by default today"}},
};

const struct cli_command command_item_list = {
    .name = "item list",
    .summary = {"列出商品、服务和价格", "Lists goods and services with their prices"},
    COMMAND_OPTIONS(item_list_options),
    .run = item_list_run,
};
