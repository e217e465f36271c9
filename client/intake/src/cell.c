/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Cells, character by character. Pure; safe from any thread.
 */
#include "cell.h"

#include "base/utf8.h"

bool cell_is_text(struct bytes cell)
{
    uint32_t code_point = 0;
    while (utf8_next(&cell, &code_point)) {
        bool is_control = code_point < 0x20 || (code_point >= 0x7f && code_point < 0xa0);
        if ((is_control && code_point != '\t' && code_point != '\n') || code_point == 0xfffd) {
            return false;
        }
    }
    return cell.size == 0;
}

bool cell_is_blank(struct bytes cell)
{
    uint32_t code_point = 0;
    while (utf8_next(&cell, &code_point)) {
        bool is_space = code_point == ' ' || code_point == '\t' || code_point == '\n' ||
                        code_point == 0xa0 || code_point == 0x3000;
        bool is_invisible = code_point == 0x200b || code_point == 0xfeff;
        if (!is_space && !is_invisible) {
            return false;
        }
    }
    return cell.size == 0;
}

struct bytes cell_unwrap_formula(struct bytes cell)
{
    bool is_wrapped = cell.size >= 3 && cell.data[0] == '=' && cell.data[1] == '"' &&
                      memchr(cell.data + 2, '"', cell.size - 2) == cell.data + cell.size - 1;
    return is_wrapped ? bytes_of(cell.data + 2, cell.size - 3) : cell;
}
