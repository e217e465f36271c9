/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The few messages of the load, put together and read byte by byte, so that the bench takes little
 * of the processor it shares with the server it measures. Not for other commands: those use the
 * generated types, against which a test holds these. Pure.
 */
#ifndef CLI_BENCH_WIRE_H
#define CLI_BENCH_WIRE_H

#include "base/bytes.h"
#include "base/id.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A service that was given, as bench records it. */
struct bench_record {
    struct id id;
    int32_t day; /* not negative */
    uint64_t member;
    uint32_t category;
    uint32_t minutes;
};

#define BENCH_RECORD_BYTES_MAX  80
#define BENCH_BALANCE_BYTES_MAX 32

/* Appends a command to a WriteRequest. Bytes written. */
size_t bench_put_record(const struct bench_record *record, uint8_t out[BENCH_RECORD_BYTES_MAX]);
/* A MemberGetRequest for the balances, as of that entry or later; 0: of the newest that the server
 * knows. Bytes written. */
size_t bench_put_balance(uint64_t member, uint64_t at_least_entry,
                         uint8_t out[BENCH_BALANCE_BYTES_MAX]);

/* Of a WriteResponse: its code. false: malformed. */
bool bench_read_response(struct bytes response, uint32_t *code);
/* The next result's code, taken off the bytes left of a WriteResponse. false: there is none, or it
 * is malformed. */
bool bench_next_result(struct bytes *left, uint32_t *code);
/* Of a MemberGetResponse: its code, and whose balances it has (0: nobody's). false: malformed. */
bool bench_read_balance(struct bytes response, uint32_t *code, uint64_t *member);

#endif
