/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Lines by libedit. One thread.
 */
#include "editor.h"

#include "layout.h"
#include "words_split.h"

#include "base/utf8.h"

#include <histedit.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#define EDITOR_LINES_MAX 500 /* remembered */
#define EDITOR_COLUMNS   80  /* of a terminal that does not tell */
#define EDITOR_SHOWN_MAX 20  /* candidates under the line */

struct editor {
    struct cli *cli;
    FILE *out;
    EditLine *line;
    History *history;
    char *prompt;
    char *text; /* of the last line */
    bool is_dropped;
    editor_complete_fn *complete;
    void *context;
    struct editor_offer offer;
};

static struct editor *editor_of(EditLine *line)
{
    void *editor = NULL;
    (void)el_get(line, EL_CLIENTDATA, &editor);
    return editor;
}

static char *editor_prompt(EditLine *line)
{
    return editor_of(line)->prompt;
}

static size_t editor_characters(const char *text, size_t size)
{
    struct bytes left = bytes_of(text, size);
    size_t count = 0;
    uint32_t code_point;
    while (utf8_next(&left, &code_point)) {
        count++;
    }
    return count;
}

/* The terminal sends no signal while a line is typed: Ctrl-C is a key. */
static unsigned char editor_drop(EditLine *line, int key)
{
    (void)key;
    editor_of(line)->is_dropped = true;
    return CC_EOF;
}

/* Puts a word in the place of what was typed of it. */
static void editor_replace(struct editor *editor, const char *typed, const char *word)
{
    const int characters = (int)editor_characters(typed, strlen(typed));
    if (characters > 0) {
        el_deletestr(editor->line, characters);
    }
    (void)el_insertstr(editor->line, word);
}

/* How many bytes all candidates begin with: whole characters. */
static size_t editor_common(const struct candidates *candidates)
{
    const char *first = candidates->items[0].text;
    size_t size = strlen(first);
    for (size_t i = 1; i < candidates->count; i++) {
        size_t same = 0;
        while (same < size && candidates->items[i].text[same] == first[same]) {
            same++;
        }
        size = same;
    }
    while (size > 0 && ((unsigned char)first[size] & 0xc0) == 0x80) {
        size--;
    }
    return size;
}

/* Of the terminal's lines, leaving the last one free: not every terminal wraps there alike. */
static size_t editor_columns(const struct editor *editor)
{
    struct winsize size;
    const bool is_told = ioctl(fileno(editor->out), TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    return is_told ? size.ws_col - 1u : EDITOR_COLUMNS - 1;
}

static void editor_show(struct editor *editor)
{
    const struct candidates *candidates = &editor->offer.candidates;
    const size_t columns = editor_columns(editor);
    size_t width = 0;
    for (size_t i = 0; i < candidates->count && i < EDITOR_SHOWN_MAX; i++) {
        const size_t wide = utf8_width(bytes_of_text(candidates->items[i].text));
        width = wide > width ? wide : width;
    }
    (void)fputc('\n', editor->out);
    for (size_t i = 0; i < candidates->count && i < EDITOR_SHOWN_MAX; i++) {
        const struct candidate *one = &candidates->items[i];
        const size_t wide = utf8_width(bytes_of_text(one->text));
        const size_t room = columns > width + 4 ? columns - width - 4 : 0;
        (void)fprintf(editor->out, "  %s%*s  %.*s\n", one->text, (int)(width - wide), "",
                      (int)layout_fit(one->note, room), one->note);
    }
    if (candidates->count > EDITOR_SHOWN_MAX) {
        (void)fprintf(editor->out,
                      TEXT(editor->cli, "  … 还有 %zu 个，请再写几个字\n",
                           "  … and %zu more; write more of it\n"),
                      candidates->count - EDITOR_SHOWN_MAX);
    }
}

static unsigned char editor_apply(struct editor *editor, const char *typed)
{
    const struct candidates *candidates = &editor->offer.candidates;
    if (candidates->count == 0) {
        return CC_ERROR;
    }
    const char *word = candidates->items[0].text;
    if (candidates->count == 1) {
        editor_replace(editor, typed,
                       editor->offer.has_quotes
                           ? cli_format(editor->cli, "%s ", split_quote(editor->cli, word))
                           : word);
        return CC_REFRESH;
    }
    const size_t common = editor_common(candidates);
    if (common > strlen(typed) && strncmp(word, typed, strlen(typed)) == 0) {
        editor_replace(editor, typed, cli_format(editor->cli, "%.*s", (int)common, word));
        return CC_REFRESH;
    }
    editor_show(editor);
    return CC_REDISPLAY;
}

static unsigned char editor_tab(EditLine *line, int key)
{
    struct editor *editor = editor_of(line);
    const LineInfo *info = el_line(line);
    const char *before =
        cli_format(editor->cli, "%.*s", (int)(info->cursor - info->buffer), info->buffer);
    editor->complete(editor->context, before, &editor->offer);
    return editor->offer.candidates.wants_files
               ? _el_fn_complete(line, key)
               : editor_apply(editor, before + editor->offer.word_at);
}

static bool editor_set_up(struct editor *editor)
{
    HistEvent event;
    editor->history = history_init();
    editor->line = el_init("lovebank", stdin, editor->out, stderr);
    if (editor->history == NULL || editor->line == NULL) {
        return false;
    }
    return history(editor->history, &event, H_SETSIZE, EDITOR_LINES_MAX) == 0 &&
           history(editor->history, &event, H_SETUNIQUE, 1) == 0 &&
           el_set(editor->line, EL_CLIENTDATA, editor) == 0 &&
           el_set(editor->line, EL_PROMPT, editor_prompt) == 0 &&
           el_set(editor->line, EL_EDITOR, "emacs") == 0 &&
           el_set(editor->line, EL_HIST, history, editor->history) == 0 &&
           /* By el_wset: el_set would make copies of the two texts and lose them. */
           el_wset(editor->line, EL_ADDFN, L"complete", L"what may come next", editor_tab) == 0 &&
           el_wset(editor->line, EL_ADDFN, L"drop", L"drops the line", editor_drop) == 0 &&
           el_set(editor->line, EL_BIND, "^I", "complete", NULL) == 0 &&
           el_set(editor->line, EL_BIND, "^C", "drop", NULL) == 0 &&
           el_set(editor->line, EL_SETTY, "-d", "-isig", NULL) == 0;
}

struct editor *editor_open(struct cli *cli, FILE *out, editor_complete_fn *complete, void *context)
{
    struct editor *editor = calloc(1, sizeof(*editor));
    if (editor == NULL) {
        return NULL;
    }
    *editor = (struct editor){.cli = cli, .out = out, .complete = complete, .context = context};
    if (!editor_set_up(editor)) {
        editor_close(editor);
        return NULL;
    }
    return editor;
}

void editor_close(struct editor *editor)
{
    if (editor == NULL) {
        return;
    }
    if (editor->line != NULL) {
        el_end(editor->line);
    }
    if (editor->history != NULL) {
        history_end(editor->history);
    }
    free(editor->prompt);
    free(editor->text);
    free(editor);
}

enum editor_answer editor_read(struct editor *editor, const char *prompt, const char **line)
{
    int size = 0;
    free(editor->prompt);
    free(editor->text);
    editor->prompt = strdup(prompt);
    editor->text = NULL;
    editor->is_dropped = false;
    (void)fflush(editor->out);
    (void)el_set(editor->line, EL_PREP_TERM,
                 1); /* before the prompt: no key is a signal after it */
    const char *text = editor->prompt == NULL ? NULL : el_gets(editor->line, &size);
    if (editor->is_dropped) {
        (void)fputc('\n', editor->out); /* the line stays to be seen */
        return EDITOR_DROPPED;
    }
    if (text == NULL || (editor->text = strdup(text)) == NULL) {
        return EDITOR_END;
    }
    editor->text[strcspn(editor->text, "\r\n")] = '\0';
    *line = editor->text;
    return EDITOR_LINE;
}

void editor_remember(struct editor *editor, const char *line)
{
    HistEvent event;
    (void)history(editor->history, &event, H_ENTER, line);
}
