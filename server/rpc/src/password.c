/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * password: an operator who is logged in changes it. All other sessions of the operator end.
 */
#include "sign_in.h"

#include "bank/records.h"
#include "entry/message.h"
#include "lovebank/v1/services.pb-c.h"

/* The operator's log-in name, in the arena; empty: a device, or nobody. */
static enum lb_result password_find_login(struct rpc_call *call, struct bytes *login)
{
    struct engine_view view;
    struct principal_row row;
    *login = (struct bytes){NULL, 0};
    enum lb_result result = engine_view_open(call->rpc->ports.engine, &call->arena, &view);
    if (result != LB_OK) {
        return result;
    }
    if (call->actor.principal != 0 && principal_get(view.bank.views, call->actor.principal, &row) &&
        row.kind == PRINCIPAL_OPERATOR && !arena_copy(&call->arena, row.name, login)) {
        result = LB_MEMORY;
    }
    const enum lb_result fault = views_fault(view.bank.views);
    engine_view_close(&view);
    return fault != LB_OK ? fault : result;
}

static enum lb_result password_answer(struct rpc_call *call, const struct verdict *outcome)
{
    Lovebank__V1__PasswordResponse *response = rpc_call_respond(call);
    if (response == NULL) {
        return LB_MEMORY;
    }
    response->code = (uint32_t)outcome->code;
    response->a = outcome->a;
    response->b = outcome->b;
    return LB_OK;
}

enum lb_result rpc_password(struct rpc_call *call)
{
    const Lovebank__V1__PasswordRequest *request =
        (const Lovebank__V1__PasswordRequest *)call->request;
    struct rpc_sign_in_request wanted = {
        .password = entry_text_from_pb(request->old_password),
        .new_password = entry_text_from_pb(request->new_password),
    };
    struct verdict outcome = {.code = LB_PASSWORD_NEEDED, .text = ""};
    if (call->rpc->ports.auth == NULL || call->connection == NULL) {
        return LB_METHOD_UNKNOWN;
    }
    const enum lb_result result = password_find_login(call, &wanted.login);
    if (result != LB_OK || wanted.login.size == 0) {
        return result != LB_OK ? result : LB_LOGIN_REQUIRED;
    }
    if (wanted.new_password.size == 0) {
        return password_answer(call, &outcome);
    }
    return rpc_sign_in_begin(call, &wanted, &outcome) ? password_answer(call, &outcome) : LB_OK;
}

enum lb_result rpc_password_finish(struct rpc_call *call)
{
    struct verdict outcome;
    return rpc_sign_in_go_on(call, &outcome) ? password_answer(call, &outcome) : LB_OK;
}
