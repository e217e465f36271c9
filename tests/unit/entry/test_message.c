/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Messages of any kind and bytes: what is malformed, what is out of memory. Single thread.
 */
#include "entry/message.h"

#include "lovebank/v1/services.pb-c.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define ARENA_BYTES (1u << 16)

static enum lb_result unpack(const ProtobufCMessageDescriptor *kind, const void *data, size_t size)
{
    struct arena arena;
    ProtobufCMessage *message = NULL;
    arena_init(&arena, arena_memory_heap(), ARENA_BYTES);
    enum lb_result result = entry_message_unpack(kind, bytes_of(data, size), &arena, &message);
    assert_true((result == LB_OK) == (message != NULL));
    arena_fini(&arena);
    return result;
}

#define PERSON(literal) unpack(&lovebank__v1__person__descriptor, literal, sizeof(literal) - 1)
#define UPDATE(literal) \
    unpack(&lovebank__v1__member_update__descriptor, literal, sizeof(literal) - 1)

static void well_formed_bytes_are_taken(void **state)
{
    (void)state;
    assert_int_equal(PERSON(""), LB_OK);
    assert_int_equal(PERSON("\x0a\x01x"), LB_OK);
    assert_int_equal(PERSON("\x0a\x00"), LB_OK);                 /* an empty text */
    assert_int_equal(PERSON("\xa2\x06\x01\x00"), LB_OK);         /* a NUL in an unknown field */
    assert_int_equal(PERSON("\xa5\x06\x00\x00\x00\x00"), LB_OK); /* unknown, of four bytes */
    assert_int_equal(UPDATE("\x32\x03\x0a\x01x"), LB_OK);
}

static void a_nul_in_a_text_is_malformed_at_any_depth(void **state)
{
    (void)state;
    assert_int_equal(PERSON("\x0a\x01\x00"), LB_MALFORMED);
    assert_int_equal(PERSON("\x0a\x05name\x00"), LB_MALFORMED);
    assert_int_equal(UPDATE("\x32\x04\x0a\x02x\x00"), LB_MALFORMED);
}

static void bytes_that_are_no_message_are_malformed(void **state)
{
    (void)state;
    assert_int_equal(PERSON("\x0a"), LB_MALFORMED);             /* no length */
    assert_int_equal(PERSON("\x0a\x02x"), LB_MALFORMED);        /* cut short */
    assert_int_equal(PERSON("\x00\x00"), LB_MALFORMED);         /* field 0 */
    assert_int_equal(PERSON("\x0b\x0c"), LB_MALFORMED);         /* groups */
    assert_int_equal(PERSON("\x0e"), LB_MALFORMED);             /* no such wire type */
    assert_int_equal(PERSON("\x18\x80"), LB_MALFORMED);         /* endless number */
    assert_int_equal(PERSON("\x1d\x00\x00"), LB_MALFORMED);     /* cut short, of four */
    assert_int_equal(PERSON("\x19\x00\x00"), LB_MALFORMED);     /* cut short, of eight */
    assert_int_equal(PERSON("\x08\x01"), LB_MALFORMED);         /* a number for a text */
    assert_int_equal(UPDATE("\x32\x02\x0a\x01"), LB_MALFORMED); /* cut short below */
    assert_int_equal(PERSON("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), LB_MALFORMED);
    assert_int_equal(PERSON("\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), LB_MALFORMED);
}

static void an_arena_that_was_exhausted_before_gives_memory_and_not_malformed(void **state)
{
    (void)state;
    struct arena arena;
    ProtobufCMessage *message = NULL;
    arena_init(&arena, arena_memory_heap(), 16);
    assert_null(arena_take(&arena, 17));
    assert_int_equal(entry_message_unpack(&lovebank__v1__person__descriptor, BYTES_LITERAL("\x0a"),
                                          &arena, &message),
                     LB_MEMORY);
    arena_fini(&arena);
}

static void texts_are_copied_with_a_nul_and_viewed_without(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, arena_memory_heap(), 16);
    assert_string_equal(entry_text_to_pb(&arena, (struct bytes){NULL, 0}), "");
    assert_int_equal(arena.used_bytes, 0);
    const char *text = entry_text_to_pb(&arena, BYTES_LITERAL("love"));
    assert_string_equal(text, "love");
    assert_int_equal(entry_text_from_pb(text).size, 4);
    assert_false(arena.exhausted);
    assert_string_equal(entry_text_to_pb(&arena, BYTES_LITERAL("bank")), "");
    assert_true(arena.exhausted);
    arena_fini(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(well_formed_bytes_are_taken),
        cmocka_unit_test(a_nul_in_a_text_is_malformed_at_any_depth),
        cmocka_unit_test(bytes_that_are_no_message_are_malformed),
        cmocka_unit_test(an_arena_that_was_exhausted_before_gives_memory_and_not_malformed),
        cmocka_unit_test(texts_are_copied_with_a_nul_and_viewed_without),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
