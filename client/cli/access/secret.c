/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Secrets from the terminal or from a pipe. One thread.
 */
#include "secret.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum secret_key { SECRET_MORE, SECRET_ENTER, SECRET_GIVEN_UP };

bool secret_is_typed(void)
{
    return isatty(STDIN_FILENO) == 1;
}

void secret_wipe(struct secret *secret)
{
    explicit_bzero(secret, sizeof(*secret));
}

/* Takes a whole character of UTF-8 off the end. */
static size_t secret_back(const char *text, size_t size)
{
    while (size > 0 && ((unsigned char)text[size - 1] & 0xc0) == 0x80) {
        size--;
    }
    return size > 0 ? size - 1 : 0;
}

static enum secret_key secret_press(struct secret *secret, size_t *size, char key)
{
    switch (key) {
    case '\r':
    case '\n':
        return SECRET_ENTER;
    case 'C' - '@':
    case 'D' - '@':
        return SECRET_GIVEN_UP;
    case 'U' - '@':
        *size = 0;
        break;
    case 'H' - '@':
    case 0x7f:
        *size = secret_back(secret->text, *size);
        break;
    default:
        if (*size + 1 < sizeof(secret->text) && (unsigned char)key >= ' ') {
            secret->text[(*size)++] = key;
        }
        break;
    }
    secret->text[*size] = '\0';
    return SECRET_MORE;
}

/* Key by key, so that Ctrl-C is one of them: no signal may leave the terminal without its echo. */
static bool secret_type(struct secret *secret)
{
    struct termios before;
    enum secret_key pressed = SECRET_MORE;
    size_t size = 0;
    if (tcgetattr(STDIN_FILENO, &before) != 0) {
        return false;
    }
    struct termios silent = before;
    silent.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ECHONL | ISIG);
    silent.c_cc[VMIN] = 1;
    silent.c_cc[VTIME] = 0;
    if (tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) != 0) {
        return false;
    }
    while (pressed == SECRET_MORE) {
        char key = '\0';
        const ssize_t got = read(STDIN_FILENO, &key, 1);
        if (got == 1) {
            pressed = secret_press(secret, &size, key);
        } else if (got == 0 || errno != EINTR) {
            pressed = SECRET_GIVEN_UP;
        }
    }
    (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    return pressed == SECRET_ENTER;
}

/* A line of standard input, which a script may have more of. */
static bool secret_take_line(struct secret *secret)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t size = getline(&line, &room, stdin);
    while (size > 0 && (line[size - 1] == '\n' || line[size - 1] == '\r')) {
        size--;
    }
    const bool is_taken =
        size > 0 && (size_t)size < sizeof(secret->text) && memchr(line, '\0', (size_t)size) == NULL;
    if (is_taken) {
        memcpy(secret->text, line, (size_t)size);
        secret->text[size] = '\0';
    }
    if (line != NULL) {
        explicit_bzero(line, room);
    }
    free(line);
    return is_taken;
}

bool secret_read(struct cli *cli, const char *question, struct secret *secret)
{
    *secret = (struct secret){0};
    bool is_read;
    if (secret_is_typed()) {
        (void)fflush(cli->out);
        (void)fprintf(cli->err, TEXT(cli, "%s：", "%s: "), question);
        (void)fflush(cli->err);
        is_read = secret_type(secret);
        (void)fputc('\n', cli->err);
    } else {
        is_read = secret_take_line(secret);
    }
    if (!is_read || secret->text[0] == '\0') {
        secret_wipe(secret);
        cli_complain(
            cli, TEXT(cli, "没有给出%s，什么都没有做。", "No answer to \"%s\": nothing was done."),
            question);
        return false;
    }
    return true;
}

bool secret_read_new(struct cli *cli, struct secret *secret)
{
    struct secret again;
    if (!secret_read(cli,
                     TEXT(cli, "新密码（至少 10 个字符）", "New password (10 characters or more)"),
                     secret)) {
        return false;
    }
    if (!secret_read(cli, TEXT(cli, "再输一次新密码", "New password once more"), &again)) {
        secret_wipe(secret);
        return false;
    }
    const bool is_same = strcmp(secret->text, again.text) == 0;
    secret_wipe(&again);
    if (!is_same) {
        secret_wipe(secret);
        cli_complain(cli, TEXT(cli, "两次输入的新密码不一样，什么都没有做。请重新来一次。",
                               "The two new passwords differ, so nothing was done; try again."));
    }
    return is_same;
}
