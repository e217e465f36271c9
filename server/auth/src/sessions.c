/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Sessions in a table of fixed size. A token finds its session by an index of the tokens' hashes,
 * open and never more than half full; a connection by slot and serial. Hashes of random tokens are
 * spread by themselves, and where one stands tells nothing about its token.
 */
#include "auth/sessions.h"

#include "base/assert.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* serial 0: free. */
struct session_slot {
    uint64_t serial;
    uint8_t token_hash[LB_HASH_BYTES];
    uint32_t principal;
    uint32_t device;
    int64_t begun_ms;
    int64_t used_ms;
    uint64_t use; /* rises with each use of any session: for an order within a millisecond */
};

struct auth_sessions {
    struct auth_sessions_config config;
    const struct random_source *random;
    uint64_t last_serial;
    uint64_t last_use;
    size_t index_mask; /* of index, a power of two of them */
    uint32_t *index;   /* the slot + 1 of a live session; 0: free */
    struct session_slot slots[];
};

_Static_assert(crypto_hash_sha256_BYTES == LB_HASH_BYTES, "a token's hash is SHA-256");

enum lb_result auth_sessions_new(const struct auth_sessions_config *config,
                                 const struct random_source *random,
                                 struct auth_sessions **sessions)
{
    LB_ASSERT(config->sessions_max > 0);
    LB_ASSERT(config->sessions_principal_max > 0);
    const size_t slots_bytes = (size_t)config->sessions_max * sizeof(struct session_slot);
    size_t places = 2;
    while (places / 2 < config->sessions_max) {
        places *= 2;
    }
    struct auth_sessions *made = calloc(1, sizeof(*made) + slots_bytes);
    if (made == NULL) {
        return LB_MEMORY;
    }
    made->index = calloc(places, sizeof(*made->index));
    if (made->index == NULL) {
        free(made);
        return LB_MEMORY;
    }
    made->index_mask = places - 1;
    made->config = *config;
    made->random = random;
    *sessions = made;
    return LB_OK;
}

void auth_sessions_free(struct auth_sessions *sessions)
{
    if (sessions != NULL) {
        free(sessions->index);
        free(sessions); /* of tokens it has hashes only */
    }
}

void auth_token_hash(const uint8_t token[LB_TOKEN_BYTES], uint8_t hash[LB_HASH_BYTES])
{
    (void)crypto_hash_sha256(hash, token, LB_TOKEN_BYTES); /* always 0 */
}

/* --- the index -------------------------------------------------------------------------------- */

static size_t index_home(const struct auth_sessions *sessions, const uint8_t hash[LB_HASH_BYTES])
{
    uint64_t first = 0;
    memcpy(&first, hash, sizeof(first));
    return (size_t)first & sessions->index_mask;
}

/* The place of that session's hash, or the free one where it belongs. */
static size_t index_find(const struct auth_sessions *sessions, const uint8_t hash[LB_HASH_BYTES])
{
    size_t at = index_home(sessions, hash);
    while (sessions->index[at] != 0 &&
           sodium_memcmp(sessions->slots[sessions->index[at] - 1].token_hash, hash,
                         LB_HASH_BYTES) != 0) {
        at = (at + 1) & sessions->index_mask;
    }
    return at;
}

/* The places after a freed one, up to the next free, may have been taken for want of it. */
static void index_close_gap(struct auth_sessions *sessions, size_t gap)
{
    size_t at = (gap + 1) & sessions->index_mask;
    while (sessions->index[at] != 0) {
        const uint32_t moved = sessions->index[at];
        sessions->index[at] = 0;
        sessions->index[index_find(sessions, sessions->slots[moved - 1].token_hash)] = moved;
        at = (at + 1) & sessions->index_mask;
    }
}

/* --- sessions --------------------------------------------------------------------------------- */

static uint32_t session_number(const struct auth_sessions *sessions,
                               const struct session_slot *slot)
{
    return (uint32_t)(slot - sessions->slots);
}

static void session_free(struct auth_sessions *sessions, struct session_slot *slot)
{
    const size_t at = index_find(sessions, slot->token_hash);
    LB_ASSERT(sessions->index[at] == session_number(sessions, slot) + 1);
    sessions->index[at] = 0;
    index_close_gap(sessions, at);
    *slot = (struct session_slot){0};
}

static int64_t session_expires_ms(const struct auth_sessions *sessions,
                                  const struct session_slot *slot)
{
    return slot->begun_ms + sessions->config.absolute_ms;
}

/* Frees the slot of a session whose time is over. */
static bool session_is_live(struct auth_sessions *sessions, struct session_slot *slot,
                            int64_t now_ms)
{
    if (slot->serial != 0 && (now_ms >= session_expires_ms(sessions, slot) ||
                              now_ms - slot->used_ms >= sessions->config.idle_ms)) {
        session_free(sessions, slot);
    }
    return slot->serial != 0;
}

/* A free slot, if the operator has fewer sessions than allowed; else the one longest unused. */
static struct session_slot *session_room(struct auth_sessions *sessions, uint32_t principal,
                                         int64_t now_ms)
{
    struct session_slot *unused = NULL;
    struct session_slot *oldest = NULL;
    struct session_slot *oldest_own = NULL;
    uint32_t own_count = 0;
    for (uint32_t i = 0; i < sessions->config.sessions_max; i++) {
        struct session_slot *slot = &sessions->slots[i];
        if (!session_is_live(sessions, slot, now_ms)) {
            unused = unused == NULL ? slot : unused;
            continue;
        }
        oldest = oldest == NULL || slot->use < oldest->use ? slot : oldest;
        if (slot->principal == principal) {
            own_count++;
            oldest_own = oldest_own == NULL || slot->use < oldest_own->use ? slot : oldest_own;
        }
    }
    if (own_count >= sessions->config.sessions_principal_max) {
        return oldest_own;
    }
    return unused == NULL ? oldest : unused;
}

enum lb_result auth_session_begin(struct auth_sessions *sessions, uint32_t principal,
                                  uint32_t device, int64_t now_ms, uint8_t token[LB_TOKEN_BYTES],
                                  struct auth_session_ref *ref)
{
    uint8_t hash[LB_HASH_BYTES];
    LB_ASSERT(principal != 0);
    if (!random_fill(sessions->random, token, LB_TOKEN_BYTES)) {
        return LB_INTERNAL;
    }
    auth_token_hash(token, hash);
    if (sessions->index[index_find(sessions, hash)] != 0) {
        return LB_INTERNAL; /* the same 256 bits again: that was not random */
    }
    struct session_slot *slot = session_room(sessions, principal, now_ms);
    if (slot->serial != 0) {
        session_free(sessions, slot);
    }
    *slot = (struct session_slot){
        .serial = ++sessions->last_serial,
        .principal = principal,
        .device = device,
        .begun_ms = now_ms,
        .used_ms = now_ms,
        .use = ++sessions->last_use,
    };
    memcpy(slot->token_hash, hash, sizeof(hash));
    const uint32_t number = session_number(sessions, slot);
    sessions->index[index_find(sessions, hash)] = number + 1;
    *ref = (struct auth_session_ref){.slot = number, .serial = slot->serial};
    return LB_OK;
}

bool auth_session_find(struct auth_sessions *sessions, const uint8_t token[LB_TOKEN_BYTES],
                       int64_t now_ms, struct auth_session_ref *ref)
{
    uint8_t hash[LB_HASH_BYTES];
    auth_token_hash(token, hash);
    const uint32_t found = sessions->index[index_find(sessions, hash)];
    if (found == 0 || !session_is_live(sessions, &sessions->slots[found - 1], now_ms)) {
        return false;
    }
    *ref = (struct auth_session_ref){
        .slot = found - 1,
        .serial = sessions->slots[found - 1].serial,
    };
    return true;
}

/* NULL: it has ended. */
static struct session_slot *session_of(struct auth_sessions *sessions, struct auth_session_ref ref,
                                       int64_t now_ms)
{
    LB_ASSERT(ref.slot < sessions->config.sessions_max);
    struct session_slot *slot = &sessions->slots[ref.slot];
    const bool is_it = ref.serial != 0 && slot->serial == ref.serial;
    return is_it && session_is_live(sessions, slot, now_ms) ? slot : NULL;
}

bool auth_session_use(struct auth_sessions *sessions, struct auth_session_ref ref, int64_t now_ms,
                      struct auth_session *session)
{
    struct session_slot *slot = session_of(sessions, ref, now_ms);
    if (slot == NULL) {
        return false;
    }
    slot->used_ms = now_ms;
    slot->use = ++sessions->last_use;
    *session = (struct auth_session){
        .principal = slot->principal,
        .device = slot->device,
        .expires_ms = session_expires_ms(sessions, slot),
    };
    return true;
}

bool auth_session_end(struct auth_sessions *sessions, struct auth_session_ref ref, int64_t now_ms)
{
    struct session_slot *slot = session_of(sessions, ref, now_ms);
    if (slot == NULL) {
        return false;
    }
    session_free(sessions, slot);
    return true;
}

uint32_t auth_sessions_end_all(struct auth_sessions *sessions, uint32_t principal,
                               struct auth_session_ref kept, int64_t now_ms)
{
    uint32_t ended = 0;
    LB_ASSERT(principal != 0);
    for (uint32_t i = 0; i < sessions->config.sessions_max; i++) {
        struct session_slot *slot = &sessions->slots[i];
        const bool is_theirs = slot->principal == principal || slot->device == principal;
        if (is_theirs && slot->serial != kept.serial && session_is_live(sessions, slot, now_ms)) {
            session_free(sessions, slot);
            ended++;
        }
    }
    return ended;
}

uint32_t auth_sessions_count(struct auth_sessions *sessions, int64_t now_ms)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < sessions->config.sessions_max; i++) {
        count += session_is_live(sessions, &sessions->slots[i], now_ms);
    }
    return count;
}
