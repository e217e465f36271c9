/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Personal data where two servers write one book: names follow what the other wrote, keys are
 * rotated without a row lost, and whoever lacks the newest key says so.
 */
#include "shared_fixture.h"

#define NUMBER "11010519491231002X"

static struct book *first_of(void **state)
{
    struct shared *shared = *state;
    return shared->servers[0].book;
}

static struct book *second_of(void **state)
{
    struct shared *shared = *state;
    return shared->servers[1].book;
}

static struct command close_member(struct book *book, uint64_t member)
{
    struct command command = command_of(book, ACT_MEMBER_CLOSE);
    command.act.member_close = member;
    return command;
}

static struct command erase(struct book *book, uint64_t member)
{
    struct command command = command_of(book, ACT_MEMBER_ERASE);
    command.memo = BYTES_LITERAL("本人要求");
    command.act.member_erase = member;
    return command;
}

/* How many members the index finds by that name. */
static size_t found_by(struct book *book, const char *name)
{
    struct arena arena;
    struct people_found found;
    const struct people_query query = {
        .text = bytes_of_text(name), .is_whole = true, .is_name = true, .limit = 100};
    arena_init(&arena, arena_memory_heap(), 1 << 20);
    assert_true(people_index_is_ready(book->people));
    assert_int_equal(people_index_find(book->people, &query, &arena, &found), LB_OK);
    arena_fini(&arena);
    return found.count;
}

static enum lb_result person_of(struct book *book, uint64_t member)
{
    struct arena arena;
    struct engine_view view;
    struct person person;
    arena_init(&arena, arena_memory_heap(), 1 << 20);
    assert_int_equal(engine_view_open(book->engine, &arena, &view), LB_OK);
    enum lb_result result = engine_view_person(&view, member, &person);
    engine_view_close(&view);
    arena_fini(&arena);
    return result;
}

static enum lb_result holder_of(struct book *book, const char *number)
{
    struct arena arena;
    struct engine_view view;
    uint64_t member = 0;
    arena_init(&arena, arena_memory_heap(), 1 << 20);
    assert_int_equal(engine_view_open(book->engine, &arena, &view), LB_OK);
    enum lb_result result = engine_view_find_id_number(&view, bytes_of_text(number), &member);
    engine_view_close(&view);
    arena_fini(&arena);
    return result;
}

/* -- names ------------------------------------------------------------------------------------ */

static void names_follow_what_another_server_wrote(void **state)
{
    struct book *first = first_of(state);
    struct book *second = second_of(state);
    assert_int_equal(found_by(second, "张小明"), 3);
    (void)shared_do(first, register_member(first, 4, "王芳"));
    (void)shared_do(first, rename_member(first, 1, "李明"));
    (void)shared_do(first, close_member(first, 2));
    (void)shared_do(first, erase(first, 2));
    engine_look(second->engine);
    assert_int_equal(found_by(second, "王芳"), 1);
    assert_int_equal(found_by(second, "李明"), 1);
    assert_int_equal(found_by(second, "张小明"), 1);
    assert_int_equal(person_of(second, 2), LB_MEMBER_UNKNOWN);
    assert_shared_agree(*state);
}

/* The turn of a group of its own shows them, and its answer comes after they can be found. */
static void names_follow_with_a_group_too(void **state)
{
    struct book *first = first_of(state);
    struct book *second = second_of(state);
    (void)shared_do(first, rename_member(first, 1, "李明"));
    (void)shared_do(first, rename_member(first, 1, "王芳"));
    (void)shared_do(second, rename_member(second, 2, "赵云"));
    assert_int_equal(found_by(second, "李明"), 0);
    assert_int_equal(found_by(second, "王芳"), 1);
    assert_int_equal(found_by(second, "赵云"), 1);
    engine_look(first->engine);
    assert_int_equal(found_by(first, "赵云"), 1);
}

static void names_of_a_turn_that_was_cut_off_are_not_put(void **state)
{
    struct shared *shared = *state;
    struct book *first = first_of(state);
    struct book *second = second_of(state);
    (void)shared_do(first, rename_member(first, 1, "李明"));
    shared_log_memory_fail(shared->memory, MEMORY_FAULT_WRITE_LOST, 2);
    struct request request;
    struct command command = rename_member(second, 1, "王芳");
    request_init(&request, second, &command, 1);
    request_submit(&request);
    assert_true(engine_step(second->engine));
    assert_int_equal(request.done, 0);
    assert_int_equal(found_by(second, "李明"), 0);
    assert_int_equal(found_by(second, "王芳"), 0);
    assert_true(engine_step(second->engine));
    assert_int_equal(request.done, 1);
    assert_int_equal(found_by(second, "王芳"), 1);
    request_fini(&request);
    assert_shared_agree(*state);
}

/* -- keys ------------------------------------------------------------------------------------- */

static void rotate(struct book *book)
{
    (void)shared_do(book, command_of(book, ACT_KEY_ROTATE));
}

static void who_lacks_the_newest_key_seals_nothing_until_it_is_there(void **state)
{
    struct book *first = first_of(state);
    struct book *second = second_of(state);
    rotate(first);
    shared_settle(first);
    assert_false(shared_status(first).is_rotating); /* the old key is destroyed */
    const struct command rename = rename_member(second, 1, "李明");
    const uint64_t head = book_head(first);
    assert_int_equal(shared_try(second, rename).result.verdict.code, LB_KEY_OUTDATED);
    assert_int_equal(shared_try(second, command_of(second, ACT_KEY_ROTATE)).result.verdict.code,
                     LB_KEY_OUTDATED);
    assert_int_equal(book_head(second), head); /* nothing was recorded */
    (void)shared_do(second, close_member(second, 3));
    assert_int_equal(shared_try(second, erase(second, 3)).result.verdict.code, LB_KEY_OUTDATED);
    assert_int_equal(person_of(second, 1), LB_KEY_OUTDATED);
    assert_int_equal(holder_of(second, NUMBER), LB_KEY_OUTDATED);
    shared_copy_keys(first, second);
    (void)shared_do(second, rename);
    shared_settle(second);
    assert_int_equal(person_of(second, 1), LB_OK);
    assert_int_equal(holder_of(second, NUMBER), LB_MEMBER_UNKNOWN);
    engine_look(first->engine);
    assert_int_equal(person_of(first, 1), LB_OK);
    assert_shared_agree(*state);
}

static void names_under_a_key_that_is_not_here_are_not_answered_from(void **state)
{
    struct book *first = first_of(state);
    struct book *second = second_of(state);
    rotate(first);
    (void)shared_do(first, rename_member(first, 1, "李明"));
    shared_settle(first);
    engine_look(second->engine);
    assert_false(people_index_is_ready(second->people)); /* else it would still know the old name */
    shared_copy_keys(first, second);
    engine_look(second->engine);
    shared_settle(second);
    assert_int_equal(found_by(second, "李明"), 1);
    assert_int_equal(found_by(second, "张小明"), 2);
    assert_shared_agree(*state);
}

static void both_take_part_in_a_rotation(void **state)
{
    struct book *first = first_of(state);
    struct book *second = second_of(state);
    for (uint64_t member = 10; member < 60; member++) {
        (void)shared_do(second, register_member(second, member, "王芳"));
    }
    rotate(first);
    shared_copy_keys(first, second); /* with both keys, as the rotation is not over */
    engine_look(second->engine);
    assert_true(shared_status(second).is_rotating);
    for (int i = 0; i < 20; i++) {
        (void)engine_step(i % 2 == 0 ? first->engine : second->engine);
        (void)shared_do(second, rename_member(second, 10 + (uint64_t)i, "李明"));
    }
    shared_settle(first);
    shared_settle(second);
    assert_false(shared_status(first).is_rotating);
    assert_false(shared_status(second).is_rotating);
    assert_int_equal(shared_status(second).key_epoch, 2);
    engine_look(first->engine);
    assert_int_equal(found_by(first, "李明"), 20);
    assert_int_equal(person_of(first, 59), LB_OK);
    assert_shared_agree(*state);
}

/* The keys were made in both files, but the book knows one of them. */
static void of_two_keys_of_one_epoch_the_book_s_is_the_one(void **state)
{
    struct book *first = first_of(state);
    struct book *second = second_of(state);
    assert_int_equal(people_rotate(second->people), LB_OK); /* cut off before it was recorded */
    rotate(first);
    (void)shared_do(first, rename_member(first, 1, "李明"));
    assert_int_equal(shared_try(second, rename_member(second, 2, "王芳")).result.verdict.code,
                     LB_KEY_OUTDATED);
    shared_settle(second);
    assert_true(shared_status(second).is_rotating); /* no key of its own goes */
    assert_int_equal(person_of(second, 1), LB_KEY_OUTDATED);
    assert_false(people_index_is_ready(second->people));
    shared_copy_keys(first, second);
    (void)shared_do(second, rename_member(second, 2, "王芳"));
    shared_settle(first);
    shared_settle(second);
    assert_int_equal(found_by(second, "李明"), 1);
    assert_shared_agree(*state);
}

/* A key that no row is under yet is taken, or each attempt would leave one more. */
static void a_rotation_of_unknown_outcome_makes_one_key(void **state)
{
    struct shared *shared = *state;
    struct book *first = first_of(state);
    struct request request;
    struct command command = command_of(first, ACT_KEY_ROTATE);
    request_init(&request, first, &command, 1);
    request_submit(&request);
    for (int i = 0; i < 3; i++) {
        shared_log_memory_fail(shared->memory, MEMORY_FAULT_WRITE_LOST, 2);
        assert_true(engine_step(first->engine));
    }
    assert_true(engine_step(first->engine));
    assert_int_equal(request.done, 1);
    assert_int_equal(request.write.results[0].verdict.code, LB_OK);
    request_fini(&request);
    assert_int_equal(shared_status(first).key_epoch, 2);
    shared_settle(first);
    shared_copy_keys(first, second_of(state));
    assert_shared_agree(shared);
}

static void a_server_without_the_newest_key_does_not_begin(void **state)
{
    struct book *first = first_of(state);
    struct book *second = second_of(state);
    rotate(first);
    engine_look(second->engine);
    book_stop(second);
    assert_int_equal(book_try_start(second), LB_KEY_OUTDATED);
    shared_copy_keys(first, second);
    people_close(second->people);
    assert_int_equal(people_open(second->key_path, false, random_system(), &second->people), LB_OK);
    book_start(second);
    shared_settle(second);
    shared_settle(first);
    assert_shared_agree(*state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_SHARED(names_follow_what_another_server_wrote),
        TEST_SHARED(names_follow_with_a_group_too),
        TEST_SHARED(names_of_a_turn_that_was_cut_off_are_not_put),
        TEST_SHARED(who_lacks_the_newest_key_seals_nothing_until_it_is_there),
        TEST_SHARED(names_under_a_key_that_is_not_here_are_not_answered_from),
        TEST_SHARED(both_take_part_in_a_rotation),
        TEST_SHARED(of_two_keys_of_one_epoch_the_book_s_is_the_one),
        TEST_SHARED(a_rotation_of_unknown_outcome_makes_one_key),
        TEST_SHARED(a_server_without_the_newest_key_does_not_begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
