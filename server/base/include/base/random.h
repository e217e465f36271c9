/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Randomness as a port: the kernel's, fit for keys and salts, or a seeded sequence for tests.
 * The system's source is safe from any thread; a seeded one belongs to one.
 */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include "lovebank/result.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct random_source {
    bool (*fill)(void *context, uint8_t *out, size_t size);
    void *context;
};

/* false: the source gave nothing; `out` must then not be used. */
LB_MUST_CHECK static inline bool random_fill(const struct random_source *source, uint8_t *out,
                                             size_t size)
{
    return source->fill(source->context, out, size);
}

/* getrandom(2). Static. */
const struct random_source *random_system(void);

/* The same sequence for the same seed (splitmix64). For tests and benchmarks: not secret. */
struct random_seeded {
    uint64_t state;
};

/* The port of a seeded sequence, which must outlive it. */
struct random_source random_of_seeded(struct random_seeded *seeded);
uint64_t random_seeded_next(struct random_seeded *seeded);

#endif
