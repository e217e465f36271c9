/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * catalogue: classes, categories, items, counters, star table and policy in force on a day.
 */
#include "call.h"

#include "bank/records.h"
#include "entry/command_codec.h"
#include "entry/message.h"
#include "lovebank/v1/queries.pb-c.h"
#include "registry_info.h"

/* The next number of that kind, from `*id` on. */
static bool next_id(struct views views, enum dated_kind kind, uint64_t *id)
{
    struct dated_row row;
    if (!dated_next(views, kind, *id, 0, INT32_MIN, &row)) {
        return false;
    }
    *id = row.id;
    return true;
}

bool rpc_classes(struct rpc_call *call, bool is_public_only, struct rpc_rows *rows)
{
    const struct views views = call->view.bank.views;
    struct class_row row;
    for (uint64_t id = 0; next_id(views, DATED_CLASS, &id); id++) {
        if (!class_get(views, (uint32_t)id, &row) || (is_public_only && !row.is_public)) {
            continue;
        }
        Lovebank__V1__ClassInfo *info =
            rpc_rows_add(call, rows, &lovebank__v1__class_info__descriptor);
        if (info == NULL) {
            return false;
        }
        info->class_id = row.class_id;
        info->name = entry_text_to_pb(&call->arena, row.name);
        info->is_public = row.is_public;
    }
    return true;
}

static bool catalogue_classes(struct rpc_call *call, Lovebank__V1__CatalogueResponse *response)
{
    struct rpc_rows rows = {0};
    if (!rpc_classes(call, false, &rows)) {
        return false;
    }
    response->classes = (Lovebank__V1__ClassInfo **)rows.items;
    response->n_classes = rows.count;
    return true;
}

static bool catalogue_categories(struct rpc_call *call, int32_t day,
                                 Lovebank__V1__CatalogueResponse *response)
{
    const struct views views = call->view.bank.views;
    struct rpc_rows rows = {0};
    struct tariff_row row;
    for (uint64_t id = 0; next_id(views, DATED_TARIFF, &id); id++) {
        if (!tariff_on(views, (uint32_t)id, day, &row)) {
            continue;
        }
        Lovebank__V1__CategoryInfo *info =
            rpc_rows_add(call, &rows, &lovebank__v1__category_info__descriptor);
        Lovebank__V1__TariffSet *tariff =
            rpc_call_message(call, &lovebank__v1__tariff_set__descriptor);
        if (info == NULL || tariff == NULL) {
            return false;
        }
        entry_tariff_to_pb(&row.tariff, &call->arena, tariff);
        info->category = (uint32_t)id;
        info->tariff = tariff;
        info->from_day = row.from_day;
        info->entry = row.entry;
    }
    response->categories = (Lovebank__V1__CategoryInfo **)rows.items;
    response->n_categories = rows.count;
    return true;
}

static bool catalogue_items(struct rpc_call *call, int32_t day,
                            Lovebank__V1__CatalogueResponse *response)
{
    const struct views views = call->view.bank.views;
    struct rpc_rows rows = {0};
    struct item_row row;
    for (uint64_t id = 0; next_id(views, DATED_ITEM, &id); id++) {
        if (!item_on(views, (uint32_t)id, day, &row)) {
            continue;
        }
        Lovebank__V1__ItemInfo *info =
            rpc_rows_add(call, &rows, &lovebank__v1__item_info__descriptor);
        Lovebank__V1__ItemSet *item = rpc_call_message(call, &lovebank__v1__item_set__descriptor);
        if (info == NULL || item == NULL) {
            return false;
        }
        entry_item_to_pb(&row.item, &call->arena, item);
        info->item = (uint32_t)id;
        info->price = item;
        info->from_day = row.from_day;
        info->entry = row.entry;
    }
    response->items = (Lovebank__V1__ItemInfo **)rows.items;
    response->n_items = rows.count;
    return true;
}

static bool catalogue_counters(struct rpc_call *call, Lovebank__V1__CatalogueResponse *response)
{
    const struct views views = call->view.bank.views;
    struct rpc_rows rows = {0};
    struct counter_row row;
    for (uint64_t id = 0; next_id(views, DATED_COUNTER, &id); id++) {
        if (!counter_get(views, (uint32_t)id, &row)) {
            continue;
        }
        Lovebank__V1__CounterInfo *info =
            rpc_rows_add(call, &rows, &lovebank__v1__counter_info__descriptor);
        if (info == NULL) {
            return false;
        }
        info->counter = row.counter;
        info->org = row.org;
        info->name = entry_text_to_pb(&call->arena, row.name);
    }
    response->counters = (Lovebank__V1__CounterInfo **)rows.items;
    response->n_counters = rows.count;
    return true;
}

static bool catalogue_stars(struct rpc_call *call, int32_t day,
                            Lovebank__V1__CatalogueResponse *response)
{
    struct codes hours;
    if (!star_table_on(call->view.bank.views, day, &hours)) {
        return true;
    }
    response->star_hours = arena_take_zeroed(&call->arena, hours.count, sizeof(uint32_t));
    if (response->star_hours == NULL) {
        return false;
    }
    memcpy(response->star_hours, hours.items, hours.count * sizeof(uint32_t));
    response->n_star_hours = hours.count;
    return true;
}

static bool catalogue_policy(struct rpc_call *call, int32_t day,
                             Lovebank__V1__CatalogueResponse *response)
{
    struct act_policy_set policy;
    if (!policy_on(call->view.bank.views, day, &policy)) {
        return true;
    }
    Lovebank__V1__PolicySet *set = rpc_call_message(call, &lovebank__v1__policy_set__descriptor);
    if (set == NULL) {
        return false;
    }
    set->service_minutes = policy.service_minutes;
    set->points_centi = policy.points_centi;
    set->back_days = policy.back_days;
    set->import_rows = policy.import_rows;
    set->reversals = policy.reversals;
    set->undo_minutes = policy.undo_minutes;
    set->proposal_days = policy.proposal_days;
    set->opening_balances = policy.opening_balances;
    response->policy = set;
    return true;
}

enum lb_result rpc_catalogue(struct rpc_call *call)
{
    const Lovebank__V1__CatalogueRequest *request =
        (const Lovebank__V1__CatalogueRequest *)call->request;
    const int32_t day = request->has_day ? request->day : rpc_today(call);
    Lovebank__V1__CatalogueResponse *response = rpc_call_respond(call);
    const bool made = response != NULL && catalogue_classes(call, response) &&
                      catalogue_categories(call, day, response) &&
                      catalogue_items(call, day, response) && catalogue_counters(call, response) &&
                      catalogue_stars(call, day, response) && catalogue_policy(call, day, response);
    return made ? LB_OK : LB_MEMORY;
}
