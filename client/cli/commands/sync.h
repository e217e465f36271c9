/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The parts of `lovebank sync`: rows of the spool in words, and their sending. One thread.
 */
#ifndef CLI_SYNC_H
#define CLI_SYNC_H

#include "seen.h"

#include "lovebank/v1/results.pb-c.h"

/* sync_row.c. Texts in memory of the arena. */

/* "2016-05-01 00000042 家政 3 小时" */
const char *sync_row_text(struct cli *cli, const struct spool_row *row);
/* "wangli"; of nobody, that there was no log-in. */
const char *sync_who_text(struct cli *cli, const struct spool_who *who);
/* What the row says, without an outcome. NULL: no memory. */
json_t *sync_row_json(struct cli *cli, const struct spool_row *row);
/* Working days from the day of service to `today`, if that is late; else 0. */
int64_t sync_row_late(const struct spool_row *row, int32_t today);
/* With --json: the row and its state, in one line. */
void sync_put_state(struct cli *cli, const struct spool_row *row, const char *state);
void sync_list_rows(struct cli *cli, const struct spool_row *rows, size_t count);

/* sync_send.c. Sends the rows of whoever is logged in, removes what is settled, tells the rest. */
enum cli_exit sync_send(struct spool *spool, struct spool_row *rows, size_t count);

#endif
