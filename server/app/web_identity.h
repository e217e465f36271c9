/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Whom a request over HTTP acts for, by its tokens; and what its answer changes in the cookies that
 * hold such tokens. Between http, which knows no message, and rpc, which knows no cookie. Loop's
 * thread.
 */
#ifndef APP_WEB_IDENTITY_H
#define APP_WEB_IDENTITY_H

#include "app/web_queue.h"
#include "rpc/rpc.h"

/* Fills in the item's connection: the session says who, and is at the device of its log-in; without
 * one, the device. A token that is no good is a session that has ended: the device does not step in
 * for the operator. Within a turn of rpc. LB_OK, LB_PRINCIPAL_LOCKED, LB_MEMORY, STORAGE_*. */
LB_MUST_CHECK enum lb_result web_identify(struct rpc *rpc, struct web_item *item);

/* The answer stands in item->reply, and the request, unless it was answered later, still in
 * item->request. A token that becomes a cookie is taken out of the answer. false: no memory. */
LB_MUST_CHECK bool web_set_cookies(struct web_item *item);

#endif
