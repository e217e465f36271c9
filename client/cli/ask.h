/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Whether what was previewed is to be written: asked on a terminal, else said with --yes. One
 * thread.
 */
#ifndef CLI_ASK_H
#define CLI_ASK_H

#include "cli.h"

/* false: not, which was told, and *exit is what the command ends with. */
LB_MUST_CHECK bool ask_is_agreed(struct cli *cli, bool is_sure, struct cli_text question,
                                 enum cli_exit *exit);

#endif
