/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What the engine does when the store does not: conflicts, no space, unknown outcomes, faults of
 * every call; commits that complete later; the queue; shutting down.
 */
#include "fixture.h"

#define FURNISHED 5 /* entries of book_furnish(book, 3) */

static int async_set_up(void **state)
{
    const struct store_mem_options options = {.is_async = true};
    *state = book_new(&options);
    return 0;
}

static struct store_mem_fault commit_fault(enum store_outcome outcome, enum lb_result why,
                                           bool is_applied)
{
    return (struct store_mem_fault){
        .call = STORE_MEM_COMMIT, .result = why, .outcome = outcome, .is_applied = is_applied};
}

/* ---- outcomes of a commit ---- */

static void group_that_met_a_conflict_is_run_again(void **state)
{
    struct book *book = *state;
    struct store_mem_fault fault = commit_fault(STORE_RETRY, LB_STORAGE_CONFLICT, false);
    struct command command = record_service(book, 1, 60, TODAY);
    store_mem_plan_fault(book->store, &fault);
    struct engine_result result = book_try(book, &command);
    assert_true(store_mem_fault_was_met(book->store));
    assert_int_equal(result.verdict.code, LB_OK);
    assert_int_equal(result.entry, FURNISHED + 1);
    assert_false(result.replayed);
    assert_int_equal(book_head(book), FURNISHED + 1);
    assert_int_equal(book->stops, 0);
}

static void full_disk_refuses_the_group_until_there_is_space(void **state)
{
    struct book *book = *state;
    const struct store_mem_fault faults[] = {
        commit_fault(STORE_RETRY, LB_STORAGE_FULL, false),
        {.call = STORE_MEM_PUT, .result = LB_STORAGE_FULL},
        {.call = STORE_MEM_BEGIN, .result = LB_STORAGE_FULL},
    };
    struct engine_status status;
    for (uint64_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
        struct command command = record_service(book, 1, 60, TODAY);
        struct request request;
        request_init(&request, book, &command, 1);
        store_mem_plan_fault(book->store, &faults[i]);
        request_do(&request);
        assert_int_equal(request.write.verdict.code, LB_STORAGE_FULL);
        assert_null(request.write.results);
        engine_status(book->engine, &status);
        assert_true(status.read_only);
        assert_int_equal(status.durable_entry, FURNISHED + i);
        request_do(&request); /* the id is unused */
        assert_int_equal(request.write.results[0].verdict.code, LB_OK);
        assert_false(request.write.results[0].replayed);
        engine_status(book->engine, &status);
        assert_false(status.read_only);
        request_fini(&request);
    }
    assert_int_equal(book->stops, 0);
}

static void assert_stopped(struct book *book, struct request *request)
{
    struct arena arena;
    struct engine_view view;
    arena_init(&arena, arena_memory_heap(), WRITE_BYTES);
    assert_int_equal(request->write.verdict.code, LB_STORAGE_FAULT);
    assert_null(request->write.results);
    assert_int_equal(book->stops, 1);
    assert_int_equal(engine_write_submit(book->engine, &request->write), LB_SHUTTING_DOWN);
    assert_int_equal(engine_view_open(book->engine, &arena, &view), LB_SHUTTING_DOWN);
    arena_fini(&arena);
}

static void unknown_outcome_stops_everything_and_the_next_start_knows(void **state)
{
    struct book *book = *state;
    for (int is_applied = 0; is_applied < 2; is_applied++) {
        uint64_t head = book_head(book);
        struct store_mem_fault fault =
            commit_fault(STORE_UNKNOWN, LB_STORAGE_FAULT, is_applied == 1);
        struct command command = record_service(book, 1, 60, TODAY);
        struct request request;
        request_init(&request, book, &command, 1);
        store_mem_plan_fault(book->store, &fault);
        request_do(&request);
        assert_stopped(book, &request);
        book_stop(book);
        book->stops = 0;
        book_start(book);
        request_do(&request); /* the client sends it again */
        assert_int_equal(request.write.results[0].verdict.code, LB_OK);
        assert_int_equal(request.write.results[0].entry, head + 1);
        assert_int_equal(request.write.results[0].replayed, is_applied == 1);
        request_fini(&request);
    }
}

static void fatal_outcome_stops_everything(void **state)
{
    struct book *book = *state;
    struct store_mem_fault fault = commit_fault(STORE_FATAL, LB_STORAGE_FAULT, false);
    struct command command = record_service(book, 1, 60, TODAY);
    struct request request;
    request_init(&request, book, &command, 1);
    store_mem_plan_fault(book->store, &fault);
    request_do(&request);
    assert_int_equal(request.write.verdict.code, LB_STORAGE_FAULT);
    assert_int_equal(book->stops, 1);
    assert_int_equal(book->stopped_why, LB_STORAGE_FAULT);
    request_fini(&request);
}

/* A store whose commits all meet a conflict. The port gives a commit no context of its own. */
static void (*real_abort)(struct store_group *group);
static unsigned conflicts;

static void commit_meets_a_conflict(struct store_group *group, store_done_fn done, void *context)
{
    conflicts++;
    real_abort(group);
    done(STORE_RETRY, LB_STORAGE_CONFLICT, context);
}

static void conflicts_without_end_are_answered_and_leave_the_id_free(void **state)
{
    struct book *book = *state;
    const struct store_ops *real = book->store->ops;
    struct store_ops conflicting = *real;
    conflicting.group_commit = commit_meets_a_conflict;
    real_abort = real->group_abort;
    conflicts = 0;
    struct command command = record_service(book, 1, 60, TODAY);
    struct request request;
    request_init(&request, book, &command, 1);
    book_wait_work(book);
    book->store->ops = &conflicting;
    request_do(&request);
    book->store->ops = real;
    assert_int_equal(request.write.verdict.code, LB_STORAGE_CONFLICT);
    assert_true(conflicts > 1 && conflicts < 100);
    assert_int_equal(book->stops, 0);
    request_do(&request);
    assert_int_equal(request.write.results[0].entry, FURNISHED + 1);
    request_fini(&request);
}

/* ---- a fault in every call ---- */

static void request_whose_memory_is_too_small_leaves_nothing(void **state)
{
    struct book *book = *state;
    const struct command setting[] = {set_item(book, RICE, ITEM_GOODS), open_counter(book),
                                      receive_stock(book), record_service(book, 1, 60, TODAY)};
    book_do(book, setting, 4);
    const uint64_t head = book_head(book);
    const struct command commands[] = {rename_member(book, 2, "李明"), redeem(book, 1)};
    unsigned faults = 0;
    bool is_refused = true;
    for (size_t bytes = 0; is_refused; bytes += 16) {
        struct request request;
        request_init(&request, book, commands, 2);
        request.write.all_or_nothing = true;
        request.write.batch_id = id_of(BATCH_ID_BASE);
        request.arena.cap_bytes = bytes;
        request_do(&request);
        is_refused = request.write.verdict.code != LB_OK;
        if (is_refused) {
            assert_int_equal(request.write.verdict.code, LB_MEMORY);
            assert_int_equal(book_head(book), head);
            faults++;
        } else {
            assert_int_equal(request.write.results[1].line_count, 1);
            assert_int_equal(request.write.results[1].lines[0].item, RICE);
        }
        request_fini(&request);
    }
    assert_true(faults > 2); /* the results, and the lines */
    assert_int_equal(book_head(book), head + 2);
}

/* Fails the nth such call of a group, for every n; afterwards the request is done exactly once. */
static void sweep(struct book *book, enum store_mem_call call, enum lb_result why)
{
    bool is_met = true;
    for (uint64_t nth = 0; is_met; nth++) {
        uint64_t head = book_head(book);
        const int32_t day = TODAY - (int32_t)(nth % 250); /* a day takes 480 minutes */
        const struct command commands[] = {record_service(book, 1, 1, day),
                                           rename_member(book, 2, "李明")};
        struct store_mem_fault fault = {.call = call, .nth = nth, .result = why};
        struct request request;
        request_init(&request, book, commands, 2);
        store_mem_plan_fault(book->store, &fault);
        request_do(&request);
        is_met = store_mem_fault_was_met(book->store);
        store_mem_plan_fault(book->store, NULL);
        if (is_met && why == LB_STORAGE_FAULT) {
            assert_stopped(book, &request);
            book_stop(book);
            book->stops = 0;
            book_start(book);
        } else if (is_met) {
            assert_int_equal(request.write.verdict.code, why);
        }
        assert_int_equal(book_head(book), is_met ? head : head + 2);
        request_do(&request);
        assert_int_equal(request.write.results[0].verdict.code, LB_OK);
        assert_int_equal(request.write.results[1].verdict.code, LB_OK);
        assert_int_equal(request.write.results[1].replayed, !is_met);
        assert_int_equal(book_head(book), head + 2);
        request_fini(&request);
    }
}

static void every_failing_call_leaves_nothing_behind(void **state)
{
    struct book *book = *state;
    const enum store_mem_call calls[] = {STORE_MEM_BEGIN, STORE_MEM_READ, STORE_MEM_PUT};
    book_wait_work(book); /* the work thread reads no more */
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        sweep(book, calls[i], LB_MEMORY);
    }
}

static void every_call_that_meets_a_broken_disk_stops_the_engine(void **state)
{
    struct book *book = *state;
    book_wait_work(book);
    sweep(book, STORE_MEM_BEGIN, LB_STORAGE_FAULT);
    sweep(book, STORE_MEM_PUT, LB_STORAGE_FAULT);
}

static void engine_does_not_open_on_a_store_that_fails(void **state)
{
    struct book *book = *state;
    book_stop(book);
    const enum store_mem_call calls[] = {STORE_MEM_SNAPSHOT, STORE_MEM_READ};
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        struct store_mem_fault fault = {.call = calls[i], .result = LB_STORAGE_FAULT};
        store_mem_plan_fault(book->store, &fault);
        assert_int_equal(book_try_start(book), LB_STORAGE_FAULT);
        book->engine = NULL;
    }
    book_start(book);
    assert_int_equal(book_head(book), FURNISHED);
}

/* ---- commits that complete later ---- */

static bool is_done(struct request *request)
{
    pthread_mutex_lock(&request->book->lock);
    bool is_done = request->done > 0;
    pthread_mutex_unlock(&request->book->lock);
    return is_done;
}

/* Completes the commit in flight as soon as there is one. */
static void complete(struct book *book)
{
    while (!store_mem_complete(book->store)) {
    }
}

static void *stop_main(void *context)
{
    book_stop(context);
    return NULL;
}

/* The store completes what is committed until the end: the last group too. */
static void stop_completing(struct book *book)
{
    pthread_t stopper;
    assert_int_equal(pthread_create(&stopper, NULL, stop_main, book), 0);
    while (pthread_tryjoin_np(stopper, NULL) != 0) {
        (void)store_mem_complete(book->store);
    }
}

static int async_tear_down(void **state)
{
    stop_completing(*state);
    book_free(*state);
    return 0;
}

static void no_answer_leaves_before_the_group_is_durable(void **state)
{
    struct book *book = *state;
    const struct command settings[] = {open_org(book), set_tariff(book)};
    struct request request;
    request_init(&request, book, settings, 2);
    request_submit(&request);
    struct engine_status status;
    engine_status(book->engine, &status);
    assert_int_equal(status.durable_entry, 0);
    assert_false(is_done(&request));
    complete(book);
    request_wait(&request);
    assert_int_equal(book_head(book), 2);
    request_fini(&request);
}

static void requests_that_wait_become_one_group(void **state)
{
    struct book *book = *state;
    const struct command settings[] = {open_org(book), set_tariff(book)};
    struct command members[8];
    struct request first;
    struct request others[8];
    request_init(&first, book, settings, 2);
    request_submit(&first);
    for (uint64_t i = 0; i < 8; i++) {
        members[i] = register_member(book, i + 1, "李明");
        request_init(&others[i], book, &members[i], 1);
    }
    /* The writer is in the first group until its commit completes, wherever it is just now. */
    for (int i = 0; i < 8; i++) {
        request_submit(&others[i]);
    }
    complete(book);
    request_wait(&first);
    while (book_head(book) < 10) {
        (void)store_mem_complete(book->store);
    }
    struct engine_status status;
    for (int i = 0; i < 8; i++) {
        request_wait(&others[i]);
        assert_int_equal(others[i].write.results[0].verdict.code, LB_OK);
        request_fini(&others[i]);
    }
    engine_status(book->engine, &status);
    assert_true(status.groups <= 2);
    assert_int_equal(status.entries_written, 10);
    request_fini(&first);
}

static void preview_waits_for_the_group_it_rests_on(void **state)
{
    struct book *book = *state;
    const struct command settings[] = {open_org(book), set_tariff(book)};
    struct command same = settings[0];
    struct request first;
    struct request preview;
    request_init(&first, book, settings, 2);
    request_init(&preview, book, &same, 1);
    preview.write.dry_run = true;
    request_submit(&first);
    request_submit(&preview);
    assert_false(is_done(&preview));
    complete(book);
    request_wait(&first);
    request_wait(&preview);
    assert_int_equal(preview.write.results[0].verdict.code, LB_OK);
    assert_true(preview.write.results[0].replayed);
    request_fini(&first);
    request_fini(&preview);
}

/* ---- queue and shutdown ---- */

static void queue_beyond_its_bound_answers_try_later(void **state)
{
    struct book *book = *state;
    book_stop(book);
    book->config.queue_commands_max = 2;
    book_start(book);
    const struct command settings[] = {open_org(book), set_tariff(book)};
    struct command more[] = {register_member(book, 1, "李明"), register_member(book, 2, "王芳")};
    struct request first;
    struct request second;
    request_init(&first, book, settings, 2);
    request_submit(&first);
    request_init(&second, book, more, 2);
    /* Until the writer has taken the first, there is no room; then there is, once. */
    enum lb_result result = LB_TRY_LATER;
    while (result == LB_TRY_LATER) {
        result = engine_write_submit(book->engine, &second.write);
    }
    assert_int_equal(result, LB_OK);
    struct request third;
    request_init(&third, book, more, 1);
    assert_int_equal(engine_write_submit(book->engine, &third.write), LB_TRY_LATER);
    complete(book);
    request_wait(&first);
    complete(book);
    request_wait(&second);
    assert_false(is_done(&third));
    request_fini(&first);
    request_fini(&second);
    request_fini(&third);
}

static void closing_finishes_what_was_submitted(void **state)
{
    struct book *book = *state;
    const struct command settings[] = {open_org(book), set_tariff(book)};
    struct command more = register_member(book, 1, "李明");
    struct request first;
    struct request second;
    request_init(&first, book, settings, 2);
    request_init(&second, book, &more, 1);
    request_submit(&first);
    request_submit(&second);
    stop_completing(book);
    assert_true(is_done(&first) && is_done(&second));
    assert_int_equal(first.write.results[1].verdict.code, LB_OK);
    assert_int_equal(second.write.results[0].verdict.code, LB_OK);
    book_start(book);
    assert_int_equal(book_head(book), 3);
    request_fini(&first);
    request_fini(&second);
}

struct gate {
    struct book *book;
    bool is_open;
    bool is_reached;
};

static void gate_work(struct engine *engine, void *context)
{
    struct gate *gate = context;
    (void)engine;
    pthread_mutex_lock(&gate->book->lock);
    gate->is_reached = true;
    pthread_cond_broadcast(&gate->book->changed);
    while (!gate->is_open) {
        pthread_cond_wait(&gate->book->changed, &gate->book->lock);
    }
    pthread_mutex_unlock(&gate->book->lock);
}

static void long_reads_beyond_their_bound_answer_try_later(void **state)
{
    struct book *book = *state;
    book_stop(book);
    book->config.work_queue_max = 2;
    book_start(book);
    struct gate gate = {.book = book};
    assert_int_equal(engine_work_submit(book->engine, gate_work, &gate), LB_OK);
    pthread_mutex_lock(&book->lock);
    while (!gate.is_reached) {
        pthread_cond_wait(&book->changed, &book->lock);
    }
    pthread_mutex_unlock(&book->lock);
    struct work_wait waits[2] = {{.book = book}, {.book = book}};
    assert_int_equal(engine_work_submit(book->engine, work_is_done, &waits[0]), LB_OK);
    assert_int_equal(engine_work_submit(book->engine, work_is_done, &waits[1]), LB_OK);
    assert_int_equal(engine_work_submit(book->engine, work_is_done, &waits[1]), LB_TRY_LATER);
    pthread_mutex_lock(&book->lock);
    gate.is_open = true;
    pthread_cond_broadcast(&book->changed);
    pthread_mutex_unlock(&book->lock);
    book_stop(book); /* finishes them */
    assert_true(waits[0].is_done && waits[1].is_done);
    book_start(book);
}

int main(void)
{
#define TEST_ASYNC(name) cmocka_unit_test_setup_teardown(name, async_set_up, async_tear_down)
    const struct CMUnitTest tests[] = {
        TEST_WITH_BOOK(group_that_met_a_conflict_is_run_again),
        TEST_WITH_BOOK(full_disk_refuses_the_group_until_there_is_space),
        TEST_WITH_BOOK(unknown_outcome_stops_everything_and_the_next_start_knows),
        TEST_WITH_BOOK(fatal_outcome_stops_everything),
        TEST_WITH_BOOK(conflicts_without_end_are_answered_and_leave_the_id_free),
        TEST_WITH_BOOK(request_whose_memory_is_too_small_leaves_nothing),
        TEST_WITH_BOOK(every_failing_call_leaves_nothing_behind),
        TEST_WITH_BOOK(every_call_that_meets_a_broken_disk_stops_the_engine),
        TEST_WITH_BOOK(engine_does_not_open_on_a_store_that_fails),
        TEST_ASYNC(no_answer_leaves_before_the_group_is_durable),
        TEST_ASYNC(requests_that_wait_become_one_group),
        TEST_ASYNC(preview_waits_for_the_group_it_rests_on),
        TEST_ASYNC(queue_beyond_its_bound_answers_try_later),
        TEST_ASYNC(closing_finishes_what_was_submitted),
        TEST_WITH_BOOK(long_reads_beyond_their_bound_answer_try_later),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
