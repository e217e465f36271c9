/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A backup that the server makes, for commands that need one. One thread.
 */
#ifndef CLI_COMMANDS_BACKUP_H
#define CLI_COMMANDS_BACKUP_H

#include "cli.h"

/* The path as seen from the root, where the server is the same machine. NULL: told. */
const char *backup_absolute(struct cli *cli, const char *directory);

struct backup_wish {
    const char *directory; /* absolute */
    bool is_unverified;
    bool is_silent; /* only what goes wrong is told */
};

/* Has it made and waits for its end. Not CLI_DONE: told. */
enum cli_exit backup_make(struct cli *cli, const struct backup_wish *wish);

#endif
