/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Encodings by iconv, and the ways out. One thread.
 */
#include "printer.h"

#include "receipt.h"

#include "base/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* One character of UTF-8 takes at most 4 bytes in GB18030. */
#define PRINTER_GROWTH 4

enum cli_exit printer_read_options(struct cli *cli, const struct cli_arguments *arguments,
                                   struct printer *printer)
{
    const char *width = arguments_get(arguments, "width");
    const char *encoding = arguments_get(arguments, "encoding");
    *printer = (struct printer){.columns = RECEIPT_COLUMNS_58_MM};
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

static const char *printer_problem(struct cli *cli, const struct printer *printer)
{
    return cli_format(cli, TEXT(cli, "打印不出来：%s：%s", "cannot print to %s: %s"),
                      printer->target, strerror(errno));
}

static const char *printer_run(struct cli *cli, const struct printer *printer, struct bytes paper)
{
    const char *command = cli_format(cli, "{ %s\n} >/dev/null 2>&1", printer->target + 1);
    /* NOLINTNEXTLINE(cert-env33-c): a command line of the operator's own */
    FILE *pipe = popen(command, "w");
    if (pipe == NULL) {
        return printer_problem(cli, printer);
    }
    (void)fwrite(paper.data, 1, paper.size, pipe); /* a reader that left says so by its status */
    int status = pclose(pipe);
    if (status == -1) {
        return printer_problem(cli, printer);
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        return cli_format(cli,
                          TEXT(cli, "打印命令 %s 没有成功（%d）", "the command %s failed (%d)"),
                          printer->target + 1, WIFEXITED(status) ? WEXITSTATUS(status) : status);
    }
    return NULL;
}

/* Adds to a file, so that a till's day is kept whole; a device takes it as it comes. */
static const char *printer_append(struct cli *cli, const struct printer *printer,
                                  struct bytes paper)
{
    int fd = open(printer->target, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0600);
    if (fd < 0) {
        return printer_problem(cli, printer);
    }
    while (paper.size > 0) {
        ssize_t written = write(fd, paper.data, paper.size);
        if (written < 0 && errno != EINTR) {
            const char *problem = printer_problem(cli, printer);
            (void)close(fd);
            return problem;
        }
        size_t step = written < 0 ? 0 : (size_t)written;
        paper = bytes_of(paper.data + step, paper.size - step);
    }
    return close(fd) == 0 ? NULL : printer_problem(cli, printer);
}

const char *printer_print(struct cli *cli, const struct printer *printer, const char *text,
                          size_t *lost)
{
    struct bytes paper = printer_encode(cli, text, printer->encoding, lost);
    if (strcmp(printer->target, "-") == 0) {
        return fwrite(paper.data, 1, paper.size, cli->out) == paper.size
                   ? NULL
                   : printer_problem(cli, printer);
    }
    return printer->target[0] == '|' ? printer_run(cli, printer, paper)
                                     : printer_append(cli, printer, paper);
}
