/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Memory for packing and unpacking is refused where a test says so. For tests that are linked with
 * --wrap=postgres_pack and --wrap=postgres_unpack (cmake/LoveBankTests.cmake). One thread.
 */
#ifndef TESTS_UNIT_POSTGRES_MEMORY_LACK_H
#define TESTS_UNIT_POSTGRES_MEMORY_LACK_H

#include "../../../server/postgres/src/postgres_private.h"

enum lb_result __real_postgres_pack(struct postgres_packing *packing, struct bytes from,
                                    struct bytes *to);
enum lb_result __wrap_postgres_pack(struct postgres_packing *packing, struct bytes from,
                                    struct bytes *to);
enum lb_result __real_postgres_unpack(struct postgres_packing *packing, struct bytes from,
                                      uint64_t size, struct bytes *to);
enum lb_result __wrap_postgres_unpack(struct postgres_packing *packing, struct bytes from,
                                      uint64_t size, struct bytes *to);

static bool is_memory_lacking;

enum lb_result __wrap_postgres_pack(struct postgres_packing *packing, struct bytes from,
                                    struct bytes *to)
{
    return is_memory_lacking ? LB_MEMORY : __real_postgres_pack(packing, from, to);
}

enum lb_result __wrap_postgres_unpack(struct postgres_packing *packing, struct bytes from,
                                      uint64_t size, struct bytes *to)
{
    return is_memory_lacking ? LB_MEMORY : __real_postgres_unpack(packing, from, size, to);
}

#endif
