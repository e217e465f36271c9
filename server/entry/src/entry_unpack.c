/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Bytes to entries. What the bank could not have packed is malformed. One arena per thread.
 */
#include "entry/codec.h"

#include "act_codec.h"
#include "entry/amounts_codec.h"
#include "entry/command_codec.h"
#include "entry/message.h"
#include "lovebank/v1/entries.pb-c.h"

#include <limits.h>

static bool command_is_bare(const struct command *command)
{
    if (command->memo.size > 0) {
        return false;
    }
    if (command->kind == ACT_MEMBER_REGISTER) {
        return act_person_is_empty(&command->act.member_register.person);
    }
    return command->kind != ACT_MEMBER_UPDATE ||
           act_person_is_empty(&command->act.member_update.person);
}

static bool unpack_command(const Lovebank__V1__Entry *from, struct command *to)
{
    if (from->command == NULL) {
        return false;
    }
    struct verdict verdict = entry_command_from_pb(from->command, to);
    return verdict.code == LB_OK && command_is_bare(to);
}

static bool unpack_links(const Lovebank__V1__Entry *from, struct entry *to)
{
    if (from->n_links > ENTRY_LINKS_MAX || from->n_balances != from->n_links) {
        return false;
    }
    to->link_count = from->n_links;
    for (size_t i = 0; i < to->link_count; i++) {
        to->links[i].member = from->links[i]->member;
        to->links[i].previous_entry = from->links[i]->previous_entry;
        entry_balances_from_pb(from->balances[i], &to->balances[i]);
    }
    return true;
}

/* Of known kinds, by rising kind. */
static bool unpack_chains(const Lovebank__V1__Entry *from, struct entry *to)
{
    if (from->n_chains > ENTRY_CHAINS_MAX) {
        return false;
    }
    to->chain_count = from->n_chains;
    int kind_before = CHAIN_NONE;
    for (size_t i = 0; i < to->chain_count; i++) {
        int kind = (int)from->chains[i]->kind;
        if (kind <= kind_before || kind > CHAIN_COUNTER) {
            return false;
        }
        kind_before = kind;
        to->chains[i] = (struct chain_link){.kind = (enum chain_kind)kind,
                                            .key = from->chains[i]->key,
                                            .previous_entry = from->chains[i]->previous_entry};
    }
    return true;
}

static bool unpack_lines(const Lovebank__V1__Entry *from, struct entry *to)
{
    if (from->n_lines > LB_COMMAND_LINES_MAX) {
        return false;
    }
    to->line_count = from->n_lines;
    for (size_t i = 0; i < to->line_count; i++) {
        entry_priced_line_from_pb(from->lines[i], &to->lines[i]);
    }
    return true;
}

/* LB_OK, LB_MALFORMED, LB_MEMORY. */
static enum lb_result unpack_postings(const Lovebank__V1__Entry *from, struct arena *arena,
                                      struct posting_list *to)
{
    *to = (struct posting_list){0};
    if (from->n_postings > LB_ENTRY_POSTINGS_MAX) {
        return LB_MALFORMED;
    }
    if (from->n_postings == 0) {
        return LB_OK;
    }
    to->items = arena_take_zeroed(arena, from->n_postings, sizeof(to->items[0]));
    if (to->items == NULL) {
        return LB_MEMORY;
    }
    to->count = to->cap = from->n_postings;
    for (size_t i = 0; i < to->count; i++) {
        const Lovebank__V1__Posting *message = from->postings[i];
        int account = (int)message->account;
        int asset = (int)message->asset;
        if (account < ACCOUNT_MEMBER || account > ACCOUNT_CLEARING || asset < ASSET_POINTS ||
            asset > ASSET_GOODS) {
            return LB_MALFORMED;
        }
        to->items[i] = (struct posting){
            .account = {(enum account_kind)account, message->owner},
            .asset = {(enum asset_kind)asset, message->item},
            .lot = message->lot,
            .amount = message->amount,
        };
    }
    return LB_OK;
}

static bool unpack_commitment(ProtobufCBinaryData from, struct commitment *to)
{
    to->is_set = from.len > 0;
    if (to->is_set && from.len == sizeof(to->hash)) {
        memcpy(to->hash, from.data, sizeof(to->hash));
    }
    return !to->is_set || from.len == sizeof(to->hash);
}

/* A code that is never an entry's is malformed; a result newer than this program too. */
static bool unpack_verdict(const Lovebank__V1__Entry *from, struct verdict *to)
{
    if (from->code > INT_MAX || (from->code != LB_OK && !lb_result_is_recorded((int)from->code))) {
        return false;
    }
    *to = (struct verdict){(enum lb_result)from->code, from->a, from->b, from->c, ""};
    return true;
}

static void unpack_scalars(const Lovebank__V1__Entry *from, struct entry *to)
{
    to->number = from->number;
    to->recorded_ms = from->recorded_ms;
    to->day = from->day;
    to->actor =
        (struct actor){.principal = from->principal, .device = from->device, .peer = from->peer};
    to->proposal = from->proposal;
    to->approver = from->approver;
    to->assigned = from->assigned;
    to->assigned_card = from->assigned_card;
    to->target_entry = from->target_entry;
    to->org = from->org;
    to->failed_line = from->failed_line;
    to->failed_code = from->failed_code;
}

enum lb_result entry_unpack(struct bytes packed, struct arena *arena, struct entry *entry)
{
    *entry = (struct entry){.verdict.text = ""};
    if (packed.size > LB_ENTRY_BYTES_MAX) {
        return LB_MALFORMED;
    }
    ProtobufCMessage *message = NULL;
    enum lb_result result =
        entry_message_unpack(&lovebank__v1__entry__descriptor, packed, arena, &message);
    if (result != LB_OK) {
        return result;
    }
    const Lovebank__V1__Entry *from = (const Lovebank__V1__Entry *)message;
    unpack_scalars(from, entry);
    if (from->earning != NULL) {
        entry_earning_from_pb(from->earning, &entry->earning);
    }
    bool is_well_formed =
        unpack_command(from, &entry->command) && unpack_verdict(from, &entry->verdict) &&
        unpack_links(from, entry) && unpack_chains(from, entry) && unpack_lines(from, entry) &&
        (from->earning == NULL || from->earning->member != 0) &&
        unpack_commitment(from->person_commitment, &entry->person_commitment) &&
        unpack_commitment(from->memo_commitment, &entry->memo_commitment) &&
        unpack_commitment(from->credential_commitment, &entry->credential_commitment);
    return is_well_formed ? unpack_postings(from, arena, &entry->postings) : LB_MALFORMED;
}

enum lb_result entry_unpack_person(struct bytes packed, struct arena *arena, struct person *person)
{
    ProtobufCMessage *message = NULL;
    *person = (struct person){.birth_day = DAY_NONE};
    enum lb_result result =
        entry_message_unpack(&lovebank__v1__person__descriptor, packed, arena, &message);
    if (result != LB_OK) {
        return result;
    }
    struct verdict verdict = {.code = LB_OK, .text = ""};
    act_person_from_pb((const Lovebank__V1__Person *)message, person, &verdict);
    return verdict.code == LB_OK ? LB_OK : LB_MALFORMED;
}

enum lb_result entry_unpack_credential(struct bytes packed, struct arena *arena,
                                       struct credential *credential)
{
    ProtobufCMessage *message = NULL;
    *credential = (struct credential){.kind = CREDENTIAL_NONE};
    enum lb_result result =
        entry_message_unpack(&lovebank__v1__credential__descriptor, packed, arena, &message);
    if (result != LB_OK) {
        return result;
    }
    struct verdict verdict = {.code = LB_OK, .text = ""};
    act_credential_from_pb((const Lovebank__V1__Credential *)message, credential, &verdict);
    return verdict.code == LB_OK ? LB_OK : LB_MALFORMED;
}
