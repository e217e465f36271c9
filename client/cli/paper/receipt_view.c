/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Receipts of entries. One thread.
 */
#include "receipt_view.h"

#include "entry_view.h"
#include "registry.h"
#include "words.h"

#include "base/assert.h"
#include "base/date.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

bool receipt_view_is_possible(const Lovebank__V1__Entry *entry)
{
    const Lovebank__V1__Command__ActCase act = entry->command->act_case;
    return entry->code == LB_OK && entry->n_links > 0 &&
           (act == LOVEBANK__V1__COMMAND__ACT_REDEEM ||
            act == LOVEBANK__V1__COMMAND__ACT_SERVICE_RECORD ||
            act == LOVEBANK__V1__COMMAND__ACT_SERVICE_ASK ||
            act == LOVEBANK__V1__COMMAND__ACT_SERVICE_GIVE ||
            act == LOVEBANK__V1__COMMAND__ACT_SERVICE_RELEASE ||
            act == LOVEBANK__V1__COMMAND__ACT_OPENING_BALANCE ||
            act == LOVEBANK__V1__COMMAND__ACT_REVERSE);
}

static uint32_t receipt_view_counter(const Lovebank__V1__Command *command)
{
    if (command->act_case == LOVEBANK__V1__COMMAND__ACT_REDEEM) {
        return command->redeem->counter;
    }
    return command->act_case == LOVEBANK__V1__COMMAND__ACT_SERVICE_ASK
               ? command->service_ask->counter
               : 0;
}

/* The card that was shown, else the one in use. */
static uint64_t receipt_view_card(const Lovebank__V1__Command *command,
                                  const Lovebank__V1__MemberInfo *info)
{
    const Lovebank__V1__MemberRef *ref = NULL;
    if (command->act_case == LOVEBANK__V1__COMMAND__ACT_REDEEM) {
        ref = command->redeem->member;
    } else if (command->act_case == LOVEBANK__V1__COMMAND__ACT_SERVICE_ASK) {
        ref = command->service_ask->member;
    } else if (command->act_case == LOVEBANK__V1__COMMAND__ACT_SERVICE_RECORD) {
        ref = command->service_record->member;
    } else if (command->act_case == LOVEBANK__V1__COMMAND__ACT_OPENING_BALANCE) {
        ref = command->opening_balance->member;
    }
    if (ref != NULL && ref->card != 0) {
        return ref->card;
    }
    return info == NULL ? 0 : info->card;
}

/* "用至 2026-12-31，2015 年时长": the time stands behind it. */
static const char *receipt_view_opening(struct cli *cli, const Lovebank__V1__OpeningBalance *act)
{
    const char *end = act->points_centi == 0 ? "" : entry_view_end(cli, act);
    if (act->minutes == 0) {
        return end;
    }
    return cli_format(cli, TEXT(cli, "%s%s%" PRIu32 " 年时长", "%s%stime of %" PRIu32), end,
                      end[0] == '\0' ? "" : TEXT(cli, "，", "; "), act->year);
}

/* "家政", or "撤销的是第 3 号": what is said beside the lines of goods. */
static const char *receipt_view_what(struct cli *cli, const Lovebank__V1__Entry *entry)
{
    if (entry->command->act_case == LOVEBANK__V1__COMMAND__ACT_SERVICE_RECORD &&
        entry->earning != NULL) {
        return registry_name(cli, REGISTRY_CATEGORY, entry->earning->category);
    }
    if (entry->command->act_case == LOVEBANK__V1__COMMAND__ACT_OPENING_BALANCE) {
        return receipt_view_opening(cli, entry->command->opening_balance);
    }
    if (entry->target_entry != 0) {
        return cli_format(cli, TEXT(cli, "原第 %" PRIu64 " 号", "of entry %" PRIu64),
                          entry->target_entry);
    }
    return "";
}

static const char *receipt_view_unit(struct cli *cli, uint32_t item)
{
    enum cli_exit exit = CLI_DONE;
    const Lovebank__V1__CatalogueResponse *catalogue = registry_catalogue(cli, &exit);
    for (size_t i = 0; catalogue != NULL && i < catalogue->n_items; i++) {
        if (catalogue->items[i]->item == item && catalogue->items[i]->price != NULL) {
            return catalogue->items[i]->price->unit;
        }
    }
    return "";
}

static void receipt_view_lines(struct cli *cli, const Lovebank__V1__Entry *entry,
                               struct receipt *receipt)
{
    for (size_t i = 0; i < entry->n_lines && i < LB_COMMAND_LINES_MAX; i++) {
        const Lovebank__V1__PricedLine *line = entry->lines[i];
        receipt->lines[receipt->line_count++] = (struct receipt_line){
            .name = registry_name(cli, REGISTRY_ITEM, line->item),
            .unit = receipt_view_unit(cli, line->item),
            .quantity = line->quantity,
            .price_centi = line->price_centi,
        };
    }
}

static void receipt_view_lots(const Lovebank__V1__MemberInfo *info, int32_t today,
                              struct receipt *receipt)
{
    for (size_t i = 0; i < info->n_lots; i++) {
        const Lovebank__V1__PointLot *lot = info->lots[i];
        if (lot->points_centi <= 0 || lot->lot > (uint64_t)DATE_DAY_MAX) {
            continue;
        }
        if ((int32_t)lot->lot < today) {
            receipt->expired_centi += lot->points_centi; /* all lots together are the balance */
        } else if (receipt->lot_count < RECEIPT_LOTS_MAX) {
            receipt->lots[receipt->lot_count++] =
                (struct receipt_lot){(int32_t)lot->lot, lot->points_centi};
        }
    }
}

static void receipt_view_times(const Lovebank__V1__Entry *entry, int32_t zone_east_s,
                               struct receipt *receipt)
{
    struct tm book;
    const time_t seconds = (time_t)(entry->recorded_ms / 1000 + zone_east_s);
    (void)memcpy(receipt->when, "?", 2);
    if (gmtime_r(&seconds, &book) != NULL) {
        (void)strftime(receipt->when, sizeof(receipt->when), "%Y-%m-%d %H:%M", &book);
    }
    if (entry->day >= DATE_DAY_MIN && entry->day <= DATE_DAY_MAX) {
        date_format(entry->day, receipt->day);
    }
}

void receipt_view(struct cli *cli, const Lovebank__V1__StoredEntry *stored,
                  const Lovebank__V1__Entry *entry, const Lovebank__V1__MemberInfo *info,
                  int32_t zone_east_s, struct receipt *receipt)
{
    LB_ASSERT(receipt_view_is_possible(entry));
    const uint64_t member = entry->links[0]->member;
    const uint32_t counter = receipt_view_counter(entry->command);
    const Lovebank__V1__Balances *balances = entry_view_balances(entry, member);
    *receipt = (struct receipt){
        .is_chinese = cli->is_chinese,
        .org = entry->org == 0 ? "" : registry_name(cli, REGISTRY_ORG, entry->org),
        .place = counter == 0 ? "" : registry_name(cli, REGISTRY_COUNTER, counter),
        .act = words_of_act(cli->is_chinese, entry->command->act_case),
        .what = receipt_view_what(cli, entry),
        .desk = entry->command->desk,
        .name = info == NULL ? "" : info->masked_name,
        .member = member,
        .card = receipt_view_card(entry->command, info),
        .minutes = entry_view_change(entry, member, LOVEBANK__V1__ASSET_KIND__ASSET_KIND_MINUTES),
        .points_centi =
            entry_view_change(entry, member, LOVEBANK__V1__ASSET_KIND__ASSET_KIND_POINTS),
        .balance_centi = balances == NULL ? 0 : balances->points_centi,
        .held_centi = balances == NULL ? 0 : balances->held_centi,
        .debt_centi = balances == NULL ? 0 : balances->debt_centi,
        .entry = entry->number,
        .reversed_by = stored->reversed_by,
    };
    receipt_view_times(entry, zone_east_s, receipt);
    receipt_view_lines(cli, entry, receipt);
    if (info != NULL && info->last_entry == entry->number) {
        receipt_view_lots(info, date_day_of_ms(entry->recorded_ms, zone_east_s), receipt);
    }
    proof_code_of(bytes_of(stored->packed.data, stored->packed.len), receipt->code);
}
