/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Pinyin is read as a walk: after each syllable, the set of places where the next may begin, one
 * bit a letter. Pure; safe from any thread.
 */
#include "pinyin.h"

#include "code_points.h"
#include "surnames.h"
#include "tables.h"

#include <stdbool.h>
#include <string.h>

#define LETTERS_MAX      63 /* one bit each of 64, and one for the end */
#define SYLLABLE_LETTERS 6  /* zhuang */
#define SYLLABLES_MAX    16

/* One word of pinyin as bare letters, ü as v. */
struct pinyin {
    char letters[LETTERS_MAX + 1];
    size_t count;
    uint64_t boundaries; /* bit n: a space or an apostrophe stands before letter n */
    bool has_tone;
};

struct pinyin_letter {
    uint32_t code_point;
    char bare;
    bool has_tone;
};

/* The caron is the third tone; a breve is often typed for it. ɑ and ɡ are the schoolbook's. */
static const struct pinyin_letter letters[] = {
    {U'ā', 'a', true},  {U'á', 'a', true},  {U'ǎ', 'a', true}, {U'ă', 'a', true}, {U'à', 'a', true},
    {U'ɑ', 'a', false}, {U'ē', 'e', true},  {U'é', 'e', true}, {U'ě', 'e', true}, {U'ĕ', 'e', true},
    {U'è', 'e', true},  {U'ī', 'i', true},  {U'í', 'i', true}, {U'ǐ', 'i', true}, {U'ĭ', 'i', true},
    {U'ì', 'i', true},  {U'ō', 'o', true},  {U'ó', 'o', true}, {U'ǒ', 'o', true}, {U'ŏ', 'o', true},
    {U'ò', 'o', true},  {U'ū', 'u', true},  {U'ú', 'u', true}, {U'ǔ', 'u', true}, {U'ŭ', 'u', true},
    {U'ù', 'u', true},  {U'ǖ', 'v', true},  {U'ǘ', 'v', true}, {U'ǚ', 'v', true}, {U'ǜ', 'v', true},
    {U'ü', 'v', false}, {U'ɡ', 'g', false},
};

/* Every syllable: an initial and the finals it goes with. */
static const struct {
    char initial[3];
    char finals[100];
} syllables[] = {
    {"", " a o e ai ei ao ou an en ang eng er "},
    {"b", " a o ai ei ao an en ang eng i ie iao ian in ing u "},
    {"p", " a o ai ei ao ou an en ang eng i ie iao ian in ing u "},
    {"m", " a o e ai ei ao ou an en ang eng i ie iao iu ian in ing u "},
    {"f", " a o ei ou an en ang eng u "},
    {"d", " a e ai ei ao ou an en ang eng ong i ia ie iao iu ian ing u uo ui uan un "},
    {"t", " a e ai ao ou an ang eng ong i ie iao ian ing u uo ui uan un "},
    {"n", " a e ai ei ao ou an en ang eng ong i ie iao iu ian in iang ing u uo uan v ve ue "},
    {"l", " a e ai ei ao ou an ang eng ong i ia ie iao iu ian in iang ing u uo uan un v ve ue "},
    {"g", " a e ai ei ao ou an en ang eng ong u ua uo uai ui uan un uang "},
    {"k", " a e ai ao ou an en ang eng ong u ua uo uai ui uan un uang "},
    {"h", " a e ai ei ao ou an en ang eng ong u ua uo uai ui uan un uang "},
    {"j", " i ia ie iao iu ian in iang ing iong u ue uan un "},
    {"q", " i ia ie iao iu ian in iang ing iong u ue uan un "},
    {"x", " i ia ie iao iu ian in iang ing iong u ue uan un "},
    {"zh", " a e ai ei ao ou an en ang eng ong i u ua uo uai ui uan un uang "},
    {"ch", " a e ai ao ou an en ang eng ong i u ua uo uai ui uan un uang "},
    {"sh", " a e ai ei ao ou an en ang eng i u ua uo uai ui uan un uang "},
    {"r", " e ao ou an en ang eng ong i u ua uo ui uan un "},
    {"z", " a e ai ei ao ou an en ang eng ong i u uo ui uan un "},
    {"c", " a e ai ao ou an en ang eng ong i u uo ui uan un "},
    {"s", " a e ai ao ou an en ang eng ong i u uo ui uan un "},
    {"y", " a o e ai ao ou an ang ong i in ing u ue uan un "},
    {"w", " a o ai ei an en ang eng u "},
};

static bool syllable_has_final(const char *finals, const char *text, size_t length)
{
    char wanted[SYLLABLE_LETTERS + 3] = " ";
    memcpy(wanted + 1, text, length);
    wanted[length + 1] = ' ';
    return strstr(finals, wanted) != NULL;
}

static bool is_syllable(const char *text, size_t length)
{
    for (size_t i = 0; i < sizeof(syllables) / sizeof(syllables[0]); i++) {
        const size_t initial_length = strlen(syllables[i].initial);
        if (length > initial_length && memcmp(text, syllables[i].initial, initial_length) == 0 &&
            syllable_has_final(syllables[i].finals, text + initial_length,
                               length - initial_length)) {
            return true;
        }
    }
    return false;
}

/* U+0300, U+0301, U+0304, U+0306, U+030C: tone marks of their own, after their letter. */
static bool is_tone_mark(uint32_t point)
{
    return point == 0x300 || point == 0x301 || point == 0x304 || point == 0x306 || point == 0x30c;
}

static bool pinyin_add(struct pinyin *pinyin, char letter, bool has_tone)
{
    if (pinyin->count == LETTERS_MAX) {
        return false;
    }
    pinyin->letters[pinyin->count++] = letter;
    pinyin->has_tone |= has_tone;
    return true;
}

/* false: `point` is no letter of pinyin and no tone mark. */
static bool pinyin_take(struct pinyin *pinyin, uint32_t point)
{
    if (point >= 'a' && point <= 'z') {
        return pinyin_add(pinyin, (char)point, false);
    }
    if (pinyin->count > 0 && is_tone_mark(point)) {
        pinyin->has_tone = true;
        return true;
    }
    if (pinyin->count > 0 && point == 0x308 && pinyin->letters[pinyin->count - 1] == 'u') {
        pinyin->letters[pinyin->count - 1] = 'v';
        return true;
    }
    for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++) {
        if (letters[i].code_point == point) {
            return pinyin_add(pinyin, letters[i].bare, letters[i].has_tone);
        }
    }
    return false;
}

static bool begins_with_initial_of(char letter, uint32_t han)
{
    const uint32_t folded = table_fold(han);
    return letter == table_initial(folded) || letter == surname_initials(&folded, 1)[0];
}

/* Where a syllable that begins at letter `from` may end, as bits. */
static uint64_t pinyin_ends(const struct pinyin *pinyin, size_t from)
{
    uint64_t ends = 0;
    for (size_t length = 1; length <= SYLLABLE_LETTERS && from + length <= pinyin->count;
         length++) {
        if (is_syllable(&pinyin->letters[from], length)) {
            ends |= UINT64_C(1) << (from + length);
        }
        if ((pinyin->boundaries >> (from + length) & 1) != 0) {
            break;
        }
    }
    return ends;
}

/* All letters are `syllable_count` syllables; without a tone mark each begins as its character
 * does, the last of which stands at han_end[-1]. `ends` as pinyin_ends has them for each letter. */
static bool pinyin_reads(const struct pinyin *pinyin, const uint64_t *ends, const uint32_t *han_end,
                         size_t syllable_count)
{
    uint64_t places = 1;
    for (size_t i = 0; i < syllable_count && places != 0; i++) {
        const uint32_t han = *(han_end - (syllable_count - i));
        uint64_t next = 0;
        for (size_t from = 0; from < pinyin->count; from++) {
            const bool is_place = (places >> from & 1) != 0;
            if (is_place &&
                (pinyin->has_tone || begins_with_initial_of(pinyin->letters[from], han))) {
                next |= ends[from];
            }
        }
        places = next;
    }
    return (places >> pinyin->count & 1) != 0;
}

static bool pinyin_is_of(const struct pinyin *pinyin, const uint32_t *han_end, size_t han_count)
{
    uint64_t ends[LETTERS_MAX];
    for (size_t from = 0; from < pinyin->count; from++) {
        ends[from] = pinyin_ends(pinyin, from);
    }
    for (size_t syllable_count = 1; pinyin->count > 0 && syllable_count <= han_count;
         syllable_count++) {
        if (pinyin_reads(pinyin, ends, han_end, syllable_count)) {
            return true;
        }
    }
    return false;
}

static size_t pinyin_in_brackets(const uint32_t *text, size_t count, const uint32_t *han_end,
                                 size_t han_count)
{
    struct pinyin pinyin = {.count = 0};
    size_t at = 1;
    for (; at < count && text[at] != ')'; at++) {
        if (text[at] == ' ' || text[at] == '\'' || text[at] == U'’') {
            pinyin.boundaries |= UINT64_C(1) << pinyin.count;
        } else if (!pinyin_take(&pinyin, text[at])) {
            return 0;
        }
    }
    const bool is_closed = at < count;
    return is_closed && pinyin_is_of(&pinyin, han_end, han_count) ? at + 1 : 0;
}

/* What follows a word of pinyin may not be a letter, which would make it another word. */
static bool is_letter(uint32_t point)
{
    return (point >= 'A' && point <= 'Z') || (point >= 0xc0 && point < 0x370);
}

static size_t pinyin_bare(const uint32_t *text, size_t count, const uint32_t *han_end,
                          size_t han_count)
{
    struct pinyin pinyin = {.count = 0};
    size_t at = 0;
    while (at < count && pinyin_take(&pinyin, text[at])) {
        at++;
    }
    if (!pinyin.has_tone || (at < count && is_letter(text[at])) ||
        !pinyin_is_of(&pinyin, han_end, han_count)) {
        return 0;
    }
    return at;
}

/* How many Han characters follow each other at the end, as far as pinyin is looked for. */
static size_t han_at_end(const uint32_t *before, size_t count)
{
    size_t han = 0;
    while (han < count && han < SYLLABLES_MAX && code_point_is_han(before[count - 1 - han])) {
        han++;
    }
    return han;
}

size_t pinyin_inserted(const uint32_t *text, size_t count, const uint32_t *before,
                       size_t before_count)
{
    const size_t han_count = count > 0 ? han_at_end(before, before_count) : 0;
    if (han_count == 0) {
        return 0;
    }
    const uint32_t *han_end = before + before_count;
    return text[0] == '(' ? pinyin_in_brackets(text, count, han_end, han_count)
                          : pinyin_bare(text, count, han_end, han_count);
}
