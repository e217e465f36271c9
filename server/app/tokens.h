/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The names of a request in flight: net's, HTTP's bridge's, and the one that rpc carries without
 * looking inside. Pure.
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

/* Net's slots are below 2^31: this bit says that the request came over HTTP. */
#define TOKEN_OF_WEB (UINT64_C(1) << 63)
_Static_assert(NET_CONNECTIONS_MAX < 1 << 30, "a slot leaves the bit free");

static inline bool token_is_web(struct rpc_token token)
{
    return (token.words[0] & TOKEN_OF_WEB) != 0;
}

static inline struct rpc_token token_of_web(uint32_t place, uint64_t serial)
{
    return (struct rpc_token){.words = {TOKEN_OF_WEB | place, serial}};
}

static inline uint32_t token_web_place(struct rpc_token token)
{
    return (uint32_t)token.words[0];
}

static inline uint64_t token_web_serial(struct rpc_token token)
{
    return token.words[1];
}

#endif
