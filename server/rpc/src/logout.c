/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * logout: ends the session, or all of the operator's. The connection acts for its device again, or
 * for nobody.
 */
#include "call.h"

#include "lovebank/v1/services.pb-c.h"

enum lb_result rpc_logout(struct rpc_call *call)
{
    const Lovebank__V1__LogoutRequest *request = (const Lovebank__V1__LogoutRequest *)call->request;
    const struct auth_session_ref none = {0};
    struct auth *auth = call->rpc->ports.auth;
    struct auth_connection *connection = call->connection;
    struct auth_session session;
    Lovebank__V1__LogoutResponse *response = rpc_call_respond(call);
    if (response == NULL) {
        return LB_MEMORY;
    }
    if (auth == NULL || connection == NULL || connection->session.serial == 0) {
        return LB_OK;
    }
    const int64_t now_ms = clock_monotonic_ms(auth->clock);
    if (!auth_session_use(auth->sessions, connection->session, now_ms, &session)) {
        response->ended = 0;
    } else if (request->everywhere) {
        response->ended = auth_sessions_end_all(auth->sessions, session.principal, none, now_ms);
    } else {
        response->ended = auth_session_end(auth->sessions, connection->session, now_ms);
    }
    connection->session = none;
    log_info(call->rpc->ports.log, "logout", log_uint("principal", call->actor.principal),
             log_uint("sessions", response->ended));
    return LB_OK;
}
