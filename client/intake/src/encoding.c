/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Encodings by iconv, which stops at the first byte it cannot read: here it goes on behind it, and
 * the line with that byte alone is bad. One thread.
 */
#include "encoding.h"

#include "lines.h"

#include "base/assert.h"
#include "base/utf8.h"

#include <errno.h>
#include <iconv.h>
#include <stdint.h>
#include <strings.h>

/* No encoding here makes more of a byte: a bad one becomes U+FFFD, 0x80 the euro sign. */
#define ENCODING_GROWTH 3

static const struct bytes encoding_utf8_mark = {(const uint8_t *)"\xef\xbb\xbf", 3};

static const struct encoding_mark {
    struct bytes bytes;
    enum rows_encoding encoding;
    const char *charset; /* iconv's name; NULL: none is needed */
} encoding_marks[] = {
    {{(const uint8_t *)"\xef\xbb\xbf", 3}, ROWS_UTF8_MARK, NULL},
    {{(const uint8_t *)"\xff\xfe", 2}, ROWS_UTF16, "UTF-16LE"},
    {{(const uint8_t *)"\xfe\xff", 2}, ROWS_UTF16, "UTF-16BE"},
    {{(const uint8_t *)"\x84\x31\x95\x33", 4}, ROWS_GB18030, "GB18030"},
};

/* What files with a wrong name in truth are. */
static const struct bytes encoding_no_text[] = {
    BYTES_LITERAL("PK\x03\x04"),                       /* .xlsx, .ods, .zip */
    BYTES_LITERAL("PK\x05\x06"),                       /* an empty one */
    BYTES_LITERAL("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), /* .xls */
    BYTES_LITERAL("%PDF-"),
    BYTES_LITERAL("{\\rtf"),
    BYTES_LITERAL("\x1f\x8b"), /* gzip */
    BYTES_LITERAL("Rar!"),
    BYTES_LITERAL("7z\xbc\xaf\x27\x1c"),
};

/* Web pages and XML that a system calls an Excel file, by their first element. */
static const char *const encoding_elements[] = {"<!doctype", "<html",  "<?xml", "<table", "<head",
                                                "<meta",     "<style", "<body", "<!--"};

static bool encoding_is_no_text(struct bytes file)
{
    for (size_t i = 0; i < sizeof(encoding_no_text) / sizeof(encoding_no_text[0]); i++) {
        if (bytes_has_prefix(file, encoding_no_text[i])) {
            return true;
        }
    }
    return false;
}

static bool encoding_is_web_page(struct bytes text)
{
    while (text.size > 0 && strchr(" \t\r\n", text.data[0]) != NULL) {
        text = bytes_of(text.data + 1, text.size - 1);
    }
    for (size_t i = 0; i < sizeof(encoding_elements) / sizeof(encoding_elements[0]); i++) {
        size_t size = strlen(encoding_elements[i]);
        if (text.size >= size &&
            strncasecmp((const char *)text.data, encoding_elements[i], size) == 0) {
            return true;
        }
    }
    return false;
}

/* How many bytes at the front are well-formed UTF-8. */
static size_t encoding_utf8_bytes(struct bytes in)
{
    struct bytes left = in;
    while (left.size > 0) {
        uint32_t code_point = 0;
        if (left.data[0] < 0x80) {
            left = bytes_of(left.data + 1, left.size - 1);
        } else if (!utf8_next(&left, &code_point)) {
            break;
        }
    }
    return in.size - left.size;
}

static struct bytes encoding_from_utf8(struct bytes in, uint8_t *out)
{
    size_t size = 0;
    while (in.size > 0) {
        size_t good = encoding_utf8_bytes(in);
        memcpy(out + size, in.data, good);
        size += good;
        if (good < in.size) {
            memcpy(out + size, ENCODING_REPLACEMENT, 3);
            size += 3;
            good++;
        }
        in = bytes_of(in.data + good, in.size - good);
    }
    return bytes_of(out, size);
}

/* What stands for bytes iconv cannot read. Windows' GBK has the euro sign at 0x80. */
static const char *encoding_replacement(const char *charset, char byte)
{
    bool is_euro = strcmp(charset, "GB18030") == 0 && (unsigned char)byte == 0x80;
    return is_euro ? "\xe2\x82\xac" : ENCODING_REPLACEMENT;
}

/* `out` has room for ENCODING_GROWTH times the size of `in`. */
static enum lb_result encoding_from_charset(const char *charset, struct bytes in, uint8_t *out,
                                            struct bytes *text)
{
    iconv_t converter = iconv_open("UTF-8", charset);
    /* NOLINTNEXTLINE(performance-no-int-to-ptr): that is how POSIX says it */
    if (converter == (iconv_t)-1) {
        return errno == ENOMEM ? LB_MEMORY : LB_INTERNAL;
    }
    size_t unit = strncmp(charset, "UTF-16", 6) == 0 ? 2 : 1;
    char *from = (char *)(uintptr_t)in.data; /* iconv only reads it, whatever its prototype says */
    char *to = (char *)out;
    size_t from_left = in.size;
    size_t to_left = in.size * ENCODING_GROWTH;
    while (from_left > 0 && iconv(converter, &from, &from_left, &to, &to_left) == (size_t)-1) {
        LB_ASSERT(errno != E2BIG && to_left >= 3);
        memcpy(to, encoding_replacement(charset, *from), 3);
        to += 3;
        to_left -= 3;
        size_t skipped = from_left < unit ? from_left : unit;
        from += skipped;
        from_left -= skipped;
    }
    (void)iconv_close(converter);
    *text = bytes_of(out, (size_t)(to - (char *)out));
    return LB_OK;
}

static enum lb_result encoding_convert(struct arena *arena, const char *charset, struct bytes in,
                                       struct bytes *text)
{
    *text = bytes_of(NULL, 0);
    if (in.size == 0) {
        return LB_OK;
    }
    if (in.size > SIZE_MAX / ENCODING_GROWTH) {
        return LB_MEMORY;
    }
    bool is_copy = charset == NULL && encoding_utf8_bytes(in) == in.size;
    uint8_t *out = arena_take(arena, is_copy ? in.size : in.size * ENCODING_GROWTH);
    if (out == NULL) {
        return LB_MEMORY;
    }
    if (charset == NULL) {
        *text = encoding_from_utf8(in, out);
        return LB_OK;
    }
    return encoding_from_charset(charset, in, out, text);
}

static size_t encoding_count_bad_lines(struct bytes text)
{
    size_t count = 0;
    struct bytes line;
    while (line_next(&text, &line)) {
        count += memmem(line.data, line.size, ENCODING_REPLACEMENT, 3) != NULL;
    }
    return count;
}

static size_t encoding_count_lines_beyond_ascii(struct bytes text)
{
    size_t count = 0;
    struct bytes line;
    while (line_next(&text, &line)) {
        size_t i = 0;
        while (i < line.size && line.data[i] < 0x80) {
            i++;
        }
        count += i < line.size;
    }
    return count;
}

/* Without a mark: UTF-8 or GB18030. */
static enum lb_result encoding_detect(struct arena *arena, struct bytes in, struct bytes *text,
                                      enum rows_encoding *encoding)
{
    *encoding = ROWS_UTF8;
    enum lb_result result = encoding_convert(arena, NULL, in, text);
    if (result != LB_OK || encoding_utf8_bytes(in) == in.size) {
        return result;
    }
    size_t bad_lines = encoding_count_bad_lines(*text);
    if (bad_lines < encoding_count_lines_beyond_ascii(*text) - bad_lines) {
        return LB_OK;
    }
    struct bytes other;
    result = encoding_convert(arena, "GB18030", in, &other);
    if (result == LB_OK && encoding_count_bad_lines(other) < bad_lines) {
        *encoding = ROWS_GB18030;
        *text = other;
    }
    return result;
}

static const char *encoding_charset(enum rows_encoding encoding)
{
    switch (encoding) {
    case ROWS_DETECT:
    case ROWS_UTF8:
    case ROWS_UTF8_MARK:
        return NULL;
    case ROWS_GB18030:
        return "GB18030";
    case ROWS_UTF16:
        return "UTF-16LE"; /* Windows' order, when there is no mark to tell */
    }
    return NULL;
}

/* The mark of the file, if it is one of the wanted encoding. */
static const struct encoding_mark *encoding_find_mark(struct bytes file, enum rows_encoding wanted)
{
    for (size_t i = 0; i < sizeof(encoding_marks) / sizeof(encoding_marks[0]); i++) {
        const struct encoding_mark *mark = &encoding_marks[i];
        bool is_wanted = wanted == ROWS_DETECT || wanted == mark->encoding ||
                         (wanted == ROWS_UTF8 && mark->encoding == ROWS_UTF8_MARK);
        if (is_wanted && bytes_has_prefix(file, mark->bytes)) {
            return mark;
        }
    }
    return NULL;
}

/* Programs that put files together leave marks behind marks; DOS ended a file with Ctrl-Z. */
static struct bytes encoding_trim(struct bytes text)
{
    while (bytes_has_prefix(text, encoding_utf8_mark)) {
        text = bytes_of(text.data + encoding_utf8_mark.size, text.size - encoding_utf8_mark.size);
    }
    if (text.size > 0 && text.data[text.size - 1] == 0x1a) {
        text.size--;
    }
    return text;
}

enum lb_result encoding_decode(struct arena *arena, struct bytes file, enum rows_encoding wanted,
                               struct bytes *text, enum rows_encoding *encoding)
{
    const struct encoding_mark *mark = encoding_find_mark(file, wanted);
    const char *charset = encoding_charset(wanted);
    *encoding = wanted == ROWS_UTF8_MARK ? ROWS_UTF8 : wanted;
    if (mark != NULL) {
        charset = mark->charset;
        *encoding = mark->encoding;
        file = bytes_of(file.data + mark->bytes.size, file.size - mark->bytes.size);
    }
    bool has_nul = file.size > 0 && memchr(file.data, '\0', file.size) != NULL;
    if (encoding_is_no_text(file) || (has_nul && *encoding != ROWS_UTF16)) {
        return LB_TEXT_INVALID;
    }
    enum lb_result result = *encoding == ROWS_DETECT ? encoding_detect(arena, file, text, encoding)
                                                     : encoding_convert(arena, charset, file, text);
    if (result != LB_OK) {
        return result;
    }
    *text = encoding_trim(*text);
    return encoding_is_web_page(*text) ? LB_TEXT_INVALID : LB_OK;
}
