/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Reversal: the mirror of an entry's postings, and the bridge that completes it when a member's
 * points are no longer all there. Only works out postings; book_apply books them. Pure.
 */
#include "ledger/book.h"

#include "base/assert.h"

/* In that lot: first what expired, then debt, which alone may go negative for a member. */
static struct book_obstacle mirror_bridge(struct views views, struct posting_list *list,
                                          uint64_t member, uint64_t lot, int64_t missing)
{
    struct account own = {ACCOUNT_MEMBER, member};
    struct account expired = {ACCOUNT_EXPIRED, member};
    int64_t held = book_balance_after(views, list, (struct account){ACCOUNT_HELD, member},
                                      ASSET_OF_POINTS, lot);
    if (held > 0) {
        return (struct book_obstacle){.code = LB_POINTS_HELD, .has = held, .needs = missing};
    }
    int64_t from_expired = book_balance_after(views, list, expired, ASSET_OF_POINTS, lot);
    if (from_expired > missing) {
        from_expired = missing;
    }
    if (from_expired > 0) {
        posting_list_move(list, expired, own, ASSET_OF_POINTS, lot, from_expired);
        missing -= from_expired;
    }
    if (missing > 0) {
        posting_list_move(list, (struct account){ACCOUNT_DEBT, member}, own, ASSET_OF_POINTS, lot,
                          missing);
    }
    return (struct book_obstacle){.code = LB_OK};
}

/* One account of the mirror: complete it, or say why it cannot be. */
static struct book_obstacle mirror_complete(struct views views, struct posting_list *list,
                                            const struct posting *original)
{
    struct account account = original->account;
    int64_t left = book_balance_after(views, list, account, original->asset, original->lot);
    if (left >= 0 || account_kind_sign(account.kind) != NOT_NEGATIVE) {
        return (struct book_obstacle){.code = LB_OK};
    }
    if (original->asset.kind == ASSET_GOODS) {
        return (struct book_obstacle){.code = LB_GOODS_GONE,
                                      .item = original->asset.item,
                                      .has = left + original->amount,
                                      .needs = original->amount};
    }
    if (account.kind == ACCOUNT_MEMBER && original->asset.kind == ASSET_POINTS) {
        return mirror_bridge(views, list, account.owner, original->lot, -left);
    }
    return (struct book_obstacle){
        .code = LB_NOT_REVERSIBLE, .has = left + original->amount, .needs = original->amount};
}

struct book_obstacle book_mirror(struct views views, struct posting_list *list,
                                 const struct posting *originals, size_t original_count)
{
    LB_ASSERT(list->count == 0);
    for (size_t i = 0; i < original_count; i++) {
        LB_ASSERT(originals[i].amount != INT64_MIN);
        posting_list_add(list, originals[i].account, originals[i].asset, originals[i].lot,
                         -originals[i].amount);
    }
    for (size_t i = 0; i < original_count; i++) {
        struct book_obstacle obstacle = mirror_complete(views, list, &originals[i]);
        if (obstacle.code != LB_OK) {
            return obstacle;
        }
    }
    return (struct book_obstacle){.code = LB_OK};
}
