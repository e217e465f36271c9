/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The till's state machine, its keys and its screen, without a terminal and without a server.
 */
#include "till.h"

#include "till_day.h"
#include "till_keys.h"
#include "till_screen.h"
#include "till_word.h"

#include "base/utf8.h"
#include "lovebank/card.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define CARD_42 "0000000428"

static const struct till_goods goods[] = {
    {101, false, UINT64_C(6901234567892), 6000, "大米", "袋", "大米", "dm"},
    {102, false, 0, 500, "食盐", "包", "食盐", "sy"},
    {103, false, 0, 8050, "食用油", "桶", "食用油", "syy"},
    {201, true, 0, 3000, "理发", "次", "理发", "lf"},
};

static const struct till_member member_42 = {
    .card = 428, .member = 42, .name = "张*明", .points_centi = 80000};

static int set_up(void **state)
{
    struct till *till = calloc(1, sizeof(*till));
    struct arena *arena = calloc(1, sizeof(*arena));
    if (till == NULL || arena == NULL) {
        free(till);
        free(arena);
        return -1;
    }
    arena_init(arena, arena_memory_heap(), 1 << 20);
    till->is_chinese = true;
    till->has_printer = true;
    till->counter_name = "爱心超市";
    till->org_name = "春晖街道";
    till->catalogue = (struct till_catalogue){goods, sizeof(goods) / sizeof(goods[0])};
    till->scratch = arena;
    till_init(till);
    *state = till;
    return 0;
}

static int tear_down(void **state)
{
    struct till *till = *state;
    arena_fini(till->scratch);
    free(till->scratch);
    free(till);
    return 0;
}

/* Types each character and Enter; gives the last request. */
static struct till_request type(struct till *till, const char *line)
{
    struct bytes left = bytes_of_text(line);
    while (left.size > 0) {
        struct till_key key = {.kind = TILL_KEY_CHARACTER};
        const struct bytes before = left;
        uint32_t code_point;
        assert_true(utf8_next(&left, &code_point));
        memcpy(key.text, before.data, before.size - left.size);
        (void)till_press(till, &key);
    }
    const struct till_key enter = {.kind = TILL_KEY_ENTER};
    return till_press(till, &enter);
}

static void press(struct till *till, enum till_key_kind kind)
{
    const struct till_key key = {.kind = kind};
    assert_int_equal(till_press(till, &key).want, TILL_NOTHING);
}

static void scan_member(struct till *till)
{
    const struct till_request request = type(till, CARD_42);
    assert_int_equal(request.want, TILL_WANT_MEMBER);
    assert_int_equal(request.card, 428);
    const struct till_answer answer = {
        .to = TILL_WANT_MEMBER, .is_done = true, .member = &member_42};
    assert_int_equal(till_take(till, &answer).want, TILL_NOTHING);
}

static void check_scans(const struct till *till, size_t count, uint32_t item, int64_t quantity)
{
    assert_int_equal(till->basket.scan_count, count);
    assert_int_equal(till->basket.scans[count - 1].item, item);
    assert_int_equal(till->basket.scans[count - 1].quantity, quantity);
}

/* accepts */

static void goods_come_by_barcode_number_name_and_initials(void **state)
{
    struct till *till = *state;
    (void)type(till, "6901234567892");
    check_scans(till, 1, 101, 1);
    (void)type(till, "102");
    check_scans(till, 2, 102, 1);
    (void)type(till, "用油");
    check_scans(till, 3, 103, 1);
    (void)type(till, "dm");
    check_scans(till, 4, 101, 1);
    (void)type(till, "sy");
    assert_int_equal(till->mode, TILL_PICK);
    (void)type(till, "2");
    check_scans(till, 5, 103, 1);
    struct till_scan lines[LB_COMMAND_LINES_MAX];
    assert_int_equal(till_lines(&till->basket, lines), 3);
    int64_t total_centi = 0;
    assert_true(till_total(till, &total_centi));
    assert_int_equal(total_centi, 2 * 6000 + 500 + 2 * 8050);
}

static void a_quantity_has_a_star_and_is_for_the_next_scan_only(void **state)
{
    struct till *till = *state;
    static const char *const quantities[] = {"3*", "3x", "３＊", "3×", "003X"};
    for (size_t i = 0; i < sizeof(quantities) / sizeof(quantities[0]); i++) {
        (void)type(till, quantities[i]);
        (void)type(till, "101");
        check_scans(till, 2 * i + 1, 101, 3);
        (void)type(till, "102");
        check_scans(till, 2 * i + 2, 102, 1);
    }
    (void)type(till, "12*dm");
    check_scans(till, 11, 101, 12);
}

static void a_booked_basket_is_nobodys_any_more(void **state)
{
    struct till *till = *state;
    scan_member(till);
    (void)type(till, "101");
    assert_int_equal(type(till, "").want, TILL_WANT_BOOK);
    const struct till_answer booked = {.to = TILL_WANT_BOOK,
                                       .is_done = true,
                                       .entry = 30,
                                       .total_centi = 6000,
                                       .balance_centi = 74000};
    const struct till_request print = till_take(till, &booked);
    assert_int_equal(print.want, TILL_WANT_PRINT);
    assert_int_equal(print.entry, 30);
    assert_true(print.is_original);
    assert_int_equal(type(till, "").want, TILL_NOTHING);
    (void)type(till, "102");
    check_scans(till, 1, 102, 1);
    assert_int_equal(till->basket.member.card, 0);
}

static void a_basket_is_held_and_recalled_with_a_fresh_balance(void **state)
{
    struct till *till = *state;
    scan_member(till);
    (void)type(till, "101");
    (void)type(till, "h");
    assert_int_equal(till->held_count, 1);
    assert_int_equal(till->basket.scan_count, 0);
    const struct till_request request = type(till, "r");
    assert_int_equal(request.want, TILL_WANT_MEMBER);
    assert_int_equal(request.card, 428);
    check_scans(till, 1, 101, 1);
}

static void new_goods_are_looked_for_once(void **state)
{
    struct till *till = *state;
    assert_int_equal(type(till, "104").want, TILL_WANT_CATALOGUE);
    const struct till_answer same = {
        .to = TILL_WANT_CATALOGUE, .is_done = true, .catalogue = &till->catalogue};
    assert_int_equal(till_take(till, &same).want, TILL_NOTHING);
    assert_int_equal(till->tone, TILL_BAD);
    assert_int_equal(type(till, "104").want, TILL_WANT_CATALOGUE);
}

static void keys_are_read_from_bytes_in_any_pieces(void **state)
{
    (void)state;
    static const uint8_t bytes[] = "\x02\xe5\xa4\xa7"
                                   "1\r\n\x7f\x1b[A\x1b[6~\x1b[99;99Z\n\r\r\x1b";
    static const enum till_key_kind kinds[] = {
        TILL_KEY_CHARACTER, TILL_KEY_CHARACTER, TILL_KEY_ENTER, TILL_KEY_BACKSPACE,
        TILL_KEY_UP,        TILL_KEY_PAGE_DOWN, TILL_KEY_ENTER, TILL_KEY_ENTER,
        TILL_KEY_ENTER,     TILL_KEY_ESCAPE};
    static struct till_keys keys;
    size_t found = 0;
    struct till_key key;
    for (size_t i = 0; i < sizeof(bytes) - 1; i++) {
        size_t room = 0;
        *till_keys_room(&keys, &room) = bytes[i];
        till_keys_came(&keys, 1);
        while (till_keys_next(&keys, false, &key)) {
            assert_int_equal(key.kind, kinds[found++]);
        }
    }
    assert_true(till_keys_are_begun(&keys));
    assert_true(till_keys_next(&keys, true, &key));
    assert_int_equal(key.kind, kinds[found++]);
    assert_int_equal(found, sizeof(kinds) / sizeof(kinds[0]));
}

static void a_scan_right_behind_an_esc_is_whole(void **state)
{
    (void)state;
    static struct till_keys keys;
    static const char scan[] = "\x1b"
                               "0000000428\r";
    struct till_key key;
    size_t room = 0;
    memcpy(till_keys_room(&keys, &room), scan, sizeof(scan) - 1);
    till_keys_came(&keys, sizeof(scan) - 1);
    assert_true(till_keys_next(&keys, false, &key));
    assert_int_equal(key.kind, TILL_KEY_ESCAPE);
    for (size_t i = 1; i + 2 < sizeof(scan); i++) {
        assert_true(till_keys_next(&keys, false, &key));
        assert_int_equal(key.kind, TILL_KEY_CHARACTER);
        assert_int_equal(key.text[0], scan[i]);
    }
    assert_true(till_keys_next(&keys, false, &key));
    assert_int_equal(key.kind, TILL_KEY_ENTER);
}

static void the_day_counts_what_stands(void **state)
{
    (void)state;
    static const struct till_scan rice[] = {{101, 2}};
    static const struct till_scan both[] = {{102, 1}, {101, 1}};
    static const struct till_row rows[] = {
        {.entry = 35, .target_entry = 34, .member = 43, .points_centi = 6000},
        {.entry = 34,
         .reversed_by = 35,
         .member = 43,
         .is_redemption = true,
         .points_centi = -6000,
         .lines = rice,
         .line_count = 1},
        {.entry = 33, .member = 43, .is_redemption = true, .is_refused = true},
        {.entry = 32,
         .member = 42,
         .is_redemption = true,
         .points_centi = -12000,
         .lines = rice,
         .line_count = 1},
        {.entry = 31,
         .member = 42,
         .is_redemption = true,
         .points_centi = -6500,
         .lines = both,
         .line_count = 2},
    };
    struct till_day day = {.rows = rows, .row_count = sizeof(rows) / sizeof(rows[0])};
    struct arena arena;
    arena_init(&arena, arena_memory_heap(), 1 << 20);
    assert_true(till_day_count(&day, &arena));
    assert_int_equal(day.totals.redemptions, 2);
    assert_int_equal(day.totals.persons, 1);
    assert_int_equal(day.totals.points_centi, 18500);
    assert_int_equal(day.totals.goods_count, 2);
    assert_int_equal(day.totals.goods[0].item, 101);
    assert_int_equal(day.totals.goods[0].quantity, 3);
    arena_fini(&arena);
}

/* Columns of a row, without the sequences that colour it. */
static size_t shown_columns(const char *row)
{
    char plain[SCREEN_ROW_BYTES];
    size_t size = 0;
    for (; *row != '\0'; row++) {
        if (*row == '\x1b') {
            row += strcspn(row, "m");
            assert_int_equal(*row, 'm');
            continue;
        }
        plain[size++] = *row;
    }
    return utf8_width(bytes_of(plain, size));
}

static void check_screen(const struct till *till)
{
    static struct screen screen;
    till_screen_paint(till, "08:30", 3, &screen);
    till_screen_paint(till, "08:30", 0, &screen);
    for (size_t i = 0; i < SCREEN_ROWS; i++) {
        assert_true(shown_columns(screen.rows[i]) <= SCREEN_COLUMNS);
        assert_null(strchr(screen.rows[i], '\n'));
    }
    assert_true(screen.cursor_row < SCREEN_ROWS && screen.cursor_column < SCREEN_COLUMNS);
}

static void every_screen_fits_with_the_longest_of_everything(void **state)
{
    struct till *till = *state;
    static char name[TILL_NAME_BYTES];
    static struct till_goods many[TILL_SCANS_MAX];
    static struct till_row rows[40];
    for (size_t i = 0; i + 3 < sizeof(name); i += 3) {
        memcpy(name + i, "米", 3);
    }
    for (size_t i = 0; i < TILL_SCANS_MAX; i++) {
        many[i] = (struct till_goods){
            (uint32_t)i + 1, false, 0, LB_POINTS_CENTI_MAX - 1, name, name, name, "mm"};
        till->basket.scans[i] = (struct till_scan){(uint32_t)i + 1, 999};
    }
    for (size_t i = 0; i < 40; i++) {
        rows[i] = (struct till_row){.entry = INT64_MAX,
                                    .reversed_by = 1,
                                    .name = name,
                                    .what = name,
                                    .points_centi = -LB_POINTS_CENTI_MAX};
    }
    static struct till_scan goods_of_day[] = {{1, INT64_MAX}, {2, INT64_MAX}, {3, INT64_MAX}};
    till->catalogue = (struct till_catalogue){many, TILL_SCANS_MAX};
    till->counter_name = till->org_name = name;
    till->desk = LB_CODE_MAX;
    till->basket.member = member_42;
    till->basket.member.points_centi = -LB_POINTS_CENTI_MAX - 1;
    till->basket.member.debt_centi = LB_POINTS_CENTI_MAX;
    till->basket.member.earlier_count = 9;
    memcpy(till->basket.member.name, name, sizeof(name));
    memcpy(till->basket.member.earlier[0].what, name, sizeof(name));
    till->basket.scan_count = TILL_SCANS_MAX;
    till->held_count = TILL_HELD_MAX;
    memcpy(till->held[0].member.name, name, sizeof(name));
    till->held[0].member.card = 428;
    till->pick_count = TILL_PICKS_MAX;
    till->quantity = TILL_QUANTITY_MAX;
    till->undo = rows[0];
    till->day = (struct till_day){rows, 40, {UINT64_MAX, UINT64_MAX, INT64_MAX, goods_of_day, 3}};
    till->day_at = 39;
    memset(till->input, 'w', sizeof(till->input) - 1);
    memset(till->message, 'w', sizeof(till->message) - 1);
    for (int language = 0; language < 2; language++) {
        till->is_chinese = language == 0;
        for (int mode = TILL_SELL; mode <= TILL_UNSETTLED; mode++) {
            till->mode = (enum till_mode)mode;
            check_screen(till);
        }
    }
}

static void the_balance_is_five_rows_high(void **state)
{
    struct till *till = *state;
    static struct screen screen;
    till->basket.member = member_42;
    till->basket.member.points_centi = 700;
    till_screen_paint(till, "08:30", 0, &screen);
    const char *seven = "\x1b[7m  \x1b[0m\x1b[7m  \x1b[0m\x1b[7m  \x1b[0m";
    const char *stroke = "    \x1b[7m  \x1b[0m";
    assert_non_null(strstr(screen.rows[2], seven));
    for (size_t i = 3; i < 7; i++) {
        assert_null(strstr(screen.rows[i], seven));
        assert_non_null(strstr(screen.rows[i], stroke));
    }
}

static void the_days_goods_stand_on_two_rows_and_the_rest_is_counted(void **state)
{
    struct till *till = *state;
    static struct screen screen;
    static struct till_goods many[40];
    static struct till_scan totals[40];
    for (uint32_t i = 0; i < 40; i++) {
        many[i] = (struct till_goods){i + 1, false, 0, 100, "商品", "袋", "商品", "sp"};
        totals[i] = (struct till_scan){i + 1, 10};
    }
    till->catalogue = (struct till_catalogue){many, 40};
    till->mode = TILL_DAY;
    till->message[0] = '\0';
    till->day = (struct till_day){.totals = {.goods = totals, .goods_count = 40}};
    till_screen_paint(till, "08:30", 0, &screen);
    /* Each takes 12 columns. */
    assert_non_null(strstr(screen.rows[19], "  商品 10 袋  商品 10 袋"));
    assert_non_null(strstr(screen.rows[20], "袋  还有 29 种"));
    assert_int_equal(shown_columns(screen.rows[19]), SCREEN_COLUMNS);
}

static void points_past_their_day_are_not_counted_as_there_to_spend(void **state)
{
    struct till *till = *state;
    struct till_member member = member_42;
    member.expired_centi = 30000; /* beside the 80000 */
    static struct screen screen;
    const struct till_answer seen = {.to = TILL_WANT_MEMBER, .is_done = true, .member = &member};
    const struct till_answer booked = {.to = TILL_WANT_BOOK,
                                       .is_done = true,
                                       .entry = 30,
                                       .total_centi = 6000,
                                       .balance_centi = 80000 + 30000 - 6000};
    assert_int_equal(type(till, CARD_42).want, TILL_WANT_MEMBER);
    (void)till_take(till, &seen);
    till_screen_paint(till, "08:30", 0, &screen);
    assert_non_null(strstr(screen.rows[3], "卡尾号 0428  300 分已过期"));
    (void)type(till, "101");
    assert_int_equal(type(till, "").want, TILL_WANT_BOOK);
    (void)till_take(till, &booked);
    assert_int_equal(till->basket.member.points_centi, 74000);
    assert_string_equal(till->message, "已记账：第 30 号，用去 60 分，余 740 分。");
}

/* rejects */

static void goods_of_the_same_name_are_chosen_between(void **state)
{
    struct till *till = *state;
    static const struct till_goods same[] = {
        {101, false, 0, 6000, "大米礼包", "袋", "大米礼包", "dmlb"},
        {102, false, 0, 6000, "大米", "袋", "大米", "dm"},
        {103, false, 0, 3000, "大 米", "袋", "大米", "dm"},
    };
    till->catalogue = (struct till_catalogue){same, 3};
    (void)type(till, "大米");
    assert_int_equal(till->mode, TILL_PICK);
    assert_int_equal(till->pick_count, 2);
    (void)type(till, "3*2");
    check_scans(till, 1, 103, 3);
    (void)type(till, "101");
    check_scans(till, 2, 101, 1);
}

static void keys_of_the_days_list_may_be_capitals(void **state)
{
    struct till *till = *state;
    static const struct till_row row = {.entry = 30, .is_redemption = true, .name = "", .what = ""};
    const struct till_key print = {.kind = TILL_KEY_CHARACTER, .text = "P"};
    const struct till_key undo = {.kind = TILL_KEY_CHARACTER, .text = "U"};
    till->day = (struct till_day){.rows = &row, .row_count = 1};
    till->mode = TILL_DAY;
    assert_int_equal(till_press(till, &print).want, TILL_WANT_PRINT);
    assert_int_equal(till_press(till, &undo).want, TILL_NOTHING);
    assert_int_equal(till->mode, TILL_REASON);
}

static void a_quantity_does_not_wait_for_the_next_member(void **state)
{
    struct till *till = *state;
    const struct till_answer booked = {.to = TILL_WANT_BOOK, .is_done = true, .entry = 30};
    scan_member(till);
    (void)type(till, "101");
    (void)type(till, "3*");
    assert_int_equal(type(till, "").want, TILL_WANT_BOOK);
    (void)till_take(till, &booked);
    scan_member(till);
    (void)type(till, "101");
    check_scans(till, 1, 101, 1);
    (void)type(till, "3*");
    (void)type(till, "h");
    (void)type(till, "101");
    check_scans(till, 1, 101, 1);
}

static void a_page_that_was_pasted_leaves_room_for_the_remedy(void **state)
{
    struct till *till = *state;
    char page[TILL_INPUT_BYTES];
    memset(page, 'w', sizeof(page) - 1);
    page[sizeof(page) - 1] = '\0';
    till->has_reloaded = true;
    (void)till_line(till, page);
    assert_non_null(strstr(till->message, "wwww…”。请核对"));
    memset(page, '7', sizeof(page) - 1);
    (void)till_line(till, page);
    assert_non_null(strstr(till->message, "7777…”既不是卡号"));
}

static void an_undo_about_nobody_names_nobody(void **state)
{
    struct till *till = *state;
    const struct till_answer undone = {.to = TILL_WANT_UNDO, .is_done = true, .entry = 31};
    assert_int_equal(till_take(till, &undone).want, TILL_NOTHING);
    assert_string_equal(till->message, "已撤销（第 31 号）。");
}

static void a_line_that_is_too_many_to_wait_is_told(void **state)
{
    struct till *till = *state;
    till->mode = TILL_UNSETTLED;
    for (size_t i = 0; i < TILL_QUEUE_MAX; i++) {
        (void)type(till, "101");
    }
    assert_null(strstr(till->message, "没有收下"));
    (void)type(till, "101");
    assert_non_null(strstr(till->message, "没有收下"));
    assert_int_equal(till->queue_count, TILL_QUEUE_MAX);
}

static void a_bare_number_is_never_a_quantity(void **state)
{
    struct till *till = *state;
    assert_int_equal(type(till, "3").want, TILL_WANT_CATALOGUE);
    assert_int_equal(till->quantity, 0);
    (void)type(till, "0*");
    assert_int_equal(till->quantity, 0);
    (void)type(till, "1000*");
    assert_int_equal(till->quantity, 0);
}

static void a_card_that_is_not_taken_stops_goods_going_to_the_one_before(void **state)
{
    struct till *till = *state;
    char other[16];
    (void)snprintf(other, sizeof(other), "%010llu", (unsigned long long)lb_card_of_serial(43));
    scan_member(till);
    (void)type(till, "101");
    assert_int_equal(type(till, other).want, TILL_NOTHING);
    (void)type(till, "102");
    check_scans(till, 1, 101, 1);
    assert_int_equal(till->tone, TILL_BAD);
    assert_int_equal(type(till, "").want, TILL_WANT_BOOK);
    /* Without goods the one before is sent away. */
    press(till, TILL_KEY_ESCAPE);
    press(till, TILL_KEY_ESCAPE);
    scan_member(till);
    (void)type(till, "0000000429");
    assert_int_equal(till->basket.member.card, 0);
}

static void a_scan_is_no_reason_and_no_command(void **state)
{
    struct till *till = *state;
    static const struct till_row last = {.entry = 30, .name = "张*明", .what = "大米 1"};
    const struct till_answer answer = {.to = TILL_WANT_LAST, .is_done = true, .row = &last};
    assert_int_equal(type(till, "u").want, TILL_WANT_LAST);
    (void)till_take(till, &answer);
    assert_int_equal(till->mode, TILL_REASON);
    assert_int_equal(type(till, "6901234567892").want, TILL_NOTHING);
    assert_int_equal(type(till, "]E06901234567892").want, TILL_NOTHING);
    assert_int_equal(type(till, "h").want, TILL_NOTHING);
    assert_int_equal(type(till, "").want, TILL_NOTHING);
    assert_int_equal(till->mode, TILL_REASON);
    const struct till_request request = type(till, "拿错了");
    assert_int_equal(request.want, TILL_WANT_UNDO);
    assert_int_equal(request.entry, 30);
    assert_string_equal(till->reason, "拿错了");
}

static void nothing_is_booked_without_card_and_goods(void **state)
{
    struct till *till = *state;
    assert_int_equal(type(till, "").want, TILL_NOTHING);
    (void)type(till, "101");
    assert_int_equal(type(till, "").want, TILL_NOTHING);
    (void)type(till, "理发");
    check_scans(till, 1, 101, 1);
}

static void esc_clears_a_basket_only_the_second_time(void **state)
{
    struct till *till = *state;
    scan_member(till);
    (void)type(till, "101");
    press(till, TILL_KEY_ESCAPE);
    check_scans(till, 1, 101, 1);
    (void)type(till, "102"); /* it was not meant */
    press(till, TILL_KEY_ESCAPE);
    check_scans(till, 2, 102, 1);
    press(till, TILL_KEY_ESCAPE);
    assert_int_equal(till->basket.scan_count, 0);
    assert_int_equal(till->basket.member.card, 0);
}

static void q_and_esc_are_not_each_others_second_time(void **state)
{
    struct till *till = *state;
    scan_member(till);
    (void)type(till, "101");
    assert_int_equal(type(till, "q").want, TILL_NOTHING);
    press(till, TILL_KEY_ESCAPE);
    check_scans(till, 1, 101, 1);
    assert_int_equal(type(till, "q").want, TILL_NOTHING);
    assert_int_equal(type(till, "q").want, TILL_WANT_QUIT);
}

static void a_full_basket_takes_no_more(void **state)
{
    struct till *till = *state;
    for (size_t i = 0; i < TILL_SCANS_MAX + 3; i++) {
        (void)type(till, "101");
    }
    assert_int_equal(till->basket.scan_count, TILL_SCANS_MAX);
    assert_int_equal(till->tone, TILL_BAD);
}

/* faults */

static void without_an_answer_everything_waits_for_it(void **state)
{
    struct till *till = *state;
    scan_member(till);
    (void)type(till, "101");
    assert_int_equal(type(till, "").want, TILL_WANT_BOOK);
    const struct till_answer lost = {
        .to = TILL_WANT_BOOK, .is_unsettled = true, .sentence = "连不上"};
    assert_int_equal(till_take(till, &lost).want, TILL_NOTHING);
    assert_int_equal(type(till, "102").want, TILL_NOTHING);
    assert_int_equal(till_next(till).want, TILL_NOTHING);
    assert_int_equal(type(till, "").want, TILL_WANT_SETTLE);
    const struct till_answer booked = {.to = TILL_WANT_SETTLE,
                                       .is_done = true,
                                       .entry = 30,
                                       .total_centi = 6000,
                                       .balance_centi = 74000,
                                       .member = &member_42};
    (void)till_take(till, &booked);
    assert_int_equal(till->tone, TILL_GOOD);
    assert_int_equal(till_next(till).want, TILL_NOTHING);
    check_scans(till, 1, 102, 1);
    assert_int_equal(till->basket.member.card, 0);
}

static void what_waits_for_a_second_person_is_settled_but_not_entered(void **state)
{
    struct till *till = *state;
    scan_member(till);
    (void)type(till, "101");
    assert_int_equal(type(till, "").want, TILL_WANT_BOOK);
    const struct till_answer waits = {
        .to = TILL_WANT_BOOK, .is_waiting = true, .entry = 31, .sentence = "要第二个人确认"};
    assert_int_equal(till_take(till, &waits).want, TILL_NOTHING);
    assert_int_equal(till->tone, TILL_BAD);
    assert_non_null(strstr(till->message, "第 31 号事项"));
    assert_int_equal(till->mode, TILL_SELL);
    assert_false(till_is_open(till));
    assert_int_equal(till->last_entry, 0);
    assert_int_equal(type(till, "").want, TILL_NOTHING); /* it is not asked for twice */
}

static void a_refusal_keeps_the_basket(void **state)
{
    struct till *till = *state;
    scan_member(till);
    (void)type(till, "101");
    const struct till_answer refused = {.to = TILL_WANT_BOOK, .sentence = "积分不够"};
    assert_int_equal(till_take(till, &refused).want, TILL_NOTHING);
    check_scans(till, 1, 101, 1);
    assert_string_equal(till->message, "积分不够。");
    assert_true(till->rings);
    assert_int_equal(type(till, "").want, TILL_WANT_BOOK);
}

static void any_bytes_leave_a_till_that_holds_together(void **state)
{
    struct till *till = *state;
    static struct till_keys keys;
    uint64_t seed = 20161231;
    print_message("seed %llu\n", (unsigned long long)seed);
    for (size_t i = 0; i < 20000; i++) {
        static const char likely[] = "0123456789*x-\r\r\x1b[AuhrlpqBsy\xe5\xa4\xa7";
        size_t room = 0;
        seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407U;
        const uint64_t chance = seed >> 33;
        *till_keys_room(&keys, &room) = chance % 8 == 0
                                            ? (uint8_t)(chance >> 8)
                                            : (uint8_t)likely[(chance >> 8) % (sizeof(likely) - 1)];
        till_keys_came(&keys, 1);
        struct till_key key;
        while (till_keys_next(&keys, chance % 64 == 1, &key)) {
            const struct till_request request = till_press(till, &key);
            const struct till_answer answer = {.to = request.want,
                                               .is_done = chance % 4 == 2,
                                               .is_unsettled = chance % 16 == 3,
                                               .sentence = "",
                                               .member = &member_42,
                                               .day = &till->day,
                                               .catalogue = &till->catalogue};
            (void)till_take(till, &answer);
            assert_true(till->basket.scan_count <= TILL_SCANS_MAX);
            assert_true(till->held_count <= TILL_HELD_MAX);
            assert_true(till->queue_count <= TILL_QUEUE_MAX);
        }
        if (i % 64 == 0) {
            check_screen(till);
        }
    }
}

#define TILL_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TILL_TEST(goods_come_by_barcode_number_name_and_initials),
        TILL_TEST(a_quantity_has_a_star_and_is_for_the_next_scan_only),
        TILL_TEST(a_booked_basket_is_nobodys_any_more),
        TILL_TEST(a_basket_is_held_and_recalled_with_a_fresh_balance),
        TILL_TEST(new_goods_are_looked_for_once),
        TILL_TEST(keys_are_read_from_bytes_in_any_pieces),
        TILL_TEST(a_scan_right_behind_an_esc_is_whole),
        TILL_TEST(the_day_counts_what_stands),
        TILL_TEST(every_screen_fits_with_the_longest_of_everything),
        TILL_TEST(the_balance_is_five_rows_high),
        TILL_TEST(the_days_goods_stand_on_two_rows_and_the_rest_is_counted),
        TILL_TEST(points_past_their_day_are_not_counted_as_there_to_spend),
        TILL_TEST(goods_of_the_same_name_are_chosen_between),
        TILL_TEST(keys_of_the_days_list_may_be_capitals),
        TILL_TEST(a_quantity_does_not_wait_for_the_next_member),
        TILL_TEST(a_page_that_was_pasted_leaves_room_for_the_remedy),
        TILL_TEST(an_undo_about_nobody_names_nobody),
        TILL_TEST(a_line_that_is_too_many_to_wait_is_told),
        TILL_TEST(a_bare_number_is_never_a_quantity),
        TILL_TEST(a_card_that_is_not_taken_stops_goods_going_to_the_one_before),
        TILL_TEST(a_scan_is_no_reason_and_no_command),
        TILL_TEST(nothing_is_booked_without_card_and_goods),
        TILL_TEST(esc_clears_a_basket_only_the_second_time),
        TILL_TEST(q_and_esc_are_not_each_others_second_time),
        TILL_TEST(a_full_basket_takes_no_more),
        TILL_TEST(without_an_answer_everything_waits_for_it),
        TILL_TEST(what_waits_for_a_second_person_is_settled_but_not_entered),
        TILL_TEST(a_refusal_keeps_the_basket),
        TILL_TEST(any_bytes_leave_a_till_that_holds_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
