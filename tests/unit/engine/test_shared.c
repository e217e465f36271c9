/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Two servers write one book: what either decides is decided upon all there is, and one outcome
 * comes of each id, whatever becomes of the way to the log.
 */
#include "shared_fixture.h"

#include "bank/records.h"

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

static void fail_call(void **state, enum shared_log_memory_fault fault, unsigned after)
{
    struct shared *shared = *state;
    shared_log_memory_fail(shared->memory, fault, after);
}

/* The points of member 1 that the view gives. */
static int64_t points_of(struct book *book)
{
    struct arena arena;
    struct engine_view view;
    struct member_row row;
    arena_init(&arena, arena_memory_heap(), 1 << 20);
    assert_int_equal(engine_view_open(book->engine, &arena, &view), LB_OK);
    assert_true(member_get(view.bank.views, 1, &row));
    engine_view_close(&view);
    arena_fini(&arena);
    return row.balances.points_centi;
}

/* -- accepts ---------------------------------------------------------------------------------- */

static void writes_of_two_servers_make_one_book(void **state)
{
    for (uint32_t i = 1; i <= 300; i++) { /* past a tile */
        struct book *book = i % 3 == 0 ? first_of(state) : second_of(state);
        assert_int_equal(shared_do(book, record_service(book, 1 + i % 3, 30, TODAY - (int32_t)i)),
                         FURNISHED + i);
    }
    assert_shared_agree(*state);
    assert_int_equal(shared_status(first_of(state)).entries_written, FURNISHED + 100);
    assert_int_equal(shared_status(second_of(state)).entries_written, 200);
}

static void a_server_decides_upon_what_another_one_wrote_just_now(void **state)
{
    struct book *first = first_of(state);
    struct book *second = second_of(state);
    (void)shared_do(second, register_member(second, 4, "李明"));
    struct command again = register_member(first, 4, "李明");
    assert_int_equal(shared_try(first, again).result.verdict.code, LB_ALREADY_EXISTS);
    (void)shared_do(first, record_service(first, 4, 60, TODAY));
    assert_shared_agree(*state);
}

/* Two requests to one server, not submitted yet. */
struct pair {
    struct command commands[2];
    struct request first;
    struct request second;
};

static void pair_init(struct pair *pair, struct book *book)
{
    pair->commands[0] = record_service(book, 1, 60, TODAY);
    pair->commands[1] = record_service(book, 2, 60, TODAY);
    request_init(&pair->first, book, &pair->commands[0], 1);
    request_init(&pair->second, book, &pair->commands[1], 1);
}

static void pair_fini(struct pair *pair)
{
    request_fini(&pair->first);
    request_fini(&pair->second);
}

static void submit_now(void *context)
{
    request_submit(context);
}

static void what_comes_while_a_group_waits_for_its_turn_goes_with_it(void **state)
{
    struct shared *shared = *state;
    struct book *book = first_of(state);
    struct pair pair;
    pair_init(&pair, book);
    const unsigned writes = shared->memory->calls.writes;
    shared->memory->on_turn = submit_now;
    shared->memory->on_turn_context = &pair.second;
    shared_run(&pair.first);
    assert_int_equal(pair.second.done, 1);
    assert_int_equal(shared->memory->calls.writes, writes + 1);
    assert_int_equal(pair.first.write.results[0].entry, FURNISHED + 1);
    assert_int_equal(pair.second.write.results[0].entry, FURNISHED + 2);
    pair_fini(&pair);
    assert_shared_agree(*state);
}

static void what_comes_while_it_follows_others_first_goes_with_it_too(void **state)
{
    struct shared *shared = *state;
    struct book *book = first_of(state);
    struct pair pair;
    pair_init(&pair, book);
    const unsigned writes = shared->memory->calls.writes;
    fail_call(state, MEMORY_FAULT_MUCH, 1); /* its first turn is given back */
    shared->memory->on_turn = submit_now;
    shared->memory->on_turn_context = &pair.second;
    shared_run(&pair.first);
    assert_int_equal(pair.second.done, 1);
    assert_int_equal(shared->memory->calls.writes, writes + 1);
    pair_fini(&pair);
    assert_shared_agree(*state);
}

static void a_group_takes_no_more_than_its_size_while_it_waits(void **state)
{
    struct shared *shared = *state;
    struct book *book = first_of(state);
    book->config.group_commands_max = 1;
    shared_server_restart(shared, 0);
    struct pair pair;
    pair_init(&pair, book);
    shared->memory->on_turn = submit_now;
    shared->memory->on_turn_context = &pair.second;
    shared_run(&pair.first);
    assert_int_equal(pair.second.done, 0);
    shared_settle(book);
    assert_int_equal(pair.second.done, 1);
    pair_fini(&pair);
    assert_shared_agree(*state);
}

static void what_comes_before_another_attempt_waits_for_the_next_group(void **state)
{
    struct book *book = first_of(state);
    struct pair pair;
    pair_init(&pair, book);
    fail_call(state, MEMORY_FAULT_WRITE_LOST, 2); /* the first attempt's write */
    request_submit(&pair.first);
    assert_true(engine_step(book->engine));
    assert_int_equal(pair.first.done, 0);
    request_submit(&pair.second);
    assert_true(engine_step(book->engine));
    assert_int_equal(pair.first.done, 1);
    assert_int_equal(pair.second.done, 0);
    shared_settle(book);
    assert_int_equal(pair.second.done, 1);
    assert_int_equal(pair.first.write.results[0].entry, FURNISHED + 1);
    assert_int_equal(pair.second.write.results[0].entry, FURNISHED + 2);
    pair_fini(&pair);
    assert_shared_agree(*state);
}

static void an_id_sent_to_both_has_one_outcome(void **state)
{
    struct book *first = first_of(state);
    struct book *second = second_of(state);
    const struct command command = record_service(first, 1, 60, TODAY);
    const uint64_t entry = shared_do(first, command);
    const struct shared_answer again = shared_try(second, command);
    assert_true(again.result.replayed);
    assert_int_equal(again.result.entry, entry);
    assert_int_equal(shared_try(first, command).result.entry, entry);
    assert_int_equal(points_of(first), 100);
    assert_int_equal(points_of(second), 100);
    assert_shared_agree(*state);
}

static void what_is_only_shown_is_proved_too(void **state)
{
    struct shared *shared = *state;
    struct book *second = second_of(state);
    const struct command known = record_service(first_of(state), 1, 60, TODAY);
    (void)shared_do(first_of(state), known);
    const struct shared_log_memory_calls before = shared->memory->calls;
    assert_true(shared_try(second, known).result.replayed);
    assert_int_equal(shared->memory->calls.proofs, before.proofs + 1);
    struct request request;
    struct command preview = record_service(second, 1, 60, TODAY - 1);
    request_init(&request, second, &preview, 1);
    request.write.dry_run = true;
    shared_run(&request);
    assert_int_equal(request.write.results[0].verdict.code, LB_OK);
    request_fini(&request);
    assert_int_equal(shared->memory->calls.proofs, before.proofs + 2);
    assert_int_equal(shared->memory->calls.writes, before.writes);
    assert_int_equal(book_head(second), FURNISHED + 1); /* it was published with the proof */
    assert_shared_agree(*state);
}

static void a_look_shows_what_another_server_wrote(void **state)
{
    struct book *first = first_of(state);
    struct book *second = second_of(state);
    engine_look(second->engine);
    assert_int_equal(book_head(second), FURNISHED);
    (void)shared_do(first, record_service(first, 1, 60, TODAY));
    assert_int_equal(book_head(second), FURNISHED);
    assert_int_equal(points_of(second), 0);
    engine_look(second->engine);
    assert_int_equal(book_head(second), FURNISHED + 1);
    assert_int_equal(points_of(second), 100);
    assert_memory_equal(shared_status(second).tree_root, shared_status(first).tree_root,
                        LB_HASH_BYTES);
    engine_look(second->engine);
    assert_int_equal(book_head(second), FURNISHED + 1);
    assert_shared_agree(*state);
}

static void a_server_that_begins_again_goes_on_where_the_book_is(void **state)
{
    struct shared *shared = *state;
    for (uint32_t i = 1; i <= 260; i++) {
        struct book *book = shared->servers[i % 2].book;
        (void)shared_do(book, record_service(book, 1, 30, TODAY - (int32_t)i));
        if (i % 97 == 0) {
            shared_server_restart(shared, i % 2);
        }
    }
    assert_shared_agree(shared);
}

struct told {
    uint64_t first;
    uint64_t last;
    unsigned calls;
};

static void take_told(void *context, uint64_t first, uint64_t last)
{
    struct told *told = context;
    *told = (struct told){first, last, told->calls + 1};
}

static void who_follows_is_told_of_entries_that_are_not_its_own(void **state)
{
    struct book *first = first_of(state);
    struct book *second = second_of(state);
    struct told told = {.calls = 0};
    engine_look(second->engine);
    assert_int_equal(engine_follow(second->engine, take_told, &told), FURNISHED);
    (void)shared_do(second, record_service(second, 1, 60, TODAY));
    assert_int_equal(told.calls, 0);
    (void)shared_do(first, record_service(first, 1, 60, TODAY - 1));
    (void)shared_do(first, record_service(first, 1, 60, TODAY - 2));
    engine_look(second->engine);
    assert_int_equal(told.calls, 1);
    assert_int_equal(told.first, FURNISHED + 2);
    assert_int_equal(told.last, FURNISHED + 3);
    (void)shared_do(first, record_service(first, 1, 60, TODAY - 3));
    (void)shared_do(second, record_service(second, 1, 60, TODAY - 4)); /* its turn shows one */
    assert_int_equal(told.calls, 2);
    assert_int_equal(told.first, FURNISHED + 4);
    assert_int_equal(told.last, FURNISHED + 4);
}

/* -- faults ----------------------------------------------------------------------------------- */

/* Writes with that fault of the commit, after another server's entry; once and no more. */
static struct shared_answer write_with(void **state, enum shared_log_memory_fault fault)
{
    struct book *first = first_of(state);
    struct book *second = second_of(state);
    (void)shared_do(second, record_service(second, 1, 60, TODAY - 1));
    fail_call(state, fault, 2); /* the turn, then the write */
    return shared_try(first, record_service(first, 1, 60, TODAY));
}

static void a_commit_of_unknown_outcome_that_got_through_is_answered_once(void **state)
{
    static const enum shared_log_memory_fault faults[] = {MEMORY_FAULT_WRITE_KEPT,
                                                          MEMORY_FAULT_WRITE_PROVEN};
    for (unsigned i = 0; i < 2; i++) {
        const uint64_t head = FURNISHED + i * 2;
        const struct shared_answer answer = write_with(state, faults[i]);
        assert_int_equal(answer.whole, LB_OK);
        assert_int_equal(answer.result.verdict.code, LB_OK);
        assert_int_equal(answer.result.entry, head + 2);
        assert_int_equal(book_head(first_of(state)), head + 2);
        assert_shared_agree(*state);
    }
}

static void a_commit_of_unknown_outcome_that_was_lost_is_made_again(void **state)
{
    const struct shared_answer answer = write_with(state, MEMORY_FAULT_WRITE_LOST);
    assert_int_equal(answer.whole, LB_OK);
    assert_int_equal(answer.result.entry, FURNISHED + 2);
    assert_false(answer.result.replayed);
    assert_int_equal(points_of(first_of(state)), 200);
    assert_shared_agree(*state);
}

static void what_a_fail_over_took_away_was_never_shown(void **state)
{
    struct shared *shared = *state;
    struct book *first = first_of(state);
    struct book *second = second_of(state);
    struct request request;
    struct command command = record_service(first, 1, 60, TODAY);
    request_init(&request, first, &command, 1);
    fail_call(state, MEMORY_FAULT_WRITE_KEPT, 2);
    request_submit(&request);
    assert_true(engine_step(first->engine));
    assert_int_equal(request.done, 0);
    assert_int_equal(book_head(first), FURNISHED);
    fail_call(state, MEMORY_FAULT_WRITE_LOST, 2); /* read, prove: it was seen, but not proven */
    engine_look(second->engine);
    assert_int_equal(book_head(second), FURNISHED);
    shared_log_memory_fail_over(shared->memory);
    (void)shared_do(second, record_service(second, 2, 60, TODAY));
    assert_true(engine_step(first->engine));
    assert_int_equal(request.done, 1);
    assert_int_equal(request.write.results[0].entry, FURNISHED + 2);
    request_fini(&request);
    assert_shared_agree(*state);
}

static void without_a_way_to_the_log_nothing_is_recorded_and_all_goes_on_later(void **state)
{
    struct shared *shared = *state;
    struct shared_server *server = &shared->servers[0];
    struct book *first = server->book;
    const struct command command = record_service(first, 1, 60, TODAY);
    shared->memory->is_down = true;
    assert_int_equal(shared_try(first, command).whole, LB_STORE_UNREACHABLE);
    for (int i = 0; i < 3; i++) {
        engine_look(first->engine);
    }
    assert_int_equal(server->unreached, 1);
    assert_int_equal(points_of(first), 0); /* reading works */
    shared->memory->is_down = false;
    for (int i = 0; i < 3; i++) {
        engine_look(first->engine);
    }
    assert_int_equal(server->reached, 1);
    assert_int_equal(shared_do(first, command), FURNISHED + 1);
    assert_int_equal(first->stops, 0);
    assert_shared_agree(shared);
}

/* The first attempt got through, and then nothing does: it may not be said that it is not there. */
static void what_may_be_recorded_is_not_refused_as_if_it_were_not(void **state)
{
    struct shared *shared = *state;
    struct book *first = first_of(state);
    struct request request;
    struct command command = record_service(first, 1, 60, TODAY);
    request_init(&request, first, &command, 1);
    fail_call(state, MEMORY_FAULT_WRITE_PROVEN, 2);
    request_submit(&request);
    assert_true(engine_step(first->engine));
    fail_call(state, MEMORY_FAULT_UNREACHABLE, 1);
    assert_true(engine_step(first->engine));
    assert_int_equal(request.done, 1);
    assert_int_equal(request.write.verdict.code, LB_STORE_UNREACHABLE);
    request_fini(&request);
    assert_int_equal(shared_try(first, command).result.entry, FURNISHED + 1);
    assert_int_equal(shared->memory->group_count, FURNISHED + 1);
    assert_shared_agree(shared);
}

static void a_log_that_never_answers_a_write_is_left_after_some_attempts(void **state)
{
    struct book *first = first_of(state);
    struct request request;
    struct command command = record_service(first, 1, 60, TODAY);
    request_init(&request, first, &command, 1);
    request_submit(&request);
    unsigned attempts = 0;
    for (; request.done == 0; attempts++) {
        assert_true(attempts < SHARED_STEPS);
        fail_call(state, MEMORY_FAULT_WRITE_LOST, 2);
        assert_true(engine_step(first->engine));
    }
    assert_true(attempts > 1);
    assert_int_equal(request.write.verdict.code, LB_STORE_UNREACHABLE);
    request_fini(&request);
    fail_call(state, MEMORY_FAULT_NONE, 0);
    assert_int_equal(shared_do(first, command), FURNISHED + 1);
    assert_shared_agree(*state);
}

static void a_full_log_is_told_until_it_takes_a_group_again(void **state)
{
    struct book *first = first_of(state);
    const struct command command = record_service(first, 1, 60, TODAY);
    fail_call(state, MEMORY_FAULT_FULL, 2);
    assert_int_equal(shared_try(first, command).whole, LB_STORAGE_FULL);
    assert_true(shared_status(first).read_only);
    const struct command known = open_org(first);
    assert_int_equal(shared_try(first, known).result.verdict.code, LB_ALREADY_EXISTS);
    assert_true(shared_status(first).read_only); /* a proof needs no space */
    assert_int_equal(shared_do(first, command), FURNISHED + 1);
    assert_false(shared_status(first).read_only);
    assert_shared_agree(*state);
}

/* A turn that was cut off after it showed what the other server wrote. */
static void what_a_turn_showed_is_taken_back_with_it(void **state)
{
    struct book *first = first_of(state);
    struct book *second = second_of(state);
    (void)shared_do(second, record_service(second, 1, 60, TODAY));
    (void)shared_do(second, rename_member(second, 2, "王芳"));
    fail_call(state, MEMORY_FAULT_TURN_CUT, 1);
    const struct command command = record_service(first, 1, 60, TODAY - 1);
    assert_int_equal(shared_try(first, command).whole, LB_STORE_UNREACHABLE);
    assert_int_equal(book_head(first), FURNISHED);
    assert_int_equal(shared_do(first, command), FURNISHED + 3);
    assert_shared_agree(*state);
}

static void a_log_that_lost_what_was_durable_stops_the_server(void **state)
{
    struct shared *shared = *state;
    struct book *first = first_of(state);
    struct book *second = second_of(state);
    engine_look(second->engine);
    shared_log_memory_cut(shared->memory, FURNISHED - 1);
    engine_look(second->engine);
    assert_int_equal(second->stops, 1);
    assert_int_equal(second->stopped_why, LB_STORAGE_CORRUPT);
    struct request request;
    struct command command = record_service(first, 1, 60, TODAY);
    request_init(&request, first, &command, 1);
    shared_run(&request);
    assert_int_equal(request.write.verdict.code, LB_STORAGE_FAULT);
    request_fini(&request);
    assert_int_equal(first->stops, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_SHARED(writes_of_two_servers_make_one_book),
        TEST_SHARED(a_server_decides_upon_what_another_one_wrote_just_now),
        TEST_SHARED(what_comes_while_a_group_waits_for_its_turn_goes_with_it),
        TEST_SHARED(what_comes_while_it_follows_others_first_goes_with_it_too),
        TEST_SHARED(a_group_takes_no_more_than_its_size_while_it_waits),
        TEST_SHARED(what_comes_before_another_attempt_waits_for_the_next_group),
        TEST_SHARED(an_id_sent_to_both_has_one_outcome),
        TEST_SHARED(what_is_only_shown_is_proved_too),
        TEST_SHARED(a_look_shows_what_another_server_wrote),
        TEST_SHARED(a_server_that_begins_again_goes_on_where_the_book_is),
        TEST_SHARED(who_follows_is_told_of_entries_that_are_not_its_own),
        TEST_SHARED(a_commit_of_unknown_outcome_that_got_through_is_answered_once),
        TEST_SHARED(a_commit_of_unknown_outcome_that_was_lost_is_made_again),
        TEST_SHARED(what_a_fail_over_took_away_was_never_shown),
        TEST_SHARED(without_a_way_to_the_log_nothing_is_recorded_and_all_goes_on_later),
        TEST_SHARED(what_may_be_recorded_is_not_refused_as_if_it_were_not),
        TEST_SHARED(a_log_that_never_answers_a_write_is_left_after_some_attempts),
        TEST_SHARED(a_full_log_is_told_until_it_takes_a_group_again),
        TEST_SHARED(what_a_turn_showed_is_taken_back_with_it),
        TEST_SHARED(a_log_that_lost_what_was_durable_stops_the_server),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
