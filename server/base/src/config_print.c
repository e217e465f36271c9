/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The table shown to people: as help, and as what is in force. Writes to the FILE given.
 */
#include "config_value.h"

#include <string.h>

static const char *config_value_word(enum config_type type, bool chinese)
{
    switch (type) {
    case CONFIG_TEXT:
        return chinese ? "文字" : "TEXT";
    case CONFIG_PATH:
        return chinese ? "路径" : "PATH";
    case CONFIG_URL:
        return chinese ? "网址" : "URL";
    case CONFIG_BOOL:
        return "yes|no";
    case CONFIG_U32:
        return chinese ? "数字" : "NUMBER";
    case CONFIG_SIZE:
        return chinese ? "大小" : "SIZE";
    case CONFIG_DURATION_MS:
        return chinese ? "时长" : "DURATION";
    }
    return "";
}

void config_print_help(FILE *out, const struct config_option *table, size_t count, bool chinese)
{
    for (size_t i = 0; i < count; i++) {
        const struct config_option *option = &table[i];
        bool is_bool = option->type == CONFIG_BOOL;
        fprintf(out, "  --%s%s%s%s\n", option->name, is_bool ? "[=" : " ",
                config_value_word(option->type, chinese), is_bool ? "]" : "");
        fprintf(out, "      %s\n", chinese ? option->help_zh : option->help_en);
        fprintf(out, "      %s %s", chinese ? "默认" : "default",
                option->default_text[0] == '\0' ? "\"\"" : option->default_text);
        if (option->type != CONFIG_BOOL) {
            char range[CONFIG_SHOWN_BYTES];
            config_value_show_range(option, range);
            fprintf(out, chinese ? "，允许 %s" : ", allowed %s", range);
        }
        fputc('\n', out);
    }
}

void config_print_effective(FILE *out, const struct config_option *table, size_t count,
                            const void *target)
{
    for (size_t i = 0; i < count; i++) {
        char shown[CONFIG_SHOWN_BYTES];
        config_value_show(&table[i], target, shown);
        bool is_file = strcmp(table[i].name, CONFIG_FILE_OPTION) == 0;
        fprintf(out, "%s%s = %s\n", is_file ? "# " : "", table[i].name, shown);
    }
}
