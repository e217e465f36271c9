/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Waiting for a store: it may complete a commit on another thread. One waiter, one call
 * at a time.
 */
#ifndef STORE_WAIT_H
#define STORE_WAIT_H

#include "store/overlay.h"
#include "store/store.h"

#include <pthread.h>

struct store_wait {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool is_done;
    enum store_outcome outcome;
    enum lb_result why;
};

void store_wait_init(struct store_wait *wait);
void store_wait_fini(struct store_wait *wait);

/* group_commit; *why says more when the outcome is not STORE_COMMITTED. */
LB_MUST_CHECK enum store_outcome store_wait_commit(struct store_wait *wait,
                                                   const struct store_ops *ops,
                                                   struct store_group *group, enum lb_result *why);

/* Flushes the write set into the group and commits that: for stores that keep no promise to
 * anybody, as a fold's scratch. LB_OK: committed. Else why not; the group is over all the same. */
LB_MUST_CHECK enum lb_result store_wait_flush(struct store_wait *wait, const struct store_ops *ops,
                                              struct store_group *group, struct overlay *overlay);

#endif
