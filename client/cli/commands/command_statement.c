/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * `lovebank statement`: a member's account over a period of business days. One thread.
 */
#include "commands.h"

#include "columns.h"
#include "entry_view.h"
#include "export.h"
#include "figure.h"
#include "query.h"
#include "statement.h"

#include "base/date.h"

#include <inttypes.h>

static const struct export_column statement_columns[] = {
    {.name = "day", .title = {"日期", "DATE"}, .type = EXPORT_DAY},
    {.name = "what", .title = {"事项", "WHAT"}, .may_shrink = true, .share = 0.25},
    {.name = "minutes", .title = {"分钟", "MINUTES"}, .type = EXPORT_COUNT, .is_change = true},
    {.name = "points_centi", .title = {"积分", "POINTS"}, .type = EXPORT_POINTS, .is_change = true},
    {.name = "balance_centi", .title = {"余额", "BALANCE"}, .type = EXPORT_POINTS},
    {.name = "lifetime_minutes",
     .title = {"累计时长", "TIME"},
     .type = EXPORT_MINUTES,
     .place = EXPORT_IN_FILES}, /* a terminal has no room: statement_notes */
    {.name = "number", .title = {"记账号", "ENTRY"}, .type = EXPORT_COUNT},
    {.name = "note", .title = {"备注", "NOTE"}, .may_shrink = true, .share = 0.16},
};

static const struct export_column statement_lot_columns[] = {
    {.name = "use_by_day", .title = {"最后可用日", "USE BY"}, .type = EXPORT_DAY},
    {.name = "points_centi", .title = {"积分", "POINTS"}, .type = EXPORT_POINTS},
};

static const char *statement_period(const struct statement *statement)
{
    struct cli *cli = statement->cli;
    const bool has_from = statement->from_day > DATE_DAY_MIN;
    const bool has_to = statement->to_day < DATE_DAY_MAX;
    const char *from = has_from ? entry_view_day(cli, statement->from_day) : "";
    const char *to = has_to ? entry_view_day(cli, statement->to_day) : "";
    if (has_from && has_to) {
        return cli_format(cli, TEXT(cli, "%s 至 %s", "%s to %s"), from, to);
    }
    if (has_from) {
        return cli_format(cli, TEXT(cli, "%s 起", "from %s on"), from);
    }
    if (has_to) {
        return cli_format(cli, TEXT(cli, "至 %s", "up to %s"), to);
    }
    return TEXT(cli, "全部", "all entries");
}

/* The opening or the closing; has_day: the period has an end there. */
static void statement_balance_row(struct export *export, const char *what, bool has_day,
                                  int32_t day, const struct statement_sums *sums)
{
    const struct export_cell cells[] = {
        has_day ? export_number(day) : export_none(),
        export_text(what),
        export_none(),
        export_none(),
        export_number(sums->points_centi),
        export_number(sums->minutes),
        export_none(),
        export_none(),
    };
    if (export->format != EXPORT_JSON) { /* there they stand in the last object */
        export_row(export, cells, NULL);
    }
}

static void statement_row(struct export *export, const struct statement_line *line,
                          const struct statement_sums *after)
{
    const struct statement_sums *change = &line->change;
    const struct export_cell cells[] = {
        export_number(line->day),
        export_text(line->what),
        change->minutes == 0 ? export_none() : export_number(change->minutes),
        change->points_centi == 0 ? export_none() : export_number(change->points_centi),
        export_number(after->points_centi),
        export_number(after->minutes),
        export_number((int64_t)line->number),
        export_text(line->note),
    };
    export_row(export, cells, NULL);
}

static void statement_entries(struct export *export, const struct statement *statement,
                              const char *name)
{
    struct cli *cli = statement->cli;
    struct statement_sums sums = statement->opening;
    const struct export_sheet sheet = {
        .name = TEXT(cli, "对账单", "Statement"),
        .title = cli_format(
            cli, TEXT(cli, "%s（%08" PRIu64 "）对账单：%s", "%s (%08" PRIu64 "): statement, %s"),
            name, statement->member, statement_period(statement)),
        EXPORT_COLUMNS(statement_columns)};
    export_sheet_begin(export, &sheet);
    statement_balance_row(export, TEXT(cli, "期初余额", "opening balance"),
                          statement->from_day > DATE_DAY_MIN, statement->from_day, &sums);
    for (const struct statement_line *line = statement->lines; line != NULL; line = line->next) {
        /* Cannot overflow: statement_adds_up went the same way. */
        sums.points_centi += line->change.points_centi;
        sums.minutes += line->change.minutes;
        statement_row(export, line, &sums);
    }
    statement_balance_row(export, TEXT(cli, "期末余额", "closing balance"),
                          statement->to_day < DATE_DAY_MAX, statement->to_day, &sums);
    export_sheet_end(export, NULL);
}

static struct export_cell statement_use_by(const struct statement *statement,
                                           const struct statement_lot *lot)
{
    return lot->lot > (uint64_t)DATE_DAY_MAX
               ? export_text(TEXT(statement->cli, "永久有效", "never ends"))
               : export_number((int64_t)lot->lot);
}

/* What the closing balance is made of. */
static void statement_lots(struct export *export, const struct statement *statement)
{
    struct cli *cli = statement->cli;
    const struct export_sheet sheet = {
        .name = TEXT(cli, "有效期", "Use by"),
        .title = TEXT(cli, "期末余额的有效期", "The closing balance by last day to spend it"),
        EXPORT_COLUMNS(statement_lot_columns)};
    const struct export_cell totals[] = {export_text(TEXT(cli, "合计", "total")),
                                         export_number(statement->closing.points_centi)};
    if (export->format == EXPORT_JSON) {
        return;
    }
    export_sheet_begin(export, &sheet);
    for (const struct statement_lot *lot = statement->lots; lot != NULL; lot = lot->next) {
        const struct export_cell cells[] = {statement_use_by(statement, lot),
                                            export_number(lot->points_centi)};
        if (lot->points_centi != 0) {
            export_row(export, cells, NULL);
        }
    }
    export_sheet_end(export, totals);
}

static void statement_notes(struct export *export, const struct statement *statement,
                            uint64_t last_entry)
{
    struct cli *cli = statement->cli;
    const struct statement_sums *closing = &statement->closing;
    export_note(
        export,
        cli_format(cli, TEXT(cli, "累计时长：期初 %s，期末 %s。", "Time: opening %s, closing %s."),
                   figure_minutes(cli, statement->opening.minutes),
                   figure_minutes(cli, closing->minutes)));
    if (closing->held_centi != 0) {
        export_note(export, cli_format(cli,
                                       TEXT(cli, "另有 %s 分已预占，等服务完成后扣除。",
                                            "Another %s points are held for services asked for."),
                                       figure_points(cli, closing->held_centi)));
    }
    if (closing->debt_centi != 0) {
        export_note(export,
                    cli_format(cli,
                               TEXT(cli, "还欠 %s 分，以后所得先补上。",
                                    "%s points are owed; what is earned next settles them."),
                               figure_points(cli, -closing->debt_centi)));
    }
    export_note(export,
                cli_format(cli,
                           TEXT(cli, "期初加增减等于期末，已核对。最近一笔是第 %" PRIu64 " 号账。",
                                "Opening and changes make the closing: checked. The newest "
                                "entry is %" PRIu64 "."),
                           last_entry));
}

static json_t *statement_json_lots(const struct statement *statement)
{
    json_t *lots = json_array();
    for (const struct statement_lot *lot = statement->lots; lot != NULL; lot = lot->next) {
        if (lot->points_centi == 0) {
            continue;
        }
        const char *day = lot->lot > (uint64_t)DATE_DAY_MAX
                              ? NULL
                              : entry_view_day(statement->cli, (int64_t)lot->lot);
        if (json_array_append_new(lots, json_pack("{s:s*,s:I}", "use_by_day", day, "points_centi",
                                                  (json_int_t)lot->points_centi)) != 0) {
            json_decref(lots);
            return NULL;
        }
    }
    return lots;
}

static json_t *statement_object(const struct statement *statement, uint64_t last_entry)
{
    struct cli *cli = statement->cli;
    const bool has_from = statement->from_day > DATE_DAY_MIN;
    const bool has_to = statement->to_day < DATE_DAY_MAX;
    const struct statement_sums *opening = &statement->opening;
    const struct statement_sums *closing = &statement->closing;
    return json_pack("{s:s,s:s*,s:s*,s:I,s:I,s:I,s:I,s:I,s:I,s:o,s:I}", "member",
                     cli_format(cli, "%08" PRIu64, statement->member), "from_day",
                     has_from ? entry_view_day(cli, statement->from_day) : NULL, "to_day",
                     has_to ? entry_view_day(cli, statement->to_day) : NULL, "opening_centi",
                     (json_int_t)opening->points_centi, "opening_minutes",
                     (json_int_t)opening->minutes, "closing_centi",
                     (json_int_t)closing->points_centi, "closing_minutes",
                     (json_int_t)closing->minutes, "held_centi", (json_int_t)closing->held_centi,
                     "debt_centi", (json_int_t)-closing->debt_centi, "lots",
                     statement_json_lots(statement), "last_entry", (json_int_t)last_entry);
}

/* All entries of the member up to the one that its tallies are of. */
static enum cli_exit statement_load(struct statement *statement,
                                    const Lovebank__V1__MemberInfo *info)
{
    struct cli *cli = statement->cli;
    enum cli_exit exit = CLI_DONE;
    Lovebank__V1__MemberRef ref = LOVEBANK__V1__MEMBER_REF__INIT;
    Lovebank__V1__HistoryRequest request = LOVEBANK__V1__HISTORY_REQUEST__INIT;
    ref.member = info->member;
    request.member = &ref;
    request.before_entry = info->last_entry + 1;
    request.limit = LB_PAGE_ROWS_MAX;
    while (request.before_entry != 0 && exit == CLI_DONE) {
        Lovebank__V1__HistoryResponse *page = (Lovebank__V1__HistoryResponse *)cli_call(
            cli, LB_METHOD_HISTORY, &request.base, &lovebank__v1__history_response__descriptor,
            &exit);
        if (page == NULL) {
            return exit;
        }
        exit = page->code == LB_OK ? CLI_DONE : query_refuse_member(cli, page->code, &ref);
        for (size_t i = 0; i < page->n_entries && exit == CLI_DONE; i++) {
            Lovebank__V1__Entry *entry = entry_view_unpack(page->entries[i]);
            if (entry == NULL) {
                exit = cli_fail(cli, LB_MALFORMED, NULL, "Entry");
            } else if (!statement_add(statement, page->entries[i], entry)) {
                exit = cli_fail(cli, LB_AMOUNT_OVERFLOW, NULL, "");
            }
            if (entry != NULL) {
                lovebank__v1__entry__free_unpacked(entry, NULL);
            }
        }
        request.before_entry = page->next;
        cli_free_response(&page->base);
    }
    return exit;
}

static enum cli_exit statement_tell_wrong(const struct statement *statement)
{
    struct cli *cli = statement->cli;
    cli_complain(cli,
                 TEXT(cli,
                      "志愿者 %08" PRIu64
                      " 的明细与余额对不上，没有出对账单。请运行 lovebank verify，并告诉管理员。",
                      "The entries of member %08" PRIu64
                      " do not add up to the balance, so there is "
                      "no statement. Run lovebank verify and tell the administrator."),
                 statement->member);
    return CLI_FAULT;
}

static enum cli_exit statement_write(struct export *export, struct statement *statement,
                                     const Lovebank__V1__MemberInfo *info)
{
    struct cli *cli = statement->cli;
    statement->member = info->member;
    enum cli_exit exit = statement_load(statement, info);
    if (exit != CLI_DONE) {
        return exit;
    }
    if (!statement_adds_up(statement, info->balances)) {
        return statement_tell_wrong(statement);
    }
    export->made_day = statement->to_day < DATE_DAY_MAX ? statement->to_day : 0;
    statement_entries(export, statement,
                      info->masked_name[0] != '\0' ? info->masked_name
                                                   : TEXT(cli, "（姓名已删除）", "(name erased)"));
    statement_lots(export, statement);
    statement_notes(export, statement, info->last_entry);
    export_object(export, statement_object(statement, info->last_entry));
    return CLI_DONE;
}

static enum cli_exit statement_ask(struct export *export, struct statement *statement,
                                   Lovebank__V1__MemberRef *ref)
{
    enum cli_exit exit = CLI_DONE;
    Lovebank__V1__MemberGetRequest request = LOVEBANK__V1__MEMBER_GET_REQUEST__INIT;
    request.member = ref;
    Lovebank__V1__MemberGetResponse *response = (Lovebank__V1__MemberGetResponse *)cli_call(
        statement->cli, LB_METHOD_MEMBER_GET, &request.base,
        &lovebank__v1__member_get_response__descriptor, &exit);
    if (response == NULL) {
        return exit;
    }
    if (response->code != LB_OK) {
        exit = query_refuse_member(statement->cli, response->code, ref);
    } else if (response->info == NULL || response->info->balances == NULL) {
        exit = cli_fail(statement->cli, LB_MALFORMED, NULL, "MemberGetResponse");
    } else {
        exit = statement_write(export, statement, response->info);
    }
    cli_free_response(&response->base);
    return exit;
}

static enum cli_exit statement_run(struct cli *cli, const struct cli_arguments *arguments)
{
    enum cli_exit exit = CLI_DONE;
    struct export export;
    struct statement statement = {.cli = cli};
    protobuf_c_boolean has_from = false;
    protobuf_c_boolean has_to = false;
    Lovebank__V1__MemberRef ref = LOVEBANK__V1__MEMBER_REF__INIT;
    if (!query_member(cli, arguments, "member", &ref, &exit)) {
        return exit;
    }
    if (!query_day(cli, arguments, "from", &statement.from_day, &has_from) ||
        !query_day(cli, arguments, "to", &statement.to_day, &has_to)) {
        return CLI_USAGE;
    }
    statement.from_day = has_from ? statement.from_day : DATE_DAY_MIN;
    statement.to_day = has_to ? statement.to_day : DATE_DAY_MAX;
    if (statement.from_day > statement.to_day) {
        return arguments_complain(
            cli, arguments, "to",
            (struct cli_text){"不能早于 --from", "it is before --from; swap them"});
    }
    if (!export_open(&export, cli, arguments, &exit)) {
        return exit;
    }
    return export_close(&export, statement_ask(&export, &statement, &ref));
}

static const struct cli_option statement_options[] = {
    COLUMN_MEMBER,
    {.name = "from",
     .kind = OPTION_VALUE,
     .holds = HOLDS_DAY,
     .value = "YYYY-MM-DD",
     .help = {"从哪一天起，默认从头", "the first day, by default from the start"}},
    {.name = "to",
     .kind = OPTION_VALUE,
     .holds = HOLDS_DAY,
     .value = "YYYY-MM-DD",
     .help = {"到哪一天止，默认到最近一笔", "the last day, by default the newest"}},
    EXPORT_OPTIONS,
};

const struct cli_command command_statement = {
    .name = "statement",
    .summary = {"志愿者的对账单：期初、每笔、期末、有效期",
                "A member's statement: opening, entries, closing, last days"},
    COMMAND_OPTIONS(statement_options),
    .run = statement_run,
};
