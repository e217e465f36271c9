/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Commands and their messages: what all acts have in common, and the table of the acts.
 * One arena per thread.
 */
#include "entry/command_codec.h"

#include "act_codec.h"
#include "base/assert.h"
#include "field.h"

struct act_codec {
    void (*from_pb)(const Lovebank__V1__Command *, struct command *, struct verdict *);
    void (*to_pb)(const struct command *, struct arena *, struct entry_command_message *);
};

static const struct act_codec act_codecs[] = {
#define X(SYMBOL, name) [ACT_##SYMBOL] = {act_##name##_from_pb, act_##name##_to_pb},
    ACT_CODEC_LIST(X)
#undef X
};

#define ACT_CODEC_COUNT (sizeof(act_codecs) / sizeof(act_codecs[0]))

#define X(SYMBOL, name) \
    _Static_assert((int)ACT_##SYMBOL == (int)LOVEBANK__V1__COMMAND__ACT_##SYMBOL, "stored");
ACT_CODEC_LIST(X)
#undef X

_Static_assert((int)GENDER_FEMALE == (int)LOVEBANK__V1__GENDER__GENDER_FEMALE, "stored number");

struct verdict entry_command_from_pb(const Lovebank__V1__Command *from, struct command *to)
{
    struct verdict verdict = {.code = LB_OK, .text = ""};
    *to = (struct command){
        .desk = from->desk,
        .import = from->import,
        .memo = entry_text_from_pb(from->memo),
    };
    if (from->id.len == 0) {
        field_refuse(&verdict, (struct verdict){LB_FIELD_MISSING, 0, 0, 0, "id"});
    } else {
        field_id(&verdict, "id", from->id, &to->id);
    }
    to->day = field_day(&verdict, "day", from->has_day, from->day);
    size_t act = (size_t)from->act_case;
    if (act == ACT_NONE) {
        field_refuse(&verdict, (struct verdict){LB_FIELD_MISSING, 0, 0, 0, "act"});
        return verdict;
    }
    LB_ASSERT(act < ACT_CODEC_COUNT && act_codecs[act].from_pb != NULL);
    to->kind = (enum act_kind)act;
    act_codecs[act].from_pb(from, to, &verdict);
    return verdict;
}

enum lb_result entry_command_to_pb(const struct command *from, struct arena *arena,
                                   struct entry_command_message *to)
{
    lovebank__v1__command__init(&to->command);
    to->command.id = field_bytes_to_pb(from->id.bytes, sizeof(from->id.bytes));
    to->command.has_day = from->day != DAY_NONE;
    to->command.day = to->command.has_day ? from->day : 0;
    to->command.desk = from->desk;
    to->command.import = from->import;
    to->command.memo = entry_text_to_pb(arena, from->memo);
    if (from->kind != ACT_NONE) {
        LB_ASSERT((size_t)from->kind < ACT_CODEC_COUNT && act_codecs[from->kind].to_pb != NULL);
        to->command.act_case = (Lovebank__V1__Command__ActCase)from->kind;
        act_codecs[from->kind].to_pb(from, arena, to);
    }
    return arena->exhausted ? LB_MEMORY : LB_OK;
}

struct member_ref entry_member_ref_from_pb(const Lovebank__V1__MemberRef *from)
{
    if (from == NULL) {
        return (struct member_ref){0};
    }
    return (struct member_ref){.member = from->member, .card = from->card};
}

Lovebank__V1__MemberRef *act_member_ref_to_pb(const struct member_ref *from,
                                              struct entry_command_message *to)
{
    if (from->member == 0 && from->card == 0) {
        return NULL;
    }
    lovebank__v1__member_ref__init(&to->member);
    to->member.member = from->member;
    to->member.card = from->card;
    return &to->member;
}

struct verdict entry_ref_from_pb(const Lovebank__V1__EntryRef *from, const char *field,
                                 struct entry_ref *to)
{
    struct verdict verdict = {.code = LB_OK, .text = ""};
    *to = (struct entry_ref){0};
    if (from == NULL) {
        return verdict;
    }
    to->entry = from->entry;
    if (from->request_id.len > 0) {
        field_id(&verdict, field, from->request_id, &to->request);
    }
    return verdict;
}

Lovebank__V1__EntryRef *entry_ref_to_pb(const struct entry_ref *from,
                                        struct entry_command_message *to)
{
    bool has_request = !id_is_zero(&from->request);
    if (from->entry == 0 && !has_request) {
        return NULL;
    }
    lovebank__v1__entry_ref__init(&to->target);
    to->target.entry = from->entry;
    if (has_request) {
        to->target.request_id = field_bytes_to_pb(from->request.bytes, sizeof(from->request.bytes));
    }
    return &to->target;
}

void act_person_from_pb(const Lovebank__V1__Person *from, struct person *to,
                        struct verdict *verdict)
{
    *to = (struct person){.birth_day = DAY_NONE};
    if (from == NULL) {
        return;
    }
    to->name = entry_text_from_pb(from->name);
    to->gender =
        (enum gender)field_enum(verdict, "person.gender", (int)from->gender, GENDER_FEMALE);
    to->birth_day = field_day(verdict, "person.birth_day", from->has_birth_day, from->birth_day);
    to->id_number = entry_text_from_pb(from->id_number);
    to->address = entry_text_from_pb(from->address);
    to->phone = entry_text_from_pb(from->phone);
    to->skills = entry_text_from_pb(from->skills);
    to->wishes = entry_text_from_pb(from->wishes);
}

void entry_person_to_pb(const struct person *from, struct arena *arena, Lovebank__V1__Person *to)
{
    lovebank__v1__person__init(to);
    to->name = entry_text_to_pb(arena, from->name);
    to->gender = (Lovebank__V1__Gender)from->gender;
    to->has_birth_day = from->birth_day != DAY_NONE;
    to->birth_day = to->has_birth_day ? from->birth_day : 0;
    to->id_number = entry_text_to_pb(arena, from->id_number);
    to->address = entry_text_to_pb(arena, from->address);
    to->phone = entry_text_to_pb(arena, from->phone);
    to->skills = entry_text_to_pb(arena, from->skills);
    to->wishes = entry_text_to_pb(arena, from->wishes);
}
