/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The named steps of the commit path, where the crash tests end the process. In a build with
 * LB_TEST_POINTS, LOVEBANK_KILL_AT="name:n" in the environment kills it with SIGKILL when it comes
 * to that step for the nth time (1: the first). In other builds a step is nothing at all.
 * Any thread.
 */
#ifndef BASE_TEST_POINT_H
#define BASE_TEST_POINT_H

/* X(name), in the order in which a group passes them, then a checkpoint, then a start. */
#define TEST_POINT_LIST(X)                                                                  \
    X(group_begun)     /* nothing decided */                                                \
    X(group_decided)   /* nothing handed to the store */                                    \
    X(journal_before)  /* nothing written */                                                \
    X(journal_written) /* not synced */                                                     \
    X(journal_synced)  /* durable; nobody knows */                                          \
    X(group_published) /* readers see it; nothing answered */                               \
    X(group_answered)                                                                       \
    X(segment_prepared)    /* a segment was zero-filled or cleaned for use */               \
    X(segment_begun)       /* the first record of a segment is synced */                    \
    X(idle_marked)         /* the idle marker is synced */                                  \
    X(checkpoint_begun)    /* rows are frozen, none written */                              \
    X(checkpoint_part)     /* a part of the rows is committed */                            \
    X(checkpoint_complete) /* all are, with the number that says so; no segment is freed */ \
    X(segment_freed)                                                                        \
    X(recovery_replayed) /* the tail is in memory, nothing written */                       \
    X(backup_copied)     /* the copy is not named yet */

#ifdef LB_TEST_POINTS
enum test_point {
#define X(name) TEST_POINT_##name,
    TEST_POINT_LIST(X)
#undef X
};
void test_point_reach(enum test_point point);
#define TEST_POINT(name) test_point_reach(TEST_POINT_##name)
#else
#define TEST_POINT(name) ((void)0)
#endif

#endif
