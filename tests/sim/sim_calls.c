/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The system calls and the clock of client/lib and server/net, simulated: the linker sends their
 * calls of f to __wrap_f, and __real_f is what f was. Calls that are not for a simulated socket
 * pass. One thread.
 */
#include "sim_calls.h"
#include "address.h"
#include "base/assert.h"
#include "base/clock.h"
#include "base/random.h"
#include "server.h"
#include "sim_net.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

/* What has no context of its own; see sim_calls_use. */
static const struct clock *clock_in_use;
static const struct random_source *random_in_use;

void sim_calls_use(struct sim_net *net, const struct clock *clock,
                   const struct random_source *random)
{
    sim_net_use(net);
    clock_in_use = clock;
    random_in_use = random;
}

/* Names that the linker makes. */
#pragma GCC diagnostic ignored "-Wpragmas"
#pragma GCC diagnostic ignored "-Wreserved-identifier"
const struct clock *__wrap_clock_system(void);
const struct random_source *__wrap_random_system(void);
int __wrap_address_connect(const struct address *address, unsigned attempt);
enum lb_result __wrap_net_listen_unix(struct net_server *server, const char *path,
                                      char error_text[static NET_ERROR_TEXT_BYTES]);
ssize_t __wrap_recv(int fd, void *out, size_t size, int flags);
ssize_t __wrap_send(int fd, const void *data, size_t size, int flags);
ssize_t __wrap_sendmsg(int fd, const struct msghdr *message, int flags);
int __wrap_shutdown(int fd, int how);
int __wrap_getsockopt(int fd, int level, int name, void *value, socklen_t *size);
int __wrap_close(int fd);
int __real_close(int fd);

const struct clock *__wrap_clock_system(void)
{
    LB_ASSERT(clock_in_use != NULL);
    return clock_in_use;
}

const struct random_source *__wrap_random_system(void)
{
    LB_ASSERT(random_in_use != NULL);
    return random_in_use;
}

/* The last part of a client's path is its number. */
int __wrap_address_connect(const struct address *address, unsigned attempt)
{
    (void)attempt;
    const char *number = strrchr(address->place, '/');
    LB_ASSERT(number != NULL);
    return sim_net_connect(sim_net_in_use(), (uint32_t)strtoul(number + 1, NULL, 10));
}

/* Nothing to make: the server's accepting is a step of the simulation. */
enum lb_result __wrap_net_listen_unix(struct net_server *server, const char *path,
                                      char error_text[static NET_ERROR_TEXT_BYTES])
{
    (void)server;
    (void)path;
    error_text[0] = '\0';
    sim_net_in_use()->is_listening = true;
    return LB_OK;
}

ssize_t __wrap_recv(int fd, void *out, size_t size, int flags)
{
    (void)flags;
    return sim_net_recv(sim_net_in_use(), fd, out, size);
}

ssize_t __wrap_send(int fd, const void *data, size_t size, int flags)
{
    (void)flags;
    return sim_net_send(sim_net_in_use(), fd, data, size);
}

ssize_t __wrap_sendmsg(int fd, const struct msghdr *message, int flags)
{
    (void)flags;
    ssize_t sent = 0;
    for (size_t i = 0; i < message->msg_iovlen; i++) {
        const struct iovec *part = &message->msg_iov[i];
        const ssize_t taken = sim_net_send(sim_net_in_use(), fd, part->iov_base, part->iov_len);
        if (taken < 0) {
            return sent > 0 ? sent : taken;
        }
        sent += taken;
        if ((size_t)taken < part->iov_len) {
            break;
        }
    }
    return sent;
}

int __wrap_shutdown(int fd, int how)
{
    LB_ASSERT(how == SHUT_WR);
    sim_net_end(sim_net_in_use(), fd);
    return 0;
}

/* SO_ERROR of a socket that is connecting: it always gets through. */
int __wrap_getsockopt(int fd, int level, int name, void *value, socklen_t *size)
{
    (void)fd;
    LB_ASSERT(level == SOL_SOCKET && name == SO_ERROR && *size == sizeof(int));
    memset(value, 0, *size);
    return 0;
}

int __wrap_close(int fd)
{
    if (fd < SIM_FD_FIRST) {
        return __real_close(fd);
    }
    sim_net_close(sim_net_in_use(), fd);
    return 0;
}
