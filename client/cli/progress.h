/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A bar on standard error for work that takes a while. On a terminal only, never with --json.
 * One thread.
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "cli.h"

void progress_show(struct cli *cli, uint64_t done, uint64_t total);
/* Before anything else is printed, and at the end. */
void progress_clear(struct cli *cli);

#endif
