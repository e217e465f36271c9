/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * `lovebank record` without a server: what it would have sent is kept in the spool, with its id,
 * its day and who typed it. One thread.
 */
#ifndef CLI_RECORD_OFFLINE_H
#define CLI_RECORD_OFFLINE_H

#include "command.h"

#include "lovebank/v1/commands.pb-c.h"

/* What the arguments ask for, without an id; is_day_fixed: with its day even if none was given.
 * NULL: told. */
Lovebank__V1__Command *record_command(struct cli *cli, const struct cli_arguments *arguments,
                                      bool is_day_fixed, enum cli_exit *exit);

/* Keeps `sent`, which has its id, for it may have reached the server; or, when it is NULL, what
 * the arguments ask for. CLI_TRY_LATER: it is kept, or it cannot be, which was told. */
enum cli_exit record_offline(struct cli *cli, const struct cli_arguments *arguments,
                             Lovebank__V1__Command *sent);

#endif
