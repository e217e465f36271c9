/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Addresses of TCP. Pure.
 */
#include "base/socket_address.h"

#include <arpa/inet.h>
#include <string.h>

bool socket_address_parse(const char *host, uint16_t port, union socket_address *address,
                          socklen_t *size)
{
    *address = (union socket_address){0};
    if (strcmp(host, "localhost") == 0) {
        host = "127.0.0.1";
    }
    if (inet_pton(AF_INET, host, &address->in4.sin_addr) == 1) {
        address->in4.sin_family = AF_INET;
        address->in4.sin_port = htons(port);
        *size = sizeof(address->in4);
        return true;
    }
    if (inet_pton(AF_INET6, host, &address->in6.sin6_addr) == 1) {
        address->in6.sin6_family = AF_INET6;
        address->in6.sin6_port = htons(port);
        *size = sizeof(address->in6);
        return true;
    }
    return false;
}

bool socket_address_is_loopback(const union socket_address *address)
{
    return address->any.sa_family == AF_INET
               ? ntohl(address->in4.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET
               : IN6_IS_ADDR_LOOPBACK(&address->in6.sin6_addr) != 0;
}

uint16_t socket_address_port(const union socket_address *address)
{
    return ntohs(address->any.sa_family == AF_INET6 ? address->in6.sin6_port
                                                    : address->in4.sin_port);
}
