/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Parts of the registry as they are shown, for more than one method. Under the call's view, on the
 * call's thread.
 */
#ifndef RPC_REGISTRY_INFO_H
#define RPC_REGISTRY_INFO_H

#include "call.h"

/* Adds all below `top` on that day, 0: all roots and what is below them, as messages Org, each
 * parent before its children, siblings by number. false: no memory. */
LB_MUST_CHECK bool rpc_orgs_below(struct rpc_call *call, uint64_t top, int32_t day,
                                  struct rpc_rows *rows);
/* Adds the classes by number, as messages ClassInfo. false: no memory. */
LB_MUST_CHECK bool rpc_classes(struct rpc_call *call, bool is_public_only, struct rpc_rows *rows);

#endif
