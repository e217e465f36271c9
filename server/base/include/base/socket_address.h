/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Addresses of TCP to listen on, as settings write them. No name is looked up. Pure.
 */
#ifndef BASE_SOCKET_ADDRESS_H
#define BASE_SOCKET_ADDRESS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

union socket_address {
    struct sockaddr any;
    struct sockaddr_in in4;
    struct sockaddr_in6 in6;
};

/* host: "localhost", which is 127.0.0.1, or an address of IP4 or IP6 in figures. *size is that of
 * the address, for bind. False: it is neither. */
bool socket_address_parse(const char *host, uint16_t port, union socket_address *address,
                          socklen_t *size);
/* Only this machine can reach it. */
bool socket_address_is_loopback(const union socket_address *address);
uint16_t socket_address_port(const union socket_address *address);

#endif
