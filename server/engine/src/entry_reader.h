/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * Earlier entries, decoded: the entry_log port of the bank over any views. One thread at a time.
 */
#ifndef ENGINE_SRC_ENTRY_READER_H
#define ENGINE_SRC_ENTRY_READER_H

#include "bank/bank.h"
#include "base/arena.h"
#include "base/bytes.h"
#include "ledger/views.h"

struct entry_reader {
    struct views views;
    struct arena *arena;   /* texts and postings of the entry given out */
    bool owns_arena;       /* reset at each reading; else its owner resets it */
    enum lb_result *fault; /* where a row that cannot be decoded is told; sticky */
    struct entry entry;    /* what was given out last */
};

/* The port; valid while the reader is. */
struct entry_log entry_reader_port(struct entry_reader *reader);
/* The entry as stored. false: no such row, or a fault of the views. */
bool entry_reader_packed(const struct entry_reader *reader, uint64_t number, struct bytes *packed);
/* As entry_log.get. */
const struct entry *entry_reader_get(struct entry_reader *reader, uint64_t number);

#endif
