/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The terminal by termios, poll and signalfd. One thread.
 */
#include "till_terminal.h"

#include "base/fd.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#define TERMINAL_ESC_MS     40 /* the bytes of a key come together */
#define TERMINAL_CLOCK_MS   10000
#define TERMINAL_BEGIN      "\x1b[?1049h\x1b[2J"
#define TERMINAL_RESTORE    "\x1b[0m\x1b[?1049l\x1b[?25h"
#define TERMINAL_TEXT_BYTES (SCREEN_ROWS * (SCREEN_ROW_BYTES + 16) + 64)

static void terminal_write(const char *text, size_t size)
{
    const bool is_written = fd_write_whole(STDOUT_FILENO, text, size);
    (void)is_written; /* hung up: the next wait tells */
}

bool terminal_open(struct terminal *terminal)
{
    sigset_t signals;
    *terminal = (struct terminal){.signals = -1};
    if (tcgetattr(STDIN_FILENO, &terminal->before) != 0) {
        return false;
    }
    (void)sigemptyset(&signals);
    (void)sigaddset(&signals, SIGINT);
    (void)sigaddset(&signals, SIGTERM);
    (void)sigaddset(&signals, SIGHUP);
    (void)sigaddset(&signals, SIGQUIT);
    (void)sigaddset(&signals, SIGWINCH);
    if (sigprocmask(SIG_BLOCK, &signals, &terminal->mask_before) != 0) {
        return false;
    }
    terminal->signals = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    struct termios raw = terminal->before;
    cfmakeraw(&raw);
    /* What was typed before was not meant for the till. */
    if (terminal->signals < 0 || tcsetattr(STDIN_FILENO, TCSAFLUSH, &raw) != 0) {
        const int problem = errno;
        if (terminal->signals >= 0) {
            (void)close(terminal->signals);
        }
        (void)sigprocmask(SIG_SETMASK, &terminal->mask_before, NULL);
        errno = problem;
        return false;
    }
    terminal_write(TERMINAL_BEGIN, strlen(TERMINAL_BEGIN));
    return true;
}

void terminal_close(struct terminal *terminal)
{
    terminal_write(TERMINAL_RESTORE, strlen(TERMINAL_RESTORE));
    (void)tcsetattr(STDIN_FILENO, TCSADRAIN, &terminal->before);
    (void)close(terminal->signals);
    (void)sigprocmask(SIG_SETMASK, &terminal->mask_before, NULL);
}

static enum terminal_event terminal_signal(struct terminal *terminal)
{
    struct signalfd_siginfo info;
    if (read(terminal->signals, &info, sizeof(info)) != (ssize_t)sizeof(info)) {
        return TERMINAL_WINDOW;
    }
    return info.ssi_signo == SIGWINCH ? TERMINAL_WINDOW : TERMINAL_END;
}

enum terminal_event terminal_wait(struct terminal *terminal)
{
    struct pollfd fds[] = {{.fd = STDIN_FILENO, .events = POLLIN},
                           {.fd = terminal->signals, .events = POLLIN}};
    const bool is_begun = till_keys_are_begun(&terminal->keys);
    int ready = 0;
    do {
        ready = poll(fds, 2, is_begun ? TERMINAL_ESC_MS : TERMINAL_CLOCK_MS);
    } while (ready < 0 && errno == EINTR);
    terminal->is_esc_alone = ready == 0 && is_begun;
    if (ready < 0) {
        return TERMINAL_END;
    }
    if (ready == 0) {
        return is_begun ? TERMINAL_KEYS : TERMINAL_MINUTE;
    }
    if (fds[1].revents != 0) {
        return terminal_signal(terminal);
    }
    size_t room = 0;
    uint8_t *into = till_keys_room(&terminal->keys, &room);
    const ssize_t size = read(STDIN_FILENO, into, room);
    if (size <= 0) {
        return size < 0 && errno == EINTR ? TERMINAL_WINDOW : TERMINAL_END;
    }
    till_keys_came(&terminal->keys, (size_t)size);
    return TERMINAL_KEYS;
}

static bool terminal_is_too_small(void)
{
    struct winsize size;
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 &&
           (size.ws_row < SCREEN_ROWS || size.ws_col < SCREEN_COLUMNS);
}

void terminal_show(const struct screen *screen, bool is_chinese, bool rings)
{
    char text[TERMINAL_TEXT_BYTES];
    size_t size = 0;
    if (terminal_is_too_small()) {
        size = (size_t)snprintf(text, sizeof(text), "\x1b[0m\x1b[H\x1b[2J%s",
                                is_chinese ? "请把窗口放大到 80 列 24 行。"
                                           : "Please make the window 80 x 24.");
        terminal_write(text, size);
        return;
    }
    size = (size_t)snprintf(text, sizeof(text), "%s\x1b[?25l\x1b[H", rings ? "\a" : "");
    for (size_t i = 0; i < SCREEN_ROWS; i++) {
        size += (size_t)snprintf(text + size, sizeof(text) - size, "%s\x1b[K%s", screen->rows[i],
                                 i + 1 < SCREEN_ROWS ? "\r\n" : "");
    }
    size += (size_t)snprintf(text + size, sizeof(text) - size, "\x1b[J\x1b[%zu;%zuH\x1b[?25h",
                             screen->cursor_row + 1, screen->cursor_column + 1);
    terminal_write(text, size);
}
