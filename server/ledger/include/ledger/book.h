/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The book: balances by account, asset and lot, and the acts that move them. Every act works out
 * postings into a list; only book_apply changes balances. Pure: reads and writes through `views`.
 *
 * Row of TABLE_BALANCE: key account kind u8, owner u64, asset kind u8, item u32, lot u64;
 * value amount i64. A balance of zero has no row.
 */
#ifndef LEDGER_BOOK_H
#define LEDGER_BOOK_H

#include "ledger/posting.h"
#include "ledger/views.h"

#define BOOK_BALANCE_KEY_BYTES 22

/* A row of the balance table; false when it is not one. For verify and queries. */
struct book_row {
    struct account account;
    struct asset asset;
    uint64_t lot;
    int64_t amount;
};
LB_MUST_CHECK bool book_row_decode(struct bytes key, struct bytes value, struct book_row *row);
size_t book_key_encode(struct account account, struct asset asset, uint64_t lot,
                       uint8_t key[BOOK_BALANCE_KEY_BYTES]);

int64_t book_balance(struct views views, struct account account, struct asset asset, uint64_t lot);
/* All lots will be read: views_hint. */
void book_hint(struct views views, struct account account, struct asset asset);
/* Sum of the lots from lot_min on. Saturates at INT64_MAX and -INT64_MAX. */
int64_t book_total(struct views views, struct account account, struct asset asset,
                   uint64_t lot_min);
/* What the account would have once the list is booked. Saturates likewise. */
int64_t book_balance_after(struct views views, const struct posting_list *list,
                           struct account account, struct asset asset, uint64_t lot);
/* First row of that account and asset at or after lot_min. false: none. */
bool book_next_lot(struct views views, struct account account, struct asset asset, uint64_t lot_min,
                   struct book_row *row);

/*
 * Moves amount out of the lots from lot_min on, lowest first, each into the same lot of `to`,
 * taking into account what the list has moved already, in or out. Returns what was missing, 0 if
 * all was there; the list holds what was moved.
 */
int64_t book_spend(struct views views, struct posting_list *list, struct account from,
                   struct account to, struct asset asset, uint64_t lot_min, int64_t amount);

/*
 * Settles debt of the member out of what the list has just put into the member's points of lot
 * `lot`, oldest debt first, crossing lots through the issuer.
 */
void book_settle_debt(struct views views, struct posting_list *list, uint64_t member,
                      struct account issuer, uint64_t lot);

/* Why a reversal cannot be: numbers for the refusal. */
struct book_obstacle {
    enum lb_result code; /* LB_OK, LB_POINTS_HELD, LB_GOODS_GONE, LB_NOT_REVERSIBLE */
    uint32_t item;       /* of goods gone */
    int64_t has;
    int64_t needs;
};

/*
 * The mirror of an entry's postings. Where a member's points are no longer all there, bridge
 * postings complete it in that lot: first from the member's expired, then from the member's debt.
 * Refused when points needed are held, or goods have gone on.
 */
struct book_obstacle book_mirror(struct views views, struct posting_list *list,
                                 const struct posting *originals, size_t original_count);

/*
 * Changes the balances. LB_OK, LB_AMOUNT_OVERFLOW, or LB_INTERNAL when the list is not balanced or
 * an account would get a sign that its kind may not have: a bug of the caller; or the fault of the
 * views. On anything but LB_OK the views may be half changed: roll back.
 */
LB_MUST_CHECK enum lb_result book_apply(struct views views, const struct posting *postings,
                                        size_t count);

#endif
