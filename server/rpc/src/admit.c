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

/* Finds the actor of a request that has a connection. */
static enum lb_result admit_find_actor(struct rpc *rpc, struct rpc_request *request)
{
    const struct auth_connection *connection = request->connection;
    struct auth_session who;
    const enum lb_result result = auth_connection_who(rpc->ports.auth, connection, &who);
    request->actor = (struct actor){
        .principal = who.principal,
        .device = who.device,
        .peer = who.principal == 0 ? connection->peer : 0,
        .is_trusted = connection->is_trusted,
    };
    return result;
}

static enum lb_result admit_judge(const struct rpc_method *method,
                                  const struct rpc_request *request, enum lb_result result)
{
    if (result != LB_OK && (method->flags & RPC_OPEN) == 0) {
        return result;
    }
    return rpc_is_admitted(method, &request->actor) ? LB_OK : LB_LOGIN_REQUIRED;
}

enum lb_result rpc_admit(struct rpc *rpc, const struct rpc_method *method,
                         struct rpc_request *request)
{
    enum lb_result result = LB_OK;
    if (request->connection != NULL) {
        result = admit_find_actor(rpc, request);
        if (!admit_is_within_limits(rpc, method, request)) {
            return LB_TRY_LATER;
        }
    }
    return admit_judge(method, request, result);
}

enum lb_result rpc_admit_again(struct rpc *rpc, const struct rpc_method *method,
                               struct rpc_request *request)
{
    const enum lb_result result =
        request->connection == NULL ? LB_OK : admit_find_actor(rpc, request);
    return admit_judge(method, request, result);
}
