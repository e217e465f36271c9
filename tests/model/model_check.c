/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The reference's idea of a well-formed command: what can be said without looking at the list. It
 * knows the mistakes that model_generate.c makes, one in a command at most. One thread.
 */
#include "model_reference.h"

#include "base/date.h"
#include "lovebank/card.h"

#define ANSWER(symbol, ...) ((struct ref_answer){.code = LB_##symbol, __VA_ARGS__})

static const struct ref_answer fine = {.code = LB_OK};

static struct ref_answer check_card(uint64_t card)
{
    return card == 0 || lb_card_is_valid(card) ? fine
                                               : ANSWER(CARD_CHECK_DIGIT, .a = (int64_t)card);
}

static struct ref_answer check_who(struct member_ref who)
{
    if (who.member != 0 && who.card != 0) {
        return ANSWER(FIELD_INVALID, .a = 2, .b = 1, .c = 1);
    }
    if (who.member == 0 && who.card == 0) {
        return ANSWER(FIELD_MISSING, .a = 0);
    }
    return check_card(who.card);
}

static struct ref_answer check_which(const struct entry_ref *which)
{
    static const struct id none;
    bool by_id = memcmp(&which->request, &none, sizeof(none)) != 0;
    if (which->entry != 0 && by_id) {
        return ANSWER(FIELD_INVALID, .a = 2, .b = 1, .c = 1);
    }
    return which->entry == 0 && !by_id ? ANSWER(FIELD_MISSING, .a = 0) : fine;
}

static struct ref_answer check_minutes(uint32_t minutes)
{
    return minutes >= 1 && minutes <= 1440 ? fine
                                           : ANSWER(MINUTES_INVALID, .a = minutes, .b = 1440);
}

static struct ref_answer check_quantity(int64_t quantity)
{
    return quantity >= 1 && quantity <= 1000000
               ? fine
               : ANSWER(QUANTITY_INVALID, .a = quantity, .b = 1000000);
}

/* No class both ways. */
static struct ref_answer check_classes(const struct act_member_update *act)
{
    for (size_t i = 0; i < act->class_ids_remove.count; i++) {
        for (size_t j = 0; j < act->class_ids_add.count; j++) {
            if (act->class_ids_remove.items[i] == act->class_ids_add.items[j]) {
                return ANSWER(FIELD_INVALID, .a = act->class_ids_add.items[j], .b = 1, .c = 999999);
            }
        }
    }
    return fine;
}

static struct ref_answer first_of(struct ref_answer a, struct ref_answer b)
{
    if (a.code == LB_OK || b.code == LB_OK) {
        return a.code == LB_OK ? b : a;
    }
    return lb_result_precedence((int)b.code) < lb_result_precedence((int)a.code) ? b : a;
}

static struct ref_answer check_act(const struct command *command)
{
    struct ref_answer answer = fine;
    switch ((int)command->kind) {
    case ACT_NONE:
        return ANSWER(FIELD_MISSING, .a = 0);
    case ACT_TARIFF_SET:
        if (command->act.tariff_set.rounding_minutes == 0) {
            return ANSWER(FIELD_INVALID, .a = 0, .b = 1, .c = 1440);
        }
        return command->act.tariff_set.expiry_kind == EXPIRY_YEARS &&
                       command->act.tariff_set.expiry_years == 0
                   ? ANSWER(FIELD_INVALID, .a = 0, .b = 1, .c = 100)
                   : fine;
    case ACT_CLASS_SET:
        return command->act.class_set.name.size > 0 ? fine : ANSWER(FIELD_MISSING, .a = 0);
    case ACT_IMPORT_OPEN:
        return command->import == 0 ? fine : ANSWER(FIELD_INVALID, .a = (int64_t)command->import);
    case ACT_MEMBER_REGISTER:
        return check_card(command->act.member_register.card);
    case ACT_MEMBER_UPDATE:
        return check_classes(&command->act.member_update);
    case ACT_CARD_ISSUE:
    case ACT_CARD_BLOCK:
    case ACT_CARD_REPLACE:
        return first_of(check_card(command->act.card.card), check_card(command->act.card.new_card));
    case ACT_STOCK_RECEIVE:
        for (size_t i = 0; i < command->act.stock_receive.line_count; i++) {
            answer = first_of(answer, check_quantity(command->act.stock_receive.lines[i].quantity));
        }
        return answer;
    case ACT_SERVICE_RECORD:
        return first_of(check_who(command->act.service_record.member),
                        check_minutes(command->act.service_record.minutes));
    case ACT_REDEEM:
        answer = check_who(command->act.redeem.member);
        for (size_t i = 0; i < command->act.redeem.line_count; i++) {
            answer = first_of(answer, check_quantity(command->act.redeem.lines[i].quantity));
        }
        return answer;
    case ACT_SERVICE_ASK:
        return first_of(check_who(command->act.service_ask.member),
                        check_quantity(command->act.service_ask.quantity));
    case ACT_SERVICE_GIVE:
        answer = check_which(&command->act.service_give.ask);
        if (command->act.service_give.giver.member != 0 ||
            command->act.service_give.giver.card != 0) {
            answer = first_of(answer, check_who(command->act.service_give.giver));
            answer = first_of(answer, check_minutes(command->act.service_give.minutes));
        }
        return answer;
    case ACT_PROPOSAL_DECIDE:
        answer = check_which(&command->act.proposal_decide.proposal);
        return command->memo.size > 0 || command->act.proposal_decide.confirm
                   ? answer
                   : first_of(answer, ANSWER(FIELD_MISSING, .a = 0));
    case ACT_OPENING_BALANCE:
        answer = check_who(command->act.opening_balance.member);
        return command->act.opening_balance.points_centi >= 0
                   ? answer
                   : first_of(answer,
                              ANSWER(FIELD_INVALID, .a = -1, .b = 0, .c = LB_POINTS_CENTI_MAX));
    case ACT_SERVICE_RELEASE:
        return check_which(&command->act.service_release);
    case ACT_REVERSE:
        answer = check_which(&command->act.reverse);
        return command->memo.size > 0 ? answer : first_of(answer, ANSWER(FIELD_MISSING, .a = 0));
    default:
        return fine;
    }
}

struct ref_answer ref_check(const struct command *command)
{
    static const struct id none;
    struct ref_answer answer = check_act(command);
    if (memcmp(&command->id, &none, sizeof(none)) == 0) {
        answer = first_of(answer, ANSWER(FIELD_MISSING, .a = 0));
    }
    if (command->day != DAY_NONE && (command->day < DATE_DAY_MIN || command->day > DATE_DAY_MAX)) {
        answer = first_of(answer, ANSWER(DATE_INVALID, .a = command->day));
    }
    if (command->memo.size > LB_MEMO_BYTES_MAX) {
        answer = first_of(answer, ANSWER(TEXT_TOO_LONG, .a = (int64_t)command->memo.size,
                                         .b = LB_MEMO_BYTES_MAX));
    }
    return answer;
}
