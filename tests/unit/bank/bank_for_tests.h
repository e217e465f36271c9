/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A whole bank in memory for tests: views over one ordered map, a log of kept entries, and
 * test_do, which checks, decides and applies as the engine does. Its port stops the test when
 * deciding writes, and can be made to fail at the nth access. Not the engine: no groups, no bytes.
 * One thread.
 */
#ifndef BANK_FOR_TESTS_H
#define BANK_FOR_TESTS_H

#include "bank/bank.h"
#include "bank/records.h"
#include "base/arena.h"
#include "base/assert.h"
#include "base/ordered.h"
#include "ledger/book.h"
#include "lovebank/card.h"

#include <stdio.h>
#include <stdlib.h>

#define TEST_ENTRIES_MAX 4096
#define TEST_START       16801 /* 2016-01-01 */
#define TEST_TODAY       17166 /* 2016-12-31 */

struct test_bank {
    struct ordered rows; /* key: table u8, key */
    struct arena texts;
    struct entry *log[TEST_ENTRIES_MAX + 1]; /* by number */
    struct entry got;                        /* what the log gave last: it dies with the next one */
    uint64_t head;
    uint64_t next_id;
    int32_t today_day;
    struct actor actor; /* who asks */
    int64_t passed_ms;  /* beside the second that each entry takes */
    struct posting scratch[LB_ENTRY_POSTINGS_MAX];
    struct entry last; /* the last decision, kept or not */
    bool no_apply;     /* decide only */
    bool is_deciding;  /* nothing may be written */
    uint64_t accesses; /* of the views, so far */
    uint64_t reads;    /* of these: gets and seeks */
    uint64_t fail_at;  /* the access that fails, 1 first, and all after it; 0: none */
};

/* Counts an access; false: it fails. */
static inline bool test_access(struct test_bank *test)
{
    test->accesses++;
    return test->fail_at == 0 || test->accesses < test->fail_at;
}

static inline bool test_read(struct test_bank *test)
{
    test->reads++;
    return test_access(test);
}

static inline struct bytes test_row_key(enum ledger_table table, struct bytes key,
                                        uint8_t buffer[LEDGER_KEY_BYTES_MAX + 1])
{
    buffer[0] = (uint8_t)table;
    memcpy(buffer + 1, key.data, key.size);
    return bytes_of(buffer, key.size + 1);
}

static inline bool test_found(bool found, enum ledger_table table,
                              const struct ordered_place *place, struct bytes *found_key,
                              struct bytes *value)
{
    if (!found || place->key.data[0] != (uint8_t)table) {
        return false;
    }
    *found_key = bytes_of(place->key.data + 1, place->key.size - 1);
    *value = place->value;
    return true;
}

static inline bool test_get(void *context, enum ledger_table table, struct bytes key,
                            struct bytes *value)
{
    struct test_bank *test = context;
    uint8_t buffer[LEDGER_KEY_BYTES_MAX + 1];
    struct ordered_place place;
    struct bytes unused;
    return test_read(test) &&
           test_found(ordered_get(&test->rows, test_row_key(table, key, buffer), &place), table,
                      &place, &unused, value);
}

static inline bool test_seek_ge(void *context, enum ledger_table table, struct bytes key,
                                size_t within, struct bytes *found_key, struct bytes *value)
{
    struct test_bank *test = context;
    uint8_t buffer[LEDGER_KEY_BYTES_MAX + 1];
    struct ordered_place place;
    return test_read(test) &&
           test_found(ordered_seek_ge(&test->rows, test_row_key(table, key, buffer), &place), table,
                      &place, found_key, value) &&
           bytes_has_prefix(*found_key, bytes_of(key.data, within));
}

static inline bool test_seek_le(void *context, enum ledger_table table, struct bytes key,
                                size_t within, struct bytes *found_key, struct bytes *value)
{
    struct test_bank *test = context;
    uint8_t buffer[LEDGER_KEY_BYTES_MAX + 1];
    struct ordered_place place;
    return test_read(test) &&
           test_found(ordered_seek_le(&test->rows, test_row_key(table, key, buffer), &place), table,
                      &place, found_key, value) &&
           bytes_has_prefix(*found_key, bytes_of(key.data, within));
}

static inline void test_put(void *context, enum ledger_table table, struct bytes key,
                            struct bytes value)
{
    struct test_bank *test = context;
    uint8_t buffer[LEDGER_KEY_BYTES_MAX + 1];
    LB_ASSERT(!test->is_deciding);
    if (test_access(test)) {
        LB_ASSERT(ordered_put(&test->rows, test_row_key(table, key, buffer), value));
    }
}

static inline void test_del(void *context, enum ledger_table table, struct bytes key)
{
    struct test_bank *test = context;
    uint8_t buffer[LEDGER_KEY_BYTES_MAX + 1];
    LB_ASSERT(!test->is_deciding);
    if (test_access(test)) {
        ordered_remove(&test->rows, test_row_key(table, key, buffer));
    }
}

static inline enum lb_result test_fault(const void *context)
{
    const struct test_bank *test = context;
    return test->fail_at == 0 || test->accesses < test->fail_at ? LB_OK : LB_STORAGE_FAULT;
}

static const struct views_ops test_views_ops = {
    .get = test_get,
    .seek_ge = test_seek_ge,
    .seek_le = test_seek_le,
    .put = test_put,
    .del = test_del,
    .fault = test_fault,
};

static inline const struct entry *test_log_get(void *context, uint64_t number)
{
    struct test_bank *test = context;
    memset(&test->got, 0xee, sizeof(test->got));
    if (number == 0 || number > test->head) {
        return NULL;
    }
    test->got = *test->log[number];
    return &test->got;
}

static inline uint64_t test_log_find(void *context, const struct id *id)
{
    struct test_bank *test = context;
    for (uint64_t number = 1; number <= test->head; number++) {
        if (id_equal(&test->log[number]->command.id, id)) {
            return number;
        }
    }
    return 0;
}

static inline struct bank test_bank_port(struct test_bank *test)
{
    return (struct bank){
        .views = {&test_views_ops, test},
        .log = {.get = test_log_get, .find_request = test_log_find, .context = test}};
}

static inline struct test_bank *test_bank_new(void)
{
    struct test_bank *test = calloc(1, sizeof(*test));
    LB_ASSERT(test != NULL);
    ordered_init(&test->rows, arena_memory_heap());
    arena_init(&test->texts, arena_memory_heap(), 64u << 20);
    test->today_day = TEST_TODAY;
    test->actor = (struct actor){.peer = 1001, .is_trusted = true};
    return test;
}

static inline void test_bank_free(struct test_bank *test)
{
    for (uint64_t number = 1; number <= test->head; number++) {
        free(test->log[number]->postings.items);
        free(test->log[number]);
    }
    ordered_fini(&test->rows);
    arena_fini(&test->texts);
    free(test);
}

/* A fresh id, never zero. */
static inline struct id test_id(struct test_bank *test)
{
    struct id id = {{0}};
    uint64_t number = ++test->next_id;
    memcpy(id.bytes, &number, sizeof(number));
    return id;
}

/* Kept as the engine keeps it: postings copied, folded in, balances filled in. */
static inline void test_keep(struct test_bank *test)
{
    struct bank bank = test_bank_port(test);
    LB_ASSERT(test->head < TEST_ENTRIES_MAX);
    struct entry *kept = malloc(sizeof(*kept));
    LB_ASSERT(kept != NULL);
    *kept = test->last;
    kept->postings.items = malloc((kept->postings.count + 1) * sizeof(struct posting));
    LB_ASSERT(kept->postings.items != NULL);
    memcpy(kept->postings.items, test->scratch, kept->postings.count * sizeof(struct posting));
    kept->postings.cap = kept->postings.count;
    test->log[++test->head] = kept;
    enum lb_result result = bank_apply(&bank, kept);
    LB_ASSERT(result == LB_OK);
    bank_fill_balances(&bank, kept);
    memcpy(test->last.balances, kept->balances, sizeof(kept->balances));
    const char *problem = bank_entry_problem(kept);
    if (problem != NULL) {
        fprintf(stderr, "entry %llu: %s\n", (unsigned long long)kept->number, problem);
    }
    LB_ASSERT(problem == NULL);
}

/* Checks, decides, and keeps what is to be recorded. Gives test->last, whose verdict tells. */
static inline const struct entry *test_do(struct test_bank *test, struct command command)
{
    struct bank bank = test_bank_port(test);
    struct verdict form;
    if (id_is_zero(&command.id)) {
        command.id = test_id(test);
    }
    form = bank_command_check(&command);
    test->last = (struct entry){.verdict = form};
    posting_list_init(&test->last.postings, test->scratch, LB_ENTRY_POSTINGS_MAX);
    if (form.code != LB_OK) {
        return &test->last;
    }
    const struct bank_context context = {.next_entry = test->head + 1,
                                         .now_ms =
                                             (int64_t)(test->head + 1) * 1000 + test->passed_ms,
                                         .today_day = test->today_day,
                                         .actor = test->actor};
    test->is_deciding = true;
    bank_decide(&bank, &context, &command, &test->last);
    test->is_deciding = false;
    bool is_kept =
        test->last.verdict.code == LB_OK || lb_result_is_recorded((int)test->last.verdict.code);
    if (is_kept && !test->no_apply) {
        test_keep(test);
    }
    return &test->last;
}

/* Short ways to the usual acts. Days are day numbers; DAY_NONE is today. */

static inline const struct entry *test_open_org(struct test_bank *test, uint64_t org,
                                                uint64_t parent, int32_t day)
{
    return test_do(test, (struct command){.kind = ACT_ORG_OPEN,
                                          .day = day,
                                          .act.org_open = {.org = org,
                                                           .parent = parent,
                                                           .kind = ORG_COMMUNITY,
                                                           .name = BYTES_LITERAL("社区")}});
}

static inline const struct entry *test_set_tariff(struct test_bank *test, uint32_t category,
                                                  int64_t points_per_hour_centi, int32_t day)
{
    return test_do(
        test, (struct command){.kind = ACT_TARIFF_SET,
                               .day = day,
                               .act.tariff_set = {.category = category,
                                                  .name = BYTES_LITERAL("家政"),
                                                  .points_per_hour_centi = points_per_hour_centi,
                                                  .coefficient_permille = 1000,
                                                  .rounding_minutes = 30,
                                                  .expiry_kind = EXPIRY_NEVER,
                                                  .day_minutes_max = 600}});
}

static inline const struct entry *test_set_item(struct test_bank *test, uint32_t item,
                                                enum item_kind kind, int64_t price_centi,
                                                int32_t day)
{
    return test_do(test, (struct command){.kind = ACT_ITEM_SET,
                                          .day = day,
                                          .act.item_set = {.item = item,
                                                           .kind = kind,
                                                           .name = BYTES_LITERAL("大米"),
                                                           .unit = BYTES_LITERAL("袋"),
                                                           .price_centi = price_centi}});
}

static inline const struct entry *test_register(struct test_bank *test, uint64_t member,
                                                uint64_t org, uint64_t card, int32_t day)
{
    return test_do(
        test, (struct command){.kind = ACT_MEMBER_REGISTER,
                               .day = day,
                               .act.member_register = {.member = member,
                                                       .org = org,
                                                       .card = card,
                                                       .person = {.name = BYTES_LITERAL("张三"),
                                                                  .birth_day = DAY_NONE}}});
}

static inline const struct entry *test_record(struct test_bank *test, uint64_t member,
                                              uint32_t category, uint32_t minutes,
                                              int32_t start_minute, int32_t day)
{
    return test_do(test, (struct command){.kind = ACT_SERVICE_RECORD,
                                          .day = day,
                                          .act.service_record = {.member = {.member = member},
                                                                 .category = category,
                                                                 .minutes = minutes,
                                                                 .start_minute = start_minute}});
}

static inline const struct entry *test_receive(struct test_bank *test, uint32_t counter,
                                               uint32_t item, int64_t quantity,
                                               int32_t best_before_day, int32_t day)
{
    struct command command = {.kind = ACT_STOCK_RECEIVE, .day = day};
    command.act.stock_receive = (struct act_stock_receive){.counter = counter, .line_count = 1};
    command.act.stock_receive.lines[0] = (struct stock_line){item, quantity, best_before_day};
    return test_do(test, command);
}

static inline const struct entry *test_redeem(struct test_bank *test, uint64_t member,
                                              uint32_t counter, uint32_t item, int64_t quantity,
                                              int32_t day)
{
    struct command command = {.kind = ACT_REDEEM, .day = day};
    command.act.redeem =
        (struct act_redeem){.member = {.member = member}, .counter = counter, .line_count = 1};
    command.act.redeem.lines[0] = (struct redeem_line){item, quantity};
    return test_do(test, command);
}

static inline const struct entry *test_ask(struct test_bank *test, uint64_t member,
                                           uint32_t counter, uint32_t item, int64_t quantity,
                                           int32_t day)
{
    return test_do(test, (struct command){.kind = ACT_SERVICE_ASK,
                                          .day = day,
                                          .act.service_ask = {.member = {.member = member},
                                                              .counter = counter,
                                                              .item = item,
                                                              .quantity = quantity}});
}

static inline const struct entry *test_reverse(struct test_bank *test, uint64_t entry, int32_t day)
{
    return test_do(test, (struct command){.kind = ACT_REVERSE,
                                          .day = day,
                                          .memo = BYTES_LITERAL("记错了"),
                                          .act.reverse = {.entry = entry}});
}

static inline const struct entry *test_release(struct test_bank *test, uint64_t ask, int32_t day)
{
    return test_do(test, (struct command){.kind = ACT_SERVICE_RELEASE,
                                          .day = day,
                                          .act.service_release = {.entry = ask}});
}

/* Giver 0: none; then category and minutes are left out. */
static inline const struct entry *test_give(struct test_bank *test, uint64_t ask, uint64_t giver,
                                            uint32_t minutes, int32_t day)
{
    return test_do(test, (struct command){.kind = ACT_SERVICE_GIVE,
                                          .day = day,
                                          .act.service_give = {.ask = {.entry = ask},
                                                               .giver = {.member = giver},
                                                               .category = giver == 0 ? 0 : 1,
                                                               .minutes = minutes,
                                                               .start_minute = -1}});
}

/* One org 1, category 1 (10 points an hour), goods 1 (20 points) and service 2 (15 points),
 * counter 1 with 10 pieces of goods 1, members 1 and 2, all from 2016-01-01. */
static inline struct test_bank *test_bank_new_street(void)
{
    const int32_t start = TEST_START;
    struct test_bank *test = test_bank_new();
    LB_ASSERT(test_open_org(test, 1, 0, start)->verdict.code == LB_OK);
    LB_ASSERT(test_set_tariff(test, 1, 1000, start)->verdict.code == LB_OK);
    LB_ASSERT(test_set_item(test, 1, ITEM_GOODS, 2000, start)->verdict.code == LB_OK);
    LB_ASSERT(test_set_item(test, 2, ITEM_SERVICE, 1500, start)->verdict.code == LB_OK);
    LB_ASSERT(test_do(test, (struct command){.kind = ACT_COUNTER_OPEN,
                                             .day = start,
                                             .act.counter_open = {.counter = 1,
                                                                  .org = 1,
                                                                  .name = BYTES_LITERAL("超市")}})
                  ->verdict.code == LB_OK);
    LB_ASSERT(test_receive(test, 1, 1, 10, DAY_NONE, start)->verdict.code == LB_OK);
    LB_ASSERT(test_register(test, 1, 1, lb_card_of_serial(1), start)->verdict.code == LB_OK);
    LB_ASSERT(test_register(test, 2, 1, 0, start)->verdict.code == LB_OK);
    return test;
}

static inline int64_t test_held(struct test_bank *test, uint64_t member)
{
    return book_total(test_bank_port(test).views, (struct account){ACCOUNT_HELD, member},
                      ASSET_OF_POINTS, 0);
}

static inline int64_t test_stock(struct test_bank *test, uint32_t counter, uint32_t item)
{
    return book_total(test_bank_port(test).views, (struct account){ACCOUNT_STOCK, counter},
                      (struct asset){ASSET_GOODS, item}, 0);
}

static inline int64_t test_points(struct test_bank *test, uint64_t member)
{
    return book_total(test_bank_port(test).views, (struct account){ACCOUNT_MEMBER, member},
                      ASSET_OF_POINTS, 0);
}

#endif
