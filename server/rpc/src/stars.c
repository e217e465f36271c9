/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * stars: a page of the star board, at the newest entry or as of an earlier one. Runs on the work
 * thread; the board worked out last is kept for its further pages.
 */
#include "authorise.h"
#include "bank/records.h"
#include "call.h"

#include "lovebank/v1/queries.pb-c.h"
#include "member_info.h"
#include "report/as_of.h"
#include "report/board.h"

static struct board_query stars_query(const Lovebank__V1__StarsRequest *request)
{
    return (struct board_query){
        .year = request->year,
        .org = request->org,
        .class_id = request->class_id,
        .order = request->by == LOVEBANK__V1__BOARD_ORDER__BOARD_ORDER_HOURS ? BOARD_BY_MINUTES
                                                                             : BOARD_BY_POINTS,
        .top = request->top,
        .at_least = request->at_least,
    };
}

static enum lb_result stars_make(struct rpc_board_cache *cache, struct views views,
                                 struct verdict *verdict)
{
    *verdict = board_make(views, &cache->query, &cache->arena, &cache->board);
    return views_fault(views);
}

/* The log is folded again up to that entry, in a store of its own. */
static enum lb_result stars_make_as_of(struct rpc *rpc, uint64_t entry, struct verdict *verdict)
{
    struct store *scratch = NULL;
    enum lb_result result = rpc->ports.scratch_open(rpc->ports.context, &scratch);
    if (result != LB_OK) {
        return result;
    }
    const struct as_of_source source = {
        .engine = rpc->ports.engine,
        .scratch = scratch,
        .memory = arena_memory_heap(),
        .is_stopped = rpc_is_stopped,
        .context = rpc,
    };
    struct as_of as_of;
    result = as_of_open(&source, entry, &as_of);
    if (result == LB_OK) {
        result = stars_make(&rpc->board, as_of.views, verdict);
        as_of_close(&as_of);
    }
    scratch->ops->close(scratch);
    return result;
}

/* Puts the board wanted into the cache. *entry 0 becomes the newest. */
static enum lb_result stars_prepare(struct rpc_call *call, const struct board_query *query,
                                    uint64_t *entry, struct verdict *verdict)
{
    struct rpc *rpc = call->rpc;
    struct rpc_board_cache *cache = &rpc->board;
    struct engine_view view;
    enum lb_result result = engine_view_open(rpc->ports.engine, &call->arena, &view);
    if (result != LB_OK) {
        return result;
    }
    const uint64_t head = view.head_entry;
    *entry = *entry == 0 ? head : *entry;
    const bool is_cached =
        cache->is_set && cache->entry == *entry && board_query_equal(&cache->query, query);
    *verdict = (struct verdict){.code = LB_OK, .text = ""};
    if (!is_cached) {
        cache->is_set = false;
        cache->query = *query;
        cache->entry = *entry;
        arena_fini(&cache->arena);
    }
    if (*entry > head) {
        *verdict = (struct verdict){.code = LB_ENTRY_UNKNOWN, .a = (int64_t)*entry, .text = ""};
    } else if (!is_cached && *entry == head) {
        result = stars_make(cache, view.bank.views, verdict);
    }
    engine_view_close(&view);
    if (!is_cached && *entry < head) {
        result = stars_make_as_of(rpc, *entry, verdict);
    }
    cache->is_set = result == LB_OK && verdict->code == LB_OK;
    return result;
}

/* What is outside the board's reproducible bytes: it changes without the board. */
static enum lb_result stars_name(struct rpc_call *call, Lovebank__V1__StarsRow *row)
{
    row->publishable = consent_on(call->view.bank.views, row->member, rpc_today(call)).publish_name;
    return rpc_masked_name(call, &call->view, row->member, &row->masked_name);
}

static enum lb_result stars_add(struct rpc_call *call, const struct board_row *from, bool with_name,
                                struct rpc_rows *rows)
{
    Lovebank__V1__StarsRow *row = rpc_rows_add(call, rows, &lovebank__v1__stars_row__descriptor);
    if (row == NULL) {
        return LB_MEMORY;
    }
    row->rank = from->rank;
    row->member = from->member;
    row->org = from->org;
    row->points_centi = from->points_centi;
    row->minutes = from->minutes;
    row->services = from->services;
    row->lifetime_minutes = from->lifetime_minutes;
    row->stars = from->stars;
    return with_name ? stars_name(call, row) : LB_OK;
}

/* The page, its names and the root: all but the board itself. Under a view. */
static enum lb_result stars_page(struct rpc_call *call, const Lovebank__V1__StarsRequest *request,
                                 uint64_t entry, Lovebank__V1__StarsResponse *response)
{
    const struct board *board = &call->rpc->board.board;
    uint8_t root[LB_HASH_BYTES];
    struct rpc_rows rows = {0};
    enum lb_result result = engine_view_root(&call->view, entry, root);
    uint64_t at = request->after;
    for (; result == LB_OK && at < board->count && rows.count < LB_PAGE_ROWS_MAX; at++) {
        result = stars_add(call, &board->rows[at], request->with_names, &rows);
    }
    response->rows = (Lovebank__V1__StarsRow **)rows.items;
    response->n_rows = rows.count;
    response->next = at < board->count ? at : 0;
    response->at_entry = entry;
    response->root = rpc_call_binary(call, root, sizeof(root));
    response->persons = board->count;
    response->person_times = board->person_times;
    return result;
}

enum lb_result rpc_stars(struct rpc_call *call)
{
    const Lovebank__V1__StarsRequest *request = (const Lovebank__V1__StarsRequest *)call->request;
    const struct board_query query = stars_query(request);
    Lovebank__V1__StarsResponse *response = rpc_call_respond(call);
    if (response == NULL) {
        return LB_MEMORY;
    }
    enum lb_result result = rpc_authorise_year(call, request->org, request->year);
    if (result != LB_OK) {
        return result;
    }
    uint64_t entry = request->at_entry;
    struct verdict verdict;
    result = stars_prepare(call, &query, &entry, &verdict);
    if (result != LB_OK || verdict.code == LB_FIELD_INVALID || verdict.code == LB_MEMORY) {
        return result != LB_OK ? result : rpc_call_fail(call, verdict);
    }
    response->code = verdict.code;
    response->a = verdict.a;
    response->b = verdict.b;
    if (verdict.code != LB_OK) {
        return LB_OK;
    }
    rpc_view_begin(call);
    result = engine_view_open(call->rpc->ports.engine, &call->arena, &call->view);
    if (result == LB_OK) {
        result = stars_page(call, request, entry, response);
        engine_view_close(&call->view);
    }
    return result;
}
