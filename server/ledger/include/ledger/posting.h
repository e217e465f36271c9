/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Postings: who, of what, in which lot, how much. The whole vocabulary of the double-entry book.
 * Knows no member, tariff or price. Pure; safe from any thread.
 *
 * Lots are spent in ascending order, so "first to expire goes first" is the order of numbers:
 *   points   the last civil day to spend on, LOT_NEVER if none
 *   minutes  the year the service was given in
 *   goods    best-before day (LOT_NEVER if none) * 2^32 + number of the delivery
 */
#ifndef LEDGER_POSTING_H
#define LEDGER_POSTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Numbers are stored: fixed, never reused. Sign: which balances an account may have. */
#define ACCOUNT_KIND_LIST(X)                                  \
    X(MEMBER, 1, NOT_NEGATIVE)           /* owner: member */  \
    X(HELD, 2, NOT_NEGATIVE)             /* owner: member */  \
    X(DEBT, 3, NOT_POSITIVE)             /* owner: member */  \
    X(ISSUER, 4, NOT_POSITIVE)           /* owner: org */     \
    X(REDEEMED, 5, NOT_NEGATIVE)         /* owner: counter */ \
    X(EXPIRED, 6, NOT_NEGATIVE)          /* owner: member */  \
    X(POOL, 7, NOT_NEGATIVE)             /* owner: org */     \
    X(OPENING, 8, NOT_POSITIVE)          /* owner: org */     \
    X(STOCK, 9, NOT_NEGATIVE)            /* owner: counter */ \
    X(DONOR, 10, NOT_POSITIVE)           /* owner: counter */ \
    X(HANDED_OUT, 11, NOT_NEGATIVE)      /* owner: counter */ \
    X(WRITTEN_OFF, 12, NOT_NEGATIVE)     /* owner: counter */ \
    X(STOCK_DIFFERENCE, 13, EITHER_SIGN) /* owner: counter */ \
    X(CLEARING, 14, EITHER_SIGN)         /* owner: org */

enum account_kind {
#define X(symbol, number, sign) ACCOUNT_##symbol = (number),
    ACCOUNT_KIND_LIST(X)
#undef X
};

enum account_sign { NOT_NEGATIVE, NOT_POSITIVE, EITHER_SIGN };

enum asset_kind {
    ASSET_POINTS = 1,  /* 1/100 point */
    ASSET_MINUTES = 2, /* minutes */
    ASSET_GOODS = 3,   /* pieces of one item */
};

#define LOT_NEVER UINT64_C(0xffffffff)

struct account {
    enum account_kind kind;
    uint64_t owner;
};

struct asset {
    enum asset_kind kind;
    uint32_t item; /* goods only, else 0 */
};

#define ASSET_OF_POINTS  ((struct asset){ASSET_POINTS, 0})
#define ASSET_OF_MINUTES ((struct asset){ASSET_MINUTES, 0})

struct posting {
    struct account account;
    struct asset asset;
    uint64_t lot;
    int64_t amount;
};

/*
 * The postings of one entry while it is being made. Items is the caller's memory.
 * Invariant: no two items have the same account, asset and lot; none has amount 0.
 * `failed` is sticky: cap reached or an amount overflowed; then the list must not be used.
 */
struct posting_list {
    struct posting *items;
    size_t count;
    size_t cap;
    bool failed;
};

bool account_kind_is_known(int number);
enum account_sign account_kind_sign(enum account_kind kind);
bool account_equal(struct account a, struct account b);
bool asset_equal(struct asset a, struct asset b);
uint64_t lot_of_goods(uint64_t best_before_day, uint32_t delivery);

void posting_list_init(struct posting_list *list, struct posting *items, size_t cap);
/* Adds to the posting of the same account, asset and lot, if there is one. */
void posting_list_add(struct posting_list *list, struct account account, struct asset asset,
                      uint64_t lot, int64_t amount);
/* Two postings: amount (above 0) goes from one account to the other, in one lot. */
void posting_list_move(struct posting_list *list, struct account from, struct account to,
                       struct asset asset, uint64_t lot, int64_t amount);
/* What the list changes in that account, asset and lot. */
int64_t posting_list_pending(const struct posting_list *list, struct account account,
                             struct asset asset, uint64_t lot);
/* For every asset and lot the amounts sum to zero, none is zero, kinds are known, and an item
 * stands with goods only. */
bool posting_list_is_balanced(const struct posting_list *list);

#endif
