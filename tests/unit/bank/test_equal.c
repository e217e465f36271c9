/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* Sameness of commands: every field that the ledger keeps counts, but for desk and import; person,
 * credential and memo do not. */
#include "samples_for_tests.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* A field of a command: how to make it differ. */
enum field_type { FIELD_NUMBER, FIELD_TEXT };

struct field {
    enum act_kind kind; /* ACT_NONE: of every command */
    enum field_type type;
    size_t offset;
    const char *name;
};

#define NUMBER(kind, path)                                        \
    {                                                             \
        kind, FIELD_NUMBER, offsetof(struct command, path), #path \
    }
#define TEXT(kind, path)                                        \
    {                                                           \
        kind, FIELD_TEXT, offsetof(struct command, path), #path \
    }

static const struct field kept_fields[] = {
    NUMBER(ACT_NONE, id.bytes[0]),
    NUMBER(ACT_NONE, id.bytes[15]),
    NUMBER(ACT_NONE, day),
    NUMBER(ACT_ORG_OPEN, act.org_open.org),
    NUMBER(ACT_ORG_OPEN, act.org_open.parent),
    NUMBER(ACT_ORG_OPEN, act.org_open.kind),
    TEXT(ACT_ORG_OPEN, act.org_open.name),
    NUMBER(ACT_ORG_UPDATE, act.org_update.org),
    NUMBER(ACT_ORG_UPDATE, act.org_update.parent),
    NUMBER(ACT_ORG_UPDATE, act.org_update.close),
    TEXT(ACT_ORG_UPDATE, act.org_update.name),
    NUMBER(ACT_CLASS_SET, act.class_set.class_id),
    NUMBER(ACT_CLASS_SET, act.class_set.is_public),
    TEXT(ACT_CLASS_SET, act.class_set.name),
    NUMBER(ACT_TARIFF_SET, act.tariff_set.category),
    NUMBER(ACT_TARIFF_SET, act.tariff_set.points_per_hour_centi),
    NUMBER(ACT_TARIFF_SET, act.tariff_set.coefficient_permille),
    NUMBER(ACT_TARIFF_SET, act.tariff_set.rounding_minutes),
    NUMBER(ACT_TARIFF_SET, act.tariff_set.expiry_kind),
    NUMBER(ACT_TARIFF_SET, act.tariff_set.expiry_years),
    NUMBER(ACT_TARIFF_SET, act.tariff_set.day_minutes_max),
    TEXT(ACT_TARIFF_SET, act.tariff_set.name),
    NUMBER(ACT_ITEM_SET, act.item_set.item),
    NUMBER(ACT_ITEM_SET, act.item_set.kind),
    NUMBER(ACT_ITEM_SET, act.item_set.barcode),
    NUMBER(ACT_ITEM_SET, act.item_set.price_centi),
    TEXT(ACT_ITEM_SET, act.item_set.name),
    TEXT(ACT_ITEM_SET, act.item_set.unit),
    NUMBER(ACT_COUNTER_OPEN, act.counter_open.counter),
    NUMBER(ACT_COUNTER_OPEN, act.counter_open.org),
    TEXT(ACT_COUNTER_OPEN, act.counter_open.name),
    NUMBER(ACT_ACTIVITY_OPEN, act.activity_open.org),
    TEXT(ACT_ACTIVITY_OPEN, act.activity_open.name),
    TEXT(ACT_ACTIVITY_OPEN, act.activity_open.place),
    TEXT(ACT_ACTIVITY_OPEN, act.activity_open.content),
    NUMBER(ACT_STAR_TABLE_SET, act.star_hours.items[0]),
    NUMBER(ACT_STAR_TABLE_SET, act.star_hours.items[2]),
    NUMBER(ACT_STAR_TABLE_SET, act.star_hours.count),
    NUMBER(ACT_IMPORT_OPEN, act.import_open.rows),
    TEXT(ACT_IMPORT_OPEN, act.import_open.kind),
    NUMBER(ACT_MEMBER_REGISTER, act.member_register.member),
    NUMBER(ACT_MEMBER_REGISTER, act.member_register.org),
    NUMBER(ACT_MEMBER_REGISTER, act.member_register.class_ids.items[1]),
    NUMBER(ACT_MEMBER_REGISTER, act.member_register.class_ids.count),
    NUMBER(ACT_MEMBER_REGISTER, act.member_register.card),
    NUMBER(ACT_MEMBER_UPDATE, act.member_update.member),
    NUMBER(ACT_MEMBER_UPDATE, act.member_update.org),
    NUMBER(ACT_MEMBER_UPDATE, act.member_update.class_ids_add.items[0]),
    NUMBER(ACT_MEMBER_UPDATE, act.member_update.class_ids_add.count),
    NUMBER(ACT_MEMBER_UPDATE, act.member_update.class_ids_remove.items[0]),
    NUMBER(ACT_MEMBER_UPDATE, act.member_update.class_ids_remove.count),
    NUMBER(ACT_MEMBER_UPDATE, act.member_update.status),
    NUMBER(ACT_MEMBER_UPDATE, act.member_update.has_person),
    NUMBER(ACT_MEMBER_CLOSE, act.member_close),
    NUMBER(ACT_CARD_ISSUE, act.card.member),
    NUMBER(ACT_CARD_ISSUE, act.card.card),
    NUMBER(ACT_CARD_BLOCK, act.card.card),
    NUMBER(ACT_CARD_REPLACE, act.card.card),
    NUMBER(ACT_CARD_REPLACE, act.card.new_card),
    NUMBER(ACT_STOCK_RECEIVE, act.stock_receive.counter),
    NUMBER(ACT_STOCK_RECEIVE, act.stock_receive.line_count),
    NUMBER(ACT_STOCK_RECEIVE, act.stock_receive.lines[0].item),
    NUMBER(ACT_STOCK_RECEIVE, act.stock_receive.lines[1].quantity),
    NUMBER(ACT_STOCK_RECEIVE, act.stock_receive.lines[1].best_before_day),
    TEXT(ACT_STOCK_RECEIVE, act.stock_receive.donor),
    NUMBER(ACT_SERVICE_RECORD, act.service_record.member.member),
    NUMBER(ACT_SERVICE_RECORD, act.service_record.member.card),
    NUMBER(ACT_SERVICE_RECORD, act.service_record.category),
    NUMBER(ACT_SERVICE_RECORD, act.service_record.minutes),
    NUMBER(ACT_SERVICE_RECORD, act.service_record.start_minute),
    NUMBER(ACT_SERVICE_RECORD, act.service_record.activity),
    NUMBER(ACT_SERVICE_RECORD, act.service_record.org),
    NUMBER(ACT_REDEEM, act.redeem.member.member),
    NUMBER(ACT_REDEEM, act.redeem.member.card),
    NUMBER(ACT_REDEEM, act.redeem.counter),
    NUMBER(ACT_REDEEM, act.redeem.line_count),
    NUMBER(ACT_REDEEM, act.redeem.lines[0].item),
    NUMBER(ACT_REDEEM, act.redeem.lines[0].quantity),
    NUMBER(ACT_SERVICE_ASK, act.service_ask.member.member),
    NUMBER(ACT_SERVICE_ASK, act.service_ask.member.card),
    NUMBER(ACT_SERVICE_ASK, act.service_ask.counter),
    NUMBER(ACT_SERVICE_ASK, act.service_ask.item),
    NUMBER(ACT_SERVICE_ASK, act.service_ask.quantity),
    NUMBER(ACT_SERVICE_GIVE, act.service_give.ask.entry),
    NUMBER(ACT_SERVICE_GIVE, act.service_give.ask.request.bytes[15]),
    NUMBER(ACT_SERVICE_GIVE, act.service_give.giver.member),
    NUMBER(ACT_SERVICE_GIVE, act.service_give.giver.card),
    NUMBER(ACT_SERVICE_GIVE, act.service_give.category),
    NUMBER(ACT_SERVICE_GIVE, act.service_give.minutes),
    NUMBER(ACT_SERVICE_GIVE, act.service_give.start_minute),
    NUMBER(ACT_SERVICE_RELEASE, act.service_release.entry),
    NUMBER(ACT_SERVICE_RELEASE, act.service_release.request.bytes[0]),
    NUMBER(ACT_REVERSE, act.reverse.entry),
    NUMBER(ACT_REVERSE, act.reverse.request.bytes[0]),
    NUMBER(ACT_OPENING_BALANCE, act.opening_balance.member.member),
    NUMBER(ACT_OPENING_BALANCE, act.opening_balance.member.card),
    NUMBER(ACT_OPENING_BALANCE, act.opening_balance.points_centi),
    NUMBER(ACT_OPENING_BALANCE, act.opening_balance.last_day),
    NUMBER(ACT_OPENING_BALANCE, act.opening_balance.minutes),
    NUMBER(ACT_OPENING_BALANCE, act.opening_balance.year),
    NUMBER(ACT_OPERATOR_OPEN, act.operator_open.member),
    TEXT(ACT_OPERATOR_OPEN, act.operator_open.login),
    NUMBER(ACT_DEVICE_OPEN, act.device_open.org),
    NUMBER(ACT_DEVICE_OPEN, act.device_open.counter),
    NUMBER(ACT_DEVICE_OPEN, act.device_open.token_hash[31]),
    TEXT(ACT_DEVICE_OPEN, act.device_open.name),
    NUMBER(ACT_PRINCIPAL_SET, act.principal_set.principal),
    NUMBER(ACT_PRINCIPAL_SET, act.principal_set.state),
    NUMBER(ACT_PRINCIPAL_SET, act.principal_set.member),
    NUMBER(ACT_CREDENTIAL_SET, act.credential_set.principal),
    NUMBER(ACT_ROLE_SET, act.role_set.principal),
    NUMBER(ACT_ROLE_SET, act.role_set.roles.count),
    NUMBER(ACT_ROLE_SET, act.role_set.roles.items[0].role),
    NUMBER(ACT_ROLE_SET, act.role_set.roles.items[1].org),
    NUMBER(ACT_POLICY_SET, act.policy_set.service_minutes),
    NUMBER(ACT_POLICY_SET, act.policy_set.points_centi),
    NUMBER(ACT_POLICY_SET, act.policy_set.back_days),
    NUMBER(ACT_POLICY_SET, act.policy_set.import_rows),
    NUMBER(ACT_POLICY_SET, act.policy_set.reversals),
    NUMBER(ACT_POLICY_SET, act.policy_set.undo_minutes),
    NUMBER(ACT_POLICY_SET, act.policy_set.proposal_days),
    NUMBER(ACT_POLICY_SET, act.policy_set.opening_balances),
    NUMBER(ACT_PROPOSAL_DECIDE, act.proposal_decide.proposal.entry),
    NUMBER(ACT_PROPOSAL_DECIDE, act.proposal_decide.proposal.request.bytes[0]),
    NUMBER(ACT_PROPOSAL_DECIDE, act.proposal_decide.confirm),
    NUMBER(ACT_REVEAL, act.reveal),
    NUMBER(ACT_MEMBER_ERASE, act.member_erase),
    NUMBER(ACT_CONSENT_SET, act.consent_set.member),
    NUMBER(ACT_CONSENT_SET, act.consent_set.publish_name),
    NUMBER(ACT_CONSENT_SET, act.consent_set.contact),
};

/* Not part of what was asked: fields that name or describe people, and secrets, which are never in
 * the ledger; and from where it came. */
static const struct field other_fields[] = {
    TEXT(ACT_NONE, memo),
    NUMBER(ACT_NONE, desk),
    NUMBER(ACT_NONE, import),
    TEXT(ACT_MEMBER_REGISTER, act.member_register.person.name),
    TEXT(ACT_MEMBER_REGISTER, act.member_register.person.phone),
    NUMBER(ACT_MEMBER_REGISTER, act.member_register.person.birth_day),
    TEXT(ACT_MEMBER_UPDATE, act.member_update.person.name),
    TEXT(ACT_MEMBER_UPDATE, act.member_update.person.id_number),
    NUMBER(ACT_OPERATOR_OPEN, act.operator_open.credential.kind),
    TEXT(ACT_OPERATOR_OPEN, act.operator_open.credential.verifier),
    TEXT(ACT_CREDENTIAL_SET, act.credential_set.credential.verifier),
    NUMBER(ACT_CREDENTIAL_SET, act.credential_set.credential.expires_ms),
};

static void change(struct command *command, const struct field *field)
{
    unsigned char *place = (unsigned char *)command + field->offset;
    if (field->type == FIELD_TEXT) {
        const struct bytes other = BYTES_LITERAL("别的");
        memcpy(place, &other, sizeof(other));
    } else {
        *place ^= 1; /* every number differs when its first byte does; a bool turns over */
    }
}

static bool changed_is_equal(enum act_kind kind, const struct field *field)
{
    const struct command command = sample_command(kind);
    struct command changed = command;
    change(&changed, field);
    bool there = bank_command_equal(&command, &changed);
    assert_int_equal(there, bank_command_equal(&changed, &command));
    return there;
}

static void every_kept_field_makes_a_command_another(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(kept_fields) / sizeof(kept_fields[0]); i++) {
        const struct field *field = &kept_fields[i];
        for (size_t k = 0; k < SAMPLE_KIND_COUNT; k++) {
            bool applies = field->kind == ACT_NONE || field->kind == sample_kinds[k];
            if (applies && changed_is_equal(sample_kinds[k], field)) {
                fail_msg("kind %d: %s does not count", (int)sample_kinds[k], field->name);
            }
        }
    }
}

static void person_credential_memo_desk_and_import_do_not_count(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(other_fields) / sizeof(other_fields[0]); i++) {
        const struct field *field = &other_fields[i];
        enum act_kind kind = field->kind == ACT_NONE ? ACT_REVERSE : field->kind;
        if (!changed_is_equal(kind, field)) {
            fail_msg("kind %d: %s counts", (int)kind, field->name);
        }
    }
}

static void a_command_equals_its_copy_and_no_other_kind(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLE_KIND_COUNT; i++) {
        struct command command = sample_command(sample_kinds[i]);
        struct command copy = command;
        assert_true(bank_command_equal(&command, &copy));
        copy.kind = ACT_NONE;
        assert_false(bank_command_equal(&command, &copy));
    }
    const struct command nothing = {.kind = ACT_NONE};
    assert_true(bank_command_equal(&nothing, &nothing));
    const struct command unknown = {.kind = (enum act_kind)99};
    assert_false(bank_command_equal(&unknown, &unknown));
}

/* What follows the last line is not part of the command. */
static void lines_beyond_the_count_do_not_count(void **state)
{
    (void)state;
    const struct command command = sample_command(ACT_REDEEM);
    struct command other = command;
    other.act.redeem.lines[1] = (struct redeem_line){9, 9};
    assert_true(bank_command_equal(&command, &other));
}

static void only_registering_and_updating_carry_a_person(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLE_KIND_COUNT; i++) {
        struct command command = sample_command(sample_kinds[i]);
        bool carries = command.kind == ACT_MEMBER_REGISTER || command.kind == ACT_MEMBER_UPDATE;
        assert_int_equal(bank_command_person(&command) != NULL, carries);
        bank_command_clear_sealed(&command);
        assert_true(!carries || bank_command_person(&command)->name.size == 0);
        assert_true(!carries || bank_command_person(&command)->birth_day == DAY_NONE);
    }
    struct command update = sample_command(ACT_MEMBER_UPDATE);
    update.act.member_update.has_person = false;
    assert_null(bank_command_person(&update));
}

static void only_opening_an_operator_and_setting_it_carry_a_credential(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLE_KIND_COUNT; i++) {
        struct command command = sample_command(sample_kinds[i]);
        bool carries = command.kind == ACT_OPERATOR_OPEN || command.kind == ACT_CREDENTIAL_SET;
        assert_int_equal(bank_command_credential(&command) != NULL, carries);
        bank_command_clear_sealed(&command);
        assert_null(bank_command_credential(&command));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kept_field_makes_a_command_another),
        cmocka_unit_test(person_credential_memo_desk_and_import_do_not_count),
        cmocka_unit_test(a_command_equals_its_copy_and_no_other_kind),
        cmocka_unit_test(lines_beyond_the_count_do_not_count),
        cmocka_unit_test(only_registering_and_updating_carry_a_person),
        cmocka_unit_test(only_opening_an_operator_and_setting_it_carry_a_credential),
    };
    return cmocka_run_group_tests_name("bank equal", tests, NULL, NULL);
}
