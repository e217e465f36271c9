/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Puts the parts together, and answers who a connection acts for. Loop's thread.
 */
#include "auth/auth.h"

#include <stdlib.h>

#define NEWS_MS 1000

static enum lb_result auth_open_parts(struct auth *auth)
{
    const struct auth_config *config = &auth->config;
    enum lb_result result = auth_sessions_new(&config->sessions, auth->random, &auth->sessions);
    if (result == LB_OK) {
        result = auth_attempts_new(auth->random, &auth->attempts);
    }
    if (result == LB_OK) {
        result = auth_limits_new(&config->limits, auth->random, &auth->limits);
    }
    if (result == LB_OK) {
        result = auth_passwords_new(&config->password_cost, config->password_queue_max,
                                    auth->random, &auth->passwords);
    }
    return result;
}

enum lb_result auth_new(const struct auth_config *config, const struct clock *clock,
                        const struct random_source *random, struct auth **auth)
{
    struct auth *made = calloc(1, sizeof(*made));
    if (made == NULL) {
        return LB_MEMORY;
    }
    made->config = *config;
    made->clock = clock;
    made->random = random;
    const enum lb_result result = auth_open_parts(made);
    if (result != LB_OK) {
        auth_free(made);
        return result;
    }
    *auth = made;
    return LB_OK;
}

void auth_stop(struct auth *auth)
{
    if (auth->passwords != NULL) {
        auth_passwords_stop(auth->passwords);
    }
}

void auth_free(struct auth *auth)
{
    if (auth->passwords != NULL) {
        auth_passwords_free(auth->passwords);
    }
    auth_limits_free(auth->limits);
    auth_attempts_free(auth->attempts);
    auth_sessions_free(auth->sessions);
    free(auth);
}

enum lb_result auth_connection_who(struct auth *auth, const struct auth_connection *connection,
                                   struct auth_session *who)
{
    *who = (struct auth_session){.principal = connection->device};
    if (connection->session.serial == 0) {
        return LB_OK;
    }
    const int64_t now_ms = clock_monotonic_ms(auth->clock);
    if (!auth_session_use(auth->sessions, connection->session, now_ms, who)) {
        *who = (struct auth_session){0};
        return LB_SESSION_EXPIRED;
    }
    return LB_OK;
}

enum lb_result auth_make_id(struct auth *auth, struct id *id)
{
    uint8_t random[10];
    if (!random_fill(auth->random, random, sizeof(random))) {
        return LB_INTERNAL;
    }
    *id = id_make(&auth->ids, (uint64_t)clock_now_ms(auth->clock), random);
    return LB_OK;
}

bool auth_has_news(struct auth *auth, uint64_t *count)
{
    const struct auth_limits_stats stats = auth_limits_stats(auth->limits);
    const uint64_t total = stats.requests_limited + stats.connections_limited;
    const int64_t now_ms = clock_monotonic_ms(auth->clock);
    if (total == auth->said_count || (auth->said_ms != 0 && now_ms - auth->said_ms < NEWS_MS)) {
        return false;
    }
    *count = total - auth->said_count;
    auth->said_count = total;
    auth->said_ms = now_ms;
    return true;
}
