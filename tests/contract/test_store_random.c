/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* Random groups, snapshots and reads against a naive model; the same for every adapter. */
#include "fixture.h"
#include "model.h"

#define RANDOM_GROUPS     2500
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
                             struct random_source *random, struct model *model,
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

/* The map is large enough not to grow: this thread holds a snapshot while it commits. */
static void random_groups_agree_with_the_model(void **state)
{
    struct fixture *fixture = *state;
    struct random_source random = random_start();
    static struct model now, next, then;
    struct written *written = malloc(sizeof(*written));
    assert_non_null(written);
    model_init(&now, &random);
    struct probed old = {.ops = fixture->ops};
    const struct probe old_probe = {probed_get, probed_seek, &old};
    for (unsigned i = 0; i < RANDOM_GROUPS; i++) {
        if (old.snapshot == NULL) {
            old.snapshot = snapshot_open(fixture);
            then = now;
        }
        struct probed fresh = {.ops = fixture->ops, .group = begin(fixture)};
        const struct probe fresh_probe = {probed_get, probed_seek, &fresh};
        for (unsigned j = 0; j < GROUP_READS; j++) {
            model_check_once(&now, &random, &fresh_probe);
        }
        next = now;
        change_at_random(fixture, fresh.group, &random, &next, written);
        if (random_below(&random, 8) == 0) {
            fixture->ops->group_abort(fresh.group);
        } else {
            commit(fixture, fresh.group);
            now = next;
        }
        model_check_once(&then, &random, &old_probe);
        if (random_below(&random, 20) == 0) {
            model_check_all(&then, &old_probe);
            fixture->ops->snapshot_close(old.snapshot);
            old.snapshot = NULL;
        }
    }
    if (old.snapshot != NULL) {
        fixture->ops->snapshot_close(old.snapshot);
    }
    free(written);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        EACH(random_groups_agree_with_the_model),
    };
    return cmocka_run_group_tests_name("store, random", tests, NULL, NULL);
}
