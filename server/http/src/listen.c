/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Listening sockets. Before the thread begins.
 */
#include "base/socket_address.h"
#include "server.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define LISTEN_BACKLOG 511

static enum lb_result listen_fail(char *error_text, const char *where, const char *why)
{
    (void)snprintf(error_text, HTTP_ERROR_TEXT_BYTES, "cannot listen on %.64s: %s", where, why);
    return LB_CONFIG_INVALID;
}

enum lb_result http_listen(const char *host, uint16_t port, bool is_plain,
                           struct http_listener *listener,
                           char error_text[static HTTP_ERROR_TEXT_BYTES])
{
    union socket_address address;
    socklen_t size = 0;
    const int on = 1;
    if (!socket_address_parse(host, port, &address, &size)) {
        return listen_fail(error_text, host,
                           "not an address; write one like 192.0.2.1, :: for all, or localhost");
    }
    if (is_plain && !socket_address_is_loopback(&address)) {
        return listen_fail(error_text, host,
                           "without TLS nothing is encrypted, so only localhost, 127.0.0.1 or ::1 "
                           "will do; use https-listen there");
    }
    const int fd = socket(address.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
        bind(fd, &address.any, size) != 0 || listen(fd, LISTEN_BACKLOG) != 0 ||
        getsockname(fd, &address.any, &size) != 0) {
        const enum lb_result result = listen_fail(error_text, host, strerror(errno));
        if (fd >= 0) {
            (void)close(fd);
        }
        return result;
    }
    listener->fd = fd;
    listener->port = socket_address_port(&address);
    return LB_OK;
}
