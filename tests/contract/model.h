/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A naive model of a few tables: a sorted array of keys and, for each table, which of them are
 * there with what stamp. A stamp determines the value's bytes, so a copy of the struct is a
 * snapshot. Seeks are linear scans. For tests; one thread.
 */
#ifndef TESTS_CONTRACT_MODEL_H
#define TESTS_CONTRACT_MODEL_H

#include "base/bytes.h"
#include "base/random.h"
#include "ledger/views.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define MODEL_KEYS            300
#define MODEL_TABLES          3
#define MODEL_VALUE_BYTES_MAX 5000

struct model_key {
    uint8_t data[LEDGER_KEY_BYTES_MAX];
    size_t size;
};

struct model {
    struct model_key keys[MODEL_KEYS];         /* ascending, all different */
    uint32_t stamps[MODEL_TABLES][MODEL_KEYS]; /* 0: not there */
};

/* What is compared with the model: a group, a snapshot or views. */
struct probe {
    bool (*get)(void *context, enum ledger_table table, struct bytes key, struct bytes *value);
    bool (*seek)(void *context, enum ledger_table table, struct bytes key, bool at_or_after,
                 struct bytes *found_key, struct bytes *value);
    void *context;
};

/* Seeded from LB_TEST_SEED, else from the time; printed, to run the same again. */
static inline struct random_seeded random_start(void)
{
    const char *given = getenv("LB_TEST_SEED");
    uint64_t seed = given != NULL ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
    print_message("LB_TEST_SEED=%llu\n", (unsigned long long)seed);
    return (struct random_seeded){seed};
}

static inline size_t random_below(struct random_seeded *random, size_t bound)
{
    return (size_t)(random_seeded_next(random) % bound);
}

/* Few different bytes, the extremes among them, so that keys are prefixes and neighbours; long ones
 * differ at their ends, so that there are families of several (ledger/views.h). */
static inline struct model_key model_random_key(struct random_seeded *random)
{
    static const uint8_t alphabet[] = {0x00, 0x01, 'a', 0xfe, 0xff};
    struct model_key key = {.size = 1 + random_below(random, 4)};
    bool is_long = random_below(random, 5) == 0;
    if (is_long) {
        key.size = LEDGER_KEY_BYTES_MAX - random_below(random, 2);
    }
    uint8_t filler = alphabet[random_below(random, sizeof(alphabet))];
    for (size_t i = 0; i < key.size; i++) {
        bool is_drawn = is_long ? i == 0 || i + 2 >= key.size : i < 4;
        key.data[i] = is_drawn ? alphabet[random_below(random, sizeof(alphabet))] : filler;
    }
    return key;
}

static inline struct bytes model_key_bytes(const struct model_key *key)
{
    return bytes_of(key->data, key->size);
}

static inline int model_compare_keys(const void *a, const void *b)
{
    return bytes_compare(model_key_bytes(a), model_key_bytes(b));
}

static inline void model_init(struct model *model, struct random_seeded *random)
{
    memset(model, 0, sizeof(*model));
    size_t count = 0;
    while (count < MODEL_KEYS) {
        struct model_key key = model_random_key(random);
        bool is_known = false;
        for (size_t i = 0; i < count && !is_known; i++) {
            is_known = model_compare_keys(&model->keys[i], &key) == 0;
        }
        if (!is_known) {
            model->keys[count++] = key;
        }
    }
    qsort(model->keys, MODEL_KEYS, sizeof(model->keys[0]), model_compare_keys);
}

static inline enum ledger_table model_table(size_t index)
{
    static const enum ledger_table tables[MODEL_TABLES] = {TABLE_META, TABLE_BALANCE, TABLE_DATED};
    return tables[index];
}

static inline struct bytes model_value(uint32_t stamp, uint8_t buffer[MODEL_VALUE_BYTES_MAX])
{
    size_t size = stamp % 50 == 0 ? MODEL_VALUE_BYTES_MAX : stamp % 97; /* 0 is a size too */
    memset(buffer, (int)(stamp & 0xff), size);
    if (size >= sizeof(stamp)) {
        memcpy(buffer, &stamp, sizeof(stamp));
    }
    return bytes_of(buffer, size);
}

/* The index of the row found, or MODEL_KEYS. */
static inline size_t model_seek(const struct model *model, size_t table, struct bytes key,
                                bool at_or_after)
{
    size_t found = MODEL_KEYS;
    for (size_t i = 0; i < MODEL_KEYS; i++) {
        int order = bytes_compare(model_key_bytes(&model->keys[i]), key);
        if (model->stamps[table][i] == 0) {
            continue;
        }
        if (at_or_after && order >= 0) {
            return i;
        }
        if (!at_or_after && order <= 0) {
            found = i;
        }
    }
    return found;
}

static inline void model_assert_value(uint32_t stamp, struct bytes value)
{
    uint8_t buffer[MODEL_VALUE_BYTES_MAX];
    assert_true(bytes_equal(model_value(stamp, buffer), value));
}

/* One get of a known key, and one seek from a known, a random or the empty key. */
static inline void model_check_once(const struct model *model, struct random_seeded *random,
                                    const struct probe *probe)
{
    size_t table = random_below(random, MODEL_TABLES);
    size_t index = random_below(random, MODEL_KEYS);
    struct bytes key = model_key_bytes(&model->keys[index]);
    struct bytes value;
    bool is_there = probe->get(probe->context, model_table(table), key, &value);
    assert_int_equal(is_there, model->stamps[table][index] != 0);
    if (is_there) {
        model_assert_value(model->stamps[table][index], value);
    }
    struct model_key other = model_random_key(random);
    if (random_below(random, 2) == 0) {
        key = model_key_bytes(&other);
    }
    key.size = random_below(random, 20) == 0 ? 0 : key.size;
    bool at_or_after = random_below(random, 2) == 0;
    size_t expected = model_seek(model, table, key, at_or_after);
    struct bytes found;
    is_there = probe->seek(probe->context, model_table(table), key, at_or_after, &found, &value);
    assert_int_equal(is_there, expected != MODEL_KEYS);
    if (is_there) {
        assert_true(bytes_equal(found, model_key_bytes(&model->keys[expected])));
        model_assert_value(model->stamps[table][expected], value);
    }
}

/* Everything, forwards. */
static inline void model_check_all(const struct model *model, const struct probe *probe)
{
    for (size_t table = 0; table < MODEL_TABLES; table++) {
        for (size_t i = 0; i < MODEL_KEYS; i++) {
            struct bytes value;
            bool is_there = probe->get(probe->context, model_table(table),
                                       model_key_bytes(&model->keys[i]), &value);
            assert_int_equal(is_there, model->stamps[table][i] != 0);
            if (is_there) {
                model_assert_value(model->stamps[table][i], value);
            }
        }
    }
}

#endif
