/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Base64 (RFC 4648): written in the standard alphabet with padding; read in that or the URL's, with
 * padding or without. Not MIME's: no line breaks. Pure.
 */
#ifndef JSON_BASE64_H
#define JSON_BASE64_H

#include "base/bytes.h"
#include "lovebank/result.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The length of so many bytes in base64. */
static inline size_t base64_text_size(size_t size)
{
    return (size + 2) / 3 * 4;
}

/* Writes base64_text_size(from.size) characters. */
void base64_encode(struct bytes from, uint8_t *text);

/* Writes *size bytes, never more than three quarters of the text's. false: not base64, or there are
 * bits left over at its end, as when it was cut. */
LB_MUST_CHECK bool base64_decode(struct bytes text, uint8_t *data, size_t *size);

#endif
