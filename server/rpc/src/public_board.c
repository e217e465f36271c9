/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * public_board: the star board for everybody. Answers are kept and given again as long as the book
 * has not changed, and for ten seconds if it has. What has to be worked out anew goes to the work
 * thread, which staff need too: so only a few at a time, and over time for at most a fifth of that
 * thread. Who asks for more gets what there is, or is told to try later. The cache of the staff's
 * boards is not used, as strangers would drive their pages out of it.
 *
 * On the loop's thread; public_work on the work thread.
 */
#include "public_board.h"

#include "bank/records.h"
#include "base/date.h"
#include "call.h"
#include "lovebank/v1/queries.pb-c.h"
#include "member_info.h"
#include "registry_info.h"
#include "report/board.h"
#include "wire/payload.h"

#include <stdlib.h>

#define PUBLIC_TOP_DEFAULT 100
#define PUBLIC_BOARDS_KEPT 16
#define PUBLIC_JOBS_MAX    4 /* on the work thread or waiting for it */
#define PUBLIC_FRESH_MS    (10 * INT64_C(1000))
#define PUBLIC_OLDEST_MS   (5 * INT64_C(60000)) /* so long, while no newer one can be made */
#define PUBLIC_SHARE       5 /* a board must be paid for with so often its time */
#define PUBLIC_DEBT_MS_MAX (10 * INT64_C(1000)) /* beyond it no new one is begun */

/* An answer. */
struct public_board {
    struct board_query query; /* zeros, which no query has: never used */
    uint64_t entry;
    int32_t today_day;
    int64_t made_ms; /* these two by the monotonic clock */
    int64_t used_ms;
    uint8_t *data;
    size_t size;
};

struct rpc_public_boards {
    struct public_board kept[PUBLIC_BOARDS_KEPT];
    unsigned jobs;
    int64_t paid_ms; /* all boards are paid for by then, on the monotonic clock */
};

struct rpc_board_job {
    struct board_query query;
    bool is_known; /* that of a board that there is */
    uint64_t entry;
    int32_t today_day;
    int64_t duration_ms;
    enum lb_result result;
};

struct rpc_public_boards *rpc_public_boards_new(void)
{
    struct rpc_public_boards *boards = calloc(1, sizeof(*boards));
    for (size_t i = 0; boards != NULL && i < PUBLIC_BOARDS_KEPT; i++) {
        boards->kept[i].used_ms = INT64_MIN;
    }
    return boards;
}

void rpc_public_boards_free(struct rpc_public_boards *boards)
{
    if (boards == NULL) {
        return;
    }
    for (size_t i = 0; i < PUBLIC_BOARDS_KEPT; i++) {
        free(boards->kept[i].data);
    }
    free(boards);
}

/* ---- work thread ---- */

static enum lb_result public_add(struct rpc_call *call, const struct board_row *from,
                                 struct rpc_rows *rows)
{
    Lovebank__V1__PublicBoardRow *row =
        rpc_rows_add(call, rows, &lovebank__v1__public_board_row__descriptor);
    if (row == NULL) {
        return LB_MEMORY;
    }
    row->rank = from->rank;
    row->org = from->org;
    row->points_centi = from->points_centi;
    row->minutes = from->minutes;
    row->services = from->services;
    row->stars = from->stars;
    if (!consent_on(call->view.bank.views, from->member, rpc_today(call)).publish_name) {
        return LB_OK;
    }
    return rpc_masked_name(call, &call->view, from->member, &row->name);
}

static enum lb_result public_add_registry(struct rpc_call *call,
                                          Lovebank__V1__PublicBoardResponse *response)
{
    struct rpc_rows orgs = {0};
    struct rpc_rows classes = {0};
    if (!rpc_orgs_below(call, 0, rpc_today(call), &orgs) || !rpc_classes(call, true, &classes)) {
        return LB_MEMORY;
    }
    response->orgs = (Lovebank__V1__Org **)orgs.items;
    response->n_orgs = orgs.count;
    response->classes = (Lovebank__V1__ClassInfo **)classes.items;
    response->n_classes = classes.count;
    return LB_OK;
}

static enum lb_result public_fill(struct rpc_call *call, const struct board *board, uint32_t top,
                                  Lovebank__V1__PublicBoardResponse *response)
{
    uint8_t root[LB_HASH_BYTES];
    struct rpc_rows rows = {0};
    enum lb_result result = engine_view_root(&call->view, call->view.head_entry, root);
    for (size_t i = 0; result == LB_OK && i < board->count && board->rows[i].rank <= top &&
                       rows.count < LB_PAGE_ROWS_MAX;
         i++) {
        result = public_add(call, &board->rows[i], &rows);
    }
    response->rows = (Lovebank__V1__PublicBoardRow **)rows.items;
    response->n_rows = rows.count;
    response->at_entry = call->view.head_entry;
    response->root = rpc_call_binary(call, root, sizeof(root));
    response->persons = board->count;
    response->person_times = board->person_times;
    return result == LB_OK ? public_add_registry(call, response) : result;
}

/* Under the call's view: the answer, packed. All ranks are worked out, so that all are counted. */
static enum lb_result public_make(struct rpc_call *call, struct arena *arena)
{
    struct rpc_board_job *job = call->board_job;
    struct board_query all = job->query;
    struct board board = {0};
    Lovebank__V1__PublicBoardResponse *response = rpc_call_respond(call);
    if (response == NULL) {
        return LB_MEMORY;
    }
    all.top = 0;
    struct verdict verdict = board_make(call->view.bank.views, &all, arena, &board);
    enum lb_result result = views_fault(call->view.bank.views);
    if (result != LB_OK || verdict.code == LB_FIELD_INVALID || verdict.code == LB_MEMORY) {
        return result != LB_OK ? result : rpc_call_fail(call, verdict);
    }
    response->code = verdict.code;
    response->a = verdict.a;
    response->b = verdict.b;
    response->year = job->query.year;
    job->is_known = verdict.code == LB_OK;
    job->entry = call->view.head_entry;
    job->today_day = rpc_today(call);
    if (job->is_known) {
        result = public_fill(call, &board, job->query.top, response);
        const enum lb_result fault = views_fault(call->view.bank.views);
        result = fault != LB_OK ? fault : result;
    }
    return result != LB_OK
               ? result
               : rpc_call_fail(call, wire_pack(call->response, &call->arena, &call->packed));
}

static enum lb_result public_run(struct rpc_call *call)
{
    if (rpc_is_stopped(call->rpc)) {
        return LB_SHUTTING_DOWN;
    }
    rpc_view_begin(call);
    enum lb_result result = engine_view_open(call->rpc->ports.engine, &call->arena, &call->view);
    if (result == LB_OK) {
        struct arena arena;
        arena_init(&arena, arena_memory_heap(), RPC_BOARD_ARENA_BYTES_MAX);
        result = public_make(call, &arena);
        arena_fini(&arena);
        engine_view_close(&call->view);
    }
    return result;
}

static void public_work(struct engine *engine, void *context)
{
    struct rpc_call *call = context;
    const struct clock *clock = call->rpc->ports.clock;
    (void)engine;
    const int64_t begun_ms = clock_monotonic_ms(clock);
    call->board_job->result = public_run(call);
    call->board_job->duration_ms = clock_monotonic_ms(clock) - begun_ms;
    rpc_call_done(call);
}

/* ---- what is kept ---- */

static struct public_board *public_find(struct rpc_public_boards *boards,
                                        const struct board_query *query)
{
    for (size_t i = 0; i < PUBLIC_BOARDS_KEPT; i++) {
        if (board_query_equal(&boards->kept[i].query, query)) {
            return &boards->kept[i];
        }
    }
    return NULL;
}

/* That of the same query, or of the one that nobody has asked for longest. */
static struct public_board *public_place(struct rpc_public_boards *boards,
                                         const struct board_query *query)
{
    struct public_board *place = public_find(boards, query);
    if (place != NULL) {
        return place;
    }
    place = &boards->kept[0];
    for (size_t i = 1; i < PUBLIC_BOARDS_KEPT; i++) {
        place = boards->kept[i].used_ms < place->used_ms ? &boards->kept[i] : place;
    }
    return place;
}

static void public_keep(struct rpc_public_boards *boards, const struct rpc_board_job *job,
                        struct bytes packed, int64_t now_ms)
{
    struct public_board *board = public_place(boards, &job->query);
    uint8_t *data = malloc(packed.size);
    if (data == NULL) {
        return; /* it is worked out again */
    }
    memcpy(data, packed.data, packed.size);
    free(board->data);
    *board = (struct public_board){.query = job->query,
                                   .entry = job->entry,
                                   .today_day = job->today_day,
                                   .made_ms = now_ms,
                                   .used_ms = now_ms,
                                   .data = data,
                                   .size = packed.size};
}

static enum lb_result public_tell(struct rpc_call *call, struct public_board *board, int64_t now_ms)
{
    board->used_ms = now_ms;
    call->packed = bytes_of(board->data, board->size); /* the reply, which is next, copies it */
    return LB_OK;
}

static bool public_is_fresh(const struct public_board *board, const struct engine_status *status,
                            int64_t now_ms)
{
    return now_ms - board->made_ms < PUBLIC_FRESH_MS ||
           (board->entry == status->durable_entry && board->today_day == status->today_day);
}

/* LB_OK: pending. LB_TRY_LATER: not now. */
static enum lb_result public_begin(struct rpc_call *call, const struct board_query *query,
                                   int64_t now_ms)
{
    struct rpc_public_boards *boards = call->rpc->public_boards;
    if (boards->jobs >= PUBLIC_JOBS_MAX || boards->paid_ms - now_ms > PUBLIC_DEBT_MS_MAX) {
        return LB_TRY_LATER;
    }
    struct rpc_board_job *job = arena_take_zeroed(&call->arena, 1, sizeof(*job));
    if (job == NULL) {
        return LB_MEMORY;
    }
    job->query = *query;
    call->board_job = job;
    call->connection = NULL; /* it may be gone before the board is done */
    call->is_pending = true;
    const enum lb_result result = engine_work_submit(call->rpc->ports.engine, public_work, call);
    if (result == LB_OK) {
        boards->jobs++; /* the call is not ours any more */
    } else {
        call->is_pending = false;
    }
    return result;
}

static struct board_query public_query(const Lovebank__V1__PublicBoardRequest *request,
                                       int32_t today_day)
{
    const uint32_t top = request->top == 0 ? PUBLIC_TOP_DEFAULT : request->top;
    return (struct board_query){
        .year = request->year == 0 ? date_year_of_day(today_day) : request->year,
        .org = request->org,
        .class_id = request->class_id,
        .order = request->by == LOVEBANK__V1__BOARD_ORDER__BOARD_ORDER_HOURS ? BOARD_BY_MINUTES
                                                                             : BOARD_BY_POINTS,
        .top = top < LB_PAGE_ROWS_MAX ? top : LB_PAGE_ROWS_MAX,
    };
}

enum lb_result rpc_public_board(struct rpc_call *call)
{
    struct rpc *rpc = call->rpc;
    if (!rpc->config.is_board_public) {
        Lovebank__V1__PublicBoardResponse *response = rpc_call_respond(call);
        if (response == NULL) {
            return LB_MEMORY;
        }
        response->code = LB_UNAUTHORISED;
        return LB_OK;
    }
    struct engine_status status;
    engine_status(rpc->ports.engine, &status);
    const int64_t now_ms = clock_monotonic_ms(rpc->ports.clock);
    const Lovebank__V1__PublicBoardRequest *request =
        (const Lovebank__V1__PublicBoardRequest *)call->request;
    const struct board_query query = public_query(request, status.today_day);
    struct public_board *board = public_find(rpc->public_boards, &query);
    if (board != NULL && board->entry < request->at_least_entry) {
        board = NULL;
    }
    if (board != NULL && public_is_fresh(board, &status, now_ms)) {
        return public_tell(call, board, now_ms);
    }
    const enum lb_result result = public_begin(call, &query, now_ms);
    if (result == LB_TRY_LATER && board != NULL && now_ms - board->made_ms < PUBLIC_OLDEST_MS) {
        return public_tell(call, board, now_ms);
    }
    return result;
}

enum lb_result rpc_public_board_finish(struct rpc_call *call)
{
    struct rpc_public_boards *boards = call->rpc->public_boards;
    const struct rpc_board_job *job = call->board_job;
    const int64_t now_ms = clock_monotonic_ms(call->rpc->ports.clock);
    boards->jobs--;
    boards->paid_ms =
        (boards->paid_ms > now_ms ? boards->paid_ms : now_ms) + PUBLIC_SHARE * job->duration_ms;
    if (job->result == LB_OK && job->is_known) {
        public_keep(boards, job, call->packed, now_ms);
    }
    return job->result;
}
