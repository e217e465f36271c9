/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Tables: amounts below each other, texts of any script in columns.
 */
#include "table.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int set_up(void **state)
{
    (void)state;
    return setlocale(LC_CTYPE, "C.UTF-8") == NULL;
}

static void amounts_of_a_column_have_as_many_decimals_as_the_longest(void **state)
{
    (void)state;
    static const struct table_column columns[] = {
        {.title = {"姓名", "NAME"}},
        {.title = {"积分", "POINTS"}, .is_amount = true},
        {.title = {"人次", "TIMES"}, .is_amount = true},
    };
    static const char *const rows[][3] = {
        {"张*明", "12", "3"}, {"Li", "-3.25", "14"}, {"王*", "", "1"}, {"欧*", "+0.5", "0"}};
    struct cli cli;
    struct table table;
    char *text = NULL;
    size_t size = 0;
    cli_init(&cli, false);
    cli.out = open_memstream(&text, &size);
    assert_non_null(cli.out);
    TABLE_BEGIN(&table, &cli, columns);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        table_row(&table, rows[i]);
    }
    table_end(&table);
    assert_int_equal(fclose(cli.out), 0);
    assert_string_equal(text, "NAME  POINTS TIMES\n"
                              "张*明  12.00     3\n"
                              "Li     -3.25    14\n"
                              "王*              1\n"
                              "欧*    +0.50     0\n");
    free(text);
    cli_fini(&cli);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(amounts_of_a_column_have_as_many_decimals_as_the_longest),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
