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
/* Done by cli_say and cli_complain before they print; nothing when there is no bar. */
void progress_clear(struct cli *cli);

#endif
