/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Encodings by iconv, and the ways out. One thread.
 */
#include "printer.h"

#include "errno_text.h"
#include "receipt.h"

#include "base/clock.h"
#include "base/fd.h"
#include "base/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* One character of UTF-8 takes at most 4 bytes in GB18030. */
#define PRINTER_GROWTH 4

enum cli_exit printer_read_options(struct cli *cli, const struct cli_arguments *arguments,
                                   struct printer *printer)
{
    const char *width = arguments_get(arguments, "width");
    const char *encoding = arguments_get(arguments, "encoding");
    *printer =
        (struct printer){.columns = RECEIPT_COLUMNS_58_MM, .patience_ms = PRINTER_PATIENCE_MS};
    if (width != NULL && strcmp(width, "80") == 0) {
        printer->columns = RECEIPT_COLUMNS_80_MM;
    } else if (width != NULL && strcmp(width, "58") != 0) {
        return arguments_complain(cli, arguments, "width",
                                  (struct cli_text){"请写 58 或 80", "write 58 or 80"});
    }
    if (encoding != NULL && strcmp(encoding, "gb18030") == 0) {
        printer->encoding = PRINTER_GB18030;
    } else if (encoding != NULL && strcmp(encoding, "utf-8") != 0) {
        return arguments_complain(
            cli, arguments, "encoding",
            (struct cli_text){"请写 utf-8 或 gb18030", "write utf-8 or gb18030"});
    }
    return CLI_DONE;
}

/* No font has them: controls and private use; GB18030 itself can write both. */
static bool printer_can_show(uint32_t code_point)
{
    return code_point == '\n' ||
           (code_point >= 0x20 && code_point != 0x7f &&
            !(code_point >= 0x80 && code_point < 0xa0) &&
            !(code_point >= 0xe000 && code_point <= 0xf8ff) && code_point < 0xf0000);
}

/* One character, or the mark for it. Moves *out on; the room is known to be enough. */
static bool printer_put(iconv_t converter, struct bytes character, char **out, size_t *room)
{
    char copy[PRINTER_GROWTH];
    char *in = copy;
    size_t left = character.size;
    memcpy(copy, character.data, character.size);
    return iconv(converter, &in, &left, out, room) == 0;
}

struct bytes printer_encode(struct cli *cli, const char *text, enum printer_encoding encoding,
                            size_t *lost)
{
    struct bytes left = bytes_of_text(text);
    size_t room = left.size * PRINTER_GROWTH;
    char *begin = cli_take(cli, room + 1, 1);
    char *out = begin;
    iconv_t converter = iconv_open(encoding == PRINTER_GB18030 ? "GB18030" : "UTF-8", "UTF-8");
    *lost = 0;
    while (left.size > 0 && converter != (iconv_t)-1) {
        const struct bytes before = left;
        uint32_t code_point = 0;
        bool is_text = utf8_next(&left, &code_point);
        if (!is_text) {
            left = bytes_of(left.data + 1, left.size - 1);
        }
        const struct bytes character = bytes_of(before.data, before.size - left.size);
        if (is_text && printer_can_show(code_point) &&
            printer_put(converter, character, &out, &room)) {
            continue;
        }
        (*lost)++;
        for (size_t i = 0; i < utf8_width(character); i++) {
            *out++ = '?';
            room--;
        }
    }
    if (converter != (iconv_t)-1) {
        (void)iconv_close(converter);
    }
    return bytes_of(begin, (size_t)(out - begin));
}

/* --- the ways out ----------------------------------------------------------------------------- */

static int printer_write(int fd, struct bytes paper)
{
    return fd_write_whole(fd, paper.data, paper.size) ? 0 : errno;
}

/* In the child. Adds to a file, so that a till's day is kept whole; a device takes it as it comes.
 */
static int printer_append(const char *path, struct bytes paper)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0600);
    int problem = fd < 0 ? errno : printer_write(fd, paper);
    return fd >= 0 && close(fd) != 0 && problem == 0 ? errno : problem;
}

/* In the child, which becomes the shell. */
static int printer_run(const char *command, struct bytes paper)
{
    int in = memfd_create("receipt", MFD_CLOEXEC);
    int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    int problem = in < 0 || nowhere < 0 ? errno : printer_write(in, paper);
    if (problem == 0 && (lseek(in, 0, SEEK_SET) != 0 || dup2(in, STDIN_FILENO) < 0 ||
                         dup2(nowhere, STDOUT_FILENO) < 0 || dup2(nowhere, STDERR_FILENO) < 0)) {
        problem = errno;
    }
    if (problem == 0) {
        (void)execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        problem = errno;
    }
    return problem;
}

/* Printers block as long as they are out of paper: the child may, the till may not. Its group of
 * its own is ended as a whole, and it gets the signals that the till holds back. */
static pid_t printer_fork(const struct printer *printer, struct bytes paper)
{
    sigset_t none;
    const pid_t child = fork();
    if (child != 0) {
        return child;
    }
    (void)setpgid(0, 0);
    (void)signal(SIGPIPE, SIG_DFL);
    (void)sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    _exit(printer->target[0] == '|' ? printer_run(printer->target + 1, paper)
                                    : printer_append(printer->target, paper));
}

/* SIGCHLD is blocked: it comes by being waited for. false: the child has not ended. */
static bool printer_wait(pid_t child, const sigset_t *ended, int patience_ms, int *status)
{
    const int64_t end_ms = clock_monotonic_ms(clock_system()) + patience_ms;
    while (waitpid(child, status, WNOHANG) != child) {
        const int64_t left_ms = end_ms - clock_monotonic_ms(clock_system());
        const struct timespec left = {left_ms / 1000, left_ms % 1000 * 1000000};
        if (left_ms <= 0) {
            return false;
        }
        (void)sigtimedwait(ended, NULL, &left);
    }
    return true;
}

static const char *printer_problem(struct cli *cli, const struct printer *printer, int problem)
{
    if (problem == ETIMEDOUT) {
        return cli_format(cli,
                          TEXT(cli, "打印机 %s 过了 %d 秒没有反应，请检查",
                               "%s did nothing for %d s; look at the printer"),
                          printer->target, printer->patience_ms / 1000);
    }
    return cli_format(cli, TEXT(cli, "打印机 %s 用不了：%s", "cannot print to %s: %s"),
                      printer->target, errno_text(cli->is_chinese, problem));
}

const char *printer_print(struct cli *cli, const struct printer *printer, const char *text)
{
    size_t lost = 0;
    int status = 0;
    struct bytes paper = printer_encode(cli, text, printer->encoding, &lost);
    while (waitpid(-1, &status, WNOHANG) > 0) {
        /* One that was given up before has ended meanwhile. */
    }
    sigset_t ended;
    sigset_t mask_before;
    (void)sigemptyset(&ended);
    (void)sigaddset(&ended, SIGCHLD);
    (void)sigprocmask(SIG_BLOCK, &ended, &mask_before);
    const pid_t child = printer_fork(printer, paper);
    int problem = child < 0 ? errno : 0;
    if (problem == 0 && !printer_wait(child, &ended, printer->patience_ms, &status)) {
        problem = ETIMEDOUT;
        (void)kill(-child, SIGKILL);
        (void)kill(child, SIGKILL); /* it may not have come to a group of its own */
    }
    (void)sigprocmask(SIG_SETMASK, &mask_before, NULL);
    if (problem != 0) {
        return printer_problem(cli, printer, problem);
    }
    if (status == 0) {
        return NULL;
    }
    if (printer->target[0] != '|') {
        return printer_problem(cli, printer, WIFEXITED(status) ? WEXITSTATUS(status) : EIO);
    }
    return cli_format(cli, TEXT(cli, "打印命令 %s 没有成功（%d）", "the command %s failed (%d)"),
                      printer->target + 1, WIFEXITED(status) ? WEXITSTATUS(status) : status);
}
