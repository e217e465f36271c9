/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The masking policy, but for names, which are in test_names.c.
 */
#include "people/mask.h"

#include "base/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define MASKED_BYTES 256

typedef void mask_fn(struct bytes text, char *masked, size_t cap);

struct mask_case {
    const char *text;
    const char *masked;
};

static void assert_masks(mask_fn *mask, const struct mask_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char masked[MASKED_BYTES];
        mask(bytes_of_text(cases[i].text), masked, sizeof(masked));
        assert_string_equal(masked, cases[i].masked);
    }
}

/* accepts */

static void id_numbers_show_three_and_two(void **state)
{
    (void)state;
    static const struct mask_case cases[] = {
        {"11010519491231002X", "110*************2X"},
        {"110105491231002", "110**********02"},
        {"E12345678", "E1******8"},
        {"H1234", "H****"},
        {"12", "**"},
        {"", ""},
        {"军字第1234567号", "军字********号"},
    };
    assert_masks(people_mask_id_number, cases, COUNT(cases));
}

static void phones_show_three_and_four(void **state)
{
    (void)state;
    static const struct mask_case cases[] = {
        {"13812345678", "138****5678"},
        {"010-65551234", "010*****1234"},
        {"65551234", "****1234"},
        {"12345", "***45"},
        {"1", "*"},
        {"", ""},
    };
    assert_masks(people_mask_phone, cases, COUNT(cases));
}

static void addresses_show_their_district(void **state)
{
    (void)state;
    static const struct mask_case cases[] = {
        {"北京市朝阳区望京街道1号", "北京市朝阳区***"},
        {"浙江省安吉县天荒坪镇", "浙江省安吉县***"},
        {"内蒙古阿鲁科尔沁旗天山镇", "内蒙古阿鲁科尔沁旗***"},
        {"梧桐街道九十九号", "梧桐街道***"},
        {"江苏省昆山市玉山镇5号", "江苏省昆山市***"},
        {"幸福小区3号楼101室", "***"},
        {"幸福小区3号楼朝阳区", "幸福小区3号楼朝阳区***"},
        {"阳光社区，科技园区5号", "***"},
        {"梧桐路九十九号", "***"},
        {"", ""},
    };
    assert_masks(people_mask_address, cases, COUNT(cases));
}

static void birth_dates_show_the_year(void **state)
{
    (void)state;
    char masked[MASKED_BYTES];
    int32_t day = 0;
    assert_true(date_parse(BYTES_LITERAL("1949-12-31"), &day));
    people_mask_birth_day(day, masked, sizeof(masked));
    assert_string_equal(masked, "1949");
    people_mask_birth_day(INT32_MIN, masked, sizeof(masked));
    assert_string_equal(masked, "");
}

/* rejects */

static void bytes_that_are_no_text_are_never_shown(void **state)
{
    (void)state;
    static const struct mask_case ids[] = {{"\xff\xfe\xfdZZ\xff", "******"}};
    static const struct mask_case addresses[] = {{"\xff区5号", "*区***"}};
    assert_masks(people_mask_id_number, ids, COUNT(ids));
    assert_masks(people_mask_address, addresses, COUNT(addresses));
}

/* faults */

static void masks_are_cut_between_characters_and_end(void **state)
{
    (void)state;
    mask_fn *const masks[] = {people_mask_id_number, people_mask_phone, people_mask_address};
    static const char text[] = "朝阳区望京街道九十九号楼三单元";
    for (size_t i = 0; i < COUNT(masks); i++) {
        char whole[MASKED_BYTES];
        masks[i](BYTES_LITERAL(text), whole, sizeof(whole));
        for (size_t cap = 1; cap <= strlen(whole) + 1; cap++) {
            char masked[MASKED_BYTES];
            memset(masked, 'x', sizeof(masked));
            masks[i](BYTES_LITERAL(text), masked, cap);
            assert_true(strlen(masked) < cap);
            assert_int_equal(strncmp(masked, whole, strlen(masked)), 0);
            assert_int_equal(masked[cap], 'x');
        }
        char untouched = 'x';
        masks[i](BYTES_LITERAL(text), &untouched, 0);
        assert_int_equal(untouched, 'x');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(id_numbers_show_three_and_two),
        cmocka_unit_test(phones_show_three_and_four),
        cmocka_unit_test(addresses_show_their_district),
        cmocka_unit_test(birth_dates_show_the_year),
        cmocka_unit_test(bytes_that_are_no_text_are_never_shown),
        cmocka_unit_test(masks_are_cut_between_characters_and_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
