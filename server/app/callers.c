/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Callers, each on the heap behind its connection. Loop's thread.
 */
#include "app/callers.h"

#include "base/clock.h"
#include "base/random.h"

#include <stdlib.h>

enum lb_result callers_open_auth(const struct options *options, struct auth **auth)
{
    const struct auth_config config = {
        .sessions = {.sessions_max = options->sessions_max,
                     .sessions_principal_max = options->sessions_operator_max,
                     .idle_ms = (int64_t)options->session_idle_ms,
                     .absolute_ms = (int64_t)options->session_absolute_ms},
        .limits = {.principal = {options->account_requests, options->account_bytes},
                   .place = {options->place_requests, options->place_bytes},
                   .guest_requests_per_s = options->guest_requests,
                   .connections_place_max = options->connections_place_max,
                   .connections_place_per_s = options->connections_place_per_s,
                   .connections_max = options->connections_max},
        .password_cost = auth_password_cost_default(),
        .password_queue_max = options->password_queue_max,
        .login_failures_max = options->login_failures_max,
    };
    return auth_new(&config, clock_system(), random_system(), auth);
}

static struct auth_place caller_place(const struct net_connection *connection)
{
    const struct net_address address = net_connection_peer_address(connection);
    switch (address.family) {
    case NET_FAMILY_IP4:
        return auth_place_of_ip4(address.bytes);
    case NET_FAMILY_IP6:
        return auth_place_of_ip6(address.bytes);
    case NET_FAMILY_UNIX:
        break;
    }
    return auth_place_of_user((uint32_t)net_connection_peer_uid(connection));
}

bool callers_admit(struct callers *callers, struct net_connection *connection)
{
    const int64_t uid = net_connection_peer_uid(connection);
    uint64_t count = 0;
    struct auth_connection *caller = calloc(1, sizeof(*caller));
    if (caller == NULL) {
        return false;
    }
    caller->place = caller_place(connection);
    caller->peer = uid < 0 ? 0 : (uint32_t)(uid + 1);
    caller->is_trusted = callers->are_trusted && net_connection_is_local(connection);
    if (!caller->is_trusted && !auth_limit_connect(callers->auth->limits, &caller->place,
                                                   clock_monotonic_ms(callers->auth->clock))) {
        if (auth_has_news(callers->auth, &count)) {
            log_warn(callers->log, "limited", log_uint("count", count),
                     log_uint("peer", caller->peer));
        }
        free(caller);
        return false;
    }
    net_connection_set_data(connection, caller);
    return true;
}

void callers_dismiss(struct callers *callers, struct net_connection *connection)
{
    struct auth_connection *caller = net_connection_data(connection);
    if (caller != NULL && !caller->is_trusted) {
        auth_limit_disconnect(callers->auth->limits, &caller->place);
    }
    free(caller);
    net_connection_set_data(connection, NULL);
}

bool caller_is_known(const struct auth_connection *caller)
{
    return caller->is_trusted || caller->device != 0 || caller->session.serial != 0;
}

struct auth_connection *callers_of(const struct net_connection *connection)
{
    return net_connection_data(connection);
}
