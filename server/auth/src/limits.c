/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Buckets of principals by their number, which the ledger gives out, others by a keyed hash of
 * whose they are, in sets of eight: a set that is full gives up the bucket longest unused, which is
 * the fullest. Connections by place in an open table that is never more than half full.
 */
#include "auth/limits.h"

#include "base/assert.h"
#include "base/bytes.h"

#include <sodium.h>
#include <stdlib.h>

#define SETS    512
#define WAYS    8
#define BURST_S 2
#define MILLI   1000

struct bucket {
    uint64_t key;
    int64_t filled_ms;
    int64_t requests_milli; /* left; below 0: taken ahead */
    int64_t bytes_milli;
    bool is_used;
};

/* count 0: free. */
struct place_count {
    struct auth_place place;
    uint32_t count;
};

struct auth_limits {
    struct auth_limits_config config;
    struct auth_limits_stats stats;
    uint8_t hash_key[crypto_shorthash_KEYBYTES];
    struct bucket principals[SETS][WAYS];
    struct bucket places[SETS][WAYS];
    struct bucket guests[SETS][WAYS];   /* by place */
    struct bucket arrivals[SETS][WAYS]; /* connections for requests, and no bytes */
    size_t count_mask;                  /* of counts, a power of two of them */
    struct place_count counts[];
};

enum lb_result auth_limits_new(const struct auth_limits_config *config,
                               const struct random_source *random, struct auth_limits **limits)
{
    size_t places = 16;
    while (places / 2 < config->connections_max) {
        places *= 2;
    }
    struct auth_limits *made = calloc(1, sizeof(*made) + places * sizeof(struct place_count));
    if (made == NULL) {
        return LB_MEMORY;
    }
    made->config = *config;
    made->count_mask = places - 1;
    if (!random_fill(random, made->hash_key, sizeof(made->hash_key))) {
        free(made);
        return LB_INTERNAL;
    }
    *limits = made;
    return LB_OK;
}

void auth_limits_free(struct auth_limits *limits)
{
    free(limits);
}

static uint64_t limits_hash(const struct auth_limits *limits, struct bytes of)
{
    uint64_t hash = 0;
    _Static_assert(sizeof(hash) == crypto_shorthash_BYTES, "the hash is the key");
    (void)crypto_shorthash((uint8_t *)&hash, of.data, of.size, limits->hash_key);
    return hash;
}

/* --- buckets ---------------------------------------------------------------------------------- */

static int64_t bucket_filled(int64_t left, uint64_t per_s, int64_t elapsed_ms)
{
    const int64_t rate = (int64_t)per_s; /* thousandths a millisecond */
    const int64_t full = rate * BURST_S * MILLI;
    const int64_t missing_ms = (full - left + rate - 1) / rate;
    return elapsed_ms >= missing_ms ? full : left + elapsed_ms * rate;
}

static void bucket_fill(struct bucket *bucket, const struct auth_rate *rate, int64_t now_ms)
{
    const int64_t elapsed_ms = now_ms - bucket->filled_ms;
    if (elapsed_ms == 0) {
        return;
    }
    bucket->requests_milli =
        bucket_filled(bucket->requests_milli, rate->requests_per_s, elapsed_ms);
    bucket->bytes_milli = bucket_filled(bucket->bytes_milli, rate->bytes_per_s, elapsed_ms);
    bucket->filled_ms = now_ms;
}

static struct bucket *bucket_of(struct bucket set[WAYS], uint64_t key, const struct auth_rate *rate,
                                int64_t now_ms)
{
    struct bucket *room = &set[0];
    for (size_t i = 0; i < WAYS; i++) {
        if (set[i].is_used && set[i].key == key) {
            bucket_fill(&set[i], rate, now_ms);
            return &set[i];
        }
        if (room->is_used && (!set[i].is_used || set[i].filled_ms < room->filled_ms)) {
            room = &set[i];
        }
    }
    *room = (struct bucket){
        .key = key,
        .filled_ms = now_ms,
        .requests_milli = (int64_t)rate->requests_per_s * BURST_S * MILLI,
        .bytes_milli = (int64_t)rate->bytes_per_s * BURST_S * MILLI,
        .is_used = true,
    };
    return room;
}

static bool bucket_has_some(const struct bucket *bucket)
{
    return bucket->requests_milli >= MILLI && bucket->bytes_milli > 0;
}

static void bucket_take(struct bucket *bucket, size_t bytes)
{
    bucket->requests_milli -= MILLI;
    bucket->bytes_milli -= (int64_t)bytes * MILLI;
}

/* A principal's own, or that of all who have not logged in there. */
static struct bucket *bucket_of_caller(struct auth_limits *limits, uint32_t principal,
                                       uint64_t of_place, int64_t now_ms)
{
    const struct auth_limits_config *config = &limits->config;
    const struct auth_rate guest = {config->guest_requests_per_s, config->place.bytes_per_s};
    if (principal == 0) {
        return bucket_of(limits->guests[of_place % SETS], of_place, &guest, now_ms);
    }
    return bucket_of(limits->principals[principal % SETS], principal, &config->principal, now_ms);
}

bool auth_limit_request(struct auth_limits *limits, uint32_t principal,
                        const struct auth_place *place, size_t bytes, int64_t now_ms)
{
    const uint64_t of_place = limits_hash(limits, bytes_of(place->bytes, sizeof(place->bytes)));
    struct bucket *there =
        bucket_of(limits->places[of_place % SETS], of_place, &limits->config.place, now_ms);
    struct bucket *theirs = bucket_of_caller(limits, principal, of_place, now_ms);
    if (!bucket_has_some(there) || !bucket_has_some(theirs)) {
        limits->stats.requests_limited++;
        return false;
    }
    bucket_take(there, bytes);
    bucket_take(theirs, bytes);
    return true;
}

/* --- connections ------------------------------------------------------------------------------ */

/* The place's row, or the free one where it belongs. */
static size_t count_find(const struct auth_limits *limits, const struct auth_place *place)
{
    size_t at = limits_hash(limits, bytes_of(place->bytes, sizeof(place->bytes)));
    for (at &= limits->count_mask; limits->counts[at].count != 0;
         at = (at + 1) & limits->count_mask) {
        if (memcmp(&limits->counts[at].place, place, sizeof(*place)) == 0) {
            break;
        }
    }
    return at;
}

bool auth_limit_connect(struct auth_limits *limits, const struct auth_place *place, int64_t now_ms)
{
    const struct auth_rate rate = {limits->config.connections_place_per_s, 1};
    const uint64_t of = limits_hash(limits, bytes_of(place->bytes, sizeof(place->bytes)));
    struct bucket *arrivals = bucket_of(limits->arrivals[of % SETS], of, &rate, now_ms);
    struct place_count *row = &limits->counts[count_find(limits, place)];
    if (row->count >= limits->config.connections_place_max || !bucket_has_some(arrivals)) {
        limits->stats.connections_limited++;
        return false;
    }
    bucket_take(arrivals, 0);
    row->place = *place;
    row->count++;
    return true;
}

/* The rows after a freed one, up to the next free, may have stood there for want of it. */
static void count_close_gap(struct auth_limits *limits, size_t gap)
{
    size_t at = (gap + 1) & limits->count_mask;
    while (limits->counts[at].count != 0) {
        const struct place_count moved = limits->counts[at];
        limits->counts[at].count = 0;
        limits->counts[count_find(limits, &moved.place)] = moved;
        at = (at + 1) & limits->count_mask;
    }
}

void auth_limit_disconnect(struct auth_limits *limits, const struct auth_place *place)
{
    const size_t at = count_find(limits, place);
    LB_ASSERT(limits->counts[at].count > 0);
    if (--limits->counts[at].count == 0) {
        count_close_gap(limits, at);
    }
}

struct auth_limits_stats auth_limits_stats(const struct auth_limits *limits)
{
    return limits->stats;
}
