/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Balances: their rows, their sums, spending from the lowest lot, and applying postings. The only
 * place that writes TABLE_BALANCE. Pure: everything goes through the views port.
 */
#include "ledger/book.h"

#include "base/assert.h"
#include "base/checked.h"
#include "base/wire.h"

size_t book_key_encode(struct account account, struct asset asset, uint64_t lot,
                       uint8_t key[BOOK_BALANCE_KEY_BYTES])
{
    struct wire_writer writer = {.data = key, .cap = BOOK_BALANCE_KEY_BYTES};
    wire_put_u8(&writer, (uint8_t)account.kind);
    wire_put_u64(&writer, account.owner);
    wire_put_u8(&writer, (uint8_t)asset.kind);
    wire_put_u32(&writer, asset.item);
    wire_put_u64(&writer, lot);
    LB_ASSERT(!writer.overflow && writer.size == BOOK_BALANCE_KEY_BYTES);
    return writer.size;
}

bool book_row_decode(struct bytes key, struct bytes value, struct book_row *row)
{
    struct wire_reader key_reader = {.left = key};
    struct wire_reader value_reader = {.left = value};
    int account_kind = wire_get_u8(&key_reader);
    row->account.owner = wire_get_u64(&key_reader);
    int asset_kind = wire_get_u8(&key_reader);
    row->asset.item = wire_get_u32(&key_reader);
    row->lot = wire_get_u64(&key_reader);
    row->amount = wire_get_i64(&value_reader);
    if (!account_kind_is_known(account_kind) || asset_kind < ASSET_POINTS ||
        asset_kind > ASSET_GOODS) {
        return false;
    }
    row->account.kind = (enum account_kind)account_kind;
    row->asset.kind = (enum asset_kind)asset_kind;
    return wire_reader_is_done(&key_reader) && wire_reader_is_done(&value_reader) &&
           row->amount != 0;
}

void book_hint(struct views views, struct account account, struct asset asset)
{
    uint8_t key[BOOK_BALANCE_KEY_BYTES];
    size_t key_bytes = book_key_encode(account, asset, 0, key);
    views_hint(views, TABLE_BALANCE, bytes_of(key, key_bytes));
}

int64_t book_balance(struct views views, struct account account, struct asset asset, uint64_t lot)
{
    uint8_t key[BOOK_BALANCE_KEY_BYTES];
    size_t key_bytes = book_key_encode(account, asset, lot, key);
    struct bytes value;
    if (!views_get(views, TABLE_BALANCE, bytes_of(key, key_bytes), &value)) {
        return 0;
    }
    struct wire_reader reader = {.left = value};
    return wire_get_i64(&reader);
}

bool book_next_lot(struct views views, struct account account, struct asset asset, uint64_t lot_min,
                   struct book_row *row)
{
    uint8_t key[BOOK_BALANCE_KEY_BYTES];
    size_t key_bytes = book_key_encode(account, asset, lot_min, key);
    struct bytes found;
    struct bytes value;
    return views_seek_ge(views, TABLE_BALANCE, bytes_of(key, key_bytes),
                         ledger_family_bytes(TABLE_BALANCE), &found, &value) &&
           book_row_decode(found, value, row);
}

int64_t book_total(struct views views, struct account account, struct asset asset, uint64_t lot_min)
{
    int64_t total = 0;
    struct book_row row;
    while (book_next_lot(views, account, asset, lot_min, &row)) {
        if (!checked_add_i64(total, row.amount, &total)) {
            return row.amount > 0 ? INT64_MAX : -INT64_MAX;
        }
        if (row.lot == UINT64_MAX) {
            break;
        }
        lot_min = row.lot + 1;
    }
    return total;
}

int64_t book_balance_after(struct views views, const struct posting_list *list,
                           struct account account, struct asset asset, uint64_t lot)
{
    int64_t pending = posting_list_pending(list, account, asset, lot);
    int64_t after = book_balance(views, account, asset, lot);
    if (!checked_add_i64(after, pending, &after)) {
        return pending > 0 ? INT64_MAX : -INT64_MAX;
    }
    return after;
}

/* The first lot at or after *lot that has a row, or that the list moves. false: none. */
static bool next_lot_after(struct views views, const struct posting_list *list,
                           struct account account, struct asset asset, uint64_t *lot)
{
    struct book_row row = {.lot = 0};
    bool found = book_next_lot(views, account, asset, *lot, &row);
    for (size_t i = 0; i < list->count; i++) {
        const struct posting *posting = &list->items[i];
        if (account_equal(posting->account, account) && asset_equal(posting->asset, asset) &&
            posting->lot >= *lot && (!found || posting->lot < row.lot)) {
            row.lot = posting->lot;
            found = true;
        }
    }
    *lot = row.lot;
    return found;
}

int64_t book_spend(struct views views, struct posting_list *list, struct account from,
                   struct account to, struct asset asset, uint64_t lot_min, int64_t amount)
{
    LB_ASSERT(amount >= 0);
    int64_t missing = amount;
    uint64_t lot = lot_min;
    while (missing > 0 && next_lot_after(views, list, from, asset, &lot)) {
        int64_t there = book_balance_after(views, list, from, asset, lot);
        int64_t taken = there < missing ? there : missing;
        if (taken > 0) {
            posting_list_move(list, from, to, asset, lot, taken);
            missing -= taken;
        }
        if (lot == UINT64_MAX) {
            break;
        }
        lot++;
    }
    return missing;
}

void book_settle_debt(struct views views, struct posting_list *list, uint64_t member,
                      struct account issuer, uint64_t lot)
{
    struct account own = {ACCOUNT_MEMBER, member};
    struct account debt = {ACCOUNT_DEBT, member};
    int64_t earned = posting_list_pending(list, own, ASSET_OF_POINTS, lot);
    uint64_t lot_min = 0;
    struct book_row row;
    while (earned > 0 && book_next_lot(views, debt, ASSET_OF_POINTS, lot_min, &row)) {
        int64_t owed = -book_balance_after(views, list, debt, ASSET_OF_POINTS, row.lot);
        int64_t settled = owed < earned ? owed : earned;
        if (settled > 0 && row.lot == lot) {
            posting_list_move(list, own, debt, ASSET_OF_POINTS, lot, settled);
        } else if (settled > 0) {
            posting_list_move(list, own, issuer, ASSET_OF_POINTS, lot, settled);
            posting_list_move(list, issuer, debt, ASSET_OF_POINTS, row.lot, settled);
        }
        earned -= settled;
        if (row.lot == UINT64_MAX) {
            break;
        }
        lot_min = row.lot + 1;
    }
}

static bool sign_is_allowed(enum account_sign sign, int64_t balance)
{
    switch (sign) {
    case NOT_NEGATIVE:
        return balance >= 0;
    case NOT_POSITIVE:
        return balance <= 0;
    case EITHER_SIGN:
        return true;
    }
    return false;
}

static enum lb_result book_apply_posting(struct views views, const struct posting *posting)
{
    int64_t balance = book_balance(views, posting->account, posting->asset, posting->lot);
    if (!checked_add_i64(balance, posting->amount, &balance)) {
        return LB_AMOUNT_OVERFLOW;
    }
    if (!sign_is_allowed(account_kind_sign(posting->account.kind), balance)) {
        return LB_INTERNAL;
    }
    uint8_t key[BOOK_BALANCE_KEY_BYTES];
    size_t key_bytes = book_key_encode(posting->account, posting->asset, posting->lot, key);
    if (balance == 0) {
        views_del(views, TABLE_BALANCE, bytes_of(key, key_bytes));
        return LB_OK;
    }
    uint8_t value[8];
    struct wire_writer writer = {.data = value, .cap = sizeof(value)};
    wire_put_i64(&writer, balance);
    views_put(views, TABLE_BALANCE, bytes_of(key, key_bytes), bytes_of(value, writer.size));
    return LB_OK;
}

enum lb_result book_apply(struct views views, const struct posting *postings, size_t count)
{
    const struct posting_list list = {
        .items = (struct posting *)(uintptr_t)postings, .count = count, .cap = count};
    if (!posting_list_is_balanced(&list)) {
        return LB_INTERNAL;
    }
    enum lb_result result = LB_OK;
    for (size_t i = 0; i < count && result == LB_OK; i++) {
        result = book_apply_posting(views, &postings[i]);
    }
    /* After a fault every balance reads as zero: what that looks like says nothing. */
    enum lb_result fault = views_fault(views);
    return fault != LB_OK ? fault : result;
}
