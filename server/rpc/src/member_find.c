/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * member_find: members whose name holds a text, through the index in memory.
 */
#include "call.h"

#include "entry/message.h"
#include "lovebank/v1/queries.pb-c.h"
#include "member_info.h"
#include "people/people.h"
#include "today.h"

#define FIND_ROWS_DEFAULT 20

static enum lb_result find_add(struct rpc_call *call, uint64_t member, int32_t today,
                               struct rpc_rows *rows)
{
    struct member_row row;
    if (!member_get(call->view.bank.views, member, &row)) {
        return LB_OK; /* newer than the view */
    }
    Lovebank__V1__MemberInfo *info =
        rpc_rows_add(call, rows, &lovebank__v1__member_info__descriptor);
    return info == NULL ? LB_MEMORY : rpc_member_info(call, &row, today, 0, info);
}

enum lb_result rpc_member_find(struct rpc_call *call)
{
    const Lovebank__V1__MemberFindRequest *request =
        (const Lovebank__V1__MemberFindRequest *)call->request;
    const struct bytes text = entry_text_from_pb(request->text);
    if (text.size == 0) {
        return LB_FIELD_MISSING;
    }
    Lovebank__V1__MemberFindResponse *response = rpc_call_respond(call);
    uint64_t *members = arena_take_zeroed(&call->arena, LB_PAGE_ROWS_MAX, sizeof(*members));
    if (response == NULL || members == NULL) {
        return LB_MEMORY;
    }
    struct people *people = engine_people(call->rpc->ports.engine);
    const uint32_t wanted = request->limit == 0 ? FIND_ROWS_DEFAULT : request->limit;
    const size_t limit = wanted < LB_PAGE_ROWS_MAX ? wanted : LB_PAGE_ROWS_MAX;
    bool more = false;
    response->index_ready = people_index_is_ready(people);
    const size_t count = people_index_find(people, text, 0, members, limit, &more);
    const int32_t today = rpc_today(call);
    struct rpc_rows rows = {0};
    for (size_t i = 0; i < count; i++) {
        const enum lb_result result = find_add(call, members[i], today, &rows);
        if (result != LB_OK) {
            return result;
        }
    }
    response->more = more;
    response->members = (Lovebank__V1__MemberInfo **)rows.items;
    response->n_members = rows.count;
    return LB_OK;
}
