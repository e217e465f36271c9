/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Before a request is looked at: who asks, by its connection, whether that is too much, and whether
 * one must have logged in. What who asks may do is authorise.h's. Loop's thread.
 */
#ifndef RPC_ADMIT_H
#define RPC_ADMIT_H

#include "call.h"

/* Finds the request's actor. LB_OK, LB_TRY_LATER, LB_LOGIN_REQUIRED, LB_SESSION_EXPIRED. */
LB_MUST_CHECK enum lb_result rpc_admit(struct rpc *rpc, const struct rpc_method *method,
                                       struct rpc_request *request);
/* The same for one that was admitted and has waited since: it was counted then. */
LB_MUST_CHECK enum lb_result rpc_admit_again(struct rpc *rpc, const struct rpc_method *method,
                                             struct rpc_request *request);

#endif
