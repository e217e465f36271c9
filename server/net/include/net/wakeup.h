/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A bell by which any thread wakes the event loop's thread. It carries nothing: what there is to
 * do lies in the owner's own queue.
 *
 * net_wakeup_signal is safe from any thread; the rest belongs to the loop's thread, and free comes
 * after the last signal.
 */
#ifndef NET_WAKEUP_H
#define NET_WAKEUP_H

#include "lovebank/result.h"

#include <stdint.h>

struct event_base;
struct net_wakeup;

/* Runs on the loop's thread; everything done by other threads before their signal is visible. */
typedef void net_wakeup_fn(void *ctx);

/* LB_OK, or LB_MEMORY: no memory or no descriptor left. */
LB_MUST_CHECK enum lb_result net_wakeup_new(struct event_base *base, net_wakeup_fn *woken,
                                            void *ctx, struct net_wakeup **out);
void net_wakeup_free(struct net_wakeup *wakeup);

/* Many signals before the loop comes round are one call; a signal during the call is another. */
void net_wakeup_signal(struct net_wakeup *wakeup);
/* A signal in so many ms; the time asked for before is forgotten. */
void net_wakeup_signal_after(struct net_wakeup *wakeup, int64_t ms);

#endif
