/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Places in a command line. Pure.
 */
#include "place.h"

#include "form.h"

#include <string.h>

const struct cli_option place_globals[] = {
    {.name = "connect",
     .kind = OPTION_VALUE,
     .help = {"服务器：unix:路径 或 tls:主机:端口", "the server: unix:PATH or tls:HOST:PORT"}},
    {.name = "socket",
     .kind = OPTION_VALUE,
     .holds = HOLDS_FILE,
     .help = {"服务器的套接字文件", "the server's socket"}},
    {.name = "token_file",
     .kind = OPTION_VALUE,
     .holds = HOLDS_FILE,
     .help = {"登录令牌的文件", "the file of the session's token"}},
    {.name = "device_token_file",
     .kind = OPTION_VALUE,
     .holds = HOLDS_FILE,
     .help = {"本设备令牌的文件", "the file of this device's token"}},
    {.name = "ca",
     .kind = OPTION_VALUE,
     .holds = HOLDS_FILE,
     .help = {"信任的 CA 证书", "certificates of the authorities to trust"}},
    {.name = "certificate",
     .kind = OPTION_VALUE,
     .holds = HOLDS_FILE,
     .help = {"本设备的证书", "this device's certificate"}},
    {.name = "certificate_key",
     .kind = OPTION_VALUE,
     .holds = HOLDS_FILE,
     .help = {"该证书的私钥", "that certificate's key"}},
    {.name = "json",
     .kind = OPTION_FLAG,
     .help = {"每行输出一个 JSON 对象", "one JSON object a line"}},
    {.name = "dry_run",
     .kind = OPTION_FLAG,
     .help = {"只试算，不记账", "decide and show, change nothing"}},
    {.name = "desk",
     .kind = OPTION_VALUE,
     .holds = HOLDS_NUMBER,
     .help = {"服务台编号", "desk number"}},
    {.name = "id", .kind = OPTION_VALUE, .holds = HOLDS_NUMBER, .help = {"请求号", "request id"}},
    {.name = "at_least_entry",
     .kind = OPTION_VALUE,
     .holds = HOLDS_NUMBER,
     .help = {"查询要含这一条账目", "queries see this entry"}},
    {.name = "lang",
     .kind = OPTION_VALUE,
     .holds = HOLDS_WORDS,
     .value = "zh|en",
     .help = {"语言", "language"}},
    {.name = "help", .kind = OPTION_FLAG, .help = {"用法说明", "how to use it"}},
};
const size_t place_global_count = sizeof(place_globals) / sizeof(place_globals[0]);
_Static_assert(sizeof(place_globals) / sizeof(place_globals[0]) == PLACE_GLOBAL_COUNT,
               "a flag for each");

static const struct cli_option *place_find(const struct cli_option *options, size_t count,
                                           bool is_of_rows, bool *has, const char *name,
                                           size_t size)
{
    for (size_t i = 0; i < count; i++) {
        const bool has_name =
            options[i].kind != OPTION_WORDS && (is_of_rows || !options[i].is_file_only);
        if (has_name && (option_is_named(name, size, options[i].name) ||
                         option_is_named(name, size, options[i].alias))) {
            has[i] = true;
            return &options[i];
        }
    }
    return NULL;
}

static const struct cli_option *place_find_option(struct place *place, const char *name,
                                                  size_t size)
{
    size_t count = 0;
    const struct cli_option *option = NULL;
    if (place->command != NULL) {
        const struct cli_option *options = command_options(place->command, &count);
        const struct form *rows = place->command->rows;
        option = place_find(options, count, false, place->has, name, size);
        if (option == NULL && rows != NULL) {
            option =
                place_find(rows->columns, rows->column_count, true, place->has_row, name, size);
        }
    }
    return option != NULL ? option
                          : place_find(place_globals, place_global_count, false, place->has_global,
                                       name, size);
}

static void place_set_value(struct place *place, const struct cli_option *option, const char *value)
{
    if (option == &place_globals[0] || option == &place_globals[1]) {
        place->address = value;
        place->is_socket = option == &place_globals[1];
    }
}

static enum place_word place_take_option(struct place *place, const char *word,
                                         const struct cli_option **option, const char **value)
{
    const char *name = strcmp(word, "-o") == 0   ? "output"
                       : strcmp(word, "-h") == 0 ? "help"
                                                 : word + 2;
    const size_t size = strcspn(name, "=");
    *option = place_find_option(place, name, size);
    if (*option == NULL) {
        return PLACE_UNKNOWN;
    }
    if (name[size] == '=') {
        *value = name + size + 1;
        place_set_value(place, *option, *value);
        return (*option)->kind == OPTION_FLAG ? PLACE_UNKNOWN : PLACE_VALUE;
    }
    place->waits = (*option)->kind == OPTION_FLAG ? NULL : *option;
    return PLACE_NAME;
}

/* The first word of a command, or the second after a group. */
static enum place_word place_take_command(struct place *place, const char *word)
{
    if (place->group != NULL) {
        const struct cli_command *command = command_find(place->group, word);
        const bool is_pair = command != NULL && strchr(command->name, ' ') != NULL;
        place->group = NULL;
        place->command = is_pair ? command : place->command;
        return is_pair ? PLACE_NAME : PLACE_UNKNOWN;
    }
    place->command = command_find(word, NULL);
    place->group = command_is_group(word) ? word : NULL;
    return place->command != NULL || place->group != NULL ? PLACE_NAME : PLACE_UNKNOWN;
}

const struct cli_option *place_positional(const struct place *place)
{
    size_t count = 0;
    if (place->command == NULL) {
        return NULL;
    }
    const struct cli_option *options = command_options(place->command, &count);
    for (size_t i = 0; i < count; i++) {
        const bool repeats = options[i].kind == OPTION_REST || options[i].kind == OPTION_WORDS;
        if (repeats || (options[i].kind == OPTION_POSITIONAL && !place->has[i])) {
            return &options[i];
        }
    }
    return NULL;
}

enum place_word place_take(struct place *place, const char *word, const struct cli_option **option,
                           const char **value)
{
    size_t count;
    *value = word;
    *option = place->waits;
    if (place->waits != NULL && (place->is_plain || strncmp(word, "--", 2) != 0)) {
        place_set_value(place, place->waits, word);
        place->waits = NULL;
        return PLACE_VALUE;
    }
    place->waits = NULL;
    if (!place->is_plain && strcmp(word, "--") == 0) {
        place->is_plain = true;
        return PLACE_NAME;
    }
    const bool is_option =
        strncmp(word, "--", 2) == 0 || strcmp(word, "-o") == 0 || strcmp(word, "-h") == 0;
    if (!place->is_plain && is_option) {
        return place_take_option(place, word, option, value);
    }
    if (place->command == NULL || place->group != NULL) {
        const enum place_word taken = place_take_command(place, word);
        if (taken == PLACE_NAME || place->command == NULL) {
            return taken;
        }
    }
    *option = place_positional(place);
    if (*option == NULL) {
        return PLACE_UNKNOWN;
    }
    place->has[*option - command_options(place->command, &count)] = true;
    return PLACE_VALUE;
}
