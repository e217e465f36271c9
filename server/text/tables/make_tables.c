/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Writes the tables of server/text as C source. A program of the build, not of the product: it is
 * the only user of ICU. The same ICU gives the same bytes. One thread.
 *
 * usage: make_text_tables FILE
 */
#include "tables.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/uclean.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

#define CODE_POINT_LAST 0x10ffff
#define UNITS_MAX       64
#define FOLD_STEPS_MAX  4

struct generator {
    FILE *out;
    const UNormalizer2 *nfkc;
    const UNormalizer2 *nfd;
    UTransliterator *simplify;
    UTransliterator *pinyin;
};

/* Characters that ICU simplifies although in names they stand for themselves, as the table of
 * standard characters of 2013 (通用规范汉字表) has it: 乾 (qián) is not 干, 於 (Yū) not 于. */
static const UChar32 keeps_its_form[] = {
    0x4e7e, /* 乾, ICU 干 */
    0x4ff1, /* 俱, ICU 具 */
    0x5412, /* 吒, ICU 咤 */
    0x5fb5, /* 徵, ICU 征 */
    0x65bc, /* 於, ICU 于 */
    0x6607, /* 昇, ICU 升 */
    0x6c3e, /* 氾, ICU 泛 */
    0x7955, /* 祕, ICU 秘 */
    0x83d3, /* 菓, ICU 果 */
    0x965e, /* 陞, ICU 升 */
};

/* Characters whose usual reading in names and places is not the one ICU gives first. */
static const struct {
    UChar32 han;
    char initial;
} readings[] = {
    {0x53a6, 'x'}, /* 厦 xià, ICU shà */
    {0x665f, 's'}, /* 晟 shèng, ICU chéng */
    {0x91cd, 'c'}, /* 重 chóng, ICU zhòng */
    {0x957f, 'c'}, /* 长 cháng, ICU zhǎng */
};

static void check(UErrorCode code, const char *what)
{
    if (U_FAILURE(code)) {
        fprintf(stderr, "make_text_tables: %s: %s\n", what, u_errorName(code));
        exit(EXIT_FAILURE);
    }
}

static UTransliterator *open_transliterator(const char *id)
{
    UChar name[UNITS_MAX];
    UErrorCode code = U_ZERO_ERROR;
    u_uastrcpy(name, id);
    UTransliterator *opened = utrans_openU(name, -1, UTRANS_FORWARD, NULL, 0, NULL, &code);
    check(code, id);
    return opened;
}

static bool is_scalar(UChar32 code_point)
{
    return code_point < 0xd800 || code_point > 0xdfff;
}

/* How many code points a text has; they are in `points`. */
static size_t code_points_of(const UChar *units, int32_t length, UChar32 *points)
{
    UErrorCode code = U_ZERO_ERROR;
    int32_t count = 0;
    u_strToUTF32(points, UNITS_MAX, &count, units, length, &code);
    check(code, "UTF-16");
    return (size_t)count;
}

/* One code point through a transliterator: the first of what comes out. *is_one: it is all. */
static UChar32 transliterate(UTransliterator *with, UChar32 code_point, bool *is_one)
{
    UChar units[UNITS_MAX];
    UChar32 points[UNITS_MAX];
    int32_t length = 0;
    UErrorCode code = U_ZERO_ERROR;
    U16_APPEND_UNSAFE(units, length, code_point);
    int32_t limit = length;
    utrans_transUChars(with, units, &length, UNITS_MAX, 0, &limit, &code);
    check(code, "transliteration");
    const size_t count = code_points_of(units, length, points);
    *is_one = count == 1;
    return count > 0 ? points[0] : code_point;
}

/* -- compatibility forms ---------------------------------------------------------------------- */

/* Raised, lowered, a fraction: as plain digits it would run into its neighbours, and 5² is not 52,
 * 2½ not 21⁄2. */
static bool is_off_line(UChar32 code_point)
{
    const int32_t type = u_getIntPropertyValue(code_point, UCHAR_DECOMPOSITION_TYPE);
    return type == U_DT_SUPER || type == U_DT_SUB || type == U_DT_FRACTION;
}

/* The code points that NFKC makes of one; 0: it stays, or its form is not for us. An accent that
 * stands alone stays so, rather than become a space and a combining mark; and what would be as long
 * as a sentence (the Arabic blessings) stays too. */
static size_t compat_of(const struct generator *generator, UChar32 code_point, UChar32 *points)
{
    UChar from[U16_MAX_LENGTH];
    UChar to[UNITS_MAX];
    int32_t from_length = 0;
    UErrorCode code = U_ZERO_ERROR;
    U16_APPEND_UNSAFE(from, from_length, code_point);
    const int32_t length =
        unorm2_normalize(generator->nfkc, from, from_length, to, UNITS_MAX, &code);
    check(code, "NFKC");
    if (length == from_length && u_memcmp(from, to, length) == 0) {
        return 0;
    }
    const size_t count = code_points_of(to, length, points);
    const bool is_accent = count > 1 && points[0] == ' ';
    const bool is_long = count > TEXT_COMPAT_GROWTH * (size_t)U8_LENGTH((uint32_t)code_point);
    return is_accent || is_long || is_off_line(code_point) ? 0 : count;
}

static void write_compat(const struct generator *generator)
{
    UChar32 points[UNITS_MAX];
    size_t rows = 0;
    size_t pooled = 0;
    fprintf(generator->out, "const struct text_compat_row text_compat_rows[] = {\n");
    for (UChar32 from = 0; from <= CODE_POINT_LAST; from++) {
        const size_t count = is_scalar(from) ? compat_of(generator, from, points) : 0;
        if (count > 0) {
            fprintf(generator->out, "{0x%x, %zu, %zu},\n", (unsigned)from, pooled, count);
            rows++;
            pooled += count;
        }
    }
    if (pooled > UINT16_MAX) {
        fprintf(stderr, "make_text_tables: more compatibility forms than a row can point to\n");
        exit(EXIT_FAILURE);
    }
    fprintf(generator->out, "};\nconst size_t text_compat_row_count = %zu;\n", rows);
    fprintf(generator->out, "const uint32_t text_compat_pool[] = {\n");
    for (UChar32 from = 0; from <= CODE_POINT_LAST; from++) {
        const size_t count = is_scalar(from) ? compat_of(generator, from, points) : 0;
        for (size_t i = 0; i < count; i++) {
            fprintf(generator->out, "0x%x,%c", (unsigned)points[i], i + 1 < count ? ' ' : '\n');
        }
    }
    fprintf(generator->out, "};\n");
}

/* -- folding ---------------------------------------------------------------------------------- */

static bool keeps_form(UChar32 code_point)
{
    for (size_t i = 0; i < sizeof(keeps_its_form) / sizeof(keeps_its_form[0]); i++) {
        if (keeps_its_form[i] == code_point) {
            return true;
        }
    }
    return false;
}

static UChar32 fold_step(const struct generator *generator, UChar32 code_point)
{
    if (!u_hasBinaryProperty(code_point, UCHAR_IDEOGRAPHIC)) {
        return u_tolower(code_point);
    }
    bool is_one = false;
    const UChar32 simple = transliterate(generator->simplify, code_point, &is_one);
    return is_one && !keeps_form(code_point) ? simple : code_point;
}

/* To the end, so that folding twice changes nothing more. ICU has one pair that becomes each other
 * (苎 and 苧), of which the lower stays. */
static UChar32 fold_of(const struct generator *generator, UChar32 code_point)
{
    for (int step = 0; step < FOLD_STEPS_MAX; step++) {
        const UChar32 next = fold_step(generator, code_point);
        if (next == code_point) {
            return code_point;
        }
        if (fold_step(generator, next) == code_point) {
            return next < code_point ? next : code_point;
        }
        code_point = next;
    }
    fprintf(stderr, "make_text_tables: U+%04X folds without end\n", (unsigned)code_point);
    exit(EXIT_FAILURE);
}

static void write_fold(const struct generator *generator)
{
    size_t rows = 0;
    fprintf(generator->out, "const struct text_fold_row text_fold_rows[] = {\n");
    for (UChar32 from = 0; from <= CODE_POINT_LAST; from++) {
        const UChar32 to = is_scalar(from) ? fold_of(generator, from) : from;
        if (to != from) {
            fprintf(generator->out, "{0x%x, 0x%x},\n", (unsigned)from, (unsigned)to);
            rows++;
        }
    }
    fprintf(generator->out, "};\nconst size_t text_fold_row_count = %zu;\n", rows);
}

/* -- initials --------------------------------------------------------------------------------- */

/* The letter without its tone mark. */
static UChar32 bare_letter(const struct generator *generator, UChar32 letter)
{
    UChar units[UNITS_MAX];
    UErrorCode code = U_ZERO_ERROR;
    const int32_t length = unorm2_getDecomposition(generator->nfd, letter, units, UNITS_MAX, &code);
    check(code, "decomposition");
    return length > 0 ? units[0] : letter;
}

static char initial_of(const struct generator *generator, UChar32 han)
{
    for (size_t i = 0; i < sizeof(readings) / sizeof(readings[0]); i++) {
        if (readings[i].han == han) {
            return readings[i].initial;
        }
    }
    if (!u_hasBinaryProperty(han, UCHAR_IDEOGRAPHIC)) {
        return 0;
    }
    bool is_one = false;
    const UChar32 letter = bare_letter(generator, transliterate(generator->pinyin, han, &is_one));
    return letter >= 'a' && letter <= 'z' ? (char)letter : 0;
}

static void write_initials(const struct generator *generator, const char *name, UChar32 first,
                           UChar32 last)
{
    fprintf(generator->out, "const char %s[] = {\n", name);
    for (UChar32 han = first; han <= last; han++) {
        fprintf(generator->out, "%d,%c", initial_of(generator, han),
                (han - first) % 32 == 31 ? '\n' : ' ');
    }
    fprintf(generator->out, "};\n");
}

static void write_tables(const char *path)
{
    UErrorCode code = U_ZERO_ERROR;
    struct generator generator = {
        .out = fopen(path, "w"),
        .nfkc = unorm2_getNFKCInstance(&code),
        .nfd = unorm2_getNFDInstance(&code),
        .simplify = open_transliterator("Traditional-Simplified"),
        .pinyin = open_transliterator("Han-Latin"),
    };
    check(code, "normalisation");
    if (generator.out == NULL) {
        perror(path);
        exit(EXIT_FAILURE);
    }
    fprintf(generator.out,
            "/* Made by server/text/tables/make_tables.c from ICU %s. */\n"
            "#include \"tables.h\"\n",
            U_ICU_VERSION);
    write_compat(&generator);
    write_fold(&generator);
    write_initials(&generator, "text_han_initials", TEXT_HAN_FIRST, TEXT_HAN_LAST);
    write_initials(&generator, "text_han_beyond_initials", TEXT_HAN_BEYOND_FIRST,
                   TEXT_HAN_BEYOND_LAST);
    const bool is_bad = ferror(generator.out) != 0;
    if (fclose(generator.out) != 0 || is_bad) {
        perror(path);
        exit(EXIT_FAILURE);
    }
    utrans_close(generator.pinyin);
    utrans_close(generator.simplify);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: make_text_tables FILE\n");
        return EXIT_FAILURE;
    }
    write_tables(argv[1]);
    u_cleanup();
    return EXIT_SUCCESS;
}
