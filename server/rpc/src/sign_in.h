/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What a log-in and a change of password share: the check of the password on auth's worker, and
 * what follows from it in the book. In steps, as nothing of it may keep the loop waiting:
 *
 *   verify   wrong: refused, and the account is locked if it was too often
 *            right: done, or
 *   store    the new password goes into the book
 *   lock     the lock goes into the book
 *
 * Secrets stand in the call's arena alone, which is overwritten. Loop's thread.
 */
#ifndef RPC_SIGN_IN_H
#define RPC_SIGN_IN_H

#include "call.h"

#include "base/bytes.h"

enum sign_in_step { SIGN_IN_VERIFIES, SIGN_IN_STORES, SIGN_IN_LOCKS };

struct rpc_sign_in {
    enum sign_in_step step;
    struct auth_attempt attempt; /* its login lives in the arena */
    uint32_t principal;          /* who has that log-in name; 0: nobody */
    struct auth_password_job job;
    struct command command;   /* of the server's own */
    struct rpc_sign_in *next; /* in rpc->storing */
};

struct rpc_sign_in_request {
    struct bytes login;
    struct bytes password;
    struct bytes new_password; /* empty: none */
};

/* Each: true: *outcome is the answer; false: the call is pending. *outcome: LB_OK, LB_LOGIN_WRONG,
 * LB_LOGIN_DELAYED, LB_PRINCIPAL_LOCKED, LB_PASSWORD_NEEDED, LB_PASSWORD_WEAK, LB_TRY_LATER, and
 * what the book answers. */
LB_MUST_CHECK bool rpc_sign_in_begin(struct rpc_call *call,
                                     const struct rpc_sign_in_request *request,
                                     struct verdict *outcome);
LB_MUST_CHECK bool rpc_sign_in_go_on(struct rpc_call *call, struct verdict *outcome);

#endif
