/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The fold of acts on the policy, proposals and personal data. Pure.
 */
#include "apply.h"

#include "records_write.h"

static void apply_erase(struct views views, const struct entry *entry)
{
    struct member_row row;
    if (member_get(views, entry->command.act.member_erase, &row)) {
        row.status = MEMBER_ERASED;
        member_put(views, &row);
    }
}

static void apply_consent(struct views views, const struct entry *entry)
{
    const struct act_consent_set *act = &entry->command.act.consent_set;
    consent_put(views, entry->day, act->member,
                (struct consent){.publish_name = act->publish_name, .contact = act->contact},
                entry->number);
}

enum lb_result apply_person_act(const struct bank *bank, const struct entry *entry)
{
    if (entry->command.kind == ACT_POLICY_SET) {
        policy_put(bank->views, entry->day, &entry->command.act.policy_set, entry->number);
    } else if (entry->command.kind == ACT_MEMBER_ERASE) {
        apply_erase(bank->views, entry);
    } else if (entry->command.kind == ACT_CONSENT_SET) {
        apply_consent(bank->views, entry);
    }
    return LB_OK; /* a reveal, a rotation of keys and a proposal refused change no view here */
}

static void settle_proposal(struct views views, uint64_t proposal, uint64_t by, bool is_confirmed)
{
    struct proposal_row row;
    if (proposal_get(views, proposal, &row)) {
        row.decided_by = by;
        row.is_confirmed = is_confirmed;
        proposal_put(views, &row);
    }
}

void apply_proposal(struct views views, const struct entry *entry)
{
    if (entry->verdict.code == LB_WAITING) {
        proposal_put(views, &(struct proposal_row){.entry = entry->number,
                                                   .expires_day = (int32_t)entry->verdict.a});
    } else if (entry->proposal != 0) { /* also when it was refused in the end */
        settle_proposal(views, entry->proposal, entry->number, true);
    } else if (entry->command.kind == ACT_PROPOSAL_DECIDE && entry->verdict.code == LB_OK) {
        settle_proposal(views, entry->target_entry, entry->number, false);
    }
}
