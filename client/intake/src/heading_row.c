/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What stands below the headings and is no record. In doubt a row is a record: it is then refused
 * with a reason, while a record taken for a note would be lost. Pure; safe from any thread.
 */
#include "cell.h"
#include "heading_key.h"
#include "intake/heading.h"

#include "base/assert.h"
#include "text/text.h"

#define NAME_BYTES_MAX        12 /* four Han characters */
#define NOTE_FILE_COLUMNS_MIN 3

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static const char *const total_words[] = {"合计", "总计", "小计", "共计"};
static const char *const total_english[] = {"total", "totals", "grandtotal", "subtotal"};
/* What a total's name may go on with. Not any character: 小计算器 and 小计时器 are goods. */
static const char *const total_of[] = {"人数", "人次", "时长", "时数", "小时",
                                       "积分", "分数", "数量", "金额"};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool has_front(struct bytes text, const char *front)
{
    return bytes_has_prefix(text, bytes_of_text(front));
}

static bool has_end(struct bytes text, const char *end)
{
    size_t size = strlen(end);
    return text.size >= size && memcmp(text.data + text.size - size, end, size) == 0;
}

/* "", "120", "(小时)", "人数". */
static bool total_may_go_on(struct bytes rest)
{
    if (rest.size == 0 || is_digit((char)rest.data[0]) || rest.data[0] == '(') {
        return true;
    }
    for (size_t i = 0; i < COUNT_OF(total_of); i++) {
        if (has_front(rest, total_of[i])) {
            return true;
        }
    }
    return false;
}

static bool total_is_word(struct bytes text, const char *word)
{
    size_t size = strlen(word);
    return has_front(text, word) && total_may_go_on(bytes_of(text.data + size, text.size - size));
}

/* 合计, 合 计：, 本页小计, 总计（小时）, 合计120, Grand total. */
static bool cell_is_total(const char *cell)
{
    struct heading_key key;
    heading_key_init(&key, cell);
    if (key.size == SIZE_MAX) {
        return false;
    }
    struct bytes text = bytes_of(key.text, key.size);
    for (size_t i = 0; i < COUNT_OF(total_words); i++) {
        if (has_end(text, total_words[i]) || total_is_word(text, total_words[i])) {
            return true;
        }
    }
    for (size_t i = 0; i < COUNT_OF(total_english); i++) {
        if (total_is_word(text, total_english[i])) {
            return true;
        }
    }
    return false;
}

static bool cell_is_number(const char *cell)
{
    size_t digits = strspn(cell, "0123456789");
    return digits > 0 && cell[digits] == '\0';
}

/* The first place from `place` on whose cell is not blank; cell_count: none. */
static size_t row_next_cell(const struct row *row, size_t place)
{
    while (place < row->cell_count && cell_is_blank(bytes_of_text(row->cells[place]))) {
        place++;
    }
    return place;
}

/* In the first cell, or behind the row's number. */
static bool row_is_total(const struct row *row)
{
    size_t place = row_next_cell(row, 0);
    if (place < row->cell_count && cell_is_number(row->cells[place])) {
        place = row_next_cell(row, place + 1);
    }
    return place < row->cell_count && cell_is_total(row->cells[place]);
}

static bool row_is_heading(const struct row *row, const struct row *heading,
                           const struct headings *headings)
{
    bool is_any = false;
    for (size_t c = 0; c < HEADING_COLUMNS_MAX; c++) {
        size_t place = headings->places[c];
        if (place == HEADING_NONE) {
            continue;
        }
        if (place >= row->cell_count || (strcmp(row->cells[place], heading->cells[place]) != 0 &&
                                         !heading_is(row->cells[place], heading->cells[place]))) {
            return false;
        }
        is_any = true;
    }
    return is_any;
}

static bool headings_use(const struct headings *headings, size_t place)
{
    for (size_t c = 0; c < HEADING_COLUMNS_MAX; c++) {
        if (headings->places[c] == place) {
            return true;
        }
    }
    return false;
}

/* 阿卜杜·热西提: Han characters with a dot between them are a name of any length. */
static bool cell_is_dotted_name(const char *cell)
{
    static const char *const dots[] = {"·", "•", "・"};
    bool has_dot = false;
    for (size_t i = 0; i < COUNT_OF(dots); i++) {
        has_dot = has_dot || strstr(cell, dots[i]) != NULL;
    }
    return has_dot && text_is_han(bytes_of_text(cell));
}

/* A number or a name: rows below merged cells may hold no more than that. */
static bool cell_may_be_someone(const char *cell)
{
    struct heading_key key;
    heading_key_init(&key, cell);
    if (key.size == SIZE_MAX) {
        return false;
    }
    size_t digits = 0;
    while (digits < key.size && is_digit(key.text[digits])) {
        digits++;
    }
    struct bytes text = bytes_of(key.text, key.size);
    bool is_short_han = key.size <= NAME_BYTES_MAX && text_is_han(text);
    return digits == key.size || is_short_han || text_is_letters(text) || cell_is_dotted_name(cell);
}

static bool row_is_note(const struct row *row, const struct row *heading,
                        const struct headings *headings)
{
    size_t place = row_next_cell(row, 0);
    if (place == row->cell_count || row_next_cell(row, place + 1) != row->cell_count) {
        return false;
    }
    size_t columns = 0;
    for (size_t i = 0; i < heading->cell_count; i++) {
        columns += !cell_is_blank(bytes_of_text(heading->cells[i]));
    }
    return columns >= NOTE_FILE_COLUMNS_MIN &&
           !(headings_use(headings, place) && cell_may_be_someone(row->cells[place]));
}

enum row_kind heading_row_kind(const struct rows *rows, const struct headings *headings, size_t i)
{
    LB_ASSERT(headings->row != HEADING_NONE && headings->row < i && i < rows->count);
    const struct row *row = &rows->items[i];
    const struct row *heading = &rows->items[headings->row];
    if (row->fault != ROW_GOOD) {
        return ROW_RECORD;
    }
    if (row_is_heading(row, heading, headings)) {
        return ROW_HEADING;
    }
    if (row_is_total(row)) {
        return ROW_TOTAL;
    }
    return row_is_note(row, heading, headings) ? ROW_NOTE : ROW_RECORD;
}
