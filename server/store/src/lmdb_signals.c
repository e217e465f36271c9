/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * LMDB trusts its file: a page that a disk has damaged leads it to addresses that are not there, or
 * through its own memory. Nothing can go on then; but somebody is to know why. Called once, before
 * threads are started.
 */
#include "store/lmdb.h"

#include <signal.h>
#include <stddef.h>
#include <unistd.h>

static const char explanation[] =
    "程序因致命信号终止。若上面没有其他原因，多半是数据目录里的 data.mdb 已经损坏："
    "先把整个数据目录复制一份，再用 lovebankd verify 检查，有损坏就用备份恢复。\n"
    "Ended by a fatal signal. If no other reason stands above, data.mdb in the data directory is "
    "most likely damaged: first copy the whole data directory, then check it with lovebankd "
    "verify, and restore a backup if it is.\n";

/* The signal's own action is back: it comes again, and ends the process as it would have. */
static void explain(int number)
{
    ssize_t written = write(STDERR_FILENO, explanation, sizeof(explanation) - 1);
    (void)written;
    (void)raise(number);
}

void store_lmdb_explain_signals(void)
{
    static const int numbers[] = {SIGSEGV, SIGBUS, SIGABRT};
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        struct sigaction action = {.sa_handler = explain, .sa_flags = (int)SA_RESETHAND};
        struct sigaction before;
        if (sigaction(numbers[i], NULL, &before) == 0 && before.sa_handler == SIG_DFL) {
            (void)sigaction(numbers[i], &action, NULL); /* a sanitizer keeps its own */
        }
    }
}
