/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Fuzz target: any bytes as the file of the epoch keys. What is taken has a newest epoch, under
 * which a row is sealed and opened again; anything else is KEY_MISSING. One thread.
 */
#include "base/assert.h"
#include "people/people.h"

#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define ARENA_BYTES (1u << 20)
#define OWNER       7

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fuzz_keys(struct people *people)
{
    struct arena arena;
    struct bytes row;
    struct bytes opened;
    uint8_t commitment[LB_HASH_BYTES];
    uint8_t again[LB_HASH_BYTES];
    const struct bytes text = BYTES_LITERAL("张小明");
    arena_init(&arena, arena_memory_heap(), ARENA_BYTES);
    LB_ASSERT(people_epoch(people) >= 1);
    LB_ASSERT(people_seal(people, PEOPLE_PERSON, OWNER, text, &arena, &row, commitment) == LB_OK);
    LB_ASSERT(people_row_epoch(row) == people_epoch(people));
    LB_ASSERT(people_open_row(people, PEOPLE_PERSON, OWNER, row, &arena, &opened, again) == LB_OK);
    LB_ASSERT(bytes_equal(opened, text) &&
              bytes_equal(bytes_of(commitment, LB_HASH_BYTES), bytes_of(again, LB_HASH_BYTES)));
    arena_fini(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct random_seeded seeded = {.state = 1};
    const struct random_source random = random_of_seeded(&seeded);
    struct people *people = NULL;
    char path[64];
    const int fd = memfd_create("epoch.key", MFD_CLOEXEC);
    LB_ASSERT(fd >= 0 && fchmod(fd, S_IRUSR) == 0);
    LB_ASSERT(size == 0 || write(fd, data, size) == (ssize_t)size);
    (void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    const enum lb_result result = people_open_credential(path, &random, &people);
    LB_ASSERT(result == LB_OK || (result == LB_KEY_MISSING && people == NULL));
    if (result == LB_OK) {
        fuzz_keys(people);
    }
    people_close(people);
    LB_ASSERT(close(fd) == 0);
    return 0;
}
