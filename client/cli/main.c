/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The program `lovebank`; everything is in lb_cli.
 */
#include "command.h"

#include <fcntl.h>
#include <signal.h>

/* Of standard input, output and error, those the caller closed are opened so that using them fails:
 * else the socket to the server would get such a number, and output would go to the server. */
static void keep_standard_files(void)
{
    for (int fd = 0; fd <= 2; fd++) {
        if (fcntl(fd, F_GETFD) < 0) {
            (void)open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY);
        }
    }
}

int main(int argc, char **argv)
{
    keep_standard_files();
    /* A reader of the output that leaves must not stop a sheet half way. */
    (void)signal(SIGPIPE, SIG_IGN);
    return (int)cli_main(argc, argv);
}
