/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The process to the system. Threading: see process.h.
 */
#include "app/process.h"

#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>

void process_limit_memory(void)
{
    (void)mallopt(M_ARENA_MAX, 2);
    (void)mallopt(M_TRIM_THRESHOLD, 1 << 20);
    (void)mallopt(M_MMAP_THRESHOLD, 1 << 18);
}

void process_keep_to_itself(bool is_kept)
{
    (void)prctl(PR_SET_DUMPABLE, is_kept ? 0 : 1, 0, 0, 0);
}

void process_hold_signals(bool is_held)
{
    static const int numbers[] = {SIGTERM, SIGINT, SIGHUP};
    sigset_t set;
    (void)sigemptyset(&set);
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        (void)sigaddset(&set, numbers[i]);
    }
    (void)pthread_sigmask(is_held ? SIG_BLOCK : SIG_UNBLOCK, &set, NULL);
    for (size_t i = 0; is_held && i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        (void)signal(numbers[i], SIG_IGN);
    }
}
