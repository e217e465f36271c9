/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The model test: seeded random commands through the engine, against a naive reference; over the
 * memory store with faults, and over LMDB. The first difference ends it.
 *
 *   LOVEBANK_SEED=n   that seed alone; without it a fixed list
 *   LOVEBANK_STEPS=n  commands in all over the memory store; a twentieth of it over LMDB
 */
#include "../environment.h"
#include "model_world.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define STEPS_DEFAULT 20000 /* several times as slow */
#endif
#endif
#ifndef STEPS_DEFAULT
#define STEPS_DEFAULT 100000
#endif
#define STEPS_WORLD   2000 /* then another world: the reference goes through all it knows */
#define STEPS_COMPARE 1000

static const uint64_t seeds[] = {1, 2016, 20260501, 0x6c6f766562616e6b};

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *place)
{
    (void)about;
    (void)kind;
    (void)place;
    return remove(path);
}

static char directory[] = "/tmp/lovebank-model-XXXXXX"; /* of the world now; XXXXXX: of none */

/* Also at the end of a program that world_fail ended. */
static void remove_directory(void)
{
    if (nftw(directory, remove_one, 8, FTW_DEPTH | FTW_PHYS) == 0) {
        memset(strrchr(directory, '-') + 1, 'X', 6);
    }
}

static void remember_totals(const struct world *world, struct world *totals)
{
    totals->steps += world->steps;
    totals->faults += world->faults;
    totals->refused += world->refused;
    totals->replayed += world->replayed;
    for (size_t i = 0; i < sizeof(world->done) / sizeof(world->done[0]); i++) {
        totals->done[i] += world->done[i];
    }
}

static void run_world(enum world_store kind, uint64_t seed, uint64_t steps, struct world *totals)
{
    static struct world world;
    if (mkdtemp(directory) == NULL) {
        fail_msg("no directory for the test");
    }
    world_open(&world, kind, seed, directory);
    uint64_t compared = 0;
    while (world.steps < steps) {
        world_round(&world);
        if (world.steps >= compared + STEPS_COMPARE) {
            compared = world.steps;
            world_compare_all(&world);
        }
    }
    world_reopen(&world);
    world_compare_all(&world);
    world_close(&world);
    remember_totals(&world, totals);
    remove_directory();
    assert_string_equal(strrchr(directory, '-'), "-XXXXXX");
}

/* Each seed starts a row of worlds, as many as the steps allow. */
static void run_worlds(enum world_store kind, uint64_t steps)
{
    static struct world totals;
    totals = (struct world){.steps = 0};
    uint64_t only = environment_number("LOVEBANK_SEED", 0, 0);
    size_t seed_count = only != 0 ? 1 : sizeof(seeds) / sizeof(seeds[0]);
    for (uint64_t number = 0; totals.steps < steps; number++) {
        uint64_t seed = (only != 0 ? only : seeds[number % seed_count]) + number / seed_count;
        uint64_t left = steps - totals.steps;
        run_world(kind, seed, left < STEPS_WORLD ? left : STEPS_WORLD, &totals);
    }
    print_message("  %llu steps, %llu refused, %llu replays, %llu faults of the store\n",
                  (unsigned long long)totals.steps, (unsigned long long)totals.refused,
                  (unsigned long long)totals.replayed, (unsigned long long)totals.faults);
    for (int kind_of_act = ACT_ORG_OPEN; kind_of_act <= ACT_OPENING_BALANCE; kind_of_act++) {
        bool is_expected = kind_of_act <= ACT_IMPORT_OPEN ||
                           (kind_of_act >= ACT_STOCK_RECEIVE && kind_of_act <= ACT_REVERSE) ||
                           kind_of_act == ACT_OPENING_BALANCE;
        if (steps >= STEPS_DEFAULT && totals.done[kind_of_act] == 0 && is_expected) {
            fail_msg("act %d was never done: the commands are not random enough", kind_of_act);
        }
    }
    if (steps >= STEPS_DEFAULT && totals.done[ACT_PROPOSAL_DECIDE] == 0) {
        fail_msg("nothing that waited was ever decided: the commands are not random enough");
    }
}

static void every_answer_is_the_reference_s_over_memory(void **state)
{
    (void)state;
    run_worlds(WORLD_IN_MEMORY, environment_number("LOVEBANK_STEPS", STEPS_DEFAULT, 1));
}

static void every_answer_is_the_reference_s_over_the_default_store(void **state)
{
    (void)state;
    run_worlds(WORLD_IN_LMDB, environment_number("LOVEBANK_STEPS", STEPS_DEFAULT, 1) / 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_answer_is_the_reference_s_over_memory),
        cmocka_unit_test(every_answer_is_the_reference_s_over_the_default_store),
    };
    if (atexit(remove_directory) != 0) {
        return EXIT_FAILURE;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
