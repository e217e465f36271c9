/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Two walks: over the members, to count them, and over the year's rows, to add them up. No state.
 */
#include "report/totals.h"

#include "bank/records.h"
#include "base/checked.h"
#include "scope.h"

static uint64_t count_members(struct views views, const struct scope *scope)
{
    struct member_row row;
    uint64_t org = 0;
    uint64_t count = 0;
    for (uint64_t at = 0; member_next(views, at, &row); at = row.member + 1) {
        const bool left = member_is_closed(&row) && row.closed_day <= scope->last_day;
        if (row.joined_day <= scope->last_day && !left &&
            scope_holds(scope, views, row.member, &org)) {
            count++;
        }
    }
    return count;
}

/* false: a sum is beyond what can be held. */
static bool counts_add_year(struct counts *counts, const struct year_row *year)
{
    counts->service_persons += year->services > 0;
    counts->service_person_times += year->services;
    counts->redemption_persons += year->redemptions > 0;
    counts->redemption_person_times += year->redemptions;
    counts->received_persons += year->services_received > 0;
    counts->received_person_times += year->services_received;
    return checked_add_i64(counts->minutes, year->minutes, &counts->minutes) &&
           checked_add_i64(counts->earned_centi, year->earned_centi, &counts->earned_centi) &&
           checked_add_i64(counts->redeemed_centi, year->redeemed_centi, &counts->redeemed_centi);
}

struct verdict totals_make(struct views views, const struct totals_query *query,
                           struct arena *arena, struct totals *totals)
{
    struct scope scope;
    const struct verdict verdict =
        scope_make(views, query->year, query->org, query->class_id, arena, &scope);
    if (verdict.code != LB_OK) {
        return verdict;
    }
    *totals = (struct totals){.members = count_members(views, &scope)};
    struct year_row year;
    uint64_t org = 0;
    for (uint64_t at = 0; year_next(views, query->year, at, &year); at = year.member + 1) {
        if (scope_holds(&scope, views, year.member, &org) &&
            !counts_add_year(&totals->counts, &year)) {
            return (struct verdict){.code = LB_AMOUNT_OVERFLOW, .text = ""};
        }
    }
    return verdict;
}
