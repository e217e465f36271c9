/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * member_find: members by name or initials, through the index in memory, which may know a member
 * that the call's view does not know yet; or by ID number, through its keyed hash.
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

/* By name or initials. */
static enum lb_result find_text(struct rpc_call *call, struct bytes text, struct find_scope *scope,
                                struct people_found *found)
{
    const Lovebank__V1__MemberFindRequest *request =
        (const Lovebank__V1__MemberFindRequest *)call->request;
    const uint32_t wanted = request->limit == 0 ? FIND_ROWS_DEFAULT : request->limit;
    const struct people_query query = {
        .text = text,
        .is_whole = request->exact,
        .is_name = request->names_only,
        .limit = wanted < LB_PAGE_ROWS_MAX ? wanted : LB_PAGE_ROWS_MAX,
        .takes = find_takes,
        .context = scope,
    };
    if (text.size > LB_NAME_BYTES_MAX) { /* nobody's */
        return LB_OK;
    }
    return people_index_find(engine_people(call->rpc->ports.engine), &query, &call->arena, found);
}

static enum lb_result find_id_number(struct rpc_call *call, struct bytes number,
                                     struct find_scope *scope, struct people_found *found)
{
    uint64_t *member = arena_take_zeroed(&call->arena, 1, sizeof(*member));
    if (member == NULL) {
        return LB_MEMORY;
    }
    const enum lb_result result = engine_view_find_id_number(&call->view, number, member);
    if (result != LB_OK) {
        return result == LB_MEMBER_UNKNOWN ? LB_OK : result;
    }
    *found = (struct people_found){.members = member, .count = find_takes(scope, *member) ? 1 : 0};
    return LB_OK;
}

/* One of the two is given. */
static struct verdict find_check(struct bytes text, struct bytes number)
{
    const struct bytes given = text.size > 0 ? text : number;
    if (given.size == 0) {
        return (struct verdict){.code = LB_FIELD_MISSING, .text = "text, id_number"};
    }
    if (text.size > 0 && number.size > 0) {
        return (struct verdict){LB_FIELD_INVALID, 2, 1, 1, "text, id_number"};
    }
    const bool is_text = utf8_is_text(given, 0);
    return (struct verdict){.code = is_text ? LB_OK : LB_TEXT_INVALID, .text = "text, id_number"};
}

enum lb_result rpc_member_find(struct rpc_call *call)
{
    const Lovebank__V1__MemberFindRequest *request =
        (const Lovebank__V1__MemberFindRequest *)call->request;
    const struct bytes text = entry_text_from_pb(request->text);
    const struct bytes number = entry_text_from_pb(request->id_number);
    const struct verdict verdict = find_check(text, number);
    if (verdict.code != LB_OK) {
        return rpc_call_fail(call, verdict);
    }
    Lovebank__V1__MemberFindResponse *response = rpc_call_respond(call);
    if (response == NULL) {
        return LB_MEMORY;
    }
    struct find_scope scope = {.call = call, .top = request->org, .today = rpc_today(call)};
    struct people_found found = {.count = 0};
    response->index_ready =
        text.size == 0 || people_index_is_ready(engine_people(call->rpc->ports.engine));
    enum lb_result result = text.size == 0 ? find_id_number(call, number, &scope, &found)
                                           : find_text(call, text, &scope, &found);
    struct rpc_rows rows = {0};
    for (size_t i = 0; i < found.count && result == LB_OK; i++) {
        result = find_add(call, found.members[i], scope.today, &rows);
    }
    response->more = found.more;
    response->members = (Lovebank__V1__MemberInfo **)rows.items;
    response->n_members = rows.count;
    return result;
}
