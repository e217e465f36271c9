/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The bridge's beginning and end. Loop's thread.
 */
#include "app/complain.h"
#include "app/web_private.h"
#include "base/assert.h"
#include "lovebank/client.h"

#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>

#define HEADER_BYTES_MAX ((size_t)16 << 10)
/* For the last replies to be sent. */
#define CLOSE_MS 1000

/* --- opening ---------------------------------------------------------------------------------- */

static void web_list_methods(struct web *web)
{
    struct rpc_method_info info;
    while (rpc_method_at(web->method_count, &info)) {
        LB_ASSERT(web->method_count < WEB_METHODS_MAX);
        web->methods[web->method_count++] = (struct http_method){
            .path = info.path,
            .number = info.number,
            .request = info.request,
            .response = info.response,
        };
    }
}

static struct http_tls_files web_tls_files(const struct options *options)
{
    return (struct http_tls_files){
        .certificate = options->tls_certificate,
        .private_key = options->tls_key,
    };
}

static bool web_listen(struct web *web)
{
    const struct options *options = web->parts.options;
    const struct http_config config = {
        .plain_host = options->http_host[0] == '\0' ? NULL : options->http_host,
        .plain_port = options->http_port,
        .tls_host = options->https_host[0] == '\0' ? NULL : options->https_host,
        .tls_port = options->https_port,
        .tls = web_tls_files(options),
        .hosts = options->http_hosts,
        .proxies = options->http_proxies,
        .web_dir = options->web_dir[0] == '\0' ? NULL : options->web_dir,
        .methods = web->methods,
        .method_count = web->method_count,
        .entry_list_method = LB_METHOD_ENTRY_LIST,
        .status_method = LB_METHOD_STATUS,
        .connections_max = options->http_connections_max,
        .inflight_max = options->http_inflight_max,
        .streams_max = options->http_streams_max,
        .header_bytes_max = HEADER_BYTES_MAX,
        .body_bytes_max = (size_t)options->http_body_max,
        .header_ms = (int64_t)options->handshake_timeout_ms,
        .body_ms = (int64_t)options->frame_timeout_ms,
        .idle_ms = (int64_t)options->idle_timeout_ms,
        .write_stall_ms = (int64_t)options->write_timeout_ms,
    };
    const struct http_ops ops = web_http_ops();
    char error[HTTP_ERROR_TEXT_BYTES];
    const enum lb_result result = http_server_new(&config, &ops, web, &web->http, error);
    if (result != LB_OK) {
        complain(result,
                 options->https_host[0] == '\0' ? options->http_listen : options->https_listen,
                 error);
    }
    return result == LB_OK;
}

static void web_free(struct web *web)
{
    if (web->http != NULL) {
        http_server_free(web->http);
    }
    if (web->wakeup != NULL) {
        net_wakeup_free(web->wakeup);
    }
    if (web->on_late != NULL) {
        event_free(web->on_late);
    }
    if (web->on_rested != NULL) {
        event_free(web->on_rested);
    }
    web_places_fini(&web->places);
    web_queue_fini(&web->queue);
    free(web);
}

static void web_on_late(evutil_socket_t fd, short what, void *context)
{
    struct web *web = context;
    void (*drained)(void *ctx) = web->drained;
    (void)fd;
    (void)what;
    web->drained = NULL;
    if (drained != NULL) {
        drained(web->drained_ctx);
    }
}

static void web_on_rested(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    web_end_rest(context);
}

static bool web_open_parts(struct web *web)
{
    const struct options *options = web->parts.options;
    enum lb_result result = web_queue_init(&web->queue, options->http_inflight_max,
                                           (size_t)options->request_memory_max);
    if (result == LB_OK) {
        result = web_places_init(&web->places, options, web->parts.log);
    }
    if (result == LB_OK) {
        web->on_late = evtimer_new(web->parts.base, web_on_late, web);
        web->on_rested = evtimer_new(web->parts.base, web_on_rested, web);
        result = web->on_late == NULL || web->on_rested == NULL ? LB_MEMORY : LB_OK;
    }
    if (result == LB_OK) {
        result = net_wakeup_new(web->parts.base, web_on_asked, web, &web->wakeup);
    }
    if (result != LB_OK) {
        complain(result, "http", "");
    }
    return result == LB_OK;
}

static bool web_start(struct web *web)
{
    const enum lb_result result = http_server_start(web->http);
    if (result != LB_OK) {
        complain(result, "http", "");
    }
    return result == LB_OK;
}

bool web_open(const struct web_parts *parts, struct web **out)
{
    const struct options *options = parts->options;
    if (options->http_host[0] == '\0' && options->https_host[0] == '\0') {
        return true;
    }
    struct web *web = calloc(1, sizeof(*web));
    if (web == NULL) {
        complain(LB_MEMORY, "http", "");
        return false;
    }
    web->parts = *parts;
    web_list_methods(web);
    if (!web_open_parts(web) || !web_listen(web) || !web_start(web)) {
        web_free(web);
        return false;
    }
    *out = web;
    return true;
}

/* --- the end ---------------------------------------------------------------------------------- */

void web_refuse(struct web *web)
{
    if (web != NULL) {
        atomic_store(&web->refuses, true);
    }
}

void web_drain(struct web *web, int64_t deadline_ms, void (*drained)(void *ctx), void *ctx)
{
    if (web == NULL) {
        drained(ctx);
        return;
    }
    const struct timeval deadline = {
        .tv_sec = deadline_ms / 1000,
        .tv_usec = deadline_ms % 1000 * 1000,
    };
    LB_ASSERT(web->drained == NULL);
    web->drained = drained;
    web->drained_ctx = ctx;
    web_refuse(web);
    web_end_rest(web);
    (void)evtimer_add(web->on_late, &deadline);
    web_check_drained(web);
}

void web_close(struct web *web)
{
    struct web_item *item = NULL;
    if (web == NULL) {
        return;
    }
    web_refuse(web);
    web->drained = NULL;
    web_end_rest(web);
    while ((item = web_queue_next(&web->queue)) != NULL) {
        web_refuse_item(web, item, LB_SHUTTING_DOWN);
    }
    http_server_stop(web->http, CLOSE_MS);
    web_free(web);
}

/* --- the rest --------------------------------------------------------------------------------- */

bool web_reload_tls(struct web *web, char *error_text, size_t error_bytes)
{
    char error[HTTP_ERROR_TEXT_BYTES];
    const struct http_tls_files files = web_tls_files(web->parts.options);
    if (http_server_reload_tls(web->http, &files, error) == LB_OK) {
        return true;
    }
    snprintf(error_text, error_bytes, "%s", error);
    return false;
}

uint16_t web_http_port(const struct web *web)
{
    return web == NULL ? 0 : http_server_plain_port(web->http);
}

uint16_t web_https_port(const struct web *web)
{
    return web == NULL ? 0 : http_server_tls_port(web->http);
}
