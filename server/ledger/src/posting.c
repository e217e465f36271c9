/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Posting lists: merging, moving, and the rule that every asset and lot sums to zero. Knows no
 * balances. Pure.
 */
#include "ledger/posting.h"

#include "base/assert.h"
#include "base/checked.h"

bool account_kind_is_known(int number)
{
    switch (number) {
#define X(symbol, kind_number, sign) \
    case kind_number:                \
        return true;
        ACCOUNT_KIND_LIST(X)
#undef X
    default:
        return false;
    }
}

enum account_sign account_kind_sign(enum account_kind kind)
{
    switch (kind) {
#define X(symbol, number, sign) \
    case ACCOUNT_##symbol:      \
        return sign;
        ACCOUNT_KIND_LIST(X)
#undef X
    }
    LB_ASSERT(account_kind_is_known((int)kind)); /* fails: it is none of the list */
    return EITHER_SIGN;
}

bool account_equal(struct account a, struct account b)
{
    return a.kind == b.kind && a.owner == b.owner;
}

bool asset_equal(struct asset a, struct asset b)
{
    return a.kind == b.kind && a.item == b.item;
}

uint64_t lot_of_goods(uint64_t best_before_day, uint32_t delivery)
{
    LB_ASSERT(best_before_day <= LOT_NEVER);
    return best_before_day << 32 | delivery;
}

void posting_list_init(struct posting_list *list, struct posting *items, size_t cap)
{
    *list = (struct posting_list){.items = items, .cap = cap};
}

static struct posting *posting_list_find(const struct posting_list *list, struct account account,
                                         struct asset asset, uint64_t lot)
{
    for (size_t i = 0; i < list->count; i++) {
        struct posting *posting = &list->items[i];
        if (posting->lot == lot && account_equal(posting->account, account) &&
            asset_equal(posting->asset, asset)) {
            return posting;
        }
    }
    return NULL;
}

void posting_list_add(struct posting_list *list, struct account account, struct asset asset,
                      uint64_t lot, int64_t amount)
{
    if (list->failed || amount == 0) {
        return;
    }
    struct posting *same = posting_list_find(list, account, asset, lot);
    if (same == NULL) {
        if (list->count == list->cap) {
            list->failed = true;
            return;
        }
        list->items[list->count++] =
            (struct posting){.account = account, .asset = asset, .lot = lot, .amount = amount};
        return;
    }
    if (!checked_add_i64(same->amount, amount, &same->amount)) {
        list->failed = true;
        return;
    }
    if (same->amount == 0) { /* keeps the order of the others */
        for (struct posting *p = same; p + 1 < list->items + list->count; p++) {
            *p = p[1];
        }
        list->count--;
    }
}

void posting_list_move(struct posting_list *list, struct account from, struct account to,
                       struct asset asset, uint64_t lot, int64_t amount)
{
    LB_ASSERT(amount > 0);
    posting_list_add(list, from, asset, lot, -amount);
    posting_list_add(list, to, asset, lot, amount);
}

int64_t posting_list_pending(const struct posting_list *list, struct account account,
                             struct asset asset, uint64_t lot)
{
    const struct posting *same = posting_list_find(list, account, asset, lot);
    return same == NULL ? 0 : same->amount;
}

/* The sum of all postings of the asset and lot of items[first]. */
static bool sums_to_zero(const struct posting_list *list, size_t first)
{
    int64_t sum = 0;
    for (size_t i = 0; i < list->count; i++) {
        const struct posting *posting = &list->items[i];
        if (posting->lot == list->items[first].lot &&
            asset_equal(posting->asset, list->items[first].asset) &&
            !checked_add_i64(sum, posting->amount, &sum)) {
            return false;
        }
    }
    return sum == 0;
}

/* An item stands with goods, and only with goods. */
static bool asset_is_known(struct asset asset)
{
    switch (asset.kind) {
    case ASSET_POINTS:
    case ASSET_MINUTES:
        return asset.item == 0;
    case ASSET_GOODS:
        return asset.item != 0;
    }
    return false;
}

bool posting_list_is_balanced(const struct posting_list *list)
{
    if (list->failed) {
        return false;
    }
    for (size_t i = 0; i < list->count; i++) {
        const struct posting *posting = &list->items[i];
        if (posting->amount == 0 || !account_kind_is_known((int)posting->account.kind) ||
            !asset_is_known(posting->asset) || !sums_to_zero(list, i)) {
            return false;
        }
    }
    return true;
}
