/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * How much a principal or a place may ask for: token buckets of requests, of bytes and of new
 * connections, and the connections of a place. A bucket holds two seconds' worth; a request may
 * take it below empty, so that one larger than the bucket passes too, and those after it wait. What
 * is over is told to try later, and counted.
 *
 * Times are those of one monotonic clock. One thread, the loop's.
 */
#ifndef AUTH_LIMITS_H
#define AUTH_LIMITS_H

#include "auth/place.h"
#include "base/random.h"
#include "lovebank/result.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct auth_limits;

struct auth_rate {
    uint32_t requests_per_s;
    uint64_t bytes_per_s;
};

struct auth_limits_config {
    struct auth_rate principal;
    struct auth_rate place;
    uint32_t guest_requests_per_s;    /* of a place, by those who have not logged in */
    uint32_t connections_place_max;   /* at a time */
    uint32_t connections_place_per_s; /* new ones */
    uint32_t connections_max;         /* of all places together: so many the caller lets in */
};

/* Since the start. */
struct auth_limits_stats {
    uint64_t requests_limited;
    uint64_t connections_limited;
};

/* LB_OK, LB_MEMORY, LB_INTERNAL (no randomness). */
LB_MUST_CHECK enum lb_result auth_limits_new(const struct auth_limits_config *config,
                                             const struct random_source *random,
                                             struct auth_limits **limits);
void auth_limits_free(struct auth_limits *limits);

/* A request of a principal (0: of a guest) from there. false: too much. */
LB_MUST_CHECK bool auth_limit_request(struct auth_limits *limits, uint32_t principal,
                                      const struct auth_place *place, size_t bytes, int64_t now_ms);
/* A connection from there. false: too many, or too fast; else auth_limit_disconnect is due when it
 * ends. */
LB_MUST_CHECK bool auth_limit_connect(struct auth_limits *limits, const struct auth_place *place,
                                      int64_t now_ms);
void auth_limit_disconnect(struct auth_limits *limits, const struct auth_place *place);

struct auth_limits_stats auth_limits_stats(const struct auth_limits *limits);

#endif
