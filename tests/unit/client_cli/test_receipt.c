/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Receipts and passbook lines, to the character; and what a printer is given.
 */
#include "printer.h"
#include "receipt.h"

#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static struct receipt sample(void)
{
    return (struct receipt){
        .is_chinese = true,
        .org = "春晖街道",
        .place = "爱心超市",
        .act = "兑换商品",
        .what = "",
        .when = "2016-05-01 08:30",
        .day = "2016-05-01",
        .desk = 3,
        .name = "张*明",
        .member = 42,
        .card = 428,
        .lines = {{"大米", "袋", 2, 6050}, {"食盐", "", 1, 500}},
        .line_count = 2,
        .points_centi = -12600,
        .balance_centi = 67400,
        .lots = {{16801, 67400}},
        .lot_count = 1,
        .entry = 30,
        .code = "K7QF-M2XD",
    };
}

/* The longest of everything. */
static struct receipt worst(void)
{
    static char name[LB_NAME_BYTES_MAX + 1];
    struct receipt receipt = sample();
    for (size_t i = 0; i < LB_NAME_BYTES_MAX; i += 3) {
        memcpy(name + i, "米", 3);
    }
    receipt.org = receipt.place = receipt.act = receipt.what = receipt.name = name;
    receipt.minutes = -LB_DAY_MINUTES;
    receipt.points_centi = receipt.balance_centi = -LB_POINTS_CENTI_MAX - 1;
    receipt.held_centi = 1;
    receipt.entry = receipt.reversed_by = INT64_MAX;
    receipt.line_count = LB_COMMAND_LINES_MAX;
    for (size_t i = 0; i < LB_COMMAND_LINES_MAX; i++) {
        receipt.lines[i] = (struct receipt_line){name, name, LB_QUANTITY_MAX, INT64_MAX};
    }
    return receipt;
}

static void check_width(const char *text, size_t columns)
{
    while (*text != '\0') {
        const size_t size = strcspn(text, "\n");
        assert_true(utf8_width(bytes_of(text, size)) <= columns);
        assert_int_equal(text[size], '\n');
        text += size + 1;
    }
}

/* accepts */

static void a_redemption_on_narrow_paper(void **state)
{
    (void)state;
    static char text[RECEIPT_BYTES_MAX];
    const struct receipt receipt = sample();
    receipt_format(&receipt, RECEIPT_COLUMNS_58_MM, text);
    assert_string_equal(text, "            春晖街道\n"
                              "            爱心超市\n"
                              "            兑换商品\n"
                              "--------------------------------\n"
                              "时间            2016-05-01 08:30\n"
                              "服务台                         3\n"
                              "志愿者                     张*明\n"
                              "积分卡                 尾号 0428\n"
                              "--------------------------------\n"
                              "大米\n"
                              "  2 袋 x 60.5                121\n"
                              "食盐\n"
                              "  1 x 5                        5\n"
                              "--------------------------------\n"
                              "合计                     -126 分\n"
                              "余额                      674 分\n"
                              "  用至 2016-01-01         674 分\n"
                              "--------------------------------\n"
                              "记账                    第 30 号\n"
                              "校验码                 K7QF-M2XD\n"
                              "\n\n\n\n");
}

static void a_reprint_in_english_on_wide_paper(void **state)
{
    (void)state;
    static char text[RECEIPT_BYTES_MAX];
    struct receipt receipt = sample();
    receipt.is_chinese = false;
    receipt.is_reprint = true;
    receipt.reversed_by = 31;
    memcpy(receipt.day, "2016-04-30", sizeof(receipt.day));
    receipt_format(&receipt, RECEIPT_COLUMNS_80_MM, text);
    assert_non_null(strstr(text, "兑换商品 (reprint)\n"));
    assert_non_null(strstr(text, "Day of business                       2016-04-30\n"));
    assert_non_null(strstr(text, "Total                                -126 points\n"));
    assert_non_null(strstr(text, "Void: undone by entry 31\n"));
    check_width(text, RECEIPT_COLUMNS_80_MM);
}

static void a_passbook_line_has_every_number(void **state)
{
    (void)state;
    static char text[RECEIPT_BYTES_MAX];
    struct receipt receipt = sample();
    receipt_format_passbook(&receipt, text);
    assert_string_equal(text, "2016-05-01 兑换商品 大米x2 食盐x1             -    -126     674"
                              "     30 K7QF-M2XD\n");
    receipt.line_count = 0;
    receipt.what = "家政";
    receipt.act = "记时";
    receipt.minutes = 90;
    receipt.points_centi = 1250;
    receipt_format_passbook(&receipt, text);
    assert_string_equal(text, "2016-05-01 记时 家政                       1:30   +12.5     674"
                              "     30 K7QF-M2XD\n");
    receipt.balance_centi = receipt.points_centi = INT64_MAX;
    receipt.entry = UINT64_MAX;
    receipt_format_passbook(&receipt, text); /* longer than 80, but whole */
    assert_non_null(strstr(text, " 92233720368547758.07 18446744073709551615 K7QF-M2XD\n"));
}

static void what_of_the_balance_has_expired_and_what_is_owed_is_said(void **state)
{
    (void)state;
    static char text[RECEIPT_BYTES_MAX];
    struct receipt receipt = sample();
    receipt.expired_centi = 45250;
    receipt.debt_centi = 6500;
    receipt_format(&receipt, RECEIPT_COLUMNS_58_MM, text);
    assert_non_null(strstr(text, "余额                      674 分\n"
                                 "  其中已过期            452.5 分\n"
                                 "还欠                       65 分\n"));
    receipt.is_chinese = false;
    receipt_format(&receipt, RECEIPT_COLUMNS_58_MM, text);
    assert_non_null(strstr(text, "  of it expired     452.5 points\n"));
}

static void gb18030_is_two_bytes_a_character(void **state)
{
    (void)state;
    struct cli cli;
    size_t lost = 1;
    cli_init(&cli, true);
    struct bytes paper = printer_encode(&cli, "大米 2\n", PRINTER_GB18030, &lost);
    assert_true(bytes_equal(paper, BYTES_LITERAL("\xb4\xf3\xc3\xd7 2\n")));
    assert_int_equal(lost, 0);
    cli_fini(&cli);
}

/* rejects */

static void nothing_is_wider_than_its_paper(void **state)
{
    (void)state;
    static char text[RECEIPT_BYTES_MAX];
    const struct receipt receipt = worst();
    receipt_format(&receipt, RECEIPT_COLUMNS_58_MM, text);
    check_width(text, RECEIPT_COLUMNS_58_MM);
    receipt_format_passbook(&receipt, text);
    check_width(text, RECEIPT_PASSBOOK_COLUMNS);
    assert_non_null(strstr(text, "K7QF-M2XD\n"));
}

static void what_no_font_has_becomes_a_question_mark_of_the_same_width(void **state)
{
    (void)state;
    struct cli cli;
    size_t lost = 0;
    cli_init(&cli, true);
    static const enum printer_encoding encodings[] = {PRINTER_UTF_8, PRINTER_GB18030};
    for (size_t i = 0; i < 2; i++) {
        struct bytes paper = printer_encode(&cli,
                                            "a\xee\x80\x80"
                                            "b\xff\x1b[2J",
                                            encodings[i], &lost);
        assert_true(bytes_equal(paper, BYTES_LITERAL("a?b??[2J")));
        assert_int_equal(lost, 3);
    }
    cli_fini(&cli);
}

static void a_printer_that_does_not_work_says_why(void **state)
{
    (void)state;
    struct cli cli;
    cli_init(&cli, false);
    struct printer printer = {.target = "|cat >/dev/null; exit 3",
                              .patience_ms = PRINTER_PATIENCE_MS};
    assert_string_equal(printer_print(&cli, &printer, "x"),
                        "the command cat >/dev/null; exit 3 failed (3)");
    printer.target = "/nowhere/paper";
    assert_string_equal(printer_print(&cli, &printer, "x"),
                        "cannot print to /nowhere/paper: No such file or directory");
    printer.target = "|cat >/dev/null";
    assert_null(printer_print(&cli, &printer, "x"));
    cli_fini(&cli);
}

static void a_printer_that_blocks_is_given_up(void **state)
{
    (void)state;
    char directory[] = "/tmp/lovebank-printer-XXXXXX";
    struct cli cli;
    struct printer printer = {.patience_ms = 1000};
    assert_non_null(mkdtemp(directory));
    cli_init(&cli, true);
    const char *path = cli_format(&cli, "%s/lp", directory);
    assert_int_equal(mkfifo(path, 0600), 0); /* nobody reads: to open it blocks */
    printer.target = path;
    assert_non_null(strstr(printer_print(&cli, &printer, "x"), "lp 过了 1 秒没有反应"));
    const char *other = cli_format(&cli, "%s/lp1", directory); /* the child before may linger */
    assert_int_equal(mkfifo(other, 0600), 0);
    printer.target = cli_format(&cli, "|cat <%s", other);
    assert_non_null(strstr(printer_print(&cli, &printer, "x"), "过了 1 秒没有反应"));
    printer.target = directory;
    assert_non_null(strstr(printer_print(&cli, &printer, "x"), " 用不了：这是一个文件夹"));
    (void)unlink(path);
    (void)unlink(other);
    (void)rmdir(directory);
    cli_fini(&cli);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_redemption_on_narrow_paper),
        cmocka_unit_test(a_reprint_in_english_on_wide_paper),
        cmocka_unit_test(a_passbook_line_has_every_number),
        cmocka_unit_test(what_of_the_balance_has_expired_and_what_is_owed_is_said),
        cmocka_unit_test(gb18030_is_two_bytes_a_character),
        cmocka_unit_test(nothing_is_wider_than_its_paper),
        cmocka_unit_test(what_no_font_has_becomes_a_question_mark_of_the_same_width),
        cmocka_unit_test(a_printer_that_does_not_work_says_why),
        cmocka_unit_test(a_printer_that_blocks_is_given_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
