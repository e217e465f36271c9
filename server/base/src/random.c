/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The kernel's randomness and the seeded sequence. Threading: see base/random.h.
 */
#include "base/random.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

static bool system_fill(void *context, uint8_t *out, size_t size)
{
    (void)context;
    while (size > 0) {
        ssize_t got = getrandom(out, size, 0);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return false;
        }
        out += got;
        size -= (size_t)got;
    }
    return true;
}

const struct random_source *random_system(void)
{
    static const struct random_source system = {system_fill, NULL};
    return &system;
}

uint64_t random_seeded_next(struct random_seeded *seeded)
{
    seeded->state += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t mixed = seeded->state;
    mixed = (mixed ^ mixed >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94d049bb133111eb);
    return mixed ^ mixed >> 31;
}

static bool seeded_fill(void *context, uint8_t *out, size_t size)
{
    struct random_seeded *seeded = context;
    while (size > 0) {
        uint64_t word = random_seeded_next(seeded);
        size_t part = size < sizeof(word) ? size : sizeof(word);
        memcpy(out, &word, part);
        out += part;
        size -= part;
    }
    return true;
}

struct random_source random_of_seeded(struct random_seeded *seeded)
{
    return (struct random_source){seeded_fill, seeded};
}
