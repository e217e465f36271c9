/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The log is the only truth: folding it into an empty bank gives the same rows, byte for byte, and
 * the same commands give the same entries. After 3,000 random commands of all kinds; the seed is
 * printed, and BANK_FOLD_SEED chooses another.
 */
#include "samples_for_tests.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define COMMANDS     3000
#define SEED_DEFAULT UINT64_C(20161230)

struct random {
    uint64_t state;
};

/* splitmix64 */
static uint64_t next(struct random *random, uint64_t below)
{
    uint64_t z = random->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (z ^ (z >> 31)) % below;
}

static struct entry_ref random_entry(struct random *random, const struct test_bank *test)
{
    uint64_t back = next(random, 60);
    return (struct entry_ref){.entry = test->head > back ? test->head - back : 1};
}

/* The last ask that was accepted; now and then any entry. */
static struct entry_ref random_ask(struct random *random, const struct test_bank *test)
{
    uint64_t number = test->head;
    while (number > SAMPLE_ASK && (test->log[number]->command.kind != ACT_SERVICE_ASK ||
                                   test->log[number]->verdict.code != LB_OK)) {
        number--;
    }
    return next(random, 4) == 0 ? random_entry(random, test) : (struct entry_ref){.entry = number};
}

static struct member_ref random_member(struct random *random)
{
    uint64_t number = 1 + next(random, 8);
    if (next(random, 4) == 0) {
        return (struct member_ref){.card = lb_card_of_serial(number)};
    }
    return (struct member_ref){.member = number};
}

static void vary_registry(struct random *random, struct command *c)
{
    if (c->kind == ACT_ORG_OPEN) {
        c->act.org_open.org = 1 + next(random, 20);
        c->act.org_open.parent = next(random, 12);
    } else if (c->kind == ACT_ORG_UPDATE) {
        c->act.org_update.org = 2 + next(random, 4);
        c->act.org_update.parent = next(random, 2) * next(random, 6);
        c->act.org_update.close = next(random, 60) == 0;
        c->act.org_update.name.size = next(random, 2) == 0 ? 0 : 3;
    } else if (c->kind == ACT_TARIFF_SET) {
        c->act.tariff_set.category = 1 + (uint32_t)next(random, 3);
        c->act.tariff_set.expiry_kind = (enum expiry_kind)(1 + next(random, 3));
        c->act.tariff_set.expiry_years = 1 + (uint32_t)next(random, 2);
    } else if (c->kind == ACT_ITEM_SET) {
        c->act.item_set.item = 1 + (uint32_t)next(random, 5);
        c->act.item_set.kind = (enum item_kind)(1 + next(random, 2));
        c->act.item_set.price_centi = (int64_t)next(random, 500);
    } else if (c->kind == ACT_COUNTER_OPEN) {
        c->act.counter_open.counter = 1 + (uint32_t)next(random, 20);
    } else if (c->kind == ACT_CLASS_SET) {
        c->act.class_set.class_id = 7 + (uint32_t)next(random, 3);
    }
}

static void vary_member(struct random *random, struct command *c)
{
    if (c->kind == ACT_MEMBER_REGISTER) {
        c->act.member_register.member = next(random, 2) * (1 + next(random, 40));
        c->act.member_register.org = 1 + next(random, 3);
        c->act.member_register.card = next(random, 2) * lb_card_of_serial(1 + next(random, 40));
    } else if (c->kind == ACT_MEMBER_UPDATE) {
        c->act.member_update.member = 1 + next(random, 12);
        c->act.member_update.status = next(random, 6) == 0 ? MEMBER_BLOCKED : MEMBER_ACTIVE;
    } else if (c->kind == ACT_MEMBER_CLOSE) {
        c->act.member_close = 9 + next(random, 32);
    } else if (c->kind == ACT_CARD_ISSUE) {
        c->act.card.member = 1 + next(random, 12);
        c->act.card.card = next(random, 2) * lb_card_of_serial(1 + next(random, 60));
    } else if (c->kind == ACT_CARD_BLOCK || c->kind == ACT_CARD_REPLACE) {
        c->act.card.card = lb_card_of_serial(1 + next(random, 30));
        c->act.card.new_card = 0;
    }
}

static void vary_access(struct random *random, struct command *c)
{
    static const struct bytes logins[] = {BYTES_LITERAL("ann"), BYTES_LITERAL("ben"),
                                          BYTES_LITERAL("chen"), BYTES_LITERAL("ding")};
    uint32_t principal = 1 + (uint32_t)next(random, 6);
    if (c->kind == ACT_OPERATOR_OPEN) {
        c->act.operator_open.login = logins[next(random, 4)];
        c->act.operator_open.member = next(random, 4);
    } else if (c->kind == ACT_DEVICE_OPEN) {
        c->act.device_open.token_hash[0] = (uint8_t)next(random, 8);
    } else if (c->kind == ACT_PRINCIPAL_SET) {
        c->act.principal_set.principal = principal;
        c->act.principal_set.state = (enum principal_state)next(random, 3);
    } else if (c->kind == ACT_CREDENTIAL_SET) {
        c->act.credential_set.principal = principal;
    } else if (c->kind == ACT_ROLE_SET) {
        c->act.role_set.principal = principal;
        c->act.role_set.roles.items[0].role = (enum role)(1 + next(random, ROLE_DISTRICT));
        c->act.role_set.roles.items[0].org = 0;
        c->act.role_set.roles.count = next(random, 3);
        c->day = TEST_TODAY - 20 + (int32_t)next(random, 40);
    } else if (c->kind == ACT_CONSENT_SET) {
        c->act.consent_set.member = 1 + next(random, 8);
    }
}

static void vary_deed(struct random *random, struct command *c, const struct test_bank *test)
{
    if (c->kind == ACT_STOCK_RECEIVE) {
        c->act.stock_receive.counter = 1 + (uint32_t)next(random, 2);
        c->act.stock_receive.lines[0].best_before_day = 17000 + (int32_t)next(random, 50);
    } else if (c->kind == ACT_SERVICE_RECORD) {
        c->act.service_record.member = random_member(random);
        c->act.service_record.category = 1 + (uint32_t)next(random, 3);
        c->act.service_record.minutes = 1 + (uint32_t)next(random, 400);
        c->act.service_record.start_minute = (int32_t)next(random, 1441) - 1;
        c->act.service_record.org = next(random, 3);
    } else if (c->kind == ACT_REDEEM) {
        c->act.redeem.member = random_member(random);
        c->act.redeem.lines[0] =
            (struct redeem_line){1 + (uint32_t)next(random, 4), 1 + (int64_t)next(random, 3)};
    } else if (c->kind == ACT_SERVICE_ASK) {
        c->act.service_ask.member = random_member(random);
        c->act.service_ask.item = 2 + (uint32_t)next(random, 2);
        c->day = TEST_START + 60 + (int32_t)next(random, 60);
    } else if (c->kind == ACT_SERVICE_GIVE) {
        c->act.service_give.ask = random_ask(random, test);
        c->act.service_give.giver = random_member(random);
        c->act.service_give.start_minute = (int32_t)next(random, 1440);
    } else if (c->kind == ACT_SERVICE_RELEASE) {
        c->act.service_release = random_ask(random, test);
    } else if (c->kind == ACT_REVERSE) {
        c->act.reverse = random_entry(random, test);
    } else if (c->kind == ACT_OPENING_BALANCE) {
        c->act.opening_balance.member = random_member(random);
        c->act.opening_balance.last_day = c->day + (int32_t)next(random, 9) - 1;
    }
}

/* Deeds come more often than acts of the registry. */
static struct command random_command(struct random *random, const struct test_bank *test)
{
    const size_t deeds = 8; /* the last ones of sample_kinds */
    size_t index = next(random, 4) == 0 ? next(random, SAMPLE_KIND_COUNT)
                                        : SAMPLE_KIND_COUNT - 1 - next(random, deeds);
    struct command command = sample_command(sample_kinds[index]);
    command.id = (struct id){{0}};
    command.day = TEST_START + 60 + (int32_t)next(random, 300);
    vary_registry(random, &command);
    vary_member(random, &command);
    vary_access(random, &command);
    vary_deed(random, &command, test);
    return command;
}

static uint64_t chosen_seed(void)
{
    const char *text = getenv("BANK_FOLD_SEED");
    return text == NULL ? SEED_DEFAULT : strtoull(text, NULL, 10);
}

/* The same run every time for the same seed. */
static struct test_bank *run(uint64_t seed, size_t done[SAMPLE_KIND_COUNT])
{
    struct random random = {.state = seed};
    struct test_bank *test = sample_bank_new();
    for (uint64_t member = 3; member <= 8; member++) {
        (void)test_register(test, member, 1, lb_card_of_serial(member), TEST_START);
    }
    for (int i = 0; i < COMMANDS; i++) {
        struct command command = random_command(&random, test);
        const struct entry *entry = test_do(test, command);
        for (size_t k = 0; k < SAMPLE_KIND_COUNT; k++) {
            done[k] += sample_kinds[k] == command.kind && entry->verdict.code == LB_OK;
        }
    }
    return test;
}

static void assert_same_rows(const struct ordered *a, const struct ordered *b)
{
    struct ordered_place x;
    struct ordered_place y;
    assert_int_equal(a->count, b->count);
    bool more = ordered_seek_ge(a, bytes_of("", 0), &x) && ordered_seek_ge(b, bytes_of("", 0), &y);
    assert_true(more);
    while (more) {
        assert_true(bytes_equal(x.key, y.key));
        assert_true(bytes_equal(x.value, y.value));
        more = ordered_next(&x) && ordered_next(&y);
    }
}

static void assert_same_entry(const struct entry *a, const struct entry *b)
{
    assert_true(bank_command_equal(&a->command, &b->command));
    assert_int_equal(a->verdict.code, b->verdict.code);
    assert_int_equal(a->verdict.a, b->verdict.a);
    assert_int_equal(a->verdict.b, b->verdict.b);
    assert_int_equal(a->verdict.c, b->verdict.c);
    assert_int_equal(a->postings.count, b->postings.count);
    assert_memory_equal(a->balances, b->balances, sizeof(a->balances));
    assert_memory_equal(a->links, b->links, sizeof(a->links));
    for (size_t i = 0; i < a->postings.count; i++) {
        const struct posting *x = &a->postings.items[i];
        const struct posting *y = &b->postings.items[i];
        assert_true(account_equal(x->account, y->account) && asset_equal(x->asset, y->asset) &&
                    x->lot == y->lot && x->amount == y->amount);
    }
    assert_int_equal(a->assigned, b->assigned);
    assert_int_equal(a->assigned_card, b->assigned_card);
    assert_int_equal(a->target_entry, b->target_entry);
    assert_int_equal(a->org, b->org);
    assert_int_equal(a->earning.points_centi, b->earning.points_centi);
}

static void folding_the_log_into_an_empty_bank_gives_the_same_rows(void **state)
{
    (void)state;
    size_t done[SAMPLE_KIND_COUNT] = {0};
    uint64_t seed = chosen_seed();
    print_message("seed %" PRIu64 "\n", seed);
    struct test_bank *first = run(seed, done);
    for (size_t k = 0; k < SAMPLE_KIND_COUNT; k++) {
        if (done[k] == 0) {
            fail_msg("no command of kind %d was done", (int)sample_kinds[k]);
        }
    }
    struct test_bank *folded = test_bank_new();
    struct bank bank = test_bank_port(folded);
    bank.log.context = first; /* the entries are those of the run */
    for (uint64_t number = 1; number <= first->head; number++) {
        assert_int_equal(bank_apply(&bank, first->log[number]), LB_OK);
    }
    assert_same_rows(&first->rows, &folded->rows);
    test_bank_free(folded);
    test_bank_free(first);
}

static void the_same_commands_give_the_same_entries(void **state)
{
    (void)state;
    size_t done[SAMPLE_KIND_COUNT] = {0};
    uint64_t seed = chosen_seed() + 1;
    print_message("seed %" PRIu64 "\n", seed);
    struct test_bank *first = run(seed, done);
    struct test_bank *second = run(seed, done);
    assert_int_equal(first->head, second->head);
    for (uint64_t number = 1; number <= first->head; number++) {
        assert_same_entry(first->log[number], second->log[number]);
    }
    assert_same_rows(&first->rows, &second->rows);
    test_bank_free(second);
    test_bank_free(first);
}

/* Invariant 1 and 2 over the whole book: every asset and lot sums to zero, signs are as allowed. */
static void the_whole_book_sums_to_zero(void **state)
{
    (void)state;
    size_t done[SAMPLE_KIND_COUNT] = {0};
    uint64_t seed = chosen_seed() + 2;
    print_message("seed %" PRIu64 "\n", seed);
    struct test_bank *test = run(seed, done);
    static struct posting items[TEST_ENTRIES_MAX];
    struct posting_list book;
    struct ordered_place place;
    posting_list_init(&book, items, TEST_ENTRIES_MAX);
    uint8_t table = TABLE_BALANCE;
    bool more = ordered_seek_ge(&test->rows, bytes_of(&table, 1), &place);
    while (more && place.key.data[0] == TABLE_BALANCE) {
        struct book_row row;
        struct bytes key = bytes_of(place.key.data + 1, place.key.size - 1);
        assert_true(book_row_decode(key, place.value, &row));
        enum account_sign sign = account_kind_sign(row.account.kind);
        assert_true(sign != NOT_NEGATIVE || row.amount > 0);
        assert_true(sign != NOT_POSITIVE || row.amount < 0);
        posting_list_add(&book, row.account, row.asset, row.lot, row.amount);
        more = ordered_next(&place);
    }
    assert_true(book.count > 50);
    assert_true(posting_list_is_balanced(&book));
    test_bank_free(test);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folding_the_log_into_an_empty_bank_gives_the_same_rows),
        cmocka_unit_test(the_same_commands_give_the_same_entries),
        cmocka_unit_test(the_whole_book_sums_to_zero),
    };
    return cmocka_run_group_tests_name("bank fold", tests, NULL, NULL);
}
