/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What the server keeps in memory about who is there: sessions, attempts, limits, the worker for
 * passwords, and for each connection whom it acts for. Not accounts and roles, which are in the
 * ledger, nor what anybody may do, which is the bank's to decide.
 *
 * One thread, the loop's; the worker's jobs end on its own (passwords.h).
 */
#ifndef AUTH_AUTH_H
#define AUTH_AUTH_H

#include "auth/attempts.h"
#include "auth/limits.h"
#include "auth/passwords.h"
#include "auth/place.h"
#include "auth/sessions.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/random.h"

struct auth_config {
    struct auth_sessions_config sessions;
    struct auth_limits_config limits;
    struct auth_password_cost password_cost;
    uint32_t password_queue_max;
    uint32_t login_failures_max; /* in a row, then the account is locked */
};

/* Since the start. */
struct auth_stats {
    uint64_t logins;
    uint64_t logins_failed;
    uint64_t accounts_locked;
};

struct auth {
    struct auth_config config;
    const struct clock *clock;
    const struct random_source *random;
    struct auth_sessions *sessions;
    struct auth_attempts *attempts;
    struct auth_limits *limits;
    struct auth_passwords *passwords;
    struct auth_stats stats;
    struct id_maker ids; /* of the server's own commands */
    int64_t said_ms;     /* when the log was last told of what is over a limit; 0: never */
    uint64_t said_count; /* and how much that was */
};

/* Whom a connection acts for. Zeroed but for the first three it acts for nobody. */
struct auth_connection {
    struct auth_place place;
    uint32_t peer;   /* uid of a Unix socket's peer + 1; 0: not known */
    bool is_trusted; /* this server asks nobody to log in */
    uint32_t device; /* whose token it gave */
    struct auth_session_ref session;
};

/* LB_OK, LB_MEMORY, LB_INTERNAL. Clock and random must outlive it. */
LB_MUST_CHECK enum lb_result auth_new(const struct auth_config *config, const struct clock *clock,
                                      const struct random_source *random, struct auth **auth);
/* Waits for the worker; its jobs end first. After it nothing is submitted any more. */
void auth_stop(struct auth *auth);
void auth_free(struct auth *auth);

/* Who asks by that connection, counted as use of the session. LB_OK: the operator of the session,
 * else the device, else nobody. LB_SESSION_EXPIRED: there was a session, and it has ended; the
 * device does not step in for the operator unasked. `auth` may be NULL where there are no sessions.
 */
LB_MUST_CHECK enum lb_result auth_connection_who(struct auth *auth,
                                                 const struct auth_connection *connection,
                                                 struct auth_session *who);

/* An id for a command of the server's own. LB_OK, LB_INTERNAL. */
LB_MUST_CHECK enum lb_result auth_make_id(struct auth *auth, struct id *id);

/* More was over a limit since the log was told, and that is a second ago: *count of them since. */
bool auth_has_news(struct auth *auth, uint64_t *count);

#endif
