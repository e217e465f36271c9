/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * member_find: members by name or initials, through the index in memory, which may know a member
 * that the call's view does not know yet.
 */
#include "authorise.h"

#include "base/utf8.h"
#include "entry/message.h"
#include "lovebank/v1/queries.pb-c.h"
#include "member_info.h"
#include "people/people.h"

#define FIND_ROWS_DEFAULT 20

/* Those in an org today, as far as the caller may read them. Neighbours by number are often in one
 * org: the last answer is kept. */
struct find_scope {
    struct rpc_call *call;
    uint64_t top; /* 0: all */
    int32_t today;
    bool has_org;
    uint64_t org;
    bool is_taken;
};

static bool find_takes_org(struct find_scope *scope, uint64_t org)
{
    if (!scope->has_org || org != scope->org) {
        const struct views views = scope->call->view.bank.views;
        scope->has_org = true;
        scope->org = org;
        scope->is_taken =
            (scope->top == 0 || org_is_within(views, org, scope->top, scope->today)) &&
            rpc_may(scope->call, RIGHT_READ_MEMBER, org, scope->today);
    }
    return scope->is_taken;
}

static bool find_takes(void *context, uint64_t member)
{
    struct find_scope *scope = context;
    const struct views views = scope->call->view.bank.views;
    struct member_row row;
    return member_get(views, member, &row) &&
           find_takes_org(scope, member_row_org_on(views, &row, scope->today));
}

static enum lb_result find_add(struct rpc_call *call, uint64_t member, int32_t today,
                               struct rpc_rows *rows)
{
    struct member_row row;
    if (!member_get(call->view.bank.views, member, &row)) {
        return LB_INTERNAL; /* find_takes has read it in the same view */
    }
    Lovebank__V1__MemberInfo *info =
        rpc_rows_add(call, rows, &lovebank__v1__member_info__descriptor);
    return info == NULL ? LB_MEMORY : rpc_member_info(call, &row, today, MEMBER_INFO_TODAY, info);
}

enum lb_result rpc_member_find(struct rpc_call *call)
{
    const Lovebank__V1__MemberFindRequest *request =
        (const Lovebank__V1__MemberFindRequest *)call->request;
    const struct bytes text = entry_text_from_pb(request->text);
    if (text.size == 0 || !utf8_is_text(text, 0)) {
        return text.size == 0 ? LB_FIELD_MISSING : LB_TEXT_INVALID;
    }
    Lovebank__V1__MemberFindResponse *response = rpc_call_respond(call);
    if (response == NULL) {
        return LB_MEMORY;
    }
    const uint32_t wanted = request->limit == 0 ? FIND_ROWS_DEFAULT : request->limit;
    struct find_scope scope = {
        .call = call,
        .top = request->org,
        .today = rpc_today(call),
    };
    const struct people_query query = {
        .text = text,
        .is_whole = request->exact,
        .is_name = request->names_only,
        .limit = wanted < LB_PAGE_ROWS_MAX ? wanted : LB_PAGE_ROWS_MAX,
        .takes = find_takes,
        .context = &scope,
    };
    struct people *people = engine_people(call->rpc->ports.engine);
    struct people_found found = {.count = 0};
    enum lb_result result = LB_OK;
    response->index_ready = people_index_is_ready(people);
    if (text.size <= LB_NAME_BYTES_MAX) { /* a longer one is nobody's */
        result = people_index_find(people, &query, &call->arena, &found);
    }
    struct rpc_rows rows = {0};
    for (size_t i = 0; i < found.count && result == LB_OK; i++) {
        result = find_add(call, found.members[i], scope.today, &rows);
    }
    response->more = found.more;
    response->members = (Lovebank__V1__MemberInfo **)rows.items;
    response->n_members = rows.count;
    return result;
}
