/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The file of the lines typed in `lovebank shell`: $XDG_STATE_HOME/lovebank/history, for its owner
 * only. What may not be written there is decided elsewhere (complete_is_impersonal). Without a
 * place for it there is no file, and no complaint. One thread.
 */
#ifndef CLI_SHELL_HISTORY_H
#define CLI_SHELL_HISTORY_H

#include "editor.h"

#define SHELL_HISTORY_LINES_MAX 500

struct shell_history {
    FILE *file; /* NULL: none is kept */
};

/* Opens the file, gives its lines to the editor, and cuts it to the newest ones. */
void shell_history_open(struct shell_history *history, struct cli *cli, struct editor *editor);
void shell_history_add(struct shell_history *history, const char *line);
void shell_history_close(struct shell_history *history);

#endif
