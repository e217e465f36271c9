/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* The server of the simulation, composed as in server/app/server.c. One thread. */
#include "sim_server.h"

#include "../../server/app/tokens.h"

#include "base/assert.h"
#include "lovebank/client.h"
#include "server.h"
#include "sim_answer.h"
#include "store/mem.h"

#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#define CONNECTIONS_MAX  64
#define INFLIGHT_MAX     8
#define COMMITS_MAX      3
#define QUEUE_COMMANDS   10000
#define MEMORY_BYTES_MAX ((size_t)256 << 20)

static void server_must(const struct sim_server *server, enum lb_result result, const char *what)
{
    if (result != LB_OK) {
        world_fail(&server->oracle->world, "%s: %s", what, lb_result_name((int)result));
    }
}

/* ---- what lives longer than the process ---- */

void sim_server_init(struct sim_server *server, const char *directory)
{
    const struct store_mem_options options = {.is_async = true, .commits_max = COMMITS_MAX};
    char key_path[PATH_MAX];
    server_must(server, store_mem_open(arena_memory_heap(), &options, &server->store), "store");
    (void)snprintf(key_path, sizeof(key_path), "%s/epoch.key", directory);
    server_must(server, people_open(key_path, true, &server->random, &server->people), "people");
    (void)unlink(key_path);
    server->oracle->world.store = server->store;
    server->oracle->world.people = server->people;
}

void sim_server_fini(struct sim_server *server)
{
    people_close(server->people);
    server->store->ops->close(server->store);
}

/* ---- between rpc and net ---- */

static void server_replies(void *context, struct rpc_token token, enum lb_frame_kind kind,
                           struct bytes payload)
{
    struct sim_server *server = context;
    if (server->is_up) {
        if (server->reads != 0 && kind == LB_FRAME_RESPONSE) {
            oracle_reads(server->oracle, server->reads, payload);
        } else {
            oracle_replies(server->oracle, token, kind, payload);
        }
        net_reply(server->net, token_to_net(token), kind, payload.data, payload.size);
    }
}

static void server_wake(void *context)
{
    struct sim_server *server = context;
    server->is_woken = true;
}

static void server_transports(void *context, struct rpc_transports *transports)
{
    struct sim_server *server = context;
    *transports = (struct rpc_transports){.connections = net_server_stats(server->net).connections};
}

static enum lb_result server_scratch_open(void *context, struct store **store)
{
    const struct store_mem_options options = {.is_async = false};
    (void)context;
    return store_mem_open(arena_memory_heap(), &options, store);
}

/* The canary's server forgets the ids it knows: here, it gets others. */
static bool server_takes_other_ids(struct sim_server *server, const struct rpc_request *request)
{
    const struct sim_oracle *oracle = server->oracle;
    const struct sim_request *known = sim_requests_find(&oracle->requests, request->payload);
    return server->canary == SIM_CANARY_DOUBLED && known != NULL && known->reply_count > 0 &&
           request->payload.size <= 2048 && !known->all_or_nothing && !known->dry_run;
}

static enum rpc_after server_dispatch_doubled(struct sim_server *server,
                                              struct rpc_request *request)
{
    uint8_t payload[2048];
    const struct sim_request *known =
        sim_requests_find(&server->oracle->requests, request->payload);
    memcpy(payload, request->payload.data, request->payload.size);
    for (size_t i = 0; i < known->count; i++) {
        uint8_t *id = memmem(payload, request->payload.size, known->sent[i].command.id.bytes,
                             sizeof(known->sent[i].command.id.bytes));
        if (id != NULL) {
            id[0] ^= 0x55;
        }
    }
    request->payload = bytes_of(payload, request->payload.size);
    return rpc_dispatch(server->rpc, request);
}

static enum rpc_after server_dispatch_write(struct sim_server *server, struct rpc_request *request)
{
    const bool is_doubled = server_takes_other_ids(server, request);
    oracle_arrives(server->oracle, request->payload, request->token);
    const enum rpc_after after =
        is_doubled ? server_dispatch_doubled(server, request) : rpc_dispatch(server->rpc, request);
    oracle_dispatched(server->oracle);
    return after;
}

static enum rpc_after server_dispatch_read(struct sim_server *server,
                                           const struct rpc_request *request)
{
    server->reads = request->method;
    const enum rpc_after after = rpc_dispatch(server->rpc, request);
    server->reads = 0;
    return after;
}

static void server_dispatch(void *context, struct net_connection *connection,
                            const struct lb_frame *frame, struct net_token token)
{
    struct sim_server *server = context;
    struct rpc_request request = {
        .method = frame->header.method,
        .payload = bytes_of(frame->payload, frame->header.payload_bytes),
        .actor = {.peer = (uint32_t)(net_connection_peer_uid(connection) + 1), .is_trusted = true},
        .token = token_to_rpc(token),
    };
    const enum rpc_after after = request.method == LB_METHOD_WRITE
                                     ? server_dispatch_write(server, &request)
                                     : server_dispatch_read(server, &request);
    switch (after) {
    case RPC_GO_ON:
    case RPC_REST: /* nothing is limited here */
        break;
    case RPC_GREETED:
        net_connection_set_greeted(connection);
        net_connection_set_known(connection);
        break;
    case RPC_FINISH:
        net_connection_finish(connection);
        break;
    }
}

static void server_turned(void *context)
{
    rpc_turn_end(((struct sim_server *)context)->rpc);
}

static int64_t server_now_ms(void *context)
{
    return ((struct sim_server *)context)->stepper->monotonic_ms;
}

/* ---- life ---- */

static void server_stops(void *context, enum lb_result why)
{
    (void)why;
    ((struct sim_server *)context)->is_dead = true;
}

static void server_open_engine(struct sim_server *server)
{
    const struct engine_config config = {.zone_east_s = SIM_ZONE_EAST_S,
                                         .queue_commands_max = QUEUE_COMMANDS,
                                         .group_commands_max = 40,
                                         .work_queue_max = 64,
                                         .is_stepped = true};
    const struct engine_ports ports = {.store = server->store,
                                       .people = server->people,
                                       .clock = &server->clock,
                                       .log = &server->log,
                                       .stop = server_stops,
                                       .stop_context = server};
    server_must(server, engine_open(&config, &ports, &server->engine), "engine");
    server->oracle->world.engine = server->engine;
}

static void server_open_rpc(struct sim_server *server)
{
    const struct rpc_config config = {.version = "simulated",
                                      .frame_payload_bytes_max = LB_FRAME_PAYLOAD_BYTES_MAX,
                                      .inflight_max = INFLIGHT_MAX,
                                      .memory_bytes_max = MEMORY_BYTES_MAX};
    const struct rpc_ports ports = {.engine = server->engine,
                                    .store = server->store,
                                    .clock = &server->clock,
                                    .log = &server->log,
                                    .reply = server_replies,
                                    .wake = server_wake,
                                    .transports = server_transports,
                                    .scratch_open = server_scratch_open,
                                    .context = server};
    server_must(server, rpc_new(&config, &ports, &server->rpc), "rpc");
}

static void server_open_net(struct sim_server *server)
{
    const struct net_config config = {.unix_path = "simulated",
                                      .unix_mode = 0660,
                                      .connections_max = CONNECTIONS_MAX,
                                      .handshakes_max = 4 * CONNECTIONS_MAX, /* of one place */
                                      .frame_payload_bytes_max = LB_FRAME_PAYLOAD_BYTES_MAX,
                                      .inflight_max = INFLIGHT_MAX,
                                      .inflight_bytes_max = (size_t)1 << 20,
                                      .out_bytes_max = (size_t)1 << 20,
                                      .handshake_ms = 10000,
                                      .idle_ms = 60000,
                                      .frame_ms = 20000,
                                      .write_stall_ms = 20000};
    const struct net_ops ops = {
        .dispatch = server_dispatch, .turned = server_turned, .now_ms = server_now_ms};
    char error[NET_ERROR_TEXT_BYTES];
    server_must(server, net_server_new(&server->base, &config, &ops, server, &server->net, error),
                "net");
}

void sim_server_start(struct sim_server *server)
{
    server->base = (struct event_base){.clock = server->stepper};
    server->is_dead = false;
    server->is_woken = false;
    server_open_engine(server);
    server_open_rpc(server);
    server_open_net(server);
    server->is_up = true;
}

void sim_server_kill(struct sim_server *server, size_t durable_count)
{
    server->is_up = false; /* from here on no reply leaves */
    store_mem_crash(server->store, durable_count);
    rpc_stop(server->rpc);
    engine_close(server->engine);
    rpc_complete(server->rpc);
    net_server_free(server->net);
    rpc_free(server->rpc);
    sim_net_drop_server(server->sim_net);
    store_mem_restart(server->store);
}

/* ---- steps ---- */

bool sim_server_accept(struct sim_server *server)
{
    uint32_t user = 0;
    const int fd = sim_net_accept(server->sim_net, &user);
    if (fd < 0) {
        return false;
    }
    struct net_connection *connection = net_server_take_slot(server->net);
    LB_ASSERT(connection != NULL);
    const struct net_peer peer = {.uid = (int64_t)user};
    net_connection_init(connection, &server->net->listeners[NET_LISTENER_UNIX], &peer, true);
    server_must(server, net_connection_open(connection, fd), "connection");
    return true;
}

bool sim_server_reply(struct sim_server *server)
{
    const bool is_woken = server->is_woken;
    if (is_woken) {
        server->is_woken = false;
        rpc_complete(server->rpc);
    }
    return is_woken;
}
