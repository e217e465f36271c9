/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * `lovebank explain`: an entry's postings, the tariff and prices behind it, its links. One thread.
 */
#include "commands.h"

#include "amounts.h"
#include "entry_view.h"
#include "figure.h"
#include "json_message.h"
#include "proof_code.h"
#include "query.h"
#include "registry.h"
#include "table.h"
#include "words.h"

#include "base/date.h"

#include <inttypes.h>
#include <time.h>

/* Who an account belongs to, in words. */
static const char *explain_owner(struct cli *cli, const Lovebank__V1__Posting *posting)
{
    switch (posting->account) {
    case LOVEBANK__V1__ACCOUNT_KIND__ACCOUNT_KIND_MEMBER:
    case LOVEBANK__V1__ACCOUNT_KIND__ACCOUNT_KIND_HELD:
    case LOVEBANK__V1__ACCOUNT_KIND__ACCOUNT_KIND_DEBT:
    case LOVEBANK__V1__ACCOUNT_KIND__ACCOUNT_KIND_EXPIRED:
        return cli_format(cli, "%08" PRIu64, posting->owner);
    case LOVEBANK__V1__ACCOUNT_KIND__ACCOUNT_KIND_ISSUER:
    case LOVEBANK__V1__ACCOUNT_KIND__ACCOUNT_KIND_POOL:
    case LOVEBANK__V1__ACCOUNT_KIND__ACCOUNT_KIND_OPENING:
    case LOVEBANK__V1__ACCOUNT_KIND__ACCOUNT_KIND_CLEARING:
        return registry_name(cli, REGISTRY_ORG, posting->owner);
    case LOVEBANK__V1__ACCOUNT_KIND__ACCOUNT_KIND_REDEEMED:
    case LOVEBANK__V1__ACCOUNT_KIND__ACCOUNT_KIND_STOCK:
    case LOVEBANK__V1__ACCOUNT_KIND__ACCOUNT_KIND_DONOR:
    case LOVEBANK__V1__ACCOUNT_KIND__ACCOUNT_KIND_HANDED_OUT:
    case LOVEBANK__V1__ACCOUNT_KIND__ACCOUNT_KIND_WRITTEN_OFF:
    case LOVEBANK__V1__ACCOUNT_KIND__ACCOUNT_KIND_STOCK_DIFFERENCE:
        return registry_name(cli, REGISTRY_COUNTER, posting->owner);
    case LOVEBANK__V1__ACCOUNT_KIND__ACCOUNT_KIND_UNSPECIFIED:
    case _LOVEBANK__V1__ACCOUNT_KIND_IS_INT_SIZE:
        break;
    }
    return cli_format(cli, "%" PRIu64, posting->owner);
}

static const char *explain_lot_day(struct cli *cli, uint64_t day)
{
    return day > (uint64_t)DATE_DAY_MAX ? TEXT(cli, "不限期", "no end")
                                        : entry_view_day(cli, (int64_t)day);
}

static const char *explain_amount(struct cli *cli, const Lovebank__V1__Posting *posting)
{
    switch (posting->asset) {
    case LOVEBANK__V1__ASSET_KIND__ASSET_KIND_POINTS:
        return cli_format(cli, TEXT(cli, "%s 分", "%s points"),
                          figure_points(cli, posting->amount));
    case LOVEBANK__V1__ASSET_KIND__ASSET_KIND_MINUTES:
        return cli_format(cli, TEXT(cli, "%" PRId64 " 分钟", "%" PRId64 " min"), posting->amount);
    case LOVEBANK__V1__ASSET_KIND__ASSET_KIND_GOODS:
        return cli_format(cli, "%" PRId64 " × %s", posting->amount,
                          registry_name(cli, REGISTRY_ITEM, posting->item));
    case LOVEBANK__V1__ASSET_KIND__ASSET_KIND_UNSPECIFIED:
    case _LOVEBANK__V1__ASSET_KIND_IS_INT_SIZE:
        break;
    }
    return cli_format(cli, "%" PRId64, posting->amount);
}

static const char *explain_lot(struct cli *cli, const Lovebank__V1__Posting *posting)
{
    switch (posting->asset) {
    case LOVEBANK__V1__ASSET_KIND__ASSET_KIND_POINTS:
        return cli_format(cli, TEXT(cli, "用至 %s", "use by %s"),
                          explain_lot_day(cli, posting->lot));
    case LOVEBANK__V1__ASSET_KIND__ASSET_KIND_MINUTES:
        return cli_format(cli, TEXT(cli, "%" PRIu64 " 年", "year %" PRIu64), posting->lot);
    case LOVEBANK__V1__ASSET_KIND__ASSET_KIND_GOODS:
        return cli_format(cli, TEXT(cli, "第 %" PRIu64 " 批 保质至 %s", "delivery %" PRIu64 ", %s"),
                          posting->lot & UINT32_MAX, explain_lot_day(cli, posting->lot >> 32));
    case LOVEBANK__V1__ASSET_KIND__ASSET_KIND_UNSPECIFIED:
    case _LOVEBANK__V1__ASSET_KIND_IS_INT_SIZE:
        break;
    }
    return "";
}

static void explain_postings(struct cli *cli, const Lovebank__V1__Entry *entry)
{
    static const struct table_column columns[] = {
        {.title = {"账户", "ACCOUNT"}},
        {.title = {"归属", "OWNER"}, .may_shrink = true},
        {.title = {"增减", "AMOUNT"}, .is_right = true},
        {.title = {"批次", "LOT"}},
    };
    struct table table;
    if (entry->n_postings == 0) {
        return;
    }
    (void)fputc('\n', cli->out);
    TABLE_BEGIN(&table, cli, columns);
    for (size_t i = 0; i < entry->n_postings; i++) {
        const Lovebank__V1__Posting *posting = entry->postings[i];
        const char *cells[] = {words_of_account(cli->is_chinese, posting->account),
                               explain_owner(cli, posting), explain_amount(cli, posting),
                               explain_lot(cli, posting)};
        table_row(&table, cells);
    }
    table_end(&table);
    (void)fputc('\n', cli->out);
}

/* How the points were worked out: the time, and the tariff of that day with the entry that set it.
 */
static void explain_earning(struct cli *cli, const Lovebank__V1__Earning *earning)
{
    enum cli_exit exit = CLI_DONE;
    Lovebank__V1__EntryRef target = LOVEBANK__V1__ENTRY_REF__INIT;
    if (earning == NULL || earning->category == 0) {
        return;
    }
    cli_say(
        cli,
        TEXT(cli, "%s 给出 %s，计分 %s，得 %s 分。", "%s: %s given, %s counted, %s points earned."),
        registry_name(cli, REGISTRY_CATEGORY, earning->category),
        figure_minutes(cli, earning->minutes), figure_minutes(cli, earning->counted_minutes),
        figure_points(cli, earning->points_centi));
    target.entry = earning->tariff_entry;
    Lovebank__V1__EntryGetResponse *response = entry_view_get(cli, &target, false, &exit);
    Lovebank__V1__Entry *entry =
        response == NULL || response->entry == NULL ? NULL : entry_view_unpack(response->entry);
    if (entry != NULL && entry->command->act_case == LOVEBANK__V1__COMMAND__ACT_TARIFF_SET) {
        const Lovebank__V1__TariffSet *tariff = entry->command->tariff_set;
        char factor[AMOUNT_TEXT_BYTES];
        amount_format_decimal(tariff->coefficient_permille, 3, factor);
        cli_say(cli,
                TEXT(cli,
                     "标准（第 %" PRIu64 " 号账，%s 起）：每小时 %s 分 × 系数 %s，按 %" PRIu32
                     " 分钟计。",
                     "Tariff (entry %" PRIu64
                     ", from %s): %s points an hour × %s, in units of %" PRIu32 " min."),
                entry->number, entry_view_day(cli, entry->day),
                figure_points(cli, tariff->points_per_hour_centi), factor,
                tariff->rounding_minutes);
    }
    lovebank__v1__entry__free_unpacked(entry, NULL);
    if (response != NULL) {
        cli_free_response(&response->base);
    }
}

static void explain_prices(struct cli *cli, const Lovebank__V1__Entry *entry)
{
    for (size_t i = 0; i < entry->n_lines; i++) {
        const Lovebank__V1__PricedLine *line = entry->lines[i];
        cli_say(cli,
                TEXT(cli, "%s：%" PRId64 " × %s 分（价格由第 %" PRIu64 " 号账设定）。",
                     "%s: %" PRId64 " × %s points (price set by entry %" PRIu64 ")."),
                registry_name(cli, REGISTRY_ITEM, line->item), line->quantity,
                figure_points(cli, line->price_centi), line->price_entry);
    }
}

static void explain_head(struct cli *cli, const Lovebank__V1__StoredEntry *stored,
                         const Lovebank__V1__Entry *entry)
{
    cli_say(cli, TEXT(cli, "第 %" PRIu64 " 号账：%s", "Entry %" PRIu64 ": %s"), entry->number,
            entry_view_what(cli, entry));
    cli_say(cli, TEXT(cli, "业务日期 %s，记于 %s", "On %s, recorded %s"),
            entry_view_day(cli, entry->day), registry_when(cli, entry->recorded_ms));
    if (entry->org != 0) {
        cli_say(cli, TEXT(cli, "计入组织：%s", "Counts for: %s"),
                registry_name(cli, REGISTRY_ORG, entry->org));
    }
    const char *who = entry_view_who(cli, stored, entry);
    if (who[0] != '\0') {
        cli_say(cli, TEXT(cli, "经手：%s", "By: %s"), who);
    }
    if (entry->proposal != 0) {
        cli_say(cli, TEXT(cli, "由第 %" PRIu64 " 号事项提出。", "Proposed as entry %" PRIu64 "."),
                entry->proposal);
    }
    if (entry->code == LB_WAITING) {
        cli_say(cli, "%s%s", entry_view_refusal(cli, entry), TEXT(cli, "。", "."));
    } else if (entry->code != LB_OK) {
        cli_say(cli, TEXT(cli, "被拒绝：%s。", "Refused: %s."), entry_view_refusal(cli, entry));
    }
}

static void explain_links(struct cli *cli, const Lovebank__V1__StoredEntry *stored,
                          const Lovebank__V1__Entry *entry)
{
    if (entry->target_entry != 0) {
        cli_say(cli, TEXT(cli, "针对第 %" PRIu64 " 号账。", "About entry %" PRIu64 "."),
                entry->target_entry);
    }
    if (stored->reversed_by != 0) {
        cli_say(cli, TEXT(cli, "已由第 %" PRIu64 " 号账撤销。", "Undone by entry %" PRIu64 "."),
                stored->reversed_by);
    }
    if (stored->settled_by != 0) {
        cli_say(cli, TEXT(cli, "已由第 %" PRIu64 " 号账了结。", "Settled by entry %" PRIu64 "."),
                stored->settled_by);
    }
    if (stored->memo != NULL && stored->memo[0] != '\0') {
        cli_say(cli, TEXT(cli, "事由：%s", "Reason: %s"), stored->memo);
    }
    for (size_t i = 0; i < entry->n_balances; i++) {
        const Lovebank__V1__Balances *balances = entry->balances[i];
        cli_say(cli,
                TEXT(cli, "记完后 %08" PRIu64 " 有积分 %s 分，累计 %s。",
                     "After it %08" PRIu64 ": %s points, %s."),
                balances->member, figure_points(cli, balances->points_centi),
                figure_minutes(cli, balances->minutes));
    }
}

static void explain_proof(struct cli *cli, const Lovebank__V1__EntryGetResponse *response)
{
    char code[PROOF_CODE_BYTES];
    proof_code_of(bytes_of(response->entry->packed.data, response->entry->packed.len), code);
    cli_say(cli, TEXT(cli, "校验码：%s", "Proof code: %s"), code);
    if (response->tree_size != 0) {
        cli_say(cli,
                TEXT(cli, "校验树（共 %" PRIu64 " 笔账）的根：\n%s",
                     "In the tree of %" PRIu64 " entries with the root:\n%s"),
                response->tree_size, cli_hex(cli, &response->tree_root));
    }
}

static enum cli_exit explain_tell(struct cli *cli, const Lovebank__V1__EntryGetResponse *response,
                                  const Lovebank__V1__EntryRef *target)
{
    enum cli_exit exit = CLI_DONE;
    Lovebank__V1__Entry *entry = entry_view_answer(cli, response, target, &exit);
    if (entry == NULL) {
        return exit;
    }
    if (cli->is_json) {
        json_t *object = json_of_message(&response->base);
        if (object != NULL) {
            char code[PROOF_CODE_BYTES];
            proof_code_of(bytes_of(response->entry->packed.data, response->entry->packed.len),
                          code);
            (void)json_object_set_new(object, "entry",
                                      json_of_stored_entry(&response->entry->base));
            (void)json_object_set_new(object, "proof_code", json_string(code));
        }
        cli_put_json(cli, object);
    } else {
        explain_head(cli, response->entry, entry);
        explain_postings(cli, entry);
        explain_earning(cli, entry->earning);
        explain_prices(cli, entry);
        explain_links(cli, response->entry, entry);
        explain_proof(cli, response);
    }
    lovebank__v1__entry__free_unpacked(entry, NULL);
    return CLI_DONE;
}

static enum cli_exit explain_run(struct cli *cli, const struct cli_arguments *arguments)
{
    enum cli_exit exit = CLI_DONE;
    Lovebank__V1__EntryRef target = LOVEBANK__V1__ENTRY_REF__INIT;
    if (!query_entry(cli, arguments, "entry", &target)) {
        return CLI_USAGE;
    }
    Lovebank__V1__EntryGetResponse *response = entry_view_get(cli, &target, true, &exit);
    if (response == NULL) {
        return exit;
    }
    exit = explain_tell(cli, response, &target);
    cli_free_response(&response->base);
    return exit;
}

static const struct cli_option explain_options[] = {
    {.name = "entry",
     .kind = OPTION_POSITIONAL,
     .holds = HOLDS_NUMBER,
     .is_required = true,
     .help = {"记账号或请求号", "an entry number or a request id"}},
};

const struct cli_command command_explain = {
    .name = "explain",
    .summary = {"逐行说明一笔账", "Explains an entry line by line"},
    COMMAND_OPTIONS(explain_options),
    .run = explain_run,
};
