/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Waiting for a store. Threading: see store/wait.h; the callbacks come on any thread.
 */
#include "store/wait.h"

#include "base/assert.h"

void store_wait_init(struct store_wait *wait)
{
    *wait = (struct store_wait){.is_done = false};
    int failed = pthread_mutex_init(&wait->lock, NULL) | pthread_cond_init(&wait->changed, NULL);
    LB_ASSERT(failed == 0); /* glibc's never fail with default attributes */
}

void store_wait_fini(struct store_wait *wait)
{
    pthread_cond_destroy(&wait->changed);
    pthread_mutex_destroy(&wait->lock);
}

static void store_wait_is_committed(enum store_outcome outcome, enum lb_result why, void *context)
{
    struct store_wait *wait = context;
    pthread_mutex_lock(&wait->lock);
    wait->is_done = true;
    wait->outcome = outcome;
    wait->why = why;
    pthread_cond_signal(&wait->changed);
    pthread_mutex_unlock(&wait->lock);
}

static void store_wait_until_done(struct store_wait *wait)
{
    pthread_mutex_lock(&wait->lock);
    while (!wait->is_done) {
        pthread_cond_wait(&wait->changed, &wait->lock);
    }
    wait->is_done = false;
    pthread_mutex_unlock(&wait->lock);
}

enum store_outcome store_wait_commit(struct store_wait *wait, const struct store_ops *ops,
                                     struct store_group *group, enum lb_result *why)
{
    ops->group_commit(group, store_wait_is_committed, wait);
    store_wait_until_done(wait);
    *why = wait->why;
    return wait->outcome;
}

enum lb_result store_wait_flush(struct store_wait *wait, const struct store_ops *ops,
                                struct store_group *group, struct overlay *overlay)
{
    enum lb_result why = overlay_flush(overlay, ops, group);
    if (why != LB_OK) {
        ops->group_abort(group);
        return why;
    }
    if (store_wait_commit(wait, ops, group, &why) == STORE_COMMITTED) {
        return LB_OK;
    }
    return why != LB_OK ? why : LB_STORAGE_FAULT;
}
