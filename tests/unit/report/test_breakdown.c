/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Breakdowns of random books against a reference that goes through all entries once for each row.
 * LB_TEST_SEED repeats a book.
 */
#include "../engine/fixture.h"

#include "../base/faulty_memory.h"
#include "base/random.h"
#include "report/breakdown.h"

#include <string.h>

#define STREET      UINT64_C(10)
#define EAST        UINT64_C(11)
#define WEST        UINT64_C(12)
#define ELSEWHERE   UINT64_C(20)
#define CLASS       UINT32_C(1)
#define CATEGORIES  UINT32_C(3)
#define MEMBERS     UINT64_C(12)
#define SET_UP      UINT64_C(26) /* entries before the random ones, which leave them as they are */
#define STEPS       3600 /* entries of more than one page, also without what a year leaves out */
#define BURST       100
#define DAY_MS      INT64_C(86400000)
#define LOG_BYTES   (UINT64_C(64) << 20)
#define ARENA_BYTES (UINT64_C(64) << 20)

static const uint64_t orgs[] = {STREET, EAST, WEST, ELSEWHERE};

static int32_t day_of(int32_t year, int32_t month, int32_t day)
{
    return date_to_day((struct date){year, month, day});
}

static uint64_t roll(struct random_seeded *random, uint64_t below)
{
    return random_seeded_next(random) % below;
}

static uint64_t home_of(uint64_t member)
{
    return orgs[member % 4];
}

static bool has_class(uint64_t member)
{
    return member % 3 == 0;
}

/* ---- the book ---- */

static void set_up_street(struct book *book)
{
    for (size_t i = 0; i < 4; i++) {
        struct command command = command_of(book, ACT_ORG_OPEN);
        command.day = day_of(2014, 1, 1);
        command.act.org_open =
            (struct act_org_open){.org = orgs[i],
                                  .parent = orgs[i] == EAST || orgs[i] == WEST ? STREET : 0,
                                  .kind = ORG_STREET,
                                  .name = BYTES_LITERAL("组织")};
        book_do(book, &command, 1);
    }
    struct command class_set = command_of(book, ACT_CLASS_SET);
    class_set.day = day_of(2014, 1, 1);
    class_set.act.class_set = (struct act_class_set){CLASS, BYTES_LITERAL("困难党员"), false};
    book_do(book, &class_set, 1);
    for (uint32_t category = 1; category <= CATEGORIES; category++) {
        struct command command = command_of(book, ACT_TARIFF_SET);
        command.day = day_of(2014, 1, 1);
        command.act.tariff_set = (struct act_tariff_set){.category = category,
                                                         .name = BYTES_LITERAL("服务"),
                                                         .points_per_hour_centi = 100 * category,
                                                         .coefficient_permille = 1000,
                                                         .rounding_minutes = 30,
                                                         .expiry_kind = EXPIRY_NEVER,
                                                         .day_minutes_max = LB_DAY_MINUTES};
        book_do(book, &command, 1);
    }
    for (uint64_t member = 1; member <= MEMBERS; member++) {
        struct command command = register_member(book, member, "张小明");
        command.day = day_of(2014, 1, 1);
        command.act.member_register.org = home_of(member);
        command.act.member_register.class_ids =
            (struct codes){.items = {CLASS}, .count = has_class(member)};
        book_do(book, &command, 1);
    }
}

static void set_up_counters(struct book *book)
{
    const enum item_kind kinds[] = {ITEM_GOODS, ITEM_SERVICE};
    const uint32_t items[] = {RICE, HELP};
    for (size_t i = 0; i < 2; i++) {
        struct command command = set_item(book, items[i], kinds[i]);
        command.day = day_of(2014, 1, 1);
        book_do(book, &command, 1);
        command = open_counter(book);
        command.day = day_of(2014, 1, 1);
        command.act.counter_open.counter = COUNTER + (uint32_t)i;
        command.act.counter_open.org = i == 0 ? STREET : ELSEWHERE;
        book_do(book, &command, 1);
        command = receive_stock(book);
        command.day = day_of(2014, 1, 1);
        command.act.stock_receive.counter = COUNTER + (uint32_t)i;
        command.act.stock_receive.lines[0].quantity = 10000;
        book_do(book, &command, 1);
    }
}

static struct command random_command(struct book *book, struct random_seeded *random)
{
    const struct member_ref member = {.member = 1 + roll(random, MEMBERS)};
    const uint32_t counter = COUNTER + (uint32_t)roll(random, 2);
    const uint32_t minutes = 1 + (uint32_t)roll(random, 200);
    const uint32_t category = 1 + (uint32_t)roll(random, CATEGORIES);
    const uint64_t done = book_head(book) - SET_UP + 1 + roll(random, BURST) / 2;
    const int32_t day = day_of(2015, 11, 1) + (int32_t)roll(random, 500);
    const struct entry_ref earlier = {.entry = SET_UP + 1 + roll(random, done)};
    struct command command = {.id = id_of(book->next_id++), .day = day};
    switch (roll(random, 10)) {
    default:
        command.kind = ACT_SERVICE_RECORD;
        command.act.service_record =
            (struct act_service_record){.member = member,
                                        .category = category,
                                        .minutes = minutes,
                                        .start_minute = -1,
                                        .org = roll(random, 2) == 0 ? 0 : orgs[roll(random, 4)]};
        break;
    case 0:
    case 1:
        command.kind = ACT_REDEEM;
        command.act.redeem = (struct act_redeem){.member = member,
                                                 .counter = counter,
                                                 .lines = {{RICE, 1 + (int64_t)roll(random, 3)}},
                                                 .line_count = 1};
        break;
    case 2:
        command.kind = ACT_SERVICE_ASK;
        command.day = day_of(2015, 11, 1);
        command.act.service_ask = (struct act_service_ask){member, counter, HELP, 1};
        break;
    case 3:
        command.kind = ACT_SERVICE_GIVE;
        command.act.service_give = (struct act_service_give){.ask = earlier, .start_minute = -1};
        if (roll(random, 3) > 0) {
            command.act.service_give.giver = member;
            command.act.service_give.category = category;
            command.act.service_give.minutes = minutes;
        }
        break;
    case 4:
        command.kind = ACT_REVERSE;
        command.memo = BYTES_LITERAL("记错了");
        command.act.reverse = earlier;
        break;
    }
    return command;
}

/* Gives aim at asks, else hardly one would meet an open one. */
static void aim_at_an_ask(struct command *command, const struct command *commands, size_t count)
{
    for (size_t i = count; command->kind == ACT_SERVICE_GIVE && i-- > 0;) {
        if (commands[i].kind == ACT_SERVICE_ASK) {
            command->act.service_give.ask = (struct entry_ref){.request = commands[i].id};
            return;
        }
    }
}

static void do_random(struct book *book, struct random_seeded *random, size_t count)
{
    struct command commands[BURST];
    struct request request;
    assert_true(count <= BURST);
    for (size_t i = 0; i < count; i++) {
        commands[i] = random_command(book, random);
        aim_at_an_ask(&commands[i], commands, i);
        assert_int_equal(bank_command_check(&commands[i]).code, LB_OK);
    }
    request_init(&request, book, commands, count);
    request_do(&request);
    assert_int_equal(request.write.verdict.code, LB_OK);
    request_fini(&request);
}

/* ---- the reference ---- */

struct reference {
    struct entry *entries;
    bool *is_reversed;
    size_t count;
    struct arena arena;
};

static void reference_read(struct reference *reference, struct book *book)
{
    struct engine_view view;
    arena_init(&reference->arena, arena_memory_heap(), LOG_BYTES);
    assert_int_equal(engine_view_open(book->engine, &reference->arena, &view), LB_OK);
    reference->count = view.head_entry;
    reference->entries = calloc(reference->count, sizeof(struct entry));
    reference->is_reversed = calloc(reference->count, sizeof(bool));
    assert_non_null(reference->entries);
    assert_non_null(reference->is_reversed);
    for (size_t i = 0; i < reference->count; i++) {
        struct bytes packed;
        struct entry *entry = &reference->entries[i];
        assert_int_equal(engine_view_entry(&view, i + 1, &packed, entry), LB_OK);
        if (entry->command.kind == ACT_REVERSE && entry->verdict.code == LB_OK) {
            reference->is_reversed[entry->target_entry - 1] = true;
        }
    }
    engine_view_close(&view);
}

static void reference_free(struct reference *reference)
{
    arena_fini(&reference->arena);
    free(reference->entries);
    free(reference->is_reversed);
}

static bool who_counts(const struct breakdown_query *query, uint64_t member)
{
    const uint64_t org = query->totals.org;
    const uint64_t home = home_of(member);
    const bool is_within = home == org || (org == STREET && (home == EAST || home == WEST));
    return is_within && (query->totals.class_id == 0 || has_class(member));
}

static bool is_at(const struct breakdown_query *query, const struct breakdown_row *row,
                  const struct entry *entry, uint32_t category)
{
    const struct date date = date_from_day(entry->day);
    return date.year == query->totals.year &&
           (!query->by_month || (uint32_t)date.month == row->month) &&
           (!query->by_org || entry->org == row->org) &&
           (!query->by_category || category == row->category);
}

/* Fills in the counts of a row whose month, org and category are set. */
static void reference_count(const struct reference *reference, const struct breakdown_query *query,
                            struct breakdown_row *row)
{
    struct counts *counts = &row->counts;
    bool served[MEMBERS + 1] = {false};
    bool took[MEMBERS + 1] = {false};
    bool received[MEMBERS + 1] = {false};
    for (size_t i = 0; i < reference->count; i++) {
        const struct entry *entry = &reference->entries[i];
        const struct earning *earning = &entry->earning;
        const enum act_kind kind = entry->command.kind;
        if (entry->verdict.code != LB_OK || reference->is_reversed[i]) {
            continue;
        }
        if (earning->member != 0 && who_counts(query, earning->member) &&
            is_at(query, row, entry, earning->category)) {
            served[earning->member] = true;
            counts->service_person_times++;
            counts->minutes += earning->minutes;
            counts->earned_centi += earning->points_centi;
        }
        if ((kind == ACT_REDEEM || kind == ACT_SERVICE_GIVE) &&
            who_counts(query, entry->links[0].member) && is_at(query, row, entry, 0)) {
            (kind == ACT_REDEEM ? took : received)[entry->links[0].member] = true;
            counts->redemption_person_times += kind == ACT_REDEEM;
            counts->received_person_times += kind == ACT_SERVICE_GIVE;
            counts->redeemed_centi += entry->lines[0].quantity * entry->lines[0].price_centi;
        }
    }
    for (uint64_t member = 1; member <= MEMBERS; member++) {
        counts->service_persons += served[member];
        counts->redemption_persons += took[member];
        counts->received_persons += received[member];
    }
}

static void assert_counts(const struct counts *found, const struct counts *expected)
{
    assert_int_equal(found->service_persons, expected->service_persons);
    assert_int_equal(found->service_person_times, expected->service_person_times);
    assert_int_equal(found->minutes, expected->minutes);
    assert_int_equal(found->earned_centi, expected->earned_centi);
    assert_int_equal(found->redemption_persons, expected->redemption_persons);
    assert_int_equal(found->redemption_person_times, expected->redemption_person_times);
    assert_int_equal(found->received_persons, expected->received_persons);
    assert_int_equal(found->received_person_times, expected->received_person_times);
    assert_int_equal(found->redeemed_centi, expected->redeemed_centi);
}

/* Every row that could be, in order: those with something in them are those found. */
static void assert_rows(const struct reference *reference, const struct breakdown_query *query,
                        const struct breakdown *found)
{
    static const struct counts none;
    size_t at = 0;
    for (uint32_t month = query->by_month; month <= (query->by_month ? 12u : 0u); month++) {
        for (size_t org = 0; org < (query->by_org ? 4u : 1u); org++) {
            for (uint32_t category = 0; category <= (query->by_category ? CATEGORIES : 0);
                 category++) {
                struct breakdown_row row = {month, category, query->by_org ? orgs[org] : 0, none};
                reference_count(reference, query, &row);
                if (memcmp(&row.counts, &none, sizeof(none)) == 0) {
                    continue;
                }
                assert_true(at < found->count);
                assert_int_equal(found->rows[at].month, month);
                assert_int_equal(found->rows[at].org, row.org);
                assert_int_equal(found->rows[at].category, category);
                assert_counts(&found->rows[at].counts, &row.counts);
                at++;
            }
        }
    }
    assert_int_equal(at, found->count);
}

/* What the rows add up to, persons aside. */
static void assert_adds_up(const struct breakdown *found)
{
    const struct counts *totals = &found->totals.counts;
    struct counts sum = {.service_persons = totals->service_persons,
                         .redemption_persons = totals->redemption_persons,
                         .received_persons = totals->received_persons};
    for (size_t i = 0; i < found->count; i++) {
        const struct counts *row = &found->rows[i].counts;
        sum.service_person_times += row->service_person_times;
        sum.minutes += row->minutes;
        sum.earned_centi += row->earned_centi;
        sum.redemption_person_times += row->redemption_person_times;
        sum.received_person_times += row->received_person_times;
        sum.redeemed_centi += row->redeemed_centi;
        assert_true(row->service_persons <= totals->service_persons);
        assert_true(row->redemption_persons <= totals->redemption_persons);
        assert_true(row->received_persons <= totals->received_persons);
    }
    assert_counts(&sum, totals);
}

/* ---- tests ---- */

static bool never_stopped(void *context)
{
    (void)context;
    return false;
}

static struct breakdown_query query_of(unsigned number)
{
    return (struct breakdown_query){
        .totals = {.year = 2015 + (int32_t)(number / 8 % 3),
                   .org = orgs[number / 24 % 2 == 0 ? 0 : 1],
                   .class_id = number / 48 % 2 == 0 ? 0 : CLASS},
        .by_month = (number & 1) != 0,
        .by_org = (number & 2) != 0,
        .by_category = (number & 4) != 0,
    };
}

static struct book *random_book(struct random_seeded *random)
{
    const struct store_mem_options options = {.is_async = false};
    struct book *book = book_new(&options);
    set_up_street(book);
    set_up_counters(book);
    assert_int_equal(book_head(book), SET_UP);
    /* Recorded over two years from 2015-11-01 on, often long after the day it was done. */
    book->stepper.now_ms = day_of(2015, 11, 1) * DAY_MS;
    for (size_t i = 0; i < STEPS; i += BURST) {
        do_random(book, random, BURST);
        book->stepper.now_ms += 700 * DAY_MS / (STEPS / BURST);
    }
    return book;
}

static int set_up(void **state)
{
    const char *given = getenv("LB_TEST_SEED");
    const uint64_t seed = given != NULL ? (uint64_t)strtoull(given, NULL, 10) : (uint64_t)getpid();
    print_message("LB_TEST_SEED=%llu\n", (unsigned long long)seed);
    struct random_seeded random = {.state = seed};
    *state = random_book(&random);
    return 0;
}

static int tear_down(void **state)
{
    book_free(*state);
    return 0;
}

static void rows_are_those_of_the_reference_and_add_up_to_the_totals(void **state)
{
    struct book *book = *state;
    struct reference reference;
    reference_read(&reference, book);
    const struct breakdown_source source = {.engine = book->engine, .is_stopped = never_stopped};
    struct counts seen = {0};
    for (unsigned number = 0; number < 96; number++) {
        const struct breakdown_query query = query_of(number);
        struct arena arena;
        struct breakdown found;
        struct verdict verdict;
        arena_init(&arena, arena_memory_heap(), ARENA_BYTES);
        assert_int_equal(breakdown_make(&source, &query, &arena, &found, &verdict), LB_OK);
        assert_int_equal(verdict.code, LB_OK);
        assert_int_equal(found.as_of_entry, reference.count);
        struct breakdown_row whole = {0};
        const struct breakdown_query undivided = {.totals = query.totals};
        reference_count(&reference, &undivided, &whole);
        assert_counts(&found.totals.counts, &whole.counts);
        if (number % 8 == 0) {
            assert_int_equal(found.count, 0);
        } else {
            assert_rows(&reference, &query, &found);
            assert_adds_up(&found);
        }
        seen.received_person_times += whole.counts.received_person_times;
        seen.redemption_person_times += whole.counts.redemption_person_times;
        arena_fini(&arena);
    }
    assert_true(seen.received_person_times > 0 && seen.redemption_person_times > 0);
    reference_free(&reference);
}

struct meanwhile {
    struct book *book;
    uint64_t target; /* is reversed before the first page is read */
    unsigned asked;
};

static bool write_meanwhile(void *context)
{
    struct meanwhile *meanwhile = context;
    struct book *book = meanwhile->book;
    if (meanwhile->asked++ == 0) {
        struct command commands[] = {command_of(book, ACT_REVERSE), command_of(book, 0)};
        commands[0].memo = BYTES_LITERAL("记错了");
        commands[0].act.reverse = (struct entry_ref){.entry = meanwhile->target};
        commands[1].kind = ACT_SERVICE_RECORD;
        commands[1].day = day_of(2016, 7, 1);
        commands[1].act.service_record = (struct act_service_record){
            .member = {.member = 4}, .category = 1, .minutes = 1, .start_minute = -1};
        book_do(book, commands, 2);
    }
    return false;
}

static void what_is_written_meanwhile_takes_no_part(void **state)
{
    struct book *book = *state;
    struct command serve = command_of(book, ACT_SERVICE_RECORD);
    serve.day = day_of(2016, 6, 1);
    serve.act.service_record = (struct act_service_record){
        .member = {.member = 4}, .category = 1, .minutes = 1, .start_minute = -1};
    const struct engine_result served = book_try(book, &serve);
    assert_int_equal(served.verdict.code, LB_OK);
    struct reference reference;
    reference_read(&reference, book);
    struct meanwhile meanwhile = {.book = book, .target = served.entry};
    const struct breakdown_source source = {book->engine, write_meanwhile, &meanwhile};
    const struct breakdown_query query = {.totals = {.year = 2016, .org = STREET},
                                          .by_month = true};
    struct arena arena;
    struct breakdown found;
    struct verdict verdict;
    arena_init(&arena, arena_memory_heap(), ARENA_BYTES);
    assert_int_equal(breakdown_make(&source, &query, &arena, &found, &verdict), LB_OK);
    assert_true(meanwhile.asked >= 2); /* pages: also what a later page shows is left out */
    assert_int_equal(found.as_of_entry, served.entry);
    assert_rows(&reference, &query, &found);
    assert_adds_up(&found);
    arena_fini(&arena);
    reference_free(&reference);
}

static void what_cannot_be_asked_for_is_refused(void **state)
{
    struct book *book = *state;
    const struct breakdown_source source = {.engine = book->engine, .is_stopped = never_stopped};
    const struct {
        struct totals_query totals;
        enum lb_result code;
    } cases[] = {
        {{.year = 0, .org = STREET}, LB_FIELD_INVALID},
        {{.year = 2016, .org = 99}, LB_ORG_UNKNOWN},
        {{.year = 2016, .org = STREET, .class_id = 9}, LB_CLASS_UNKNOWN},
    };
    for (size_t i = 0; i < 2 * sizeof(cases) / sizeof(cases[0]); i++) {
        const struct breakdown_query query = {.totals = cases[i / 2].totals, .by_org = i % 2 == 0};
        struct arena arena;
        struct breakdown found;
        struct verdict verdict;
        arena_init(&arena, arena_memory_heap(), ARENA_BYTES);
        assert_int_equal(breakdown_make(&source, &query, &arena, &found, &verdict), LB_OK);
        assert_int_equal(verdict.code, cases[i / 2].code);
        assert_int_equal(found.count, 0);
        arena_fini(&arena);
    }
}

static bool stop_second_page(void *context)
{
    unsigned *asked = context;
    return ++*asked == 2;
}

static void a_server_that_stops_is_not_kept(void **state)
{
    struct book *book = *state;
    unsigned asked = 0;
    const struct breakdown_source source = {book->engine, stop_second_page, &asked};
    const struct breakdown_query query = {.totals = {.year = 2015, .org = STREET},
                                          .by_month = true};
    struct faulty_memory faulty = {.until_failure = FAULTY_NEVER};
    const struct arena_memory memory = faulty_memory_port(&faulty);
    struct arena arena;
    struct breakdown found;
    struct verdict verdict;
    arena_init(&arena, &memory, ARENA_BYTES);
    assert_int_equal(breakdown_make(&source, &query, &arena, &found, &verdict), LB_SHUTTING_DOWN);
    assert_int_equal(asked, 2);
    arena_fini(&arena);
    assert_int_equal(faulty.blocks_out, 0);
}

static void every_read_and_allocation_that_fails_is_told(void **state)
{
    struct book *book = *state;
    const struct breakdown_source source = {.engine = book->engine, .is_stopped = never_stopped};
    const struct breakdown_query query = {
        .totals = {.year = 2017, .org = STREET, .class_id = CLASS}, .by_org = true};
    for (unsigned kind = 0; kind < 2; kind++) {
        bool was_met = true;
        size_t failures = 0;
        for (size_t nth = 0; was_met; nth += 1 + nth / 8) {
            struct faulty_memory faulty = {.until_failure = kind == 0 ? nth : FAULTY_NEVER};
            const struct arena_memory memory = faulty_memory_port(&faulty);
            const struct store_mem_fault fault = {
                .call = STORE_MEM_READ, .nth = nth, .result = LB_STORAGE_CORRUPT};
            struct arena arena;
            struct breakdown found;
            struct verdict verdict;
            store_mem_plan_fault(book->store, kind == 0 ? NULL : &fault);
            arena_init(&arena, &memory, ARENA_BYTES);
            enum lb_result result = breakdown_make(&source, &query, &arena, &found, &verdict);
            was_met = kind == 0 ? faulty.has_failed : store_mem_fault_was_met(book->store);
            if (result == LB_OK && verdict.code != LB_OK) {
                result = verdict.code;
            }
            const enum lb_result expected = kind == 0 ? LB_MEMORY : LB_STORAGE_CORRUPT;
            assert_int_equal(result, was_met ? expected : LB_OK);
            failures += was_met;
            store_mem_plan_fault(book->store, NULL);
            arena_fini(&arena);
            assert_int_equal(faulty.blocks_out, 0);
        }
        assert_true(failures > 3);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        /* accepts */
        TEST(rows_are_those_of_the_reference_and_add_up_to_the_totals),
        TEST(what_is_written_meanwhile_takes_no_part),
        /* rejects */
        TEST(what_cannot_be_asked_for_is_refused),
        /* faults */
        TEST(a_server_that_stops_is_not_kept),
        TEST(every_read_and_allocation_that_fails_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
