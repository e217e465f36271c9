/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Listening sockets: making them safely, accepting, pausing when descriptors run out. Loop's
 * thread only.
 */
#define _GNU_SOURCE /* accept4, struct ucred */
#include "server.h"

#include "base/assert.h"
#include "base/socket_address.h"
#include "tls/tls.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

union listen_address {
    struct sockaddr any;
    struct sockaddr_in in4;
    struct sockaddr_in6 in6;
    struct sockaddr_un un;
};

/* Always LB_CONFIG_INVALID. */
static enum lb_result listen_fail(char *error_text, const char *where, const char *why)
{
    (void)snprintf(error_text, NET_ERROR_TEXT_BYTES, "cannot listen on %s: %s", where, why);
    return LB_CONFIG_INVALID;
}

/* Over the cap and no slot left to say so politely: it gets the frame if the kernel takes it. */
static void listen_turn_away(int fd, bool is_plain)
{
    const struct lb_frame_error error = {.result = LB_TRY_LATER};
    uint8_t payload[LB_FRAME_ERROR_BYTES_MAX];
    uint8_t frame[LB_FRAME_HEADER_BYTES + LB_FRAME_ERROR_BYTES_MAX];
    const size_t payload_bytes = lb_frame_error_encode(&error, payload);
    const struct lb_frame_header header = {
        .payload_bytes = (uint32_t)payload_bytes,
        .method = LB_FRAME_METHOD_NONE,
        .kind = LB_FRAME_ERROR,
    };

    lb_frame_header_encode(&header, frame);
    memcpy(frame + LB_FRAME_HEADER_BYTES, payload, payload_bytes);
    if (is_plain) {
        (void)send(fd, frame, LB_FRAME_HEADER_BYTES + payload_bytes, MSG_NOSIGNAL | MSG_DONTWAIT);
    }
    (void)close(fd);
}

/* The address of a peer as the kernel gives it. */
static struct net_address listen_address_of(const union listen_address *from)
{
    struct net_address address = {.family = NET_FAMILY_UNIX};

    if (from->any.sa_family == AF_INET) {
        address.family = NET_FAMILY_IP4;
        memcpy(address.bytes, &from->in4.sin_addr, 4);
    } else if (from->any.sa_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&from->in6.sin6_addr)) {
        address.family = NET_FAMILY_IP4;
        memcpy(address.bytes, from->in6.sin6_addr.s6_addr + 12, 4);
    } else if (from->any.sa_family == AF_INET6) {
        address.family = NET_FAMILY_IP6;
        memcpy(address.bytes, &from->in6.sin6_addr, 16);
    }
    return address;
}

/* Who is at the other end. False: the kernel does not say. */
static bool listen_identify(int fd, bool is_unix, struct net_peer *peer)
{
    struct ucred credentials = {0};
    socklen_t size = sizeof(credentials);
    const int on = 1;

    if (!is_unix) {
        /* Replies are gathered here already; without it they would only wait. */
        (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
        return true;
    }
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) {
        return false;
    }
    peer->uid = (int64_t)credentials.uid;
    return true;
}

static bool listen_asks_for(struct net_server *server, struct net_connection *connection)
{
    return server->ops.opened == NULL || server->ops.opened(server->ctx, connection);
}

static void listen_admit(struct net_listener *listener, int fd, const union listen_address *from)
{
    struct net_server *server = listener->server;
    const bool is_plain = listener->tls == NULL;
    const bool admitted = server->admitted < server->config.connections_max;
    const struct lb_frame_error farewell = {.result = LB_TRY_LATER};
    struct net_peer peer = {.uid = -1, .address = listen_address_of(from)};

    server->stats.accepted++;
    if (!listen_identify(fd, listener->is_unix, &peer)) {
        (void)close(fd);
        return;
    }
    struct net_connection *connection = net_server_take_slot(server);
    if (connection == NULL) {
        server->stats.refused++;
        listen_turn_away(fd, is_plain);
        return;
    }
    net_connection_init(connection, listener, &peer, admitted);
    const bool is_wanted = admitted && listen_asks_for(server, connection);
    server->stats.refused += is_wanted ? 0 : 1;
    /* Before the handshake of TLS nothing can be said, and it is not worth one. */
    if ((!is_wanted && !is_plain) || net_connection_open(connection, fd) != LB_OK) {
        if (is_wanted && server->ops.closed != NULL) {
            server->ops.closed(server->ctx, connection, NET_REASON_MEMORY);
        }
        net_server_give_slot(connection);
        listen_turn_away(fd, is_plain);
        return;
    }
    if (!is_wanted) {
        net_connection_end(connection, NET_REASON_REFUSED, &farewell);
    }
}

/* Out of descriptors or memory: the listeners would wake the loop without end. */
static void listen_pause(struct net_server *server)
{
    for (int i = 0; i < NET_LISTENER_COUNT; i++) {
        if (server->listeners[i].fd >= 0) {
            (void)event_del(&server->listeners[i].event);
        }
    }
    server->accept_resume_ms = net_server_now_ms(server) + NET_ACCEPT_PAUSE_MS;
    server->stats.accept_pauses++;
}

void net_listen_resume(struct net_server *server, int64_t now_ms)
{
    if (server->accept_resume_ms < 0 || now_ms < server->accept_resume_ms) {
        return;
    }
    server->accept_resume_ms = -1;
    for (int i = 0; i < NET_LISTENER_COUNT; i++) {
        if (server->listeners[i].fd >= 0 && event_add(&server->listeners[i].event, NULL) != 0) {
            listen_pause(server);
            return;
        }
    }
}

static void listen_on_pace(evutil_socket_t fd, short what, void *arg)
{
    struct net_listener *listener = arg;

    (void)fd;
    (void)what;
    listener->pace_count = 0;
    if (listener->server->accept_resume_ms < 0 && event_add(&listener->event, NULL) != 0) {
        listen_pause(listener->server);
    }
}

/* One more was accepted. True: the next ones wait. */
static bool listen_keep_pace(struct net_listener *listener)
{
    const struct timeval wait = {.tv_usec = NET_PACE_MS * 1000};

    if (listener->is_unix || ++listener->pace_count < NET_ACCEPTS_PER_PACE ||
        event_add(&listener->pace_event, &wait) != 0) {
        return false;
    }
    (void)event_del(&listener->event);
    return true;
}

static void listen_on_acceptable(evutil_socket_t listener_fd, short what, void *arg)
{
    struct net_listener *listener = arg;

    (void)what;
    for (int i = 0; i < NET_ACCEPTS_PER_TURN; i++) {
        union listen_address from = {0};
        socklen_t size = sizeof(from);
        const int fd = accept4((int)listener_fd, &from.any, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0) {
            listen_admit(listener, fd, &from);
            if (listen_keep_pace(listener)) {
                return;
            }
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            return;
        } else if (errno != EINTR && errno != ECONNABORTED) {
            listen_pause(listener->server);
            return;
        }
    }
}

/* Takes the bound socket over. */
LB_MUST_CHECK static bool listen_start(struct net_listener *listener, int fd, bool is_unix)
{
    if (listen(fd, SOMAXCONN) != 0 ||
        event_assign(&listener->event, listener->server->base, fd, EV_READ | EV_PERSIST,
                     listen_on_acceptable, listener) != 0 ||
        event_assign(&listener->pace_event, listener->server->base, -1, 0, listen_on_pace,
                     listener) != 0 ||
        event_add(&listener->event, NULL) != 0) {
        return false;
    }
    listener->fd = fd;
    listener->is_unix = is_unix;
    return true;
}

/* Removes a socket file that nobody listens on. LB_OK: the path is free now. Two servers that
 * start at the same moment are kept apart by the lock of their data directory, not here. */
LB_MUST_CHECK static enum lb_result listen_remove_stale(const struct sockaddr_un *address,
                                                        char *error_text)
{
    const char *path = address->sun_path;
    struct stat status;

    if (lstat(path, &status) != 0) {
        return errno == ENOENT ? LB_OK : listen_fail(error_text, path, strerror(errno));
    }
    if (!S_ISSOCK(status.st_mode)) {
        return listen_fail(
            error_text, path,
            "a file that is not a socket is there; remove it or choose another path");
    }
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return listen_fail(error_text, path, strerror(errno));
    }
    const int refused =
        connect(fd, (const struct sockaddr *)address, sizeof(*address)) == 0 ? 0 : errno;
    (void)close(fd);
    if (refused == 0 || refused == EAGAIN) {
        return listen_fail(error_text, path,
                           "another server answers there; stop it or choose another path");
    }
    if (refused != ECONNREFUSED || (unlink(path) != 0 && errno != ENOENT)) {
        return listen_fail(error_text, path,
                           "a socket is there that cannot be tried or removed; look whose it is, "
                           "or choose another path");
    }
    return LB_OK;
}

enum lb_result net_listen_unix(struct net_server *server, const char *path,
                               char error_text[static NET_ERROR_TEXT_BYTES])
{
    struct sockaddr_un *address = &server->unix_address;
    const size_t path_bytes = strlen(path);
    struct stat status;

    if (path_bytes == 0 || path_bytes >= sizeof(address->sun_path)) {
        (void)snprintf(error_text, NET_ERROR_TEXT_BYTES,
                       "the socket path has %zu bytes, allowed are 1 to %zu; choose another path",
                       path_bytes, sizeof(address->sun_path) - 1);
        return LB_CONFIG_INVALID;
    }
    address->sun_family = AF_UNIX;
    memcpy(address->sun_path, path, path_bytes + 1);
    path = address->sun_path;
    enum lb_result result = listen_remove_stale(address, error_text);
    if (result != LB_OK) {
        return result;
    }
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    /* Linux makes the file with the socket's own mode less the umask, so it is never open wider
     * than asked for; then the umask is undone, without changing it for other threads. */
    if (fd < 0 || fchmod(fd, (mode_t)server->config.unix_mode) != 0 ||
        bind(fd, (const struct sockaddr *)address, sizeof(*address)) != 0) {
        result = listen_fail(error_text, path, strerror(errno));
        goto close_fd;
    }
    if (chmod(path, (mode_t)server->config.unix_mode) != 0 || lstat(path, &status) != 0 ||
        !listen_start(&server->listeners[NET_LISTENER_UNIX], fd, true)) {
        result = listen_fail(error_text, path, strerror(errno));
        goto unlink_path;
    }
    server->unix_device = status.st_dev;
    server->unix_inode = status.st_ino;
    return LB_OK;

unlink_path:
    (void)unlink(path);
close_fd:
    if (fd >= 0) {
        (void)close(fd);
    }
    return result;
}

/* A socket on the address, listening. LB_OK or LB_CONFIG_INVALID. */
LB_MUST_CHECK static enum lb_result listen_bind(struct net_listener *listener, const char *host,
                                                const union socket_address *address, socklen_t size,
                                                char *error_text)
{
    const int on = 1;
    const int fd = socket(address->any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
        bind(fd, &address->any, size) != 0 || !listen_start(listener, fd, false)) {
        const enum lb_result result = listen_fail(error_text, host, strerror(errno));
        if (fd >= 0) {
            (void)close(fd);
        }
        return result;
    }
    return LB_OK;
}

enum lb_result net_listen_tcp(struct net_server *server, const char *host, uint16_t port,
                              char error_text[static NET_ERROR_TEXT_BYTES])
{
    union socket_address address;
    socklen_t size = 0;

    if (!socket_address_parse(host, port, &address, &size) ||
        !socket_address_is_loopback(&address)) {
        return listen_fail(error_text, host,
                           "without TLS nothing is encrypted, so only localhost, 127.0.0.1 or ::1 "
                           "will do; listen with TLS there");
    }
    return listen_bind(&server->listeners[NET_LISTENER_TCP], host, &address, size, error_text);
}

/* NULL: error_text says why. */
LB_MUST_CHECK static struct tls_context *listen_load_tls(const struct net_tls_files *files,
                                                         char *error_text)
{
    const struct tls_files own = {
        .certificate = files->certificate,
        .private_key = files->private_key,
        .authorities = files->client_ca,
    };
    char reason[TLS_ERROR_BYTES];
    struct tls_context *context = tls_context_new_server(&own, reason);

    if (context == NULL) {
        (void)snprintf(error_text, NET_ERROR_TEXT_BYTES, "TLS: %.*s", NET_ERROR_TEXT_BYTES - 8,
                       reason);
    }
    return context;
}

enum lb_result net_listen_tls(struct net_server *server, const char *host, uint16_t port,
                              const struct net_tls_files *files,
                              char error_text[static NET_ERROR_TEXT_BYTES])
{
    struct net_listener *listener = &server->listeners[NET_LISTENER_TLS];
    union socket_address address;
    socklen_t size = 0;

    if (!socket_address_parse(host, port, &address, &size)) {
        return listen_fail(error_text, host,
                           "not an address; write one like 192.0.2.1, :: for all, or localhost");
    }
    listener->tls = listen_load_tls(files, error_text); /* freed with the server */
    return listener->tls == NULL ? LB_CONFIG_INVALID
                                 : listen_bind(listener, host, &address, size, error_text);
}

enum lb_result net_server_reload_tls(struct net_server *server, const struct net_tls_files *files,
                                     char error_text[static NET_ERROR_TEXT_BYTES])
{
    struct net_listener *listener = &server->listeners[NET_LISTENER_TLS];

    if (listener->tls == NULL) {
        (void)snprintf(error_text, NET_ERROR_TEXT_BYTES, "the server does not listen with TLS");
        return LB_CONFIG_INVALID;
    }
    struct tls_context *context = listen_load_tls(files, error_text);
    if (context == NULL) {
        return LB_CONFIG_INVALID;
    }
    tls_context_free(listener->tls); /* connections hold what they need of it */
    listener->tls = context;
    return LB_OK;
}

/* The socket file, if it is still the one that we made. */
static void listen_unlink_own(const struct net_server *server)
{
    const char *path = server->unix_address.sun_path;
    struct stat status;

    if (lstat(path, &status) == 0 && status.st_dev == server->unix_device &&
        status.st_ino == server->unix_inode) {
        (void)unlink(path);
    }
}

void net_listen_close(struct net_server *server)
{
    for (int i = 0; i < NET_LISTENER_COUNT; i++) {
        struct net_listener *listener = &server->listeners[i];
        if (listener->fd < 0) {
            continue;
        }
        (void)event_del(&listener->event);
        (void)event_del(&listener->pace_event);
        if (listener->is_unix) {
            listen_unlink_own(server);
        }
        (void)close(listener->fd);
        listener->fd = -1;
    }
    server->accept_resume_ms = -1;
}

/* 0: there is no such listener. */
static uint16_t listen_port(const struct net_listener *listener)
{
    union socket_address address = {0};
    socklen_t size = sizeof(address);
    const int fd = listener->fd;

    if (fd < 0 || getsockname(fd, &address.any, &size) != 0) {
        return 0;
    }
    return socket_address_port(&address);
}

uint16_t net_server_tcp_port(const struct net_server *server)
{
    return listen_port(&server->listeners[NET_LISTENER_TCP]);
}

uint16_t net_server_tls_port(const struct net_server *server)
{
    return listen_port(&server->listeners[NET_LISTENER_TLS]);
}
