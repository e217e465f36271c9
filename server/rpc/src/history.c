/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * history: a member's entries, newest first, along the chain of links. A page ends after so many
 * entries, or after so many bytes.
 */
#include "call.h"

#include "lovebank/v1/queries.pb-c.h"
#include "member_info.h"
#include "stored_entry.h"

#define HISTORY_ROWS_DEFAULT   50
#define HISTORY_PAGE_BYTES_MAX (1u << 20)

_Static_assert(HISTORY_PAGE_BYTES_MAX + LB_ENTRY_BYTES_MAX + LB_MEMO_BYTES_MAX <
                   LB_FRAME_PAYLOAD_BYTES_MAX / 2,
               "a page that has become full by its last entry fits in a frame");

/* The member's entry before this one; 0: none, or it is not the member's. */
static uint64_t previous_entry(const struct entry *entry, uint64_t member)
{
    for (size_t i = 0; i < entry->link_count; i++) {
        if (entry->links[i].member == member) {
            return entry->links[i].previous_entry;
        }
    }
    return 0;
}

/* Where the page begins: the member's newest entry below `before`. */
static enum lb_result history_start(struct rpc_call *call, const struct member_row *row,
                                    uint64_t before, uint64_t *start)
{
    struct bytes packed;
    struct entry entry;
    *start = row->last_entry;
    if (before == 0) {
        return LB_OK;
    }
    enum lb_result result = engine_view_entry(&call->view, before, &packed, &entry);
    if (result == LB_OK && (*start == before || previous_entry(&entry, row->member) != 0)) {
        *start = previous_entry(&entry, row->member);
        return LB_OK;
    }
    /* Not one of the member's: along the chain. */
    while (*start >= before) {
        result = engine_view_entry(&call->view, *start, &packed, &entry);
        if (result != LB_OK) {
            return result;
        }
        *start = previous_entry(&entry, row->member);
    }
    return LB_OK;
}

static enum lb_result history_page(struct rpc_call *call, uint64_t member, uint64_t start,
                                   uint32_t limit, Lovebank__V1__HistoryResponse *response)
{
    struct rpc_rows rows = {0};
    size_t page_bytes = 0;
    uint64_t at = start;
    uint64_t last = 0;
    while (at != 0 && rows.count < limit && page_bytes < HISTORY_PAGE_BYTES_MAX) {
        struct entry entry;
        Lovebank__V1__StoredEntry *stored =
            rpc_rows_add(call, &rows, &lovebank__v1__stored_entry__descriptor);
        if (stored == NULL) {
            return LB_MEMORY;
        }
        const enum lb_result result = rpc_stored_entry(call, at, stored, &entry);
        if (result != LB_OK) {
            return result;
        }
        page_bytes += stored->packed.len;
        last = at;
        at = previous_entry(&entry, member);
    }
    response->entries = (Lovebank__V1__StoredEntry **)rows.items;
    response->n_entries = rows.count;
    response->next = at == 0 ? 0 : last;
    return LB_OK;
}

enum lb_result rpc_history(struct rpc_call *call)
{
    const Lovebank__V1__HistoryRequest *request =
        (const Lovebank__V1__HistoryRequest *)call->request;
    Lovebank__V1__HistoryResponse *response = rpc_call_respond(call);
    struct member_row row;
    if (response == NULL) {
        return LB_MEMORY;
    }
    const enum lb_result found = rpc_member_resolve(call, request->member, &row);
    response->code = (uint32_t)found;
    if (found != LB_OK) {
        return LB_OK;
    }
    uint64_t start = 0;
    const enum lb_result result = history_start(call, &row, request->before_entry, &start);
    if (result != LB_OK) {
        return result;
    }
    const uint32_t wanted = request->limit == 0 ? HISTORY_ROWS_DEFAULT : request->limit;
    const uint32_t limit = wanted < LB_PAGE_ROWS_MAX ? wanted : LB_PAGE_ROWS_MAX;
    response->member = row.member;
    return history_page(call, row.member, start, limit, response);
}
