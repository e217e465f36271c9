/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * What the journaled adapter needs of the LMDB store below it, besides the port. Threads: any.
 */
#ifndef STORE_SRC_LMDB_INNER_H
#define STORE_SRC_LMDB_INNER_H

#include "lovebank/result.h"
#include "store/store.h"

#include <stdbool.h>
#include <stdint.h>

/* The adapters' own rows; no table of the ledger. */
#define LMDB_OWN_TABLE ((enum ledger_table)0)

int lmdb_inner_directory_fd(const struct store *store);
/* false: so many bytes more would leave less than is to stay free. */
bool lmdb_inner_has_space(const struct store *store, uint64_t bytes);
/* A copy of data.mdb as of the newest commit, synced, from the beginning of the file on, while
 * commits go on. TRY_LATER: it gave way to one that needed a larger map; begin again. */
LB_MUST_CHECK enum lb_result lmdb_inner_copy(struct store *store, int fd);
/* The book's mark in LOCK of a directory of its copy. */
LB_MUST_CHECK enum lb_result lmdb_inner_mark_copy(const struct store *store, int directory_fd);

#endif
