/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A table gone through row by row, in the order of its keys. No state; one thread.
 */
#ifndef ENGINE_SRC_VERIFY_CURSOR_H
#define ENGINE_SRC_VERIFY_CURSOR_H

#include "ledger/views.h"
#include "store/key.h"

/* Key and value live until the next step. */
struct verify_cursor {
    struct views views;
    enum ledger_table table;
    bool has_row;
    struct bytes key;
    struct bytes value;
};

static inline void verify_cursor_seek(struct verify_cursor *cursor, struct bytes key)
{
    cursor->has_row =
        views_seek_ge(cursor->views, cursor->table, key, 0, &cursor->key, &cursor->value);
}

static inline struct verify_cursor verify_cursor_first(struct views views, enum ledger_table table)
{
    struct verify_cursor cursor = {.views = views, .table = table};
    verify_cursor_seek(&cursor, (struct bytes){NULL, 0});
    return cursor;
}

static inline void verify_cursor_next(struct verify_cursor *cursor)
{
    struct key_buffer buffer;
    struct bytes after;
    if (key_after(cursor->key, &buffer, &after)) {
        verify_cursor_seek(cursor, after);
    } else {
        cursor->has_row = false;
    }
}

#endif
