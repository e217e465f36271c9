/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * `lovebank item set|list`. One thread.
 */
#include "commands.h"

#include "amounts.h"
#include "catalogue.h"
#include "columns.h"
#include "figure.h"
#include "forms.h"
#include "listing.h"
#include "words.h"
#include "write.h"

#include "base/date.h"

#include <inttypes.h>
#include <string.h>

#define ITEM_BARCODE_MAX UINT64_C(9999999999999)

static const struct cli_option item_set_columns[] = {
    {.name = "item",
     .kind = OPTION_POSITIONAL,
     .holds = HOLDS_ITEM,
     .is_required = true,
     .spellings = "编号|商品编号|number|code",
     .help = {"商品或服务编号", "number of the item"}},
    {.name = "kind",
     .kind = OPTION_VALUE,
     .holds = HOLDS_WORDS,
     .value = "goods|service",
     .spellings = "种类|类型|type",
     .help = {"goods 商品（默认）或 service 服务", "goods (default) or service"}},
    {.name = "name",
     .kind = OPTION_POSITIONAL,
     .is_required = true,
     .spellings = "名称|商品|商品名称|品名|物品名称",
     .help = {"名称", "its name"}},
    {.name = "unit",
     .kind = OPTION_VALUE,
     .spellings = "单位|计量单位|规格",
     .help = {"单位：袋、瓶、次", "unit: bag, bottle, time"}},
    {.name = "barcode",
     .kind = OPTION_VALUE,
     .holds = HOLDS_NUMBER,
     .spellings = "条码|条形码|商品条码|ean|gtin",
     .help = {"EAN-13、EAN-8 或 UPC 条码", "EAN-13, EAN-8 or UPC"}},
    {.name = "price",
     .kind = OPTION_POSITIONAL,
     .holds = HOLDS_NUMBER,
     .is_required = true,
     .spellings = "价格|积分|兑换积分|所需积分|单价|points",
     .help = {"价格（分），如 60 或 32.50", "price in points, like 60 or 32.50"}},
    COLUMN_FROM,
};

/* All of these are one number with zeros in front; weights 3 and 1 alternate from the right. */
static bool item_barcode_is_valid(const char *digits, size_t size)
{
    unsigned sum = 0;
    for (size_t i = 0; i < size; i++) {
        sum += (unsigned)(digits[i] - '0') * ((size - i) % 2 == 0 ? 3 : 1);
    }
    return sum % 10 == 0;
}

/* 0: none was given. */
static uint64_t item_barcode(struct form_build *build)
{
    const char *digits = form_text(build, "barcode");
    const size_t size = strlen(digits);
    uint64_t number = 0;
    if (size == 0) {
        return 0;
    }
    if ((size != 8 && size != 12 && size != 13) || strspn(digits, "0123456789") != size ||
        !amount_parse_number(digits, 1, ITEM_BARCODE_MAX, &number)) {
        form_complain(
            build, "barcode",
            (struct cli_text){"不是条码。请写 EAN-13（13 位数字）、UPC（12 位）或 EAN-8（8 位）",
                              "not a barcode; give an EAN-13 (13 digits), UPC (12) or "
                              "EAN-8 (8)"});
    } else if (!item_barcode_is_valid(digits, size)) {
        form_complain(build, "barcode",
                      (struct cli_text){"条码的校验位不对，可能抄错了。请核对",
                                        "its check digit is wrong, a digit may be mistyped; "
                                        "check it"});
    }
    return number;
}

static void item_set_build(struct form_build *build)
{
    Lovebank__V1__ItemSet *act = form_new(build, &lovebank__v1__item_set__descriptor);
    act->item = (uint32_t)form_number(build, "item", 1, LB_CODE_MAX);
    act->name = form_text(build, "name");
    act->unit = form_text(build, "unit");
    act->barcode = item_barcode(build);
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
                   act->item, act->name, figure_points(cli, act->price_centi)));
}

const struct form item_form = {
    .kind = "item",
    FORM_COLUMNS(item_set_columns),
    .build = item_set_build,
    .say = item_set_say,
};

const struct cli_command command_item_set = {
    .name = "item set",
    .summary = {"设定商品、服务及其价格", "Opens an item, or sets its price"},
    .form = &item_form,
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
        figure_points(cli, price->price_centi),
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
     .holds = HOLDS_DAY,
     .value = "YYYY-MM-DD",
     .help = {"这一天有效的价格，默认今天", "the prices of that day, by default today"}},
};

const struct cli_command command_item_list = {
    .name = "item list",
    .summary = {"列出商品、服务和价格", "Lists goods and services with their prices"},
    COMMAND_OPTIONS(item_list_options),
    .run = item_list_run,
};
