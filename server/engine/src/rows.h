/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The engine's own rows: keys of entries and of people rows, the head record. Pure.
 *
 * The head record is the row "head" of META, written by every group that made entries:
 * format u32, entries u64, recorded_ms i64 of the newest, then the tree's frontier as
 * merkle_frontier_pack writes it; hashing runs behind, so that it may be that of fewer entries. No
 * row: an empty book. See docs/storage-format.md.
 */
#ifndef ENGINE_SRC_ROWS_H
#define ENGINE_SRC_ROWS_H

#include "base/bytes.h"
#include "base/id.h"
#include "ledger/merkle.h"
#include "ledger/views.h"
#include "lovebank/result.h"

#include <stdbool.h>
#include <stdint.h>

#define ROWS_FORMAT         1
#define ROWS_HEAD_BYTES_MAX (4 + 8 + 8 + MERKLE_FRONTIER_BYTES_MAX)
#define ROWS_HEAD_KEY       BYTES_LITERAL("head")

/* A number as a key: 8 bytes, big-endian. */
struct rows_key {
    uint8_t data[8];
};

struct rows_key rows_key_of(uint64_t number);
static inline struct bytes rows_key_bytes(const struct rows_key *key)
{
    return bytes_of(key->data, sizeof(key->data));
}
/* false: not 8 bytes. Also for the value of a REQUEST row. */
LB_MUST_CHECK bool rows_number(struct bytes key, uint64_t *number);

/* 0: no entry was made under that id. A row that is none counts as a fault: UINT64_MAX. */
uint64_t rows_find_request(struct views views, const struct id *id);

/* Invariant: frontier.size <= entries. */
struct rows_head {
    uint64_t entries;
    int64_t recorded_ms; /* of the newest entry; 0 in an empty book */
    struct merkle_frontier frontier;
};

size_t rows_head_pack(uint64_t entries, int64_t recorded_ms, const struct merkle_frontier *frontier,
                      uint8_t out[ROWS_HEAD_BYTES_MAX]);
/* LB_OK, FORMAT_NEWER, STORAGE_CORRUPT. */
LB_MUST_CHECK enum lb_result rows_head_unpack(struct bytes value, struct rows_head *head);
/* The head of a book; of an empty one when there is no row. As above, and the views' fault. */
LB_MUST_CHECK enum lb_result rows_head_read(struct views views, struct rows_head *head);

#endif
