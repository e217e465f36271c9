/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * How a problem is told: table, key, entry, in zh and en. Threading: see verify_run.h.
 */
#include "verify_run.h"

#include <inttypes.h>
#include <stdio.h>

#define KEY_TEXT_BYTES (2 * LEDGER_KEY_BYTES_MAX + 1)

static const char *table_name(enum ledger_table table)
{
    switch (table) {
#define X(symbol, number, name, kind) \
    case TABLE_##symbol:              \
        return name;
        LEDGER_TABLE_LIST(X)
#undef X
    }
    return "?";
}

static void key_format(struct bytes key, char text[KEY_TEXT_BYTES])
{
    static const char digits[] = "0123456789abcdef";
    size_t size = 0;
    for (size_t i = 0; i < key.size && i < LEDGER_KEY_BYTES_MAX; i++) {
        text[size++] = digits[key.data[i] >> 4];
        text[size++] = digits[key.data[i] & 15];
    }
    text[size] = '\0';
}

/* false: one is told already; or a reading failed, so that what was not found may be there. */
static bool problem_is_first(struct verify_run *run)
{
    bool is_first = !run->has_problem && run->book.fault == LB_OK;
    run->has_problem = true;
    return is_first;
}

void verify_problem_entry(struct verify_run *run, uint64_t number, const char *zh, const char *en)
{
    if (problem_is_first(run)) {
        snprintf(run->report->problem, sizeof(run->report->problem),
                 "第 %" PRIu64 " 号账：%s / entry %" PRIu64 ": %s", number, zh, number, en);
    }
}

void verify_problem_row(struct verify_run *run, enum ledger_table table, struct bytes key,
                        uint64_t entry, const char *zh, const char *en)
{
    if (!problem_is_first(run)) {
        return;
    }
    char key_text[KEY_TEXT_BYTES];
    char zh_entry[64] = "";
    char en_entry[64] = "";
    key_format(key, key_text);
    if (entry != 0) {
        snprintf(zh_entry, sizeof(zh_entry), "第 %" PRIu64 " 号账，", entry);
        snprintf(en_entry, sizeof(en_entry), "entry %" PRIu64 ", ", entry);
    }
    snprintf(run->report->problem, sizeof(run->report->problem),
             "%s表 %s 键 %s：%s / %stable %s key %s: %s", zh_entry, table_name(table), key_text, zh,
             en_entry, table_name(table), key_text, en);
}
