/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Who asks, and whether too much. Loop's thread.
 */
#include "admit.h"

#include "authorise.h"

/* Whoever proves who it is counts as a guest until that is proved. */
static bool admit_is_within_limits(struct rpc *rpc, const struct rpc_method *method,
                                   const struct rpc_request *request)
{
    struct auth *auth = rpc->ports.auth;
    const bool is_guest = (method->flags & RPC_SECRET) != 0;
    uint64_t count = 0;
    if (auth == NULL || request->actor.is_trusted ||
        auth_limit_request(auth->limits, is_guest ? 0 : request->actor.principal,
                           &request->connection->place, request->payload.size,
                           clock_monotonic_ms(auth->clock))) {
        return true;
    }
    if (auth_has_news(auth, &count)) {
        log_warn(rpc->ports.log, "limited", log_uint("count", count),
                 log_uint("principal", request->actor.principal),
                 log_uint("peer", request->connection->peer));
    }
    return false;
}

enum lb_result rpc_admit(struct rpc *rpc, const struct rpc_method *method,
                         struct rpc_request *request)
{
    const struct auth_connection *connection = request->connection;
    enum lb_result result = LB_OK;
    if (connection != NULL) {
        struct auth_session who;
        result = auth_connection_who(rpc->ports.auth, connection, &who);
        request->actor = (struct actor){
            .principal = who.principal,
            .device = who.device,
            .peer = who.principal == 0 ? connection->peer : 0,
            .is_trusted = connection->is_trusted,
        };
        if (!admit_is_within_limits(rpc, method, request)) {
            return LB_TRY_LATER;
        }
    }
    if (result != LB_OK && (method->flags & RPC_OPEN) == 0) {
        return result;
    }
    return rpc_is_admitted(method, &request->actor) ? LB_OK : LB_LOGIN_REQUIRED;
}
