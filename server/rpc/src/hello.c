/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * hello: the versions of both sides, the limits a client keeps to, and by whose token it comes.
 */
#include "call.h"

#include "entry/message.h"
#include "lovebank/limits.h"
#include "lovebank/v1/services.pb-c.h"

/* The connection acts for whom the token names, from here on; for nobody if it is no good. */
static enum lb_result hello_take_token(struct rpc_call *call, ProtobufCBinaryData token,
                                       uint32_t *principal)
{
    struct auth_connection *connection = call->connection;
    struct auth_session who;
    *principal = 0;
    if (connection == NULL) {
        return LB_SESSION_EXPIRED;
    }
    enum lb_result result = rpc_identify(call->rpc, bytes_of(token.data, token.len), connection);
    if (result == LB_OK) {
        result = auth_connection_who(call->rpc->ports.auth, connection, &who);
    }
    *principal = result == LB_OK ? who.principal : 0;
    return result;
}

enum lb_result rpc_hello(struct rpc_call *call)
{
    const Lovebank__V1__HelloRequest *request = (const Lovebank__V1__HelloRequest *)call->request;
    Lovebank__V1__HelloResponse *response = rpc_call_respond(call);
    if (response == NULL) {
        return LB_MEMORY;
    }
    const struct rpc_config *config = &call->rpc->config;
    const bool is_same = request->protocol_version == LB_PROTOCOL_VERSION;
    struct engine_status status;
    engine_status(call->rpc->ports.engine, &status);
    response->code = is_same ? LB_OK : LB_VERSION_MISMATCH;
    response->protocol_version = LB_PROTOCOL_VERSION;
    response->server = entry_text_to_pb(&call->arena, bytes_of_text(config->version));
    response->frame_payload_bytes_max = config->frame_payload_bytes_max;
    response->batch_commands_max = LB_BATCH_COMMANDS_MAX;
    response->inflight_max = config->inflight_max;
    response->today_day = status.today_day;
    response->zone_east_s = status.zone_east_s;
    response->token_code = LB_OK;
    response->principal = call->actor.principal;
    if (is_same && request->token.len > 0) {
        response->token_code =
            (uint32_t)hello_take_token(call, request->token, &response->principal);
    }
    call->after = is_same ? RPC_GREETED : RPC_FINISH;
    log_debug(call->rpc->ports.log, "hello", log_uint("version", request->protocol_version),
              log_bytes("client", entry_text_from_pb(request->client)));
    return LB_OK;
}
