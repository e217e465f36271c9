/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What the crash programs share: a place for directories, children that may die, and the seed.
 * One thread: children are forked from it.
 */
#ifndef TESTS_CRASH_HARNESS_H
#define TESTS_CRASH_HARNESS_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#define HARNESS_OUTPUT_BYTES 4096

/* Directories in memory where there is room (/dev/shm), else in $TMPDIR or /tmp. */
struct harness {
    char root[PATH_MAX];
    char key_path[PATH_MAX];
    char book[PATH_MAX];  /* not made */
    char image[PATH_MAX]; /* 〃 */
    char spare[PATH_MAX]; /* 〃 */
};

/* Ends the program when there is no place. */
void harness_begin(struct harness *harness);
/* Removes everything, unless something failed and somebody may want to look: then says where. */
void harness_end(struct harness *harness, bool has_failed);

void harness_make_directory(const char *path);
/* With the files in it. Nothing if it is not there. */
void harness_remove_directory(const char *path);
void harness_copy_directory(const char *from, const char *to);
void harness_move_directory(const char *from, const char *to);

/* How a child ended, and what it wrote to stderr. */
struct harness_child {
    int status; /* as of waitpid */
    char output[HARNESS_OUTPUT_BYTES];
};
/* Runs `act` in a child; its result is the exit status. SIGALRM ends it after that time. */
struct harness_child harness_run(int (*act)(void *context), void *context, unsigned timeout_s);
/* "exit status 1", "signal 11" and the output, for a message. */
void harness_print_child(const struct harness_child *child);

#endif
