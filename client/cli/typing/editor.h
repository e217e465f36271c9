/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A line typed on the terminal, with libedit: editing, arrow keys, Tab. Knows no command: what Tab
 * offers comes from a function. One thread.
 */
#ifndef CLI_EDITOR_H
#define CLI_EDITOR_H

#include "complete.h"

struct editor;

/* What fits at the end of a line, which is the text before the cursor. */
struct editor_offer {
    struct candidates candidates;
    size_t word_at;  /* where the word they stand for begins in the line */
    bool has_quotes; /* the line is made of words, quoted as in words_split.h */
};
typedef void editor_complete_fn(void *context, const char *line, struct editor_offer *offer);

enum editor_answer {
    EDITOR_LINE,
    EDITOR_DROPPED, /* Ctrl-C */
    EDITOR_END,     /* Ctrl-D in an empty line, or the terminal is gone */
};

/* Reads from standard input and writes to `out`, both terminals. The cli, whose arena is used for
 * what is shown, and the context must outlive it. NULL: no memory. */
struct editor *editor_open(struct cli *cli, FILE *out, editor_complete_fn *complete, void *context);
void editor_close(struct editor *editor);
/* The prompt is copied. *line is without its line end and lives until the next call. */
enum editor_answer editor_read(struct editor *editor, const char *prompt, const char **line);
/* What the arrow keys bring back. */
void editor_remember(struct editor *editor, const char *line);

#endif
