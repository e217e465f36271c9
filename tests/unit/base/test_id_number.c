/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Numbers of identity cards: their form, and when two are one.
 */
#include "base/id_number.h"

#include "base/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static enum id_number_form form_of(const char *text)
{
    int32_t birth_day = 0;
    return id_number_form(bytes_of_text(text), &birth_day);
}

static void assert_normal(const char *text, const char *expected)
{
    struct id_number normal = id_number_normal(bytes_of_text(text));
    assert_int_equal(normal.size, strlen(expected));
    assert_memory_equal(normal.text, expected, normal.size);
}

/* accepts */

static void the_example_of_the_standard_is_sound_and_tells_its_birth(void **state)
{
    (void)state;
    int32_t birth_day = 0;
    int32_t expected = 0;
    assert_true(date_parse(BYTES_LITERAL("1949-12-31"), &expected));
    assert_int_equal(id_number_form(BYTES_LITERAL("11010519491231002X"), &birth_day),
                     ID_NUMBER_SOUND);
    assert_int_equal(birth_day, expected);
    assert_int_equal(form_of("11010519491231002x"), ID_NUMBER_SOUND);
}

static void spellings_of_one_number_are_one(void **state)
{
    (void)state;
    static const char *const spellings[] = {"11010519491231002X", "11010519491231002x",
                                            "110105 19491231 002x", "110105491231002"};
    for (size_t i = 0; i < COUNT(spellings); i++) {
        assert_normal(spellings[i], "11010519491231002X");
    }
    assert_normal("e12345678", "E12345678");
    assert_normal("", "");
}

/* rejects */

static void what_is_wrong_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum id_number_form form;
    } cases[] = {{"110105194912310021", ID_NUMBER_CHECK_WRONG},
                 {"11010519491231002A", ID_NUMBER_CHECK_WRONG},
                 {"110105194913310021", ID_NUMBER_BIRTH_WRONG},
                 {"110105491231002", ID_NUMBER_OTHER},
                 {"11010519491231002", ID_NUMBER_OTHER},
                 {"1101051949123100200", ID_NUMBER_OTHER},
                 {"1101051949123100XX", ID_NUMBER_OTHER},
                 {"E12345678", ID_NUMBER_OTHER},
                 {"", ID_NUMBER_OTHER}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(form_of(cases[i].text), cases[i].form);
    }
}

static void fifteen_digits_that_cannot_be_of_the_1900s_stay(void **state)
{
    (void)state;
    assert_normal("110105491331002", "110105491331002"); /* a 13th month */
    assert_normal("110105991231996", "110105991231996"); /* a centenarian's serial */
    assert_normal("11010549123100X", "11010549123100X");
}

/* faults */

static void a_text_longer_than_any_number_is_cut(void **state)
{
    (void)state;
    char text[LB_CONTACT_BYTES_MAX + 8];
    memset(text, '7', sizeof(text));
    struct id_number normal = id_number_normal(bytes_of(text, sizeof(text)));
    assert_int_equal(normal.size, LB_CONTACT_BYTES_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example_of_the_standard_is_sound_and_tells_its_birth),
        cmocka_unit_test(spellings_of_one_number_are_one),
        cmocka_unit_test(what_is_wrong_is_told),
        cmocka_unit_test(fifteen_digits_that_cannot_be_of_the_1900s_stay),
        cmocka_unit_test(a_text_longer_than_any_number_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
