/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Messages as JSON objects: which fields are there, and how they are written.
 */
#include "json_message.h"

#include "lovebank/v1/queries.pb-c.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void check(const ProtobufCMessage *message, const char *expected)
{
    json_t *object = json_of_message(message);
    assert_non_null(object);
    char *text = json_dumps(object, JSON_COMPACT);
    assert_non_null(text);
    assert_string_equal(text, expected);
    free(text);
    json_decref(object);
}

static void members_and_cards_keep_the_zeros_in_front(void **state)
{
    (void)state;
    Lovebank__V1__MemberRef ref = LOVEBANK__V1__MEMBER_REF__INIT;
    check(&ref.base, "{}");
    ref.member = 42;
    check(&ref.base, "{\"member\":\"00000042\"}");
    ref.member = 0;
    ref.card = 15;
    check(&ref.base, "{\"card\":\"0000000015\"}");
}

static void a_member_has_a_closing_day_and_a_card_only_if_there_is_one(void **state)
{
    (void)state;
    Lovebank__V1__MemberInfo info;
    lovebank__v1__member_info__init(&info);
    info.member = 7;
    info.joined_day = 16922;
    check(&info.base, "{\"member\":\"00000007\",\"org\":0,\"status\":\"MEMBER_STATUS_UNSPECIFIED\","
                      "\"joined_day\":\"2016-05-01\",\"last_entry\":0,\"person_erased\":false,"
                      "\"publish_name\":false,\"contact\":false}");
    info.closed_day = 16923;
    info.card = 6750337982;
    check(&info.base,
          "{\"member\":\"00000007\",\"org\":0,\"status\":\"MEMBER_STATUS_UNSPECIFIED\","
          "\"joined_day\":\"2016-05-01\",\"closed_day\":\"2016-05-02\",\"card\":\"6750337982\","
          "\"last_entry\":0,\"person_erased\":false,"
          "\"publish_name\":false,\"contact\":false}");
}

static void what_its_switch_says_nothing_of_is_left_out(void **state)
{
    (void)state;
    Lovebank__V1__Person person;
    lovebank__v1__person__init(&person);
    person.birth_day = 16922;
    check(&person.base, "{\"gender\":\"GENDER_UNSPECIFIED\"}");
    person.has_birth_day = true;
    check(&person.base, "{\"gender\":\"GENDER_UNSPECIFIED\",\"birth_day\":\"2016-05-01\"}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_and_cards_keep_the_zeros_in_front),
        cmocka_unit_test(a_member_has_a_closing_day_and_a_card_only_if_there_is_one),
        cmocka_unit_test(what_its_switch_says_nothing_of_is_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
