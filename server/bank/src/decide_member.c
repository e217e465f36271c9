/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Rules for members and their cards. Pure.
 */
#include "decision.h"

#include "lovebank/card.h"

static void require_classes(struct decision *decision, const struct codes *class_ids)
{
    for (size_t i = 0; i < class_ids->count; i++) {
        if (!dated_exists(decision->views, DATED_CLASS, class_ids->items[i])) {
            decision_refuse_with(decision, LB_CLASS_UNKNOWN, class_ids->items[i], 0, 0);
        }
    }
}

static uint64_t member_number(struct decision *decision, uint64_t wanted)
{
    struct member_row row;
    uint64_t member = wanted;
    if (member == 0) {
        member = sequence_last(decision->views, SEQUENCE_MEMBER) + 1;
        if (member > LB_MEMBER_MAX) { /* the numbers that follow are used up: one must be named */
            decision_refuse(decision, (struct verdict){.code = LB_FIELD_INVALID,
                                                       .a = (int64_t)member,
                                                       .b = 1,
                                                       .c = (int64_t)LB_MEMBER_MAX,
                                                       .text = "member"});
        }
    } else if (member_get(decision->views, member, &row)) {
        decision_refuse_with(decision, LB_ALREADY_EXISTS, (int64_t)member, 0, 0);
    }
    return member;
}

uint64_t decide_card_number(struct decision *decision, uint64_t wanted, uint64_t member)
{
    struct card_row row;
    if (wanted == 0) {
        uint64_t serial = sequence_last(decision->views, SEQUENCE_CARD) + 1;
        if (serial > LB_CARD_SERIAL_MAX) {
            decision_refuse(decision, (struct verdict){.code = LB_FIELD_INVALID,
                                                       .a = (int64_t)serial,
                                                       .b = 1,
                                                       .c = (int64_t)LB_CARD_SERIAL_MAX,
                                                       .text = "card"});
            return 0;
        }
        return lb_card_of_serial(serial);
    }
    if (card_get(decision->views, wanted, &row)) {
        if (row.member == member && row.status != CARD_ACTIVE) {
            decision_refuse_with(decision, LB_CARD_BLOCKED, (int64_t)wanted, 0, 0);
        } else {
            decision_refuse_with(decision, LB_CARD_ASSIGNED, (int64_t)wanted, (int64_t)row.member,
                                 0);
        }
        return 0;
    }
    return wanted;
}

void decide_member_register(struct decision *decision)
{
    const struct act_member_register *act = &decision->command->act.member_register;
    struct entry *entry = decision->entry;
    entry->assigned = member_number(decision, act->member);
    decision_require_org(decision, act->org);
    require_classes(decision, &act->class_ids);
    entry->org = act->org;
    if (act->card != 0) {
        entry->assigned_card = decide_card_number(decision, act->card, entry->assigned);
    }
    if (decision_stands(decision)) {
        entry->links[entry->link_count++] = (struct member_link){.member = entry->assigned};
    }
}

bool decision_resolve_open_member(struct decision *decision, uint64_t member,
                                  struct member_row *row)
{
    if (!decision_link_member(decision, member, row)) {
        decision_refuse_with(decision, LB_MEMBER_UNKNOWN, (int64_t)member, 0, 0);
        return false;
    }
    if (member_is_closed(row)) {
        decision_refuse_with(decision, LB_MEMBER_CLOSED, (int64_t)member, row->closed_day, 0);
    }
    if (decision->day < row->joined_day) {
        decision_refuse_with(decision, LB_BEFORE_JOINED, decision->day, row->joined_day, 0);
    }
    return true;
}

void decide_member_update(struct decision *decision)
{
    const struct act_member_update *act = &decision->command->act.member_update;
    struct member_row row;
    if (act->status != MEMBER_UNSPECIFIED) {
        decision_forbid_future(decision); /* blocking holds at once, not from a later day */
    }
    if (act->org != 0) {
        decision_require_org(decision, act->org);
    }
    require_classes(decision, &act->class_ids_add);
    require_classes(decision, &act->class_ids_remove);
    if (!decision_resolve_open_member(decision, act->member, &row)) {
        return;
    }
    if (act->status != MEMBER_UNSPECIFIED && act->status == row.status) {
        decision_refuse_with(decision, LB_STATUS_UNCHANGED, (int64_t)act->member, 0, 0);
    }
}

void decide_member_close(struct decision *decision)
{
    uint64_t member = decision->command->act.member_close;
    struct member_row row;
    if (!decision_resolve_open_member(decision, member, &row)) {
        return;
    }
    int64_t points = book_total(decision->views, (struct account){ACCOUNT_MEMBER, member},
                                ASSET_OF_POINTS, decision_lot_min(decision));
    int64_t held =
        book_total(decision->views, (struct account){ACCOUNT_HELD, member}, ASSET_OF_POINTS, 0);
    if (points != 0 || held != 0) {
        decision_refuse_with(decision, LB_MEMBER_HAS_BALANCE, (int64_t)member, points, held);
    }
}

void decide_card_issue(struct decision *decision)
{
    const struct act_card *act = &decision->command->act.card;
    struct member_row row;
    if (!decision_resolve_member(decision, (struct member_ref){.member = act->member}, &row)) {
        return;
    }
    if (row.card != 0) {
        decision_refuse_with(decision, LB_MEMBER_HAS_CARD, (int64_t)act->member, (int64_t)row.card,
                             0);
    }
    decision->entry->assigned_card = decide_card_number(decision, act->card, act->member);
}

/* The card named, in use, and its member. */
static bool resolve_card(struct decision *decision, uint64_t card, struct card_row *card_row,
                         struct member_row *row)
{
    if (!card_get(decision->views, card, card_row)) {
        decision_refuse_with(decision, LB_CARD_UNKNOWN, (int64_t)card, 0, 0);
        return false;
    }
    if (card_row->status != CARD_ACTIVE) {
        decision_refuse_with(decision, LB_CARD_BLOCKED, (int64_t)card, 0, 0);
    }
    return decision_link_member(decision, card_row->member, row);
}

void decide_card_block(struct decision *decision)
{
    struct card_row card;
    struct member_row row;
    (void)resolve_card(decision, decision->command->act.card.card, &card, &row);
}

void decide_card_replace(struct decision *decision)
{
    const struct act_card *act = &decision->command->act.card;
    struct card_row card;
    struct member_row row;
    if (!resolve_card(decision, act->card, &card, &row)) {
        return;
    }
    if (member_is_closed(&row)) {
        decision_refuse_with(decision, LB_MEMBER_CLOSED, (int64_t)row.member, row.closed_day, 0);
    }
    decision->entry->assigned_card = decide_card_number(decision, act->new_card, row.member);
}
