/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* What the tests of generations share: one of them, and putting rows. */
#ifndef TESTS_UNIT_STORE_GENERATION_FIXTURE_H
#define TESTS_UNIT_STORE_GENERATION_FIXTURE_H

#include "../../../server/store/src/generation.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

struct fixture {
    struct generation_pool pool;
    struct generation *generation;
};

static inline int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    assert_non_null(fixture);
    generation_pool_init(&fixture->pool);
    fixture->generation = generation_new(&fixture->pool);
    assert_non_null(fixture->generation);
    *state = fixture;
    return 0;
}

static inline int teardown(void **state)
{
    struct fixture *fixture = *state;
    generation_give(fixture->generation);
    generation_pool_fini(&fixture->pool);
    free(fixture);
    return 0;
}

/* value NULL: deleted. */
static inline void put_bytes(struct generation *generation, uint64_t number,
                             enum ledger_table table, struct bytes key, const struct bytes *value)
{
    struct bytes none = {NULL, 0};
    assert_true(generation_reserve(generation, 1, key.size + (value == NULL ? 0 : value->size)));
    generation_reach(generation, number);
    generation_put(generation, number, table, key, value == NULL ? none : *value, value == NULL);
}

#define ON_GENERATION(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif
