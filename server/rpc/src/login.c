/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * login: an operator's password, or a one-time code and the password to be, for a session.
 */
#include "sign_in.h"

#include "entry/message.h"
#include "lovebank/v1/services.pb-c.h"

/* The connection, if it is still there, acts for the operator from here on. */
static enum lb_result login_begin_session(struct rpc_call *call,
                                          Lovebank__V1__LoginResponse *response)
{
    const struct rpc_ports *ports = &call->rpc->ports;
    struct auth *auth = ports->auth;
    struct auth_connection *connection = ports->connection(ports->context, call->token);
    struct auth_session_ref ref;
    uint8_t *token = arena_take(&call->arena, LB_TOKEN_BYTES);
    if (connection == NULL || token == NULL) {
        return LB_TRY_LATER; /* gone: nobody gets the token */
    }
    const uint32_t device = call->actor.device != 0 ? call->actor.device : connection->device;
    const enum lb_result result =
        auth_session_begin(auth->sessions, call->sign_in->principal, device,
                           clock_monotonic_ms(auth->clock), token, &ref);
    if (result != LB_OK) {
        return result;
    }
    connection->session = ref;
    auth->stats.logins++;
    response->principal = call->sign_in->principal;
    response->token = (ProtobufCBinaryData){.len = LB_TOKEN_BYTES, .data = token};
    response->expires_ms = clock_now_ms(auth->clock) + auth->config.sessions.absolute_ms;
    log_info(ports->log, "login", log_uint("principal", response->principal),
             log_uint("device", device), log_uint("peer", connection->peer));
    return LB_OK;
}

static enum lb_result login_answer(struct rpc_call *call, const struct verdict *outcome)
{
    Lovebank__V1__LoginResponse *response = rpc_call_respond(call);
    if (response == NULL) {
        return LB_MEMORY;
    }
    const enum lb_result result =
        outcome->code == LB_OK ? login_begin_session(call, response) : outcome->code;
    response->code = (uint32_t)result;
    response->a = outcome->a;
    response->b = outcome->b;
    return LB_OK;
}

enum lb_result rpc_login(struct rpc_call *call)
{
    const Lovebank__V1__LoginRequest *request = (const Lovebank__V1__LoginRequest *)call->request;
    const struct rpc_sign_in_request wanted = {
        .login = entry_text_from_pb(request->login),
        .password = entry_text_from_pb(request->password),
        .new_password = entry_text_from_pb(request->new_password),
    };
    struct verdict outcome;
    if (call->rpc->ports.auth == NULL || call->connection == NULL) {
        return LB_METHOD_UNKNOWN;
    }
    return rpc_sign_in_begin(call, &wanted, &outcome) ? login_answer(call, &outcome) : LB_OK;
}

enum lb_result rpc_login_finish(struct rpc_call *call)
{
    struct verdict outcome;
    return rpc_sign_in_go_on(call, &outcome) ? login_answer(call, &outcome) : LB_OK;
}
