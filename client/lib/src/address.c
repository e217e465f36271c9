/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Addresses and sockets. Not the protocol. Safe from any thread.
 */
#include "address.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define ADDRESS_UNIX_PREFIX "unix:"
#define ADDRESS_TCP_PREFIX  "tcp:"
#define ADDRESS_TLS_PREFIX  "tls:"

static bool address_copy(char *out, size_t cap, const char *text, size_t size)
{
    if (size == 0 || size >= cap) {
        return false;
    }
    memcpy(out, text, size);
    out[size] = '\0';
    return true;
}

static bool address_port_is_valid(const char *text)
{
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 5 || text[digits] != '\0') {
        return false;
    }
    unsigned port = 0;
    for (size_t i = 0; i < digits; i++) {
        port = port * 10 + (unsigned)(text[i] - '0');
    }
    return port >= 1 && port <= 65535;
}

static bool address_parse_host(const char *text, struct address *address)
{
    const char *colon = strrchr(text, ':');
    if (colon == NULL || !address_port_is_valid(colon + 1)) {
        return false;
    }
    const char *host = text;
    size_t size = (size_t)(colon - text);
    if (size >= 2 && host[0] == '[' && host[size - 1] == ']') {
        host++;
        size -= 2;
    } else if (memchr(host, ':', size) != NULL) {
        return false; /* an IPv6 address needs its brackets */
    }
    return address_copy(address->place, sizeof(address->place), host, size) &&
           address_copy(address->port, sizeof(address->port), colon + 1, strlen(colon + 1));
}

bool address_parse(const char *text, struct address *address)
{
    *address = (struct address){.kind = ADDRESS_UNIX};
    if (strncmp(text, ADDRESS_UNIX_PREFIX, strlen(ADDRESS_UNIX_PREFIX)) == 0) {
        const char *path = text + strlen(ADDRESS_UNIX_PREFIX);
        struct sockaddr_un probe;
        return address_copy(address->place, sizeof(probe.sun_path), path, strlen(path));
    }
    if (strncmp(text, ADDRESS_TCP_PREFIX, strlen(ADDRESS_TCP_PREFIX)) == 0) {
        address->kind = ADDRESS_TCP;
        return address_parse_host(text + strlen(ADDRESS_TCP_PREFIX), address);
    }
    if (strncmp(text, ADDRESS_TLS_PREFIX, strlen(ADDRESS_TLS_PREFIX)) == 0) {
        address->kind = ADDRESS_TLS;
        return address_parse_host(text + strlen(ADDRESS_TLS_PREFIX), address);
    }
    return false;
}

static int address_socket(int family, const struct sockaddr *to, socklen_t to_bytes)
{
    int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return -1;
    }
    /* EAGAIN of a Unix socket is a full backlog: not on its way, a matter of the next attempt. */
    if (connect(fd, to, to_bytes) != 0 && errno != EINPROGRESS) {
        (void)close(fd);
        return -1;
    }
    return fd;
}

static int address_connect_unix(const struct address *address)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    memcpy(to.sun_path, address->place, strlen(address->place) + 1);
    return address_socket(AF_UNIX, (const struct sockaddr *)&to, sizeof(to));
}

static int address_connect_tcp(const struct address *address, unsigned attempt)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    if (getaddrinfo(address->place, address->port, &hints, &found) != 0) {
        return -1;
    }
    unsigned count = 1;
    for (const struct addrinfo *at = found->ai_next; at != NULL; at = at->ai_next) {
        count++;
    }
    const struct addrinfo *chosen = found;
    for (unsigned i = attempt % count; i > 0; i--) {
        chosen = chosen->ai_next;
    }
    int fd = address_socket(chosen->ai_family, chosen->ai_addr, chosen->ai_addrlen);
    freeaddrinfo(found);
    if (fd >= 0) {
        const int on = 1; /* a failure only costs speed */
        (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    }
    return fd;
}

int address_connect(const struct address *address, unsigned attempt)
{
    switch (address->kind) {
    case ADDRESS_UNIX:
        return address_connect_unix(address);
    case ADDRESS_TCP:
    case ADDRESS_TLS:
        return address_connect_tcp(address, attempt);
    }
    return -1;
}
