/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Epochs: the key file's life, what opens under which key, keys of ID numbers.
 */
#include "fixture.h"

#include <string.h>

#define FILE_BYTES 4096
#define OWNER      UINT64_C(42)
#define KEY_1      "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define KEY_2      "ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100"
#define HEAD       "lovebank-keys 2\n"

static struct bytes seal(struct fixture *fixture, uint8_t commitment[LB_HASH_BYTES])
{
    struct bytes row = {NULL, 0};
    assert_int_equal(people_seal(fixture->people, PEOPLE_PERSON, OWNER, BYTES_LITERAL("李明"),
                                 &fixture->arena, &row, commitment),
                     LB_OK);
    return row;
}

static enum lb_result open_with(struct fixture *fixture, struct people *people, struct bytes row,
                                uint8_t commitment[LB_HASH_BYTES])
{
    struct bytes plaintext;
    enum lb_result result =
        people_open_row(people, PEOPLE_PERSON, OWNER, row, &fixture->arena, &plaintext, commitment);
    if (result == LB_OK) {
        assert_true(bytes_equal(plaintext, BYTES_LITERAL("李明")));
    }
    return result;
}

static void write_file(struct fixture *fixture, const char *text, mode_t mode)
{
    unlink(fixture->key_path);
    FILE *file = fopen(fixture->key_path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(fixture->key_path, mode), 0);
}

static void read_file(const char *path, char text[FILE_BYTES])
{
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    text[fread(text, 1, FILE_BYTES - 1, file)] = '\0';
    fclose(file);
}

static enum lb_result open_again(struct fixture *fixture)
{
    people_close(fixture->people);
    fixture->people = NULL;
    return people_open(fixture->key_path, false, random_system(), &fixture->people);
}

/* -- accepts ---------------------------------------------------------------------------------- */

static void rows_of_all_epochs_open_and_new_ones_are_of_the_newest(void **state)
{
    struct fixture *fixture = *state;
    uint8_t commitment[LB_HASH_BYTES];
    struct bytes first = seal(fixture, commitment);
    assert_false(people_is_rotating(fixture->people));
    assert_int_equal(people_rotate(fixture->people), LB_OK);
    struct bytes second = seal(fixture, commitment);
    assert_true(people_is_rotating(fixture->people));
    assert_int_equal(people_epoch(fixture->people), 2);
    assert_int_equal(people_row_epoch(first), 1);
    assert_int_equal(people_row_epoch(second), 2);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(open_with(fixture, fixture->people, first, commitment), LB_OK);
        assert_int_equal(open_with(fixture, fixture->people, second, commitment), LB_OK);
        assert_int_equal(open_again(fixture), LB_OK); /* and from the file */
        assert_int_equal(people_epoch(fixture->people), 2);
    }
}

static void row_sealed_again_keeps_its_commitment_and_outlives_the_old_key(void **state)
{
    struct fixture *fixture = *state;
    uint8_t before[LB_HASH_BYTES];
    uint8_t after[LB_HASH_BYTES];
    struct bytes old = seal(fixture, before);
    struct bytes resealed;
    assert_int_equal(people_rotate(fixture->people), LB_OK);
    assert_int_equal(
        people_reseal(fixture->people, PEOPLE_PERSON, OWNER, old, &fixture->arena, &resealed),
        LB_OK);
    assert_false(people_row_is_outdated(fixture->people, old));
    assert_int_equal(people_forget_before(fixture->people, 2), LB_OK);
    assert_false(people_is_rotating(fixture->people));
    for (int i = 0; i < 2; i++) {
        assert_int_equal(open_with(fixture, fixture->people, resealed, after), LB_OK);
        assert_memory_equal(before, after, LB_HASH_BYTES);
        assert_int_equal(open_with(fixture, fixture->people, old, after), LB_STORAGE_CORRUPT);
        assert_true(people_row_is_outdated(fixture->people, old));
        assert_false(people_row_is_outdated(fixture->people, resealed));
        assert_int_equal(open_again(fixture), LB_OK);
    }
}

static void key_file_names_each_epoch_and_stays_private(void **state)
{
    struct fixture *fixture = *state;
    char text[FILE_BYTES];
    struct stat status;
    write_file(fixture, KEY_1 "\n", 0600);
    assert_int_equal(open_again(fixture), LB_OK);
    assert_int_equal(people_rotate(fixture->people), LB_OK);
    read_file(fixture->key_path, text);
    assert_int_equal(strncmp(text, HEAD "1 " KEY_1 " old\n2 ", strlen(HEAD) + 73), 0);
    assert_non_null(strstr(text, " current\n"));
    assert_int_equal(people_forget_before(fixture->people, 2), LB_OK);
    read_file(fixture->key_path, text);
    assert_null(strstr(text, KEY_1));
    assert_int_equal(strncmp(text, HEAD "2 ", strlen(HEAD) + 2), 0);
    assert_int_equal(stat(fixture->key_path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
}

/* Another name of the file shows what became of the bytes that were there. */
static void bytes_of_a_destroyed_key_are_overwritten(void **state)
{
    struct fixture *fixture = *state;
    char name[sizeof(fixture->key_path) + 8];
    char text[FILE_BYTES];
    snprintf(name, sizeof(name), "%s.link", fixture->key_path);
    assert_int_equal(people_rotate(fixture->people), LB_OK);
    assert_int_equal(link(fixture->key_path, name), 0);
    assert_int_equal(people_forget_before(fixture->people, 2), LB_OK);
    memset(text, 'x', sizeof(text));
    read_file(name, text);
    assert_int_equal(strlen(text), 0); /* zeros */
    unlink(name);
}

static void symbolic_link_to_the_key_file_stays_one(void **state)
{
    struct fixture *fixture = *state;
    char name[sizeof(fixture->key_path) + 8];
    struct stat status;
    snprintf(name, sizeof(name), "%s.link", fixture->key_path);
    assert_int_equal(symlink(fixture->key_path, name), 0);
    struct people *people = NULL;
    assert_int_equal(people_open(name, false, random_system(), &people), LB_OK);
    assert_int_equal(people_rotate(people), LB_OK);
    people_close(people);
    assert_int_equal(lstat(name, &status), 0);
    assert_true(S_ISLNK(status.st_mode));
    assert_int_equal(open_again(fixture), LB_OK);
    assert_int_equal(people_epoch(fixture->people), 2);
    unlink(name);
}

static void number_has_one_key_an_epoch_however_it_is_written(void **state)
{
    struct fixture *fixture = *state;
    struct people_id_number first[PEOPLE_KEYS_MAX];
    struct people_id_number both[PEOPLE_KEYS_MAX];
    struct people_id_number one;
    assert_int_equal(people_id_numbers(fixture->people, BYTES_LITERAL("11010519491231002X"), first),
                     1);
    assert_int_equal(people_rotate(fixture->people), LB_OK);
    assert_int_equal(people_id_numbers(fixture->people, BYTES_LITERAL("11010519491231002x"), both),
                     2);
    assert_memory_equal(&first[0], &both[1], sizeof(first[0]));
    assert_memory_not_equal(both[0].bytes + 5, both[1].bytes + 5, 32);
    assert_true(people_id_number(fixture->people, 2, BYTES_LITERAL("110105491231002"), &one));
    assert_memory_equal(&one, &both[0], sizeof(one));
    assert_int_equal(one.bytes[0], 1); /* the algorithm */
    assert_int_equal(people_id_numbers(fixture->people, (struct bytes){NULL, 0}, both), 0);
    assert_false(people_id_number(fixture->people, 3, BYTES_LITERAL("E12345678"), &one));
}

static void credential_opens_rows_and_may_be_readable_to_its_group(void **state)
{
    struct fixture *fixture = *state;
    uint8_t commitment[LB_HASH_BYTES];
    struct bytes row = seal(fixture, commitment);
    struct people *people = NULL;
    assert_int_equal(chmod(fixture->key_path, 0440), 0);
    assert_int_equal(people_open_credential(fixture->key_path, random_system(), &people), LB_OK);
    assert_int_equal(open_with(fixture, people, row, commitment), LB_OK);
    assert_int_equal(people_rotate(people), LB_KEY_UNWRITABLE);
    assert_int_equal(people_epoch(people), 1);
    people_close(people);
}

/* -- rejects ---------------------------------------------------------------------------------- */

static void credential_open_to_others_is_refused(void **state)
{
    struct fixture *fixture = *state;
    static const mode_t modes[] = {0444, 0404, 0460};
    for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
        struct people *people = NULL;
        assert_int_equal(chmod(fixture->key_path, modes[i]), 0);
        assert_int_equal(people_open_credential(fixture->key_path, random_system(), &people),
                         LB_KEY_MISSING);
        assert_null(people);
    }
}

static void file_that_is_not_quite_one_of_keys_is_refused(void **state)
{
    struct fixture *fixture = *state;
    static const char *const texts[] = {
        HEAD,
        HEAD "1 " KEY_1 " old\n",
        HEAD "1 " KEY_1 " current",
        HEAD "1 " KEY_1 " current\n\n",
        HEAD "1 " KEY_1 " current\n2 " KEY_2 " current\n",
        HEAD "2 " KEY_1 " old\n2 " KEY_2 " current\n",
        HEAD "3 " KEY_1 " old\n2 " KEY_2 " current\n",
        HEAD "0 " KEY_1 " current\n",
        HEAD "01 " KEY_1 " current\n",
        HEAD "4294967296 " KEY_1 " current\n",
        HEAD " " KEY_1 " current\n",
        HEAD "1 00" KEY_1 " current\n",
        HEAD "1 " KEY_1 " destroyed\n",
        "lovebank-keys 3\n1 " KEY_1 " current\n",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        write_file(fixture, texts[i], 0600);
        struct people *people = NULL;
        assert_int_equal(people_open(fixture->key_path, false, random_system(), &people),
                         LB_KEY_MISSING);
    }
    write_file(fixture, HEAD "7 " KEY_1 " old\n9 " KEY_2 " current\n", 0600);
    assert_int_equal(open_again(fixture), LB_OK);
    assert_int_equal(people_epoch(fixture->people), 9);
}

static void rotations_that_are_not_over_are_not_without_end(void **state)
{
    struct fixture *fixture = *state;
    for (uint32_t epoch = 2; epoch <= PEOPLE_KEYS_MAX; epoch++) {
        assert_int_equal(people_rotate(fixture->people), LB_OK);
        assert_int_equal(people_epoch(fixture->people), epoch);
    }
    assert_int_equal(people_rotate(fixture->people), LB_TRY_LATER);
    assert_int_equal(open_again(fixture), LB_OK);
    assert_int_equal(people_forget_before(fixture->people, PEOPLE_KEYS_MAX), LB_OK);
    assert_int_equal(people_rotate(fixture->people), LB_OK);
}

/* -- faults ----------------------------------------------------------------------------------- */

static void key_file_that_was_taken_away_is_not_made_anew(void **state)
{
    struct fixture *fixture = *state;
    uint8_t commitment[LB_HASH_BYTES];
    struct bytes row = seal(fixture, commitment);
    unlink(fixture->key_path);
    assert_int_equal(people_rotate(fixture->people), LB_KEY_UNWRITABLE);
    assert_int_not_equal(access(fixture->key_path, F_OK), 0);
    assert_int_equal(people_epoch(fixture->people), 1);
    assert_int_equal(open_with(fixture, fixture->people, row, commitment), LB_OK);
}

static bool random_fails(void *context, uint8_t *out, size_t size)
{
    const bool *fails = context;
    memset(out, 7, size);
    return !*fails;
}

static void no_key_is_made_and_no_row_sealed_again_without_randomness(void **state)
{
    struct fixture *fixture = *state;
    bool fails = false;
    struct random_source random = {random_fails, &fails};
    struct people *people = NULL;
    uint8_t commitment[LB_HASH_BYTES];
    struct bytes row = seal(fixture, commitment);
    struct bytes resealed;
    assert_int_equal(people_open(fixture->key_path, false, &random, &people), LB_OK);
    fails = true;
    assert_int_equal(people_rotate(people), LB_INTERNAL);
    assert_int_equal(people_epoch(people), 1);
    fails = false;
    assert_int_equal(people_rotate(people), LB_OK);
    fails = true;
    assert_int_equal(people_reseal(people, PEOPLE_PERSON, OWNER, row, &fixture->arena, &resealed),
                     LB_INTERNAL);
    people_close(people);
}

static void a_mark_tells_keys_apart_and_nothing_else(void **state)
{
    struct fixture *fixture = *state;
    uint8_t first[PEOPLE_MARK_BYTES];
    uint8_t again[PEOPLE_MARK_BYTES];
    uint8_t other[PEOPLE_MARK_BYTES];
    write_file(fixture, HEAD "1 " KEY_1 " old\n2 " KEY_2 " current\n", 0600);
    assert_int_equal(open_again(fixture), LB_OK);
    assert_true(people_key_mark(fixture->people, 1, first));
    assert_true(people_key_mark(fixture->people, 2, other));
    assert_memory_not_equal(first, other, sizeof(first));
    assert_false(people_key_mark(fixture->people, 3, other));
    assert_false(people_key_mark(fixture->people, 0, other));
    assert_int_equal(open_again(fixture), LB_OK);
    assert_true(people_key_mark(fixture->people, 1, again));
    assert_memory_equal(first, again, sizeof(first));
}

/* The file of another server of the same book was put in the place of this one's. */
static void a_file_that_was_replaced_is_taken_if_it_has_the_key(void **state)
{
    struct fixture *fixture = *state;
    uint8_t commitment[LB_HASH_BYTES];
    uint8_t first[PEOPLE_MARK_BYTES];
    uint8_t second[PEOPLE_MARK_BYTES];
    write_file(fixture, HEAD "1 " KEY_1 " old\n2 " KEY_2 " current\n", 0600);
    assert_int_equal(open_again(fixture), LB_OK);
    assert_true(people_key_mark(fixture->people, 1, first));
    assert_true(people_key_mark(fixture->people, 2, second));
    const struct bytes row = seal(fixture, commitment);
    write_file(fixture, KEY_1 "\n", 0600);
    assert_int_equal(open_again(fixture), LB_OK);
    assert_int_equal(people_reload(fixture->people, 2, second), LB_KEY_MISSING);
    write_file(fixture, HEAD "1 " KEY_2 " old\n2 " KEY_1 " current\n", 0600);
    assert_int_equal(people_reload(fixture->people, 2, second), LB_KEY_MISSING); /* another one */
    write_file(fixture, HEAD "1 " KEY_1 " old\n2 " KEY_2 " current\n", 0644);
    assert_int_equal(people_reload(fixture->people, 2, second),
                     LB_KEY_MISSING); /* for all to see */
    assert_int_equal(people_epoch(fixture->people), 1);
    assert_true(people_key_mark(fixture->people, 1, commitment));
    assert_memory_equal(first, commitment, sizeof(first));
    write_file(fixture, HEAD "1 " KEY_1 " old\n2 " KEY_2 " current\n", 0600);
    assert_int_equal(people_reload(fixture->people, 2, second), LB_OK);
    assert_int_equal(people_epoch(fixture->people), 2);
    assert_int_equal(open_with(fixture, fixture->people, row, commitment), LB_OK);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(rows_of_all_epochs_open_and_new_ones_are_of_the_newest),
        TEST(row_sealed_again_keeps_its_commitment_and_outlives_the_old_key),
        TEST(key_file_names_each_epoch_and_stays_private),
        TEST(bytes_of_a_destroyed_key_are_overwritten),
        TEST(symbolic_link_to_the_key_file_stays_one),
        TEST(number_has_one_key_an_epoch_however_it_is_written),
        TEST(credential_opens_rows_and_may_be_readable_to_its_group),
        TEST(credential_open_to_others_is_refused),
        TEST(file_that_is_not_quite_one_of_keys_is_refused),
        TEST(rotations_that_are_not_over_are_not_without_end),
        TEST(key_file_that_was_taken_away_is_not_made_anew),
        TEST(a_mark_tells_keys_apart_and_nothing_else),
        TEST(a_file_that_was_replaced_is_taken_if_it_has_the_key),
        TEST(no_key_is_made_and_no_row_sealed_again_without_randomness),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
