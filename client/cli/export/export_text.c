/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Texts as spreadsheets want them. Pure, but for the arena's memory; safe from any thread.
 */
#include "export_text.h"

#include "base/utf8.h"

#include <string.h>
#include <strings.h>

/* Spreadsheets, or the programs in between, may take these off the front. */
static bool export_is_skipped(uint32_t code_point)
{
    return code_point == ' ' || code_point == '\'' || code_point == '"' || code_point == 0xa0 ||
           code_point == 0x200b || code_point == 0x3000 || code_point == 0xfeff;
}

static bool export_begins_formula(uint32_t code_point)
{
    switch (code_point) {
    case '=':
    case '+':
    case '-':
    case '@':
    case '\t':
    case '\r':
    case '\n':
    case 0xff0b: /* ＋ */
    case 0xff0d: /* － */
    case 0xff1d: /* ＝ */
    case 0xff20: /* ＠ */
        return true;
    default:
        return false;
    }
}

bool export_text_is_formula(const char *text)
{
    struct bytes left = bytes_of_text(text);
    uint32_t code_point = ' ';
    while (export_is_skipped(code_point)) {
        if (!utf8_next(&left, &code_point)) {
            return false;
        }
    }
    return export_begins_formula(code_point);
}

void export_text_write_csv(FILE *out, const char *text)
{
    const size_t size = strlen(text);
    const char *mark = export_text_is_formula(text) ? "'" : "";
    bool has_blank_end = size > 0 && (text[0] == ' ' || text[size - 1] == ' ');
    if (strpbrk(text, ",;\"\t\r\n") == NULL && !has_blank_end) {
        (void)fprintf(out, "%s%s", mark, text);
        return;
    }
    (void)fprintf(out, "\"%s", mark);
    for (; *text != '\0'; text++) {
        if (*text == '"') {
            (void)fputc('"', out);
        }
        (void)fputc(*text, out);
    }
    (void)fputc('"', out);
}

/* How many bytes of the text are at most so many UTF-16 units. */
static size_t export_bytes_of_units(const char *text, size_t units)
{
    struct bytes left = bytes_of_text(text);
    const size_t size = left.size;
    uint32_t code_point;
    for (size_t used = 0; left.size > 0; used++) {
        struct bytes here = left;
        if (!utf8_next(&left, &code_point)) {
            return size - here.size;
        }
        used += code_point > 0xffff ? 1 : 0;
        if (used >= units) {
            return size - here.size;
        }
    }
    return size;
}

static bool export_is_used(const char *name, const struct export_sheet_name *used)
{
    while (used != NULL && strcasecmp(used->text, name) != 0) {
        used = used->next;
    }
    return used != NULL;
}

/* `text` and ` N`, the text cut so that both fit; no apostrophe at the ends. */
static const char *export_fit(struct cli *cli, const char *text, size_t number)
{
    const char *suffix = number < 2 ? "" : cli_format(cli, " %zu", number);
    size_t size = export_bytes_of_units(text, EXPORT_SHEET_NAME_UNITS_MAX - strlen(suffix));
    while (size > 0 && (text[size - 1] == '\'' || text[size - 1] == ' ')) {
        size--;
    }
    return cli_format(cli, "%.*s%s", (int)size, text, suffix);
}

const char *export_text_sheet_name(struct cli *cli, const char *wanted,
                                   const struct export_sheet_name *used)
{
    char *text = cli_copy(cli, wanted + strspn(wanted, "' "));
    for (char *at = text; *at != '\0'; at++) {
        *at = strchr("[]:*?/\\", *at) != NULL || (unsigned char)*at < ' ' ? '_' : *at;
    }
    const char *name = export_fit(cli, text, 1);
    if (name[0] == '\0') {
        name = TEXT(cli, "表", "Sheet");
    } else if (strcasecmp(name, "history") == 0) {
        name = cli_format(cli, "%s_", name);
    }
    const char *first = name;
    for (size_t number = 2; export_is_used(name, used); number++) {
        name = export_fit(cli, first, number);
    }
    return name;
}
