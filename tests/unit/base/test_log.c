/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Tests of base/log.h: the exact line, quoting, levels, and the cut of long records.
 */
#include "base/log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct captured {
    char text[2 * LOG_LINE_BYTES_MAX];
    size_t size;
    int lines;
};

static void capture(void *context, struct bytes line)
{
    struct captured *captured = context;
    assert_true(line.size < sizeof(captured->text));
    memcpy(captured->text, line.data, line.size);
    captured->text[line.size] = '\0';
    captured->size = line.size;
    captured->lines++;
}

/* 2016-05-01 08:30:00.250 */
static struct clock_stepper stepper = {.now_ms = INT64_C(1462091400250)};

static struct log log_to(struct captured *captured, const struct clock *clock)
{
    *captured = (struct captured){.lines = 0};
    return (struct log){LOG_INFO, clock, capture, captured};
}

/* accepts */

static void record_is_one_line_of_time_level_event_and_fields(void **state)
{
    (void)state;
    struct clock clock = clock_of_stepper(&stepper);
    struct captured captured;
    struct log log = log_to(&captured, &clock);
    log_info(&log, "group_committed", log_uint("entries", UINT64_MAX), log_int("delta", -7),
             log_text("store", "lmdb"));
    assert_string_equal(captured.text, "2016-05-01T08:30:00.250Z info group_committed "
                                       "entries=18446744073709551615 delta=-7 store=lmdb\n");
}

static void time_before_1970_is_written_rightly(void **state)
{
    (void)state;
    struct clock_stepper early = {.now_ms = -1};
    struct clock clock = clock_of_stepper(&early);
    struct captured captured;
    struct log log = log_to(&captured, &clock);
    log_error(&log, "odd_clock", log_int("n", 1));
    assert_string_equal(captured.text, "1969-12-31T23:59:59.999Z error odd_clock n=1\n");
}

static void assert_value_is_written(struct bytes value, const char *expected)
{
    struct clock clock = clock_of_stepper(&stepper);
    struct captured captured;
    struct log log = log_to(&captured, &clock);
    log_warn(&log, "e", log_bytes("v", value));
    const char *written = strstr(captured.text, " v=");
    assert_non_null(written);
    assert_int_equal(captured.text[captured.size - 1], '\n');
    captured.text[captured.size - 1] = '\0';
    assert_string_equal(written + 3, expected);
    assert_null(strchr(captured.text, '\n'));
}

static void values_are_quoted_when_they_could_be_mistaken_for_syntax(void **state)
{
    (void)state;
    assert_value_is_written(BYTES_LITERAL("/run/lovebank.sock"), "/run/lovebank.sock");
    assert_value_is_written(BYTES_LITERAL("爱心"), "爱心");
    assert_value_is_written(BYTES_LITERAL(""), "\"\"");
    assert_value_is_written(BYTES_LITERAL("two words"), "\"two words\"");
    assert_value_is_written(BYTES_LITERAL("a=b"), "\"a=b\"");
    assert_value_is_written(BYTES_LITERAL("say \"hi\" \\"), "\"say \\\"hi\\\" \\\\\"");
}

static void values_can_neither_begin_a_line_nor_steer_a_terminal(void **state)
{
    (void)state;
    assert_value_is_written(BYTES_LITERAL("a\nb\0c"), "\"a\\x0ab\\x00c\"");
    assert_value_is_written(BYTES_LITERAL("\x1b[2J"), "\"\\x1b[2J\"");
    assert_value_is_written(BYTES_LITERAL("\xff\xe7\x88"), "\"\\xff\\xe7\\x88\"");
    assert_value_is_written(BYTES_LITERAL("\u202E"), "\"\\xe2\\x80\\xae\"");
}

static void missing_text_is_an_empty_one(void **state)
{
    (void)state;
    assert_int_equal(log_text("v", NULL).text.size, 0);
}

static void file_gets_whole_lines(void **state)
{
    (void)state;
    struct clock clock = clock_of_stepper(&stepper);
    FILE *file = tmpfile();
    assert_non_null(file);
    struct log log = log_to_file(file, &clock, LOG_DEBUG);
    log_debug(&log, "first", log_int("n", 1));
    log_info(&log, "second", log_int("n", 2));
    rewind(file);
    char line[128];
    assert_non_null(fgets(line, sizeof(line), file));
    assert_string_equal(line, "2016-05-01T08:30:00.250Z debug first n=1\n");
    assert_non_null(fgets(line, sizeof(line), file));
    assert_string_equal(line, "2016-05-01T08:30:00.250Z info second n=2\n");
    assert_null(fgets(line, sizeof(line), file));
    fclose(file);
}

static void level_names_are_read(void **state)
{
    (void)state;
    enum log_level level = LOG_DEBUG;
    assert_true(log_level_parse("warn", &level));
    assert_int_equal(level, LOG_WARN);
    assert_false(log_level_parse("loud", &level));
    assert_int_equal(level, LOG_WARN);
}

/* rejects */

static void records_below_the_level_are_dropped(void **state)
{
    (void)state;
    struct clock clock = clock_of_stepper(&stepper);
    struct captured captured;
    struct log log = log_to(&captured, &clock);
    log_debug(&log, "quiet", log_int("n", 1));
    assert_int_equal(captured.lines, 0);
    log_info(&log, "loud", log_int("n", 1));
    assert_int_equal(captured.lines, 1);
}

static void long_record_is_cut_and_says_so(void **state)
{
    (void)state;
    struct clock clock = clock_of_stepper(&stepper);
    static char text[5000];
    for (size_t size = 900; size < sizeof(text); size++) {
        struct captured captured;
        struct log log = log_to(&captured, &clock);
        memset(text, size % 2 == 0 ? 'x' : '"', size);
        log_info(&log, "long", log_bytes("v", bytes_of(text, size)), log_int("after", 1));
        assert_true(captured.size <= LOG_LINE_BYTES_MAX);
        assert_int_equal(captured.text[captured.size - 1], '\n');
        bool is_cut = strstr(captured.text, " ...\n") != NULL;
        assert_int_equal(is_cut, strstr(captured.text, " after=1\n") == NULL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(record_is_one_line_of_time_level_event_and_fields),
        cmocka_unit_test(time_before_1970_is_written_rightly),
        cmocka_unit_test(values_are_quoted_when_they_could_be_mistaken_for_syntax),
        cmocka_unit_test(values_can_neither_begin_a_line_nor_steer_a_terminal),
        cmocka_unit_test(missing_text_is_an_empty_one),
        cmocka_unit_test(file_gets_whole_lines),
        cmocka_unit_test(level_names_are_read),
        cmocka_unit_test(records_below_the_level_are_dropped),
        cmocka_unit_test(long_record_is_cut_and_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
