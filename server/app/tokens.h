/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The names of a request in flight: net's, and the one that rpc carries without looking inside.
 * Pure.
 */
#ifndef APP_TOKENS_H
#define APP_TOKENS_H

#include "net/net.h"
#include "rpc/rpc.h"

static inline struct rpc_token token_to_rpc(struct net_token token)
{
    return (struct rpc_token){.words = {(uint64_t)token.slot << 32 | token.place, token.serial}};
}

static inline struct net_token token_to_net(struct rpc_token token)
{
    return (struct net_token){
        .slot = (uint32_t)(token.words[0] >> 32),
        .place = (uint32_t)token.words[0],
        .serial = token.words[1],
    };
}

#endif
