/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The list, after 现代汉语词典. Only surnames whose first letter differs; where two readings are
 * in use (覃 Qín and Tán, 乐 Yuè and Lè) the one more people bear. Pure; safe from any thread.
 */
#include "surnames.h"

#define SURNAME_CHARACTERS_MAX 2

struct surname {
    uint32_t characters[SURNAME_CHARACTERS_MAX];
    char initials[SURNAME_CHARACTERS_MAX + 1];
};

/* Longer ones first: 尉迟 before 尉, if that ever stands here. */
static const struct surname surnames[] = {
    {{U'尉', U'迟'}, "yc"}, /* Yùchí */
    {{U'万', U'俟'}, "mq"}, /* Mòqí */
    {{U'长', U'孙'}, "zs"}, /* Zhǎngsūn */
    {{U'澹', U'台'}, "tt"}, /* Tántái */
    {{U'单'}, "s"},         /* Shàn */
    {{U'曾'}, "z"},         /* Zēng */
    {{U'解'}, "x"},         /* Xiè */
    {{U'仇'}, "q"},         /* Qiú */
    {{U'查'}, "z"},         /* Zhā */
    {{U'区'}, "o"},         /* Ōu */
    {{U'翟'}, "z"},         /* Zhái */
    {{U'覃'}, "q"},         /* Qín */
    {{U'阚'}, "k"},         /* Kàn */
    {{U'乐'}, "y"},         /* Yuè */
    {{U'么'}, "y"},         /* Yāo */
    {{U'乜'}, "n"},         /* Niè */
    {{U'佴'}, "n"},         /* Nài */
    {{U'召'}, "s"},         /* Shào */
    {{U'折'}, "s"},         /* Shé */
    {{U'种'}, "c"},         /* Chóng */
    {{U'秘'}, "b"},         /* Bì */
    {{U'祭'}, "z"},         /* Zhài */
    {{U'繁'}, "p"},         /* Pó */
    {{U'郇'}, "x"},         /* Xún */
};

const char *surname_initials(const uint32_t *name, size_t count)
{
    for (size_t i = 0; i < sizeof(surnames) / sizeof(surnames[0]); i++) {
        const uint32_t *characters = surnames[i].characters;
        const size_t length = characters[1] == 0 ? 1 : 2;
        if (count >= length && name[0] == characters[0] &&
            (length == 1 || name[1] == characters[1])) {
            return surnames[i].initials;
        }
    }
    return "";
}
