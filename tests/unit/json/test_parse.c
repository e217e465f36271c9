/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Text to message: what each type takes, what is refused and how it is named, memory that ends at
 * any moment. Single thread.
 */
#include "json/json.h"

#include "sample.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define ARENA_BYTES (1u << 20)

static int setup(void **state)
{
    static struct arena arena;
    arena_init(&arena, arena_memory_heap(), ARENA_BYTES);
    *state = &arena;
    return 0;
}

static int teardown(void **state)
{
    arena_fini(*state);
    return 0;
}

static const struct sample *parse(struct arena *arena, struct bytes text)
{
    char problem[JSON_PROBLEM_BYTES];
    ProtobufCMessage *message = NULL;
    const enum lb_result result = json_parse(text, &sample_descriptor, arena, &message, problem);
    assert_string_equal(problem, "");
    assert_int_equal(result, LB_OK);
    assert_ptr_equal(message->descriptor, &sample_descriptor);
    return (const struct sample *)message;
}

#define PARSE(literal) parse(*state, BYTES_LITERAL(literal))

static void assert_problem_bytes(struct arena *arena, struct bytes text, const char *wanted)
{
    char problem[JSON_PROBLEM_BYTES];
    ProtobufCMessage *message = NULL;
    assert_int_equal(json_parse(text, &sample_descriptor, arena, &message, problem), LB_MALFORMED);
    assert_null(message);
    assert_string_equal(problem, wanted);
}

#define ASSERT_PROBLEM(literal, wanted) assert_problem_bytes(*state, BYTES_LITERAL(literal), wanted)

/* `value` for a field of that name is refused, in words that name both and end so. */
static void assert_value_refused(struct arena *arena, const char *name, const char *value,
                                 const char *wanted_end)
{
    char text[256];
    char wanted_start[128];
    char problem[JSON_PROBLEM_BYTES];
    ProtobufCMessage *message = NULL;
    (void)snprintf(text, sizeof(text), "{\"%s\":%s}", name, value);
    (void)snprintf(wanted_start, sizeof(wanted_start), "%s 是 ", name);
    assert_int_equal(json_parse(bytes_of_text(text), &sample_descriptor, arena, &message, problem),
                     LB_MALFORMED);
    assert_memory_equal(problem, wanted_start, strlen(wanted_start));
    assert_true(strlen(problem) > strlen(wanted_end));
    assert_string_equal(problem + strlen(problem) - strlen(wanted_end), wanted_end);
}

/* Accepts. */

static void fields_that_are_not_there_have_their_defaults(void **state)
{
    const struct sample *sample = PARSE(" {\n} ");
    assert_int_equal(sample->int32, 0);
    assert_ptr_equal(sample->text, protobuf_c_empty_string);
    assert_int_equal(sample->data.len, 0);
    assert_null(sample->inner);
    assert_null(sample->texts);
    assert_int_equal(sample->n_texts, 0);
    assert_int_equal(sample->one_case, 0);
}

static void numbers_of_each_type_reach_both_ends(void **state)
{
    const struct sample *sample =
        PARSE("{\"int32\":-2147483648,\"sint32\":2147483647,\"sfixed32\":\"-2147483648\","
              "\"uint32\":4294967295,\"fixed32\":\"4294967295\","
              "\"int64\":\"-9223372036854775808\",\"sint64\":9223372036854775807,"
              "\"sfixed64\":\"9223372036854775807\",\"uint64\":\"18446744073709551615\","
              "\"fixed64\":9223372036854775807}");
    assert_true(sample->int32 == INT32_MIN && sample->sint32 == INT32_MAX);
    assert_true(sample->sfixed32 == INT32_MIN);
    assert_true(sample->uint32 == UINT32_MAX && sample->fixed32 == UINT32_MAX);
    assert_true(sample->int64 == INT64_MIN && sample->sint64 == INT64_MAX);
    assert_true(sample->sfixed64 == INT64_MAX);
    assert_true(sample->uint64 == UINT64_MAX && sample->fixed64 == INT64_MAX);
}

static void whole_numbers_may_have_a_point_an_exponent_and_quotes(void **state)
{
    static const int32_t wanted[] = {1000, 1, -25, 0, 1000, 1, -25, 0, 0, 120, 7};
    const struct sample *sample =
        PARSE("{\"numbers\":[1e3,1.0,-2.50e1,-0,\"1e3\",\"1.0\",\"-250.0E-1\",\"0e1000\",\"-0\","
              "\"1.2e+2\",\"007\"]}");
    assert_int_equal(sample->n_numbers, sizeof(wanted) / sizeof(wanted[0]));
    assert_memory_equal(sample->numbers, wanted, sizeof(wanted));
    sample = PARSE("{\"uint64\":9007199254740992.0,\"fixed64\":\"18446744073709551615.0\","
                   "\"int64\":-9.007199254740992e15,\"sint64\":\"-92233720368547758.08e2\"}");
    assert_true(sample->uint64 == UINT64_C(1) << 53 && sample->fixed64 == UINT64_MAX);
    assert_true(sample->int64 == -(INT64_C(1) << 53) && sample->sint64 == INT64_MIN);
}

static void enums_are_known_by_name_and_number_also_one_that_has_no_name(void **state)
{
    static const int wanted[] = {7, 1, 0, -5};
    const struct sample *sample = PARSE("{\"kind\":\"KIND_OIL\",\"kinds\":[7,\"KIND_RICE\",0,-5]}");
    assert_int_equal(sample->kind, 7);
    assert_int_equal(sample->n_kinds, 4);
    assert_memory_equal(sample->kinds, wanted, sizeof(wanted));
}

static void texts_are_copied_with_their_escapes_resolved(void **state)
{
    char text[] = "{\"text\":\"\\u7231\\ud83d\\ude00\\n\\/\x7f\",\"texts\":[\"\",\"爱心\"]}";
    const struct sample *sample = parse(*state, bytes_of_text(text));
    memset(text, 'x', sizeof(text) - 1);
    assert_string_equal(sample->text, "爱😀\n/\x7f");
    assert_int_equal(sample->n_texts, 2);
    assert_string_equal(sample->texts[0], "");
    assert_string_equal(sample->texts[1], "爱心");
}

static void base64_is_taken_in_both_alphabets_with_padding_or_without(void **state)
{
    static const size_t sizes[] = {3, 3, 1, 1, 2, 2};
    const struct sample *sample =
        PARSE("{\"data\":\"\",\"datas\":[\"+/+/\",\"-_-_\",\"/w==\",\"_w\",\"//8=\",\"__8\"]}");
    assert_int_equal(sample->data.len, 0);
    assert_int_equal(sample->n_datas, 6);
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(sample->datas[i].len, sizes[i]);
        assert_memory_equal(sample->datas[i].data, i < 2 ? "\xfb\xff\xbf" : "\xff\xff", sizes[i]);
    }
}

static void messages_and_repeated_values_stand_in_each_other(void **state)
{
    const struct sample *sample =
        PARSE("{\"inner\":{\"inner\":{\"truth\":true}},\"inners\":[{},{\"int32\":5}],"
              "\"truths\":[true,false],\"wideNumbers\":[1,\"2\"],\"numbers\":[]}");
    assert_true(sample->inner->inner->truth);
    assert_int_equal(sample->n_inners, 2);
    assert_int_equal(sample->inners[1]->int32, 5);
    assert_true(sample->n_truths == 2 && sample->truths[0] && !sample->truths[1]);
    assert_true(sample->n_wide_numbers == 2 && sample->wide_numbers[1] == 2);
    assert_int_equal(sample->n_numbers, 0);
    assert_null(sample->numbers);
}

static void a_member_of_a_oneof_is_there_even_with_its_default(void **state)
{
    const struct sample *sample = PARSE("{\"oneNumber\":0}");
    assert_int_equal(sample->one_case, 23);
    sample = PARSE("{\"oneText\":\"\"}");
    assert_int_equal(sample->one_case, 24);
    assert_string_equal(sample->one_text, "");
    sample = PARSE("{\"oneData\":\"\"}");
    assert_true(sample->one_case == 25 && sample->one_data.len == 0);
    sample = PARSE("{\"oneKind\":0}");
    assert_true(sample->one_case == 26 && sample->one_kind == 0);
    sample = PARSE("{\"oneInner\":{}}");
    assert_int_equal(sample->one_case, 27);
    assert_non_null(sample->one_inner);
}

static void null_means_that_the_field_is_not_there(void **state)
{
    const struct sample *sample =
        PARSE("{\"int32\":null,\"text\":null,\"inner\":null,\"numbers\":null,\"kind\":null,"
              "\"oneText\":null,\"oneNumber\":6,\"oneInner\":null}");
    assert_ptr_equal(sample->text, protobuf_c_empty_string);
    assert_null(sample->inner);
    assert_true(sample->one_case == 23 && sample->one_number == 6);
}

static void a_field_is_known_by_its_json_name_and_its_own(void **state)
{
    assert_int_equal(PARSE("{\"OddName2xYZ\":3}")->odd, 3);
    assert_int_equal(PARSE("{\"_odd__name_2x_Y_z_\":4}")->odd, 4);
    assert_int_equal(PARSE("{\"wide_numbers\":[1]}")->n_wide_numbers, 1);
}

/* Rejects. */

static void what_is_not_json_is_refused_with_line_and_character(void **state)
{
    ASSERT_PROBLEM("", "第 1 行第 0 个字符：没有写完 / line 1, character 0: it ends too early");
    ASSERT_PROBLEM(
        "{\n\"int32\":1,}",
        "第 2 行第 11 个字符：不是正确的 JSON / line 2, character 11: not well-formed JSON");
    ASSERT_PROBLEM("{\"text\":\"\xff\"}",
                   "第 1 行第 9 个字符：不是 UTF-8 / line 1, character 9: not UTF-8");
    ASSERT_PROBLEM("{\"text\":\"\xed\xa0\x80\"}",
                   "第 1 行第 9 个字符：不是 UTF-8 / line 1, character 9: not UTF-8");
    ASSERT_PROBLEM(
        "{\"text\":\"\\ud800\"}",
        "第 1 行第 16 个字符：不是正确的 JSON / line 1, character 16: not well-formed JSON");
    ASSERT_PROBLEM(
        "{} {}", "第 1 行第 4 个字符：不是正确的 JSON / line 1, character 4: not well-formed JSON");
    ASSERT_PROBLEM("{\"uint64\":18446744073709551615}",
                   "第 1 行第 30 个字符：数太大，请写成字符串 / "
                   "line 1, character 30: the number is too large, write it as a string");
    ASSERT_PROBLEM("{\"a\\u0000\":1}", "第 1 行第 10 个字符：字段名里有 \\u0000 / "
                                       "line 1, character 10: a field's name holds \\u0000");
    ASSERT_PROBLEM("[]", "JSON 是 [...]，应为对象 {...} / JSON is [...], must be an object {...}");
}

static void an_unknown_field_is_named_with_its_whole_path(void **state)
{
    ASSERT_PROBLEM("{\"inners\":[{},{\"inner\":{\"memoo\":[[]]}}]}",
                   "inners[1].inner.memoo：没有这个字段 / "
                   "inners[1].inner.memoo: there is no such field");
    ASSERT_PROBLEM("{\"Text\":1}", "Text：没有这个字段 / Text: there is no such field");
    ASSERT_PROBLEM("{\"\":null}", "\"\"：没有这个字段 / \"\": there is no such field");
}

static void a_field_given_twice_is_refused_under_one_name_or_two(void **state)
{
    ASSERT_PROBLEM(
        "{\"int32\":1,\"int32\":1}",
        "第 1 行第 18 个字符：同一字段写了两次 / line 1, character 18: a field is given twice");
    ASSERT_PROBLEM("{\"wide_numbers\":[],\"wideNumbers\":null}",
                   "wideNumbers：同一字段以两种名字写了两次 / "
                   "wideNumbers: given twice, by both its names");
}

static void two_members_of_a_oneof_are_refused_and_both_named(void **state)
{
    ASSERT_PROBLEM("{\"inner\":{\"oneNumber\":0,\"oneText\":\"\"}}",
                   "inner.oneText：与 oneNumber 只能写一个 / "
                   "inner.oneText: not together with oneNumber");
}

static void a_number_out_of_range_is_refused_and_the_range_is_named(void **state)
{
    ASSERT_PROBLEM("{\"int32\":2147483648}",
                   "int32 是 2147483648，应为 -2147483648 至 2147483647 的整数 / "
                   "int32 is 2147483648, must be a whole number from -2147483648 to 2147483647");
    assert_value_refused(*state, "sint32", "-2147483649", "from -2147483648 to 2147483647");
    assert_value_refused(*state, "kind", "2147483648", "from -2147483648 to 2147483647");
    assert_value_refused(*state, "uint32", "-1", "from 0 to 4294967295");
    assert_value_refused(*state, "fixed32", "4294967296", "from 0 to 4294967295");
    assert_value_refused(*state, "int64", "\"9223372036854775808\"",
                         "from -9223372036854775808 to 9223372036854775807");
    assert_value_refused(*state, "sfixed64", "\"-9223372036854775809\"",
                         "from -9223372036854775808 to 9223372036854775807");
    assert_value_refused(*state, "uint64", "\"18446744073709551616\"",
                         "from 0 to 18446744073709551615");
    assert_value_refused(*state, "fixed64", "\"1e20\"", "from 0 to 18446744073709551615");
}

static void what_is_not_a_whole_number_is_refused(void **state)
{
    static const char *const values[] = {
        "true",     "{}",       "[]",           "0.5",        "1e-1",          "1e300",
        "\"\"",     "\" 1\"",   "\"1 \"",       "\"+1\"",     "\"-\"",         "\".5\"",
        "\"5.\"",   "\"0x1\"",  "\"1e\"",       "\"1e+\"",    "\"1,000\"",     "\"NaN\"",
        "\"１\"",   "\"1e-1\"", "\"1\\u0000\"", "\"1e9999\"", "\"0.1e-2000\"", "\"--1\"",
        "\"1.e5\"", "\"1e5.0\""};
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        assert_value_refused(*state, "uint32", values[i],
                             "must be a whole number from 0 to 4294967295");
    }
    assert_value_refused(*state, "int64", "9007199254740994.0",
                         "must be a whole number, and a large one in a string");
}

static void a_number_of_very_many_digits_is_refused(void **state)
{
    char value[2048];
    memset(value, '0', sizeof(value));
    value[0] = '"';
    value[sizeof(value) - 2] = '"';
    value[sizeof(value) - 1] = '\0';
    char text[sizeof(value) + 16];
    char problem[JSON_PROBLEM_BYTES];
    ProtobufCMessage *message = NULL;
    (void)snprintf(text, sizeof(text), "{\"int32\":%s}", value);
    assert_int_equal(json_parse(bytes_of_text(text), &sample_descriptor, *state, &message, problem),
                     LB_MALFORMED);
    assert_null(message);
}

static void values_of_another_type_are_refused(void **state)
{
    assert_value_refused(*state, "truth", "\"true\"", "must be true or false");
    assert_value_refused(*state, "truth", "1", "must be true or false");
    assert_value_refused(*state, "text", "7", "must be a string");
    assert_value_refused(*state, "text", "\"a\\u0000b\"", "must be a string without \\u0000");
    assert_value_refused(*state, "inner", "\"x\"", "must be an object {...}");
    assert_value_refused(*state, "inner", "[]", "must be an object {...}");
    assert_value_refused(*state, "numbers", "1", "must be an array [...]");
    assert_value_refused(*state, "kind", "\"KIND_SALT\"",
                         "must be a name of Kind, such as KIND_OIL");
    assert_value_refused(*state, "kind", "\"KIND_OIL\\u0000\"", "such as KIND_OIL");
    assert_value_refused(*state, "kind", "\"7\"", "such as KIND_OIL");
    assert_value_refused(*state, "kind", "false", "from -2147483648 to 2147483647");
    assert_value_refused(*state, "data", "5", "must be a base64 string");
}

static void what_is_not_base64_is_refused(void **state)
{
    static const char *const values[] = {
        "\"A\"",     "\"AAAAA\"", "\"AA A\"", "\"AA=A\"", "\"A===\"", "\"AAA==\"",      "\"=\"",
        "\"AAAA=\"", "\"AA\\n\"", "\"AB\"",   "\"AAB=\"", "\"====\"", "\"AA\\u0000A\"", "\"AA=\""};
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        assert_value_refused(*state, "data", values[i], "must be a base64 string");
    }
}

static void null_within_an_array_is_refused(void **state)
{
    ASSERT_PROBLEM("{\"texts\":[\"a\",null]}",
                   "texts[1] 是 null，应为字符串 / texts[1] is null, must be a string");
    ASSERT_PROBLEM("{\"inners\":[null]}", "inners[0] 是 null，应为对象 {...} / "
                                          "inners[0] is null, must be an object {...}");
}

static void what_is_quoted_is_shortened_and_has_no_control_characters(void **state)
{
    ASSERT_PROBLEM("{\"kind\":\"a\\u001b\\u202eb\\u007f\"}",
                   "kind 是 \"a??b?\"，应为 Kind 中的名字，如 KIND_OIL / "
                   "kind is \"a??b?\", must be a name of Kind, such as KIND_OIL");
    ASSERT_PROBLEM("{\"爱爱爱爱爱爱爱爱爱爱爱爱爱爱爱爱爱爱爱爱\\n\":1}",
                   "爱爱爱爱爱爱爱爱爱爱爱爱爱爱...：没有这个字段 / "
                   "爱爱爱爱爱爱爱爱爱爱爱爱爱爱...: there is no such field");
}

/* Text of objects in each other, as many as `depth`. */
static struct bytes nested(struct arena *arena, size_t depth)
{
    static const char open[] = "{\"inner\":";
    const size_t open_bytes = sizeof(open) - 1;
    char *text = arena_take(arena, depth * (open_bytes + 1) + 2);
    assert_non_null(text);
    for (size_t i = 0; i < depth; i++) {
        memcpy(text + i * open_bytes, open, open_bytes);
    }
    memcpy(text + depth * open_bytes, "{}", 2);
    memset(text + depth * open_bytes + 2, '}', depth);
    return bytes_of(text, depth * (open_bytes + 1) + 2);
}

static void nesting_has_an_end(void **state)
{
    char problem[JSON_PROBLEM_BYTES];
    ProtobufCMessage *message = NULL;
    assert_non_null(parse(*state, nested(*state, 64))->inner);
    assert_int_equal(json_parse(nested(*state, 65), &sample_descriptor, *state, &message, problem),
                     LB_MALFORMED);
    assert_non_null(strstr(problem, "inner.inner.inner"));
    assert_int_equal(
        json_parse(nested(*state, 5000), &sample_descriptor, *state, &message, problem),
        LB_MALFORMED);
    assert_non_null(strstr(problem, "nested too deeply"));
}

static void values_that_would_take_much_memory_are_refused(void **state)
{
    static char text[270000];
    char problem[JSON_PROBLEM_BYTES];
    ProtobufCMessage *message = NULL;
    const struct bytes objects = bytes_of(text, sizeof(text));
    memset(text, '{', sizeof(text));
    assert_int_equal(json_parse(objects, &sample_descriptor, *state, &message, problem),
                     LB_MALFORMED);
    assert_non_null(strstr(problem, "too many values"));
    text[0] = '"'; /* now they are one text */
    assert_int_equal(json_parse(objects, &sample_descriptor, *state, &message, problem),
                     LB_MALFORMED);
    assert_null(strstr(problem, "too many values"));
}

/* Faults. */

#define WHOLE_TEXT                                                                                \
    "{\"int32\":1,\"text\":\"abc\",\"data\":\"QUJD\",\"inner\":{\"inner\":{}},\"numbers\":[1,2]," \
    "\"texts\":[\"a\",\"b\"],\"datas\":[\"QQ\"],\"inners\":[{\"text\":\"x\"},{}],\"kinds\":[7],"  \
    "\"oneInner\":{\"text\":\"y\"}}"

static void an_arena_that_ends_at_any_moment_gives_memory_and_no_message(void **state)
{
    const struct bytes text = BYTES_LITERAL(WHOLE_TEXT);
    enum lb_result result = LB_MEMORY;
    size_t cap_bytes = 0;
    (void)state;
    for (; result == LB_MEMORY && cap_bytes < ARENA_BYTES; cap_bytes += 16) {
        struct arena arena;
        char problem[JSON_PROBLEM_BYTES];
        ProtobufCMessage *message = NULL;
        arena_init(&arena, arena_memory_heap(), cap_bytes);
        result = json_parse(text, &sample_descriptor, &arena, &message, problem);
        assert_string_equal(problem, "");
        assert_true((result == LB_OK) == (message != NULL));
        arena_fini(&arena);
    }
    assert_int_equal(result, LB_OK);
    assert_true(cap_bytes > 16 * 20);
}

/* A heap that fails after so many allocations. */
static size_t heap_until_failure;
static size_t heap_blocks;

static void *heap_take(size_t bytes)
{
    if (heap_until_failure == 0) {
        return NULL;
    }
    heap_until_failure--;
    heap_blocks++;
    return malloc(bytes);
}

static void heap_give_back(void *block)
{
    heap_blocks -= block != NULL;
    free(block);
}

/* jansson says of some of these moments that the text were malformed. */
static void a_heap_that_ends_at_any_moment_gives_no_message_and_keeps_nothing(void **state)
{
    const struct bytes text = BYTES_LITERAL(WHOLE_TEXT);
    enum lb_result result = LB_MEMORY;
    size_t allocations = 0;
    json_set_alloc_funcs(heap_take, heap_give_back);
    for (; result != LB_OK && allocations < 10000; allocations++) {
        char problem[JSON_PROBLEM_BYTES];
        ProtobufCMessage *message = NULL;
        heap_until_failure = allocations;
        arena_reset(*state);
        result = json_parse(text, &sample_descriptor, *state, &message, problem);
        assert_true((result == LB_OK) == (message != NULL));
        assert_int_equal(heap_blocks, 0);
    }
    json_set_alloc_funcs(malloc, free);
    assert_int_equal(result, LB_OK);
    assert_true(allocations > 50);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(fields_that_are_not_there_have_their_defaults),
        TEST(numbers_of_each_type_reach_both_ends),
        TEST(whole_numbers_may_have_a_point_an_exponent_and_quotes),
        TEST(enums_are_known_by_name_and_number_also_one_that_has_no_name),
        TEST(texts_are_copied_with_their_escapes_resolved),
        TEST(base64_is_taken_in_both_alphabets_with_padding_or_without),
        TEST(messages_and_repeated_values_stand_in_each_other),
        TEST(a_member_of_a_oneof_is_there_even_with_its_default),
        TEST(null_means_that_the_field_is_not_there),
        TEST(a_field_is_known_by_its_json_name_and_its_own),
        TEST(what_is_not_json_is_refused_with_line_and_character),
        TEST(an_unknown_field_is_named_with_its_whole_path),
        TEST(a_field_given_twice_is_refused_under_one_name_or_two),
        TEST(two_members_of_a_oneof_are_refused_and_both_named),
        TEST(a_number_out_of_range_is_refused_and_the_range_is_named),
        TEST(what_is_not_a_whole_number_is_refused),
        TEST(a_number_of_very_many_digits_is_refused),
        TEST(values_of_another_type_are_refused),
        TEST(what_is_not_base64_is_refused),
        TEST(null_within_an_array_is_refused),
        TEST(what_is_quoted_is_shortened_and_has_no_control_characters),
        TEST(nesting_has_an_end),
        TEST(values_that_would_take_much_memory_are_refused),
        TEST(an_arena_that_ends_at_any_moment_gives_memory_and_no_message),
        TEST(a_heap_that_ends_at_any_moment_gives_no_message_and_keeps_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
