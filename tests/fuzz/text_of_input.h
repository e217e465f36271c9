/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The bytes of an input as a text with its NUL. Pure.
 */
#ifndef TEXT_OF_INPUT_H
#define TEXT_OF_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define INPUT_BYTES_MAX 8192

/* false: too long to be of use. */
static inline bool text_of_input(const uint8_t *data, size_t size, char text[INPUT_BYTES_MAX + 1])
{
    if (size > INPUT_BYTES_MAX) {
        return false;
    }
    if (size > 0) {
        memcpy(text, data, size);
    }
    text[size] = '\0';
    return true;
}

#endif
