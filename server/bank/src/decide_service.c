/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Rules of giving service: the day's hours, the tariff of that date, points and their lot. Pure.
 */
#include "decision.h"

#include "base/assert.h"

static int64_t tariff_points_centi(const struct act_tariff_set *tariff, uint32_t counted_minutes)
{
    /* Within int64_t by the limits of bank_command_check: 1,440 * 10^7 * 10^5. */
    return (int64_t)counted_minutes * tariff->points_per_hour_centi *
           (int64_t)tariff->coefficient_permille / (60 * 1000);
}

static uint64_t tariff_expiry_lot(const struct act_tariff_set *tariff, int32_t service_day)
{
    int32_t years = (int32_t)tariff->expiry_years;
    int32_t last_day = 0;
    switch (tariff->expiry_kind) {
    case EXPIRY_YEAR_END: {
        int32_t year = date_year_of_day(service_day);
        last_day = date_add_years(date_to_day((struct date){year, 12, 31}), years);
        break;
    }
    case EXPIRY_YEARS:
        last_day = date_add_years(service_day, years);
        break;
    case EXPIRY_NEVER:
    case EXPIRY_UNSPECIFIED:
        return LOT_NEVER;
    }
    return last_day > 0 ? (uint64_t)last_day : 0; /* lots begin in 1970 */
}

struct earning bank_earning(const struct tariff_row *row, uint64_t member, int32_t day,
                            uint32_t minutes)
{
    LB_ASSERT(minutes <= LB_DAY_MINUTES);
    const struct act_tariff_set *tariff = &row->tariff;
    uint32_t counted = minutes - minutes % tariff->rounding_minutes;
    return (struct earning){.member = member,
                            .category = tariff->category,
                            .tariff_entry = row->entry,
                            .minutes = minutes,
                            .counted_minutes = counted,
                            .points_centi = tariff_points_centi(tariff, counted),
                            .lot = tariff_expiry_lot(tariff, day)};
}

static bool resolve_tariff(struct decision *decision, uint32_t category, struct tariff_row *row)
{
    if (tariff_on(decision->views, category, decision->day, row)) {
        return true;
    }
    if (dated_exists(decision->views, DATED_TARIFF, category)) {
        decision_refuse_with(decision, LB_TARIFF_UNKNOWN, category, decision->day, 0);
    } else {
        decision_refuse_with(decision, LB_CATEGORY_UNKNOWN, category, 0, 0);
    }
    return false;
}

/* Minutes since the day before, so that a night shift meets the next day's records. */
static int64_t start_in_span(int32_t day, int32_t from_day, int32_t start_minute)
{
    return ((int64_t)day - from_day) * LB_DAY_MINUTES + start_minute;
}

/* Refuses what overlaps the member's services of one day; returns the minutes of that day. */
static int64_t check_overlap_on(struct decision *decision, uint64_t member, int32_t day,
                                const struct service_claim *claim)
{
    int32_t from_day = decision->day - 1;
    int64_t begin = start_in_span(decision->day, from_day, claim->start_minute);
    int64_t total = 0;
    struct service_row other = {.entry = 0};
    uint64_t entry_min = 0;
    while (service_next(decision->views, member, day, entry_min, &other)) {
        int64_t other_begin = start_in_span(day, from_day, other.start_minute);
        if (claim->start_minute >= 0 && other.start_minute >= 0 &&
            begin < other_begin + other.minutes && other_begin < begin + claim->minutes) {
            decision_refuse_with(decision, LB_OVERLAP, (int64_t)other.entry, other.start_minute,
                                 other.minutes);
        }
        total += other.minutes;
        entry_min = other.entry + 1;
    }
    return total;
}

/* Without a start, overlap cannot be told; the day's total can. */
static void check_day_of_member(struct decision *decision, uint64_t member,
                                const struct service_claim *claim, uint32_t day_minutes_max)
{
    if (claim->start_minute >= 0) { /* nights: each of the neighbours may reach into this day */
        (void)check_overlap_on(decision, member, decision->day - 1, claim);
    }
    int64_t day_total = check_overlap_on(decision, member, decision->day, claim);
    if (claim->start_minute >= 0) {
        (void)check_overlap_on(decision, member, decision->day + 1, claim);
    }
    if (day_total + claim->minutes > day_minutes_max) {
        decision_refuse_with(decision, LB_OVER_DAY, day_total, claim->minutes, day_minutes_max);
    }
}

void decide_service_earn(struct decision *decision, const struct member_row *row,
                         const struct service_claim *claim)
{
    struct entry *entry = decision->entry;
    struct tariff_row tariff;
    uint64_t org =
        claim->org != 0 ? claim->org : member_row_org_on(decision->views, row, decision->day);
    if (org != 0) { /* 0: not joined yet on that day, which is refused already */
        decision_require_org(decision, org);
    }
    if (!resolve_tariff(decision, claim->category, &tariff)) {
        return;
    }
    check_day_of_member(decision, row->member, claim, tariff.tariff.day_minutes_max);
    if (!decision_stands(decision)) {
        return;
    }
    LB_ASSERT(org != 0);
    struct account issuer = {ACCOUNT_ISSUER, org};
    struct account own = {ACCOUNT_MEMBER, row->member};
    entry->org = org;
    entry->earning = bank_earning(&tariff, row->member, decision->day, claim->minutes);
    posting_list_move(&entry->postings, issuer, own, ASSET_OF_MINUTES,
                      (uint64_t)date_year_of_day(decision->day), claim->minutes);
    if (entry->earning.points_centi > 0) {
        uint64_t lot = entry->earning.lot;
        posting_list_move(&entry->postings, issuer, own, ASSET_OF_POINTS, lot,
                          entry->earning.points_centi);
        if (row->balances.debt_centi > 0) {
            book_settle_debt(decision->views, &entry->postings, row->member, issuer, lot);
        }
    }
}

void decide_service_record(struct decision *decision)
{
    const struct act_service_record *act = &decision->command->act.service_record;
    struct activity_row activity;
    struct member_row row;
    if (act->activity != 0 && !activity_get(decision->views, act->activity, &activity)) {
        decision_refuse_with(decision, LB_ACTIVITY_UNKNOWN, (int64_t)act->activity, 0, 0);
    }
    if (!decision_resolve_member(decision, act->member, &row)) {
        if (act->org != 0) { /* an unknown org goes first; all else goes after the member */
            decision_require_org(decision, act->org);
        }
        return;
    }
    const struct service_claim claim = {.category = act->category,
                                        .minutes = act->minutes,
                                        .start_minute = act->start_minute,
                                        .org = act->org};
    decide_service_earn(decision, &row, &claim);
}
