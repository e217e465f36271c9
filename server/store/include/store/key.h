/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Neighbours of a key. Keys have a greatest length, so each key has a next and a previous key in
 * memcmp order; tables are gone through with them. Pure; safe from any thread.
 */
#ifndef STORE_KEY_H
#define STORE_KEY_H

#include "base/bytes.h"
#include "ledger/views.h"
#include "lovebank/result.h"

#include <stdbool.h>
#include <stdint.h>

struct key_buffer {
    uint8_t data[LEDGER_KEY_BYTES_MAX];
};

/* The least key greater than `key`, in the buffer. false: there is none. */
LB_MUST_CHECK bool key_after(struct bytes key, struct key_buffer *buffer, struct bytes *after);
/* The greatest key less than `key`, in the buffer. false: there is none. */
LB_MUST_CHECK bool key_before(struct bytes key, struct key_buffer *buffer, struct bytes *before);

#endif
