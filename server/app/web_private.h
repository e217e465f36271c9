/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The inside of the bridge, for its two files: web.c, by which requests and replies go over it, and
 * web_life.c, which opens and closes it.
 */
#ifndef APP_WEB_PRIVATE_H
#define APP_WEB_PRIVATE_H

#include "app/web.h"
#include "app/web_places.h"
#include "app/web_queue.h"
#include "http/http.h"
#include "net/wakeup.h"

#define WEB_METHODS_MAX 64

struct web {
    struct web_parts parts;
    struct http_server *http;
    struct web_queue queue;
    struct net_wakeup *wakeup; /* of the loop, for `asked` */
    struct event *on_late;     /* of web_drain */

    struct web_places places;
    bool is_signal_due; /* HTTP's thread: requests wait that the loop was not told of */

    /* Loop's thread. */
    uint64_t requests;            /* that rpc was given, since the start */
    struct web_item *dispatching; /* until rpc_dispatch is through with it */
    struct web_item *resting;     /* refused ones whose answer is held back */
    uint32_t resting_count;
    struct event *on_rested;
    uint64_t told_entry;        /* streams know of it */
    void (*drained)(void *ctx); /* NULL: nobody waits for it */
    void *drained_ctx;

    atomic_bool refuses;
    /* Never change. */
    struct http_method methods[WEB_METHODS_MAX];
    size_t method_count;
};

/* web.c */
struct http_ops web_http_ops(void);
net_wakeup_fn web_on_asked;
void web_refuse_item(struct web *web, struct web_item *item, enum lb_result code);
/* Those that rest are answered. */
void web_end_rest(struct web *web);
/* Tells whoever waits for it that no request is under way any more. */
void web_check_drained(struct web *web);

#endif
