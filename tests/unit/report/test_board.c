/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* The star board over a book made by the bank. */
#include "book_fixture.h"

#include "report/board.h"

#define STREET    UINT64_C(10)
#define EAST      UINT64_C(11)
#define WEST      UINT64_C(12)
#define ELSEWHERE UINT64_C(20)
#define PUBLIC    1u
#define PRIVATE   2u

static int setup(void **state)
{
    assert_int_equal(book_setup(state), 0);
    struct book *book = *state;
    book_open_org(book, STREET, 0);
    book_open_org(book, EAST, STREET);
    book_open_org(book, WEST, STREET);
    book_open_org(book, ELSEWHERE, 0);
    book_set_class(book, PUBLIC, true);
    book_set_class(book, PRIVATE, false);
    book_set_tariff(book);
    for (uint64_t member = 1; member <= 4; member++) {
        book_register(book, member, member % 2 == 0 ? EAST : WEST, PUBLIC);
    }
    return 0;
}

static struct board_query query_of_2016(void)
{
    return (struct board_query){.year = 2016, .org = STREET, .order = BOARD_BY_POINTS};
}

static struct board board_of(struct book *book, const struct board_query *query)
{
    struct board board = {0};
    assert_int_equal(board_make(book->bank.views, query, &book->arena, &board).code, LB_OK);
    assert_int_equal(views_fault(book->bank.views), LB_OK);
    return board;
}

static void assert_row(const struct board *board, size_t place, uint32_t rank, uint64_t member)
{
    assert_true(place < board->count);
    assert_int_equal(board->rows[place].rank, rank);
    assert_int_equal(board->rows[place].member, member);
}

static void ties_share_a_rank_and_the_next_rank_is_left_out(void **state)
{
    struct book *book = *state;
    const uint32_t minutes[] = {60, 120, 120, 180};
    for (uint64_t member = 1; member <= 4; member++) {
        book_serve(book, day_of(2016, 5, 1), member, minutes[member - 1]);
    }
    struct board_query query = query_of_2016();
    struct board board = board_of(book, &query);
    assert_int_equal(board.count, 4);
    assert_int_equal(board.person_times, 4);
    assert_row(&board, 0, 1, 4);
    assert_row(&board, 1, 2, 2);
    assert_row(&board, 2, 2, 3);
    assert_row(&board, 3, 4, 1);
    query.top = 2;
    assert_int_equal(board_of(book, &query).count, 3);
    query.top = 3;
    assert_int_equal(board_of(book, &query).count, 3);
    query.top = 0;
    query.at_least = 200;
    board = board_of(book, &query);
    assert_int_equal(board.count, 3);
    assert_int_equal(board.person_times, 3);
    query.at_least = 201;
    assert_int_equal(board_of(book, &query).count, 1);
}

static void only_services_of_the_year_that_stand_count(void **state)
{
    struct book *book = *state;
    book_serve(book, day_of(2015, 12, 31), 1, 60);
    const uint64_t undone = book_serve(book, day_of(2016, 1, 1), 2, 60);
    book_serve(book, day_of(2016, 12, 31), 3, 60);
    book_serve(book, day_of(2017, 1, 1), 4, 60);
    book_reverse(book, day_of(2016, 2, 1), undone);
    const struct board_query query = query_of_2016();
    const struct board board = board_of(book, &query);
    assert_int_equal(board.count, 1);
    assert_row(&board, 0, 1, 3);
}

static void lifetime_and_stars_are_those_of_the_years_end(void **state)
{
    struct book *book = *state;
    struct command table = {.kind = ACT_STAR_TABLE_SET};
    table.act.star_hours = (struct codes){.items = {2, 4}, .count = 2};
    (void)book_do(book, day_of(2016, 1, 1), table);
    book_serve(book, day_of(2015, 6, 1), 1, 60);
    book_serve(book, day_of(2016, 6, 1), 1, 60);
    const struct board_query query = query_of_2016();
    struct board board = board_of(book, &query);
    assert_int_equal(board.rows[0].lifetime_minutes, 120);
    assert_int_equal(board.rows[0].minutes, 60);
    assert_int_equal(board.rows[0].stars, 1);
    book_serve(book, day_of(2017, 6, 1), 1, 600);
    table.act.star_hours = (struct codes){.items = {1, 2}, .count = 2};
    (void)book_do(book, day_of(2017, 1, 1), table);
    board = board_of(book, &query);
    assert_int_equal(board.rows[0].lifetime_minutes, 120);
    assert_int_equal(board.rows[0].stars, 1);
}

static void org_and_class_are_those_of_the_years_last_day(void **state)
{
    struct book *book = *state;
    for (uint64_t member = 1; member <= 4; member++) {
        book_serve(book, day_of(2016, 5, 1), member, 60);
    }
    book_move(book, day_of(2016, 12, 31), 1, ELSEWHERE);
    book_move(book, day_of(2017, 1, 1), 2, ELSEWHERE);
    struct command leave = {.kind = ACT_MEMBER_UPDATE};
    leave.act.member_update = (struct act_member_update){
        .member = 3, .class_ids_remove = {.items = {PUBLIC}, .count = 1}};
    (void)book_do(book, day_of(2016, 8, 1), leave);
    struct board_query query = query_of_2016();
    struct board board = board_of(book, &query);
    assert_int_equal(board.count, 3);
    assert_int_equal(board.rows[0].member, 2);
    assert_int_equal(board.rows[0].org, EAST);
    query.class_id = PUBLIC;
    board = board_of(book, &query);
    assert_int_equal(board.count, 2);
    assert_row(&board, 0, 1, 2);
    assert_row(&board, 1, 1, 4);
    query.class_id = 0;
    query.org = ELSEWHERE;
    assert_int_equal(board_of(book, &query).count, 1);
}

static void org_zero_is_everybody_who_is_in_an_org(void **state)
{
    struct book *book = *state;
    for (uint64_t member = 1; member <= 4; member++) {
        book_serve(book, day_of(2016, 5, 1), member, 60);
    }
    book_move(book, day_of(2016, 12, 31), 1, ELSEWHERE);
    struct board_query query = query_of_2016();
    query.org = 0;
    const struct board board = board_of(book, &query);
    assert_int_equal(board.count, 4);
    assert_int_equal(board.rows[0].org, ELSEWHERE);
}

static void order_by_minutes_counts_time_that_earned_nothing(void **state)
{
    struct book *book = *state;
    struct command command = {.kind = ACT_TARIFF_SET};
    command.act.tariff_set = (struct act_tariff_set){
        .category = 1,
        .name = BYTES_LITERAL("category"),
        .points_per_hour_centi = 100,
        .coefficient_permille = 1000,
        .rounding_minutes = 60,
        .expiry_kind = EXPIRY_NEVER,
        .day_minutes_max = LB_DAY_MINUTES,
    };
    (void)book_do(book, day_of(2016, 1, 1), command);
    book_serve(book, day_of(2016, 5, 1), 1, 59);
    struct board_query query = query_of_2016();
    assert_int_equal(board_of(book, &query).count, 0);
    query.order = BOARD_BY_MINUTES;
    const struct board board = board_of(book, &query);
    assert_int_equal(board.count, 1);
    assert_int_equal(board.rows[0].minutes, 59);
}

static void what_cannot_be_shown_is_refused(void **state)
{
    struct book *book = *state;
    const struct {
        struct board_query query;
        enum lb_result code;
    } cases[] = {
        {{.year = 1899, .org = STREET}, LB_FIELD_INVALID},
        {{.year = 2200, .org = STREET}, LB_FIELD_INVALID},
        {{.year = 2016, .org = 99}, LB_ORG_UNKNOWN},
        {{.year = 2016, .org = STREET, .class_id = 9}, LB_CLASS_UNKNOWN},
        {{.year = 2016, .org = STREET, .class_id = PRIVATE}, LB_UNAUTHORISED},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct board board;
        const struct verdict verdict =
            board_make(book->bank.views, &cases[i].query, &book->arena, &board);
        assert_int_equal(verdict.code, cases[i].code);
    }
}

static void memory_that_runs_out_is_told(void **state)
{
    struct book *book = *state;
    book_serve(book, day_of(2016, 5, 1), 1, 60);
    const struct board_query query = query_of_2016();
    enum lb_result code = LB_MEMORY;
    size_t failures = 0;
    for (size_t cap = 0; code == LB_MEMORY; cap += 16) {
        struct arena arena;
        struct board board;
        arena_init(&arena, arena_memory_heap(), cap);
        code = board_make(book->bank.views, &query, &arena, &board).code;
        failures += code == LB_MEMORY;
        arena_fini(&arena);
    }
    assert_int_equal(code, LB_OK);
    assert_true(failures > 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, book_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        /* accepts */
        TEST(ties_share_a_rank_and_the_next_rank_is_left_out),
        TEST(only_services_of_the_year_that_stand_count),
        TEST(lifetime_and_stars_are_those_of_the_years_end),
        TEST(org_and_class_are_those_of_the_years_last_day),
        TEST(org_zero_is_everybody_who_is_in_an_org),
        TEST(order_by_minutes_counts_time_that_earned_nothing),
        /* rejects */
        TEST(what_cannot_be_shown_is_refused),
        /* faults */
        TEST(memory_that_runs_out_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
