/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What the tests of the command line share: a struct cli that complains into a file, without a
 * server, and a folder of its own. One thread.
 */
#ifndef TESTS_CLI_FOR_TESTS_H
#define TESTS_CLI_FOR_TESTS_H

#include "cli.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define FOLDER_BYTES 32

/* In English. cli->err can be read from. */
static inline void cli_for_tests_init(struct cli *cli)
{
    cli_init(cli, false);
    cli->err = tmpfile();
    assert_non_null(cli->err);
    cli->address = "unix:/nowhere";
}

static inline void cli_for_tests_fini(struct cli *cli)
{
    FILE *err = cli->err;
    cli_fini(cli);
    (void)fclose(err);
}

/* Of tests whose state is such a cli. */
static inline int cli_set_up(void **state)
{
    struct cli *cli = calloc(1, sizeof(*cli));
    assert_non_null(cli);
    cli_for_tests_init(cli);
    *state = cli;
    return 0;
}

static inline int cli_tear_down(void **state)
{
    cli_for_tests_fini(*state);
    free(*state);
    return 0;
}

/* A new one, the caller's to remove. */
static inline void folder_for_tests(char folder[FOLDER_BYTES])
{
    (void)snprintf(folder, FOLDER_BYTES, "/tmp/lovebank-test-XXXXXX");
    assert_non_null(mkdtemp(folder));
}

#endif
