/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Answers, built from entries, so that a replay gives them again. Pure.
 */
#include "group.h"

#include "base/assert.h"

void result_refuse(struct engine_result *result, enum lb_result code)
{
    *result = (struct engine_result){.verdict = {.code = code, .text = ""}};
}

bool result_from_entry(const struct entry *entry, struct arena *arena, struct engine_result *result)
{
    *result = (struct engine_result){
        .verdict = entry->verdict,
        .entry = entry->number,
        .balance_count = entry->link_count,
        .assigned = entry->assigned,
        .assigned_card = entry->assigned_card,
        .earning = entry->earning,
        .line_count = entry->line_count,
    };
    memcpy(result->balances, entry->balances, sizeof(result->balances));
    if (entry->line_count == 0) {
        return true;
    }
    struct bytes lines;
    if (!arena_copy(arena, bytes_of(entry->lines, entry->line_count * sizeof(entry->lines[0])),
                    &lines)) {
        result_refuse(result, LB_MEMORY);
        return false;
    }
    result->lines = (struct priced_line *)(uintptr_t)lines.data;
    return true;
}

void result_end_proposal(struct engine_result *result, const struct proposal_row *proposal,
                         int32_t today_day)
{
    if (proposal->decided_by != 0) {
        result->verdict = (struct verdict){
            .code = LB_PROPOSAL_REFUSED, .a = (int64_t)proposal->decided_by, .text = ""};
    } else if (today_day > proposal->expires_day) {
        result->verdict = (struct verdict){.code = LB_PROPOSAL_EXPIRED,
                                           .a = (int64_t)proposal->entry,
                                           .b = proposal->expires_day,
                                           .text = ""};
    }
}

void result_fill_batch(struct engine_write *write, uint32_t line, const struct verdict *refusal,
                       uint64_t entry)
{
    LB_ASSERT(line >= 1 && line <= write->command_count);
    for (size_t i = 0; i < write->command_count; i++) {
        write->results[i] = (struct engine_result){
            .verdict = {.code = LB_BATCH_FAILED,
                        .a = line,
                        .text = lb_result_name((int)refusal->code)},
            .entry = entry,
            .failed_line = line,
            .failed_code = (uint32_t)refusal->code,
        };
    }
    if (refusal->code != LB_WAITING) { /* nothing of a batch waits: it is refused for it */
        write->results[line - 1].verdict = *refusal;
    }
}
