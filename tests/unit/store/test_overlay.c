/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* The write set over a store: merging, savepoints, flushing, faults. */
#include "store/overlay.h"

#include "../../contract/model.h"
#include "store/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define RANDOM_STEPS   60000
#define SAVEPOINTS_MAX 4

/* Memory that fails at one allocation, and counts what is held. */
struct faulty_memory {
    struct arena_memory port;
    uint64_t left; /* allocations until the one that fails */
    bool is_met;
    size_t held;
};

struct fixture {
    struct store *store;
    const struct store_ops *ops;
    struct store_group *group;
    struct overlay *overlay;
    struct views views;
};

static void note_committed(enum store_outcome outcome, enum lb_result why, void *context)
{
    assert_int_equal(outcome, STORE_COMMITTED);
    assert_int_equal(why, LB_OK);
    (*(unsigned *)context)++;
}

/* The overlay over a new group. */
static void fixture_begin(struct fixture *fixture)
{
    assert_int_equal(fixture->ops->group_begin(fixture->store, &fixture->group), LB_OK);
    overlay_reset(fixture->overlay, fixture->ops, fixture->group, NULL);
}

static void fixture_commit(struct fixture *fixture)
{
    unsigned calls = 0;
    assert_int_equal(overlay_flush(fixture->overlay, fixture->ops, fixture->group), LB_OK);
    fixture->ops->group_commit(fixture->group, note_committed, &calls);
    assert_int_equal(calls, 1);
}

static int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    assert_non_null(fixture);
    struct store_mem_options options = {.is_async = false};
    assert_int_equal(store_mem_open(arena_memory_heap(), &options, &fixture->store), LB_OK);
    fixture->ops = fixture->store->ops;
    assert_int_equal(overlay_new(arena_memory_heap(), &fixture->overlay), LB_OK);
    fixture->views = overlay_views(fixture->overlay);
    fixture_begin(fixture);
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    fixture->ops->group_abort(fixture->group);
    fixture->ops->close(fixture->store);
    overlay_free(fixture->overlay);
    free(fixture);
    return 0;
}

static void put(struct fixture *fixture, const char *key, const char *value)
{
    views_put(fixture->views, TABLE_BALANCE, bytes_of_text(key), bytes_of_text(value));
}

static void del(struct fixture *fixture, const char *key)
{
    views_del(fixture->views, TABLE_BALANCE, bytes_of_text(key));
}

/* value NULL: not there. */
static void assert_get(struct fixture *fixture, const char *key, const char *value)
{
    struct bytes found;
    bool is_there = views_get(fixture->views, TABLE_BALANCE, bytes_of_text(key), &found);
    assert_int_equal(is_there, value != NULL);
    if (value != NULL) {
        assert_true(bytes_equal(found, bytes_of_text(value)));
    }
}

static void assert_seek(struct fixture *fixture, const char *key, bool at_or_after,
                        const char *expected)
{
    struct bytes found;
    struct bytes value;
    struct bytes from = bytes_of_text(key);
    bool is_there = at_or_after
                        ? views_seek_ge(fixture->views, TABLE_BALANCE, from, 0, &found, &value)
                        : views_seek_le(fixture->views, TABLE_BALANCE, from, 0, &found, &value);
    assert_int_equal(is_there, expected != NULL);
    if (expected != NULL) {
        assert_true(bytes_equal(found, bytes_of_text(expected)));
    }
}

/* ---- accepts ---- */

static void changes_are_read_back_and_hide_the_rows_below(void **state)
{
    struct fixture *fixture = *state;
    put(fixture, "a", "1");
    put(fixture, "b", "2");
    fixture_commit(fixture);
    fixture_begin(fixture);
    assert_int_equal(overlay_change_count(fixture->overlay), 0);
    assert_get(fixture, "a", "1");
    put(fixture, "a", "one");
    del(fixture, "b");
    put(fixture, "c", "");
    assert_get(fixture, "a", "one");
    assert_get(fixture, "b", NULL);
    assert_get(fixture, "c", "");
    assert_int_equal(overlay_change_count(fixture->overlay), 3);
    fixture_commit(fixture);
    fixture_begin(fixture);
    assert_get(fixture, "a", "one");
    assert_get(fixture, "b", NULL);
    assert_get(fixture, "c", "");
}

static void seeks_step_over_runs_of_deleted_rows(void **state)
{
    struct fixture *fixture = *state;
    static const char *const keys[] = {"b", "c", "d", "e", "f"};
    for (size_t i = 0; i < 5; i++) {
        put(fixture, keys[i], "below");
    }
    fixture_commit(fixture);
    fixture_begin(fixture);
    del(fixture, "a"); /* never there */
    del(fixture, "c");
    del(fixture, "d");
    del(fixture, "dd"); /* never there */
    del(fixture, "e");
    assert_seek(fixture, "", true, "b");
    assert_seek(fixture, "c", true, "f");
    assert_seek(fixture, "e", false, "b");
    assert_seek(fixture, "a", false, NULL);
    del(fixture, "f");
    assert_seek(fixture, "bb", true, NULL);
    put(fixture, "d", "here again");
    assert_seek(fixture, "bb", true, "d");
    assert_seek(fixture, "zz", false, "d");
    del(fixture, "b");
    del(fixture, "d");
    assert_seek(fixture, "zz", false, NULL);
    assert_seek(fixture, "", true, NULL);
}

static void seeks_stay_in_their_table(void **state)
{
    struct fixture *fixture = *state;
    views_put(fixture->views, TABLE_TILE, BYTES_LITERAL("x"), BYTES_LITERAL("before"));
    views_put(fixture->views, TABLE_REVERSED, BYTES_LITERAL("x"), BYTES_LITERAL("after"));
    assert_seek(fixture, "", true, NULL);
    assert_seek(fixture, "zz", false, NULL);
    put(fixture, "k", "1");
    assert_seek(fixture, "", true, "k");
    assert_seek(fixture, "zz", false, "k");
}

static const char *dated_value(struct fixture *fixture, char *buffer)
{
    struct bytes found;
    struct bytes value;
    if (!views_seek_le(fixture->views, TABLE_DATED, BYTES_LITERAL("an org, in 2016"), 6, &found,
                       &value)) {
        return NULL;
    }
    memcpy(buffer, value.data, value.size);
    buffer[value.size] = '\0';
    return buffer;
}

static void put_dated(struct fixture *fixture, const char *key, const char *value)
{
    views_put(fixture->views, TABLE_DATED, bytes_of_text(key), bytes_of_text(value));
}

static void a_dated_row_asked_for_again_is_that_of_its_group_and_of_its_changes(void **state)
{
    struct fixture *fixture = *state;
    char buffer[16];
    assert_null(dated_value(fixture, buffer));
    assert_null(dated_value(fixture, buffer));
    put_dated(fixture, "an org, in 2015", "old");
    assert_string_equal(dated_value(fixture, buffer), "old");
    fixture_commit(fixture);
    fixture_begin(fixture);
    assert_string_equal(dated_value(fixture, buffer), "old");
    assert_string_equal(dated_value(fixture, buffer), "old");
    size_t savepoint = overlay_savepoint(fixture->overlay);
    put_dated(fixture, "an org, in 2016", "new");
    assert_string_equal(dated_value(fixture, buffer), "new");
    overlay_rollback(fixture->overlay, savepoint);
    assert_string_equal(dated_value(fixture, buffer), "old");
    put_dated(fixture, "an org, in 2016", "new");
    fixture_commit(fixture);
    fixture_begin(fixture);
    assert_string_equal(dated_value(fixture, buffer), "new");
}

static void it_reads_a_snapshot_and_also_nothing(void **state)
{
    struct fixture *fixture = *state;
    put(fixture, "a", "1");
    fixture_commit(fixture);
    struct store_snapshot *snapshot = NULL;
    assert_int_equal(fixture->ops->snapshot_open(fixture->store, &snapshot), LB_OK);
    overlay_reset(fixture->overlay, fixture->ops, NULL, snapshot);
    put(fixture, "b", "2");
    assert_get(fixture, "a", "1");
    assert_seek(fixture, "aa", true, "b");
    assert_seek(fixture, "aa", false, "a");
    overlay_reset(fixture->overlay, NULL, NULL, NULL);
    assert_get(fixture, "a", NULL);
    put(fixture, "b", "2");
    assert_seek(fixture, "z", false, "b");
    assert_int_equal(views_fault(fixture->views), LB_OK);
    fixture->ops->snapshot_close(snapshot);
    fixture_begin(fixture);
}

static void a_value_read_can_be_put_elsewhere(void **state)
{
    struct fixture *fixture = *state;
    put(fixture, "a", "1");
    struct bytes value;
    assert_true(views_get(fixture->views, TABLE_BALANCE, BYTES_LITERAL("a"), &value));
    views_put(fixture->views, TABLE_BALANCE, BYTES_LITERAL("b"), value);
    assert_get(fixture, "b", "1");
}

/* ---- savepoints ---- */

static void a_rollback_undoes_what_was_done_since_its_savepoint(void **state)
{
    struct fixture *fixture = *state;
    put(fixture, "below", "1");
    fixture_commit(fixture);
    fixture_begin(fixture);
    put(fixture, "kept", "1");
    del(fixture, "below");
    size_t outer = overlay_savepoint(fixture->overlay);
    put(fixture, "kept", "2");    /* the same size: replaced in place */
    put(fixture, "below", "new"); /* over a tombstone */
    put(fixture, "added", "1");
    size_t inner = overlay_savepoint(fixture->overlay);
    put(fixture, "kept", "and longer");
    del(fixture, "added");
    overlay_rollback(fixture->overlay, inner);
    assert_get(fixture, "kept", "2");
    assert_get(fixture, "added", "1");
    inner = overlay_savepoint(fixture->overlay);
    put(fixture, "added", "2");
    overlay_release(fixture->overlay, inner);
    assert_get(fixture, "added", "2");
    overlay_rollback(fixture->overlay, outer);
    assert_get(fixture, "kept", "1");
    assert_get(fixture, "below", NULL);
    assert_get(fixture, "added", NULL);
    assert_int_equal(overlay_change_count(fixture->overlay), 2);
    fixture_commit(fixture);
    fixture_begin(fixture);
    assert_get(fixture, "kept", "1");
    assert_get(fixture, "below", NULL);
}

/* ---- random ---- */

static bool probed_get(void *context, enum ledger_table table, struct bytes key,
                       struct bytes *value)
{
    const struct fixture *fixture = context;
    return views_get(fixture->views, table, key, value);
}

static bool probed_seek_within(const struct fixture *fixture, enum ledger_table table,
                               struct bytes key, bool at_or_after, size_t within,
                               struct bytes *found_key)
{
    struct bytes value;
    return at_or_after ? views_seek_ge(fixture->views, table, key, within, found_key, &value)
                       : views_seek_le(fixture->views, table, key, within, found_key, &value);
}

/* Within so many bytes the same row is found, if it shares them, and else none. */
static bool probed_seek(void *context, enum ledger_table table, struct bytes key, bool at_or_after,
                        struct bytes *found_key, struct bytes *value)
{
    const struct fixture *fixture = context;
    bool is_found = at_or_after ? views_seek_ge(fixture->views, table, key, 0, found_key, value)
                                : views_seek_le(fixture->views, table, key, 0, found_key, value);
    for (size_t within = 1; within <= key.size; within++) {
        struct bytes near_key;
        bool is_near = is_found && bytes_has_prefix(*found_key, bytes_of(key.data, within));
        assert_int_equal(probed_seek_within(fixture, table, key, at_or_after, within, &near_key),
                         is_near);
        assert_true(!is_near || bytes_equal(near_key, *found_key));
    }
    return is_found;
}

struct savepoints {
    struct model models[SAVEPOINTS_MAX];
    size_t tokens[SAVEPOINTS_MAX];
    size_t depth;
};

static void change_at_random(struct fixture *fixture, struct random_seeded *random,
                             struct model *model)
{
    static uint8_t buffer[MODEL_VALUE_BYTES_MAX];
    size_t table = random_below(random, MODEL_TABLES);
    size_t index = random_below(random, MODEL_KEYS);
    struct bytes key = model_key_bytes(&model->keys[index]);
    uint32_t stamp = (uint32_t)(1 + random_below(random, 1u << 30));
    if (random_below(random, 2) == 0) {
        model->stamps[table][index] = 0;
        views_del(fixture->views, model_table(table), key);
    } else {
        model->stamps[table][index] = stamp;
        views_put(fixture->views, model_table(table), key, model_value(stamp, buffer));
    }
}

static void end_savepoint_at_random(struct fixture *fixture, struct random_seeded *random,
                                    struct savepoints *savepoints, struct model *model)
{
    if (savepoints->depth == 0) {
        return;
    }
    savepoints->depth--;
    size_t token = savepoints->tokens[savepoints->depth];
    if (random_below(random, 2) == 0) {
        overlay_release(fixture->overlay, token);
    } else {
        overlay_rollback(fixture->overlay, token);
        *model = savepoints->models[savepoints->depth];
    }
}

static void random_changes_agree_with_the_model(void **state)
{
    struct fixture *fixture = *state;
    struct random_seeded random = random_start();
    static struct model now;
    static struct model durable;
    static struct savepoints savepoints;
    model_init(&now, &random);
    durable = now;
    const struct probe probe = {probed_get, probed_seek, fixture};
    for (unsigned i = 0; i < RANDOM_STEPS; i++) {
        change_at_random(fixture, &random, &now);
        model_check_once(&now, &random, &probe);
        switch (random_below(&random, 40)) {
        case 0:
            if (savepoints.depth < SAVEPOINTS_MAX) {
                savepoints.models[savepoints.depth] = now;
                savepoints.tokens[savepoints.depth++] = overlay_savepoint(fixture->overlay);
            }
            break;
        case 1:
            end_savepoint_at_random(fixture, &random, &savepoints, &now);
            break;
        case 2:
            while (savepoints.depth > 0) {
                end_savepoint_at_random(fixture, &random, &savepoints, &now);
            }
            if (random_below(&random, 4) == 0) {
                fixture->ops->group_abort(fixture->group);
                now = durable;
            } else {
                fixture_commit(fixture);
                durable = now;
            }
            fixture_begin(fixture);
            model_check_all(&now, &probe);
            break;
        }
    }
    assert_int_equal(views_fault(fixture->views), LB_OK);
}

/* ---- faults ---- */

static void a_fault_below_is_kept_and_nothing_is_read_or_changed_after_it(void **state)
{
    struct fixture *fixture = *state;
    put(fixture, "a", "1");
    size_t savepoint = overlay_savepoint(fixture->overlay);
    store_mem_plan_fault(fixture->store, &(struct store_mem_fault){.call = STORE_MEM_READ,
                                                                   .result = LB_STORAGE_CORRUPT});
    assert_get(fixture, "a", "1"); /* known here: no read below */
    assert_get(fixture, "b", NULL);
    assert_int_equal(views_fault(fixture->views), LB_STORAGE_CORRUPT);
    assert_get(fixture, "a", NULL);
    assert_seek(fixture, "", true, NULL);
    put(fixture, "c", "1");
    del(fixture, "a");
    overlay_rollback(fixture->overlay, savepoint);
    assert_int_equal(views_fault(fixture->views), LB_STORAGE_CORRUPT);
    assert_int_equal(overlay_flush(fixture->overlay, fixture->ops, fixture->group),
                     LB_STORAGE_CORRUPT);
    overlay_reset(fixture->overlay, fixture->ops, fixture->group, NULL);
    assert_int_equal(views_fault(fixture->views), LB_OK);
    assert_get(fixture, "c", NULL);
}

static void a_put_that_fails_below_ends_the_flush(void **state)
{
    struct fixture *fixture = *state;
    put(fixture, "a", "1");
    put(fixture, "b", "1");
    store_mem_plan_fault(
        fixture->store,
        &(struct store_mem_fault){.call = STORE_MEM_PUT, .nth = 1, .result = LB_STORAGE_FULL});
    assert_int_equal(overlay_flush(fixture->overlay, fixture->ops, fixture->group),
                     LB_STORAGE_FULL);
    fixture->ops->group_abort(fixture->group);
    assert_int_equal(fixture->ops->group_begin(fixture->store, &fixture->group), LB_OK);
    assert_int_equal(overlay_change_count(fixture->overlay), 2);
    fixture_commit(fixture); /* the write set is still whole */
    fixture_begin(fixture);
    assert_get(fixture, "a", "1");
    assert_get(fixture, "b", "1");
}

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

/* Enough changes for several blocks, in and out of a savepoint that is rolled back. */
static enum lb_result change_much(struct overlay *overlay)
{
    struct views views = overlay_views(overlay);
    uint8_t value[300] = {0};
    size_t savepoint = overlay_savepoint(overlay);
    for (uint8_t i = 0; i < 250; i++) {
        uint8_t key[2] = {'k', i % 100};
        views_put(views, TABLE_META, bytes_of(key, sizeof(key)), bytes_of(value, 50u + i));
        if (i % 10 == 0) {
            views_del(views, TABLE_META, bytes_of(key, sizeof(key)));
        }
    }
    overlay_rollback(overlay, savepoint);
    assert_true(views_fault(views) != LB_OK || overlay_change_count(overlay) == 0);
    return views_fault(views);
}

static void every_allocation_can_fail_and_nothing_leaks(void **state)
{
    (void)state;
    struct faulty_memory memory = {.held = 0};
    memory.port = (struct arena_memory){faulty_allocate, faulty_release, &memory};
    bool is_met = true;
    for (uint64_t nth = 0; is_met; nth++) {
        memory.left = nth;
        memory.is_met = false;
        struct overlay *overlay = NULL;
        enum lb_result result = overlay_new(&memory.port, &overlay);
        if (result == LB_OK) {
            overlay_reset(overlay, NULL, NULL, NULL);
            result = change_much(overlay);
        }
        is_met = memory.is_met;
        assert_int_equal(result, is_met ? LB_MEMORY : LB_OK);
        assert_true(is_met || nth > 5);
        overlay_free(overlay);
        assert_int_equal(memory.held, 0);
    }
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(changes_are_read_back_and_hide_the_rows_below),
        TEST(seeks_step_over_runs_of_deleted_rows),
        TEST(seeks_stay_in_their_table),
        TEST(a_dated_row_asked_for_again_is_that_of_its_group_and_of_its_changes),
        TEST(it_reads_a_snapshot_and_also_nothing),
        TEST(a_value_read_can_be_put_elsewhere),
        TEST(a_rollback_undoes_what_was_done_since_its_savepoint),
        TEST(random_changes_agree_with_the_model),
        TEST(a_fault_below_is_kept_and_nothing_is_read_or_changed_after_it),
        TEST(a_put_that_fails_below_ends_the_flush),
        cmocka_unit_test(every_allocation_can_fail_and_nothing_leaks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
