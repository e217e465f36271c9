/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * `lovebank shell`: many commands over one connection, typed on a terminal or read from a script.
 * Each runs in a cli of its own, so that nothing of one command reaches the next but the
 * connection. One thread.
 */
#include "commands.h"

#include "complete_server.h"
#include "editor.h"
#include "place.h"
#include "shell_history.h"
#include "words_split.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct shell {
    struct cli *cli;               /* what all commands have in common, and the connection */
    struct complete_server server; /* with the memory of one line typed */
    struct editor *editor;
    struct shell_history history;
    bool is_over;
};

/* What a line says for itself alone. false: told. */
static bool shell_read_globals(struct cli *line, const struct split *split)
{
    struct place place = {0};
    for (size_t i = 0; i < split->count; i++) {
        const struct cli_option *option = NULL;
        const char *value = "";
        if (place_take(&place, split->words[i], &option, &value) == PLACE_VALUE &&
            strcmp(option->name, "lang") == 0) {
            line->is_chinese = strcmp(value, "zh") == 0;
        }
    }
    if (place.address != NULL) {
        cli_complain(line,
                     TEXT(line, "一次会话只连一个服务器。要连别的，请另开一个会话。",
                          "A session has one server; for another one, start another session."));
        return false;
    }
    return true;
}

/* Of the session, what the next command may use. After a failure the connection is made anew. */
static void shell_take_back(struct shell *shell, struct cli *line, enum cli_exit exit)
{
    shell->cli->ids = line->ids;
    shell->cli->session = line->session;
    shell->cli->has_token = line->has_token;
    memcpy(shell->cli->token, line->token, sizeof(line->token));
    line->session = NULL;
    if (exit == CLI_TRY_LATER || exit == CLI_FAULT) {
        cli_disconnect(shell->cli);
    }
}

/* A cli for one line, with what all lines have in common. */
static void shell_lend(struct shell *shell, struct cli *line)
{
    cli_init(line, shell->cli->is_chinese);
    cli_share(line, shell->cli);
    line->is_json = shell->cli->is_json;
    line->is_dry_run = shell->cli->is_dry_run;
    line->is_session = true;
    line->ids = shell->cli->ids;
    line->session = shell->cli->session;
    line->has_token = shell->cli->has_token;
    memcpy(line->token, shell->cli->token, sizeof(line->token));
    shell->cli->session = NULL;
}

static enum cli_exit shell_run_words(struct cli *line, const struct split *split)
{
    char **argv = cli_take(line, split->count + 2, sizeof(*argv));
    argv[0] = cli_copy(line, "lovebank");
    for (size_t i = 0; i < split->count; i++) {
        argv[i + 1] = cli_copy(line, split->words[i]);
    }
    return shell_read_globals(line, split) ? cli_perform(line, (int)split->count + 1, argv)
                                           : CLI_USAGE;
}

/* `help record` is `record --help`; people also write the program's name out of habit. */
static void shell_translate(struct split *split)
{
    if (split->count > 1 && strcmp(split->words[0], "lovebank") == 0) {
        split->count--;
        memmove(&split->words[0], &split->words[1], split->count * sizeof(split->words[0]));
    }
    if (strcmp(split->words[0], "help") == 0) {
        split->count--;
        memmove(&split->words[0], &split->words[1], split->count * sizeof(split->words[0]));
        split->words[split->count++] = "--help";
    }
}

static enum cli_exit shell_run_split(struct shell *shell, struct cli *line, struct split *split)
{
    if (split->is_open || split->is_too_long) {
        cli_complain(line, "%s",
                     split->is_open ? TEXT(line, "引号没有配对，这一行没有执行。",
                                           "A quote is not closed; the line was not run.")
                                    : TEXT(line, "这一行的词太多，没有执行。",
                                           "The line has too many words; it was not run."));
        return CLI_USAGE;
    }
    if (split->count == 0) {
        return CLI_DONE;
    }
    if (strcmp(split->words[0], "exit") == 0 || strcmp(split->words[0], "quit") == 0) {
        shell->is_over = true;
        return CLI_DONE;
    }
    shell_translate(split);
    return shell_run_words(line, split);
}

static enum cli_exit shell_run_line(struct shell *shell, const char *text)
{
    struct cli line;
    struct split split;
    shell_lend(shell, &line);
    split_line(&line, text, &split);
    const enum cli_exit exit = shell_run_split(shell, &line, &split);
    shell_take_back(shell, &line, exit);
    cli_fini(&line);
    return exit;
}

/* "本机" or "春晖.sock" or "10.0.0.1:7000", the desk, and whether anything is written at all. */
static const char *shell_prompt(struct cli *cli)
{
    const char *address = cli->address;
    const char *slash = strrchr(address, '/');
    const char *server = strcmp(address, LB_CLIENT_ADDRESS_DEFAULT) == 0
                             ? TEXT(cli, "本机", "local")
                         : strncmp(address, "tcp:", 4) == 0 ? address + 4
                         : slash != NULL                    ? slash + 1
                                                            : address;
    const char *desk =
        cli->desk == 0 ? "" : cli_format(cli, TEXT(cli, " 服务台 %u", " desk %u"), cli->desk);
    return cli_format(cli, "%s%s%s> ", server, desk,
                      cli->is_dry_run ? TEXT(cli, " 试算", " dry run") : "");
}

static void shell_complete(void *context, const char *line, struct editor_offer *offer)
{
    struct shell *shell = context;
    struct split split;
    split_line(&shell->server.cli, line, &split);
    offer->has_quotes = true;
    offer->word_at = split.is_in_word ? split.last_at : strlen(line);
    if (!split.is_in_word && split.count < SPLIT_WORDS_MAX) {
        split.words[split.count++] = "";
    }
    const bool has_lead = split.count > 1 && (strcmp(split.words[0], "help") == 0 ||
                                              strcmp(split.words[0], "lovebank") == 0);
    complete_words(&shell->server.cli, &shell->server.source, split.words + has_lead,
                   split.count - has_lead, &offer->candidates);
}

/* The arrow keys bring back every line; the file keeps those that were done and name nobody. */
static void shell_run_typed(struct shell *shell, const char *text)
{
    struct split split;
    split_line(&shell->server.cli, text, &split);
    if (split.count == 0) {
        return;
    }
    editor_remember(shell->editor, text);
    if (shell_run_line(shell, text) == CLI_DONE &&
        complete_is_impersonal(split.words, split.count)) {
        shell_history_add(&shell->history, text);
    }
    complete_server_forget(&shell->server);
}

static void shell_talk(struct shell *shell)
{
    struct cli *cli = shell->cli;
    const char *prompt = shell_prompt(cli);
    cli_say(cli, TEXT(cli, "请输入命令，按 Tab 补全。help 列出命令，exit 或 Ctrl-D 离开。",
                      "Type commands; Tab completes. help lists them, exit or Ctrl-D leaves."));
    while (!shell->is_over && !cli_is_cut_off(cli)) {
        const char *text = "";
        const enum editor_answer answer = editor_read(shell->editor, prompt, &text);
        if (answer == EDITOR_END) {
            (void)fputc('\n', cli->out);
            return;
        }
        if (answer == EDITOR_LINE) {
            shell_run_typed(shell, text);
        }
    }
}

static enum cli_exit shell_talk_on_terminal(struct shell *shell, bool has_history)
{
    complete_server_init(&shell->server, shell->cli);
    shell->editor = editor_open(&shell->server.cli, shell->cli->out, shell_complete, shell);
    if (shell->editor == NULL) {
        complete_server_fini(&shell->server);
        return cli_fail(shell->cli, LB_MEMORY, NULL, "");
    }
    if (has_history) {
        shell_history_open(&shell->history, shell->cli, shell->editor);
    }
    shell_talk(shell);
    shell_history_close(&shell->history);
    editor_close(shell->editor);
    complete_server_fini(&shell->server);
    return CLI_DONE;
}

/* One line of a script. A NUL would end it early, and something else would be done than it says. */
static enum cli_exit shell_run_script_line(struct shell *shell, const char *text, size_t size)
{
    if (memchr(text, '\0', size) == NULL) {
        return shell_run_line(shell, text);
    }
    cli_complain(shell->cli, TEXT(shell->cli, "这一行里有空字符（NUL），没有执行。",
                                  "The line holds a NUL; it was not run."));
    return CLI_USAGE;
}

/* Lines of a script, up to the first that fails, or all; gives how the first of these failed. */
static enum cli_exit shell_read_script(struct shell *shell, bool keeps_going)
{
    struct cli *cli = shell->cli;
    enum cli_exit first = CLI_DONE;
    char *text = NULL;
    size_t room = 0;
    ssize_t size = 0;
    for (unsigned number = 1; !shell->is_over && (size = getline(&text, &room, stdin)) > 0;
         number++) {
        const enum cli_exit exit = shell_run_script_line(shell, text, (size_t)size);
        if (exit == CLI_DONE) {
            continue;
        }
        cli_complain(cli,
                     keeps_going ? TEXT(cli, "以上是第 %u 行的问题。", "That was line %u.")
                                 : TEXT(cli, "停在第 %u 行，后面的没有执行。",
                                        "Stopped at line %u; what follows was not run."),
                     number);
        first = first == CLI_DONE ? exit : first;
        shell->is_over = !keeps_going;
    }
    free(text);
    return first;
}

static enum cli_exit shell_run(struct cli *cli, const struct cli_arguments *arguments)
{
    struct shell shell = {.cli = cli};
    if (cli->is_session) {
        cli_complain(cli, TEXT(cli, "已经在会话里了。", "This is a session already."));
        return CLI_USAGE;
    }
    if (!id_is_zero(&cli->id)) {
        cli_complain(cli, TEXT(cli, "--id 是一笔的请求号，请写在那一行里。",
                               "--id is of one act; write it in that line."));
        return CLI_USAGE;
    }
    if (isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1) {
        return shell_talk_on_terminal(&shell, arguments_get(arguments, "no_history") == NULL);
    }
    return shell_read_script(&shell, arguments_get(arguments, "keep_going") != NULL);
}

static const struct cli_option shell_options[] = {
    {.name = "no_history",
     .kind = OPTION_FLAG,
     .help = {"不读也不写历史文件", "neither read nor write the history file"}},
    {.name = "keep_going",
     .kind = OPTION_FLAG,
     .help = {"读脚本时，有一行出错也继续", "of a script: go on after a line that failed"}},
};

const struct cli_command command_shell = {
    .name = "shell",
    .summary = {"连续输入命令：Tab 补全，上箭头找回",
                "A session: Tab completes, arrows bring back"},
    .details = {"每行一个命令，写法和 lovebank 后面一样，有空格的词加引号；# 后面是注释。\n"
                "全局选项写在 shell 前面，对每一行都有效。标准输入不是终端时，逐行当脚本执行。\n"
                "历史文件 $XDG_STATE_HOME/lovebank/history 只记做成了的、不含姓名等个人信息的行。",
                "One command a line, as after lovebank; words with spaces in quotes; # begins a\n"
                "comment. Global options before shell hold for every line. When standard input is\n"
                "no terminal its lines are run as a script.\n"
                "The history file, $XDG_STATE_HOME/lovebank/history, keeps lines that were\n"
                "done and that hold no names or other personal data."},
    COMMAND_OPTIONS(shell_options),
    .run = shell_run,
};
