/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * `lovebank completion SHELL`: the script that lets a shell complete our words. `lovebank
 * complete`: what such a script asks. One thread.
 */
#include "commands.h"

#include "complete_server.h"
#include "completion_scripts.h"
#include "place.h"
#include "words_split.h"

#include <string.h>

/* The answer to a script: a line for each candidate, word and note with a tab between; or the one
 * line ":files". */
static void complete_print(struct cli *cli, const struct candidates *candidates)
{
    if (candidates->wants_files) {
        (void)fprintf(cli->out, ":files\n");
    }
    for (size_t i = 0; i < candidates->count; i++) {
        (void)fprintf(cli->out, "%s\t%s\n", candidates->items[i].text, candidates->items[i].note);
    }
}

/* Global options among the words count as if they had been given to us. */
static void complete_read_globals(struct cli *cli, const char *const *words, size_t count)
{
    struct place place = {0};
    const struct cli_option *option;
    const char *value;
    for (size_t i = 0; i + 1 < count; i++) {
        (void)place_take(&place, words[i], &option, &value);
    }
    if (place.address != NULL) {
        cli->address = place.is_socket ? cli_format(cli, "unix:%s", place.address) : place.address;
    }
}

static enum cli_exit complete_run(struct cli *cli, const struct cli_arguments *arguments)
{
    struct complete_server server;
    struct candidates *candidates = cli_take(cli, 1, sizeof(*candidates));
    struct split split;
    const char *line = arguments_get(arguments, "line");
    const char *const *words = arguments->words;
    size_t count = arguments->word_count;
    if (line != NULL) {
        split_line(cli, line, &split);
        if (!split.is_in_word && split.count < SPLIT_WORDS_MAX) {
            split.words[split.count++] = "";
        }
        words = split.words + (split.count > 0 ? 1 : 0); /* the program's name */
        count = split.count > 0 ? split.count - 1 : 0;
    }
    complete_read_globals(cli, words, count);
    complete_server_init(&server, cli);
    complete_words(&server.cli, &server.source, words, count, candidates);
    complete_print(cli, candidates);
    complete_server_fini(&server);
    return CLI_DONE;
}

static enum cli_exit completion_run(struct cli *cli, const struct cli_arguments *arguments)
{
    const char *shell = arguments_get(arguments, "shell");
    for (size_t i = 0; i < completion_script_count; i++) {
        if (strcmp(completion_scripts[i].shell, shell) == 0) {
            (void)fputs(completion_scripts[i].text, cli->out);
            return CLI_DONE;
        }
    }
    return arguments_complain(
        cli, arguments, "shell",
        (struct cli_text){"请写 bash、zsh 或 fish", "write bash, zsh or fish"});
}

static const struct cli_option completion_options[] = {
    {.name = "shell",
     .kind = OPTION_POSITIONAL,
     .holds = HOLDS_WORDS,
     .value = "bash|zsh|fish",
     .is_required = true,
     .help = {"bash、zsh 或 fish", "bash, zsh or fish"}},
};

const struct cli_command command_completion = {
    .name = "completion",
    .summary = {"在终端里按 Tab 补全命令用的脚本",
                "Prints the script that lets a shell complete by Tab"},
    .details = {"bash：source <(lovebank completion bash)，写进 ~/.bashrc 就一直有效。\n"
                "zsh：写进 fpath 里名为 _lovebank 的文件。\n"
                "fish：lovebank completion fish | source。",
                "bash: source <(lovebank completion bash), for good in ~/.bashrc.\n"
                "zsh: into a file _lovebank in fpath. fish: lovebank completion fish | source."},
    COMMAND_OPTIONS(completion_options),
    .run = completion_run,
};

static const struct cli_option complete_options[] = {
    {.name = "line",
     .kind = OPTION_VALUE,
     .help = {"到光标为止的一行，包括程序名", "the line up to the cursor, the program's name too"}},
    {.name = "word",
     .kind = OPTION_WORDS,
     .value = "WORD",
     .help = {"写在 -- 后面：程序名后的各词，最后一个未写完",
              "after --: the words after the program's name, the last one unfinished"}},
};

const struct cli_command command_complete = {
    .name = "complete",
    .summary = {"补全脚本用：列出接下来可以写什么",
                "For scripts of completion: what may come next"},
    COMMAND_OPTIONS(complete_options),
    .run = complete_run,
    .is_hidden = true,
};
