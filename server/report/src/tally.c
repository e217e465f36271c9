/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What an entry adds to which row. Threading: see tally.h.
 */
#include "tally.h"

#include "base/checked.h"
#include "base/date.h"

#include <stdlib.h>

#define PLACE_COUNT ((size_t)1 << 16)

_Static_assert(BREAKDOWN_ROWS_MAX < PLACE_COUNT / 2, "a free place is found soon");
_Static_assert(LB_MEMBER_MAX < UINT64_C(1) << 32, "place, member and what make one number");

/* What a person is counted for. */
enum tally_what { TALLY_SERVICE = 1, TALLY_REDEMPTION = 2, TALLY_RECEIVED = 3 };

enum lb_result tally_init(struct tally *tally, const struct breakdown_query *query,
                          struct arena *arena)
{
    *tally = (struct tally){
        .query = query,
        .rows = arena_take_zeroed(arena, PLACE_COUNT, sizeof(struct breakdown_row)),
        .is_taken = arena_take_zeroed(arena, PLACE_COUNT, sizeof(bool)),
    };
    number_set_init(&tally->members, arena->memory);
    number_set_init(&tally->persons, arena->memory);
    return tally->rows == NULL || tally->is_taken == NULL ? LB_MEMORY : LB_OK;
}

void tally_fini(struct tally *tally)
{
    number_set_fini(&tally->persons);
    number_set_fini(&tally->members);
}

enum lb_result tally_admit(struct tally *tally, uint64_t member)
{
    bool is_new;
    return number_set_add(&tally->members, member, &is_new);
}

static int compare_rows(const void *left, const void *right)
{
    const struct breakdown_row *a = left;
    const struct breakdown_row *b = right;
    if (a->month != b->month) {
        return a->month < b->month ? -1 : 1;
    }
    if (a->org != b->org) {
        return a->org < b->org ? -1 : 1;
    }
    return a->category < b->category ? -1 : a->category > b->category;
}

/* The row where the entry counts, under that category. NULL: there are too many. */
static struct breakdown_row *tally_find(struct tally *tally, const struct entry *entry,
                                        uint32_t category)
{
    const struct breakdown_query *query = tally->query;
    const struct breakdown_row row = {
        .month = query->by_month ? (uint32_t)date_from_day(entry->day).month : 0,
        .org = query->by_org ? entry->org : 0,
        .category = query->by_category ? category : 0,
    };
    const uint64_t mixed = (row.org << 24) ^ ((uint64_t)row.category << 4) ^ row.month;
    size_t at = number_set_slot(mixed, PLACE_COUNT);
    while (tally->is_taken[at] && compare_rows(&tally->rows[at], &row) != 0) {
        at = (at + 1) % PLACE_COUNT;
    }
    if (!tally->is_taken[at]) {
        if (tally->row_count == BREAKDOWN_ROWS_MAX) {
            return NULL;
        }
        tally->row_count++;
        tally->is_taken[at] = true;
        tally->rows[at] = row;
    }
    return &tally->rows[at];
}

/* One person-time, and one person more if it is the member's first of that kind in the row. */
static enum lb_result tally_count(struct tally *tally, const struct breakdown_row *row,
                                  uint64_t member, enum tally_what what, uint64_t *persons,
                                  uint64_t *person_times)
{
    const uint64_t number = (uint64_t)(row - tally->rows) << 34 | member << 2 | (uint64_t)what;
    bool is_new = false;
    const enum lb_result result = number_set_add(&tally->persons, number, &is_new);
    *persons += is_new;
    ++*person_times;
    tally->person_times++;
    return result;
}

static enum lb_result tally_service(struct tally *tally, const struct entry *entry)
{
    const struct earning *earning = &entry->earning;
    struct breakdown_row *row = tally_find(tally, entry, earning->category);
    if (row == NULL) {
        return LB_ROWS_TOO_MANY;
    }
    struct counts *counts = &row->counts;
    if (!checked_add_i64(counts->minutes, earning->minutes, &counts->minutes) ||
        !checked_add_i64(counts->earned_centi, earning->points_centi, &counts->earned_centi)) {
        return LB_AMOUNT_OVERFLOW;
    }
    return tally_count(tally, row, earning->member, TALLY_SERVICE, &counts->service_persons,
                       &counts->service_person_times);
}

static enum lb_result tally_spending(struct tally *tally, const struct entry *entry)
{
    struct breakdown_row *row = tally_find(tally, entry, 0);
    if (row == NULL) {
        return LB_ROWS_TOO_MANY;
    }
    struct counts *counts = &row->counts;
    for (size_t i = 0; i < entry->line_count; i++) {
        int64_t cost;
        if (!checked_mul_i64(entry->lines[i].quantity, entry->lines[i].price_centi, &cost) ||
            !checked_add_i64(counts->redeemed_centi, cost, &counts->redeemed_centi)) {
            return LB_AMOUNT_OVERFLOW;
        }
    }
    const uint64_t member = entry->links[0].member;
    if (entry->command.kind == ACT_REDEEM) {
        return tally_count(tally, row, member, TALLY_REDEMPTION, &counts->redemption_persons,
                           &counts->redemption_person_times);
    }
    return tally_count(tally, row, member, TALLY_RECEIVED, &counts->received_persons,
                       &counts->received_person_times);
}

enum lb_result tally_add(struct tally *tally, const struct entry *entry)
{
    const bool is_spending =
        entry->command.kind == ACT_REDEEM || entry->command.kind == ACT_SERVICE_GIVE;
    enum lb_result result = LB_OK;
    if (entry->earning.member != 0 && number_set_has(&tally->members, entry->earning.member)) {
        result = tally_service(tally, entry);
    }
    if (result == LB_OK && is_spending && entry->link_count > 0 &&
        number_set_has(&tally->members, entry->links[0].member)) {
        result = tally_spending(tally, entry);
    }
    return result;
}

const struct breakdown_row *tally_finish(struct tally *tally)
{
    size_t count = 0;
    for (size_t i = 0; i < PLACE_COUNT; i++) {
        if (tally->is_taken[i]) {
            tally->rows[count++] = tally->rows[i];
        }
    }
    qsort(tally->rows, count, sizeof(*tally->rows), compare_rows);
    return tally->rows;
}
