/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The org's subtree as a sorted list, and the questions asked of it. No state.
 */
#include "scope.h"

#include "bank/records.h"
#include "base/date.h"

static bool next_org(struct views views, uint64_t at_least, uint64_t *org)
{
    struct dated_row row;
    if (!dated_next(views, DATED_ORG, at_least, 0, INT32_MIN, &row)) {
        return false;
    }
    *org = row.id;
    return true;
}

static size_t org_count(struct views views)
{
    size_t count = 0;
    uint64_t org = 0;
    while (next_org(views, org, &org)) {
        count++;
        org++;
    }
    return count;
}

static bool scope_collect_orgs(struct views views, uint64_t top, struct arena *arena,
                               struct scope *scope)
{
    uint64_t *orgs = arena_take_zeroed(arena, org_count(views), sizeof(*orgs));
    if (orgs == NULL) {
        return false;
    }
    uint64_t org = 0;
    while (next_org(views, org, &org)) {
        if (org_is_within(views, org, top, scope->last_day)) {
            orgs[scope->org_count++] = org;
        }
        org++;
    }
    scope->orgs = orgs;
    return true;
}

struct verdict scope_make(struct views views, int32_t year, uint64_t org, uint32_t class_id,
                          struct arena *arena, struct scope *scope)
{
    const struct date last = {.year = year, .month = 12, .day = 31};
    struct class_row class_row;
    if (!date_is_valid(last)) {
        return (struct verdict){.code = LB_FIELD_INVALID,
                                .a = year,
                                .b = date_year_of_day(DATE_DAY_MIN),
                                .c = date_year_of_day(DATE_DAY_MAX),
                                .text = "year"};
    }
    if (org != 0 && !dated_exists(views, DATED_ORG, org)) {
        return (struct verdict){.code = LB_ORG_UNKNOWN, .a = (int64_t)org, .text = ""};
    }
    if (class_id != 0 && !class_get(views, class_id, &class_row)) {
        return (struct verdict){.code = LB_CLASS_UNKNOWN, .a = class_id, .text = ""};
    }
    *scope = (struct scope){
        .year = year, .last_day = date_to_day(last), .class_id = class_id, .is_whole = org == 0};
    if (!scope->is_whole && !scope_collect_orgs(views, org, arena, scope)) {
        return (struct verdict){.code = LB_MEMORY, .text = ""};
    }
    return (struct verdict){.code = LB_OK, .text = ""};
}

/* 0 is where one is before the first org: in none. */
static bool scope_has_org(const struct scope *scope, uint64_t org)
{
    if (scope->is_whole) {
        return org != 0;
    }
    size_t low = 0;
    size_t high = scope->org_count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (scope->orgs[middle] == org) {
            return true;
        }
        if (scope->orgs[middle] < org) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return false;
}

bool scope_holds(const struct scope *scope, struct views views, uint64_t member, uint64_t *org)
{
    *org = member_org_on(views, member, scope->last_day);
    return scope_has_org(scope, *org) &&
           (scope->class_id == 0 ||
            member_has_class_on(views, member, scope->class_id, scope->last_day));
}
