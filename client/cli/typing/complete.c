/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Candidates for commands, options and values. One thread.
 */
#include "complete.h"

#include "form.h"
#include "names.h"
#include "place.h"

#include <inttypes.h>
#include <string.h>

/* What is being completed. */
struct completion {
    struct cli *cli;
    const struct complete_source *source;
    struct candidates *candidates;
    const char *before; /* of the word: what stays, "--org=" or "1;" */
    const char *typed;  /* of the word: what is to be completed */
};

static void complete_add(const struct completion *completion, const char *text, const char *note)
{
    struct candidates *candidates = completion->candidates;
    if (candidates->count == COMPLETE_CANDIDATES_MAX) {
        return;
    }
    candidates->items[candidates->count++] = (struct candidate){
        .text = cli_format(completion->cli, "%s%s", completion->before, text), .note = note};
}

static bool complete_begins(const char *text, const char *typed)
{
    return strncmp(text, typed, strlen(typed)) == 0;
}

static bool complete_is_number(const char *typed)
{
    return typed[0] != '\0' && typed[strspn(typed, "0123456789")] == '\0';
}

/* The same name twice: the numbers tell them apart. */
static void complete_add_name(const struct completion *completion, size_t first, const char *name,
                              const char *number)
{
    struct candidates *candidates = completion->candidates;
    const size_t before = strlen(completion->before);
    bool is_there = false;
    for (size_t i = first; i < candidates->count; i++) {
        struct candidate *other = &candidates->items[i];
        if (strcmp(other->text + before, name) == 0) {
            is_there = true;
            other->text = cli_format(completion->cli, "%s%s", completion->before, other->note);
            other->note = name;
        } else if (strcmp(other->note, name) == 0) {
            is_there = true;
        }
    }
    complete_add(completion, is_there ? number : name, is_there ? name : number);
}

static void complete_codes(const struct completion *completion, enum registry_kind kind)
{
    const struct complete_source *source = completion->source;
    struct cli *cli = completion->cli;
    const size_t first = completion->candidates->count;
    uint64_t code = 0;
    const char *name = "";
    for (size_t i = 0; source->name(source->context, kind, i, &code, &name); i++) {
        const char *number = cli_format(cli, "%" PRIu64, code);
        if (complete_is_number(completion->typed)) {
            if (complete_begins(number, completion->typed)) {
                complete_add(completion, number, name);
            }
        } else if (name_compare(cli, completion->typed, name) >= NAME_INITIALS_BEGIN) {
            complete_add_name(completion, first, name, number);
        }
    }
}

static void complete_members(const struct completion *completion)
{
    const struct complete_source *source = completion->source;
    const char *typed = completion->typed;
    uint64_t member = 0;
    const char *note = "";
    if (typed[0] == '\0') {
        return; /* anybody: nothing to choose from */
    }
    for (size_t i = 0; source->member(source->context, typed, i, &member, &note); i++) {
        complete_add(completion,
                     complete_is_number(typed) ? typed
                                               : cli_format(completion->cli, "%08" PRIu64, member),
                     note);
    }
}

static void complete_days(const struct completion *completion)
{
    static const char *const days[2][3] = {{"today", "yesterday", NULL}, {"今天", "昨天", "前天"}};
    for (size_t i = 0; i < 3; i++) {
        const char *day = days[completion->cli->is_chinese ? 1 : 0][i];
        if (day != NULL && name_compare(completion->cli, completion->typed, day) != NAME_DIFFERS) {
            complete_add(completion, day, "");
        }
    }
}

/* Of the words of an option's value, "goods|service". */
static void complete_choices(const struct completion *completion, const struct cli_option *option)
{
    const char *at = option->value == NULL ? "" : option->value;
    while (*at != '\0') {
        const size_t size = strcspn(at, "|");
        const char *word = cli_format(completion->cli, "%.*s", (int)size, at);
        if (complete_begins(word, completion->typed)) {
            complete_add(completion, word, "");
        }
        at += size + (at[size] == '|' ? 1 : 0);
    }
}

/* Lists, like 1;党员 or 大米=1;食盐=2: the part behind the last sign that parts them. */
static struct completion complete_last_part(const struct completion *completion)
{
    static const char *const signs[] = {";", ",", "；", "，", "、"};
    struct completion last = *completion;
    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
        for (const char *at; (at = strstr(last.typed, signs[i])) != NULL;) {
            last.typed = at + strlen(signs[i]);
        }
    }
    last.before = cli_format(completion->cli, "%s%.*s", completion->before,
                             (int)(last.typed - completion->typed), completion->typed);
    return last;
}

static void complete_option_value(const struct completion *completion,
                                  const struct cli_option *option)
{
    const struct completion last = complete_last_part(completion);
    switch (option->holds) {
    case HOLDS_TEXT:
    case HOLDS_NUMBER:
        return;
    case HOLDS_WORDS:
        complete_choices(completion, option);
        return;
    case HOLDS_DAY:
        complete_days(completion);
        return;
    case HOLDS_FILE:
        completion->candidates->wants_files = true;
        return;
    case HOLDS_MEMBER:
        complete_members(completion);
        return;
    case HOLDS_ORG:
        complete_codes(completion, REGISTRY_ORG);
        return;
    case HOLDS_CLASS:
        complete_codes(&last, REGISTRY_CLASS);
        return;
    case HOLDS_CATEGORY:
        complete_codes(completion, REGISTRY_CATEGORY);
        return;
    case HOLDS_ITEM:
        complete_codes(&last, REGISTRY_ITEM);
        return;
    case HOLDS_COUNTER:
        complete_codes(completion, REGISTRY_COUNTER);
        return;
    }
}

void complete_value(struct cli *cli, const struct complete_source *source,
                    const struct cli_option *option, const char *typed,
                    struct candidates *candidates)
{
    const struct completion completion = {
        .cli = cli, .source = source, .candidates = candidates, .before = "", .typed = typed};
    *candidates = (struct candidates){0};
    complete_option_value(&completion, option);
}

/* Options that are not given yet. */
static void complete_option_names(const struct completion *completion,
                                  const struct cli_option *options, size_t count, const bool *has,
                                  bool is_of_rows)
{
    struct cli *cli = completion->cli;
    for (size_t i = 0; i < count; i++) {
        const struct cli_option *option = &options[i];
        const bool is_word = option->kind == OPTION_POSITIONAL || option->kind == OPTION_REST ||
                             option->kind == OPTION_WORDS;
        const bool is_spent = has[i] && option->kind != OPTION_LIST;
        if (is_spent || (!is_of_rows && (is_word || option->is_file_only))) {
            continue;
        }
        const char *name = cli_format(cli, "--%s", option_shown(cli, option->name));
        if (complete_begins(name, completion->typed)) {
            complete_add(completion, name, cli_choose(cli, option->help));
        }
    }
}

static void complete_options(const struct completion *completion, const struct place *place)
{
    size_t count = 0;
    if (place->command != NULL) {
        const struct form *rows = place->command->rows;
        const struct cli_option *options = command_options(place->command, &count);
        complete_option_names(completion, options, count, place->has, false);
        if (rows != NULL) {
            complete_option_names(completion, rows->columns, rows->column_count, place->has_row,
                                  true);
        }
    }
    complete_option_names(completion, place_globals, place_global_count, place->has_global, false);
}

/* "issue、block、replace" */
static const char *complete_group_note(struct cli *cli, const char *group)
{
    const char *note = "";
    for (size_t i = 0; i < cli_command_count; i++) {
        if (command_is_in_group(cli_commands[i], group)) {
            note = cli_format(cli, "%s%s%s", note, note[0] == '\0' ? "" : TEXT(cli, "、", ", "),
                              cli_commands[i]->name + strlen(group) + 1);
        }
    }
    return note;
}

/* First words of commands, or the second ones of a group. */
static void complete_commands(const struct completion *completion, const char *group)
{
    struct cli *cli = completion->cli;
    const char *last = "";
    for (size_t i = 0; i < cli_command_count; i++) {
        const struct cli_command *command = cli_commands[i];
        const char *name = command->name;
        if (command->is_hidden || (group != NULL && !command_is_in_group(command, group))) {
            continue;
        }
        name += group == NULL ? 0 : strlen(group) + 1;
        const size_t size = strcspn(name, " ");
        const char *word = cli_format(cli, "%.*s", (int)size, name);
        if (!complete_begins(word, completion->typed) || strcmp(word, last) == 0) {
            continue;
        }
        last = word;
        complete_add(completion, word,
                     name[size] == '\0' ? cli_choose(cli, command->summary)
                                        : complete_group_note(cli, word));
    }
}

/* The unfinished word is neither "--" nor the value of an option before it. */
static void complete_plain_word(const struct completion *completion, const struct place *place)
{
    const struct cli_option *positional = place_positional(place);
    if (place->command == NULL || place->group != NULL) {
        complete_commands(completion, place->group);
    }
    if (positional != NULL) {
        complete_option_value(completion, positional);
    } else if (place->command != NULL && completion->typed[0] == '\0' && !place->is_plain) {
        complete_options(completion, place); /* no more words: how it may go on */
    }
}

void complete_words(struct cli *cli, const struct complete_source *source, const char *const *words,
                    size_t count, struct candidates *candidates)
{
    struct place place = {0};
    const struct cli_option *option = NULL;
    const char *value = "";
    *candidates = (struct candidates){0};
    for (size_t i = 0; i + 1 < count; i++) {
        if (place_take(&place, words[i], &option, &value) == PLACE_UNKNOWN) {
            return;
        }
    }
    const char *word = count == 0 ? "" : words[count - 1];
    struct completion completion = {
        .cli = cli, .source = source, .candidates = candidates, .before = "", .typed = word};
    const bool is_option = word[0] == '-' && !place.is_plain && place.waits == NULL;
    if (place.waits != NULL) {
        complete_option_value(&completion, place.waits);
    } else if (is_option && strchr(word, '=') != NULL) {
        if (place_take(&place, word, &option, &value) == PLACE_VALUE) {
            completion.before = cli_format(cli, "%.*s", (int)(value - word), word);
            completion.typed = value;
            complete_option_value(&completion, option);
        }
    } else if (is_option) {
        complete_options(&completion, &place);
    } else {
        complete_plain_word(&completion, &place);
    }
}

static bool complete_value_is_impersonal(const struct cli_option *option, const char *value)
{
    switch (option->holds) {
    case HOLDS_TEXT:
        return false;
    case HOLDS_MEMBER:
        return complete_is_number(value);
    case HOLDS_NUMBER:
    case HOLDS_WORDS:
    case HOLDS_DAY:
    case HOLDS_FILE:
    case HOLDS_ORG:
    case HOLDS_CLASS:
    case HOLDS_CATEGORY:
    case HOLDS_ITEM:
    case HOLDS_COUNTER:
        return true;
    }
    return false;
}

bool complete_is_impersonal(const char *const *words, size_t count)
{
    struct place place = {0};
    for (size_t i = 0; i < count; i++) {
        const struct cli_option *option = NULL;
        const char *value = "";
        const enum place_word taken = place_take(&place, words[i], &option, &value);
        if (taken == PLACE_UNKNOWN ||
            (taken == PLACE_VALUE && !complete_value_is_impersonal(option, value))) {
            return false;
        }
    }
    return true;
}
