/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Opens the parts, passes what one has for another between them, runs the loop, closes the parts.
 * No rules of its own.
 *
 * Threads: this one runs the event loop; the engine has a writer and a worker, auth a worker, HTTP
 * a thread of its own.
 */
#include "app/server.h"

#include "app/backup.h"
#include "app/complain.h"
#include "app/first_operator.h"
#include "app/loop.h"
#include "app/process.h"
#include "app/tokens.h"
#include "base/clock.h"

#include <event2/event.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- opening ---------------------------------------------------------------------------------- */

/* The writer's thread or the store's: nothing may be acknowledged any more. Closing the process
 * closes the connections; the next start looks at what is durable, and clients send again. */
static void server_die(void *context, enum lb_result why)
{
    struct server *server = context;
    log_error(&server->log, "stopped_by_fault", log_text("why", lb_result_name((int)why)));
    _exit(EXIT_FAULT);
}

/* A book in a database may take long, and who stops the server then does not wait for it. */
static bool server_open_book(struct server *server)
{
    struct process_watch watch;
    process_watch_begin(&watch);
    server->book.stop_fd = watch.told_fd < 0 ? NULL : &watch.told_fd;
    const bool is_open = book_open(&server->book);
    server->book.stop_fd = NULL;
    server->is_stopping = process_watch_end(&watch);
    return is_open && !server->is_stopping;
}

/* Who is there, and until when. */
static bool server_open_auth(struct server *server)
{
    server->callers = (struct callers){
        .log = &server->log,
        .are_trusted = server->options.insecure_no_login,
    };
    enum lb_result result = callers_open_auth(&server->options, &server->callers.auth);
    if (result == LB_OK && !server->options.insecure_no_login) {
        result = first_operator_look(server->engine);
    }
    if (result == LB_PRINCIPAL_UNKNOWN) {
        log_warn(&server->log, "nobody_can_log_in",
                 log_text("remedy", "stop the server and run lovebankd init"));
        return true;
    }
    if (result != LB_OK) {
        complain(result, server->options.data_dir, "");
    }
    return result == LB_OK;
}

bool server_open_engine(struct server *server)
{
    const struct options *options = &server->options;
    const struct engine_config config = {
        .zone_east_s = options->zone_east_s,
        .queue_commands_max = options->queue_commands_max,
        .group_commands_max = options->group_commands_max,
        .work_queue_max = options->work_queue_max,
    };
    const struct engine_ports ports = {
        .store = server->book.store,
        .people = server->book.people,
        .clock = clock_system(),
        .log = &server->log,
        .stop = server_die,
        .stop_context = server,
    };
    const enum lb_result result = engine_open(&config, &ports, &server->engine);
    if (result == LB_KEY_OUTDATED) {
        book_drop_new_key(&server->book);
    }
    if (result != LB_OK) {
        const bool is_key = result == LB_KEY_MISSING || result == LB_KEY_OUTDATED;
        complain(result, is_key ? options->key_file : options->data_dir, server->book.detail);
    }
    return result == LB_OK;
}

/* --- between rpc and the transports ----------------------------------------------------------- */

static void server_reply(void *context, struct rpc_token token, enum lb_frame_kind kind,
                         struct bytes payload)
{
    struct server *server = context;
    if (token_is_web(token)) {
        web_reply(server->web, token, kind, payload);
        return;
    }
    struct net_connection *connection = net_connection_find(server->net, token_to_net(token));
    if (connection != NULL && caller_is_known(callers_of(connection))) {
        net_connection_set_known(connection);
    }
    net_reply(server->net, token_to_net(token), kind, payload.data, payload.size);
}

static void server_wake(void *context)
{
    struct server *server = context;
    net_wakeup_signal(server->wakeup);
}

static void server_wake_after(void *context, int64_t ms)
{
    struct server *server = context;
    net_wakeup_signal_after(server->wakeup, ms);
}

static void server_on_wakeup(void *context)
{
    struct server *server = context;
    rpc_complete(server->rpc);
    web_news(server->web);
}

static void server_transports(void *context, struct rpc_transports *transports)
{
    struct server *server = context;
    *transports = (struct rpc_transports){.connections = net_server_stats(server->net).connections};
    web_transports(server->web, transports);
}

static enum lb_result server_scratch_open(void *context, struct store **store)
{
    struct server *server = context;
    return book_open_scratch(&server->book, server->options.data_dir, store);
}

/* The store is a cache: what it is a cache of is checked, too. */
static enum lb_result server_tables_verify(void *context, const struct rpc_verify_stop *stop,
                                           char problem[RPC_PROBLEM_BYTES])
{
    struct server *server = context;
    const struct postgres_stop asked = {stop->is_wanted, stop->context};
    struct postgres_finding finding;
    const enum lb_result result = book_verify_tables(&server->book, &asked, &finding);
    memcpy(problem, finding.problem, RPC_PROBLEM_BYTES);
    return result;
}

static enum lb_result server_backup(void *context, struct rpc_backup_job *job)
{
    struct server *server = context;
    return backup_make(&server->book, server->engine, job);
}

static void server_dispatch(void *context, struct net_connection *connection,
                            const struct lb_frame *frame, struct net_token token)
{
    struct server *server = context;
    const struct rpc_request request = {
        .method = frame->header.method,
        .payload = bytes_of(frame->payload, frame->header.payload_bytes),
        .connection = callers_of(connection),
        .token = token_to_rpc(token),
    };
    switch (rpc_dispatch(server->rpc, &request)) {
    case RPC_GO_ON:
        break;
    case RPC_GREETED:
        net_connection_set_greeted(connection);
        break;
    case RPC_REST:
        net_connection_rest(connection);
        break;
    case RPC_FINISH:
        net_connection_finish(connection);
        break;
    }
}

static bool server_opened(void *context, struct net_connection *connection)
{
    struct server *server = context;
    return callers_admit(&server->callers, connection);
}

static struct auth_connection *server_connection(void *context, struct rpc_token token)
{
    struct server *server = context;
    if (token_is_web(token)) {
        return web_connection(server->web, token);
    }
    const struct net_connection *connection = net_connection_find(server->net, token_to_net(token));
    return connection == NULL ? NULL : callers_of(connection);
}

static void server_turned(void *context)
{
    struct server *server = context;
    rpc_turn_end(server->rpc);
}

static void server_closed(void *context, struct net_connection *connection, enum net_reason reason)
{
    struct server *server = context;
    callers_dismiss(&server->callers, connection);
    log_debug(&server->log, "closed", log_uint("connection", net_connection_id(connection)),
              log_text("reason", net_reason_name(reason)));
}

static int64_t server_now_ns(void *context)
{
    (void)context;
    return clock_system_monotonic_ns();
}

static int64_t server_now_ms(void *context)
{
    (void)context;
    return clock_monotonic_ms(clock_system());
}

/* --- stopping --------------------------------------------------------------------------------- */

/* Once for each transport. */
static void server_drained(void *context)
{
    struct server *server = context;
    if (--server->draining == 0) {
        (void)event_base_loopbreak(server->base);
    }
}

/* The first signal: takes no more requests, finishes those in flight. The second: at once. */
static void server_on_signal(evutil_socket_t number, short what, void *context)
{
    struct server *server = context;
    (void)what;
    if (server->is_stopping) {
        (void)event_base_loopbreak(server->base);
        return;
    }
    server->is_stopping = true;
    log_info(&server->log, "stopping", log_int("signal", number));
    rpc_stop(server->rpc);
    const int64_t deadline_ms = (int64_t)server->options.stop_timeout_ms;
    server->draining = 2;
    net_server_drain(server->net, deadline_ms, server_drained);
    web_drain(server->web, deadline_ms, server_drained, server);
}

/* --- reloading -------------------------------------------------------------------------------- */

static struct net_tls_files server_tls_files(const struct options *options)
{
    return (struct net_tls_files){
        .certificate = options->tls_certificate,
        .private_key = options->tls_key,
        .client_ca = options->tls_client_ca[0] == '\0' ? NULL : options->tls_client_ca,
    };
}

static void server_tell_reloaded(struct server *server, bool is_done, const char *error)
{
    if (is_done) {
        log_info(&server->log, "tls_reloaded",
                 log_text("certificate", server->options.tls_certificate));
    } else {
        log_error(&server->log, "tls_not_reloaded", log_text("why", error),
                  log_text("remedy", "the files as they were read before are still in use; correct "
                                     "them and send SIGHUP again"));
    }
}

/* Certificates have a date on which they end: the new ones are taken without a stop. */
static void server_on_hangup(evutil_socket_t number, short what, void *context)
{
    struct server *server = context;
    const bool has_https = server->options.https_host[0] != '\0';
    char error[NET_ERROR_TEXT_BYTES] = "";
    (void)number;
    (void)what;
    if (server->options.tls_host[0] != '\0' || !has_https) {
        const struct net_tls_files files = server_tls_files(&server->options);
        const bool is_done = net_server_reload_tls(server->net, &files, error) == LB_OK;
        server_tell_reloaded(server, is_done, error);
    }
    if (has_https) {
        const bool is_done = web_reload_tls(server->web, error, sizeof(error));
        server_tell_reloaded(server, is_done, error);
    }
}

/* --- serving ---------------------------------------------------------------------------------- */

static bool server_open_rpc(struct server *server)
{
    const struct options *options = &server->options;
    const struct rpc_config config = {
        .version = "lovebankd " LB_VERSION,
        .frame_payload_bytes_max = (uint32_t)options->frame_bytes_max,
        .inflight_max = options->inflight_max,
        .memory_bytes_max = (size_t)options->request_memory_max,
        .is_board_public = options->public_board,
    };
    const struct rpc_ports ports = {
        .engine = server->engine,
        .store = server->book.store,
        .clock = clock_system(),
        .log = &server->log,
        .auth = server->callers.auth,
        .connection = server_connection,
        .reply = server_reply,
        .wake = server_wake,
        .wake_after = server_wake_after,
        .transports = server_transports,
        .scratch_open = server_scratch_open,
        .tables_verify = options->store[0] != '\0' ? server_tables_verify : NULL,
        .backup = server_backup,
        .context = server,
    };
    const enum lb_result result = rpc_new(&config, &ports, &server->rpc);
    if (result != LB_OK) {
        complain(result, options->data_dir, server->book.detail);
    }
    return result == LB_OK;
}

static bool server_open_loop(struct server *server)
{
    server->base = loop_new();
    if (server->base == NULL) {
        complain(LB_MEMORY, "event loop", "");
        return false;
    }
    server->on_term = evsignal_new(server->base, SIGTERM, server_on_signal, server);
    server->on_int = evsignal_new(server->base, SIGINT, server_on_signal, server);
    server->on_hup = evsignal_new(server->base, SIGHUP, server_on_hangup, server);
    if (server->on_term == NULL || server->on_int == NULL || server->on_hup == NULL ||
        event_add(server->on_hup, NULL) != 0 || event_add(server->on_term, NULL) != 0 ||
        event_add(server->on_int, NULL) != 0 ||
        net_wakeup_new(server->base, server_on_wakeup, server, &server->wakeup) != LB_OK) {
        complain(LB_MEMORY, "event loop", "");
        return false;
    }
    return true;
}

/* Where the server should have listened. */
static const char *server_place(const struct options *options)
{
    if (options->tls_host[0] != '\0') {
        return options->tls_listen;
    }
    return options->socket[0] == '\0' ? options->insecure_loopback : options->socket;
}

static bool server_listen(struct server *server)
{
    const struct options *options = &server->options;
    const struct net_config config = {
        .unix_path = options->socket[0] == '\0' ? NULL : options->socket,
        .unix_mode = 0660,
        .tcp_host = options->tcp_host[0] == '\0' ? NULL : options->tcp_host,
        .tcp_port = options->tcp_port,
        .tls_host = options->tls_host[0] == '\0' ? NULL : options->tls_host,
        .tls_port = options->tls_port,
        .tls = server_tls_files(options),
        .connections_max = options->connections_max,
        .handshakes_max = options->handshakes_max,
        .frame_payload_bytes_max = (uint32_t)options->frame_bytes_max,
        .inflight_max = options->inflight_max,
        .inflight_bytes_max = (size_t)options->inflight_bytes_max,
        .out_bytes_max = (size_t)options->out_bytes_max,
        .handshake_ms = (int64_t)options->handshake_timeout_ms,
        .idle_ms = (int64_t)options->idle_timeout_ms,
        .frame_ms = (int64_t)options->frame_timeout_ms,
        .write_stall_ms = (int64_t)options->write_timeout_ms,
    };
    const struct net_ops ops = {
        .opened = server_opened,
        .dispatch = server_dispatch,
        .turned = server_turned,
        .closed = server_closed,
        .now_ms = server_now_ms,
        .now_ns = server_now_ns,
    };
    char error[NET_ERROR_TEXT_BYTES];
    const enum lb_result result =
        net_server_new(server->base, &config, &ops, server, &server->net, error);
    if (result != LB_OK) {
        complain(result, server_place(options), error);
        return false;
    }
    return true;
}

static bool server_open_web(struct server *server)
{
    const struct web_parts parts = {
        .options = &server->options,
        .log = &server->log,
        .base = server->base,
        .engine = server->engine,
        .rpc = server->rpc,
    };
    return web_open(&parts, &server->web);
}

static void server_tell_listening(const struct server *server)
{
    log_info(
        &server->log, "listening", log_text("version", LB_VERSION),
        log_text("data_dir", server->options.data_dir), log_text("socket", server->options.socket),
        log_uint("tcp_port", net_server_tcp_port(server->net)),
        log_uint("tls_port", net_server_tls_port(server->net)),
        log_uint("http_port", web_http_port(server->web)),
        log_uint("https_port", web_https_port(server->web)), log_int("pid", (int64_t)getpid()));
}

static void server_free_signals(struct server *server)
{
    struct event *events[] = {server->on_term, server->on_int, server->on_hup};
    for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
        if (events[i] != NULL) {
            event_free(events[i]);
        }
    }
}

/* The worker for passwords goes before the engine, which its jobs may still write with; the engine
 * before what its threads call. Replies to connections that are gone do nothing. HTTP takes no more
 * from the beginning, and hands over the last replies before it goes. */
static void server_close(struct server *server)
{
    web_refuse(server->web);
    if (server->callers.auth != NULL) {
        auth_stop(server->callers.auth);
    }
    if (server->net != NULL) {
        rpc_complete(server->rpc);
    }
    if (server->engine != NULL) {
        if (server->rpc != NULL) {
            rpc_stop(server->rpc);
        }
        book_stop(&server->book);
        engine_close(server->engine);
    }
    if (server->net != NULL) {
        rpc_complete(server->rpc);
        web_close(server->web);
        net_server_free(server->net);
    }
    if (server->wakeup != NULL) {
        net_wakeup_free(server->wakeup);
    }
    if (server->rpc != NULL) {
        rpc_free(server->rpc);
    }
    if (server->callers.auth != NULL) {
        auth_free(server->callers.auth);
    }
    server_free_signals(server);
    if (server->base != NULL) {
        event_base_free(server->base);
    }
    book_close(&server->book);
}

int server_serve(struct server *server)
{
    process_limit_memory();
    /* In a trial everybody may do everything. */
    process_keep_to_itself(!server->options.insecure_no_login);
    process_hold_signals(true); /* the threads to come inherit it */
    (void)signal(SIGPIPE, SIG_IGN);
    (void)signal(SIGXFSZ, SIG_IGN); /* a limit on file sizes is a full disk, not an end */
    const bool is_up = server_open_book(server) && server_open_engine(server) &&
                       server_open_auth(server) && server_open_loop(server) &&
                       server_open_rpc(server) && server_listen(server) && server_open_web(server);
    process_hold_signals(false);
    if (is_up) {
        server_tell_listening(server);
        (void)event_base_dispatch(server->base);
    }
    server_close(server);
    process_keep_to_itself(false); /* nothing is left to keep */
    const bool is_asked = is_up || server->is_stopping;
    if (is_asked) {
        log_info(&server->log, "stopped", log_int("pid", (int64_t)getpid()));
    }
    return is_asked ? EXIT_DONE : EXIT_FAULT;
}
