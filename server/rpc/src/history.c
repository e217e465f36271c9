/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * history: the entries of a member, a counter or an import, newest first, along the chain of links.
 * A page ends after so many entries, or after so many bytes.
 */
#include "authorise.h"

#include "lovebank/v1/queries.pb-c.h"
#include "member_info.h"
#include "stored_entry.h"

#define HISTORY_ROWS_DEFAULT   50
#define HISTORY_STEPS_MAX      10000 /* some 50 ms */
#define HISTORY_PAGE_BYTES_MAX (1u << 20)

_Static_assert(HISTORY_PAGE_BYTES_MAX + LB_ENTRY_BYTES_MAX + LB_MEMO_BYTES_MAX <
                   LB_FRAME_PAYLOAD_BYTES_MAX / 2,
               "a page that has become full by its last entry fits in a frame");

/* Whose entries: a member's (kind CHAIN_NONE), or those of another chain. */
struct history {
    enum chain_kind kind;
    uint64_t key;
    uint64_t last_entry;
};

/* false: the entry is not in the chain. *previous: the one before it there; 0: it is the first. */
static bool history_follow(const struct history *history, const struct entry *entry,
                           uint64_t *previous)
{
    if (history->kind != CHAIN_NONE) {
        const struct chain_link *link = entry_chain(entry, history->kind);
        *previous = link == NULL ? 0 : link->previous_entry;
        return link != NULL && link->key == history->key;
    }
    for (size_t i = 0; i < entry->link_count; i++) {
        if (entry->links[i].member == history->key) {
            *previous = entry->links[i].previous_entry;
            return true;
        }
    }
    *previous = 0;
    return false;
}

/* ---- whose ---- */

static struct history history_of_chain(struct rpc_call *call, enum chain_kind kind, uint64_t key)
{
    struct chain_row row;
    chain_get(call->view.bank.views, kind, key, &row);
    return (struct history){kind, key, row.last_entry};
}

static enum lb_result find_member(struct rpc_call *call, const Lovebank__V1__MemberRef *ref,
                                  struct history *history, uint32_t *code)
{
    struct member_row row;
    *code = (uint32_t)rpc_member_resolve(call, ref, &row);
    if (*code != LB_OK) {
        return LB_OK;
    }
    const int32_t today = rpc_today(call);
    *history = (struct history){CHAIN_NONE, row.member, row.last_entry};
    return rpc_authorise(call, RIGHT_READ_MEMBER,
                         member_row_org_on(call->view.bank.views, &row, today), today);
}

static enum lb_result find_counter(struct rpc_call *call, uint32_t number, struct history *history,
                                   uint32_t *code)
{
    struct counter_row counter;
    if (!counter_get(call->view.bank.views, number, &counter)) {
        *code = LB_COUNTER_UNKNOWN;
        return LB_OK;
    }
    *history = history_of_chain(call, CHAIN_COUNTER, number);
    return rpc_authorise(call, RIGHT_READ_ENTRY, counter.org, rpc_today(call));
}

static enum lb_result find_import(struct rpc_call *call, uint64_t import, struct history *history,
                                  uint32_t *code)
{
    struct bytes packed;
    struct entry opened;
    const uint64_t number = import_get(call->view.bank.views, import);
    if (number == 0) {
        *code = LB_IMPORT_UNKNOWN;
        return LB_OK;
    }
    *history = history_of_chain(call, CHAIN_IMPORT, import);
    const enum lb_result result = engine_view_entry(&call->view, number, &packed, &opened);
    if (result != LB_OK || rpc_is_own(call, &opened)) {
        return result;
    }
    return rpc_authorise(call, RIGHT_READ_ENTRY, 0, rpc_today(call));
}

/* The chain meant, if the caller may read it. *code: LB_OK, or what there is not. */
static enum lb_result history_find(struct rpc_call *call,
                                   const Lovebank__V1__HistoryRequest *request,
                                   struct history *history, uint32_t *code)
{
    *code = LB_OK;
    if (request->member != NULL) {
        return find_member(call, request->member, history, code);
    }
    return request->counter != 0 ? find_counter(call, request->counter, history, code)
                                 : find_import(call, request->import, history, code);
}

static struct verdict history_check(const Lovebank__V1__HistoryRequest *request)
{
    const int count = (request->member != NULL) + (request->counter != 0) + (request->import != 0);
    if (count == 0) {
        return (struct verdict){.code = LB_FIELD_MISSING, .text = "member, counter, import"};
    }
    if (count > 1) {
        return (struct verdict){LB_FIELD_INVALID, count, 1, 1, "member, counter, import"};
    }
    return (struct verdict){.code = LB_OK, .text = ""};
}

/* ---- a page ---- */

/* Where the page begins: the chain's newest entry below `before`. ENTRY_UNKNOWN: `before` is none
 * of the chain's, and far from its newest. */
static enum lb_result history_start(struct rpc_call *call, const struct history *history,
                                    uint64_t before, uint64_t *start)
{
    struct bytes packed;
    struct entry entry;
    *start = history->last_entry;
    if (before == 0) {
        return LB_OK;
    }
    enum lb_result result = engine_view_entry(&call->view, before, &packed, &entry);
    uint64_t previous = 0;
    if (result == LB_OK && history_follow(history, &entry, &previous)) {
        *start = previous;
        return LB_OK;
    }
    /* Not one of the chain's: along it, but not for so long that others wait. */
    for (uint32_t steps = 0; *start >= before; steps++) {
        if (steps == HISTORY_STEPS_MAX) {
            return rpc_call_fail(
                call, (struct verdict){.code = LB_ENTRY_UNKNOWN, .a = (int64_t)before, .text = ""});
        }
        result = engine_view_entry(&call->view, *start, &packed, &entry);
        if (result != LB_OK) {
            return result;
        }
        (void)history_follow(history, &entry, start);
    }
    return LB_OK;
}

static enum lb_result history_page(struct rpc_call *call, const struct history *history,
                                   uint64_t start, uint32_t limit,
                                   Lovebank__V1__HistoryResponse *response)
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
        (void)history_follow(history, &entry, &at);
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
    const struct verdict verdict = history_check(request);
    if (verdict.code != LB_OK) {
        return rpc_call_fail(call, verdict);
    }
    Lovebank__V1__HistoryResponse *response = rpc_call_respond(call);
    if (response == NULL) {
        return LB_MEMORY;
    }
    struct history history;
    uint64_t start = 0;
    enum lb_result result = history_find(call, request, &history, &response->code);
    if (result != LB_OK || response->code != LB_OK) {
        return result;
    }
    result = history_start(call, &history, request->before_entry, &start);
    if (result != LB_OK) {
        return result;
    }
    const uint32_t wanted = request->limit == 0 ? HISTORY_ROWS_DEFAULT : request->limit;
    const uint32_t limit = wanted < LB_PAGE_ROWS_MAX ? wanted : LB_PAGE_ROWS_MAX;
    response->member = history.kind == CHAIN_NONE ? history.key : 0;
    return history_page(call, &history, start, limit, response);
}
