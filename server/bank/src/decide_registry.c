/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Rules of the registry: orgs, classes, tariffs, items, counters, activities, star tables, imports.
 * Pure.
 */
#include "decision.h"

void decide_org_open(struct decision *decision)
{
    const struct act_org_open *act = &decision->command->act.org_open;
    if (dated_exists(decision->views, DATED_ORG, act->org)) {
        decision_refuse_with(decision, LB_ALREADY_EXISTS, (int64_t)act->org, 0, 0);
    }
    if (act->parent == act->org) {
        decision_refuse_with(decision, LB_ORG_CYCLE, (int64_t)act->org, (int64_t)act->parent, 0);
    } else if (act->parent != 0) {
        decision_require_org(decision, act->parent);
    }
    decision->entry->org = act->org;
}

/* Would the parent stand below the org, on that day or on a later one that changes the tree? */
static bool closes_cycle(struct views views, uint64_t org, uint64_t parent, int32_t day)
{
    struct dated_row row = {.id = 0, .from_day = DATE_DAY_MIN - 1};
    bool is_cycle = org_is_within(views, parent, org, day);
    while (!is_cycle && dated_next(views, DATED_ORG, row.id, 0, row.from_day + 1, &row)) {
        is_cycle = row.from_day > day && org_is_within(views, parent, org, row.from_day);
    }
    return is_cycle;
}

void decide_org_update(struct decision *decision)
{
    const struct act_org_update *act = &decision->command->act.org_update;
    decision_require_org(decision, act->org);
    if (act->parent != 0) {
        decision_require_org(decision, act->parent);
        if (closes_cycle(decision->views, act->org, act->parent, decision->day)) {
            decision_refuse_with(decision, LB_ORG_CYCLE, (int64_t)act->org, (int64_t)act->parent,
                                 0);
        }
    }
    decision->entry->org = act->org;
}

void decide_class_set(struct decision *decision)
{
    (void)decision; /* opens a class or renames it: nothing can stand against it */
}

void decide_tariff_set(struct decision *decision)
{
    (void)decision; /* opens a category or dates a new tariff: likewise */
}

void decide_star_table_set(struct decision *decision)
{
    (void)decision;
}

void decide_item_set(struct decision *decision)
{
    const struct act_item_set *act = &decision->command->act.item_set;
    struct dated_row first;
    struct item_row row;
    if (dated_next(decision->views, DATED_ITEM, act->item, 0, DATE_DAY_MIN, &first) &&
        first.id == act->item && item_on(decision->views, act->item, first.from_day, &row) &&
        row.item.kind != act->kind) {
        decision_refuse_with(decision, LB_WRONG_ITEM_KIND, act->item, 0, 0);
    }
}

void decide_counter_open(struct decision *decision)
{
    const struct act_counter_open *act = &decision->command->act.counter_open;
    if (dated_exists(decision->views, DATED_COUNTER, act->counter)) {
        decision_refuse_with(decision, LB_ALREADY_EXISTS, act->counter, 0, 0);
    }
    decision_require_org(decision, act->org);
    decision->entry->org = act->org;
}

void decide_activity_open(struct decision *decision)
{
    const struct act_activity_open *act = &decision->command->act.activity_open;
    decision_require_org(decision, act->org);
    decision->entry->org = act->org;
    decision->entry->assigned = sequence_last(decision->views, SEQUENCE_ACTIVITY) + 1;
}

void decide_import_open(struct decision *decision)
{
    decision->entry->assigned = sequence_last(decision->views, SEQUENCE_IMPORT) + 1;
}
