/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The form of persons, and of acts on the policy, proposals and personal data. Pure.
 */
#include "check.h"

#include "base/id_number.h"

#define BACK_DAYS_MAX 36500

static void check_id_number(struct check *check, struct bytes number)
{
    int32_t birth_day = 0;
    const enum id_number_form form = id_number_form(number, &birth_day);
    if (form == ID_NUMBER_CHECK_WRONG || form == ID_NUMBER_BIRTH_WRONG) {
        check_complain(check, (struct verdict){.code = LB_ID_NUMBER_INVALID, .text = ""});
    }
}

void check_person(struct check *check, const struct person *person)
{
    check_text(check, "person.name", person->name, LB_NAME_BYTES_MAX);
    check_range(check, "person.gender", (int64_t)person->gender, GENDER_NONE, GENDER_FEMALE);
    check_day(check, "person.birth_day", person->birth_day);
    check_text(check, "person.id_number", person->id_number, LB_CONTACT_BYTES_MAX);
    check_id_number(check, person->id_number);
    check_text(check, "person.address", person->address, LB_CONTACT_BYTES_MAX);
    check_text(check, "person.phone", person->phone, LB_CONTACT_BYTES_MAX);
    check_text(check, "person.skills", person->skills, LB_CONTACT_BYTES_MAX);
    check_text(check, "person.wishes", person->wishes, LB_CONTACT_BYTES_MAX);
}

static void check_policy(struct check *check, const struct act_policy_set *act)
{
    check_range(check, "service_minutes", act->service_minutes, 0, LB_DAY_MINUTES);
    check_range(check, "points", act->points_centi, 0, LB_POINTS_CENTI_MAX);
    check_range(check, "back_days", act->back_days, 0, BACK_DAYS_MAX);
    check_range(check, "undo_minutes", act->undo_minutes, 0, LB_DAY_MINUTES);
    check_number(check, "proposal_days", act->proposal_days, LB_PROPOSAL_DAYS_MAX);
}

static void check_memo_is_given(struct check *check, const struct command *command)
{
    if (command->memo.size == 0) {
        check_complain_missing(check, "memo");
    }
}

void check_person_act(struct check *check, const struct command *command)
{
    if (command->kind == ACT_POLICY_SET) {
        check_policy(check, &command->act.policy_set);
    } else if (command->kind == ACT_PROPOSAL_DECIDE) {
        check_entry_ref(check, "proposal", &command->act.proposal_decide.proposal);
        if (!command->act.proposal_decide.confirm) { /* who is refused is told why */
            check_memo_is_given(check, command);
        }
    } else if (command->kind == ACT_REVEAL) {
        check_number(check, "member", command->act.reveal, LB_MEMBER_MAX);
        check_memo_is_given(check, command);
    } else if (command->kind == ACT_MEMBER_ERASE) {
        check_number(check, "member", command->act.member_erase, LB_MEMBER_MAX);
    } else if (command->kind == ACT_CONSENT_SET) {
        check_number(check, "member", command->act.consent_set.member, LB_MEMBER_MAX);
    }
}
