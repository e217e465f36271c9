/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * `lovebank history`: the entries of a member, a counter or an import, newest first. One thread.
 */
#include "commands.h"

#include "entry_view.h"
#include "export.h"
#include "json_message.h"
#include "query.h"
#include "registry.h"
#include "typed.h"

#include <inttypes.h>

#define HISTORY_ROWS_DEFAULT 20

struct history {
    struct cli *cli;
    struct export export;
    uint64_t rows;     /* still wanted */
    bool is_of_member; /* of its own account; else each row says whose it is */
    bool has_begun;
    uint64_t newest_entry;
};

static const struct export_column history_member_columns[] = {
    {.name = "day", .title = {"日期", "DATE"}, .type = EXPORT_DAY},
    {.name = "what", .title = {"事项", "WHAT"}, .may_shrink = true, .share = 0.25},
    {.name = "minutes", .title = {"分钟", "MINUTES"}, .type = EXPORT_COUNT, .is_change = true},
    {.name = "points_centi", .title = {"积分", "POINTS"}, .type = EXPORT_POINTS, .is_change = true},
    {.name = "balance_centi", .title = {"余额", "BALANCE"}, .type = EXPORT_POINTS},
    {.name = "number", .title = {"记账号", "ENTRY"}, .type = EXPORT_COUNT},
    {.name = "note", .title = {"备注", "NOTE"}, .may_shrink = true, .share = 0.1},
    {.name = "who", .title = {"经手", "BY"}, .may_shrink = true, .share = 0.1},
};

static const struct export_column history_other_columns[] = {
    {.name = "day", .title = {"日期", "DATE"}, .type = EXPORT_DAY},
    {.name = "member", .title = {"志愿者", "MEMBER"}, .type = EXPORT_IDENTIFIER},
    {.name = "what", .title = {"事项", "WHAT"}, .may_shrink = true, .share = 0.25},
    {.name = "minutes", .title = {"分钟", "MINUTES"}, .type = EXPORT_COUNT, .is_change = true},
    {.name = "points_centi", .title = {"积分", "POINTS"}, .type = EXPORT_POINTS, .is_change = true},
    {.name = "number", .title = {"记账号", "ENTRY"}, .type = EXPORT_COUNT},
    {.name = "note", .title = {"备注", "NOTE"}, .may_shrink = true, .share = 0.1},
    {.name = "who", .title = {"经手", "BY"}, .may_shrink = true, .share = 0.1},
};

static const char *history_title(const struct history *history,
                                 const Lovebank__V1__HistoryRequest *request, uint64_t member)
{
    struct cli *cli = history->cli;
    if (history->export.format == EXPORT_TABLE) {
        return NULL;
    }
    if (request->counter != 0) {
        return cli_format(cli, TEXT(cli, "%s：明细，新的在前", "%s: entries, newest first"),
                          registry_name(cli, REGISTRY_COUNTER, request->counter));
    }
    if (request->import != 0) {
        return cli_format(cli,
                          TEXT(cli, "第 %" PRIu64 " 号导入：明细，新的在前",
                               "Import %" PRIu64 ": entries, newest first"),
                          request->import);
    }
    return cli_format(cli,
                      TEXT(cli, "志愿者 %08" PRIu64 "：明细，新的在前",
                           "Member %08" PRIu64 ": entries, newest first"),
                      member);
}

/* Who acted, the last column, is left out of a book that asks for no log-in. */
static bool history_knows_who(const Lovebank__V1__HistoryResponse *page)
{
    bool is_known = false;
    for (size_t i = 0; i < page->n_entries && !is_known; i++) {
        Lovebank__V1__Entry *entry = entry_view_unpack(page->entries[i]);
        is_known = entry != NULL && entry->principal != 0;
        lovebank__v1__entry__free_unpacked(entry, NULL);
    }
    return is_known;
}

static void history_begin(struct history *history, const Lovebank__V1__HistoryRequest *request,
                          const Lovebank__V1__HistoryResponse *page)
{
    struct export_sheet sheet = {.name = TEXT(history->cli, "明细", "Entries"),
                                 .title = history_title(history, request, page->member),
                                 EXPORT_COLUMNS(history_member_columns)};
    if (!history->is_of_member) {
        sheet.columns = history_other_columns;
    }
    sheet.column_count -= history_knows_who(page) ? 0 : 1;
    history->has_begun = true;
    export_sheet_begin(&history->export, &sheet);
}

_Static_assert(sizeof(history_member_columns) == sizeof(history_other_columns),
               "one row of cells fits both");

static struct export_cell history_change(const Lovebank__V1__Entry *entry, uint64_t member,
                                         Lovebank__V1__AssetKind asset)
{
    const int64_t change = entry_view_change(entry, member, asset);
    return change == 0 ? export_none() : export_number(change);
}

static void history_row(struct history *history, uint64_t of_member,
                        const Lovebank__V1__StoredEntry *stored, const Lovebank__V1__Entry *entry)
{
    struct cli *cli = history->cli;
    const uint64_t subject = entry->n_links == 0 ? 0 : entry->links[0]->member;
    const uint64_t member = history->is_of_member ? of_member : subject;
    const Lovebank__V1__Balances *balances = entry_view_balances(entry, member);
    const struct export_cell day = export_number(entry->day);
    const struct export_cell what = export_text(entry_view_what(cli, entry));
    const struct export_cell minutes =
        history_change(entry, member, LOVEBANK__V1__ASSET_KIND__ASSET_KIND_MINUTES);
    const struct export_cell points =
        history_change(entry, member, LOVEBANK__V1__ASSET_KIND__ASSET_KIND_POINTS);
    const struct export_cell balance =
        balances == NULL ? export_none() : export_number(balances->points_centi);
    const struct export_cell number = export_number((int64_t)entry->number);
    const struct export_cell note = export_text(entry_view_note(cli, stored, entry));
    const struct export_cell who = export_text(entry_view_who(cli, stored, entry));
    const struct export_cell of_one[] = {day, what, minutes, points, balance, number, note, who};
    const struct export_cell of_several[] = {
        day,    export_identifier(cli, member, EXPORT_MEMBER_DIGITS),
        what,   minutes,
        points, number,
        who,    note};
    export_row(&history->export, history->is_of_member ? of_one : of_several, NULL);
}

/* One page; false: an entry cannot be read. */
static bool history_page(struct history *history, const Lovebank__V1__HistoryResponse *page)
{
    for (size_t i = 0; i < page->n_entries; i++) {
        if (history->export.format == EXPORT_JSON) {
            export_object(&history->export, json_of_stored_entry(&page->entries[i]->base));
            continue;
        }
        Lovebank__V1__Entry *entry = entry_view_unpack(page->entries[i]);
        if (entry == NULL) {
            return false;
        }
        if (history->newest_entry == 0) {
            history->newest_entry = entry->number;
            history->export.made_day = entry->day;
        }
        history_row(history, page->member, page->entries[i], entry);
        lovebank__v1__entry__free_unpacked(entry, NULL);
    }
    return true;
}

static enum cli_exit history_refuse(struct cli *cli, const Lovebank__V1__HistoryRequest *request,
                                    uint32_t code)
{
    if (request->member != NULL) {
        return query_refuse_member(cli, code, request->member);
    }
    const int64_t numbers[3] = {
        (int64_t)(request->counter != 0 ? request->counter : request->import)};
    return cli_fail(cli, (int)code, numbers, "");
}

static enum cli_exit history_pages(struct history *history, Lovebank__V1__HistoryRequest *request)
{
    struct cli *cli = history->cli;
    enum cli_exit exit = CLI_DONE;
    while (history->rows > 0 && exit == CLI_DONE && !export_is_cut_off(&history->export)) {
        request->limit =
            (uint32_t)(history->rows < LB_PAGE_ROWS_MAX ? history->rows : LB_PAGE_ROWS_MAX);
        Lovebank__V1__HistoryResponse *page = (Lovebank__V1__HistoryResponse *)cli_call(
            cli, LB_METHOD_HISTORY, &request->base, &lovebank__v1__history_response__descriptor,
            &exit);
        if (page == NULL) {
            return exit;
        }
        if (page->code == LB_OK && !history->has_begun) {
            history_begin(history, request, page);
        }
        if (page->code != LB_OK) {
            exit = history_refuse(cli, request, page->code);
        } else if (!history_page(history, page)) {
            exit = cli_fail(cli, LB_MALFORMED, NULL, "Entry");
        }
        history->rows -= page->n_entries < history->rows ? page->n_entries : history->rows;
        request->before_entry = page->next;
        history->rows = page->next == 0 ? 0 : history->rows;
        cli_free_response(&page->base);
    }
    return exit;
}

static enum cli_exit history_write(struct history *history, Lovebank__V1__HistoryRequest *request)
{
    struct cli *cli = history->cli;
    enum cli_exit exit = history_pages(history, request);
    if (exit != CLI_DONE) {
        return exit;
    }
    export_sheet_end(&history->export, NULL);
    if (history->export.format == EXPORT_XLSX && history->newest_entry != 0) {
        export_note(&history->export,
                    cli_format(cli,
                               TEXT(cli, "最新一笔是第 %" PRIu64 " 号账。",
                                    "The newest of these entries is %" PRIu64 "."),
                               history->newest_entry));
    }
    return CLI_DONE;
}

/* Whose entries: exactly one of the three. */
static bool history_read_whose(struct cli *cli, const struct cli_arguments *arguments,
                               Lovebank__V1__HistoryRequest *request, Lovebank__V1__MemberRef *ref,
                               enum cli_exit *exit)
{
    const char *counter = arguments_get(arguments, "counter");
    const bool has_member = arguments_get(arguments, "member") != NULL;
    const bool has_import = arguments_get(arguments, "import") != NULL;
    uint64_t number = 0;
    if (has_member + has_import + (counter != NULL) != 1) {
        *exit = arguments_complain(
            cli, arguments, "member",
            (struct cli_text){"卡号或志愿者编号、--counter、--import，请写其中一个",
                              "give one of: a card or member number, --counter, --import"});
        return false;
    }
    if (has_member) {
        request->member = ref;
        return query_member(cli, arguments, "member", ref, exit);
    }
    if (has_import) {
        *exit = CLI_USAGE;
        return query_number(cli, arguments, "import", 1, INT64_MAX, &request->import);
    }
    if (!typed_resolve(cli, REGISTRY_COUNTER, counter, &number, exit)) {
        return false;
    }
    request->counter = (uint32_t)number;
    return true;
}

static enum cli_exit history_run(struct cli *cli, const struct cli_arguments *arguments)
{
    enum cli_exit exit = CLI_DONE;
    struct history history = {.cli = cli};
    Lovebank__V1__MemberRef ref = LOVEBANK__V1__MEMBER_REF__INIT;
    Lovebank__V1__HistoryRequest request = LOVEBANK__V1__HISTORY_REQUEST__INIT;
    if (!history_read_whose(cli, arguments, &request, &ref, &exit)) {
        return exit;
    }
    if (!query_number(cli, arguments, "limit", 1, UINT32_MAX, &history.rows) ||
        !query_number(cli, arguments, "before", 1, INT64_MAX, &request.before_entry)) {
        return CLI_USAGE;
    }
    if (!export_open(&history.export, cli, arguments, &exit)) {
        return exit;
    }
    history.is_of_member = request.member != NULL;
    const bool is_for_sheets =
        history.export.format == EXPORT_CSV || history.export.format == EXPORT_XLSX;
    if (arguments_get(arguments, "all") != NULL || (history.rows == 0 && is_for_sheets)) {
        history.rows = UINT64_MAX;
    } else if (history.rows == 0) {
        history.rows = HISTORY_ROWS_DEFAULT;
    }
    return export_close(&history.export, history_write(&history, &request));
}

static const struct cli_option history_options[] = {
    {.name = "member",
     .kind = OPTION_POSITIONAL,
     .holds = HOLDS_MEMBER,
     .alias = "card",
     .help = {"卡号、志愿者编号、姓名或拼音首字母",
              "card, member number, name or pinyin initials"}},
    {.name = "counter",
     .kind = OPTION_VALUE,
     .holds = HOLDS_COUNTER,
     .help = {"一个兑换点的明细，编号或名称", "entries of a counter, by number or name"}},
    {.name = "import",
     .kind = OPTION_VALUE,
     .holds = HOLDS_NUMBER,
     .value = "N",
     .help = {"一次导入的明细", "entries of an import"}},
    {.name = "limit",
     .kind = OPTION_VALUE,
     .holds = HOLDS_NUMBER,
     .value = "N",
     .help = {"最近多少笔，默认 20；csv、xlsx 默认全部",
              "the newest so many, by default 20; all in csv and xlsx"}},
    {.name = "all", .kind = OPTION_FLAG, .help = {"全部", "all of them"}},
    {.name = "before",
     .kind = OPTION_VALUE,
     .holds = HOLDS_NUMBER,
     .value = "ENTRY",
     .help = {"只看这个记账号以前的", "only entries before this one"}},
    EXPORT_OPTIONS,
};

const struct cli_command command_history = {
    .name = "history",
    .summary = {"志愿者、兑换点或一次导入的明细，新的在前",
                "Entries of a member, counter or import, newest first"},
    COMMAND_OPTIONS(history_options),
    .run = history_run,
};
