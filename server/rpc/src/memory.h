/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The memory of calls, as a port for their arenas: counted over all of them, and capped, so that
 * many large requests at once are told to try later instead of filling the machine.
 */
#ifndef RPC_MEMORY_H
#define RPC_MEMORY_H

#include "call.h"

/* The memory must stay where it is: its port points to it. */
void rpc_memory_init(struct rpc_memory *memory, size_t bytes_max);

#endif
