/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Which refusal is given. Every way to spoil a command stands in one table; each must give its own
 * code alone, and any two that can be had at once the one that goes first in the result list.
 */
#include "spoilers_for_tests.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const struct spoiler spoilers[] = {
    {ACT_REDEEM, LB_TEXT_TOO_LONG, MEMO, memo_too_long},
    {ACT_REDEEM, LB_TEXT_INVALID, MEMO, memo_invalid},
    {ACT_REDEEM, LB_FIELD_MISSING, MEMBER, redeem_no_member},
    {ACT_REDEEM, LB_CARD_CHECK_DIGIT, MEMBER, redeem_wrong_card},
    {ACT_REDEEM, LB_DATE_INVALID, DAY, day_impossible},
    {ACT_REDEEM, LB_QUANTITY_INVALID, ADDS, redeem_no_quantity},
    {ACT_REDEEM, LB_DATE_IN_FUTURE, DAY, day_ahead},
    {ACT_REDEEM, LB_IMPORT_UNKNOWN, IMPORT, import_unknown},
    {ACT_REDEEM, LB_MEMBER_UNKNOWN, MEMBER, redeem_unknown_member},
    {ACT_REDEEM, LB_CARD_UNKNOWN, MEMBER, redeem_unknown_card},
    {ACT_REDEEM, LB_ITEM_UNKNOWN, ADDS, redeem_unknown_item},
    {ACT_REDEEM, LB_COUNTER_UNKNOWN, COUNTER, redeem_unknown_counter},
    {ACT_REDEEM, LB_PRICE_UNKNOWN, DAY, redeem_no_price},
    {ACT_REDEEM, LB_WRONG_ITEM_KIND, ADDS, redeem_wrong_kind},
    {ACT_REDEEM, LB_BEFORE_JOINED, MEMBER | DAY, redeem_late},
    {ACT_REDEEM, LB_MEMBER_CLOSED, MEMBER, redeem_closed},
    {ACT_REDEEM, LB_CARD_BLOCKED, MEMBER, redeem_blocked_card},
    {ACT_REDEEM, LB_IN_DEBT, MEMBER, redeem_debtor},
    {ACT_REDEEM, LB_POINTS_INSUFFICIENT, ADDS, redeem_too_dear},
    {ACT_REDEEM, LB_STOCK_INSUFFICIENT, ADDS, redeem_no_stock},
    {ACT_SERVICE_RECORD, LB_FIELD_MISSING, ADDS, id_missing},
    {ACT_SERVICE_RECORD, LB_FIELD_INVALID, START, record_start_too_big},
    {ACT_SERVICE_RECORD, LB_MINUTES_INVALID, MINUTES, record_no_minutes},
    {ACT_SERVICE_RECORD, LB_DATE_INVALID, DAY, day_impossible},
    {ACT_SERVICE_RECORD, LB_DATE_IN_FUTURE, DAY, day_ahead},
    {ACT_SERVICE_RECORD, LB_IMPORT_UNKNOWN, IMPORT, import_unknown},
    {ACT_SERVICE_RECORD, LB_ORG_UNKNOWN, ORG, record_unknown_org},
    {ACT_SERVICE_RECORD, LB_MEMBER_UNKNOWN, MEMBER, record_unknown_member},
    {ACT_SERVICE_RECORD, LB_CATEGORY_UNKNOWN, WHAT, record_unknown_category},
    {ACT_SERVICE_RECORD, LB_ACTIVITY_UNKNOWN, ACTIVITY, record_unknown_activity},
    {ACT_SERVICE_RECORD, LB_TARIFF_UNKNOWN, WHAT | DAY, record_no_tariff},
    {ACT_SERVICE_RECORD, LB_ORG_CLOSED, ORG, record_closed_org},
    {ACT_SERVICE_RECORD, LB_BEFORE_JOINED, MEMBER | DAY, record_late},
    {ACT_SERVICE_RECORD, LB_MEMBER_CLOSED, MEMBER, record_closed},
    {ACT_SERVICE_RECORD, LB_CARD_BLOCKED, MEMBER, record_blocked_card},
    {ACT_SERVICE_RECORD, LB_OVERLAP, START | MEMBER | DAY, record_overlap},
    {ACT_SERVICE_RECORD, LB_OVER_DAY, MINUTES | MEMBER | DAY, record_too_long},
    {ACT_OPENING_BALANCE, LB_FIELD_MISSING, WHAT | MINUTES, opening_of_nothing},
    {ACT_OPENING_BALANCE, LB_FIELD_INVALID, WHAT, opening_too_much},
    {ACT_OPENING_BALANCE, LB_DATE_INVALID, DAY, day_impossible},
    {ACT_OPENING_BALANCE, LB_DATE_IN_FUTURE, DAY, day_ahead},
    {ACT_OPENING_BALANCE, LB_DATE_IN_FUTURE, MINUTES, opening_year_ahead},
    {ACT_OPENING_BALANCE, LB_POINTS_ENDED, WHAT | DAY, opening_ended},
    {ACT_OPENING_BALANCE, LB_IMPORT_UNKNOWN, IMPORT, import_unknown},
    {ACT_OPENING_BALANCE, LB_MEMBER_UNKNOWN, MEMBER, opening_unknown_member},
    {ACT_OPENING_BALANCE, LB_CARD_UNKNOWN, MEMBER, opening_unknown_card},
    {ACT_OPENING_BALANCE, LB_BEFORE_JOINED, MEMBER | DAY, opening_late},
    {ACT_OPENING_BALANCE, LB_MEMBER_CLOSED, MEMBER, opening_closed},
    {ACT_OPENING_BALANCE, LB_CARD_BLOCKED, MEMBER, opening_blocked_card},
    {ACT_SERVICE_GIVE, LB_MINUTES_INVALID, MINUTES, give_no_minutes},
    {ACT_SERVICE_GIVE, LB_DATE_IN_FUTURE, DAY, day_ahead},
    {ACT_SERVICE_GIVE, LB_IMPORT_UNKNOWN, IMPORT, import_unknown},
    {ACT_SERVICE_GIVE, LB_MEMBER_UNKNOWN, MEMBER, give_unknown_giver},
    {ACT_SERVICE_GIVE, LB_CARD_UNKNOWN, MEMBER, give_unknown_card},
    {ACT_SERVICE_GIVE, LB_CATEGORY_UNKNOWN, WHAT, give_unknown_category},
    {ACT_SERVICE_GIVE, LB_ENTRY_UNKNOWN, ENTRY, give_unknown_entry},
    {ACT_SERVICE_GIVE, LB_REQUEST_UNKNOWN, ENTRY, give_unknown_request},
    {ACT_SERVICE_GIVE, LB_TARIFF_UNKNOWN, WHAT | DAY, give_no_tariff},
    {ACT_SERVICE_GIVE, LB_NOT_AN_ASK, ENTRY, give_no_ask},
    {ACT_SERVICE_GIVE, LB_BEFORE_JOINED, MEMBER | DAY, give_late},
    {ACT_SERVICE_GIVE, LB_MEMBER_CLOSED, MEMBER, give_closed},
    {ACT_SERVICE_GIVE, LB_OVERLAP, START | MEMBER | DAY, give_overlap},
    {ACT_SERVICE_GIVE, LB_OVER_DAY, MINUTES | MEMBER | DAY, give_too_long},
    {ACT_SERVICE_GIVE, LB_ASK_CLOSED, ENTRY, give_released},
    {ACT_SERVICE_GIVE, LB_BEFORE_ASKED, DAY | ENTRY, give_too_early},
    {ACT_SERVICE_GIVE, LB_GIVER_IS_ASKER, MEMBER | ENTRY, give_by_asker},
    {ACT_ORG_OPEN, LB_ORG_UNKNOWN, PARENT, org_unknown_parent},
    {ACT_ORG_OPEN, LB_ALREADY_EXISTS, WHAT, org_exists},
    {ACT_ORG_OPEN, LB_ORG_CLOSED, PARENT, org_closed_parent},
    {ACT_ORG_UPDATE, LB_ORG_UNKNOWN, PARENT, move_unknown_parent},
    {ACT_ORG_UPDATE, LB_ORG_UNKNOWN, WHAT, move_unknown},
    {ACT_ORG_UPDATE, LB_ORG_CYCLE, PARENT | WHAT, move_cycle},
    {ACT_ORG_UPDATE, LB_ORG_CLOSED, WHAT, move_closed},
    {ACT_ITEM_SET, LB_WRONG_ITEM_KIND, WHAT, item_other_kind},
    {ACT_STOCK_RECEIVE, LB_QUANTITY_INVALID, ADDS, receive_no_quantity},
    {ACT_STOCK_RECEIVE, LB_DATE_IN_FUTURE, DAY, day_ahead},
    {ACT_STOCK_RECEIVE, LB_IMPORT_UNKNOWN, IMPORT, import_unknown},
    {ACT_STOCK_RECEIVE, LB_ITEM_UNKNOWN, ADDS, receive_unknown_item},
    {ACT_STOCK_RECEIVE, LB_COUNTER_UNKNOWN, COUNTER, receive_unknown_counter},
    {ACT_STOCK_RECEIVE, LB_PRICE_UNKNOWN, DAY, receive_no_price},
    {ACT_STOCK_RECEIVE, LB_WRONG_ITEM_KIND, ADDS, receive_wrong_kind},
    {ACT_STOCK_RECEIVE, LB_AMOUNT_OVERFLOW, ADDS, receive_numbers_used_up},
    {ACT_MEMBER_REGISTER, LB_CARD_CHECK_DIGIT, CARD, register_wrong_card},
    {ACT_MEMBER_REGISTER, LB_DATE_IN_FUTURE, DAY, day_ahead},
    {ACT_MEMBER_REGISTER, LB_IMPORT_UNKNOWN, IMPORT, import_unknown},
    {ACT_MEMBER_REGISTER, LB_ORG_UNKNOWN, ORG, register_unknown_org},
    {ACT_MEMBER_REGISTER, LB_CLASS_UNKNOWN, CLASS, register_unknown_class},
    {ACT_MEMBER_REGISTER, LB_ALREADY_EXISTS, MEMBER, register_exists},
    {ACT_MEMBER_REGISTER, LB_ORG_CLOSED, ORG, register_closed_org},
    {ACT_MEMBER_REGISTER, LB_CARD_ASSIGNED, CARD, register_taken_card},
    {ACT_MEMBER_UPDATE, LB_DATE_IN_FUTURE, DAY, day_ahead},
    {ACT_MEMBER_UPDATE, LB_ORG_UNKNOWN, ORG, update_unknown_org},
    {ACT_MEMBER_UPDATE, LB_MEMBER_UNKNOWN, MEMBER, update_unknown},
    {ACT_MEMBER_UPDATE, LB_CLASS_UNKNOWN, CLASS, update_unknown_class},
    {ACT_MEMBER_UPDATE, LB_ORG_CLOSED, ORG, update_closed_org},
    {ACT_MEMBER_UPDATE, LB_MEMBER_CLOSED, MEMBER, update_closed},
    {ACT_MEMBER_UPDATE, LB_STATUS_UNCHANGED, STATUS | MEMBER, update_same_status},
    {ACT_MEMBER_CLOSE, LB_DATE_IN_FUTURE, DAY, day_ahead},
    {ACT_MEMBER_CLOSE, LB_MEMBER_UNKNOWN, MEMBER, close_unknown},
    {ACT_MEMBER_CLOSE, LB_BEFORE_JOINED, MEMBER | DAY, close_too_early},
    {ACT_MEMBER_CLOSE, LB_MEMBER_CLOSED, MEMBER, close_again},
    {ACT_MEMBER_CLOSE, LB_MEMBER_HAS_BALANCE, MEMBER, close_with_points},
    {ACT_CARD_ISSUE, LB_DATE_IN_FUTURE, DAY, day_ahead},
    {ACT_CARD_ISSUE, LB_IMPORT_UNKNOWN, IMPORT, import_unknown},
    {ACT_CARD_ISSUE, LB_MEMBER_UNKNOWN, MEMBER, issue_unknown},
    {ACT_CARD_ISSUE, LB_MEMBER_CLOSED, MEMBER, issue_closed},
    {ACT_CARD_ISSUE, LB_MEMBER_BLOCKED, MEMBER, issue_blocked},
    {ACT_CARD_ISSUE, LB_CARD_ASSIGNED, CARD, issue_taken},
    {ACT_CARD_ISSUE, LB_MEMBER_HAS_CARD, MEMBER, issue_second},
    {ACT_CARD_REPLACE, LB_CARD_UNKNOWN, MEMBER, replace_unknown},
    {ACT_CARD_REPLACE, LB_CARD_BLOCKED, MEMBER, replace_blocked},
    {ACT_CARD_REPLACE, LB_CARD_ASSIGNED, CARD, replace_taken},
    {ACT_REVERSE, LB_FIELD_MISSING, MEMO, reverse_without_reason},
    {ACT_REVERSE, LB_DATE_IN_FUTURE, DAY, day_ahead},
    {ACT_REVERSE, LB_IMPORT_UNKNOWN, IMPORT, import_unknown},
    {ACT_REVERSE, LB_ENTRY_UNKNOWN, ENTRY, reverse_unknown},
    {ACT_REVERSE, LB_REQUEST_UNKNOWN, ENTRY, reverse_unknown_request},
    {ACT_REVERSE, LB_NOT_REVERSIBLE, ENTRY, reverse_registry},
    {ACT_REVERSE, LB_ALREADY_REVERSED, ENTRY, reverse_twice},
    {ACT_REVERSE, LB_POINTS_HELD, ENTRY, reverse_held},
    {ACT_REVERSE, LB_GOODS_GONE, ENTRY, reverse_delivery},
    {ACT_SERVICE_RECORD, LB_WAITING, MEMBER, record_own},
    {ACT_MEMBER_REGISTER, LB_ID_NUMBER_INVALID, ADDS, register_wrong_id_number},
    {ACT_OPERATOR_OPEN, LB_DATE_IN_FUTURE, DAY, day_ahead},
    {ACT_OPERATOR_OPEN, LB_IMPORT_UNKNOWN, IMPORT, import_unknown},
    {ACT_OPERATOR_OPEN, LB_MEMBER_UNKNOWN, MEMBER, operator_unknown_member},
    {ACT_OPERATOR_OPEN, LB_LOGIN_TAKEN, WHAT, operator_taken_login},
    {ACT_DEVICE_OPEN, LB_DATE_IN_FUTURE, DAY, day_ahead},
    {ACT_DEVICE_OPEN, LB_ORG_UNKNOWN, ORG, device_unknown_org},
    {ACT_DEVICE_OPEN, LB_COUNTER_UNKNOWN, COUNTER, device_unknown_counter},
    {ACT_DEVICE_OPEN, LB_ALREADY_EXISTS, WHAT, device_known_token},
    {ACT_DEVICE_OPEN, LB_ORG_CLOSED, ORG, device_closed_org},
    {ACT_PRINCIPAL_SET, LB_FIELD_INVALID, WHAT, principal_of_a_device},
    {ACT_PRINCIPAL_SET, LB_PRINCIPAL_LOCKED, WHAT | MEMBER | STATUS, close_operator},
    {ACT_PRINCIPAL_SET, LB_DATE_IN_FUTURE, DAY, day_ahead},
    {ACT_PRINCIPAL_SET, LB_MEMBER_UNKNOWN, WHAT | MEMBER, principal_unknown_member},
    {ACT_PRINCIPAL_SET, LB_PRINCIPAL_UNKNOWN, WHAT, principal_unknown},
    {ACT_PRINCIPAL_SET, LB_LAST_ADMINISTRATOR, WHAT | STATUS, principal_last_administrator},
    {ACT_PRINCIPAL_SET, LB_STATUS_UNCHANGED, WHAT | STATUS, principal_same_state},
    {ACT_CREDENTIAL_SET, LB_UNAUTHORISED, ADDS, credential_password},
    {ACT_CREDENTIAL_SET, LB_PRINCIPAL_LOCKED, WHAT | ADDS, close_operator},
    {ACT_CREDENTIAL_SET, LB_DATE_IN_FUTURE, DAY, day_ahead},
    {ACT_CREDENTIAL_SET, LB_PRINCIPAL_UNKNOWN, WHAT, credential_of_a_device},
    {ACT_ROLE_SET, LB_PRINCIPAL_LOCKED, WHAT, close_operator},
    {ACT_ROLE_SET, LB_IMPORT_UNKNOWN, IMPORT, import_unknown},
    {ACT_ROLE_SET, LB_ORG_UNKNOWN, ORG, roles_unknown_org},
    {ACT_ROLE_SET, LB_PRINCIPAL_UNKNOWN, WHAT, roles_unknown_principal},
    {ACT_ROLE_SET, LB_LAST_ADMINISTRATOR, WHAT, roles_last_administrator},
    {ACT_PROPOSAL_DECIDE, LB_DATE_IN_FUTURE, DAY, day_ahead},
    {ACT_PROPOSAL_DECIDE, LB_ENTRY_UNKNOWN, ENTRY, decide_unknown},
    {ACT_PROPOSAL_DECIDE, LB_NOT_A_PROPOSAL, ENTRY, decide_no_proposal},
    {ACT_PROPOSAL_DECIDE, LB_PROPOSAL_DECIDED, ENTRY, decide_twice},
    {ACT_PROPOSAL_DECIDE, LB_PROPOSAL_EXPIRED, ENTRY | DAY, decide_too_late},
    {ACT_PROPOSAL_DECIDE, LB_SECOND_PERSON, ENTRY, decide_own},
    {ACT_REVEAL, LB_DATE_IN_FUTURE, DAY, day_ahead},
    {ACT_REVEAL, LB_MEMBER_UNKNOWN, MEMBER, reveal_unknown},
    {ACT_MEMBER_ERASE, LB_DATE_IN_FUTURE, DAY, day_ahead},
    {ACT_MEMBER_ERASE, LB_MEMBER_UNKNOWN, MEMBER, erase_unknown},
    {ACT_MEMBER_ERASE, LB_MEMBER_NOT_CLOSED, MEMBER, erase_open},
    {ACT_MEMBER_ERASE, LB_MEMBER_ERASED, MEMBER, erase_twice},
};
#define SPOILER_COUNT (sizeof(spoilers) / sizeof(spoilers[0]))

/* The code given when the first, and the second if there is one, spoil a good command. */
static enum lb_result answered(const struct spoiler *first, const struct spoiler *second)
{
    make_bank();
    struct command command = sample_command(first->kind);
    command.memo = (struct bytes)BYTES_LITERAL("说明");
    first->spoil(&command);
    if (second != NULL) {
        second->spoil(&command);
    }
    if (first->spoil == id_missing) { /* test_do would give it one */
        struct verdict verdict = bank_command_check(&command);
        test_bank_free(test);
        return verdict.code;
    }
    enum lb_result code = test_do(test, command)->verdict.code;
    test_bank_free(test);
    return code;
}

static void assert_answer(enum lb_result code, enum lb_result expected, size_t i, size_t j)
{
    if (code != expected) {
        fail_msg("spoilers %zu (%s) and %zu (%s): got %s", i, lb_result_name((int)spoilers[i].code),
                 j, lb_result_name((int)spoilers[j].code), lb_result_name((int)code));
    }
}

static void the_good_commands_are_done(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLE_KIND_COUNT; i++) {
        make_bank();
        if (test_do(test, sample_command(sample_kinds[i]))->verdict.code != LB_OK) {
            fail_msg("kind %d: %s", (int)sample_kinds[i],
                     lb_result_name((int)test->last.verdict.code));
        }
        test_bank_free(test);
    }
}

static void each_fault_alone_is_told_by_its_own_code(void **state)
{
    (void)state;
    for (size_t i = 0; i < SPOILER_COUNT; i++) {
        assert_answer(answered(&spoilers[i], NULL), spoilers[i].code, i, i);
    }
}

static void of_two_faults_the_one_listed_first_is_told(void **state)
{
    (void)state;
    size_t pairs = 0;
    for (size_t i = 0; i < SPOILER_COUNT; i++) {
        for (size_t j = i + 1; j < SPOILER_COUNT && spoilers[j].kind == spoilers[i].kind; j++) {
            if ((spoilers[i].touches & spoilers[j].touches) == 0) {
                bool i_is_first = lb_result_precedence((int)spoilers[i].code) <=
                                  lb_result_precedence((int)spoilers[j].code);
                enum lb_result expected = spoilers[i_is_first ? i : j].code;
                assert_answer(answered(&spoilers[i], &spoilers[j]), expected, i, j);
                pairs++;
            }
        }
    }
    assert_true(pairs > 200); /* the table has not lost its meaning */
}

/* Every code up to the service's own, but for those that others give. */
static void every_code_of_the_bank_has_a_spoiler(void **state)
{
    (void)state;
    static const enum lb_result of_others[] = {
        LB_OK,
        LB_MALFORMED,
        LB_FRAME_TOO_LARGE,
        LB_METHOD_UNKNOWN,
        LB_VERSION_MISMATCH,
        LB_BATCH_TOO_LARGE,
        LB_LINES_TOO_MANY,
        LB_ROWS_TOO_MANY,
        LB_LOGIN_REQUIRED, /* test_access.c and the engine's */
        LB_OUT_OF_SCOPE,
        LB_SESSION_EXPIRED,
        LB_LOGIN_WRONG,
        LB_LOGIN_DELAYED,
        LB_PASSWORD_NEEDED,
        LB_PASSWORD_WEAK,
        LB_ID_REUSED,
        LB_ID_NUMBER_TAKEN,
        LB_PROPOSAL_REFUSED,
        LB_BATCH_FAILED,
    };
    static const enum lb_result all[] = {
#define X(symbol, number, name, class, recorded, zh, en) LB_##symbol,
        LB_RESULT_LIST(X)
#undef X
    };
    for (size_t i = 0; all[i] != LB_TRY_LATER; i++) {
        bool is_seen = false;
        for (size_t j = 0; j < sizeof(of_others) / sizeof(of_others[0]); j++) {
            is_seen = is_seen || of_others[j] == all[i];
        }
        for (size_t j = 0; j < SPOILER_COUNT; j++) {
            is_seen = is_seen || spoilers[j].code == all[i];
        }
        if (!is_seen) {
            fail_msg("%s has no test", lb_result_name((int)all[i]));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_good_commands_are_done),
        cmocka_unit_test(each_fault_alone_is_told_by_its_own_code),
        cmocka_unit_test(of_two_faults_the_one_listed_first_is_told),
        cmocka_unit_test(every_code_of_the_bank_has_a_spoiler),
    };
    return cmocka_run_group_tests_name("bank precedence", tests, NULL, NULL);
}
