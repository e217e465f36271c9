/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Asserts that two commands or entries are the same, field by field; texts by content. Single
 * thread.
 */
#ifndef TESTS_UNIT_ENTRY_SAME_H
#define TESTS_UNIT_ENTRY_SAME_H

#include "samples.h"

#define SAME(a, b, field)      assert_true((a)->field == (b)->field)
#define SAME_TEXT(a, b, field) assert_true(bytes_equal((a)->field, (b)->field))

static inline void same_codes(const struct codes *a, const struct codes *b)
{
    SAME(a, b, count);
    for (size_t i = 0; i < a->count; i++) {
        SAME(a, b, items[i]);
    }
}

static inline void same_person(const struct person *a, const struct person *b)
{
    SAME_TEXT(a, b, name);
    SAME(a, b, gender);
    SAME(a, b, birth_day);
    SAME_TEXT(a, b, id_number);
    SAME_TEXT(a, b, address);
    SAME_TEXT(a, b, phone);
    SAME_TEXT(a, b, skills);
    SAME_TEXT(a, b, wishes);
}

static inline void same_member_ref(struct member_ref a, struct member_ref b)
{
    assert_true(a.member == b.member && a.card == b.card);
}

static inline void same_entry_ref(const struct entry_ref *a, const struct entry_ref *b)
{
    SAME(a, b, entry);
    assert_true(id_equal(&a->request, &b->request));
}

static inline void same_settings(const struct command *a, const struct command *b)
{
    switch ((int)a->kind) {
    case ACT_ORG_OPEN:
        SAME(a, b, act.org_open.org);
        SAME(a, b, act.org_open.parent);
        SAME(a, b, act.org_open.kind);
        SAME_TEXT(a, b, act.org_open.name);
        break;
    case ACT_ORG_UPDATE:
        SAME(a, b, act.org_update.org);
        SAME(a, b, act.org_update.parent);
        SAME_TEXT(a, b, act.org_update.name);
        SAME(a, b, act.org_update.close);
        break;
    case ACT_CLASS_SET:
        SAME(a, b, act.class_set.class_id);
        SAME_TEXT(a, b, act.class_set.name);
        SAME(a, b, act.class_set.is_public);
        break;
    case ACT_TARIFF_SET:
        SAME(a, b, act.tariff_set.category);
        SAME_TEXT(a, b, act.tariff_set.name);
        SAME(a, b, act.tariff_set.points_per_hour_centi);
        SAME(a, b, act.tariff_set.coefficient_permille);
        SAME(a, b, act.tariff_set.rounding_minutes);
        SAME(a, b, act.tariff_set.expiry_kind);
        SAME(a, b, act.tariff_set.expiry_years);
        SAME(a, b, act.tariff_set.day_minutes_max);
        break;
    case ACT_ITEM_SET:
        SAME(a, b, act.item_set.item);
        SAME(a, b, act.item_set.kind);
        SAME_TEXT(a, b, act.item_set.name);
        SAME_TEXT(a, b, act.item_set.unit);
        SAME(a, b, act.item_set.barcode);
        SAME(a, b, act.item_set.price_centi);
        break;
    case ACT_COUNTER_OPEN:
        SAME(a, b, act.counter_open.counter);
        SAME(a, b, act.counter_open.org);
        SAME_TEXT(a, b, act.counter_open.name);
        break;
    case ACT_ACTIVITY_OPEN:
        SAME(a, b, act.activity_open.org);
        SAME_TEXT(a, b, act.activity_open.name);
        SAME_TEXT(a, b, act.activity_open.place);
        SAME_TEXT(a, b, act.activity_open.content);
        break;
    case ACT_STAR_TABLE_SET:
        same_codes(&a->act.star_hours, &b->act.star_hours);
        break;
    default:
        SAME_TEXT(a, b, act.import_open.kind);
        SAME(a, b, act.import_open.rows);
    }
}

static inline void same_member_act(const struct command *a, const struct command *b)
{
    switch ((int)a->kind) {
    case ACT_MEMBER_REGISTER:
        SAME(a, b, act.member_register.member);
        SAME(a, b, act.member_register.org);
        same_codes(&a->act.member_register.class_ids, &b->act.member_register.class_ids);
        SAME(a, b, act.member_register.card);
        same_person(&a->act.member_register.person, &b->act.member_register.person);
        break;
    case ACT_MEMBER_UPDATE:
        SAME(a, b, act.member_update.member);
        SAME(a, b, act.member_update.org);
        same_codes(&a->act.member_update.class_ids_add, &b->act.member_update.class_ids_add);
        same_codes(&a->act.member_update.class_ids_remove, &b->act.member_update.class_ids_remove);
        SAME(a, b, act.member_update.status);
        SAME(a, b, act.member_update.has_person);
        same_person(&a->act.member_update.person, &b->act.member_update.person);
        break;
    case ACT_MEMBER_CLOSE:
        SAME(a, b, act.member_close);
        break;
    default:
        SAME(a, b, act.card.member);
        SAME(a, b, act.card.card);
        SAME(a, b, act.card.new_card);
    }
}

static inline void same_lines(const struct command *a, const struct command *b)
{
    if (a->kind == ACT_REDEEM) {
        same_member_ref(a->act.redeem.member, b->act.redeem.member);
        SAME(a, b, act.redeem.counter);
        SAME(a, b, act.redeem.line_count);
        for (size_t i = 0; i < a->act.redeem.line_count; i++) {
            SAME(a, b, act.redeem.lines[i].item);
            SAME(a, b, act.redeem.lines[i].quantity);
        }
        return;
    }
    SAME(a, b, act.stock_receive.counter);
    SAME_TEXT(a, b, act.stock_receive.donor);
    SAME(a, b, act.stock_receive.line_count);
    for (size_t i = 0; i < a->act.stock_receive.line_count; i++) {
        SAME(a, b, act.stock_receive.lines[i].item);
        SAME(a, b, act.stock_receive.lines[i].quantity);
        SAME(a, b, act.stock_receive.lines[i].best_before_day);
    }
}

static inline void same_deed(const struct command *a, const struct command *b)
{
    switch ((int)a->kind) {
    case ACT_STOCK_RECEIVE:
    case ACT_REDEEM:
        same_lines(a, b);
        break;
    case ACT_SERVICE_RECORD:
        same_member_ref(a->act.service_record.member, b->act.service_record.member);
        SAME(a, b, act.service_record.category);
        SAME(a, b, act.service_record.minutes);
        SAME(a, b, act.service_record.start_minute);
        SAME(a, b, act.service_record.activity);
        SAME(a, b, act.service_record.org);
        break;
    case ACT_SERVICE_ASK:
        same_member_ref(a->act.service_ask.member, b->act.service_ask.member);
        SAME(a, b, act.service_ask.counter);
        SAME(a, b, act.service_ask.item);
        SAME(a, b, act.service_ask.quantity);
        break;
    case ACT_SERVICE_GIVE:
        same_entry_ref(&a->act.service_give.ask, &b->act.service_give.ask);
        same_member_ref(a->act.service_give.giver, b->act.service_give.giver);
        SAME(a, b, act.service_give.category);
        SAME(a, b, act.service_give.minutes);
        SAME(a, b, act.service_give.start_minute);
        break;
    case ACT_SERVICE_RELEASE:
        same_entry_ref(&a->act.service_release, &b->act.service_release);
        break;
    case ACT_OPENING_BALANCE:
        same_member_ref(a->act.opening_balance.member, b->act.opening_balance.member);
        SAME(a, b, act.opening_balance.points_centi);
        SAME(a, b, act.opening_balance.last_day);
        SAME(a, b, act.opening_balance.minutes);
        SAME(a, b, act.opening_balance.year);
        break;
    default:
        same_entry_ref(&a->act.reverse, &b->act.reverse);
    }
}

static inline void same_credential(const struct credential *a, const struct credential *b)
{
    SAME(a, b, kind);
    SAME_TEXT(a, b, verifier);
    SAME(a, b, expires_ms);
}

static inline void same_account(const struct command *a, const struct command *b)
{
    switch ((int)a->kind) {
    case ACT_OPERATOR_OPEN:
        SAME_TEXT(a, b, act.operator_open.login);
        SAME(a, b, act.operator_open.member);
        same_credential(&a->act.operator_open.credential, &b->act.operator_open.credential);
        break;
    case ACT_DEVICE_OPEN:
        SAME_TEXT(a, b, act.device_open.name);
        SAME(a, b, act.device_open.org);
        SAME(a, b, act.device_open.counter);
        assert_memory_equal(a->act.device_open.token_hash, b->act.device_open.token_hash,
                            LB_HASH_BYTES);
        break;
    case ACT_PRINCIPAL_SET:
        SAME(a, b, act.principal_set.principal);
        SAME(a, b, act.principal_set.state);
        SAME(a, b, act.principal_set.member);
        break;
    case ACT_CREDENTIAL_SET:
        SAME(a, b, act.credential_set.principal);
        same_credential(&a->act.credential_set.credential, &b->act.credential_set.credential);
        break;
    default:
        SAME(a, b, act.role_set.principal);
        SAME(a, b, act.role_set.roles.count);
        for (size_t i = 0; i < a->act.role_set.roles.count; i++) {
            SAME(a, b, act.role_set.roles.items[i].role);
            SAME(a, b, act.role_set.roles.items[i].org);
        }
    }
}

static inline void same_person_act(const struct command *a, const struct command *b)
{
    switch ((int)a->kind) {
    case ACT_POLICY_SET:
        SAME(a, b, act.policy_set.service_minutes);
        SAME(a, b, act.policy_set.points_centi);
        SAME(a, b, act.policy_set.back_days);
        SAME(a, b, act.policy_set.import_rows);
        SAME(a, b, act.policy_set.reversals);
        SAME(a, b, act.policy_set.undo_minutes);
        SAME(a, b, act.policy_set.proposal_days);
        SAME(a, b, act.policy_set.opening_balances);
        break;
    case ACT_PROPOSAL_DECIDE:
        same_entry_ref(&a->act.proposal_decide.proposal, &b->act.proposal_decide.proposal);
        SAME(a, b, act.proposal_decide.confirm);
        break;
    case ACT_REVEAL:
        SAME(a, b, act.reveal);
        break;
    case ACT_MEMBER_ERASE:
        SAME(a, b, act.member_erase);
        break;
    case ACT_CONSENT_SET:
        SAME(a, b, act.consent_set.member);
        SAME(a, b, act.consent_set.publish_name);
        SAME(a, b, act.consent_set.contact);
        break;
    default:
        assert_int_equal(a->kind, ACT_KEY_ROTATE);
    }
}

static inline void same_command(const struct command *a, const struct command *b)
{
    assert_true(id_equal(&a->id, &b->id));
    SAME(a, b, day);
    SAME(a, b, desk);
    SAME(a, b, import);
    SAME_TEXT(a, b, memo);
    SAME(a, b, kind);
    if (a->kind < ACT_MEMBER_REGISTER) {
        same_settings(a, b);
    } else if (a->kind < ACT_STOCK_RECEIVE) {
        same_member_act(a, b);
    } else if (a->kind < ACT_OPERATOR_OPEN || a->kind == ACT_OPENING_BALANCE) {
        same_deed(a, b);
    } else if (a->kind < ACT_POLICY_SET) {
        same_account(a, b);
    } else {
        same_person_act(a, b);
    }
}

static inline void same_commitment(const struct commitment *a, const struct commitment *b)
{
    SAME(a, b, is_set);
    assert_true(!a->is_set || memcmp(a->hash, b->hash, sizeof(a->hash)) == 0);
}

static inline void same_entry_arrays(const struct entry *a, const struct entry *b)
{
    SAME(a, b, link_count);
    for (size_t i = 0; i < a->link_count; i++) {
        SAME(a, b, links[i].member);
        SAME(a, b, links[i].previous_entry);
        SAME(a, b, balances[i].member);
        SAME(a, b, balances[i].points_centi);
        SAME(a, b, balances[i].held_centi);
        SAME(a, b, balances[i].debt_centi);
        SAME(a, b, balances[i].minutes);
    }
    SAME(a, b, chain_count);
    for (size_t i = 0; i < a->chain_count; i++) {
        SAME(a, b, chains[i].kind);
        SAME(a, b, chains[i].key);
        SAME(a, b, chains[i].previous_entry);
    }
    SAME(a, b, postings.count);
    for (size_t i = 0; i < a->postings.count; i++) {
        SAME(a, b, postings.items[i].account.kind);
        SAME(a, b, postings.items[i].account.owner);
        SAME(a, b, postings.items[i].asset.kind);
        SAME(a, b, postings.items[i].asset.item);
        SAME(a, b, postings.items[i].lot);
        SAME(a, b, postings.items[i].amount);
    }
    SAME(a, b, line_count);
    for (size_t i = 0; i < a->line_count; i++) {
        SAME(a, b, lines[i].item);
        SAME(a, b, lines[i].quantity);
        SAME(a, b, lines[i].price_centi);
        SAME(a, b, lines[i].price_entry);
    }
}

static inline void same_entry(const struct entry *a, const struct entry *b)
{
    SAME(a, b, number);
    SAME(a, b, recorded_ms);
    SAME(a, b, day);
    SAME(a, b, actor.principal);
    SAME(a, b, actor.device);
    SAME(a, b, actor.peer);
    SAME(a, b, proposal);
    SAME(a, b, approver);
    same_command(&a->command, &b->command);
    SAME(a, b, verdict.code);
    SAME(a, b, verdict.a);
    SAME(a, b, verdict.b);
    SAME(a, b, verdict.c);
    assert_string_equal(a->verdict.text, b->verdict.text);
    same_entry_arrays(a, b);
    SAME(a, b, earning.member);
    SAME(a, b, earning.category);
    SAME(a, b, earning.tariff_entry);
    SAME(a, b, earning.minutes);
    SAME(a, b, earning.counted_minutes);
    SAME(a, b, earning.points_centi);
    SAME(a, b, earning.lot);
    SAME(a, b, assigned);
    SAME(a, b, assigned_card);
    SAME(a, b, target_entry);
    SAME(a, b, org);
    same_commitment(&a->person_commitment, &b->person_commitment);
    same_commitment(&a->memo_commitment, &b->memo_commitment);
    same_commitment(&a->credential_commitment, &b->credential_commitment);
    SAME(a, b, failed_line);
    SAME(a, b, failed_code);
}

#endif
