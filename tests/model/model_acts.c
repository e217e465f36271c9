/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Random acts. Numbers are drawn from small ranges that reach a little beyond what exists, so that
 * most acts are possible and each refusal is met. One thread.
 */
#include "model_acts.h"

#include "lovebank/card.h"

#include <string.h>

static uint64_t draw(struct generate *generate, uint64_t from, uint64_t to)
{
    return from + generate_below(generate, to - from + 1);
}

/* Days of the two years: around today, anywhere before, now and then ahead. */
static int32_t draw_day(struct generate *generate, const struct ref *ref)
{
    int32_t today = ref == NULL ? GENERATE_FIRST_DAY : ref->today_day;
    uint64_t kind = generate_below(generate, 100);
    if (kind < 30) {
        return DAY_NONE;
    }
    if (kind < 65) {
        return today - (int32_t)generate_below(generate, 4);
    }
    if (kind < 96) {
        return GENERATE_FIRST_DAY +
               (int32_t)generate_below(generate, (uint64_t)(today - GENERATE_FIRST_DAY) + 1);
    }
    return today + 1 + (int32_t)generate_below(generate, 3);
}

static uint64_t draw_org(struct generate *generate)
{
    return generate_chance(generate, 60) ? 1 : draw(generate, 1, 4);
}

/* Mostly one of those there are from the beginning. */
static uint64_t draw_member(struct generate *generate)
{
    return draw(generate, 1, generate_chance(generate, 95) ? GENERATE_MEMBERS : 12);
}

static uint64_t draw_card(struct generate *generate)
{
    return lb_card_of_serial(
        draw(generate, 1, generate_chance(generate, 80) ? GENERATE_MEMBERS : 20));
}

static struct member_ref draw_who(struct generate *generate)
{
    if (generate_chance(generate, 30)) {
        return (struct member_ref){.card = draw_card(generate)};
    }
    return (struct member_ref){.member = draw_member(generate)};
}

/* An entry of the kind wanted, if there is one before a random place; by number or by the id that
 * made it. Now and then one that is not there. */
static struct entry_ref draw_entry(struct generate *generate, const struct ref *ref,
                                   enum act_kind wanted)
{
    struct entry_ref which = {.entry = draw(generate, 1, 5000)};
    if (ref == NULL || ref->entry_count == 0) {
        return which;
    }
    uint64_t back = generate_below(generate, generate_chance(generate, 70) ? 40 : 5000);
    which.entry = ref->entry_count - back % ref->entry_count;
    while (wanted != ACT_NONE && which.entry > 1 &&
           !ref_did(ref_entry_at(ref, which.entry), wanted)) {
        which.entry--;
    }
    if (generate_chance(generate, 3)) {
        which.entry = ref->entry_count + draw(generate, 1, 3);
    } else if (generate_chance(generate, 30)) {
        which.request = ref_entry_at(ref, which.entry)->command.id;
        which.entry = 0;
    } else if (generate_chance(generate, 2)) {
        which = (struct entry_ref){.request = generate_id(generate)};
    }
    return which;
}

static void draw_codes(struct generate *generate, struct codes *codes)
{
    for (uint32_t code = 1; code <= 4; code++) {
        if (generate_chance(generate, code == 4 ? 2 : 25)) {
            codes->items[codes->count++] = code;
        }
    }
}

static struct bytes draw_name(struct generate *generate)
{
    static const char *const names[] = {"爱心", "care", "红旗街道", "rice and oil", "n"};
    return bytes_of_text(names[generate_below(generate, 5)]);
}

/* ---- registry ---- */

static void make_org(struct generate *generate, struct command *command)
{
    if (generate_chance(generate, 40)) {
        command->kind = ACT_ORG_OPEN;
        command->act.org_open = (struct act_org_open){.org = draw(generate, 1, 4),
                                                      .parent = draw(generate, 0, 4),
                                                      .kind = ORG_COMMUNITY,
                                                      .name = draw_name(generate)};
        return;
    }
    command->kind = ACT_ORG_UPDATE;
    command->act.org_update = (struct act_org_update){
        .org = draw(generate, 1, 4), .parent = draw(generate, 0, 4), .name = draw_name(generate)};
    if (command->act.org_update.org != 1 && generate_chance(generate, 15)) {
        command->act.org_update.close = true;
    }
}

static void make_tariff(struct generate *generate, struct command *command)
{
    static const uint32_t roundings[] = {1, 30, 60, 7};
    static const uint32_t caps[] = {240, 480, 600, 1440};
    command->kind = ACT_TARIFF_SET;
    command->act.tariff_set = (struct act_tariff_set){
        .category = (uint32_t)draw(generate, 1, 3),
        .name = draw_name(generate),
        .points_per_hour_centi = (int64_t)draw(generate, 0, 5) * 75,
        .coefficient_permille = (uint32_t)draw(generate, 4, 20) * 100,
        .rounding_minutes = roundings[generate_below(generate, 4)],
        .expiry_kind = (enum expiry_kind)draw(generate, EXPIRY_NEVER, EXPIRY_YEARS),
        .expiry_years = (uint32_t)draw(generate, 0, 2),
        .day_minutes_max = caps[generate_below(generate, 4)]};
}

static void make_item(struct generate *generate, struct command *command)
{
    uint32_t item = (uint32_t)draw(generate, 1, 4);
    enum item_kind kind = item == 4 ? ITEM_SERVICE : ITEM_GOODS;
    if (generate_chance(generate, 5)) {
        kind = kind == ITEM_GOODS ? ITEM_SERVICE : ITEM_GOODS;
    }
    command->kind = ACT_ITEM_SET;
    command->act.item_set =
        (struct act_item_set){.item = item,
                              .kind = kind,
                              .name = draw_name(generate),
                              .unit = draw_name(generate),
                              .price_centi = (int64_t)draw(generate, 0, 9) * 60};
}

static void make_settings(struct generate *generate, struct command *command)
{
    switch (generate_below(generate, 5)) {
    case 0:
        command->kind = ACT_CLASS_SET;
        command->act.class_set = (struct act_class_set){.class_id = (uint32_t)draw(generate, 1, 3),
                                                        .name = draw_name(generate)};
        break;
    case 1:
        command->kind = ACT_COUNTER_OPEN;
        command->act.counter_open =
            (struct act_counter_open){.counter = (uint32_t)draw(generate, 1, 2),
                                      .org = draw_org(generate),
                                      .name = draw_name(generate)};
        break;
    case 2:
        command->kind = ACT_ACTIVITY_OPEN;
        command->act.activity_open =
            (struct act_activity_open){.org = draw_org(generate), .name = draw_name(generate)};
        break;
    case 3:
        command->kind = ACT_IMPORT_OPEN;
        command->act.import_open =
            (struct act_import_open){draw_name(generate), (uint32_t)draw(generate, 0, 9)};
        break;
    default:
        command->kind = ACT_STAR_TABLE_SET;
        command->act.star_hours.count = (size_t)draw(generate, 1, 3);
        for (size_t i = 0; i < command->act.star_hours.count; i++) {
            command->act.star_hours.items[i] = (uint32_t)(i * 100 + draw(generate, 1, 50));
        }
        break;
    }
}

/* ---- members and cards ---- */

static void make_member(struct generate *generate, struct command *command)
{
    uint64_t kind = generate_below(generate, 100);
    struct person person = {.name = draw_name(generate), .birth_day = DAY_NONE};
    if (kind < 40) {
        struct act_member_register *act = &command->act.member_register;
        command->kind = ACT_MEMBER_REGISTER;
        *act = (struct act_member_register){
            .member = draw(generate, 1, 12), .org = draw_org(generate), .person = person};
        draw_codes(generate, &act->class_ids);
        if (generate_chance(generate, 10)) {
            act->member = 0; /* the next free number */
        }
        if (generate_chance(generate, 50)) {
            act->card = lb_card_of_serial(draw(generate, 1, 20));
        }
        return;
    }
    if (kind < 95) {
        struct act_member_update *act = &command->act.member_update;
        command->kind = ACT_MEMBER_UPDATE;
        *act =
            (struct act_member_update){.member = draw_member(generate), .org = draw_org(generate)};
        if (generate_chance(generate, 50)) {
            act->status = generate_chance(generate, 70) ? MEMBER_ACTIVE : MEMBER_BLOCKED;
        }
        if (generate_chance(generate, 30)) {
            act->has_person = true;
            act->person = person;
        }
        draw_codes(generate, &act->class_ids_add);
        draw_codes(generate, &act->class_ids_remove);
        return;
    }
    command->kind = ACT_MEMBER_CLOSE;
    command->act.member_close = draw_member(generate);
}

static void make_card(struct generate *generate, struct command *command)
{
    static const enum act_kind kinds[] = {ACT_CARD_ISSUE, ACT_CARD_BLOCK, ACT_CARD_REPLACE};
    uint64_t free_or_not = generate_chance(generate, 50) ? 0 : draw_card(generate);
    command->kind = kinds[generate_below(generate, 3)];
    command->act.card = (struct act_card){
        .card = draw_card(generate),
        .new_card = command->kind == ACT_CARD_REPLACE ? free_or_not : 0,
    };
    if (command->kind == ACT_CARD_ISSUE) {
        command->act.card = (struct act_card){.member = draw_member(generate), .card = free_or_not};
    }
}

/* ---- service and counter ---- */

/* Often around midnight, so that nights meet the day after. */
static int32_t draw_start(struct generate *generate)
{
    if (generate_chance(generate, 30)) {
        return -1;
    }
    return generate_chance(generate, 50) ? (int32_t)(draw(generate, 44, 50) % 48) * 30
                                         : (int32_t)draw(generate, 0, 47) * 30;
}

static void make_record(struct generate *generate, struct command *command)
{
    command->kind = ACT_SERVICE_RECORD;
    command->act.service_record =
        (struct act_service_record){.member = draw_who(generate),
                                    .category = (uint32_t)draw(generate, 1, 3),
                                    .minutes = (uint32_t)draw(generate, 1, 24) * 10,
                                    .start_minute = draw_start(generate)};
    if (generate_chance(generate, 10)) {
        command->act.service_record.activity = draw(generate, 1, 3);
    }
    if (generate_chance(generate, 20)) {
        command->act.service_record.org = draw_org(generate);
    }
}

/* Of this year or the last, with an end that mostly is not over. */
static void make_opening(struct generate *generate, const struct ref *ref, struct command *command)
{
    int32_t today = ref == NULL ? GENERATE_FIRST_DAY : ref->today_day;
    struct act_opening_balance *act = &command->act.opening_balance;
    command->kind = ACT_OPENING_BALANCE;
    *act = (struct act_opening_balance){.member = draw_who(generate), .last_day = DAY_NONE};
    if (generate_chance(generate, 70)) {
        act->points_centi = (int64_t)draw(generate, 1, 20) * 50;
        act->last_day =
            generate_chance(generate, 50) ? DAY_NONE : today + (int32_t)draw(generate, 0, 9) - 2;
    }
    if (act->points_centi == 0 || generate_chance(generate, 40)) {
        act->minutes = (uint32_t)draw(generate, 1, 100) * 60;
        act->year =
            (uint32_t)(date_from_day(today).year - (generate_chance(generate, 90) ? 1 : -1));
    }
}

static uint32_t draw_counter(struct generate *generate)
{
    return (uint32_t)draw(generate, 1, generate_chance(generate, 95) ? 2 : 3);
}

/* Items 1 to 3 are goods, mostly. */
static uint32_t draw_goods(struct generate *generate)
{
    return generate_chance(generate, 97) ? (uint32_t)draw(generate, 1, 3)
                                         : (uint32_t)draw(generate, 4, 5);
}

static void make_stock(struct generate *generate, const struct ref *ref, struct command *command)
{
    struct act_stock_receive *act = &command->act.stock_receive;
    int32_t today = ref == NULL ? GENERATE_FIRST_DAY : ref->today_day;
    command->kind = ACT_STOCK_RECEIVE;
    act->counter = draw_counter(generate);
    act->donor = draw_name(generate);
    act->line_count = (size_t)draw(generate, 1, 3);
    for (size_t i = 0; i < act->line_count; i++) {
        act->lines[i] = (struct stock_line){.item = draw_goods(generate),
                                            .quantity = (int64_t)draw(generate, 1, 12),
                                            .best_before_day = DAY_NONE};
        if (generate_chance(generate, 60)) {
            act->lines[i].best_before_day = today + (int32_t)generate_below(generate, 5);
        }
    }
}

static void make_redeem(struct generate *generate, struct command *command)
{
    struct act_redeem *act = &command->act.redeem;
    command->kind = ACT_REDEEM;
    act->member = draw_who(generate);
    act->counter = draw_counter(generate);
    act->line_count = (size_t)draw(generate, 1, 3);
    for (size_t i = 0; i < act->line_count; i++) {
        act->lines[i] = (struct redeem_line){draw_goods(generate), (int64_t)draw(generate, 1, 4)};
    }
}

static void make_ask(struct generate *generate, struct command *command)
{
    command->kind = ACT_SERVICE_ASK;
    command->act.service_ask = (struct act_service_ask){
        .member = draw_who(generate),
        .counter = draw_counter(generate),
        .item = generate_chance(generate, 95) ? 4 : (uint32_t)draw(generate, 1, 5),
        .quantity = (int64_t)draw(generate, 1, 3)};
}

static void make_settlement(struct generate *generate, const struct ref *ref,
                            struct command *command)
{
    enum act_kind wanted = generate_chance(generate, 95) ? ACT_SERVICE_ASK : ACT_NONE;
    struct entry_ref ask = draw_entry(generate, ref, wanted);
    if (generate_chance(generate, 40)) {
        command->kind = ACT_SERVICE_RELEASE;
        command->act.service_release = ask;
        return;
    }
    command->kind = ACT_SERVICE_GIVE;
    command->act.service_give = (struct act_service_give){.ask = ask, .start_minute = -1};
    if (generate_chance(generate, 80)) {
        command->act.service_give.giver = draw_who(generate);
        command->act.service_give.category = (uint32_t)draw(generate, 1, 3);
        command->act.service_give.minutes = (uint32_t)draw(generate, 1, 12) * 15;
        command->act.service_give.start_minute = draw_start(generate);
    }
}

static void make_reverse(struct generate *generate, const struct ref *ref, struct command *command)
{
    static const enum act_kind kinds[] = {
        ACT_SERVICE_RECORD, ACT_SERVICE_RECORD, ACT_REDEEM,          ACT_SERVICE_ASK,
        ACT_SERVICE_GIVE,   ACT_STOCK_RECEIVE,  ACT_OPENING_BALANCE, ACT_NONE};
    command->kind = ACT_REVERSE;
    command->act.reverse = draw_entry(generate, ref, kinds[generate_below(generate, 8)]);
    command->memo = bytes_of_text("entered by mistake");
}

static void make_policy(struct generate *generate, struct command *command)
{
    static const uint32_t minutes[] = {0, 60, 240};
    static const int64_t points[] = {0, 300, 1000};
    static const uint32_t days[] = {0, 5, 60};
    command->kind = ACT_POLICY_SET;
    command->act.policy_set = (struct act_policy_set){
        .service_minutes = minutes[generate_below(generate, 3)],
        .points_centi = points[generate_below(generate, 3)],
        .back_days = days[generate_below(generate, 3)],
        .import_rows = (uint32_t)generate_below(generate, 3),
        .reversals = generate_chance(generate, 50),
        .undo_minutes = (uint32_t)generate_below(generate, 2) * LB_DAY_MINUTES,
        .proposal_days = (uint32_t)draw(generate, 1, 20),
        .opening_balances = generate_chance(generate, 50)};
}

/* Mostly one of the newest that waited, decided or not. */
static void make_decision(struct generate *generate, const struct ref *ref, struct command *command)
{
    struct entry_ref which = draw_entry(generate, ref, ACT_NONE);
    while (ref != NULL && which.entry > 1 && which.entry <= ref->entry_count &&
           !ref_waited(ref_entry_at(ref, which.entry))) {
        which.entry--;
    }
    if (ref != NULL && which.entry > 0 && which.entry <= ref->entry_count &&
        generate_chance(generate, 20)) {
        which = (struct entry_ref){.request = ref_entry_at(ref, which.entry)->command.id};
    }
    command->kind = ACT_PROPOSAL_DECIDE;
    command->memo = bytes_of_text("looked at");
    command->act.proposal_decide =
        (struct act_proposal_decide){.proposal = which, .confirm = generate_chance(generate, 70)};
}

void act_make(struct generate *generate, const struct ref *ref, struct command *command)
{
    *command = (struct command){.day = draw_day(generate, ref)};
    if (generate_chance(generate, 10)) {
        command->memo = draw_name(generate);
    }
    uint64_t kind = generate_below(generate, 100);
    if (kind < 22) {
        make_record(generate, command);
    } else if (kind < 26) {
        make_opening(generate, ref, command);
    } else if (kind < 32) {
        make_decision(generate, ref, command);
    } else if (kind < 46) {
        make_redeem(generate, command);
    } else if (kind < 56) {
        make_reverse(generate, ref, command);
    } else if (kind < 65) {
        make_ask(generate, command);
    } else if (kind < 74) {
        make_settlement(generate, ref, command);
    } else if (kind < 82) {
        make_stock(generate, ref, command);
    } else if (kind < 85) {
        make_tariff(generate, command);
    } else if (kind < 86) {
        make_policy(generate, command);
    } else if (kind < 89) {
        make_item(generate, command);
    } else if (kind < 91) {
        make_card(generate, command);
    } else if (kind < 96) {
        make_member(generate, command);
    } else if (kind < 98) {
        make_settings(generate, command);
    } else {
        make_org(generate, command);
    }
}

void act_come_in(struct generate *generate, const struct ref *ref, struct command *command)
{
    uint64_t imports = ref == NULL ? 5 : ref_last_import(ref);
    command->desk = (uint32_t)draw(generate, 0, 3);
    command->import = 0;
    if (command->kind == ACT_IMPORT_OPEN) {
        command->import = generate_chance(generate, 3);
    } else if (imports > 0 && generate_chance(generate, 30)) {
        command->import = draw(generate, 1, generate_chance(generate, 97) ? imports : imports + 1);
    }
}
