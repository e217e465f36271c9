/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* What only the memory adapter can show on demand: outcomes, asynchronous commits, overlap, and
 * the failure of every call and every allocation. */
#include "fixture.h"

static int setup_store(void **state, unsigned commits_max)
{
    struct fixture *fixture = fixture_new();
    struct store *store = NULL;
    struct store_mem_options options = {.is_async = true, .commits_max = commits_max};
    assert_int_equal(store_mem_open(arena_memory_heap(), &options, &store), LB_OK);
    fixture_use(fixture, store);
    *state = fixture;
    return 0;
}

static int setup_async(void **state)
{
    return setup_store(state, 1);
}

static int setup_overlap(void **state)
{
    return setup_store(state, 3);
}

#define ON_ASYNC(test)                           \
    {                                            \
#test, test, setup_async, teardown, NULL \
    }
#define ON_OVERLAP(test)                           \
    {                                              \
#test, test, setup_overlap, teardown, NULL \
    }

static struct store_group *begin_with_row(struct fixture *fixture, const char *key,
                                          const char *value)
{
    struct store_group *group = begin(fixture);
    put(fixture, group, TABLE_META, key, value);
    return group;
}

static void plan_commit(struct fixture *fixture, enum store_outcome outcome, bool is_applied)
{
    store_mem_plan_fault(fixture->store, &(struct store_mem_fault){.call = STORE_MEM_COMMIT,
                                                                   .result = LB_STORAGE_FAULT,
                                                                   .outcome = outcome,
                                                                   .is_applied = is_applied});
}

static void assert_group_row(struct fixture *fixture, struct store_group *group, const char *key,
                             const char *value)
{
    struct bytes found;
    enum lb_result result = fixture->ops->group_get(group, TABLE_META, bytes_of_text(key), &found);
    assert_int_equal(result, value == NULL ? LB_ENTRY_UNKNOWN : LB_OK);
    if (value != NULL) {
        assert_true(bytes_equal(found, bytes_of_text(value)));
    }
}

/* ---- outcomes ---- */

static void commit_and_assert(struct fixture *fixture, enum store_outcome outcome, bool is_applied)
{
    plan_commit(fixture, outcome, is_applied);
    struct ending ending = {0};
    fixture->ops->group_commit(begin_with_row(fixture, "key", "new"), note_ending, &ending);
    assert_int_equal(ending.calls, 1);
    assert_int_equal(ending.outcome, outcome);
    assert_int_equal(ending.why, LB_STORAGE_FAULT);
    assert_true(store_mem_fault_was_met(fixture->store));
}

static void a_commit_to_be_retried_leaves_nothing_and_succeeds_when_run_again(void **state)
{
    struct fixture *fixture = *state;
    commit_row(fixture, TABLE_META, "key", "old");
    commit_and_assert(fixture, STORE_RETRY, false);
    assert_row(fixture, TABLE_META, "key", "old");
    commit_row(fixture, TABLE_META, "key", "new");
    assert_row(fixture, TABLE_META, "key", "new");
}

static void a_commit_of_unknown_outcome_may_be_there_or_not(void **state)
{
    struct fixture *fixture = *state;
    commit_row(fixture, TABLE_META, "key", "old");
    commit_and_assert(fixture, STORE_UNKNOWN, false);
    assert_row(fixture, TABLE_META, "key", "old");
    commit_and_assert(fixture, STORE_UNKNOWN, true);
    assert_row(fixture, TABLE_META, "key", "new");
}

static void after_a_fatal_commit_every_call_fails(void **state)
{
    struct fixture *fixture = *state;
    commit_and_assert(fixture, STORE_FATAL, false);
    struct store_group *group = NULL;
    struct store_snapshot *snapshot = NULL;
    assert_int_equal(fixture->ops->group_begin(fixture->store, &group), LB_STORAGE_FAULT);
    assert_int_equal(fixture->ops->snapshot_open(fixture->store, &snapshot), LB_STORAGE_FAULT);
}

/* ---- asynchronous commits ---- */

static void a_commit_is_seen_by_snapshots_only_when_it_is_complete(void **state)
{
    struct fixture *fixture = *state;
    struct ending ending = {0};
    assert_false(store_mem_complete(fixture->store));
    fixture->ops->group_commit(begin_with_row(fixture, "key", "value"), note_ending, &ending);
    assert_int_equal(ending.calls, 0);
    assert_row(fixture, TABLE_META, "key", NULL);
    assert_true(store_mem_complete(fixture->store));
    assert_int_equal(ending.calls, 1);
    assert_int_equal(ending.outcome, STORE_COMMITTED);
    assert_row(fixture, TABLE_META, "key", "value");
}

static void overlap_is_a_capability(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(fixture->ops->commits_max, 3);
}

static void no_overlap_without_the_capability(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(fixture->ops->commits_max, 1);
}

static void the_next_group_reads_the_commit_in_flight_and_snapshots_do_not(void **state)
{
    struct fixture *fixture = *state;
    struct ending first = {0};
    fixture->ops->group_commit(begin_with_row(fixture, "key", "1"), note_ending, &first);
    struct store_group *next = begin(fixture);
    assert_group_row(fixture, next, "key", "1");
    assert_row(fixture, TABLE_META, "key", NULL);
    put(fixture, next, TABLE_META, "key", "2");
    assert_true(store_mem_complete(fixture->store));
    assert_row(fixture, TABLE_META, "key", "1");
    struct ending second = {0};
    fixture->ops->group_commit(next, note_ending, &second);
    assert_true(store_mem_complete(fixture->store));
    assert_int_equal(first.outcome, STORE_COMMITTED);
    assert_int_equal(second.outcome, STORE_COMMITTED);
    assert_row(fixture, TABLE_META, "key", "2");
}

static void a_group_built_on_a_commit_that_failed_must_be_run_again(void **state)
{
    struct fixture *fixture = *state;
    plan_commit(fixture, STORE_RETRY, false);
    struct ending first = {0};
    fixture->ops->group_commit(begin_with_row(fixture, "key", "1"), note_ending, &first);
    struct store_group *next = begin(fixture);
    struct bytes seen;
    assert_int_equal(fixture->ops->group_get(next, TABLE_META, BYTES_LITERAL("key"), &seen), LB_OK);
    assert_true(store_mem_complete(fixture->store));
    assert_int_equal(first.outcome, STORE_RETRY);
    assert_true(bytes_equal(seen, BYTES_LITERAL("1"))); /* the view still lives */
    put(fixture, next, TABLE_META, "other", "2");
    struct ending second = {0};
    fixture->ops->group_commit(next, note_ending, &second);
    assert_int_equal(second.calls, 1);
    assert_int_equal(second.outcome, STORE_RETRY);
    assert_int_equal(second.why, LB_STORAGE_CONFLICT);
    assert_row(fixture, TABLE_META, "key", NULL);
    assert_row(fixture, TABLE_META, "other", NULL);
}

static void commits_complete_in_their_order(void **state)
{
    struct fixture *fixture = *state;
    struct ending endings[3] = {{0}};
    const char *const values[] = {"1", "2", "3"};
    for (size_t i = 0; i < 3; i++) {
        fixture->ops->group_commit(begin_with_row(fixture, "key", values[i]), note_ending,
                                   &endings[i]);
    }
    assert_row(fixture, TABLE_META, "key", NULL);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(endings[i].calls, 0);
        assert_true(store_mem_complete(fixture->store));
        assert_int_equal(endings[i].outcome, STORE_COMMITTED);
        assert_row(fixture, TABLE_META, "key", values[i]);
    }
    assert_false(store_mem_complete(fixture->store));
}

static void commits_behind_one_that_failed_must_be_run_again(void **state)
{
    struct fixture *fixture = *state;
    struct ending endings[4] = {{0}};
    fixture->ops->group_commit(begin_with_row(fixture, "key", "0"), note_ending, &endings[0]);
    assert_true(store_mem_complete(fixture->store));
    plan_commit(fixture, STORE_RETRY, false);
    fixture->ops->group_commit(begin_with_row(fixture, "key", "1"), note_ending, &endings[0]);
    fixture->ops->group_commit(begin_with_row(fixture, "key", "2"), note_ending, &endings[1]);
    fixture->ops->group_commit(begin_with_row(fixture, "other", "2"), note_ending, &endings[2]);
    assert_true(store_mem_complete(fixture->store));
    assert_row(fixture, TABLE_META, "key", "0");
    /* Of the two behind it nobody was told yet: who begins a group now counts on them. */
    struct store_group *next = begin_with_row(fixture, "key", "3");
    fixture->ops->group_commit(next, note_ending, &endings[3]);
    for (size_t i = 0; i < 3; i++) {
        assert_true(store_mem_complete(fixture->store));
    }
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(endings[i].outcome, STORE_RETRY);
    }
    assert_int_equal(endings[2].why, LB_STORAGE_CONFLICT);
    fixture->ops->group_commit(begin_with_row(fixture, "key", "4"), note_ending, &endings[0]);
    assert_true(store_mem_complete(fixture->store));
    assert_row(fixture, TABLE_META, "key", "4");
    assert_row(fixture, TABLE_META, "other", NULL);
}

/* ---- crashes ---- */

static void a_crash_keeps_what_was_durable_and_so_many_of_the_commits_in_flight(void **state)
{
    struct fixture *fixture = *state;
    const char *const kept[] = {NULL, "1", "2"};
    for (size_t durable_count = 0; durable_count <= 2; durable_count++) {
        struct ending endings[2] = {{0}};
        struct store_group *group = begin(fixture);
        del(fixture, group, TABLE_META, "key");
        fixture->ops->group_commit(group, note_ending, &endings[0]);
        assert_true(store_mem_complete(fixture->store));
        fixture->ops->group_commit(begin_with_row(fixture, "key", "1"), note_ending, &endings[0]);
        fixture->ops->group_commit(begin_with_row(fixture, "key", "2"), note_ending, &endings[1]);
        struct store_group *open = begin_with_row(fixture, "key", "3");
        store_mem_crash(fixture->store, durable_count);
        assert_int_equal(endings[0].outcome, STORE_FATAL);
        assert_int_equal(endings[1].outcome, STORE_FATAL);
        fixture->ops->group_abort(open);
        assert_int_equal(fixture->ops->group_begin(fixture->store, &open), LB_STORAGE_FAULT);
        assert_false(store_mem_complete(fixture->store));
        store_mem_restart(fixture->store);
        assert_row(fixture, TABLE_META, "key", kept[durable_count]);
    }
}

static void a_disk_that_lies_loses_what_it_said_was_durable(void **state)
{
    struct fixture *fixture = *state;
    const char *const values[] = {"1", "2", "3"};
    struct ending ending = {0};
    for (size_t i = 0; i < 3; i++) {
        if (i == 1) {
            store_mem_lie(fixture->store);
        }
        fixture->ops->group_commit(begin_with_row(fixture, "key", values[i]), note_ending, &ending);
        assert_true(store_mem_complete(fixture->store));
        assert_int_equal(ending.outcome, STORE_COMMITTED);
        assert_row(fixture, TABLE_META, "key", values[i]);
    }
    store_mem_crash(fixture->store, 0);
    store_mem_restart(fixture->store);
    assert_row(fixture, TABLE_META, "key", "1");
}

/* ---- sweeps ---- */

/* Memory that fails at one allocation, and counts what is held. */
struct faulty_memory {
    struct arena_memory port;
    uint64_t left; /* allocations until the one that fails */
    bool is_met;
    size_t held;
};

static void *faulty_allocate(void *context, size_t bytes)
{
    struct faulty_memory *memory = context;
    if (memory->left-- == 0) {
        memory->is_met = true;
        return NULL;
    }
    memory->held++;
    return malloc(bytes);
}

static void faulty_release(void *context, void *block)
{
    struct faulty_memory *memory = context;
    assert_true(memory->held > 0);
    memory->held--;
    free(block);
}

/* Every kind of call, once or more; the first failure ends it, with nothing left open. */
static enum lb_result run_everything(struct store *store)
{
    const struct store_ops *ops = store->ops;
    struct store_group *group = NULL;
    struct bytes key;
    struct bytes value;
    enum lb_result result = ops->group_begin(store, &group);
    if (result != LB_OK) {
        return result;
    }
    result = ops->group_get(group, TABLE_META, BYTES_LITERAL("old"), &value);
    if (result == LB_OK) {
        result = ops->group_seek(group, TABLE_META, BYTES_LITERAL("o"), true, 0, &key, &value);
    }
    if (result == LB_OK) {
        result = ops->group_put(group, TABLE_META, BYTES_LITERAL("a"), BYTES_LITERAL("1"));
    }
    if (result == LB_OK) {
        result = ops->group_del(group, TABLE_META, BYTES_LITERAL("old"));
    }
    if (result != LB_OK) {
        ops->group_abort(group);
        return result;
    }
    struct ending ending = {0};
    ops->group_commit(group, note_ending, &ending);
    if (ending.outcome != STORE_COMMITTED) {
        return ending.why;
    }
    struct store_snapshot *snapshot = NULL;
    result = ops->snapshot_open(store, &snapshot);
    if (result == LB_OK) {
        result = ops->snapshot_get(snapshot, TABLE_META, BYTES_LITERAL("a"), &value);
        ops->snapshot_close(snapshot);
    }
    return result;
}

/* All of the group is there, or nothing of it. */
static void assert_whole(struct fixture *fixture)
{
    struct store_snapshot *snapshot = snapshot_open(fixture);
    struct bytes value;
    bool is_added =
        fixture->ops->snapshot_get(snapshot, TABLE_META, BYTES_LITERAL("a"), &value) == LB_OK;
    bool is_old =
        fixture->ops->snapshot_get(snapshot, TABLE_META, BYTES_LITERAL("old"), &value) == LB_OK;
    assert_int_not_equal(is_added, is_old);
    fixture->ops->snapshot_close(snapshot);
}

static void restore_old(struct fixture *fixture)
{
    struct store_group *group = begin(fixture);
    del(fixture, group, TABLE_META, "a");
    put(fixture, group, TABLE_META, "old", "0");
    commit(fixture, group);
}

static void every_call_can_fail_and_leaves_all_or_nothing(void **state)
{
    struct fixture *fixture = *state;
    static const enum store_mem_call calls[] = {STORE_MEM_BEGIN, STORE_MEM_READ, STORE_MEM_PUT,
                                                STORE_MEM_COMMIT, STORE_MEM_SNAPSHOT};
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        bool is_met = true;
        for (uint64_t nth = 0; is_met; nth++) {
            restore_old(fixture);
            struct store_mem_fault fault = {
                .call = calls[i],
                .nth = nth,
                .result = LB_STORAGE_FULL,
                .outcome = calls[i] == STORE_MEM_COMMIT ? STORE_RETRY : STORE_COMMITTED};
            store_mem_plan_fault(fixture->store, &fault);
            enum lb_result result = run_everything(fixture->store);
            is_met = store_mem_fault_was_met(fixture->store);
            assert_int_equal(result, is_met ? LB_STORAGE_FULL : LB_OK);
            assert_true(is_met || nth > 0);
            store_mem_plan_fault(fixture->store, NULL);
            assert_whole(fixture);
            restore_old(fixture);
            assert_int_equal(run_everything(fixture->store), LB_OK);
        }
    }
}

static void every_allocation_can_fail_and_nothing_leaks(void **state)
{
    struct fixture *fixture = *state;
    struct store *own = fixture->store;
    struct faulty_memory memory = {.left = UINT64_MAX};
    memory.port = (struct arena_memory){faulty_allocate, faulty_release, &memory};
    struct store_mem_options options = {.is_async = false};
    bool is_met = true;
    for (uint64_t nth = 0; is_met; nth++) {
        memory.left = nth;
        memory.is_met = false;
        struct store *store = NULL;
        enum lb_result result = store_mem_open(&memory.port, &options, &store);
        if (result == LB_OK) {
            fixture_use(fixture, store);
            memory.left = UINT64_MAX;
            restore_old(fixture);
            memory.left = nth;
            result = run_everything(store);
            memory.left = UINT64_MAX;
            assert_whole(fixture);
            store->ops->close(store);
        }
        is_met = memory.is_met;
        assert_int_equal(result, is_met ? LB_MEMORY : LB_OK);
        assert_true(is_met || nth > 5);
        assert_int_equal(memory.held, 0);
    }
    fixture_use(fixture, own);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        ON_MEMORY(a_commit_to_be_retried_leaves_nothing_and_succeeds_when_run_again),
        ON_MEMORY(a_commit_of_unknown_outcome_may_be_there_or_not),
        ON_MEMORY(after_a_fatal_commit_every_call_fails),
        ON_ASYNC(no_overlap_without_the_capability),
        ON_ASYNC(a_commit_is_seen_by_snapshots_only_when_it_is_complete),
        ON_OVERLAP(overlap_is_a_capability),
        ON_OVERLAP(the_next_group_reads_the_commit_in_flight_and_snapshots_do_not),
        ON_OVERLAP(a_group_built_on_a_commit_that_failed_must_be_run_again),
        ON_OVERLAP(commits_complete_in_their_order),
        ON_OVERLAP(commits_behind_one_that_failed_must_be_run_again),
        ON_OVERLAP(a_crash_keeps_what_was_durable_and_so_many_of_the_commits_in_flight),
        ON_OVERLAP(a_disk_that_lies_loses_what_it_said_was_durable),
        ON_MEMORY(every_call_can_fail_and_leaves_all_or_nothing),
        ON_MEMORY(every_allocation_can_fail_and_nothing_leaks),
    };
    return cmocka_run_group_tests_name("store, memory", tests, NULL, NULL);
}
