/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Lists of goods with quantities. Pure; safe from any thread.
 */
#include "value_scan.h"
#include "value_text.h"

#include <string.h>

#define LIST_BYTES   8192 /* a cell's limit */
#define GROUP_DIGITS 3

/* Words that count pieces. Measures (kg, 公斤, 升) are not among them: 大米5kg is one bag or five.
 */
#define COUNTING_WORDS                                                                                                         \
    "袋|包|瓶|桶|盒|件|个|個|份|块|条|支|本|张|卷|双|套|只|台|罐|箱|提|次|把|串|杯|碗|盆|顶|副|" \
    "盏|枚|捆|筐"

/* One part of the list, while it is taken apart. */
struct list_part {
    char *text;        /* with a NUL; no spaces at its ends */
    bool has_sign;     /* 大米=2 */
    bool is_thousands; /* three digits and nothing else */
};

static char *list_trim(char *text)
{
    text += strspn(text, " ");
    size_t size = strlen(text);
    while (size > 0 && text[size - 1] == ' ') {
        size--;
    }
    text[size] = '\0';
    return text;
}

/* The size of a separator of parts at `at`, or 0. */
static size_t list_separator(const char *at)
{
    static const char *const separators[] = {";", ",", "、", "+"};
    for (size_t i = 0; i < sizeof(separators) / sizeof(separators[0]); i++) {
        size_t size = strlen(separators[i]);
        if (strncmp(at, separators[i], size) == 0) {
            return size;
        }
    }
    return 0;
}

/* The sign between name and quantity: the last = : × *, or an x that no Latin letter precedes.
 * NULL: there is none. */
static char *list_find_sign(char *text, size_t *size)
{
    static const char times[] = "×";
    char *found = NULL;
    for (char *at = text; *at != '\0'; at++) {
        bool is_times = strncmp(at, times, sizeof(times) - 1) == 0;
        bool is_x = (*at == 'x' || *at == 'X') && at > text && value_at_digit(at + 1) &&
                    ((unsigned char)at[-1] >= 0x80 || at[-1] == ' ' || at[-1] == ')');
        if (is_times || is_x || strchr("=:*", *at) != NULL) {
            found = at;
            *size = is_times ? sizeof(times) - 1 : 1;
        }
    }
    return found;
}

static enum value_fault list_take_unit(const char **at, char unit[VALUE_UNIT_BYTES])
{
    const char *start = *at + strspn(*at, " ");
    if (!value_take(at, COUNTING_WORDS)) {
        return VALUE_NOT_A_LIST;
    }
    memcpy(unit, start, (size_t)(*at - start));
    unit[*at - start] = '\0';
    return VALUE_GOOD;
}

/* After a sign: 2, 2袋, 两袋. */
static enum value_fault list_read_quantity(const char *at, struct value_line *line)
{
    struct value_count count;
    struct value_quantity quantity;
    enum value_fault fault = VALUE_NOT_A_NUMBER;
    if (value_at_digit(at)) {
        fault = value_take_quantity(&at, &quantity);
    } else if (value_take_count(&at, &count) && !count.is_row) {
        quantity = (struct value_quantity){.figures = count.number};
        fault = VALUE_GOOD;
    }
    if (fault != VALUE_GOOD) {
        return fault;
    }
    if (!value_at_end(at)) {
        fault = list_take_unit(&at, line->unit);
    }
    if (fault != VALUE_GOOD || !value_at_end(at)) {
        return VALUE_NOT_A_LIST;
    }
    if (quantity.decimals > 0) {
        return VALUE_NOT_WHOLE;
    }
    if (quantity.figures == 0 || quantity.figures > (uint64_t)LB_QUANTITY_MAX) {
        return VALUE_OUT_OF_RANGE;
    }
    line->quantity = (int64_t)quantity.figures;
    return VALUE_GOOD;
}

/* 大米2袋, 大米两袋: the first place from which the rest is a quantity with a counting word. NULL:
 * there is none. *fault is what is wrong with the quantity. */
static char *list_find_counted(char *text, struct value_line *line, enum value_fault *fault)
{
    for (char *at = text; *at != '\0'; at++) {
        bool is_inside = ((unsigned char)*at & 0xc0) == 0x80;
        bool is_inside_number = at > text && value_at_digit(at) &&
                                (value_at_digit(at - 1) || at[-1] == '.' || at[-1] == '-');
        if (is_inside || is_inside_number || *at == ' ') {
            continue;
        }
        line->unit[0] = '\0';
        *fault = list_read_quantity(at, line);
        if (line->unit[0] != '\0' && *fault != VALUE_NOT_A_LIST) {
            return at;
        }
    }
    *line = (struct value_line){.quantity = 1}; /* 101 names something */
    *fault = VALUE_GOOD;
    return NULL;
}

/* Takes the quantity off the end of the part. */
static enum value_fault list_take_quantity(struct list_part *part, struct value_line *line)
{
    size_t sign_size = 0;
    char *sign = list_find_sign(part->text, &sign_size);
    enum value_fault fault = VALUE_GOOD;
    char *end = sign;
    if (sign != NULL) {
        char *after = sign + sign_size;
        fault = list_read_quantity(after + strspn(after, " "), line);
    } else {
        end = list_find_counted(part->text, line, &fault);
    }
    part->has_sign = sign != NULL;
    if (end != NULL) {
        *end = '\0';
    }
    return fault == VALUE_NOT_A_NUMBER ? VALUE_NOT_A_LIST : fault;
}

static enum value_fault list_read_part(struct list_part *part, struct value_line *line)
{
    *line = (struct value_line){.quantity = 1};
    enum value_fault fault = list_take_quantity(part, line);
    if (fault != VALUE_GOOD) {
        return fault;
    }
    const char *name = list_trim(part->text);
    size_t size = strlen(name);
    part->is_thousands =
        !part->has_sign && size == GROUP_DIGITS && strspn(name, "0123456789") == GROUP_DIGITS;
    if (size == 0 || strchr(name, '=') != NULL) {
        return VALUE_NOT_A_LIST;
    }
    if (size > LB_NAME_BYTES_MAX) {
        return VALUE_TOO_LONG;
    }
    memcpy(line->name, name, size + 1);
    return VALUE_GOOD;
}

/* Line ends part goods, and cleaning would take them out. */
static enum value_fault list_clean(const char *text, char out[LIST_BYTES])
{
    char joined[LIST_BYTES];
    size_t size = strlen(text);
    if (size >= sizeof(joined)) {
        return VALUE_TOO_LONG;
    }
    for (size_t i = 0; i <= size; i++) {
        joined[i] = text[i];
        if (text[i] == '\n' || text[i] == '\r') {
            joined[i] = ';';
        }
    }
    enum value_fault fault = value_clean(joined, out, LIST_BYTES);
    return fault == VALUE_GOOD ? value_check_digits(text) : fault;
}

enum value_fault value_lines(const char *text, struct value_line *lines, size_t cap, size_t *count)
{
    char list[LIST_BYTES];
    enum value_fault fault = list_clean(text, list);
    struct list_part part = {0};
    *count = 0;
    char separator = ';'; /* before the part */
    for (char *at = list; fault == VALUE_GOOD && at != NULL;) {
        char *end = at;
        while (*end != '\0' && list_separator(end) == 0) {
            end++;
        }
        char *next = *end != '\0' ? end + list_separator(end) : NULL;
        char next_separator = *end;
        *end = '\0';
        part.text = list_trim(at);
        bool had_sign = part.has_sign;
        bool is_blank = part.text[0] == '\0';
        if (!is_blank && *count == cap) {
            return VALUE_NOT_A_LIST;
        }
        if (!is_blank) {
            fault = list_read_part(&part, &lines[*count]);
            *count += 1;
        }
        if (!is_blank && separator == ',' && had_sign && part.is_thousands) {
            fault = VALUE_NOT_A_LIST; /* 大米=1,200 */
        }
        separator = next_separator;
        at = next;
    }
    return fault == VALUE_GOOD && *count == 0 ? VALUE_EMPTY : fault;
}
