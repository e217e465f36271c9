/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The method table: what each method takes and gives, how it runs, who does it. One file per
 * handler. Pure data.
 */
#ifndef RPC_METHOD_H
#define RPC_METHOD_H

#include "bank/roles.h"
#include "lovebank/result.h"

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stdint.h>

struct rpc_call;

enum rpc_method_flags {
    RPC_WRITES = 1,  /* the handler decodes call->payload itself and gives it to the engine */
    RPC_LONG = 2,    /* runs on the work thread */
    RPC_NO_VIEW = 4, /* reads nothing of the book: no view is opened for it */
    RPC_OPEN = 8,    /* needs no log-in; without it and without a right: just a log-in */
    RPC_STEPS = 16,  /* goes on in `finish` whenever what it waits for is done; no view is opened */
    RPC_SECRET = 32, /* its request or its answer is overwritten after use */
};

/*
 * LB_OK: call->response is set, which may point into the view, or call->packed; with RPC_WRITES,
 * call->packed or call->is_pending; with RPC_STEPS, call->response or call->is_pending. Else the
 * request failed as a whole, and the error frame carries the result and call->numbers.
 */
typedef enum lb_result rpc_handler_fn(struct rpc_call *call);

/* Unpacks the commonest form of a request, byte for byte, into call->request. false: it is another
 * form, or there is no memory: protobuf-c shall see to it. */
typedef bool rpc_unpack_fn(struct rpc_call *call);

struct rpc_method {
    uint16_t number;
    const char *path; /* of HTTP */
    const char *name;
    const ProtobufCMessageDescriptor *request;
    const ProtobufCMessageDescriptor *response;
    enum right right; /* needed somewhere at all; where the org is only known in the handler, it
                         asks once more, for that org: see authorise.h */
    unsigned flags;
    rpc_handler_fn *handle;
    /* With RPC_WRITES: sets call->packed when the write is done. With RPC_STEPS: as `handle`. */
    rpc_handler_fn *finish;
    rpc_unpack_fn *unpack; /* NULL: none of its own */
};

/* NULL: there is no such method. */
const struct rpc_method *rpc_method_find(uint16_t number);

rpc_handler_fn rpc_hello, rpc_write, rpc_write_finish, rpc_status, rpc_entry_get, rpc_verify;
rpc_handler_fn rpc_import_list, rpc_backup, rpc_entry_list;
rpc_handler_fn rpc_org_list, rpc_catalogue, rpc_stock;
rpc_handler_fn rpc_member_get, rpc_member_find, rpc_history;
rpc_handler_fn rpc_stars, rpc_report, rpc_public_board, rpc_public_board_finish;
rpc_handler_fn rpc_login, rpc_login_finish, rpc_logout, rpc_whoami;
rpc_handler_fn rpc_password, rpc_password_finish;
rpc_handler_fn rpc_principal_list, rpc_proposal_list;
rpc_unpack_fn rpc_member_get_unpack;

#endif
