/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * import_list: the imports, newest first, with what their opening entries say and how many entries
 * came in under each. Who may not read all entries sees the imports of its own; a page looks at a
 * bounded number of them, so it may be short, even empty, and yet not be the last.
 */
#include "authorise.h"

#include "bank/records.h"
#include "entry/message.h"
#include "lovebank/v1/queries.pb-c.h"

#define IMPORT_ROWS_DEFAULT 20
#define IMPORT_LOOKS_MAX    LB_PAGE_ROWS_MAX

/* The entry that opened an import. */
static enum lb_result import_opened(struct rpc_call *call, uint64_t number, struct entry *entry)
{
    struct bytes packed;
    const enum lb_result result = engine_view_entry(&call->view, number, &packed, entry);
    if (result != LB_OK) {
        return result == LB_ENTRY_UNKNOWN ? LB_STORAGE_CORRUPT : result;
    }
    return entry->command.kind == ACT_IMPORT_OPEN ? LB_OK : LB_STORAGE_CORRUPT;
}

static enum lb_result import_fill(struct rpc_call *call, uint64_t import, const struct entry *entry,
                                  Lovebank__V1__ImportInfo *info)
{
    struct bytes files;
    struct chain_row chain;
    const enum lb_result result = engine_view_memo(&call->view, entry->number, &files);
    if (result != LB_OK) {
        return result;
    }
    chain_get(call->view.bank.views, CHAIN_IMPORT, import, &chain);
    info->import = import;
    info->entry = entry->number;
    info->kind = entry_text_to_pb(&call->arena, entry->command.act.import_open.kind);
    info->rows = entry->command.act.import_open.rows;
    info->files = entry_text_to_pb(&call->arena, files);
    info->recorded_ms = entry->recorded_ms;
    info->entries = chain.count;
    info->principal = entry->actor.principal;
    info->peer = entry->actor.peer;
    info->desk = entry->command.desk;
    return LB_OK;
}

/* Adds it to the page if the caller may see it. */
static enum lb_result import_add(struct rpc_call *call, uint64_t import, uint64_t number,
                                 struct rpc_rows *rows)
{
    struct entry entry;
    const enum lb_result result = import_opened(call, number, &entry);
    const bool is_shown = result == LB_OK && (rpc_is_own(call, &entry) ||
                                              rpc_may(call, RIGHT_READ_ENTRY, 0, rpc_today(call)));
    if (!is_shown) {
        return result;
    }
    Lovebank__V1__ImportInfo *info =
        rpc_rows_add(call, rows, &lovebank__v1__import_info__descriptor);
    return info == NULL ? LB_MEMORY : import_fill(call, import, &entry, info);
}

enum lb_result rpc_import_list(struct rpc_call *call)
{
    const Lovebank__V1__ImportListRequest *request =
        (const Lovebank__V1__ImportListRequest *)call->request;
    const struct views views = call->view.bank.views;
    const uint32_t wanted = request->limit == 0 ? IMPORT_ROWS_DEFAULT : request->limit;
    const uint32_t limit = wanted < LB_PAGE_ROWS_MAX ? wanted : LB_PAGE_ROWS_MAX;
    Lovebank__V1__ImportListResponse *response = rpc_call_respond(call);
    if (response == NULL) {
        return LB_MEMORY;
    }
    struct rpc_rows rows = {0};
    uint64_t import = request->before == 0 ? UINT64_MAX : request->before;
    uint64_t entry = 0;
    bool has_more = import_at_or_below(views, import - 1, &import, &entry);
    for (unsigned i = 0; has_more && rows.count < limit && i < IMPORT_LOOKS_MAX; i++) {
        const enum lb_result result = import_add(call, import, entry, &rows);
        if (result != LB_OK) {
            return result;
        }
        response->next = import;
        has_more = import_at_or_below(views, import - 1, &import, &entry);
    }
    response->next = has_more ? response->next : 0;
    response->imports = (Lovebank__V1__ImportInfo **)rows.items;
    response->n_imports = rows.count;
    return LB_OK;
}
