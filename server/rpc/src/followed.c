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

/* The next entry to follow. false: there is none. */
static bool followed_next(struct rpc_followed *followed, uint64_t *number)
{
    pthread_mutex_lock(&followed->lock);
    const bool has_next = followed->range_count > 0;
    struct followed_range *oldest = &followed->ranges[0];
    if (has_next) {
        *number = oldest->first++;
    }
    if (has_next && oldest->first > oldest->last) {
        followed->range_count--;
        memmove(oldest, oldest + 1, followed->range_count * sizeof(*oldest));
    }
    pthread_mutex_unlock(&followed->lock);
    return has_next;
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

void rpc_followed_run(struct rpc *rpc)
{
    struct rpc_followed *followed = &rpc->followed;
    struct engine_view view;
    struct bytes packed;
    struct entry entry;
    uint64_t number = 0;
    if (rpc_is_stopped(rpc) || !followed_has_more(followed) ||
        engine_view_open(rpc->ports.engine, &followed->arena, &view) != LB_OK) {
        return; /* it stays there for the next time */
    }
    for (int i = 0; i < FOLLOWED_ENTRIES_MAX && followed_next(followed, &number); i++) {
        arena_reset(&followed->arena);
        if (engine_view_entry(&view, number, &packed, &entry) == LB_OK) {
            followed_entry(rpc, &entry);
        }
    }
    engine_view_close(&view);
    if (followed_has_more(followed)) {
        rpc->ports.wake(rpc->ports.context);
    }
}
