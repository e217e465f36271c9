/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What cells, and words on a command line, say: dates, times, durations, numbers, amounts, goods.
 * Everything people usually write is understood; what could mean two things, or was destroyed on
 * the way, is named as such and never guessed. Texts come in as written; they are cleaned
 * (text/text.h) here. Whole numbers of the smallest unit, never floating point. Pure; safe from any
 * thread.
 */
#ifndef INTAKE_VALUE_H
#define INTAKE_VALUE_H

#include "lovebank/limits.h"
#include "lovebank/result.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* X(symbol, zh, en): what is wrong with a value and what to do, without a full stop. */
#define VALUE_FAULT_LIST(X)                                                                       \
    X(GOOD, "", "")                                                                               \
    X(NOT_A_NUMBER, "不是数字。请更正", "not a number; correct it")                               \
    X(NOT_WHOLE, "不是整数。请更正", "not a whole number; correct it")                            \
    X(OUT_OF_RANGE, "超出范围。请更正", "out of range; correct it")                               \
    X(EXCEL_NUMBER,                                                                               \
      "号码被表格软件改成了科学记数，原来的数字已经丢失。请把这一列设为“文本”格式，重新输入号码", \
      "the spreadsheet turned this number into scientific notation and lost its digits; format "  \
      "the column as text and enter it again")                                                    \
    X(ROUNDED, "长号码的末几位被表格软件抹成了 0。请把这一列设为“文本”格式，重新输入号码",        \
      "the spreadsheet rounded the last digits of this long number to zeros; format the column "  \
      "as text and enter it again")                                                               \
    X(HASHES, "单元格太窄，只显示了 ###，内容没有存下来。请拉宽那一列，重新另存",                 \
      "the column was too narrow and only ### was saved; widen it and save again")                \
    X(MASKED, "有一部分被遮盖了。请补上完整的内容", "a part of it is masked; enter it whole")     \
    X(PRIVATE, "有的字已经丢失，无法辨认。请重新输入",                                            \
      "a character was lost on the way; enter it again")                                          \
    X(NOT_A_DATE, "不是有效日期。请写成 2016-05-01 的样子",                                       \
      "not a valid date; write it like 2016-05-01")                                               \
    X(NO_YEAR, "日期没有年份。请补上年份，或用 --year 说明是哪一年",                              \
      "the date has no year; add it, or say which with --year")                                   \
    X(DAY_OR_MONTH, "分不清哪个是月、哪个是日。请写成 2016-05-01 的样子",                         \
      "day and month cannot be told apart; write it like 2016-05-01")                             \
    X(NOT_A_TIME, "不是时间。请写成 08:30 的样子", "not a time; write it like 08:30")             \
    X(NOT_A_DURATION, "不是时长。请写成 90 分钟、1.5 小时或 1 小时 30 分",                        \
      "not a duration; write it like 90 min, 1.5 h or 1 h 30 min")                                \
    X(NO_UNIT, "没写是小时还是分钟。请补上单位，或用 --map 说明这一列是 hours 还是 minutes",      \
      "hours or minutes? add the unit, or say with --map whether the column is hours or minutes") \
    X(PART_OF_MINUTE, "不是整分钟。请更正", "not a whole number of minutes; correct it")          \
    X(ID_CHECK_DIGIT, "身份证号码的校验位不对。请核对后重输",                                     \
      "the check digit of the ID number is wrong; check it and enter it again")                   \
    X(ID_BIRTH, "身份证号码里的出生日期不存在。请核对",                                           \
      "the birth date in the ID number does not exist; check it")                                 \
    X(NOT_A_LIST, "看不懂这份清单。请写成 大米=1;食盐=2 的样子",                                  \
      "the list cannot be read; write it like RICE=1;SALT=2")                                     \
    X(EMPTY, "没有填写。请补上", "nothing is written; fill it in")                                \
    X(TOO_LONG, "内容太长。请缩短", "too long; shorten it")                                       \
    X(NOT_TEXT, "含有不是文字的字节。请重新输入", "holds bytes that are no text; enter it again") \
    X(FORMULA, "表格的公式出错了。请填上正确的内容",                                              \
      "a formula of the spreadsheet failed; enter what belongs here")                             \
    X(SPECIAL_DIGITS, "含有上标、带圈等特殊数字。请改用普通数字",                                 \
      "holds raised or encircled digits; use plain ones")                                         \
    X(SHORT_YEAR, "年份只有两位。请写成四位，如 2016",                                            \
      "the year has two digits only; write all four, like 2016")                                  \
    X(WEEKDAY, "日期和写的星期对不上。请核对",                                                    \
      "the day of the week does not fit the date; check both")                                    \
    X(WITH_TIME, "日期后面还有钟点。请只写日期",                                                  \
      "a time of day follows the date; write the date only")                                      \
    X(DAY_CUT, "可能是 1 日，也可能是被表格软件去掉 0 的 10 日。请写成 2016-05-01 的样子",        \
      "a spreadsheet may have cut the 0 of a day 10, 20 or 30; write it like 2016-05-01")         \
    X(HALF_OF_DAY, "分不清是上午还是下午。请按 24 小时制写，如 14:00",                            \
      "morning or afternoon? write it in 24 hours, like 14:00")                                   \
    X(TOO_PRECISE, "小数位太多。请更正", "too many decimals; correct it")                         \
    X(ID_LENGTH, "身份证号码应有 18 位。请核对后重输",                                            \
      "an ID number has 18 digits; check it and enter it again")

enum value_fault {
#define X(symbol, zh, en) VALUE_##symbol,
    VALUE_FAULT_LIST(X)
#undef X
};
/* Static. */
const char *value_fault_text(enum value_fault fault, bool is_chinese);

/* Days as base/date.h counts them. For a person typing, not for files: 今天, 昨天, 前天, today,
 * yesterday, and days without a year, which are the last ones up to today. */
struct value_calendar {
    int32_t today; /* meaningful when is_typed */
    bool is_typed;
    int32_t year; /* for days without a year, in files; 0: there is none */
};
/*
 * 2016-05-01, 2016/5/1, 2016.5.1, 2016年5月1日, 二〇一六年五月一日, 20160501, each also followed by
 * a time of 0:00 and by its day of the week; 5月1日, 5/1, 5-1, 5.1 with a year from the calendar;
 * 42491 (Excel's day number) only for years 2000 to 2099. 1/5/2016 is VALUE_DAY_OR_MONTH, unless
 * one of them is above 12 or both are equal; 16.5.1 is VALUE_SHORT_YEAR; 5.1 in a file is
 * VALUE_DAY_CUT, as a spreadsheet makes it of 5.10. Good: *day is within DATE_DAY_MIN to
 * DATE_DAY_MAX.
 */
LB_MUST_CHECK enum value_fault value_date(const char *text, const struct value_calendar *calendar,
                                          int32_t *day);

/* 8:30, 08:30:00, 8点半, 8时30分, 上午9点, 下午2:30, 2:30 PM, 0.354166667 (Excel's part of a day):
 * minutes after midnight, below LB_DAY_MINUTES. */
LB_MUST_CHECK enum value_fault value_clock(const char *text, uint32_t *minute);
/* "9:00-11:30", "9:00至11:30", "上午9点到11点半": start and length, 1 to LB_DAY_MINUTES. A range
 * past midnight counts on: 22:00-6:00 is 480 minutes; but 9:00-5:00 and 14:00-5:00 are
 * VALUE_HALF_OF_DAY. A time without 上午, PM … takes it from the other one where only that makes
 * sense: 下午2:00-4:00. */
LB_MUST_CHECK enum value_fault value_clock_range(const char *text, uint32_t *minute,
                                                 uint32_t *minutes);

enum value_unit {
    VALUE_UNIT_UNKNOWN, /* a number alone is VALUE_NO_UNIT */
    VALUE_MINUTES,
    VALUE_HOURS,
};
/* 90, 90分钟, 1.5小时, 1小时30分, 1h30, 1:30 (with a unit of hours only), 半小时, 两小时,
 * 一个半小时, 2 hours, 45 min. From 0 to VALUE_MINUTES_MAX: the caller's rule says how long a
 * service may be. 半天 and 2课时 are no durations. */
#define VALUE_MINUTES_MAX 1000000u
LB_MUST_CHECK enum value_fault value_minutes(const char *text, enum value_unit unit,
                                             uint32_t *minutes);

/* A whole number from 0 to max, perhaps with grouping commas or ".0", or in Chinese (十二): numbers
 * of members, items, quantities. */
LB_MUST_CHECK enum value_fault value_number(const char *text, uint64_t max, uint64_t *number);
/* An identifier's digits: cards, orgs, barcodes. Like value_number without commas; a text cell's
 * apostrophe in front is taken off, spaces and hyphens between nine digits or more too. Tells what
 * a spreadsheet or a mask destroyed. *digits tells how many were written. */
LB_MUST_CHECK enum value_fault value_identifier(const char *text, uint64_t max, uint64_t *number,
                                                size_t *digits);
/* "12.5" as 1250 with 2 decimals (at most 6); a minus sign, grouping commas and a unit 分, 元,
 * points are allowed. */
LB_MUST_CHECK enum value_fault value_decimal(const char *text, unsigned decimals, int64_t *value);

#define VALUE_ID_NUMBER_BYTES 64
/*
 * 身份证件号码: 18 digits with check digit (GB 11643), 15 digits as they are; other documents
 * (passports …) as they are, upper case, without spaces. *birth_day of an 18-digit one, with
 * *has_birth.
 */
LB_MUST_CHECK enum value_fault value_id_number(const char *text, char out[VALUE_ID_NUMBER_BYTES],
                                               bool *has_birth, int32_t *birth_day);

#define VALUE_UNIT_BYTES 16
/* One part of a list of goods: "大米2袋", "大米两袋", "大米×2", "大米*2袋", "101=2", "食盐". A
 * number that is neither after a sign nor before a counting word belongs to the name: "大米5kg",
 * "五号电池8". */
struct value_line {
    char name[LB_NAME_BYTES_MAX + 1]; /* as written, cleaned */
    int64_t quantity;                 /* 1 to LB_QUANTITY_MAX; 1 when it is not given */
    char unit[VALUE_UNIT_BYTES]; /* 袋, as written: the caller compares it with the item's; "" */
};
/* Parts are split at ; ； , ， 、 + and line ends. VALUE_NOT_A_LIST also for more than `cap`, and
 * for 大米=1,200, which may be one quantity or two goods. */
LB_MUST_CHECK enum value_fault value_lines(const char *text, struct value_line *lines, size_t cap,
                                           size_t *count);

/* Names of persons and orgs: cleaned; VALUE_PRIVATE (also for 张?, what is left of a character that
 * an encoding did not have), VALUE_MASKED (张*明, 张某, 李XX) cannot be used. `out` of `cap` bytes
 * holds it with a NUL; VALUE_TOO_LONG: does not fit; VALUE_EMPTY also without any letter: "-", "/".
 */
LB_MUST_CHECK enum value_fault value_name(const char *text, char *out, size_t cap);

/* "同上", "〃", "″", "同前", "同左", "ditto": the row above says it. */
bool value_is_ditto(const char *text);

#endif
