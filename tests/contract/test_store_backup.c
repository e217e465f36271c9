/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* Hot copies of a journaled store: what they hold, what they leave, what they refuse. */
#include "fixture.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/file.h>
#include <sys/stat.h>

#define LOAD_BACKUPS    12
#define LOAD_ROWS_LEAST 40 /* committed by the time the last copy is made */

/* A path beside the data: the fixture's directory is the book, so a copy goes below it. */
static const char *path_in(const struct fixture *fixture, const char *name)
{
    static char paths[8][PATH_MAX];
    static unsigned next;
    char *path = paths[next++ % 8];
    int size = snprintf(path, PATH_MAX, "%s/%s", fixture->directory, name);
    assert_true(size > 0 && size < PATH_MAX);
    return path;
}

static enum lb_result backup_to(struct fixture *fixture, const char *path)
{
    const struct store_backup backup = {.directory = path};
    return fixture->ops->backup(fixture->store, &backup);
}

static bool exists(const char *path)
{
    return access(path, F_OK) == 0;
}

static void write_file(const char *directory, const char *name)
{
    char path[PATH_MAX];
    int size = snprintf(path, sizeof(path), "%s/%s", directory, name);
    assert_true(size > 0 && (size_t)size < sizeof(path));
    int fd = open(path, O_WRONLY | O_CREAT, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "?", 1), 1);
    close(fd);
}

static struct fixture open_copy(struct fixture *fixture, const char *path,
                                enum store_lmdb_mode mode)
{
    struct fixture copy = *fixture;
    struct store_journaled_options options = fixture_journaled_options(fixture);
    options.lmdb.directory = path;
    options.lmdb.mode = mode;
    struct store *store = NULL;
    assert_int_equal(store_journaled_open(&options, &store), LB_OK);
    fixture_use(&copy, store);
    return copy;
}

/* ---- accepts ---- */

static void a_copy_holds_what_was_committed_and_serves(void **state)
{
    struct fixture *fixture = *state;
    commit_row(fixture, TABLE_META, "before", "1");
    const char *path = path_in(fixture, "copy");
    mode_t old = umask(0);
    assert_int_equal(backup_to(fixture, path), LB_OK);
    (void)umask(old);
    commit_row(fixture, TABLE_META, "after", "2");
    struct stat about;
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0700);
    assert_int_equal(stat(path_in(fixture, "copy/data.mdb"), &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    struct fixture copy = open_copy(fixture, path, STORE_LMDB_READ_ONLY);
    assert_row(&copy, TABLE_META, "before", "1");
    assert_row(&copy, TABLE_META, "after", NULL);
    fixture_close(&copy);
    copy = open_copy(fixture, path, STORE_LMDB_SERVER);
    commit_row(&copy, TABLE_META, "restored", "3");
    assert_row(&copy, TABLE_META, "restored", "3");
    fixture_close(&copy);
    assert_row(fixture, TABLE_META, "after", "2");
    assert_row(fixture, TABLE_META, "restored", NULL);
}

struct seen {
    const char *copy;
    enum lb_result answer;
    struct fixture *fixture;
    unsigned calls;
};

static enum lb_result look(void *context, const char *copy)
{
    struct seen *seen = context;
    seen->calls++;
    struct fixture opened = open_copy(seen->fixture, copy, STORE_LMDB_READ_ONLY);
    assert_row(&opened, TABLE_META, "key", "value");
    fixture_close(&opened);
    return seen->answer;
}

static enum lb_result backup_looked_at(struct fixture *fixture, const char *path,
                                       enum lb_result answer)
{
    struct seen seen = {.answer = answer, .fixture = fixture};
    const struct store_backup backup = {path, look, &seen};
    enum lb_result result = fixture->ops->backup(fixture->store, &backup);
    assert_int_equal(seen.calls, 1);
    return result;
}

static void a_copy_gets_its_name_when_it_was_looked_at(void **state)
{
    struct fixture *fixture = *state;
    commit_row(fixture, TABLE_META, "key", "value");
    const char *path = path_in(fixture, "copy");
    assert_int_equal(backup_looked_at(fixture, path, LB_SHUTTING_DOWN), LB_SHUTTING_DOWN);
    assert_false(exists(path));
    assert_false(exists(path_in(fixture, "copy.partial")));
    assert_int_equal(backup_looked_at(fixture, path, LB_STORAGE_CORRUPT), LB_STORAGE_CORRUPT);
    assert_false(exists(path));
    assert_true(exists(path_in(fixture, "copy.damaged/data.mdb")));
    assert_int_equal(backup_looked_at(fixture, path, LB_STORAGE_CORRUPT), LB_STORAGE_CORRUPT);
    assert_false(exists(path_in(fixture, "copy.partial"))); /* the first damaged one stays */
    assert_int_equal(backup_looked_at(fixture, path, LB_OK), LB_OK);
    assert_true(exists(path));
}

static void what_a_killed_backup_left_is_removed(void **state)
{
    struct fixture *fixture = *state;
    const char *partial = path_in(fixture, "copy.partial");
    assert_int_equal(mkdir(partial, 0700), 0);
    write_file(partial, "data.mdb");
    write_file(partial, "journal-000001");
    write_file(partial, "LOCK");
    assert_int_equal(backup_to(fixture, path_in(fixture, "copy")), LB_OK);
    assert_false(exists(partial));
}

struct load {
    struct fixture *fixture;
    atomic_bool is_over;
    atomic_uint acknowledged; /* all rows below it */
};

static void load_row(unsigned row, char key[16])
{
    (void)snprintf(key, 16, "row-%08u", row);
}

/* Rows in order, each a group, so that a copy must hold the first so many and no others. */
static void *load_main(void *context)
{
    struct load *load = context;
    static char value[3000];
    memset(value, 'v', sizeof(value) - 1);
    for (unsigned row = 0; !atomic_load(&load->is_over) || row < LOAD_ROWS_LEAST; row++) {
        char key[16];
        load_row(row, key);
        commit_row(load->fixture, TABLE_META, key, value);
        atomic_store(&load->acknowledged, row + 1);
    }
    return NULL;
}

static void assert_prefix(struct fixture *copy, unsigned least)
{
    struct store_snapshot *snapshot = snapshot_open(copy);
    struct bytes value;
    unsigned count = 0;
    unsigned above = 0;
    char key[16];
    enum lb_result result = LB_OK;
    while (result == LB_OK) {
        load_row(count, key);
        result = copy->ops->snapshot_get(snapshot, TABLE_META, bytes_of_text(key), &value);
        count += result == LB_OK;
    }
    for (unsigned row = count; row < count + 100; row++) {
        load_row(row, key);
        above += copy->ops->snapshot_get(snapshot, TABLE_META, bytes_of_text(key), &value) == LB_OK;
    }
    copy->ops->snapshot_close(snapshot);
    assert_int_equal(result, LB_ENTRY_UNKNOWN);
    assert_true(count >= least);
    assert_int_equal(above, 0);
}

static void copies_under_load_are_prefixes(void **state)
{
    struct fixture *fixture = *state;
    struct load load = {.fixture = fixture};
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, load_main, &load), 0);
    for (unsigned i = 0; i < LOAD_BACKUPS; i++) {
        char name[32];
        (void)snprintf(name, sizeof(name), "copy-%u", i);
        const char *path = path_in(fixture, name);
        unsigned least = atomic_load(&load.acknowledged);
        assert_int_equal(backup_to(fixture, path), LB_OK);
        struct fixture copy = open_copy(fixture, path, STORE_LMDB_READ_ONLY);
        assert_prefix(&copy, least);
        fixture_close(&copy);
    }
    atomic_store(&load.is_over, true);
    assert_int_equal(pthread_join(thread, NULL), 0);
}

/* A map of 64 KiB at first doubles again and again while copies are made. */
static void copies_give_way_to_a_map_that_grows(void **state)
{
    struct fixture *fixture = *state;
    fixture->lmdb.map_bytes = 1;
    fixture_open_journaled(fixture);
    copies_under_load_are_prefixes(state);
}

/* ---- rejects ---- */

static void what_is_there_is_left_alone(void **state)
{
    struct fixture *fixture = *state;
    const char *path = path_in(fixture, "copy");
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(backup_to(fixture, path), LB_ALREADY_EXISTS);
    assert_false(exists(path_in(fixture, "copy.partial")));
    assert_int_equal(rmdir(path), 0);
    const char *partial = path_in(fixture, "copy.partial");
    assert_int_equal(mkdir(partial, 0700), 0);
    write_file(partial, "letter.txt");
    assert_int_equal(backup_to(fixture, path), LB_ALREADY_EXISTS);
    assert_true(exists(path_in(fixture, "copy.partial/letter.txt")));
    assert_int_equal(unlink(path_in(fixture, "copy.partial/letter.txt")), 0);
    assert_int_equal(rmdir(partial), 0);
    write_file(fixture->directory, "copy.partial"); /* no directory */
    assert_int_equal(backup_to(fixture, path), LB_ALREADY_EXISTS);
    assert_true(exists(partial));
}

static void a_copy_that_somebody_is_making_or_using_is_left_alone(void **state)
{
    struct fixture *fixture = *state;
    const char *path = path_in(fixture, "copy");
    const char *partial = path_in(fixture, "copy.partial");
    assert_int_equal(mkdir(partial, 0700), 0);
    write_file(partial, "LOCK");
    int fd = open(partial, O_RDONLY | O_DIRECTORY);
    assert_true(fd >= 0);
    assert_int_equal(flock(fd, LOCK_EX), 0);
    assert_int_equal(backup_to(fixture, path), LB_TRY_LATER);
    close(fd);
    fd = open(path_in(fixture, "copy.partial/LOCK"), O_RDONLY);
    assert_true(fd >= 0);
    assert_int_equal(flock(fd, LOCK_SH), 0);
    assert_int_equal(backup_to(fixture, path), LB_ALREADY_EXISTS);
    assert_true(exists(path_in(fixture, "copy.partial/LOCK")));
    close(fd);
    assert_int_equal(backup_to(fixture, path), LB_OK);
}

/* ---- faults ---- */

static void a_place_that_is_not_there_is_told(void **state)
{
    struct fixture *fixture = *state;
    commit_row(fixture, TABLE_META, "key", "value");
    assert_int_equal(backup_to(fixture, path_in(fixture, "no/copy")), LB_STORAGE_FAULT);
    commit_row(fixture, TABLE_META, "key", "still writes");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_JOURNALED(a_copy_holds_what_was_committed_and_serves),
        ON_JOURNALED(a_copy_gets_its_name_when_it_was_looked_at),
        ON_JOURNALED(what_a_killed_backup_left_is_removed),
        ON_JOURNALED(copies_under_load_are_prefixes),
        ON_DIRECTORY(copies_give_way_to_a_map_that_grows),
        ON_JOURNALED(what_is_there_is_left_alone),
        ON_JOURNALED(a_copy_that_somebody_is_making_or_using_is_left_alone),
        ON_JOURNALED(a_place_that_is_not_there_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
