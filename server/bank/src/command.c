/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Comparing commands field by field: the same id with other content is id_reused. Pure.
 */
#include "bank/command.h"

static bool codes_equal(const struct codes *a, const struct codes *b)
{
    return a->count == b->count && memcmp(a->items, b->items, a->count * sizeof(a->items[0])) == 0;
}

static bool member_ref_equal(struct member_ref a, struct member_ref b)
{
    return a.member == b.member && a.card == b.card;
}

static bool entry_ref_equal(const struct entry_ref *a, const struct entry_ref *b)
{
    return a->entry == b->entry && id_equal(&a->request, &b->request);
}

static bool org_equal(const struct command *a, const struct command *b)
{
    if (a->kind == ACT_ORG_OPEN) {
        const struct act_org_open *x = &a->act.org_open;
        const struct act_org_open *y = &b->act.org_open;
        return x->org == y->org && x->parent == y->parent && x->kind == y->kind &&
               bytes_equal(x->name, y->name);
    }
    const struct act_org_update *x = &a->act.org_update;
    const struct act_org_update *y = &b->act.org_update;
    return x->org == y->org && x->parent == y->parent && bytes_equal(x->name, y->name) &&
           x->close == y->close;
}

static bool class_set_equal(const struct act_class_set *x, const struct act_class_set *y)
{
    return x->class_id == y->class_id && x->is_public == y->is_public &&
           bytes_equal(x->name, y->name);
}

static bool tariff_set_equal(const struct act_tariff_set *x, const struct act_tariff_set *y)
{
    return x->category == y->category && bytes_equal(x->name, y->name) &&
           x->points_per_hour_centi == y->points_per_hour_centi &&
           x->coefficient_permille == y->coefficient_permille &&
           x->rounding_minutes == y->rounding_minutes && x->expiry_kind == y->expiry_kind &&
           x->expiry_years == y->expiry_years && x->day_minutes_max == y->day_minutes_max;
}

static bool item_set_equal(const struct act_item_set *x, const struct act_item_set *y)
{
    return x->item == y->item && x->kind == y->kind && bytes_equal(x->name, y->name) &&
           bytes_equal(x->unit, y->unit) && x->barcode == y->barcode &&
           x->price_centi == y->price_centi;
}

static bool activity_open_equal(const struct act_activity_open *x,
                                const struct act_activity_open *y)
{
    return x->org == y->org && bytes_equal(x->name, y->name) && bytes_equal(x->place, y->place) &&
           bytes_equal(x->content, y->content);
}

static bool member_register_equal(const struct act_member_register *x,
                                  const struct act_member_register *y)
{
    return x->member == y->member && x->org == y->org && x->card == y->card &&
           codes_equal(&x->class_ids, &y->class_ids);
}

static bool member_update_equal(const struct act_member_update *x,
                                const struct act_member_update *y)
{
    return x->member == y->member && x->org == y->org && x->status == y->status &&
           x->has_person == y->has_person && codes_equal(&x->class_ids_add, &y->class_ids_add) &&
           codes_equal(&x->class_ids_remove, &y->class_ids_remove);
}

static bool stock_receive_equal(const struct act_stock_receive *x,
                                const struct act_stock_receive *y)
{
    if (x->counter != y->counter || !bytes_equal(x->donor, y->donor) ||
        x->line_count != y->line_count) {
        return false;
    }
    for (size_t i = 0; i < x->line_count; i++) {
        if (x->lines[i].item != y->lines[i].item || x->lines[i].quantity != y->lines[i].quantity ||
            x->lines[i].best_before_day != y->lines[i].best_before_day) {
            return false;
        }
    }
    return true;
}

static bool counter_open_equal(const struct act_counter_open *x, const struct act_counter_open *y)
{
    return x->counter == y->counter && x->org == y->org && bytes_equal(x->name, y->name);
}

static bool import_open_equal(const struct act_import_open *x, const struct act_import_open *y)
{
    return x->rows == y->rows && bytes_equal(x->kind, y->kind);
}

static bool card_equal(const struct act_card *x, const struct act_card *y)
{
    return x->member == y->member && x->card == y->card && x->new_card == y->new_card;
}

static bool service_record_equal(const struct act_service_record *x,
                                 const struct act_service_record *y)
{
    return member_ref_equal(x->member, y->member) && x->category == y->category &&
           x->minutes == y->minutes && x->start_minute == y->start_minute &&
           x->activity == y->activity && x->org == y->org;
}

static bool redeem_equal(const struct act_redeem *x, const struct act_redeem *y)
{
    if (!member_ref_equal(x->member, y->member) || x->counter != y->counter ||
        x->line_count != y->line_count) {
        return false;
    }
    for (size_t i = 0; i < x->line_count; i++) {
        if (x->lines[i].item != y->lines[i].item || x->lines[i].quantity != y->lines[i].quantity) {
            return false;
        }
    }
    return true;
}

static bool service_give_equal(const struct act_service_give *x, const struct act_service_give *y)
{
    return entry_ref_equal(&x->ask, &y->ask) && member_ref_equal(x->giver, y->giver) &&
           x->category == y->category && x->minutes == y->minutes &&
           x->start_minute == y->start_minute;
}

static bool service_ask_equal(const struct act_service_ask *x, const struct act_service_ask *y)
{
    return member_ref_equal(x->member, y->member) && x->counter == y->counter &&
           x->item == y->item && x->quantity == y->quantity;
}

static bool opening_balance_equal(const struct act_opening_balance *x,
                                  const struct act_opening_balance *y)
{
    return member_ref_equal(x->member, y->member) && x->points_centi == y->points_centi &&
           x->last_day == y->last_day && x->minutes == y->minutes && x->year == y->year;
}

static bool operator_open_equal(const struct act_operator_open *x,
                                const struct act_operator_open *y)
{
    return bytes_equal(x->login, y->login) && x->member == y->member;
}

static bool device_open_equal(const struct act_device_open *x, const struct act_device_open *y)
{
    return bytes_equal(x->name, y->name) && x->org == y->org && x->counter == y->counter &&
           memcmp(x->token_hash, y->token_hash, sizeof(x->token_hash)) == 0;
}

static bool principal_set_equal(const struct act_principal_set *x,
                                const struct act_principal_set *y)
{
    return x->principal == y->principal && x->state == y->state && x->member == y->member;
}

static bool role_set_equal(const struct act_role_set *x, const struct act_role_set *y)
{
    bool is_equal = x->principal == y->principal && x->roles.count == y->roles.count;
    for (size_t i = 0; is_equal && i < x->roles.count; i++) {
        is_equal = x->roles.items[i].role == y->roles.items[i].role &&
                   x->roles.items[i].org == y->roles.items[i].org;
    }
    return is_equal;
}

static bool policy_set_equal(const struct act_policy_set *x, const struct act_policy_set *y)
{
    return x->service_minutes == y->service_minutes && x->points_centi == y->points_centi &&
           x->back_days == y->back_days && x->import_rows == y->import_rows &&
           x->reversals == y->reversals && x->undo_minutes == y->undo_minutes &&
           x->proposal_days == y->proposal_days && x->opening_balances == y->opening_balances;
}

static bool proposal_decide_equal(const struct act_proposal_decide *x,
                                  const struct act_proposal_decide *y)
{
    return x->confirm == y->confirm && entry_ref_equal(&x->proposal, &y->proposal);
}

static bool consent_set_equal(const struct act_consent_set *x, const struct act_consent_set *y)
{
    return x->member == y->member && x->publish_name == y->publish_name && x->contact == y->contact;
}

static bool act_equal(const struct command *a, const struct command *b)
{
    switch (a->kind) {
    case ACT_NONE:
    case ACT_KEY_ROTATE:
        return true;
    case ACT_ORG_OPEN:
    case ACT_ORG_UPDATE:
        return org_equal(a, b);
    case ACT_CLASS_SET:
        return class_set_equal(&a->act.class_set, &b->act.class_set);
    case ACT_TARIFF_SET:
        return tariff_set_equal(&a->act.tariff_set, &b->act.tariff_set);
    case ACT_ITEM_SET:
        return item_set_equal(&a->act.item_set, &b->act.item_set);
    case ACT_COUNTER_OPEN:
        return counter_open_equal(&a->act.counter_open, &b->act.counter_open);
    case ACT_ACTIVITY_OPEN:
        return activity_open_equal(&a->act.activity_open, &b->act.activity_open);
    case ACT_STAR_TABLE_SET:
        return codes_equal(&a->act.star_hours, &b->act.star_hours);
    case ACT_IMPORT_OPEN:
        return import_open_equal(&a->act.import_open, &b->act.import_open);
    case ACT_MEMBER_REGISTER:
        return member_register_equal(&a->act.member_register, &b->act.member_register);
    case ACT_MEMBER_UPDATE:
        return member_update_equal(&a->act.member_update, &b->act.member_update);
    case ACT_MEMBER_CLOSE:
        return a->act.member_close == b->act.member_close;
    case ACT_CARD_ISSUE:
    case ACT_CARD_BLOCK:
    case ACT_CARD_REPLACE:
        return card_equal(&a->act.card, &b->act.card);
    case ACT_STOCK_RECEIVE:
        return stock_receive_equal(&a->act.stock_receive, &b->act.stock_receive);
    case ACT_SERVICE_RECORD:
        return service_record_equal(&a->act.service_record, &b->act.service_record);
    case ACT_REDEEM:
        return redeem_equal(&a->act.redeem, &b->act.redeem);
    case ACT_SERVICE_ASK:
        return service_ask_equal(&a->act.service_ask, &b->act.service_ask);
    case ACT_SERVICE_GIVE:
        return service_give_equal(&a->act.service_give, &b->act.service_give);
    case ACT_SERVICE_RELEASE:
        return entry_ref_equal(&a->act.service_release, &b->act.service_release);
    case ACT_REVERSE:
        return entry_ref_equal(&a->act.reverse, &b->act.reverse);
    case ACT_OPENING_BALANCE:
        return opening_balance_equal(&a->act.opening_balance, &b->act.opening_balance);
    case ACT_OPERATOR_OPEN:
        return operator_open_equal(&a->act.operator_open, &b->act.operator_open);
    case ACT_DEVICE_OPEN:
        return device_open_equal(&a->act.device_open, &b->act.device_open);
    case ACT_PRINCIPAL_SET:
        return principal_set_equal(&a->act.principal_set, &b->act.principal_set);
    case ACT_CREDENTIAL_SET:
        return a->act.credential_set.principal == b->act.credential_set.principal;
    case ACT_ROLE_SET:
        return role_set_equal(&a->act.role_set, &b->act.role_set);
    case ACT_POLICY_SET:
        return policy_set_equal(&a->act.policy_set, &b->act.policy_set);
    case ACT_PROPOSAL_DECIDE:
        return proposal_decide_equal(&a->act.proposal_decide, &b->act.proposal_decide);
    case ACT_REVEAL:
        return a->act.reveal == b->act.reveal;
    case ACT_MEMBER_ERASE:
        return a->act.member_erase == b->act.member_erase;
    case ACT_CONSENT_SET:
        return consent_set_equal(&a->act.consent_set, &b->act.consent_set);
    }
    return false;
}

bool bank_command_equal(const struct command *a, const struct command *b)
{
    return a->kind == b->kind && id_equal(&a->id, &b->id) && a->day == b->day && act_equal(a, b);
}

const struct person *bank_command_person(const struct command *command)
{
    if (command->kind == ACT_MEMBER_REGISTER) {
        return &command->act.member_register.person;
    }
    if (command->kind == ACT_MEMBER_UPDATE && command->act.member_update.has_person) {
        return &command->act.member_update.person;
    }
    return NULL;
}

const struct credential *bank_command_credential(const struct command *command)
{
    const struct credential *credential = NULL;
    if (command->kind == ACT_OPERATOR_OPEN) {
        credential = &command->act.operator_open.credential;
    } else if (command->kind == ACT_CREDENTIAL_SET) {
        credential = &command->act.credential_set.credential;
    }
    return credential == NULL || credential->kind == CREDENTIAL_NONE ? NULL : credential;
}

void bank_command_clear_sealed(struct command *command)
{
    const struct person nobody = {.birth_day = DAY_NONE};
    const struct credential none = {.kind = CREDENTIAL_NONE};
    if (command->kind == ACT_MEMBER_REGISTER) {
        command->act.member_register.person = nobody;
    } else if (command->kind == ACT_MEMBER_UPDATE) {
        command->act.member_update.person = nobody;
    } else if (command->kind == ACT_OPERATOR_OPEN) {
        command->act.operator_open.credential = none;
    } else if (command->kind == ACT_CREDENTIAL_SET) {
        command->act.credential_set.credential = none;
    }
}
