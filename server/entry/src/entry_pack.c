/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Entries to bytes: the message is filled on the stack, with arrays and texts in the arena, and
 * packed once. One arena per thread.
 */
#include "entry/codec.h"

#include "base/assert.h"
#include "entry/amounts_codec.h"
#include "entry/command_codec.h"
#include "entry/message.h"
#include "field.h"

_Static_assert((int)ACCOUNT_CLEARING == (int)LOVEBANK__V1__ACCOUNT_KIND__ACCOUNT_KIND_CLEARING,
               "stored number");
_Static_assert((int)ASSET_GOODS == (int)LOVEBANK__V1__ASSET_KIND__ASSET_KIND_GOODS,
               "stored number");
_Static_assert((int)CHAIN_COUNTER == (int)LOVEBANK__V1__CHAIN_KIND__CHAIN_KIND_COUNTER,
               "stored number");

/* Everything of one entry's message whose size is known beforehand. Points into itself. */
struct entry_message {
    Lovebank__V1__Entry entry;
    struct entry_command_message command;
    Lovebank__V1__Earning earning;
    Lovebank__V1__MemberLink links[ENTRY_LINKS_MAX];
    Lovebank__V1__MemberLink *link_pointers[ENTRY_LINKS_MAX];
    Lovebank__V1__Balances balances[ENTRY_LINKS_MAX];
    Lovebank__V1__Balances *balance_pointers[ENTRY_LINKS_MAX];
    Lovebank__V1__ChainLink chains[ENTRY_CHAINS_MAX];
    Lovebank__V1__ChainLink *chain_pointers[ENTRY_CHAINS_MAX];
    Lovebank__V1__PricedLine lines[LB_COMMAND_LINES_MAX];
    Lovebank__V1__PricedLine *line_pointers[LB_COMMAND_LINES_MAX];
};

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

static void pack_links(const struct entry *entry, struct entry_message *to)
{
    LB_ASSERT(entry->link_count <= ENTRY_LINKS_MAX);
    to->entry.n_links = to->entry.n_balances = entry->link_count;
    to->entry.links = to->link_pointers;
    to->entry.balances = to->balance_pointers;
    for (size_t i = 0; i < entry->link_count; i++) {
        to->link_pointers[i] = &to->links[i];
        lovebank__v1__member_link__init(&to->links[i]);
        to->links[i].member = entry->links[i].member;
        to->links[i].previous_entry = entry->links[i].previous_entry;
        to->balance_pointers[i] = &to->balances[i];
        entry_balances_to_pb(&entry->balances[i], &to->balances[i]);
    }
}

static void pack_chains(const struct entry *entry, struct entry_message *to)
{
    LB_ASSERT(entry->chain_count <= ENTRY_CHAINS_MAX);
    to->entry.n_chains = entry->chain_count;
    to->entry.chains = to->chain_pointers;
    for (size_t i = 0; i < entry->chain_count; i++) {
        const struct chain_link *from = &entry->chains[i];
        Lovebank__V1__ChainLink *message = to->chain_pointers[i] = &to->chains[i];
        lovebank__v1__chain_link__init(message);
        message->kind = (Lovebank__V1__ChainKind)from->kind;
        message->key = from->key;
        message->previous_entry = from->previous_entry;
    }
}

static void pack_lines(const struct entry *entry, struct entry_message *to)
{
    LB_ASSERT(entry->line_count <= LB_COMMAND_LINES_MAX);
    to->entry.n_lines = entry->line_count;
    to->entry.lines = to->line_pointers;
    for (size_t i = 0; i < entry->line_count; i++) {
        to->line_pointers[i] = &to->lines[i];
        entry_priced_line_to_pb(&entry->lines[i], &to->lines[i]);
    }
}

static bool pack_postings(const struct posting_list *postings, struct arena *arena,
                          Lovebank__V1__Entry *to)
{
    LB_ASSERT(postings->count <= LB_ENTRY_POSTINGS_MAX && !postings->failed);
    struct slot {
        Lovebank__V1__Posting posting;
        Lovebank__V1__Posting *pointer;
    };
    if (postings->count == 0) {
        return true;
    }
    Lovebank__V1__Posting *messages = arena_take(arena, postings->count * sizeof(struct slot));
    if (messages == NULL) {
        return false;
    }
    to->n_postings = postings->count;
    to->postings = (Lovebank__V1__Posting **)(messages + postings->count);
    for (size_t i = 0; i < postings->count; i++) {
        const struct posting *from = &postings->items[i];
        Lovebank__V1__Posting *message = to->postings[i] = &messages[i];
        lovebank__v1__posting__init(message);
        message->account = (Lovebank__V1__AccountKind)from->account.kind;
        message->owner = from->account.owner;
        message->asset = (Lovebank__V1__AssetKind)from->asset.kind;
        message->item = from->asset.item;
        message->lot = from->lot;
        message->amount = from->amount;
    }
    return true;
}

static ProtobufCBinaryData pack_commitment(const struct commitment *commitment)
{
    return commitment->is_set ? field_bytes_to_pb(commitment->hash, sizeof(commitment->hash))
                              : (ProtobufCBinaryData){0};
}

static void pack_scalars(const struct entry *entry, Lovebank__V1__Entry *to)
{
    to->number = entry->number;
    to->recorded_ms = entry->recorded_ms;
    to->day = entry->day;
    to->principal = entry->principal;
    to->code = (uint32_t)entry->verdict.code;
    to->a = entry->verdict.a;
    to->b = entry->verdict.b;
    to->c = entry->verdict.c;
    to->assigned = entry->assigned;
    to->assigned_card = entry->assigned_card;
    to->target_entry = entry->target_entry;
    to->org = entry->org;
    to->person_commitment = pack_commitment(&entry->person_commitment);
    to->memo_commitment = pack_commitment(&entry->memo_commitment);
    to->failed_line = entry->failed_line;
    to->failed_code = entry->failed_code;
}

enum lb_result entry_pack(const struct entry *entry, struct arena *arena, struct bytes *packed)
{
    *packed = (struct bytes){NULL, 0};
    struct entry_message message;
    lovebank__v1__entry__init(&message.entry);
    enum lb_result result = entry_command_to_pb(&entry->command, arena, &message.command);
    if (result != LB_OK) {
        return result;
    }
    pack_bare(arena, &message.command);
    message.entry.command = &message.command.command;
    pack_scalars(entry, &message.entry);
    pack_links(entry, &message);
    pack_chains(entry, &message);
    pack_lines(entry, &message);
    if (!pack_postings(&entry->postings, arena, &message.entry)) {
        return LB_MEMORY;
    }
    if (entry->earning.member != 0) {
        message.entry.earning = &message.earning;
        entry_earning_to_pb(&entry->earning, &message.earning);
    }
    result = entry_message_pack(&message.entry.base, arena, packed);
    if (result == LB_OK && packed->size > LB_ENTRY_BYTES_MAX) {
        return LB_INTERNAL; /* only a command that bank_command_check did not see */
    }
    return result;
}

enum lb_result entry_pack_person(const struct person *person, struct arena *arena,
                                 struct bytes *packed)
{
    Lovebank__V1__Person message;
    *packed = (struct bytes){NULL, 0};
    entry_person_to_pb(person, arena, &message);
    return arena->exhausted ? LB_MEMORY : entry_message_pack(&message.base, arena, packed);
}
