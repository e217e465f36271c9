/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Names and members for completion, from the server: each asked for once, soon or not at all, and
 * without a word when it does not answer. One thread.
 */
#ifndef CLI_COMPLETE_SERVER_H
#define CLI_COMPLETE_SERVER_H

#include "complete.h"

#include "lovebank/v1/queries.pb-c.h"

struct complete_server {
    struct cli cli; /* is_hint; its arena holds what the source gives */
    struct complete_source source;
    Lovebank__V1__MemberFindResponse *found;
    const char *found_by; /* what was asked */
};

/* Asks the server that `cli` asks, in its language, over a connection of its own. */
void complete_server_init(struct complete_server *server, const struct cli *cli);
/* Forgets what was asked, which may be stale by now; keeps the connection. */
void complete_server_forget(struct complete_server *server);
void complete_server_fini(struct complete_server *server);

#endif
