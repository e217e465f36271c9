/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The index of names against a plain array, and the masks.
 */
#include "people/people.h"

#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define MODEL_MEMBERS 200
#define MODEL_STEPS   20000
#define MANY_NAMES    100000

static int people_set_up(void **state)
{
    char path[] = "/tmp/lovebank-names-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    close(file);
    unlink(path);
    struct people *people = NULL;
    assert_int_equal(people_open(path, true, random_system(), &people), LB_OK);
    unlink(path);
    *state = people;
    return 0;
}

static int people_tear_down(void **state)
{
    people_close(*state);
    return 0;
}

static void put(struct people *people, uint64_t member, const char *name)
{
    assert_int_equal(people_index_put(people, member, bytes_of_text(name)), LB_OK);
}

/* -- index ------------------------------------------------------------------------------------ */

static void part_of_a_name_finds_its_members_in_ascending_order(void **state)
{
    struct people *people = *state;
    put(people, 30, "张小明");
    put(people, 10, "李明");
    put(people, 20, "王芳");
    uint64_t members[4];
    bool more = true;
    assert_int_equal(people_index_find(people, BYTES_LITERAL("明"), 0, members, 4, &more), 2);
    assert_int_equal(members[0], 10);
    assert_int_equal(members[1], 30);
    assert_false(more);
    assert_int_equal(people_index_find(people, BYTES_LITERAL("赵"), 0, members, 4, &more), 0);
    assert_false(more);
}

static void pages_of_answers_follow_each_other(void **state)
{
    struct people *people = *state;
    for (uint64_t member = 1; member <= 5; member++) {
        put(people, member, "李明");
    }
    uint64_t members[2];
    bool more = false;
    assert_int_equal(people_index_find(people, BYTES_LITERAL("李"), 0, members, 2, &more), 2);
    assert_true(more);
    assert_int_equal(people_index_find(people, BYTES_LITERAL("李"), 4, members, 2, &more), 1);
    assert_int_equal(members[0], 5);
    assert_false(more);
    assert_int_equal(people_index_find(people, BYTES_LITERAL("李"), UINT64_MAX, members, 2, &more),
                     0);
}

static void renamed_member_is_found_by_the_new_name_only_and_an_empty_name_removes(void **state)
{
    struct people *people = *state;
    uint64_t members[2];
    bool more = false;
    put(people, 7, "李明");
    put(people, 7, "王芳");
    assert_int_equal(people_index_find(people, BYTES_LITERAL("李"), 0, members, 2, &more), 0);
    assert_int_equal(people_index_find(people, BYTES_LITERAL("王"), 0, members, 2, &more), 1);
    put(people, 7, "");
    put(people, 8, "");
    assert_int_equal(people_index_find(people, BYTES_LITERAL(""), 0, members, 2, &more), 0);
}

static void readiness_is_what_was_set_last(void **state)
{
    struct people *people = *state;
    assert_false(people_index_is_ready(people));
    people_index_set_ready(people, true);
    assert_true(people_index_is_ready(people));
}

static const char *const model_names[] = {"", "李明", "张小明", "王芳", "李芳", "明明", "Li Ming"};
static const char *const model_parts[] = {"明", "李", "芳", "小明", "i", "赵", ""};
#define NAME_COUNT (sizeof(model_names) / sizeof(model_names[0]))
#define PART_COUNT (sizeof(model_parts) / sizeof(model_parts[0]))

static void check_against_model(struct people *people, const char *const *names, const char *part,
                                uint64_t after, size_t cap)
{
    uint64_t members[MODEL_MEMBERS];
    bool more = false;
    size_t count = people_index_find(people, bytes_of_text(part), after, members, cap, &more);
    size_t expected = 0;
    bool expected_more = false;
    for (uint64_t member = after + 1; member < MODEL_MEMBERS; member++) {
        if (names[member][0] == '\0' || strstr(names[member], part) == NULL) {
            continue;
        }
        if (expected == cap) {
            expected_more = true;
            break;
        }
        assert_true(expected < count);
        assert_int_equal(members[expected++], member);
    }
    assert_int_equal(count, expected);
    assert_int_equal(more, expected_more);
}

static void index_agrees_with_a_plain_array(void **state)
{
    struct people *people = *state;
    struct random_seeded random = {.state = 20161231};
    print_message("seed %llu\n", (unsigned long long)random.state);
    const char *names[MODEL_MEMBERS];
    for (size_t i = 0; i < MODEL_MEMBERS; i++) {
        names[i] = "";
    }
    for (size_t step = 0; step < MODEL_STEPS; step++) {
        uint64_t member = 1 + random_seeded_next(&random) % (MODEL_MEMBERS - 1);
        names[member] = model_names[random_seeded_next(&random) % NAME_COUNT];
        put(people, member, names[member]);
        if (step % 16 == 0) {
            check_against_model(
                people, names, model_parts[random_seeded_next(&random) % PART_COUNT],
                random_seeded_next(&random) % MODEL_MEMBERS, random_seeded_next(&random) % 20);
        }
    }
}

static void a_hundred_thousand_names_take_less_than_20_mb(void **state)
{
    struct people *people = *state;
    size_t before = mallinfo2().uordblks;
    for (uint64_t member = 1; member <= MANY_NAMES; member++) {
        put(people, member, "欧阳小明明");
    }
    size_t used = mallinfo2().uordblks - before;
    print_message("%zu bytes\n", used);
    assert_true(used < 20u << 20);
}

/* -- masks ------------------------------------------------------------------------------------ */

static void assert_masked(const char *name, const char *expected)
{
    char masked[128];
    people_mask_name(bytes_of_text(name), masked, sizeof(masked));
    assert_string_equal(masked, expected);
}

static void names_keep_the_ends_of_each_word(void **state)
{
    (void)state;
    assert_masked("", "");
    assert_masked("李", "*");
    assert_masked("李明", "李*");
    assert_masked("张小明", "张*明");
    assert_masked("欧阳小明", "欧**明");
    assert_masked("Anna Smith", "A**a S***h");
    assert_masked("J Li", "* L*");
    assert_masked("阿卜杜·热西提", "阿*杜·热*提");
    assert_masked("𠮷田明", "𠮷*明"); /* four bytes of UTF-8 */
}

static void bytes_that_are_no_text_are_never_shown(void **state)
{
    (void)state;
    assert_masked("\xff\xfe", "**");
    assert_masked("张\xff明", "张*明");
    assert_masked("张小\xe6", "张**");
}

static void mask_is_cut_between_characters(void **state)
{
    (void)state;
    static const char *const expected[] = {"", "", "", "张", "张*", "张*", "张*", "张*明", "张*明"};
    for (size_t cap = 1; cap <= sizeof(expected) / sizeof(expected[0]); cap++) {
        char masked[16];
        memset(masked, 'x', sizeof(masked));
        people_mask_name(BYTES_LITERAL("张小明"), masked, cap);
        assert_string_equal(masked, expected[cap - 1]);
        assert_int_equal(masked[cap], 'x');
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, people_set_up, people_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(part_of_a_name_finds_its_members_in_ascending_order),
        TEST(pages_of_answers_follow_each_other),
        TEST(renamed_member_is_found_by_the_new_name_only_and_an_empty_name_removes),
        TEST(readiness_is_what_was_set_last),
        TEST(index_agrees_with_a_plain_array),
        TEST(a_hundred_thousand_names_take_less_than_20_mb),
        cmocka_unit_test(names_keep_the_ends_of_each_word),
        cmocka_unit_test(bytes_that_are_no_text_are_never_shown),
        cmocka_unit_test(mask_is_cut_between_characters),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
