/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A bank is moved into a log that several servers share, whose answers may be lost, and out of one
 * that they go on writing: each group is there once, who serves the book meanwhile waits for the
 * end, and what was acknowledged is where the bank is.
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
        struct move_config config = move_config_of(move->source->store, move->to, 1);
        struct move_report report;
        config.is_switch = true;
        shared_log_memory_fail(memory, fault, nth);
        enum lb_result result = move_run(&config, &report);
        was_met = memory->fault_after == 0;
        shared_log_memory_fail(memory, MEMORY_FAULT_NONE, 0);
        if (result != LB_OK) {
            assert_int_equal(result,
                             fault == MEMORY_FAULT_FULL ? LB_STORAGE_FULL : LB_STORE_UNREACHABLE);
        }
        report = move_switch(move->source->store, move->to, 2);
        if (report.verdict != MOVE_SWITCHED) {
            assert_moved(&report, move->source->store, move->to);
        }
        (void)assert_same_rows(move->source->store, move->to);
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
    assert_copied(&report, move->source->store, move->to);
    engine_look(move->follower->engine);
    assert_int_equal(shared_status(move->follower).durable_entry, 0); /* all of it, and no book */
    assert_int_equal(shared_try(move->follower, open_org(move->follower)).whole,
                     LB_STORE_UNREACHABLE);
    report = move_switch(move->source->store, move->to, 3);
    assert_moved(&report, move->source->store, move->to);
    engine_look(move->follower->engine);
    assert_int_equal(shared_status(move->follower).durable_entry, report.entries);
    assert_int_equal(view_of(move->follower, &head), LB_OK);
    assert_int_equal(head, report.entries);
    assert_int_equal(move->shared->servers[1].reached, 1);
}

/* ---- out of it ---- */

struct leaving {
    struct shared *shared;
    struct book *writer; /* goes on */
    unsigned calls;
    uint64_t newest; /* the last entry that was acknowledged */
};

/* Another server records something after each group of the move, as long as it may. */
static void write_on(void *context, uint64_t rows)
{
    struct leaving *leaving = context;
    struct book *book = leaving->writer;
    (void)rows;
    leaving->calls++;
    const struct shared_answer answer =
        shared_try(book, record_service(book, 1, 1, TODAY - (int32_t)leaving->calls));
    assert_true(answer.whole == LB_OK || answer.whole == LB_SHUTTING_DOWN);
    leaving->newest = answer.whole == LB_OK ? answer.result.entry : leaving->newest;
}

static void what_servers_of_the_source_acknowledge_is_where_the_bank_is(void **state)
{
    struct shared *shared = *state;
    struct book *mover = shared->servers[0].book;
    struct leaving leaving = {.shared = shared, .writer = shared->servers[1].book};
    struct store *to = mem_new();
    book_stop(mover);
    struct move_config config = move_config_of(mover->store, to, 1);
    struct move_report report;
    config.progress = write_on;
    config.progress_context = &leaving;
    assert_int_equal(move_run(&config, &report), LB_OK);
    assert_int_equal(report.verdict, MOVE_DONE);
    assert_true(leaving.newest > report.entries); /* after the copy's state: the next run's */
    config.is_switch = true;
    config.run = (struct id){{2}};
    assert_int_equal(move_run(&config, &report), LB_OK);
    assert_moved(&report, mover->store, to);
    assert_int_equal(leaving.newest, report.entries);
    assert_int_equal(shared_try(leaving.writer, open_org(leaving.writer)).whole, LB_SHUTTING_DOWN);
    engine_look(leaving.writer->engine);
    assert_int_equal(shared_status(leaving.writer).durable_entry, report.entries);
    book_start(mover); /* a server that opened it before the switch */
    assert_int_equal(shared_try(mover, open_org(mover)).whole, LB_SHUTTING_DOWN);
    to->ops->close(to);
}

/* Whether or not they had seen the last entries before. */
static void who_reads_a_book_that_was_left_knows_it_to_its_end(void **state)
{
    uint64_t head = 0;
    struct shared *shared = *state;
    struct book *reader = shared->servers[0].book;
    struct book *mover = shared->servers[1].book;
    struct store *to = mem_new();
    (void)shared_do(mover, record_service(mover, 1, 1, TODAY));
    book_stop(mover);
    const struct move_report report = move_switch(mover->store, to, 1);
    assert_moved(&report, mover->store, to);
    assert_int_equal(shared_status(reader).durable_entry, report.entries - 1);
    engine_look(reader->engine);
    assert_int_equal(shared_status(reader).durable_entry, report.entries);
    assert_int_equal(view_of(reader, &head), LB_OK);
    assert_int_equal(head, report.entries);
    assert_int_equal(shared_try(reader, open_org(reader)).whole, LB_SHUTTING_DOWN);
    assert_int_equal(shared_status(reader).durable_entry, report.entries);
    assert_verify_finds(reader, "");
    assert_int_equal(
        move_undo(&(struct move_config){.from = mover->store, .to = to}, &(struct move_report){0}),
        LB_OK);
    (void)shared_do(reader, record_service(reader, 1, 1, TODAY - 1));
    book_start(mover);
    to->ops->close(to);
}

/* The refused group itself is what first shows the last entries. */
static void a_group_that_is_refused_shows_who_reads_the_end(void **state)
{
    struct shared *shared = *state;
    struct book *reader = shared->servers[0].book;
    struct book *mover = shared->servers[1].book;
    struct store *to = mem_new();
    (void)shared_do(mover, record_service(mover, 1, 1, TODAY));
    book_stop(mover);
    const struct move_report report = move_switch(mover->store, to, 1);
    assert_int_equal(shared_try(reader, open_org(reader)).whole, LB_SHUTTING_DOWN);
    engine_look(reader->engine);
    assert_int_equal(shared_status(reader).durable_entry, report.entries);
    book_start(mover);
    to->ops->close(to);
}

/* Each call of the source's log in turn fails in that way, once, while others write. */
static void sweep_leaving(enum shared_log_memory_fault fault)
{
    bool was_met = true;
    for (unsigned nth = 1; was_met; nth++) {
        void *state = NULL;
        (void)furnished_shared_set_up(&state);
        struct shared *shared = state;
        struct book *mover = shared->servers[0].book;
        struct store *to = mem_new();
        book_stop(mover);
        struct move_config config = move_config_of(mover->store, to, 1);
        struct move_report report;
        config.is_switch = true;
        shared_log_memory_fail(shared->memory, fault, nth);
        const enum lb_result result = move_run(&config, &report);
        was_met = shared->memory->fault_after == 0;
        shared_log_memory_fail(shared->memory, MEMORY_FAULT_NONE, 0);
        assert_true(result == LB_OK || is_unfinished(to));
        struct book *other = shared->servers[1].book;
        const enum lb_result tried = shared_try(other, record_service(other, 1, 1, TODAY)).whole;
        assert_true(tried == LB_OK || tried == LB_SHUTTING_DOWN);
        report = move_switch(mover->store, to, 2);
        if (report.verdict != MOVE_SWITCHED) {
            assert_moved(&report, mover->store, to);
        }
        assert_int_equal(report.entries, FURNISHED + (tried == LB_OK ? 1 : 0));
        to->ops->close(to);
        book_start(mover);
        (void)shared_tear_down(&state);
    }
}

static void a_source_whose_answers_are_lost_is_left_once(void **state)
{
    (void)state;
    sweep_leaving(MEMORY_FAULT_WRITE_LOST);
    sweep_leaving(MEMORY_FAULT_WRITE_KEPT);
    sweep_leaving(MEMORY_FAULT_WRITE_PROVEN);
    sweep_leaving(MEMORY_FAULT_TURN_CUT);
    sweep_leaving(MEMORY_FAULT_FULL);
}

/* Others wrote more since the copy was made than is taken while they wait for the fence. */
static void a_source_that_went_on_far_is_left_all_the_same(void **state)
{
    struct shared *shared = *state;
    struct book *mover = shared->servers[0].book;
    struct book *other = shared->servers[1].book;
    struct store *to = mem_new();
    book_stop(mover);
    (void)move_do(mover->store, to, 1);
    for (int i = 1; i <= MOVE_SERVICES; i++) {
        (void)shared_do(other, record_service(other, 1, 1, TODAY - i));
    }
    shared->memory->read_bytes_max = 1; /* a group at a time */
    shared_log_memory_fail(shared->memory, MEMORY_FAULT_MUCH, 1);
    const struct move_report report = move_switch(mover->store, to, 2);
    assert_int_equal(shared->memory->fault_after, 0);
    assert_moved(&report, mover->store, to);
    assert_int_equal(report.entries, FURNISHED + MOVE_SERVICES);
    shared->memory->read_bytes_max = 0;
    to->ops->close(to);
    book_start(mover);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_that_is_lost_anywhere_doubles_nothing),
        cmocka_unit_test_setup_teardown(who_serves_the_book_waits_until_the_bank_is_there,
                                        shared_move_set_up, shared_move_tear_down),
        TEST_SHARED(what_servers_of_the_source_acknowledge_is_where_the_bank_is),
        TEST_SHARED(who_reads_a_book_that_was_left_knows_it_to_its_end),
        TEST_SHARED(a_group_that_is_refused_shows_who_reads_the_end),
        TEST_SHARED(a_source_that_went_on_far_is_left_all_the_same),
        cmocka_unit_test(a_source_whose_answers_are_lost_is_left_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
