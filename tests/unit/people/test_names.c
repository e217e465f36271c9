/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The index of names against a plain array, and the masks.
 */
#include "people/mask.h"
#include "people/people.h"

#include <inttypes.h>
#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define MODEL_MEMBERS      200
#define MODEL_STEPS        20000
#define MANY_NAMES         100000
#define SEARCH_ARENA_BYTES (1u << 20)

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

/* A search and its answer; the members live until the next one. */
struct search {
    struct arena arena;
    struct people_found found;
};

static struct people_found *find(struct search *search, struct people *people,
                                 const struct people_query *query)
{
    arena_fini(&search->arena);
    arena_init(&search->arena, arena_memory_heap(), SEARCH_ARENA_BYTES);
    assert_int_equal(people_index_find(people, query, &search->arena, &search->found), LB_OK);
    return &search->found;
}

/* The members found are those of `expected`, which ends with 0. */
static void assert_found(struct people *people, const char *text, bool is_whole,
                         const uint64_t *expected)
{
    struct search search = {0};
    const struct people_query query = {
        .text = bytes_of_text(text), .is_whole = is_whole, .limit = MODEL_MEMBERS};
    const struct people_found *found = find(&search, people, &query);
    size_t count = 0;
    for (; expected[count] != 0; count++) {
        assert_true(count < found->count);
        assert_int_equal(found->members[count], expected[count]);
    }
    assert_int_equal(found->count, count);
    assert_false(found->more);
    arena_fini(&search.arena);
}

#define ASSERT_PARTS(people, text, ...) \
    assert_found(people, text, false, (const uint64_t[]){__VA_ARGS__})
#define ASSERT_WHOLE(people, text, ...) \
    assert_found(people, text, true, (const uint64_t[]){__VA_ARGS__})

/* -- index ------------------------------------------------------------------------------------ */

static void part_of_a_name_finds_its_members_in_ascending_order(void **state)
{
    struct people *people = *state;
    put(people, 30, "张小明");
    put(people, 10, "李明");
    put(people, 20, "王芳");
    ASSERT_PARTS(people, "明", 10, 30, 0);
    ASSERT_PARTS(people, "赵", 0);
    ASSERT_WHOLE(people, "李明", 10, 0);
    ASSERT_WHOLE(people, "李", 0);
}

static void initials_find_by_part_or_whole(void **state)
{
    struct people *people = *state;
    put(people, 1, "张小明");
    put(people, 2, "曾小明");
    put(people, 3, "李小明");
    put(people, 4, "张小明明");
    ASSERT_PARTS(people, "xm", 1, 2, 3, 4, 0);
    ASSERT_PARTS(people, "ZXM", 1, 2, 4, 0);
    ASSERT_WHOLE(people, "zxm", 1, 2, 0);
    ASSERT_WHOLE(people, "zx", 0);
    ASSERT_PARTS(people, "z小", 0);
}

static void initials_name_nobody_where_a_name_is_asked_for(void **state)
{
    struct people *people = *state;
    put(people, 1, "张小明");
    put(people, 2, "ZXM");
    ASSERT_WHOLE(people, "z x m", 2, 1, 0);
    struct search search = {0};
    struct people_query query = {
        .text = BYTES_LITERAL("z x m"), .is_whole = true, .is_name = true, .limit = MODEL_MEMBERS};
    const struct people_found *found = find(&search, people, &query);
    assert_int_equal(found->count, 1);
    assert_int_equal(found->members[0], 2);
    query.text = BYTES_LITERAL("zx");
    query.is_whole = false;
    assert_int_equal(find(&search, people, &query)->count, 1);
    assert_int_equal(found->members[0], 2);
    arena_fini(&search.arena);
}

static void whole_names_come_before_those_that_hold_it(void **state)
{
    struct people *people = *state;
    put(people, 1, "李明明");
    put(people, 2, "李明");
    put(people, 3, "小李明");
    put(people, 4, "李明");
    ASSERT_PARTS(people, "李明", 2, 4, 1, 3, 0);
    ASSERT_PARTS(people, "lm", 2, 4, 1, 3, 0);
}

static void spellings_of_a_name_are_one_name(void **state)
{
    struct people *people = *state;
    put(people, 1, "張 國 華");
    put(people, 2, "阿卜杜·热西提");
    put(people, 3, "Anna SMITH");
    ASSERT_WHOLE(people, "张国华", 1, 0);
    ASSERT_WHOLE(people, "張國(guó)华", 1, 0);
    ASSERT_WHOLE(people, "阿卜杜热西提", 2, 0);
    ASSERT_WHOLE(people, "ａｎｎａ smith", 3, 0);
    ASSERT_PARTS(people, "na s", 3, 0);
    ASSERT_PARTS(people, "·", 0);
}

static void limit_is_kept_and_more_is_told(void **state)
{
    struct people *people = *state;
    struct search search = {0};
    for (uint64_t member = 1; member <= 5; member++) {
        put(people, member, member < 3 ? "李明" : "李明明");
    }
    struct people_query query = {.text = BYTES_LITERAL("李明"), .limit = 3};
    const struct people_found *found = find(&search, people, &query);
    assert_int_equal(found->count, 3);
    assert_int_equal(found->members[2], 3);
    assert_true(found->more);
    query.limit = 5;
    assert_int_equal(find(&search, people, &query)->count, 5);
    assert_false(found->more);
    query.is_whole = true;
    query.limit = 2;
    assert_int_equal(find(&search, people, &query)->count, 2);
    assert_false(found->more);
    query.limit = 1;
    assert_true(find(&search, people, &query)->more);
    arena_fini(&search.arena);
}

static bool takes_even(void *context, uint64_t member)
{
    ++*(size_t *)context;
    return member % 2 == 0;
}

static void members_that_are_not_taken_count_neither_as_found_nor_as_more(void **state)
{
    struct people *people = *state;
    struct search search = {0};
    size_t asked = 0;
    for (uint64_t member = 1; member <= 5; member++) {
        put(people, member, "李明");
    }
    const struct people_query query = {
        .text = BYTES_LITERAL("李"), .limit = 2, .takes = takes_even, .context = &asked};
    const struct people_found *found = find(&search, people, &query);
    assert_int_equal(found->count, 2);
    assert_int_equal(found->members[1], 4);
    assert_false(found->more);
    assert_int_equal(asked, 5);
    arena_fini(&search.arena);
}

static void renamed_member_is_found_by_the_new_name_only_and_an_empty_name_removes(void **state)
{
    struct people *people = *state;
    put(people, 7, "李明");
    put(people, 7, "王芳");
    ASSERT_PARTS(people, "李", 0);
    ASSERT_WHOLE(people, "李明", 0);
    ASSERT_WHOLE(people, "lm", 0);
    ASSERT_WHOLE(people, "王芳", 7, 0);
    ASSERT_WHOLE(people, "wf", 7, 0);
    put(people, 7, "");
    put(people, 8, "");
    ASSERT_PARTS(people, "王", 0);
    ASSERT_WHOLE(people, "王芳", 0);
    ASSERT_WHOLE(people, "wf", 0);
}

static void readiness_is_what_was_set_last(void **state)
{
    struct people *people = *state;
    assert_false(people_index_is_ready(people));
    people_index_set_ready(people, true);
    assert_true(people_index_is_ready(people));
}

/* Names that are folded already, beside their initials. */
static const struct {
    const char *name;
    const char *initials;
} model_names[] = {
    {"", ""},       {"李明", "lm"},       {"张小明", "zxm"}, {"王芳", "wf"}, {"李芳", "lf"},
    {"明明", "mm"}, {"liming", "liming"}, {"曾3", "z3"},     {"lm", "lm"},
};
static const char *const model_texts[] = {"明", "李", "李芳", "小明", "i",
                                          "m",  "lm", "z3",   "赵",   "liming"};
#define NAME_COUNT (sizeof(model_names) / sizeof(model_names[0]))
#define TEXT_COUNT (sizeof(model_texts) / sizeof(model_texts[0]))

/* 0: not found; 1: by a part; 2: by all initials; 3: by the whole name. */
static int model_match(size_t name, const char *text, bool is_name)
{
    const bool may_be_initials =
        !is_name && strspn(text, "abcdefghijklmnopqrstuvwxyz") == strlen(text);
    if (strcmp(model_names[name].name, text) == 0) {
        return 3;
    }
    if (may_be_initials && strcmp(model_names[name].initials, text) == 0) {
        return 2;
    }
    return strstr(model_names[name].name, text) != NULL ||
           (may_be_initials && strstr(model_names[name].initials, text) != NULL);
}

static void check_against_model(struct people *people, const size_t *names,
                                const struct people_query *query, const char *text)
{
    struct search search = {0};
    const struct people_found *found = find(&search, people, query);
    size_t expected = 0;
    bool expected_more = false;
    for (int match = 3; match > (query->is_whole ? 1 : 0); match--) {
        for (uint64_t member = 1; member < MODEL_MEMBERS; member++) {
            if (model_match(names[member], text, query->is_name) != match) {
                continue;
            }
            if (expected == query->limit) {
                expected_more = true;
                continue;
            }
            assert_true(expected < found->count);
            assert_int_equal(found->members[expected++], member);
        }
    }
    assert_int_equal(found->count, expected);
    assert_int_equal(found->more, expected_more);
    arena_fini(&search.arena);
}

static void index_agrees_with_a_plain_array(void **state)
{
    struct people *people = *state;
    struct random_seeded random = {.state = 20161231};
    print_message("seed %llu\n", (unsigned long long)random.state);
    size_t names[MODEL_MEMBERS] = {0};
    for (size_t step = 0; step < MODEL_STEPS; step++) {
        uint64_t member = 1 + random_seeded_next(&random) % (MODEL_MEMBERS - 1);
        names[member] = random_seeded_next(&random) % NAME_COUNT;
        put(people, member, model_names[names[member]].name);
        if (step % 16 == 0) {
            const char *text = model_texts[random_seeded_next(&random) % TEXT_COUNT];
            const struct people_query query = {
                .text = bytes_of_text(text),
                .is_whole = random_seeded_next(&random) % 2 == 0,
                .is_name = random_seeded_next(&random) % 2 == 0,
                .limit = random_seeded_next(&random) % 40,
            };
            check_against_model(people, names, &query, text);
        }
    }
}

static void a_hundred_thousand_names_take_less_than_30_mb(void **state)
{
    struct people *people = *state;
    size_t before = mallinfo2().uordblks;
    for (uint64_t member = 1; member <= MANY_NAMES; member++) {
        put(people, member, "欧阳小明明");
    }
    size_t used = mallinfo2().uordblks - before;
    print_message("%zu bytes\n", used);
    assert_true(used < 30u << 20);
}

/* Each looked up in its own right: by search from end to end this would take minutes. */
static void a_hundred_thousand_whole_names_are_found_among_as_many(void **state)
{
    struct people *people = *state;
    struct search search = {0};
    char name[64];
    for (uint64_t member = 1; member <= MANY_NAMES; member++) {
        (void)snprintf(name, sizeof(name), "欧阳明%" PRIu64, member);
        put(people, member, name);
    }
    for (uint64_t member = 1; member <= MANY_NAMES; member++) {
        (void)snprintf(name, sizeof(name), "歐陽明%" PRIu64, member);
        const struct people_query query = {
            .text = bytes_of_text(name), .is_whole = true, .limit = 2};
        const struct people_found *found = find(&search, people, &query);
        assert_int_equal(found->count, 1);
        assert_int_equal(found->members[0], member);
    }
    arena_fini(&search.arena);
}

/* -- faults ----------------------------------------------------------------------------------- */

static void search_without_memory_says_so(void **state)
{
    struct people *people = *state;
    const struct people_query query = {.text = BYTES_LITERAL("李明"), .limit = 2};
    put(people, 1, "李明");
    enum lb_result result = LB_MEMORY;
    size_t cap = 0;
    for (; result == LB_MEMORY && cap < 1024; cap += 16) {
        struct arena arena;
        struct people_found found;
        arena_init(&arena, arena_memory_heap(), cap);
        result = people_index_find(people, &query, &arena, &found);
        assert_int_equal(result == LB_MEMORY, arena.exhausted);
        if (result == LB_OK) {
            assert_int_equal(found.count, 1);
        }
        arena_fini(&arena);
    }
    assert_int_equal(result, LB_OK);
    assert_true(cap > 16);
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
        TEST(initials_find_by_part_or_whole),
        TEST(initials_name_nobody_where_a_name_is_asked_for),
        TEST(whole_names_come_before_those_that_hold_it),
        TEST(spellings_of_a_name_are_one_name),
        TEST(limit_is_kept_and_more_is_told),
        TEST(members_that_are_not_taken_count_neither_as_found_nor_as_more),
        TEST(renamed_member_is_found_by_the_new_name_only_and_an_empty_name_removes),
        TEST(readiness_is_what_was_set_last),
        TEST(index_agrees_with_a_plain_array),
        TEST(a_hundred_thousand_names_take_less_than_30_mb),
        TEST(a_hundred_thousand_whole_names_are_found_among_as_many),
        TEST(search_without_memory_says_so),
        cmocka_unit_test(names_keep_the_ends_of_each_word),
        cmocka_unit_test(bytes_that_are_no_text_are_never_shown),
        cmocka_unit_test(mask_is_cut_between_characters),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
