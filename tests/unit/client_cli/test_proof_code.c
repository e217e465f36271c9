/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Proof codes. The expected ones were computed with another program (see docs/receipts.md).
 */
#include "proof_code.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* accepts */

static void a_code_is_the_beginning_of_the_leaf_hash_in_base32(void **state)
{
    (void)state;
    char code[PROOF_CODE_BYTES];
    proof_code_of(BYTES_LITERAL(""), code);
    assert_string_equal(code, "DRT0-Q77Z");
    proof_code_of(BYTES_LITERAL("lovebank"), code);
    assert_string_equal(code, "F74D-APSM");
}

static void a_code_is_read_however_it_was_typed(void **state)
{
    (void)state;
    static const char *const typed[] = {"K0QF-1X1D", "k0qf-1x1d", "KOQFIXLD", "koqf ixld",
                                        " k0-qf-lx-1d "};
    for (size_t i = 0; i < sizeof(typed) / sizeof(typed[0]); i++) {
        char code[PROOF_CODE_BYTES];
        assert_true(proof_code_parse(typed[i], code));
        assert_string_equal(code, "K0QF-1X1D");
    }
}

/* rejects */

static void what_is_no_code_is_not_read(void **state)
{
    (void)state;
    static const char *const typed[] = {"",          "K7QF-M2X", "K7QF-M2XDD", "K7QF-M2XU",
                                        "K7QF/M2XD", "校验码",   "K7QF-M2X*",  "--------"};
    for (size_t i = 0; i < sizeof(typed) / sizeof(typed[0]); i++) {
        char code[PROOF_CODE_BYTES];
        assert_false(proof_code_parse(typed[i], code));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_code_is_the_beginning_of_the_leaf_hash_in_base32),
        cmocka_unit_test(a_code_is_read_however_it_was_typed),
        cmocka_unit_test(what_is_no_code_is_not_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
