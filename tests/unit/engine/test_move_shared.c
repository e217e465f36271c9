/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A bank is moved into a log that several servers share, whose answers may be lost: each group is
 * there once, and who serves the book meanwhile waits for the end.
 */
#include "move_fixture.h"
#include "shared_fixture.h"

struct shared_move {
    struct shared *shared;
    struct book *source;
    struct store *to;      /* server 0's, whose engine is stopped */
    struct book *follower; /* server 1 */
};

static int shared_move_set_up(void **state)
{
    struct shared_move *move = calloc(1, sizeof(*move));
    assert_non_null(move);
    void *made = NULL;
    (void)shared_set_up(&made);
    move->shared = made;
    (void)moved_set_up(&made);
    move->source = made;
    book_stop(move->shared->servers[0].book);
    move->to = move->shared->servers[0].book->store;
    move->follower = move->shared->servers[1].book;
    *state = move;
    return 0;
}

static int shared_move_tear_down(void **state)
{
    struct shared_move *move = *state;
    void *made = move->source;
    (void)moved_tear_down(&made);
    made = move->shared;
    people_close(move->shared->servers[0].book->people); /* another bank's key opens this one */
    assert_int_equal(people_open(move->shared->servers[0].book->key_path, false, random_system(),
                                 &move->shared->servers[0].book->people),
                     LB_OK);
    (void)shared_tear_down(&made);
    free(move);
    return 0;
}

/* Each call of the log in turn fails in that way, once. */
static void sweep_calls(enum shared_log_memory_fault fault)
{
    bool was_met = true;
    unsigned nth = 1;
    for (; was_met; nth++) {
        void *state = NULL;
        (void)shared_move_set_up(&state);
        struct shared_move *move = state;
        struct shared_log_memory *memory = move->shared->memory;
        const struct move_config config = move_config_of(move->source->store, move->to, 1);
        struct move_report report;
        shared_log_memory_fail(memory, fault, nth);
        enum lb_result result = move_run(&config, &report);
        was_met = memory->fault_after == 0;
        shared_log_memory_fail(memory, MEMORY_FAULT_NONE, 0);
        if (result != LB_OK) {
            assert_int_equal(result,
                             fault == MEMORY_FAULT_FULL ? LB_STORAGE_FULL : LB_STORE_UNREACHABLE);
        }
        report = move_do(move->source->store, move->to, 2);
        assert_moved(&report, move->source->store, move->to);
        (void)shared_move_tear_down(&state);
    }
    assert_true(nth > 10);
}

static void an_answer_that_is_lost_anywhere_doubles_nothing(void **state)
{
    (void)state;
    sweep_calls(MEMORY_FAULT_WRITE_LOST);
    sweep_calls(MEMORY_FAULT_WRITE_KEPT);
    sweep_calls(MEMORY_FAULT_WRITE_PROVEN);
    sweep_calls(MEMORY_FAULT_TURN_CUT);
    sweep_calls(MEMORY_FAULT_FULL);
}

/* What reading the book comes to. */
static enum lb_result view_of(struct book *book, uint64_t *head)
{
    struct arena arena;
    struct engine_view view;
    arena_init(&arena, arena_memory_heap(), 1 << 20);
    const enum lb_result result = engine_view_open(book->engine, &arena, &view);
    if (result == LB_OK) {
        *head = view.head_entry;
        engine_view_close(&view);
    }
    arena_fini(&arena);
    return result;
}

static void who_serves_the_book_waits_until_the_bank_is_there(void **state)
{
    uint64_t head = 0;
    struct shared_move *move = *state;
    const struct move_config config = move_config_of(move->source->store, move->to, 1);
    struct move_report report;
    shared_log_memory_fail(move->shared->memory, MEMORY_FAULT_FULL, 8);
    assert_int_equal(move_run(&config, &report), LB_STORAGE_FULL);
    assert_true(is_unfinished(move->to));
    engine_look(move->follower->engine);
    assert_int_equal(shared_status(move->follower).durable_entry, 0);
    assert_int_equal(view_of(move->follower, &head), LB_STORE_UNREACHABLE);
    engine_look(move->follower->engine);
    assert_int_equal(move->shared->servers[1].unreached, 1);
    assert_int_equal(move->shared->servers[1].reached, 0);
    const struct shared_answer answer = shared_try(move->follower, open_org(move->follower));
    assert_int_equal(answer.whole, LB_STORE_UNREACHABLE);
    report = move_do(move->source->store, move->to, 2);
    assert_moved(&report, move->source->store, move->to);
    engine_look(move->follower->engine);
    assert_int_equal(shared_status(move->follower).durable_entry, report.entries);
    assert_int_equal(view_of(move->follower, &head), LB_OK);
    assert_int_equal(head, report.entries);
    assert_int_equal(move->shared->servers[1].reached, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_that_is_lost_anywhere_doubles_nothing),
        cmocka_unit_test_setup_teardown(who_serves_the_book_waits_until_the_bank_is_there,
                                        shared_move_set_up, shared_move_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
