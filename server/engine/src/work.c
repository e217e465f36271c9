/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The work thread: long reads, one after the other, so that they disturb nobody.
 */
#include "engine_private.h"

#include <stdlib.h>

enum lb_result engine_work_submit(struct engine *engine,
                                  void (*work)(struct engine *engine, void *context), void *context)
{
    struct engine_work *item = malloc(sizeof(*item));
    if (item == NULL) {
        return LB_TRY_LATER;
    }
    *item = (struct engine_work){NULL, work, context};
    enum lb_result result = LB_OK;
    pthread_mutex_lock(&engine->lock);
    if (engine->is_closing) {
        result = LB_SHUTTING_DOWN;
    } else if (engine->work_count >= engine->config.work_queue_max) {
        result = LB_TRY_LATER;
    } else {
        *engine->works_end = item;
        engine->works_end = &item->next;
        engine->work_count++;
        pthread_cond_signal(&engine->worker_wakes);
    }
    pthread_mutex_unlock(&engine->lock);
    if (result != LB_OK) {
        free(item);
    }
    return result;
}

/* The next one; NULL: there is none. *is_index: the index of names is to be built first. */
static struct engine_work *work_take(struct engine *engine, bool may_wait, bool *is_index)
{
    pthread_mutex_lock(&engine->lock);
    while (may_wait && engine->works == NULL && !engine->is_index_due && !engine->is_closing) {
        pthread_cond_wait(&engine->worker_wakes, &engine->lock);
    }
    *is_index = engine->is_index_due;
    engine->is_index_due = false;
    struct engine_work *item = *is_index ? NULL : engine->works;
    if (item != NULL) {
        engine->works = item->next;
        engine->work_count--;
        if (engine->works == NULL) {
            engine->works_end = &engine->works;
        }
    }
    pthread_mutex_unlock(&engine->lock);
    return item;
}

static bool work_run(struct engine *engine, bool may_wait)
{
    bool is_index = false;
    struct engine_work *item = work_take(engine, may_wait, &is_index);
    if (is_index) {
        names_build(engine);
        return true;
    }
    if (item == NULL) {
        return false;
    }
    item->work(engine, item->context);
    free(item);
    return true;
}

bool work_step(struct engine *engine)
{
    return work_run(engine, false);
}

void *work_main(void *context)
{
    (void)pthread_setname_np(pthread_self(), "worker");
    while (work_run(context, true)) {
    }
    return NULL;
}
