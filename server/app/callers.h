/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What belongs to a connection from its beginning to its end: where it comes from, and whom it acts
 * for (auth.h). Between net, which knows no principal, and auth, which knows no connection. Loop's
 * thread.
 */
#ifndef APP_CALLERS_H
#define APP_CALLERS_H

#include "app/options.h"
#include "auth/auth.h"
#include "base/log.h"
#include "net/net.h"

/* As the settings say. LB_OK, LB_MEMORY, LB_INTERNAL. */
LB_MUST_CHECK enum lb_result callers_open_auth(const struct options *options, struct auth **auth);

struct callers {
    struct auth *auth;
    const struct log *log;
    bool are_trusted; /* those on this machine */
};

/* false: too many from there, or too fast; or no memory. */
bool callers_admit(struct callers *callers, struct net_connection *connection);
void callers_dismiss(struct callers *callers, struct net_connection *connection);
/* NULL: it was not admitted. */
struct auth_connection *callers_of(const struct net_connection *connection);
/* It has shown a token or logged in, or need not. */
bool caller_is_known(const struct auth_connection *caller);

#endif
