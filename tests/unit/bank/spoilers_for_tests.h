/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Every way to spoil a good command of samples_for_tests.h, and the bank in `test` that makes each
 * of them bad. Included once, by test_precedence.c.
 */
#ifndef SPOILERS_FOR_TESTS_H
#define SPOILERS_FOR_TESTS_H

#include "samples_for_tests.h"

#include "base/wire.h"

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
SPOIL(opening_of_nothing, c->act.opening_balance = (struct act_opening_balance){
                              .member = c->act.opening_balance.member})
SPOIL(opening_too_much, c->act.opening_balance.points_centi = LB_POINTS_CENTI_MAX + 1)
SPOIL(opening_ended, c->act.opening_balance.last_day = SAMPLE_DAY - 1)
SPOIL(opening_year_ahead, c->act.opening_balance.year = 2100)
SPOIL(opening_unknown_member, c->act.opening_balance.member = (struct member_ref){.member = 99})
SPOIL(opening_unknown_card,
      c->act.opening_balance.member = (struct member_ref){.card = lb_card_of_serial(99)})
SPOIL(opening_blocked_card,
      c->act.opening_balance.member = (struct member_ref){.card = CARD_BLOCKED})
SPOIL(opening_closed, c->act.opening_balance.member = (struct member_ref){.member = CLOSED})
SPOIL(opening_late, c->act.opening_balance.member = (struct member_ref){.member = LATE})
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

/* Accounts. */
SPOIL(operator_taken_login, c->act.operator_open.login = (struct bytes)BYTES_LITERAL("admin"))
SPOIL(operator_unknown_member, c->act.operator_open.member = 99)
SPOIL(device_known_token, memset(c->act.device_open.token_hash, 0, LB_HASH_BYTES);
      c->act.device_open.token_hash[0] = 1)
SPOIL(device_unknown_org, c->act.device_open.org = 99)
SPOIL(device_closed_org, c->act.device_open.org = CLOSED_ORG)
SPOIL(device_unknown_counter, c->act.device_open.counter = 99)
SPOIL(principal_unknown, c->act.principal_set.principal = 99)
SPOIL(principal_unknown_member, c->act.principal_set.member = 99)
SPOIL(principal_same_state, c->act.principal_set.state = PRINCIPAL_ACTIVE)
SPOIL(principal_of_a_device, c->act.principal_set.principal = SAMPLE_DEVICE)
SPOIL(principal_last_administrator, c->act.principal_set.principal = SAMPLE_ADMINISTRATOR)
SPOIL(credential_of_a_device, c->act.credential_set.principal = SAMPLE_DEVICE)
SPOIL(roles_unknown_org, c->act.role_set.roles.items[0].org = 99)
SPOIL(roles_unknown_principal, c->act.role_set.principal = 99)
SPOIL(roles_last_administrator, c->act.role_set.principal = SAMPLE_ADMINISTRATOR)

static void close_operator(struct command *c)
{
    (void)c;
    must(test_do(test, (struct command){.kind = ACT_PRINCIPAL_SET,
                                        .day = SAMPLE_DAY,
                                        .act.principal_set = {.principal = SAMPLE_OPERATOR,
                                                              .state = PRINCIPAL_CLOSED}}));
}

/* Not from the server itself. */
static void credential_password(struct command *c)
{
    c->act.credential_set.credential.kind = CREDENTIAL_PASSWORD;
    test->actor.is_trusted = false;
}

/* A second person, and personal data. */
SPOIL(decide_no_proposal, c->act.proposal_decide.proposal.entry = SAMPLE_RECORD)
SPOIL(decide_unknown, c->act.proposal_decide.proposal.entry = 9999)
SPOIL(erase_unknown, c->act.member_erase = 99)
SPOIL(erase_open, c->act.member_erase = 1)
SPOIL(reveal_unknown, c->act.reveal = 99)
SPOIL(register_wrong_id_number,
      c->act.member_register.person.id_number = (struct bytes)BYTES_LITERAL("110101196110151234"))

static void decide_twice(struct command *c)
{
    struct command refuse = sample_command(c->kind);
    refuse.id = (struct id){{0}};
    refuse.act.proposal_decide.confirm = false;
    must(test_do(test, refuse));
}

static void decide_too_late(struct command *c)
{
    (void)c;
    test->today_day += 15; /* it waits for 14 */
}

static void decide_own(struct command *c)
{
    (void)c;
    test->actor = (struct actor){.principal = SAMPLE_OPERATOR};
}

static void erase_twice(struct command *c)
{
    struct command first = sample_command(c->kind);
    first.id = (struct id){{0}};
    must(test_do(test, first));
}

static void record_own(struct command *c)
{
    (void)c;
    test->actor = (struct actor){.principal = SAMPLE_OPERATOR};
}

#endif
