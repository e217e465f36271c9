/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Random commands about a small world, so that they meet: few members, orgs, categories, items and
 * counters, two years of days, out of order; some are nonsense. The same seed gives the same
 * commands. One thread.
 */
#ifndef TESTS_MODEL_GENERATE_H
#define TESTS_MODEL_GENERATE_H

#include "base/random.h"
#include "model_reference.h"

#define GENERATE_FIRST_DAY   16801 /* 2016-01-01: a leap year, and the year after it */
#define GENERATE_MEMBERS     8
#define GENERATE_HISTORY_MAX 64
#define GENERATE_CHANGES_MAX 4096

struct generate {
    struct random_seeded random;
    uint64_t contents; /* made so far */
    /* Sent before, to be sent again. */
    struct model_command history[GENERATE_HISTORY_MAX];
    size_t history_count;
    /* Memos that no other command has. */
    char changes[GENERATE_CHANGES_MAX][16];
    size_t change_count;
    uint8_t long_text[LB_MEMO_BYTES_MAX + 1];
};

void generate_init(struct generate *generate, uint64_t seed);
/* 0 to below - 1. */
uint64_t generate_below(struct generate *generate, uint64_t below);
/* True so many times of a hundred. */
bool generate_chance(struct generate *generate, unsigned percent);
/* Makes it ask for something else than any other command. */
void generate_change(struct generate *generate, struct model_command *sent);
/* The same by its day, for a line of a batch: one that is refused keeps no memo. */
void generate_change_day(struct model_command *sent);
struct id generate_id(struct generate *generate);

/* Command `index` of the few that make a new world liveable. false: no more. */
bool generate_beginning(struct generate *generate, size_t index, struct model_command *sent);
/* A random one. The reference tells what there is to point to. */
void generate_next(struct generate *generate, const struct ref *ref, struct model_command *sent);

#endif
