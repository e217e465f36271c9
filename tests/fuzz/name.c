/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Fuzz target: names and marks for the row above. Whatever a cell holds, a name that is good is
 * text, fits, and reading it again gives the same. One thread.
 */
#include "base/assert.h"
#include "base/utf8.h"
#include "intake/value.h"
#include "text_of_input.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fuzz_name(const char *text, size_t cap)
{
    char name[LB_MEMO_BYTES_MAX + 1];
    char again[LB_MEMO_BYTES_MAX + 1];
    LB_ASSERT(cap <= sizeof(name));
    if (value_name(text, name, cap) != VALUE_GOOD) {
        return;
    }
    LB_ASSERT(name[0] != '\0' && strlen(name) < cap);
    LB_ASSERT(utf8_is_text(bytes_of_text(name), 0));
    LB_ASSERT(value_name(name, again, cap) == VALUE_GOOD);
    LB_ASSERT(strcmp(name, again) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[INPUT_BYTES_MAX + 1];
    if (!text_of_input(data, size, text)) {
        return 0;
    }
    fuzz_name(text, LB_NAME_BYTES_MAX + 1);
    fuzz_name(text, LB_MEMO_BYTES_MAX + 1);
    fuzz_name(text, 4);
    if (value_is_ditto(text)) {
        char name[LB_NAME_BYTES_MAX + 1];
        LB_ASSERT(value_name(text, name, sizeof(name)) != VALUE_TOO_LONG);
    }
    return 0;
}
