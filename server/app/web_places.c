/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Connections of HTTP by place.
 */
#include "app/web_places.h"

#include "base/clock.h"
#include "base/random.h"

#include <string.h>

#define SAY_MS 1000

enum lb_result web_places_init(struct web_places *places, const struct options *options,
                               const struct log *log)
{
    const struct auth_limits_config config = {
        .principal = {options->account_requests, options->account_bytes},
        .place = {options->place_requests, options->place_bytes},
        .guest_requests_per_s = options->guest_requests,
        .connections_place_max = options->connections_place_max,
        .connections_place_per_s = options->connections_place_per_s,
        .connections_max = options->http_connections_max,
    };
    *places = (struct web_places){.log = log, .are_trusted = options->insecure_no_login};
    return auth_limits_new(&config, random_system(), &places->limits);
}

void web_places_fini(struct web_places *places)
{
    auth_limits_free(places->limits);
}

static void places_say_limited(struct web_places *places, int64_t now_ms)
{
    const uint64_t count = web_places_limited(places);
    if (places->said_count != 0 && now_ms - places->said_ms < SAY_MS) {
        return;
    }
    log_warn(places->log, "limited", log_text("transport", "http"),
             log_uint("count", count - places->said_count));
    places->said_count = count;
    places->said_ms = now_ms;
}

bool web_places_enter(struct web_places *places, const struct http_peer *peer)
{
    const struct auth_place place = web_place(peer);
    const int64_t now_ms = clock_monotonic_ms(clock_system());
    if (web_places_is_trusted(places, peer) || auth_limit_connect(places->limits, &place, now_ms)) {
        return true;
    }
    atomic_fetch_add(&places->limited, 1);
    places_say_limited(places, now_ms);
    return false;
}

void web_places_leave(struct web_places *places, const struct http_peer *peer)
{
    const struct auth_place place = web_place(peer);
    if (!web_places_is_trusted(places, peer)) {
        auth_limit_disconnect(places->limits, &place);
    }
}

uint64_t web_places_limited(const struct web_places *places)
{
    return atomic_load(&places->limited);
}

bool web_places_is_trusted(const struct web_places *places, const struct http_peer *peer)
{
    static const uint8_t loopback6[16] = {[15] = 1};
    const bool is_loopback = peer->family == 4
                                 ? peer->bytes[0] == 127
                                 : memcmp(peer->bytes, loopback6, sizeof(loopback6)) == 0;
    return places->are_trusted && is_loopback;
}

struct auth_place web_place(const struct http_peer *peer)
{
    return peer->family == 4 ? auth_place_of_ip4(peer->bytes) : auth_place_of_ip6(peer->bytes);
}
