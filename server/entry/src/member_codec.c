/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Acts that concern members and their cards. One arena per thread.
 */
#include "act_codec.h"

_Static_assert((int)MEMBER_CLOSED == (int)LOVEBANK__V1__MEMBER_STATUS__MEMBER_STATUS_CLOSED,
               "stored number");

bool act_person_is_empty(const struct person *person)
{
    return person->name.size == 0 && person->gender == GENDER_NONE &&
           person->birth_day == DAY_NONE && person->id_number.size == 0 &&
           person->address.size == 0 && person->phone.size == 0 && person->skills.size == 0 &&
           person->wishes.size == 0;
}

void act_member_register_from_pb(const Lovebank__V1__Command *from, struct command *to,
                                 struct verdict *verdict)
{
    const Lovebank__V1__MemberRegister *message = from->member_register;
    struct act_member_register *act = &to->act.member_register;
    act->member = message->member;
    act->org = message->org;
    act->card = message->card;
    field_codes(verdict, "class_ids", message->class_ids, message->n_class_ids, &act->class_ids);
    act_person_from_pb(message->person, &act->person, verdict);
}

void act_member_register_to_pb(const struct command *from, struct arena *arena,
                               struct entry_command_message *to)
{
    const struct act_member_register *act = &from->act.member_register;
    Lovebank__V1__MemberRegister *message = to->command.member_register = &to->act.member_register;
    lovebank__v1__member_register__init(message);
    message->member = act->member;
    message->org = act->org;
    message->card = act->card;
    message->n_class_ids = act->class_ids.count;
    message->class_ids = field_unconst(act->class_ids.items);
    if (!act_person_is_empty(&act->person)) {
        message->person = &to->person;
        entry_person_to_pb(&act->person, arena, &to->person);
    }
}

void act_member_update_from_pb(const Lovebank__V1__Command *from, struct command *to,
                               struct verdict *verdict)
{
    const Lovebank__V1__MemberUpdate *message = from->member_update;
    struct act_member_update *act = &to->act.member_update;
    act->member = message->member;
    act->org = message->org;
    field_codes(verdict, "class_ids_add", message->class_ids_add, message->n_class_ids_add,
                &act->class_ids_add);
    field_codes(verdict, "class_ids_remove", message->class_ids_remove, message->n_class_ids_remove,
                &act->class_ids_remove);
    act->status =
        (enum member_status)field_enum(verdict, "status", (int)message->status, MEMBER_CLOSED);
    act->has_person = message->person != NULL;
    act_person_from_pb(message->person, &act->person, verdict);
}

void act_member_update_to_pb(const struct command *from, struct arena *arena,
                             struct entry_command_message *to)
{
    const struct act_member_update *act = &from->act.member_update;
    Lovebank__V1__MemberUpdate *message = to->command.member_update = &to->act.member_update;
    lovebank__v1__member_update__init(message);
    message->member = act->member;
    message->org = act->org;
    message->n_class_ids_add = act->class_ids_add.count;
    message->class_ids_add = field_unconst(act->class_ids_add.items);
    message->n_class_ids_remove = act->class_ids_remove.count;
    message->class_ids_remove = field_unconst(act->class_ids_remove.items);
    message->status = (Lovebank__V1__MemberStatus)act->status;
    if (act->has_person) {
        message->person = &to->person;
        entry_person_to_pb(&act->person, arena, &to->person);
    }
}

void act_member_close_from_pb(const Lovebank__V1__Command *from, struct command *to,
                              struct verdict *verdict)
{
    (void)verdict;
    to->act.member_close = from->member_close->member;
}

void act_member_close_to_pb(const struct command *from, struct arena *arena,
                            struct entry_command_message *to)
{
    (void)arena;
    to->command.member_close = &to->act.member_close;
    lovebank__v1__member_close__init(&to->act.member_close);
    to->act.member_close.member = from->act.member_close;
}

void act_card_issue_from_pb(const Lovebank__V1__Command *from, struct command *to,
                            struct verdict *verdict)
{
    (void)verdict;
    to->act.card.member = from->card_issue->member;
    to->act.card.card = from->card_issue->card;
}

void act_card_issue_to_pb(const struct command *from, struct arena *arena,
                          struct entry_command_message *to)
{
    (void)arena;
    to->command.card_issue = &to->act.card_issue;
    lovebank__v1__card_issue__init(&to->act.card_issue);
    to->act.card_issue.member = from->act.card.member;
    to->act.card_issue.card = from->act.card.card;
}

void act_card_block_from_pb(const Lovebank__V1__Command *from, struct command *to,
                            struct verdict *verdict)
{
    (void)verdict;
    to->act.card.card = from->card_block->card;
}

void act_card_block_to_pb(const struct command *from, struct arena *arena,
                          struct entry_command_message *to)
{
    (void)arena;
    to->command.card_block = &to->act.card_block;
    lovebank__v1__card_block__init(&to->act.card_block);
    to->act.card_block.card = from->act.card.card;
}

void act_card_replace_from_pb(const Lovebank__V1__Command *from, struct command *to,
                              struct verdict *verdict)
{
    (void)verdict;
    to->act.card.card = from->card_replace->card;
    to->act.card.new_card = from->card_replace->new_card;
}

void act_card_replace_to_pb(const struct command *from, struct arena *arena,
                            struct entry_command_message *to)
{
    (void)arena;
    to->command.card_replace = &to->act.card_replace;
    lovebank__v1__card_replace__init(&to->act.card_replace);
    to->act.card_replace.card = from->act.card.card;
    to->act.card_replace.new_card = from->act.card.new_card;
}
