/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The form of a command: everything that can be said without looking at the book. Field names in
 * verdicts are those of commands.proto. Pure.
 */
#include "check.h"

#include "base/utf8.h"
#include "lovebank/card.h"

void check_complain(struct check *check, struct verdict verdict)
{
    size_t precedence = lb_result_precedence((int)verdict.code);
    if (check->verdict.code == LB_OK || precedence < check->precedence) {
        check->verdict = verdict;
        check->precedence = precedence;
    }
}

void check_complain_missing(struct check *check, const char *field)
{
    check_complain(check, (struct verdict){.code = LB_FIELD_MISSING, .text = field});
}

void check_range(struct check *check, const char *field, int64_t value, int64_t min, int64_t max)
{
    if (value < min || value > max) {
        check_complain(
            check, (struct verdict){
                       .code = LB_FIELD_INVALID, .a = value, .b = min, .c = max, .text = field});
    }
}

void check_number(struct check *check, const char *field, uint64_t value, uint64_t max)
{
    if (value == 0) {
        check_complain_missing(check, field);
    } else if (value > max) {
        int64_t shown = value > INT64_MAX ? INT64_MAX : (int64_t)value;
        check_complain(
            check,
            (struct verdict){
                .code = LB_FIELD_INVALID, .a = shown, .b = 1, .c = (int64_t)max, .text = field});
    }
}

void check_optional(struct check *check, const char *field, uint64_t value, uint64_t max)
{
    if (value != 0) {
        check_number(check, field, value, max);
    }
}

static void check_text_with(struct check *check, const char *field, struct bytes text,
                            size_t bytes_max, unsigned utf8_flags)
{
    if (text.size > bytes_max) {
        check_complain(check, (struct verdict){.code = LB_TEXT_TOO_LONG,
                                               .a = (int64_t)text.size,
                                               .b = (int64_t)bytes_max,
                                               .text = field});
    } else if (!utf8_is_text(text, utf8_flags)) {
        check_complain(check, (struct verdict){.code = LB_TEXT_INVALID, .text = field});
    }
}

void check_text(struct check *check, const char *field, struct bytes text, size_t bytes_max)
{
    check_text_with(check, field, text, bytes_max, 0);
}

void check_name(struct check *check, const char *field, struct bytes text)
{
    check_text(check, field, text, LB_NAME_BYTES_MAX);
    if (text.size == 0) {
        check_complain_missing(check, field);
    }
}

static void check_card(struct check *check, const char *field, uint64_t card)
{
    check_optional(check, field, card, LB_CARD_MAX);
    if (card != 0 && card <= LB_CARD_MAX && !lb_card_is_valid(card)) {
        check_complain(
            check, (struct verdict){.code = LB_CARD_CHECK_DIGIT, .a = (int64_t)card, .text = ""});
    }
}

static void check_member_ref(struct check *check, const char *field, struct member_ref ref,
                             bool is_required)
{
    if (ref.member != 0 && ref.card != 0) {
        check_complain(check, (struct verdict){
                                  .code = LB_FIELD_INVALID, .a = 2, .b = 1, .c = 1, .text = field});
    }
    if (ref.member == 0 && ref.card == 0 && is_required) {
        check_complain_missing(check, field);
    }
    check_optional(check, field, ref.member, LB_MEMBER_MAX);
    check_card(check, field, ref.card);
}

void check_entry_ref(struct check *check, const char *field, const struct entry_ref *ref)
{
    bool by_request = !id_is_zero(&ref->request);
    if (ref->entry == 0 && !by_request) {
        check_complain_missing(check, field);
    }
    if (ref->entry != 0 && by_request) {
        check_complain(check, (struct verdict){
                                  .code = LB_FIELD_INVALID, .a = 2, .b = 1, .c = 1, .text = field});
    }
    check_optional(check, field, ref->entry, INT64_MAX);
}

/* The code must not be among the first `count` of those. */
static void check_code_is_new(struct check *check, const char *field, uint32_t code,
                              const struct codes *codes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (codes->items[i] == code) {
            check_complain(
                check,
                (struct verdict){
                    .code = LB_FIELD_INVALID, .a = code, .b = 1, .c = LB_CODE_MAX, .text = field});
        }
    }
}

static void check_codes(struct check *check, const char *field, const struct codes *codes)
{
    for (size_t i = 0; i < codes->count; i++) {
        check_number(check, field, codes->items[i], LB_CODE_MAX);
        check_code_is_new(check, field, codes->items[i], codes, i);
    }
}

void check_day(struct check *check, const char *field, int32_t day)
{
    if (day != DAY_NONE && (day < DATE_DAY_MIN || day > DATE_DAY_MAX)) {
        check_complain(check, (struct verdict){.code = LB_DATE_INVALID, .a = day, .text = field});
    }
}

static void check_minutes(struct check *check, uint32_t minutes, int32_t start_minute)
{
    if (minutes == 0 || minutes > LB_DAY_MINUTES) {
        check_complain(
            check, (struct verdict){
                       .code = LB_MINUTES_INVALID, .a = minutes, .b = LB_DAY_MINUTES, .text = ""});
    }
    if (start_minute != -1) {
        check_range(check, "start_minute", start_minute, 0, LB_DAY_MINUTES - 1);
    }
}

static void check_quantity(struct check *check, int64_t quantity)
{
    if (quantity < 1 || quantity > LB_QUANTITY_MAX) {
        check_complain(check, (struct verdict){.code = LB_QUANTITY_INVALID,
                                               .a = quantity,
                                               .b = LB_QUANTITY_MAX,
                                               .text = ""});
    }
}

/* One function for each group of acts. */

static void check_org_open(struct check *check, const struct act_org_open *act)
{
    check_number(check, "org", act->org, LB_ORG_MAX);
    check_optional(check, "parent", act->parent, LB_ORG_MAX);
    check_range(check, "kind", (int64_t)act->kind, ORG_DISTRICT, ORG_OTHER);
    check_name(check, "name", act->name);
}

static void check_org_update(struct check *check, const struct act_org_update *act)
{
    check_number(check, "org", act->org, LB_ORG_MAX);
    check_optional(check, "parent", act->parent, LB_ORG_MAX);
    check_text(check, "name", act->name, LB_NAME_BYTES_MAX);
    if (act->parent == 0 && act->name.size == 0 && !act->close) {
        check_complain_missing(check, "parent, name, close");
    }
}

static void check_tariff_set(struct check *check, const struct act_tariff_set *act)
{
    check_number(check, "category", act->category, LB_CODE_MAX);
    check_name(check, "name", act->name);
    check_range(check, "points_per_hour", act->points_per_hour_centi, 0, 10000000);
    check_range(check, "coefficient", act->coefficient_permille, 1, 100000);
    check_range(check, "rounding_minutes", act->rounding_minutes, 1, LB_DAY_MINUTES);
    check_range(check, "expiry_kind", (int64_t)act->expiry_kind, EXPIRY_NEVER, EXPIRY_YEARS);
    check_range(check, "expiry_years", act->expiry_years, act->expiry_kind == EXPIRY_YEARS ? 1 : 0,
                100); /* in 0 years: gone on the day they were earned */
    check_range(check, "day_minutes_max", act->day_minutes_max, 1, LB_DAY_MINUTES);
}

static void check_item_set(struct check *check, const struct act_item_set *act)
{
    check_number(check, "item", act->item, LB_CODE_MAX);
    check_range(check, "kind", (int64_t)act->kind, ITEM_GOODS, ITEM_SERVICE);
    check_name(check, "name", act->name);
    check_text(check, "unit", act->unit, LB_NAME_BYTES_MAX);
    check_optional(check, "barcode", act->barcode, UINT64_C(99999999999999));
    check_range(check, "price", act->price_centi, 0, LB_POINTS_CENTI_MAX);
}

static void check_star_table(struct check *check, const struct codes *hours)
{
    if (hours->count == 0) {
        check_complain_missing(check, "hours");
    }
    check_range(check, "hours", (int64_t)hours->count, 1, 10);
    for (size_t i = 0; i < hours->count; i++) {
        check_range(check, "hours", hours->items[i], i == 0 ? 1 : (int64_t)hours->items[i - 1] + 1,
                    1000000);
    }
}

static void check_member_update(struct check *check, const struct act_member_update *act)
{
    check_number(check, "member", act->member, LB_MEMBER_MAX);
    check_optional(check, "org", act->org, LB_ORG_MAX);
    check_codes(check, "class_ids_add", &act->class_ids_add);
    check_codes(check, "class_ids_remove", &act->class_ids_remove);
    for (size_t i = 0; i < act->class_ids_remove.count; i++) {
        check_code_is_new(check, "class_ids_remove", act->class_ids_remove.items[i],
                          &act->class_ids_add, act->class_ids_add.count);
    }
    check_range(check, "status", (int64_t)act->status, MEMBER_UNSPECIFIED, MEMBER_BLOCKED);
    if (act->has_person) {
        check_person(check, &act->person);
        check_name(check, "person.name", act->person.name);
    }
    if (act->org == 0 && act->class_ids_add.count == 0 && act->class_ids_remove.count == 0 &&
        act->status == MEMBER_UNSPECIFIED && !act->has_person) {
        check_complain_missing(check, "org, class_ids, status, person");
    }
}

static void check_member_register(struct check *check, const struct act_member_register *act)
{
    check_optional(check, "member", act->member, LB_MEMBER_MAX);
    check_number(check, "org", act->org, LB_ORG_MAX);
    check_codes(check, "class_ids", &act->class_ids);
    check_card(check, "card", act->card);
    check_person(check, &act->person);
    check_name(check, "person.name", act->person.name);
}

static void check_stock_receive(struct check *check, const struct act_stock_receive *act)
{
    check_number(check, "counter", act->counter, LB_CODE_MAX);
    check_text(check, "donor", act->donor, LB_NAME_BYTES_MAX);
    if (act->line_count == 0) {
        check_complain_missing(check, "lines");
    }
    for (size_t i = 0; i < act->line_count; i++) {
        check_number(check, "lines.item", act->lines[i].item, LB_CODE_MAX);
        check_quantity(check, act->lines[i].quantity);
        if (act->lines[i].best_before_day != DAY_NONE) {
            check_range(check, "lines.best_before_day", act->lines[i].best_before_day, 0,
                        DATE_DAY_MAX);
        }
    }
}

static void check_redeem(struct check *check, const struct act_redeem *act)
{
    check_member_ref(check, "member", act->member, true);
    check_number(check, "counter", act->counter, LB_CODE_MAX);
    if (act->line_count == 0) {
        check_complain_missing(check, "lines");
    }
    for (size_t i = 0; i < act->line_count; i++) {
        check_number(check, "lines.item", act->lines[i].item, LB_CODE_MAX);
        check_quantity(check, act->lines[i].quantity);
    }
}

static void check_service_record(struct check *check, const struct act_service_record *act)
{
    check_member_ref(check, "member", act->member, true);
    check_number(check, "category", act->category, LB_CODE_MAX);
    check_minutes(check, act->minutes, act->start_minute);
    check_optional(check, "activity", act->activity, INT64_MAX);
    check_optional(check, "org", act->org, LB_ORG_MAX);
}

static void check_service_give(struct check *check, const struct act_service_give *act)
{
    check_entry_ref(check, "ask", &act->ask);
    check_member_ref(check, "giver", act->giver, false);
    if (act->giver.member != 0 || act->giver.card != 0) {
        check_number(check, "category", act->category, LB_CODE_MAX);
        check_minutes(check, act->minutes, act->start_minute);
    } else if (act->category != 0 || act->minutes != 0) { /* hours of nobody */
        check_complain_missing(check, "giver");
    }
}

static void check_service_ask(struct check *check, const struct act_service_ask *act)
{
    check_member_ref(check, "member", act->member, true);
    check_number(check, "counter", act->counter, LB_CODE_MAX);
    check_number(check, "item", act->item, LB_CODE_MAX);
    check_quantity(check, act->quantity);
}

/* What is asked for at a counter, given by another member, or let go. */
static void check_service_act(struct check *check, const struct command *command)
{
    if (command->kind == ACT_SERVICE_ASK) {
        check_service_ask(check, &command->act.service_ask);
    } else if (command->kind == ACT_SERVICE_GIVE) {
        check_service_give(check, &command->act.service_give);
    } else if (command->kind == ACT_SERVICE_RELEASE) {
        check_entry_ref(check, "ask", &command->act.service_release);
    }
}

static void check_reverse(struct check *check, const struct command *command)
{
    check_entry_ref(check, "target", &command->act.reverse);
    if (command->memo.size == 0) {
        check_complain_missing(check, "memo");
    }
}

static void check_opening_balance(struct check *check, const struct act_opening_balance *act)
{
    check_member_ref(check, "member", act->member, true);
    check_range(check, "points", act->points_centi, 0, LB_POINTS_CENTI_MAX);
    check_range(check, "minutes", act->minutes, 0, LB_OPENING_MINUTES_MAX);
    if (act->points_centi == 0 && act->minutes == 0) {
        check_complain_missing(check, "points, minutes");
    }
    if (act->last_day != DAY_NONE) { /* lots begin in 1970 */
        check_range(check, "last_day", act->last_day, 0, DATE_DAY_MAX);
    }
    if (act->points_centi == 0 && act->last_day != DAY_NONE) { /* of points that are none */
        check_complain_missing(check, "points");
    }
    if (act->minutes > 0 && act->year == 0) {
        check_complain_missing(check, "year");
    } else if (act->minutes > 0) {
        check_range(check, "year", act->year, date_year_of_day(DATE_DAY_MIN),
                    date_year_of_day(DATE_DAY_MAX));
    } else if (act->year != 0) { /* of hours that are none */
        check_complain_missing(check, "minutes");
    }
}

static void check_registry_act(struct check *check, const struct command *command)
{
    const struct act_class_set *class_set = &command->act.class_set;
    const struct act_counter_open *counter = &command->act.counter_open;
    const struct act_activity_open *activity = &command->act.activity_open;
    if (command->kind == ACT_CLASS_SET) {
        check_number(check, "class_id", class_set->class_id, LB_CODE_MAX);
        check_name(check, "name", class_set->name);
    } else if (command->kind == ACT_COUNTER_OPEN) {
        check_number(check, "counter", counter->counter, LB_CODE_MAX);
        check_number(check, "org", counter->org, LB_ORG_MAX);
        check_name(check, "name", counter->name);
    } else if (command->kind == ACT_ACTIVITY_OPEN) {
        check_number(check, "org", activity->org, LB_ORG_MAX);
        check_name(check, "name", activity->name);
        check_text(check, "place", activity->place, LB_NAME_BYTES_MAX);
        check_text(check, "content", activity->content, LB_MEMO_BYTES_MAX);
    } else if (command->kind == ACT_TARIFF_SET) {
        check_tariff_set(check, &command->act.tariff_set);
    } else if (command->kind == ACT_ITEM_SET) {
        check_item_set(check, &command->act.item_set);
    } else if (command->kind == ACT_STAR_TABLE_SET) {
        check_star_table(check, &command->act.star_hours);
    } else if (command->kind == ACT_IMPORT_OPEN) {
        check_name(check, "kind", command->act.import_open.kind);
        check_range(check, "import", (int64_t)command->import, 0, 0);
    }
}

static void check_card_act(struct check *check, const struct command *command)
{
    const struct act_card *act = &command->act.card;
    check_card(check, "card", act->card);
    check_card(check, "new_card", act->new_card);
    if (command->kind == ACT_CARD_ISSUE) {
        check_number(check, "member", act->member, LB_MEMBER_MAX);
    } else if (act->card == 0) {
        check_complain_missing(check, "card");
    }
}

static void check_act(struct check *check, const struct command *command)
{
    switch (command->kind) {
    case ACT_NONE:
        check_complain_missing(check, "act");
        break;
    case ACT_ORG_OPEN:
        check_org_open(check, &command->act.org_open);
        break;
    case ACT_ORG_UPDATE:
        check_org_update(check, &command->act.org_update);
        break;
    case ACT_CLASS_SET:
    case ACT_TARIFF_SET:
    case ACT_ITEM_SET:
    case ACT_COUNTER_OPEN:
    case ACT_ACTIVITY_OPEN:
    case ACT_STAR_TABLE_SET:
    case ACT_IMPORT_OPEN:
        check_registry_act(check, command);
        break;
    case ACT_MEMBER_REGISTER:
        check_member_register(check, &command->act.member_register);
        break;
    case ACT_MEMBER_UPDATE:
        check_member_update(check, &command->act.member_update);
        break;
    case ACT_MEMBER_CLOSE:
        check_number(check, "member", command->act.member_close, LB_MEMBER_MAX);
        break;
    case ACT_CARD_ISSUE:
    case ACT_CARD_BLOCK:
    case ACT_CARD_REPLACE:
        check_card_act(check, command);
        break;
    case ACT_STOCK_RECEIVE:
        check_stock_receive(check, &command->act.stock_receive);
        break;
    case ACT_SERVICE_RECORD:
        check_service_record(check, &command->act.service_record);
        break;
    case ACT_REDEEM:
        check_redeem(check, &command->act.redeem);
        break;
    case ACT_SERVICE_ASK:
    case ACT_SERVICE_GIVE:
    case ACT_SERVICE_RELEASE:
        check_service_act(check, command);
        break;
    case ACT_REVERSE:
        check_reverse(check, command);
        break;
    case ACT_OPENING_BALANCE:
        check_opening_balance(check, &command->act.opening_balance);
        break;
    case ACT_OPERATOR_OPEN:
    case ACT_DEVICE_OPEN:
    case ACT_PRINCIPAL_SET:
    case ACT_CREDENTIAL_SET:
    case ACT_ROLE_SET:
        check_access(check, command);
        break;
    case ACT_POLICY_SET:
    case ACT_PROPOSAL_DECIDE:
    case ACT_REVEAL:
    case ACT_MEMBER_ERASE:
    case ACT_CONSENT_SET:
    case ACT_KEY_ROTATE:
        check_person_act(check, command);
        break;
    }
}

struct verdict bank_command_check(const struct command *command)
{
    struct check check = {.verdict = {.code = LB_OK, .text = ""}};
    if (id_is_zero(&command->id)) {
        check_complain_missing(&check, "id");
    }
    check_day(&check, "day", command->day);
    check_optional(&check, "import", command->import, INT64_MAX);
    check_text_with(&check, "memo", command->memo, LB_MEMO_BYTES_MAX, UTF8_ALLOW_NEWLINE);
    check_act(&check, command);
    return check.verdict;
}
