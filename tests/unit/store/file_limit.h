/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A disk without space, as the kernel makes one of a limit on the size of files. It is of the whole
 * process: one test at a time.
 */
#ifndef TESTS_UNIT_STORE_FILE_LIMIT_H
#define TESTS_UNIT_STORE_FILE_LIMIT_H

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>

#include <cmocka.h>

/* Until the next call; RLIM_INFINITY: there is space again. */
static inline void set_file_bytes_max(rlim_t bytes)
{
    struct rlimit limit;
    assert_true(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

#endif
