/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Prompts for missing values. One thread.
 */
#include "prompt.h"

#include "complete_server.h"
#include "editor.h"
#include "form.h"
#include "typed.h"
#include "words_split.h"

#include <string.h>
#include <unistd.h>

struct prompt {
    struct cli *cli;
    struct complete_server server;
    struct editor *editor;
    const struct cli_option *option; /* asked for */
};

static bool prompt_lacks(const struct cli_arguments *arguments, const struct cli_option *options,
                         size_t i)
{
    return options[i].is_required && !options[i].is_file_only && options[i].kind != OPTION_WORDS &&
           arguments->values[i] == NULL;
}

static bool prompt_is_needed(const struct cli *cli, const struct cli_arguments *arguments)
{
    size_t count = 0;
    const struct cli_option *options = command_options(arguments->command, &count);
    bool lacks = false;
    for (size_t i = 0; i < count; i++) {
        lacks = lacks || prompt_lacks(arguments, options, i);
    }
    return lacks && !cli->is_json && isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1;
}

static void prompt_complete(void *context, const char *line, struct editor_offer *offer)
{
    struct prompt *prompt = context;
    complete_value(&prompt->server.cli, &prompt->server.source, prompt->option, line,
                   &offer->candidates);
    offer->word_at = 0;
    offer->has_quotes = false;
}

/* Names are looked up at once: who is asked once more has lost nothing. */
static enum typed_answer prompt_look_up(struct cli *cli, const struct cli_option *option,
                                        const char *value, struct cli_text *reason)
{
    Lovebank__V1__MemberRef ref = LOVEBANK__V1__MEMBER_REF__INIT;
    uint64_t number = 0;
    switch (option->holds) {
    case HOLDS_MEMBER:
        return member_ref_parse(value, &ref) || !typed_is_name(value)
                   ? TYPED_FOUND
                   : typed_member(cli, value, &number, reason);
    case HOLDS_CATEGORY:
        return typed_code(cli, REGISTRY_CATEGORY, value, &number, reason);
    case HOLDS_COUNTER:
        return typed_code(cli, REGISTRY_COUNTER, value, &number, reason);
    case HOLDS_ORG:
        return typed_code(cli, REGISTRY_ORG, value, &number, reason);
    case HOLDS_TEXT:
    case HOLDS_NUMBER:
    case HOLDS_WORDS:
    case HOLDS_DAY:
    case HOLDS_FILE:
    case HOLDS_CLASS:
    case HOLDS_ITEM:
        return TYPED_FOUND; /* the command says what is wrong with it */
    }
    return TYPED_FOUND;
}

/* Several words are several values, as on the command line. */
static const char *prompt_join(struct cli *cli, const char *line)
{
    struct split split;
    const char *joined = "";
    split_line(cli, line, &split);
    for (size_t i = 0; i < split.count; i++) {
        joined = cli_format(cli, "%s%s%s", joined, i == 0 ? "" : ";", split.words[i]);
    }
    return joined;
}

/* The help of the option, up to its first semicolon: what comes after is for whoever reads help. */
static const char *prompt_question(const struct prompt *prompt)
{
    struct cli *cli = prompt->cli;
    const char *help = cli_choose(cli, prompt->option->help);
    const char *end = strstr(help, TEXT(cli, "；", ";"));
    const size_t size = end == NULL ? strlen(help) : (size_t)(end - help);
    return cli_format(cli, TEXT(cli, "%.*s：", "%.*s: "), (int)size, help);
}

/* The answer; NULL: none, and the command is off. */
static const char *prompt_ask(struct prompt *prompt, enum cli_exit *exit)
{
    struct cli *cli = prompt->cli;
    const char *question = prompt_question(prompt);
    for (;;) {
        const char *line = "";
        struct cli_text reason = {0};
        if (editor_read(prompt->editor, question, &line) != EDITOR_LINE ||
            line[strspn(line, " \t")] == '\0') {
            cli_complain(cli,
                         TEXT(cli, "没有填写，什么都没有做。", "No answer: nothing was done."));
            *exit = CLI_USAGE;
            return NULL;
        }
        switch (prompt_look_up(cli, prompt->option, line, &reason)) {
        case TYPED_FOUND:
            return prompt->option->kind == OPTION_REST ? prompt_join(cli, line)
                                                       : cli_copy(cli, line);
        case TYPED_REFUSED:
            cli_complain(
                cli,
                TEXT(cli, "“%s”：%s。要放弃就直接按回车。", "\"%s\": %s. Just Enter to give up."),
                cli_cut(cli, line), cli_choose(cli, reason));
            break;
        case TYPED_UNANSWERED:
            *exit = CLI_TRY_LATER;
            return NULL;
        }
    }
}

static enum cli_exit prompt_for_all(struct prompt *prompt, struct cli_arguments *arguments)
{
    size_t count = 0;
    enum cli_exit exit = CLI_DONE;
    const struct cli_option *options = command_options(arguments->command, &count);
    for (size_t i = 0; i < count && exit == CLI_DONE; i++) {
        if (prompt_lacks(arguments, options, i)) {
            prompt->option = &options[i];
            arguments->values[i] = prompt_ask(prompt, &exit);
        }
    }
    return exit;
}

enum cli_exit prompt_for_missing(struct cli *cli, struct cli_arguments *arguments)
{
    struct prompt prompt = {.cli = cli};
    if (!prompt_is_needed(cli, arguments)) {
        return CLI_DONE;
    }
    complete_server_init(&prompt.server, cli);
    prompt.editor = editor_open(cli, stderr, prompt_complete, &prompt);
    enum cli_exit exit = prompt.editor == NULL ? cli_fail(cli, LB_MEMORY, NULL, "")
                                               : prompt_for_all(&prompt, arguments);
    editor_close(prompt.editor);
    complete_server_fini(&prompt.server);
    return exit;
}
