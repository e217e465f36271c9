/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What encodings are called. Pure; safe from any thread.
 */
#include "intake/rows.h"

#include <ctype.h>

/* The first of an encoding is its name. */
static const struct encoding_name {
    const char *name;
    enum rows_encoding encoding;
} encoding_names[] = {
    {"auto", ROWS_DETECT},         {"UTF-8", ROWS_UTF8},     {"UTF-8-BOM", ROWS_UTF8_MARK},
    {"GB18030", ROWS_GB18030},     {"UTF-16", ROWS_UTF16},   {"UTF-8-SIG", ROWS_UTF8_MARK},
    {"GBK", ROWS_GB18030},         {"GB2312", ROWS_GB18030}, {"CP936", ROWS_GB18030},
    {"Windows-936", ROWS_GB18030}, {"ANSI", ROWS_GB18030},   {"EUC-CN", ROWS_GB18030},
    {"UTF-16LE", ROWS_UTF16},      {"UTF-16BE", ROWS_UTF16}, {"Unicode", ROWS_UTF16},
};

#define ENCODING_NAMES (sizeof(encoding_names) / sizeof(encoding_names[0]))

/* Case, hyphens and underscores do not matter. */
static bool encoding_name_is(const char *a, const char *b)
{
    for (;;) {
        while (*a == '-' || *a == '_') {
            a++;
        }
        while (*b == '-' || *b == '_') {
            b++;
        }
        if (toupper((unsigned char)*a) != toupper((unsigned char)*b)) {
            return false;
        }
        if (*a == '\0') {
            return true;
        }
        a++;
        b++;
    }
}

const char *rows_encoding_name(enum rows_encoding encoding)
{
    size_t i = 0;
    while (i < ENCODING_NAMES - 1 && encoding_names[i].encoding != encoding) {
        i++;
    }
    return encoding_names[i].name;
}

bool rows_encoding_find(const char *name, enum rows_encoding *encoding)
{
    for (size_t i = 0; i < ENCODING_NAMES; i++) {
        if (encoding_name_is(name, encoding_names[i].name)) {
            *encoding = encoding_names[i].encoding;
            return true;
        }
    }
    return false;
}
