/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Reads an entry, its memo, its reversal, who made it and where and, of an ask, how it ended.
 */
#include "stored_entry.h"

#include "bank/records.h"
#include "entry/message.h"
#include "principal_info.h"

/* What a confirmed act was for stands beside the entry that proposed it. */
static enum lb_result stored_memo(struct rpc_call *call, const struct entry *entry,
                                  struct bytes *memo)
{
    const enum lb_result result = engine_view_memo(&call->view, entry->number, memo);
    if (result != LB_OK || memo->size > 0 || entry->proposal == 0) {
        return result;
    }
    return engine_view_memo(&call->view, entry->proposal, memo);
}

enum lb_result rpc_stored_entry(struct rpc_call *call, uint64_t number,
                                Lovebank__V1__StoredEntry *to, struct entry *entry)
{
    const struct views views = call->view.bank.views;
    struct bytes packed;
    struct bytes memo;
    enum lb_result result = engine_view_entry(&call->view, number, &packed, entry);
    if (result != LB_OK) {
        return result;
    }
    result = stored_memo(call, entry, &memo);
    if (result != LB_OK) {
        return result;
    }
    to->packed = rpc_call_binary(call, packed.data, packed.size);
    to->reversed_by = reversed_by(views, number);
    to->memo = entry_text_to_pb(&call->arena, memo);
    uint64_t settled_by = 0;
    to->settled_by = ask_get(views, number, &settled_by) ? settled_by : 0;
    const bool is_named = rpc_principal_name(call, entry->actor.principal, &to->principal_name) &&
                          rpc_principal_name(call, entry->approver, &to->approver_name) &&
                          rpc_principal_name(call, entry->actor.device, &to->device_name);
    return call->arena.exhausted || !is_named ? LB_MEMORY : LB_OK;
}
