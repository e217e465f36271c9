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
    assert_true(identify_content("member", command, &id));
    return id;
}

static void a_receipt_has_one_id_for_ever(void **state)
{
    (void)state;
    char text[ID_TEXT_BYTES];
    const struct id id = identify_receipt("redeem", "R201606-001");
    id_format(&id, text);
    /* By Python's hashlib: SHA-256 of "lovebank/sheet/1", "redeem", "receipt" and the receipt, each
     * with its length in four bytes in front; the first 16 bytes. */
    assert_string_equal(text, "2a64e332-726a-0f80-225f-0ce20664c9cc");
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

static void rows_that_say_the_same_are_counted(void **state)
{
    (void)state;
    struct occurrences occurrences = {0};
    struct id ids[3000];
    uint32_t nth = 0;
    for (uint32_t i = 0; i < 3000; i++) {
        memset(&ids[i], 0, sizeof(ids[i]));
        memcpy(ids[i].bytes, &i, sizeof(i)); /* many start at the same slot */
        assert_true(occurrences_add(&occurrences, &ids[i], &nth));
        assert_int_equal(nth, 1);
    }
    for (uint32_t i = 0; i < 3000; i++) {
        assert_true(occurrences_add(&occurrences, &ids[i], &nth));
        assert_int_equal(nth, 2);
    }
    const struct id first = identify_occurrence("record", &ids[0], 1);
    const struct id second = identify_occurrence("record", &ids[0], 2);
    assert_false(id_equal(&first, &second));
    occurrences_fini(&occurrences);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_receipt_has_one_id_for_ever),
        cmocka_unit_test(parts_do_not_run_into_each_other),
        cmocka_unit_test(content_is_what_the_row_asks_for),
        cmocka_unit_test(content_has_no_personal_data),
        cmocka_unit_test(rows_that_say_the_same_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
