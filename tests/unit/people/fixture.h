/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A fresh folder with a key file, and people opened on it, around each test. One thread.
 */
#ifndef TESTS_UNIT_PEOPLE_FIXTURE_H
#define TESTS_UNIT_PEOPLE_FIXTURE_H

#include "people/people.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define ARENA_BYTES_MAX (1u << 20)

struct fixture {
    char folder[64];
    char key_path[96];
    struct people *people;
    struct arena arena;
};

static inline int fixture_set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    assert_non_null(fixture);
    snprintf(fixture->folder, sizeof(fixture->folder), "/tmp/lovebank-people-XXXXXX");
    assert_non_null(mkdtemp(fixture->folder));
    snprintf(fixture->key_path, sizeof(fixture->key_path), "%s/key", fixture->folder);
    assert_int_equal(people_open(fixture->key_path, true, random_system(), &fixture->people),
                     LB_OK);
    arena_init(&fixture->arena, arena_memory_heap(), ARENA_BYTES_MAX);
    *state = fixture;
    return 0;
}

static inline int fixture_tear_down(void **state)
{
    struct fixture *fixture = *state;
    arena_fini(&fixture->arena);
    people_close(fixture->people);
    (void)chmod(fixture->folder, 0700);
    unlink(fixture->key_path);
    assert_int_equal(rmdir(fixture->folder), 0); /* no draft is left */
    free(fixture);
    return 0;
}

#endif
