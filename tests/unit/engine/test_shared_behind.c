/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A server that lacks much of what another one wrote catches up page by page. Whatever becomes of
 * the way to the log meanwhile, reading goes on, and what comes is looked at before it is believed.
 */
#include "shared_fixture.h"

#include "../../../server/engine/src/engine_private.h"
#include "../../../server/store/src/journaled.h"

#include <semaphore.h>

#define FILLER_BYTES  100000
#define FILLER_GROUPS 120 /* more than a turn takes */
#define LOOK_MS_NEVER 3600000

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

/* ---- the second server's way to the log ---- */

/* Readings give a group a page; one of them waits for the test. */
static struct {
    const struct shared_log_ops *under;
    struct shared_log_ops ops;
    unsigned readings;
    unsigned waits_at; /* 0: none does */
    sem_t is_waiting;
    sem_t may_go_on;
} way;

static enum lb_result
way_read(struct shared_log *log, struct shared_log_mark known, uint64_t bytes_max,
         enum lb_result (*take)(void *context, const struct shared_log_group *group), void *context,
         bool *is_all)
{
    (void)bytes_max;
    if (++way.readings == way.waits_at) {
        (void)sem_post(&way.is_waiting);
        (void)sem_wait(&way.may_go_on);
    }
    return way.under->read(log, known, 1, take, context, is_all);
}

static void way_begin(struct book *book)
{
    struct shared_log *log = ((struct store_journaled *)book->store)->shared.log;
    way.under = log->ops;
    way.ops = *log->ops;
    way.ops.read = way_read;
    way.readings = 0;
    way.waits_at = 0;
    log->ops = &way.ops;
}

static int behind_set_up(void **state)
{
    (void)furnished_shared_set_up(state);
    assert_int_equal(sem_init(&way.is_waiting, 0, 0), 0);
    assert_int_equal(sem_init(&way.may_go_on, 0, 0), 0);
    way_begin(second_of(state));
    return 0;
}

static int behind_tear_down(void **state)
{
    (void)shared_tear_down(state);
    (void)sem_destroy(&way.is_waiting);
    (void)sem_destroy(&way.may_go_on);
    return 0;
}

/* ---- words ---- */

/* As a view shows it, which does not wait. */
static uint64_t head_seen(struct book *book)
{
    struct arena arena;
    struct engine_view view;
    arena_init(&arena, arena_memory_heap(), 1 << 20);
    assert_int_equal(engine_view_open(book->engine, &arena, &view), LB_OK);
    const uint64_t head = view.head_entry;
    engine_view_close(&view);
    arena_fini(&arena);
    return head;
}

static void record_some(struct book *book, int count)
{
    for (int i = 0; i < count; i++) {
        (void)shared_do(book, record_service(book, 1, 60, TODAY - i));
    }
}

/* More than a turn takes, in rows that mean nothing, and which are gone again. */
static void fill_log(struct book *book)
{
    static uint8_t filler[FILLER_BYTES];
    for (unsigned i = 0; i < FILLER_GROUPS; i++) {
        row_put(book, TABLE_META, BYTES_LITERAL("filler"), bytes_of(filler, sizeof(filler)));
    }
    row_put(book, TABLE_META, BYTES_LITERAL("filler"), (struct bytes){NULL, 0});
}

static void *look_elsewhere(void *context)
{
    struct book *book = context;
    engine_look(book->engine);
    return NULL;
}

/* ---- page by page ---- */

static void views_are_opened_while_the_next_page_does_not_come(void **state)
{
    struct book *second = second_of(state);
    pthread_t looking;
    record_some(first_of(state), 3);
    way.waits_at = 2;
    assert_int_equal(pthread_create(&looking, NULL, look_elsewhere, second), 0);
    (void)sem_wait(&way.is_waiting);
    assert_int_equal(head_seen(second), FURNISHED + 1);
    assert_int_equal(shared_status(second).durable_entry, FURNISHED + 1);
    (void)sem_post(&way.may_go_on);
    assert_int_equal(pthread_join(looking, NULL), 0);
    assert_int_equal(head_seen(second), FURNISHED + 3);
    assert_int_equal(way.readings, 3);
    assert_shared_agree(*state);
}

/* The calls are: a reading and a proof, and so on. */
static void what_came_before_the_way_was_lost_is_seen_and_gone_on_from(void **state)
{
    struct shared *shared = *state;
    struct book *second = second_of(state);
    for (unsigned call = 1; call <= 4; call++) {
        const uint64_t before = head_seen(second);
        record_some(first_of(state), 2);
        shared_log_memory_fail(shared->memory, MEMORY_FAULT_UNREACHABLE, call);
        engine_look(second->engine);
        assert_int_equal(head_seen(second), before + (call > 2 ? 1 : 0));
        engine_look(second->engine);
        assert_int_equal(head_seen(second), before + 2);
    }
    assert_int_equal(shared->servers[1].unreached, 4);
    assert_int_equal(shared->servers[1].reached, 4);
    assert_shared_agree(shared);
}

/* ---- a group that finds too much ---- */

static void a_group_that_finds_much_follows_it_first(void **state)
{
    struct shared *shared = *state;
    struct book *second = second_of(state);
    record_some(first_of(state), 1);
    fill_log(first_of(state));
    record_some(first_of(state), 1);
    const unsigned turns = shared->memory->calls.turns;
    const struct shared_answer answer =
        shared_try(second, record_service(second, 1, 60, TODAY - 10));
    assert_int_equal(answer.whole, LB_OK);
    assert_int_equal(answer.result.entry, FURNISHED + 3);
    assert_int_equal(shared->memory->calls.turns, turns + 2);
    assert_true(way.readings > FILLER_GROUPS);
    assert_shared_agree(shared);
}

/* The pages before are seen, and the request is answered. */
static void a_group_that_finds_much_and_loses_the_way_is_refused(void **state)
{
    struct shared *shared = *state;
    struct book *second = second_of(state);
    const struct command command = record_service(second, 1, 60, TODAY - 10);
    record_some(first_of(state), 1);
    fill_log(first_of(state));
    record_some(first_of(state), 1);
    shared_log_memory_fail(shared->memory, MEMORY_FAULT_UNREACHABLE, 4); /* turn, page, page */
    assert_int_equal(shared_try(second, command).whole, LB_STORE_UNREACHABLE);
    assert_int_equal(head_seen(second), FURNISHED + 1);
    assert_int_equal(shared_do(second, command), FURNISHED + 3);
    assert_shared_agree(shared);
}

/* ---- what comes is looked at ---- */

static void expect_corrupt(struct book *second)
{
    engine_look(second->engine);
    assert_int_equal(second->stops, 1);
    assert_int_equal(second->stopped_why, LB_STORAGE_CORRUPT);
}

/* The head record says that other entries than ours came before: as many as we have. */
static void another_tree_of_the_same_size_is_noticed(void **state)
{
    struct book *first = first_of(state);
    struct merkle_frontier frontier = rows_frontier(first, FURNISHED);
    uint8_t head[20 + MERKLE_FRONTIER_BYTES_MAX];
    struct wire_writer writer = {.data = head, .cap = sizeof(head)};
    frontier.peaks[0].bytes[0] ^= 1;
    wire_put_u32(&writer, 1);
    wire_put_u64(&writer, FURNISHED);
    wire_put_i64(&writer, START_MS);
    const size_t size = writer.size + merkle_frontier_pack(&frontier, head + writer.size);
    row_put(first, TABLE_META, BYTES_LITERAL("head"), bytes_of(head, size));
    expect_corrupt(second_of(state));
}

static void the_same_tree_of_the_same_size_is_taken(void **state)
{
    struct book *second = second_of(state);
    rows_put_head(first_of(state), FURNISHED, START_MS);
    engine_look(second->engine);
    assert_int_equal(second->stops, 0);
    assert_int_equal(head_seen(second), FURNISHED);
}

static void an_entry_that_names_nobody_is_noticed(void **state)
{
    struct book *first = first_of(state);
    struct row_copy row = row_copy_number(first, TABLE_ENTRY, FURNISHED); /* a member's */
    struct arena arena;
    struct entry entry;
    struct bytes packed;
    arena_init(&arena, arena_memory_heap(), WRITE_BYTES);
    assert_int_equal(entry_unpack(bytes_of(row.data, row.size), &arena, &entry), LB_OK);
    assert_true(entry.person_commitment.is_set);
    entry.number++;
    entry.link_count = 0;
    assert_int_equal(entry_pack(&entry, &arena, &packed), LB_OK);
    row_put_number(first, TABLE_ENTRY, FURNISHED + 1, packed);
    rows_put_head(first, FURNISHED + 1, START_MS);
    expect_corrupt(second_of(state));
    arena_fini(&arena);
}

/* ---- names ---- */

static size_t found_by(struct book *book, const char *name)
{
    struct arena arena;
    struct people_found found;
    const struct people_query query = {
        .text = bytes_of_text(name), .is_whole = true, .is_name = true, .limit = 100};
    arena_init(&arena, arena_memory_heap(), 1 << 20);
    assert_int_equal(people_index_find(book->people, &query, &arena, &found), LB_OK);
    arena_fini(&arena);
    return found.count;
}

static void names_that_are_too_many_at_once_are_found_all_the_same(void **state)
{
    struct book *first = first_of(state);
    struct book *second = second_of(state);
    struct arena *names = &second->engine->others.names_arena;
    arena_fini(names);
    arena_init(names, arena_memory_heap(), 1); /* no name has room in it */
    (void)shared_do(first, rename_member(first, 1, "王芳"));
    engine_look(second->engine);
    assert_int_equal(head_seen(second), FURNISHED + 1);
    assert_false(people_index_is_ready(second->people)); /* rather no answer than a wrong one */
    engine_look(second->engine);
    shared_settle(second); /* the index is built again */
    assert_true(people_index_is_ready(second->people));
    assert_int_equal(found_by(second, "王芳"), 1);
    assert_shared_agree(*state);
}

/* ---- looking soon ---- */

struct follower {
    sem_t is_told;
    uint64_t last;
};

static void take_followed(void *context, uint64_t first, uint64_t last)
{
    struct follower *follower = context;
    (void)first;
    follower->last = last;
    (void)sem_post(&follower->is_told);
}

/* With threads, of which the writer would look by itself in an hour. */
static void who_is_asked_to_looks_at_once(void **state)
{
    struct shared *shared = *state;
    struct book *first = first_of(state);
    struct book *second = second_of(state);
    struct follower follower = {.last = 0};
    assert_int_equal(sem_init(&follower.is_told, 0, 0), 0);
    second->config.is_stepped = false;
    second->config.look_ms = LOOK_MS_NEVER;
    book_stop(second);
    book_start(second);
    assert_int_equal(engine_follow(second->engine, take_followed, &follower), FURNISHED);
    for (uint64_t i = 1; i <= 3; i++) {
        record_some(first, 1);
        engine_look_soon(second->engine);
        (void)sem_wait(&follower.is_told);
        assert_int_equal(follower.last, FURNISHED + i);
        assert_int_equal(head_seen(second), FURNISHED + i);
    }
    assert_int_equal(shared->servers[1].unreached, 0);
    (void)engine_follow(second->engine, NULL, NULL);
    (void)sem_destroy(&follower.is_told);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, behind_set_up, behind_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(views_are_opened_while_the_next_page_does_not_come),
        TEST(what_came_before_the_way_was_lost_is_seen_and_gone_on_from),
        TEST(a_group_that_finds_much_follows_it_first),
        TEST(a_group_that_finds_much_and_loses_the_way_is_refused),
        TEST(another_tree_of_the_same_size_is_noticed),
        TEST(the_same_tree_of_the_same_size_is_taken),
        TEST(an_entry_that_names_nobody_is_noticed),
        TEST(names_that_are_too_many_at_once_are_found_all_the_same),
        TEST(who_is_asked_to_looks_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
