/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What a group changes, as bytes: one change after the other, the same in the journal and in a
 * shared log. Their layout is in docs/storage-format.md. Pure; any thread.
 */
#ifndef STORE_CHANGE_H
#define STORE_CHANGE_H

#include "base/wire.h"
#include "ledger/views.h"

#include <stdbool.h>

#define STORE_CHANGE_HEAD_BYTES 6 /* what one takes besides its key and value */

struct store_change {
    enum ledger_table table;
    bool is_deleted; /* then the value is empty */
    struct bytes key;
    struct bytes value;
};

/* Sizes are those that the port takes (store/store.h). */
void store_change_put(struct wire_writer *writer, const struct store_change *change);
/* The next one, whose key and value lie in the reader's bytes. false: the bytes are no change. */
LB_MUST_CHECK bool store_change_next(struct wire_reader *reader, struct store_change *change);

#endif
