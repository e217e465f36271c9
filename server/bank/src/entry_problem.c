/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What an entry must satisfy by itself, whatever the state of the book: the part of the invariants
 * that verify checks entry by entry. Pure.
 */
#include "bank/bank.h"

/* The sum of the postings to accounts of that kind, in that asset. */
static int64_t posted(const struct entry *entry, enum account_kind account, enum asset_kind asset)
{
    int64_t sum = 0;
    for (size_t i = 0; i < entry->postings.count; i++) {
        const struct posting *posting = &entry->postings.items[i];
        if (posting->account.kind == account && posting->asset.kind == asset) {
            sum += posting->amount; /* each within LB_POINTS_CENTI_MAX times lines: no overflow */
        }
    }
    return sum;
}

static int64_t price_of_lines(const struct entry *entry)
{
    int64_t total = 0;
    for (size_t i = 0; i < entry->line_count; i++) {
        total += entry->lines[i].quantity * entry->lines[i].price_centi;
    }
    return total;
}

static int64_t pieces_of_lines(const struct entry *entry)
{
    int64_t total = 0;
    for (size_t i = 0; i < entry->line_count; i++) {
        total += entry->lines[i].quantity;
    }
    return total;
}

static const char *hours_problem(const struct entry *entry)
{
    int64_t minutes = posted(entry, ACCOUNT_MEMBER, ASSET_MINUTES);
    bool gives =
        entry->command.kind == ACT_SERVICE_RECORD || entry->command.kind == ACT_SERVICE_GIVE;
    if (minutes > 0 && !gives) {
        return "hours grow though no service was given";
    }
    if (minutes < 0 && entry->command.kind != ACT_REVERSE) {
        return "hours shrink though nothing was reversed";
    }
    if (gives && minutes != (int64_t)entry->earning.minutes) {
        return "the hours posted are not the minutes given";
    }
    if (gives && -posted(entry, ACCOUNT_ISSUER, ASSET_POINTS) != entry->earning.points_centi) {
        return "the points issued are not those of the earning";
    }
    return NULL;
}

static const char *price_problem(const struct entry *entry)
{
    int64_t redeemed = posted(entry, ACCOUNT_REDEEMED, ASSET_POINTS);
    int64_t held = posted(entry, ACCOUNT_HELD, ASSET_POINTS);
    int64_t price = price_of_lines(entry);
    switch (entry->command.kind) {
    case ACT_REDEEM:
        if (posted(entry, ACCOUNT_HANDED_OUT, ASSET_GOODS) != pieces_of_lines(entry)) {
            return "the goods handed out are not those of the lines";
        }
        return redeemed == price ? NULL : "the points taken are not the price of the lines";
    case ACT_SERVICE_ASK:
        return held == price ? NULL : "the points held are not the price of the lines";
    case ACT_SERVICE_GIVE:
        return redeemed == price && held == -price ? NULL : "the points taken are not those held";
    case ACT_NONE:
    case ACT_ORG_OPEN:
    case ACT_ORG_UPDATE:
    case ACT_CLASS_SET:
    case ACT_TARIFF_SET:
    case ACT_ITEM_SET:
    case ACT_COUNTER_OPEN:
    case ACT_ACTIVITY_OPEN:
    case ACT_STAR_TABLE_SET:
    case ACT_MEMBER_REGISTER:
    case ACT_MEMBER_UPDATE:
    case ACT_MEMBER_CLOSE:
    case ACT_CARD_ISSUE:
    case ACT_CARD_BLOCK:
    case ACT_CARD_REPLACE:
    case ACT_STOCK_RECEIVE:
    case ACT_SERVICE_RECORD:
    case ACT_SERVICE_RELEASE:
    case ACT_REVERSE:
        break;
    }
    return entry->command.kind == ACT_REVERSE || redeemed == 0
               ? NULL
               : "points are taken though nothing was redeemed";
}

const char *bank_entry_problem(const struct entry *entry)
{
    if (entry->verdict.code != LB_OK) {
        if (entry->postings.count > 0) {
            return "a refusal has postings";
        }
        return lb_result_is_recorded((int)entry->verdict.code)
                   ? NULL
                   : "a refusal of this kind is never recorded";
    }
    if (!posting_list_is_balanced(&entry->postings)) {
        return "the postings do not sum to zero for each asset and lot";
    }
    const char *problem = hours_problem(entry);
    return problem != NULL ? problem : price_problem(entry);
}
