/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Numbers of identity documents: GB 11643 and others.
 */
#include "intake/value.h"

#include "base/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static enum value_fault check(const char *text, char out[VALUE_ID_NUMBER_BYTES], bool *has_birth)
{
    int32_t birth_day = 0;
    return value_id_number(text, out, has_birth, &birth_day);
}

/* accepts */

static void the_example_of_the_standard_is_good_and_tells_its_birth(void **state)
{
    (void)state;
    static const char *const texts[] = {"11010519491231002X", "11010519491231002x",
                                        "'11010519491231002X", "110105 19491231 002X",
                                        "１１０１０５１９４９１２３１００２Ｘ"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        char out[VALUE_ID_NUMBER_BYTES];
        bool has_birth = false;
        int32_t birth_day = 0;
        assert_int_equal(value_id_number(texts[i], out, &has_birth, &birth_day), VALUE_GOOD);
        assert_string_equal(out, "11010519491231002X");
        assert_true(has_birth);
        char birth[DATE_TEXT_BYTES];
        date_format(birth_day, birth);
        assert_string_equal(birth, "1949-12-31");
    }
}

/* The check character by another way than the code's: the whole, X as 10, is 1 modulo 11. */
static bool is_one_modulo_11(const char *id)
{
    unsigned sum = 0;
    for (size_t i = 0; i < 18; i++) {
        unsigned digit = id[i] == 'X' ? 10 : (unsigned)(id[i] - '0');
        sum = (sum * 2 + digit) % 11;
    }
    return sum == 1;
}

static void exactly_one_check_character_fits_and_one_changed_digit_is_found(void **state)
{
    (void)state;
    static const char characters[] = "0123456789X";
    char id[] = "440524188001010014";
    for (unsigned serial = 0; serial < 1000; serial++) {
        (void)snprintf(id, sizeof(id), "11010519490615%03u0", serial);
        size_t good = 0;
        for (size_t i = 0; characters[i] != '\0'; i++) {
            char out[VALUE_ID_NUMBER_BYTES];
            bool has_birth = false;
            id[17] = characters[i];
            bool is_good = check(id, out, &has_birth) == VALUE_GOOD;
            assert_int_equal(is_good, is_one_modulo_11(id));
            good += is_good ? 1 : 0;
        }
        assert_int_equal(good, 1);
    }
}

static void other_documents_stay_as_they_are_in_upper_case(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *kept;
    } cases[] = {{"e12345678", "E12345678"},
                 {"H 1234567 8", "H12345678"},
                 {"110105491231002", "110105491231002"},
                 {"军字第1234567号", "军字第1234567号"},
                 {"A123456(7)", "A123456(7)"},
                 {"12e34567", "12E34567"},
                 {"1234号 è", "1234号"}, /* inserted pinyin, of what is kept and of what is typed */
                 {"X1234567", "X1234567"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        char out[VALUE_ID_NUMBER_BYTES];
        bool has_birth = true;
        enum value_fault fault = check(cases[i].text, out, &has_birth);
        if (fault != VALUE_GOOD) {
            fail_msg("%s: fault %d", cases[i].text, (int)fault);
        }
        assert_string_equal(out, cases[i].kept);
        assert_false(has_birth);
    }
}

/* rejects, faults */

static void what_is_wrong_with_a_number_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum value_fault fault;
    } cases[] = {{"110105194912310021", VALUE_ID_CHECK_DIGIT},
                 {"11010519491231002A", VALUE_ID_CHECK_DIGIT},
                 {"110105194912310000", VALUE_ROUNDED},
                 {"3.2E+17", VALUE_EXCEL_NUMBER},
                 {"1.10105E+17", VALUE_EXCEL_NUMBER},
                 {"########", VALUE_HASHES},
                 {"1101051949****002X", VALUE_MASKED},
                 {"1101051949xxxx002X", VALUE_MASKED},
                 {"11010519491231002", VALUE_ID_LENGTH},
                 {"1101051949123100211", VALUE_ID_LENGTH},
                 {"11010519491231", VALUE_ID_LENGTH},
                 {"1101O519491231002X", VALUE_NOT_A_NUMBER},
                 {"无", VALUE_NOT_A_NUMBER},
                 {"A12345678!", VALUE_NOT_A_NUMBER},
                 {".2E-\v177", VALUE_NOT_A_NUMBER},
                 {"3E- 17", VALUE_EXCEL_NUMBER},
                 {"", VALUE_EMPTY},
                 {"110105194913310021", VALUE_ID_BIRTH}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        char out[VALUE_ID_NUMBER_BYTES];
        bool has_birth = false;
        enum value_fault fault = check(cases[i].text, out, &has_birth);
        if (fault != cases[i].fault) {
            fail_msg("%s: fault %d, expected %d", cases[i].text, (int)fault, (int)cases[i].fault);
        }
    }
    char out[VALUE_ID_NUMBER_BYTES];
    bool has_birth = false;
    assert_int_equal(check("A1bcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnop",
                           out, &has_birth),
                     VALUE_TOO_LONG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example_of_the_standard_is_good_and_tells_its_birth),
        cmocka_unit_test(exactly_one_check_character_fits_and_one_changed_digit_is_found),
        cmocka_unit_test(other_documents_stay_as_they_are_in_upper_case),
        cmocka_unit_test(what_is_wrong_with_a_number_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
