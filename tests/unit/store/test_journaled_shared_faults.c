/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A shared log that cannot be reached, does not say what became of a write, is full, or loses
 * groups: what is not known to be durable is never seen, and what was is missed.
 */
#include "shared_fixture.h"
#include "shared_memory_lack.h"

#include <sched.h>

/* ---- not reached ---- */

static void a_log_that_is_not_reached_leaves_the_store_as_it_was(void **state)
{
    struct shared_fixture *fixture = *state;
    struct server *one = &fixture->servers[0];
    struct store_group *group = NULL;
    server_open(fixture, 0);
    server_write(one, "a", "1");
    fixture->memory->is_down = true;
    assert_int_equal(one->ops->group_begin(one->store, &group), LB_STORE_UNREACHABLE);
    assert_int_equal(server_look(one), LB_STORE_UNREACHABLE);
    assert_server_row(one, "a", "1");
    fixture->memory->is_down = false;
    server_write(one, "a", "2");
    assert_server_row(one, "a", "2");
}

static void a_turn_that_is_cut_off_shows_nothing(void **state)
{
    struct shared_fixture *fixture = *state;
    struct server *two = &fixture->servers[1];
    struct store_group *group = NULL;
    server_open(fixture, 0);
    server_open(fixture, 1);
    server_write(&fixture->servers[0], "a", "1");
    shared_log_memory_fail(fixture->memory, MEMORY_FAULT_TURN_CUT, 1);
    assert_int_equal(two->ops->group_begin(two->store, &group), LB_STORE_UNREACHABLE);
    assert_server_row(two, "a", NULL);
    group = server_begin(two);
    assert_group_row(two, group, "a", "1");
    two->ops->group_abort(group);
}

static void a_turn_that_another_has_is_not_reached(void **state)
{
    struct shared_fixture *fixture = *state;
    struct server *two = &fixture->servers[1];
    struct store_group *none = NULL;
    server_open(fixture, 0);
    server_open(fixture, 1);
    struct store_group *group = server_begin(&fixture->servers[0]);
    assert_int_equal(two->ops->group_begin(two->store, &none), LB_STORE_UNREACHABLE);
    assert_int_equal(server_commit(&fixture->servers[0], group), LB_OK);
    server_write(two, "a", "1");
}

static void an_opening_that_does_not_reach_the_log_may_be_tried_again(void **state)
{
    struct shared_fixture *fixture = *state;
    server_open(fixture, 0);
    server_write(&fixture->servers[0], "a", "1");
    for (unsigned call = 1; call <= 2; call++) { /* the reading, then the proof */
        shared_log_memory_fail(fixture->memory, MEMORY_FAULT_UNREACHABLE, call);
        assert_int_equal(server_try_open(fixture, 1), LB_STORE_UNREACHABLE);
    }
    server_open(fixture, 1);
    assert_server_row(&fixture->servers[1], "a", "1");
}

/* ---- not known, and full ---- */

static void a_lost_write_is_taken_back_and_may_be_made_again(void **state)
{
    struct shared_fixture *fixture = *state;
    struct server *one = &fixture->servers[0];
    server_open(fixture, 0);
    server_write(one, "a", "1");
    shared_log_memory_fail(fixture->memory, MEMORY_FAULT_WRITE_LOST, 2);
    assert_int_equal(server_try_write(one, "a", "2"), LB_STORAGE_CONFLICT);
    assert_server_row(one, "a", "1");
    struct store_group *group = server_begin(one);
    assert_group_row(one, group, "a", "1");
    server_put(one, group, "a", "2");
    assert_int_equal(server_commit(one, group), LB_OK);
    assert_server_row(one, "a", "2");
    assert_int_equal(fixture->memory->group_count, 2);
}

static void a_write_that_got_through_unknown_is_shown_by_the_next_turn(void **state)
{
    struct shared_fixture *fixture = *state;
    struct server *one = &fixture->servers[0];
    server_open(fixture, 0);
    server_write(one, "a", "1");
    shared_log_memory_fail(fixture->memory, MEMORY_FAULT_WRITE_KEPT, 2);
    assert_int_equal(server_try_write(one, "a", "2"), LB_STORAGE_CONFLICT);
    assert_server_row(one, "a", "1"); /* it might still vanish */
    struct store_group *group = server_begin(one);
    assert_group_row(one, group, "a", "2");
    assert_server_row(one, "a", "1");
    assert_int_equal(server_commit(one, group), LB_OK); /* a proof */
    assert_server_row(one, "a", "2");
    assert_int_equal(fixture->memory->group_count, 2);
    assert_int_equal(fixture->memory->proven, 2);
}

/* The log has the group by then. */
static void a_group_without_memory_for_its_rows_is_shown_by_the_next_turn(void **state)
{
    struct shared_fixture *fixture = *state;
    struct server *one = &fixture->servers[0];
    struct store_group *group = NULL;
    server_open(fixture, 0);
    server_open(fixture, 1);
    server_write(&fixture->servers[1], "a", "1");
    group = server_begin(one);
    server_put(one, group, "b", "2");
    memory_lacks = 2;
    assert_int_equal(server_commit(one, group), LB_STORAGE_CONFLICT);
    assert_server_row(one, "a", NULL);
    assert_int_equal(one->ops->group_begin(one->store, &group), LB_MEMORY);
    assert_int_equal(memory_lacks, 0);
    assert_null(fixture->memory->turn);
    group = server_begin(one);
    assert_group_row(one, group, "a", "1");
    assert_group_row(one, group, "b", "2");
    assert_server_row(one, "b", NULL);
    assert_int_equal(server_commit(one, group), LB_OK); /* a proof */
    assert_server_row(one, "b", "2");
    server_write(one, "c", "3");
    assert_int_equal(fixture->memory->group_count, 3);
    assert_int_equal(one->ops->checkpoint(one->store), LB_OK);
    server_close(one);
    server_open(fixture, 0); /* and its chain is that of the log */
    server_write(one, "d", "4");
}

static void a_proof_of_which_nothing_is_known_proves_nothing(void **state)
{
    struct shared_fixture *fixture = *state;
    struct server *two = &fixture->servers[1];
    server_open(fixture, 0);
    server_open(fixture, 1);
    server_write(&fixture->servers[0], "a", "1");
    shared_log_memory_fail(fixture->memory, MEMORY_FAULT_WRITE_LOST, 2);
    assert_int_equal(server_look(two), LB_STORE_UNREACHABLE);
    assert_server_row(two, "a", NULL);
    shared_log_memory_fail(fixture->memory, MEMORY_FAULT_WRITE_PROVEN, 2);
    assert_int_equal(server_commit(two, server_begin(two)), LB_STORAGE_CONFLICT);
    assert_server_row(two, "a", NULL);
    assert_int_equal(server_look(two), LB_OK);
    assert_server_row(two, "a", "1");
}

static void a_full_log_refuses_the_group_and_takes_the_next(void **state)
{
    struct shared_fixture *fixture = *state;
    struct server *two = &fixture->servers[1];
    server_open(fixture, 0);
    server_open(fixture, 1);
    server_write(&fixture->servers[0], "a", "1");
    shared_log_memory_fail(fixture->memory, MEMORY_FAULT_FULL, 2);
    assert_int_equal(server_try_write(two, "b", "1"), LB_STORAGE_FULL);
    assert_server_row(two, "a", NULL); /* what the turn showed is not proven */
    assert_server_row(two, "b", NULL);
    server_write(two, "b", "2");
    assert_server_row(two, "a", "1");
    assert_server_row(two, "b", "2");
}

static void a_full_disk_refuses_the_group_before_the_log_has_it(void **state)
{
    struct shared_fixture *fixture = *state;
    struct server *one = &fixture->servers[0];
    server_open(fixture, 0);
    server_write(one, "a", "1");
    server_close(one);
    one->options.lmdb.free_bytes_min = UINT64_C(1) << 60;
    server_open(fixture, 0);
    assert_int_equal(server_try_write(one, "a", "2"), LB_STORAGE_FULL);
    assert_server_row(one, "a", "1");
    assert_int_equal(fixture->memory->group_count, 1);
    assert_null(fixture->memory->turn);
    assert_int_equal(server_commit(one, server_begin(one)), LB_OK); /* a proof needs no space */
}

/* ---- vanished ---- */

static void groups_that_vanish_unproven_are_forgotten(void **state)
{
    struct shared_fixture *fixture = *state;
    struct server *one = &fixture->servers[0];
    struct server *two = &fixture->servers[1];
    server_open(fixture, 0);
    server_open(fixture, 1);
    server_write(one, "a", "1");
    shared_log_memory_fail(fixture->memory, MEMORY_FAULT_WRITE_KEPT, 2);
    assert_int_equal(server_try_write(one, "a", "2"), LB_STORAGE_CONFLICT);
    struct store_group *group = server_begin(two);
    assert_group_row(two, group, "a", "2");
    server_put(two, group, "b", "on sand");
    shared_log_memory_fail_over(fixture->memory);
    assert_int_equal(server_commit(two, group), LB_STORAGE_CONFLICT);
    assert_server_row(two, "a", NULL);
    server_write(one, "a", "3");
    server_write(two, "b", "4");
    assert_int_equal(server_look(one), LB_OK);
    for (unsigned i = 0; i < 2; i++) {
        assert_server_row(&fixture->servers[i], "a", "3");
        assert_server_row(&fixture->servers[i], "b", "4");
    }
}

/* Between the reading and the proof. */
static enum lb_result (*prove_before)(struct shared_log *log, struct shared_log_mark known);
static struct shared_log_memory *failing_over;

static enum lb_result prove_after_fail_over(struct shared_log *log, struct shared_log_mark known)
{
    shared_log_memory_fail_over(failing_over);
    return prove_before(log, known);
}

static void groups_that_vanish_while_they_are_looked_at_are_forgotten(void **state)
{
    struct shared_fixture *fixture = *state;
    struct server *one = &fixture->servers[0];
    struct server *two = &fixture->servers[1];
    server_open(fixture, 0);
    server_open(fixture, 1);
    server_write(one, "a", "1");
    shared_log_memory_fail(fixture->memory, MEMORY_FAULT_WRITE_KEPT, 2);
    assert_int_equal(server_try_write(one, "a", "2"), LB_STORAGE_CONFLICT);
    struct shared_log *log = journaled_of(two->store)->shared.log;
    const struct shared_log_ops *before = log->ops;
    struct shared_log_ops ops = *before;
    prove_before = ops.prove;
    failing_over = fixture->memory;
    ops.prove = prove_after_fail_over;
    log->ops = &ops;
    assert_int_equal(server_look(two), LB_STORE_UNREACHABLE);
    log->ops = before;
    assert_server_row(two, "a", NULL);
    assert_int_equal(server_look(two), LB_OK);
    assert_server_row(two, "a", "1");
}

static void groups_that_vanish_though_proven_break_the_store(void **state)
{
    struct shared_fixture *fixture = *state;
    struct server *one = &fixture->servers[0];
    struct server *two = &fixture->servers[1];
    struct store_group *group = NULL;
    server_open(fixture, 0);
    server_open(fixture, 1);
    server_write(one, "a", "1");
    server_write(one, "a", "2");
    assert_int_equal(server_look(two), LB_OK);
    shared_log_memory_cut(fixture->memory, 1);
    assert_int_equal(one->ops->group_begin(one->store, &group), LB_STORAGE_CORRUPT);
    assert_int_equal(one->ops->group_begin(one->store, &group), LB_STORAGE_FAULT);
    assert_int_equal(server_look(one), LB_STORAGE_FAULT);
    assert_int_equal(server_look(two), LB_STORAGE_CORRUPT);
    assert_int_equal(two->ops->group_begin(two->store, &group), LB_STORAGE_FAULT);
    struct store_snapshot *snapshot = NULL;
    assert_int_equal(two->ops->snapshot_open(two->store, &snapshot), LB_STORAGE_FAULT);
}

static void other_groups_in_the_place_of_proven_ones_break_the_store(void **state)
{
    struct shared_fixture *fixture = *state;
    struct server *one = &fixture->servers[0];
    struct store_group *group = NULL;
    server_open(fixture, 0);
    server_write(one, "a", "1");
    shared_log_memory_cut(fixture->memory, 0);
    server_open(fixture, 1);
    server_write(&fixture->servers[1], "a", "2");
    server_write(&fixture->servers[1], "a", "3");
    assert_int_equal(one->ops->group_begin(one->store, &group), LB_STORAGE_CORRUPT);
}

static void a_damaged_group_is_not_taken(void **state)
{
    struct shared_fixture *fixture = *state;
    struct server *two = &fixture->servers[1];
    server_open(fixture, 0);
    server_open(fixture, 1);
    server_write(&fixture->servers[0], "a", "1");
    struct shared_log_memory_group *kept = &fixture->memory->groups[0];
    kept->changes[kept->size - 1] ^= 1;
    assert_int_equal(server_look(two), LB_STORAGE_CORRUPT);
    assert_int_equal(fixture->reports, 1);
    assert_int_equal(server_try_open(fixture, 2), LB_STORAGE_CORRUPT);
}

/* ---- and checkpoints ---- */

static void wait_until_frozen(struct store_journaled *store)
{
    bool is_frozen = false;
    while (!is_frozen) {
        sched_yield();
        journaled_lock(store);
        is_frozen = store->frozen != NULL;
        journaled_unlock(store);
    }
}

/* Rows of a turn that were frozen for a checkpoint, and then come to nothing, never get into LMDB:
 * it is looked at alone. */
static void what_a_turn_showed_is_not_in_a_checkpoint_if_it_vanishes(void **state)
{
    struct shared_fixture *fixture = *state;
    struct server *one = &fixture->servers[0];
    struct server *two = &fixture->servers[1];
    two->options.recent_bytes_max = 1; /* what is begun is frozen at once */
    server_open(fixture, 0);
    server_open(fixture, 1);
    server_write(one, "a", "1");
    shared_log_memory_fail(fixture->memory, MEMORY_FAULT_WRITE_KEPT, 2);
    assert_int_equal(server_try_write(one, "b", "2"), LB_STORAGE_CONFLICT);
    struct store_group *group = server_begin(two);
    wait_until_frozen(journaled_of(two->store));
    server_put(two, group, "c", "3");
    shared_log_memory_fail_over(fixture->memory);
    assert_int_equal(server_commit(two, group), LB_STORAGE_CONFLICT);
    assert_int_equal(two->ops->checkpoint(two->store), LB_OK);
    server_write(one, "d", "4"); /* in the place of those */
    server_write(one, "e", "5");
    assert_int_equal(server_look(two), LB_OK);
    server_close(two);
    struct store_journaled_options options = two->options;
    options.lmdb.mode = STORE_LMDB_READ_ONLY;
    assert_int_equal(store_journaled_open(&options, &two->store), LB_OK);
    assert_server_row(two, "a", "1");
    assert_server_row(two, "b", NULL);
    assert_server_row(two, "c", NULL);
    assert_server_row(two, "d", "4");
    assert_server_row(two, "e", "5");
    server_close(two);
    server_open(fixture, 1); /* and its chain is that of the log */
    server_write(two, "f", "6");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        WITH_SERVERS(a_log_that_is_not_reached_leaves_the_store_as_it_was),
        WITH_SERVERS(a_turn_that_is_cut_off_shows_nothing),
        WITH_SERVERS(a_turn_that_another_has_is_not_reached),
        WITH_SERVERS(an_opening_that_does_not_reach_the_log_may_be_tried_again),
        WITH_SERVERS(a_lost_write_is_taken_back_and_may_be_made_again),
        WITH_SERVERS(a_write_that_got_through_unknown_is_shown_by_the_next_turn),
        WITH_SERVERS(a_group_without_memory_for_its_rows_is_shown_by_the_next_turn),
        WITH_SERVERS(a_proof_of_which_nothing_is_known_proves_nothing),
        WITH_SERVERS(a_full_log_refuses_the_group_and_takes_the_next),
        WITH_SERVERS(a_full_disk_refuses_the_group_before_the_log_has_it),
        WITH_SERVERS(groups_that_vanish_unproven_are_forgotten),
        WITH_SERVERS(groups_that_vanish_while_they_are_looked_at_are_forgotten),
        WITH_SERVERS(groups_that_vanish_though_proven_break_the_store),
        WITH_SERVERS(other_groups_in_the_place_of_proven_ones_break_the_store),
        WITH_SERVERS(a_damaged_group_is_not_taken),
        WITH_SERVERS(what_a_turn_showed_is_not_in_a_checkpoint_if_it_vanishes),
    };
    return cmocka_run_group_tests_name("store over a shared log, faults", tests, NULL, NULL);
}
