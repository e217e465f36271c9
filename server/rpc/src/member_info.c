/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Gathers what is shown of a member from the views and the people table.
 */
#include "member_info.h"

#include "base/date.h"
#include "entry/amounts_codec.h"
#include "entry/command_codec.h"
#include "entry/message.h"
#include "ledger/book.h"
#include "people/mask.h"

enum lb_result rpc_member_resolve(struct rpc_call *call, const Lovebank__V1__MemberRef *ref,
                                  struct member_row *row)
{
    const struct views views = call->view.bank.views;
    const struct member_ref member = entry_member_ref_from_pb(ref);
    if (member.card == 0) {
        return member_get(views, member.member, row) ? LB_OK : LB_MEMBER_UNKNOWN;
    }
    struct card_row card;
    if (!card_get(views, member.card, &card)) {
        return LB_CARD_UNKNOWN;
    }
    return member_get(views, card.member, row) ? LB_OK : LB_MEMBER_UNKNOWN;
}

/* The longest of what is masked here. */
#define MASKED_BYTES_MAX LB_CONTACT_BYTES_MAX
_Static_assert(LB_NAME_BYTES_MAX <= MASKED_BYTES_MAX, "a name fits");

typedef void mask_fn(struct bytes text, char *masked, size_t cap);

static char *mask(struct rpc_call *call, mask_fn *mask_text, struct bytes text)
{
    char masked[MASKED_BYTES_MAX + 1];
    mask_text(text, masked, sizeof(masked));
    return entry_text_to_pb(&call->arena, bytes_of_text(masked));
}

enum lb_result rpc_masked_name(struct rpc_call *call, struct engine_view *view, uint64_t member,
                               char **text)
{
    struct person person;
    const enum lb_result result = engine_view_person(view, member, &person);
    if (result == LB_OK) {
        *text = mask(call, people_mask_name, person.name);
    }
    return result == LB_MEMBER_UNKNOWN ? LB_OK : result;
}

static enum lb_result member_info_person(struct rpc_call *call, uint64_t member, bool in_full,
                                         Lovebank__V1__MemberInfo *info)
{
    struct person person;
    const enum lb_result result = engine_view_person(&call->view, member, &person);
    if (result != LB_OK) {
        return result == LB_MEMBER_UNKNOWN ? LB_OK : result;
    }
    info->masked_name = mask(call, people_mask_name, person.name);
    info->masked_phone = mask(call, people_mask_phone, person.phone);
    info->masked_id_number = mask(call, people_mask_id_number, person.id_number);
    if (in_full) {
        info->person = rpc_call_message(call, &lovebank__v1__person__descriptor);
        if (info->person == NULL) {
            return LB_MEMORY;
        }
        entry_person_to_pb(&person, &call->arena, info->person);
    }
    return LB_OK;
}

static enum lb_result member_info_balances(struct rpc_call *call, const struct member_row *row,
                                           Lovebank__V1__MemberInfo *info)
{
    info->balances = rpc_call_message(call, &lovebank__v1__balances__descriptor);
    if (info->balances == NULL) {
        return LB_MEMORY;
    }
    entry_balances_to_pb(&row->balances, info->balances);
    return LB_OK;
}

static enum lb_result member_info_classes(struct rpc_call *call, uint64_t member, int32_t today,
                                          Lovebank__V1__MemberInfo *info)
{
    struct codes classes;
    member_classes_on(call->view.bank.views, member, today, &classes);
    if (classes.count == 0) {
        return LB_OK;
    }
    info->class_ids = arena_take_zeroed(&call->arena, classes.count, sizeof(uint32_t));
    if (info->class_ids == NULL) {
        return LB_MEMORY;
    }
    memcpy(info->class_ids, classes.items, classes.count * sizeof(uint32_t));
    info->n_class_ids = classes.count;
    return LB_OK;
}

/* Lots of points that are spendable or held, first to expire first. */
static enum lb_result member_info_lots(struct rpc_call *call, uint64_t member,
                                       Lovebank__V1__MemberInfo *info)
{
    const struct views views = call->view.bank.views;
    const struct account own = {ACCOUNT_MEMBER, member};
    const struct account held = {ACCOUNT_HELD, member};
    struct rpc_rows rows = {0};
    struct book_row own_row;
    struct book_row held_row;
    for (uint64_t lot = 0;; lot++) {
        const bool has_own = book_next_lot(views, own, ASSET_OF_POINTS, lot, &own_row);
        const bool has_held = book_next_lot(views, held, ASSET_OF_POINTS, lot, &held_row);
        if (!has_own && !has_held) {
            break;
        }
        lot = !has_held || (has_own && own_row.lot < held_row.lot) ? own_row.lot : held_row.lot;
        Lovebank__V1__PointLot *to =
            rpc_rows_add(call, &rows, &lovebank__v1__point_lot__descriptor);
        if (to == NULL) {
            return LB_MEMORY;
        }
        to->lot = lot;
        to->points_centi = has_own && own_row.lot == lot ? own_row.amount : 0;
        to->held_centi = has_held && held_row.lot == lot ? held_row.amount : 0;
    }
    info->lots = (Lovebank__V1__PointLot **)rows.items;
    info->n_lots = rows.count;
    return LB_OK;
}

static bool year_is_empty(const struct year_row *year)
{
    return year->earned_centi == 0 && year->minutes == 0 && year->services == 0 &&
           year->redemptions == 0 && year->redeemed_centi == 0 && year->services_received == 0;
}

/* Nothing is recorded before a member joined, nor in the future. */
static enum lb_result member_info_years(struct rpc_call *call, const struct member_row *row,
                                        int32_t today, Lovebank__V1__MemberInfo *info)
{
    struct rpc_rows rows = {0};
    struct year_row year;
    const int32_t last = date_year_of_day(today);
    for (int32_t at = date_year_of_day(row->joined_day); at <= last; at++) {
        year_get(call->view.bank.views, at, row->member, &year);
        if (year_is_empty(&year)) {
            continue;
        }
        Lovebank__V1__YearTotal *to =
            rpc_rows_add(call, &rows, &lovebank__v1__year_total__descriptor);
        if (to == NULL) {
            return LB_MEMORY;
        }
        to->year = at;
        to->earned_centi = year.earned_centi;
        to->minutes = year.minutes;
        to->services = year.services;
        to->redemptions = year.redemptions;
        to->redeemed_centi = year.redeemed_centi;
        to->services_received = year.services_received;
    }
    info->years = (Lovebank__V1__YearTotal **)rows.items;
    info->n_years = rows.count;
    return LB_OK;
}

static enum lb_result member_info_today(struct rpc_call *call, const struct member_row *row,
                                        int32_t today, unsigned parts,
                                        Lovebank__V1__MemberInfo *info)
{
    const struct consent consent = consent_on(call->view.bank.views, row->member, today);
    info->org = member_row_org_on(call->view.bank.views, row, today);
    info->publish_name = consent.publish_name;
    info->contact = consent.contact;
    const enum lb_result result = member_info_classes(call, row->member, today, info);
    return result != LB_OK
               ? result
               : member_info_person(call, row->member, (parts & MEMBER_INFO_PERSON) != 0, info);
}

enum lb_result rpc_member_info(struct rpc_call *call, const struct member_row *row, int32_t today,
                               unsigned parts, Lovebank__V1__MemberInfo *info)
{
    info->member = row->member;
    info->status = (Lovebank__V1__MemberStatus)row->status;
    info->joined_day = row->joined_day;
    info->closed_day = member_is_closed(row) ? row->closed_day : 0;
    info->card = row->card;
    info->last_entry = row->last_entry;
    enum lb_result result = member_info_balances(call, row, info);
    if (result == LB_OK && (parts & MEMBER_INFO_DETAILS) != 0) {
        result = member_info_lots(call, row->member, info);
    }
    if (result == LB_OK && (parts & MEMBER_INFO_DETAILS) != 0) {
        result = member_info_years(call, row, today, info);
    }
    if (result == LB_OK && (parts & MEMBER_INFO_TODAY) != 0) {
        result = member_info_today(call, row, today, parts, info);
    }
    return result;
}
