/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Tests of base/assert.h: a true condition costs nothing, a false one ends the process and says
 * where.
 */
#include "base/assert.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* In a child, whose stderr is the pipe's end and which leaves no core file behind. */
static void fail_an_assertion(int stderr_fd)
{
    const struct rlimit no_core = {0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    signal(SIGABRT, SIG_DFL);
    dup2(stderr_fd, STDERR_FILENO);
    LB_ASSERT(1 + 1 == 3);
    _exit(0);
}

/* accepts */

static void true_condition_goes_on(void **state)
{
    (void)state;
    int evaluated = 0;
    LB_ASSERT(++evaluated == 1);
    assert_int_equal(evaluated, 1);
}

/* rejects */

static void false_condition_aborts_and_names_file_and_condition(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        fail_an_assertion(ends[1]);
    }
    close(ends[1]);
    char said[512] = {0};
    assert_true(read(ends[0], said, sizeof(said) - 1) > 0);
    close(ends[0]);
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGABRT);
    assert_non_null(strstr(said, "test_assert.c:"));
    assert_non_null(strstr(said, "1 + 1 == 3"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(true_condition_goes_on),
        cmocka_unit_test(false_condition_aborts_and_names_file_and_condition),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
