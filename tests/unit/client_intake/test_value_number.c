/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Whole numbers, identifiers and amounts.
 */
#include "intake/value.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define CARD_MAX LB_CARD_MAX

/* accepts */

static void whole_numbers_are_read_as_written_and_as_spreadsheets_show_them(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t number;
    } cases[] = {{"0", 0},          {"12", 12},
                 {"007", 7},        {"1,000", 1000},
                 {"12.0", 12},      {"1,234,567.00", 1234567},
                 {"１２", 12},      {"'12", 12},
                 {"12.", 12},       {"=\"12\"", 12},
                 {"十二", 12},      {"两", 2},
                 {"二十一", 21},    {"一百零五", 105},
                 {"一百一十", 110}, {"１，０００", 1000},
                 {" 12 ", 12},      {"1000000", 1000000},
                 {"叁", 3}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        uint64_t number = 0;
        enum value_fault fault = value_number(cases[i].text, 1234567, &number);
        if (fault != VALUE_GOOD || number != cases[i].number) {
            fail_msg("%s: fault %d", cases[i].text, (int)fault);
        }
    }
}

static void identifiers_keep_the_count_of_their_digits(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t number;
        size_t digits;
    } cases[] = {{"1234567897", 1234567897, 10},
                 {"0000000123", 123, 10},
                 {"1234 5678 97", 1234567897, 10},
                 {"1234-5678-97", 1234567897, 10},
                 {"'1234567897", 1234567897, 10},
                 {"1234567897.0", 1234567897, 10},
                 {"１２３", 123, 3},
                 {"=\"00123\"", 123, 5},
                 {"’123", 123, 3}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        uint64_t number = 0;
        size_t digits = 0;
        enum value_fault fault = value_identifier(cases[i].text, CARD_MAX, &number, &digits);
        if (fault != VALUE_GOOD || number != cases[i].number || digits != cases[i].digits) {
            fail_msg("%s: fault %d, %zu digits", cases[i].text, (int)fault, digits);
        }
    }
}

static void amounts_are_read_in_the_smallest_unit(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned decimals;
        int64_t value;
    } cases[] = {{"12.5", 2, 1250},
                 {"12.500", 2, 1250},
                 {"12", 2, 1200},
                 {"1,234.5", 2, 123450},
                 {"-3.2", 2, -320},
                 {"12.5分", 2, 1250},
                 {"12.5 元", 2, 1250},
                 {"12.5 points", 2, 1250},
                 {"5积分", 2, 500},
                 {"－3", 2, -300},
                 {"0.000001", 6, 1},
                 {"1.0", 0, 1},
                 {"92233720368547758.07", 2, INT64_MAX}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t value = 0;
        enum value_fault fault = value_decimal(cases[i].text, cases[i].decimals, &value);
        if (fault != VALUE_GOOD || value != cases[i].value) {
            fail_msg("%s: fault %d", cases[i].text, (int)fault);
        }
    }
}

/* rejects */

static void what_is_no_number_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"abc",  "1,5",   "1,0000", "12,34", "1 2",  "+1",
                                        "--1",  "1.2.3", "一百五", "二三",  "十百", "-",
                                        "12个", "1e3",   "百",     "零十"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        uint64_t number = 0;
        enum value_fault fault = value_number(texts[i], 1000000, &number);
        if (fault != VALUE_NOT_A_NUMBER) {
            fail_msg("%s: fault %d", texts[i], (int)fault);
        }
    }
    static const char *const identifiers[] = {"1,234", "12a",   "-12",   "12--3",
                                              "12 -3", "12.5",  "十二",  "12-",
                                              "No.12", "10-12", "10 12", "2016-05-01"};
    for (size_t i = 0; i < COUNT(identifiers); i++) {
        uint64_t number = 0;
        size_t digits = 0;
        enum value_fault fault = value_identifier(identifiers[i], CARD_MAX, &number, &digits);
        if (fault != VALUE_NOT_A_NUMBER) {
            fail_msg("%s: fault %d", identifiers[i], (int)fault);
        }
    }
    static const char *const amounts[] = {"", "1.", "分", "12.5斤", "1,5", ".5", "(12.5)", "+1"};
    for (size_t i = 0; i < COUNT(amounts); i++) {
        int64_t value = 0;
        enum value_fault fault = value_decimal(amounts[i], 2, &value);
        bool is_expected = fault == (i == 0   ? VALUE_EMPTY
                                     : i == 1 ? VALUE_GOOD
                                              : VALUE_NOT_A_NUMBER);
        if (!is_expected) {
            fail_msg("%s: fault %d", amounts[i], (int)fault);
        }
    }
}

/* faults */

static void what_was_destroyed_or_does_not_fit_has_its_own_fault(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum value_fault fault;
    } cases[] = {{"1.5", VALUE_NOT_WHOLE},
                 {"-3", VALUE_OUT_OF_RANGE},
                 {"1001", VALUE_OUT_OF_RANGE},
                 {"18446744073709551616", VALUE_OUT_OF_RANGE},
                 {"3.2E+17", VALUE_EXCEL_NUMBER},
                 {"1E+3", VALUE_EXCEL_NUMBER},
                 {"###", VALUE_HASHES},
                 {"1**", VALUE_MASKED},
                 {"##", VALUE_MASKED},
                 {"1#2", VALUE_MASKED},
                 {"", VALUE_EMPTY},
                 {"'", VALUE_EMPTY},
                 {"5²", VALUE_SPECIAL_DIGITS},
                 {"#N/A", VALUE_FORMULA},
                 {"1\xee\x80\x80", VALUE_PRIVATE},
                 {"1\xc3", VALUE_NOT_TEXT},
                 {"1\xef\xbf\xbd", VALUE_PRIVATE}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        uint64_t number = 0;
        enum value_fault fault = value_number(cases[i].text, 1000, &number);
        if (fault != cases[i].fault) {
            fail_msg("%s: fault %d", cases[i].text, (int)fault);
        }
    }
}

static void identifiers_tell_what_a_spreadsheet_or_a_mask_destroyed(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum value_fault fault;
    } cases[] = {{"1.23457E+09", VALUE_EXCEL_NUMBER},
                 {"123456789012345000", VALUE_ROUNDED},
                 {"1234567890123450", VALUE_ROUNDED},
                 {"######", VALUE_HASHES},
                 {"1234****97", VALUE_MASKED},
                 {"12xx5678", VALUE_MASKED},
                 {"12345678901", VALUE_OUT_OF_RANGE},
                 {"123456789012345678901", VALUE_OUT_OF_RANGE},
                 {"", VALUE_EMPTY}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        uint64_t number = 0;
        size_t digits = 0;
        enum value_fault fault = value_identifier(cases[i].text, CARD_MAX, &number, &digits);
        if (fault != cases[i].fault) {
            fail_msg("%s: fault %d", cases[i].text, (int)fault);
        }
    }
}

static void amounts_with_too_many_decimals_or_digits_are_named(void **state)
{
    (void)state;
    int64_t value = 0;
    assert_int_equal(value_decimal("12.345", 2, &value), VALUE_TOO_PRECISE);
    assert_int_equal(value_decimal("12.5", 0, &value), VALUE_NOT_WHOLE);
    assert_int_equal(value_decimal("92233720368547758.08", 2, &value), VALUE_OUT_OF_RANGE);
    assert_int_equal(value_decimal("18446744073709551615", 0, &value), VALUE_OUT_OF_RANGE);
    assert_int_equal(value_decimal("9223372036854775807", 2, &value), VALUE_OUT_OF_RANGE);
    assert_int_equal(value_decimal("99999999999999999999", 2, &value), VALUE_OUT_OF_RANGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_numbers_are_read_as_written_and_as_spreadsheets_show_them),
        cmocka_unit_test(identifiers_keep_the_count_of_their_digits),
        cmocka_unit_test(amounts_are_read_in_the_smallest_unit),
        cmocka_unit_test(what_is_no_number_is_refused),
        cmocka_unit_test(what_was_destroyed_or_does_not_fit_has_its_own_fault),
        cmocka_unit_test(identifiers_tell_what_a_spreadsheet_or_a_mask_destroyed),
        cmocka_unit_test(amounts_with_too_many_decimals_or_digits_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
