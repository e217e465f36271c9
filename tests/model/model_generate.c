/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Random commands: beginning, ids sent again, mistakes, and which act how often. One thread.
 */
#include "model_generate.h"

#include "base/assert.h"
#include "lovebank/card.h"
#include "model_acts.h"

#include <stdio.h>
#include <string.h>

void generate_init(struct generate *generate, uint64_t seed)
{
    *generate = (struct generate){.random = {.state = seed}};
    memset(generate->long_text, 'x', sizeof(generate->long_text));
}

uint64_t generate_below(struct generate *generate, uint64_t below)
{
    return random_seeded_next(&generate->random) % below;
}

bool generate_chance(struct generate *generate, unsigned percent)
{
    return generate_below(generate, 100) < percent;
}

struct id generate_id(struct generate *generate)
{
    struct id id;
    uint64_t words[2] = {random_seeded_next(&generate->random),
                         random_seeded_next(&generate->random)};
    memcpy(id.bytes, words, sizeof(id.bytes));
    return id;
}

#define CHANGED_DAY       16831 /* 2016-01-31 */
#define CONTENT_OTHER_DAY (UINT64_C(1) << 63)

/* ---- a new world ---- */

static struct command begin_command(enum act_kind kind)
{
    struct command command = {.day = GENERATE_FIRST_DAY, .kind = kind};
    return command;
}

/* Two who may do everything; the first is member 1. false: no more. */
static bool begin_operators(size_t index, struct command *command)
{
    static const uint8_t code[LB_HASH_BYTES] = {1};
    static const struct roles roles = {
        .items = {{ROLE_DESK, 0}, {ROLE_COUNTER, 0}, {ROLE_REVIEWER, 0}, {ROLE_ADMINISTRATOR, 0}},
        .count = 4};
    *command = begin_command(index < 2 ? ACT_OPERATOR_OPEN : ACT_ROLE_SET);
    if (index < 2) {
        command->act.operator_open =
            (struct act_operator_open){.login = bytes_of_text(index == 0 ? "aa" : "bb"),
                                       .member = index == 0 ? 1 : 0,
                                       .credential = {.kind = CREDENTIAL_ONE_TIME,
                                                      .verifier = bytes_of(code, sizeof(code)),
                                                      .expires_ms = 1}};
    } else {
        command->act.role_set =
            (struct act_role_set){.principal = (uint32_t)index - 1, .roles = roles};
    }
    return index < 4;
}

bool generate_beginning(struct generate *generate, size_t index, struct model_command *sent)
{
    static const struct act_tariff_set tariff = {.category = 1,
                                                 .points_per_hour_centi = 100,
                                                 .coefficient_permille = 1500,
                                                 .rounding_minutes = 30,
                                                 .expiry_kind = EXPIRY_YEAR_END,
                                                 .day_minutes_max = 600};
    struct command command;
    if (index == 0) {
        command = begin_command(ACT_ORG_OPEN);
        command.act.org_open =
            (struct act_org_open){.org = 1, .kind = ORG_STREET, .name = bytes_of_text("street")};
    } else if (index == 1) {
        command = begin_command(ACT_TARIFF_SET);
        command.act.tariff_set = tariff;
        command.act.tariff_set.name = bytes_of_text("help");
    } else if (index < 4) {
        bool is_goods = index == 2;
        command = begin_command(ACT_ITEM_SET);
        command.act.item_set =
            (struct act_item_set){.item = is_goods ? 1 : 4,
                                  .kind = is_goods ? ITEM_GOODS : ITEM_SERVICE,
                                  .name = bytes_of_text(is_goods ? "rice" : "repair"),
                                  .price_centi = is_goods ? 250 : 400};
    } else if (index < 6) {
        command = begin_command(ACT_COUNTER_OPEN);
        command.act.counter_open = (struct act_counter_open){
            .counter = (uint32_t)index - 3, .org = 1, .name = bytes_of_text("shop")};
    } else if (index < 6 + GENERATE_MEMBERS) {
        command = begin_command(ACT_MEMBER_REGISTER);
        command.act.member_register = (struct act_member_register){
            .member = index - 5,
            .org = 1,
            .card = lb_card_of_serial(index - 5),
            .person = {.name = bytes_of_text("somebody"), .birth_day = DAY_NONE}};
    } else if (!begin_operators(index - 6 - GENERATE_MEMBERS, &command)) {
        return false;
    }
    command.id = generate_id(generate);
    *sent = (struct model_command){.command = command, .content = ++generate->contents};
    return true;
}

/* ---- again ---- */

static void remember(struct generate *generate, const struct model_command *sent)
{
    size_t at = generate->history_count < GENERATE_HISTORY_MAX
                    ? generate->history_count++
                    : generate_below(generate, GENERATE_HISTORY_MAX);
    generate->history[at] = *sent;
}

void generate_change(struct generate *generate, struct model_command *sent)
{
    sent->content = ++generate->contents;
    LB_ASSERT(generate->change_count < GENERATE_CHANGES_MAX);
    char *memo = generate->changes[generate->change_count++];
    (void)snprintf(memo, sizeof(generate->changes[0]), "%08llx", (unsigned long long)sent->content);
    sent->command.memo = bytes_of_text(memo); /* no other command has this memo */
}

void generate_change_day(struct model_command *sent)
{
    sent->content ^= CONTENT_OTHER_DAY; /* the same change twice is the same content */
    sent->command.day = sent->command.day == DAY_NONE ? CHANGED_DAY : DAY_NONE;
}

/* Something sent before, as it was or with other content. */
static void send_again(struct generate *generate, struct model_command *sent)
{
    *sent = generate->history[generate_below(generate, generate->history_count)];
    act_come_in(generate, NULL, &sent->command); /* from where it comes says nothing */
    if (generate_chance(generate, 30)) {
        if (generate_chance(generate, 50)) { /* quite another act */
            struct id id = sent->command.id;
            act_make(generate, NULL, &sent->command);
            sent->command.id = id;
        }
        generate_change(generate, sent);
    }
}

/* ---- mistakes ---- */

/* One mistake, if the act has a place for it. */
static void spoil(struct generate *generate, struct command *command)
{
    switch (generate_below(generate, 8)) {
    case 0:
        command->id = (struct id){{0}};
        break;
    case 1:
        command->day = generate_chance(generate, 50) ? -30000 : 90000;
        break;
    case 2:
        command->memo = bytes_of(generate->long_text, sizeof(generate->long_text));
        break;
    case 3:
        command->kind = ACT_NONE;
        break;
    default:
        act_spoil(generate, command);
        break;
    }
}

void generate_next(struct generate *generate, const struct ref *ref, struct model_command *sent)
{
    if (generate->history_count > 0 && generate_chance(generate, 8)) {
        send_again(generate, sent);
        return;
    }
    sent->content = ++generate->contents;
    act_make(generate, ref, &sent->command);
    act_come_in(generate, ref, &sent->command);
    sent->command.id = generate_id(generate);
    if (generate_chance(generate, 3)) {
        spoil(generate, &sent->command);
    }
    remember(generate, sent);
}
