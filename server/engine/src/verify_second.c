/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What two people made (invariant 8): the proposal was waiting, the entry holds what was proposed,
 * and who proposed, who approved and whom it concerns differ, as the accounts were then.
 * Threading: see verify_run.h.
 */
#include "verify_run.h"

#include "bank/records.h"

static bool second_is_as_proposed(const struct entry *entry, const struct entry *proposal)
{
    struct command proposed = proposal->command;
    proposed.id = entry->command.id;
    return bank_command_equal(&proposed, &entry->command) && proposed.desk == entry->command.desk &&
           proposed.import == entry->command.import && proposal->day == entry->day &&
           proposal->actor.principal == entry->actor.principal &&
           proposal->actor.device == entry->actor.device &&
           proposal->actor.peer == entry->actor.peer;
}

void verify_second_person(struct verify_run *run, uint64_t number)
{
    const struct entry *entry = &run->entry;
    bool is_refused = entry->command.kind == ACT_PROPOSAL_DECIDE && entry->verdict.code == LB_OK;
    uint64_t target = is_refused ? entry->target_entry : entry->proposal;
    struct proposal_row row;
    if (target == 0 && !is_refused) {
        return;
    }
    if (!proposal_get(run->bank.views, target, &row) || row.decided_by != 0) {
        verify_problem_entry(run, number, "所处理的事项当时并不在等待确认",
                             "what it decides was not waiting");
        return;
    }
    const struct entry *proposal = entry_reader_get(&run->reader, target);
    if (proposal == NULL) {
        return; /* the reader's fault tells */
    }
    if (!is_refused && !second_is_as_proposed(entry, proposal)) {
        verify_problem_entry(run, number, "与所提交的事项不同", "it is not what was proposed");
    } else if (!bank_is_second_person(&run->bank, proposal,
                                      is_refused ? entry->actor.principal : entry->approver)) {
        verify_problem_entry(run, number, "提交的人或受益的人自己做了确认",
                             "who proposed it or gains by it decided it");
    }
}
