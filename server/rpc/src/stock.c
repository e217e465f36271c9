/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * stock: the lots of goods at one counter or at all, by counter, item and lot.
 */
#include "call.h"

#include "bank/records.h"
#include "ledger/book.h"
#include "lovebank/v1/queries.pb-c.h"

/* The first row of goods at a counter, from that place of the balance table on. */
static bool next_stock(struct views views, struct account account, struct asset asset, uint64_t lot,
                       struct book_row *row)
{
    uint8_t key[BOOK_BALANCE_KEY_BYTES];
    struct bytes found;
    struct bytes value;
    const size_t size = book_key_encode(account, asset, lot, key);
    return views_seek_ge(views, TABLE_BALANCE, bytes_of(key, size), 0, &found, &value) &&
           book_row_decode(found, value, row) && row->account.kind == ACCOUNT_STOCK;
}

static bool stock_add(struct rpc_call *call, const struct book_row *row, struct rpc_rows *rows)
{
    struct delivery_row delivery;
    Lovebank__V1__StockRow *to = rpc_rows_add(call, rows, &lovebank__v1__stock_row__descriptor);
    if (to == NULL) {
        return false;
    }
    to->counter = (uint32_t)row->account.owner;
    to->item = row->asset.item;
    to->lot = row->lot;
    to->quantity = row->amount;
    /* A lot's low half is its delivery. */
    if (delivery_get(call->view.bank.views, (uint32_t)row->lot, &delivery)) {
        to->delivery_entry = delivery.entry;
    }
    return true;
}

enum lb_result rpc_stock(struct rpc_call *call)
{
    const Lovebank__V1__StockRequest *request = (const Lovebank__V1__StockRequest *)call->request;
    const struct views views = call->view.bank.views;
    struct counter_row counter;
    if (request->counter != 0 && !counter_get(views, request->counter, &counter)) {
        const struct verdict unknown = {.code = LB_COUNTER_UNKNOWN, .a = request->counter};
        return rpc_call_fail(call, unknown);
    }
    Lovebank__V1__StockResponse *response = rpc_call_respond(call);
    if (response == NULL) {
        return LB_MEMORY;
    }
    struct rpc_rows rows = {0};
    struct book_row row = {
        .account = {ACCOUNT_STOCK, request->counter},
        .asset = {ASSET_GOODS, 0},
    };
    while (next_stock(views, row.account, row.asset, row.lot, &row) &&
           (request->counter == 0 || row.account.owner == request->counter)) {
        if (!stock_add(call, &row, &rows)) {
            return LB_MEMORY;
        }
        row.lot++;
    }
    response->rows = (Lovebank__V1__StockRow **)rows.items;
    response->n_rows = rows.count;
    return LB_OK;
}
