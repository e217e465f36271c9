/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What is wrong, in words.
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

static void every_fault_has_words_in_both_languages_without_a_full_stop(void **state)
{
    (void)state;
    static const enum value_fault faults[] = {
#define X(symbol, zh, en) VALUE_##symbol,
        VALUE_FAULT_LIST(X)
#undef X
    };
    for (size_t i = 0; i < COUNT(faults); i++) {
        assert_int_equal(faults[i], i);
        const char *zh = value_fault_text(faults[i], true);
        const char *en = value_fault_text(faults[i], false);
        assert_int_equal(zh[0] == '\0', i == VALUE_GOOD);
        assert_int_equal(en[0] == '\0', i == VALUE_GOOD);
        assert_null(strstr(zh + strlen(zh) - (i == VALUE_GOOD ? 0 : strlen("。")), "。"));
        assert_true(i == VALUE_GOOD || en[strlen(en) - 1] != '.');
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(zh, value_fault_text(faults[j], true));
            assert_string_not_equal(en, value_fault_text(faults[j], false));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_fault_has_words_in_both_languages_without_a_full_stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
