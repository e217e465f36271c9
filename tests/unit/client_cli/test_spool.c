/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The spool: a row that was kept is there as a whole, whatever the disk does; one that is not whole
 * is known as damaged; what others could have put there is not used.
 */
#include "cli_for_tests.h"
#include "seen_file.h"
#include "spool.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define FILE_BYTES_MAX 1024

struct fixture {
    struct cli cli;
    char folder[FOLDER_BYTES];
    struct spool spool;
    Lovebank__V1__Command command;
    Lovebank__V1__ServiceRecord record;
    Lovebank__V1__MemberRef member;
    uint8_t id[LB_REQUEST_ID_BYTES];
};

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    assert_non_null(fixture);
    cli_for_tests_init(&fixture->cli);
    folder_for_tests(fixture->folder);
    assert_int_equal(setenv("XDG_STATE_HOME", fixture->folder, 1), 0);
    lovebank__v1__command__init(&fixture->command);
    lovebank__v1__service_record__init(&fixture->record);
    lovebank__v1__member_ref__init(&fixture->member);
    fixture->member.card = 3;
    fixture->record.member = &fixture->member;
    fixture->record.category = 1;
    fixture->record.minutes = 90;
    fixture->command.id = (ProtobufCBinaryData){sizeof(fixture->id), fixture->id};
    fixture->command.day = 16922;
    fixture->command.has_day = true;
    fixture->command.act_case = LOVEBANK__V1__COMMAND__ACT_SERVICE_RECORD;
    fixture->command.service_record = &fixture->record;
    assert_true(spool_open(&fixture->spool, &fixture->cli, true));
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    char command[64];
    spool_close(&fixture->spool);
    (void)snprintf(command, sizeof(command), "rm -rf %s", fixture->folder);
    assert_int_equal(system(command), 0);
    cli_for_tests_fini(&fixture->cli);
    free(fixture);
    return 0;
}

/* The row with that byte in its id. */
static struct spool_row row_of(struct fixture *fixture, uint8_t mark)
{
    struct spool_row row = {.who = {.principal = 7, .login = "wangli"},
                            .typed_ms = 1462089600000,
                            .command = &fixture->command};
    memset(fixture->id, mark, sizeof(fixture->id));
    return row;
}

static enum spool_answer put(struct fixture *fixture, uint8_t mark)
{
    struct spool_row row = row_of(fixture, mark);
    return spool_put(&fixture->spool, &row);
}

static size_t count_rows(struct fixture *fixture, size_t *damaged)
{
    struct spool_row *rows = NULL;
    size_t count = 0;
    *damaged = 0;
    assert_true(spool_list(&fixture->spool, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        *damaged += rows[i].is_damaged;
    }
    spool_rows_free(rows, count);
    return count;
}

/* The only file of a row. */
static const char *row_file(struct fixture *fixture)
{
    struct spool_row *rows = NULL;
    size_t count = 0;
    assert_true(spool_list(&fixture->spool, &rows, &count));
    assert_int_equal(count, 1);
    spool_rows_free(rows, count);
    return rows[0].file;
}

static size_t read_file(struct fixture *fixture, const char *name, uint8_t bytes[FILE_BYTES_MAX])
{
    const int fd = openat(fixture->spool.folder, name, O_RDONLY);
    assert_true(fd >= 0);
    const ssize_t size = read(fd, bytes, FILE_BYTES_MAX);
    assert_true(size > 0 && size < FILE_BYTES_MAX);
    assert_int_equal(close(fd), 0);
    return (size_t)size;
}

static void write_file(struct fixture *fixture, const char *name, const uint8_t *bytes, size_t size)
{
    const int fd = openat(fixture->spool.folder, name, O_WRONLY | O_TRUNC);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, size), (ssize_t)size);
    assert_int_equal(close(fd), 0);
}

/* accepts */

static void what_is_kept_is_listed_in_order_with_who_typed_it(void **state)
{
    struct fixture *fixture = *state;
    struct spool_row *rows = NULL;
    size_t count = 0;
    assert_int_equal(put(fixture, 9), SPOOL_KEPT);
    assert_int_equal(put(fixture, 4), SPOOL_KEPT);
    assert_int_equal(spool_count(&fixture->cli), 2);
    assert_true(spool_list(&fixture->spool, &rows, &count));
    assert_int_equal(count, 2);
    assert_int_equal(rows[0].number, 1);
    assert_int_equal(rows[1].number, 2);
    assert_int_equal(rows[0].id.bytes[0], 9);
    assert_false(rows[0].is_damaged);
    assert_int_equal(rows[0].who.principal, 7);
    assert_string_equal(rows[0].who.login, "wangli");
    assert_int_equal(rows[0].typed_ms, 1462089600000);
    assert_int_equal(rows[0].command->day, 16922);
    assert_int_equal(rows[0].command->service_record->member->card, 3);
    assert_true(spool_remove(&fixture->spool, &rows[0]));
    assert_true(spool_remove(&fixture->spool, &rows[0]));
    spool_rows_free(rows, count);
    assert_int_equal(spool_count(&fixture->cli), 1);
}

static void nobody_else_can_read_it(void **state)
{
    struct fixture *fixture = *state;
    struct stat file;
    assert_int_equal(put(fixture, 1), SPOOL_KEPT);
    assert_int_equal(fstatat(fixture->spool.folder, row_file(fixture), &file, 0), 0);
    assert_int_equal(file.st_mode & 0777, 0600);
    assert_int_equal(fstat(fixture->spool.folder, &file), 0);
    assert_int_equal(file.st_mode & 0777, 0700);
}

static void the_same_row_is_kept_once(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(put(fixture, 1), SPOOL_KEPT);
    struct spool_row row = row_of(fixture, 1);
    row.typed_ms += 5000;
    assert_int_equal(spool_put(&fixture->spool, &row), SPOOL_THERE);
    assert_int_equal(row.number, 1);
    assert_int_equal(spool_count(&fixture->cli), 1);
}

static void each_server_has_a_folder_of_its_own(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(put(fixture, 1), SPOOL_KEPT);
    fixture->cli.address = "tls:bank.example:7701";
    assert_int_equal(spool_count(&fixture->cli), 0);
}

static void two_that_write_at_once_keep_all(void **state)
{
    struct fixture *fixture = *state;
    size_t damaged = 0;
    for (uint8_t child = 0; child < 4; child++) {
        const pid_t pid = fork();
        assert_true(pid >= 0);
        if (pid == 0) {
            struct spool spool;
            bool is_good = spool_open(&spool, &fixture->cli, true);
            for (uint8_t i = 0; is_good && i < 10; i++) {
                struct spool_row row = row_of(fixture, (uint8_t)(1 + child * 10 + i));
                is_good = spool_put(&spool, &row) == SPOOL_KEPT;
            }
            _exit(is_good ? 0 : 1);
        }
    }
    for (size_t i = 0; i < 4; i++) {
        int status = 1;
        assert_true(wait(&status) > 0);
        assert_int_equal(status, 0);
    }
    assert_int_equal(count_rows(fixture, &damaged), 40);
    assert_int_equal(damaged, 0);
}

static void what_was_seen_is_read_back(void **state)
{
    struct fixture *fixture = *state;
    Lovebank__V1__OrgListResponse orgs = LOVEBANK__V1__ORG_LIST_RESPONSE__INIT;
    Lovebank__V1__CatalogueResponse catalogue = LOVEBANK__V1__CATALOGUE_RESPONSE__INIT;
    struct seen seen = {.when_ms = 12,
                        .zone_east_s = -3600,
                        .today = 16922,
                        .orgs = &orgs,
                        .catalogue = &catalogue};
    struct seen read;
    assert_false(seen_read(&fixture->spool, &read));
    fixture->cli.has_token = true;
    fixture->cli.token[0] = 5;
    seen.whos[seen.who_count] = seen_who_of(&fixture->cli);
    seen.whos[seen.who_count++].who = (struct spool_who){.principal = 3, .login = "chenjie"};
    seen_write(&fixture->spool, &seen);
    assert_true(seen_read(&fixture->spool, &read));
    assert_int_equal(read.zone_east_s, -3600);
    assert_int_equal(read.today, 16922);
    const struct spool_who *who = seen_find_who(&fixture->cli, &read);
    assert_non_null(who);
    assert_int_equal(who->principal, 3);
    assert_string_equal(who->login, "chenjie");
    fixture->cli.token[0] = 6;
    assert_null(seen_find_who(&fixture->cli, &read));
    fixture->cli.has_token = false;
    assert_null(seen_find_who(&fixture->cli, &read));
    seen_free(&read);
}

/* rejects */

static void another_row_with_the_same_id_is_not_kept(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(put(fixture, 1), SPOOL_KEPT);
    fixture->record.minutes = 91;
    assert_int_equal(put(fixture, 1), SPOOL_REUSED);
    fixture->record.minutes = 90;
    struct spool_row row = row_of(fixture, 1);
    row.who.principal = 8;
    assert_int_equal(spool_put(&fixture->spool, &row), SPOOL_REUSED);
}

static void a_full_spool_keeps_no_more(void **state)
{
    struct fixture *fixture = *state;
    for (unsigned i = 1; i <= SPOOL_ROWS_MAX; i++) {
        char name[64];
        (void)snprintf(name, sizeof(name), "%09u-%032x.row", i, i);
        const int fd = openat(fixture->spool.folder, name, O_WRONLY | O_CREAT, 0600);
        assert_true(fd >= 0);
        assert_int_equal(close(fd), 0);
    }
    assert_int_equal(put(fixture, 1), SPOOL_FULL);
    assert_int_equal(spool_count(&fixture->cli), SPOOL_ROWS_MAX);
}

static void a_folder_that_others_can_write_to_is_not_used(void **state)
{
    struct fixture *fixture = *state;
    struct spool spool;
    assert_int_equal(fchmod(fixture->spool.folder, 0770), 0);
    assert_false(spool_open(&spool, &fixture->cli, true));
    assert_int_equal(spool.folder, -1);
    assert_true(ftell(fixture->cli.err) > 0);
}

static void files_that_are_no_rows_are_left_alone(void **state)
{
    struct fixture *fixture = *state;
    static const char *const names[] = {"notes", "1-2.row", "000000001-xx.row",
                                        "00000000a-00000000000000000000000000000001.row",
                                        "000000001-00000000000000000000000000000001.bak"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const int fd = openat(fixture->spool.folder, names[i], O_WRONLY | O_CREAT, 0600);
        assert_true(fd >= 0);
        assert_int_equal(close(fd), 0);
    }
    assert_int_equal(spool_count(&fixture->cli), 0);
    assert_int_equal(put(fixture, 1), SPOOL_KEPT);
    assert_int_equal(faccessat(fixture->spool.folder, "notes", F_OK, 0), 0);
}

static void a_link_in_place_of_a_row_is_not_followed(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(symlinkat("/etc/passwd", fixture->spool.folder,
                               "000000001-00000000000000000000000000000001.row"),
                     0);
    size_t damaged = 0;
    assert_int_equal(count_rows(fixture, &damaged), 1);
    assert_int_equal(damaged, 1);
}

/* faults */

static void a_row_that_was_cut_anywhere_is_damaged(void **state)
{
    struct fixture *fixture = *state;
    uint8_t bytes[FILE_BYTES_MAX];
    size_t damaged = 0;
    assert_int_equal(put(fixture, 1), SPOOL_KEPT);
    const char *name = row_file(fixture);
    const size_t size = read_file(fixture, name, bytes);
    for (size_t cut = 0; cut < size; cut++) {
        write_file(fixture, name, bytes, cut);
        assert_int_equal(count_rows(fixture, &damaged), 1);
        assert_int_equal(damaged, 1);
    }
    write_file(fixture, name, bytes, size);
    assert_int_equal(count_rows(fixture, &damaged), 1);
    assert_int_equal(damaged, 0);
    bytes[size] = 0;
    write_file(fixture, name, bytes, size + 1);
    assert_int_equal(count_rows(fixture, &damaged), 1);
    assert_int_equal(damaged, 1);
}

static void a_row_with_any_bit_changed_is_damaged(void **state)
{
    struct fixture *fixture = *state;
    uint8_t bytes[FILE_BYTES_MAX];
    size_t damaged = 0;
    assert_int_equal(put(fixture, 1), SPOOL_KEPT);
    const char *name = row_file(fixture);
    const size_t size = read_file(fixture, name, bytes);
    for (size_t bit = 0; bit < size * 8; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        write_file(fixture, name, bytes, size);
        assert_int_equal(count_rows(fixture, &damaged), 1);
        assert_int_equal(damaged, 1);
        bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
}

static void bytes_that_are_no_row_are_refused_or_read_and_nothing_else(void **state)
{
    struct fixture *fixture = *state;
    struct spool_row row = row_of(fixture, 1);
    struct bytes body;
    assert_true(spool_row_encode(&fixture->cli.arena, &row, &body));
    uint8_t *copy = malloc(body.size);
    assert_non_null(copy);
    for (size_t bit = 0; bit < body.size * 8; bit++) {
        memcpy(copy, body.data, body.size);
        copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
        for (size_t cut = bit / 8 + 1; cut <= body.size; cut++) {
            struct spool_row read = {0};
            const bool is_row = spool_row_decode(bytes_of(copy, cut), &read);
            assert_int_equal(is_row, read.command != NULL);
            spool_rows_free(&read, 1);
        }
    }
    free(copy);
    assert_false(spool_row_decode(bytes_of(NULL, 0), &row));
}

static void a_row_under_the_name_of_another_is_damaged(void **state)
{
    struct fixture *fixture = *state;
    size_t damaged = 0;
    assert_int_equal(put(fixture, 1), SPOOL_KEPT);
    assert_int_equal(renameat(fixture->spool.folder, row_file(fixture), fixture->spool.folder,
                              "000000001-00000000000000000000000000000002.row"),
                     0);
    assert_int_equal(count_rows(fixture, &damaged), 1);
    assert_int_equal(damaged, 1);
}

/* A disk that fills up at the nth operation, and until then takes few bytes at once. */
struct bad_disk {
    int left;
};

static ssize_t bad_write(void *context, int fd, const void *data, size_t size)
{
    struct bad_disk *bad = context;
    if (bad->left-- == 0) {
        errno = ENOSPC;
        return -1;
    }
    return write(fd, data, size > 16 ? 16 : size);
}

static int bad_sync(void *context, int fd)
{
    struct bad_disk *bad = context;
    if (bad->left-- == 0) {
        errno = ENOSPC;
        return -1;
    }
    return fsync(fd);
}

static void whenever_the_disk_fails_the_row_is_there_as_a_whole_or_not_at_all(void **state)
{
    struct fixture *fixture = *state;
    struct bad_disk bad = {0};
    const struct sealed_disk disk = {.write = bad_write, .sync = bad_sync, .context = &bad};
    fixture->spool.disk = &disk;
    size_t damaged = 0;
    int faults = 0;
    for (;; faults++) {
        bad.left = faults;
        const enum spool_answer answer = put(fixture, 1);
        if (answer == SPOOL_KEPT) {
            break;
        }
        assert_int_equal(answer, SPOOL_FAILED);
        assert_int_equal(count_rows(fixture, &damaged), 0);
    }
    assert_true(faults > 8); /* writes, the file's sync and the folder's */
    assert_int_equal(count_rows(fixture, &damaged), 1);
    assert_int_equal(damaged, 0);
}

static void what_an_interrupted_write_left_is_cleared_by_the_next(void **state)
{
    struct fixture *fixture = *state;
    size_t damaged = 0;
    static const char part[] = ".000000001-00000000000000000000000000000001.row" SEALED_PART_SUFFIX;
    const int fd = openat(fixture->spool.folder, part, O_WRONLY | O_CREAT, 0600);
    assert_true(fd >= 0);
    assert_int_equal(close(fd), 0);
    assert_int_equal(count_rows(fixture, &damaged), 0);
    assert_int_equal(put(fixture, 1), SPOOL_KEPT);
    assert_int_not_equal(faccessat(fixture->spool.folder, part, F_OK, 0), 0);
}

static void a_damaged_memory_of_the_server_is_none(void **state)
{
    struct fixture *fixture = *state;
    Lovebank__V1__OrgListResponse orgs = LOVEBANK__V1__ORG_LIST_RESPONSE__INIT;
    Lovebank__V1__CatalogueResponse catalogue = LOVEBANK__V1__CATALOGUE_RESPONSE__INIT;
    const struct seen seen = {.who_count = 2, .orgs = &orgs, .catalogue = &catalogue};
    struct seen read;
    struct bytes body;
    assert_true(seen_encode(&fixture->cli.arena, &seen, &body));
    for (size_t cut = 0; cut < body.size; cut++) {
        assert_int_equal(seen_decode(bytes_of(body.data, cut), &read), false);
    }
    assert_true(seen_decode(body, &read));
    seen_free(&read);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(what_is_kept_is_listed_in_order_with_who_typed_it),
        TEST(nobody_else_can_read_it),
        TEST(the_same_row_is_kept_once),
        TEST(each_server_has_a_folder_of_its_own),
        TEST(two_that_write_at_once_keep_all),
        TEST(what_was_seen_is_read_back),
        TEST(another_row_with_the_same_id_is_not_kept),
        TEST(a_full_spool_keeps_no_more),
        TEST(a_folder_that_others_can_write_to_is_not_used),
        TEST(files_that_are_no_rows_are_left_alone),
        TEST(a_link_in_place_of_a_row_is_not_followed),
        TEST(a_row_that_was_cut_anywhere_is_damaged),
        TEST(a_row_with_any_bit_changed_is_damaged),
        TEST(bytes_that_are_no_row_are_refused_or_read_and_nothing_else),
        TEST(a_row_under_the_name_of_another_is_damaged),
        TEST(whenever_the_disk_fails_the_row_is_there_as_a_whole_or_not_at_all),
        TEST(what_an_interrupted_write_left_is_cleared_by_the_next),
        TEST(a_damaged_memory_of_the_server_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
