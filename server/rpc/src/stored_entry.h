/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * An entry as it is shown: its stored bytes and what stands beside it.
 */
#ifndef RPC_STORED_ENTRY_H
#define RPC_STORED_ENTRY_H

#include "bank/entry.h"
#include "call.h"
#include "lovebank/v1/queries.pb-c.h"

/* Fills the message, which lives as long as the view and the call; *entry is the decoded one.
 * LB_OK, LB_ENTRY_UNKNOWN, LB_MEMORY, STORAGE_*. */
LB_MUST_CHECK enum lb_result rpc_stored_entry(struct rpc_call *call, uint64_t number,
                                              Lovebank__V1__StoredEntry *to, struct entry *entry);

#endif
