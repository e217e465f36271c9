/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Asking on the terminal for what the command line left out. Nothing is asked of a script. One
 * thread.
 */
#ifndef CLI_PROMPT_H
#define CLI_PROMPT_H

#include "command.h"

/* Asks for the values that the command needs and were not given, if a person sits there; else does
 * nothing. Anything but CLI_DONE: the command is off, which was told. */
enum cli_exit prompt_for_missing(struct cli *cli, struct cli_arguments *arguments);

#endif
