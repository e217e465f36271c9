/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Syncs of the LMDB adapter that fail: whatever the kernel says, the outcome is UNKNOWN, and the
 * store answers nothing until it is opened again. LMDB's calls of fdatasync come here: the
 * executable's symbol goes before the C library's.
 */
#include "fixture.h"

#include <errno.h>
#include <sys/syscall.h>

static int sync_error; /* 0: syncs go through */

int fdatasync(int fd)
{
    if (sync_error != 0) {
        errno = sync_error;
        return -1;
    }
    return (int)syscall(SYS_fdatasync, fd);
}

static void assert_failed_sync_is_unknown(struct fixture *fixture, int error)
{
    fixture_open_lmdb(fixture);
    commit_row(fixture, TABLE_META, "key", "before");
    struct store_group *group = begin(fixture);
    put(fixture, group, TABLE_META, "key", "after");
    struct ending ending = {0};
    sync_error = error;
    fixture->ops->group_commit(group, note_ending, &ending);
    sync_error = 0;
    assert_int_equal(ending.calls, 1);
    assert_int_equal(ending.outcome, STORE_UNKNOWN);
    assert_int_equal(ending.why, LB_STORAGE_FAULT);
    assert_int_equal(fixture->ops->group_begin(fixture->store, &group), LB_STORAGE_FAULT);
    fixture_close(fixture);
    fixture_open_lmdb(fixture); /* and looks: here the group is not there */
    assert_row(fixture, TABLE_META, "key", "before");
    commit_row(fixture, TABLE_META, "key", "after");
}

static void a_sync_that_fails_is_unknown(void **state)
{
    assert_failed_sync_is_unknown(*state, EIO);
}

/* A volume that has less than it promised: the file system has space, the blocks below it do not.
 */
static void a_sync_without_space_is_unknown_as_long_as_the_file_system_has_some(void **state)
{
    assert_failed_sync_is_unknown(*state, ENOSPC);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        ON_DIRECTORY(a_sync_that_fails_is_unknown),
        ON_DIRECTORY(a_sync_without_space_is_unknown_as_long_as_the_file_system_has_some),
    };
    return cmocka_run_group_tests_name("store, sync", tests, NULL, NULL);
}
