/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Hosts, origins and proxies. Pure.
 */
#include "origin.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <strings.h>

#define ADDRESS_TEXT_BYTES 64

bool http_peer_of(const struct sockaddr *address, struct http_peer *peer)
{
    *peer = (struct http_peer){0};
    if (address->sa_family == AF_INET) {
        struct sockaddr_in in4;
        memcpy(&in4, address, sizeof(in4));
        peer->family = 4;
        memcpy(peer->bytes, &in4.sin_addr, 4);
        return true;
    }
    if (address->sa_family != AF_INET6) {
        return false;
    }
    struct sockaddr_in6 in6;
    memcpy(&in6, address, sizeof(in6));
    if (IN6_IS_ADDR_V4MAPPED(&in6.sin6_addr)) {
        peer->family = 4;
        memcpy(peer->bytes, in6.sin6_addr.s6_addr + 12, 4);
    } else {
        peer->family = 6;
        memcpy(peer->bytes, &in6.sin6_addr, 16);
    }
    return true;
}

static struct bytes bytes_trim(struct bytes text)
{
    while (text.size > 0 && (text.data[0] == ' ' || text.data[0] == '\t')) {
        text = bytes_of(text.data + 1, text.size - 1);
    }
    while (text.size > 0 && (text.data[text.size - 1] == ' ' || text.data[text.size - 1] == '\t')) {
        text.size--;
    }
    return text;
}

static bool bytes_is(struct bytes a, struct bytes b)
{
    return a.size == b.size && strncasecmp((const char *)a.data, (const char *)b.data, a.size) == 0;
}

/* "name:port" and "[address]:port" in two; the port may be missing. false: neither. */
static bool host_split(struct bytes text, struct bytes *name, struct bytes *port)
{
    const uint8_t *colon = text.size == 0 ? NULL : memchr(text.data, ':', text.size);
    *port = bytes_of(NULL, 0);
    if (text.size > 0 && text.data[0] == '[') {
        const uint8_t *end = memchr(text.data, ']', text.size);
        if (end == NULL) {
            return false;
        }
        *name = bytes_of(text.data + 1, (size_t)(end - text.data) - 1);
        colon = end + 1 == text.data + text.size ? NULL : end + 1;
        if (colon != NULL && *colon != ':') {
            return false;
        }
    } else {
        *name = bytes_of(text.data, colon == NULL ? text.size : (size_t)(colon - text.data));
    }
    if (colon != NULL) {
        *port = bytes_of(colon + 1, (size_t)(text.data + text.size - colon) - 1);
    }
    for (size_t i = 0; i < port->size; i++) {
        if (port->data[i] < '0' || port->data[i] > '9') {
            return false;
        }
    }
    return name->size > 0;
}

static bool address_parse(struct bytes name, struct http_peer *peer)
{
    char text[ADDRESS_TEXT_BYTES];
    struct in6_addr in6;
    *peer = (struct http_peer){0};
    if (name.size >= sizeof(text)) {
        return false;
    }
    memcpy(text, name.data, name.size);
    text[name.size] = '\0';
    if (inet_pton(AF_INET, text, peer->bytes) == 1) {
        peer->family = 4;
        return true;
    }
    if (inet_pton(AF_INET6, text, &in6) != 1) {
        return false;
    }
    const bool is_mapped = IN6_IS_ADDR_V4MAPPED(&in6);
    peer->family = is_mapped ? 4 : 6;
    memcpy(peer->bytes, in6.s6_addr + (is_mapped ? 12 : 0), is_mapped ? 4 : 16);
    return true;
}

bool http_peer_parse(struct bytes text, struct http_peer *peer)
{
    struct bytes name;
    struct bytes port;
    return address_parse(text, peer) ||
           (host_split(text, &name, &port) && address_parse(name, peer));
}

/* --- lists --------------------------------------------------------------------------------------
 */

/* Takes the next name off a list separated by commas. false: there are no more. */
static bool list_next(const char **list, struct bytes *name)
{
    if (*list == NULL) {
        return false;
    }
    while (**list == ',' || **list == ' ') {
        (*list)++;
    }
    const size_t size = strcspn(*list, ",");
    *name = bytes_trim(bytes_of(*list, size));
    *list += size;
    return size > 0;
}

bool http_host_is_ours(const char *host, const char *hosts)
{
    struct bytes name;
    struct bytes port;
    struct bytes ours;
    struct http_peer address;
    if (host == NULL || !host_split(bytes_of_text(host), &name, &port)) {
        return false;
    }
    if (address_parse(name, &address) || bytes_is(name, BYTES_LITERAL("localhost"))) {
        return true;
    }
    while (list_next(&hosts, &ours)) {
        if (bytes_is(name, ours)) {
            return true;
        }
    }
    return false;
}

bool http_proxies_are_valid(const char *proxies)
{
    struct bytes name;
    struct http_peer address;
    while (list_next(&proxies, &name)) {
        if (!address_parse(name, &address)) {
            return false;
        }
    }
    return true;
}

bool http_peer_is_proxy(const struct http_peer *peer, const char *proxies)
{
    struct bytes name;
    struct http_peer proxy;
    while (list_next(&proxies, &name)) {
        if (address_parse(name, &proxy) && memcmp(&proxy, peer, sizeof(proxy)) == 0) {
            return true;
        }
    }
    return false;
}

struct http_peer http_peer_behind(const struct http_peer *peer, const char *forwarded,
                                  const char *proxies)
{
    struct http_peer found = *peer;
    struct bytes left = bytes_of_text(forwarded == NULL ? "" : forwarded);
    /* From the end: each of our proxies has put there whom it heard from. */
    while (left.size > 0 && http_peer_is_proxy(&found, proxies)) {
        const uint8_t *comma = memrchr(left.data, ',', left.size);
        const uint8_t *start = comma == NULL ? left.data : comma + 1;
        struct http_peer next;
        if (!http_peer_parse(bytes_trim(bytes_of(start, (size_t)(left.data + left.size - start))),
                             &next)) {
            break;
        }
        found = next;
        left.size = comma == NULL ? 0 : (size_t)(comma - left.data);
    }
    return found;
}

/* --- origins ------------------------------------------------------------------------------------
 */

static struct bytes port_or_default(struct bytes port, bool is_https)
{
    if (port.size > 0) {
        return port;
    }
    return is_https ? BYTES_LITERAL("443") : BYTES_LITERAL("80");
}

/* "https://name:port" is where the request went to. */
static bool origin_is_host(const char *origin, const char *host, bool is_tls)
{
    const bool is_https = strncasecmp(origin, "https://", 8) == 0;
    struct bytes name;
    struct bytes port;
    struct bytes host_name;
    struct bytes host_port;
    if (!is_https && (is_tls || strncasecmp(origin, "http://", 7) != 0)) {
        return false;
    }
    return host != NULL && host_split(bytes_of_text(origin + (is_https ? 8 : 7)), &name, &port) &&
           host_split(bytes_of_text(host), &host_name, &host_port) && bytes_is(name, host_name) &&
           bytes_equal(port_or_default(port, is_https), port_or_default(host_port, is_https));
}

bool http_origin_is_same(const char *fetch_site, const char *origin, const char *host, bool is_tls)
{
    if (fetch_site != NULL) {
        return strcmp(fetch_site, "same-origin") == 0 || strcmp(fetch_site, "none") == 0;
    }
    return origin == NULL || origin_is_host(origin, host, is_tls);
}
