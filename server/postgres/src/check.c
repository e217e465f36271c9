/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What a session sets for itself, and which servers are refused: standbys, old ones, and those
 * whose settings may lose what was acknowledged. One thread.
 */
#include "postgres_private.h"

#include <string.h>

/* A server of ours that stands still with the turn must not stop the others for longer than they
 * would wait: a third of that, and time for a large group to be decided. */
#define IDLE_SHARE    3
#define IDLE_MS_LEAST 1000

/* Beyond these limits nothing may end a statement: a COMMIT that was cancelled while it waited for
 * a standby is visible and yet not safe. Warnings must come, as they tell of that. A client that
 * has vanished is noticed by keepalives; one that dropped its connection must not end its COMMIT.
 * Rows are found by their keys: plans are made upon tables that are still empty, or hold one row,
 * and for those going through all of it looks cheaper. It is not once each turn has left a dead
 * version of that row.
 */
static const char session_sql[] = "SELECT set_config('statement_timeout', '0', false), "
                                  "set_config('lock_timeout', $1, false), "
                                  "set_config('idle_in_transaction_session_timeout', $2, false), "
                                  "set_config('idle_session_timeout', '0', false), "
                                  "set_config('client_connection_check_interval', '0', false), "
                                  "set_config('client_min_messages', 'warning', false), "
                                  "set_config('enable_seqscan', 'off', false), "
                                  "set_config('jit', 'off', false), "
                                  "set_config('tcp_keepalives_idle', '5', false), "
                                  "set_config('tcp_keepalives_interval', '2', false), "
                                  "set_config('tcp_keepalives_count', '3', false), "
                                  "set_config('tcp_user_timeout', '10000', false)";

/* In the order of enum check_column. */
const char postgres_settings_sql[] =
    "SELECT current_setting('fsync'), current_setting('full_page_writes'), "
    "current_setting('synchronous_commit'), current_setting('synchronous_standby_names'), "
    "current_setting('max_wal_senders'), pg_is_in_recovery()::text, pg_conf_load_time()::text";

enum check_column {
    CHECK_FSYNC,
    CHECK_FULL_PAGE_WRITES,
    CHECK_SYNCHRONOUS_COMMIT,
    CHECK_STANDBY_NAMES,
    CHECK_WAL_SENDERS,
    CHECK_RECOVERY,
    CHECK_LOADED, /* when the settings were */
};

static enum lb_result check_refuse(struct postgres_log *log, const char *setting, const char *value,
                                   const char *remedy)
{
    postgres_why(log, "the server may lose what was acknowledged: its setting %s is \"%s\"; %s",
                 setting, value, remedy);
    return LB_STORE_UNSAFE;
}

enum lb_result postgres_check_settings(struct postgres_log *log, const PGresult *settings)
{
    const char *fsync = postgres_get_text(settings, 0, CHECK_FSYNC);
    const char *full_page_writes = postgres_get_text(settings, 0, CHECK_FULL_PAGE_WRITES);
    const char *commit = postgres_get_text(settings, 0, CHECK_SYNCHRONOUS_COMMIT);
    const char *standbys = postgres_get_text(settings, 0, CHECK_STANDBY_NAMES);
    const char *senders = postgres_get_text(settings, 0, CHECK_WAL_SENDERS);
    if (strcmp(fsync, "on") != 0) {
        return check_refuse(log, "fsync", fsync, "set it on");
    }
    if (strcmp(full_page_writes, "on") != 0) {
        return check_refuse(log, "full_page_writes", full_page_writes, "set it on");
    }
    if (strcmp(commit, "off") == 0 || *commit == '\0') {
        return check_refuse(log, "synchronous_commit", commit, "set it on");
    }
    if (!log->is_ha) {
        return LB_OK;
    }
    if (strcmp(commit, "on") != 0 && strcmp(commit, "remote_apply") != 0) {
        return check_refuse(log, "synchronous_commit", commit, "set it on, or remote_apply");
    }
    if (*standbys == '\0') {
        return check_refuse(log, "synchronous_standby_names", standbys,
                            "name the standbys that a commit waits for");
    }
    if (strcmp(senders, "0") == 0) {
        return check_refuse(log, "max_wal_senders", senders, "then no standby is waited for");
    }
    return LB_OK;
}

/* When a server is told to wait for no standby any more, it lets all COMMITs go that wait, without
 * a word: so what holds before a COMMIT must hold after it, and all the time between. */
enum lb_result postgres_check_settings_around(struct postgres_log *log, const PGresult *before,
                                              const PGresult *after)
{
    enum lb_result result = postgres_check_settings(log, before);
    if (result == LB_OK) {
        result = postgres_check_settings(log, after);
    }
    if (result == LB_OK && log->is_ha &&
        strcmp(postgres_get_text(before, 0, CHECK_LOADED),
               postgres_get_text(after, 0, CHECK_LOADED)) != 0) {
        postgres_why(log, "the server's settings were set anew while it was committed");
        result = LB_STORE_UNREACHABLE;
    }
    return result;
}

enum lb_result postgres_check_session(struct postgres_log *log, int64_t deadline_ns)
{
    if (PQserverVersion(log->connection) < POSTGRES_VERSION_LEAST) {
        postgres_why(log, "the server is PostgreSQL %d, and must be 15 or newer",
                     PQserverVersion(log->connection) / 10000);
        return LB_STORAGE_FAULT;
    }
    char lock_ms[16];
    char idle_ms[16];
    struct postgres_values values = {.count = 0};
    uint32_t share_ms = log->reach_ms / IDLE_SHARE;
    (void)snprintf(lock_ms, sizeof(lock_ms), "%u", (unsigned)log->reach_ms);
    (void)snprintf(idle_ms, sizeof(idle_ms), "%u",
                   (unsigned)(share_ms < IDLE_MS_LEAST ? IDLE_MS_LEAST : share_ms));
    postgres_add_bytes(&values, bytes_of_text(lock_ms));
    postgres_add_bytes(&values, bytes_of_text(idle_ms));
    struct postgres_batch batch;
    postgres_batch_begin(log, &batch);
    postgres_send_text(log, &batch, session_sql, &values);
    postgres_send_text(log, &batch, postgres_settings_sql, NULL);
    enum lb_result result = postgres_receive(log, &batch, deadline_ns);
    if (result == LB_OK &&
        strcmp(postgres_get_text(batch.results[1], 0, CHECK_RECOVERY), "true") == 0) {
        postgres_why(log, "the server is a standby, and cannot be written to");
        result = LB_STORE_UNREACHABLE;
    }
    if (result == LB_OK) {
        result = postgres_check_settings(log, batch.results[1]);
    }
    postgres_batch_clear(&batch);
    return result;
}
