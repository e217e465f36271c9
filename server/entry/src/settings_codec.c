/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Acts that set the book up: orgs, classes, tariffs, items, counters, activities, star table.
 * One arena per thread.
 */
#include "act_codec.h"

_Static_assert((int)ORG_OTHER == (int)LOVEBANK__V1__ORG_KIND__ORG_KIND_OTHER, "stored number");
_Static_assert((int)ITEM_SERVICE == (int)LOVEBANK__V1__ITEM_KIND__ITEM_KIND_SERVICE,
               "stored number");
_Static_assert((int)EXPIRY_YEARS == (int)LOVEBANK__V1__EXPIRY_KIND__EXPIRY_KIND_YEARS,
               "stored number");

void act_org_open_from_pb(const Lovebank__V1__Command *from, struct command *to,
                          struct verdict *verdict)
{
    const Lovebank__V1__OrgOpen *act = from->org_open;
    to->act.org_open = (struct act_org_open){
        .org = act->org,
        .parent = act->parent,
        .kind = (enum org_kind)field_enum(verdict, "kind", (int)act->kind, ORG_OTHER),
        .name = entry_text_from_pb(act->name),
    };
}

void act_org_open_to_pb(const struct command *from, struct arena *arena,
                        struct entry_command_message *to)
{
    const struct act_org_open *act = &from->act.org_open;
    Lovebank__V1__OrgOpen *message = to->command.org_open = &to->act.org_open;
    lovebank__v1__org_open__init(message);
    message->org = act->org;
    message->parent = act->parent;
    message->kind = (Lovebank__V1__OrgKind)act->kind;
    message->name = entry_text_to_pb(arena, act->name);
}

void act_org_update_from_pb(const Lovebank__V1__Command *from, struct command *to,
                            struct verdict *verdict)
{
    (void)verdict;
    const Lovebank__V1__OrgUpdate *act = from->org_update;
    to->act.org_update = (struct act_org_update){
        .org = act->org,
        .parent = act->parent,
        .name = entry_text_from_pb(act->name),
        .close = act->close,
    };
}

void act_org_update_to_pb(const struct command *from, struct arena *arena,
                          struct entry_command_message *to)
{
    const struct act_org_update *act = &from->act.org_update;
    Lovebank__V1__OrgUpdate *message = to->command.org_update = &to->act.org_update;
    lovebank__v1__org_update__init(message);
    message->org = act->org;
    message->parent = act->parent;
    message->name = entry_text_to_pb(arena, act->name);
    message->close = act->close;
}

void act_class_set_from_pb(const Lovebank__V1__Command *from, struct command *to,
                           struct verdict *verdict)
{
    (void)verdict;
    const Lovebank__V1__ClassSet *act = from->class_set;
    to->act.class_set = (struct act_class_set){
        .class_id = act->class_id,
        .name = entry_text_from_pb(act->name),
        .is_public = act->is_public,
    };
}

void act_class_set_to_pb(const struct command *from, struct arena *arena,
                         struct entry_command_message *to)
{
    const struct act_class_set *act = &from->act.class_set;
    Lovebank__V1__ClassSet *message = to->command.class_set = &to->act.class_set;
    lovebank__v1__class_set__init(message);
    message->class_id = act->class_id;
    message->name = entry_text_to_pb(arena, act->name);
    message->is_public = act->is_public;
}

void act_tariff_set_from_pb(const Lovebank__V1__Command *from, struct command *to,
                            struct verdict *verdict)
{
    const Lovebank__V1__TariffSet *act = from->tariff_set;
    to->act.tariff_set = (struct act_tariff_set){
        .category = act->category,
        .name = entry_text_from_pb(act->name),
        .points_per_hour_centi = act->points_per_hour_centi,
        .coefficient_permille = act->coefficient_permille,
        .rounding_minutes = act->rounding_minutes,
        .expiry_kind = (enum expiry_kind)field_enum(verdict, "expiry_kind", (int)act->expiry_kind,
                                                    EXPIRY_YEARS),
        .expiry_years = act->expiry_years,
        .day_minutes_max = act->day_minutes_max,
    };
}

void entry_tariff_to_pb(const struct act_tariff_set *from, struct arena *arena,
                        Lovebank__V1__TariffSet *to)
{
    lovebank__v1__tariff_set__init(to);
    to->category = from->category;
    to->name = entry_text_to_pb(arena, from->name);
    to->points_per_hour_centi = from->points_per_hour_centi;
    to->coefficient_permille = from->coefficient_permille;
    to->rounding_minutes = from->rounding_minutes;
    to->expiry_kind = (Lovebank__V1__ExpiryKind)from->expiry_kind;
    to->expiry_years = from->expiry_years;
    to->day_minutes_max = from->day_minutes_max;
}

void act_tariff_set_to_pb(const struct command *from, struct arena *arena,
                          struct entry_command_message *to)
{
    to->command.tariff_set = &to->act.tariff_set;
    entry_tariff_to_pb(&from->act.tariff_set, arena, &to->act.tariff_set);
}

void act_item_set_from_pb(const Lovebank__V1__Command *from, struct command *to,
                          struct verdict *verdict)
{
    const Lovebank__V1__ItemSet *act = from->item_set;
    to->act.item_set = (struct act_item_set){
        .item = act->item,
        .kind = (enum item_kind)field_enum(verdict, "kind", (int)act->kind, ITEM_SERVICE),
        .name = entry_text_from_pb(act->name),
        .unit = entry_text_from_pb(act->unit),
        .barcode = act->barcode,
        .price_centi = act->price_centi,
    };
}

void entry_item_to_pb(const struct act_item_set *from, struct arena *arena,
                      Lovebank__V1__ItemSet *to)
{
    lovebank__v1__item_set__init(to);
    to->item = from->item;
    to->kind = (Lovebank__V1__ItemKind)from->kind;
    to->name = entry_text_to_pb(arena, from->name);
    to->unit = entry_text_to_pb(arena, from->unit);
    to->barcode = from->barcode;
    to->price_centi = from->price_centi;
}

void act_item_set_to_pb(const struct command *from, struct arena *arena,
                        struct entry_command_message *to)
{
    to->command.item_set = &to->act.item_set;
    entry_item_to_pb(&from->act.item_set, arena, &to->act.item_set);
}

void act_counter_open_from_pb(const Lovebank__V1__Command *from, struct command *to,
                              struct verdict *verdict)
{
    (void)verdict;
    const Lovebank__V1__CounterOpen *act = from->counter_open;
    to->act.counter_open = (struct act_counter_open){
        .counter = act->counter,
        .org = act->org,
        .name = entry_text_from_pb(act->name),
    };
}

void act_counter_open_to_pb(const struct command *from, struct arena *arena,
                            struct entry_command_message *to)
{
    const struct act_counter_open *act = &from->act.counter_open;
    Lovebank__V1__CounterOpen *message = to->command.counter_open = &to->act.counter_open;
    lovebank__v1__counter_open__init(message);
    message->counter = act->counter;
    message->org = act->org;
    message->name = entry_text_to_pb(arena, act->name);
}

void act_activity_open_from_pb(const Lovebank__V1__Command *from, struct command *to,
                               struct verdict *verdict)
{
    (void)verdict;
    const Lovebank__V1__ActivityOpen *act = from->activity_open;
    to->act.activity_open = (struct act_activity_open){
        .org = act->org,
        .name = entry_text_from_pb(act->name),
        .place = entry_text_from_pb(act->place),
        .content = entry_text_from_pb(act->content),
    };
}

void act_activity_open_to_pb(const struct command *from, struct arena *arena,
                             struct entry_command_message *to)
{
    const struct act_activity_open *act = &from->act.activity_open;
    Lovebank__V1__ActivityOpen *message = to->command.activity_open = &to->act.activity_open;
    lovebank__v1__activity_open__init(message);
    message->org = act->org;
    message->name = entry_text_to_pb(arena, act->name);
    message->place = entry_text_to_pb(arena, act->place);
    message->content = entry_text_to_pb(arena, act->content);
}

void act_star_table_set_from_pb(const Lovebank__V1__Command *from, struct command *to,
                                struct verdict *verdict)
{
    const Lovebank__V1__StarTableSet *act = from->star_table_set;
    field_codes(verdict, "hours", act->hours, act->n_hours, &to->act.star_hours);
}

void act_star_table_set_to_pb(const struct command *from, struct arena *arena,
                              struct entry_command_message *to)
{
    (void)arena;
    const struct codes *hours = &from->act.star_hours;
    Lovebank__V1__StarTableSet *message = to->command.star_table_set = &to->act.star_table_set;
    lovebank__v1__star_table_set__init(message);
    message->n_hours = hours->count;
    message->hours = field_unconst(hours->items);
}

void act_import_open_from_pb(const Lovebank__V1__Command *from, struct command *to,
                             struct verdict *verdict)
{
    (void)verdict;
    const Lovebank__V1__ImportOpen *act = from->import_open;
    to->act.import_open = (struct act_import_open){
        .kind = entry_text_from_pb(act->kind),
        .rows = act->rows,
    };
}

void act_import_open_to_pb(const struct command *from, struct arena *arena,
                           struct entry_command_message *to)
{
    const struct act_import_open *act = &from->act.import_open;
    Lovebank__V1__ImportOpen *message = to->command.import_open = &to->act.import_open;
    lovebank__v1__import_open__init(message);
    message->kind = entry_text_to_pb(arena, act->kind);
    message->rows = act->rows;
}
