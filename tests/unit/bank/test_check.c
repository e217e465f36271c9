/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* The form of commands: every field's range and text, what may be left out and what may not. */
#include "samples_for_tests.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct verdict checked(const struct command *command)
{
    return bank_command_check(command);
}

static void expect(const struct command *command, enum lb_result code, const char *field,
                   const char *what)
{
    struct verdict verdict = checked(command);
    if (verdict.code != code || strcmp(verdict.text, field) != 0) {
        fail_msg("%s: got %s of '%s', expected %s of '%s'", what, lb_result_name((int)verdict.code),
                 verdict.text, lb_result_name((int)code), field);
    }
}

/* A good command of that kind, called `c`, spoilt by one statement. */
#define REFUSES(kind, code, field, ...)          \
    do {                                         \
        struct command c = sample_command(kind); \
        __VA_ARGS__;                             \
        expect(&c, code, field, #__VA_ARGS__);   \
    } while (0)
#define ACCEPTS(kind, ...) REFUSES(kind, LB_OK, "", __VA_ARGS__)

/* Numbers: a field, its width, its range. */
struct number_field {
    enum act_kind kind;
    size_t offset;
    size_t bytes;
    int64_t min;
    int64_t max;
    bool may_be_zero; /* left out */
    bool is_missing;  /* zero is answered with field_missing, not field_invalid */
    const char *name;
};

#define AT(path) offsetof(struct command, path), sizeof(((struct command *)NULL)->path)
#define REQUIRED(kind, path, max, name)                      \
    {                                                        \
        kind, AT(path), 1, (int64_t)(max), false, true, name \
    }
#define OPTIONAL(kind, path, max, name)                      \
    {                                                        \
        kind, AT(path), 1, (int64_t)(max), true, false, name \
    }
#define RANGE(kind, path, min, max, name)            \
    {                                                \
        kind, AT(path), min, max, false, false, name \
    }

static const struct number_field number_fields[] = {
    REQUIRED(ACT_ORG_OPEN, act.org_open.org, LB_ORG_MAX, "org"),
    OPTIONAL(ACT_ORG_OPEN, act.org_open.parent, LB_ORG_MAX, "parent"),
    RANGE(ACT_ORG_OPEN, act.org_open.kind, ORG_DISTRICT, ORG_OTHER, "kind"),
    OPTIONAL(ACT_ORG_UPDATE, import, INT64_MAX, "import"),
    REQUIRED(ACT_ORG_UPDATE, act.org_update.org, LB_ORG_MAX, "org"),
    OPTIONAL(ACT_ORG_UPDATE, act.org_update.parent, LB_ORG_MAX, "parent"),
    REQUIRED(ACT_CLASS_SET, act.class_set.class_id, LB_CODE_MAX, "class_id"),
    REQUIRED(ACT_TARIFF_SET, act.tariff_set.category, LB_CODE_MAX, "category"),
    RANGE(ACT_TARIFF_SET, act.tariff_set.points_per_hour_centi, 0, 10000000, "points_per_hour"),
    RANGE(ACT_TARIFF_SET, act.tariff_set.coefficient_permille, 1, 100000, "coefficient"),
    RANGE(ACT_TARIFF_SET, act.tariff_set.rounding_minutes, 1, 1440, "rounding_minutes"),
    RANGE(ACT_TARIFF_SET, act.tariff_set.expiry_kind, EXPIRY_NEVER, EXPIRY_YEARS, "expiry_kind"),
    RANGE(ACT_TARIFF_SET, act.tariff_set.expiry_years, 1, 100, "expiry_years"),
    RANGE(ACT_TARIFF_SET, act.tariff_set.day_minutes_max, 1, 1440, "day_minutes_max"),
    REQUIRED(ACT_ITEM_SET, act.item_set.item, LB_CODE_MAX, "item"),
    RANGE(ACT_ITEM_SET, act.item_set.kind, ITEM_GOODS, ITEM_SERVICE, "kind"),
    OPTIONAL(ACT_ITEM_SET, act.item_set.barcode, INT64_C(99999999999999), "barcode"),
    RANGE(ACT_ITEM_SET, act.item_set.price_centi, 0, LB_POINTS_CENTI_MAX, "price"),
    REQUIRED(ACT_COUNTER_OPEN, act.counter_open.counter, LB_CODE_MAX, "counter"),
    REQUIRED(ACT_COUNTER_OPEN, act.counter_open.org, LB_ORG_MAX, "org"),
    REQUIRED(ACT_ACTIVITY_OPEN, act.activity_open.org, LB_ORG_MAX, "org"),
    OPTIONAL(ACT_MEMBER_REGISTER, act.member_register.member, LB_MEMBER_MAX, "member"),
    REQUIRED(ACT_MEMBER_REGISTER, act.member_register.org, LB_ORG_MAX, "org"),
    REQUIRED(ACT_MEMBER_REGISTER, act.member_register.class_ids.items[0], LB_CODE_MAX, "class_ids"),
    REQUIRED(ACT_MEMBER_UPDATE, act.member_update.member, LB_MEMBER_MAX, "member"),
    OPTIONAL(ACT_MEMBER_UPDATE, act.member_update.org, LB_ORG_MAX, "org"),
    REQUIRED(ACT_MEMBER_UPDATE, act.member_update.class_ids_add.items[0], LB_CODE_MAX,
             "class_ids_add"),
    REQUIRED(ACT_MEMBER_UPDATE, act.member_update.class_ids_remove.items[0], LB_CODE_MAX,
             "class_ids_remove"),
    RANGE(ACT_MEMBER_UPDATE, act.member_update.status, MEMBER_UNSPECIFIED, MEMBER_BLOCKED,
          "status"),
    RANGE(ACT_MEMBER_UPDATE, act.member_update.person.gender, GENDER_NONE, GENDER_FEMALE,
          "person.gender"),
    REQUIRED(ACT_MEMBER_CLOSE, act.member_close, LB_MEMBER_MAX, "member"),
    REQUIRED(ACT_CARD_ISSUE, act.card.member, LB_MEMBER_MAX, "member"),
    REQUIRED(ACT_STOCK_RECEIVE, act.stock_receive.counter, LB_CODE_MAX, "counter"),
    REQUIRED(ACT_STOCK_RECEIVE, act.stock_receive.lines[1].item, LB_CODE_MAX, "lines.item"),
    RANGE(ACT_STOCK_RECEIVE, act.stock_receive.lines[1].best_before_day, 0, DATE_DAY_MAX,
          "lines.best_before_day"),
    REQUIRED(ACT_SERVICE_RECORD, act.service_record.member.member, LB_MEMBER_MAX, "member"),
    REQUIRED(ACT_SERVICE_RECORD, act.service_record.category, LB_CODE_MAX, "category"),
    OPTIONAL(ACT_SERVICE_RECORD, act.service_record.org, LB_ORG_MAX, "org"),
    REQUIRED(ACT_REDEEM, act.redeem.counter, LB_CODE_MAX, "counter"),
    REQUIRED(ACT_REDEEM, act.redeem.lines[0].item, LB_CODE_MAX, "lines.item"),
    REQUIRED(ACT_SERVICE_ASK, act.service_ask.member.member, LB_MEMBER_MAX, "member"),
    REQUIRED(ACT_SERVICE_ASK, act.service_ask.counter, LB_CODE_MAX, "counter"),
    REQUIRED(ACT_SERVICE_ASK, act.service_ask.item, LB_CODE_MAX, "item"),
    REQUIRED(ACT_SERVICE_GIVE, act.service_give.ask.entry, INT64_MAX, "ask"),
    REQUIRED(ACT_SERVICE_GIVE, act.service_give.giver.member, LB_MEMBER_MAX, "giver"),
    REQUIRED(ACT_SERVICE_GIVE, act.service_give.category, LB_CODE_MAX, "category"),
    REQUIRED(ACT_SERVICE_RELEASE, act.service_release.entry, INT64_MAX, "ask"),
    REQUIRED(ACT_REVERSE, act.reverse.entry, INT64_MAX, "target"),
    REQUIRED(ACT_OPENING_BALANCE, act.opening_balance.member.member, LB_MEMBER_MAX, "member"),
    RANGE(ACT_OPENING_BALANCE, act.opening_balance.last_day, 0, DATE_DAY_MAX, "last_day"),
    RANGE(ACT_OPENING_BALANCE, act.opening_balance.year, 1900, 2199, "year"),
    OPTIONAL(ACT_OPERATOR_OPEN, act.operator_open.member, LB_MEMBER_MAX, "member"),
    REQUIRED(ACT_DEVICE_OPEN, act.device_open.org, LB_ORG_MAX, "org"),
    OPTIONAL(ACT_DEVICE_OPEN, act.device_open.counter, LB_CODE_MAX, "counter"),
    REQUIRED(ACT_PRINCIPAL_SET, act.principal_set.principal, LB_PRINCIPAL_MAX, "principal"),
    RANGE(ACT_PRINCIPAL_SET, act.principal_set.state, PRINCIPAL_UNSPECIFIED, PRINCIPAL_CLOSED,
          "state"),
    OPTIONAL(ACT_PRINCIPAL_SET, act.principal_set.member, LB_MEMBER_MAX, "member"),
    REQUIRED(ACT_CREDENTIAL_SET, act.credential_set.principal, LB_PRINCIPAL_MAX, "principal"),
    REQUIRED(ACT_ROLE_SET, act.role_set.principal, LB_PRINCIPAL_MAX, "principal"),
    RANGE(ACT_ROLE_SET, act.role_set.roles.items[1].role, ROLE_VIEWER, ROLE_DISTRICT, "roles.role"),
    OPTIONAL(ACT_ROLE_SET, act.role_set.roles.items[0].org, LB_ORG_MAX, "roles.org"),
};

/* Little-endian, as every machine we build for. */
static struct command with_number(const struct number_field *field, int64_t value)
{
    struct command command = sample_command(field->kind);
    memcpy((unsigned char *)&command + field->offset, &value, field->bytes);
    return command;
}

static void numbers_at_both_ends_of_their_range_are_accepted(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(number_fields) / sizeof(number_fields[0]); i++) {
        const struct number_field *field = &number_fields[i];
        struct command low = with_number(field, field->min);
        struct command high = with_number(field, field->max);
        expect(&low, LB_OK, "", field->name);
        expect(&high, LB_OK, "", field->name);
        if (field->may_be_zero) {
            struct command none = with_number(field, 0);
            expect(&none, LB_OK, "", field->name);
        }
    }
}

static void numbers_beyond_their_range_are_refused_by_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(number_fields) / sizeof(number_fields[0]); i++) {
        const struct number_field *field = &number_fields[i];
        uint64_t above = (uint64_t)field->max + 1;
        struct command high = with_number(field, (int64_t)above);
        expect(&high, LB_FIELD_INVALID, field->name, "above");
        assert_int_equal(checked(&high).a, above > INT64_MAX ? INT64_MAX : above);
        assert_int_equal(checked(&high).b, field->min);
        assert_int_equal(checked(&high).c, field->max);
        if (field->is_missing) {
            struct command none = with_number(field, 0);
            expect(&none, LB_FIELD_MISSING, field->name, "zero");
        } else if (!field->may_be_zero) {
            struct command low = with_number(field, field->min - 1);
            expect(&low, LB_FIELD_INVALID, field->name, "below");
        }
    }
}

/* Texts: a field, its cap. */
struct text_field {
    enum act_kind kind;
    size_t offset;
    size_t bytes_max;
    bool is_required;
    bool may_have_lines;
    const char *name;
};

#define TEXT(kind, path, max, required, name)                            \
    {                                                                    \
        kind, offsetof(struct command, path), max, required, false, name \
    }

static const struct text_field text_fields[] = {
    {ACT_MEMBER_CLOSE, offsetof(struct command, memo), LB_MEMO_BYTES_MAX, false, true, "memo"},
    {ACT_REVERSE, offsetof(struct command, memo), LB_MEMO_BYTES_MAX, true, true, "memo"},
    TEXT(ACT_ORG_OPEN, act.org_open.name, LB_NAME_BYTES_MAX, true, "name"),
    TEXT(ACT_ORG_UPDATE, act.org_update.name, LB_NAME_BYTES_MAX, false, "name"),
    TEXT(ACT_CLASS_SET, act.class_set.name, LB_NAME_BYTES_MAX, true, "name"),
    TEXT(ACT_TARIFF_SET, act.tariff_set.name, LB_NAME_BYTES_MAX, true, "name"),
    TEXT(ACT_ITEM_SET, act.item_set.name, LB_NAME_BYTES_MAX, true, "name"),
    TEXT(ACT_ITEM_SET, act.item_set.unit, LB_NAME_BYTES_MAX, false, "unit"),
    TEXT(ACT_COUNTER_OPEN, act.counter_open.name, LB_NAME_BYTES_MAX, true, "name"),
    TEXT(ACT_IMPORT_OPEN, act.import_open.kind, LB_NAME_BYTES_MAX, true, "kind"),
    TEXT(ACT_ACTIVITY_OPEN, act.activity_open.name, LB_NAME_BYTES_MAX, true, "name"),
    TEXT(ACT_ACTIVITY_OPEN, act.activity_open.place, LB_NAME_BYTES_MAX, false, "place"),
    TEXT(ACT_ACTIVITY_OPEN, act.activity_open.content, LB_MEMO_BYTES_MAX, false, "content"),
    TEXT(ACT_MEMBER_REGISTER, act.member_register.person.name, LB_NAME_BYTES_MAX, true,
         "person.name"),
    TEXT(ACT_MEMBER_UPDATE, act.member_update.person.name, LB_NAME_BYTES_MAX, true, "person.name"),
    TEXT(ACT_MEMBER_REGISTER, act.member_register.person.id_number, LB_CONTACT_BYTES_MAX, false,
         "person.id_number"),
    TEXT(ACT_MEMBER_REGISTER, act.member_register.person.address, LB_CONTACT_BYTES_MAX, false,
         "person.address"),
    TEXT(ACT_MEMBER_REGISTER, act.member_register.person.phone, LB_CONTACT_BYTES_MAX, false,
         "person.phone"),
    TEXT(ACT_MEMBER_REGISTER, act.member_register.person.skills, LB_CONTACT_BYTES_MAX, false,
         "person.skills"),
    TEXT(ACT_MEMBER_REGISTER, act.member_register.person.wishes, LB_CONTACT_BYTES_MAX, false,
         "person.wishes"),
    TEXT(ACT_STOCK_RECEIVE, act.stock_receive.donor, LB_NAME_BYTES_MAX, false, "donor"),
    TEXT(ACT_DEVICE_OPEN, act.device_open.name, LB_NAME_BYTES_MAX, true, "name"),
    TEXT(ACT_OPERATOR_OPEN, act.operator_open.login, LB_LOGIN_BYTES_MAX, true, "login"),
};

static void expect_text(const struct text_field *field, struct bytes text, enum lb_result code)
{
    struct command command = sample_command(field->kind);
    memcpy((unsigned char *)&command + field->offset, &text, sizeof(text));
    expect(&command, code, code == LB_OK ? "" : field->name, field->name);
}

static void texts_up_to_their_cap_are_accepted_and_longer_ones_refused(void **state)
{
    (void)state;
    static uint8_t letters[LB_MEMO_BYTES_MAX + 1];
    memset(letters, 'x', sizeof(letters));
    for (size_t i = 0; i < sizeof(text_fields) / sizeof(text_fields[0]); i++) {
        const struct text_field *field = &text_fields[i];
        expect_text(field, bytes_of(letters, field->bytes_max), LB_OK);
        expect_text(field, bytes_of(letters, field->bytes_max + 1), LB_TEXT_TOO_LONG);
        expect_text(field, bytes_of(NULL, 0), field->is_required ? LB_FIELD_MISSING : LB_OK);
    }
}

static void texts_that_are_not_plain_utf8_are_refused(void **state)
{
    (void)state;
    static const struct bytes bad[] = {
        BYTES_LITERAL("\xff"),         /* no UTF-8 */
        BYTES_LITERAL("\xe7\xa4"),     /* cut short */
        BYTES_LITERAL("\xc0\xaf"),     /* overlong */
        BYTES_LITERAL("\xed\xa0\x80"), /* surrogate */
        BYTES_LITERAL("a\0b"),         /* NUL */
        BYTES_LITERAL("\x1b[31m"),     /* escape sequence */
        BYTES_LITERAL("a\tb"),         /* tab */
        BYTES_LITERAL("\xe2\x80\xae"), /* right-to-left override */
    };
    for (size_t i = 0; i < sizeof(text_fields) / sizeof(text_fields[0]); i++) {
        for (size_t j = 0; j < sizeof(bad) / sizeof(bad[0]); j++) {
            expect_text(&text_fields[i], bad[j], LB_TEXT_INVALID);
        }
    }
}

static void only_the_memo_may_have_several_lines(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(text_fields) / sizeof(text_fields[0]); i++) {
        expect_text(&text_fields[i], BYTES_LITERAL("一\n二"),
                    text_fields[i].may_have_lines ? LB_OK : LB_TEXT_INVALID);
    }
}

static void the_samples_of_all_kinds_are_accepted(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLE_KIND_COUNT; i++) {
        ACCEPTS(sample_kinds[i], (void)c);
        ACCEPTS(sample_kinds[i], c.day = DAY_NONE);
    }
}

static void what_every_command_needs(void **state)
{
    (void)state;
    REFUSES(ACT_REDEEM, LB_FIELD_MISSING, "id", c.id = (struct id){{0}});
    REFUSES(ACT_REDEEM, LB_FIELD_MISSING, "act", c.kind = ACT_NONE);
    REFUSES(ACT_REDEEM, LB_DATE_INVALID, "day", c.day = DATE_DAY_MIN - 1);
    REFUSES(ACT_REDEEM, LB_DATE_INVALID, "day", c.day = DATE_DAY_MAX + 1);
    ACCEPTS(ACT_REDEEM, c.day = DATE_DAY_MIN);
    ACCEPTS(ACT_REDEEM, c.day = DATE_DAY_MAX);
}

static void a_member_is_named_once_by_number_or_by_card(void **state)
{
    (void)state;
    const uint64_t card = lb_card_of_serial(7);
    REFUSES(ACT_REDEEM, LB_FIELD_INVALID, "member",
            c.act.redeem.member = (struct member_ref){1, card});
    REFUSES(ACT_REDEEM, LB_FIELD_MISSING, "member",
            c.act.redeem.member = (struct member_ref){0, 0});
    REFUSES(ACT_SERVICE_GIVE, LB_FIELD_INVALID, "giver",
            c.act.service_give.giver = (struct member_ref){1, card});
    ACCEPTS(ACT_SERVICE_ASK, c.act.service_ask.member = (struct member_ref){0, card});
}

static void an_entry_is_named_once_by_number_or_by_request(void **state)
{
    (void)state;
    REFUSES(ACT_REVERSE, LB_FIELD_INVALID, "target", c.act.reverse.request.bytes[3] = 1);
    ACCEPTS(ACT_REVERSE, c.act.reverse = (struct entry_ref){.request = {{1}}});
    ACCEPTS(ACT_SERVICE_RELEASE, c.act.service_release = (struct entry_ref){.request = {{1}}});
}

static void a_wrong_check_digit_is_told_from_a_wrong_number(void **state)
{
    (void)state;
    const uint64_t wrong = lb_card_of_serial(1) ^ 1;
    REFUSES(ACT_REDEEM, LB_CARD_CHECK_DIGIT, "", c.act.redeem.member.card = wrong);
    REFUSES(ACT_MEMBER_REGISTER, LB_CARD_CHECK_DIGIT, "", c.act.member_register.card = wrong);
    REFUSES(ACT_CARD_ISSUE, LB_CARD_CHECK_DIGIT, "", c.act.card.card = wrong);
    REFUSES(ACT_CARD_BLOCK, LB_CARD_CHECK_DIGIT, "", c.act.card.card = wrong);
    REFUSES(ACT_CARD_REPLACE, LB_CARD_CHECK_DIGIT, "", c.act.card.new_card = wrong);
    REFUSES(ACT_CARD_BLOCK, LB_FIELD_INVALID, "card", c.act.card.card = LB_CARD_MAX + 1);
    REFUSES(ACT_CARD_BLOCK, LB_FIELD_MISSING, "card", c.act.card.card = 0);
    REFUSES(ACT_CARD_REPLACE, LB_FIELD_MISSING, "card", c.act.card.card = 0);
    ACCEPTS(ACT_CARD_REPLACE, c.act.card.new_card = 0);
    ACCEPTS(ACT_CARD_ISSUE, c.act.card.card = 0);
}

static void an_opening_balance_has_points_or_hours_of_a_year(void **state)
{
    (void)state;
    REFUSES(ACT_OPENING_BALANCE, LB_FIELD_MISSING, "points, minutes",
            c.act.opening_balance =
                ((struct act_opening_balance){.member = {.member = 2}, .last_day = DAY_NONE}));
    REFUSES(ACT_OPENING_BALANCE, LB_FIELD_MISSING, "points",
            c.act.opening_balance.points_centi = 0);
    REFUSES(ACT_OPENING_BALANCE, LB_FIELD_MISSING, "minutes", c.act.opening_balance.minutes = 0);
    REFUSES(ACT_OPENING_BALANCE, LB_FIELD_MISSING, "year", c.act.opening_balance.year = 0);
    REFUSES(ACT_OPENING_BALANCE, LB_FIELD_INVALID, "points",
            c.act.opening_balance.points_centi = -1);
    REFUSES(ACT_OPENING_BALANCE, LB_FIELD_INVALID, "points",
            c.act.opening_balance.points_centi = LB_POINTS_CENTI_MAX + 1);
    ACCEPTS(ACT_OPENING_BALANCE, c.act.opening_balance.points_centi = LB_POINTS_CENTI_MAX);
    REFUSES(ACT_OPENING_BALANCE, LB_FIELD_INVALID, "minutes",
            c.act.opening_balance.minutes = LB_OPENING_MINUTES_MAX + 1);
    ACCEPTS(ACT_OPENING_BALANCE, c.act.opening_balance.minutes = LB_OPENING_MINUTES_MAX);
    ACCEPTS(ACT_OPENING_BALANCE, c.act.opening_balance.last_day = DAY_NONE);
    ACCEPTS(ACT_OPENING_BALANCE, c.act.opening_balance.minutes = c.act.opening_balance.year = 0);
    ACCEPTS(ACT_OPENING_BALANCE,
            c.act.opening_balance = ((struct act_opening_balance){
                .member = {.member = 2}, .last_day = DAY_NONE, .minutes = 1, .year = 2015}));
}

static void minutes_are_from_1_to_a_day(void **state)
{
    (void)state;
    REFUSES(ACT_SERVICE_RECORD, LB_MINUTES_INVALID, "", c.act.service_record.minutes = 0);
    REFUSES(ACT_SERVICE_RECORD, LB_MINUTES_INVALID, "", c.act.service_record.minutes = 1441);
    REFUSES(ACT_SERVICE_RECORD, LB_MINUTES_INVALID, "", c.act.service_record.minutes = UINT32_MAX);
    REFUSES(ACT_SERVICE_GIVE, LB_MINUTES_INVALID, "", c.act.service_give.minutes = 0);
    ACCEPTS(ACT_SERVICE_RECORD, c.act.service_record.minutes = 1440);
    ACCEPTS(ACT_SERVICE_RECORD, c.act.service_record.minutes = 1);
}

static void a_start_is_a_minute_of_the_day_or_not_given(void **state)
{
    (void)state;
    const int32_t bad[] = {-2, INT32_MIN, 1440, INT32_MAX};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        REFUSES(ACT_SERVICE_RECORD, LB_FIELD_INVALID, "start_minute",
                c.act.service_record.start_minute = bad[i]);
        REFUSES(ACT_SERVICE_GIVE, LB_FIELD_INVALID, "start_minute",
                c.act.service_give.start_minute = bad[i]);
    }
    ACCEPTS(ACT_SERVICE_RECORD, c.act.service_record.start_minute = -1);
    ACCEPTS(ACT_SERVICE_RECORD, c.act.service_record.start_minute = 0);
    ACCEPTS(ACT_SERVICE_GIVE, c.act.service_give.start_minute = 1439);
}

static void quantities_are_at_least_1(void **state)
{
    (void)state;
    const int64_t bad[] = {0, -1, INT64_MIN, LB_QUANTITY_MAX + 1};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        REFUSES(ACT_REDEEM, LB_QUANTITY_INVALID, "", c.act.redeem.lines[0].quantity = bad[i]);
        REFUSES(ACT_SERVICE_ASK, LB_QUANTITY_INVALID, "", c.act.service_ask.quantity = bad[i]);
        REFUSES(ACT_STOCK_RECEIVE, LB_QUANTITY_INVALID, "",
                c.act.stock_receive.lines[1].quantity = bad[i]);
    }
    ACCEPTS(ACT_REDEEM, c.act.redeem.lines[0].quantity = LB_QUANTITY_MAX);
}

static void lists_of_lines_may_not_be_empty(void **state)
{
    (void)state;
    REFUSES(ACT_REDEEM, LB_FIELD_MISSING, "lines", c.act.redeem.line_count = 0);
    REFUSES(ACT_STOCK_RECEIVE, LB_FIELD_MISSING, "lines", c.act.stock_receive.line_count = 0);
}

static void a_class_is_named_once(void **state)
{
    (void)state;
    REFUSES(ACT_MEMBER_REGISTER, LB_FIELD_INVALID, "class_ids",
            c.act.member_register.class_ids = ((struct codes){{4, 5, 4}, 3}));
    REFUSES(ACT_MEMBER_UPDATE, LB_FIELD_INVALID, "class_ids_add",
            c.act.member_update.class_ids_add = ((struct codes){{4, 4}, 2}));
    ACCEPTS(ACT_MEMBER_REGISTER, c.act.member_register.class_ids.count = 0);
}

static void a_class_cannot_be_added_and_removed_at_once(void **state)
{
    (void)state;
    REFUSES(ACT_MEMBER_UPDATE, LB_FIELD_INVALID, "class_ids_remove",
            c.act.member_update.class_ids_remove = c.act.member_update.class_ids_add);
}

static void a_star_table_rises_and_has_1_to_10_steps(void **state)
{
    (void)state;
    REFUSES(ACT_STAR_TABLE_SET, LB_FIELD_MISSING, "hours", c.act.star_hours.count = 0);
    REFUSES(ACT_STAR_TABLE_SET, LB_FIELD_INVALID, "hours",
            c.act.star_hours = ((struct codes){{100, 100}, 2}));
    REFUSES(ACT_STAR_TABLE_SET, LB_FIELD_INVALID, "hours",
            c.act.star_hours = ((struct codes){{100, 50}, 2}));
    REFUSES(ACT_STAR_TABLE_SET, LB_FIELD_INVALID, "hours", c.act.star_hours.items[0] = 0);
    REFUSES(ACT_STAR_TABLE_SET, LB_FIELD_INVALID, "hours", c.act.star_hours.items[2] = 1000001);
    REFUSES(ACT_STAR_TABLE_SET, LB_FIELD_INVALID, "hours",
            c.act.star_hours = ((struct codes){{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, 11}));
    ACCEPTS(ACT_STAR_TABLE_SET,
            c.act.star_hours = ((struct codes){{1, 2, 3, 4, 5, 6, 7, 8, 9, 1000000}, 10}));
}

static void an_import_is_opened_under_no_other(void **state)
{
    (void)state;
    REFUSES(ACT_IMPORT_OPEN, LB_FIELD_INVALID, "import", c.import = 1);
    ACCEPTS(ACT_IMPORT_OPEN, c.act.import_open.rows = 0);
    ACCEPTS(ACT_IMPORT_OPEN, c.act.import_open.rows = UINT32_MAX);
}

static void an_update_must_change_something(void **state)
{
    (void)state;
    REFUSES(ACT_ORG_UPDATE, LB_FIELD_MISSING, "parent, name, close",
            c.act.org_update = (struct act_org_update){.org = 2});
    ACCEPTS(ACT_ORG_UPDATE, c.act.org_update = (struct act_org_update){.org = 2, .close = true});
    REFUSES(ACT_MEMBER_UPDATE, LB_FIELD_MISSING, "org, class_ids, status, person",
            c.act.member_update = (struct act_member_update){.member = 2});
    ACCEPTS(ACT_MEMBER_UPDATE,
            c.act.member_update = (struct act_member_update){.member = 2, .status = MEMBER_ACTIVE});
}

static void points_for_years_need_a_number_of_years(void **state)
{
    (void)state;
    REFUSES(ACT_TARIFF_SET, LB_FIELD_INVALID, "expiry_years", c.act.tariff_set.expiry_years = 0);
    ACCEPTS(ACT_TARIFF_SET, c.act.tariff_set.expiry_kind = EXPIRY_YEAR_END;
            c.act.tariff_set.expiry_years = 0);
    ACCEPTS(ACT_TARIFF_SET, c.act.tariff_set.expiry_kind = EXPIRY_NEVER;
            c.act.tariff_set.expiry_years = 0);
}

static void a_service_given_without_a_giver_has_no_hours(void **state)
{
    (void)state;
    ACCEPTS(ACT_SERVICE_GIVE, c.act.service_give = (struct act_service_give){.ask = {.entry = 1},
                                                                             .start_minute = -1});
    REFUSES(ACT_SERVICE_GIVE, LB_FIELD_MISSING, "giver",
            c.act.service_give = ((struct act_service_give){
                .ask = {.entry = 1}, .minutes = 60, .start_minute = -1}));
}

static void a_birthday_is_a_day_of_the_calendar(void **state)
{
    (void)state;
    REFUSES(ACT_MEMBER_REGISTER, LB_DATE_INVALID, "person.birth_day",
            c.act.member_register.person.birth_day = DATE_DAY_MIN - 1);
    ACCEPTS(ACT_MEMBER_REGISTER, c.act.member_register.person.birth_day = DAY_NONE);
}

static void a_log_in_name_is_2_to_32_plain_characters_with_a_letter_first(void **state)
{
    (void)state;
    static const char *const good[] = {"ab", "li.ming", "desk-01_b", "z9"};
    static const char *const bad[] = {"1a", ".a", "-a", "_a", "Li", "li ming", "li@x", "李明"};
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        ACCEPTS(ACT_OPERATOR_OPEN, c.act.operator_open.login = bytes_of(good[i], strlen(good[i])));
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        REFUSES(ACT_OPERATOR_OPEN, LB_TEXT_INVALID, "login",
                c.act.operator_open.login = bytes_of(bad[i], strlen(bad[i])));
    }
    REFUSES(ACT_OPERATOR_OPEN, LB_FIELD_INVALID, "login",
            c.act.operator_open.login = (struct bytes)BYTES_LITERAL("a"));
}

static void a_credential_has_the_size_of_its_kind(void **state)
{
    (void)state;
    static const uint8_t text[LB_VERIFIER_BYTES_MAX + 1] = {'$'};
    REFUSES(ACT_CREDENTIAL_SET, LB_FIELD_MISSING, "credential",
            c.act.credential_set.credential.kind = CREDENTIAL_NONE);
    ACCEPTS(ACT_OPERATOR_OPEN, c.act.operator_open.credential.kind = CREDENTIAL_NONE);
    for (size_t size = 0; size <= LB_VERIFIER_BYTES_MAX + 1; size++) {
        const struct bytes verifier = bytes_of(text, size);
        bool is_code = size == LB_HASH_BYTES;
        bool is_password = size > 0 && size <= LB_VERIFIER_BYTES_MAX;
        REFUSES(ACT_CREDENTIAL_SET, is_code ? LB_OK : LB_FIELD_INVALID,
                is_code ? "" : "credential.verifier",
                c.act.credential_set.credential.verifier = verifier);
        REFUSES(ACT_CREDENTIAL_SET, is_password ? LB_OK : LB_FIELD_INVALID,
                is_password ? "" : "credential.verifier",
                c.act.credential_set.credential =
                    ((struct credential){.kind = CREDENTIAL_PASSWORD, .verifier = verifier}));
    }
    REFUSES(ACT_CREDENTIAL_SET, LB_FIELD_INVALID, "credential.expires_ms",
            c.act.credential_set.credential.expires_ms = 0);
}

static void a_device_needs_a_token(void **state)
{
    (void)state;
    REFUSES(ACT_DEVICE_OPEN, LB_FIELD_MISSING, "token_hash",
            memset(c.act.device_open.token_hash, 0, LB_HASH_BYTES));
}

static void a_role_is_given_once_for_an_org(void **state)
{
    (void)state;
    REFUSES(ACT_ROLE_SET, LB_FIELD_INVALID, "roles.role",
            c.act.role_set.roles.items[1] = c.act.role_set.roles.items[0]);
    ACCEPTS(ACT_ROLE_SET, c.act.role_set.roles.items[1].role = ROLE_DESK);
    ACCEPTS(ACT_ROLE_SET, c.act.role_set.roles.items[1].org = 1);
    ACCEPTS(ACT_ROLE_SET, c.act.role_set.roles.count = 0);
}

static void an_account_is_set_to_something(void **state)
{
    (void)state;
    REFUSES(ACT_PRINCIPAL_SET, LB_FIELD_MISSING, "state, member",
            c.act.principal_set = (struct act_principal_set){.principal = 2});
}

/* Several faults at once: the one that stands first in the result list. */
static void the_fault_that_goes_first_is_told(void **state)
{
    (void)state;
    REFUSES(ACT_REVERSE, LB_FIELD_MISSING, "memo", c.memo.size = 0;
            c.act.reverse.request.bytes[0] = 1);
    REFUSES(ACT_SERVICE_RECORD, LB_FIELD_MISSING, "category", c.act.service_record.minutes = 0;
            c.act.service_record.category = 0);
    REFUSES(ACT_SERVICE_RECORD, LB_MINUTES_INVALID, "", c.day = DATE_DAY_MAX + 1;
            c.act.service_record.minutes = 0);
    REFUSES(ACT_ORG_OPEN, LB_TEXT_INVALID, "memo", c.memo = (struct bytes)BYTES_LITERAL("\xff");
            c.act.org_open.org = 0);
    REFUSES(ACT_ORG_OPEN, LB_FIELD_MISSING, "id", c.id.bytes[0] = 0; c.act.org_open.org = 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        /* accepts */
        cmocka_unit_test(the_samples_of_all_kinds_are_accepted),
        cmocka_unit_test(numbers_at_both_ends_of_their_range_are_accepted),
        /* rejects */
        cmocka_unit_test(numbers_beyond_their_range_are_refused_by_name),
        cmocka_unit_test(texts_up_to_their_cap_are_accepted_and_longer_ones_refused),
        cmocka_unit_test(texts_that_are_not_plain_utf8_are_refused),
        cmocka_unit_test(only_the_memo_may_have_several_lines),
        cmocka_unit_test(what_every_command_needs),
        cmocka_unit_test(a_member_is_named_once_by_number_or_by_card),
        cmocka_unit_test(an_entry_is_named_once_by_number_or_by_request),
        cmocka_unit_test(a_wrong_check_digit_is_told_from_a_wrong_number),
        cmocka_unit_test(an_opening_balance_has_points_or_hours_of_a_year),
        cmocka_unit_test(minutes_are_from_1_to_a_day),
        cmocka_unit_test(a_start_is_a_minute_of_the_day_or_not_given),
        cmocka_unit_test(quantities_are_at_least_1),
        cmocka_unit_test(lists_of_lines_may_not_be_empty),
        cmocka_unit_test(a_class_is_named_once),
        cmocka_unit_test(a_class_cannot_be_added_and_removed_at_once),
        cmocka_unit_test(a_star_table_rises_and_has_1_to_10_steps),
        cmocka_unit_test(an_import_is_opened_under_no_other),
        cmocka_unit_test(an_update_must_change_something),
        cmocka_unit_test(points_for_years_need_a_number_of_years),
        cmocka_unit_test(a_service_given_without_a_giver_has_no_hours),
        cmocka_unit_test(a_birthday_is_a_day_of_the_calendar),
        cmocka_unit_test(a_log_in_name_is_2_to_32_plain_characters_with_a_letter_first),
        cmocka_unit_test(a_credential_has_the_size_of_its_kind),
        cmocka_unit_test(a_device_needs_a_token),
        cmocka_unit_test(a_role_is_given_once_for_an_org),
        cmocka_unit_test(an_account_is_set_to_something),
        cmocka_unit_test(the_fault_that_goes_first_is_told),
    };
    return cmocka_run_group_tests_name("bank check", tests, NULL, NULL);
}
