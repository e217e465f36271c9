/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * A snapshot of a store as views that are never written: for queries and for verify. Cheaper than
 * an overlay, as nothing is allocated. One thread at a time.
 */
#ifndef ENGINE_SRC_SNAPSHOT_VIEWS_H
#define ENGINE_SRC_SNAPSHOT_VIEWS_H

#include "ledger/views.h"
#include "store/store.h"

struct snapshot_views {
    const struct store_ops *ops;
    struct store_snapshot *snapshot;
    enum lb_result fault;
    /* The reading that met the fault, for verify to name. */
    enum ledger_table fault_table;
    uint8_t fault_key[LEDGER_KEY_BYTES_MAX];
    size_t fault_key_bytes;
};

/* Opens a snapshot. What is read lives until it is closed. */
LB_MUST_CHECK enum lb_result snapshot_views_open(struct snapshot_views *views, struct store *store);
void snapshot_views_close(struct snapshot_views *views);
/* Valid while `views` is, and open. */
struct views snapshot_views_port(struct snapshot_views *views);

#endif
