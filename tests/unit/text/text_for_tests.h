/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What the tests of text share: an arena for each test, and the functions on C strings. One thread.
 */
#ifndef TEXT_FOR_TESTS_H
#define TEXT_FOR_TESTS_H

#include "text/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define TEST_ARENA_BYTES (1u << 20)

static inline int text_set_up(void **state)
{
    struct arena *arena = malloc(sizeof(*arena));
    assert_non_null(arena);
    arena_init(arena, arena_memory_heap(), TEST_ARENA_BYTES);
    *state = arena;
    return 0;
}

static inline int text_tear_down(void **state)
{
    arena_fini(*state);
    free(*state);
    return 0;
}

static inline void assert_bytes(struct bytes actual, const char *expected)
{
    char text[256];
    assert_true(actual.size < sizeof(text));
    if (actual.size > 0) {
        memcpy(text, actual.data, actual.size);
    }
    text[actual.size] = '\0';
    assert_string_equal(text, expected);
}

static inline void assert_folded(struct arena *arena, const char *in, const char *expected)
{
    struct bytes out;
    assert_true(text_fold(arena, bytes_of_text(in), &out));
    assert_bytes(out, expected);
}

static inline void assert_initials(struct arena *arena, const char *in, const char *expected)
{
    struct bytes out;
    assert_true(text_initials(arena, bytes_of_text(in), &out));
    assert_bytes(out, expected);
}

#endif
