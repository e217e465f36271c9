/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Words of a line. One thread.
 */
#include "words_split.h"

#include <string.h>

#define SPLIT_SPACES " \t\r\n"
#define SHELL_SIGNS  "'\"\\$`&|;<>()*?[]{}~!" /* that mean something to a shell */

/* Where the reading is, and where what was read goes. */
struct splitter {
    const char *at;
    char *out;
    bool is_open;
};

static void splitter_quoted(struct splitter *splitter, char quote)
{
    for (splitter->at++; *splitter->at != quote; splitter->at++) {
        if (*splitter->at == '\0') {
            splitter->is_open = true;
            return;
        }
        if (quote == '"' && *splitter->at == '\\' &&
            (splitter->at[1] == '"' || splitter->at[1] == '\\')) {
            splitter->at++;
        }
        *splitter->out++ = *splitter->at;
    }
    splitter->at++;
}

/* One word, up to a space or the end. */
static void splitter_word(struct splitter *splitter)
{
    while (*splitter->at != '\0' && strchr(SPLIT_SPACES, *splitter->at) == NULL) {
        if (*splitter->at == '\'' || *splitter->at == '"') {
            splitter_quoted(splitter, *splitter->at);
            continue;
        }
        if (*splitter->at == '\\' && *++splitter->at == '\0') {
            splitter->is_open = true;
            return;
        }
        *splitter->out++ = *splitter->at++;
    }
}

void split_line(struct cli *cli, const char *line, struct split *split)
{
    /* Words are no longer than what they are read from, and a NUL takes the place of a space. */
    char *room = cli_take(cli, strlen(line) + 1, 1);
    struct splitter splitter = {.at = line, .out = room};
    *split = (struct split){0};
    for (;;) {
        splitter.at += strspn(splitter.at, SPLIT_SPACES);
        if (*splitter.at == '\0' || *splitter.at == '#') {
            return;
        }
        if (split->count == SPLIT_WORDS_MAX) {
            split->is_too_long = true;
            return;
        }
        split->last_at = (size_t)(splitter.at - line);
        split->words[split->count++] = splitter.out;
        splitter_word(&splitter);
        *splitter.out++ = '\0';
        split->is_open = splitter.is_open;
        split->is_in_word = *splitter.at == '\0';
    }
}

const char *split_quote(struct cli *cli, const char *word)
{
    const char *quoted = "'";
    if (word[0] != '\0' && word[0] != '#' && strpbrk(word, SPLIT_SPACES SHELL_SIGNS) == NULL) {
        return word;
    }
    for (;;) {
        const size_t size = strcspn(word, "'");
        quoted = cli_format(cli, "%s%.*s", quoted, (int)size, word);
        word += size;
        if (*word == '\0') {
            return cli_format(cli, "%s'", quoted);
        }
        quoted = cli_format(cli, "%s'\\''", quoted);
        word++;
    }
}
