/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The bridge between HTTP, on its own thread, and rpc, on the loop's: requests over, replies back,
 * each request with the rights of its own credentials. A turn of the loop dispatches a few of them
 * only, so that whatever comes over HTTP leaves the desks their part of the loop.
 *
 * All but the callbacks inside runs on the loop's thread. A NULL bridge, where the settings ask for
 * no HTTP, does nothing.
 */
#ifndef APP_WEB_H
#define APP_WEB_H

#include "app/options.h"
#include "base/log.h"
#include "engine/engine.h"
#include "rpc/rpc.h"

#include <stdbool.h>
#include <stdint.h>

struct event_base;
struct web;

/* What it stands upon, and needs until it is closed. */
struct web_parts {
    const struct options *options;
    const struct log *log;
    struct event_base *base;
    struct engine *engine;
    struct rpc *rpc;
};

/* Listens and serves; *web stays NULL if the settings name no address. false: it has complained. */
LB_MUST_CHECK bool web_open(const struct web_parts *parts, struct web **web);
/* After auth's worker and the engine: what is still in the queue is told that the server stops. */
void web_close(struct web *web);
/* Requests from now on are told that the server stops. */
void web_refuse(struct web *web);
/* The same; `drained` is called once, when no request waits for a reply any more or the time is
 * over; perhaps at once. */
void web_drain(struct web *web, int64_t deadline_ms, void (*drained)(void *ctx), void *ctx);

/* Ports of rpc, for its tokens that are ours (token_is_web). */
void web_reply(struct web *web, struct rpc_token token, enum lb_frame_kind kind,
               struct bytes payload);
struct auth_connection *web_connection(struct web *web, struct rpc_token token);
void web_transports(const struct web *web, struct rpc_transports *transports);

/* After rpc_complete: streams hear of new entries. */
void web_news(struct web *web);
/* The certificate is read anew. false: error_text says why not. */
LB_MUST_CHECK bool web_reload_tls(struct web *web, char *error_text, size_t error_bytes);

/* 0: there is none. */
uint16_t web_http_port(const struct web *web);
uint16_t web_https_port(const struct web *web);

#endif
