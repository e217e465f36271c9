/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * member_get: one member, by number or card.
 */
#include "call.h"

#include "lovebank/v1/queries.pb-c.h"
#include "member_info.h"

enum lb_result rpc_member_get(struct rpc_call *call)
{
    const Lovebank__V1__MemberGetRequest *request =
        (const Lovebank__V1__MemberGetRequest *)call->request;
    Lovebank__V1__MemberGetResponse *response = rpc_call_respond(call);
    struct member_row row;
    if (response == NULL) {
        return LB_MEMORY;
    }
    response->as_of_entry = call->view.head_entry;
    const enum lb_result found = rpc_member_resolve(call, request->member, &row);
    response->code = (uint32_t)found;
    if (found != LB_OK) {
        return LB_OK;
    }
    response->info = rpc_call_message(call, &lovebank__v1__member_info__descriptor);
    if (response->info == NULL) {
        return LB_MEMORY;
    }
    const unsigned parts = request->balances_only
                               ? 0
                               : MEMBER_INFO_TODAY | MEMBER_INFO_DETAILS |
                                     (request->with_person ? MEMBER_INFO_PERSON : 0);
    return rpc_member_info(call, &row, call->today_day, parts, response->info);
}
