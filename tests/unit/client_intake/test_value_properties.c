/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What holds for every text: cleaning it first changes nothing, and what is good is in its range.
 * Texts are put together at random from what desks write; the seed is printed.
 */
#include "intake/value.h"

#include "base/arena.h"
#include "base/date.h"
#include "text/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define TRIALS    10000
#define TEXT_MAX  256
#define PARTS_MAX 8
#define SEED      UINT64_C(20160501)

/* Pieces of dates, times, durations, numbers, names and lists, clean and dirty. */
static const char *const pieces[] = {"2016",     "16",     "5",          "1",
                                     "05",       "31",     "13",         "42491",
                                     "20160501", "年",     "月",         "日",
                                     "号",       "/",      "-",          ".",
                                     "。",       "：",     ":",          "08:30",
                                     "00:00:00", "上午",   "下午",       "晚上",
                                     "点",       "半",     "时",         "分",
                                     "小时",     "分钟",   "h",          "min",
                                     "个",       "两",     "三",         "十",
                                     "百",       "零",     "〇",         "二〇一六",
                                     " ",        "\u3000", "\u00a0",     "\u200b",
                                     "０",       "５",     "／",         "－",
                                     "～",       "至",     "到",         "星期日",
                                     "周一",     "(",      ")",          "（",
                                     "）",       ",",      "，",         ";",
                                     "；",       "、",     "+",          "=",
                                     "×",        "x",      "*",          "#",
                                     "###",      "E+17",   "3.2",        "0.354166667",
                                     "'",        "=\"",    "\"",         "大米",
                                     "食盐",     "袋",     "包",         "kg",
                                     "社區(qū)", "张",     "某",         "明",
                                     "XX",       "?",      "PM",         "110105194912310",
                                     "02X",      "000",    "1234567897", "\xee\x80\x80",
                                     "²",        "①",      "½",          "\xff",
                                     "同上",     "points", "元",         "T"};

struct generator {
    uint64_t state;
};

/* xorshift64*: the same texts on every machine. */
static uint32_t next_below(struct generator *generator, size_t bound)
{
    generator->state ^= generator->state >> 12;
    generator->state ^= generator->state << 25;
    generator->state ^= generator->state >> 27;
    return (uint32_t)((generator->state * UINT64_C(2685821657736338717) >> 32) % bound);
}

static void next_text(struct generator *generator, char text[TEXT_MAX])
{
    size_t count = next_below(generator, PARTS_MAX) + 1;
    size_t size = 0;
    for (size_t i = 0; i < count; i++) {
        const char *piece = pieces[next_below(generator, COUNT(pieces))];
        memcpy(text + size, piece, strlen(piece));
        size += strlen(piece);
    }
    text[size] = '\0';
}

/* Everything that a text says. */
struct outcome {
    enum value_fault fault;
    int64_t a;
    int64_t b;
    char text[TEXT_MAX];
};

enum { KINDS = 9 };

static void check_range(bool is_in_range, const char *text)
{
    if (!is_in_range) {
        fail_msg("out of its range: %s", text);
    }
}

static struct outcome read_lines(const char *text)
{
    struct value_line lines[4];
    size_t count = 0;
    struct outcome outcome = {.fault = value_lines(text, lines, COUNT(lines), &count)};
    if (outcome.fault != VALUE_GOOD) {
        return outcome;
    }
    check_range(count >= 1 && count <= COUNT(lines), text);
    outcome.a = (int64_t)count;
    for (size_t i = 0; i < count; i++) {
        check_range(lines[i].quantity >= 1 && lines[i].quantity <= LB_QUANTITY_MAX, text);
        check_range(lines[i].name[0] != '\0', text);
        outcome.b += lines[i].quantity;
        (void)snprintf(outcome.text, sizeof(outcome.text), "%.*s %.*s", LB_NAME_BYTES_MAX,
                       lines[i].name, VALUE_UNIT_BYTES, lines[i].unit);
    }
    return outcome;
}

static struct outcome read_date(const char *text, bool is_typed)
{
    const struct value_calendar calendar = {.today = 17000, .is_typed = is_typed, .year = 2016};
    int32_t day = 0;
    struct outcome outcome = {.fault = value_date(text, &calendar, &day)};
    check_range(day >= DATE_DAY_MIN && day <= DATE_DAY_MAX, text);
    outcome.a = outcome.fault == VALUE_GOOD ? day : 0;
    return outcome;
}

static struct outcome read_clock_range(const char *text)
{
    uint32_t minute = 0;
    uint32_t minutes = 1;
    struct outcome outcome = {.fault = value_clock_range(text, &minute, &minutes)};
    check_range(minute < LB_DAY_MINUTES && minutes >= 1 && minutes <= LB_DAY_MINUTES, text);
    outcome.a = minute;
    outcome.b = minutes;
    return outcome;
}

static struct outcome read_small(const char *text, unsigned kind)
{
    struct outcome outcome = {0};
    uint32_t minutes = 0;
    uint64_t number = 0;
    size_t digits = 0;
    if (kind == 0) {
        outcome.fault = value_clock(text, &minutes);
        check_range(outcome.fault != VALUE_GOOD || minutes < LB_DAY_MINUTES, text);
    } else if (kind == 1) {
        outcome.fault = value_minutes(text, VALUE_HOURS, &minutes);
        check_range(minutes <= VALUE_MINUTES_MAX, text);
    } else if (kind == 2) {
        outcome.fault = value_number(text, 5000, &number);
        check_range(number <= 5000, text);
    } else {
        outcome.fault = value_identifier(text, LB_CARD_MAX, &number, &digits);
        check_range(number <= LB_CARD_MAX, text);
    }
    if (outcome.fault == VALUE_GOOD) {
        outcome.a = minutes;
        outcome.b = (int64_t)number + (int64_t)digits;
    }
    return outcome;
}

static struct outcome read_text(const char *text, unsigned kind)
{
    struct outcome outcome = {0};
    if (kind == 4) {
        outcome.fault = value_decimal(text, 2, &outcome.a);
    } else if (kind == 5) {
        bool has_birth = false;
        int32_t birth_day = 0;
        char id[VALUE_ID_NUMBER_BYTES] = "";
        outcome.fault = value_id_number(text, id, &has_birth, &birth_day);
        check_range(birth_day >= DATE_DAY_MIN && birth_day <= DATE_DAY_MAX, text);
        (void)snprintf(outcome.text, sizeof(outcome.text), "%s", id);
    } else if (kind == 6) {
        outcome.fault = value_name(text, outcome.text, sizeof(outcome.text));
        outcome.a = value_is_ditto(text);
    } else {
        return kind == 7 ? read_lines(text) : read_clock_range(text);
    }
    return outcome;
}

static struct outcome read_value(const char *text, unsigned kind)
{
    if (kind >= KINDS) {
        return read_date(text, kind > KINDS);
    }
    return kind < 4 ? read_small(text, kind) : read_text(text, kind);
}

/* What cleaning would hide: then the raw text is refused, and only the raw text. */
static bool is_refused_for_its_characters(enum value_fault fault)
{
    return fault == VALUE_PRIVATE || fault == VALUE_SPECIAL_DIGITS || fault == VALUE_NOT_TEXT;
}

static void cleaning_first_changes_nothing_and_what_is_good_is_in_range(void **state)
{
    (void)state;
    struct generator generator = {SEED};
    printf("seed %llu\n", (unsigned long long)SEED);
    size_t good = 0;
    for (size_t i = 0; i < TRIALS; i++) {
        char text[TEXT_MAX];
        next_text(&generator, text);
        for (unsigned kind = 0; kind <= KINDS + 1; kind++) {
            struct outcome raw = read_value(text, kind);
            if (is_refused_for_its_characters(raw.fault)) {
                continue;
            }
            struct arena arena;
            struct bytes cleaned;
            unsigned changes = 0;
            char again[TEXT_MAX] = "";
            arena_init(&arena, arena_memory_heap(), 1u << 20);
            assert_true(text_clean(&arena, bytes_of_text(text), &cleaned, &changes));
            assert_true(cleaned.size < sizeof(again));
            if (cleaned.size > 0) {
                memcpy(again, cleaned.data, cleaned.size);
            }
            arena_fini(&arena);
            struct outcome clean = read_value(again, kind);
            if (raw.fault != clean.fault || raw.a != clean.a || raw.b != clean.b ||
                strcmp(raw.text, clean.text) != 0) {
                fail_msg("kind %u: \"%s\" and \"%s\" differ", kind, text, again);
            }
            good += raw.fault == VALUE_GOOD ? 1 : 0;
        }
    }
    assert_true(good > TRIALS / 10); /* the texts are not all nonsense */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cleaning_first_changes_nothing_and_what_is_good_is_in_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
