/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A line as words, quoted as in a shell: 'as it is', "the same but for \", \\", and a backslash
 * before any character. Nothing is expanded: no variables, no patterns. Pure but for memory of the
 * arena. One thread.
 */
#ifndef CLI_WORDS_SPLIT_H
#define CLI_WORDS_SPLIT_H

#include "cli.h"

#define SPLIT_WORDS_MAX 256

struct split {
    const char *words[SPLIT_WORDS_MAX + 1]; /* NULL after the last */
    size_t count;
    size_t last_at;   /* where the last word begins in the line, quotes included */
    bool is_in_word;  /* the line ends in the last word, not behind it */
    bool is_open;     /* a quote was not closed, or nothing follows a backslash */
    bool is_too_long; /* there were more words */
};

/* A word that begins with # ends the line: a comment. */
void split_line(struct cli *cli, const char *line, struct split *split);
/* The word so that split_line, and a shell, gives it back: in '' if it must be quoted. */
const char *split_quote(struct cli *cli, const char *word);

#endif
