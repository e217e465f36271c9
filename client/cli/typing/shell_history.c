/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The history's file. One thread.
 */
#include "shell_history.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Its folder, made if need be; NULL: there is none. */
static const char *shell_history_folder(struct cli *cli)
{
    const char *state = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");
    if (state == NULL || state[0] != '/') {
        if (home == NULL || home[0] != '/') {
            return NULL;
        }
        state = cli_format(cli, "%s/.local/state", home);
    }
    char *folder = cli_copy(cli, cli_format(cli, "%s/lovebank", state));
    for (char *at = strchr(folder + 1, '/'); at != NULL; at = strchr(at + 1, '/')) {
        *at = '\0';
        (void)mkdir(folder, 0700);
        *at = '/';
    }
    return mkdir(folder, 0700) == 0 || errno == EEXIST ? folder : NULL;
}

static FILE *shell_history_file(struct cli *cli)
{
    const char *folder = shell_history_folder(cli);
    if (folder == NULL) {
        return NULL;
    }
    const char *path = cli_format(cli, "%s/history", folder);
    const int fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600);
    FILE *file = fd < 0 || fchmod(fd, 0600) != 0 ? NULL : fdopen(fd, "a+");
    if (file == NULL && fd >= 0) {
        (void)close(fd);
    }
    return file;
}

/* The newest lines in the order of the file; in memory of the arena. */
static size_t shell_history_read(struct cli *cli, FILE *file, const char **lines, size_t *total)
{
    char *line = NULL;
    size_t room = 0;
    *total = 0;
    rewind(file);
    while (getline(&line, &room, file) > 0) {
        line[strcspn(line, "\r\n")] = '\0';
        lines[(*total)++ % SHELL_HISTORY_LINES_MAX] = cli_copy(cli, line);
    }
    free(line);
    return *total < SHELL_HISTORY_LINES_MAX ? *total : SHELL_HISTORY_LINES_MAX;
}

void shell_history_open(struct shell_history *history, struct cli *cli, struct editor *editor)
{
    const char *lines[SHELL_HISTORY_LINES_MAX];
    size_t total = 0;
    history->file = shell_history_file(cli);
    if (history->file == NULL) {
        return;
    }
    const size_t count = shell_history_read(cli, history->file, lines, &total);
    const bool is_too_long = total > count && ftruncate(fileno(history->file), 0) == 0;
    for (size_t i = total - count; i < total; i++) {
        const char *line = lines[i % SHELL_HISTORY_LINES_MAX];
        editor_remember(editor, line);
        if (is_too_long) {
            shell_history_add(history, line);
        }
    }
}

void shell_history_add(struct shell_history *history, const char *line)
{
    if (history->file != NULL) {
        (void)fprintf(history->file, "%s\n", line);
        (void)fflush(history->file); /* at once: a session may end by losing its terminal */
    }
}

void shell_history_close(struct shell_history *history)
{
    if (history->file != NULL) {
        (void)fclose(history->file);
    }
    history->file = NULL;
}
