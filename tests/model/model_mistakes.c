/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Acts made wrong in their form, for the model test: what bank_command_check refuses. Pure, but for
 * the generator.
 */
#include "model_acts.h"

#include "lovebank/card.h"

static void spoil_who(struct generate *generate, struct member_ref *who)
{
    switch (generate_below(generate, 3)) {
    case 0:
        *who = (struct member_ref){0};
        break;
    case 1:
        *who = (struct member_ref){.member = 1, .card = lb_card_of_serial(1)};
        break;
    default:
        *who = (struct member_ref){.card = lb_card_of_serial(1) + 1};
        break;
    }
}

void act_spoil(struct generate *generate, struct command *command)
{
    static const int64_t quantities[] = {0, -1, 1000001, INT64_MAX};
    int64_t quantity = quantities[generate_below(generate, 4)];
    switch ((int)command->kind) {
    case ACT_SERVICE_RECORD:
        if (generate_chance(generate, 50)) {
            command->act.service_record.minutes = generate_chance(generate, 50) ? 0 : 1441;
        } else {
            spoil_who(generate, &command->act.service_record.member);
        }
        break;
    case ACT_REDEEM:
        if (generate_chance(generate, 50)) {
            command->act.redeem.lines[0].quantity = quantity;
        } else {
            spoil_who(generate, &command->act.redeem.member);
        }
        break;
    case ACT_SERVICE_ASK:
        command->act.service_ask.quantity = quantity;
        break;
    case ACT_STOCK_RECEIVE:
        command->act.stock_receive.lines[0].quantity = quantity;
        break;
    case ACT_TARIFF_SET:
        command->act.tariff_set.rounding_minutes = 0;
        break;
    case ACT_REVERSE:
        command->memo = (struct bytes){0};
        break;
    case ACT_SERVICE_RELEASE:
        command->act.service_release = (struct entry_ref){.entry = 0};
        break;
    case ACT_OPENING_BALANCE:
        if (generate_chance(generate, 50)) {
            command->act.opening_balance.points_centi = -1;
        } else {
            spoil_who(generate, &command->act.opening_balance.member);
        }
        break;
    case ACT_CARD_BLOCK:
        command->act.card.card++;
        break;
    default:
        break;
    }
}
