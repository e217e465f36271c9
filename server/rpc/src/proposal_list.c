/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * proposal_list: what waits for a second person, newest first, as far as it is the caller's own, in
 * its scope, or the caller's to decide on. A page looks at a bounded number of proposals, so it may
 * be short, even empty, and yet not be the last.
 */
#include "authorise.h"
#include "bank/records.h"
#include "bank/roles.h"
#include "lovebank/v1/queries.pb-c.h"
#include "stored_entry.h"

#define PROPOSAL_ROWS_DEFAULT 50
#define PROPOSAL_LOOKS_MAX    LB_PAGE_ROWS_MAX
#define PROPOSAL_BYTES_MAX    (1u << 20)

_Static_assert(PROPOSAL_BYTES_MAX + LB_ENTRY_BYTES_MAX + LB_MEMO_BYTES_MAX <
                   LB_FRAME_PAYLOAD_BYTES_MAX / 2,
               "a page that has become full by its last entry fits in a frame");

struct proposals {
    struct rpc_rows rows;
    size_t page_bytes;
    unsigned looks; /* proposals looked at, shown or not */
};

static bool proposal_is_wanted(const struct proposal_row *row, bool with_decided, int32_t today)
{
    return with_decided || (row->decided_by == 0 && row->expires_day >= today);
}

/* Whoever made it, may read those of its org, or may decide on it. */
static bool proposal_is_shown(struct rpc_call *call, const struct entry *entry)
{
    const struct command decide = {
        .kind = ACT_PROPOSAL_DECIDE,
        .day = DAY_NONE,
        .act.proposal_decide.proposal.entry = entry->number,
    };
    const struct bank_context context = {.today_day = rpc_today(call), .actor = call->actor};
    return rpc_is_own(call, entry) ||
           rpc_may(call, RIGHT_READ_PROPOSALS, bank_entry_org(call->view.bank.views, entry),
                   entry->day) ||
           bank_authorise_command(&call->view.bank, &context, &decide).code == LB_OK;
}

/* Adds it to the page if the caller may see it. */
static enum lb_result proposal_add(struct rpc_call *call, const struct proposal_row *row,
                                   struct proposals *page)
{
    struct entry entry;
    struct bytes packed;
    enum lb_result result = engine_view_entry(&call->view, row->entry, &packed, &entry);
    if (result != LB_OK) {
        return result == LB_ENTRY_UNKNOWN ? LB_STORAGE_CORRUPT : result;
    }
    if (!proposal_is_shown(call, &entry)) {
        return LB_OK;
    }
    Lovebank__V1__ProposalInfo *info =
        rpc_rows_add(call, &page->rows, &lovebank__v1__proposal_info__descriptor);
    Lovebank__V1__StoredEntry *stored =
        rpc_call_message(call, &lovebank__v1__stored_entry__descriptor);
    if (info == NULL || stored == NULL) {
        return LB_MEMORY;
    }
    info->entry = stored;
    info->expires_day = row->expires_day;
    info->decided_by = row->decided_by;
    info->confirmed = row->is_confirmed;
    result = rpc_stored_entry(call, row->entry, stored, &entry);
    page->page_bytes += stored->packed.len;
    return result;
}

static bool page_has_room(const struct proposals *page, uint32_t limit)
{
    return page->rows.count < limit && page->looks < PROPOSAL_LOOKS_MAX &&
           page->page_bytes < PROPOSAL_BYTES_MAX;
}

enum lb_result rpc_proposal_list(struct rpc_call *call)
{
    const Lovebank__V1__ProposalListRequest *request =
        (const Lovebank__V1__ProposalListRequest *)call->request;
    const struct views views = call->view.bank.views;
    const uint32_t wanted = request->limit == 0 ? PROPOSAL_ROWS_DEFAULT : request->limit;
    const uint32_t limit = wanted < LB_PAGE_ROWS_MAX ? wanted : LB_PAGE_ROWS_MAX;
    Lovebank__V1__ProposalListResponse *response = rpc_call_respond(call);
    if (response == NULL) {
        return LB_MEMORY;
    }
    struct proposals page = {.looks = 0};
    struct proposal_row row = {.entry = 0};
    const uint64_t before = request->before_entry == 0 ? UINT64_MAX : request->before_entry;
    bool has_more = proposal_at_or_below(views, before - 1, &row);
    uint64_t last = 0;
    for (; has_more && page_has_room(&page, limit); page.looks++) {
        if (proposal_is_wanted(&row, request->with_decided, rpc_today(call))) {
            const enum lb_result result = proposal_add(call, &row, &page);
            if (result != LB_OK) {
                return result;
            }
        }
        last = row.entry;
        has_more = proposal_at_or_below(views, row.entry - 1, &row);
    }
    response->proposals = (Lovebank__V1__ProposalInfo **)page.rows.items;
    response->n_proposals = page.rows.count;
    response->next = has_more ? last : 0;
    return LB_OK;
}
