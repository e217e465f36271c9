/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The bar, and the terminal's line it takes. One thread.
 */
#include "progress.h"

#include <inttypes.h>
#include <unistd.h>

#define PROGRESS_CELLS 40

static bool progress_is_wanted(const struct cli *cli)
{
    return !cli->is_json && isatty(fileno(cli->err)) == 1;
}

void progress_show(struct cli *cli, uint64_t done, uint64_t total)
{
    if (total == 0 || done > total || !progress_is_wanted(cli)) {
        return;
    }
    char bar[PROGRESS_CELLS + 1];
    for (unsigned i = 0; i < PROGRESS_CELLS; i++) {
        bar[i] = i < done * PROGRESS_CELLS / total ? '#' : '-';
    }
    bar[PROGRESS_CELLS] = '\0';
    (void)fprintf(cli->err, "\r[%s] %" PRIu64 "/%" PRIu64, bar, done, total);
    (void)fflush(cli->err);
    cli->has_bar = true;
}

void progress_clear(struct cli *cli)
{
    if (cli->has_bar) {
        cli->has_bar = false;
        (void)fprintf(cli->err, "\r\033[K");
        (void)fflush(cli->err);
    }
}
