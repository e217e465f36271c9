/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/* Neighbours of a key of at most LEDGER_KEY_BYTES_MAX bytes. Pure; safe from any thread. */
#include "store/key.h"

#include "base/assert.h"

#include <string.h>

static void key_copy(struct bytes key, struct key_buffer *buffer)
{
    LB_ASSERT(key.size <= LEDGER_KEY_BYTES_MAX);
    if (key.size > 0) {
        memmove(buffer->data, key.data, key.size);
    }
}

bool key_after(struct bytes key, struct key_buffer *buffer, struct bytes *after)
{
    key_copy(key, buffer);
    size_t size = key.size;
    if (size < LEDGER_KEY_BYTES_MAX) {
        buffer->data[size] = 0;
        *after = bytes_of(buffer->data, size + 1);
        return true;
    }
    /* No longer key exists: the next one differs in the last byte that can be raised. */
    while (size > 0 && buffer->data[size - 1] == UINT8_MAX) {
        size--;
    }
    if (size == 0) {
        return false;
    }
    buffer->data[size - 1]++;
    *after = bytes_of(buffer->data, size);
    return true;
}

bool key_before(struct bytes key, struct key_buffer *buffer, struct bytes *before)
{
    if (key.size == 0) {
        return false;
    }
    key_copy(key, buffer);
    size_t size = key.size;
    if (buffer->data[size - 1] == 0) {
        *before = bytes_of(buffer->data, size - 1);
        return true;
    }
    buffer->data[size - 1]--;
    memset(buffer->data + size, UINT8_MAX, LEDGER_KEY_BYTES_MAX - size);
    *before = bytes_of(buffer->data, LEDGER_KEY_BYTES_MAX);
    return true;
}
