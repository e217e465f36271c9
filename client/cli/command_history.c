/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * `lovebank history`: a member's entries, newest first. One thread.
 */
#include "commands.h"

#include "amounts.h"
#include "columns.h"
#include "entry_view.h"
#include "json_message.h"
#include "query.h"
#include "sentence.h"
#include "table.h"
#include "write.h"

#include <inttypes.h>

#define HISTORY_ROWS_DEFAULT 20

static const char *history_points(struct cli *cli, int64_t centi)
{
    char *text = cli_take(cli, AMOUNT_TEXT_BYTES, 1);
    amount_format_points_signed(centi, text);
    return text;
}

static const char *history_mark(struct cli *cli, const Lovebank__V1__StoredEntry *stored,
                                const Lovebank__V1__Entry *entry)
{
    if (entry->code != LB_OK) {
        char *refusal = entry_view_refusal(cli, entry);
        sentence_cut_remedy(refusal, cli->is_chinese);
        return cli_format(cli, TEXT(cli, "被拒绝：%s", "refused: %s"), refusal);
    }
    if (stored->reversed_by != 0) {
        return cli_format(cli, TEXT(cli, "已由 %" PRIu64 " 撤销", "reversed by %" PRIu64),
                          stored->reversed_by);
    }
    if (stored->settled_by != 0) {
        return cli_format(cli, TEXT(cli, "已由 %" PRIu64 " 了结", "settled by %" PRIu64),
                          stored->settled_by);
    }
    return "";
}

static void history_row(struct table *table, uint64_t member,
                        const Lovebank__V1__StoredEntry *stored, const Lovebank__V1__Entry *entry)
{
    struct cli *cli = table->cli;
    const Lovebank__V1__Balances *balances = entry_view_balances(entry, member);
    int64_t minutes =
        entry_view_change(entry, member, LOVEBANK__V1__ASSET_KIND__ASSET_KIND_MINUTES);
    int64_t points = entry_view_change(entry, member, LOVEBANK__V1__ASSET_KIND__ASSET_KIND_POINTS);
    const char *cells[] = {
        entry_view_day(cli, entry->day),
        entry_view_what(cli, entry),
        minutes == 0 ? "" : cli_format(cli, "%+" PRId64, minutes),
        points == 0 ? "" : history_points(cli, points),
        balances == NULL ? "" : write_points(cli, balances->points_centi),
        cli_format(cli, "%" PRIu64, entry->number),
        history_mark(cli, stored, entry),
    };
    table_row(table, cells);
}

/* One page; false: an entry cannot be read. */
static bool history_page(struct table *table, const Lovebank__V1__HistoryResponse *page)
{
    struct cli *cli = table->cli;
    for (size_t i = 0; i < page->n_entries; i++) {
        if (cli->is_json) {
            cli_put_json(cli, json_of_stored_entry(&page->entries[i]->base));
            continue;
        }
        Lovebank__V1__Entry *entry = entry_view_unpack(page->entries[i]);
        if (entry == NULL) {
            return false;
        }
        history_row(table, page->member, page->entries[i], entry);
        lovebank__v1__entry__free_unpacked(entry, NULL);
    }
    return true;
}

static enum cli_exit history_pages(struct table *table, Lovebank__V1__HistoryRequest *request,
                                   uint64_t rows)
{
    struct cli *cli = table->cli;
    enum cli_exit exit = CLI_DONE;
    while (rows > 0 && exit == CLI_DONE && !cli_is_cut_off(cli)) {
        request->limit = (uint32_t)(rows < LB_PAGE_ROWS_MAX ? rows : LB_PAGE_ROWS_MAX);
        Lovebank__V1__HistoryResponse *page = (Lovebank__V1__HistoryResponse *)cli_call(
            cli, LB_METHOD_HISTORY, &request->base, &lovebank__v1__history_response__descriptor,
            &exit);
        if (page == NULL) {
            return exit;
        }
        if (page->code != LB_OK) {
            exit = query_refuse_member(cli, page->code, request->member);
        } else if (!history_page(table, page)) {
            exit = cli_fail(cli, LB_MALFORMED, NULL, "Entry");
        }
        rows -= page->n_entries < rows ? page->n_entries : rows;
        request->before_entry = page->next;
        rows = page->next == 0 ? 0 : rows;
        cli_free_response(&page->base);
    }
    return exit;
}

static enum cli_exit history_run(struct cli *cli, const struct cli_arguments *arguments)
{
    static const struct table_column columns[] = {
        {.title = {"日期", "DATE"}},
        {.title = {"事项", "WHAT"}, .may_shrink = true, .share = 0.25},
        {.title = {"分钟", "MINUTES"}, .is_right = true},
        {.title = {"积分", "POINTS"}, .is_amount = true},
        {.title = {"余额", "BALANCE"}, .is_amount = true},
        {.title = {"记账号", "ENTRY"}, .is_right = true},
        {.title = {"备注", "NOTE"}, .may_shrink = true, .share = 0.1},
    };
    enum cli_exit exit = CLI_DONE;
    struct table table;
    uint64_t rows = HISTORY_ROWS_DEFAULT;
    Lovebank__V1__MemberRef ref = LOVEBANK__V1__MEMBER_REF__INIT;
    Lovebank__V1__HistoryRequest request = LOVEBANK__V1__HISTORY_REQUEST__INIT;
    if (!query_member(cli, arguments, "member", &ref, &exit)) {
        return exit;
    }
    if (!query_number(cli, arguments, "limit", 1, UINT32_MAX, &rows) ||
        !query_number(cli, arguments, "before", 1, INT64_MAX, &request.before_entry)) {
        return CLI_USAGE;
    }
    if (arguments_get(arguments, "all") != NULL) {
        rows = UINT64_MAX;
    }
    request.member = &ref;
    TABLE_BEGIN(&table, cli, columns);
    exit = history_pages(&table, &request, rows);
    if (cli->is_json || exit != CLI_DONE) {
        table_drop(&table);
    } else {
        table_end(&table);
    }
    return exit;
}

static const struct cli_option history_options[] = {
    COLUMN_MEMBER,
    {.name = "limit",
     .kind = OPTION_VALUE,
     .value = "N",
     .help = {"最近多少笔，默认 20", "the newest so many, by default 20"}},
    {.name = "all", .kind = OPTION_FLAG, .help = {"全部", "all of them"}},
    {.name = "before",
     .kind = OPTION_VALUE,
     .value = "ENTRY",
     .help = {"只看这一号以前的", "only entries before this one"}},
};

const struct cli_command command_history = {
    .name = "history",
    .summary = {"志愿者的明细，新的在前", "A member's entries, newest first"},
    COMMAND_OPTIONS(history_options),
    .run = history_run,
};
