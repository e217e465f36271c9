/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * whoami: whom the connection acts for, at which device, with which roles, until when.
 */
#include "lovebank/v1/queries.pb-c.h"
#include "principal_info.h"

/* NULL: nobody of that number, or no memory, which the arena tells. */
static Lovebank__V1__PrincipalInfo *whoami_info(struct rpc_call *call, uint32_t principal)
{
    struct principal_row row;
    if (principal == 0 || !principal_get(call->view.bank.views, principal, &row)) {
        return NULL;
    }
    Lovebank__V1__PrincipalInfo *info =
        rpc_call_message(call, &lovebank__v1__principal_info__descriptor);
    return info != NULL && rpc_principal_info(call, &row, info) ? info : NULL;
}

static int64_t whoami_expires_ms(const struct rpc_call *call)
{
    struct auth *auth = call->rpc->ports.auth;
    struct auth_session session;
    if (auth == NULL || call->connection == NULL || call->connection->session.serial == 0) {
        return 0;
    }
    const int64_t now_ms = clock_monotonic_ms(auth->clock);
    if (!auth_session_use(auth->sessions, call->connection->session, now_ms, &session)) {
        return 0;
    }
    return clock_now_ms(auth->clock) + (session.expires_ms - now_ms);
}

enum lb_result rpc_whoami(struct rpc_call *call)
{
    Lovebank__V1__WhoamiResponse *response = rpc_call_respond(call);
    if (response == NULL) {
        return LB_MEMORY;
    }
    response->principal = whoami_info(call, call->actor.principal);
    response->device = whoami_info(call, call->actor.device);
    response->session_expires_ms = whoami_expires_ms(call);
    response->is_trusted = call->actor.is_trusted;
    return call->arena.exhausted ? LB_MEMORY : LB_OK;
}
