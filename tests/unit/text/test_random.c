/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Random texts, made of the pieces that cleaning looks at, keep the properties; so does every
 * single code point.
 */
#include "text_for_tests.h"

#include "base/random.h"
#include "text_properties.h"

#define RANDOM_SEED   UINT64_C(20161231)
#define RANDOM_TEXTS  30000
#define PIECES_MAX    12
#define TEXT_BYTES    256
#define CODE_POINTS   0x110000
#define SURROGATE     0xd800
#define SURROGATE_END 0xe000

static const char *const pieces[] = {
    "社",
    "區",
    "群",
    "锦",
    "单",
    "𠮷",
    "安",
    " ",
    "\xe3\x80\x80",
    "\xc2\xa0",
    "\t",
    "(",
    ")",
    "（",
    "）",
    "qū",
    "qu",
    "jǐn",
    "xiu",
    "an",
    "ǎ",
    "u\xcc\x84",
    "'",
    "’",
    "A",
    "z",
    "é",
    "２",
    "7",
    "·",
    "・",
    "㎡",
    "½",
    "´",
    "ﷺ",
    "\xef\xa4\x8a",
    "\xee\x80\x80",
    "\xe2\x80\x8b",
    "\xef\xbb\xbf",
    "\x01",
    "\xf3\xa0\x84\x80",
    "\xcc\x80",
    "İ",
    "ẞ",
    ",",
    "，",
};

static void assert_keeps(struct arena *arena, struct bytes in)
{
    arena_reset(arena);
    const char *broken = text_broken_property(arena, in);
    if (broken != NULL) {
        fail_msg("\"%.*s\": %s", (int)in.size, (const char *)in.data, broken);
    }
}

static void random_texts_keep_the_properties(void **state)
{
    struct random_seeded random = {.state = RANDOM_SEED};
    print_message("seed %llu\n", (unsigned long long)random.state);
    for (size_t i = 0; i < RANDOM_TEXTS; i++) {
        char text[TEXT_BYTES];
        size_t size = 0;
        const size_t piece_count = random_seeded_next(&random) % (PIECES_MAX + 1);
        for (size_t n = 0; n < piece_count; n++) {
            const char *piece =
                pieces[random_seeded_next(&random) % (sizeof(pieces) / sizeof(pieces[0]))];
            memcpy(text + size, piece, strlen(piece));
            size += strlen(piece);
        }
        assert_keeps(*state, bytes_of(text, size));
    }
}

/* What is plain at a glance is clean at a second look, too: an invisible end makes it take one. */
static void plain_texts_are_what_a_closer_look_says(void **state)
{
    static const char *const plain[] = {"社", "鿿", "一", " ", " ", "A", "z", "7", "·", ",", "'"};
    struct random_seeded random = {.state = RANDOM_SEED};
    print_message("seed %llu\n", (unsigned long long)random.state);
    for (size_t i = 0; i < RANDOM_TEXTS; i++) {
        char text[TEXT_BYTES];
        size_t size = 0;
        const size_t piece_count = random_seeded_next(&random) % (PIECES_MAX + 1);
        for (size_t n = 0; n < piece_count; n++) {
            const char *piece =
                plain[random_seeded_next(&random) % (sizeof(plain) / sizeof(plain[0]))];
            memcpy(text + size, piece, strlen(piece));
            size += strlen(piece);
        }
        const struct bytes glance = bytes_of(text, size);
        struct bytes clean, closer;
        unsigned changes = 0;
        unsigned closer_changes = 0;
        arena_reset(*state);
        assert_true(text_clean(*state, glance, &clean, &changes));
        memcpy(text + size, "\xe2\x80\x8b", 3);
        assert_true(text_clean(*state, bytes_of(text, size + 3), &closer, &closer_changes));
        assert_true(bytes_equal(clean, closer));
        assert_int_equal(changes | TEXT_CHANGED_INVISIBLE, closer_changes);
    }
}

static struct bytes utf8_of(uint32_t point, uint8_t out[4])
{
    if (point < 0x80) {
        out[0] = (uint8_t)point;
        return bytes_of(out, 1);
    }
    const size_t size = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    static const uint8_t leads[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = size - 1; i > 0; i--) {
        out[i] = (uint8_t)(0x80 | (point & 0x3f));
        point >>= 6;
    }
    out[0] = (uint8_t)(leads[size] | point);
    return bytes_of(out, size);
}

static void every_code_point_keeps_the_properties_after_a_han_character(void **state)
{
    for (uint32_t point = 0; point < CODE_POINTS; point++) {
        if (point >= SURROGATE && point < SURROGATE_END) {
            continue;
        }
        uint8_t text[8] = "安";
        assert_keeps(*state, bytes_of(text, 3 + utf8_of(point, text + 3).size));
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, text_set_up, text_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(random_texts_keep_the_properties),
        TEST(plain_texts_are_what_a_closer_look_says),
        TEST(every_code_point_keeps_the_properties_after_a_han_character),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
