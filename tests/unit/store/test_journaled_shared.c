/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* Several journaled stores over one log: what each sees, when, and what it asks of the log. */
#include "shared_fixture.h"

#define LARGE_BYTES  100000
#define LARGE_GROUPS 120 /* more than a turn shows */

/* ---- accepts ---- */

static void two_stores_see_each_others_groups(void **state)
{
    struct shared_fixture *fixture = *state;
    struct server *one = &fixture->servers[0];
    struct server *two = &fixture->servers[1];
    server_open(fixture, 0);
    server_open(fixture, 1);
    server_write(one, "a", "1");
    assert_server_row(one, "a", "1");
    assert_server_row(two, "a", NULL);
    struct store_group *group = server_begin(two);
    assert_group_row(two, group, "a", "1");
    server_put(two, group, "b", "2");
    assert_int_equal(server_commit(two, group), LB_OK);
    assert_server_row(two, "a", "1");
    assert_server_row(two, "b", "2");
    assert_int_equal(server_look(one), LB_OK);
    assert_server_row(one, "b", "2");
}

static void what_a_turn_shows_is_in_snapshots_once_its_group_is_committed(void **state)
{
    struct shared_fixture *fixture = *state;
    struct server *two = &fixture->servers[1];
    server_open(fixture, 0);
    server_open(fixture, 1);
    server_write(&fixture->servers[0], "a", "1");
    struct store_group *group = server_begin(two);
    assert_group_row(two, group, "a", "1");
    assert_server_row(two, "a", NULL);
    assert_int_equal(server_commit(two, group), LB_OK); /* with nothing of its own */
    assert_server_row(two, "a", "1");
    assert_int_equal(fixture->memory->group_count, 1);
    assert_int_equal(fixture->memory->calls.proofs, 1);
}

static void an_aborted_group_takes_back_what_its_turn_showed(void **state)
{
    struct shared_fixture *fixture = *state;
    struct server *two = &fixture->servers[1];
    server_open(fixture, 0);
    server_open(fixture, 1);
    server_write(&fixture->servers[0], "a", "1");
    struct store_group *group = server_begin(two);
    server_put(two, group, "b", "2");
    two->ops->group_abort(group);
    assert_server_row(two, "a", NULL);
    server_write(&fixture->servers[0], "a", "3"); /* the turn is free */
    group = server_begin(two);
    assert_group_row(two, group, "a", "3");
    assert_group_row(two, group, "b", NULL);
    assert_int_equal(server_commit(two, group), LB_OK);
    assert_server_row(two, "a", "3");
}

static void a_snapshot_stays_as_it_was_while_others_write(void **state)
{
    struct shared_fixture *fixture = *state;
    struct server *two = &fixture->servers[1];
    server_open(fixture, 0);
    server_open(fixture, 1);
    server_write(&fixture->servers[0], "a", "1");
    assert_int_equal(server_look(two), LB_OK);
    struct store_snapshot *snapshot = NULL;
    assert_int_equal(two->ops->snapshot_open(two->store, &snapshot), LB_OK);
    server_write(&fixture->servers[0], "a", "2");
    server_write(two, "b", "3");
    assert_server_row(two, "a", "2");
    struct bytes value;
    assert_int_equal(two->ops->snapshot_get(snapshot, TABLE_META, BYTES_LITERAL("a"), &value),
                     LB_OK);
    assert_true(bytes_equal(value, BYTES_LITERAL("1")));
    assert_int_equal(two->ops->snapshot_get(snapshot, TABLE_META, BYTES_LITERAL("b"), &value),
                     LB_ENTRY_UNKNOWN);
    two->ops->snapshot_close(snapshot);
}

static void a_look_proves_only_what_is_new(void **state)
{
    struct shared_fixture *fixture = *state;
    struct server *two = &fixture->servers[1];
    server_open(fixture, 0);
    server_open(fixture, 1);
    fixture->memory->calls = (struct shared_log_memory_calls){0};
    assert_int_equal(server_look(two), LB_OK);
    assert_int_equal(fixture->memory->calls.reads, 1);
    assert_int_equal(fixture->memory->calls.proofs, 0);
    server_write(&fixture->servers[0], "a", "1");
    server_write(&fixture->servers[0], "a", "2");
    assert_int_equal(server_look(two), LB_OK);
    assert_int_equal(fixture->memory->calls.reads, 2);
    assert_int_equal(fixture->memory->calls.proofs, 1);
    assert_server_row(two, "a", "2");
}

static void a_group_tells_the_log_its_entries(void **state)
{
    struct shared_fixture *fixture = *state;
    struct server *one = &fixture->servers[0];
    static uint8_t keys[100][8];
    server_open(fixture, 0);
    struct store_group *group = server_begin(one);
    server_put(one, group, "a", "1");
    for (uint8_t i = 0; i < 100; i++) {
        keys[i][7] = (uint8_t)(i + 1);
        assert_int_equal(
            one->ops->group_put(group, TABLE_ENTRY, bytes_of(keys[i], 8), bytes_of(keys[i], 8)),
            LB_OK);
        assert_int_equal(
            one->ops->group_put(group, TABLE_REQUEST, bytes_of(keys[i], 8), bytes_of(keys[i], 8)),
            LB_OK);
    }
    assert_int_equal(server_commit(one, group), LB_OK);
    server_write(one, "a", "2");
    assert_int_equal(fixture->memory->groups[0].entry_count, 100);
    assert_int_equal(fixture->memory->groups[0].entry, 100);
    assert_int_equal(fixture->memory->groups[1].entry_count, 0);
}

static void large_group(struct server *server, uint8_t number)
{
    static uint8_t large[LARGE_BYTES];
    uint8_t key[2] = {'k', number};
    memset(large, number, sizeof(large));
    struct store_group *group = server_begin(server);
    assert_int_equal(server->ops->group_put(group, TABLE_BALANCE, bytes_of(key, 2),
                                            bytes_of(large, sizeof(large))),
                     LB_OK);
    assert_int_equal(server_commit(server, group), LB_OK);
}

static void assert_large_row(struct server *server, uint8_t number, bool is_there)
{
    const uint8_t key[2] = {'k', number};
    struct store_snapshot *snapshot = NULL;
    struct bytes value;
    assert_int_equal(server->ops->snapshot_open(server->store, &snapshot), LB_OK);
    assert_int_equal(
        server->ops->snapshot_get(snapshot, TABLE_BALANCE, bytes_of(key, sizeof(key)), &value),
        is_there ? LB_OK : LB_ENTRY_UNKNOWN);
    server->ops->snapshot_close(snapshot);
}

/* Of the large groups there are more than a page. */
static void a_look_shows_a_page_and_snapshots_what_of_it_was_taken(void **state)
{
    struct shared_fixture *fixture = *state;
    struct server *two = &fixture->servers[1];
    struct store_group *group = NULL;
    bool is_all = true;
    server_open(fixture, 0);
    server_open(fixture, 1);
    for (uint8_t i = 0; i < LARGE_GROUPS; i++) {
        large_group(&fixture->servers[0], i);
    }
    for (int i = 0; i < 2; i++) { /* the first time it is given back */
        const uint8_t key[2] = {'k', 0};
        struct bytes value;
        assert_int_equal(two->ops->look(two->store, &group, &is_all), LB_OK);
        assert_false(is_all);
        assert_int_equal(two->ops->group_get(group, TABLE_BALANCE, bytes_of(key, 2), &value),
                         LB_OK);
        assert_large_row(two, 0, false);
        if (i == 0) {
            two->ops->group_abort(group);
            assert_large_row(two, 0, false);
        }
    }
    const struct shared_log_memory_calls calls = fixture->memory->calls;
    assert_int_equal(server_commit(two, group), LB_OK); /* which the log hears nothing of */
    assert_memory_equal(&calls, &fixture->memory->calls, sizeof(calls));
    assert_large_row(two, 0, true);
    assert_large_row(two, LARGE_GROUPS - 1, false);
    assert_int_equal(server_look(two), LB_OK);
    assert_large_row(two, LARGE_GROUPS - 1, true);
}

/* Where the log is copied to other machines: else it would believe for ever one that was left
 * behind by them. */
static void who_only_reads_proves_now_and_then_that_it_is_the_log(void **state)
{
    struct shared_fixture *fixture = *state;
    struct shared_log_memory *memory = fixture->memory;
    struct server *two = &fixture->servers[1];
    server_open(fixture, 0);
    server_write(&fixture->servers[0], "a", "1");
    server_open(fixture, 1);
    journaled_of(two->store)->shared.log->readings_per_proof = 3;
    memory->calls.proofs = 0;
    for (unsigned i = 1; i <= 6; i++) {
        assert_int_equal(server_look(two), LB_OK);
        assert_int_equal(memory->calls.proofs, i / 3);
    }
    assert_int_equal(server_look(two), LB_OK);
    assert_int_equal(server_look(two), LB_OK);
    server_write(two, "b", "2"); /* as good as a proof */
    assert_int_equal(server_look(two), LB_OK);
    assert_int_equal(server_look(two), LB_OK);
    assert_int_equal(memory->calls.proofs, 2);
    for (unsigned i = 0; i < 3; i++) { /* until one goes through */
        shared_log_memory_fail(memory, MEMORY_FAULT_WRITE_LOST, 2);
        assert_int_equal(server_look(two), LB_STORE_UNREACHABLE);
        assert_server_row(two, "a", "1");
    }
    assert_int_equal(server_look(two), LB_OK);
    assert_int_equal(memory->calls.proofs, 6);
    assert_int_equal(server_look(two), LB_OK);
    assert_int_equal(memory->calls.proofs, 6);
}

static void who_lacks_much_reads_it_before_the_turn(void **state)
{
    struct shared_fixture *fixture = *state;
    struct server *two = &fixture->servers[1];
    struct store_group *none = NULL;
    two->options.recent_bytes_max = 2u << 20; /* which needs checkpoints meanwhile */
    server_open(fixture, 0);
    server_open(fixture, 1);
    for (uint8_t i = 0; i < LARGE_GROUPS; i++) {
        large_group(&fixture->servers[0], i);
    }
    fixture->memory->calls = (struct shared_log_memory_calls){0};
    assert_int_equal(two->ops->group_begin(two->store, &none), LB_TRY_LATER);
    assert_large_row(two, 0, false);
    assert_int_equal(server_look(two), LB_OK);
    assert_large_row(two, LARGE_GROUPS - 1, true);
    server_write(two, "a", "1");
    assert_int_equal(fixture->memory->calls.turns, 2);
    assert_true(fixture->memory->calls.reads > 1);
    struct store_stats stats;
    two->ops->stats(two->store, &stats);
    assert_true(stats.checkpoints > 0);
    assert_int_equal(stats.journal_bytes, 0);
    server_close(two);
    server_open(fixture, 1);
    struct store_group *group = server_begin(two);
    for (uint8_t i = 0; i < LARGE_GROUPS; i++) {
        uint8_t key[2] = {'k', i};
        struct bytes value;
        assert_int_equal(two->ops->group_get(group, TABLE_BALANCE, bytes_of(key, 2), &value),
                         LB_OK);
        assert_int_equal(value.size, LARGE_BYTES);
        assert_int_equal(value.data[LARGE_BYTES - 1], i);
    }
    two->ops->group_abort(group);
}

static void a_checkpoint_has_all_that_is_durable(void **state)
{
    struct shared_fixture *fixture = *state;
    struct server *one = &fixture->servers[0];
    struct store_stats stats;
    static const uint8_t key[8] = {0, 0, 0, 0, 0, 0, 0, 1};
    server_open(fixture, 0);
    assert_int_equal(one->ops->checkpoint(one->store), LB_OK); /* of nothing */
    struct store_group *group = server_begin(one);
    assert_int_equal(
        one->ops->group_put(group, TABLE_ENTRY, bytes_of(key, 8), BYTES_LITERAL("entry")), LB_OK);
    assert_int_equal(server_commit(one, group), LB_OK);
    one->ops->stats(one->store, &stats);
    assert_int_equal(stats.checkpoint_entry, 0);
    assert_int_equal(one->ops->checkpoint(one->store), LB_OK);
    one->ops->stats(one->store, &stats);
    assert_int_equal(stats.checkpoint_entry, 1);
    assert_int_equal(stats.checkpoints, 1);
    server_close(one);
    server_open(fixture, 0);
    one->ops->stats(one->store, &stats);
    assert_int_equal(stats.checkpoint_entry, 1);
}

static void it_is_known_as_shared_and_makes_no_backup(void **state)
{
    struct shared_fixture *fixture = *state;
    server_open(fixture, 0);
    const struct store_ops *ops = fixture->servers[0].ops;
    assert_true(ops->is_shared);
    assert_int_equal(ops->commits_max, 1);
    assert_null(ops->backup);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        WITH_SERVERS(two_stores_see_each_others_groups),
        WITH_SERVERS(what_a_turn_shows_is_in_snapshots_once_its_group_is_committed),
        WITH_SERVERS(an_aborted_group_takes_back_what_its_turn_showed),
        WITH_SERVERS(a_snapshot_stays_as_it_was_while_others_write),
        WITH_SERVERS(a_look_proves_only_what_is_new),
        WITH_SERVERS(a_group_tells_the_log_its_entries),
        WITH_SERVERS(a_look_shows_a_page_and_snapshots_what_of_it_was_taken),
        WITH_SERVERS(who_only_reads_proves_now_and_then_that_it_is_the_log),
        WITH_SERVERS(who_lacks_much_reads_it_before_the_turn),
        WITH_SERVERS(a_checkpoint_has_all_that_is_durable),
        WITH_SERVERS(it_is_known_as_shared_and_makes_no_backup),
    };
    return cmocka_run_group_tests_name("store over a shared log", tests, NULL, NULL);
}
