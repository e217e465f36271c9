/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Names, and what stands for the row above. Pure; safe from any thread.
 */
#include "value_text.h"

#include "base/bytes.h"
#include "base/utf8.h"

#include <string.h>
#include <strings.h>

#define DITTO_BYTES 32

static bool name_is_latin(uint32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Characters that people put in place of another: 张*明, 张某, 张○明. */
static bool name_has_mask(const char *name)
{
    static const char *const masks[] = {"*", "#", "×", "✕", "✖",  "○",  "◯",
                                        "●", "■", "△", "▲", "某", "＊", "※"};
    for (size_t i = 0; i < sizeof(masks) / sizeof(masks[0]); i++) {
        if (strstr(name, masks[i]) != NULL) {
            return true;
        }
    }
    return false;
}

/* 李XX: beside Chinese characters, the only letters are x. */
static bool name_has_mask_letters(const char *name)
{
    size_t crosses = 0;
    size_t letters = 0;
    bool is_ascii = true;
    for (const char *at = name; *at != '\0'; at++) {
        letters += name_is_latin((unsigned char)*at) ? 1 : 0;
        crosses += *at == 'x' || *at == 'X' ? 1 : 0;
        is_ascii = is_ascii && (unsigned char)*at < 0x80;
    }
    return !is_ascii && crosses > 0 && letters == crosses;
}

/* What programs write for a character that they do not have. */
static bool name_has_lost(const char *name)
{
    return strchr(name, '?') != NULL || strstr(name, "□") != NULL;
}

/* A letter of any script, or a digit: not only "-", "/", "——", "…". */
static bool name_has_letter(const char *name)
{
    struct bytes left = bytes_of_text(name);
    uint32_t code_point = 0;
    while (utf8_next(&left, &code_point)) {
        bool is_latin = name_is_latin(code_point) || (code_point >= '0' && code_point <= '9');
        bool is_beyond = code_point >= 0xc0 && code_point < 0x2000;
        bool is_han = code_point >= 0x3005 && !(code_point >= 0x3008 && code_point <= 0x3020) &&
                      !(code_point >= 0xff00 && code_point <= 0xffef);
        if (is_latin || is_beyond || is_han) {
            return true;
        }
    }
    return false;
}

enum value_fault value_name(const char *text, char *out, size_t cap)
{
    enum value_fault fault = value_clean(text, out, cap);
    if (fault != VALUE_GOOD) {
        return fault;
    }
    if (name_has_lost(out)) {
        return VALUE_PRIVATE;
    }
    if (name_has_mask(out) || name_has_mask_letters(out)) {
        return VALUE_MASKED;
    }
    return name_has_letter(out) ? VALUE_GOOD : VALUE_EMPTY;
}

bool value_is_ditto(const char *text)
{
    static const char *const marks[] = {"同上", "同前", "同左", "〃", "″",    "′′",
                                        "\"",   "''",   "”",    "“",  "ditto"};
    char clean[DITTO_BYTES];
    if (value_clean(text, clean, sizeof(clean)) != VALUE_GOOD) {
        return false;
    }
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        if (strcasecmp(clean, marks[i]) == 0) {
            return true;
        }
    }
    return false;
}
