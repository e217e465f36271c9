/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The budget for recorded refusals: a token bucket for each principal, so that nobody fills the
 * ledger with refusals. The principals seen last are remembered; one forgotten starts anew with a
 * full bucket. A plain copy is a savepoint; budget_give_back is a cheaper one. Pure; the writer's
 * thread.
 */
#ifndef ENGINE_SRC_BUDGET_H
#define ENGINE_SRC_BUDGET_H

#include "bank/entry.h"

#include <stdbool.h>
#include <stdint.h>

#define BUDGET_BURST          1000 /* refusals at once */
#define BUDGET_PER_SECOND     50
#define BUDGET_PRINCIPALS_MAX 64

struct budget_bucket {
    uint32_t principal;
    uint32_t peer; /* of one without a principal */
    bool is_used;
    int64_t milli_refusals; /* left */
    int64_t filled_ms;      /* monotonic, when it was last filled up */
};

struct budget {
    struct budget_bucket buckets[BUDGET_PRINCIPALS_MAX];
    uint64_t taken;              /* refusals, ever */
    uint32_t last;               /* the bucket of the last one */
    struct budget_bucket before; /* and what it was before */
};

/* Takes one refusal out. false: there is none left now. */
bool budget_take(struct budget *budget, const struct actor *actor, int64_t monotonic_ms);
/* Undoes the refusal taken since `taken` was that; there is at most one, as the first refusal ends
 * what may be rolled back. */
void budget_give_back(struct budget *budget, uint64_t taken);

#endif
