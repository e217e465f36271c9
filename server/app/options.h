/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The settings of lovebankd: one table for file, environment and flags. Used at start.
 */
#ifndef APP_OPTIONS_H
#define APP_OPTIONS_H

#include "base/config.h"
#include "base/log.h"
#include "lovebank/result.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct options {
    char config[CONFIG_TEXT_BYTES];
    char data_dir[CONFIG_TEXT_BYTES];
    char key_file[CONFIG_TEXT_BYTES];
    char store[CONFIG_TEXT_BYTES]; /* "": in files */
    char store_book[CONFIG_TEXT_BYTES];
    bool store_ha;
    uint64_t store_reach_ms;
    bool create;
    char socket[CONFIG_TEXT_BYTES];
    char insecure_loopback[CONFIG_TEXT_BYTES];
    bool insecure_no_login;
    char tls_listen[CONFIG_TEXT_BYTES];
    char tls_certificate[CONFIG_TEXT_BYTES];
    char tls_key[CONFIG_TEXT_BYTES];
    char tls_client_ca[CONFIG_TEXT_BYTES]; /* "": none */
    char http_listen[CONFIG_TEXT_BYTES];
    char https_listen[CONFIG_TEXT_BYTES];
    char http_hosts[CONFIG_TEXT_BYTES];   /* names separated by commas; "": none */
    char http_proxies[CONFIG_TEXT_BYTES]; /* addresses separated by commas; "": none */
    char web_dir[CONFIG_TEXT_BYTES];
    bool public_board;
    char zone_east[CONFIG_TEXT_BYTES];
    char log_level[CONFIG_TEXT_BYTES];

    uint32_t connections_max;
    uint32_t connections_place_max;
    uint32_t connections_place_per_s;
    uint32_t handshakes_max;
    uint32_t inflight_max;
    uint64_t inflight_bytes_max;
    uint64_t out_bytes_max;
    uint64_t frame_bytes_max;
    uint64_t handshake_timeout_ms;
    uint64_t idle_timeout_ms;
    uint64_t frame_timeout_ms;
    uint64_t write_timeout_ms;
    uint64_t stop_timeout_ms;
    uint32_t http_connections_max;
    uint32_t http_inflight_max;
    uint32_t http_streams_max;
    uint64_t http_body_max;

    uint32_t sessions_max;
    uint32_t sessions_operator_max;
    uint64_t session_idle_ms;
    uint64_t session_absolute_ms;
    uint32_t login_failures_max;
    uint32_t password_queue_max;
    uint32_t guest_requests; /* a second, as the next four */
    uint32_t account_requests;
    uint64_t account_bytes;
    uint32_t place_requests;
    uint64_t place_bytes;
    char first_login[CONFIG_TEXT_BYTES]; /* of init */
    char new_code[CONFIG_TEXT_BYTES];    /* of init; "": not asked for */

    uint32_t queue_commands_max;
    uint32_t group_commands_max;
    uint32_t work_queue_max;
    uint64_t request_memory_max;

    uint64_t map_size;
    uint64_t map_size_max;
    uint64_t journal_segment_size; /* rounded up to a multiple of 512 */
    uint64_t recent_memory_max;
    uint64_t checkpoint_interval_ms;
    uint64_t free_space_min;

    /* Worked out of the texts above. */
    bool key_is_credential; /* key_file is systemd's, and never written */
    int32_t zone_east_s;
    enum log_level log_level_min;
    char tcp_host[CONFIG_TEXT_BYTES]; /* "": no TCP */
    uint16_t tcp_port;
    char tls_host[CONFIG_TEXT_BYTES]; /* "": no TLS */
    uint16_t tls_port;
    char http_host[CONFIG_TEXT_BYTES]; /* "": no plain HTTP */
    uint16_t http_port;
    char https_host[CONFIG_TEXT_BYTES]; /* "": no HTTPS */
    uint16_t https_port;
};

/* false: what is wrong was said on `complaints`, in both languages. */
LB_MUST_CHECK bool options_load(int argc, char *const *argv, char *const *envp,
                                struct options *options, FILE *complaints);
/* Another place for the setting store. false: as options_load. */
LB_MUST_CHECK bool options_set_store(struct options *options, const char *url, FILE *complaints);
void options_print_help(FILE *out, bool chinese);
void options_print_effective(FILE *out, const struct options *options);

#endif
