/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* Generations against a model, at random; readers beside a putter. */
#include "generation_fixture.h"

#include "../../contract/model.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#define RANDOM_ROUNDS  40
#define RANDOM_GROUPS  24
#define STEP_CHECKS    30
#define GROUP_CHANGES  30
#define THREAD_GROUPS  300
#define THREAD_ROWS    24
#define THREAD_READERS 3

static void room_that_was_reserved_is_enough_whatever_the_sizes(void **state)
{
    struct generation *generation = ((struct fixture *)*state)->generation;
    struct random_seeded random = random_start();
    static uint8_t buffer[MODEL_VALUE_BYTES_MAX];
    for (uint64_t number = 1; number <= 200; number++) {
        size_t rows = 1 + random_below(&random, 50);
        struct model_key keys[50];
        size_t sizes[50];
        size_t bytes = 0;
        for (size_t i = 0; i < rows; i++) {
            keys[i] = model_random_key(&random);
            sizes[i] = random_below(&random, random_below(&random, 10) == 0 ? 5000 : 40);
            bytes += keys[i].size + sizes[i];
        }
        assert_true(generation_reserve(generation, rows, bytes));
        size_t before = generation_bytes(generation);
        generation_reach(generation, number);
        for (size_t i = 0; i < rows; i++) {
            generation_put(generation, number, TABLE_BALANCE, model_key_bytes(&keys[i]),
                           bytes_of(buffer, sizes[i]), false);
        }
        assert_int_equal(generation_bytes(generation), before);
    }
}

/* ---- against a model ---- */

#define STATE_UNCHANGED 0
#define STATE_DELETED   UINT32_MAX

/* The state of each row after each group: a stamp, or one of the above. */
struct history {
    struct model keys; /* for its keys only */
    uint32_t states[RANDOM_GROUPS + 1][MODEL_TABLES][MODEL_KEYS];
    uint64_t newest;
};

static void history_advance(struct history *history, struct generation *generation,
                            struct random_seeded *random)
{
    uint64_t number = ++history->newest;
    memcpy(history->states[number], history->states[number - 1], sizeof(history->states[0]));
    generation_reach(generation, number);
    size_t count = random_below(random, GROUP_CHANGES + 1);
    for (size_t i = 0; i < count; i++) {
        size_t table = random_below(random, MODEL_TABLES);
        size_t index = random_below(random, MODEL_KEYS);
        bool is_deleted = random_below(random, 3) == 0;
        uint32_t stamp = (uint32_t)(1 + random_below(random, 1u << 30));
        uint8_t buffer[MODEL_VALUE_BYTES_MAX];
        struct bytes value = model_value(stamp, buffer);
        history->states[number][table][index] = is_deleted ? STATE_DELETED : stamp;
        put_bytes(generation, number, model_table(table),
                  model_key_bytes(&history->keys.keys[index]), is_deleted ? NULL : &value);
    }
}

static void assert_state(uint32_t state, const struct generation_place *place)
{
    assert_int_equal(place->is_deleted, state == STATE_DELETED);
    if (state != STATE_DELETED) {
        model_assert_value(state, place->value);
    }
}

/* The index of the key that the seek has to find, or MODEL_KEYS. */
static size_t history_seek(const struct history *history, size_t table,
                           const struct generation_seek *seek)
{
    struct bytes prefix = bytes_of(seek->key.data, seek->within);
    size_t found = MODEL_KEYS;
    for (size_t i = 0; i < MODEL_KEYS; i++) {
        struct bytes key = model_key_bytes(&history->keys.keys[i]);
        int order = bytes_compare(key, seek->key);
        bool is_on_side = order == 0 ? !seek->is_beyond : (order > 0) == seek->at_or_after;
        if (history->states[seek->number][table][i] == STATE_UNCHANGED || !is_on_side ||
            !bytes_has_prefix(key, prefix)) {
            continue;
        }
        if (seek->at_or_after) {
            return i;
        }
        found = i;
    }
    return found;
}

static size_t random_within(struct random_seeded *random, enum ledger_table table, size_t key_bytes)
{
    size_t family = ledger_family_bytes(table);
    size_t within = random_below(random, 3) == 0 ? random_below(random, key_bytes + 1) : family;
    return random_below(random, 3) == 0 || within > key_bytes ? 0 : within;
}

static void history_check_once(const struct history *history, struct generation *generation,
                               struct random_seeded *random)
{
    size_t table = random_below(random, MODEL_TABLES);
    size_t index = random_below(random, MODEL_KEYS);
    uint64_t number = random_below(random, history->newest + 1);
    struct bytes key = model_key_bytes(&history->keys.keys[index]);
    uint32_t state = history->states[number][table][index];
    struct generation_place place;
    bool is_there = generation_get(generation, number, model_table(table), key, &place);
    assert_int_equal(is_there, state != STATE_UNCHANGED);
    if (is_there) {
        assert_state(state, &place);
    }
    struct model_key other = model_random_key(random);
    key = random_below(random, 2) == 0 ? key : model_key_bytes(&other);
    struct generation_seek seek = {.number = number,
                                   .table = model_table(table),
                                   .key = key,
                                   .within = random_within(random, model_table(table), key.size),
                                   .at_or_after = random_below(random, 2) == 0,
                                   .is_beyond = random_below(random, 3) == 0};
    size_t expected = history_seek(history, table, &seek);
    struct generation_index *taken = NULL;
    enum lb_result result = generation_seek(generation, &seek, &taken, &place);
    assert_int_equal(result, expected == MODEL_KEYS ? LB_ENTRY_UNKNOWN : LB_OK);
    if (result == LB_OK) {
        assert_true(bytes_equal(place.key, model_key_bytes(&history->keys.keys[expected])));
        assert_state(history->states[number][table][expected], &place);
    }
    generation_index_give(taken);
}

static void random_groups_and_undoing_agree_with_a_model(void **state)
{
    struct fixture *fixture = *state;
    struct random_seeded random = random_start();
    struct history *history = calloc(1, sizeof(*history));
    assert_non_null(history);
    for (unsigned round = 0; round < RANDOM_ROUNDS; round++) {
        struct generation *generation = generation_new(&fixture->pool);
        assert_non_null(generation);
        memset(history, 0, sizeof(*history));
        model_init(&history->keys, &random);
        for (unsigned steps = 0; steps < 3 * RANDOM_GROUPS; steps++) {
            if (history->newest == RANDOM_GROUPS || random_below(&random, 10) == 0) {
                uint64_t from = 1 + random_below(&random, history->newest + 1);
                generation_undo(generation, from);
                history->newest = from - 1 < history->newest ? from - 1 : history->newest;
            } else {
                history_advance(history, generation, &random);
            }
            for (unsigned i = 0; i < STEP_CHECKS; i++) {
                history_check_once(history, generation, &random);
            }
        }
        generation_give(generation);
    }
    free(history);
}

/* ---- readers beside the putter ---- */

/*
 * Group n leaves its number in every row of `dated`, two families of them, or deletes the row
 * (race_is_deleted), and adds the entry n.
 */
struct race {
    struct generation *generation;
    _Atomic uint64_t published;
    atomic_bool is_over;
    atomic_uint failures; /* cmocka's asserts are for the main thread only */
    atomic_uint reads;
};

static void race_key(unsigned row, uint8_t key[14])
{
    memset(key, row % 2 == 0 ? 'a' : 'b', 13);
    key[13] = (uint8_t)row;
}

static void number_bytes(uint64_t number, uint8_t bytes[8])
{
    for (int i = 7; i >= 0; i--) {
        bytes[i] = (uint8_t)number;
        number >>= 8;
    }
}

static bool race_is_deleted(uint64_t number, unsigned row)
{
    return (number + row) % 5 == 0;
}

static void race_put_group(struct generation *generation, uint64_t number)
{
    uint8_t value[8];
    number_bytes(number, value);
    struct bytes whole = bytes_of(value, sizeof(value));
    for (unsigned i = 0; i < THREAD_ROWS; i++) {
        uint8_t key[14];
        race_key(i, key);
        put_bytes(generation, number, TABLE_DATED, bytes_of(key, sizeof(key)),
                  race_is_deleted(number, i) ? NULL : &whole);
    }
    put_bytes(generation, number, TABLE_ENTRY, whole, &whole);
}

static bool race_place_is_right(const struct generation_place *place, uint64_t number, unsigned row)
{
    uint8_t value[8];
    number_bytes(number, value);
    return race_is_deleted(number, row)
               ? place->is_deleted
               : !place->is_deleted && bytes_equal(place->value, bytes_of(value, sizeof(value)));
}

static bool race_read(struct race *race, unsigned row)
{
    uint64_t number = atomic_load_explicit(&race->published, memory_order_acquire);
    uint8_t key[14];
    race_key(row, key);
    struct bytes bytes = bytes_of(key, sizeof(key));
    struct generation_place place;
    struct generation_index *index = NULL;
    if (number == 0) {
        return !generation_get(race->generation, number, TABLE_DATED, bytes, &place);
    }
    bool is_right = generation_get(race->generation, number, TABLE_DATED, bytes, &place) &&
                    race_place_is_right(&place, number, row);
    struct generation_seek seek = {number, TABLE_DATED, bytes, 13, row % 3 == 0, false};
    is_right = is_right && generation_seek(race->generation, &seek, &index, &place) == LB_OK &&
               bytes_equal(place.key, bytes) && race_place_is_right(&place, number, row);
    /* The newest entry that this number may see. */
    seek = (struct generation_seek){
        number, TABLE_ENTRY, BYTES_LITERAL("\xff\xff\xff\xff\xff\xff\xff\xff"), 0, false, false};
    uint8_t newest[8];
    number_bytes(number, newest);
    is_right = is_right && generation_seek(race->generation, &seek, &index, &place) == LB_OK &&
               bytes_equal(place.key, bytes_of(newest, sizeof(newest)));
    generation_index_give(index);
    return is_right;
}

static void *race_reader(void *context)
{
    struct race *race = context;
    for (unsigned row = 0; !atomic_load(&race->is_over); row = (row + 1) % THREAD_ROWS) {
        if (!race_read(race, row)) {
            atomic_fetch_add(&race->failures, 1);
        }
        atomic_fetch_add(&race->reads, 1);
    }
    return NULL;
}

static void readers_see_whole_groups_while_one_puts(void **state)
{
    struct race race = {.generation = ((struct fixture *)*state)->generation};
    pthread_t threads[THREAD_READERS];
    for (size_t i = 0; i < THREAD_READERS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, race_reader, &race), 0);
    }
    for (uint64_t number = 1; number <= THREAD_GROUPS; number++) {
        race_put_group(race.generation, number);
        if (number % 7 == 0) { /* refused: the readers never heard of it */
            generation_undo(race.generation, number);
            race_put_group(race.generation, number);
        }
        atomic_store_explicit(&race.published, number, memory_order_release);
    }
    while (atomic_load(&race.reads) < 1000 && atomic_load(&race.failures) == 0) {
        (void)sched_yield();
    }
    atomic_store(&race.is_over, true);
    for (size_t i = 0; i < THREAD_READERS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
    assert_int_equal(atomic_load(&race.failures), 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        ON_GENERATION(room_that_was_reserved_is_enough_whatever_the_sizes),
        ON_GENERATION(random_groups_and_undoing_agree_with_a_model),
        ON_GENERATION(readers_see_whole_groups_while_one_puts),
    };
    return cmocka_run_group_tests_name("generation, random", tests, NULL, NULL);
}
