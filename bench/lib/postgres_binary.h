/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Numbers and arrays as PostgreSQL takes them in binary, for the loads of bench/. Each call gives
 * the bytes it wrote. Pure.
 */
#ifndef BENCH_POSTGRES_BINARY_H
#define BENCH_POSTGRES_BINARY_H

#include <endian.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define POSTGRES_ARRAY_HEADER_BYTES 20
#define POSTGRES_UUID_BYTES         16

enum postgres_oid {
    POSTGRES_OID_INT8 = 20,
    POSTGRES_OID_INT4 = 23,
    POSTGRES_OID_DATE = 1082,
    POSTGRES_OID_UUID = 2950,
};

static inline size_t postgres_put_32(char *to, uint64_t value)
{
    uint32_t number = htobe32((uint32_t)value);
    memcpy(to, &number, sizeof(number));
    return sizeof(number);
}

static inline size_t postgres_put_64(char *to, uint64_t value)
{
    value = htobe64(value);
    memcpy(to, &value, sizeof(value));
    return sizeof(value);
}

/* Of an array of one dimension without NULLs; each element follows behind its length, 32 bits. */
static inline size_t postgres_put_array(char *to, enum postgres_oid of, uint64_t count)
{
    (void)postgres_put_32(to, 1);     /* dimensions */
    (void)postgres_put_32(to + 4, 0); /* no NULLs */
    (void)postgres_put_32(to + 8, (uint64_t)of);
    (void)postgres_put_32(to + 12, count);
    (void)postgres_put_32(to + 16, 1); /* the first index */
    return POSTGRES_ARRAY_HEADER_BYTES;
}

#endif
