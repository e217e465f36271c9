/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * status: what the server is doing. Counts members and cards as rpc keeps them. Without a log-in
 * only what proves that the book is there and goes on.
 */
#include "call.h"

#include "entry/message.h"
#include "lovebank/v1/queries.pb-c.h"
#include "people/people.h"

static void status_tell_access(struct auth *auth, Lovebank__V1__StatusResponse *response)
{
    const struct auth_limits_stats limits = auth_limits_stats(auth->limits);
    response->sessions = auth_sessions_count(auth->sessions, clock_monotonic_ms(auth->clock));
    response->logins = auth->stats.logins;
    response->logins_failed = auth->stats.logins_failed;
    response->accounts_locked = auth->stats.accounts_locked;
    response->requests_limited = limits.requests_limited;
    response->connections_limited += limits.connections_limited;
}

static void status_tell_safety(struct rpc *rpc, const struct engine_status *status,
                               Lovebank__V1__StatusResponse *response)
{
    const struct store_stats *store = &status->store;
    struct rpc_backup_run *run = &rpc->backup;
    response->checkpoint_entry = store->checkpoint_entry < status->durable_entry
                                     ? store->checkpoint_entry
                                     : status->durable_entry;
    response->checkpoint_ms = store->checkpoint_ms;
    pthread_mutex_lock(&run->lock);
    response->backup_ms = run->good_ms;
    response->backup_verified = run->good_is_verified;
    pthread_mutex_unlock(&run->lock);
}

static void status_tell_transports(struct rpc *rpc, Lovebank__V1__StatusResponse *response)
{
    struct rpc_transports transports = {.connections = 0};
    rpc->ports.transports(rpc->ports.context, &transports);
    response->connections = transports.connections;
    response->http_connections = transports.http_connections;
    response->http_streams = transports.http_streams;
    response->http_requests = transports.http_requests;
    response->connections_limited += transports.http_connections_limited;
    response->requests = rpc->requests;
}

enum lb_result rpc_status(struct rpc_call *call)
{
    const struct rpc_ports *ports = &call->rpc->ports;
    Lovebank__V1__StatusResponse *response = rpc_call_respond(call);
    if (response == NULL) {
        return LB_MEMORY;
    }
    struct engine_status status;
    engine_status(ports->engine, &status);
    response->version = entry_text_to_pb(&call->arena, bytes_of_text(call->rpc->config.version));
    response->durable_entry = status.durable_entry;
    response->tree_size = status.tree_size;
    response->tree_root = rpc_call_binary(call, status.tree_root, sizeof(status.tree_root));
    response->today_day = status.today_day;
    if (!call->actor.is_trusted && call->actor.principal == 0) {
        return LB_OK;
    }
    response->members = call->rpc->members;
    response->cards = call->rpc->cards;
    response->started_ms = status.started_ms;
    response->read_only = status.read_only;
    response->map_bytes = status.store.map_bytes;
    response->map_used_bytes = status.store.map_used_bytes;
    response->groups = status.groups;
    response->entries_written = status.entries_written;
    status_tell_safety(call->rpc, &status, response);
    status_tell_transports(call->rpc, response);
    response->name_index_ready = people_index_is_ready(engine_people(ports->engine));
    if (ports->auth != NULL) {
        status_tell_access(ports->auth, response);
    }
    return LB_OK;
}
