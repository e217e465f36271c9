/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The reference's list of acts: running a command or a batch, known ids, undoing. One thread.
 */
#include "model_reference.h"

#include "base/assert.h"
#include <stdlib.h>
#include <string.h>

void ref_init(struct ref *ref)
{
    *ref = (struct ref){.entry_cap = 256, .move_cap = 1024};
    ref->entries = calloc(ref->entry_cap, sizeof(ref->entries[0]));
    ref->moves = calloc(ref->move_cap, sizeof(ref->moves[0]));
    LB_ASSERT(ref->entries != NULL && ref->moves != NULL);
}

void ref_fini(struct ref *ref)
{
    free(ref->entries);
    free(ref->moves);
}

void ref_forget(struct ref *ref, size_t entry_count)
{
    LB_ASSERT(entry_count <= ref->entry_count);
    if (entry_count < ref->entry_count) {
        ref->move_count = ref->entries[entry_count].move_first;
    }
    ref->entry_count = entry_count;
}

void ref_move(struct ref *ref, struct ref_entry *entry, struct account account, struct asset asset,
              uint64_t lot, int64_t amount)
{
    if (ref->move_count == ref->move_cap) {
        ref->move_cap *= 2;
        ref->moves = realloc(ref->moves, ref->move_cap * sizeof(ref->moves[0]));
        LB_ASSERT(ref->moves != NULL);
    }
    ref->moves[ref->move_count++] = (struct posting){account, asset, lot, amount};
    entry->move_count++;
}

static void ref_append(struct ref *ref, const struct ref_entry *entry)
{
    if (ref->entry_count == ref->entry_cap) {
        ref->entry_cap *= 2;
        ref->entries = realloc(ref->entries, ref->entry_cap * sizeof(ref->entries[0]));
        LB_ASSERT(ref->entries != NULL);
    }
    ref->entries[ref->entry_count++] = *entry;
}

const struct ref_entry *ref_entry_at(const struct ref *ref, uint64_t number)
{
    return number >= 1 && number <= ref->entry_count ? &ref->entries[number - 1] : NULL;
}

uint64_t ref_entry_of_id(const struct ref *ref, const struct id *id)
{
    for (size_t i = 0; i < ref->entry_count; i++) {
        if (memcmp(&ref->entries[i].command.id, id, sizeof(*id)) == 0) {
            return i + 1;
        }
    }
    return 0;
}

/* The answers to a known id. */
static struct ref_answer ref_replay(const struct ref *ref, uint64_t number, uint64_t content)
{
    const struct ref_entry *known = ref_entry_at(ref, number);
    const bool was_batch = known->answer.failed_line != 0;
    struct ref_answer answer = known->answer;
    if (ref_waited(known)) {
        ref_tell_end(ref, number, &answer);
    }
    answer.replayed = true;
    if (known->content != content || was_batch) {
        answer = (struct ref_answer){.code = LB_ID_REUSED,
                                     .a = (int64_t)number,
                                     .known_code =
                                         (uint32_t)(was_batch ? LB_BATCH_FAILED : answer.code)};
    }
    answer.reversed_by = ref_reversed_by(ref, ref_done_by(ref, number));
    return answer;
}

static bool ref_goes_before_known_id(enum lb_result code)
{
    return lb_result_precedence((int)code) < lb_result_precedence(LB_ID_REUSED);
}

void ref_run(struct ref *ref, const struct model_command *sent, struct ref_answer *answer)
{
    const struct command *command = &sent->command;
    *answer = ref_check(command);
    if (answer->code != LB_OK && ref_goes_before_known_id(answer->code)) {
        return;
    }
    uint64_t known = ref_entry_of_id(ref, &command->id);
    if (known != 0) {
        *answer = ref_replay(ref, known, sent->content);
        return;
    }
    if (answer->code != LB_OK) {
        return;
    }
    struct ref_entry entry = {.command = *command,
                              .content = sent->content,
                              .day = command->day == DAY_NONE ? ref->today_day : command->day,
                              .principal = ref->principal,
                              .recorded_ms = ref->now_ms,
                              .move_first = ref->move_count};
    ref_decide(ref, command, &entry);
    if (entry.answer.code == LB_OK) {
        ref_second_person(ref, &entry);
    }
    if (entry.answer.code != LB_OK) { /* a refusal keeps who it concerns, and its numbers */
        LB_ASSERT(entry.move_count == 0 || ref->move_count == entry.move_first + entry.move_count);
        ref->move_count = entry.move_first;
        entry.move_count = 0;
        entry.answer = (struct ref_answer){.code = entry.answer.code,
                                           .a = entry.answer.a,
                                           .b = entry.answer.b,
                                           .c = entry.answer.c};
    }
    if (entry.answer.code != LB_OK && !lb_result_is_recorded((int)entry.answer.code)) {
        *answer = entry.answer;
        return;
    }
    entry.answer.entry = ref->entry_count + 1;
    ref_append(ref, &entry);
    struct ref_entry *kept = &ref->entries[ref->entry_count - 1];
    kept->answer.balance_count = kept->link_count;
    for (size_t i = 0; i < kept->link_count; i++) {
        kept->answer.balances[i] = ref_balances_of(ref, kept->links[i]);
    }
    *answer = kept->answer;
}

/* Every line says that the batch failed, the one at fault says why. */
static void ref_fill_failed(struct ref_answer *answers, size_t count, uint32_t line,
                            const struct ref_answer *why, uint64_t number, bool replayed)
{
    for (size_t i = 0; i < count; i++) {
        answers[i] = (struct ref_answer){.code = LB_BATCH_FAILED,
                                         .a = line,
                                         .entry = number,
                                         .failed_line = line,
                                         .failed_code = (uint32_t)why->code,
                                         .replayed = replayed};
    }
    if (why->code == LB_WAITING) { /* nothing of a batch waits */
        return;
    }
    answers[line - 1].code = why->code;
    answers[line - 1].a = why->a;
    answers[line - 1].b = why->b;
    answers[line - 1].c = why->c;
}

/* The refusal of the whole is an entry under the batch's id, if one of its line would be. */
static uint64_t ref_record_failed(struct ref *ref, const struct id *batch_id,
                                  const struct model_command *failed, uint32_t line,
                                  const struct ref_answer *why)
{
    if (!lb_result_is_recorded((int)why->code)) {
        return 0;
    }
    struct ref_entry entry = {.command = failed->command,
                              .content = failed->content,
                              .day = failed->command.day == DAY_NONE ? ref->today_day
                                                                     : failed->command.day,
                              .principal = ref->principal,
                              .recorded_ms = ref->now_ms,
                              .move_first = ref->move_count,
                              .answer = *why};
    entry.command.id = *batch_id;
    if (ref_import(ref, entry.command.import) == 0) {
        entry.command.import = 0; /* the batch itself was to open it */
    }
    entry.answer.failed_line = line;
    entry.answer.failed_code = (uint32_t)why->code;
    entry.answer.entry = ref->entry_count + 1;
    ref_append(ref, &entry);
    return ref->entry_count;
}

struct ref_answer ref_run_batch(struct ref *ref, const struct id *batch_id,
                                const struct model_command *sent, size_t count,
                                struct ref_answer *answers)
{
    const struct ref_answer fine = {.code = LB_OK};
    uint64_t known = ref_entry_of_id(ref, batch_id);
    if (known != 0) {
        const struct ref_answer first = ref_entry_at(ref, known)->answer;
        const bool has_line = first.failed_line != 0 && first.failed_line <= count;
        const struct model_command *line = &sent[has_line ? first.failed_line - 1 : 0];
        if (line->command.kind == ACT_NONE && ref->principal != 0) {
            return (struct ref_answer){.code = LB_UNAUTHORISED}; /* nobody may do nothing */
        }
        if (!has_line || ref_entry_at(ref, known)->content != line->content) {
            return (struct ref_answer){.code = LB_ID_REUSED, .a = (int64_t)known};
        }
        ref_fill_failed(answers, count, first.failed_line, &first, known, true);
        return fine;
    }
    size_t entries_before = ref->entry_count;
    for (uint32_t i = 0; i < count; i++) {
        ref_run(ref, &sent[i], &answers[i]);
        if (answers[i].code != LB_OK) {
            struct ref_answer why = {
                .code = answers[i].code, .a = answers[i].a, .b = answers[i].b, .c = answers[i].c};
            ref_forget(ref, entries_before);
            uint64_t number = ref_record_failed(ref, batch_id, &sent[i], i + 1, &why);
            ref_fill_failed(answers, count, i + 1, &why, number, false);
            return fine;
        }
    }
    return fine;
}
