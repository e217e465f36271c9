/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Where paper comes out: a file or device, or a command that is given the text. The text is turned
 * into the encoding the printer reads. It is plain text with LF line ends, no control sequences.
 * One thread.
 */
#ifndef CLI_PRINTER_H
#define CLI_PRINTER_H

#include "cli.h"
#include "command.h"

#define PRINTER_PATIENCE_MS 10000

enum printer_encoding {
    PRINTER_UTF_8,
    PRINTER_GB18030,
};

struct printer {
    const char *target; /* FILE or "|command"; NULL: none */
    enum printer_encoding encoding;
    size_t columns;
    int patience_ms; /* whatever has not printed by then is ended */
};

/* Options of the commands that print: initialisers of struct cli_option. */
/* clang-format off */
#define PRINTER_OPTIONS \
    {.name = "width", .kind = OPTION_VALUE, .value = "58|80", \
     .help = {"纸宽，毫米：58 是 32 列，80 是 48 列，默认 58", \
              "paper in mm: 58 has 32 columns, 80 has 48; by default 58"}}, \
    {.name = "encoding", .kind = OPTION_VALUE, .value = "utf-8|gb18030", \
     .help = {"打印机认的编码，默认 utf-8", "what the printer reads, by default utf-8"}}
/* clang-format on */

/* Reads --width and --encoding; the target stays the caller's to set. */
LB_MUST_CHECK enum cli_exit printer_read_options(struct cli *cli,
                                                 const struct cli_arguments *arguments,
                                                 struct printer *printer);
/*
 * A text in the encoding, in memory of the arena. What it has no character for, and bytes that are
 * no text, become a "?" as wide as what it stands for; *lost counts them.
 */
struct bytes printer_encode(struct cli *cli, const char *text, enum printer_encoding encoding,
                            size_t *lost);
/* NULL: printed; else what went wrong, as a sentence without its full stop, in memory of the arena.
 * "|command" is run by the shell; its own output goes nowhere. It never takes longer than
 * the patience. */
const char *printer_print(struct cli *cli, const struct printer *printer, const char *text);

#endif
