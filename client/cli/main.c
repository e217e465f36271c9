/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The program `lovebank`; everything is in lb_cli.
 */
#include "command.h"

#include <signal.h>

int main(int argc, char **argv)
{
    (void)signal(SIGPIPE,
                 SIG_IGN); /* `lovebank ... | head` ends with a write error, not silently */
    return (int)cli_main(argc, argv);
}
