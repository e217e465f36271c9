/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Following entries of other servers. Threading: see followed.h.
 */
#include "followed.h"

#include "call.h"

#include "base/assert.h"

#define FOLLOWED_ENTRIES_MAX     256 /* in one go: about half a millisecond of the loop */
#define FOLLOWED_ARENA_BYTES_MAX (4u << 20)

uint32_t followed_logs_out(const struct command *command)
{
    if (command->kind == ACT_CREDENTIAL_SET) {
        return command->act.credential_set.principal;
    }
    return command->kind == ACT_PRINCIPAL_SET && command->act.principal_set.state > PRINCIPAL_ACTIVE
               ? command->act.principal_set.principal
               : 0;
}

/* ---- the engine's threads ---- */

/* Where there is no more room, what lies between two ranges is followed too: a member may then be
 * counted twice, but nobody's session goes on. */
static void followed_add(struct rpc_followed *followed, uint64_t first, uint64_t last)
{
    const size_t count = followed->range_count;
    if (count == FOLLOWED_RANGES_MAX ||
        (count > 0 && followed->ranges[count - 1].last + 1 == first)) {
        followed->ranges[count - 1].last = last;
    } else {
        followed->ranges[followed->range_count++] = (struct followed_range){first, last};
    }
}

static void followed_is_told(void *context, uint64_t first, uint64_t last)
{
    struct rpc *rpc = context;
    pthread_mutex_lock(&rpc->followed.lock);
    followed_add(&rpc->followed, first, last);
    pthread_mutex_unlock(&rpc->followed.lock);
    rpc->ports.wake(rpc->ports.context);
}

/* ---- the loop's ---- */

void rpc_followed_init(struct rpc *rpc, uint64_t counted)
{
    struct rpc_followed *followed = &rpc->followed;
    arena_init(&followed->arena, arena_memory_heap(), FOLLOWED_ARENA_BYTES_MAX);
    int failed = pthread_mutex_init(&followed->lock, NULL);
    LB_ASSERT(failed == 0); /* glibc's never fail with default attributes */
    const uint64_t newest = engine_follow(rpc->ports.engine, followed_is_told, rpc);
    if (newest > counted) { /* came in meanwhile, and is told by nobody */
        followed_is_told(rpc, counted + 1, newest);
    }
}

void rpc_followed_fini(struct rpc *rpc)
{
    arena_fini(&rpc->followed.arena);
    pthread_mutex_destroy(&rpc->followed.lock);
}

/* The next entry to follow, no later than `head`: what was told since the view was opened is not in
 * it. false: there is none. */
static bool followed_next(struct rpc_followed *followed, uint64_t head, uint64_t *number)
{
    pthread_mutex_lock(&followed->lock);
    const bool has_next = followed->range_count > 0 && followed->ranges[0].first <= head;
    if (has_next) {
        *number = followed->ranges[0].first;
    }
    pthread_mutex_unlock(&followed->lock);
    return has_next;
}

/* The next one is done with. */
static void followed_pass(struct rpc_followed *followed)
{
    pthread_mutex_lock(&followed->lock);
    struct followed_range *oldest = &followed->ranges[0];
    if (++oldest->first > oldest->last) {
        followed->range_count--;
        memmove(oldest, oldest + 1, followed->range_count * sizeof(*oldest));
    }
    pthread_mutex_unlock(&followed->lock);
}

static bool followed_has_more(struct rpc_followed *followed)
{
    pthread_mutex_lock(&followed->lock);
    const bool has_more = followed->range_count > 0;
    pthread_mutex_unlock(&followed->lock);
    return has_more;
}

static void followed_entry(struct rpc *rpc, const struct entry *entry)
{
    struct auth *auth = rpc->ports.auth;
    const struct auth_session_ref none = {0};
    if (entry->verdict.code != LB_OK) {
        return;
    }
    rpc->members += entry->command.kind == ACT_MEMBER_REGISTER;
    rpc->cards += entry->command.kind == ACT_CARD_ISSUE || entry->assigned_card != 0;
    const uint32_t principal = followed_logs_out(&entry->command);
    if (principal != 0 && auth != NULL) {
        (void)auth_sessions_end_all(auth->sessions, principal, none,
                                    clock_monotonic_ms(auth->clock));
    }
}

/* false: it could not be read now. */
static bool followed_try(struct rpc *rpc, struct engine_view *view, uint64_t number)
{
    struct bytes packed;
    struct entry entry;
    arena_reset(&rpc->followed.arena);
    const enum lb_result result = engine_view_entry(view, number, &packed, &entry);
    if (result == LB_MEMORY || views_fault(view->bank.views) != LB_OK) {
        return false;
    }
    if (result == LB_OK) {
        followed_entry(rpc, &entry);
    }
    return true;
}

/* false: some could not be read now, and stay there for the next time. */
static bool followed_go(struct rpc *rpc)
{
    struct rpc_followed *followed = &rpc->followed;
    struct engine_view view;
    uint64_t number = 0;
    bool is_read = engine_view_open(rpc->ports.engine, &followed->arena, &view) == LB_OK;
    if (!is_read) {
        return false;
    }
    for (int i = 0; i < FOLLOWED_ENTRIES_MAX && is_read; i++) {
        if (!followed_next(followed, view.head_entry, &number)) {
            break;
        }
        is_read = followed_try(rpc, &view, number);
        if (is_read) {
            followed_pass(followed);
        }
    }
    engine_view_close(&view);
    return is_read;
}

void rpc_followed_run(struct rpc *rpc)
{
    struct rpc_followed *followed = &rpc->followed;
    if (rpc_is_stopped(rpc) || !followed_has_more(followed)) {
        return;
    }
    if (!followed_go(rpc)) { /* what is parked may put that off, but not for long */
        rpc->ports.wake_after(rpc->ports.context, FOLLOWED_AGAIN_MS);
    } else if (followed_has_more(followed)) {
        rpc->ports.wake(rpc->ports.context);
    }
}
