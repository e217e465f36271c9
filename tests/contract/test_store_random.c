/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Random groups, snapshots and reads against a naive model; the same for every adapter. The
 * journaled one also with checkpoints, closings and crashes in between.
 */
#include "fixture.h"
#include "journaled.h"
#include "model.h"

#define RANDOM_GROUPS     2500
#define RESTART_GROUPS    1000
#define GROUP_READS       40
#define GROUP_CHANGES_MAX 80

struct probed {
    const struct store_ops *ops;
    struct store_group *group; /* one of the two */
    struct store_snapshot *snapshot;
};

static bool assert_found(enum lb_result result)
{
    assert_true(result == LB_OK || result == LB_ENTRY_UNKNOWN);
    return result == LB_OK;
}

static bool probed_get(void *context, enum ledger_table table, struct bytes key,
                       struct bytes *value)
{
    const struct probed *probed = context;
    return assert_found(probed->group != NULL
                            ? probed->ops->group_get(probed->group, table, key, value)
                            : probed->ops->snapshot_get(probed->snapshot, table, key, value));
}

static bool probed_seek(void *context, enum ledger_table table, struct bytes key, bool at_or_after,
                        struct bytes *found_key, struct bytes *value)
{
    const struct probed *probed = context;
    if (probed->group != NULL) {
        return assert_found(
            probed->ops->group_seek(probed->group, table, key, at_or_after, 0, found_key, value));
    }
    return assert_found(
        probed->ops->snapshot_seek(probed->snapshot, table, key, at_or_after, 0, found_key, value));
}

/* The bytes of a group's changes, which must live until it is over. */
struct written {
    struct model_key keys[GROUP_CHANGES_MAX];
    uint8_t values[GROUP_CHANGES_MAX][MODEL_VALUE_BYTES_MAX];
};

static void change_at_random(struct fixture *fixture, struct store_group *group,
                             struct random_seeded *random, struct model *model,
                             struct written *written)
{
    size_t count = random_below(random, GROUP_CHANGES_MAX + 1);
    for (size_t i = 0; i < count; i++) {
        size_t table = random_below(random, MODEL_TABLES);
        size_t index = random_below(random, MODEL_KEYS);
        written->keys[i] = model->keys[index];
        struct bytes key = model_key_bytes(&written->keys[i]);
        if (random_below(random, 5) < 2) {
            model->stamps[table][index] = 0;
            assert_int_equal(fixture->ops->group_del(group, model_table(table), key), LB_OK);
        } else {
            uint32_t stamp = (uint32_t)(1 + random_below(random, 1u << 30));
            model->stamps[table][index] = stamp;
            assert_int_equal(fixture->ops->group_put(group, model_table(table), key,
                                                     model_value(stamp, written->values[i])),
                             LB_OK);
        }
    }
}

struct trial {
    struct fixture *fixture;
    struct random_seeded random;
    struct model now;
    struct model next;
    struct model then; /* what the old snapshot sees */
    struct probed old;
    struct written written;
};

static void trial_drop_snapshot(struct trial *trial)
{
    if (trial->old.snapshot != NULL) {
        trial->fixture->ops->snapshot_close(trial->old.snapshot);
        trial->old.snapshot = NULL;
    }
}

/* The map is large enough not to grow: this thread holds a snapshot while it commits. */
static void trial_run_group(struct trial *trial)
{
    struct fixture *fixture = trial->fixture;
    const struct probe old_probe = {probed_get, probed_seek, &trial->old};
    if (trial->old.snapshot == NULL) {
        trial->old = (struct probed){.ops = fixture->ops, .snapshot = snapshot_open(fixture)};
        trial->then = trial->now;
    }
    struct probed fresh = {.ops = fixture->ops, .group = begin(fixture)};
    const struct probe fresh_probe = {probed_get, probed_seek, &fresh};
    for (unsigned j = 0; j < GROUP_READS; j++) {
        model_check_once(&trial->now, &trial->random, &fresh_probe);
    }
    trial->next = trial->now;
    change_at_random(fixture, fresh.group, &trial->random, &trial->next, &trial->written);
    if (random_below(&trial->random, 8) == 0) {
        fixture->ops->group_abort(fresh.group);
    } else {
        commit(fixture, fresh.group);
        trial->now = trial->next;
    }
    model_check_once(&trial->then, &trial->random, &old_probe);
    if (random_below(&trial->random, 20) == 0) {
        model_check_all(&trial->then, &old_probe);
        trial_drop_snapshot(trial);
    }
}

static struct trial *trial_new(struct fixture *fixture)
{
    struct trial *trial = calloc(1, sizeof(*trial));
    assert_non_null(trial);
    trial->fixture = fixture;
    trial->random = random_start();
    model_init(&trial->now, &trial->random);
    return trial;
}

static void random_groups_agree_with_the_model(void **state)
{
    struct trial *trial = trial_new(*state);
    for (unsigned i = 0; i < RANDOM_GROUPS; i++) {
        trial_run_group(trial);
    }
    trial_drop_snapshot(trial);
    free(trial);
}

static void
random_groups_with_checkpoints_closings_and_crashes_between_agree_with_the_model(void **state)
{
    struct trial *trial = trial_new(*state);
    struct fixture *fixture = trial->fixture;
    struct store_journaled_options options = quiet_options(fixture);
    options.segment_bytes = 16u << 10;
    open_with(fixture, &options);
    for (unsigned i = 0; i < RESTART_GROUPS; i++) {
        trial_run_group(trial);
        size_t event = random_below(&trial->random, 40);
        if (event > 2) {
            continue;
        }
        trial_drop_snapshot(trial);
        if (event == 0) {
            assert_int_equal(fixture->ops->checkpoint(fixture->store), LB_OK);
        } else if (event == 1) {
            fixture_close(fixture);
            options.lmdb.directory = fixture->directory;
            open_with(fixture, &options);
        } else {
            crash_and_open(fixture, &options);
        }
        struct probed all = {.ops = fixture->ops, .snapshot = snapshot_open(fixture)};
        model_check_all(&trial->now, &(struct probe){probed_get, probed_seek, &all});
        fixture->ops->snapshot_close(all.snapshot);
    }
    trial_drop_snapshot(trial);
    free(trial);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        EACH(random_groups_agree_with_the_model),
        cmocka_unit_test_setup_teardown(
            random_groups_with_checkpoints_closings_and_crashes_between_agree_with_the_model,
            setup_directory, teardown),
    };
    return cmocka_run_group_tests_name("store, random", tests, setup_cluster, teardown_cluster);
}
