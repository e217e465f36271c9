/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Sessions in a table of fixed size, looked through in whole: it is small, and a token comes once a
 * connection. A request finds its session by slot and serial.
 */
#include "auth/sessions.h"

#include "base/assert.h"

#include <sodium.h>
#include <stdlib.h>

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
    struct auth_sessions *made = calloc(1, sizeof(*made) + slots_bytes);
    if (made == NULL) {
        return LB_MEMORY;
    }
    made->config = *config;
    made->random = random;
    *sessions = made;
    return LB_OK;
}

void auth_sessions_free(struct auth_sessions *sessions)
{
    free(sessions); /* of tokens it has hashes only */
}

void auth_token_hash(const uint8_t token[LB_TOKEN_BYTES], uint8_t hash[LB_HASH_BYTES])
{
    (void)crypto_hash_sha256(hash, token, LB_TOKEN_BYTES); /* always 0 */
}

static int64_t session_expires_ms(const struct auth_sessions *sessions,
                                  const struct session_slot *slot)
{
    return slot->begun_ms + sessions->config.absolute_ms;
}

/* Frees the slot of a session whose time is over. */
static bool session_is_live(const struct auth_sessions *sessions, struct session_slot *slot,
                            int64_t now_ms)
{
    if (slot->serial != 0 && (now_ms >= session_expires_ms(sessions, slot) ||
                              now_ms - slot->used_ms >= sessions->config.idle_ms)) {
        *slot = (struct session_slot){0};
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
    LB_ASSERT(principal != 0);
    if (!random_fill(sessions->random, token, LB_TOKEN_BYTES)) {
        return LB_INTERNAL;
    }
    struct session_slot *slot = session_room(sessions, principal, now_ms);
    *slot = (struct session_slot){
        .serial = ++sessions->last_serial,
        .principal = principal,
        .device = device,
        .begun_ms = now_ms,
        .used_ms = now_ms,
        .use = ++sessions->last_use,
    };
    auth_token_hash(token, slot->token_hash);
    *ref = (struct auth_session_ref){.slot = (uint32_t)(slot - sessions->slots),
                                     .serial = slot->serial};
    return LB_OK;
}

bool auth_session_find(struct auth_sessions *sessions, const uint8_t token[LB_TOKEN_BYTES],
                       int64_t now_ms, struct auth_session_ref *ref)
{
    uint8_t hash[LB_HASH_BYTES];
    bool is_found = false;
    auth_token_hash(token, hash);
    for (uint32_t i = 0; i < sessions->config.sessions_max; i++) {
        struct session_slot *slot = &sessions->slots[i];
        if (session_is_live(sessions, slot, now_ms) &&
            sodium_memcmp(slot->token_hash, hash, sizeof(hash)) == 0) {
            *ref = (struct auth_session_ref){.slot = i, .serial = slot->serial};
            is_found = true;
        }
    }
    return is_found;
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
    *slot = (struct session_slot){0};
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
            *slot = (struct session_slot){0};
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
