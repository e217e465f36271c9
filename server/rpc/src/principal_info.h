/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A principal as it is shown: what its row says, and its roles of today. Never a credential.
 */
#ifndef RPC_PRINCIPAL_INFO_H
#define RPC_PRINCIPAL_INFO_H

#include "bank/records.h"
#include "call.h"
#include "lovebank/v1/queries.pb-c.h"

/* Fills the message, under the call's view. false: no memory. */
LB_MUST_CHECK bool rpc_principal_info(struct rpc_call *call, const struct principal_row *row,
                                      Lovebank__V1__PrincipalInfo *info);
/* Its name; "" for 0 and for one that there is not. *text lives as long as the call. */
LB_MUST_CHECK bool rpc_principal_name(struct rpc_call *call, uint32_t principal, char **text);

#endif
