/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The event loop as the desks need it.
 */
#ifndef APP_LOOP_H
#define APP_LOOP_H

struct event_base;

/*
 * A loop that looks at its sockets at least every LOOP_DISPATCH_US between callbacks. libevent
 * otherwise runs first what callbacks make active, and what that makes active, so that all that one
 * client has sent is done before another's request is seen. NULL: no memory. event_base_free.
 */
struct event_base *loop_new(void);

#define LOOP_DISPATCH_US 200

#endif
