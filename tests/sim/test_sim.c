/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The simulation's test: a fixed list of seeds, one of them twice, and canaries, which the oracle
 * must catch. What is wrong ends the program and names seed and step.
 *
 *   LOVEBANK_SEED=n      the world of that seed alone, and a line for scripts/campaign_crash.sh
 *   LOVEBANK_COMMANDS=n  commands in all, or of that world
 */
#include "../environment.h"
#include "sim.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define COMMANDS_DEFAULT 8000 /* several times as slow */
#endif
#endif
#ifndef COMMANDS_DEFAULT
#define COMMANDS_DEFAULT 20000
#endif
#define COMMANDS_WORLD 2000 /* then another world: the reference goes through all it knows */

/* The world going on; its seed is 0 between worlds. */
static struct sim sim;

/* At the end of a program that the oracle ended. */
static void say_how_to_repeat(void)
{
    if (sim.seed != 0) {
        (void)fprintf(stderr,
                      "sim: seed %llu failed in its step %llu; again with\n"
                      "  LOVEBANK_SEED=%llu LOVEBANK_COMMANDS=%llu sim_test_sim\n",
                      (unsigned long long)sim.seed, (unsigned long long)sim.steps,
                      (unsigned long long)sim.seed, (unsigned long long)sim.commands_max);
    }
}

static void run_world(uint64_t seed, uint64_t commands, enum sim_canary canary)
{
    const struct sim_options options = {.seed = seed, .commands = commands, .canary = canary};
    sim_run(&sim, &options);
    sim.seed = 0;
}

struct totals {
    uint64_t worlds;
    uint64_t commands;
    uint64_t steps;
    uint64_t crashes;
    uint64_t cuts;
    uint64_t faults;
    uint64_t vanished;
    uint64_t caught_up;
    uint64_t refused;
    uint64_t replayed;
    uint64_t reads;
    uint64_t unjudged;
};

static void add_world(struct totals *totals)
{
    totals->worlds++;
    totals->commands += sim.oracle.commands;
    totals->steps += sim.steps;
    totals->crashes += sim.crashes;
    totals->cuts += sim.net.cuts;
    totals->faults += sim.faults;
    totals->vanished += sim.vanished;
    totals->caught_up += sim.oracle.caught_up;
    totals->refused += sim.oracle.world.refused;
    totals->replayed += sim.oracle.world.replayed;
    totals->reads += sim.oracle.reads;
    totals->unjudged += sim.oracle.unjudged;
}

static void print_totals(const char *name, uint64_t number, const struct totals *totals)
{
    printf("%s %llu: %llu commands, %llu steps, %llu refused, %llu replays, %llu not judged, "
           "%llu reads, %llu crashes, %llu requests durable but not answered in them, "
           "%llu connections cut, %llu clients gone, %llu faults of the store\n",
           name, (unsigned long long)number, (unsigned long long)totals->commands,
           (unsigned long long)totals->steps, (unsigned long long)totals->refused,
           (unsigned long long)totals->replayed, (unsigned long long)totals->unjudged,
           (unsigned long long)totals->reads, (unsigned long long)totals->crashes,
           (unsigned long long)totals->caught_up, (unsigned long long)totals->cuts,
           (unsigned long long)totals->vanished, (unsigned long long)totals->faults);
}

static void every_answer_is_right_whatever_breaks(void **state)
{
    const uint64_t commands = environment_number("LOVEBANK_COMMANDS", COMMANDS_DEFAULT, 1);
    struct totals totals = {.worlds = 0};
    (void)state;
    while (totals.commands < commands) {
        const uint64_t left = commands - totals.commands;
        const uint64_t seed = totals.worlds + 1;
        run_world(seed, left < COMMANDS_WORLD ? left : COMMANDS_WORLD, SIM_CANARY_NONE);
        add_world(&totals);
    }
    print_totals("  worlds", totals.worlds, &totals);
    assert_true(totals.crashes > 0 && totals.cuts > 0 && totals.faults > 0);
    assert_true(totals.vanished > 0 && totals.caught_up > 0 && totals.reads > 0);
    assert_true(totals.unjudged * 20 < totals.commands);
}

static void the_same_seed_gives_the_same_run(void **state)
{
    uint64_t traces[3];
    uint64_t steps[3];
    static const uint64_t seeds[] = {7, 7, 8};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        run_world(seeds[i], 500, SIM_CANARY_NONE);
        traces[i] = sim.trace;
        steps[i] = sim.steps;
    }
    assert_int_equal(traces[0], traces[1]);
    assert_int_equal(steps[0], steps[1]);
    assert_int_not_equal(traces[0], traces[2]);
}

/* ---- canaries ---- */

/* A world of its own process; what the oracle says goes to the file. */
static int run_canary(enum sim_canary canary, FILE *said)
{
    (void)fflush(NULL);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (dup2(fileno(said), STDERR_FILENO) < 0) {
            _exit(EXIT_SUCCESS);
        }
        run_world(5, COMMANDS_WORLD, canary);
        _exit(EXIT_SUCCESS);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

/* That the oracle says it is what counts: no other end of the program would do. */
static void assert_caught(enum sim_canary canary, const char *sentence)
{
    char text[1024] = {0};
    FILE *said = tmpfile();
    assert_non_null(said);
    const int outcome = run_canary(canary, said);
    rewind(said);
    assert_true(fread(text, 1, sizeof(text) - 1, said) > 0);
    (void)fclose(said);
    print_message("  %s", text);
    assert_int_equal(outcome, EXIT_FAILURE);
    assert_non_null(strstr(text, sentence));
    assert_non_null(strstr(text, "LOVEBANK_SEED=5"));
}

static void groups_that_a_lying_disk_lost_are_missed(void **state)
{
    (void)state;
    assert_caught(SIM_CANARY_LOST, "answers were given for more");
}

static void a_request_done_twice_is_found(void **state)
{
    (void)state;
    assert_caught(SIM_CANARY_DOUBLED, ": command ");
}

static void a_replay_that_says_something_else_is_found(void **state)
{
    (void)state;
    assert_caught(SIM_CANARY_CHANGED, ": command ");
}

int main(void)
{
    const struct CMUnitTest all[] = {
        cmocka_unit_test(every_answer_is_right_whatever_breaks),
        cmocka_unit_test(the_same_seed_gives_the_same_run),
        cmocka_unit_test(groups_that_a_lying_disk_lost_are_missed),
        cmocka_unit_test(a_request_done_twice_is_found),
        cmocka_unit_test(a_replay_that_says_something_else_is_found),
    };
    const uint64_t seed = environment_number("LOVEBANK_SEED", 0, 1);
    if (atexit(say_how_to_repeat) != 0) {
        return EXIT_FAILURE;
    }
    if (seed != 0) {
        struct totals totals = {.worlds = 0};
        run_world(seed, environment_number("LOVEBANK_COMMANDS", COMMANDS_WORLD, 1),
                  SIM_CANARY_NONE);
        add_world(&totals);
        print_totals("seed", seed, &totals);
        return EXIT_SUCCESS;
    }
    return cmocka_run_group_tests(all, NULL, NULL);
}
