/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What the process is to the system while it serves: its memory, what others may see of it, its
 * signals. The main thread, before it starts others.
 */
#ifndef APP_PROCESS_H
#define APP_PROCESS_H

#include <pthread.h>
#include <stdbool.h>

/* Few arenas of malloc, and freed memory goes back: the server stays small beside its map. */
void process_limit_memory(void);

/* Keys and what is being typed belong in no core dump, and other processes of the same user may not
 * look. */
void process_keep_to_itself(bool is_kept);

/* The loop's signals are this thread's alone, and wait until all is open. Before and after
 * libevent's time they are ignored: another one does not end what is being closed. */
void process_hold_signals(bool is_held);

/* While signals are held: one that asks the process to end is told by an eventfd, to what is being
 * opened and may take long. The signal itself goes on waiting. */
struct process_watch {
    pthread_t thread;
    int signals_fd;
    int over_fd;
    int told_fd; /* -1: there were no descriptors or no memory, and nothing is watched */
    bool was_asked;
};

void process_watch_begin(struct process_watch *watch);
/* true: the process was asked to end. */
bool process_watch_end(struct process_watch *watch);

#endif
