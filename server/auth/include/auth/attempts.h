/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Attempts to log in that failed: how long the next one has to wait, for each log-in name and for
 * each place it comes from, and when an account is to be locked. An attempt counts as failed from
 * its beginning, so that many at once are no way around. A name that nobody has is treated as one
 * that somebody has. In memory; what it forgets first when it is full are names nobody has.
 *
 * Times are those of one monotonic clock. One thread, the loop's.
 */
#ifndef AUTH_ATTEMPTS_H
#define AUTH_ATTEMPTS_H

#include "auth/place.h"
#include "base/bytes.h"
#include "base/random.h"
#include "lovebank/result.h"

#include <stdbool.h>
#include <stdint.h>

/* Failures in a row that cost no waiting; the next costs 1 s, each after it twice that. */
#define AUTH_ATTEMPTS_FREE_ACCOUNT 3
#define AUTH_ATTEMPTS_FREE_PLACE   20
#define AUTH_ATTEMPTS_DELAY_S_MAX  900
/* A place without a failure for that long starts anew. An account only by logging in. */
#define AUTH_ATTEMPTS_PLACE_MS INT64_C(3600000)

struct auth_attempts;

struct auth_attempt {
    struct bytes login;
    bool is_known; /* somebody has that name */
    struct auth_place place;
};

/* LB_OK, LB_MEMORY, LB_INTERNAL (no randomness). */
LB_MUST_CHECK enum lb_result auth_attempts_new(const struct random_source *random,
                                               struct auth_attempts **attempts);
void auth_attempts_free(struct auth_attempts *attempts);

/* Seconds to wait; 0: go on, and tell how it ended. */
LB_MUST_CHECK int64_t auth_attempt_begin(struct auth_attempts *attempts,
                                         const struct auth_attempt *attempt, int64_t now_ms);
/* The next one waits from now on. */
void auth_attempt_fail(struct auth_attempts *attempts, const struct auth_attempt *attempt,
                       int64_t now_ms);
void auth_attempt_succeed(struct auth_attempts *attempts, const struct auth_attempt *attempt);
/* The account was locked for them: whoever opens it again lets its owner begin anew. */
void auth_attempt_forget(struct auth_attempts *attempts, const struct auth_attempt *attempt);
/* It was not tried after all. */
void auth_attempt_withdraw(struct auth_attempts *attempts, const struct auth_attempt *attempt);
/* Of the log-in name, in a row. */
uint32_t auth_attempt_failures(struct auth_attempts *attempts, const struct auth_attempt *attempt);

#endif
