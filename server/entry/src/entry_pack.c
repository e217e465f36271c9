/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Entries to bytes: directly, field by field from the last to the first (entry/packer.h). So are
 * the commands of which there are most; those of the other acts go through protobuf-c. One arena
 * per thread.
 */
#include "entry/codec.h"

#include "base/assert.h"
#include "entry/amounts_codec.h"
#include "entry/command_codec.h"
#include "entry/message.h"
#include "entry/packer.h"

/* Room for what every entry has, without its command; for a posting; for a line of a command. */
#define FIXED_BYTES_MAX        768
#define POSTING_BYTES_MAX      64
#define COMMAND_LINE_BYTES_MAX 24

_Static_assert((int)ACCOUNT_CLEARING == (int)LOVEBANK__V1__ACCOUNT_KIND__ACCOUNT_KIND_CLEARING,
               "stored number");
_Static_assert((int)ASSET_GOODS == (int)LOVEBANK__V1__ASSET_KIND__ASSET_KIND_GOODS,
               "stored number");
_Static_assert((int)CHAIN_COUNTER == (int)LOVEBANK__V1__CHAIN_KIND__CHAIN_KIND_COUNTER,
               "stored number");

/* ---- the command ---- */

/* The bank emptied it already; this way nothing leaks even if it did not. That an update had a
 * person stays to be seen. */
static void pack_bare(struct arena *arena, struct entry_command_message *message)
{
    message->command.memo = entry_text_to_pb(arena, (struct bytes){NULL, 0});
    if (message->command.act_case == LOVEBANK__V1__COMMAND__ACT_MEMBER_REGISTER) {
        message->act.member_register.person = NULL;
    } else if (message->command.act_case == LOVEBANK__V1__COMMAND__ACT_MEMBER_UPDATE) {
        lovebank__v1__person__init(&message->person);
    }
}

static enum lb_result pack_any_command(const struct command *command, struct arena *arena,
                                       struct bytes *packed)
{
    struct entry_command_message message;
    enum lb_result result = entry_command_to_pb(command, arena, &message);
    if (result != LB_OK) {
        return result;
    }
    pack_bare(arena, &message);
    return entry_message_pack(&message.command.base, arena, packed);
}

static bool is_packed_directly(enum act_kind kind)
{
    return kind == ACT_SERVICE_RECORD || kind == ACT_REDEEM;
}

static void pack_member_ref(const struct member_ref *ref, struct packer *to)
{
    const uint8_t *end = to->at;
    if (ref->member != 0 || ref->card != 0) {
        packer_uint(to, 2, ref->card);
        packer_uint(to, 1, ref->member);
        packer_nest(to, 1, end);
    }
}

static void pack_service_record(const struct act_service_record *act, struct packer *to)
{
    const uint8_t *end = to->at;
    bool has_start = act->start_minute >= 0;
    packer_uint(to, 7, act->org);
    packer_uint(to, 6, act->activity);
    packer_uint(to, 5, has_start);
    packer_uint(to, 4, has_start ? (uint64_t)act->start_minute : 0);
    packer_uint(to, 3, act->minutes);
    packer_uint(to, 2, act->category);
    pack_member_ref(&act->member, to);
    packer_nest(to, ACT_SERVICE_RECORD, end);
}

static void pack_redeem(const struct act_redeem *act, struct packer *to)
{
    const uint8_t *end = to->at;
    for (size_t i = act->line_count; i > 0; i--) {
        const uint8_t *line_end = to->at;
        packer_int(to, 2, act->lines[i - 1].quantity);
        packer_uint(to, 1, act->lines[i - 1].item);
        packer_nest(to, 3, line_end);
    }
    packer_uint(to, 2, act->counter);
    pack_member_ref(&act->member, to);
    packer_nest(to, ACT_REDEEM, end);
}

static void pack_command_directly(const struct command *command, struct packer *to)
{
    const uint8_t *end = to->at;
    bool has_day = command->day != DAY_NONE;
    if (command->kind == ACT_SERVICE_RECORD) {
        pack_service_record(&command->act.service_record, to);
    } else {
        pack_redeem(&command->act.redeem, to);
    }
    packer_uint(to, 6, command->import);
    packer_uint(to, 4, command->desk);
    packer_uint(to, 3, has_day);
    packer_int(to, 2, has_day ? command->day : 0);
    packer_bytes(to, 1, bytes_of(command->id.bytes, sizeof(command->id.bytes)));
    packer_nest(to, 5, end);
}

/* ---- the entry ---- */

static void pack_chains(const struct entry *entry, struct packer *to)
{
    LB_ASSERT(entry->chain_count <= ENTRY_CHAINS_MAX);
    for (size_t i = entry->chain_count; i > 0; i--) {
        const struct chain_link *link = &entry->chains[i - 1];
        const uint8_t *end = to->at;
        packer_uint(to, 3, link->previous_entry);
        packer_uint(to, 2, link->key);
        packer_int(to, 1, (int)link->kind);
        packer_nest(to, 23, end);
    }
}

static void pack_commitment(const struct commitment *commitment, unsigned field, struct packer *to)
{
    if (commitment->is_set) {
        packer_bytes(to, field, bytes_of(commitment->hash, sizeof(commitment->hash)));
    }
}

static void pack_postings(const struct posting_list *postings, struct packer *to)
{
    LB_ASSERT(postings->count <= LB_ENTRY_POSTINGS_MAX && !postings->failed);
    for (size_t i = postings->count; i > 0; i--) {
        const struct posting *posting = &postings->items[i - 1];
        const uint8_t *end = to->at;
        packer_sint(to, 6, posting->amount);
        packer_uint(to, 5, posting->lot);
        packer_uint(to, 4, posting->asset.item);
        packer_int(to, 3, (int)posting->asset.kind);
        packer_uint(to, 2, posting->account.owner);
        packer_int(to, 1, (int)posting->account.kind);
        packer_nest(to, 11, end);
    }
}

static void pack_links(const struct entry *entry, struct packer *to)
{
    for (size_t i = entry->link_count; i > 0; i--) {
        const uint8_t *end = to->at;
        packer_uint(to, 2, entry->links[i - 1].previous_entry);
        packer_uint(to, 1, entry->links[i - 1].member);
        packer_nest(to, 10, end);
    }
}

/* From field 12 on. */
static void pack_outcome(const struct entry *entry, struct packer *to)
{
    pack_commitment(&entry->credential_commitment, 28, to);
    packer_uint(to, 27, entry->approver);
    packer_uint(to, 26, entry->proposal);
    packer_uint(to, 25, entry->actor.device);
    packer_uint(to, 24, entry->actor.principal);
    pack_chains(entry, to);
    packer_uint(to, 22, entry->failed_code);
    packer_uint(to, 21, entry->failed_line);
    pack_commitment(&entry->memo_commitment, 20, to);
    pack_commitment(&entry->person_commitment, 19, to);
    packer_uint(to, 18, entry->org);
    packer_uint(to, 17, entry->target_entry);
    packer_uint(to, 16, entry->assigned_card);
    packer_uint(to, 15, entry->assigned);
    if (entry->earning.member != 0) {
        entry_earning_pack(&entry->earning, 14, to);
    }
    for (size_t i = entry->line_count; i > 0; i--) {
        entry_priced_line_pack(&entry->lines[i - 1], 13, to);
    }
    for (size_t i = entry->link_count; i > 0; i--) {
        entry_balances_pack(&entry->balances[i - 1], 12, to);
    }
}

/* `command` is empty when it is to be packed directly. */
static void pack_fields(const struct entry *entry, struct bytes command, struct packer *to)
{
    pack_outcome(entry, to);
    pack_postings(&entry->postings, to);
    pack_links(entry, to);
    packer_sint(to, 9, entry->verdict.c);
    packer_sint(to, 8, entry->verdict.b);
    packer_sint(to, 7, entry->verdict.a);
    packer_uint(to, 6, (uint64_t)entry->verdict.code);
    if (command.size == 0) {
        pack_command_directly(&entry->command, to);
    }
    packer_bytes(to, 5, command);
    packer_uint(to, 4, entry->actor.peer);
    packer_int(to, 3, entry->day);
    packer_sint(to, 2, entry->recorded_ms);
    packer_uint(to, 1, entry->number);
}

enum lb_result entry_pack(const struct entry *entry, struct arena *arena, struct bytes *packed)
{
    LB_ASSERT(entry->link_count <= ENTRY_LINKS_MAX && entry->line_count <= LB_COMMAND_LINES_MAX);
    *packed = (struct bytes){NULL, 0};
    struct bytes command = {NULL, 0};
    if (!is_packed_directly(entry->command.kind)) {
        enum lb_result result = pack_any_command(&entry->command, arena, &command);
        if (result != LB_OK) {
            return result;
        }
    }
    size_t room = FIXED_BYTES_MAX + command.size + entry->postings.count * POSTING_BYTES_MAX +
                  LB_COMMAND_LINES_MAX * COMMAND_LINE_BYTES_MAX +
                  entry->line_count * ENTRY_PRICED_LINE_BYTES_MAX;
    uint8_t *buffer = arena_take(arena, room);
    if (buffer == NULL) {
        return LB_MEMORY;
    }
    struct packer packer = packer_of(buffer, room);
    pack_fields(entry, command, &packer);
    LB_ASSERT(!packer.overflow);
    if (packer_size(&packer) > LB_ENTRY_BYTES_MAX) {
        return LB_INTERNAL; /* only a command that bank_command_check did not see */
    }
    *packed = bytes_of(packer.at, packer_size(&packer));
    return LB_OK;
}

enum lb_result entry_pack_credential(const struct credential *credential, struct arena *arena,
                                     struct bytes *packed)
{
    Lovebank__V1__Credential message;
    entry_credential_to_pb(credential, &message);
    return entry_message_pack(&message.base, arena, packed);
}

enum lb_result entry_pack_person(const struct person *person, struct arena *arena,
                                 struct bytes *packed)
{
    Lovebank__V1__Person message;
    *packed = (struct bytes){NULL, 0};
    entry_person_to_pb(person, arena, &message);
    return arena->exhausted ? LB_MEMORY : entry_message_pack(&message.base, arena, packed);
}
