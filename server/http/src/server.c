/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The server's life: made, started, stopped, freed; its loop, and what other threads may ask of it.
 */
#include "server.h"

#include "base/assert.h"
#include "base/clock.h"
#include "origin.h"
#include "route.h"
#include "tls/tls.h"
#include "wake.h"

#include <event2/event.h>
#include <event2/http.h>
#include <event2/listener.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

/* --- the loop ----------------------------------------------------------------------------------
 */

int64_t http_server_look_at_clock(struct http_server *server)
{
    const time_t now = (time_t)(clock_now_ms(clock_system()) / 1000);
    struct tm tm = {0};
    server->now_ms = clock_monotonic_ms(clock_system());
    if (gmtime_r(&now, &tm) == NULL || strftime(server->date, sizeof(server->date),
                                                "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &tm) == 0) {
        server->date[0] = '\0';
    }
    return server->now_ms;
}

static void server_on_turn(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    http_connection_take_turns(arg);
}

static void server_on_turned(evutil_socket_t fd, short what, void *arg)
{
    struct http_server *server = arg;
    (void)fd;
    (void)what;
    server->has_submitted = false;
    server->ops.turned(server->ctx);
}

bool http_server_submit(struct http_server *server, const struct http_request *request)
{
    if (server->ops.turned != NULL && !server->has_submitted) {
        server->has_submitted = true;
        event_active(&server->turned_event, EV_READ, 0); /* behind all that is active now */
    }
    return server->ops.submit(server->ctx, request);
}

/* Descriptors ran out: the sockets would wake the loop without end. The next look goes on. */
static void server_on_accept_error(struct evconnlistener *listener, void *arg)
{
    (void)arg;
    (void)evconnlistener_disable(listener);
}

static void server_resume_accepting(const struct http_server *server)
{
    const struct http_listener *listeners[] = {&server->plain, &server->tls};
    for (size_t i = 0; i < 2; i++) {
        if (listeners[i]->listener != NULL && !server->is_stopping) {
            (void)evconnlistener_enable(listeners[i]->listener);
        }
    }
}

static void server_on_sweep(evutil_socket_t fd, short what, void *arg)
{
    struct http_server *server = arg;
    (void)fd;
    (void)what;
    (void)http_server_look_at_clock(server);
    server_resume_accepting(server);
    http_call_sweep(server);
    http_connection_sweep(server);
    http_stream_sweep(server);
    http_server_look_for_end(server);
}

static void server_begin_stop(struct http_server *server)
{
    server->is_stopping = true;
    server->stop_ms =
        http_server_look_at_clock(server) + (int64_t)atomic_load(&server->stop_within_ms);
    if (server->plain.listener != NULL) {
        (void)evconnlistener_disable(server->plain.listener);
    }
    if (server->tls.listener != NULL) {
        (void)evconnlistener_disable(server->tls.listener);
    }
    http_streams_end(server);
    http_connection_end_calm(server);
    http_server_look_for_end(server);
}

void http_server_look_for_end(struct http_server *server)
{
    if (server->is_stopping &&
        (server->connection_count == 0 || server->now_ms >= server->stop_ms)) {
        (void)event_base_loopbreak(server->base);
    }
}

static void server_on_wake(void *arg)
{
    struct http_server *server = arg;
    const uint64_t news = atomic_load(&server->news);
    server->ops.woken(server->ctx);
    if (news != server->news_seen) {
        server->news_seen = news;
        http_streams_go_on(server);
    }
    if (atomic_load(&server->stop_wanted) && !server->is_stopping) {
        server_begin_stop(server);
    }
}

static void *server_run(void *arg)
{
    struct http_server *server = arg;
    (void)pthread_setname_np(pthread_self(), "http");
    /* Where a priority of its own cannot be had, all are equal. */
    (void)setpriority(PRIO_PROCESS, (id_t)gettid(), HTTP_NICE);
    (void)event_base_dispatch(server->base);
    http_connection_end_all(server);
    return NULL;
}

/* --- making ------------------------------------------------------------------------------------
 */

static bool config_copy_text(const char **text)
{
    if (*text != NULL) {
        *text = strdup(*text);
        return *text != NULL;
    }
    return true;
}

/* Each is a copy afterwards, or NULL. */
static bool config_copy(struct http_config *config, const struct http_config *from)
{
    *config = *from;
    const char **texts[] = {&config->plain_host, &config->tls_host, &config->hosts,
                            &config->proxies, &config->web_dir};
    bool is_copied = true;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        if (!config_copy_text(texts[i])) {
            is_copied = false;
        }
    }
    config->tls = (struct http_tls_files){0}; /* read and forgotten */
    return is_copied;
}

static void config_free(struct http_config *config)
{
    free((void *)(uintptr_t)config->plain_host);
    free((void *)(uintptr_t)config->tls_host);
    free((void *)(uintptr_t)config->hosts);
    free((void *)(uintptr_t)config->proxies);
    free((void *)(uintptr_t)config->web_dir);
}

static struct tls_context *server_load_tls(const struct http_tls_files *files, char *error_text)
{
    const struct tls_files own = {
        .certificate = files->certificate,
        .private_key = files->private_key,
    };
    char reason[TLS_ERROR_BYTES];
    struct tls_context *context = tls_context_new_server(&own, reason);
    if (context == NULL) {
        (void)snprintf(error_text, HTTP_ERROR_TEXT_BYTES, "TLS: %.*s", HTTP_ERROR_TEXT_BYTES - 8,
                       reason);
    }
    return context;
}

/* evhttp over a socket that listens. LB_OK, LB_MEMORY. */
static enum lb_result server_open_evhttp(struct http_server *server, struct http_listener *listener,
                                         bool is_tls)
{
    const unsigned flags = LEV_OPT_CLOSE_ON_EXEC | LEV_OPT_CLOSE_ON_FREE | LEV_OPT_DISABLED;
    listener->evhttp = evhttp_new(server->base);
    listener->listener = evconnlistener_new(server->base, NULL, NULL, flags, 0, listener->fd);
    if (listener->listener != NULL) {
        listener->fd = -1; /* the listener's */
    }
    if (listener->evhttp == NULL || listener->listener == NULL) {
        return LB_MEMORY;
    }
    /* All that scan.h lets pass; the answers are ours. */
    evhttp_set_allowed_methods(listener->evhttp,
                               EVHTTP_REQ_GET | EVHTTP_REQ_HEAD | EVHTTP_REQ_POST | EVHTTP_REQ_PUT |
                                   EVHTTP_REQ_PATCH | EVHTTP_REQ_OPTIONS | EVHTTP_REQ_DELETE);
    evhttp_set_max_headers_size(listener->evhttp, (ev_ssize_t)server->config.header_bytes_max);
    evhttp_set_max_body_size(listener->evhttp, (ev_ssize_t)server->config.body_bytes_max);
    evhttp_set_bevcb(listener->evhttp, is_tls ? http_connection_new_tls : http_connection_new_plain,
                     server);
    evhttp_set_gencb(listener->evhttp, http_request_read, server);
    if (evhttp_bind_listener(listener->evhttp, listener->listener) == NULL) {
        evconnlistener_free(listener->listener);
        listener->listener = NULL;
        return LB_MEMORY;
    }
    evconnlistener_set_error_cb(listener->listener, server_on_accept_error);
    return LB_OK;
}

static enum lb_result server_listen(struct http_server *server, const struct http_tls_files *files,
                                    char *error_text)
{
    const struct http_config *config = &server->config;
    enum lb_result result = LB_OK;
    if (!http_proxies_are_valid(config->proxies)) {
        (void)snprintf(error_text, HTTP_ERROR_TEXT_BYTES,
                       "http-proxies: not all are addresses; write them like 127.0.0.1,::1");
        return LB_CONFIG_INVALID;
    }
    if (config->plain_host != NULL) {
        result =
            http_listen(config->plain_host, config->plain_port, true, &server->plain, error_text);
        result = result == LB_OK ? server_open_evhttp(server, &server->plain, false) : result;
    }
    if (result == LB_OK && config->tls_host != NULL) {
        server->tls_context = server_load_tls(files, error_text);
        result = server->tls_context == NULL ? LB_CONFIG_INVALID
                                             : http_listen(config->tls_host, config->tls_port,
                                                           false, &server->tls, error_text);
        result = result == LB_OK ? server_open_evhttp(server, &server->tls, true) : result;
    }
    return result;
}

/* Changes of interest are told to the kernel together, those of a descriptor closed since too: the
 * kernel answers that it is not there. ThreadSanitizer would take it for the descriptor of another
 * thread that has the number by then. */
#define LOOP_TOGETHER EVENT_BASE_FLAG_EPOLL_USE_CHANGELIST
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#undef LOOP_TOGETHER
#define LOOP_TOGETHER 0
#endif
#endif

/* The loop is one thread's, so it needs no locks. */
static bool server_open_loop(struct http_server *server)
{
    const struct timeval sweep = {.tv_usec = HTTP_SWEEP_MS * 1000};
    struct event_config *config = event_config_new();
    if (config == NULL) {
        return false;
    }
    (void)event_config_set_flag(config, EVENT_BASE_FLAG_NOLOCK | LOOP_TOGETHER);
    server->base = event_base_new_with_config(config);
    event_config_free(config);
    if (server->base == NULL) {
        return false;
    }
    server->wake = http_wake_new(server->base, server_on_wake, server);
    return server->wake != NULL &&
           event_assign(&server->turn_event, server->base, -1, EV_PERSIST, server_on_turn,
                        server) == 0 &&
           event_assign(&server->turned_event, server->base, -1, EV_PERSIST, server_on_turned,
                        server) == 0 &&
           event_assign(&server->sweep_event, server->base, -1, EV_PERSIST, server_on_sweep,
                        server) == 0 &&
           event_add(&server->sweep_event, &sweep) == 0;
}

static enum lb_result server_open(struct http_server *server, const struct http_config *config,
                                  char *error_text)
{
    if (!config_copy(&server->config, config) || !server_open_loop(server) ||
        !http_calls_init(server)) {
        return LB_MEMORY;
    }
    server->method_order = calloc(config->method_count + 1, sizeof(*server->method_order));
    if (server->method_order == NULL) {
        return LB_MEMORY;
    }
    http_route_order(config->methods, config->method_count, server->method_order);
    (void)http_server_look_at_clock(server);
    const enum lb_result result = http_pages_load(config->web_dir, &server->pages, error_text);
    return result == LB_OK ? server_listen(server, &config->tls, error_text) : result;
}

enum lb_result http_server_new(const struct http_config *config, const struct http_ops *ops,
                               void *ctx, struct http_server **out,
                               char error_text[static HTTP_ERROR_TEXT_BYTES])
{
    struct http_server *server = calloc(1, sizeof(*server));
    (void)snprintf(error_text, HTTP_ERROR_TEXT_BYTES, "out of memory");
    if (server == NULL) {
        return LB_MEMORY;
    }
    server->ops = *ops;
    server->ctx = ctx;
    server->plain.fd = -1;
    server->tls.fd = -1;
    TAILQ_INIT(&server->connections);
    TAILQ_INIT(&server->calm);
    TAILQ_INIT(&server->turns);
    TAILQ_INIT(&server->streams);
    pthread_mutex_init(&server->tls_lock, NULL);
    arena_init(&server->arena, arena_memory_heap(), HTTP_ARENA_BYTES_MAX);
    const enum lb_result result = server_open(server, config, error_text);
    if (result != LB_OK) {
        http_server_free(server);
        return result;
    }
    *out = server;
    return LB_OK;
}

/* --- starting, stopping ------------------------------------------------------------------------
 */

enum lb_result http_server_start(struct http_server *server)
{
    sigset_t all;
    sigset_t before;
    LB_ASSERT(!server->is_started);
    server_resume_accepting(server);
    /* Signals are for the main thread; a pipe that breaks is told by its error. */
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    server->is_started = pthread_create(&server->thread, NULL, server_run, server) == 0;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return server->is_started ? LB_OK : LB_MEMORY;
}

void http_server_stop(struct http_server *server, int64_t deadline_ms)
{
    if (!server->is_started || server->is_joined) {
        return;
    }
    atomic_store(&server->stop_within_ms, deadline_ms);
    atomic_store(&server->stop_wanted, true);
    http_wake_ring(server->wake);
    (void)pthread_join(server->thread, NULL);
    server->is_joined = true;
}

static void listener_close(struct http_listener *listener)
{
    if (listener->evhttp != NULL) {
        evhttp_free(listener->evhttp); /* the listener and the connections too */
    } else if (listener->listener != NULL) {
        evconnlistener_free(listener->listener);
    }
    if (listener->fd >= 0) {
        (void)close(listener->fd);
    }
}

void http_server_free(struct http_server *server)
{
    http_server_stop(server, 0);
    listener_close(&server->plain);
    listener_close(&server->tls);
    LB_ASSERT(server->connection_count == 0);
    http_wake_free(server->wake);
    if (server->base != NULL) {
        (void)event_del(&server->sweep_event);
        (void)event_del(&server->turn_event);
        (void)event_del(&server->turned_event);
        event_base_free(server->base);
    }
    tls_context_free(server->tls_context);
    http_pages_free(&server->pages);
    http_calls_fini(server);
    arena_fini(&server->arena);
    free(server->method_order);
    free(server->by_fd);
    config_free(&server->config);
    pthread_mutex_destroy(&server->tls_lock);
    free(server);
}

/* --- from other threads ------------------------------------------------------------------------
 */

uint16_t http_server_plain_port(const struct http_server *server)
{
    return server->plain.port;
}

uint16_t http_server_tls_port(const struct http_server *server)
{
    return server->tls.port;
}

enum lb_result http_server_reload_tls(struct http_server *server,
                                      const struct http_tls_files *files,
                                      char error_text[static HTTP_ERROR_TEXT_BYTES])
{
    if (server->tls_context == NULL) {
        (void)snprintf(error_text, HTTP_ERROR_TEXT_BYTES,
                       "the server does not listen with https-listen");
        return LB_CONFIG_INVALID;
    }
    struct tls_context *context = server_load_tls(files, error_text);
    if (context == NULL) {
        return LB_CONFIG_INVALID;
    }
    pthread_mutex_lock(&server->tls_lock);
    struct tls_context *before = server->tls_context;
    server->tls_context = context;
    pthread_mutex_unlock(&server->tls_lock);
    tls_context_free(before); /* connections hold what they need of it */
    return LB_OK;
}

void http_wake(struct http_server *server)
{
    http_wake_ring(server->wake);
}

void http_news(struct http_server *server, uint64_t durable_entry)
{
    atomic_store(&server->news, durable_entry);
    if (atomic_load(&server->streams_now) > 0) {
        http_wake_ring(server->wake);
    }
}

struct http_stats http_server_stats(const struct http_server *server)
{
    return (struct http_stats){
        .refused = atomic_load(&server->refused),
        .connections = (uint32_t)atomic_load(&server->connections_now),
        .streams = (uint32_t)atomic_load(&server->streams_now),
    };
}

/* --- replies -----------------------------------------------------------------------------------
 */

void http_reply(struct http_server *server, const struct http_reply *reply)
{
    struct http_call *call = http_call_find(server, reply->token);
    if (call == NULL) {
        return;
    }
    if (call->connection == NULL) {
        http_call_free(server, call);
        return;
    }
    switch (call->kind) {
    case HTTP_CALL_UNARY:
        http_connect_reply(server, call, reply);
        break;
    case HTTP_CALL_STREAM:
        http_stream_reply(server, call, reply);
        break;
    case HTTP_CALL_HEALTH:
    case HTTP_CALL_METRICS:
        http_health_reply(server, call, reply);
        break;
    case HTTP_CALL_FREE:
        break;
    }
}
