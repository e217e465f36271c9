/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A book in memory and the words in which tests speak of it: postings as rows of a table, entries
 * made, checked, booked and reversed. After every entry the whole book is checked: sums and signs.
 * Single thread.
 */
#ifndef TESTS_UNIT_LEDGER_ACTS_FOR_TESTS_H
#define TESTS_UNIT_LEDGER_ACTS_FOR_TESTS_H

#include "ledger/book.h"
#include "lovebank/limits.h"
#include "views_for_tests.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* Who and what the tests speak of. */
#define COMMUNITY     UINT64_C(440106001001)
#define STREET        UINT64_C(440106001000)
#define WANG          UINT64_C(1)
#define LI            UINT64_C(2)
#define ZHAO          UINT64_C(3)
#define COUNTER       UINT64_C(1)
#define OTHER_COUNTER UINT64_C(2)
#define RICE          UINT32_C(10)
#define OIL           UINT32_C(11)
/* Lots of points: the 31st of December of three years. */
#define END_2016 UINT64_C(17166)
#define END_2017 UINT64_C(17531)
#define END_2018 UINT64_C(17896)

/* One posting, as a row of the tables in docs/storage-format.md. */
#define POINTS(kind, owner, lot, amount) \
    ((struct posting){{ACCOUNT_##kind, (owner)}, ASSET_OF_POINTS, (lot), (amount)})
#define MINUTES(kind, owner, year, amount) \
    ((struct posting){{ACCOUNT_##kind, (owner)}, ASSET_OF_MINUTES, (year), (amount)})
#define GOODS(kind, owner, item, lot, amount) \
    ((struct posting){{ACCOUNT_##kind, (owner)}, {ASSET_GOODS, (item)}, (lot), (amount)})

struct test_book {
    struct map_views map;
    struct views views;
    struct posting items[LB_ENTRY_POSTINGS_MAX];
    struct posting_list list; /* of the entry being made */
    struct posting last[LB_ENTRY_POSTINGS_MAX];
    size_t last_count; /* of the entry booked last */
};

/* The rows of a table of postings as two arguments: array, count. */
#define ROWS(...)                          \
    (const struct posting[]){__VA_ARGS__}, \
        sizeof((const struct posting[]){__VA_ARGS__}) / sizeof(struct posting)

static inline int book_setup(void **state)
{
    struct test_book *book = calloc(1, sizeof(*book));
    if (book == NULL) {
        return -1;
    }
    book->views = map_views_init(&book->map);
    posting_list_init(&book->list, book->items, LB_ENTRY_POSTINGS_MAX);
    *state = book;
    return 0;
}

static inline int book_teardown(void **state)
{
    struct test_book *book = *state;
    map_views_fini(&book->map);
    free(book);
    return 0;
}

#define BOOK_TEST(test) cmocka_unit_test_setup_teardown(test, book_setup, book_teardown)

static inline struct account account_of(enum account_kind kind, uint64_t owner)
{
    return (struct account){kind, owner};
}

/* Starts the next entry. */
static inline struct posting_list *entry_begin(struct test_book *book)
{
    posting_list_init(&book->list, book->items, LB_ENTRY_POSTINGS_MAX);
    return &book->list;
}

/* The entry being made has exactly these postings, in any order. */
static inline void entry_is(const struct test_book *book, const struct posting *rows, size_t count)
{
    assert_false(book->list.failed);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(
            posting_list_pending(&book->list, rows[i].account, rows[i].asset, rows[i].lot),
            rows[i].amount);
    }
    assert_int_equal(book->list.count, count);
}

static inline bool sign_is_good(enum account_kind kind, int64_t amount)
{
    switch (account_kind_sign(kind)) {
    case NOT_NEGATIVE:
        return amount >= 0;
    case NOT_POSITIVE:
        return amount <= 0;
    case EITHER_SIGN:
        return true;
    }
    return false;
}

/* Every row is whole and has a sign its account may have; every asset and lot sums to zero. */
static inline void book_is_sound(const struct test_book *book)
{
    struct posting sums[LB_ENTRY_POSTINGS_MAX];
    struct posting_list list;
    posting_list_init(&list, sums, LB_ENTRY_POSTINGS_MAX);
    struct ordered_place place;
    bool more = ordered_seek_ge(&book->map.tables[TABLE_BALANCE], bytes_of(NULL, 0), &place);
    for (; more; more = ordered_next(&place)) {
        struct book_row row;
        assert_true(book_row_decode(place.key, place.value, &row));
        assert_true(sign_is_good(row.account.kind, row.amount));
        posting_list_add(&list, account_of(ACCOUNT_CLEARING, 0), row.asset, row.lot, row.amount);
    }
    assert_false(list.failed);
    assert_int_equal(list.count, 0);
}

/* Books the entry being made. */
static inline void entry_book(struct test_book *book)
{
    assert_true(posting_list_is_balanced(&book->list));
    assert_int_equal(book_apply(book->views, book->list.items, book->list.count), LB_OK);
    assert_int_equal(views_fault(book->views), LB_OK);
    book->last_count = book->list.count;
    for (size_t i = 0; i < book->list.count; i++) {
        book->last[i] = book->list.items[i];
    }
    book_is_sound(book);
}

/* Makes and books an entry of these postings. */
static inline void entry_of(struct test_book *book, const struct posting *rows, size_t count)
{
    struct posting_list *list = entry_begin(book);
    for (size_t i = 0; i < count; i++) {
        posting_list_add(list, rows[i].account, rows[i].asset, rows[i].lot, rows[i].amount);
    }
    entry_book(book);
}

/* The row's amount is the balance of its account, asset and lot. */
static inline void balances_are(const struct test_book *book, const struct posting *rows,
                                size_t count)
{
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(book_balance(book->views, rows[i].account, rows[i].asset, rows[i].lot),
                         rows[i].amount);
    }
}

/* Wang's community gives points and minutes for a service: what most tests begin with. */
static inline void entry_earn(struct test_book *book, uint64_t member, uint64_t lot, int64_t centi)
{
    entry_of(book,
             ROWS(POINTS(ISSUER, COMMUNITY, lot, -centi), POINTS(MEMBER, member, lot, centi)));
}

#endif
