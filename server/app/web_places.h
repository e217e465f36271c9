/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Where those who come over HTTP are: how many connections one place may have, and who needs
 * no log-in. Connections of proxies, which bring everybody's, http does not tell of. Limits of
 * requests are rpc's, as for frames.
 *
 * web_places_enter and _leave belong to HTTP's thread; web_place is pure.
 */
#ifndef APP_WEB_PLACES_H
#define APP_WEB_PLACES_H

#include "app/options.h"
#include "auth/limits.h"
#include "auth/place.h"
#include "base/log.h"
#include "http/http.h"
#include "lovebank/result.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct web_places {
    const struct log *log;
    bool are_trusted;             /* those on this machine */
    struct auth_limits *limits;   /* of connections */
    atomic_uint_fast64_t limited; /* turned away, since the start; any thread */
    uint64_t said_count;          /* of them, as the log knows */
    int64_t said_ms;
};

/* LB_OK, LB_MEMORY, LB_INTERNAL. */
LB_MUST_CHECK enum lb_result web_places_init(struct web_places *places,
                                             const struct options *options, const struct log *log);
void web_places_fini(struct web_places *places);

/* false: too many connections from there, or too fast; else web_places_leave is due. */
bool web_places_enter(struct web_places *places, const struct http_peer *peer);
void web_places_leave(struct web_places *places, const struct http_peer *peer);
/* How many were told false. Any thread. */
uint64_t web_places_limited(const struct web_places *places);

/* It is on this machine, and this server asks nobody there to log in. Any thread. */
bool web_places_is_trusted(const struct web_places *places, const struct http_peer *peer);
struct auth_place web_place(const struct http_peer *peer);

#endif
