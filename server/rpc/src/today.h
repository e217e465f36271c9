/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The book's civil day, for queries that name none.
 */
#ifndef RPC_TODAY_H
#define RPC_TODAY_H

#include "call.h"

static inline int32_t rpc_today(const struct rpc_call *call)
{
    struct engine_status status;
    engine_status(call->rpc->ports.engine, &status);
    return status.today_day;
}

#endif
