/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * By whose token a connection, or a request over HTTP, comes: a session's, found in memory, or a
 * device's, found in the view that the turn's reads share. Loop's thread.
 */
#include "call.h"

#include "bank/records.h"

/* The device whose token it is; 0: nobody's. */
static enum lb_result identify_device(struct rpc *rpc, const uint8_t *token, uint32_t *device)
{
    uint8_t hash[LB_HASH_BYTES];
    struct principal_row row;
    *device = 0;
    enum lb_result result = rpc_reads_open(rpc);
    if (result != LB_OK) {
        return result;
    }
    const struct views views = rpc->reads.call.view.bank.views;
    auth_token_hash(token, hash);
    const uint32_t principal = principal_of_token(views, hash);
    const bool is_active =
        principal != 0 && principal_get(views, principal, &row) && row.state == PRINCIPAL_ACTIVE;
    result = views_fault(views);
    if (result != LB_OK) { /* the view has seen it: the next read shall look for itself */
        rpc_reads_end(rpc);
        return result;
    }
    if (!is_active) {
        return principal == 0 ? LB_SESSION_EXPIRED : LB_PRINCIPAL_LOCKED;
    }
    *device = principal;
    return LB_OK;
}

enum lb_result rpc_identify(struct rpc *rpc, struct bytes token, struct auth_connection *connection)
{
    struct auth *auth = rpc->ports.auth;
    connection->device = 0;
    connection->session = (struct auth_session_ref){0};
    if (auth == NULL || token.size != LB_TOKEN_BYTES) {
        return LB_SESSION_EXPIRED;
    }
    if (auth_session_find(auth->sessions, token.data, clock_monotonic_ms(auth->clock),
                          &connection->session)) {
        return LB_OK;
    }
    return identify_device(rpc, token.data, &connection->device);
}
