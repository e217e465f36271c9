/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Message to text: each type's form, defaults, escapes, texts that are none, memory that ends at
 * any moment. Single thread.
 */
#include "json/json.h"

#include "sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define ARENA_BYTES (1u << 22)

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

static struct sample empty_sample(void)
{
    struct sample sample;
    sample_init(&sample.base);
    return sample;
}

static void assert_printed(struct arena *arena, const struct sample *sample, const char *wanted)
{
    struct bytes text;
    assert_int_equal(json_print(&sample->base, arena, &text), LB_OK);
    assert_int_equal(text.size, strlen(wanted));
    assert_memory_equal(text.data, wanted, text.size);
}

/* The text of a message whose only field is `text`, within its quotes. */
static void assert_text_printed(struct arena *arena, const char *text, const char *wanted)
{
    struct sample sample = empty_sample();
    struct bytes printed;
    sample.text = (char *)(uintptr_t)text;
    assert_int_equal(json_print(&sample.base, arena, &printed), LB_OK);
    assert_int_equal(printed.size, strlen("{'text':''}") + strlen(wanted));
    assert_memory_equal(printed.data, "{\"text\":\"", 9);
    assert_memory_equal(printed.data + 9, wanted, strlen(wanted));
    assert_memory_equal(printed.data + printed.size - 2, "\"}", 2);
}

/* Accepts. */

static void defaults_are_left_out(void **state)
{
    const struct sample sample = empty_sample();
    assert_printed(*state, &sample, "{}");
}

static void numbers_stand_plain_up_to_32_bits_and_quoted_beyond(void **state)
{
    struct sample sample = empty_sample();
    sample.int32 = INT32_MIN;
    sample.sint32 = INT32_MAX;
    sample.sfixed32 = -1;
    sample.uint32 = UINT32_MAX;
    sample.fixed32 = 10;
    sample.int64 = INT64_MIN;
    sample.sint64 = INT64_MAX;
    sample.sfixed64 = -1;
    sample.uint64 = UINT64_MAX;
    sample.fixed64 = 7;
    sample.truth = true;
    assert_printed(*state, &sample,
                   "{\"int32\":-2147483648,\"sint32\":2147483647,\"sfixed32\":-1,"
                   "\"uint32\":4294967295,\"fixed32\":10,\"int64\":\"-9223372036854775808\","
                   "\"sint64\":\"9223372036854775807\",\"sfixed64\":\"-1\","
                   "\"uint64\":\"18446744073709551615\",\"fixed64\":\"7\",\"truth\":true}");
}

static void enums_have_their_name_or_if_none_their_number(void **state)
{
    struct sample sample = empty_sample();
    int kinds[] = {0, 1, 7, 2, -5};
    sample.kind = 1;
    sample.n_kinds = sizeof(kinds) / sizeof(kinds[0]);
    sample.kinds = kinds;
    assert_printed(*state, &sample,
                   "{\"kind\":\"KIND_RICE\","
                   "\"kinds\":[\"KIND_NONE\",\"KIND_RICE\",\"KIND_OIL\",2,-5]}");
}

static void bytes_are_base64_with_padding(void **state)
{
    struct sample sample = empty_sample();
    uint8_t data[] = {0xfb, 0xff, 0xbf, 0xff};
    ProtobufCBinaryData datas[] = {{0, NULL}, {1, data}, {2, data}, {3, data}};
    sample.data = (ProtobufCBinaryData){4, data};
    sample.n_datas = 4;
    sample.datas = datas;
    assert_printed(*state, &sample,
                   "{\"data\":\"+/+//w==\",\"datas\":[\"\",\"+w==\",\"+/8=\",\"+/+/\"]}");
}

static void messages_and_repeated_values_stand_in_each_other(void **state)
{
    struct sample inner = empty_sample();
    struct sample other = empty_sample();
    struct sample sample = empty_sample();
    struct sample *inners[] = {&inner, &other};
    protobuf_c_boolean truths[] = {true, false};
    uint64_t wide_numbers[] = {0, UINT64_MAX};
    char a[] = "a";
    char *texts[] = {a, sample.text};
    other.odd = 3;
    sample.inner = &inner;
    sample.n_inners = 2;
    sample.inners = inners;
    sample.n_truths = 2;
    sample.truths = truths;
    sample.n_wide_numbers = 2;
    sample.wide_numbers = wide_numbers;
    sample.n_texts = 2;
    sample.texts = texts;
    assert_printed(*state, &sample,
                   "{\"inner\":{},\"wideNumbers\":[\"0\",\"18446744073709551615\"],"
                   "\"truths\":[true,false],\"texts\":[\"a\",\"\"],"
                   "\"inners\":[{},{\"OddName2xYZ\":3}]}");
}

static void a_member_of_a_oneof_is_printed_even_with_its_default(void **state)
{
    struct sample inner = empty_sample();
    struct sample sample = empty_sample();
    sample.one_case = 23;
    assert_printed(*state, &sample, "{\"oneNumber\":0}");
    sample.one_case = 24;
    sample.one_text = sample.text;
    assert_printed(*state, &sample, "{\"oneText\":\"\"}");
    sample.one_case = 25;
    sample.one_data = (ProtobufCBinaryData){0, NULL};
    assert_printed(*state, &sample, "{\"oneData\":\"\"}");
    sample.one_case = 26;
    sample.one_kind = 0;
    assert_printed(*state, &sample, "{\"oneKind\":\"KIND_NONE\"}");
    sample.one_case = 27;
    sample.one_inner = &inner;
    assert_printed(*state, &sample, "{\"oneInner\":{}}");
}

static void texts_are_escaped_as_json_asks_and_no_further(void **state)
{
    assert_text_printed(*state, "\"\\/\b\f\n\r\t", "\\\"\\\\/\\b\\f\\n\\r\\t");
    assert_text_printed(*state, "\x01\x1f\x7f", "\\u0001\\u001f\x7f");
    assert_text_printed(*state, "爱é😀\xe2\x80\xa8", "爱é😀\xe2\x80\xa8");
}

static void a_text_larger_than_any_block_is_printed_whole(void **state)
{
    const size_t size = 300000;
    char *text = malloc(size + 1);
    char *wanted = malloc(2 * size + 1);
    assert_non_null(text);
    assert_non_null(wanted);
    for (size_t i = 0; i < size; i++) {
        text[i] = '\n';
        wanted[2 * i] = '\\';
        wanted[2 * i + 1] = 'n';
    }
    text[size] = '\0';
    wanted[2 * size] = '\0';
    assert_text_printed(*state, text, wanted);
    free(wanted);
    free(text);
}

/* Rejects. */

static void what_is_not_utf8_becomes_a_replacement_character(void **state)
{
    assert_text_printed(*state, "a\xff\"\xc3", "a\xef\xbf\xbd\\\"\xef\xbf\xbd");
    assert_text_printed(*state, "\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
    assert_text_printed(*state, "\xe7\x88", "\xef\xbf\xbd\xef\xbf\xbd");
}

static void a_member_of_a_oneof_that_points_nowhere_is_left_out(void **state)
{
    struct sample sample = empty_sample();
    sample.one_case = 27;
    assert_printed(*state, &sample, "{}");
    sample.one_case = 24;
    assert_printed(*state, &sample, "{}");
    sample.one_case = 99; /* which no field has */
    assert_printed(*state, &sample, "{}");
}

static void a_text_that_points_nowhere_is_an_empty_one(void **state)
{
    struct sample sample = empty_sample();
    char *texts[] = {NULL};
    sample.text = NULL;
    sample.n_texts = 1;
    sample.texts = texts;
    assert_printed(*state, &sample, "{\"texts\":[\"\"]}");
}

/* Faults. */

static void an_arena_that_ends_at_any_moment_gives_memory_and_no_text(void **state)
{
    struct sample inner = empty_sample();
    struct sample sample = empty_sample();
    char text[3001];
    uint8_t data[3000] = {0};
    enum lb_result result = LB_MEMORY;
    size_t cap_bytes = 0;
    (void)state;
    memset(text, 'a', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    sample.text = text;
    sample.data = (ProtobufCBinaryData){sizeof(data), data};
    sample.inner = &inner;
    for (; result == LB_MEMORY && cap_bytes < ARENA_BYTES; cap_bytes += 16) {
        struct arena arena;
        struct bytes printed = BYTES_LITERAL("x");
        arena_init(&arena, arena_memory_heap(), cap_bytes);
        result = json_print(&sample.base, &arena, &printed);
        assert_true((result == LB_OK) == (printed.size > 0));
        arena_fini(&arena);
    }
    assert_int_equal(result, LB_OK);
    assert_true(cap_bytes > 2 * sizeof(text));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(defaults_are_left_out),
        TEST(numbers_stand_plain_up_to_32_bits_and_quoted_beyond),
        TEST(enums_have_their_name_or_if_none_their_number),
        TEST(bytes_are_base64_with_padding),
        TEST(messages_and_repeated_values_stand_in_each_other),
        TEST(a_member_of_a_oneof_is_printed_even_with_its_default),
        TEST(texts_are_escaped_as_json_asks_and_no_further),
        TEST(a_text_larger_than_any_block_is_printed_whole),
        TEST(what_is_not_utf8_becomes_a_replacement_character),
        TEST(a_member_of_a_oneof_that_points_nowhere_is_left_out),
        TEST(a_text_that_points_nowhere_is_an_empty_one),
        TEST(an_arena_that_ends_at_any_moment_gives_memory_and_no_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
