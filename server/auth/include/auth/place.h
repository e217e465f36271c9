/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Where a connection comes from, as limits and delays tell places apart: a user of this machine, an
 * IPv4 address, or the /64 of an IPv6 address, which is one household's or one office's. Pure.
 */
#ifndef AUTH_PLACE_H
#define AUTH_PLACE_H

#include <stdint.h>
#include <string.h>

#define AUTH_PLACE_BYTES 9

/* Compared byte by byte it is equal for equal places. */
struct auth_place {
    uint8_t bytes[AUTH_PLACE_BYTES]; /* a kind, then what names the place */
};

/* Of a Unix socket's peer. */
static inline struct auth_place auth_place_of_user(uint32_t uid)
{
    struct auth_place place = {.bytes = {0}};
    memcpy(place.bytes + 1, &uid, sizeof(uid));
    return place;
}

static inline struct auth_place auth_place_of_ip4(const uint8_t address[4])
{
    struct auth_place place = {.bytes = {4}};
    memcpy(place.bytes + 1, address, 4);
    return place;
}

static inline struct auth_place auth_place_of_ip6(const uint8_t address[16])
{
    struct auth_place place = {.bytes = {6}};
    memcpy(place.bytes + 1, address, 8);
    return place;
}

#endif
