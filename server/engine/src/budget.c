/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Token buckets. Threading: see budget.h.
 */
#include "budget.h"

#include "base/assert.h"

#define MILLI INT64_C(1000) /* one refusal */

/* The principal's bucket, or the one to be given to it: a free one, else the longest unused. */
static struct budget_bucket *budget_find(struct budget *budget, uint32_t principal, uint32_t peer)
{
    struct budget_bucket *oldest = &budget->buckets[0];
    for (int i = 0; i < BUDGET_PRINCIPALS_MAX; i++) {
        struct budget_bucket *bucket = &budget->buckets[i];
        if (!bucket->is_used || (bucket->principal == principal && bucket->peer == peer)) {
            return bucket;
        }
        if (bucket->filled_ms < oldest->filled_ms) {
            oldest = bucket;
        }
    }
    return oldest;
}

static void budget_fill(struct budget_bucket *bucket, int64_t monotonic_ms)
{
    int64_t passed_ms = monotonic_ms - bucket->filled_ms;
    LB_ASSERT(passed_ms >= 0);
    int64_t missing = BUDGET_BURST * MILLI - bucket->milli_refusals;
    /* 50 a second are 50 thousandths a millisecond; compared by division, which cannot overflow. */
    if (passed_ms >= missing / BUDGET_PER_SECOND + 1) {
        bucket->milli_refusals = BUDGET_BURST * MILLI;
    } else {
        bucket->milli_refusals += passed_ms * BUDGET_PER_SECOND;
    }
    bucket->filled_ms = monotonic_ms;
}

bool budget_take(struct budget *budget, const struct actor *actor, int64_t monotonic_ms)
{
    struct budget_bucket *bucket = budget_find(budget, actor->principal, actor->peer);
    struct budget_bucket before = *bucket;
    if (!bucket->is_used || bucket->principal != actor->principal || bucket->peer != actor->peer) {
        *bucket = (struct budget_bucket){
            .principal = actor->principal,
            .peer = actor->peer,
            .is_used = true,
            .milli_refusals = BUDGET_BURST * MILLI,
            .filled_ms = monotonic_ms,
        };
    }
    budget_fill(bucket, monotonic_ms);
    if (bucket->milli_refusals < MILLI) {
        return false;
    }
    bucket->milli_refusals -= MILLI;
    budget->taken++;
    budget->last = (uint32_t)(bucket - budget->buckets);
    budget->before = before;
    return true;
}

void budget_give_back(struct budget *budget, uint64_t taken)
{
    if (budget->taken == taken) {
        return;
    }
    LB_ASSERT(budget->taken == taken + 1);
    budget->buckets[budget->last] = budget->before;
    budget->taken = taken;
}
