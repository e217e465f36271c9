/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* What only a directory can show: persistence, locks, formats, damage, modes of opening. */
#include "fixture.h"

#include <fcntl.h>
#include <lmdb.h>
#include <sys/stat.h>
#include <sys/wait.h>

static enum lb_result try_open(const struct store_lmdb_options *options)
{
    struct store *store = NULL;
    enum lb_result result = store_lmdb_open(options, &store);
    if (result == LB_OK) {
        store->ops->close(store);
    }
    return result;
}

static void path_in(const struct fixture *fixture, const char *name, char path[PATH_MAX])
{
    int size = snprintf(path, PATH_MAX, "%s/%s", fixture->directory, name);
    assert_true(size > 0 && size < PATH_MAX);
}

/* ---- accepts ---- */

static void what_was_committed_is_there_after_closing_and_opening(void **state)
{
    struct fixture *fixture = *state;
    fixture_open_lmdb(fixture);
    commit_row(fixture, TABLE_META, "key", "value");
    fixture_close(fixture);
    fixture->lmdb.book = (struct id){{9, 9, 9}}; /* of no use for a book that exists */
    fixture_open_lmdb(fixture);
    assert_row(fixture, TABLE_META, "key", "value");
    struct id book = store_lmdb_book(fixture->store);
    assert_true(id_equal(&book, &(struct id){{1, 2, 3}}));
    assert_int_equal(store_lmdb_format(fixture->store), STORE_LMDB_FORMAT);
}

static void a_missing_directory_is_made_for_its_owner_only(void **state)
{
    struct fixture *fixture = *state;
    char path[PATH_MAX];
    path_in(fixture, "made", path);
    fixture->lmdb.directory = path;
    mode_t old = umask(0);
    fixture_open_lmdb(fixture);
    (void)umask(old);
    struct stat about;
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0700);
    static const char *const names[] = {"made/data.mdb", "made/lock.mdb", "made/LOCK"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        path_in(fixture, names[i], path);
        assert_int_equal(stat(path, &about), 0);
        assert_int_equal(about.st_mode & 0777, 0600);
    }
}

static void a_directory_is_read_without_permission_to_write(void **state)
{
    struct fixture *fixture = *state;
    fixture_open_lmdb(fixture);
    commit_row(fixture, TABLE_META, "key", "value");
    fixture_close(fixture);
    char path[PATH_MAX];
    path_in(fixture, "lock.mdb", path);
    assert_int_equal(unlink(path), 0);
    path_in(fixture, "data.mdb", path);
    assert_int_equal(chmod(path, 0400), 0);
    assert_int_equal(chmod(fixture->directory, 0500), 0);
    fixture->lmdb.mode = STORE_LMDB_READ_ONLY;
    fixture_open_lmdb(fixture);
    assert_row(fixture, TABLE_META, "key", "value");
    struct store_group *group = NULL;
    assert_int_equal(fixture->ops->group_begin(fixture->store, &group), LB_STORAGE_FAULT);
    fixture_close(fixture);
    assert_int_equal(chmod(fixture->directory, 0700), 0);
    path_in(fixture, "lock.mdb", path);
    assert_int_equal(access(path, F_OK), -1); /* nothing was made */
}

static void two_readers_share_a_directory_and_keep_a_server_out(void **state)
{
    struct fixture *fixture = *state;
    fixture_open_lmdb(fixture);
    fixture_close(fixture);
    fixture->lmdb.mode = STORE_LMDB_READ_ONLY;
    fixture_open_lmdb(fixture);
    assert_int_equal(try_open(&fixture->lmdb), LB_OK);
    fixture->lmdb.mode = STORE_LMDB_SERVER;
    assert_int_equal(try_open(&fixture->lmdb), LB_DIRECTORY_LOCKED);
    fixture_close(fixture);
    assert_int_equal(try_open(&fixture->lmdb), LB_OK);
}

static void a_copy_without_its_lock_is_read(void **state)
{
    struct fixture *fixture = *state;
    fixture_open_lmdb(fixture);
    commit_row(fixture, TABLE_META, "key", "value");
    fixture_close(fixture);
    char path[PATH_MAX];
    path_in(fixture, "LOCK", path);
    assert_int_equal(unlink(path), 0);
    fixture->lmdb.mode = STORE_LMDB_READ_ONLY;
    fixture_open_lmdb(fixture);
    assert_row(fixture, TABLE_META, "key", "value");
    assert_int_equal(access(path, F_OK), -1);
}

static void a_scratch_store_leaves_no_name_behind(void **state)
{
    struct fixture *fixture = *state;
    fixture->lmdb.mode = STORE_LMDB_SCRATCH;
    fixture->lmdb.map_bytes = 0; /* the least: it grows on the unlinked file */
    fixture_open_lmdb(fixture);
    char key[16];
    for (unsigned i = 0; i < 2000; i++) {
        (void)snprintf(key, sizeof(key), "%08u", i);
        commit_row(fixture, TABLE_META, key, "a value that takes some room in the map");
    }
    assert_row(fixture, TABLE_META, "00001999", "a value that takes some room in the map");
    assert_int_equal(rmdir(fixture->directory), 0); /* it is empty */
    fixture_close(fixture);
    assert_int_equal(mkdir(fixture->directory, 0700), 0);
}

static void stats_tell_the_map_and_what_is_used_of_it(void **state)
{
    struct fixture *fixture = *state;
    fixture_open_lmdb(fixture);
    struct store_stats stats;
    fixture->ops->stats(fixture->store, &stats);
    assert_int_equal(stats.map_bytes, fixture->lmdb.map_bytes);
    assert_true(stats.map_used_bytes > 0 && stats.map_used_bytes < stats.map_bytes);
    assert_int_equal(stats.readers, 0);
    assert_true(stats.checkpoint_entry == UINT64_MAX); /* all is where it stays */
    assert_int_equal(stats.checkpoint_ms, 0);
}

/* ---- rejects ---- */

static void one_snapshot_more_than_there_are_slots_must_wait(void **state)
{
    struct fixture *fixture = *state;
    fixture_open_lmdb(fixture);
    static struct store_snapshot *snapshots[STORE_LMDB_SNAPSHOTS_MAX];
    for (size_t i = 0; i < STORE_LMDB_SNAPSHOTS_MAX; i++) {
        snapshots[i] = snapshot_open(fixture);
    }
    struct store_snapshot *extra = NULL;
    assert_int_equal(fixture->ops->snapshot_open(fixture->store, &extra), LB_TRY_LATER);
    fixture->ops->snapshot_close(snapshots[0]);
    snapshots[0] = snapshot_open(fixture);
    for (size_t i = 0; i < STORE_LMDB_SNAPSHOTS_MAX; i++) {
        fixture->ops->snapshot_close(snapshots[i]);
    }
}

static void a_second_server_is_refused(void **state)
{
    struct fixture *fixture = *state;
    fixture_open_lmdb(fixture);
    assert_int_equal(try_open(&fixture->lmdb), LB_DIRECTORY_LOCKED);
    fixture->lmdb.mode = STORE_LMDB_READ_ONLY;
    assert_int_equal(try_open(&fixture->lmdb), LB_DIRECTORY_LOCKED);
    fixture->lmdb.mode = STORE_LMDB_SERVER;
    commit_row(fixture, TABLE_META, "key", "value"); /* the first one is not hurt */
    fixture_close(fixture);
    assert_int_equal(try_open(&fixture->lmdb), LB_OK);
}

static void a_server_in_another_process_is_refused(void **state)
{
    struct fixture *fixture = *state;
    int ready[2];
    int stop[2];
    assert_int_equal(pipe(ready), 0);
    assert_int_equal(pipe(stop), 0);
    pid_t child = fork();
    if (child == 0) {
        struct store *store = NULL;
        char byte = store_lmdb_open(&fixture->lmdb, &store) == LB_OK;
        (void)!write(ready[1], &byte, 1);
        (void)close(stop[1]);
        (void)!read(stop[0], &byte, 1); /* until the parent has looked */
        _exit(0);
    }
    char is_open = 0;
    assert_int_equal(read(ready[0], &is_open, 1), 1);
    assert_true(is_open);
    assert_int_equal(try_open(&fixture->lmdb), LB_DIRECTORY_LOCKED);
    (void)close(stop[1]);
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_int_equal(try_open(&fixture->lmdb), LB_OK); /* a dead server holds no lock */
    (void)close(stop[0]);
    (void)close(ready[0]);
    (void)close(ready[1]);
}

static void network_file_systems_are_known_by_their_numbers(void **state)
{
    (void)state;
    assert_int_equal(store_lmdb_filesystem_of(0x6969), STORE_LMDB_FILESYSTEM_NETWORK);
    assert_int_equal(store_lmdb_filesystem_of(0xFF534D42), STORE_LMDB_FILESYSTEM_NETWORK);
    assert_int_equal(store_lmdb_filesystem_of(0xFE534D42), STORE_LMDB_FILESYSTEM_NETWORK);
    assert_int_equal(store_lmdb_filesystem_of(0x65735546), STORE_LMDB_FILESYSTEM_NETWORK);
    assert_int_equal(store_lmdb_filesystem_of(0x794C7630), STORE_LMDB_FILESYSTEM_LAYERED);
    assert_int_equal(store_lmdb_filesystem_of(0xEF53), STORE_LMDB_FILESYSTEM_LOCAL);
    assert_int_equal(store_lmdb_filesystem_of(0x58465342), STORE_LMDB_FILESYSTEM_LOCAL);
}

static void a_directory_that_cannot_be_made_is_a_fault(void **state)
{
    struct fixture *fixture = *state;
    char path[PATH_MAX];
    path_in(fixture, "missing/below", path);
    fixture->lmdb.directory = path;
    assert_int_equal(try_open(&fixture->lmdb), LB_STORAGE_FAULT);
    fixture->lmdb.mode = STORE_LMDB_READ_ONLY;
    assert_int_equal(try_open(&fixture->lmdb), LB_STORAGE_FAULT);
}

/* Puts a row with LMDB itself, below the adapter. */
static void put_raw(const struct fixture *fixture, const char *database, const char *key,
                    const void *value, size_t size)
{
    MDB_env *env = NULL;
    MDB_txn *txn = NULL;
    MDB_dbi dbi = 0;
    char key_copy[32];
    assert_int_equal(mdb_env_create(&env), 0);
    assert_int_equal(mdb_env_set_maxdbs(env, 4), 0);
    assert_int_equal(mdb_env_open(env, fixture->directory, 0, 0600), 0);
    assert_int_equal(mdb_txn_begin(env, NULL, 0, &txn), 0);
    assert_int_equal(mdb_dbi_open(txn, database, MDB_CREATE, &dbi), 0);
    (void)snprintf(key_copy, sizeof(key_copy), "%s", key);
    MDB_val where = {strlen(key_copy), key_copy};
    MDB_val stored = {.mv_size = size};
    assert_int_equal(mdb_put(txn, dbi, &where, &stored, MDB_RESERVE), 0);
    memcpy(stored.mv_data, value, size);
    assert_int_equal(mdb_txn_commit(txn), 0);
    mdb_env_close(env);
}

static void a_newer_format_is_refused_whatever_else_it_holds(void **state)
{
    struct fixture *fixture = *state;
    fixture_open_lmdb(fixture);
    fixture_close(fixture);
    static const uint8_t newer[] = {0, 0, 0, STORE_LMDB_FORMAT + 1, 'x'};
    put_raw(fixture, "store", "header", newer, sizeof(newer));
    assert_int_equal(try_open(&fixture->lmdb), LB_FORMAT_NEWER);
    fixture->lmdb.mode = STORE_LMDB_READ_ONLY;
    assert_int_equal(try_open(&fixture->lmdb), LB_FORMAT_NEWER);
}

static void a_header_that_does_not_match_its_checksum_is_refused(void **state)
{
    struct fixture *fixture = *state;
    fixture_open_lmdb(fixture);
    fixture_close(fixture);
    static const uint8_t wrong[28] = {0, 0, 0, STORE_LMDB_FORMAT};
    put_raw(fixture, "store", "header", wrong, sizeof(wrong));
    assert_int_equal(try_open(&fixture->lmdb), LB_STORAGE_CORRUPT);
}

static void data_of_another_program_is_refused(void **state)
{
    struct fixture *fixture = *state;
    put_raw(fixture, "theirs", "key", "value", 5);
    assert_int_equal(try_open(&fixture->lmdb), LB_STORAGE_CORRUPT);
    fixture->lmdb.mode = STORE_LMDB_READ_ONLY;
    assert_int_equal(try_open(&fixture->lmdb), LB_STORAGE_CORRUPT);
}

/* ---- faults ---- */

/* Turns those bits `offset` bytes after each place where `text` stands in data.mdb. */
static unsigned damage(const struct fixture *fixture, const char *text, size_t offset, uint8_t bits)
{
    char path[PATH_MAX];
    path_in(fixture, "data.mdb", path);
    int fd = open(path, O_RDWR);
    assert_true(fd >= 0);
    static uint8_t content[1 << 20];
    ssize_t size = pread(fd, content, sizeof(content), 0);
    assert_true(size > 0 && (size_t)size < sizeof(content));
    size_t length = strlen(text);
    unsigned count = 0;
    for (size_t i = 0; i + length + offset < (size_t)size; i++) {
        if (memcmp(content + i, text, length) == 0) {
            uint8_t flipped = content[i + offset] ^ bits;
            assert_int_equal(pwrite(fd, &flipped, 1, (off_t)(i + offset)), 1);
            count++;
        }
    }
    (void)close(fd);
    return count;
}

static void assert_damage_is_found(struct fixture *fixture, const char *text, size_t offset)
{
    fixture_open_lmdb(fixture);
    commit_row(fixture, TABLE_META, "first", "this value is left alone");
    commit_row(fixture, TABLE_META, "second", "that value is damaged");
    fixture_close(fixture);
    assert_true(damage(fixture, text, offset, 0x10) > 0);
    fixture_open_lmdb(fixture);
    struct store_snapshot *snapshot = snapshot_open(fixture);
    struct bytes key;
    struct bytes value;
    assert_row_in(fixture, snapshot, TABLE_META, "first", "this value is left alone");
    assert_int_equal(fixture->ops->snapshot_seek(snapshot, TABLE_META, BYTES_LITERAL("g"), true, 0,
                                                 &key, &value),
                     LB_STORAGE_CORRUPT);
    fixture->ops->snapshot_close(snapshot);
}

static void a_damaged_value_is_found_when_it_is_read(void **state)
{
    assert_damage_is_found(*state, "that value is damaged", 3);
}

static void a_damaged_checksum_is_found_when_it_is_read(void **state)
{
    assert_damage_is_found(*state, "that value is damaged", strlen("that value is damaged") + 2);
}

static void a_damaged_key_is_found_when_it_is_read(void **state)
{
    assert_damage_is_found(*state, "second", 5);
}

/* LMDB keeps flags of each table behind its name, and with others would look for keys in another
 * order, for ever in some. */
static void a_table_with_damaged_flags_is_refused(void **state)
{
    struct fixture *fixture = *state;
    const size_t offset_of_flags = strlen("meta") + sizeof(uint32_t);
    fixture_open_lmdb(fixture);
    commit_row(fixture, TABLE_META, "first", "a value");
    fixture_close(fixture);
    for (unsigned bit = 1; bit < 7; bit++) {
        assert_true(damage(fixture, "meta", offset_of_flags, (uint8_t)(1u << bit)) > 0);
        fixture->lmdb.mode = STORE_LMDB_SERVER;
        assert_int_equal(try_open(&fixture->lmdb), LB_STORAGE_CORRUPT);
        fixture->lmdb.mode = STORE_LMDB_READ_ONLY;
        assert_int_equal(try_open(&fixture->lmdb), LB_STORAGE_CORRUPT);
        assert_true(damage(fixture, "meta", offset_of_flags, (uint8_t)(1u << bit)) > 0);
    }
    assert_int_equal(try_open(&fixture->lmdb), LB_OK);
}

/* Cuts data.mdb to so many bytes, counted from its end if negative; gives its size before. */
static off_t cut_short(struct fixture *fixture, off_t bytes)
{
    static uint8_t large[1 << 20];
    char path[PATH_MAX];
    struct stat about;
    fixture_open_lmdb(fixture);
    struct store_group *group = begin(fixture);
    assert_int_equal(fixture->ops->group_put(group, TABLE_TILE, BYTES_LITERAL("large"),
                                             bytes_of(large, sizeof(large))),
                     LB_OK);
    commit(fixture, group);
    fixture_close(fixture);
    path_in(fixture, "data.mdb", path);
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(truncate(path, bytes < 0 ? about.st_size + bytes : bytes), 0);
    return about.st_size;
}

static void a_file_cut_short_is_refused_and_not_read_past_its_end(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = NULL;
    (void)cut_short(fixture, 3 * 4096);
    assert_int_equal(store_lmdb_open(&fixture->lmdb, &store), LB_STORAGE_CORRUPT);
    fixture->lmdb.mode = STORE_LMDB_READ_ONLY;
    assert_int_equal(store_lmdb_open(&fixture->lmdb, &store), LB_STORAGE_CORRUPT);
}

static void a_few_pages_that_lmdb_never_wrote_are_added_to_the_file(void **state)
{
    struct fixture *fixture = *state;
    off_t size = cut_short(fixture, -4096);
    struct store *store = NULL;
    enum lb_result result = store_lmdb_open(&fixture->lmdb, &store); /* it may miss that page */
    assert_true(result == LB_OK || result == LB_STORAGE_CORRUPT);
    if (result == LB_OK) {
        fixture_use(fixture, store);
    }
    char path[PATH_MAX];
    struct stat about;
    path_in(fixture, "data.mdb", path);
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_size, size);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        ON_DIRECTORY(what_was_committed_is_there_after_closing_and_opening),
        ON_DIRECTORY(a_missing_directory_is_made_for_its_owner_only),
        ON_DIRECTORY(a_directory_is_read_without_permission_to_write),
        ON_DIRECTORY(two_readers_share_a_directory_and_keep_a_server_out),
        ON_DIRECTORY(a_copy_without_its_lock_is_read),
        ON_DIRECTORY(a_scratch_store_leaves_no_name_behind),
        ON_DIRECTORY(stats_tell_the_map_and_what_is_used_of_it),
        ON_DIRECTORY(one_snapshot_more_than_there_are_slots_must_wait),
        ON_DIRECTORY(a_second_server_is_refused),
        ON_DIRECTORY(a_server_in_another_process_is_refused),
        ON_DIRECTORY(network_file_systems_are_known_by_their_numbers),
        ON_DIRECTORY(a_directory_that_cannot_be_made_is_a_fault),
        ON_DIRECTORY(a_newer_format_is_refused_whatever_else_it_holds),
        ON_DIRECTORY(a_header_that_does_not_match_its_checksum_is_refused),
        ON_DIRECTORY(data_of_another_program_is_refused),
        ON_DIRECTORY(a_damaged_value_is_found_when_it_is_read),
        ON_DIRECTORY(a_damaged_checksum_is_found_when_it_is_read),
        ON_DIRECTORY(a_damaged_key_is_found_when_it_is_read),
        ON_DIRECTORY(a_table_with_damaged_flags_is_refused),
        ON_DIRECTORY(a_file_cut_short_is_refused_and_not_read_past_its_end),
        ON_DIRECTORY(a_few_pages_that_lmdb_never_wrote_are_added_to_the_file),
    };
    return cmocka_run_group_tests_name("store, LMDB", tests, NULL, NULL);
}
