/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * entry_get: one entry, by its number or by the request that made it; with the proof that it is in
 * the tree, if asked for.
 */
#include "authorise.h"

#include "bank/roles.h"
#include "entry/command_codec.h"
#include "lovebank/v1/queries.pb-c.h"
#include "stored_entry.h"

#define PROOF_HASHES_MAX 64

static enum lb_result entry_get_prove(struct rpc_call *call, uint64_t number,
                                      Lovebank__V1__EntryGetResponse *response)
{
    uint8_t root[LB_HASH_BYTES];
    uint8_t proof[PROOF_HASHES_MAX][LB_HASH_BYTES];
    size_t count = 0;
    const uint64_t size = call->view.head_entry;
    enum lb_result result = engine_view_root(&call->view, size, root);
    if (result == LB_OK) {
        result = engine_view_proof(&call->view, number, size, proof, &count);
    }
    if (result != LB_OK) {
        return result;
    }
    response->proof = arena_take_zeroed(&call->arena, count, sizeof(*response->proof));
    if (count > 0 && response->proof == NULL) {
        return LB_MEMORY;
    }
    response->n_proof = count;
    for (size_t i = 0; i < count; i++) {
        response->proof[i] = rpc_call_binary(call, proof[i], LB_HASH_BYTES);
    }
    response->tree_size = size;
    response->tree_root = rpc_call_binary(call, root, sizeof(root));
    return LB_OK;
}

/* The number meant; 0: no entry was made under that request. */
static uint64_t entry_get_resolve(const struct entry_log *log, const struct entry_ref *target)
{
    return target->entry != 0 ? target->entry : log->find_request(log->context, &target->request);
}

enum lb_result rpc_entry_get(struct rpc_call *call)
{
    const Lovebank__V1__EntryGetRequest *request =
        (const Lovebank__V1__EntryGetRequest *)call->request;
    struct entry_ref target;
    const struct verdict verdict = entry_ref_from_pb(request->target, "target", &target);
    if (verdict.code != LB_OK) {
        return rpc_call_fail(call, verdict);
    }
    Lovebank__V1__EntryGetResponse *response = rpc_call_respond(call);
    Lovebank__V1__StoredEntry *stored =
        rpc_call_message(call, &lovebank__v1__stored_entry__descriptor);
    if (response == NULL || stored == NULL) {
        return LB_MEMORY;
    }
    const uint64_t number = entry_get_resolve(&call->view.bank.log, &target);
    if (number == 0) {
        response->code = LB_REQUEST_UNKNOWN;
        return LB_OK;
    }
    struct entry entry;
    const enum lb_result result = rpc_stored_entry(call, number, stored, &entry);
    if (result == LB_ENTRY_UNKNOWN) {
        response->code = LB_ENTRY_UNKNOWN;
        return LB_OK;
    }
    if (result != LB_OK) {
        return result;
    }
    const enum lb_result authorised = rpc_authorise_entry(call, &entry);
    if (authorised != LB_OK) {
        return authorised;
    }
    response->entry = stored;
    return request->with_proof ? entry_get_prove(call, number, response) : LB_OK;
}
