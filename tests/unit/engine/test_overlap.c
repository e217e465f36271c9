/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Groups that are decided while those before them are committed: what may be answered when, and
 * what happens to the later ones when one fails.
 */
#include "stepped_fixture.h"

#define GROUPS 3 /* under way at once */

/* Requests of one command each, every one a group of its own. */
struct trio {
    struct command commands[GROUPS];
    struct request requests[GROUPS];
};

/* Three services of one member, in flight. */
static void trio_step(struct trio *trio, struct book *book)
{
    for (int i = 0; i < GROUPS; i++) {
        trio->commands[i] = record_service(book, 1, 60, TODAY - i);
        request_init(&trio->requests[i], book, &trio->commands[i], 1);
        request_step(&trio->requests[i]);
    }
}

static void trio_fini(struct trio *trio)
{
    for (int i = 0; i < GROUPS; i++) {
        request_fini(&trio->requests[i]);
    }
}

static void assert_trio_done(const struct trio *trio, unsigned first, unsigned second,
                             unsigned third)
{
    assert_int_equal(trio->requests[0].done, first);
    assert_int_equal(trio->requests[1].done, second);
    assert_int_equal(trio->requests[2].done, third);
}

/* ---- accepts ---- */

static void groups_are_decided_while_others_commit_and_answered_when_durable(void **state)
{
    struct book *book = *state;
    struct trio trio;
    trio_step(&trio, book);
    assert_trio_done(&trio, 0, 0, 0);
    assert_int_equal(book_head(book), FURNISHED);
    for (unsigned i = 0; i < GROUPS; i++) {
        complete(book);
        assert_trio_done(&trio, 1, i >= 1, i >= 2);
        assert_entry(&trio.requests[i], FURNISHED + 1 + i);
        assert_int_equal(trio.requests[i].write.results[0].balances[0].minutes, 60 * (i + 1));
        assert_int_equal(book_head(book), FURNISHED + 1 + i);
    }
    assert_false(store_mem_complete(book->store));
    assert_verify_finds(book, "");
    trio_fini(&trio);
}

static void group_waits_when_the_store_takes_no_more_commits(void **state)
{
    struct book *book = *state;
    struct trio trio;
    trio_step(&trio, book);
    struct command more[] = {record_service(book, 2, 60, TODAY),
                             record_service(book, 3, 60, TODAY)};
    struct request waiting[2];
    for (int i = 0; i < 2; i++) {
        request_init(&waiting[i], book, &more[i], 1);
        request_submit(&waiting[i]);
    }
    assert_false(engine_step(book->engine));
    complete(book);
    assert_true(engine_step(book->engine)); /* both, as one group */
    assert_false(engine_step(book->engine));
    settle(book);
    assert_entry(&waiting[0], FURNISHED + 4);
    assert_entry(&waiting[1], FURNISHED + 5);
    struct engine_status status;
    engine_status(book->engine, &status);
    assert_int_equal(status.groups, FURNISHED + GROUPS + 1);
    request_fini(&waiting[0]);
    request_fini(&waiting[1]);
    trio_fini(&trio);
}

/* A preview, a replay and a refusal that is not recorded. */
static void unrecorded_init(struct trio *trio, struct book *book, const struct command *known)
{
    trio->commands[0] = record_service(book, 1, 60, TODAY - 100);
    trio->commands[1] = *known;
    trio->commands[2] = record_service(book, 99, 60, TODAY);
    for (int i = 0; i < GROUPS; i++) {
        request_init(&trio->requests[i], book, &trio->commands[i], 1);
    }
    trio->requests[0].write.dry_run = true;
}

static void assert_unrecorded(const struct trio *trio, uint32_t minutes, uint64_t replayed)
{
    assert_int_equal(trio->requests[0].write.results[0].verdict.code, LB_OK);
    assert_int_equal(trio->requests[0].write.results[0].balances[0].minutes, minutes);
    assert_int_equal(trio->requests[1].write.results[0].entry, replayed);
    assert_true(trio->requests[1].write.results[0].replayed);
    assert_int_equal(trio->requests[2].write.results[0].verdict.code, LB_MEMBER_UNKNOWN);
}

static void answers_without_an_entry_wait_for_the_group_they_rest_on(void **state)
{
    struct book *book = *state;
    struct command command = record_service(book, 1, 60, TODAY);
    struct request first;
    request_init(&first, book, &command, 1);
    request_step(&first);
    for (int together = 0; together < 2; together++) {
        struct trio trio;
        unrecorded_init(&trio, book, &command);
        if (together == 0) { /* one at a time: there is room for two beside the commit */
            request_step(&trio.requests[0]);
            request_step(&trio.requests[1]);
            request_submit(&trio.requests[2]);
            assert_false(engine_step(book->engine));
            assert_trio_done(&trio, 0, 0, 0);
            complete(book);
            assert_int_equal(first.done, 1);
            assert_trio_done(&trio, 1, 1, 0);
            assert_true(engine_step(book->engine));
        } else { /* nothing is under way: at once */
            for (int i = 0; i < GROUPS; i++) {
                request_submit(&trio.requests[i]);
            }
            assert_true(engine_step(book->engine));
        }
        assert_trio_done(&trio, 1, 1, 1);
        assert_false(store_mem_complete(book->store));
        assert_unrecorded(&trio, 120, FURNISHED + 1);
        trio_fini(&trio);
    }
    request_fini(&first);
}

static void time_never_runs_back_over_groups_in_flight(void **state)
{
    struct book *book = *state;
    struct trio trio;
    for (int i = 0; i < GROUPS; i++) {
        book->stepper.now_ms = START_MS + (i == 0 ? 5000 : 1000);
        trio.commands[i] = record_service(book, 1, 60, TODAY - i);
        request_init(&trio.requests[i], book, &trio.commands[i], 1);
        request_step(&trio.requests[i]);
    }
    settle(book);
    struct arena arena;
    struct engine_view view;
    arena_init(&arena, arena_memory_heap(), WRITE_BYTES);
    assert_int_equal(engine_view_open(book->engine, &arena, &view), LB_OK);
    for (uint64_t i = 1; i <= GROUPS; i++) {
        struct bytes packed;
        struct entry entry;
        assert_int_equal(engine_view_entry(&view, FURNISHED + i, &packed, &entry), LB_OK);
        assert_int_equal(entry.recorded_ms, START_MS + 5000);
    }
    engine_view_close(&view);
    arena_fini(&arena);
    trio_fini(&trio);
}

static void budget_of_refusals_is_one_over_groups_in_flight(void **state)
{
    struct book *book = *state;
    enum { REFUSALS = 600, BUDGET = 1000 };
    static struct command commands[2][REFUSALS];
    struct request requests[2];
    for (int i = 0; i < 2; i++) {
        for (int j = 0; j < REFUSALS; j++) {
            commands[i][j] = record_too_early(book, 1);
        }
        request_init(&requests[i], book, commands[i], REFUSALS);
        request_step(&requests[i]);
    }
    settle(book);
    assert_int_equal(requests[0].write.results[REFUSALS - 1].verdict.code, LB_BEFORE_JOINED);
    assert_int_equal(requests[1].write.results[BUDGET - REFUSALS - 1].verdict.code,
                     LB_BEFORE_JOINED);
    assert_int_equal(requests[1].write.results[BUDGET - REFUSALS].verdict.code, LB_TRY_LATER);
    request_fini(&requests[0]);
    request_fini(&requests[1]);
}

/* The key of a row that is on its way to the disk is not destroyed by a look at what is there. */
static void rotation_does_not_end_before_what_was_sealed_before_it_is_durable(void **state)
{
    struct book *book = *state;
    settle_command(book, open_org(book));
    struct trio trio = {.commands = {set_tariff(book), register_member(book, 1, "张小明"),
                                     command_of(book, ACT_KEY_ROTATE)}};
    for (int i = 0; i < GROUPS; i++) {
        request_init(&trio.requests[i], book, &trio.commands[i], 1);
        request_step(&trio.requests[i]);
    }
    complete(book); /* the tariff: from here on the engine knows of the new key */
    while (engine_step(book->engine)) {
    }
    assert_true(people_is_rotating(book->people));
    settle(book);
    assert_trio_done(&trio, 1, 1, 1);
    assert_false(people_is_rotating(book->people));
    assert_verify_finds(book, ""); /* that the row opens, too */
    trio_fini(&trio);
}

/* ---- rejects ---- */

static void conflict_runs_the_group_and_those_after_it_again_in_order(void **state)
{
    struct book *book = *state;
    struct trio trio;
    struct store_mem_fault fault = commit_fault(STORE_RETRY, LB_STORAGE_CONFLICT, false);
    store_mem_plan_fault(book->store, &fault);
    trio_step(&trio, book);
    complete(book);
    assert_true(store_mem_fault_was_met(book->store));
    assert_false(engine_step(book->engine)); /* until the store has given back the other two */
    complete(book);
    complete(book);
    assert_trio_done(&trio, 0, 0, 0);
    for (int i = 0; i < GROUPS; i++) {
        assert_true(engine_step(book->engine));
    }
    assert_false(engine_step(book->engine));
    assert_trio_done(&trio, 0, 0, 0);
    for (unsigned i = 0; i < GROUPS; i++) {
        complete(book);
        assert_entry(&trio.requests[i], FURNISHED + 1 + i);
    }
    assert_int_equal(book_head(book), FURNISHED + GROUPS);
    assert_int_equal(book->stops, 0);
    assert_verify_finds(book, "");
    trio_fini(&trio);
}

static void conflict_of_the_second_group_leaves_the_first_alone(void **state)
{
    struct book *book = *state;
    struct trio trio;
    struct store_mem_fault fault = commit_fault(STORE_RETRY, LB_STORAGE_CONFLICT, false);
    fault.nth = 1;
    store_mem_plan_fault(book->store, &fault);
    trio_step(&trio, book);
    complete(book);
    assert_entry(&trio.requests[0], FURNISHED + 1);
    settle(book);
    assert_entry(&trio.requests[1], FURNISHED + 2);
    assert_entry(&trio.requests[2], FURNISHED + 3);
    assert_verify_finds(book, "");
    trio_fini(&trio);
}

static void preview_upon_a_group_that_failed_is_made_again(void **state)
{
    struct book *book = *state;
    struct store_mem_fault fault = commit_fault(STORE_RETRY, LB_STORAGE_FULL, false);
    struct command commands[] = {record_service(book, 1, 60, TODAY),
                                 record_service(book, 1, 30, TODAY)};
    struct request first;
    struct request preview;
    request_init(&first, book, &commands[0], 1);
    request_init(&preview, book, &commands[1], 1);
    preview.write.dry_run = true;
    store_mem_plan_fault(book->store, &fault);
    request_step(&first);
    request_step(&preview);
    complete(book);
    assert_int_equal(first.write.verdict.code, LB_STORAGE_FULL);
    assert_int_equal(preview.done, 0);
    assert_true(engine_step(book->engine));
    assert_int_equal(preview.done, 1);
    assert_int_equal(preview.write.results[0].balances[0].minutes, 30); /* not 90 */
    request_fini(&first);
    request_fini(&preview);
}

static void full_disk_refuses_one_group_and_the_next_is_decided_without_it(void **state)
{
    struct book *book = *state;
    struct store_mem_fault fault = commit_fault(STORE_RETRY, LB_STORAGE_FULL, false);
    struct command commands[] = {register_member(book, 4, "李明"),
                                 record_service(book, 4, 60, TODAY),
                                 record_service(book, 1, 60, TODAY)};
    struct request requests[GROUPS];
    store_mem_plan_fault(book->store, &fault);
    for (int i = 0; i < GROUPS; i++) {
        request_init(&requests[i], book, &commands[i], 1);
        request_step(&requests[i]);
    }
    complete(book);
    assert_int_equal(requests[0].done, 1);
    assert_int_equal(requests[0].write.verdict.code, LB_STORAGE_FULL);
    assert_null(requests[0].write.results);
    struct engine_status status;
    engine_status(book->engine, &status);
    assert_true(status.read_only);
    assert_int_equal(requests[1].done, 0);
    settle(book);
    assert_int_equal(requests[1].write.results[0].verdict.code, LB_MEMBER_UNKNOWN);
    assert_entry(&requests[2], FURNISHED + 1);
    engine_status(book->engine, &status);
    assert_false(status.read_only);
    assert_verify_finds(book, "");
    for (int i = 0; i < GROUPS; i++) {
        request_fini(&requests[i]);
    }
}

static void conflicts_without_end_end_only_their_own_group(void **state)
{
    struct book *book = *state;
    struct trio trio;
    struct store_mem_fault fault = commit_fault(STORE_RETRY, LB_STORAGE_CONFLICT, false);
    store_mem_plan_fault(book->store, &fault);
    trio_step(&trio, book);
    unsigned conflicts = 0;
    while (trio.requests[0].done == 0) {
        conflicts++;
        assert_true(conflicts < 100);
        for (int i = 0; i < GROUPS; i++) {
            complete(book);
        }
        store_mem_plan_fault(book->store, &fault);
        while (engine_step(book->engine)) {
        }
    }
    assert_int_equal(trio.requests[0].write.verdict.code, LB_STORAGE_CONFLICT);
    assert_true(conflicts > 1);
    store_mem_plan_fault(book->store, NULL);
    settle(book);
    assert_entry(&trio.requests[1], FURNISHED + 1);
    assert_entry(&trio.requests[2], FURNISHED + 2);
    trio_fini(&trio);
}

/* ---- faults ---- */

static void assert_all_unanswered(struct book *book, const struct trio *trio)
{
    for (int i = 0; i < GROUPS; i++) {
        assert_int_equal(trio->requests[i].done, 1);
        assert_int_equal(trio->requests[i].write.verdict.code, LB_STORAGE_FAULT);
        assert_null(trio->requests[i].write.results);
    }
    assert_int_equal(book->stops, 1);
}

static void unknown_outcome_stops_all_that_is_under_way_and_all_that_waits(void **state)
{
    struct book *book = *state;
    for (int is_applied = 0; is_applied < 2; is_applied++) {
        const uint64_t head = book_head(book);
        struct trio trio;
        struct store_mem_fault fault =
            commit_fault(STORE_UNKNOWN, LB_STORAGE_FAULT, is_applied == 1);
        struct command more = record_service(book, 2, 60, TODAY - 20 - is_applied);
        struct request queued;
        store_mem_plan_fault(book->store, &fault);
        trio_step(&trio, book);
        request_init(&queued, book, &more, 1);
        request_submit(&queued);
        complete(book);
        assert_trio_done(&trio, 1, 0, 0); /* the store still has the bytes of the others */
        assert_int_equal(engine_write_submit(book->engine, &queued.write), LB_SHUTTING_DOWN);
        settle(book);
        assert_all_unanswered(book, &trio);
        assert_int_equal(queued.write.verdict.code, LB_STORAGE_FAULT);
        assert_int_equal(book_head(book), head);
        book_stop(book);
        book->stops = 0;
        book_start(book);
        for (int i = 0; i < GROUPS; i++) { /* the clients send again */
            request_submit(&trio.requests[i]);
        }
        settle(book);
        assert_int_equal(trio.requests[0].write.results[0].replayed, is_applied == 1);
        for (uint64_t i = 0; i < GROUPS; i++) {
            assert_int_equal(trio.requests[i].write.results[0].entry, head + 1 + i);
        }
        assert_int_equal(book_head(book), head + GROUPS);
        request_fini(&queued);
        trio_fini(&trio);
    }
    assert_verify_finds(book, "");
}

static void crash_of_the_store_leaves_what_was_durable(void **state)
{
    struct book *book = *state;
    struct trio trio;
    trio_step(&trio, book);
    store_mem_crash(book->store, 2);
    settle(book);
    assert_all_unanswered(book, &trio);
    book_stop(book);
    store_mem_restart(book->store);
    book->stops = 0;
    book_start(book);
    assert_int_equal(book_head(book), FURNISHED + 2);
    for (int i = 0; i < GROUPS; i++) {
        request_submit(&trio.requests[i]);
    }
    settle(book);
    for (int i = 0; i < GROUPS; i++) {
        assert_int_equal(trio.requests[i].write.results[0].entry, FURNISHED + 1 + i);
        assert_int_equal(trio.requests[i].write.results[0].replayed, i < 2);
    }
    assert_verify_finds(book, "");
    trio_fini(&trio);
}

/* The nth call of the second group fails, for every n: it is refused when its turn comes, and the
 * group before it and the one after it are done. */
static void fault_of_one_call_refuses_its_group_in_its_turn(void **state)
{
    struct book *book = *state;
    const enum store_mem_call calls[] = {STORE_MEM_BEGIN, STORE_MEM_READ, STORE_MEM_PUT};
    uint32_t faults = 0;
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        bool is_met = true;
        for (uint64_t nth = 0; is_met; nth++) {
            const uint64_t head = book_head(book);
            struct trio trio;
            for (int j = 0; j < GROUPS; j++) {
                trio.commands[j] = record_service(book, 1 + (uint64_t)j, 1, TODAY - 1);
                request_init(&trio.requests[j], book, &trio.commands[j], 1);
            }
            request_step(&trio.requests[0]);
            struct store_mem_fault fault = {.call = calls[i], .nth = nth, .result = LB_MEMORY};
            store_mem_plan_fault(book->store, &fault);
            request_step(&trio.requests[1]);
            is_met = store_mem_fault_was_met(book->store);
            store_mem_plan_fault(book->store, NULL);
            request_step(&trio.requests[2]);
            assert_trio_done(&trio, 0, 0, 0);
            settle(book);
            assert_trio_done(&trio, 1, 1, 1);
            assert_int_equal(trio.requests[1].write.verdict.code, is_met ? LB_MEMORY : LB_OK);
            assert_entry(&trio.requests[0], head + 1);
            assert_entry(&trio.requests[2], head + (is_met ? 2 : 3));
            faults += is_met;
            trio_fini(&trio);
        }
    }
    assert_true(faults > 10);
    assert_verify_finds(book, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_FURNISHED_OVERLAP(groups_are_decided_while_others_commit_and_answered_when_durable),
        TEST_OVERLAP(rotation_does_not_end_before_what_was_sealed_before_it_is_durable),
        TEST_FURNISHED_OVERLAP(group_waits_when_the_store_takes_no_more_commits),
        TEST_FURNISHED_OVERLAP(answers_without_an_entry_wait_for_the_group_they_rest_on),
        TEST_FURNISHED_OVERLAP(time_never_runs_back_over_groups_in_flight),
        TEST_FURNISHED_OVERLAP(budget_of_refusals_is_one_over_groups_in_flight),
        TEST_FURNISHED_OVERLAP(conflict_runs_the_group_and_those_after_it_again_in_order),
        TEST_FURNISHED_OVERLAP(conflict_of_the_second_group_leaves_the_first_alone),
        TEST_FURNISHED_OVERLAP(preview_upon_a_group_that_failed_is_made_again),
        TEST_FURNISHED_OVERLAP(full_disk_refuses_one_group_and_the_next_is_decided_without_it),
        TEST_FURNISHED_OVERLAP(conflicts_without_end_end_only_their_own_group),
        TEST_FURNISHED_OVERLAP(unknown_outcome_stops_all_that_is_under_way_and_all_that_waits),
        TEST_FURNISHED_OVERLAP(crash_of_the_store_leaves_what_was_durable),
        TEST_FURNISHED_OVERLAP(fault_of_one_call_refuses_its_group_in_its_turn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
