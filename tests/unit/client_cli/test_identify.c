/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Ids of rows: the same for the same row, different for different ones, and fixed for ever.
 */
#include "identify.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static Lovebank__V1__Command command_of(Lovebank__V1__MemberRegister *act)
{
    Lovebank__V1__Command command;
    lovebank__v1__command__init(&command);
    command.act_case = LOVEBANK__V1__COMMAND__ACT_MEMBER_REGISTER;
    command.member_register = act;
    return command;
}

static struct id content_of(const Lovebank__V1__Command *command)
{
    struct id id;
    assert_true(identify_content("member", command, NULL, "", &id));
    return id;
}

static void a_receipt_has_one_id_for_ever(void **state)
{
    (void)state;
    char text[ID_TEXT_BYTES];
    const struct id id = identify_receipt("redeem", "R201606-001");
    id_format(&id, text);
    /* By Python's hashlib: SHA-256 of "lovebank/import/1", "redeem", "receipt" and the receipt,
     * each with its length in four bytes in front; the first 16 bytes. */
    assert_string_equal(text, "b36977ff-792e-02b1-5f35-a4a8d5d0761d");
    const struct id undo = identify_receipt("undo", "R201606-001");
    const struct id other = identify_receipt("redeem", "R201606-002");
    assert_false(id_equal(&id, &undo));
    assert_false(id_equal(&id, &other));
}

static void parts_do_not_run_into_each_other(void **state)
{
    (void)state;
    const struct id a = identify_receipt("ab", "c");
    const struct id b = identify_receipt("a", "bc");
    assert_false(id_equal(&a, &b));
}

static void content_is_what_the_row_asks_for(void **state)
{
    (void)state;
    Lovebank__V1__MemberRegister act = LOVEBANK__V1__MEMBER_REGISTER__INIT;
    act.member = 10010001;
    Lovebank__V1__Command command = command_of(&act);
    const struct id before = content_of(&command);
    const struct id again = content_of(&command);
    assert_true(id_equal(&before, &again));
    act.org = 990101001010;
    const struct id after = content_of(&command);
    assert_false(id_equal(&before, &after));
}

static void content_has_no_personal_data(void **state)
{
    (void)state;
    char name[] = "张三";
    char memo[] = "张三 的事由";
    uint8_t id_bytes[16] = {1};
    Lovebank__V1__Person person;
    lovebank__v1__person__init(&person);
    Lovebank__V1__MemberRegister act = LOVEBANK__V1__MEMBER_REGISTER__INIT;
    act.member = 10010001;
    Lovebank__V1__Command command = command_of(&act);
    const struct id before = content_of(&command);
    person.name = name;
    act.person = &person;
    command.memo = memo;
    command.id = (ProtobufCBinaryData){sizeof(id_bytes), id_bytes};
    const struct id after = content_of(&command);
    assert_true(id_equal(&before, &after));
    assert_ptr_equal(act.person, &person); /* the command itself is left alone */
}

static void where_a_row_came_from_is_not_what_it_says(void **state)
{
    (void)state;
    Lovebank__V1__MemberRegister act = LOVEBANK__V1__MEMBER_REGISTER__INIT;
    Lovebank__V1__Command command = command_of(&act);
    const struct id before = content_of(&command);
    command.desk = 7;
    command.import = 12;
    const struct id after = content_of(&command);
    assert_true(id_equal(&before, &after));
}

static void an_activity_counts_by_its_act_and_not_by_its_number(void **state)
{
    (void)state;
    const struct id opened = {{1}};
    const struct id other = {{2}};
    struct id ids[4];
    Lovebank__V1__ServiceRecord act = LOVEBANK__V1__SERVICE_RECORD__INIT;
    Lovebank__V1__Command command;
    lovebank__v1__command__init(&command);
    command.act_case = LOVEBANK__V1__COMMAND__ACT_SERVICE_RECORD;
    command.service_record = &act;
    assert_true(identify_content("record", &command, &opened, "", &ids[0]));
    act.activity = 5; /* not known in a preview */
    assert_true(identify_content("record", &command, &opened, "", &ids[1]));
    assert_true(identify_content("record", &command, &other, "", &ids[2]));
    assert_true(identify_content("record", &command, NULL, "", &ids[3]));
    assert_true(id_equal(&ids[0], &ids[1]));
    assert_false(id_equal(&ids[0], &ids[2]));
    assert_false(id_equal(&ids[0], &ids[3]));
}

static void the_number_of_the_sheet_tells_rows_apart(void **state)
{
    (void)state;
    struct id first;
    struct id second;
    Lovebank__V1__MemberRegister act = LOVEBANK__V1__MEMBER_REGISTER__INIT;
    Lovebank__V1__Command command = command_of(&act);
    assert_true(identify_content("record", &command, NULL, "A-1", &first));
    assert_true(identify_content("record", &command, NULL, "A-2", &second));
    assert_false(id_equal(&first, &second));
}

static void the_first_attempt_is_the_id_itself_and_later_ones_differ(void **state)
{
    (void)state;
    char text[ID_TEXT_BYTES];
    const struct id first = identify_receipt("redeem", "R201606-001");
    const struct id same = identify_attempt(&first, 1);
    const struct id second = identify_attempt(&first, 2);
    const struct id third = identify_attempt(&first, 3);
    assert_true(id_equal(&first, &same));
    assert_false(id_equal(&second, &third));
    id_format(&second, text);
    assert_string_equal(text, "b60ee53c-26fe-b8f7-8d2f-1e900d8ac6cd"); /* by hashlib */
}

static void an_import_is_its_rows_in_whatever_order(void **state)
{
    (void)state;
    struct id forward[3] = {{{1}}, {{2}}, {{3}}};
    struct id backward[3] = {{{3}}, {{2}}, {{1}}};
    const struct id a = identify_import("sheet", forward, 3);
    const struct id b = identify_import("sheet", backward, 3);
    const struct id fewer = identify_import("sheet", forward, 2);
    const struct id other = identify_import("members", forward, 3);
    assert_true(id_equal(&a, &b));
    assert_false(id_equal(&a, &fewer));
    assert_false(id_equal(&a, &other));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_receipt_has_one_id_for_ever),
        cmocka_unit_test(parts_do_not_run_into_each_other),
        cmocka_unit_test(content_is_what_the_row_asks_for),
        cmocka_unit_test(content_has_no_personal_data),
        cmocka_unit_test(where_a_row_came_from_is_not_what_it_says),
        cmocka_unit_test(an_activity_counts_by_its_act_and_not_by_its_number),
        cmocka_unit_test(the_number_of_the_sheet_tells_rows_apart),
        cmocka_unit_test(the_first_attempt_is_the_id_itself_and_later_ones_differ),
        cmocka_unit_test(an_import_is_its_rows_in_whatever_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
