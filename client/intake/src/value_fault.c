/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What is wrong with values, in the user's language. Pure; safe from any thread.
 */
#include "intake/value.h"

#include "base/assert.h"

const char *value_fault_text(enum value_fault fault, bool is_chinese)
{
    static const struct {
        const char *zh;
        const char *en;
    } texts[] = {
#define X(symbol, zh, en) [VALUE_##symbol] = {(zh), (en)},
        VALUE_FAULT_LIST(X)
#undef X
    };
    LB_ASSERT((size_t)fault < sizeof(texts) / sizeof(texts[0]));
    return is_chinese ? texts[fault].zh : texts[fault].en;
}
