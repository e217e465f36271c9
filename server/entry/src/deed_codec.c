/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Acts with postings: deliveries, hours, redemptions, services asked for and given, reversals,
 * opening balances.
 * One arena per thread.
 */
#include "act_codec.h"

void act_stock_receive_from_pb(const Lovebank__V1__Command *from, struct command *to,
                               struct verdict *verdict)
{
    const Lovebank__V1__StockReceive *message = from->stock_receive;
    struct act_stock_receive *act = &to->act.stock_receive;
    act->counter = message->counter;
    act->donor = entry_text_from_pb(message->donor);
    act->line_count = field_line_count(verdict, "lines", message->n_lines);
    for (size_t i = 0; i < act->line_count; i++) {
        const Lovebank__V1__StockLine *line = message->lines[i];
        act->lines[i] = (struct stock_line){
            .item = line->item,
            .quantity = line->quantity,
            .best_before_day = field_day(verdict, "lines.best_before_day", line->has_best_before,
                                         line->best_before_day),
        };
    }
}

void act_stock_receive_to_pb(const struct command *from, struct arena *arena,
                             struct entry_command_message *to)
{
    const struct act_stock_receive *act = &from->act.stock_receive;
    Lovebank__V1__StockReceive *message = to->command.stock_receive = &to->act.stock_receive;
    lovebank__v1__stock_receive__init(message);
    message->counter = act->counter;
    message->donor = entry_text_to_pb(arena, act->donor);
    message->n_lines = act->line_count;
    message->lines = to->line_pointers.stock;
    for (size_t i = 0; i < act->line_count; i++) {
        Lovebank__V1__StockLine *line = message->lines[i] = &to->lines.stock[i];
        lovebank__v1__stock_line__init(line);
        line->item = act->lines[i].item;
        line->quantity = act->lines[i].quantity;
        line->has_best_before = act->lines[i].best_before_day != DAY_NONE;
        line->best_before_day = line->has_best_before ? act->lines[i].best_before_day : 0;
    }
}

void act_service_record_from_pb(const Lovebank__V1__Command *from, struct command *to,
                                struct verdict *verdict)
{
    const Lovebank__V1__ServiceRecord *act = from->service_record;
    to->act.service_record = (struct act_service_record){
        .member = entry_member_ref_from_pb(act->member),
        .category = act->category,
        .minutes = act->minutes,
        .start_minute = field_minute(verdict, "start_minute", act->has_start, act->start_minute),
        .activity = act->activity,
        .org = act->org,
    };
}

void act_service_record_to_pb(const struct command *from, struct arena *arena,
                              struct entry_command_message *to)
{
    (void)arena;
    const struct act_service_record *act = &from->act.service_record;
    Lovebank__V1__ServiceRecord *message = to->command.service_record = &to->act.service_record;
    lovebank__v1__service_record__init(message);
    message->member = act_member_ref_to_pb(&act->member, to);
    message->category = act->category;
    message->minutes = act->minutes;
    message->has_start = act->start_minute >= 0;
    message->start_minute = message->has_start ? (uint32_t)act->start_minute : 0;
    message->activity = act->activity;
    message->org = act->org;
}

void act_redeem_from_pb(const Lovebank__V1__Command *from, struct command *to,
                        struct verdict *verdict)
{
    const Lovebank__V1__Redeem *message = from->redeem;
    struct act_redeem *act = &to->act.redeem;
    act->member = entry_member_ref_from_pb(message->member);
    act->counter = message->counter;
    act->line_count = field_line_count(verdict, "lines", message->n_lines);
    for (size_t i = 0; i < act->line_count; i++) {
        act->lines[i].item = message->lines[i]->item;
        act->lines[i].quantity = message->lines[i]->quantity;
    }
}

void act_redeem_to_pb(const struct command *from, struct arena *arena,
                      struct entry_command_message *to)
{
    (void)arena;
    const struct act_redeem *act = &from->act.redeem;
    Lovebank__V1__Redeem *message = to->command.redeem = &to->act.redeem;
    lovebank__v1__redeem__init(message);
    message->member = act_member_ref_to_pb(&act->member, to);
    message->counter = act->counter;
    message->n_lines = act->line_count;
    message->lines = to->line_pointers.redeem;
    for (size_t i = 0; i < act->line_count; i++) {
        Lovebank__V1__RedeemLine *line = message->lines[i] = &to->lines.redeem[i];
        lovebank__v1__redeem_line__init(line);
        line->item = act->lines[i].item;
        line->quantity = act->lines[i].quantity;
    }
}

void act_service_ask_from_pb(const Lovebank__V1__Command *from, struct command *to,
                             struct verdict *verdict)
{
    (void)verdict;
    const Lovebank__V1__ServiceAsk *act = from->service_ask;
    to->act.service_ask = (struct act_service_ask){
        .member = entry_member_ref_from_pb(act->member),
        .counter = act->counter,
        .item = act->item,
        .quantity = act->quantity,
    };
}

void act_service_ask_to_pb(const struct command *from, struct arena *arena,
                           struct entry_command_message *to)
{
    (void)arena;
    const struct act_service_ask *act = &from->act.service_ask;
    Lovebank__V1__ServiceAsk *message = to->command.service_ask = &to->act.service_ask;
    lovebank__v1__service_ask__init(message);
    message->member = act_member_ref_to_pb(&act->member, to);
    message->counter = act->counter;
    message->item = act->item;
    message->quantity = act->quantity;
}

static void target_from_pb(const Lovebank__V1__EntryRef *from, const char *field,
                           struct entry_ref *to, struct verdict *verdict)
{
    field_refuse(verdict, entry_ref_from_pb(from, field, to));
}

void act_service_give_from_pb(const Lovebank__V1__Command *from, struct command *to,
                              struct verdict *verdict)
{
    const Lovebank__V1__ServiceGive *message = from->service_give;
    struct act_service_give *act = &to->act.service_give;
    target_from_pb(message->ask, "ask.request_id", &act->ask, verdict);
    act->giver = entry_member_ref_from_pb(message->giver);
    act->category = message->category;
    act->minutes = message->minutes;
    act->start_minute =
        field_minute(verdict, "start_minute", message->has_start, message->start_minute);
}

void act_service_give_to_pb(const struct command *from, struct arena *arena,
                            struct entry_command_message *to)
{
    (void)arena;
    const struct act_service_give *act = &from->act.service_give;
    Lovebank__V1__ServiceGive *message = to->command.service_give = &to->act.service_give;
    lovebank__v1__service_give__init(message);
    message->ask = entry_ref_to_pb(&act->ask, to);
    message->giver = act_member_ref_to_pb(&act->giver, to);
    message->category = act->category;
    message->minutes = act->minutes;
    message->has_start = act->start_minute >= 0;
    message->start_minute = message->has_start ? (uint32_t)act->start_minute : 0;
}

void act_service_release_from_pb(const Lovebank__V1__Command *from, struct command *to,
                                 struct verdict *verdict)
{
    target_from_pb(from->service_release->ask, "ask.request_id", &to->act.service_release, verdict);
}

void act_service_release_to_pb(const struct command *from, struct arena *arena,
                               struct entry_command_message *to)
{
    (void)arena;
    to->command.service_release = &to->act.service_release;
    lovebank__v1__service_release__init(&to->act.service_release);
    to->act.service_release.ask = entry_ref_to_pb(&from->act.service_release, to);
}

void act_reverse_from_pb(const Lovebank__V1__Command *from, struct command *to,
                         struct verdict *verdict)
{
    target_from_pb(from->reverse->target, "target.request_id", &to->act.reverse, verdict);
}

void act_reverse_to_pb(const struct command *from, struct arena *arena,
                       struct entry_command_message *to)
{
    (void)arena;
    to->command.reverse = &to->act.reverse;
    lovebank__v1__reverse__init(&to->act.reverse);
    to->act.reverse.target = entry_ref_to_pb(&from->act.reverse, to);
}

void act_opening_balance_from_pb(const Lovebank__V1__Command *from, struct command *to,
                                 struct verdict *verdict)
{
    const Lovebank__V1__OpeningBalance *act = from->opening_balance;
    to->act.opening_balance = (struct act_opening_balance){
        .member = entry_member_ref_from_pb(act->member),
        .points_centi = act->points_centi,
        .last_day = field_day(verdict, "last_day", act->has_last_day, act->last_day),
        .minutes = act->minutes,
        .year = act->year,
    };
}

void act_opening_balance_to_pb(const struct command *from, struct arena *arena,
                               struct entry_command_message *to)
{
    (void)arena;
    const struct act_opening_balance *act = &from->act.opening_balance;
    Lovebank__V1__OpeningBalance *message = to->command.opening_balance = &to->act.opening_balance;
    lovebank__v1__opening_balance__init(message);
    message->member = act_member_ref_to_pb(&act->member, to);
    message->points_centi = act->points_centi;
    message->has_last_day = act->last_day != DAY_NONE;
    message->last_day = message->has_last_day ? act->last_day : 0;
    message->minutes = act->minutes;
    message->year = act->year;
}
