/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Words for what a proposal is made of: no name of proto/ is left in it, whatever is proposed.
 */
#include "words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Taken out of a command before it is packed, so in no proposal. */
static bool is_taken_out(const char *field)
{
    return strcmp(field, "person") == 0 || strcmp(field, "credential") == 0;
}

static void check_value(const char *name)
{
    const char *zh = words_of_value(true, name);
    const char *en = words_of_value(false, name);
    if (strcmp(zh, name) == 0 || strcmp(en, name) == 0 || strcmp(zh, "未知") == 0) {
        fail_msg("%s has no words", name);
    }
}

static void check_message(const ProtobufCMessageDescriptor *type)
{
    for (unsigned i = 0; i < type->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &type->fields[i];
        if (is_taken_out(field->name) || strncmp(field->name, "has_", 4) == 0) {
            continue;
        }
        if (strcmp(words_of_field(true, field->name), field->name) == 0) {
            fail_msg("%s.%s has no words", type->name, field->name);
        }
        if (field->type == PROTOBUF_C_TYPE_MESSAGE) {
            check_message(field->descriptor);
        } else if (field->type == PROTOBUF_C_TYPE_ENUM) {
            const ProtobufCEnumDescriptor *kind = field->descriptor;
            for (unsigned j = 0; j < kind->n_values; j++) {
                check_value(kind->values[j].name);
            }
        }
    }
}

static void every_field_and_enum_of_an_act_has_words(void **state)
{
    (void)state;
    const ProtobufCMessageDescriptor *command = &lovebank__v1__command__descriptor;
    unsigned acts = 0;
    for (unsigned i = 0; i < command->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &command->fields[i];
        if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF &&
            strcmp(field->name, "proposal_decide") != 0) { /* never waits itself */
            check_message(field->descriptor);
            acts++;
        }
    }
    assert_true(acts > 30);
}

static void a_value_is_said_in_the_readers_words(void **state)
{
    (void)state;
    assert_string_equal(words_of_value(true, "EXPIRY_KIND_YEAR_END"), "到年底");
    assert_string_equal(words_of_value(false, "EXPIRY_KIND_NEVER"), "never");
    assert_string_equal(words_of_value(false, "ORG_KIND_STREET"), "street");
    assert_string_equal(words_of_value(false, "MEMBER_STATUS_UNSPECIFIED"), "not given");
}

static void what_is_no_value_of_an_enum_is_said_as_it_is(void **state)
{
    (void)state;
    assert_string_equal(words_of_value(true, "锦绣社区"), "锦绣社区");
    assert_string_equal(words_of_value(false, ""), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_and_enum_of_an_act_has_words),
        cmocka_unit_test(a_value_is_said_in_the_readers_words),
        cmocka_unit_test(what_is_no_value_of_an_enum_is_said_as_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
