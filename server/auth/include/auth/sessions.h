/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Sessions of operators who have logged in: in memory, gone when the server stops. Each has a token
 * of 256 random bits, given out once and kept as its SHA-256, and ends after a time without use and
 * at the latest after another. Not who may do what: that is the ledger's to say, at each request.
 *
 * Times are those of one monotonic clock. One thread, the loop's.
 */
#ifndef AUTH_SESSIONS_H
#define AUTH_SESSIONS_H

#include "base/random.h"
#include "lovebank/limits.h"
#include "lovebank/result.h"

#include <stdbool.h>
#include <stdint.h>

struct auth_sessions;

struct auth_sessions_config {
    uint32_t sessions_max;           /* > 0 */
    uint32_t sessions_principal_max; /* of one operator; > 0 */
    int64_t idle_ms;
    int64_t absolute_ms;
};

/* A session, wherever it is remembered; it may have ended meanwhile. serial 0: none. */
struct auth_session_ref {
    uint32_t slot;
    uint64_t serial;
};

/* One that has ended, for whoever comes with a token that is no session's any more. */
#define AUTH_SESSION_ENDED ((struct auth_session_ref){.slot = 0, .serial = UINT64_MAX})

struct auth_session {
    uint32_t principal;
    uint32_t device;    /* at which the operator logged in; 0: none */
    int64_t expires_ms; /* at the latest */
};

/* LB_OK, LB_MEMORY. `random` must outlive it. */
LB_MUST_CHECK enum lb_result auth_sessions_new(const struct auth_sessions_config *config,
                                               const struct random_source *random,
                                               struct auth_sessions **sessions);
void auth_sessions_free(struct auth_sessions *sessions);

/* Over one of the two numbers the session longest unused ends: the operator's own, or any. The
 * token is the caller's to give out and to overwrite. LB_OK, LB_INTERNAL (no randomness). */
LB_MUST_CHECK enum lb_result auth_session_begin(struct auth_sessions *sessions, uint32_t principal,
                                                uint32_t device, int64_t now_ms,
                                                uint8_t token[LB_TOKEN_BYTES],
                                                struct auth_session_ref *ref);
/* false: no session has that token, or it has ended. */
LB_MUST_CHECK bool auth_session_find(struct auth_sessions *sessions,
                                     const uint8_t token[LB_TOKEN_BYTES], int64_t now_ms,
                                     struct auth_session_ref *ref);
/* Looks, and counts as use. false: it has ended. */
LB_MUST_CHECK bool auth_session_use(struct auth_sessions *sessions, struct auth_session_ref ref,
                                    int64_t now_ms, struct auth_session *session);
/* false: it had ended. */
bool auth_session_end(struct auth_sessions *sessions, struct auth_session_ref ref, int64_t now_ms);
/* All of an operator, and all at a device, but for `kept`. How many. */
uint32_t auth_sessions_end_all(struct auth_sessions *sessions, uint32_t principal,
                               struct auth_session_ref kept, int64_t now_ms);
uint32_t auth_sessions_count(struct auth_sessions *sessions, int64_t now_ms);

/* The hash under which a device's token is in the ledger. */
void auth_token_hash(const uint8_t token[LB_TOKEN_BYTES], uint8_t hash[LB_HASH_BYTES]);

#endif
