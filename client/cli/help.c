/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The help: of the program, and of each command from its table of options. One thread.
 */
#include "command.h"

#include "form.h"

#include "base/utf8.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define HELP_COLUMN 26 /* where the explanations begin */
#define HELP_WIDTH  80

/* "ITEM" of "item". */
static const char *help_value(struct cli *cli, const struct cli_option *option)
{
    if (option->value != NULL) {
        return option->value;
    }
    size_t size = strlen(option->name);
    char *capitals = cli_take(cli, size + 1, 1);
    for (size_t i = 0; i < size; i++) {
        capitals[i] = (char)toupper((unsigned char)option->name[i]);
    }
    return capitals;
}

/* As much of a text as fits the width, up to a place where it may be broken: after a space or a
 * wide character. In bytes. */
static size_t help_fit(const char *text, size_t width)
{
    struct bytes left = bytes_of_text(text);
    size_t fit = left.size;
    size_t used = 0;
    const size_t size = left.size;
    uint32_t code_point;
    if (utf8_width(left) <= width) {
        return size;
    }
    while (utf8_next(&left, &code_point)) {
        size_t at = size - left.size;
        used += code_point < 0x1100 ? 1 : 2;
        if (used > width) {
            break;
        }
        if (code_point == ' ' || code_point >= 0x2e80) {
            fit = at;
        }
    }
    return fit;
}

/* What is explained on the left, the explanation on the right; below it when the left is long. */
static void help_line(FILE *out, const char *left, const char *right)
{
    size_t width = 2 + utf8_width(bytes_of_text(left));
    (void)fprintf(out, "  %s", left);
    if (width + 2 > HELP_COLUMN) {
        (void)fputc('\n', out);
        width = 0;
    }
    do {
        size_t fit = help_fit(right, HELP_WIDTH - HELP_COLUMN);
        size_t shown = fit > 0 && right[fit - 1] == ' ' ? fit - 1 : fit;
        (void)fprintf(out, "%*s%.*s\n", (int)(HELP_COLUMN - width), "", (int)shown, right);
        right += fit;
        width = 0;
    } while (right[0] != '\0');
}

void help_program(struct cli *cli)
{
    FILE *out = cli->out;
    (void)fprintf(
        out, TEXT(cli, "lovebank：爱心银行的命令行。记时长、兑商品和服务、查账、出明星榜。\n\n",
                  "lovebank: the love bank's command line. Records hours, redeems goods and\n"
                  "services, shows accounts and the star board.\n\n"));
    (void)fprintf(out, TEXT(cli, "用法：lovebank [选项] 命令 …\n\n命令：\n",
                            "Usage: lovebank [options] COMMAND ...\n\nCommands:\n"));
    for (size_t i = 0; i < cli_command_count; i++) {
        if (!cli_commands[i]->is_hidden) {
            help_line(out, cli_commands[i]->name, cli_choose(cli, cli_commands[i]->summary));
        }
    }
    (void)fprintf(out, TEXT(cli, "\n各命令都有的选项：\n", "\nOptions of every command:\n"));
    help_line(out, "--connect ADDRESS",
              TEXT(cli, "unix:路径、tls:主机:端口 或 tcp:主机:端口（环境变量 LOVEBANK_CONNECT）",
                   "unix:PATH, tls:HOST:PORT or tcp:HOST:PORT (LOVEBANK_CONNECT)"));
    help_line(out, "--socket PATH", TEXT(cli, "同 --connect unix:路径", "same as unix:PATH"));
    help_line(out, "--ca FILE",
              TEXT(cli, "tls: 的服务器证书由谁签发，PEM 文件（LOVEBANK_CA）",
                   "PEM file of who signs the certificates of tls: (LOVEBANK_CA)"));
    help_line(out, "--certificate FILE",
              TEXT(cli, "本设备的证书，服务器要求时用（LOVEBANK_CERTIFICATE）",
                   "this device's own, where the server asks for one (LOVEBANK_CERTIFICATE)"));
    help_line(out, "--certificate-key FILE",
              TEXT(cli, "该证书的私钥，默认在同一文件里（LOVEBANK_CERTIFICATE_KEY）",
                   "its key, by default in the same file (LOVEBANK_CERTIFICATE_KEY)"));
    help_line(out, "--token-file FILE",
              TEXT(cli, "登录后令牌放在哪里（LOVEBANK_TOKEN_FILE）",
                   "where log-in keeps its token (LOVEBANK_TOKEN_FILE)"));
    help_line(out, "--device-token-file FILE",
              TEXT(cli, "本设备的令牌（LOVEBANK_DEVICE_TOKEN_FILE）",
                   "this device's token (LOVEBANK_DEVICE_TOKEN_FILE)"));
    help_line(out, "--json", TEXT(cli, "每行输出一个 JSON 对象", "one JSON object a line"));
    help_line(out, "--dry-run", TEXT(cli, "只试算，不记账", "decide and show, change nothing"));
    help_line(out, "--desk N",
              TEXT(cli, "服务台编号（LOVEBANK_DESK）", "desk number (LOVEBANK_DESK)"));
    help_line(out, "--id UUID",
              TEXT(cli, "指定请求号：没有收到答复时，用同一个再发一次",
                   "the request id, to send an unanswered act again"));
    help_line(out, "--at-least-entry N",
              TEXT(cli, "查询要看到第 N 条账目：几台服务器共用一个账本，刚在另一台记的账要查到时用",
                   "queries see entry N, just recorded by another server of the same book"));
    help_line(out, "--lang zh|en",
              TEXT(cli, "语言，默认随系统", "language, by default the locale's"));
    help_line(out, "--help",
              TEXT(cli, "本说明；写在命令后是该命令的说明",
                   "this text; after a command, that command's"));
    (void)fprintf(out,
                  TEXT(cli,
                       "\n退出码：0 完成，1 被拒绝，2 用法有误，3 "
                       "连不上、请稍后再试或\n等第二个人确认，4 故障。\n",
                       "\nExit codes: 0 done, 1 refused, 2 usage, 3 unreachable, try again, or\n"
                       "waiting for a second person, 4 fault.\n"));
}

void help_group(struct cli *cli, const char *group, FILE *out)
{
    (void)fprintf(out, TEXT(cli, "%s 有这些命令：\n", "Commands of %s:\n"), group);
    for (size_t i = 0; i < cli_command_count; i++) {
        if (command_is_in_group(cli_commands[i], group)) {
            help_line(out, cli_commands[i]->name, cli_choose(cli, cli_commands[i]->summary));
        }
    }
    (void)fprintf(
        out, TEXT(cli, "用法见：lovebank %s 命令 --help\n", "See: lovebank %s COMMAND --help\n"),
        group);
}

static void help_usage(struct cli *cli, const struct cli_command *command)
{
    size_t count = 0;
    const struct cli_option *options = command_options(command, &count);
    (void)fprintf(cli->out, "%slovebank %s", TEXT(cli, "用法：", "Usage: "), command->name);
    for (size_t i = 0; i < count; i++) {
        const char *value = help_value(cli, &options[i]);
        const enum option_kind kind = options[i].kind;
        if (kind == OPTION_POSITIONAL || kind == OPTION_REST || kind == OPTION_WORDS) {
            const char *more = kind == OPTION_POSITIONAL ? "" : " …";
            (void)fprintf(cli->out, options[i].is_required ? " %s%s" : " [%s%s]", value, more);
        }
    }
    (void)fprintf(cli->out, "%s\n", TEXT(cli, " [选项]", " [options]"));
}

/* One option, or one column of the files. */
static void help_option(struct cli *cli, const struct cli_option *option)
{
    const char *shown = option_shown(cli, option->name);
    const char *left = option->kind == OPTION_WORDS ? help_value(cli, option)
                       : option->kind == OPTION_FLAG
                           ? cli_format(cli, "--%s", shown)
                           : cli_format(cli, "--%s %s", shown, help_value(cli, option));
    help_line(cli->out, left, cli_choose(cli, option->help));
}

/* The first usual headings of a column, in the reader's language. */
static const char *help_headings(struct cli *cli, const struct cli_option *column)
{
    const char *spellings = column->spellings == NULL ? "" : column->spellings;
    const char *first = cli->is_chinese ? spellings : "";
    size_t size = strcspn(first, "|");
    return size == 0 ? column->name : cli_format(cli, "%s（%.*s）", column->name, (int)size, first);
}

static void help_rows(struct cli *cli, const struct form *form)
{
    (void)fprintf(
        cli->out, "\n%s\n",
        TEXT(cli, "文件里的列按表头辨认；空着的格，可用同名选项补上：",
             "Columns of the files, known by their headings; options of the same name give\n"
             "what rows leave out:"));
    for (size_t c = 0; c < form->column_count; c++) {
        help_line(cli->out, help_headings(cli, &form->columns[c]),
                  cli_choose(cli, form->columns[c].help));
    }
    (void)fprintf(cli->out, TEXT(cli, "\n同一文件重复导入不会重复记账。\n",
                                 "\nImporting a file again changes nothing.\n"));
}

void help_command(struct cli *cli, const struct cli_command *command)
{
    size_t count = 0;
    const struct cli_option *options = command_options(command, &count);
    (void)fprintf(cli->out, TEXT(cli, "%s。\n\n", "%s.\n\n"), cli_choose(cli, command->summary));
    help_usage(cli, command);
    if (command->details.zh != NULL) {
        (void)fprintf(cli->out, "\n%s\n", cli_choose(cli, command->details));
    }
    if (count > 0) {
        (void)fprintf(cli->out, "\n");
    }
    for (size_t i = 0; i < count; i++) {
        if (!options[i].is_file_only) {
            help_option(cli, &options[i]);
        }
    }
    if (command->rows != NULL) {
        help_rows(cli, command->rows);
    }
}
