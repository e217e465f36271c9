/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * One command: may its sender do it, known id, decide, record. The writer's thread.
 */
#include "group.h"

#include "bank/records.h"
#include "bank/roles.h"
#include "base/assert.h"
#include "base/date.h"
#include "entry/codec.h"
#include "erase.h"
#include "people_rows.h"

#include <string.h>

static struct bank_context record_context(const struct group *group,
                                          const struct engine_write *write)
{
    return (struct bank_context){
        .next_entry = group->head + 1,
        .now_ms = group->now_ms,
        .today_day = date_day_of_ms(group->now_ms, group->zone_east_s),
        .actor = write->actor,
    };
}

/* ---- a known id ---- */

/*
 * Whether the row beside the entry holds another text. A row that is gone, or was replaced since
 * (its commitment is not the entry's), or does not open says nothing: then the entry decides.
 */
static bool record_row_differs(struct group *group, enum ledger_table table, enum people_kind kind,
                               uint64_t owner, const struct commitment *commitment,
                               struct bytes plaintext)
{
    struct rows_key key = rows_key_of(owner);
    struct bytes row;
    struct bytes stored;
    uint8_t stored_commitment[LB_HASH_BYTES];
    return views_get(group->bank.views, table, rows_key_bytes(&key), &row) &&
           people_open_row(group->ports->people, kind, owner, row, &group->command_arena, &stored,
                           stored_commitment) == LB_OK &&
           memcmp(stored_commitment, commitment->hash, LB_HASH_BYTES) == 0 &&
           !bytes_equal(stored, plaintext);
}

/* Refused batches keep no memo, so they cannot tell. */
static bool record_memo_differs(struct group *group, const struct entry *entry,
                                const struct command *command)
{
    if (entry->failed_line != 0) {
        return false;
    }
    if (entry->memo_commitment.is_set != (command->memo.size > 0)) {
        return true;
    }
    return entry->memo_commitment.is_set &&
           record_row_differs(group, TABLE_MEMO, PEOPLE_MEMO, entry->number,
                              &entry->memo_commitment, command->memo);
}

/* Refusals keep no person, so they cannot tell. */
static bool record_person_differs(struct group *group, const struct entry *entry,
                                  const struct command *command)
{
    const struct person *person = bank_command_person(command);
    if (entry->verdict.code != LB_OK) {
        return false;
    }
    if (entry->person_commitment.is_set != (person != NULL)) {
        return true;
    }
    struct bytes packed;
    return person != NULL && entry_pack_person(person, &group->command_arena, &packed) == LB_OK &&
           record_row_differs(group, TABLE_PERSON, PEOPLE_PERSON, entry->links[0].member,
                              &entry->person_commitment, packed);
}

/* The entry of a proposal confirmed holds the command proposed: then the command must be what
 * confirmed it. */
static bool record_is_command_of(struct group *group, const struct entry *entry,
                                 const struct command *command)
{
    const struct act_proposal_decide *act = &command->act.proposal_decide;
    const struct entry_log *log = &group->bank.log;
    if (entry->proposal == 0) {
        return bank_command_equal(&entry->command, command);
    }
    if (command->kind != ACT_PROPOSAL_DECIDE || !act->confirm) {
        return false;
    }
    uint64_t proposal = act->proposal.entry != 0
                            ? act->proposal.entry
                            : log->find_request(log->context, &act->proposal.request);
    return proposal == entry->proposal;
}

bool record_is_same(struct group *group, const struct entry *entry, const struct command *command)
{
    arena_reset(&group->command_arena);
    return record_is_command_of(group, entry, command) &&
           !record_memo_differs(group, entry, command) &&
           !record_person_differs(group, entry, command);
}

/* A row or an entry that must be there is not, or does not decode. */
static void record_is_corrupt(struct group *group)
{
    group->fault = group->fault == LB_OK ? LB_STORAGE_CORRUPT : group->fault;
}

/* The id of a proposal tells what became of it. */
static void record_replay_proposal(struct group *group, const struct engine_write *write,
                                   const struct entry *entry, struct engine_result *result)
{
    struct proposal_row row;
    if (!proposal_get(group->bank.views, entry->number, &row)) {
        record_is_corrupt(group);
        return;
    }
    if (row.is_confirmed) {
        entry = entry_reader_get(&group->reader, row.decided_by);
    }
    if (entry == NULL) {
        record_is_corrupt(group);
        return;
    }
    result->replayed = result_from_entry(entry, write->arena, result);
    if (result->replayed && !row.is_confirmed) {
        result_end_proposal(result, &row, date_day_of_ms(group->now_ms, group->zone_east_s));
    }
}

static void record_replay(struct group *group, const struct engine_write *write, uint64_t number,
                          const struct command *command, struct engine_result *result)
{
    const struct entry *entry = entry_reader_get(&group->reader, number);
    if (entry == NULL) {
        record_is_corrupt(group);
        return;
    }
    const bool is_same = entry->failed_line == 0 && record_is_same(group, entry, command);
    if (entry->verdict.code == LB_WAITING) {
        record_replay_proposal(group, write, entry, result);
    } else {
        result->replayed = result_from_entry(entry, write->arena, result);
    }
    if (!result->replayed) {
        return;
    }
    result->reversed_by = reversed_by(group->bank.views, result->entry);
    if (!is_same) {
        const struct engine_result known = *result;
        result_refuse(result, LB_ID_REUSED);
        result->verdict.a = (int64_t)number;
        result->known_code = (uint32_t)known.verdict.code;
        result->reversed_by = known.reversed_by;
    }
}

/* ---- recording ---- */

static enum lb_result record_seal(struct group *group, enum ledger_table table,
                                  enum people_kind kind, uint64_t owner, struct bytes plaintext,
                                  struct commitment *commitment)
{
    struct bytes row;
    enum lb_result result = group_may_seal(group);
    if (result == LB_OK) {
        result = people_seal(group->ports->people, kind, owner, plaintext, &group->command_arena,
                             &row, commitment->hash);
    }
    if (result == LB_OK) {
        struct rows_key key = rows_key_of(owner);
        views_put(group->bank.views, table, rows_key_bytes(&key), row);
        commitment->is_set = true;
    }
    return result;
}

static enum lb_result record_seal_credential(struct group *group, const struct command *command,
                                             struct entry *entry)
{
    const struct credential *credential = bank_command_credential(command);
    if (credential == NULL || entry->verdict.code != LB_OK) {
        return LB_OK;
    }
    bool is_open = command->kind == ACT_OPERATOR_OPEN;
    uint64_t principal = is_open ? entry->assigned : command->act.credential_set.principal;
    struct bytes packed;
    enum lb_result result = entry_pack_credential(credential, &group->command_arena, &packed);
    if (result == LB_OK) {
        result = record_seal(group, TABLE_CREDENTIAL, PEOPLE_CREDENTIAL, principal, packed,
                             &entry->credential_commitment);
    }
    return result;
}

/* Puts what may name people, and secrets, beside the entry, sealed, and commitments into it. */
static enum lb_result record_seal_texts(struct group *group, const struct command *command,
                                        struct entry *entry)
{
    const struct person *person = bank_command_person(command);
    enum lb_result result = LB_OK;
    if (person != NULL && entry->verdict.code == LB_OK) {
        LB_ASSERT(entry->link_count > 0); /* the member it is about */
        struct bytes packed;
        result = entry_pack_person(person, &group->command_arena, &packed);
        if (result == LB_OK) {
            result = people_rows_set_id_number(group, entry->links[0].member, person->id_number);
        }
        if (result == LB_OK) {
            result = record_seal(group, TABLE_PERSON, PEOPLE_PERSON, entry->links[0].member, packed,
                                 &entry->person_commitment);
        }
    }
    /* A refused batch is in no member's history: its memo would outlive whom it names. */
    if (command->memo.size > 0 && entry->failed_line == 0 && result == LB_OK) {
        result = record_seal(group, TABLE_MEMO, PEOPLE_MEMO, entry->number, command->memo,
                             &entry->memo_commitment);
    }
    return result == LB_OK ? record_seal_credential(group, command, entry) : result;
}

static enum lb_result record_note(struct group *group, const struct command *command,
                                  const struct entry *entry, struct bytes packed)
{
    struct bytes *kept = &group->packed[group->entry_count];
    if (!arena_copy(&group->group_arena, packed, kept)) {
        return LB_MEMORY;
    }
    group->entry_count++;
    if (entry->person_commitment.is_set) {
        group->names[group->name_count++] = (struct group_name){
            entry->links[0].member,
            bank_command_person(command)->name,
        };
    } else if (erase_is_due(entry)) {
        group->names[group->name_count++] = (struct group_name){.member = entry->links[0].member};
    }
    group->head = entry->number;
    return LB_OK;
}

/* Deletes what the entry says is to be forgotten. */
static enum lb_result record_erase(struct group *group, const struct entry *entry)
{
    if (!erase_is_due(entry)) {
        return LB_OK;
    }
    enum lb_result result = group_may_seal(group); /* or its ID number would not be found */
    if (result == LB_OK) {
        result = people_rows_set_id_number(group, entry->links[0].member, (struct bytes){NULL, 0});
    }
    if (result != LB_OK) {
        return result;
    }
    result = erase_texts(&group->reader, group->bank.views, entry);
    if (result != LB_OK) {
        record_is_corrupt(group);
    }
    return result;
}

/* Puts everything that makes the entry part of the book. On anything but LB_OK: roll back. */
static enum lb_result record_entry(struct group *group, const struct command *command,
                                   struct entry *entry)
{
    arena_reset(&group->command_arena);
    enum lb_result result = record_seal_texts(group, command, entry);
    if (result == LB_OK) {
        result = bank_apply(&group->bank, entry);
    }
    if (result != LB_OK) {
        return result;
    }
    bank_fill_balances(&group->bank, entry);
    struct bytes packed;
    result = entry_pack(entry, &group->command_arena, &packed);
    if (result == LB_OK) {
        struct views views = group->bank.views;
        struct rows_key key = rows_key_of(entry->number);
        const struct id *id = &entry->command.id;
        views_put(views, TABLE_ENTRY, rows_key_bytes(&key), packed);
        views_put(views, TABLE_REQUEST, bytes_of(id->bytes, sizeof(id->bytes)),
                  rows_key_bytes(&key));
        result = record_erase(group, entry);
    }
    if (result == LB_OK) {
        result = record_note(group, command, entry, packed);
    }
    return result;
}

/* Records the entry decided, and answers from it. false: nothing was recorded. */
static bool record_answer(struct group *group, const struct engine_write *write,
                          const struct command *command, struct engine_result *result)
{
    struct group_mark mark = group_mark(group);
    enum lb_result recorded = write->dry_run ? LB_OK : people_rows_rotate(group, &group->entry);
    if (recorded == LB_OK) {
        recorded = record_entry(group, command, &group->entry);
    }
    if (recorded != LB_OK) {
        result_refuse(result, recorded);
    } else if (result_from_entry(&group->entry, write->arena, result)) {
        group_keep(group, &mark);
        return true;
    }
    group_rollback(group, &mark);
    if (recorded == LB_INTERNAL && group_fault(group) == LB_OK) { /* a bug: nothing else suffers */
        log_error(group->ports->log, "entry_not_applied", log_uint("entry", group->head + 1),
                  log_int("act", group->entry.command.kind));
    }
    return false;
}

/* A dry run records nothing, so that it may refuse as often as it must. */
static bool record_may_refuse(struct group *group, const struct engine_write *write)
{
    return write->dry_run || budget_take(&group->after.budget, &write->actor, group->monotonic_ms);
}

static void record_decide(struct group *group, const struct engine_write *write,
                          const struct command *command, struct engine_result *result)
{
    const struct bank_context context = record_context(group, write);
    struct entry *entry = &group->entry;
    posting_list_init(&entry->postings, group->postings, LB_ENTRY_POSTINGS_MAX);
    bank_decide(&group->bank, &context, command, entry);
    people_rows_check(group, command, &entry->verdict);
    if (group_fault(group) != LB_OK) {
        return;
    }
    enum lb_result code = entry->verdict.code;
    if (code != LB_OK && !lb_result_is_recorded((int)code)) {
        result_refuse(result, code);
        result->verdict = entry->verdict;
    } else if (code != LB_OK && !record_may_refuse(group, write)) {
        result_refuse(result, LB_TRY_LATER);
    } else {
        (void)record_answer(group, write, command, result);
    }
}

static bool record_is_malformed(enum lb_result code)
{
    return code != LB_OK &&
           lb_result_precedence((int)code) < lb_result_precedence((int)LB_UNAUTHORISED);
}

/* The stages in the order of the result list: malformed, unauthorised, known id, invalid. */
void record_command(struct group *group, const struct engine_write *write,
                    const struct command *command, struct engine_result *result)
{
    const struct bank_context context = record_context(group, write);
    struct verdict form = bank_command_check(command);
    struct verdict verdict = form;
    uint64_t known = 0;
    group_hint(group);
    if (!record_is_malformed(form.code)) {
        verdict = bank_authorise_command(&group->bank, &context, command);
    }
    if (!record_is_malformed(form.code) && verdict.code == LB_OK) {
        known = group->bank.log.find_request(group->bank.log.context, &command->id);
        verdict = form;
    }
    if (group_fault(group) != LB_OK) {
        return;
    }
    if (known != 0) {
        record_replay(group, write, known, command, result);
    } else if (verdict.code != LB_OK) {
        result_refuse(result, verdict.code);
        result->verdict = verdict;
    } else {
        record_decide(group, write, command, result);
    }
}

/* Who sent it may have it again while it may do such acts at all: orgs that the batch itself was to
 * open are not there. Others must be allowed the line itself. */
struct verdict record_authorise_replay(struct group *group, const struct engine_write *write,
                                       uint32_t recorded_by, const struct command *failed)
{
    const struct bank_context context = record_context(group, write);
    if (write->actor.principal == recorded_by && failed->kind != ACT_NONE) {
        return bank_authorise_anywhere(&group->bank, &write->actor, context.today_day,
                                       (enum right)failed->kind);
    }
    return bank_authorise_command(&group->bank, &context, failed);
}

/*
 * The entry of a refused batch: the line's command under the batch's id. It concerns no member's
 * history and no counter's, as what came before it in the batch never was. Its numbers are those of
 * the line.
 */
bool record_batch_refusal(struct group *group, const struct engine_write *write, uint32_t line,
                          const struct verdict *refusal, struct engine_result *result)
{
    if (!record_may_refuse(group, write)) {
        result_refuse(result, LB_TRY_LATER);
        return false;
    }
    const struct command *failed = &write->commands[line - 1];
    int32_t today_day = date_day_of_ms(group->now_ms, group->zone_east_s);
    struct entry *entry = &group->entry;
    *entry = (struct entry){
        .number = group->head + 1,
        .recorded_ms = group->now_ms,
        .day = failed->day == DAY_NONE ? today_day : failed->day,
        .actor = write->actor,
        .command = *failed,
        .verdict = *refusal,
        .failed_line = line,
        .failed_code = (uint32_t)refusal->code,
    };
    posting_list_init(&entry->postings, group->postings, LB_ENTRY_POSTINGS_MAX);
    entry->verdict.code = LB_BATCH_FAILED;
    entry->command.id = write->batch_id;
    entry->command.memo = (struct bytes){NULL, 0};
    bank_command_clear_sealed(&entry->command);
    if (!bank_link_import(&group->bank, entry)) {
        entry->command.import = 0; /* to be opened by the batch itself: there never was one */
    }
    return record_answer(group, write, failed, result);
}
