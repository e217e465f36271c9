/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Sealed rows and the key file: what goes in comes out, nothing else opens.
 */
#include "fixture.h"

#include <fcntl.h>

#define OWNER UINT64_C(10000042)

static struct bytes seal(struct fixture *fixture, struct bytes plaintext,
                         uint8_t commitment[LB_HASH_BYTES])
{
    struct bytes row = {NULL, 0};
    assert_int_equal(people_seal(fixture->people, PEOPLE_PERSON, OWNER, plaintext, &fixture->arena,
                                 &row, commitment),
                     LB_OK);
    return row;
}

static enum lb_result open_as(struct fixture *fixture, struct people *people, enum people_kind kind,
                              uint64_t owner, struct bytes row)
{
    struct bytes plaintext;
    uint8_t commitment[LB_HASH_BYTES];
    return people_open_row(people, kind, owner, row, &fixture->arena, &plaintext, commitment);
}

/* -- accepts ---------------------------------------------------------------------------------- */

static void sealed_row_opens_with_the_same_plaintext_and_commitment(void **state)
{
    struct fixture *fixture = *state;
    static uint8_t long_text[5000];
    const struct bytes plaintexts[] = {
        {NULL, 0},
        BYTES_LITERAL("x"),
        BYTES_LITERAL("张小明 13800000000"),
        {long_text, sizeof(long_text)},
    };
    for (size_t i = 0; i < sizeof(plaintexts) / sizeof(plaintexts[0]); i++) {
        uint8_t sealed[LB_HASH_BYTES];
        uint8_t opened[LB_HASH_BYTES];
        struct bytes row = seal(fixture, plaintexts[i], sealed);
        struct bytes plaintext;
        assert_int_equal(people_open_row(fixture->people, PEOPLE_PERSON, OWNER, row,
                                         &fixture->arena, &plaintext, opened),
                         LB_OK);
        assert_true(bytes_equal(plaintext, plaintexts[i]));
        assert_memory_equal(sealed, opened, LB_HASH_BYTES);
    }
}

static void the_same_plaintext_gives_other_rows_and_commitments_each_time(void **state)
{
    struct fixture *fixture = *state;
    uint8_t first_commitment[LB_HASH_BYTES];
    uint8_t second_commitment[LB_HASH_BYTES];
    struct bytes first = seal(fixture, BYTES_LITERAL("李明"), first_commitment);
    struct bytes second = seal(fixture, BYTES_LITERAL("李明"), second_commitment);
    assert_false(bytes_equal(first, second));
    assert_memory_not_equal(first_commitment, second_commitment, LB_HASH_BYTES);
    assert_null(memmem(first.data, first.size, "李明", sizeof("李明") - 1));
}

static void rows_open_after_the_key_was_read_from_its_file_again(void **state)
{
    struct fixture *fixture = *state;
    uint8_t commitment[LB_HASH_BYTES];
    struct bytes row = seal(fixture, BYTES_LITERAL("李明"), commitment);
    struct people *again = NULL;
    assert_int_equal(people_open(fixture->key_path, true, random_system(), &again), LB_OK);
    assert_int_equal(open_as(fixture, again, PEOPLE_PERSON, OWNER, row), LB_OK);
    people_close(again);
}

static void key_file_is_made_for_its_owner_alone(void **state)
{
    struct fixture *fixture = *state;
    struct stat status;
    assert_int_equal(stat(fixture->key_path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    assert_int_equal(status.st_size, 65);
}

static void sha256_of_parts_is_that_of_the_whole(void **state)
{
    (void)state;
    static const uint8_t abc[LB_HASH_BYTES] = {
        0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40,
        0xde, 0x5d, 0xae, 0x22, 0x23, 0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17,
        0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad}; /* FIPS 180-2, "abc" */
    const struct bytes parts[] = {BYTES_LITERAL("a"), {NULL, 0}, BYTES_LITERAL("bc")};
    uint8_t hash[LB_HASH_BYTES];
    people_sha256(parts, 3, hash);
    assert_memory_equal(hash, abc, LB_HASH_BYTES);
}

/* -- rejects ---------------------------------------------------------------------------------- */

static void row_with_any_byte_altered_does_not_open(void **state)
{
    struct fixture *fixture = *state;
    uint8_t commitment[LB_HASH_BYTES];
    struct bytes row = seal(fixture, BYTES_LITERAL("李明"), commitment);
    uint8_t altered[256];
    assert_true(row.size < sizeof(altered));
    for (size_t i = 0; i < row.size; i++) {
        memcpy(altered, row.data, row.size);
        altered[i] ^= 1;
        assert_int_equal(
            open_as(fixture, fixture->people, PEOPLE_PERSON, OWNER, bytes_of(altered, row.size)),
            LB_STORAGE_CORRUPT);
    }
}

static void row_cut_short_or_made_longer_does_not_open(void **state)
{
    struct fixture *fixture = *state;
    uint8_t commitment[LB_HASH_BYTES];
    struct bytes row = seal(fixture, BYTES_LITERAL("李明"), commitment);
    uint8_t longer[256] = {0};
    memcpy(longer, row.data, row.size);
    for (size_t size = 0; size <= row.size + 1; size++) {
        enum lb_result expected = size == row.size ? LB_OK : LB_STORAGE_CORRUPT;
        assert_int_equal(
            open_as(fixture, fixture->people, PEOPLE_PERSON, OWNER, bytes_of(longer, size)),
            expected);
    }
}

static void row_of_another_member_or_kind_or_key_does_not_open(void **state)
{
    struct fixture *fixture = *state;
    uint8_t commitment[LB_HASH_BYTES];
    struct bytes row = seal(fixture, BYTES_LITERAL("李明"), commitment);
    struct people *people = fixture->people;
    assert_int_equal(open_as(fixture, people, PEOPLE_PERSON, OWNER + 1, row), LB_STORAGE_CORRUPT);
    assert_int_equal(open_as(fixture, people, PEOPLE_MEMO, OWNER, row), LB_STORAGE_CORRUPT);

    char other_path[112];
    snprintf(other_path, sizeof(other_path), "%s-other", fixture->key_path);
    struct people *other = NULL;
    assert_int_equal(people_open(other_path, true, random_system(), &other), LB_OK);
    assert_int_equal(open_as(fixture, other, PEOPLE_PERSON, OWNER, row), LB_STORAGE_CORRUPT);
    people_close(other);
    unlink(other_path);
}

static void key_file_half_written_by_a_start_that_was_cut_short_is_no_hindrance(void **state)
{
    struct fixture *fixture = *state;
    char draft[sizeof(fixture->key_path) + 4];
    snprintf(draft, sizeof(draft), "%s.new", fixture->key_path);
    assert_int_equal(rename(fixture->key_path, draft), 0);
    assert_int_equal(truncate(draft, 10), 0);
    struct people *people = NULL;
    assert_int_equal(people_open(fixture->key_path, true, random_system(), &people), LB_OK);
    people_close(people);
    assert_int_not_equal(access(draft, F_OK), 0);
    assert_int_equal(people_open(fixture->key_path, false, random_system(), &people), LB_OK);
    people_close(people);
}

/* Only the file that opening made, and only as long as it is that one. */
static void key_file_is_discarded_by_who_made_it_alone(void **state)
{
    struct fixture *fixture = *state;
    struct people *people = NULL;
    char kept[sizeof(fixture->key_path) + 5];
    snprintf(kept, sizeof(kept), "%s.kept", fixture->key_path);
    assert_int_equal(people_open(fixture->key_path, true, random_system(), &people), LB_OK);
    people_discard_new_key(people); /* it was there */
    people_close(people);
    assert_int_equal(rename(fixture->key_path, kept), 0);
    assert_int_equal(people_open(fixture->key_path, true, random_system(), &people), LB_OK);
    people_discard_new_key(people);
    assert_int_not_equal(access(fixture->key_path, F_OK), 0);
    people_discard_new_key(people);
    people_close(people);
    assert_int_equal(people_open(fixture->key_path, true, random_system(), &people), LB_OK);
    assert_int_equal(rename(kept, fixture->key_path), 0);
    people_discard_new_key(people); /* another one by now */
    people_close(people);
    assert_int_equal(access(fixture->key_path, F_OK), 0);
}

static void key_file_that_is_absent_is_not_made_unless_asked(void **state)
{
    struct fixture *fixture = *state;
    unlink(fixture->key_path);
    struct people *people = NULL;
    assert_int_equal(people_open(fixture->key_path, false, random_system(), &people),
                     LB_KEY_MISSING);
    assert_null(people);
    assert_int_not_equal(access(fixture->key_path, F_OK), 0);
}

static void key_file_that_others_may_read_is_refused(void **state)
{
    struct fixture *fixture = *state;
    const mode_t modes[] = {0640, 0604, 0660, 0644};
    for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
        struct people *people = NULL;
        assert_int_equal(chmod(fixture->key_path, modes[i]), 0);
        assert_int_equal(people_open(fixture->key_path, true, random_system(), &people),
                         LB_KEY_MISSING);
    }
}

static void write_key_file(struct fixture *fixture, const char *text)
{
    FILE *file = fopen(fixture->key_path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void key_file_that_is_no_key_is_refused(void **state)
{
    struct fixture *fixture = *state;
    static const char digits[] = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
    char text[96];
    const char *const formats[] = {"%s", "%s\n\n", "0%s\n", "%.62s\n", "%.63sg\n", " %.63s\n"};
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        snprintf(text, sizeof(text), formats[i], digits);
#pragma GCC diagnostic pop
        write_key_file(fixture, text);
        struct people *people = NULL;
        assert_int_equal(people_open(fixture->key_path, true, random_system(), &people),
                         LB_KEY_MISSING);
    }
    write_key_file(fixture, "");
    struct people *people = NULL;
    assert_int_equal(people_open(fixture->key_path, true, random_system(), &people),
                     LB_KEY_MISSING);
}

/* -- faults ----------------------------------------------------------------------------------- */

struct failing_memory {
    unsigned allocations_left;
};

static void *failing_allocate(void *context, size_t bytes)
{
    struct failing_memory *memory = context;
    if (memory->allocations_left == 0) {
        return NULL;
    }
    memory->allocations_left--;
    return malloc(bytes);
}

static void failing_release(void *context, void *block)
{
    (void)context;
    free(block);
}

static void every_failing_allocation_is_reported(void **state)
{
    struct fixture *fixture = *state;
    static uint8_t large[200000]; /* each taking is a block of its own */
    enum lb_result result = LB_MEMORY;
    unsigned faults = 0;
    for (unsigned fault = 0; result != LB_OK; fault++) {
        struct failing_memory failing = {fault};
        struct arena_memory memory = {failing_allocate, failing_release, &failing};
        struct arena arena;
        arena_init(&arena, &memory, ARENA_BYTES_MAX);
        struct bytes row;
        struct bytes plaintext;
        uint8_t commitment[LB_HASH_BYTES];
        result = people_seal(fixture->people, PEOPLE_MEMO, 1, bytes_of(large, sizeof(large)),
                             &arena, &row, commitment);
        if (result == LB_OK) {
            result = people_open_row(fixture->people, PEOPLE_MEMO, 1, row, &arena, &plaintext,
                                     commitment);
        }
        assert_true(result == LB_OK || result == LB_MEMORY);
        faults = fault;
        arena_fini(&arena);
    }
    assert_int_equal(faults, 3); /* row and body when sealing, body when opening */
}

static bool random_fails_after(void *context, uint8_t *out, size_t size)
{
    unsigned *left = context;
    memset(out, 0, size);
    return *left > 0 && (*left)-- > 0;
}

static void nothing_is_sealed_without_randomness(void **state)
{
    struct fixture *fixture = *state;
    unsigned left = 0;
    struct random_source failing = {random_fails_after, &left};
    struct people *people = NULL;
    assert_int_equal(people_open(fixture->key_path, false, &failing, &people), LB_OK);
    struct bytes row;
    uint8_t commitment[LB_HASH_BYTES];
    for (unsigned fault = 0; fault < 3; fault++) {
        left = fault;
        assert_int_equal(people_seal(people, PEOPLE_MEMO, 1, BYTES_LITERAL("x"), &fixture->arena,
                                     &row, commitment),
                         LB_INTERNAL);
    }
    people_close(people);

    left = 0;
    unlink(fixture->key_path);
    assert_int_equal(people_open(fixture->key_path, true, &failing, &people), LB_INTERNAL);
    assert_int_not_equal(access(fixture->key_path, F_OK), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(sealed_row_opens_with_the_same_plaintext_and_commitment),
        TEST(the_same_plaintext_gives_other_rows_and_commitments_each_time),
        TEST(rows_open_after_the_key_was_read_from_its_file_again),
        TEST(key_file_is_made_for_its_owner_alone),
        TEST(sha256_of_parts_is_that_of_the_whole),
        TEST(row_with_any_byte_altered_does_not_open),
        TEST(row_cut_short_or_made_longer_does_not_open),
        TEST(row_of_another_member_or_kind_or_key_does_not_open),
        TEST(key_file_half_written_by_a_start_that_was_cut_short_is_no_hindrance),
        TEST(key_file_is_discarded_by_who_made_it_alone),
        TEST(key_file_that_is_absent_is_not_made_unless_asked),
        TEST(key_file_that_others_may_read_is_refused),
        TEST(key_file_that_is_no_key_is_refused),
        TEST(every_failing_allocation_is_reported),
        TEST(nothing_is_sealed_without_randomness),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
