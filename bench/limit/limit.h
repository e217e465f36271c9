/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The yardstick: what this machine gives when nothing but messages, a journal and an array of
 * balances is left of a bank. A server and a client in two processes, joined by Unix sockets.
 */
#ifndef LIMIT_LIMIT_H
#define LIMIT_LIMIT_H

#include "../lib/measure.h"
#include "../lib/rows.h"
#include "journal.h"

#include <endian.h>
#include <stdint.h>
#include <string.h>

enum limit_kind {
    LIMIT_RECORD,
    LIMIT_BALANCE,
};

struct limit_config {
    enum limit_kind kind;
    enum journal_sync sync;
    const char *directory; /* of the journal */
    uint64_t connections;
    uint64_t in_flight; /* requests of each connection */
    uint64_t batch;     /* records in a request */
    uint64_t seconds;
    uint64_t members;
    uint64_t entry_bytes; /* of each record in the journal */
};

/* A request's payload: one or more records of RECORD_REQUEST_BYTES, with the member's number in
 * the bytes from LIMIT_MEMBER_OFFSET; or BALANCE_REQUEST_BYTES, from their first. */
#define LIMIT_MEMBER_OFFSET 30
#define LIMIT_MEMBER_BYTES  4
#define LIMIT_ID_OFFSET     4
#define LIMIT_ID_BYTES      16

static inline uint32_t get_be32(const uint8_t *from)
{
    uint32_t value;
    memcpy(&value, from, sizeof(value));
    return be32toh(value);
}

static inline void put_be32(uint8_t *to, uint32_t value)
{
    value = htobe32(value);
    memcpy(to, &value, sizeof(value));
}

static inline uint64_t limit_request_bytes(const struct limit_config *config)
{
    return FRAME_HEADER_BYTES + (config->kind == LIMIT_RECORD ? config->batch * RECORD_REQUEST_BYTES
                                                              : BALANCE_REQUEST_BYTES);
}

static inline uint64_t limit_reply_bytes(const struct limit_config *config)
{
    return FRAME_HEADER_BYTES + (config->kind == LIMIT_RECORD ? config->batch * RECORD_REPLY_BYTES
                                                              : BALANCE_REPLY_BYTES);
}

/* Serves the sockets, one a connection, until their other ends are closed. Closes `ready_fd` when
 * it begins. */
void limit_serve(const struct limit_config *config, const int *sockets, int ready_fd);

/* Loads the sockets for config->seconds and waits for the last replies; prints nothing. */
void limit_load(const struct limit_config *config, const int *sockets, uint64_t *done,
                int64_t *took_ns, struct histogram *latencies);

/* Prints what one durable write takes, for each way and some sizes. */
void limit_print_syncs(const char *directory);
/* One durable write of config->batch entries after the other for config->seconds; prints latency
 * over time as `lovebank bench --trace` does. */
void limit_trace_syncs(const struct limit_config *config);

#endif
