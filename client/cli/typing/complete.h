/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What may come next in an unfinished command line: for prompts, for `lovebank shell`, for the
 * completion of bash, zsh and fish. Names come from a source, so that it needs no server itself. It
 * complains of nothing: where nothing fits there are no candidates. One thread.
 */
#ifndef CLI_COMPLETE_H
#define CLI_COMPLETE_H

#include "command.h"
#include "registry.h"

#define COMPLETE_CANDIDATES_MAX 200

/* Names of the registry, and members. What it gives lives as long as the candidates. */
struct complete_source {
    void *context;
    /* The i-th of a kind; false: there are no more, or nobody knows. */
    bool (*name)(void *context, enum registry_kind kind, size_t i, uint64_t *number,
                 const char **name);
    /* The i-th member that a part of a name, of its initials, or a whole number may mean; `note` is
     * the masked name and the org. */
    bool (*member)(void *context, const char *typed, size_t i, uint64_t *number, const char **note);
};

struct candidate {
    const char *text; /* the whole word, unquoted */
    const char *note; /* what it is; or "" */
};

struct candidates {
    struct candidate items[COMPLETE_CANDIDATES_MAX];
    size_t count;
    bool wants_files; /* names of files do, which the caller knows how to find */
};

/* `words` follow the program's name; the last of them is the unfinished one, perhaps "". */
void complete_words(struct cli *cli, const struct complete_source *source, const char *const *words,
                    size_t count, struct candidates *candidates);
/* The value of one option: at a prompt. */
void complete_value(struct cli *cli, const struct complete_source *source,
                    const struct cli_option *option, const char *typed,
                    struct candidates *candidates);

/* May these words stay on disk? Not if one of them may say who somebody is: a name, a free text, or
 * what is understood of none. */
bool complete_is_impersonal(const char *const *words, size_t count);

#endif
