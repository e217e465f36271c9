/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Loads the configuration: defaults, file, environment, flags, each over the one before. Not the
 * syntax of values: config_value.c. Used at start by one thread.
 */
#include "base/config.h"

#include "base/assert.h"
#include "base/bytes.h"
#include "base/utf8.h"
#include "config_value.h"

#include <errno.h>
#include <ini.h>
#include <stdarg.h>
#include <string.h>

#define CONFIG_WHERE_BYTES 320
#define CONFIG_NAME_BYTES  64 /* no option's name is longer */

struct config_loader {
    const struct config_option *table;
    size_t count;
    void *target;
    struct config_error *error;
    bool failed;   /* the first error is the one reported */
    uint64_t seen; /* options that the source being read has set already, by place in the table */
};

_Static_assert(CONFIG_OPTIONS_MAX <= 64, "the options of a source fit into `seen`");

/* What was quoted may be any bytes, or cut within a character: a terminal gets text only. */
static void config_make_text(char *text)
{
    for (size_t at = 0; text[at] != '\0';) {
        const struct bytes all = bytes_of_text(text + at);
        struct bytes left = all;
        uint32_t code_point = 0;
        const size_t taken = utf8_next(&left, &code_point) ? all.size - left.size : 1;
        if (!utf8_is_text(bytes_of(all.data, taken), 0)) {
            memset(text + at, '?', taken);
        }
        at += taken;
    }
}

/* Both sentences take the same values in the same order. Returns false, for `return`. */
__attribute__((format(printf, 2, 4), format(printf, 3, 4))) static bool
config_refuse(struct config_loader *loader, const char *zh, const char *en, ...)
{
    if (loader->failed) {
        return false;
    }
    loader->failed = true;
    va_list values;
    va_start(values, en);
    vsnprintf(loader->error->zh, sizeof(loader->error->zh), zh, values);
    va_end(values);
    va_start(values, en);
    vsnprintf(loader->error->en, sizeof(loader->error->en), en, values);
    va_end(values);
    config_make_text(loader->error->zh);
    config_make_text(loader->error->en);
    return false;
}

/* The place in the table of a name of this length, or count. */
static size_t config_find(const struct config_loader *loader, const char *name, size_t size)
{
    size_t i = 0;
    while (i < loader->count && (strlen(loader->table[i].name) != size ||
                                 memcmp(loader->table[i].name, name, size) != 0)) {
        i++;
    }
    return i;
}

/* Sets one option; `where` is "file:line", the flag or the variable. */
static bool config_apply(struct config_loader *loader, size_t index, const char *value,
                         const char *where)
{
    const struct config_option *option = &loader->table[index];
    if ((loader->seen >> index & 1) == 1) {
        return config_refuse(loader, "%s：“%s”重复出现。请只保留一个",
                             "%s: %s is given twice; keep one of them", where, option->name);
    }
    loader->seen |= UINT64_C(1) << index;
    const char *shown = option->type == CONFIG_URL ? "…" : value;
    if (!config_value_survives_file(option, value)) {
        return config_refuse(
            loader, "%s：“%s”的值“%.100s”首尾有空格，或空格后有“;”（在文件里是注释）。请去掉",
            "%s: %s is \"%.100s\": take away the blank at its end, or the ';' "
            "behind a blank, which in a file begins a comment",
            where, option->name, shown);
    }
    if (config_value_set(option, loader->target, value)) {
        return true;
    }
    char range[CONFIG_SHOWN_BYTES];
    config_value_show_range(option, range);
    return config_refuse(loader, "%s：“%s”的值“%.100s”不对，允许 %s",
                         "%s: %s is \"%.100s\", allowed is %s", where, option->name, shown, range);
}

/* Shows the name alone: a value beside it is nobody's business. */
static bool config_refuse_unknown(struct config_loader *loader, const char *name, size_t size)
{
    int shown = (int)(size < CONFIG_WHERE_BYTES ? size : CONFIG_WHERE_BYTES);
    return config_refuse(loader, "%.*s：没有这个设置。可用 --help 查看",
                         "%.*s: there is no such setting; see --help", shown, name);
}

static void config_load_defaults(struct config_loader *loader)
{
    for (size_t i = 0; i < loader->count; i++) {
        bool fits =
            config_value_set(&loader->table[i], loader->target, loader->table[i].default_text);
        LB_ASSERT(fits); /* a table whose default is out of its own range is a bug */
    }
}

/* The value of "--name=value" or "--name value"; *used is how many arguments it took. */
static const char *config_flag_value(const struct config_option *option, const char *inline_value,
                                     const char *next, int *used)
{
    *used = 1;
    if (inline_value != NULL) {
        return inline_value;
    }
    if (option->type == CONFIG_BOOL) {
        return "yes";
    }
    *used = 2;
    return next;
}

/* The argument's option; count, with the error set, when it is none. */
static size_t config_flag_find(struct config_loader *loader, const char *argument, size_t *size)
{
    *size = 0;
    if (strncmp(argument, "--", 2) != 0) {
        config_refuse(loader, "参数“%.100s”不认识：设置写作 --名称 值",
                      "argument \"%.100s\" is not understood: settings are --name value", argument);
        return loader->count;
    }
    *size = 2 + strcspn(argument + 2, "=");
    size_t index = config_find(loader, argument + 2, *size - 2);
    if (index == loader->count) {
        config_refuse_unknown(loader, argument, *size);
    }
    return index;
}

static bool config_load_flags(struct config_loader *loader, const struct config_sources *sources)
{
    loader->seen = 0;
    for (int i = 1; i < sources->argc;) {
        const char *argument = sources->argv[i];
        size_t size = 0;
        size_t index = config_flag_find(loader, argument, &size);
        if (index == loader->count) {
            return false;
        }
        const char *inline_value = argument[size] == '=' ? argument + size + 1 : NULL;
        const char *next = i + 1 < sources->argc ? sources->argv[i + 1] : NULL;
        int used = 0;
        const char *value = config_flag_value(&loader->table[index], inline_value, next, &used);
        if (value == NULL) {
            return config_refuse(loader, "%s：后面缺少值", "%s: a value must follow", argument);
        }
        char where[CONFIG_WHERE_BYTES];
        snprintf(where, sizeof(where), "%.*s", (int)(size > 100 ? 100 : size), argument);
        if (!config_apply(loader, index, value, where)) {
            return false;
        }
        i += used;
    }
    return true;
}

/* "LOVEBANKD_IDLE_TIMEOUT=30s" is option idle-timeout. Returns count, with the error set, if none.
 */
static size_t config_env_find(struct config_loader *loader, const char *variable,
                              size_t prefix_size)
{
    char name[CONFIG_NAME_BYTES];
    size_t size = strcspn(variable, "=") - prefix_size;
    if (size < sizeof(name)) {
        for (size_t i = 0; i < size; i++) {
            char letter = variable[prefix_size + i];
            bool is_capital = letter >= 'A' && letter <= 'Z';
            name[i] = letter == '_' ? '-' : (char)(is_capital ? letter - 'A' + 'a' : letter);
        }
        size_t index = config_find(loader, name, size);
        if (index < loader->count) {
            return index;
        }
    }
    config_refuse_unknown(loader, variable, prefix_size + size);
    return loader->count;
}

static bool config_load_environment(struct config_loader *loader,
                                    const struct config_sources *sources)
{
    loader->seen = 0;
    size_t prefix_size = strlen(sources->env_prefix);
    for (size_t i = 0; sources->envp != NULL && sources->envp[i] != NULL; i++) {
        const char *variable = sources->envp[i];
        const char *equals = strchr(variable, '=');
        if (strncmp(variable, sources->env_prefix, prefix_size) != 0 || equals == NULL) {
            continue;
        }
        size_t index = config_env_find(loader, variable, prefix_size);
        if (index == loader->count) {
            return false;
        }
        char where[CONFIG_WHERE_BYTES];
        snprintf(where, sizeof(where), "%.*s", (int)(equals - variable), variable);
        if (!config_apply(loader, index, equals + 1, where)) {
            return false;
        }
    }
    return true;
}

/* libinih does not tell its handler the line, so its reader counts. */
struct config_file {
    struct config_loader *loader;
    const char *path;
    FILE *file;
    unsigned line;
    char where[CONFIG_WHERE_BYTES]; /* "path:line" of the line read last */
};

static char *config_file_read_line(char *buffer, int size, void *context)
{
    struct config_file *file = context;
    if (fgets(buffer, size, file->file) == NULL) {
        return NULL;
    }
    file->line++;
    snprintf(file->where, sizeof(file->where), "%s:%u", file->path, file->line);
    size_t got = strlen(buffer);
    if (got == (size_t)size - 1 && buffer[got - 1] != '\n') {
        config_refuse(file->loader, "%s：一行最多 %d 字节", "%s: a line has at most %d bytes",
                      file->where, size - 2);
        return NULL;
    }
    return buffer;
}

/* libinih's handler: 0 marks the line as bad. */
static int config_file_set(void *context, const char *section, const char *name, const char *value)
{
    struct config_file *file = context;
    struct config_loader *loader = file->loader;
    if (section[0] != '\0') {
        return config_refuse(loader, "%s：设置文件不分节，请去掉 [%.100s]",
                             "%s: the file has no sections; remove [%.100s]", file->where, section);
    }
    size_t index = config_find(loader, name, strlen(name));
    if (index == loader->count || strcmp(name, CONFIG_FILE_OPTION) == 0) {
        return config_refuse(loader, "%s：没有名为“%.100s”的设置。可用 --help 查看",
                             "%s: there is no setting %.100s; see --help", file->where, name);
    }
    return config_apply(loader, index, value, file->where);
}

static bool config_refuse_unreadable(struct config_loader *loader, const char *path)
{
    return config_refuse(loader, "%s：读不了设置文件（%s）", "%s: cannot be read (%s)", path,
                         strerror(errno));
}

static bool config_load_file(struct config_loader *loader, const char *path, bool must_exist)
{
    loader->seen = 0;
    struct config_file file = {.loader = loader, .path = path, .file = fopen(path, "re")};
    if (file.file == NULL) {
        return errno == ENOENT && !must_exist ? true : config_refuse_unreadable(loader, path);
    }
    int bad_line = ini_parse_stream(config_file_read_line, &file, config_file_set, &file);
    if (ferror(file.file)) {
        config_refuse_unreadable(loader, path);
    } else if (bad_line != 0) { /* unless the handler has said more */
        config_refuse(loader, "%s:%d：应写作“名称 = 值”", "%s:%d: expected name = value", path,
                      bad_line);
    }
    fclose(file.file);
    return !loader->failed;
}

/* One pass over what is stronger than a file; tells whether it named the file. */
static bool config_load_strong(struct config_loader *loader, const struct config_sources *sources,
                               uint64_t *named)
{
    if (!config_load_environment(loader, sources)) {
        return false;
    }
    *named = loader->seen;
    bool loaded = config_load_flags(loader, sources);
    *named |= loader->seen;
    return loaded;
}

bool config_load(const struct config_option *table, size_t count, void *target,
                 const struct config_sources *sources, struct config_error *error)
{
    LB_ASSERT(count <= CONFIG_OPTIONS_MAX);
    struct config_loader loader = {
        .table = table, .count = count, .target = target, .error = error};
    *error = (struct config_error){.zh = ""};
    config_load_defaults(&loader);
    uint64_t named = 0;
    if (!config_load_strong(&loader, sources, &named)) {
        return false;
    }
    size_t file_option = config_find(&loader, CONFIG_FILE_OPTION, strlen(CONFIG_FILE_OPTION));
    if (file_option == count) {
        return true;
    }
    char path[CONFIG_SHOWN_BYTES];
    config_value_show(&table[file_option], target, path);
    if (path[0] == '\0') {
        return true;
    }
    /* Only now is the file known; what is stronger than it then goes over it once more. */
    return config_load_file(&loader, path, (named >> file_option & 1) == 1) &&
           config_load_strong(&loader, sources, &named);
}
