/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * `lovebank import KIND FILE...` and `lovebank import list`. Undoing one is command_import_undo.c.
 * One thread.
 */
#include "commands.h"

#include "forms.h"
#include "import.h"
#include "listing.h"
#include "query.h"
#include "registry.h"

#include "lovebank/v1/queries.pb-c.h"

#include <inttypes.h>

#define IMPORT_LIST_ROWS 20

static const struct cli_option import_options[] = {
    {.name = "file",
     .kind = OPTION_WORDS,
     .holds = HOLDS_FILE,
     .is_required = true,
     .value = "FILE",
     .help = {"CSV 文件，可写几个", "CSV files, one or more"}},
    {.name = "yes",
     .kind = OPTION_FLAG,
     .help = {"不预览、不询问，直接记账", "enter without preview and question"}},
    {.name = "atomic",
     .kind = OPTION_FLAG,
     .help = {"有一行被拒绝，就一行也不记", "all rows or none"}},
    {.name = "map",
     .kind = OPTION_LIST,
     .value = "HEADING=COLUMN",
     .help = {"指明哪个表头是哪一列，可写几次；列名写 - 表示不用",
              "which heading is which column; may be repeated; HEADING=- leaves it out"}},
    {.name = "year",
     .kind = OPTION_VALUE,
     .holds = HOLDS_NUMBER,
     .value = "YYYY",
     .help = {"没写年份的日期算哪一年", "the year of days without one"}},
    {.name = "encoding",
     .kind = OPTION_VALUE,
     .holds = HOLDS_WORDS,
     .value = "auto|UTF-8|GB18030|UTF-16",
     .help = {"auto（默认）、UTF-8、GB18030、UTF-16", "auto (default), UTF-8, GB18030, UTF-16"}},
    {.name = "rejects",
     .kind = OPTION_VALUE,
     .holds = HOLDS_FILE,
     .value = "FILE",
     .help = {"被拒绝的行写到这里，默认在原文件旁边",
              "where refused rows go, by default beside the file"}},
    {.name = "verbose",
     .kind = OPTION_FLAG,
     .help = {"逐一列出清理之处和被拒绝的行", "list every cell cleaned and every row refused"}},
};

#define IMPORT_COMMAND(word, of_rows, zh, en)          \
    const struct cli_command command_import_##word = { \
        .name = "import " #word,                       \
        .summary = {zh, en},                           \
        .rows = &(of_rows),                            \
        COMMAND_OPTIONS(import_options),               \
        .run = import_run,                             \
    }

IMPORT_COMMAND(orgs, org_form, "导入组织", "Imports orgs");
IMPORT_COMMAND(classes, class_form, "导入志愿者类别", "Imports classes of members");
IMPORT_COMMAND(categories, category_form, "导入服务类别和积分标准",
               "Imports service categories and tariffs");
IMPORT_COMMAND(items, item_form, "导入商品、服务和价目", "Imports goods, services and prices");
IMPORT_COMMAND(counters, counter_form, "导入兑换点", "Imports counters");
IMPORT_COMMAND(members, member_form, "导入志愿者名册", "Imports a list of members");
IMPORT_COMMAND(stock, stock_form, "导入进货单", "Imports deliveries of goods");
IMPORT_COMMAND(sheet, record_form, "导入签到表", "Imports sign-in sheets");
IMPORT_COMMAND(redemptions, redeem_form, "导入兑换记录", "Imports redemptions");
IMPORT_COMMAND(services, service_form, "导入服务预约、完成、取消的记录",
               "Imports asks, gives and releases of services");
IMPORT_COMMAND(undos, undo_form, "导入要撤销的单号", "Imports undos, by receipt");
IMPORT_COMMAND(openings, opening_form, "导入纸质存折上的积分和时长",
               "Imports the balances of paper passbooks");

static void import_list_row(struct table *table, const void *message)
{
    struct cli *cli = table->cli;
    const Lovebank__V1__ImportInfo *info = message;
    const char *cells[] = {
        cli_format(cli, "%" PRIu64, info->import),
        registry_when(cli, info->recorded_ms),
        info->kind,
        cli_format(cli, "%" PRIu32, info->rows),
        cli_format(cli, "%" PRIu64, info->entries),
        info->files,
    };
    table_row(table, cells);
}

static const struct table_column import_list_columns[] = {
    {.title = {"编号", "NUMBER"}, .is_right = true},
    {.title = {"时间", "TIME"}},
    {.title = {"种类", "KIND"}},
    {.title = {"行数", "ROWS"}, .is_right = true},
    {.title = {"账（笔）", "ENTRIES"}, .is_right = true},
    {.title = {"文件", "FILES"}, .may_shrink = true},
};

static const struct listing import_listing = {
    LISTING_COLUMNS(import_list_columns),
    .row = import_list_row,
};

static enum cli_exit import_list_run(struct cli *cli, const struct cli_arguments *arguments)
{
    enum cli_exit exit = CLI_DONE;
    uint64_t limit = IMPORT_LIST_ROWS;
    Lovebank__V1__ImportListRequest request = LOVEBANK__V1__IMPORT_LIST_REQUEST__INIT;
    if (!query_number(cli, arguments, "limit", 1, LB_PAGE_ROWS_MAX, &limit)) {
        return CLI_USAGE;
    }
    request.limit = (uint32_t)limit;
    Lovebank__V1__ImportListResponse *list = (Lovebank__V1__ImportListResponse *)cli_call(
        cli, LB_METHOD_IMPORT_LIST, &request.base, &lovebank__v1__import_list_response__descriptor,
        &exit);
    if (list != NULL) {
        listing_print(cli, &import_listing, list->imports, list->n_imports);
        cli_free_response(&list->base);
    }
    return exit;
}

static const struct cli_option import_list_options[] = {
    {.name = "limit",
     .kind = OPTION_VALUE,
     .holds = HOLDS_NUMBER,
     .value = "N",
     .help = {"最多多少次，默认 20", "at most so many, by default 20"}},
};

const struct cli_command command_import_list = {
    .name = "import list",
    .summary = {"列出导入，新的在前", "Lists the imports, newest first"},
    COMMAND_OPTIONS(import_list_options),
    .run = import_list_run,
};
