/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The boards that were worked out for everybody, kept as answers, and how much of that is allowed.
 * Loop's thread.
 */
#ifndef RPC_PUBLIC_BOARD_H
#define RPC_PUBLIC_BOARD_H

#include "lovebank/result.h"

struct rpc_public_boards;

LB_MUST_CHECK struct rpc_public_boards *rpc_public_boards_new(void); /* NULL: no memory */
void rpc_public_boards_free(struct rpc_public_boards *boards);       /* may be NULL */

#endif
