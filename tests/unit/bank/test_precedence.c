/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Which refusal is given. Every way to spoil a command stands in one table; each must give its own
 * code alone, and any two that can be had at once the one that goes first in the result list.
 */
#include "samples_for_tests.h"

#include "base/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* Made by make_bank beside what the samples have. */
#define DEBTOR       4 /* owes 20 points */
#define CLOSED       5
#define LATE         6 /* joined the day after SAMPLE_DAY */
#define CLOSED_ORG   4
#define CARD_BLOCKED lb_card_of_serial(70) /* member 2's */
#define FREE_GOODS   5                     /* cost nothing, none there */
#define DEAR_GOODS   6                     /* one there */
#define LATE_GOODS   7                     /* no price before the day after SAMPLE_DAY */
#define LATE_TARIFF  7
#define FULL_MINUTE  1200 /* member 2 serves 25 minutes from here on SAMPLE_DAY */

static struct test_bank *test;

static void must(const struct entry *entry)
{
    LB_ASSERT(entry->verdict.code == LB_OK);
}

static void card(enum act_kind kind, uint64_t member, uint64_t number)
{
    must(test_do(test, (struct command){.kind = kind,
                                        .day = SAMPLE_DAY,
                                        .act.card = {.member = member, .card = number}}));
}

static void make_members(void)
{
    must(test_register(test, DEBTOR, 1, 0, TEST_START));
    must(test_register(test, CLOSED, 1, 0, TEST_START));
    must(test_register(test, LATE, 1, 0, SAMPLE_DAY + 1));
    must(test_record(test, DEBTOR, 1, 120, -1, SAMPLE_DAY));
    uint64_t earned = test->head;
    must(test_redeem(test, DEBTOR, 1, 1, 1, SAMPLE_DAY));
    must(test_reverse(test, earned, SAMPLE_DAY));
    must(test_do(
        test,
        (struct command){.kind = ACT_MEMBER_CLOSE, .day = SAMPLE_DAY, .act.member_close = CLOSED}));
    card(ACT_CARD_ISSUE, 2, CARD_BLOCKED);
    card(ACT_CARD_BLOCK, 0, CARD_BLOCKED);
    must(test_record(test, 2, 1, 25, FULL_MINUTE, SAMPLE_DAY));
}

static void make_bank(void)
{
    test = sample_bank_new();
    must(test_open_org(test, CLOSED_ORG, 1, TEST_START));
    must(test_do(test, (struct command){.kind = ACT_ORG_UPDATE,
                                        .day = TEST_START,
                                        .act.org_update = {.org = CLOSED_ORG, .close = true}}));
    must(test_set_item(test, FREE_GOODS, ITEM_GOODS, 0, TEST_START));
    must(test_set_item(test, DEAR_GOODS, ITEM_GOODS, 1000000, TEST_START));
    must(test_receive(test, 1, DEAR_GOODS, 1, DAY_NONE, TEST_START));
    must(test_set_item(test, LATE_GOODS, ITEM_GOODS, 1, SAMPLE_DAY + 1));
    must(test_set_tariff(test, LATE_TARIFF, 1, SAMPLE_DAY + 1));
    make_members();
}

/* What a spoiler touches: two that touch the same cannot be had at once. */
enum touched {
    MEMBER = 1,
    DAY = 2,
    WHAT = 4,
    ORG = 8,
    PARENT = 8,
    MINUTES = 16,
    START = 32,
    MEMO = 64,
    ENTRY = 128,
    CARD = 256,
    ACTIVITY = 512,
    CLASS = 512,
    COUNTER = 1024,
    STATUS = 2048,
    IMPORT = 4096,
    ADDS = 0, /* a line of its own: goes with every other */
};

struct spoiler {
    enum act_kind kind;
    enum lb_result code;
    unsigned touches;
    void (*spoil)(struct command *command);
};

/* Of every kind. */

static void memo_too_long(struct command *c)
{
    static const char text[LB_MEMO_BYTES_MAX + 1] = {0};
    c->memo = bytes_of(text, sizeof(text));
}

static void memo_invalid(struct command *c)
{
    c->memo = (struct bytes)BYTES_LITERAL("\xff");
}

static void day_ahead(struct command *c)
{
    c->day = TEST_TODAY + 1;
}

static void day_impossible(struct command *c)
{
    c->day = DATE_DAY_MAX + 1;
}

static void id_missing(struct command *c)
{
    c->id = (struct id){{0}};
}

static void import_unknown(struct command *c)
{
    c->import = 99;
}

#define SPOIL(name, statement)          \
    static void name(struct command *c) \
    {                                   \
        statement;                      \
    }

static void add_line(struct command *c, uint32_t item, int64_t quantity)
{
    struct act_redeem *act = &c->act.redeem;
    act->lines[act->line_count++] = (struct redeem_line){item, quantity};
}

static void add_goods(struct command *c, uint32_t item, int64_t quantity)
{
    struct act_stock_receive *act = &c->act.stock_receive;
    act->lines[act->line_count++] = (struct stock_line){item, quantity, DAY_NONE};
}

/* Redeem. */
SPOIL(redeem_unknown_member, c->act.redeem.member = (struct member_ref){.member = 99})
SPOIL(redeem_unknown_card,
      c->act.redeem.member = (struct member_ref){.card = lb_card_of_serial(99)})
SPOIL(redeem_wrong_card, c->act.redeem.member = (struct member_ref){.card = CARD_BLOCKED ^ 1})
SPOIL(redeem_blocked_card, c->act.redeem.member = (struct member_ref){.card = CARD_BLOCKED})
SPOIL(redeem_closed, c->act.redeem.member = (struct member_ref){.member = CLOSED})
SPOIL(redeem_late, c->act.redeem.member = (struct member_ref){.member = LATE})
SPOIL(redeem_debtor, c->act.redeem.member = (struct member_ref){.member = DEBTOR})
SPOIL(redeem_no_member, c->act.redeem.member = (struct member_ref){.member = 0})
SPOIL(redeem_unknown_counter, c->act.redeem.counter = 99)
SPOIL(redeem_unknown_item, add_line(c, 99, 1))
SPOIL(redeem_wrong_kind, add_line(c, 2, 1))
SPOIL(redeem_no_price, add_line(c, LATE_GOODS, 1))
SPOIL(redeem_no_stock, add_line(c, FREE_GOODS, 1))
SPOIL(redeem_too_dear, add_line(c, DEAR_GOODS, 1))
SPOIL(redeem_no_quantity, add_line(c, 1, 0))

/* Service record and give. */
SPOIL(record_unknown_member, c->act.service_record.member = (struct member_ref){.member = 99})
SPOIL(record_blocked_card, c->act.service_record.member = (struct member_ref){.card = CARD_BLOCKED})
SPOIL(record_closed, c->act.service_record.member = (struct member_ref){.member = CLOSED})
SPOIL(record_late, c->act.service_record.member = (struct member_ref){.member = LATE})
SPOIL(record_unknown_org, c->act.service_record.org = 99)
SPOIL(record_closed_org, c->act.service_record.org = CLOSED_ORG)
SPOIL(record_unknown_category, c->act.service_record.category = 99)
SPOIL(record_no_tariff, c->act.service_record.category = LATE_TARIFF)
SPOIL(record_unknown_activity, c->act.service_record.activity = 99)
SPOIL(record_no_minutes, c->act.service_record.minutes = 0)
SPOIL(record_too_long, c->act.service_record.minutes = 590)
SPOIL(record_overlap, c->act.service_record.start_minute = FULL_MINUTE + 10)
SPOIL(record_start_too_big, c->act.service_record.start_minute = 1440)
SPOIL(give_unknown_entry, c->act.service_give.ask.entry = 9999)
SPOIL(give_unknown_request, c->act.service_give.ask = (struct entry_ref){.request = {{0xee}}})
SPOIL(give_no_ask, c->act.service_give.ask.entry = SAMPLE_RECORD)
SPOIL(give_unknown_giver, c->act.service_give.giver = (struct member_ref){.member = 99})
SPOIL(give_unknown_card,
      c->act.service_give.giver = (struct member_ref){.card = lb_card_of_serial(99)})
SPOIL(give_closed, c->act.service_give.giver = (struct member_ref){.member = CLOSED})
SPOIL(give_late, c->act.service_give.giver = (struct member_ref){.member = LATE})
SPOIL(give_by_asker, c->act.service_give.giver = (struct member_ref){.member = 1})
SPOIL(give_unknown_category, c->act.service_give.category = 99)
SPOIL(give_no_tariff, c->act.service_give.category = LATE_TARIFF)
SPOIL(give_no_minutes, c->act.service_give.minutes = 0)
SPOIL(give_too_long, c->act.service_give.minutes = 590)
SPOIL(give_overlap, c->act.service_give.start_minute = FULL_MINUTE + 10)
SPOIL(give_too_early, c->day = SAMPLE_DAY - 1)

static void give_released(struct command *c)
{
    (void)c;
    must(test_release(test, SAMPLE_ASK, SAMPLE_DAY));
}

/* Registry. */
SPOIL(org_exists, c->act.org_open.org = SAMPLE_ORG)
SPOIL(org_unknown_parent, c->act.org_open.parent = 99)
SPOIL(org_closed_parent, c->act.org_open.parent = CLOSED_ORG)
SPOIL(move_unknown, c->act.org_update.org = 99)
SPOIL(move_closed, c->act.org_update.org = CLOSED_ORG)
SPOIL(move_unknown_parent, c->act.org_update.parent = 98)
SPOIL(move_cycle, c->act.org_update.parent = SAMPLE_ORG)
SPOIL(item_other_kind, c->act.item_set.item = 2)
SPOIL(receive_unknown_counter, c->act.stock_receive.counter = 99)
SPOIL(receive_unknown_item, add_goods(c, 99, 1))
SPOIL(receive_no_price, add_goods(c, LATE_GOODS, 1))
SPOIL(receive_wrong_kind, add_goods(c, 2, 1))
SPOIL(receive_no_quantity, add_goods(c, 1, 0))

/* As after 2^32 deliveries. */
static void receive_numbers_used_up(struct command *c)
{
    (void)c;
    uint8_t key[8];
    uint8_t value[8];
    struct wire_writer key_writer = {.data = key, .cap = sizeof(key)};
    struct wire_writer value_writer = {.data = value, .cap = sizeof(value)};
    wire_put_u64(&key_writer, SEQUENCE_DELIVERY);
    wire_put_u64(&value_writer, UINT32_MAX - 1);
    views_put(test_bank_port(test).views, TABLE_SEQUENCE, bytes_of(key, 8), bytes_of(value, 8));
}

/* Members and cards. */
SPOIL(register_exists, c->act.member_register.member = 1)
SPOIL(register_unknown_org, c->act.member_register.org = 99)
SPOIL(register_closed_org, c->act.member_register.org = CLOSED_ORG)
SPOIL(register_unknown_class, c->act.member_register.class_ids.items[0] = 99)
SPOIL(register_taken_card, c->act.member_register.card = lb_card_of_serial(1))
SPOIL(register_wrong_card, c->act.member_register.card ^= 1)
SPOIL(update_unknown, c->act.member_update.member = 99)
SPOIL(update_closed, c->act.member_update.member = CLOSED)
SPOIL(update_unknown_org, c->act.member_update.org = 99)
SPOIL(update_closed_org, c->act.member_update.org = CLOSED_ORG)
SPOIL(update_unknown_class, c->act.member_update.class_ids_add.items[0] = 99)
SPOIL(update_same_status, c->act.member_update.status = MEMBER_ACTIVE)
SPOIL(close_unknown, c->act.member_close = 99)
SPOIL(close_again, c->act.member_close = CLOSED)
SPOIL(close_too_early, c->act.member_close = LATE)
SPOIL(close_with_points, c->act.member_close = 1)
SPOIL(issue_unknown, c->act.card.member = 99)
SPOIL(issue_second, c->act.card.member = 1)
SPOIL(issue_closed, c->act.card.member = CLOSED)
SPOIL(issue_taken, c->act.card.card = lb_card_of_serial(1))
SPOIL(replace_unknown, c->act.card.card = lb_card_of_serial(99))
SPOIL(replace_blocked, c->act.card.card = CARD_BLOCKED)
SPOIL(replace_taken, c->act.card.new_card = lb_card_of_serial(1))

static void issue_blocked(struct command *c)
{
    must(test_do(test,
                 (struct command){.kind = ACT_MEMBER_UPDATE,
                                  .day = SAMPLE_DAY,
                                  .act.member_update = {.member = 2, .status = MEMBER_BLOCKED}}));
    (void)c;
}

/* Reversal. */
SPOIL(reverse_unknown, c->act.reverse.entry = 9999)
SPOIL(reverse_unknown_request, c->act.reverse = (struct entry_ref){.request = {{0xee}}})
SPOIL(reverse_registry, c->act.reverse.entry = 1)
SPOIL(reverse_delivery, c->act.reverse.entry = 6)
SPOIL(reverse_without_reason, c->memo.size = 0)

static void reverse_twice(struct command *c)
{
    must(test_reverse(test, c->act.reverse.entry, SAMPLE_DAY));
}

static void reverse_held(struct command *c)
{
    must(test_record(test, LATE, 1, 90, -1, SAMPLE_DAY + 1));
    c->act.reverse.entry = test->head;
    must(test_ask(test, LATE, 1, 2, 1, SAMPLE_DAY + 1));
}

static const struct spoiler spoilers[] = {
    {ACT_REDEEM, LB_TEXT_TOO_LONG, MEMO, memo_too_long},
    {ACT_REDEEM, LB_TEXT_INVALID, MEMO, memo_invalid},
    {ACT_REDEEM, LB_FIELD_MISSING, MEMBER, redeem_no_member},
    {ACT_REDEEM, LB_CARD_CHECK_DIGIT, MEMBER, redeem_wrong_card},
    {ACT_REDEEM, LB_DATE_INVALID, DAY, day_impossible},
    {ACT_REDEEM, LB_QUANTITY_INVALID, ADDS, redeem_no_quantity},
    {ACT_REDEEM, LB_DATE_IN_FUTURE, DAY, day_ahead},
    {ACT_REDEEM, LB_IMPORT_UNKNOWN, IMPORT, import_unknown},
    {ACT_REDEEM, LB_MEMBER_UNKNOWN, MEMBER, redeem_unknown_member},
    {ACT_REDEEM, LB_CARD_UNKNOWN, MEMBER, redeem_unknown_card},
    {ACT_REDEEM, LB_ITEM_UNKNOWN, ADDS, redeem_unknown_item},
    {ACT_REDEEM, LB_COUNTER_UNKNOWN, COUNTER, redeem_unknown_counter},
    {ACT_REDEEM, LB_PRICE_UNKNOWN, DAY, redeem_no_price},
    {ACT_REDEEM, LB_WRONG_ITEM_KIND, ADDS, redeem_wrong_kind},
    {ACT_REDEEM, LB_BEFORE_JOINED, MEMBER | DAY, redeem_late},
    {ACT_REDEEM, LB_MEMBER_CLOSED, MEMBER, redeem_closed},
    {ACT_REDEEM, LB_CARD_BLOCKED, MEMBER, redeem_blocked_card},
    {ACT_REDEEM, LB_IN_DEBT, MEMBER, redeem_debtor},
    {ACT_REDEEM, LB_POINTS_INSUFFICIENT, ADDS, redeem_too_dear},
    {ACT_REDEEM, LB_STOCK_INSUFFICIENT, ADDS, redeem_no_stock},
    {ACT_SERVICE_RECORD, LB_FIELD_MISSING, ADDS, id_missing},
    {ACT_SERVICE_RECORD, LB_FIELD_INVALID, START, record_start_too_big},
    {ACT_SERVICE_RECORD, LB_MINUTES_INVALID, MINUTES, record_no_minutes},
    {ACT_SERVICE_RECORD, LB_DATE_INVALID, DAY, day_impossible},
    {ACT_SERVICE_RECORD, LB_DATE_IN_FUTURE, DAY, day_ahead},
    {ACT_SERVICE_RECORD, LB_IMPORT_UNKNOWN, IMPORT, import_unknown},
    {ACT_SERVICE_RECORD, LB_ORG_UNKNOWN, ORG, record_unknown_org},
    {ACT_SERVICE_RECORD, LB_MEMBER_UNKNOWN, MEMBER, record_unknown_member},
    {ACT_SERVICE_RECORD, LB_CATEGORY_UNKNOWN, WHAT, record_unknown_category},
    {ACT_SERVICE_RECORD, LB_ACTIVITY_UNKNOWN, ACTIVITY, record_unknown_activity},
    {ACT_SERVICE_RECORD, LB_TARIFF_UNKNOWN, WHAT | DAY, record_no_tariff},
    {ACT_SERVICE_RECORD, LB_ORG_CLOSED, ORG, record_closed_org},
    {ACT_SERVICE_RECORD, LB_BEFORE_JOINED, MEMBER | DAY, record_late},
    {ACT_SERVICE_RECORD, LB_MEMBER_CLOSED, MEMBER, record_closed},
    {ACT_SERVICE_RECORD, LB_CARD_BLOCKED, MEMBER, record_blocked_card},
    {ACT_SERVICE_RECORD, LB_OVERLAP, START | MEMBER | DAY, record_overlap},
    {ACT_SERVICE_RECORD, LB_OVER_DAY, MINUTES | MEMBER | DAY, record_too_long},
    {ACT_SERVICE_GIVE, LB_MINUTES_INVALID, MINUTES, give_no_minutes},
    {ACT_SERVICE_GIVE, LB_DATE_IN_FUTURE, DAY, day_ahead},
    {ACT_SERVICE_GIVE, LB_IMPORT_UNKNOWN, IMPORT, import_unknown},
    {ACT_SERVICE_GIVE, LB_MEMBER_UNKNOWN, MEMBER, give_unknown_giver},
    {ACT_SERVICE_GIVE, LB_CARD_UNKNOWN, MEMBER, give_unknown_card},
    {ACT_SERVICE_GIVE, LB_CATEGORY_UNKNOWN, WHAT, give_unknown_category},
    {ACT_SERVICE_GIVE, LB_ENTRY_UNKNOWN, ENTRY, give_unknown_entry},
    {ACT_SERVICE_GIVE, LB_REQUEST_UNKNOWN, ENTRY, give_unknown_request},
    {ACT_SERVICE_GIVE, LB_TARIFF_UNKNOWN, WHAT | DAY, give_no_tariff},
    {ACT_SERVICE_GIVE, LB_NOT_AN_ASK, ENTRY, give_no_ask},
    {ACT_SERVICE_GIVE, LB_BEFORE_JOINED, MEMBER | DAY, give_late},
    {ACT_SERVICE_GIVE, LB_MEMBER_CLOSED, MEMBER, give_closed},
    {ACT_SERVICE_GIVE, LB_OVERLAP, START | MEMBER | DAY, give_overlap},
    {ACT_SERVICE_GIVE, LB_OVER_DAY, MINUTES | MEMBER | DAY, give_too_long},
    {ACT_SERVICE_GIVE, LB_ASK_CLOSED, ENTRY, give_released},
    {ACT_SERVICE_GIVE, LB_BEFORE_ASKED, DAY | ENTRY, give_too_early},
    {ACT_SERVICE_GIVE, LB_GIVER_IS_ASKER, MEMBER | ENTRY, give_by_asker},
    {ACT_ORG_OPEN, LB_ORG_UNKNOWN, PARENT, org_unknown_parent},
    {ACT_ORG_OPEN, LB_ALREADY_EXISTS, WHAT, org_exists},
    {ACT_ORG_OPEN, LB_ORG_CLOSED, PARENT, org_closed_parent},
    {ACT_ORG_UPDATE, LB_ORG_UNKNOWN, PARENT, move_unknown_parent},
    {ACT_ORG_UPDATE, LB_ORG_UNKNOWN, WHAT, move_unknown},
    {ACT_ORG_UPDATE, LB_ORG_CYCLE, PARENT | WHAT, move_cycle},
    {ACT_ORG_UPDATE, LB_ORG_CLOSED, WHAT, move_closed},
    {ACT_ITEM_SET, LB_WRONG_ITEM_KIND, WHAT, item_other_kind},
    {ACT_STOCK_RECEIVE, LB_QUANTITY_INVALID, ADDS, receive_no_quantity},
    {ACT_STOCK_RECEIVE, LB_DATE_IN_FUTURE, DAY, day_ahead},
    {ACT_STOCK_RECEIVE, LB_IMPORT_UNKNOWN, IMPORT, import_unknown},
    {ACT_STOCK_RECEIVE, LB_ITEM_UNKNOWN, ADDS, receive_unknown_item},
    {ACT_STOCK_RECEIVE, LB_COUNTER_UNKNOWN, COUNTER, receive_unknown_counter},
    {ACT_STOCK_RECEIVE, LB_PRICE_UNKNOWN, DAY, receive_no_price},
    {ACT_STOCK_RECEIVE, LB_WRONG_ITEM_KIND, ADDS, receive_wrong_kind},
    {ACT_STOCK_RECEIVE, LB_AMOUNT_OVERFLOW, ADDS, receive_numbers_used_up},
    {ACT_MEMBER_REGISTER, LB_CARD_CHECK_DIGIT, CARD, register_wrong_card},
    {ACT_MEMBER_REGISTER, LB_DATE_IN_FUTURE, DAY, day_ahead},
    {ACT_MEMBER_REGISTER, LB_IMPORT_UNKNOWN, IMPORT, import_unknown},
    {ACT_MEMBER_REGISTER, LB_ORG_UNKNOWN, ORG, register_unknown_org},
    {ACT_MEMBER_REGISTER, LB_CLASS_UNKNOWN, CLASS, register_unknown_class},
    {ACT_MEMBER_REGISTER, LB_ALREADY_EXISTS, MEMBER, register_exists},
    {ACT_MEMBER_REGISTER, LB_ORG_CLOSED, ORG, register_closed_org},
    {ACT_MEMBER_REGISTER, LB_CARD_ASSIGNED, CARD, register_taken_card},
    {ACT_MEMBER_UPDATE, LB_DATE_IN_FUTURE, DAY, day_ahead},
    {ACT_MEMBER_UPDATE, LB_ORG_UNKNOWN, ORG, update_unknown_org},
    {ACT_MEMBER_UPDATE, LB_MEMBER_UNKNOWN, MEMBER, update_unknown},
    {ACT_MEMBER_UPDATE, LB_CLASS_UNKNOWN, CLASS, update_unknown_class},
    {ACT_MEMBER_UPDATE, LB_ORG_CLOSED, ORG, update_closed_org},
    {ACT_MEMBER_UPDATE, LB_MEMBER_CLOSED, MEMBER, update_closed},
    {ACT_MEMBER_UPDATE, LB_STATUS_UNCHANGED, STATUS | MEMBER, update_same_status},
    {ACT_MEMBER_CLOSE, LB_DATE_IN_FUTURE, DAY, day_ahead},
    {ACT_MEMBER_CLOSE, LB_MEMBER_UNKNOWN, MEMBER, close_unknown},
    {ACT_MEMBER_CLOSE, LB_BEFORE_JOINED, MEMBER | DAY, close_too_early},
    {ACT_MEMBER_CLOSE, LB_MEMBER_CLOSED, MEMBER, close_again},
    {ACT_MEMBER_CLOSE, LB_MEMBER_HAS_BALANCE, MEMBER, close_with_points},
    {ACT_CARD_ISSUE, LB_DATE_IN_FUTURE, DAY, day_ahead},
    {ACT_CARD_ISSUE, LB_IMPORT_UNKNOWN, IMPORT, import_unknown},
    {ACT_CARD_ISSUE, LB_MEMBER_UNKNOWN, MEMBER, issue_unknown},
    {ACT_CARD_ISSUE, LB_MEMBER_CLOSED, MEMBER, issue_closed},
    {ACT_CARD_ISSUE, LB_MEMBER_BLOCKED, MEMBER, issue_blocked},
    {ACT_CARD_ISSUE, LB_CARD_ASSIGNED, CARD, issue_taken},
    {ACT_CARD_ISSUE, LB_MEMBER_HAS_CARD, MEMBER, issue_second},
    {ACT_CARD_REPLACE, LB_CARD_UNKNOWN, MEMBER, replace_unknown},
    {ACT_CARD_REPLACE, LB_CARD_BLOCKED, MEMBER, replace_blocked},
    {ACT_CARD_REPLACE, LB_CARD_ASSIGNED, CARD, replace_taken},
    {ACT_REVERSE, LB_FIELD_MISSING, MEMO, reverse_without_reason},
    {ACT_REVERSE, LB_DATE_IN_FUTURE, DAY, day_ahead},
    {ACT_REVERSE, LB_IMPORT_UNKNOWN, IMPORT, import_unknown},
    {ACT_REVERSE, LB_ENTRY_UNKNOWN, ENTRY, reverse_unknown},
    {ACT_REVERSE, LB_REQUEST_UNKNOWN, ENTRY, reverse_unknown_request},
    {ACT_REVERSE, LB_NOT_REVERSIBLE, ENTRY, reverse_registry},
    {ACT_REVERSE, LB_ALREADY_REVERSED, ENTRY, reverse_twice},
    {ACT_REVERSE, LB_POINTS_HELD, ENTRY, reverse_held},
    {ACT_REVERSE, LB_GOODS_GONE, ENTRY, reverse_delivery},
};
#define SPOILER_COUNT (sizeof(spoilers) / sizeof(spoilers[0]))

/* The code given when the first, and the second if there is one, spoil a good command. */
static enum lb_result answered(const struct spoiler *first, const struct spoiler *second)
{
    make_bank();
    struct command command = sample_command(first->kind);
    command.memo = (struct bytes)BYTES_LITERAL("说明");
    first->spoil(&command);
    if (second != NULL) {
        second->spoil(&command);
    }
    if (first->spoil == id_missing) { /* test_do would give it one */
        struct verdict verdict = bank_command_check(&command);
        test_bank_free(test);
        return verdict.code;
    }
    enum lb_result code = test_do(test, command)->verdict.code;
    test_bank_free(test);
    return code;
}

static void assert_answer(enum lb_result code, enum lb_result expected, size_t i, size_t j)
{
    if (code != expected) {
        fail_msg("spoilers %zu (%s) and %zu (%s): got %s", i, lb_result_name((int)spoilers[i].code),
                 j, lb_result_name((int)spoilers[j].code), lb_result_name((int)code));
    }
}

static void the_good_commands_are_done(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLE_KIND_COUNT; i++) {
        make_bank();
        if (test_do(test, sample_command(sample_kinds[i]))->verdict.code != LB_OK) {
            fail_msg("kind %d: %s", (int)sample_kinds[i],
                     lb_result_name((int)test->last.verdict.code));
        }
        test_bank_free(test);
    }
}

static void each_fault_alone_is_told_by_its_own_code(void **state)
{
    (void)state;
    for (size_t i = 0; i < SPOILER_COUNT; i++) {
        assert_answer(answered(&spoilers[i], NULL), spoilers[i].code, i, i);
    }
}

static void of_two_faults_the_one_listed_first_is_told(void **state)
{
    (void)state;
    size_t pairs = 0;
    for (size_t i = 0; i < SPOILER_COUNT; i++) {
        for (size_t j = i + 1; j < SPOILER_COUNT && spoilers[j].kind == spoilers[i].kind; j++) {
            if ((spoilers[i].touches & spoilers[j].touches) == 0) {
                bool i_is_first = lb_result_precedence((int)spoilers[i].code) <=
                                  lb_result_precedence((int)spoilers[j].code);
                enum lb_result expected = spoilers[i_is_first ? i : j].code;
                assert_answer(answered(&spoilers[i], &spoilers[j]), expected, i, j);
                pairs++;
            }
        }
    }
    assert_true(pairs > 200); /* the table has not lost its meaning */
}

/* Every code up to the service's own, but for those that others give. */
static void every_code_of_the_bank_has_a_spoiler(void **state)
{
    (void)state;
    static const enum lb_result of_others[] = {
        LB_OK,
        LB_MALFORMED,
        LB_FRAME_TOO_LARGE,
        LB_METHOD_UNKNOWN,
        LB_VERSION_MISMATCH,
        LB_BATCH_TOO_LARGE,
        LB_LINES_TOO_MANY,
        LB_ROWS_TOO_MANY,
        LB_UNAUTHORISED,
        LB_ID_REUSED,
        LB_BATCH_FAILED,
    };
    static const enum lb_result all[] = {
#define X(symbol, number, name, class, recorded, zh, en) LB_##symbol,
        LB_RESULT_LIST(X)
#undef X
    };
    for (size_t i = 0; all[i] != LB_TRY_LATER; i++) {
        bool is_seen = false;
        for (size_t j = 0; j < sizeof(of_others) / sizeof(of_others[0]); j++) {
            is_seen = is_seen || of_others[j] == all[i];
        }
        for (size_t j = 0; j < SPOILER_COUNT; j++) {
            is_seen = is_seen || spoilers[j].code == all[i];
        }
        if (!is_seen) {
            fail_msg("%s has no test", lb_result_name((int)all[i]));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_good_commands_are_done),
        cmocka_unit_test(each_fault_alone_is_told_by_its_own_code),
        cmocka_unit_test(of_two_faults_the_one_listed_first_is_told),
        cmocka_unit_test(every_code_of_the_bank_has_a_spoiler),
    };
    return cmocka_run_group_tests_name("bank precedence", tests, NULL, NULL);
}
