/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The server as a whole: every module's part of it, put together by server.c and taken apart again.
 * The thread that runs the event loop.
 */
#ifndef APP_SERVER_H
#define APP_SERVER_H

#include "app/book.h"
#include "app/callers.h"
#include "app/options.h"
#include "app/web.h"
#include "base/log.h"
#include "engine/engine.h"
#include "net/net.h"
#include "net/wakeup.h"
#include "rpc/rpc.h"

#include <stdbool.h>

struct event;
struct event_base;

enum exit_status {
    EXIT_DONE = 0,
    EXIT_PROBLEM =
        1, /* verify: something disagrees; init: refused; tls-init: a file is there already */
    EXIT_USAGE = 2,
    EXIT_FAULT = 4,
};

struct server {
    int argument_count; /* after the name of the subcommand */
    char *const *arguments;
    bool is_switch; /* migrate-store's --switch, and --undo-switch */
    bool is_undo;
    struct options options;
    struct log log;
    struct book book;
    struct engine *engine;
    struct rpc *rpc;
    struct callers callers;
    struct event_base *base;
    struct event *on_term;
    struct event *on_int;
    struct event *on_hup;
    struct net_wakeup *wakeup;
    struct net_server *net;
    struct web *web; /* NULL: no HTTP */
    bool is_stopping;
    int draining; /* transports that have yet to say they are */
};

/* The book must be open. false: it has complained. */
LB_MUST_CHECK bool server_open_engine(struct server *server);
/* Opens everything, runs until it is told to stop, closes everything. An exit status. */
int server_serve(struct server *server);

#endif
