/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* A PostgreSQL of the test's own (tests/postgres/cluster.sh), which ends with the test, however
 * that ends. */
#ifndef TESTS_UNIT_POSTGRES_CLUSTER_H
#define TESTS_UNIT_POSTGRES_CLUSTER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

struct cluster {
    pid_t process;
    int input; /* its; it lives until this is closed */
    char url[512];
};

/* option: of cluster.sh; NULL: none. */
static inline void cluster_start(struct cluster *cluster, const char *option)
{
    int to[2];
    int from[2];
    assert_int_equal(pipe(to), 0);
    assert_int_equal(pipe(from), 0);
    cluster->process = fork();
    assert_true(cluster->process >= 0);
    if (cluster->process == 0) {
        (void)dup2(to[0], STDIN_FILENO);
        (void)dup2(from[1], STDOUT_FILENO);
        for (int fd = STDERR_FILENO + 1; fd < 64; fd++) {
            (void)close(fd);
        }
        execl("/bin/bash", "bash", LB_SOURCE_DIR "/tests/postgres/cluster.sh", option,
              (char *)NULL);
        _exit(127);
    }
    (void)close(to[0]);
    (void)close(from[1]);
    cluster->input = to[1];
    FILE *output = fdopen(from[0], "r");
    assert_non_null(output);
    bool is_there = fgets(cluster->url, sizeof(cluster->url), output) != NULL;
    (void)fclose(output);
    assert_true(is_there);
    cluster->url[strcspn(cluster->url, "\n")] = '\0';
}

static inline void cluster_stop(struct cluster *cluster)
{
    (void)close(cluster->input);
    int status = 0;
    assert_int_equal(waitpid(cluster->process, &status, 0), cluster->process);
}

#endif
