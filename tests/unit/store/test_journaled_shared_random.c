/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Three stores over one log, at random: groups, looks, checkpoints, restarts, crashes, caches that
 * are taken away, every fault of the log, fail-overs, and no memory for what the log has; against a
 * model that knows the state after each group. The model's seed is printed; LB_TEST_SEED runs it
 * again.
 */
#include "shared_fixture.h"
#include "shared_memory_lack.h"

#include "../../../server/store/src/lmdb_inner.h"
#include "../../contract/model.h"

#include <fcntl.h>

#define STEPS       4000
#define KEYS        24
#define CHANGES_MAX 8
#define STATES_MAX  (STEPS + 1)

/* What each row holds after a group; 0: it is not there. */
struct book_state {
    uint32_t stamps[KEYS];
};

struct trial {
    struct shared_fixture *fixture;
    struct random_seeded random;
    struct book_state states[STATES_MAX]; /* after group n; 0: the empty book */
    size_t seen[SERVERS];                 /* which of them its snapshots show */
    uint32_t next_stamp;
};

static struct bytes key_of(size_t i, uint8_t key[2])
{
    key[0] = 'k';
    key[1] = (uint8_t)i;
    return bytes_of(key, 2);
}

static struct bytes value_of(uint32_t stamp, uint8_t value[MODEL_VALUE_BYTES_MAX])
{
    return model_value(stamp, value);
}

/* ---- comparing ---- */

static void assert_found(enum lb_result result, struct bytes found, uint32_t stamp)
{
    uint8_t value[MODEL_VALUE_BYTES_MAX];
    assert_int_equal(result, stamp == 0 ? LB_ENTRY_UNKNOWN : LB_OK);
    if (stamp != 0) {
        assert_true(bytes_equal(found, value_of(stamp, value)));
    }
}

static void assert_group_state(struct server *server, struct store_group *group,
                               const struct book_state *state)
{
    for (size_t i = 0; i < KEYS; i++) {
        uint8_t key[2];
        struct bytes found = {0};
        enum lb_result result =
            server->ops->group_get(group, TABLE_BALANCE, key_of(i, key), &found);
        assert_found(result, found, state->stamps[i]);
    }
}

static void assert_snapshot_state(struct trial *trial, size_t number)
{
    struct server *server = &trial->fixture->servers[number];
    const struct book_state *state = &trial->states[trial->seen[number]];
    struct store_snapshot *snapshot = NULL;
    assert_int_equal(server->ops->snapshot_open(server->store, &snapshot), LB_OK);
    for (size_t i = 0; i < KEYS; i++) {
        uint8_t key[2];
        struct bytes found = {0};
        enum lb_result result =
            server->ops->snapshot_get(snapshot, TABLE_BALANCE, key_of(i, key), &found);
        assert_found(result, found, state->stamps[i]);
    }
    server->ops->snapshot_close(snapshot);
    assert_true(trial->seen[number] <= trial->fixture->memory->proven);
}

/* ---- steps ---- */

/* The bytes of a group's changes, which must live until it is over. */
struct written {
    uint8_t keys[CHANGES_MAX][2];
    uint8_t values[CHANGES_MAX][MODEL_VALUE_BYTES_MAX];
};

static size_t change_at_random(struct trial *trial, struct server *server,
                               struct store_group *group, struct book_state *state,
                               struct written *written)
{
    size_t count = random_below(&trial->random, CHANGES_MAX + 1);
    for (size_t i = 0; i < count; i++) {
        size_t at = random_below(&trial->random, KEYS);
        struct bytes key = key_of(at, written->keys[i]);
        if (random_below(&trial->random, 4) == 0) {
            state->stamps[at] = 0;
            assert_int_equal(server->ops->group_del(group, TABLE_BALANCE, key), LB_OK);
        } else {
            state->stamps[at] = trial->next_stamp++;
            assert_int_equal(
                server->ops->group_put(group, TABLE_BALANCE, key,
                                       value_of(state->stamps[at], written->values[i])),
                LB_OK);
        }
    }
    return count;
}

static void run_group(struct trial *trial, size_t number)
{
    static struct written written;
    struct shared_log_memory *memory = trial->fixture->memory;
    struct server *server = &trial->fixture->servers[number];
    struct store_group *group = NULL;
    enum lb_result result = server->ops->group_begin(server->store, &group);
    if (result != LB_OK) {
        assert_int_equal(result, LB_STORE_UNREACHABLE);
        return;
    }
    const size_t before = memory->group_count;
    struct book_state state = trial->states[before];
    assert_group_state(server, group, &state);
    assert_snapshot_state(trial, number); /* of what the turn showed nothing is in there */
    size_t count = change_at_random(trial, server, group, &state, &written);
    if (random_below(&trial->random, 10) == 0) {
        server->ops->group_abort(group);
        return;
    }
    if (random_below(&trial->random, 30) == 0) {
        shared_log_memory_fail_over(memory);
    }
    memory_lacks = random_below(&trial->random, 20) == 0;
    result = server_commit(server, group);
    memory_lacks = 0;
    if (memory->group_count > before) {
        assert_int_equal(memory->group_count, before + 1);
        trial->states[before + 1] = state;
    }
    if (result == LB_OK) {
        assert_int_equal(memory->group_count, before + (count > 0));
        trial->seen[number] = memory->group_count;
    } else {
        assert_true(result == LB_STORAGE_CONFLICT || result == LB_STORAGE_FULL);
    }
}

static void run_look(struct trial *trial, size_t number)
{
    struct server *server = &trial->fixture->servers[number];
    enum lb_result result = server_look(server);
    if (result == LB_OK) {
        trial->seen[number] = trial->fixture->memory->group_count;
    } else {
        assert_int_equal(result, LB_STORE_UNREACHABLE);
    }
}

/* What it had in memory only is gone; the checkpointer may have been at work. */
static void crash(struct server *server)
{
    char copy[PATH_MAX];
    make_directory(copy);
    struct store *inner = journaled_of(server->store)->inner;
    int directory_fd = open(copy, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int fd = openat(directory_fd, "data.mdb", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(lmdb_inner_copy(inner, fd), LB_OK); /* the map does not grow */
    assert_int_equal(lmdb_inner_mark_copy(inner, directory_fd), LB_OK);
    assert_int_equal(close(fd), 0);
    assert_int_equal(close(directory_fd), 0);
    server_close(server);
    remove_directory(server->directory);
    memcpy(server->directory, copy, sizeof(copy));
}

static void restart(struct trial *trial, size_t number)
{
    struct server *server = &trial->fixture->servers[number];
    size_t how = random_below(&trial->random, 3);
    if (how == 0) {
        crash(server);
    } else {
        server_close(server);
    }
    if (how == 1) {
        remove_directory(server->directory);
    }
    while (server_try_open(trial->fixture, (unsigned)number) != LB_OK) {
        assert_true(trial->fixture->memory->fault != MEMORY_FAULT_NONE); /* once */
        shared_log_memory_fail(trial->fixture->memory, MEMORY_FAULT_NONE, 0);
    }
    trial->seen[number] = trial->fixture->memory->group_count;
}

static void step(struct trial *trial)
{
    static const enum shared_log_memory_fault faults[] = {
        MEMORY_FAULT_UNREACHABLE, MEMORY_FAULT_TURN_CUT,     MEMORY_FAULT_WRITE_LOST,
        MEMORY_FAULT_WRITE_KEPT,  MEMORY_FAULT_WRITE_PROVEN, MEMORY_FAULT_FULL,
    };
    struct shared_log_memory *memory = trial->fixture->memory;
    size_t number = random_below(&trial->random, SERVERS);
    struct server *server = &trial->fixture->servers[number];
    if (random_below(&trial->random, 6) == 0) {
        size_t fault = random_below(&trial->random, sizeof(faults) / sizeof(faults[0]));
        shared_log_memory_fail(memory, faults[fault],
                               1 + (unsigned)random_below(&trial->random, 4));
    }
    size_t what = random_below(&trial->random, 100);
    if (what < 75) {
        run_group(trial, number);
    } else if (what < 90) {
        run_look(trial, number);
    } else if (what < 94) {
        assert_int_equal(server->ops->checkpoint(server->store), LB_OK);
    } else if (what < 97) {
        shared_log_memory_fail_over(memory);
    } else {
        restart(trial, number);
    }
    assert_snapshot_state(trial, number);
}

static void stores_over_one_log_agree_with_the_model_whatever_fails(void **state)
{
    struct shared_fixture *fixture = *state;
    static struct trial trial;
    trial = (struct trial){.fixture = fixture, .random = random_start(), .next_stamp = 1};
    fixture->servers[1].options.recent_bytes_max = 1; /* checkpoints all the time */
    fixture->servers[2].options.checkpoint_ms = 1;
    for (unsigned i = 0; i < SERVERS; i++) {
        fixture->servers[i].options.lmdb.map_bytes = 4u << 20;
        server_open(fixture, i);
    }
    for (unsigned i = 0; i < STEPS; i++) {
        step(&trial);
    }
    shared_log_memory_fail(fixture->memory, MEMORY_FAULT_NONE, 0);
    for (size_t i = 0; i < SERVERS; i++) {
        run_look(&trial, i);
        assert_int_equal(trial.seen[i], fixture->memory->group_count);
        assert_snapshot_state(&trial, i);
    }
    print_message("  %u groups, %u turns, %u proofs\n", (unsigned)fixture->memory->group_count,
                  fixture->memory->calls.turns, fixture->memory->calls.proofs);
    assert_true(fixture->memory->group_count > STEPS / 10);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        WITH_SERVERS(stores_over_one_log_agree_with_the_model_whatever_fails),
    };
    return cmocka_run_group_tests_name("store over a shared log, random", tests, NULL, NULL);
}
