/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Where requests come from, and whether they may: the name they are for, the page that sent them,
 * the machine they are forwarded for. Pure.
 */
#ifndef HTTP_SRC_ORIGIN_H
#define HTTP_SRC_ORIGIN_H

#include "base/bytes.h"
#include "http/http.h"

#include <stdbool.h>
#include <sys/socket.h>

/* Of a socket's address. false: neither IPv4 nor IPv6. An IPv4 address in the clothes of an IPv6
 * one is told as IPv4. */
bool http_peer_of(const struct sockaddr *address, struct http_peer *peer);
/* "192.0.2.1", "2001:db8::1", "[2001:db8::1]"; a port behind it is passed over. */
bool http_peer_parse(struct bytes text, struct http_peer *peer);

/* The Host of a request is one of ours: an address, localhost or in the list, whose names are
 * separated by commas; NULL: there is none. */
bool http_host_is_ours(const char *host, const char *hosts);

/* The page that sends is of the same origin, as far as the browser says: Sec-Fetch-Site, else
 * Origin against Host. Each may be NULL. is_tls: we speak TLS; if not, someone before us may. */
bool http_origin_is_same(const char *fetch_site, const char *origin, const char *host, bool is_tls);

/* Every name of a list is an address. */
bool http_proxies_are_valid(const char *proxies);
bool http_peer_is_proxy(const struct http_peer *peer, const char *proxies);
/* For whom it is: the last that X-Forwarded-For names who is not a proxy of ours. forwarded: NULL,
 * none. */
struct http_peer http_peer_behind(const struct http_peer *peer, const char *forwarded,
                                  const char *proxies);

#endif
