/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Addresses of servers as people write them, and sockets on their way there. Not the protocol.
 * Pure but for address_connect; safe from any thread.
 */
#ifndef CLIENT_ADDRESS_H
#define CLIENT_ADDRESS_H

#include "lovebank/client.h"

#include <stdbool.h>

enum address_kind { ADDRESS_UNIX, ADDRESS_TCP, ADDRESS_TLS };

struct address {
    enum address_kind kind;
    char place[LB_CLIENT_ADDRESS_BYTES_MAX]; /* path or host */
    char port[8];                            /* "" for a Unix socket */
};

/* "unix:PATH", "tcp:HOST:PORT", "tls:HOST:PORT", HOST perhaps "[IPV6]". false: of another form, or
 * too long. */
LB_MUST_CHECK bool address_parse(const char *text, struct address *address);

/* A non-blocking socket that is connected or connecting; -1: it cannot be had now. A host with
 * several addresses is tried at another one with each attempt (0, 1, 2 ...). */
LB_MUST_CHECK int address_connect(const struct address *address, unsigned attempt);

#endif
