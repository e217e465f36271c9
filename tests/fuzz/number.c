/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Fuzz target: numbers, identifiers, amounts, ID numbers and lists of goods. Whatever a cell holds,
 * what is read is in its range, and means the same where two kinds of value overlap. One thread.
 */
#include "base/assert.h"
#include "base/date.h"
#include "base/utf8.h"
#include "intake/value.h"
#include "text_of_input.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fuzz_numbers(const char *text)
{
    uint64_t number = 0;
    uint64_t named = 0;
    size_t digits = 0;
    int64_t amount = 0;
    bool is_number = value_number(text, LB_CARD_MAX, &number) == VALUE_GOOD;
    bool is_named = value_identifier(text, LB_CARD_MAX, &named, &digits) == VALUE_GOOD;
    LB_ASSERT(!is_number || number <= LB_CARD_MAX);
    LB_ASSERT(!is_named || (named <= LB_CARD_MAX && digits >= 1));
    LB_ASSERT(!is_number || !is_named || number == named);
    if (value_decimal(text, 0, &amount) == VALUE_GOOD && is_number) {
        LB_ASSERT((uint64_t)amount == number);
    }
    int64_t centi = 0;
    if (value_decimal(text, 2, &centi) == VALUE_GOOD && is_number) {
        LB_ASSERT((uint64_t)centi == number * 100);
    }
}

/* What is kept is kept again: the number has its one form. */
static void fuzz_id_number(const char *text)
{
    char id[VALUE_ID_NUMBER_BYTES];
    char again[VALUE_ID_NUMBER_BYTES];
    bool has_birth = false;
    int32_t birth_day = 0;
    if (value_id_number(text, id, &has_birth, &birth_day) != VALUE_GOOD) {
        return;
    }
    LB_ASSERT(id[0] != '\0' && strlen(id) < VALUE_ID_NUMBER_BYTES);
    LB_ASSERT(!has_birth || (birth_day >= DATE_DAY_MIN && birth_day <= DATE_DAY_MAX));
    bool had_birth = has_birth;
    LB_ASSERT(value_id_number(id, again, &has_birth, &birth_day) == VALUE_GOOD);
    LB_ASSERT(strcmp(id, again) == 0 && has_birth == had_birth);
}

static void fuzz_lines(const char *text)
{
    struct value_line lines[LB_COMMAND_LINES_MAX];
    size_t count = 0;
    if (value_lines(text, lines, LB_COMMAND_LINES_MAX, &count) != VALUE_GOOD) {
        return;
    }
    LB_ASSERT(count >= 1 && count <= LB_COMMAND_LINES_MAX);
    for (size_t i = 0; i < count; i++) {
        LB_ASSERT(lines[i].quantity >= 1 && lines[i].quantity <= LB_QUANTITY_MAX);
        LB_ASSERT(lines[i].name[0] != '\0' && lines[i].name[0] != ' ');
        LB_ASSERT(utf8_is_text(bytes_of_text(lines[i].name), 0));
        LB_ASSERT(utf8_is_text(bytes_of_text(lines[i].unit), 0));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[INPUT_BYTES_MAX + 1];
    if (!text_of_input(data, size, text)) {
        return 0;
    }
    fuzz_numbers(text);
    fuzz_id_number(text);
    fuzz_lines(text);
    return 0;
}
